/* formats/reconcile_marks.c: keys are hashes (BLAKE2b) of what a bank says of a transaction. What a report lists twice was booked twice, so keys and words are
 * numbered within a report. */
#include "formats/reconcile.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"

#define PARTS_MAX  8
#define PART_MAX   2048 /* bytes of one part; readers keep no longer texts */
#define SLOTS_MIN  64
#define UETR_MAX   64 /* bytes of it that count; the schema has 36 */
#define FILLER_MAX 16 /* letters of the longest word that fills a field */

/* How often each key was met. */
struct counts {
	struct slot {
		struct reconcile_key key;
		uint64_t count;
	} * slots;
	size_t size, used;
};

struct reconcile_marker {
	unsigned char hash[32];
	struct reconcile_key report, account, pages;
	int64_t page;
	struct counts in_report;
};

static struct reconcile_key hash_of(char kind, const struct str *parts, size_t count)
{
	unsigned char bytes[PARTS_MAX * (PART_MAX + 4) + 1];
	size_t len = 0;
	bytes[len++] = (unsigned char)kind;
	for (size_t i = 0; i < count; i++) {
		uint32_t n = parts[i].len < PART_MAX ? (uint32_t)parts[i].len : PART_MAX;
		memcpy(bytes + len, &n, sizeof n);
		len += sizeof n;
		if (n) memcpy(bytes + len, parts[i].at, n);
		len += n;
	}
	struct reconcile_key key;
	if (crypto_generichash((unsigned char *)&key, sizeof key, bytes, len, NULL, 0)) BUG("BLAKE2b");
	return key;
}

/* The hash is spread evenly, so a changed bit makes no other's. */
struct reconcile_key reconcile_derived(struct reconcile_key key, enum reconcile_purpose purpose, uint64_t n)
{
	return (struct reconcile_key){ { key.at[0] ^ (uint64_t)purpose << 56 ^ n, key.at[1] } };
}

struct reconcile_key reconcile_file_key(const unsigned char hash[32])
{
	return hash_of('F', &(struct str){ (const char *)hash, 32 }, 1);
}

struct reconcile_key reconcile_account_key(struct str account)
{
	return hash_of('A', &account, 1);
}

struct reconcile_key reconcile_pages_key(const struct bank_report *r)
{
	const int64_t numbers[] = { r->kind, r->sequence };
	const struct str bytes = { (const char *)numbers, sizeof numbers };
	if (r->has_pages) return hash_of('G', (const struct str[]){ r->account, r->id, r->from, r->to, bytes }, 5);
	return hash_of('P', (const struct str[]){ r->message_id, str_part(bytes, 0, sizeof *numbers) }, 2);
}

int64_t reconcile_pages_day(const struct bank_report *r)
{
	int64_t day;
	return !r->has_pages && day_read(str_part(r->message_created, 0, 10), &day) ? day : 0;
}

struct reconcile_key reconcile_paged_report_key(const struct bank_report *r)
{
	const struct reconcile_key pages = reconcile_pages_key(r);
	const int64_t numbers[] = { r->kind, r->sequence };
	const struct str parts[] = { { (const char *)&pages, sizeof pages }, r->account, r->id, r->from, r->to,
		{ (const char *)numbers, sizeof numbers } };
	return hash_of('S', parts, COUNT(parts));
}

/* ---- counts ---- */

static void counts_clear(struct counts *c)
{
	if (c->size > SLOTS_MIN && c->used * 8 < c->size) {
		free(c->slots);
		*c = (struct counts){ 0 };
	}
	if (c->used) memset(c->slots, 0, c->size * sizeof *c->slots);
	c->used = 0;
}

size_t reconcile_slot(struct reconcile_key key, size_t size)
{
	const uint64_t spread = UINT64_C(0x9e3779b97f4a7c15); /* 2^64 by the golden ratio: neighbours go far apart (Knuth, volume 3, 6.4) */
	return (size_t)((key.at[0] ^ key.at[1]) * spread >> 32) & (size - 1);
}

