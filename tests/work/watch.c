/* Watched folders: a file that is put there is imported once, whoever watches and whoever is stopped, and afterwards lies where one expects it. */
#include "test.h"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "billing/bill.h"
#include "dealing/payments.h"
#include "formats/camt_build.h"
#include "sales/hall.h"
#include "shipping/watched.h"
#include "work/watch.h"

static const atomic_bool going;
static const atomic_bool stopping = true;

struct house {
	struct hall *hall;
	struct interface payments;
	char folder[32];
};

struct setting {
	struct house *x;
	const char *path;
	enum status st;
};

static enum status set(struct conn *db, void *arg)
{
	struct setting *s = arg;
	struct problem why = problem_in(mem);
	const struct actor who = actor_command(s->x->hall->theatre.institution, S("test"));
	return s->st = watched_set(db, mem, &who, s->x->payments.id, str_of(s->path), &why);
}

static enum status install(struct conn *db, void *arg)
{
	return interface_payments_install(db, ((struct house *)arg)->hall->theatre.institution);
}

static struct house house_open(void)
{
	struct house x = { .hall = hall_open(100, 1, 4), .folder = "/tmp/parterre-watch-XXXXXX" };
	struct hall *h = x.hall;
	if (!mkdtemp(x.folder)) fail_msg("no folder");
	in_write(h->db, install, &x);
	assert_status(interface_by_code(h->db, mem, h->theatre.institution, S(PAYMENTS_CODE), &x.payments), OK);
	in_write(h->db, set, &(struct setting){ .x = &x, .path = x.folder });
	return x;
}

static void house_close(struct house *x)
{
	if (system(str_c(mem, str_format(mem, "rm -rf %s", x->folder)))) fail_msg("the folder stays");
	hall_close(x->hall);
}

static void put(struct house *x, const char *name, struct str content)
{
	FILE *f = fopen(str_c(mem, str_format(mem, "%s/%s", x->folder, name)), "wb");
	if (!f || fwrite(content.at, 1, content.len, f) != content.len || fclose(f)) fail_msg("%s is not written", name);
}

/* "a.xml b.xml": what lies in a folder, sorted, without folders. */
static struct str lies_in(struct house *x, const char *below)
{
	struct dirent **all;
	struct buf b = buf_in(mem);
	int n = scandir(str_c(mem, str_format(mem, "%s/%s", x->folder, below)), &all, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (all[i]->d_type != DT_DIR) buf_addf(&b, "%s%s", b.len ? " " : "", all[i]->d_name);
		free(all[i]);
	}
	if (n >= 0) free(all);
	return buf_str(&b);
}

static int64_t told_at;

static enum status next(struct house *x)
{
	return watch_next(x->hall->db, mem, &going, &told_at);
}

/* A bank's file that pays a new order in full. */
static struct str pays_an_order(struct house *x, const char *who)
{
	struct hall *h = x->hall;
	struct bill *bills;
	size_t count;
	struct order o = order_of(h, bought(h, h->standing, who, 1));
	assert_status(bills_of_order(h->db, mem, h->theatre.institution, o.id, &bills, &count), OK);
	const char *francs = str_c(mem, bank_amount(mem, bills[0].amount));
	struct str inside = details_of(tx_of(who, str_c(mem, qrr(francs, str_c(mem, bills[0].reference)))));
	struct str entry = str_format(mem,
		"<Ntry><NtryRef>CH4431999123000889012</NtryRef><Amt Ccy=\"CHF\">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd>" ENTRY_IS
		"<AcctSvcrRef>E%s</AcctSvcrRef>%.*s</Ntry>",
		francs, who, STR_ARG(inside));
	return message_with("054", "08", "", report_with("054", who, "", entry));
}

static int64_t settled(struct house *x)
{
	return sql_number(x->hall->db, "SELECT count(*) FROM customer_order WHERE state = 'settled'");
}

static void decide_all(struct house *x)
{
	assert_status(payments_resume(x->hall->db, x->hall->theatre.institution, 0), OK);
}

