/* formats/docx_flow.c: what stands where in the mail. */
#include "formats/docx_flow.h"

struct docx_flow docx_flow(const struct docx_merged *m)
{
	return (struct docx_flow){ .merged = m, .next = m->header.first };
}

const struct docx_node *docx_flow_next(struct docx_flow *f, enum docx_place *place)
{
	while (!f->next) {
		if (f->part == 2) return NULL;
		f->next = ++f->part == 1 ? f->merged->body.first : f->merged->footer.first;
	}
	const struct docx_node *n = f->next;
	f->next = n->next;
	const struct docx_paragraph *p = n->kind == DOCX_PARAGRAPH ? n->paragraph : NULL;
	if (f->part == 1 && p && p->has_rule && !docx_is_visible(n->first)) f->is_below_rule = true;
	*place = f->part == 2 || (f->part == 1 && (f->is_below_rule || (p && p->is_footer))) ? DOCX_IN_FOOTER
			 : p && p->is_band															 ? DOCX_IN_BAND
																						 : DOCX_IN_BODY;
	return n;
}

static bool is_blank_text(const struct docx_node *n)
{
	return n->kind == DOCX_TEXT && str_trim(n->text).len == 0;
}

const struct docx_node *docx_lone_url(const struct docx_node *paragraph)
{
	const struct docx_node *url = NULL;
	if (paragraph->kind != DOCX_PARAGRAPH) return NULL;
	for (const struct docx_node *n = paragraph->first; n; n = n->next) {
		if (is_blank_text(n)) continue;
		if (url || !n->is_url) return NULL;
		url = n;
	}
	return url;
}

const struct docx_link *docx_button(const struct docx_node *paragraph)
{
	const struct docx_link *link = NULL;
	if (paragraph->kind != DOCX_PARAGRAPH || paragraph->paragraph->heading || docx_lone_url(paragraph)) return NULL;
	for (const struct docx_node *n = paragraph->first; n; n = n->next) {
		if (is_blank_text(n)) continue;
		if (n->kind != DOCX_TEXT || !n->link || !n->link->is_field || (link && link != n->link)) return NULL;
		link = n->link;
	}
	return link;
}

bool docx_is_one_paragraph(const struct docx_node *a, const struct docx_node *b)
{
	if (!a || !b || a->kind != DOCX_PARAGRAPH || b->kind != DOCX_PARAGRAPH) return false;
	const struct docx_paragraph *p = a->paragraph, *q = b->paragraph;
	if (!docx_is_visible(a->first) || !docx_is_visible(b->first)) return false;
	if (p->heading || q->heading || p->list || q->list || p->align != q->align) return false;
	return p->is_tight && !docx_button(a) && !docx_button(b) && !docx_lone_url(a) && !docx_lone_url(b);
}

void docx_blocks_add(struct arena *a, struct docx_blocks *b, const struct docx_node *n)
{
	if (b->count == b->size) {
		size_t size = b->size ? b->size * 2 : 16;
		b->at = arena_grow(a, b->at, b->size * sizeof *b->at, size * sizeof *b->at);
		b->size = size;
	}
	b->at[b->count++] = n;
}

const struct docx_node *docx_seen_after(const struct docx_blocks *b, size_t i)
{
	while (++i < b->count)
		if (docx_is_visible(b->at[i]->first)) return b->at[i];
	return NULL;
}
