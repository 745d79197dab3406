/* formats/reconcile_memory.c: a table of keys, records, the last report of each account. Bills and pages are keys too, so that what is kept holds no names. */
#include "formats/reconcile_memory.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "formats/csv.h"

#define SLOTS_MIN  1024
#define RECORD_MAX 32768 /* bytes of a record that is read again; 64 tellings have 5,632, a pile of all kinds 16,392 */
#define FORM	   "parterre-bank-state"
#define VERSION	   "3"

struct entry {
	struct reconcile_key key; /* both zero: free */
	int64_t value;
};

struct last {
	struct last *next;
	enum bank_kind kind;
	struct str account;
	struct reconcile_last is;
};

struct reconcile_memory {
	struct arena *arena;
	struct entry *slots;
	size_t size, used;
	struct record {
		char *at;
		uint32_t len, size;
	} * records;
	size_t record_count, record_size;
	struct last *lasts;
};

struct reconcile_memory *reconcile_memory_new(void)
{
	struct arena *a = arena_new();
	struct reconcile_memory *m = ARENA_NEW(a, struct reconcile_memory);
	m->arena = a;
	return m;
}

void reconcile_memory_free(struct reconcile_memory *m)
{
	if (!m) return;
	free(m->slots);
	free(m->records);
	arena_free(m->arena);
}

/* ---- keys ---- */

static struct entry *entry_at(struct entry *slots, size_t size, struct reconcile_key key)
{
	size_t i = reconcile_slot(key, size);
	while ((slots[i].key.at[0] || slots[i].key.at[1]) && memcmp(&slots[i].key, &key, sizeof key) != 0) i = (i + 1) & (size - 1);
	return &slots[i];
}

static bool is_free(const struct entry *e)
{
	return !e->key.at[0] && !e->key.at[1];
}

static void grow(struct reconcile_memory *m)
{
	size_t size = m->size ? 2 * m->size : SLOTS_MIN;
	struct entry *slots = calloc(size, sizeof *slots);
	if (!slots) BUG("no memory for %zu keys", size);
	for (size_t i = 0; i < m->size; i++)
		if (!is_free(&m->slots[i])) *entry_at(slots, size, m->slots[i].key) = m->slots[i];
	free(m->slots);
	m->slots = slots, m->size = size;
}

static const struct entry *look(const struct reconcile_memory *m, struct reconcile_key key)
{
	const struct entry *e = m->size ? entry_at(m->slots, m->size, key) : NULL;
	return e && !is_free(e) ? e : NULL;
}

static void put(struct reconcile_memory *m, struct reconcile_key key, int64_t value)
{
	if (3 * m->used >= 2 * m->size) grow(m);
	struct entry *e = entry_at(m->slots, m->size, key);
	if (is_free(e)) e->key = key, m->used++;
	e->value = value;
}

static void find(void *user, const struct reconcile_key *keys, size_t count, int64_t *values)
{
	for (size_t i = 0; i < count; i++) {
		const struct entry *e = look(user, keys[i]);
		values[i] = e ? e->value : -1;
	}
}

static void keep(void *user, const struct reconcile_key *keys, size_t count, int64_t value)
{
	for (size_t i = 0; i < count; i++) put(user, keys[i], value);
}

/* ---- records and reports ---- */

static void set_bytes(struct reconcile_memory *m, struct record *r, struct str bytes)
{
	if (bytes.len > r->size) {
		r->at = arena_alloc(m->arena, bytes.len); /* what it had stays behind: few grow, and seldom */
		r->size = (uint32_t)bytes.len;
	}
	if (bytes.len) memcpy(r->at, bytes.at, bytes.len);
	r->len = (uint32_t)bytes.len;
}

static int64_t record_add(void *user, struct str bytes)
{
	struct reconcile_memory *m = user;
	if (m->record_count == m->record_size) {
		m->record_size = m->record_size ? 2 * m->record_size : SLOTS_MIN;
		m->records = realloc(m->records, arena_array_size(m->record_size, sizeof *m->records));
		if (!m->records) BUG("no memory for %zu records", m->record_size);
	}
	m->records[m->record_count] = (struct record){ NULL, 0, 0 };
	set_bytes(m, &m->records[m->record_count], bytes);
	return (int64_t)m->record_count++;
}

/* Only a kept file that somebody changed names what is not there. */
static struct str record_get(void *user, int64_t number)
{
	const struct reconcile_memory *m = user;
	if (number < 0 || (size_t)number >= m->record_count) return S("");
	return (struct str){ m->records[number].at, m->records[number].len };
}

static void record_set(void *user, int64_t number, struct str bytes)
{
	struct reconcile_memory *m = user;
	if (number >= 0 && (size_t)number < m->record_count) set_bytes(m, &m->records[number], bytes);
}