TEST(a_file_is_imported_and_lies_in_done)
{
	struct house x = house_open();
	assert_status(next(&x), NOT_FOUND);
	put(&x, "camt.xml", pays_an_order(&x, "anna"));
	assert_status(next(&x), OK);
	assert_status(next(&x), NOT_FOUND);
	decide_all(&x);
	assert_int_equal(settled(&x), 1);
	assert_str(lies_in(&x, ""), S(""));
	assert_str(lies_in(&x, "work"), S(""));
	assert_str(lies_in(&x, "done"), S("camt.xml"));
	assert_int_equal(sql_number(x.hall->db, "SELECT count(*) FROM payment_import WHERE by_name = 'watched folder'"), 1);
	house_close(&x);
}

TEST(what_cannot_be_read_lies_in_refused_with_the_reason_beside_it)
{
	struct house x = house_open();
	put(&x, "letter.xml", S("<html>no bank's file</html>"));
	assert_status(next(&x), OK);
	assert_str(lies_in(&x, "refused"), S("letter.xml letter.xml.txt"));
	assert_int_equal(sql_number(x.hall->db, "SELECT count(*) FROM payment_import"), 0);
	struct watched_view view;
	watched_look(mem, str_of(x.folder), &view);
	assert_int_equal(view.refused_count, 1);
	assert_str(view.refused[0].name, S("letter.xml"));
	assert_true(str_find(view.refused[0].why, S("n’est pas connu")) > 0); /* in the house's language */
	house_close(&x);
}

TEST(a_second_file_of_the_same_name_takes_nobodys_place)
{
	struct house x = house_open();
	put(&x, "camt.xml", pays_an_order(&x, "anna"));
	assert_status(next(&x), OK);
	decide_all(&x);
	put(&x, "camt.xml", pays_an_order(&x, "beat"));
	assert_status(next(&x), OK);
	decide_all(&x);
	assert_str(lies_in(&x, "done"), S("camt.xml camt.xml~2"));
	assert_int_equal(settled(&x), 2);
	house_close(&x);
}

TEST(what_is_unfinished_hidden_or_a_link_is_left_alone)
{
	struct house x = house_open();
	struct str file = pays_an_order(&x, "anna");
	put(&x, "camt.xml.part", file);
	put(&x, ".camt.xml", file);
	if (symlink("/etc/hostname", str_c(mem, str_format(mem, "%s/link.xml", x.folder)))) fail_msg("no link");
	assert_status(next(&x), NOT_FOUND);
	assert_str(lies_in(&x, ""), S(".camt.xml camt.xml.part link.xml"));
	house_close(&x);
}

TEST(while_an_import_goes_on_the_next_waits_in_its_folder)
{
	struct house x = house_open();
	put(&x, "1.xml", pays_an_order(&x, "anna"));
	put(&x, "2.xml", pays_an_order(&x, "beat"));
	assert_status(next(&x), OK);
	assert_status(next(&x), NOT_FOUND); /* the first is accepted, not decided */
	assert_str(lies_in(&x, ""), S("2.xml"));
	decide_all(&x);
	assert_status(next(&x), OK);
	assert_str(lies_in(&x, "refused"), S(""));
	house_close(&x);
}

TEST(a_stop_leaves_the_file_where_it_is)
{
	struct house x = house_open();
	put(&x, "camt.xml", pays_an_order(&x, "anna"));
	assert_status(watch_next(x.hall->db, mem, &stopping, &told_at), NOT_FOUND);
	assert_str(lies_in(&x, ""), S("camt.xml"));
	house_close(&x);
}

TEST(a_file_that_a_crash_left_half_way_counts_once)
{
	struct house x = house_open();
	struct str file = pays_an_order(&x, "anna");
	put(&x, "camt.xml", file);
	assert_status(next(&x), OK);
	decide_all(&x);
	/* As if the program had died after accepting and before the last move. */
	if (rename(str_c(mem, str_format(mem, "%s/done/camt.xml", x.folder)), str_c(mem, str_format(mem, "%s/work/camt.xml", x.folder))))
		fail_msg("no move");
	assert_status(next(&x), OK);
	decide_all(&x);
	assert_str(lies_in(&x, "done"), S("camt.xml"));
	assert_int_equal(sql_number(x.hall->db, "SELECT count(*) FROM allocation"), 1);
	house_close(&x);
}

