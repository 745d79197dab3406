/* shop/terms.c: the terms of sale. */
#include "institution/sale_terms.h"
#include "shop/shop.h"
#include "shop/terms.html.h"

#define HEADING "# "

/* Paragraphs and headings, one after the other. */
static struct terms_part *parts_of(struct arena *a, struct str words, size_t *count)
{
	struct terms_part *out = ARENA_ARRAY(a, struct terms_part, words.len / 2 + 1); /* a part has a sign and its line's end */
	struct str line;
	bool goes_on = false;
	*count = 0;
	while (str_next(&words, '\n', &line)) {
		line = str_trim(line);
		bool is_heading = str_starts(line, S(HEADING));
		if (!line.len || is_heading) goes_on = false;
		if (!line.len) continue;
		if (goes_on) {
			struct terms_part *last = &out[*count - 1];
			last->text.len = (size_t)(line.at + line.len - last->text.at); /* both stand in WORDS */
			continue;
		}
		out[(*count)++] =
			(struct terms_part){ .is_heading = is_heading, .text = is_heading ? str_trim(str_part(line, strlen(HEADING), line.len)) : line };
		goes_on = !is_heading;
	}
	return out;
}

struct response shop_terms_page(struct request *r)
{
	const struct point_of_sale *sale = &door_of(r)->sale;
	struct sale_terms terms;
	bool is_draft;
	size_t count;
	if (sale_terms_get(r->db, r->arena, sale->id, &terms)) return error_answer(r, 503);
	struct str words = sale_terms_in(r->arena, &terms, sale, r->language, &is_draft);
	const struct terms_part *parts = parts_of(r->arena, words, &count);
	struct shop_page p = shop_page(r, MSG_TERMS, TAB_NONE);
	struct render out = shop_render(r);
	tpl_shop_terms(&out, &(const struct tpl_shop_terms){ .page = &p, .parts = parts, .count = count, .is_draft = is_draft });
	return shop_answer(r, 200, &out);
}