static struct slot *slot_at(struct slot *slots, size_t size, struct reconcile_key key)
{
	size_t i = reconcile_slot(key, size);
	while (slots[i].count && memcmp(&slots[i].key, &key, sizeof key) != 0) i = (i + 1) & (size - 1);
	return &slots[i];
}

static void counts_grow(struct counts *c)
{
	size_t size = c->size ? 2 * c->size : SLOTS_MIN;
	struct slot *slots = calloc(size, sizeof *slots);
	if (!slots) BUG("no memory for %zu counts", size);
	for (size_t i = 0; i < c->size; i++)
		if (c->slots[i].count) *slot_at(slots, size, c->slots[i].key) = c->slots[i];
	free(c->slots);
	c->slots = slots, c->size = size;
}

static struct reconcile_key nth(struct reconcile_key key, uint64_t n)
{
	return n > 1 ? reconcile_derived(key, FOR_AGAIN, n) : key;
}

/* How often WHAT has been met, with this time. */
static uint64_t count_again(struct counts *c, struct reconcile_key what)
{
	if (4 * c->used >= 3 * c->size) counts_grow(c);
	struct slot *s = slot_at(c->slots, c->size, what);
	if (!s->count) s->key = what, c->used++;
	return ++s->count;
}

/* KEY as it is the first time that it is met, and another each further time. */
static struct reconcile_key numbered(struct counts *c, struct reconcile_key key)
{
	return nth(key, count_again(c, key));
}

/* ---- a file ---- */

struct reconcile_marker *reconcile_marker_new(const unsigned char hash[32])
{
	struct reconcile_marker *m = calloc(1, sizeof *m);
	if (!m) BUG("no memory for marks");
	memcpy(m->hash, hash, sizeof m->hash);
	return m;
}

void reconcile_marker_free(struct reconcile_marker *m)
{
	if (!m) return;
	free(m->in_report.slots);
	free(m);
}

struct reconcile_key reconcile_mark_report(struct reconcile_marker *m, const struct bank_report *r)
{
	const int64_t numbers[] = { r->sequence, r->page, r->kind };
	/* A V11 file names itself nowhere: what is in it is what it is. */
	const struct str id = r->kind == BANK_V11 ? (struct str){ (const char *)m->hash, sizeof m->hash } : r->id;
	const struct str parts[] = { r->account, id, r->from, r->to, { (const char *)numbers, sizeof numbers } };
	counts_clear(&m->in_report);
	m->account = reconcile_account_key(r->account);
	m->report = hash_of('R', parts, COUNT(parts));
	m->page = r->page;
	m->pages = r->page == 1 && r->is_last_page ? (struct reconcile_key){ 0 } : reconcile_paged_report_key(r);
	return m->report;
}

/* ---- a transaction ---- */

/* Programs fill a field that must not be empty: such words and zeros name nothing. */
static bool is_given(struct str s)
{
	static const struct str fillers[] = { { STR("NOTPROVIDED") }, { STR("NOTAVAIL") }, { STR("NOTAVAILABLE") }, { STR("NOTGIVEN") },
		{ STR("NOTSPECIFIED") }, { STR("NONREF") }, { STR("NOREF") }, { STR("NOREFERENCE") }, { STR("NONE") }, { STR("NULL") }, { STR("UNKNOWN") },
		{ STR("UNDEFINED") }, { STR("NA") }, { STR("N/A") }, { STR("NIL") } };
	char compact[FILLER_MAX];
	size_t len = 0;
	bool is_any = false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == ' ' || s.at[i] == '-' || s.at[i] == '_' || s.at[i] == '.') continue;
		if (s.at[i] != '0') is_any = true;
		if (len < sizeof compact) compact[len] = s.at[i];
		len++;
	}
	for (size_t i = 0; len <= sizeof compact && i < COUNT(fillers); i++)
		if (str_eq_nocase((struct str){ compact, len }, fillers[i])) return false;
	return is_any;
}