TEST(only_who_has_the_lease_takes_a_file_and_a_dead_ones_lease_ends)
{
	struct house x = house_open();
	int64_t lease;
	put(&x, "camt.xml", pays_an_order(&x, "anna"));
	assert_status(watched_claim(x.hall->db, x.payments.id, &lease), OK);
	assert_status(next(&x), NOT_FOUND);
	assert_str(lies_in(&x, ""), S("camt.xml"));
	do_sql(x.hall->db, "UPDATE watched_folder SET lease_until = 5");
	assert_status(next(&x), OK);
	assert_str(lies_in(&x, "done"), S("camt.xml"));
	house_close(&x);
}

TEST(a_folder_belongs_to_one_interface_and_is_empty_at_first)
{
	struct house x = house_open();
	struct problem why = problem_in(mem);
	assert_status(watched_check_new(mem, str_of(x.folder), &why), OK);
	put(&x, "parterre.db", S("somebody needs this"));
	assert_status(watched_check_new(mem, str_of(x.folder), &why), REFUSED);
	assert_status(watched_check(mem, S("/nowhere/at/all"), &(struct problem){ .arena = mem }), REFUSED);
	assert_status(watched_check(mem, S("relative"), &(struct problem){ .arena = mem }), REFUSED);
	do_sql(x.hall->db, "INSERT INTO interface (institution, kind, code, name, is_active) VALUES ($1, 'printer', 'colora', 'Colora', $2)",
		int64(x.hall->theatre.institution), boolean(true));
	x.payments.id = sql_number(x.hall->db, "SELECT max(id) FROM interface");
	struct setting taken = { .x = &x, .path = x.folder };
	assert_status(store_write(x.hall->db, set, &taken), REFUSED);
	house_close(&x);
}

/* ---- two processes ---- */

#define FILES 6

/* Watches until nothing is left to fetch or to decide, in a process of its own. */
static pid_t watcher(struct house *x, struct str url)
{
	pid_t child = fork();
	if (child) return child;
	struct conn *db = store_conn(database_open(url));
	int64_t mine = 0;
	for (int quiet = 0; quiet < 200; quiet++) { /* a second without work */
		if (watch_next(db, mem, &going, &mine) == OK) quiet = 0;
		payments_resume(db, x->hall->theatre.institution, 0);
		usleep(5000);
	}
	_exit(0);
}

static struct str put_files(struct house *x)
{
	struct buf names = buf_in(mem);
	for (int i = 0; i < FILES; i++) {
		const char *who = str_c(mem, str_format(mem, "buyer%d", i));
		struct str file = pays_an_order(x, who);
		buf_addf(&names, "%s%s.xml", i ? " " : "", who);
		put(x, str_c(mem, str_format(mem, "%s.xml", who)), file);
	}
	return buf_str(&names);
}

TEST(two_processes_take_no_file_twice)
{
	struct house x = house_open();
	struct str names = put_files(&x), url = database_url();
	pid_t one = watcher(&x, url), two = watcher(&x, url);
	waitpid(one, NULL, 0);
	waitpid(two, NULL, 0);
	assert_str(lies_in(&x, "done"), names);
	assert_int_equal(sql_number(x.hall->db, "SELECT count(*) FROM payment_import WHERE state = 'done'"), FILES);
	assert_int_equal(sql_number(x.hall->db, "SELECT count(*) FROM import_line WHERE outcome <> 'paid'"), 0);
	assert_int_equal(settled(&x), FILES);
	house_close(&x);
}

TEST(killed_at_any_moment_each_file_counts_once)
{
	struct house x = house_open();
	struct str names = put_files(&x), url = database_url();
	for (int i = 0; i < 12; i++) {
		pid_t child = watcher(&x, url);
		usleep((useconds_t)(3000 + i * 4000));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		do_sql(x.hall->db, "UPDATE watched_folder SET lease_until = 5 WHERE lease_until > 0");
		do_sql(x.hall->db, "UPDATE payment_import SET lease_until = 5 WHERE state = 'staging'");
	}
	waitpid(watcher(&x, url), NULL, 0);
	assert_str(lies_in(&x, "done"), names);
	assert_str(lies_in(&x, "work"), S(""));
	assert_str(lies_in(&x, "refused"), S(""));
	assert_int_equal(settled(&x), FILES);
	assert_int_equal(sql_number(x.hall->db, "SELECT count(*) FROM allocation"), FILES);
	house_close(&x);
}
