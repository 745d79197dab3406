/* store/engine.h: what store.c and the two engines share. Nobody outside store/ includes it.
 *
 * Statements run whole: their rows are copied into the connection's arena before run() returns, so no engine holds a snapshot, a lock or a pooled connection
 * for a caller that reads slowly or stops half way. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "store/prepared.h"
#include "store/store.h"

#define WRITE_RUNS_MAX 10  /* conflicts that still happen after ten runs with pauses are no accident */
#define SAID_MAX	   256 /* of an engine's last message: for a log line and the migrator's problem */

typedef enum status work_fn(struct conn *db, void *arg);

#define LINKS_MAX 16 /* PostgreSQL's connections of a process: six of them fit into a server's usual hundred */

enum want { WANT_NOTHING, WANT_FIRST, WANT_ALL };

struct row {
	struct row *next;
	struct value cells[];
};

struct conn {
	struct store *store;
	struct conn *next_of_thread, *next_of_store;
	pthread_t thread;	   /* the only one that may ask */
	atomic_bool is_closed; /* by store_close; the thread still owns the memory */

	enum doing { DOING_NOTHING = 0, DOING_SNAPSHOT, DOING_WRITE } doing;
	enum status failed; /* what the running transaction's first failure was */
	bool is_outcome_unknown;
	int64_t now; /* of the running transaction */

	struct arena *arena; /* of the last statement: its rows, and what the engine needs meanwhile */
	struct row *rows, *at;
	int columns;
	enum status last;
	int64_t changes;
	char said[SAID_MAX];

	struct sqlite_conn *sqlite;
	struct link *link; /* PostgreSQL: the pooled connection, held for a transaction only */
};

struct store {
	const struct engine_calls *engine;
	pthread_mutex_t lock; /* all that follows, and the engines' queues */
	pthread_cond_t writes_over;
	bool is_closing;
	int writes;			/* threads inside store_write */
	struct conn *conns; /* of threads; under the registry's lock, see store.c */
	atomic_int holders; /* the opener and each conn: the last one frees */
	struct sqlite_store *sqlite;
	struct postgres_store *postgres;
};

/* An engine. conn_close, close and the like are called once; none of them is called for a thread that is still inside the store. */
struct engine_calls {
	enum engine kind;
	const char *scheme; /* what its URLs begin with */
	enum status (*open)(struct store *s, struct str url, struct problem *why);
	void (*close)(struct store *s);
	enum status (*claim)(struct store *s, struct problem *why);
	void (*conn_close)(struct conn *db);
	enum status (*run)(struct conn *db, const struct sql *q, const struct value *values, size_t count, enum want want);
	enum status (*script)(struct conn *db, const char *text); /* several statements; inside a write */
	enum status (*write)(struct conn *db, work_fn *fn, void *arg);
	enum status (*snapshot)(struct conn *db, work_fn *fn, void *arg);
	int64_t (*now)(struct conn *db); /* outside a transaction */
	enum status (*backup)(struct store *s, struct str path, struct problem *why);
};

extern const struct engine_calls sqlite_engine, postgres_engine;

/* A connection for one thread, or for a writer. */
struct conn *conn_new(struct store *s);
void conn_free(struct conn *db);

/* Calls FN inside a transaction that the engine has begun; a failed statement that FN passed over still counts. */
enum status conn_call(struct conn *db, enum doing doing, work_fn *fn, void *arg);

/* A new last row of the running statement. */
struct row *conn_row_add(struct conn *db, struct row *before);

/* Notes what the engine said, for the log and the migrator. */
void conn_said(struct conn *db, const char *message);

/* Waits a little, longer and more at random with each run that met a conflict. */
void conflict_pause(int runs);