static struct str bytes_of(const int64_t *n)
{
	return (struct str){ (const char *)n, sizeof *n };
}

/* What all keys of a transaction have in them. */
struct base {
	struct str account, currency, cents, sign, date, reference;
	uint64_t reference_hash; /* 0: none */
};

/* Signs are as they are written: messages that differ in what they know of a bank's habits speak of the same money. The date falls back as the value date
 * does (C10): one message may leave it out. */
static struct base base_of(const struct bank_transaction *t)
{
	static const struct str signs[2][2] = { { { STR("D") }, { STR("C") } }, { { STR("DR") }, { STR("CR") } } };
	struct base b = { .account = t->report->account, .currency = t->currency, .cents = bytes_of(&t->cents) };
	b.sign = signs[t->is_reversal][t->is_credit != t->is_turned];
	b.date = t->booking_date.len ? t->booking_date : t->value_date;
	b.reference = t->reference_count ? t->references[0].text : S("");
	b.reference_hash = b.reference.len ? hash_of('B', &b.reference, 1).at[0] : 0;
	return b;
}

/* A key of KIND of the texts IDS. It is the same with and without a reference, which one of two tellings may lack; but banks begin their numbers again and give
 * one to many, so what is counted is the number with its reference. */
static void add_key(
	struct reconcile_marker *m, const struct base *b, struct reconcile_marks *out, enum reconcile_kind kind, struct str id, struct str more)
{
	const struct str parts[] = { b->account, id, more, b->cents, b->currency, b->sign };
	const struct reconcile_key key = hash_of((char)('1' + kind), parts, COUNT(parts));
	out->kinds |= (unsigned char)(1u << kind);
	out->again[kind] = (uint32_t)count_again(&m->in_report, reconcile_derived(key, FOR_REFERENCE, b->reference_hash));
	out->keys[kind] = nth(key, out->again[kind]);
}

/* Hexadecimal digits are the same in either case. */
static struct str small_letters(char *to, struct str s)
{
	size_t len = s.len < UETR_MAX ? s.len : UETR_MAX;
	for (size_t i = 0; i < len; i++) to[i] = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] - 'A' + 'a') : s.at[i];
	return (struct str){ to, len };
}

/* Its words, and their place: in its report, or, of a copy, in whatever report it copies. */
static void mark_place(struct reconcile_marker *m, const struct bank_transaction *t, const struct base *b, struct reconcile_marks *out)
{
	const struct str debtor = t->debtor_iban.len ? t->debtor_iban : t->debtor_name;
	const struct str content[] = { b->account, b->date, b->currency, b->cents, b->sign, b->reference, debtor };
	out->content = hash_of('C', content, COUNT(content));
	out->content.at[0] = b->reference_hash;
	const struct str words = { (const char *)&out->content, sizeof out->content };
	const struct str kind = { (const char *)&out->message, sizeof out->message }, report = { (const char *)&m->report, sizeof m->report };
	const struct str place[] = { words, t->report->is_copy ? kind : report };
	out->kinds |= 1u << RECONCILE_PLACE;
	const struct reconcile_key key = hash_of('H', place, COUNT(place));
	out->again[RECONCILE_PLACE] = (uint32_t)count_again(&m->in_report, key);
	out->keys[RECONCILE_PLACE] = nth(key, out->again[RECONCILE_PLACE]);
}

static void mark_numbers(struct reconcile_marker *m, const struct bank_transaction *t, const struct base *b, struct reconcile_marks *out)
{
	char uetr[UETR_MAX];
	if (is_given(t->uetr)) add_key(m, b, out, RECONCILE_UETR, small_letters(uetr, t->uetr), S(""));
	if (t->report->kind == BANK_V11) {
		/* Film and bank numbers begin again; with date, reference and amount they don't meet. */
		if (t->transaction_ref.len) add_key(m, b, out, RECONCILE_REFS, t->transaction_ref, b->date);
		return;
	}
	if (!is_given(t->entry_ref)) return;
	if (is_given(t->transaction_ref)) add_key(m, b, out, RECONCILE_REFS, t->entry_ref, t->transaction_ref);
	if (is_given(t->instruction)) add_key(m, b, out, RECONCILE_INSTRUCTION, t->entry_ref, t->instruction);
	if (is_given(t->tx_id)) add_key(m, b, out, RECONCILE_TX_ID, t->entry_ref, t->tx_id);
	add_key(m, b, out, RECONCILE_ENTRY, t->entry_ref, b->date);
}

