/* accounts/contact_words.c: folding into search words, and the rows of them. */
#include "accounts/contact_words.h"

#include <stdlib.h>

#include "accounts/phone.h"
#include "base/fold.h"

#define BEHIND_ALL	"\xf4\x8f\xbf\xbf" /* U+10FFFF, which is no letter: prefix + this stands behind whatever begins with the prefix */
#define WORD_MAX	100				   /* octets; more of one word tells nobody apart */
#define MERGED_READ 20				   /* contacts merged into one; MERGED_MOST of merge.h */

/* ---- folding ---- */

/* S without the e behind a, o and u: Müller, Mueller and Muller become one. */
static struct str without_umlaut(struct arena *a, struct str s)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] != 'e' || i == 0 || !str_has(S("aou"), s.at[i - 1])) buf_add_char(&b, s.at[i]);
	return buf_str(&b);
}

static struct str cut(struct str word)
{
	size_t len = word.len < WORD_MAX ? word.len : WORD_MAX;
	while (len > 0 && len < word.len && ((unsigned char)word.at[len] & 0xc0) == 0x80) len--;
	return str_part(word, 0, len);
}

/* Words in the making. */
struct words {
	struct arena *a;
	struct str *at;
	size_t count, room;
};

static void word_add(struct words *w, struct str word)
{
	if (word.len == 0) return;
	if (w->count == w->room) {
		size_t room = w->room ? 2 * w->room : 16;
		w->at = arena_grow(w->a, w->at, w->room * sizeof *w->at, room * sizeof *w->at);
		w->room = room;
	}
	w->at[w->count++] = cut(word);
}

static void names_add(struct words *w, struct str name)
{
	struct str rest = without_umlaut(w->a, text_fold_search(w->a, name)), word;
	while (str_next(&rest, ' ', &word)) word_add(w, word);
}

static struct str digits_of(struct arena *a, struct str s)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] >= '0' && s.at[i] <= '9') buf_add_char(&b, s.at[i]);
	return buf_str(&b);
}

static void phone_add(struct words *w, struct str phone)
{
	word_add(w, digits_of(w->a, phone));
	word_add(w, phone_home_digits(w->a, phone));
}

/* Whole, and its local part as words. */
static void email_add(struct words *w, struct str key)
{
	struct str rest = key, local;
	word_add(w, key);
	if (str_next(&rest, '@', &local)) names_add(w, local);
}

