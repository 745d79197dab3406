/* tests/bench/basket.c: what putting a place into a basket costs the bare engine: its four statements prepared once, by 64 buyers on one zone, without our store and
 * without HTTP; each basket in a durable transaction of its own, and 64 in one. tests/bench/sale.py holds the shop against it. PARTERRE_TEST_DATABASE chooses the
 * engine as in the suites; SQLite's file lies in TMPDIR. */
#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/status.h"
#include "base/str.h"

#define BUYERS 64
#define PLACES 400000
#define TIME   (2 * SECOND) /* of each measurement */
#define HOLD   (20 * MINUTE)

/* The tables with their keys, as migration 0007 has them, without the columns and references that these statements don't touch. */
#define TABLES                                                                                                                                   \
	"CREATE TABLE customer_order (id %s, point_of_sale BIGINT NOT NULL, state TEXT NOT NULL, browser_hash %s NOT NULL, made_at BIGINT NOT NULL," \
	" held_until BIGINT NOT NULL, currency TEXT NOT NULL);"                                                                                      \
	"CREATE UNIQUE INDEX customer_order_basket ON customer_order (point_of_sale, browser_hash) WHERE state = 'in_progress';"                     \
	"CREATE TABLE order_line (id %s, customer_order BIGINT NOT NULL, performance_zone BIGINT NOT NULL, tariff BIGINT NOT NULL,"                  \
	" quantity BIGINT NOT NULL, price BIGINT NOT NULL, UNIQUE (customer_order, performance_zone, tariff, price));"                               \
	"CREATE TABLE place (id %s, zone BIGINT NOT NULL, free_from BIGINT NOT NULL, holder BIGINT);"                                                \
	"CREATE INDEX place_free ON place (zone, free_from, id);"                                                                                    \
	"CREATE INDEX place_holder ON place (holder) WHERE holder IS NOT NULL;"

/* $1 the browser, $2 now, $3 the hold's end; $1 the basket; $1 the line, $2 now, $3 the hold's end. */
#define FIND "SELECT id, held_until FROM customer_order WHERE point_of_sale = 1 AND browser_hash = $1 AND state = 'in_progress'"
#define BASKET                                                                                                                                     \
	"INSERT INTO customer_order (point_of_sale, state, browser_hash, made_at, held_until, currency) VALUES (1, 'in_progress', $1, $2, $3, 'CHF') " \
	"RETURNING id"
#define LINE "INSERT INTO order_line (customer_order, performance_zone, tariff, quantity, price) VALUES ($1, 1, 1, 1, 3500) RETURNING id"
#define TAKE(skip)                                                                                                                   \
	"WITH pick AS (SELECT id FROM place WHERE zone = 1 AND free_from <= $2 ORDER BY free_from, id LIMIT 1" skip ") UPDATE place SET" \
	" free_from = $3, holder = $1 WHERE id IN (SELECT id FROM pick) AND free_from <= $2 AND (SELECT count(*) FROM pick) = 1"

struct load {
	const char *url; /* of PostgreSQL */
	atomic_bool is_over;
	atomic_long done;
};

static void say(const char *engine, const char *how, double value)
{
	printf("{\"name\": \"%s: a basket's statements bare, %s\", \"value\": %.0f, \"unit\": \"baskets/s\"}\n", engine, how, value);
	fflush(stdout);
}

/* ---- SQLite ---- */

enum statement { S_FIND, S_BASKET, S_LINE, S_TAKE, S_BEGIN, S_COMMIT, STATEMENTS };

struct lite {
	sqlite3 *db;
	sqlite3_stmt *at[STATEMENTS];
};

