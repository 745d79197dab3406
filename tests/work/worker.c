/* The background: what is asked for leaves at once, what others queued is found, a stop is quick, and a database that was away is met again. */
#include "test.h"

#include <arpa/inet.h>
#include <sqlite3.h>

#include "post_office.h"
#include "work/worker.h"

#define PATIENCE (15 * SECOND) /* under sanitizers, on a busy machine */

static bool is_sent(struct office *o, int64_t id)
{
	return office_mail(o, id).state == OUTBOX_SENT;
}

/* Waits until CONDITION holds, or fails. */
#define wait_until(condition)                                                        \
	do {                                                                             \
		int64_t until_ = clock_steady() + PATIENCE;                                  \
		while (!(condition)) {                                                       \
			if (clock_steady() > until_) fail_msg("waited in vain for " #condition); \
			usleep(5000);                                                            \
		}                                                                            \
	} while (0)

TEST(a_forgotten_password_becomes_a_mail)
{
	struct office o;
	office_open(&o);
	struct worker *w = worker_start(&o.post);
	assert_status(recovery_ask(o.t.db, o.t.shop, S(" Jeanne@EXAMPLE.org "), LANG_DE, S(""), S("192.0.2.0")), OK);
	worker_wake(w);
	wait_until(office_delivered(&o, NULL) == 1);
	worker_stop(w);
	struct str mail = S("");
	office_delivered(&o, &mail);
	struct recovery_view view;
	assert_int_equal(recovery_look(o.t.db, mem, o.post.keys, token_of(mail), &view), RECOVERY_DONE);
	assert_true(str_find(mail, S("<jeanne@example.org>\r\n")) > 0); /* the stored address, in the account's language */
	assert_true(str_find(mail, S("Content-Language: en")) > 0);
	office_close(&o);
}

TEST(who_is_unknown_gets_no_mail)
{
	struct office o;
	office_open(&o);
	struct worker *w = worker_start(&o.post);
	assert_status(recovery_ask(o.t.db, o.t.shop, S("nobody@example.org"), LANG_DE, S(""), S("192.0.2.0")), OK);
	worker_wake(w);
	wait_until(sql_number(o.t.db, "SELECT count(*) FROM recovery_request") == 0);
	worker_stop(w);
	assert_int_equal(sql_number(o.t.db, "SELECT count(*) FROM outbox_message"), 0);
	office_close(&o);
}

TEST(what_another_process_queued_is_found_without_being_told)
{
	struct office o;
	office_open(&o);
	struct worker *w = worker_start(&o.post);
	usleep(200000); /* the first look is over */
	int64_t id = office_queue(&o, CLASS_TEST_MAIL, LANG_EN);
	wait_until(is_sent(&o, id));
	worker_stop(w);
	office_close(&o);
}

TEST(a_session_that_was_used_is_written_later)
{
	struct office o;
	office_open(&o);
	struct str hash = S("0123456789abcdef0123456789abcdef");
	do_sql(o.t.db,
		"INSERT INTO account_session (token_hash, id, account, point_of_sale, made_at, seen_at, network, agent) VALUES ($1, $2, $3, $4, $5, $6, '', "
		"'')",
		blob(hash), blob(S("0123456789abcdef")), int64(o.account), int64(o.t.shop), int64(store_now(o.t.db) - HOUR), int64(store_now(o.t.db) - HOUR));
	struct worker *w = worker_start(&o.post);
	worker_note_session(w, hash);
	worker_note_session(w, S("of a session that ended by now.."));
	wait_until(sql_number(o.t.db, "SELECT seen_at FROM account_session") > store_now(o.t.db) - MINUTE);
	worker_stop(w);
	office_close(&o);
}

TEST(what_is_over_is_swept_away)
{
	struct office o;
	office_open(&o);
	do_sql(o.t.db, "INSERT INTO rate_counter (key, stretch, count, ends_at) VALUES ($1, 1, 1, 1)", blob(S("0123456789abcdef0123456789abcdef")));
	struct worker *w = worker_start(&o.post);
	wait_until(sql_number(o.t.db, "SELECT count(*) FROM rate_counter") == 0);
	worker_stop(w);
	office_close(&o);
}

TEST(a_flood_of_requests_does_not_hold_up_what_comes_by_the_clock)
{
	static const struct sql waiting = SQL("SELECT count(*) FROM recovery_request");
	struct office o;
	office_open(&o);
	struct str hash = S("0123456789abcdef0123456789abcdef");
	do_sql(o.t.db,
		"INSERT INTO account_session (token_hash, id, account, point_of_sale, made_at, seen_at, network, agent) VALUES ($1, $2, $3, $4, $5, $5, '', "
		"'')",
		blob(hash), blob(S("0123456789abcdef")), int64(o.account), int64(o.t.shop), int64(store_now(o.t.db) - HOUR));
	do_sql(o.t.db,
		"INSERT INTO recovery_request (point_of_sale, email, language, next, network, asked_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i "
		"+ 1"
		" FROM n WHERE i < 100000) SELECT $1, 'nobody@example.org', 'en', '', '192.0.2.0', n.i FROM n",
		int64(o.t.shop)); /* far more than a round decides */
	struct worker *w = worker_start(&o.post);
	wait_until(number_of(o.t.db, &waiting, NULL, 0) < 100000);
	worker_note_session(w, hash);
	wait_until(sql_number(o.t.db, "SELECT seen_at FROM account_session") > store_now(o.t.db) - MINUTE);
	assert_true(number_of(o.t.db, &waiting, NULL, 0) > 0);
	worker_stop(w);
	office_close(&o);
}

TEST(two_processes_send_each_mail_once)
{
	struct office o;
	office_open(&o);
	const int mails = 30;
	for (int i = 0; i < mails; i++) {
		office_queue(&o, CLASS_TEST_MAIL, LANG_EN);
		do_sql(o.t.db, "UPDATE outbox_message SET recipient = recipient || CAST(id AS TEXT) WHERE recipient = 'jeanne@example.org'");
	}
	struct post other = { .store = database_open(database_url()), .keys = o.post.keys, .templates = templates_new() };
	post_by(&other, str_format(mem, "dir:%s", o.folder));
	struct worker *one = worker_start(&o.post), *two = worker_start(&other);
	wait_until(sql_number(o.t.db, "SELECT count(*) FROM outbox_message WHERE state = 'sent'") == mails);
	worker_stop(one);
	worker_stop(two);
	assert_int_equal(sql_number(o.t.db, "SELECT count(*) FROM outbox_attempt"), mails);
	assert_int_equal(sql_number(o.t.db, "SELECT max(attempts) FROM outbox_message"), 1);
	mailer_close(other.mailer);
	templates_free(other.templates);
	store_close(other.store);
	office_close(&o);
}

/* A mail server that takes connections and never says a word. */
static int silent_server(int *port)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at) || listen(s, 8) || getsockname(s, (struct sockaddr *)&at, &len)) fail_msg("no socket");
	*port = ntohs(at.sin_port);
	return s;
}

