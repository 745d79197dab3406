/* formats/reconcile_keys.c: keys are hashes (BLAKE2b) of what a bank says of a transaction. The strongest kind that two tellings share decides alone.
 * What the transaction says (content) counts only where a repetition is expected: in a report met again, a copy, or the other message of the day.
 * A bank that lists the same twice in one entry booked it twice, so keys are numbered within an entry, and contents within a report. */
#include "formats/reconcile_keys.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 8
#define PART_MAX  2048 /* bytes of one part; readers keep no longer texts */
#define SLOTS_MIN 64

/* What a derived key is for, in its highest bits; below them the message's kind and a set of kinds of keys. */
enum purpose { FOR_ENTRY = 1, FOR_REPORT, FOR_TAIL, FOR_HEAD, FOR_PLACE };

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

/* A key that belongs to KEY and nothing else: the hash is spread evenly, so a changed bit makes no other's. */
static struct reconcile_key derived(struct reconcile_key key, enum purpose purpose, unsigned kind, unsigned set, uint64_t n)
{
	uint64_t tag = (uint64_t)purpose << 5 | kind << 3 | set;
	return (struct reconcile_key){ { key.at[0] ^ tag << 56 ^ n, key.at[1] } };
}

/* ---- counts ---- */

static void counts_clear(struct reconcile_counts *c)
{
	if (c->size > SLOTS_MIN && c->used * 8 < c->size) {
		free(c->slots);
		*c = (struct reconcile_counts){ 0 };
	}
	if (c->used) memset(c->slots, 0, c->size * sizeof *c->slots);
	c->used = 0;
}

static struct slot *slot_at(struct slot *slots, size_t size, struct reconcile_key key)
{
	size_t i = key.at[1] & (size - 1);
	while (slots[i].count && memcmp(&slots[i].key, &key, sizeof key) != 0) i = (i + 1) & (size - 1);
	return &slots[i];
}

static void counts_grow(struct reconcile_counts *c)
{
	size_t size = c->size ? 2 * c->size : SLOTS_MIN;
	struct slot *slots = calloc(size, sizeof *slots);
	if (!slots) BUG("no memory for %zu counts", size);
	for (size_t i = 0; i < c->size; i++)
		if (c->slots[i].count) *slot_at(slots, size, c->slots[i].key) = c->slots[i];
	free(c->slots);
	c->slots = slots, c->size = size;
}

/* How often KEY was counted, this time included. */
static uint64_t counted(struct reconcile_counts *c, struct reconcile_key key)
{
	if (2 * c->used >= c->size) counts_grow(c);
	struct slot *s = slot_at(c->slots, c->size, key);
	if (!s->count) s->key = key, c->used++;
	return ++s->count;
}

/* ---- a pass ---- */

void reconcile_pass_begin(struct reconcile_pass *p, const struct reconcile_lookups *lookups)
{
	*p = (struct reconcile_pass){ .lookups = lookups, .entry = -1 };
}

void reconcile_pass_end(struct reconcile_pass *p)
{
	free(p->in_entry.slots);
	free(p->in_report.slots);
}

struct reconcile_key reconcile_file_key(const unsigned char hash[32])
{
	return hash_of('F', &(struct str){ (const char *)hash, 32 }, 1);
}

static int64_t find(struct reconcile_pass *p, struct reconcile_key key)
{
	return p->lookups->find(p->lookups->memory, key);
}

static void keep(struct reconcile_pass *p, struct reconcile_key key, int64_t value)
{
	p->lookups->keep(p->lookups->memory, key, value);
}

static struct reconcile_seen seen_of(struct reconcile_pass *p, int64_t number)
{
	return p->lookups->seen_get(p->lookups->memory, number);
}

