/* tests/theatre.h: a house with a shop in a fresh database, for tests of whatever stands on one.
 *
 *   struct theatre t = theatre_open();                  // "Théâtre du Lac", https://tickets.example.org/shop, in four languages
 *   in_write(t.db, fn, &arg)                            // must succeed
 *   theatre_close(&t); */
#pragma once
#include "database.h"
#include "institution/institution.h"

struct theatre {
	struct store *store;
	struct conn *db;
	int64_t institution, shop;
};

static inline struct new_institution theatre_new(void)
{
	return (struct new_institution){ .name = S("Théâtre du Lac"),
		.zone = S("Europe/Zurich"),
		.currency = S("CHF"),
		.street = S("Quai du Lac"),
		.house_number = S("1"),
		.postcode = S("1006"),
		.town = S("Lausanne"),
		.country = S("CH"),
		.phone = S("+41215550100"),
		.email = S("tickets@example.org"),
		.main_language = LANG_FR,
		.languages = 1u << LANG_EN | 1u << LANG_FR | 1u << LANG_DE | 1u << LANG_IT,
		.public_url = S("https://tickets.example.org/shop"),
		.accent = S("#005f6b"),
		.sender_name = S("Théâtre du Lac"),
		.sender_address = S("tickets@example.org") };
}

static inline enum status theatre_make(struct conn *db, void *arg)
{
	struct theatre *t = arg;
	struct new_institution n = theatre_new();
	struct arena *a = arena_new();
	enum status st = institution_make(db, a, &n, HTTP_ON_LOOPBACK_ONLY, &t->institution, &t->shop, NULL);
	arena_free(a);
	return st;
}

/* A write that has to succeed. */
static inline void in_write(struct conn *db, enum status (*fn)(struct conn *, void *), void *arg)
{
	enum status st = store_write(db, fn, arg);
	if (st) fail_msg("write: %s", status_name(st));
}

static inline struct theatre theatre_open(void)
{
	struct theatre t = { .store = database_open_fresh() };
	t.db = store_conn(t.store);
	in_write(t.db, theatre_make, &t);
	return t;
}

static inline void theatre_close(struct theatre *t)
{
	database_end(t->store);
}

/* A statement of the test's own, in a write of its own: to move a row's time, to break what must not break. */
struct theatre_sql {
	const struct sql *q;
	const struct value *values;
	size_t count;
};
static inline enum status theatre_exec(struct conn *db, void *arg)
{
	struct theatre_sql *x = arg;
	return store_exec_values(db, x->q, x->values, x->count);
}
#define do_sql(db, literal, ...)                                                                                   \
	do {                                                                                                           \
		static const struct sql q_ = SQL(literal);                                                                 \
		const struct value values_[] = { __VA_ARGS__ __VA_OPT__(, ){ 0 } };                                        \
		in_write((db), theatre_exec, &(struct theatre_sql){ &q_, values_, sizeof values_ / sizeof *values_ - 1 }); \
	} while (0)

/* The one number that a statement gives. */
static inline int64_t number_of(struct conn *db, const struct sql *q, const struct value *values, size_t count)
{
	enum status st = store_row_values(db, q, values, count);
	if (st) fail_msg("%s: %s", q->text, status_name(st));
	return col_int64(db, 0);
}
#define sql_number(db, literal, ...) \
	number_of((db), &(const struct sql)SQL(literal), (const struct value[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } }, VALUE_COUNT(__VA_ARGS__))
