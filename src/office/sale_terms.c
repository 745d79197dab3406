/* office/sale_terms.c: the terms of sale of a shop, in each of its languages. */
#include "institution/sale_terms.h"
#include "office/house.h"
#include "office/sale_terms.html.h"
#include "web/csrf.h"

#define PATH "/organisation/points-of-sale/:ID/terms"

static const struct form_field fields[] = {
	{ "terms-en", .max = TERMS_MAX, .is_multiline = true },
	{ "terms-fr", .max = TERMS_MAX, .is_multiline = true },
	{ "terms-de", .max = TERMS_MAX, .is_multiline = true },
	{ "terms-it", .max = TERMS_MAX, .is_multiline = true },
};

/* A shop that the operator may read; false with the answer INSTEAD. */
static bool shop_of_path(struct request *r, struct point_of_sale *sale, struct sale_row *row, struct response *instead)
{
	struct sale_edit e;
	int64_t id;
	enum status st = request_segment_id(r, 0, &id) ? sale_get(r->db, r->arena, actor_of(r), id, &e, row) : NOT_FOUND;
	if (!st && !row->is_internet) st = NOT_FOUND;
	if (!st) st = point_of_sale_get(r->db, r->arena, id, sale);
	if (!st) return true;
	*instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return false;
}

static struct response terms_answer(struct request *r, int status, const struct point_of_sale *sale, const struct sale_row *row,
	const struct sale_terms *terms, struct str done, const struct problem *why)
{
	struct terms_shown shown[LANGUAGES];
	size_t count = 0;
	for (int l = 0; l < LANGUAGES; l++) {
		struct str draft = sale_terms_draft(r->arena, sale, (enum language)l);
		if (!(sale->languages & 1u << l) && !terms->words[l].len) continue;
		shown[count++] = (struct terms_shown){ .field = fields[l].name,
			.name = lang_name((enum language)l),
			.tag = lang_tag((enum language)l),
			.words = terms->words[l].len ? terms->words[l] : draft,
			.is_draft = !terms->words[l].len || str_eq(terms->words[l], draft) };
	}
	struct office_page p = office_institution_page(r, MSG_TERMS, PLACE_POINTS_OF_SALE);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_sale_terms(&out, &(const struct tpl_office_sale_terms){ .page = &p,
									.sale = sale,
									.shown = shown,
									.count = count,
									.may_write = actor_may_in(actor_of(r), RIGHT_POINT_OF_SALE_WRITE, row->organisation),
									.csrf = csrf_token(r, PATH),
									.done = done,
									.why = why });
	return office_answer(r, status, &out);
}

struct response office_sale_terms_page(struct request *r)
{
	struct point_of_sale sale;
	struct sale_row row;
	struct sale_terms terms;
	struct response instead;
	if (!shop_of_path(r, &sale, &row, &instead)) return instead;
	if (sale_terms_get(r->db, r->arena, sale.id, &terms)) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_TERMS, OFFICE_TAB_NONE);
	return terms_answer(r, 200, &sale, &row, &terms, office_done(&p), NULL);
}

struct saving {
	struct request *r;
	int64_t sale;
	struct sale_terms terms;
	struct problem why;
};

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why.first = NULL; /* it may run again */
	return sale_terms_save(db, x->r->arena, actor_of(x->r), x->sale, &x->terms, &x->why);
}

struct response office_sale_terms(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r, .why = problem_in(r->arena) };
	struct point_of_sale sale;
	struct sale_row row;
	struct response instead;
	if (!shop_of_path(r, &sale, &row, &instead)) return instead;
	x.sale = sale.id;
	for (size_t l = 0; l < LANGUAGES; l++) x.terms.words[l] = form_text(&f, fields[l].name);
	if (problem_any(&f.why)) return terms_answer(r, 422, &sale, &row, &x.terms, S(""), &f.why);
	/* A draft that nobody changed stays a draft. */
	for (int l = 0; l < LANGUAGES; l++)
		if (str_eq(x.terms.words[l], sale_terms_draft(r->arena, &sale, (enum language)l))) x.terms.words[l] = S("");
	enum status st = store_write(r->db, save, &x);
	if (st == REFUSED && problem_any(&x.why)) return terms_answer(r, 422, &sale, &row, &x.terms, S(""), &x.why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	return office_redirect(r, str_format(r->arena, "/organisation/points-of-sale/%lld/terms?done=saved", (long long)sale.id));
}