void reconcile_pass_report(struct reconcile_pass *p, const struct bank_report *r)
{
	counts_clear(&p->in_report);
	p->entry = -1;
	const int64_t numbers[] = { r->sequence, r->page, r->kind };
	const struct str parts[] = { r->account, r->id, r->from, r->to, { (const char *)numbers, sizeof numbers } };
	p->report_key = hash_of('R', parts, COUNT(parts));
	/* A V11 file has no identity of its own. */
	p->is_known_report = r->kind != BANK_V11 && find(p, p->report_key) >= 0;
	if (!p->is_known_report) keep(p, p->report_key, 0);
	p->is_copy = r->is_copy;
}

/* ---- keys of a transaction ---- */

static bool is_given(struct str s)
{
	return s.len && !str_eq_nocase(s, S("NOTPROVIDED"));
}

static void add_key(struct reconcile_pass *p, enum reconcile_kind kind, const struct str *parts, size_t count)
{
	struct reconcile_key key = hash_of((char)('1' + kind), parts, count);
	uint64_t n = counted(&p->in_entry, key);
	p->kinds |= (unsigned char)(1u << kind);
	p->keys[kind] = n == 1 ? key : derived(key, FOR_ENTRY, 0, 0, n);
}

static void make_keys(struct reconcile_pass *p, const struct bank_transaction *t)
{
	struct str account = t->report->account, sign = t->is_credit ? S("C") : S("D"), cents = { (const char *)&t->cents, sizeof t->cents };
	struct str reference = t->reference_count ? t->references[0].text : S("");
	if (t->entry != p->entry) counts_clear(&p->in_entry), p->entry = t->entry;
	p->kinds = 0;
	if (is_given(t->uetr)) {
		char at[64];
		size_t len = t->uetr.len < sizeof at ? t->uetr.len : sizeof at;
		for (size_t i = 0; i < len; i++) at[i] = t->uetr.at[i] >= 'A' && t->uetr.at[i] <= 'Z' ? (char)(t->uetr.at[i] - 'A' + 'a') : t->uetr.at[i];
		add_key(p, KEY_UETR, (const struct str[]){ account, { at, len }, sign }, 3);
	}
	if (t->report->kind == BANK_V11) {
		/* Film and bank numbers begin again; with date, reference and amount they don't meet. */
		if (t->transaction_ref.len)
			add_key(p, KEY_REFS, (const struct str[]){ account, t->transaction_ref, t->booking_date, reference, cents, sign }, 6);
	} else if (is_given(t->entry_ref) && is_given(t->transaction_ref))
		add_key(p, KEY_REFS, (const struct str[]){ account, t->entry_ref, t->transaction_ref, sign }, 4);
	if (is_given(t->entry_ref) && is_given(t->instruction))
		add_key(p, KEY_INSTRUCTION, (const struct str[]){ account, t->entry_ref, t->instruction, cents, sign }, 5);

	struct str debtor = t->debtor_iban.len ? t->debtor_iban : t->debtor_name;
	const struct str content[] = { account, t->booking_date, cents, sign, reference, debtor };
	p->content = hash_of('C', content, COUNT(content));
	const struct str both[] = { { (const char *)&p->content, sizeof p->content }, { (const char *)&p->report_key, sizeof p->report_key } };
	struct reconcile_key here = hash_of('H', both, COUNT(both));
	p->occurrence = counted(&p->in_report, here);
	p->in_this_report = derived(here, FOR_REPORT, 0, 0, p->occurrence);
}

/* ---- by content ---- */

/* Of one content, message and set of keys, those that no other message told of stand in a queue: its tail, its head, and who stands where. What has left
 * it without the head's knowing (told of by now, or with more keys) is passed over. */
static int64_t queue_head(struct reconcile_pass *p, unsigned kind, unsigned set)
{
	struct reconcile_key head_key = derived(p->content, FOR_HEAD, kind, set, 0);
	int64_t tail = find(p, derived(p->content, FOR_TAIL, kind, set, 0)), was = find(p, head_key), head = was < 0 ? 0 : was, number = -1;
	for (; head < tail; head++) {
		int64_t at = find(p, derived(p->content, FOR_PLACE, kind, set, (uint64_t)head));
		if (at < 0) break;
		struct reconcile_seen s = seen_of(p, at);
		if (s.kinds == set && s.messages == 1u << kind) {
			number = at;
			break;
		}
	}
	if (head > 0 && head != was) keep(p, head_key, head);
	return number;
}

