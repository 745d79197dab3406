/* store/postgres.c: PostgreSQL behind store.h, through libpq. A statement borrows a connection ("link") of the process's pool, a transaction keeps one.
 *
 * A link that broke is dropped, and all idle ones with it: a server that was restarted has broken them all. What had not been sent yet, or only read, is tried
 * once more on a fresh link; a write that had begun is not. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/engine.h"

#define LINK_WAIT		 (10 * SECOND) /* for one of them; who waits longer is told to try later */
#define CLOCK_TRUST		 (60 * SECOND) /* how long the server's clock is reckoned from our steady one before it is asked again */
#define NUMBER_ROOM		 24			   /* "-9223372036854775808" */
#define SERVER_NAME_ROOM 16			   /* "s4294967295" */

/* What a link asks of the server when it opens: whatever writes outside store_write is our mistake and refused; a host that died holds its locks for a minute. */
#define LINK_SETTINGS "SET default_transaction_read_only = on; SET idle_in_transaction_session_timeout = '60s'"

#define TIME_COLUMN "(EXTRACT(EPOCH FROM transaction_timestamp()) * 1000000)::bigint"
#define BEGIN_WRITE "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT " TIME_COLUMN
#define BEGIN_READ	"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT " TIME_COLUMN
#define ASK_TIME	"SELECT " TIME_COLUMN

/* Types by their fixed numbers in every server's catalogue (pg_type.dat). */
enum type {
	TYPE_BOOL = 16,
	TYPE_BYTEA = 17,
	TYPE_NAME = 19,
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_TEXT = 25,
	TYPE_UNKNOWN = 705,
	TYPE_BPCHAR = 1042,
	TYPE_VARCHAR = 1043,
	TYPE_NUMERIC = 1700
};

struct link {
	struct link *next;
	PGconn *pg;
	struct prepared_table prepared;
	bool is_spent; /* not to be used again */
};

struct postgres_store {
	PQconninfoOption *options;
	const char **names, **values; /* for PQconnectdbParams; ends with NULL */
	bool is_prepared;
	struct link *idle;
	int links;
	pthread_cond_t given;
	int64_t server_time, steady_time; /* what the server's clock said, and ours then; 0 when never asked */
};

/* ---- errors ---- */

/* By beginning of the SQLSTATE, the first that fits. */
static const struct {
	const char *state;
	enum status status;
} states[] = {
	{ "40001", CONFLICT }, { "40P01", CONFLICT },		/* serialization failure, deadlock */
	{ "23", REFUSED },									/* unique, check, foreign key, not null */
	{ "42P07", REFUSED }, { "42710", REFUSED },			/* two processes make the same table */
	{ "08P01", BROKEN }, { "08", UNAVAILABLE },			/* wrong number of values; connection */
	{ "53", UNAVAILABLE },								/* disk full, out of memory, too many connections */
	{ "55P03", UNAVAILABLE },							/* lock not available */
	{ "57", UNAVAILABLE }, { "58", UNAVAILABLE },		/* shut down, cancelled; input or output error */
	{ "26000", UNAVAILABLE }, { "25006", UNAVAILABLE }, /* a pooler mixed sessions; a standby */
};

/* Notes, logs and names the failure R on L. No SQLSTATE means that the connection broke. Primary text only: details hold data. */
static enum status failed(struct conn *db, struct link *l, const PGresult *r, const char *what)
{
	const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
	const char *said = state ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : PQerrorMessage(l->pg);
	enum status st = state ? BROKEN : UNAVAILABLE;
	for (size_t i = 0; state && i < COUNT(states); i++)
		if (strncmp(state, states[i].state, strlen(states[i].state)) == 0) {
			st = states[i].status;
			break;
		}
	if (PQstatus(l->pg) != CONNECTION_OK) {
		l->is_spent = true;
		st = UNAVAILABLE;
	}
	if (state && (strcmp(state, "26000") == 0 || strcmp(state, "25006") == 0)) l->is_spent = true;
	conn_said(db, said ? said : "no message");
	if (st == BROKEN) log_error("PostgreSQL: %s (%s): %s", db->said, state, what);
	else if (st == UNAVAILABLE) log_warn("PostgreSQL: %s (%s): %s", db->said, state ? state : "connection", what);
	return st;
}

