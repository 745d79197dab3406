/* tests/bench/contacts.c: searching a million contacts: how long a page takes, and how that compares with the same question asked of the bare engine by hand. Prints
 * figures for tests/bench.py. PARTERRE_TEST_DATABASE chooses the engine; BENCH_CONTACTS another number of contacts. */
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "accounts/contact_demo.h"
#include "accounts/contact_search.h"
#include "accounts/contact_words.h"
#include "base/clock.h"
#include "tests/database.h"
#include "institution/institution.h"

#define CONTACTS 1000000
#define ROUNDS	 15 /* the middle one counts */

/* What an operator types: a name, a name and its beginning, a number, a telephone, two common words, one that nobody has. */
static const struct {
	const char *name, *typed;
	bool is_compared; /* with the bare engine: those that one statement answers */
} questions[] = {
	{ "rare name", "quartenoud", true },
	{ "name and first name", "vuilleumier jeanne", true },
	{ "telephone", "079 555 27", true },
	{ "e-mail", "contact77123@", true },
	{ "common name", "muller", false },
	{ "two common words", "muller zurich", false },
	{ "nobody", "xylander", false },
};

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static void figure(const char *name, const char *engine, double value, const char *unit, const char *goal)
{
	printf("{\"name\": \"contacts: %s, %s\", \"value\": %.3f, \"unit\": \"%s\", \"goal\": %s%s%s}\n", name, engine, value, unit, goal ? "\"" : "",
		goal ? goal : "null", goal ? "\"" : "");
	fflush(stdout);
}

static int64_t middle(int64_t times[ROUNDS])
{
	qsort(times, ROUNDS, sizeof *times, by_time);
	return times[ROUNDS / 2];
}

static int64_t ours(struct conn *db, struct arena *a, int64_t institution, const char *typed, size_t *found)
{
	int64_t times[ROUNDS];
	struct contact_page *page = malloc(sizeof *page);
	for (int i = 0; i < ROUNDS; i++) {
		int64_t begun = clock_steady();
		const struct contact_query q = { .institution = institution, .typed = str_of(typed) };
		if (contact_search(db, a, &q, page)) BUG("search");
		times[i] = clock_steady() - begun;
		*found = page->count;
		arena_reset(a);
	}
	free(page);
	return middle(times);
}

/* ---- the same question, asked by hand ---- */

#define BARE                                                                                                                                   \
	"SELECT c.id, c.number, c.kind, c.first_name, c.last_name, c.email, c.phone, c.postcode, c.town, c.country, i.id, i.state FROM contact c " \
	"LEFT JOIN internet_account i ON i.contact = c.id AND i.state <> 'closed' WHERE c.merged_into IS NULL AND c.id IN "                        \
	"(SELECT contact FROM contact_word WHERE institution = %lld AND word >= '%s' AND word < '%s') %s ORDER BY c.name_key, c.id LIMIT 51"

static char *bare_sql(struct arena *a, int64_t institution, const char *typed)
{
	struct search_word w[SEARCH_WORDS_MAX];
	struct buf more = buf_in(a);
	size_t count = search_words(a, str_of(typed), w);
	for (size_t i = 1; i < count; i++)
		buf_addf(&more, "AND EXISTS (SELECT 1 FROM contact_word w WHERE w.contact = c.id AND w.word >= '%.*s' AND w.word < '%.*s') ",
			STR_ARG(w[i].from), STR_ARG(w[i].below));
	return str_c(a, str_format(a, BARE, (long long)institution, str_c(a, w[0].from), str_c(a, w[0].below), str_c(a, buf_str(&more))));
}

static size_t bare_sqlite(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s;
	size_t rows = 0;
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL)) BUG("%s", sqlite3_errmsg(db));
	while (sqlite3_step(s) == SQLITE_ROW) {
		for (int c = 0; c < 12; c++) (void)sqlite3_column_text(s, c);
		rows++;
	}
	sqlite3_finalize(s);
	return rows;
}

static size_t bare_postgres(PGconn *pg, const char *sql)
{
	PGresult *r = PQexec(pg, sql);
	if (PQresultStatus(r) != PGRES_TUPLES_OK) BUG("%s", PQerrorMessage(pg));
	size_t rows = (size_t)PQntuples(r);
	PQclear(r);
	return rows;
}

static int64_t bare(struct arena *a, int64_t institution, const char *typed)
{
	int64_t times[ROUNDS];
	sqlite3 *lite = NULL;
	PGconn *pg = NULL;
	struct str url = database_url();
	if (database_server()) pg = PQconnectdb(str_c(a, url));
	else if (sqlite3_open(str_c(a, str_part(url, sizeof "sqlite:" - 1, url.len)), &lite)) BUG("bare sqlite");
	for (int i = 0; i < ROUNDS; i++) {
		int64_t begun = clock_steady();
		char *sql = bare_sql(a, institution, typed);
		if (pg) bare_postgres(pg, sql);
		else bare_sqlite(lite, sql);
		times[i] = clock_steady() - begun;
	}
	sqlite3_close(lite);
	if (pg) PQfinish(pg);
	return middle(times);
}

/* ---- the crowd ---- */

struct house {
	struct arena *a;
	int64_t institution, shop;
};

static enum status make_house(struct conn *db, void *arg)
{
	struct house *h = arg;
	const struct new_institution n = { .name = S("Bench"),
		.zone = S("Europe/Zurich"),
		.currency = S("CHF"),
		.country = S("CH"),
		.main_language = LANG_EN,
		.languages = 1,
		.public_url = S("https://bench.example.org"),
		.accent = S("#005f6b") };
	struct problem why = problem_in(h->a);
	return institution_make(db, h->a, &n, HTTP_ALLOWED, &h->institution, &h->shop, &why);
}

static enum status analyze(struct conn *db, void *arg)
{
	static const struct sql q = SQL("ANALYZE");
	(void)arg;
	return store_exec(db, &q);
}

int main(void)
{
	struct arena *a = arena_new();
	struct house h = { .a = a };
	struct store *s = database_open_fresh();
	struct conn *db = store_conn(s);
	const char *wanted = getenv("BENCH_CONTACTS"), *engine = database_server() ? "PostgreSQL" : "SQLite";
	int64_t count = wanted ? strtoll(wanted, NULL, 10) : CONTACTS, begun;
	if (store_write(db, make_house, &h)) BUG("no house");
	begun = clock_steady();
	if (contact_demo_crowd(db, h.institution, count, S("hash"), NULL)) BUG("no crowd");
	figure("making them", engine, (double)(clock_steady() - begun) / SECOND, "s", NULL);
	if (store_write(db, analyze, NULL)) BUG("no statistics");
	for (size_t i = 0; i < COUNT(questions); i++) {
		size_t found;
		int64_t here = ours(db, a, h.institution, questions[i].typed, &found);
		figure(questions[i].name, engine, (double)here / 1000, "ms", "< 50");
		if (!questions[i].is_compared) continue;
		int64_t there = bare(a, h.institution, questions[i].typed);
		figure(str_c(a, str_format(a, "%s against bare", questions[i].name)), engine, (double)there / (double)here, "times", ">= 0.5");
	}
	database_end(s);
	arena_free(a);
	return 0;
}