static void queue_add(struct reconcile_pass *p, unsigned kind, unsigned set, int64_t number)
{
	struct reconcile_key tail_key = derived(p->content, FOR_TAIL, kind, set, 0);
	int64_t tail = find(p, tail_key);
	if (tail < 0) tail = 0;
	keep(p, derived(p->content, FOR_PLACE, kind, set, (uint64_t)tail), number);
	keep(p, tail_key, tail + 1);
}

static int64_t find_by_content(struct reconcile_pass *p, enum bank_kind kind)
{
	const unsigned sets = 1u << KEY_KINDS;
	if (p->is_known_report) {
		int64_t number = find(p, p->in_this_report);
		if (number >= 0 && !(seen_of(p, number).kinds & p->kinds)) return number;
	}
	for (unsigned set = 0; set < sets; set++) {
		if (set & p->kinds) continue; /* what they share has decided already */
		int64_t number = -1;
		if (kind != BANK_V11) number = queue_head(p, kind == BANK_STATEMENT ? BANK_NOTIFICATION : BANK_STATEMENT, set);
		if (number < 0 && p->is_copy) number = find(p, derived(p->content, FOR_PLACE, kind, set, p->occurrence - 1));
		if (number >= 0) return number;
	}
	return -1;
}

int64_t reconcile_seen_find(struct reconcile_pass *p, const struct bank_transaction *t)
{
	make_keys(p, t);
	for (unsigned kind = 0; kind < KEY_KINDS; kind++) {
		if (!(p->kinds & 1u << kind)) continue;
		int64_t number = find(p, p->keys[kind]);
		unsigned stronger = (1u << kind) - 1;
		if (number >= 0 && !(seen_of(p, number).kinds & p->kinds & stronger)) return number;
	}
	return find_by_content(p, t->report->kind);
}

/* The key of the entry at hand; one that a report lists twice is two. */
static struct reconcile_key entry_key(struct reconcile_pass *p, const struct bank_transaction *t)
{
	const struct str parts[] = { t->report->account, t->entry_ref, t->booking_date, { (const char *)&t->entry_cents, sizeof t->entry_cents } };
	struct reconcile_key key = hash_of('E', parts, COUNT(parts));
	return derived(key, FOR_ENTRY, 0, 0, counted(&p->in_report, key));
}

void reconcile_seen_note(struct reconcile_pass *p, const struct bank_transaction *t, int64_t seen, bool is_allocated)
{
	const struct reconcile_lookups *l = p->lookups;
	unsigned kind = t->report->kind;
	struct reconcile_seen s = { p->kinds, (unsigned char)(1u << kind), is_allocated };
	if (seen < 0) {
		seen = l->seen_add(l->memory, s);
		queue_add(p, kind, p->kinds, seen);
	} else {
		struct reconcile_seen was = seen_of(p, seen);
		s = (struct reconcile_seen){ was.kinds | s.kinds, was.messages | s.messages, was.is_allocated || is_allocated };
		if (memcmp(&s, &was, sizeof s) != 0) l->seen_set(l->memory, seen, s);
		if (s.kinds != was.kinds && s.messages == was.messages && s.messages == 1u << kind) queue_add(p, kind, s.kinds, seen);
	}
	for (unsigned k = 0; k < KEY_KINDS; k++)
		if ((p->kinds & 1u << k) && find(p, p->keys[k]) < 0) keep(p, p->keys[k], seen);
	keep(p, p->in_this_report, seen);
	if (t->transaction == 0 && is_given(t->entry_ref)) keep(p, entry_key(p, t), seen);
}

bool reconcile_entry_seen(struct reconcile_pass *p, const struct bank_transaction *t)
{
	if (!is_given(t->entry_ref)) return p->is_known_report;
	struct reconcile_key key = entry_key(p, t);
	if (find(p, key) >= 0) return true;
	keep(p, key, 0);
	return false;
}
