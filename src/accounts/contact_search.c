/* accounts/contact_search.c: two ways to a page of contacts (tried with a million): a rare word drives and the others are looked up for its contacts; or, when all words
 * are common or none is given, contacts are walked in order, SEARCH_STEP at a time, and each is asked for the words. */
#include "accounts/contact_search.h"

#include "accounts/contact_words.h"

#define ROW "c.id, c.number, c.kind, c.first_name, c.last_name, c.email, c.phone, c.postcode, c.town, c.country, i.id, i.state, c.name_key "

/* $5 on: six words (from, below; an empty one always fits), account filter, language, made from. The values of each word stand in the statement's plan. */
#define WORD(from, below) \
	"AND (" from " = '' OR EXISTS (SELECT 1 FROM contact_word w WHERE w.contact = c.id AND w.word >= " from " AND w.word < " below ")) "
#define WORDS WORD("$5", "$6") WORD("$7", "$8") WORD("$9", "$10") WORD("$11", "$12") WORD("$13", "$14") WORD("$15", "$16")
#define FILTERS                                                                                                                               \
	"AND c.merged_into IS NULL AND ($17 = '' OR ($17 = 'with' AND i.id IS NOT NULL) OR ($17 = 'without' AND i.id IS NULL) OR i.state = $17) " \
	"AND ($18 = '' OR c.language = $18) AND c.made_at >= $19 "
#define ACCOUNT "LEFT JOIN internet_account i ON i.contact = c.id AND i.state <> 'closed' "

/* $1 institution, $2 and $3 the key to begin behind, $4 how many, $20 and $21 the driving word. */
static const struct sql by_word = SQL(
	"SELECT " ROW "FROM contact c " ACCOUNT "WHERE c.id IN (SELECT contact FROM contact_word WHERE institution = $1 AND word >= $20 AND word < $21) "
	"AND (c.name_key, c.id) > ($2, $3) " WORDS FILTERS "ORDER BY c.name_key, c.id LIMIT $4" PLANNED_ANEW);

/* A step of a walk: of the next $20 contacts in order those that fit, at most $4. */
#define WALK(key, compare, direction)                                                                                                               \
	SQL("SELECT " ROW ", " key " FROM (SELECT * FROM contact WHERE institution = $1 AND (" key ", id) " compare " ($2, $3) ORDER BY " key direction \
		", id" direction " LIMIT $20) c " ACCOUNT "WHERE TRUE " WORDS FILTERS "ORDER BY c." key direction ", c.id" direction                        \
		" LIMIT $4" PLANNED_ANEW)
/* Where that step ends. */
#define STEP(key, compare, direction)                                                                                                            \
	SQL("SELECT " key ", id FROM contact WHERE institution = $1 AND (" key ", id) " compare " ($2, $3) ORDER BY " key direction ", id" direction \
		" LIMIT 1 OFFSET $4")

static const struct order {
	struct sql walk[2], step[2]; /* ascending, descending */
	bool is_number;
} orders[CONTACT_ORDERS] = {
	[BY_NAME] = { { WALK("name_key", ">", ""), WALK("name_key", "<", " DESC") }, { STEP("name_key", ">", ""), STEP("name_key", "<", " DESC") },
		false },
	[BY_NUMBER] = { { WALK("number", ">", ""), WALK("number", "<", " DESC") }, { STEP("number", ">", ""), STEP("number", "<", " DESC") }, true },
	[BY_TOWN] = { { WALK("town", ">", ""), WALK("town", "<", " DESC") }, { STEP("town", ">", ""), STEP("town", "<", " DESC") }, false },
};

/* A place between two contacts: the key and the id of the one before it. A search that walks goes in stretches: the names that begin with its first word, with its second, …, and
 * then all others, so that whoever types a common surname sees it at once and not after all that stand before it in the alphabet. */
struct place {
	int64_t stretch; /* a word's index, or how many words there are */
	struct str key;
	int64_t number, id;
};

struct search {
	struct arena *a;
	const struct contact_query *q;
	const struct order *order;
	struct search_word words[SEARCH_WORDS_MAX];
	size_t count;
	struct place from;
};

/* ---- the key of a page, as it travels in an address: base64url of "STRETCH ID KEY" ---- */

static struct place beginning(const struct search *s, int64_t stretch)
{
	if ((size_t)stretch < s->count) return (struct place){ .stretch = stretch, .key = s->words[stretch].from };
	bool is_down = s->q->is_descending && s->count == 0;
	return (struct place){
		.stretch = stretch, .key = is_down ? S("\xf4\x8f\xbf\xbf") : S(""), .number = is_down ? INT64_MAX : -1, .id = is_down ? INT64_MAX : 0
	};
}

