/* shop/plan.c: the seat plan. */
#include "shop/plan.h"

#define RADIUS	   1000 /* of a seat, hundredths */
#define MARGIN	   2600 /* around the seats: room for the rows' letters */
#define STAGE_ROOM 3600
#define AREA_ROOM  6000 /* between the last row of a zone and the first of the next, where they would lie on each other: room for its name */
#define NAME_ROOM  2500 /* of a zone's name, below the stage */
#define AREAS_MOST 100	/* zones of a hall */

/* Hundredths as SVG has them: "58.7". */
static struct str unit(struct arena *a, int64_t hundredths)
{
	int64_t tenths = (hundredths + (hundredths < 0 ? -5 : 5)) / 10;
	if (tenths % 10 == 0) return str_format(a, "%lld", (long long)(tenths / 10));
	return str_format(
		a, "%s%lld.%lld", tenths < 0 && tenths > -10 ? "-" : "", (long long)(tenths / 10), (long long)(tenths < 0 ? -tenths % 10 : tenths % 10));
}

/* From the address, or from the form that was refused. */
static size_t chosen_read(struct request *r, const struct plan_seat *seats, size_t count, int64_t *out)
{
	struct str rest = request_query(r, "s"), piece, name;
	size_t n = 0, at = 0;
	int64_t id;
	while (n < CHOSEN_MOST && form_next_named(r, S("seat"), &at, &name, &rest))
		if (str_next(&rest, '-', &piece) && str_int64(piece, &id)) out[n++] = id;
	while (rest.len && n < CHOSEN_MOST && str_next(&rest, '.', &piece))
		if (str_int64(piece, &id)) out[n++] = id;
	if (str_find(r->query, S("s-")) < 0) return n;
	for (size_t i = 0; i < count && n < CHOSEN_MOST; i++)
		if (request_has_query(r, str_c(r->arena, str_format(r->arena, "s-%lld", (long long)seats[i].seat)))) out[n++] = seats[i].seat;
	return n;
}

static bool is_in(const int64_t *ids, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id) return true;
	return false;
}

/* The chosen seats with ID more, or less when it is among them. */
static struct str chosen_with(struct arena *a, const int64_t *ids, size_t count, int64_t id)
{
	struct buf b = buf_in(a);
	bool had = false;
	for (size_t i = 0; i < count; i++) {
		if (ids[i] == id) had = true;
		else buf_addf(&b, "%s%lld", b.len ? "." : "", (long long)ids[i]);
	}
	if (!had) buf_addf(&b, "%s%lld", b.len ? "." : "", (long long)id);
	return buf_str(&b);
}

static void seat_show(
	struct arena *a, const struct offers *offers, const int64_t *ids, size_t chosen, int64_t left, int64_t top, struct seat_shown *s)
{
	int64_t x = s->seat->x - left, y = s->seat->y - top;
	s->x = unit(a, x);
	s->y = unit(a, y);
	s->below = unit(a, y + 360); /* figures of 10 units stand in the middle */
	s->tick = str_format(a, "M%.*s %.*sl3.5 4 6.5-7.5", STR_ARG(unit(a, x - 500)), STR_ARG(s->y));
	for (size_t c = 0; c < offers->count; c++) {
		if (offers->categories[c].id != s->seat->seat_category) continue;
		s->category = offers->categories[c].name;
		s->rank = (int)c + 1;
	}
	s->is_mine = s->seat->is_free && s->rank && is_in(ids, chosen, s->seat->seat); /* without a rank: no longer offered */
	if (s->seat->is_free) s->chosen = chosen_with(a, ids, chosen, s->seat->seat);
}

/* The zones of a hall: where each lies. */
struct area {
	size_t first, count; /* of the seats */
	int64_t left, right, top, bottom;
};

static size_t areas_of(struct plan_seat *seats, size_t count, struct area *out)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || (seats[i].area != seats[i - 1].area && n < AREAS_MOST))
			out[n++] = (struct area){ i, 0, INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN };
		struct area *k = &out[n - 1];
		k->count++;
		k->left = seats[i].x < k->left ? seats[i].x : k->left;
		k->right = seats[i].x > k->right ? seats[i].x : k->right;
		k->top = seats[i].y < k->top ? seats[i].y : k->top;
		k->bottom = seats[i].y > k->bottom ? seats[i].y : k->bottom;
	}
	return n;
}

static bool lie_on_each_other(const struct area *a, const struct area *b)
{
	return a->left <= b->right + 2 * RADIUS && b->left <= a->right + 2 * RADIUS && a->top <= b->bottom + 2 * RADIUS &&
		   b->top <= a->bottom + 2 * RADIUS;
}