static int by_word(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* Sorted, each once. */
static void words_settle(struct words *w)
{
	size_t kept = 0;
	if (w->count) qsort(w->at, w->count, sizeof *w->at, by_word);
	for (size_t i = 0; i < w->count; i++)
		if (kept == 0 || !str_eq(w->at[kept - 1], w->at[i])) w->at[kept++] = w->at[i];
	w->count = kept;
}

static void parts_add(struct words *w, const struct contact_parts *p)
{
	for (size_t i = 0; i < COUNT(p->names); i++) names_add(w, p->names[i]);
	names_add(w, p->postcode);
	phone_add(w, p->phone);
	email_add(w, p->email_key);
	word_add(w, str_format(w->a, "%lld", (long long)p->number));
}

size_t contact_parts_words(struct arena *a, const struct contact_parts *p, struct str **words)
{
	struct words w = { .a = a };
	parts_add(&w, p);
	words_settle(&w);
	*words = w.at;
	return w.count;
}

/* ---- a search ---- */

/* Digits and what people write between them; a "/" alone goes on with a number that was begun. */
static bool is_number_like(struct str token, bool is_begun)
{
	bool has_digit = is_begun;
	for (size_t i = 0; i < token.len; i++) {
		if (token.at[i] >= '0' && token.at[i] <= '9') has_digit = true;
		else if (!str_has(S("+()/.-'"), token.at[i])) return false;
	}
	return has_digit;
}

/* "+41 (0)79 555" and "0041 79 555" as "4179555"; "079 555" stays, for it is stored as dialled at home too. */
static struct str number_word(struct arena *a, struct str typed)
{
	struct str digits = digits_of(a, typed);
	bool has_00 = str_starts(digits, S("00")), is_international = has_00 || str_has(typed, '+');
	ptrdiff_t trunk = str_find(typed, S("(0)"));
	if (is_international && trunk >= 0) {
		struct str head = digits_of(a, str_part(typed, 0, (size_t)trunk)), tail = digits_of(a, str_part(typed, (size_t)trunk + 3, typed.len));
		digits = str_format(a, "%.*s%.*s", STR_ARG(head), STR_ARG(tail));
	}
	return has_00 ? str_part(digits, 2, digits.len) : digits;
}

size_t search_words(struct arena *a, struct str typed, struct search_word words[static SEARCH_WORDS_MAX])
{
	struct words w = { .a = a };
	struct buf number = buf_in(a), plain = buf_in(a);
	struct str token;
	/* No-break spaces come with what people paste. */
	for (size_t i = 0; i < typed.len; i++)
		if (str_starts(str_part(typed, i, typed.len), S("\xc2\xa0"))) buf_add_char(&plain, ' '), i++;
		else buf_add_char(&plain, typed.at[i]);
	struct str rest = buf_str(&plain);
	bool has_more = true;
	while (has_more) {
		has_more = str_next(&rest, ' ', &token);
		if (has_more && is_number_like(token, number.len > 0)) {
			buf_add(&number, token);
			continue;
		}
		if (has_more && token.len == 0) continue;
		word_add(&w, number_word(a, buf_str(&number)));
		number = buf_in(a);
		if (!has_more) break;
		if (str_has(token, '@')) word_add(&w, text_fold_case(a, text_nfc(a, token)));
		else names_add(&w, token);
	}
	size_t count = w.count < SEARCH_WORDS_MAX ? w.count : SEARCH_WORDS_MAX;
	for (size_t i = 0; i < count; i++) words[i] = (struct search_word){ w.at[i], str_format(a, "%.*s" BEHIND_ALL, STR_ARG(w.at[i])) };
	return count;
}

/* ---- rows ---- */

enum status contact_words_forget(struct conn *db, int64_t contact)
{
	static const struct sql q = SQL("DELETE FROM contact_word WHERE contact = $1");
	return store_exec(db, &q, int64(contact));
}

static enum status read_row(struct conn *db, struct words *w, int64_t contact, int64_t *institution)
{
	static const struct sql q =
		SQL("SELECT first_name, last_name, department, town, postcode, phone, email_key, number, institution FROM contact WHERE id = $1");
	struct contact_parts p;
	enum status st = store_row(db, &q, int64(contact));
	if (st) return st;
	for (int i = 0; i < (int)COUNT(p.names); i++) p.names[i] = col_text(db, i, w->a);
	p.postcode = col_text(db, 4, w->a);
	p.phone = col_text(db, 5, w->a);
	p.email_key = col_text(db, 6, w->a);
	p.number = col_int64(db, 7);
	*institution = col_int64(db, 8);
	parts_add(w, &p);
	return OK;
}

/* Rows of a kind of word and a text. */
static enum status read_beside(struct conn *db, struct words *w, int64_t contact)
{
	static const struct sql q = SQL("SELECT 'phone', value FROM contact_channel WHERE contact = $1 AND kind = 'phone' UNION ALL "
									"SELECT 'email', value_key FROM contact_channel WHERE contact = $1 AND kind = 'email' UNION ALL "
									"SELECT 'email', email_key FROM internet_account WHERE contact = $1 AND state <> 'closed' UNION ALL "
									"SELECT 'name', town FROM contact_address WHERE contact = $1 UNION ALL "
									"SELECT 'name', postcode FROM contact_address WHERE contact = $1");
	enum status st = store_query(db, &q, int64(contact));
	if (st) return st;
	while ((st = store_next(db)) == OK) {
		struct str kind = col_text(db, 0, w->a), value = col_text(db, 1, w->a);
		if (str_eq(kind, S("phone"))) phone_add(w, value);
		else if (str_eq(kind, S("email"))) email_add(w, value);
		else names_add(w, value);
	}
	return st == NOT_FOUND ? OK : st;
}

/* Who was merged into it is found by what he was known by. */
static enum status read_merged(struct conn *db, struct words *w, int64_t contact)
{
	static const struct sql q = SQL("SELECT id FROM contact WHERE merged_into = $1 ORDER BY id LIMIT $2");
	int64_t ids[MERGED_READ], institution;
	size_t count = 0;
	enum status st = store_query(db, &q, int64(contact), int64(MERGED_READ));
	if (st) return st;
	while ((st = store_next(db)) == OK) ids[count++] = col_int64(db, 0);
	if (st != NOT_FOUND) return st;
	for (size_t i = 0; i < count; i++) {
		if ((st = read_row(db, w, ids[i], &institution))) return st;
		if ((st = read_beside(db, w, ids[i]))) return st;
	}
	return OK;
}

enum status contact_words_write(struct conn *db, struct arena *a, int64_t contact)
{
	static const struct sql insert = SQL("INSERT INTO contact_word (institution, word, contact) VALUES ($1, $2, $3)");
	struct words w = { .a = a };
	int64_t institution;
	enum status st;
	if ((st = read_row(db, &w, contact, &institution))) return st;
	if ((st = read_beside(db, &w, contact))) return st;
	if ((st = read_merged(db, &w, contact))) return st;
	words_settle(&w);
	if ((st = contact_words_forget(db, contact))) return st;
	for (size_t i = 0; !st && i < w.count; i++) st = store_exec(db, &insert, int64(institution), text(w.at[i]), int64(contact));
	return st;
}