/* A search that a word drives has one stretch only, the last. */
static struct place place_read(const struct search *s, int64_t first, struct str after)
{
	struct str bytes, rest, stretch, id;
	struct place p = beginning(s, first), read = p;
	if (!str_from_base64url(s->a, after, &bytes) || !str_is_text(bytes)) return p;
	rest = bytes;
	if (!str_next(&rest, ' ', &stretch) || !str_int64(stretch, &read.stretch) || read.stretch < first || (size_t)read.stretch > s->count) return p;
	if (!str_next(&rest, ' ', &id) || !str_int64(id, &read.id)) return p;
	read.key = rest;
	if (s->order->is_number && !str_int64(rest, &read.number)) return p;
	return read;
}

static struct str place_write(const struct search *s, struct place p)
{
	struct str key = s->order->is_number ? str_format(s->a, "%lld", (long long)p.number) : p.key;
	return str_base64url(s->a, str_format(s->a, "%lld %lld %.*s", (long long)p.stretch, (long long)p.id, STR_ARG(key)));
}

static struct value place_key(const struct search *s, const struct place *p)
{
	return s->order->is_number ? int64(p->number) : text(p->key);
}

/* ---- statements ---- */

static struct str filter_word(enum account_filter f)
{
	static const struct str words[ACCOUNT_FILTERS] = {
		[ANY_ACCOUNT] = { STR("") },
		[WITH_ACCOUNT] = { STR("with") },
		[WITHOUT_ACCOUNT] = { STR("without") },
		[WITH_INVITED] = { STR("invited") },
		[WITH_UNCONFIRMED] = { STR("unconfirmed") },
		[WITH_ACTIVE] = { STR("active") },
		[WITH_BLOCKED] = { STR("blocked") },
	};
	return words[f];
}

#define KEY_OF_DRIVE	12 /* columns */
#define KEY_OF_WALK		13
#define VALUES_OF_WALK	20
#define VALUES_OF_DRIVE 21

/* The values of by_word and of the walks up to $19. LEFT_OUT: the word that drives, or SEARCH_WORDS_MAX. */
static void values_fill(const struct search *s, const struct place *from, size_t most, size_t left_out, struct value *v)
{
	v[0] = int64(s->q->institution);
	v[1] = place_key(s, from);
	v[2] = int64(from->id);
	v[3] = int64((int64_t)most);
	for (size_t i = 0; i < SEARCH_WORDS_MAX; i++) {
		bool counts = i < s->count && i != left_out;
		v[4 + 2 * i] = text(counts ? s->words[i].from : S(""));
		v[5 + 2 * i] = text(counts ? s->words[i].below : S(""));
	}
	v[16] = text(filter_word(s->q->account));
	v[17] = text(s->q->language);
	v[18] = int64(s->q->made_from);
}

static void row_read(struct conn *db, struct arena *a, struct contact_row *r)
{
	*r = (struct contact_row){
		.id = col_int64(db, 0),
		.number = col_int64(db, 1),
		.is_structure = str_eq(col_text(db, 2, a), S("structure")),
		.first_name = col_text(db, 3, a),
		.last_name = col_text(db, 4, a),
		.email = col_text(db, 5, a),
		.phone = col_text(db, 6, a),
		.postcode = col_text(db, 7, a),
		.town = col_text(db, 8, a),
		.country = col_text(db, 9, a),
		.account = col_int64(db, 10),
	};
	if (r->account && !account_state_from_name(col_text(db, 11, a), &r->state))
		BUG("contact %lld has an account in an unknown state", (long long)r->id);
}

static bool begins_with(struct str key, const struct search_word *w)
{
	return str_compare(key, w->from) >= 0 && str_compare(key, w->below) < 0;
}

/* Whether a contact of this name key was shown in an earlier stretch. */
static bool was_shown(const struct search *s, const struct place *at, struct str key)
{
	for (size_t i = 0; i < s->count && (int64_t)i < at->stretch; i++)
		if (begins_with(key, &s->words[i])) return true;
	return false;
}

/* Whether KEY stands behind the end of the stretch. */
static bool is_behind(const struct search *s, const struct place *at, struct str key)
{
	return (size_t)at->stretch < s->count && str_compare(key, s->words[at->stretch].below) >= 0;
}

/* Reads the rows of the running statement behind those there are; the one beyond the page only tells that there is a next. */
static enum status rows_read(struct conn *db, const struct search *s, int key_column, struct contact_page *out, struct place *last)
{
	bool is_walk = key_column == KEY_OF_WALK;
	enum status st;
	while ((st = store_next(db)) == OK) {
		struct str key = s->order->is_number ? S("") : col_text(db, key_column, s->a);
		if (is_walk && is_behind(s, last, key)) return OK;
		if (is_walk && was_shown(s, last, key)) continue;
		if (out->count == LIST_PAGE) {
			out->next = place_write(s, *last);
			return OK;
		}
		row_read(db, s->a, &out->rows[out->count++]);
		last->id = col_int64(db, 0);
		if (s->order->is_number) last->number = col_int64(db, key_column);
		else last->key = key;
	}
	return st == NOT_FOUND ? OK : st;
}