/* Tables of seats that were drawn each for itself begin at the same corner: such a zone comes below those before it. */
static void areas_part(struct plan_seat *seats, struct area *areas, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		int64_t lowest = areas[0].bottom;
		bool must_move = false;
		for (size_t k = 0; k < i; k++) {
			must_move |= lie_on_each_other(&areas[k], &areas[i]);
			lowest = areas[k].bottom > lowest ? areas[k].bottom : lowest;
		}
		if (!must_move) continue;
		int64_t by = lowest + AREA_ROOM - areas[i].top;
		for (size_t k = areas[i].first; k < areas[i].first + areas[i].count; k++) seats[k].y += by;
		areas[i].top += by, areas[i].bottom += by;
	}
}

static void areas_show(
	struct arena *a, const struct plan_seat *seats, const struct area *areas, size_t count, int64_t left, int64_t top, struct plan *p)
{
	if (count < 2) return;
	p->areas = ARENA_ARRAY(a, struct area_shown, count);
	for (size_t i = 0; i < count; i++)
		p->areas[p->area_count++] = (struct area_shown){ seats[areas[i].first].area_name, unit(a, (areas[i].left + areas[i].right) / 2 - left),
			unit(a, areas[i].top - top - 2000) };
}

static struct str row_label(struct arena *a, const struct plan *p, const struct plan_seat *s)
{
	return p->area_count ? str_format(a, "%.*s, %.*s", STR_ARG(s->row_name), STR_ARG(s->area_name)) : s->row_name;
}

static void rows_show(struct arena *a, struct plan *p, int64_t left, int64_t top)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct plan_seat *seat = p->seats[i].seat;
		if (i == 0 || seat->row_rank != p->seats[i - 1].seat->row_rank || seat->area != p->seats[i - 1].seat->area)
			p->rows[p->row_count++] = (struct row_shown){ .name = seat->row_name,
				.label = p->seats[i].row,
				.seats = &p->seats[i],
				.x = unit(a, seat->x - left - 2000),
				.y = unit(a, seat->y - top - 500) };
		struct row_shown *row = &p->rows[p->row_count - 1];
		row->count++;
		row->free += seat->is_free;
		row->other_x = unit(a, seat->x - left + 2000);
	}
}

enum status plan_read(struct request *r, const struct seller *s, int64_t performance, const struct offers *offers, struct plan *out)
{
	struct arena *a = r->arena;
	struct plan_seat *seats;
	struct area areas[AREAS_MOST];
	int64_t ids[CHOSEN_MOST], left = INT64_MAX, right = 0, top = INT64_MAX, bottom = 0;
	enum status st;
	*out = (struct plan){ 0 };
	if ((st = catalogue_plan(r->db, a, s, r->language, performance, &seats, &out->count)) || out->count == 0) return st;
	size_t chosen = chosen_read(r, seats, out->count, ids), area_count = areas_of(seats, out->count, areas);
	areas_part(seats, areas, area_count);
	for (size_t i = 0; i < out->count; i++) {
		left = seats[i].x < left ? seats[i].x : left;
		right = seats[i].x > right ? seats[i].x : right;
		top = seats[i].y < top ? seats[i].y : top;
		bottom = seats[i].y > bottom ? seats[i].y : bottom;
	}
	left -= MARGIN + RADIUS, right += MARGIN + RADIUS, top -= STAGE_ROOM + RADIUS + (area_count > 1 ? NAME_ROOM : 0), bottom += RADIUS + 300;
	areas_show(a, seats, areas, area_count, left, top, out);
	out->seats = ARENA_ARRAY(a, struct seat_shown, out->count);
	out->rows = ARENA_ARRAY(a, struct row_shown, out->count);
	out->mine = ARENA_ARRAY(a, const struct seat_shown *, out->count);
	struct buf taken = buf_in(a);
	for (size_t i = 0; i < out->count; i++) {
		struct seat_shown *seat = &out->seats[i];
		seat->seat = &seats[i];
		seat->row = row_label(a, out, &seats[i]);
		seat_show(a, offers, ids, chosen, left, top, seat);
		out->free += seats[i].is_free;
		if (seat->is_mine) out->mine[out->mine_count++] = seat;
		if (!seats[i].is_free) buf_addf(&taken, "M%.*s %.*sh.01", STR_ARG(seat->x), STR_ARG(seat->y));
	}
	rows_show(a, out, left, top);
	out->taken = buf_str(&taken);
	out->view = str_format(a, "0 0 %.*s %.*s", STR_ARG(unit(a, right - left)), STR_ARG(unit(a, bottom - top)));
	out->stage_x = unit(a, (right - left) / 2);
	out->stage = str_format(a, "M%.*s 24q%.*s 18 %.*s 0", STR_ARG(unit(a, (right - left) / 4)), STR_ARG(unit(a, (right - left) / 4)),
		STR_ARG(unit(a, (right - left) / 2)));
	return OK;
}
