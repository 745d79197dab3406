/* Whatever order printing companies' files come in, and however often: what they leave is the same. And the files that only a generator would write. */
#include "test.h"

#include "chance.h"
#include "documents/template.h"
#include "shipping/house.h"
#include "shipping/status.h"

#define ORDERS	 8
#define FILES	 6
#define ROUNDS	 4
#define SAYS_MAX 4 /* lines of files about one ticket */

static enum status install(struct conn *db, void *arg)
{
	return document_types_install(db, ((struct house *)arg)->actor.institution);
}

/* What becomes of a ticket, as lines that come in any order: none takes back what another says. */
static const char *const fates[][SAYS_MAX] = {
	{ NULL },
	{ "PRINTED;" },
	{ "MISSING;" },
	{ "MISSING;", "PRINTED;" },
	{ "SPOILT;" },
	{ "WITHDRAWN;" },
	{ "PRINTED;", "POSTED;" },
	{ "PRINTED;", "POSTED;", "POSTED;#" }, /* #: its shipment's number */
	{ "MISSING;", "REPRINTED;#" },
};

struct fate_line {
	int64_t line;
	const char *says;
	int file;
};

struct plan {
	struct fate_line lines[ORDERS * 3 * SAYS_MAX];
	size_t count;
};

static struct plan plan_of(int64_t tickets)
{
	struct plan p = { 0 };
	for (int64_t t = 1; t <= tickets; t++) {
		const char *const *fate = fates[chance(COUNT(fates))];
		for (int i = 0; i < SAYS_MAX && fate[i]; i++) p.lines[p.count++] = (struct fate_line){ t, fate[i], (int)chance(FILES) };
	}
	return p;
}

static struct str file_of(struct house *h, const struct plan *p, int file, int nth)
{
	static const struct sql q = SQL("SELECT l.barcode, l.shipment FROM print_line l WHERE l.line = $1");
	struct buf b = buf_in(mem);
	buf_add(&b, S("BAR_CODE;STATE;TRACKING_NUMBER;COPY\r\n"));
	for (size_t i = 0; i < p->count; i++) {
		if (p->lines[i].file != file) continue;
		assert_status(store_row(h->db, &q, int64(p->lines[i].line)), OK);
		struct str code = col_text(h->db, 0, mem), says = str_of(p->lines[i].says);
		if (str_ends(says, S("#"))) says = str_format(mem, "%.*s98341234560000%04lld", (int)says.len - 1, says.at, (long long)col_int64(h->db, 1));
		buf_addf(&b, "%.*s;%.*s;1\r\n", STR_ARG(code), STR_ARG(says));
	}
	for (int i = 0; i < nth; i++) buf_add(&b, S("\r\n")); /* another file each time */
	return buf_str(&b);
}

struct letting {
	struct house *house;
	int64_t import;
};

static enum status let_go(struct conn *db, void *arg)
{
	struct letting *x = arg;
	return status_apply(db, mem, &x->house->actor, x->import, true);
}

static struct status_import imported(struct house *h, struct str file)
{
	struct letting x = { .house = h };
	struct problem why = problem_in(mem);
	struct status_import i;
	bool is_before;
	enum status st = status_upload(h->db, mem, &h->actor, &h->printer, S("status.csv"), file, PREVIEW_NOW, &x.import, &is_before, &why);
	if (st) fail_msg("upload: %s", problem_any(&why) ? str_c(mem, lang_problem(mem, LANG_EN, &why)) : status_name(st));
	assert_false(is_before);
	in_write(h->db, let_go, &x);
	assert_status(status_run(h->db, x.import, 0), OK);
	assert_status(status_get(h->db, mem, h->actor.institution, x.import, &i), OK);
	return i;
}

/* What is to be the same: lines, tickets, letters with their numbers, shipments, and that everybody was told once of what left. */
static struct str left_by(struct house *h)
{
	static const struct sql q = SQL(
		"SELECT l.line, l.state, l.is_posted, t.state, t.prints, CASE WHEN p.posted_at IS NULL THEN 0 ELSE 1 END, p.tracking, s.state,"
		"  b.state, CASE WHEN p.told_in IS NULL THEN 0 ELSE 1 END FROM print_line l JOIN ticket t ON t.id = l.ticket JOIN piece p ON p.id = l.piece"
		" JOIN shipment s ON s.id = l.shipment JOIN print_batch b ON b.id = l.batch ORDER BY l.line");
	struct buf b = buf_in(mem);
	enum status st = store_query(h->db, &q);
	while (!st && !(st = store_next(h->db)))
		buf_addf(&b, "%lld %.*s %d %.*s %lld %lld %.*s %.*s %.*s %lld\n", (long long)col_int64(h->db, 0), STR_ARG(col_text(h->db, 1, mem)),
			col_boolean(h->db, 2), STR_ARG(col_text(h->db, 3, mem)), (long long)col_int64(h->db, 4), (long long)col_int64(h->db, 5),
			STR_ARG(col_text(h->db, 6, mem)), STR_ARG(col_text(h->db, 7, mem)), STR_ARG(col_text(h->db, 8, mem)), (long long)col_int64(h->db, 9));
	assert_status(st, NOT_FOUND);
	return buf_str(&b);
}

