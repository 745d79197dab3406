/* formats/reconcile_payments.c: a record holds the tellings that any key links, directly or through others. How many payments they are is reckoned anew, from
 * all of them, whenever one more comes; what differs from before is booked. */
#include "formats/reconcile_payments.h"

#include <stdlib.h>
#include <string.h>

#include "formats/reconcile_pool.h"
#include "formats/reconcile_told.h"

#define HOPS_MAX  64 /* from record to record; only a kept file that somebody changed has more */
#define MOVES_MAX 64

/* What a payment is for the books, among those of the same words. */
struct unit {
	struct reconcile_key content;
	unsigned kind; /* of its pool */
	bool is_done;
	int64_t bill, cents;
};

struct units {
	size_t count;
	struct unit at[TOLD_MAX];
};

struct moves {
	size_t count;
	struct {
		int64_t bill, cents;
	} at[MOVES_MAX];
};

/* The tellings of records that hang together. */
struct reckoning {
	const struct reconcile_lookups *lookups;
	int64_t records[RECORDS_MAX];
	size_t counts[RECORDS_MAX]; /* tellings of each */
	size_t record_count, told_count;
	struct told told[TOLD_MAX];
	struct units before, after;
	struct moves moves;
};

/* ---- records ---- */

static int64_t find(const struct reconcile_lookups *l, struct reconcile_key key)
{
	int64_t value;
	l->find(l->memory, &key, 1, &value);
	return value;
}

/* The record that NUMBER was joined with, and so on; -1: there is none. A record of eight bytes is the number of another. */
static int64_t root_of(const struct reconcile_lookups *l, int64_t number)
{
	for (int hops = 0; number >= 0 && hops < HOPS_MAX; hops++) {
		struct str bytes = l->record_get(l->memory, number);
		if (bytes.len != sizeof number) return bytes.len >= sizeof(struct told) ? number : -1;
		memcpy(&number, bytes.at, sizeof number);
	}
	return -1;
}

static size_t load(const struct reconcile_lookups *l, int64_t number, struct told *to)
{
	struct str bytes = l->record_get(l->memory, number);
	size_t count = bytes.len / sizeof *to;
	if (count > RECONCILE_TOLD_MAX) count = RECONCILE_TOLD_MAX;
	memcpy(to, bytes.at, count * sizeof *to);
	for (size_t i = 0; i < count; i++)
		if (to[i].message > BANK_V11 || to[i].is_copy > 1 || to[i].cents < 0) return i; /* of a kept file that somebody changed */
	return count;
}

/* Whether record NUMBER takes no more tellings. */
static bool is_crowd(const struct reconcile_lookups *l, int64_t number)
{
	return number >= 0 && l->record_get(l->memory, number).len >= RECONCILE_TOLD_MAX * sizeof(struct told);
}

/* ---- what payments are for the books ---- */

static enum pool_state state_of(const struct told *t, bool is_turned)
{
	int sign = is_turned && t->is_reversal ? t->turned : t->written;
	return t->by_hand ? POOL_BY_HAND : sign > 0 ? POOL_BOOKS : sign < 0 ? POOL_TAKES : POOL_NOTHING;
}

/* Which telling speaks for a payment: a person's, one that is money for a bill, else any that is always the same. */
static bool is_better(const struct told *a, const struct told *b, bool is_turned)
{
	static const int ranks[POOL_STATES] = { [POOL_BY_HAND] = 0, [POOL_BOOKS] = 1, [POOL_TAKES] = 1, [POOL_NOTHING] = 2 };
	int rank = ranks[state_of(a, is_turned)], other = ranks[state_of(b, is_turned)];
	if (rank != other) return rank < other;
	int order = memcmp(&a->content, &b->content, sizeof a->content);
	return order ? order < 0 : memcmp(a, b, TOLD_IS) < 0;
}

/* Whether the words of A are those that a payment is counted by, before B's: those with a reference, else any that are always the same. */
static bool is_before(const struct told *a, const struct told *b)
{
	if (!told_reference(a) != !told_reference(b)) return told_reference(a) != 0;
	return memcmp(&a->content, &b->content, sizeof a->content) < 0;
}