static struct last *last_of(struct reconcile_memory *m, enum bank_kind kind, struct str account)
{
	for (struct last *l = m->lasts; l; l = l->next)
		if (l->kind == kind && str_eq(l->account, account)) return l;
	return NULL;
}

static bool last_get(void *user, enum bank_kind kind, struct str account, struct reconcile_last *out)
{
	const struct last *l = last_of(user, kind, account);
	if (l) *out = l->is;
	return l != NULL;
}

static void last_set(void *user, enum bank_kind kind, struct str account, const struct reconcile_last *last)
{
	struct reconcile_memory *m = user;
	struct last *l = last_of(m, kind, account);
	if (!l) {
		l = ARENA_NEW(m->arena, struct last);
		*l = (struct last){ m->lasts, kind, str_keep(m->arena, account), { 0 } };
		m->lasts = l;
	}
	l->is = *last;
	l->is.to = str_keep(m->arena, last->to);
	l->is.closing.currency = str_keep(m->arena, last->closing.currency);
}

void reconcile_memory_lookups(struct reconcile_memory *m, struct reconcile_lookups *out)
{
	out->memory = m;
	out->find = find, out->keep = keep;
	out->record_add = record_add, out->record_get = record_get, out->record_set = record_set;
	out->last_get = last_get, out->last_set = last_set;
}

/* ---- bills and pages ---- */

static struct reconcile_key bill_key(int64_t id)
{
	return (struct reconcile_key){ { UINT64_C(0x62696c6c), (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) } }; /* "bill"; spread for the table */
}

int64_t reconcile_memory_booked(const struct reconcile_memory *m, int64_t id)
{
	const struct entry *e = look(m, bill_key(id));
	return e ? e->value : 0;
}

void reconcile_memory_book(struct reconcile_memory *m, int64_t id, int64_t cents)
{
	int64_t sum = reconcile_memory_booked(m, id);
	if (__builtin_add_overflow(sum, cents, &sum)) sum = cents < 0 ? INT64_MIN : INT64_MAX;
	put(m, bill_key(id), sum);
}

static struct reconcile_key page_key(struct reconcile_key message, int64_t day, int64_t page)
{
	return reconcile_derived(message, FOR_PAGE, (uint64_t)day << 32 ^ (uint64_t)page);
}

void reconcile_memory_add_page(struct reconcile_memory *m, struct reconcile_key message, int64_t day, int64_t page, bool is_last)
{
	put(m, page_key(message, day, page), is_last);
}

bool reconcile_memory_has_page(const struct reconcile_memory *m, struct reconcile_key message, int64_t day, int64_t page, bool *is_last)
{
	for (int64_t near = day - 1; near <= day + 1; near++) {
		const struct entry *e = look(m, page_key(message, near, page));
		if (e) return *is_last = e->value != 0, true;
	}
	return false;
}

/* ---- kept between runs ---- */

#define SAVE_PIECE 32768
#define HASH_BYTES crypto_generichash_BYTES_MIN

struct saving {
	crypto_generichash_state hash; /* of all before the last row */
	struct buf b;
	int64_t rows;
	void (*write)(void *user, struct str piece);
	void *user;
};

static void save_piece(struct saving *s)
{
	crypto_generichash_update(&s->hash, (const unsigned char *)s->b.at, s->b.len);
	s->write(s->user, buf_str(&s->b));
	s->b.len = 0;
}

static void save_row(struct saving *s, const struct str *fields, size_t count)
{
	csv_add(&s->b, fields, count, ',', CSV_LF);
	s->rows++;
	if (s->b.len >= SAVE_PIECE) save_piece(s);
}

/* Digits at TO, of at least 24 bytes. */
static struct str digits(char *to, int64_t n)
{
	char back[24];
	size_t len = 0, count = 0;
	uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	do back[count++] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (n < 0) to[len++] = '-';
	while (count) to[len++] = back[--count];
	return (struct str){ to, len };
}

static char *add_hex(char *to, const void *bytes, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *at = bytes;
	for (size_t i = 0; i < len; i++) *to++ = hex[at[i] >> 4], *to++ = hex[at[i] & 15];
	return to;
}

static void save_key(struct saving *s, const struct entry *e)
{
	char key[2 * sizeof e->key], value[24];
	add_hex(key, &e->key, sizeof e->key);
	save_row(s, (const struct str[]){ S("k"), { key, sizeof key }, digits(value, e->value) }, 3);
}

static void save_record(struct saving *s, const struct record *r)
{
	char bytes[2 * RECORD_MAX];
	if (r->len > RECORD_MAX) BUG("a record of %u bytes", r->len);
	save_row(s, (const struct str[]){ S("r"), { bytes, (size_t)(add_hex(bytes, r->at, r->len) - bytes) } }, 2);
}

