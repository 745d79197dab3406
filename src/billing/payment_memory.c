/* billing/payment_memory.c: the reconciler's keys and records as rows. */
#include "billing/payment_memory.h"

static struct str key_bytes(const struct reconcile_key *key)
{
	return (struct str){ (const char *)key, sizeof *key };
}

static void find(void *user, const struct reconcile_key *keys, size_t count, int64_t *values)
{
	static const struct sql q = SQL("SELECT value FROM payment_key WHERE institution = $1 AND mark = $2");
	struct payment_memory *m = user;
	for (size_t i = 0; i < count; i++) {
		values[i] = -1;
		if (m->st) continue;
		enum status st = store_row(m->db, &q, int64(m->institution), blob(key_bytes(&keys[i])));
		if (st == OK) values[i] = col_int64(m->db, 0);
		else if (st != NOT_FOUND) m->st = st;
	}
}

static void keep(void *user, const struct reconcile_key *keys, size_t count, int64_t value)
{
	static const struct sql q = SQL("INSERT INTO payment_key (institution, mark, value) VALUES ($1, $2, $3)"
									" ON CONFLICT (institution, mark) DO UPDATE SET value = excluded.value");
	struct payment_memory *m = user;
	for (size_t i = 0; i < count && !m->st; i++) m->st = store_exec(m->db, &q, int64(m->institution), blob(key_bytes(&keys[i])), int64(value));
}

static int64_t record_add(void *user, struct str bytes)
{
	static const struct sql q = SQL("INSERT INTO payment_record (institution, content) VALUES ($1, $2) RETURNING id");
	struct payment_memory *m = user;
	if (m->st) return 0;
	m->st = store_row(m->db, &q, int64(m->institution), blob(bytes));
	return m->st ? 0 : col_int64(m->db, 0);
}

static struct str record_get(void *user, int64_t number)
{
	static const struct sql q = SQL("SELECT content FROM payment_record WHERE id = $1 AND institution = $2");
	struct payment_memory *m = user;
	if (!m->st) m->st = store_row(m->db, &q, int64(number), int64(m->institution));
	return m->st ? S("") : col_blob(m->db, 0, m->arena);
}

static void record_set(void *user, int64_t number, struct str bytes)
{
	static const struct sql q = SQL("UPDATE payment_record SET content = $3 WHERE id = $1 AND institution = $2");
	struct payment_memory *m = user;
	if (!m->st) m->st = store_exec(m->db, &q, int64(number), int64(m->institution), blob(bytes));
}

static bool last_get(void *user, enum bank_kind kind, struct str account, struct reconcile_last *out)
{
	static const struct sql q = SQL("SELECT sequence, year, page, until, closing, currency FROM payment_report"
									" WHERE institution = $1 AND message = $2 AND account = $3");
	struct payment_memory *m = user;
	if (m->st) return false;
	enum status st = store_row(m->db, &q, int64(m->institution), text(str_of(bank_kind_name(kind))), text(account));
	if (st) {
		if (st != NOT_FOUND) m->st = st;
		return false;
	}
	*out = (struct reconcile_last){ col_int64(m->db, 0), col_int64(m->db, 1), col_int64(m->db, 2), col_text(m->db, 3, m->arena),
		{ !col_is_null(m->db, 4), col_int64(m->db, 4), col_text(m->db, 5, m->arena) } };
	return true;
}

static void last_set(void *user, enum bank_kind kind, struct str account, const struct reconcile_last *last)
{
	static const struct sql q = SQL("INSERT INTO payment_report (institution, message, account, sequence, year, page, until, closing, currency)"
									" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (institution, message, account) DO UPDATE SET"
									" sequence = excluded.sequence, year = excluded.year, page = excluded.page, until = excluded.until,"
									" closing = excluded.closing, currency = excluded.currency");
	struct payment_memory *m = user;
	const struct bank_balance *c = &last->closing;
	if (!m->st)
		m->st = store_exec(m->db, &q, int64(m->institution), text(str_of(bank_kind_name(kind))), text(account), int64(last->sequence),
			int64(last->year), int64(last->page), text(last->to), c->is_known ? int64(c->cents) : null_value(), text(c->currency));
}

void payment_memory_lookups(struct payment_memory *m, struct reconcile_lookups *out)
{
	out->memory = m;
	out->find = find, out->keep = keep;
	out->record_add = record_add, out->record_get = record_get, out->record_set = record_set;
	out->last_get = last_get, out->last_set = last_set;
}

enum status payment_book_open(struct conn *db, int64_t institution)
{
	static const struct sql q = SQL("INSERT INTO payment_book (institution, decisions) VALUES ($1, 1)"
									" ON CONFLICT (institution) DO UPDATE SET decisions = payment_book.decisions + 1");
	return store_exec(db, &q, int64(institution));
}