void reconcile_mark(struct reconcile_marker *m, const struct bank_transaction *t, struct reconcile_marks *out)
{
	const struct base b = base_of(t);
	memset(out, 0, sizeof *out); /* padding too: it is stored as bytes */
	out->message = (unsigned char)t->report->kind;
	out->is_copy = t->report->is_copy;
	out->is_reversal = t->is_reversal;
	out->account = m->account;
	out->pages = m->pages, out->page = m->page, out->cents = t->cents;
	if (t->transaction <= 0 && is_given(t->entry_ref)) {
		const struct str entry[] = { b.account, t->entry_ref, b.date, bytes_of(&t->entry_cents), t->is_reversal ? S("R") : S("") };
		out->has_entry = true;
		out->entry = numbered(&m->in_report, hash_of('E', entry, COUNT(entry)));
	}
	if (t->transaction < 0) return;
	mark_numbers(m, t, &b, out);
	mark_place(m, t, &b, out);
}

/* ---- pages ---- */

struct reconcile_key reconcile_nth_key(const struct reconcile_marks *m, enum reconcile_kind kind, uint64_t n)
{
	return nth(nth(m->keys[kind], m->again[kind]), n); /* deriving twice leads back */
}

struct reconcile_key reconcile_count_key(const struct reconcile_marks *m, enum reconcile_kind kind)
{
	const struct reconcile_key first = reconcile_nth_key(m, kind, 1);
	const struct str parts[] = { { (const char *)&m->pages, sizeof m->pages }, { (const char *)&first, sizeof first },
		{ (const char *)&m->cents, sizeof m->cents }, { (const char *)&m->content.at[0], sizeof m->content.at[0] } };
	return hash_of('N', parts, COUNT(parts));
}

struct reconcile_key reconcile_telling_key(const struct reconcile_marks *m, enum reconcile_kind kind)
{
	const struct reconcile_key count = reconcile_count_key(m, kind);
	const int64_t numbers[] = { m->page, m->again[kind] };
	return hash_of('T', (const struct str[]){ { (const char *)&count, sizeof count }, { (const char *)numbers, sizeof numbers } }, 2);
}

struct reconcile_key reconcile_own_key(const struct reconcile_marks *m, enum reconcile_kind kind)
{
	return reconcile_derived(m->keys[kind], FOR_REFERENCE, m->content.at[0]);
}

static bool is_same_key(const struct reconcile_key *x, const struct reconcile_key *y)
{
	return x->at[0] == y->at[0] && x->at[1] == y->at[1];
}

/* The same report told of both on two of its pages: they are two payments, whatever keys both have. */
static bool are_pages_apart(const struct reconcile_marks *x, const struct reconcile_marks *y)
{
	static const struct reconcile_key none;
	return !is_same_key(&x->pages, &none) && is_same_key(&x->pages, &y->pages) && x->page != y->page;
}

bool reconcile_is_same_money(const struct reconcile_marks *x, const struct reconcile_marks *y)
{
	if (are_pages_apart(x, y) || (x->content.at[0] && y->content.at[0] && x->content.at[0] != y->content.at[0])) return false;
	for (int k = 0; k < RECONCILE_KINDS; k++) {
		if (!(x->kinds & y->kinds & 1u << k)) continue;
		bool is_same = is_same_key(&x->keys[k], &y->keys[k]);
		if (k == RECONCILE_ENTRY && (!is_same || (x->message == y->message && !x->is_copy && !y->is_copy))) continue;
		return is_same;
	}
	return false;
}