static bool is_equal(const struct reconcile_key *a, const struct reconcile_key *b)
{
	return a->at[0] == b->at[0] && a->at[1] == b->at[1];
}

/* Payment P: a unit for each way to say it, of which one counts and the others are guests. */
static void add_payment(struct units *to, const struct told *told, const int *payment, int p, size_t count, bool is_turned)
{
	const struct told *best = NULL, *words = NULL;
	unsigned tellers = 0, keys = 0;
	for (size_t i = 0; i < count; i++) {
		if (payment[i] != p) continue;
		tellers |= told_by(&told[i]);
		keys |= told[i].kinds & RECONCILE_NUMBERS;
		if (!best || is_better(&told[i], best, is_turned)) best = &told[i];
		if (!words || is_before(&told[i], words)) words = &told[i];
	}
	if (!best) return; /* another one has joined it */
	const enum pool_state state = state_of(best, is_turned);
	const size_t first = to->count;
	for (size_t i = 0; i < count; i++) {
		size_t at = first;
		if (payment[i] != p) continue;
		while (at < to->count && !is_equal(&to->at[at].content, &told[i].content)) at++;
		if (at < to->count) continue;
		const unsigned kind = pool_kind(tellers, keys, state, !is_equal(&told[i].content, &words->content));
		to->at[to->count++] = (struct unit){ .content = told[i].content, .kind = kind, .bill = best->bill, .cents = best->cents };
	}
}

static void add_units(struct units *to, struct told *told, size_t count, bool is_turned)
{
	int payment[TOLD_MAX];
	int payments = told_divide(told, count, payment);
	for (int p = 0; p < payments; p++) add_payment(to, told, payment, p, count, is_turned);
}

/* ---- what changes ---- */

/* Only a forged file comes near the end. */
static int64_t times(int64_t n, int64_t cents)
{
	int64_t amount;
	if (__builtin_mul_overflow(n, cents, &amount)) return n < 0 ? INT64_MIN : INT64_MAX;
	return amount;
}

static void move(struct reckoning *r, int64_t bill, int64_t cents)
{
	struct moves *m = &r->moves;
	size_t i = 0;
	while (i < m->count && m->at[i].bill != bill) i++;
	if (!cents || i == MOVES_MAX) return;
	if (i == m->count) m->at[m->count++].bill = bill, m->at[i].cents = 0;
	int64_t was = m->at[i].cents;
	if (__builtin_add_overflow(was, cents, &m->at[i].cents)) m->at[i].cents = was < 0 ? INT64_MIN : INT64_MAX;
}

/* N of each unit with CONTENT, which is done then. */
static void change_pool(struct pool *pool, struct units *units, const struct reconcile_key *content, int n)
{
	for (size_t i = 0; i < units->count; i++) {
		struct unit *u = &units->at[i];
		if (u->is_done || !is_equal(&u->content, content)) continue;
		u->is_done = true;
		pool_add(pool, u->kind, n);
		if (pool->bill < 0 && u->bill >= 0) pool->bill = u->bill;
	}
}

/* The pool of the words of LIKE, which some units leave and some join; gives how many more payments there are. */
static int64_t repool(struct reckoning *r, const struct unit *like)
{
	const struct reconcile_lookups *l = r->lookups;
	const struct reconcile_key content = like->content, key = reconcile_derived(content, FOR_WORDS, 0);
	int64_t number = find(l, key);
	struct pool pool;
	pool_from(&pool, number < 0 ? S("") : l->record_get(l->memory, number));
	const struct pool_sum was = pool_sum(&pool);
	change_pool(&pool, &r->before, &content, -1);
	change_pool(&pool, &r->after, &content, 1);
	const struct pool_sum is = pool_sum(&pool);
	move(r, pool.bill, times(is.booked - was.booked, like->cents)); /* the amount is one of its words */
	char bytes[POOL_BYTES_MAX];
	if (number >= 0) l->record_set(l->memory, number, pool_bytes(&pool, bytes));
	else l->keep(l->memory, &key, 1, l->record_add(l->memory, pool_bytes(&pool, bytes)));
	return is.payments - was.payments;
}