static void lite_open(struct lite *l, const char *path)
{
	static const char *const texts[STATEMENTS] = { FIND, BASKET, LINE, TAKE(""), "BEGIN IMMEDIATE", "COMMIT" };
	char tables[4096], places[256];
	snprintf(tables, sizeof tables, TABLES, "INTEGER PRIMARY KEY", "BLOB", "INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY");
	snprintf(places, sizeof places,
		"INSERT INTO place (zone, free_from) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT 1, 0 FROM n",
		PLACES);
	if (sqlite3_open(path, &l->db) || sqlite3_exec(l->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL, NULL) ||
		sqlite3_exec(l->db, tables, NULL, NULL, NULL) || sqlite3_exec(l->db, places, NULL, NULL, NULL))
		BUG("%s", sqlite3_errmsg(l->db));
	for (int i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(l->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &l->at[i], NULL)) BUG("%s", sqlite3_errmsg(l->db));
}

/* Runs one to its end; the number in its first column, or 0. */
static int64_t lite_run(struct lite *l, enum statement which)
{
	sqlite3_stmt *s = l->at[which];
	int64_t value = 0;
	int got;
	while ((got = sqlite3_step(s)) == SQLITE_ROW) value = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	if (got != SQLITE_DONE) BUG("%s", sqlite3_errmsg(l->db));
	return value;
}

static void lite_basket(struct lite *l)
{
	unsigned char browser[32];
	int64_t now = clock_utc();
	random_fill(browser, sizeof browser);
	sqlite3_bind_blob(l->at[S_FIND], 1, browser, sizeof browser, SQLITE_STATIC);
	sqlite3_bind_blob(l->at[S_BASKET], 1, browser, sizeof browser, SQLITE_STATIC);
	sqlite3_bind_int64(l->at[S_BASKET], 2, now), sqlite3_bind_int64(l->at[S_BASKET], 3, now + HOLD);
	lite_run(l, S_FIND);
	sqlite3_bind_int64(l->at[S_LINE], 1, lite_run(l, S_BASKET));
	sqlite3_stmt *take = l->at[S_TAKE];
	sqlite3_bind_int64(take, sqlite3_bind_parameter_index(take, "$1"), lite_run(l, S_LINE));
	sqlite3_bind_int64(take, sqlite3_bind_parameter_index(take, "$2"), now);
	sqlite3_bind_int64(take, sqlite3_bind_parameter_index(take, "$3"), now + HOLD);
	lite_run(l, S_TAKE);
	if (sqlite3_changes(l->db) != 1) BUG("no place left");
}

static double lite_rate(struct lite *l, int group)
{
	int64_t begun = clock_steady(), done = 0;
	while (clock_steady() - begun < TIME) {
		lite_run(l, S_BEGIN);
		for (int i = 0; i < group; i++) lite_basket(l);
		lite_run(l, S_COMMIT);
		done += group;
	}
	return (double)done * (double)SECOND / (double)(clock_steady() - begun);
}