TEST(a_stop_does_not_wait_for_a_mail_server_that_hangs)
{
	struct office o;
	int port, server = silent_server(&port);
	office_open(&o);
	mailer_close(o.post.mailer);
	post_by(&o.post, str_format(mem, "smtp://127.0.0.1:%d?starttls=no", port));
	int64_t id = office_queue(&o, CLASS_TEST_MAIL, LANG_EN);
	struct worker *w = worker_start(&o.post);
	wait_until(office_mail(&o, id).state == OUTBOX_SENDING);
	int64_t before = clock_steady();
	worker_stop(w);
	assert_in_range((uintmax_t)(clock_steady() - before), 0, 10 * SECOND);
	assert_int_equal(office_mail(&o, id).state, OUTBOX_WAITING); /* it goes out when we are back */
	close(server);
	office_close(&o);
}

TEST(a_mail_server_that_hangs_does_not_hold_up_decisions)
{
	struct office o;
	int port, server = silent_server(&port);
	office_open(&o);
	mailer_close(o.post.mailer);
	post_by(&o.post, str_format(mem, "smtp://127.0.0.1:%d?starttls=no", port));
	int64_t id = office_queue(&o, CLASS_TEST_MAIL, LANG_EN);
	struct worker *w = worker_start(&o.post);
	wait_until(office_mail(&o, id).state == OUTBOX_SENDING);
	assert_status(recovery_ask(o.t.db, o.t.shop, S("jeanne@example.org"), LANG_EN, S(""), S("192.0.2.0")), OK);
	worker_wake(w);
	wait_until(sql_number(o.t.db, "SELECT count(*) FROM recovery_request") == 0);
	assert_int_equal(office_mail(&o, id).state, OUTBOX_SENDING); /* the server is waited for all the while */
	worker_stop(w);
	close(server);
	office_close(&o);
}

