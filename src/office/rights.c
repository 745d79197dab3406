/* office/rights.c: who may what: rights × profiles, and below it every way into the office with the right it asks for. */
#include "office/rights.h"

#include "office/rights.html.h"

static struct right_row *rights_shown(struct request *r)
{
	struct right_row *rows = ARENA_ARRAY(r->arena, struct right_row, RIGHTS);
	for (int i = 0; i < RIGHTS; i++) {
		rows[i].title = right_title((enum right)i);
		for (int p = 0; p < PROFILES; p++) rows[i].has[p] = profile_rights((enum profile_code)p) & RIGHT(i);
	}
	return rows;
}

/* "Administrator, Manager": in the language of the page. */
static struct str who_may(struct request *r, unsigned needs)
{
	struct buf b = buf_in(r->arena);
	for (int p = 0; p < PROFILES; p++) {
		if (!decision_lets(needs, profile_rights((enum profile_code)p))) continue;
		if (b.len) buf_add(&b, S(", "));
		buf_add(&b, lang_text(r->arena, r->language, profile_title((enum profile_code)p), NULL));
	}
	return buf_str(&b);
}

static struct way_row *ways_shown(struct request *r)
{
	struct way_row *rows = ARENA_ARRAY(r->arena, struct way_row, office_route_count);
	for (size_t i = 0; i < office_route_count; i++) {
		const struct route *t = &office_routes[i];
		rows[i].method = t->method == GET ? "GET" : "POST";
		rows[i].pattern = t->pattern;
		rows[i].decision = decision_title(t->needs);
		rows[i].who = who_may(r, t->needs);
	}
	return rows;
}

enum message decision_title(unsigned needs)
{
	enum right right;
	if (decision_right(needs, &right)) return right_title(right);
	return (needs & DECISION_MASK) == ANYBODY ? MSG_DECISION_ANYBODY : MSG_DECISION_OPERATOR;
}

bool decision_lets(unsigned needs, uint64_t rights)
{
	enum right right;
	return !decision_right(needs, &right) || rights & RIGHT(right);
}

struct response office_rights_page(struct request *r)
{
	enum message profiles[PROFILES];
	for (int p = 0; p < PROFILES; p++) profiles[p] = profile_title((enum profile_code)p);
	struct office_page page = office_institution_page(r, MSG_OFFICE_PLACE_RIGHTS, PLACE_RIGHTS);
	struct render out = office_render(r);
	tpl_office_rights(
		&out, &(const struct tpl_office_rights){ .page = &page, .profiles = profiles, .rights = rights_shown(r), .ways = ways_shown(r) });
	return office_answer(r, 200, &out);
}
