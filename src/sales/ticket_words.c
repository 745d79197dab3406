/* sales/ticket_words.c: from rows to a page. */
#include "sales/ticket_words.h"

#include "documents/preview.h"
#include "sales/paper.h"

/* "Stalls, row D, seat 5"; "Floor". */
static struct str place_words(struct arena *a, enum language l, const struct paper *p)
{
	if (!p->seat.len) return p->section;
	const struct arg args[] = { arg_text("row", p->row), arg_text("seats", p->seat), arg_int("n", 1), { 0 } };
	return str_format(a, "%.*s, %.*s", STR_ARG(p->section), STR_ARG(lang_text(a, l, MSG_ROW_AND_SEATS, args)));
}

/* "Large Hall, Théâtre du Lac, Lausanne", each once. */
static struct str where_words(struct arena *a, const struct paper *p)
{
	struct buf b = buf_in(a);
	buf_add(&b, p->hall);
	if (!str_eq(p->venue, p->hall)) buf_addf(&b, ", %.*s", STR_ARG(p->venue));
	if (p->town.len && !str_eq(p->town, p->venue)) buf_addf(&b, ", %.*s", STR_ARG(p->town));
	return buf_str(&b);
}

static struct ticket_sheet sheet_of(struct arena *a, enum language l, const struct point_of_sale *sale, int64_t ticket, const struct paper *p)
{
	struct str tariff = lang_amount(a, l, p->price, p->currency);
	struct ticket_sheet t = { .house = p->organiser,
		.when = lang_datetime(a, l, p->starts_at, sale->house.zone),
		.title = p->title,
		.what = p->subtitle,
		.place = place_words(a, l, p),
		.barcode = p->barcode,
		.note = lang_text(a, l, MSG_TICKET_NOTE, NULL) };
	const struct {
		enum message label;
		struct str value;
	} facts[] = {
		{ MSG_TICKET_WHERE, where_words(a, p) },
		{ MSG_TICKET_DOORS, lang_weekday_time(a, l, p->doors_at, sale->house.zone) },
		{ MSG_CATEGORY, p->category },
		{ MSG_TICKET_TARIFF, str_format(a, "%.*s, %.*s", STR_ARG(p->tariff), STR_ARG(tariff)) },
		{ MSG_TICKET_ORDER, p->holder.len ? str_format(a, "%.*s, %.*s", STR_ARG(order_number(a, p->order_number)), STR_ARG(p->holder))
										  : order_number(a, p->order_number) },
		{ MSG_TICKET_NUMBER, ticket_number(a, ticket) },
	};
	_Static_assert(COUNT(facts) == TICKET_FACTS, "a page holds all of them");
	for (size_t i = 0; i < COUNT(facts); i++) t.facts[i] = (struct ticket_fact){ lang_text(a, l, facts[i].label, NULL), facts[i].value };
	t.fact_count = COUNT(facts);
	return t;
}

enum status ticket_sheets(struct conn *db, struct arena *a, const struct point_of_sale *sale, const struct order *o, enum language l,
	struct ticket_sheet **out, size_t *count)
{
	int64_t *tickets;
	size_t all;
	struct paper p;
	enum status st = paper_tickets(db, a, o->id, &tickets, &all);
	*count = 0;
	if (st) return st;
	*out = ARENA_ARRAY(a, struct ticket_sheet, all + 1);
	for (size_t i = 0; i < all; i++) {
		if ((st = paper_read(db, a, tickets[i], l, &p))) return st;
		if (p.barcode.len && p.state != TICKET_CANCELLED && p.state != TICKET_INVALIDATED) (*out)[(*count)++] = sheet_of(a, l, sale, tickets[i], &p);
	}
	for (size_t i = 0; i < *count; i++)
		(*out)[i].count =
			lang_text(a, l, MSG_TICKET_OF, (const struct arg[]){ arg_int("k", (int64_t)i + 1), arg_int("count", (int64_t)*count), { 0 } });
	return OK;
}

static struct str title_of(struct arena *a, enum language l, const struct order *o, enum message m)
{
	return lang_text(a, l, m, (const struct arg[]){ arg_text("order", order_number(a, o->number)), { 0 } });
}

enum status ticket_pdf(struct arena *a, const struct point_of_sale *sale, const struct order *o, enum language l, const struct ticket_sheet *sheets,
	size_t count, struct str *out, struct problem *why)
{
	const struct paper_head head = {
		.title = title_of(a, l, o, MSG_TICKETS_TITLE), .author = sale->house.name, .language = str_of(lang_tag(l)), .made_at = o->closed_at
	};
	if (ticket_print(a, &head, accent_number(sale->accent), sheets, count, out)) return OK;
	return problem_add(why, "", MSG_LETTER_FONT_MISSING), REFUSED;
}

struct str ticket_file_name(struct arena *a, enum language l, const struct order *o)
{
	return title_of(a, l, o, MSG_TICKETS_FILE_NAME);
}
