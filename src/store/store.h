/* store/store.h: the one door to the data. Two engines behind it: SQLite (embedded) and PostgreSQL. design.md 3 has the rules and their reasons.
 *
 * A statement that fails inside store_write ends that transaction: every further statement gives the same status until FN has returned, on both engines.
 * Statements run one after another: if ((st = store_exec(...))) return st; never two in one expression. */
#pragma once
#include "base/problem.h"
#include "base/status.h"
#include "base/str.h"

struct store; /* an open database; one a process; shared by its threads */
struct conn;  /* what a thread or a running write asks with; never shared between threads */

enum engine { ENGINE_SQLITE, ENGINE_POSTGRES };

/* ---- opening ---- */

/* Opens "sqlite:PATH" or "postgresql://…" (any libpq URI; our own "prepared=no" is taken off first). Makes an SQLite file that is missing.
 * UNAVAILABLE or REFUSED with the reason in WHY: a PostgreSQL database must be reachable and encoded in UTF8 (SQL_ASCII passes with a warning); its collation
 * does not matter, because the migrator gives each text column the collation "C". The caller closes. */
enum status store_open(struct str url, struct store **out, struct problem *why);

/* Takes no new write (UNAVAILABLE), finishes those that wait, closes every connection. No thread may be inside the store any more but for waiting writers. */
void store_close(struct store *s);

/* Claims the database for one `serve`: REFUSED with words when another process serves the same SQLite file. Always OK on PostgreSQL. Held until store_close. */
enum status store_claim(struct store *s, struct problem *why);

/* The running thread's connection; opened at first use, closed when the thread or the store ends. Never NULL: a failure shows at the first statement. */
struct conn *store_conn(struct store *s);

/* From now on a store_write from the running thread is a BUG (polling threads may not wait). */
void store_thread_only_reads(void);

enum engine store_engine(const struct conn *db);

/* How many connections the server allows and how many each of our processes opens at most: for doctor. Both 0 on SQLite, which has no such bound. */
enum status store_connections(struct conn *db, int64_t *allowed, int64_t *ours);

/* ---- values ---- */

struct value {
	enum { VALUE_NULL = 0, VALUE_INT64, VALUE_TEXT, VALUE_BLOB, VALUE_BOOLEAN } kind;
	int64_t number;
	struct str bytes;
};

struct value int64(int64_t n);
struct value text(struct str s); /* valid UTF-8 without NUL, else the statement is REFUSED */
struct value blob(struct str bytes);
struct value boolean(bool is_true);
struct value null_value(void);

/* ---- statements ---- */

/* A statement in the subset that both engines read alike, parameters $1…; static const, because its address names the prepared statement.
 * PostgreSQL must be able to tell the type of a NULL: write CAST($1 AS BIGINT) where no column or other operand does. */
struct sql {
	const char *text;
};
#define SQL(literal) \
	{                \
		"" literal   \
	}

/* At the end of a sub-select that claims rows: locks what it selects and passes over what others have locked. Nothing on SQLite, which has one writer. */
#define SKIP_LOCKED " /*skip-locked*/ "

/* Anywhere in a statement whose best plan depends on its values (a search for a rare or a common word): PostgreSQL then plans it anew each time, where a
 * prepared one would settle on a plan for no value in particular. Nothing on SQLite. */
#define PLANNED_ANEW " /*planned-anew*/ "

/* Runs a statement; how many rows it changed is store_changes. Status: OK; REFUSED when a constraint of the schema refuses the row (unique, check, foreign key);
 * CONFLICT (let it through: store_write runs again); UNAVAILABLE (disk, connection, lock); BROKEN (our statement is wrong; logged). */
#define store_exec(db, q, ...) store_exec_values((db), (q), (const struct value[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } }, VALUE_COUNT(__VA_ARGS__))

/* Runs a statement and stands on its first row, whose columns col_… read. NOT_FOUND when there is none; a second row is not looked at. */
#define store_row(db, q, ...) store_row_values((db), (q), (const struct value[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } }, VALUE_COUNT(__VA_ARGS__))

