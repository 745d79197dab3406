/* tests/bench/store.c: what grouping brings: writes by fifty threads at once against writes one by one, on the same disk. Prints figures for tests/bench.py.
 * PARTERRE_TEST_DATABASE chooses the engine, as in the suites. */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "tests/database.h"

#define THREADS 50
#define TIME	(2 * SECOND) /* of each measurement */

static const struct migration steps[] = {
	{ 1, "0001_quota",
		"CREATE TABLE quota (id BIGINT NOT NULL PRIMARY KEY, remaining BIGINT NOT NULL CHECK (remaining >= 0));"
		"INSERT INTO quota VALUES (1, 1000000000);" },
};

static enum status buy(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE quota SET remaining = remaining - 1 WHERE id = $1 AND remaining > 0 RETURNING remaining");
	(void)arg;
	return store_row(db, &q, int64(1));
}

struct load {
	struct store *store;
	atomic_bool is_over;
	atomic_long done;
};

static void *write_on(void *arg)
{
	struct load *l = arg;
	while (!atomic_load(&l->is_over))
		if (store_write(store_conn(l->store), buy, NULL) == OK) atomic_fetch_add(&l->done, 1);
	return NULL;
}

static void *read_on(void *arg)
{
	static const struct sql q = SQL("SELECT remaining FROM quota WHERE id = $1");
	struct load *l = arg;
	while (!atomic_load(&l->is_over))
		if (store_row(store_conn(l->store), &q, int64(1)) == OK) atomic_fetch_add(&l->done, 1);
	return NULL;
}

/* How often a second N threads at once got through FN's loop. */
static double rate(struct store *s, int n, void *(*fn)(void *))
{
	struct load l = { .store = s };
	pthread_t threads[THREADS];
	int64_t begun = clock_steady();
	for (int i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, fn, &l)) BUG("no thread");
	usleep((useconds_t)TIME);
	atomic_store(&l.is_over, true);
	for (int i = 0; i < n; i++) pthread_join(threads[i], NULL);
	return (double)atomic_load(&l.done) * (double)SECOND / (double)(clock_steady() - begun);
}

int main(void)
{
	struct store *s = database_open_with(steps, COUNT(steps));
	double alone = rate(s, 1, write_on), together = rate(s, THREADS, write_on), reads = rate(s, 2, read_on);
	const char *engine = store_engine(store_conn(s)) == ENGINE_SQLITE ? "SQLite" : "PostgreSQL";
	printf("{\"name\": \"%s: writes by %d threads against one by one\", \"value\": %.1f, \"unit\": \"times\", \"goal\": \"%s\"}\n", engine, THREADS,
		together / alone, strcmp(engine, "SQLite") == 0 ? ">= 4" : "");
	printf("{\"name\": \"%s: writes by %d threads\", \"value\": %.0f, \"unit\": \"a second\"}\n", engine, THREADS, together);
	printf("{\"name\": \"%s: writes one by one\", \"value\": %.0f, \"unit\": \"a second\"}\n", engine, alone);
	printf("{\"name\": \"%s: reads by key, 2 threads\", \"value\": %.0f, \"unit\": \"a second\"}\n", engine, reads);
	database_end(s);
	return 0;
}