/* ---- the pool ---- */

static void no_notice(void *ignored, const char *message)
{
	(void)ignored, (void)message;
}

static void link_close(struct link *l)
{
	PQfinish(l->pg);
	prepared_clear(&l->prepared, NULL);
	free(l);
}

static struct link *link_open(struct postgres_store *p, char said[SAID_MAX])
{
	struct link *l = calloc(1, sizeof *l);
	if (!l) BUG("out of memory for a connection");
	l->pg = PQconnectdbParams(p->names, p->values, 0);
	bool is_open = PQstatus(l->pg) == CONNECTION_OK;
	if (is_open) PQsetNoticeProcessor(l->pg, no_notice, NULL);
	/* Behind a pooler that shares sessions (prepared=no) settings would not stay with us. */
	if (is_open && p->is_prepared) {
		PGresult *r = PQexec(l->pg, LINK_SETTINGS);
		is_open = PQresultStatus(r) == PGRES_COMMAND_OK;
		PQclear(r);
	}
	if (is_open) return l;
	snprintf(said, SAID_MAX, "%.*s", (int)strcspn(PQerrorMessage(l->pg), "\n"), PQerrorMessage(l->pg));
	link_close(l);
	return NULL;
}

static enum status link_take(struct conn *db, struct link **out)
{
	struct store *s = db->store;
	struct postgres_store *p = s->postgres;
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += LINK_WAIT / SECOND;
	*out = NULL;
	pthread_mutex_lock(&s->lock);
	int waited = 0;
	while (!p->idle && p->links == LINKS_MAX && !waited) waited = pthread_cond_timedwait(&p->given, &s->lock, &until);
	bool may_open = !p->idle && p->links < LINKS_MAX;
	if (p->idle) {
		*out = p->idle;
		p->idle = (*out)->next;
	} else if (may_open) p->links++;
	pthread_mutex_unlock(&s->lock);
	if (*out) return OK;
	if (!may_open) {
		log_warn("PostgreSQL: all %d connections were busy", LINKS_MAX);
		return UNAVAILABLE;
	}
	*out = link_open(p, db->said);
	if (*out) return OK;
	log_warn("PostgreSQL: %s", db->said);
	pthread_mutex_lock(&s->lock);
	p->links--;
	pthread_cond_signal(&p->given);
	pthread_mutex_unlock(&s->lock);
	return UNAVAILABLE;
}

/* Gives L back, or drops it and the idle ones when it broke. */
static void link_give(struct store *s, struct link *l)
{
	struct postgres_store *p = s->postgres;
	struct link *drop = NULL;
	/* Whoever leaves a transaction open leaves nothing that another could use. */
	if (PQtransactionStatus(l->pg) != PQTRANS_IDLE) l->is_spent = true;
	pthread_mutex_lock(&s->lock);
	if (l->is_spent) {
		drop = l;
		drop->next = p->idle;
		p->idle = NULL;
		for (struct link *d = drop; d; d = d->next) p->links--;
		pthread_cond_broadcast(&p->given);
	} else {
		l->next = p->idle;
		p->idle = l;
		pthread_cond_signal(&p->given);
	}
	pthread_mutex_unlock(&s->lock);
	for (struct link *next; drop; drop = next) {
		next = drop->next;
		link_close(drop);
	}
}

/* ---- opening ---- */

/* Copies URL without our own parameter; false when its value is neither yes nor no. */
static bool url_without_ours(struct arena *a, struct str url, char **out, bool *is_prepared)
{
	struct str address, rest = url, pair;
	struct buf b = buf_in(a);
	str_next(&rest, '?', &address);
	buf_add(&b, address);
	char before = '?';
	while (str_next(&rest, '&', &pair)) {
		if (str_starts(pair, S("prepared="))) {
			*is_prepared = str_eq(pair, S("prepared=yes"));
			if (!*is_prepared && !str_eq(pair, S("prepared=no"))) return false;
			continue;
		}
		buf_add_char(&b, before);
		buf_add(&b, pair);
		before = '&';
	}
	*out = str_c(a, buf_str(&b));
	return *out != NULL;
}