/* Books what is different after from before; gives how many more payments there are. */
static int64_t settle(struct reckoning *r)
{
	int64_t more = 0;
	struct units *sides[] = { &r->before, &r->after };
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < sides[side]->count; i++) {
			const struct unit *u = &sides[side]->at[i];
			if (!u->is_done) more += repool(r, u);
		}
	const struct reconcile_lookups *l = r->lookups;
	for (size_t i = 0; i < r->moves.count; i++)
		if (r->moves.at[i].cents) l->book(l->bills, r->moves.at[i].bill, r->moves.at[i].cents);
	return more;
}

/* ---- a telling ---- */

static struct told told_of(const struct reconcile_marks *m, const struct reconcile_effect *e)
{
	struct told t = { .content = m->content,
		.kinds = m->kinds,
		.message = m->message,
		.is_copy = m->is_copy,
		.is_reversal = m->is_reversal,
		.written = e->written,
		.turned = e->turned,
		.bill = e->written || e->turned ? e->bill : -1,
		.cents = e->cents };
	for (int kind = 0; kind < RECONCILE_KINDS; kind++)
		if (m->kinds & 1u << kind) t.keys[kind] = m->keys[kind].at[0] ^ m->keys[kind].at[1];
	return t;
}

enum gathering { ALL_RECORDS, PAST_CROWDS };

struct keys {
	size_t count;
	struct reconcile_key at[RECONCILE_KINDS];
	int64_t values[RECONCILE_KINDS];
};

/* The records that the keys of M lead to. Of a crowded record, which numbers that come again and again make, only those of M's own reference do. */
static struct keys gather(struct reckoning *r, const struct reconcile_marks *m, enum gathering how)
{
	const struct reconcile_lookups *l = r->lookups;
	struct keys k = { 0 };
	for (int kind = 0; kind < RECONCILE_KINDS; kind++) {
		if (!(m->kinds & 1u << kind)) continue;
		struct reconcile_key key = m->keys[kind];
		if (how == PAST_CROWDS && is_crowd(l, root_of(l, find(l, key)))) key = reconcile_own_key(m, (enum reconcile_kind)kind);
		k.at[k.count++] = key;
	}
	l->find(l->memory, k.at, k.count, k.values);
	for (size_t i = 0; i < k.count; i++) {
		int64_t root = root_of(l, k.values[i]);
		size_t have = 0;
		while (have < r->record_count && r->records[have] != root) have++;
		if (root >= 0 && have == r->record_count) r->records[r->record_count++] = root;
	}
	return k;
}

static void begin(struct reckoning *r, const struct reconcile_lookups *l)
{
	r->lookups = l;
	r->record_count = r->told_count = r->before.count = r->after.count = r->moves.count = 0;
}

static void load_records(struct reckoning *r)
{
	for (size_t i = 0; i < r->record_count; i++) r->told_count += r->counts[i] = load(r->lookups, r->records[i], r->told + r->told_count);
}

/* What the records are for the books as they were loaded. */
static void reckon_before(struct reckoning *r, bool is_turned)
{
	struct told *at = r->told;
	for (size_t i = 0; i < r->record_count; at += r->counts[i++]) add_units(&r->before, at, r->counts[i], is_turned);
}

static struct told *find_told(struct reckoning *r, const struct told *t)
{
	for (size_t i = 0; i < r->told_count; i++)
		if (memcmp(&r->told[i], t, TOLD_IS) == 0) return &r->told[i];
	return NULL;
}

static bool has_reversal(const struct told *told, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (told[i].is_reversal) return true;
	return false;
}