static void save_last(struct saving *s, const struct last *l)
{
	char n[5][24];
	const struct bank_balance *c = &l->is.closing;
	const struct str fields[] = { S("l"), digits(n[0], l->kind), l->account, digits(n[1], l->is.sequence), digits(n[2], l->is.year), l->is.to,
		c->is_known ? c->currency : S(""), digits(n[3], c->cents), digits(n[4], l->is.page) };
	save_row(s, fields, COUNT(fields));
}

void reconcile_memory_save(const struct reconcile_memory *m, void (*write)(void *user, struct str piece), void *user)
{
	struct arena *a = arena_new();
	struct saving s = { .b = buf_in(a), .write = write, .user = user };
	char n[24], hash[2 * HASH_BYTES];
	unsigned char bytes[HASH_BYTES];
	crypto_generichash_init(&s.hash, NULL, 0, sizeof bytes);
	save_row(&s, (const struct str[]){ S(FORM), S(VERSION) }, 2);
	for (size_t i = 0; i < m->record_count; i++) save_record(&s, &m->records[i]);
	for (size_t i = 0; i < m->size; i++)
		if (!is_free(&m->slots[i])) save_key(&s, &m->slots[i]);
	for (const struct last *l = m->lasts; l; l = l->next) save_last(&s, l);
	save_piece(&s);
	crypto_generichash_final(&s.hash, bytes, sizeof bytes);
	add_hex(hash, bytes, sizeof bytes);
	save_row(&s, (const struct str[]){ S("end"), digits(n, s.rows), { hash, sizeof hash } }, 3);
	s.write(s.user, buf_str(&s.b));
	arena_free(a);
}

static bool load_row(struct reconcile_memory *m, struct arena *a, const struct csv_row *row)
{
	const struct str *f = row->fields;
	int64_t n[5];
	struct str bytes;
	if (row->count == 2 && str_eq(f[0], S("r"))) {
		if (f[1].len > 2 * RECORD_MAX || !str_from_hex(a, f[1], &bytes)) return false;
		record_add(m, bytes);
		return true;
	}
	if (row->count == 3 && str_eq(f[0], S("k"))) {
		struct reconcile_key key;
		if (f[1].len != 2 * sizeof key || !str_from_hex(a, f[1], &bytes) || !str_int64(f[2], &n[0])) return false;
		memcpy(&key, bytes.at, sizeof key);
		put(m, key, n[0]);
		return true;
	}
	if (row->count == 9 && str_eq(f[0], S("l"))) {
		if (!str_int64(f[1], &n[0]) || n[0] < 0 || n[0] > BANK_V11) return false;
		if (!str_int64(f[3], &n[1]) || !str_int64(f[4], &n[2]) || !str_int64(f[7], &n[3]) || !str_int64(f[8], &n[4])) return false;
		struct reconcile_last last = { n[1], n[2], n[4], f[5], { f[6].len > 0, n[3], f[6] } };
		last_set(m, (enum bank_kind)n[0], f[2], &last);
		return true;
	}
	return false;
}

/* Whether the row that ends TEXT, which begins at END, has the hash of all before it. */
static bool is_hash_right(struct arena *a, struct str text, size_t end, struct str said)
{
	unsigned char hash[HASH_BYTES];
	struct str bytes;
	crypto_generichash(hash, sizeof hash, (const unsigned char *)text.at, end, NULL, 0);
	return said.len == 2 * sizeof hash && str_from_hex(a, said, &bytes) && memcmp(bytes.at, hash, sizeof hash) == 0;
}

/* Where the last line begins. */
static size_t last_line(struct str text)
{
	size_t at = text.len ? text.len - 1 : 0;
	while (at && text.at[at - 1] != '\n') at--;
	return at;
}

enum status reconcile_memory_load(struct reconcile_memory *m, struct str text, struct problem *why)
{
	struct arena *a = arena_new();
	struct csv c = csv_of(text, ',');
	struct str fields[CSV_FIELDS_MAX];
	struct csv_row row;
	int64_t rows = 0, said = -1;
	bool is_right = csv_next_into(a, &c, fields, &row) == CSV_ROW && row.count == 2 && str_eq(fields[0], S(FORM));
	bool is_other = is_right && !str_eq(fields[1], S(VERSION));
	is_right = is_right && !is_other;
	for (rows = 1; is_right && said < 0 && csv_next_into(a, &c, fields, &row) == CSV_ROW; rows++) {
		if (row.count == 3 && str_eq(fields[0], S("end")))
			is_right = str_int64(fields[1], &said) && said == rows && is_hash_right(a, text, last_line(text), fields[2]);
		else is_right = load_row(m, a, &row);
		if (arena_size(a) > SAVE_PIECE) arena_reset(a);
	}
	is_right = is_right && said >= 0 && csv_next_into(a, &c, fields, &row) == CSV_END;
	arena_free(a);
	if (is_right) return OK;
	if (is_other) problem_add(why, "state", MSG_BANK_STATE_VERSION);
	else problem_add(why, "state", MSG_BANK_STATE_BROKEN, arg_int("line", row.line));
	return REFUSED;
}