/* What the URL leaves open: a host that vanishes is noticed within half a minute. */
static const struct {
	const char *name, *value;
} defaults[] = {
	{ "application_name", "parterre" },
	{ "connect_timeout", "5" },
	{ "keepalives_idle", "15" },
	{ "keepalives_interval", "5" },
	{ "keepalives_count", "3" },
	{ "tcp_user_timeout", "30000" },
};

static bool options_read(struct postgres_store *p, const char *url)
{
	p->options = PQconninfoParse(url, NULL);
	if (!p->options) return false;
	size_t n = 0, used = 0;
	while (p->options[n].keyword) n++;
	p->names = calloc(n + 2, sizeof *p->names);
	p->values = calloc(n + 2, sizeof *p->values);
	if (!p->names || !p->values) BUG("out of memory for a store");
	for (size_t i = 0; i < n; i++) {
		const char *name = p->options[i].keyword, *value = p->options[i].val;
		if (strcmp(name, "client_encoding") == 0) value = "UTF8";
		for (size_t d = 0; !value && d < COUNT(defaults); d++)
			if (strcmp(name, defaults[d].name) == 0) value = defaults[d].value;
		if (!value) continue;
		p->names[used] = name;
		p->values[used++] = value;
	}
	return true;
}

/* UTF8 holds every name; SQL_ASCII holds whatever bytes we send, and we send UTF-8 only. Everything else loses letters. Collation does not matter:
 * the migrator gives each text column the collation "C". */
static enum status encoding_check(struct link *l, struct problem *why)
{
	const char *encoding = PQparameterStatus(l->pg, "server_encoding");
	if (!encoding) encoding = "unknown";
	if (strcmp(encoding, "UTF8") == 0) return OK;
	if (strcmp(encoding, "SQL_ASCII") == 0) {
		log_warn("PostgreSQL: the database's encoding is SQL_ASCII; UTF8 is better");
		return OK;
	}
	problem_add(why, "database", MSG_DATABASE_ENCODING, arg_text("encoding", why ? str_keep(why->arena, str_of(encoding)) : S("")));
	return REFUSED;
}

static enum status postgres_open(struct store *s, struct str url, struct problem *why)
{
	struct postgres_store *p = s->postgres = calloc(1, sizeof *s->postgres);
	if (!p) BUG("out of memory for a store");
	pthread_condattr_t steady;
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&p->given, &steady);
	pthread_condattr_destroy(&steady);
	p->is_prepared = true;

	struct arena *a = arena_new();
	char *plain;
	bool is_read = url_without_ours(a, url, &plain, &p->is_prepared) && options_read(p, plain);
	arena_free(a);
	if (!is_read) return problem_add(why, "database", MSG_DATABASE_URL_UNKNOWN), REFUSED;

	struct conn *db = conn_new(s);
	struct link *l;
	enum status st = link_take(db, &l);
	if (st) problem_add(why, "database", MSG_DATABASE_CANNOT_OPEN, arg_text("said", why ? str_keep(why->arena, str_of(db->said)) : S("")));
	else {
		st = encoding_check(l, why);
		link_give(s, l);
	}
	conn_free(db);
	return st;
}

static void postgres_close(struct store *s)
{
	struct postgres_store *p = s->postgres;
	if (!p) return;
	for (struct link *next; p->idle; p->idle = next) {
		next = p->idle->next;
		link_close(p->idle);
	}
	pthread_cond_destroy(&p->given);
	PQconninfoFree(p->options);
	free(p->names);
	free(p->values);
	free(p);
	s->postgres = NULL;
}

static enum status postgres_claim(struct store *s, struct problem *why)
{
	(void)s, (void)why; /* any number of processes share the database */
	return OK;
}

static void postgres_conn_close(struct conn *db)
{
	(void)db; /* holds a link inside a transaction only */
}

/* ---- statements ---- */

struct sent {
	Oid types[VALUES_MAX];
	const char *at[VALUES_MAX];
	int lengths[VALUES_MAX], formats[VALUES_MAX];
};