/* Reversals are found again when their account's signs become known. */
static void note_reversal(const struct reconcile_lookups *l, struct reconcile_key account, int64_t record)
{
	struct reconcile_key count_key = reconcile_derived(account, FOR_REVERSALS, 0);
	int64_t count = find(l, count_key);
	if (count < 0) count = 0;
	struct reconcile_key key = reconcile_derived(account, FOR_REVERSAL, (uint64_t)count);
	l->keep(l->memory, &key, 1, record);
	l->keep(l->memory, &count_key, 1, count + 1);
}

/* Keeps all tellings as one record, which the others and the keys lead to. */
static void store(struct reckoning *r, const struct reconcile_marks *m, const struct keys *k)
{
	const struct reconcile_lookups *l = r->lookups;
	const struct str bytes = { (const char *)r->told, r->told_count * sizeof *r->told };
	int64_t root = r->record_count ? r->records[0] : -1;
	for (size_t i = 1; i < r->record_count; i++)
		if (r->records[i] < root) root = r->records[i];
	bool had_reversal = false;
	if (root >= 0) {
		struct told was[RECONCILE_TOLD_MAX];
		size_t count = load(l, root, was);
		had_reversal = has_reversal(was, count);
		l->record_set(l->memory, root, bytes);
	} else root = l->record_add(l->memory, bytes);
	for (size_t i = 0; i < r->record_count; i++)
		if (r->records[i] != root) l->record_set(l->memory, r->records[i], (struct str){ (const char *)&root, sizeof root });
	struct reconcile_key keys[RECONCILE_KINDS];
	size_t count = 0;
	for (size_t i = 0; i < k->count; i++)
		if (k->values[i] != root) keys[count++] = k->at[i];
	if (count) l->keep(l->memory, keys, count, root);
	if (!had_reversal && has_reversal(r->told, r->told_count)) note_reversal(l, m->account, root);
}

/* Whether T says what a payment of a record that takes no more tellings has said. */
static bool is_one_of(const struct reckoning *r, const struct told *t)
{
	for (size_t i = 0; i < r->told_count; i++)
		if (told_knows(&r->told[i], t)) return true;
	return false;
}

/* Leaves the records out, and the keys that lead to them. */
static void stand_alone(struct reckoning *r, struct keys *k)
{
	size_t count = 0;
	for (size_t i = 0; i < k->count; i++)
		if (k->values[i] < 0) k->at[count] = k->at[i], k->values[count++] = -1;
	k->count = count;
	begin(r, r->lookups);
}

/* Loads the records that T, with the marks M, belongs to; false: they are full, and T says what they know. */
static bool load_for(struct reckoning *r, const struct reconcile_lookups *l, const struct reconcile_marks *m, const struct told *t, struct keys *k)
{
	for (int how = ALL_RECORDS; how <= PAST_CROWDS; how++) {
		begin(r, l);
		*k = gather(r, m, (enum gathering)how);
		load_records(r);
		if (r->told_count < RECONCILE_TOLD_MAX || find_told(r, t)) return true;
		if (is_one_of(r, t)) return false;
	}
	stand_alone(r, k);
	return true;
}

static struct reconcile_change changed(struct reckoning *r, int64_t bill)
{
	struct reconcile_change c = { .payments = settle(r) };
	for (size_t i = 0; i < r->moves.count; i++) {
		if (r->moves.at[i].bill == bill) c.own = r->moves.at[i].cents;
		else if (r->moves.at[i].cents) c.has_other = true;
	}
	return c;
}

/* What a report lists twice was booked twice, also when it does on two pages, which a file alone can't know: so keys are numbered over all pages, in the
 * order in which they are decided, and once for ever. Of a place only a copy's: others' have the page in them. */
static struct reconcile_marks over_pages(const struct reconcile_lookups *l, const struct reconcile_marks *m)
{
	static const struct reconcile_key none;
	struct reconcile_marks out = *m;
	if (is_equal(&m->pages, &none)) return out;
	for (int i = 0; i < RECONCILE_KINDS; i++) {
		enum reconcile_kind kind = (enum reconcile_kind)i;
		if (!(m->kinds & 1u << i) || (kind == RECONCILE_PLACE && !m->is_copy)) continue;
		const struct reconcile_key telling = reconcile_telling_key(m, kind), count = reconcile_count_key(m, kind);
		int64_t n = find(l, telling);
		if (n < 1) {
			n = find(l, count);
			n = n < 0 ? 1 : n + 1;
			l->keep(l->memory, &count, 1, n);
			l->keep(l->memory, &telling, 1, n);
		}
		out.keys[kind] = reconcile_nth_key(m, kind, (uint64_t)n);
	}
	return out;
}

