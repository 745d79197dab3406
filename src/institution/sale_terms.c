/* institution/sale_terms.c: a row a language. */
#include "institution/sale_terms.h"

#include "institution/audit.h"
#include "institution/plain.h"
#include "institution/sale_edit.h"

enum status sale_terms_get(struct conn *db, struct arena *a, int64_t point_of_sale, struct sale_terms *out)
{
	static const struct sql q = SQL("SELECT language, words FROM sale_terms WHERE point_of_sale = $1");
	enum status st;
	*out = (struct sale_terms){ 0 };
	if ((st = store_query(db, &q, int64(point_of_sale)))) return st;
	while ((st = store_next(db)) == OK) out->words[lang_written(col_text(db, 0, a))] = col_text(db, 1, a);
	return st == NOT_FOUND ? OK : st;
}

struct str sale_terms_draft(struct arena *a, const struct point_of_sale *sale, enum language l)
{
	static const enum message parts[] = { MSG_TERMS_DRAFT_CONTRACT, MSG_TERMS_DRAFT_PAYMENT, MSG_TERMS_DRAFT_TICKETS, MSG_TERMS_DRAFT_RETURN,
		MSG_TERMS_DRAFT_CHANGE, MSG_TERMS_DRAFT_DATA, MSG_TERMS_DRAFT_LAW };
	const struct arg args[] = { arg_text("house", sale->house.name), { 0 } };
	struct buf b = buf_in(a);
	for (size_t i = 0; i < COUNT(parts); i++) {
		if (i) buf_add(&b, S("\n\n"));
		buf_add(&b, lang_text(a, l, parts[i], args));
	}
	return buf_str(&b);
}

struct str sale_terms_in(struct arena *a, const struct sale_terms *t, const struct point_of_sale *sale, enum language l, bool *is_draft)
{
	*is_draft = false;
	if (t->words[l].len) return t->words[l];
	if (t->words[sale->house.main_language].len) return t->words[sale->house.main_language];
	for (int i = 0; i < LANGUAGES; i++)
		if (t->words[i].len) return t->words[i];
	*is_draft = true;
	return sale_terms_draft(a, sale, l);
}

static enum status put(struct conn *db, int64_t point_of_sale, enum language l, struct str words)
{
	static const struct sql set = SQL("INSERT INTO sale_terms (point_of_sale, language, words) VALUES ($1, $2, $3)"
									  " ON CONFLICT (point_of_sale, language) DO UPDATE SET words = excluded.words");
	static const struct sql take = SQL("DELETE FROM sale_terms WHERE point_of_sale = $1 AND language = $2");
	struct str tag = str_of(lang_tag(l));
	return words.len ? store_exec(db, &set, int64(point_of_sale), text(tag), text(words)) : store_exec(db, &take, int64(point_of_sale), text(tag));
}

enum status sale_terms_save(
	struct conn *db, struct arena *a, const struct actor *who, int64_t point_of_sale, const struct sale_terms *t, struct problem *why)
{
	static const char *const fields[LANGUAGES] = { [LANG_EN] = "terms-en", [LANG_FR] = "terms-fr", [LANG_DE] = "terms-de", [LANG_IT] = "terms-it" };
	struct sale_edit e;
	struct sale_row row;
	unsigned before = 0, after = 0;
	struct sale_terms was;
	enum status st;
	if ((st = sale_get(db, a, who, point_of_sale, &e, &row))) return st;
	if (!row.is_internet || !actor_may_in(who, RIGHT_POINT_OF_SALE_WRITE, row.organisation)) return NOT_FOUND;
	for (int l = 0; l < LANGUAGES; l++)
		if (str_points(t->words[l]) > TERMS_MAX) problem_add(why, fields[l], MSG_CONTACT_TOO_LONG, arg_int("max", TERMS_MAX));
	if (problem_any(why)) return REFUSED;
	if ((st = sale_terms_get(db, a, point_of_sale, &was))) return st;
	for (int l = 0; l < LANGUAGES; l++) {
		if (was.words[l].len) before |= 1u << l;
		if (t->words[l].len) after |= 1u << l;
		if (!str_eq(was.words[l], t->words[l]) && (st = put(db, point_of_sale, (enum language)l, t->words[l]))) return st;
	}
	const struct audit_value from[] = { { "languages", languages_text(a, before) }, { NULL, { 0 } } };
	const struct audit_value to[] = { { "languages", languages_text(a, after) }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "point-of-sale-terms", "point-of-sale", point_of_sale, from, to });
}