/* Values as libpq wants them: text format, which ends in NUL, but for bytes. A NULL's type is left to the server. */
static void values_pack(struct arena *a, const struct value *values, size_t count, struct sent *out)
{
	for (size_t i = 0; i < count; i++) {
		const struct value *v = &values[i];
		out->at[i] = NULL;
		out->types[i] = 0;
		out->lengths[i] = out->formats[i] = 0;
		char *number;
		switch (v->kind) {
		case VALUE_NULL: break;
		case VALUE_INT64:
			number = arena_alloc(a, NUMBER_ROOM);
			snprintf(number, NUMBER_ROOM, "%" PRId64, v->number);
			out->at[i] = number;
			out->types[i] = TYPE_INT8;
			break;
		case VALUE_BOOLEAN:
			out->at[i] = v->number ? "t" : "f";
			out->types[i] = TYPE_BOOL;
			break;
		case VALUE_TEXT:
			out->at[i] = str_c(a, v->bytes);
			out->types[i] = TYPE_TEXT;
			break;
		case VALUE_BLOB:
			if (v->bytes.len > INT32_MAX / 2) BUG("a value of %zu bytes", v->bytes.len);
			out->at[i] = v->bytes.at;
			out->types[i] = TYPE_BYTEA;
			out->lengths[i] = (int)v->bytes.len;
			out->formats[i] = 1;
			break;
		}
	}
}

/* The statement with SKIP_LOCKED's comment in PostgreSQL's words. */
static const char *words_of(struct arena *a, const char *sql)
{
	const char *mark = strstr(sql, SKIP_LOCKED);
	if (!mark) return sql;
	struct buf b = buf_in(a);
	buf_add(&b, (struct str){ sql, (size_t)(mark - sql) });
	buf_add(&b, S(" FOR UPDATE SKIP LOCKED "));
	buf_add(&b, str_of(mark + sizeof SKIP_LOCKED - 1));
	return str_c(a, buf_str(&b));
}

static PGresult *send(struct conn *db, struct link *l, const struct sql *q, const struct value *values, size_t count)
{
	struct sent v;
	values_pack(db->arena, values, count, &v);
	if (!db->store->postgres->is_prepared || strstr(q->text, PLANNED_ANEW))
		return PQexecParams(l->pg, words_of(db->arena, q->text), (int)count, v.types, v.at, v.lengths, v.formats, 0);

	char name[SERVER_NAME_ROOM];
	struct prepared *p = prepared_find(&l->prepared, q, values, count);
	if (!p) {
		snprintf(name, sizeof name, "s%zu", l->prepared.used + 1);
		PGresult *r = PQprepare(l->pg, name, words_of(db->arena, q->text), (int)count, v.types);
		if (PQresultStatus(r) != PGRES_COMMAND_OK) return r;
		PQclear(r);
		p = prepared_add(&l->prepared, q, values, count);
	}
	snprintf(name, sizeof name, "s%u", p->number);
	return PQexecPrepared(l->pg, name, (int)count, v.at, v.lengths, v.formats, 0);
}