static struct str another_account(struct office *o, int number)
{
	struct str email = str_format(mem, "buyer%d@example.org", number);
	do_sql(o->t.db,
		"INSERT INTO contact (institution, number, kind, salutation, first_name, last_name, name_key, language, phone, street, house_number, "
		"postcode, town, country, made_at) VALUES ($1, $2, 'individual', '', 'A', 'Buyer', 'buyer a', 'en', '', '', '', '', '', '', 0)",
		int64(o->t.institution), int64(number));
	do_sql(o->t.db,
		"INSERT INTO internet_account (institution, contact, email, email_key, state, state_reason, password_hash, language, made_at, recovery_at) "
		"SELECT institution, id, $2, $2, 'active', '', 'none', 'en', 0, 0 FROM contact WHERE number = $1",
		int64(number), text(email));
	return email;
}

TEST(a_mail_leaves_as_soon_as_it_is_decided)
{
	struct office o;
	office_open(&o);
	struct worker *w = worker_start(&o.post);
	int64_t shortest = INT64_MAX; /* the machine may be busy; a look by the clock would be late each time */
	for (int i = 1; i <= 3; i++) {
		struct str email = another_account(&o, i);
		usleep(100000); /* both threads have looked and wait */
		int64_t asked = clock_steady();
		assert_status(recovery_ask(o.t.db, o.t.shop, email, LANG_EN, S(""), S("192.0.2.0")), OK);
		worker_wake(w);
		wait_until(office_delivered(&o, NULL) == i);
		if (clock_steady() - asked < shortest) shortest = clock_steady() - asked;
	}
	assert_in_range((uintmax_t)shortest, 0, WORKER_POLL * 3 / 4);
	worker_stop(w);
	office_close(&o);
}

/* ---- the database goes away ---- */

static sqlite3 *holder;

static void tell(const char *format)
{
	database_tell_server(format, databases[database_count - 1].name);
}

static void take_database_away(void)
{
	if (database_server()) {
		tell("ALTER DATABASE %s ALLOW_CONNECTIONS false");
		PGconn *pg = PQconnectdb(database_server());
		const char *name = databases[database_count - 1].name;
		PQclear(PQexecParams(pg, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", 1, NULL, &name, NULL, NULL, 0));
		PQfinish(pg);
		return;
	}
	assert_int_equal(sqlite3_open(databases[database_count - 1].url + strlen("sqlite:"), &holder), SQLITE_OK);
	sqlite3_busy_timeout(holder, 5000);
	assert_int_equal(sqlite3_exec(holder, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
}

static void bring_database_back(void)
{
	if (database_server()) tell("ALTER DATABASE %s ALLOW_CONNECTIONS true");
	else sqlite3_close(holder);
}

TEST(the_background_goes_on_by_itself_when_the_database_is_back)
{
	struct office o;
	office_open(&o);
	int64_t id = office_queue(&o, CLASS_TEST_MAIL, LANG_EN);
	take_database_away();
	struct worker *w = worker_start(&o.post);
	usleep(2500000); /* some looks in vain */
	bring_database_back();
	wait_until(is_sent(&o, id));
	worker_stop(w);
	office_close(&o);
}