struct reconcile_change reconcile_tell(const struct reconcile_lookups *l, const struct reconcile_marks *marks, const struct reconcile_effect *effect)
{
	struct reckoning r;
	const struct reconcile_marks numbered = over_pages(l, marks), *m = &numbered;
	const struct told t = told_of(m, effect);
	struct keys k;
	if (!load_for(&r, l, m, &t, &k)) return (struct reconcile_change){ 0 };
	const struct told *known = find_told(&r, &t);
	/* Only money that found no bill may find one later. */
	if (known && (known->by_hand || known->written || known->turned || t.bill < 0)) return (struct reconcile_change){ 0 };
	bool is_turned = m->is_reversal || r.record_count ? reconcile_is_turned(l, m->account) : false;
	reckon_before(&r, is_turned);
	if (known) *find_told(&r, &t) = t; /* reckoning sorts */
	else r.told[r.told_count++] = t;
	add_units(&r.after, r.told, r.told_count, is_turned);
	store(&r, m, &k);
	return changed(&r, effect->bill);
}

bool reconcile_by_hand(const struct reconcile_lookups *l, const struct reconcile_marks *marks)
{
	struct reckoning r;
	const struct reconcile_marks numbered = over_pages(l, marks), *m = &numbered;
	const struct told t = told_of(m, &(struct reconcile_effect){ 0 });
	struct keys k;
	if (!load_for(&r, l, m, &t, &k)) return false;
	bool is_turned = reconcile_is_turned(l, m->account);
	reckon_before(&r, is_turned);
	struct told *known = find_told(&r, &t);
	if (!known || known->by_hand) return known != NULL;
	known->by_hand = true;
	add_units(&r.after, r.told, r.told_count, is_turned);
	store(&r, m, &k);
	settle(&r);
	return true;
}

/* ---- signs ---- */

static int64_t signs_key_value(const struct reconcile_lookups *l, struct reconcile_key account)
{
	int64_t value = find(l, reconcile_derived(account, FOR_SIGNS, 0));
	return value < 0 ? 0 : value;
}

/* Where statements prove both, the signs stand as written. */
static bool says_turned(int64_t proofs)
{
	return proofs == 1 << BANK_SIGNS_TURNED;
}

bool reconcile_is_turned(const struct reconcile_lookups *l, struct reconcile_key account)
{
	return says_turned(signs_key_value(l, account));
}

bool reconcile_learn_signs(const struct reconcile_lookups *l, struct reconcile_key account, enum bank_signs signs)
{
	if (signs == BANK_SIGNS_UNKNOWN) return false;
	struct reconcile_key key = reconcile_derived(account, FOR_SIGNS, 0);
	int64_t was = signs_key_value(l, account), is = was | 1 << signs;
	if (is == was) return false;
	l->keep(l->memory, &key, 1, is);
	if (says_turned(is) == says_turned(was)) return false;
	int64_t count = find(l, reconcile_derived(account, FOR_REVERSALS, 0));
	bool has_changed = false;
	for (int64_t i = 0; i < count; i++) {
		struct reckoning r;
		begin(&r, l);
		int64_t number = find(l, reconcile_derived(account, FOR_REVERSAL, (uint64_t)i));
		if (number < 0 || root_of(l, number) != number) continue; /* another one leads there */
		r.records[r.record_count++] = number;
		load_records(&r);
		reckon_before(&r, says_turned(was));
		add_units(&r.after, r.told, r.told_count, says_turned(is));
		settle(&r);
		if (r.moves.count) has_changed = true;
	}
	return has_changed;
}