static void measure_sqlite(void)
{
	const char *tmp = getenv("TMPDIR");
	char folder[256], path[300];
	struct lite l;
	snprintf(folder, sizeof folder, "%s/parterre-bench.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(folder)) BUG("no folder %s", folder);
	snprintf(path, sizeof path, "%s/bare.db", folder);
	lite_open(&l, path);
	say("SQLite", "64 in a transaction", lite_rate(&l, BUYERS));
	say("SQLite", "a transaction each", lite_rate(&l, 1));
	for (int i = 0; i < STATEMENTS; i++) sqlite3_finalize(l.at[i]);
	sqlite3_close(l.db); /* takes -wal and -shm along */
	unlink(path);
	rmdir(folder);
}

/* ---- PostgreSQL ---- */

static PGresult *pg_done(PGconn *pg, PGresult *r)
{
	if (PQresultStatus(r) != PGRES_TUPLES_OK && PQresultStatus(r) != PGRES_COMMAND_OK) BUG("%s", PQerrorMessage(pg));
	return r;
}

/* Runs a prepared statement with up to three texts; the number in its first column, or 0; for the last one how many rows it changed. */
static int64_t pg_run(PGconn *pg, const char *name, int count, const char *const *values)
{
	PGresult *r = pg_done(pg, PQexecPrepared(pg, name, count, values, NULL, NULL, 0));
	int64_t value = PQntuples(r) ? strtoll(PQgetvalue(r, 0, 0), NULL, 10) : strtoll(PQcmdTuples(r), NULL, 10);
	PQclear(r);
	return value;
}

static PGconn *pg_open(const char *url)
{
	static const char *const texts[][2] = { { "find", FIND }, { "basket", BASKET }, { "line", LINE }, { "take", TAKE(" FOR UPDATE SKIP LOCKED") } };
	PGconn *pg = PQconnectdb(url);
	if (PQstatus(pg) != CONNECTION_OK) BUG("%s", PQerrorMessage(pg));
	for (size_t i = 0; i < COUNT(texts); i++) PQclear(pg_done(pg, PQprepare(pg, texts[i][0], texts[i][1], 0, NULL)));
	return pg;
}

static void *buyer_runs(void *arg)
{
	struct load *l = arg;
	PGconn *pg = pg_open(l->url);
	while (!atomic_load(&l->is_over)) {
		unsigned char browser[32];
		char hash[68] = "\\x", now[24], until[24], id[24];
		random_fill(browser, sizeof browser);
		for (size_t i = 0; i < sizeof browser; i++) snprintf(hash + 2 + 2 * i, 3, "%02x", browser[i]);
		snprintf(now, sizeof now, "%lld", (long long)clock_utc()), snprintf(until, sizeof until, "%lld", (long long)clock_utc() + HOLD);
		PQclear(pg_done(pg, PQexec(pg, "BEGIN")));
		pg_run(pg, "find", 1, (const char *[]){ hash });
		snprintf(id, sizeof id, "%lld", (long long)pg_run(pg, "basket", 3, (const char *[]){ hash, now, until }));
		snprintf(id, sizeof id, "%lld", (long long)pg_run(pg, "line", 1, (const char *[]){ id }));
		if (pg_run(pg, "take", 3, (const char *[]){ id, now, until }) != 1) BUG("no place left");
		PQclear(pg_done(pg, PQexec(pg, "COMMIT")));
		atomic_fetch_add(&l->done, 1);
	}
	PQfinish(pg);
	return NULL;
}

static void measure_postgres(const char *url)
{
	char text[4096];
	struct load l = { .url = url };
	pthread_t threads[BUYERS];
	PGconn *pg = PQconnectdb(url);
	const char *key = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY";
	snprintf(text, sizeof text, "CREATE SCHEMA bare; SET search_path = bare; " TABLES, key, "BYTEA", key, key);
	PQclear(pg_done(pg, PQexec(pg, text)));
	snprintf(text, sizeof text, "INSERT INTO place (zone, free_from) SELECT 1, 0 FROM generate_series(1, %d)", PLACES);
	PQclear(pg_done(pg, PQexec(pg, text)));
	PQclear(pg_done(pg, PQexec(pg, "ANALYZE place")));
	setenv("PGOPTIONS", "-c search_path=bare", 1);
	int64_t begun = clock_steady();
	for (int i = 0; i < BUYERS; i++)
		if (pthread_create(&threads[i], NULL, buyer_runs, &l)) BUG("no thread");
	usleep((useconds_t)TIME);
	atomic_store(&l.is_over, true);
	for (int i = 0; i < BUYERS; i++) pthread_join(threads[i], NULL);
	say("PostgreSQL", "a transaction each", (double)atomic_load(&l.done) * (double)SECOND / (double)(clock_steady() - begun));
	PQclear(pg_done(pg, PQexec(pg, "DROP SCHEMA bare CASCADE")));
	PQfinish(pg);
}

int main(void)
{
	const char *chosen = getenv("PARTERRE_TEST_DATABASE");
	if (chosen && strncmp(chosen, "postgres", 8) == 0) measure_postgres(chosen);
	else measure_sqlite();
	return 0;
}