/* Runs a statement whose rows store_next gives one by one, until the next statement on this connection. The rows are all read at once, so that a slow reader
 * holds nothing in the database; ask for pages of what may be long. */
#define store_query(db, q, ...) store_query_values((db), (q), (const struct value[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } }, VALUE_COUNT(__VA_ARGS__))

#define VALUE_COUNT(...) (sizeof((const struct value[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } }) / sizeof(struct value) - 1)

enum status store_exec_values(struct conn *db, const struct sql *q, const struct value *values, size_t count);
enum status store_row_values(struct conn *db, const struct sql *q, const struct value *values, size_t count);
enum status store_query_values(struct conn *db, const struct sql *q, const struct value *values, size_t count);

/* The next row: OK, NOT_FOUND after the last, or a failure. */
enum status store_next(struct conn *db);

/* Rows the last statement inserted, updated or deleted. */
int64_t store_changes(const struct conn *db);

/* Columns of the row one stands on, from 0. Text and bytes are copied into A. NULL reads as 0, false, empty. A wrong column or type is a BUG; a fraction makes
 * the statement BROKEN. sum() of integers is an integer on both engines. */
int64_t col_int64(struct conn *db, int column);
bool col_boolean(struct conn *db, int column);
struct str col_text(struct conn *db, int column, struct arena *a);
struct str col_blob(struct conn *db, int column, struct arena *a);
bool col_is_null(struct conn *db, int column);

/* ---- transactions ---- */

/* Runs FN in a transaction and commits durably; the only way to write. FN may run several times (bounded) when it met a conflict; it touches only its database
 * argument and ARG, resets its outputs first, and takes at most 5 ms. OK: committed. Anything else: nothing of it happened, except that UNAVAILABLE after
 * COMMIT had been sent leaves the outcome unknown: nothing is run again then, and store_outcome_unknown(db) is true. CONFLICT: it met conflicts each time; say
 * "try again". A statement's failure counts even when FN passes over it. A store_write or store_snapshot inside another, and a statement that writes outside
 * store_write, are BUGs. On SQLite FN runs on another thread, with other functions that share its commit. */
enum status store_write(struct conn *db, enum status (*fn)(struct conn *db, void *arg), void *arg);
bool store_outcome_unknown(const struct conn *db);

/* Runs FN's reads in one snapshot. Nothing in it may write. */
enum status store_snapshot(struct conn *db, enum status (*fn)(struct conn *db, void *arg), void *arg);

/* The transaction's time in UTC microseconds, the same throughout: the server's clock on PostgreSQL, the host's on SQLite. Outside a transaction the time now
 * (on PostgreSQL reckoned from what the server last said, at most a minute ago). */
int64_t store_now(struct conn *db);

/* ---- schema ---- */

/* A numbered step of the schema, compiled in from store/migrations/NNNN_name.sql. Words of our own, in capitals: the types BYTES BIGINT BOOLEAN TEXT, and
 * "id IDENTITY", an integer primary key that the engine counts up (others refer to it as BIGINT REFERENCES t). STRICT, the collation and the check of booleans
 * are added (store/migrate.c). No DEFERRABLE. */
struct migration {
	int number;
	const char *name;
	const char *sql;
};

/* This version's steps, in order (made by the build). */
extern const struct migration store_migrations[];
extern const size_t store_migration_count;

enum schema_state { SCHEMA_EMPTY, SCHEMA_OLDER, SCHEMA_CURRENT, SCHEMA_NEWER, SCHEMA_FOREIGN /* a checksum differs or the tables are not ours */ };

/* Where the database stands against STEPS. */
enum status store_schema(struct conn *db, const struct migration *steps, size_t count, enum schema_state *state, struct problem *why);

/* Brings the database to the last step, each step in one transaction with its checksum; a step that fails leaves nothing of itself. REFUSED for a newer or foreign schema. */
enum status store_migrate(struct conn *db, const struct migration *steps, size_t count, struct problem *why);

/* A consistent copy of the SQLite database in a new file PATH while others go on; REFUSED on PostgreSQL (says what to use). */
enum status store_backup(struct store *s, struct str path, struct problem *why);