/* ---- the two ways ---- */

/* The word that fewest contacts have, or SEARCH_WORDS_MAX when all are common. */
static enum status rarest(struct conn *db, const struct search *s, size_t *word, bool *is_nobody)
{
	static const struct sql q =
		SQL("SELECT count(*) FROM (SELECT 1 FROM contact_word WHERE institution = $1 AND word >= $2 AND word < $3 LIMIT $4) x" PLANNED_ANEW);
	int64_t best = SEARCH_RARE;
	*word = SEARCH_WORDS_MAX;
	for (size_t i = 0; i < s->count; i++) {
		enum status st = store_row(db, &q, int64(s->q->institution), text(s->words[i].from), text(s->words[i].below), int64(SEARCH_RARE));
		if (st) return st;
		int64_t count = col_int64(db, 0);
		if (count == 0) *is_nobody = true;
		if (count < best) best = count, *word = i;
	}
	return OK;
}

static enum status drive(struct conn *db, struct search *s, size_t word, struct contact_page *out)
{
	struct value v[VALUES_OF_DRIVE];
	values_fill(s, &s->from, LIST_PAGE + 1, word, v);
	v[19] = text(s->words[word].from);
	v[20] = text(s->words[word].below);
	struct place last = s->from;
	enum status st = store_query_values(db, &by_word, v, VALUES_OF_DRIVE);
	return st ? st : rows_read(db, s, KEY_OF_DRIVE, out, &last);
}

/* Goes behind the step's last contact; NOT_FOUND when the step reached the end. */
static enum status step_on(struct conn *db, const struct search *s, const struct sql *q, int64_t step, struct place *from)
{
	enum status st = store_row(db, q, int64(s->q->institution), place_key(s, from), int64(from->id), int64(step - 1));
	if (st) return st;
	from->id = col_int64(db, 1);
	if (s->order->is_number) from->number = col_int64(db, 0);
	else from->key = col_text(db, 0, s->a);
	return OK;
}

/* What is left of a page is enough to ask for while no row can have been shown before. */
static enum status walk(struct conn *db, struct search *s, struct contact_page *out)
{
	int way = s->q->is_descending && s->count == 0;
	int64_t until = clock_steady() + SEARCH_WALK;
	bool is_plain = s->count == 0 && s->q->account == ANY_ACCOUNT && s->q->language.len == 0 && s->q->made_from == 0;
	int64_t step = is_plain ? LIST_PAGE + 1 : SEARCH_STEP; /* nearly all of them fit: no more than a page is looked at */
	struct place from = s->from, last = s->from;
	for (;;) {
		struct value v[VALUES_OF_WALK];
		values_fill(s, &from, SEARCH_STEP, SEARCH_WORDS_MAX, v);
		if (from.stretch == 0) v[3] = int64((int64_t)(LIST_PAGE + 1 - out->count));
		v[19] = int64(step);
		enum status st = store_query_values(db, &s->order->walk[way], v, VALUES_OF_WALK);
		if (!st) st = rows_read(db, s, KEY_OF_WALK, out, &last);
		if (st || out->next.len) return st;
		st = step_on(db, s, &s->order->step[way], step, &from);
		if (st && st != NOT_FOUND) return st;
		if (st == NOT_FOUND || is_behind(s, &from, from.key)) {
			if ((size_t)from.stretch == s->count) return OK;
			from = last = beginning(s, from.stretch + 1);
		}
		if (clock_steady() < until) continue;
		out->is_broken_off = true;
		out->next = place_write(s, from);
		return OK;
	}
}

enum status contact_search(struct conn *db, struct arena *a, const struct contact_query *q, struct contact_page *out)
{
	struct search s = { .a = a, .q = q };
	size_t word = SEARCH_WORDS_MAX;
	bool is_nobody = false;
	enum status st;
	s.count = search_words(a, q->typed, s.words);
	s.order = &orders[s.count ? BY_NAME : q->order];
	out->count = 0;
	out->next = S("");
	out->is_broken_off = false;
	if (s.count && (st = rarest(db, &s, &word, &is_nobody))) return st;
	if (is_nobody) return OK;
	s.from = place_read(&s, word < SEARCH_WORDS_MAX ? (int64_t)s.count : 0, q->after);
	return word < SEARCH_WORDS_MAX ? drive(db, &s, word, out) : walk(db, &s, out);
}