/* Line by line, so that it is seen which differs. */
static void assert_same(struct str left, struct str want)
{
	struct str one, other;
	while (str_next(&left, '\n', &one) && str_next(&want, '\n', &other))
		if (!str_eq(one, other)) fail_msg("%.*s, where another order left %.*s", STR_ARG(one), STR_ARG(other));
}

static struct house *house_in_print(int64_t *tickets)
{
	struct house *h = house_open(ORDERS * 3, 1, 4);
	in_write(h->db, install, h);
	*tickets = 0;
	for (int i = 0; i < ORDERS; i++) {
		paid_order(h, str_c(mem, str_format(mem, "buyer-%d", i)), i % 3 + 1);
		*tickets += i % 3 + 1;
	}
	exported(h);
	return h;
}

/* All files of PLAN in some order, some of them twice. */
static void import_all(struct house *h, const struct plan *plan)
{
	int order[FILES * 2];
	for (int i = 0; i < FILES * 2; i++) order[i] = i % FILES;
	for (int i = FILES * 2 - 1; i > 0; i--) {
		int k = (int)chance((uint32_t)i + 1), was = order[i];
		order[i] = order[k], order[k] = was;
	}
	for (int i = 0; i < FILES * 2; i++) {
		struct str file = file_of(h, plan, order[i], i + 1);
		if (str_find(file, S(";1\r\n")) > 0) imported(h, file);
		assert_audit(h->db);
	}
}

TEST(any_order_and_repetition_of_status_files_leaves_the_same)
{
	int64_t tickets = 0;
	struct str first = { 0 };
	struct plan plan = { 0 };
	for (int round = 0; round < ROUNDS; round++) {
		struct house *h = house_in_print(&tickets);
		if (round == 0) plan = plan_of(tickets);
		import_all(h, &plan);
		struct str left = left_by(h);
		if (round == 0) first = left;
		assert_same(left, first);
		assert_int_equal(sql_number(h->db, "SELECT count(*) FROM (SELECT piece FROM notice_piece GROUP BY piece HAVING count(*) > 1) x"), 0);
		house_close(h);
	}
	assert_true(str_find(first, S("printed")) > 0 && str_find(first, S("spoilt")) > 0 && str_find(first, S("sent")) > 0); /* it was no empty plan */
}

/* ASCII as UTF-16, the lower byte first, with its mark. */
static struct str wide(struct str s)
{
	struct buf b = buf_in(mem);
	buf_add(&b, S("\xFF\xFE"));
	for (size_t i = 0; i < s.len; i++) {
		buf_add_char(&b, s.at[i]);
		buf_add_char(&b, '\0');
	}
	return buf_str(&b);
}

TEST(case_21_a_utf_16_file_is_read_and_said_so)
{
	int64_t tickets;
	struct house *h = house_in_print(&tickets);
	struct plan one = { .lines = { { 1, "POSTED;", 0 }, { 2, "PRINTED;", 0 } }, .count = 2 };
	struct status_import i = imported(h, wide(file_of(h, &one, 0, 0)));
	assert_str(i.encoding, S("UTF-16"));
	assert_int_equal(i.counts[OUTCOME_APPLIED], 2);
	house_close(h);
}

TEST(case_22_one_rounded_number_in_twelve_lines_is_what_excel_leaves)
{
	int64_t tickets;
	struct house *h = house_in_print(&tickets);
	struct plan one = { .lines = { { 1, "POSTED;", 0 } }, .count = 1 };
	struct buf b = buf_in(mem);
	buf_add(&b, file_of(h, &one, 0, 0));
	for (int k = 0; k < 12; k++) buf_add(&b, S("996013175411004000;PRINTED;;1\r\n"));
	struct status_import i = imported(h, buf_str(&b));
	struct status_line *lines;
	size_t count;
	assert_int_equal(i.counts[OUTCOME_REFUSED], 12);
	assert_int_equal(i.counts[OUTCOME_APPLIED], 1);
	assert_status(status_problems(h->db, mem, i.id, 0, PROBLEMS_SHOWN, &lines, &count), OK);
	assert_int_equal(count, 12);
	for (size_t k = 0; k < count; k++) assert_int_equal(lines[k].why, WHY_EXCEL);
	house_close(h);
}

TEST(case_43_a_language_without_a_template_gets_the_main_languages)
{
	struct house *h = house_open(10, 1, 4);
	const struct template_wanted wanted = {
		.institution = h->actor.institution, .class = CLASS_FOLLOW_SHIPMENT, .point_of_sale = h->hall->theatre.shop
	};
	enum language l = LANG_IT;
	int64_t template;
	in_write(h->db, install, h);
	do_sql(h->db, "DELETE FROM document_template WHERE language = 'it'");
	assert_status(template_in_force(h->db, &wanted, &l, &template), OK);
	assert_int_equal(l, h->hall->seller.main_language);
	house_close(h);
}