static int hex_digit(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* "\x00ff…", the only way in which servers since 9.0 write bytes as text, unless bytea_output was changed. */
static bool bytes_read(struct arena *a, struct str hex, struct str *out)
{
	if (hex.len < 2 || hex.at[0] != '\\' || hex.at[1] != 'x' || hex.len % 2) return false;
	size_t len = hex.len / 2 - 1;
	char *at = arena_alloc(a, len + 1);
	for (size_t i = 0; i < len; i++) {
		if (!isxdigit((unsigned char)hex.at[2 + 2 * i]) || !isxdigit((unsigned char)hex.at[3 + 2 * i])) return false;
		at[i] = (char)(hex_digit(hex.at[2 + 2 * i]) << 4 | hex_digit(hex.at[3 + 2 * i]));
	}
	*out = (struct str){ at, len };
	return true;
}

static bool cell_read(struct arena *a, const PGresult *r, int row, int column, struct value *to)
{
	struct str got = { PQgetvalue(r, row, column), (size_t)PQgetlength(r, row, column) }, bytes;
	*to = null_value();
	if (PQgetisnull(r, row, column)) return true;
	switch ((enum type)PQftype(r, column)) {
	case TYPE_BOOL: *to = boolean(str_eq(got, S("t"))); return true;
	case TYPE_INT2:
	case TYPE_INT4:
	case TYPE_INT8:
	case TYPE_NUMERIC: /* the sum of a column of BIGINT; a fraction is refused */ to->kind = VALUE_INT64; return str_int64(got, &to->number);
	case TYPE_TEXT:
	case TYPE_NAME:
	case TYPE_UNKNOWN:
	case TYPE_BPCHAR:
	case TYPE_VARCHAR: *to = text(str_keep(a, got)); return true;
	case TYPE_BYTEA:
		if (!bytes_read(a, got, &bytes)) return false;
		*to = blob(bytes);
		return true;
	default: return false;
	}
}

static enum status rows_read(struct conn *db, const PGresult *r, const char *sql, enum want want)
{
	int rows = want == WANT_NOTHING ? 0 : PQntuples(r);
	if (want == WANT_FIRST && rows > 1) rows = 1;
	struct row *last = NULL;
	db->columns = PQnfields(r);
	for (int i = 0; i < rows; i++) {
		last = conn_row_add(db, last);
		for (int k = 0; k < db->columns; k++) {
			if (cell_read(db->arena, r, i, k, &last->cells[k])) continue;
			log_error("column %d is of a type that we don't have (%u): %s", k, PQftype(r, k), sql);
			return BROKEN;
		}
	}
	return OK;
}

/* How many rows R changed; a SELECT counts those that it found, which is something else. */
static int64_t changes_of(PGresult *r)
{
	int64_t n;
	const char *tag = PQcmdStatus(r);
	return strncmp(tag, "SELECT", 6) != 0 && str_int64(str_of(PQcmdTuples(r)), &n) ? n : 0;
}

static enum status run_on(struct conn *db, struct link *l, const struct sql *q, const struct value *values, size_t count, enum want want)
{
	PGresult *r = send(db, l, q, values, count);
	enum status st;
	ExecStatusType got = PQresultStatus(r);
	if (got == PGRES_TUPLES_OK || got == PGRES_COMMAND_OK) {
		st = rows_read(db, r, q->text, want);
		db->changes = changes_of(r);
	} else {
		const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
		if (db->doing != DOING_WRITE && state && strcmp(state, "25006") == 0) BUG("writes outside store_write: %s", q->text);
		st = failed(db, l, r, q->text);
	}
	PQclear(r);
	return st;
}

static enum status postgres_run(struct conn *db, const struct sql *q, const struct value *values, size_t count, enum want want)
{
	if (db->link) return run_on(db, db->link, q, values, count, want);
	for (int tries = 1;; tries++) {
		struct link *l;
		enum status st = link_take(db, &l);
		if (st) return st;
		st = run_on(db, l, q, values, count, want);
		bool is_spent = l->is_spent;
		link_give(db->store, l);
		if (!is_spent || tries == 2) return st;
	}
}

static enum status postgres_script(struct conn *db, const char *script)
{
	PGresult *r = PQexec(db->link->pg, script);
	enum status st = OK;
	ExecStatusType got = PQresultStatus(r);
	if (got != PGRES_COMMAND_OK && got != PGRES_TUPLES_OK && got != PGRES_EMPTY_QUERY) st = failed(db, db->link, r, "a script");
	PQclear(r);
	return st;
}

/* ---- time ---- */

static void time_note(struct store *s, int64_t server_time)
{
	pthread_mutex_lock(&s->lock);
	s->postgres->server_time = server_time;
	s->postgres->steady_time = clock_steady();
	pthread_mutex_unlock(&s->lock);
}

/* Runs SQL, whose last result is the server's time. */
static enum status ask_time(struct conn *db, struct link *l, const char *sql, int64_t *out)
{
	PGresult *r = PQexec(l->pg, sql);
	enum status st = OK;
	if (PQresultStatus(r) != PGRES_TUPLES_OK) st = failed(db, l, r, sql);
	else if (!str_int64(str_of(PQgetvalue(r, 0, 0)), out)) BUG("the server's time is no number");
	else time_note(db->store, *out);
	PQclear(r);
	return st;
}

/* Reckoned from the last time that a transaction told, so that a page costs no question more; never from the host's own idea of the hour unless the server
 * can't be reached, when nothing will be decided anyway. */
static int64_t postgres_now(struct conn *db)
{
	struct store *s = db->store;
	if (db->is_closed) return clock_utc();
	pthread_mutex_lock(&s->lock);
	int64_t server_time = s->postgres->server_time, passed = clock_steady() - s->postgres->steady_time;
	pthread_mutex_unlock(&s->lock);
	if (server_time && passed < CLOCK_TRUST) return server_time + passed;
	struct link *l;
	if (link_take(db, &l)) return clock_utc();
	int64_t now = 0;
	if (ask_time(db, l, ASK_TIME, &now)) now = clock_utc();
	link_give(s, l);
	return now;
}

/* ---- transactions ---- */

/* Begins on a link of the pool; an idle link that broke meanwhile shows here, and a fresh one is tried. */
static enum status begin(struct conn *db, const char *sql)
{
	for (int tries = 1;; tries++) {
		enum status st = link_take(db, &db->link);
		if (st) return st;
		st = ask_time(db, db->link, sql, &db->now);
		if (!st) return OK;
		db->link->is_spent = true;
		link_give(db->store, db->link);
		db->link = NULL;
		if (tries == 2) return st == BROKEN ? UNAVAILABLE : st; /* our words are fixed: it is the server that can't, a standby for one */
	}
}

static void end(struct conn *db)
{
	link_give(db->store, db->link);
	db->link = NULL;
}

static void roll_back(struct conn *db)
{
	if (PQstatus(db->link->pg) == CONNECTION_OK) PQclear(PQexec(db->link->pg, "ROLLBACK"));
}

/* Only the tag COMMIT says that it is committed. An error that the server sent on a connection that lives says that it is not; everything else says nothing. */
static enum status commit(struct conn *db)
{
	struct link *l = db->link;
	if (PQstatus(l->pg) != CONNECTION_OK) return UNAVAILABLE; /* never sent */
	PGresult *r = PQexec(l->pg, "COMMIT");
	enum status st;
	if (PQresultStatus(r) == PGRES_COMMAND_OK) {
		st = strcmp(PQcmdStatus(r), "COMMIT") == 0 ? OK : UNAVAILABLE;
		if (st) log_warn("PostgreSQL: COMMIT was answered by %s", PQcmdStatus(r));
	} else {
		st = failed(db, l, r, "COMMIT");
		if (!st) BUG("a failure without a status");
		db->is_outcome_unknown = PQstatus(l->pg) != CONNECTION_OK;
	}
	PQclear(r);
	return st;
}

static enum status postgres_write(struct conn *db, work_fn *fn, void *arg)
{
	for (int runs = 1;; runs++) {
		enum status st = begin(db, BEGIN_WRITE);
		if (st) return st;
		st = conn_call(db, DOING_WRITE, fn, arg);
		bool was_sent = st == OK;
		if (st) roll_back(db);
		else st = commit(db);
		end(db);
		if (st != CONFLICT || was_sent || runs == WRITE_RUNS_MAX) return st;
		conflict_pause(runs);
	}
}

static enum status postgres_snapshot(struct conn *db, work_fn *fn, void *arg)
{
	enum status st = begin(db, BEGIN_READ);
	if (st) return st;
	st = conn_call(db, DOING_SNAPSHOT, fn, arg);
	roll_back(db);
	end(db);
	return st;
}

static enum status postgres_backup(struct store *s, struct str path, struct problem *why)
{
	(void)s, (void)path;
	problem_add(why, "", MSG_BACKUP_POSTGRES);
	return REFUSED;
}

const struct engine_calls postgres_engine = {
	.kind = ENGINE_POSTGRES,
	.scheme = "postgresql://",
	.open = postgres_open,
	.close = postgres_close,
	.claim = postgres_claim,
	.conn_close = postgres_conn_close,
	.run = postgres_run,
	.script = postgres_script,
	.write = postgres_write,
	.snapshot = postgres_snapshot,
	.now = postgres_now,
	.backup = postgres_backup,
};
