/* office/programme_performance.c: one performance: its time, and whether it is on sale. */
#include "base/clock.h"
#include "base/day.h"
#include "office/performance.html.h"
#include "office/performance_cancel.html.h"
#include "office/programme.h"
#include "web/csrf.h"

struct changing {
	struct request *r;
	struct performance_row row;
	struct performance_move move;
	struct str starts; /* as typed */
	enum performance_state to;
	struct window_form *windows; /* as typed; NULL: as they are */
	size_t window_count;
	struct performance_sale sale;
	struct problem why;
};

static bool row_of_path(struct changing *x, struct response *instead)
{
	int64_t id;
	struct request *r = x->r;
	enum status st = request_segment_id(r, 0, &id) ? performance_row_get(r->db, r->arena, actor_of(r), r->language, id, &x->row) : NOT_FOUND;
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

static bool row_to_change(struct changing *x, struct response *instead)
{
	if (!row_of_path(x, instead)) return false;
	if (actor_may_in(actor_of(x->r), RIGHT_PROGRAMME_WRITE, x->row.organisation)) return true;
	*instead = error_answer(x->r, 403);
	return false;
}

/* A line for each channel of the house. */
static enum status windows_show(struct changing *x)
{
	struct request *r = x->r;
	struct sales_channel *channels;
	struct window *windows;
	size_t count;
	enum status st;
	if ((st = channel_list(r->db, r->arena, actor_of(r)->institution, &channels, &x->window_count))) return st;
	if ((st = window_rows(r->db, r->arena, x->row.id, &windows, &count))) return st;
	x->windows = ARENA_ARRAY(r->arena, struct window_form, x->window_count + 1);
	for (size_t i = 0; i < x->window_count; i++) {
		struct window_form *w = &x->windows[i];
		long long id = (long long)channels[i].id;
		*w = (struct window_form){ .channel = channels[i].id,
			.name = channels[i].name,
			.opens_field = str_c(r->arena, str_format(r->arena, "opens-%lld", id)),
			.closes_field = str_c(r->arena, str_format(r->arena, "closes-%lld", id)) };
		for (size_t k = 0; k < count; k++) {
			if (windows[k].channel != w->channel) continue;
			w->opens = day_time_text(r->arena, windows[k].opens_at, staff_of(r)->person.zone);
			w->closes = day_time_text(r->arena, windows[k].closes_at, staff_of(r)->person.zone);
		}
	}
	return OK;
}

static struct response answer(struct changing *x, int status, struct str done, const struct problem *why)
{
	struct request *r = x->r;
	struct office_page p = office_page(r, MSG_PERFORMANCE, OFFICE_TAB_PROGRAMME);
	bool is_again = x->starts.len > 0;
	int64_t doors = is_again ? x->move.doors : (x->row.starts_at - x->row.doors_at) / MINUTE;
	int64_t lasts = is_again ? x->move.lasts : (x->row.ends_at - x->row.starts_at) / MINUTE;
	struct performance_shown shown = { .row = &x->row,
		.starts = is_again ? x->starts : day_time_text(r->arena, x->row.starts_at, staff_of(r)->person.zone),
		.doors = office_number(&p, doors),
		.lasts = office_number(&p, lasts),
		.may_write = actor_may_in(actor_of(r), RIGHT_PROGRAMME_WRITE, x->row.organisation),
		.is_over = x->row.starts_at <= store_now(r->db),
		.asks = x->row.sold > 0 && x->row.state != PERFORMANCE_CANCELLED };
	struct rate_table_row *tables;
	if (!x->windows && windows_show(x)) return error_answer(r, 503);
	if (rate_table_rows(r->db, r->arena, actor_of(r), &tables, &shown.table_count)) return error_answer(r, 503);
	shown.tables = tables;
	shown.table = x->sale.rate_table ? x->sale.rate_table : x->row.rate_table;
	shown.windows = x->windows;
	shown.window_count = x->window_count;
	if (x->row.title.len) p.title = x->row.title;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_performance(&out, &(const struct tpl_office_performance){ .page = &p,
									 .x = &shown,
									 .csrf = csrf_token(r, "/programme/performances/:ID"),
									 .csrf_sale = csrf_token(r, "/programme/performances/:ID/sale"),
									 .csrf_turn = csrf_token(r, "/programme/performances/:ID/state"),
									 .done = done,
									 .why = why });
	return office_answer(r, status, &out);
}

struct response office_performance_page(struct request *r)
{
	struct changing x = { .r = r };
	struct response instead;
	if (!row_of_path(&x, &instead)) return instead;
	struct office_page p = office_page(r, MSG_PERFORMANCE, OFFICE_TAB_PROGRAMME);
	return answer(&x, 200, office_done(&p), NULL);
}

/* The answer to what FN writes. */
static struct response written(struct changing *x, enum status (*fn)(struct conn *, void *), const char *done)
{
	struct request *r = x->r;
	enum status st = store_write(r->db, fn, x);
	if (st == REFUSED && problem_any(&x->why)) return answer(x, problem_at(&x->why, "") || problem_at(&x->why, "state") ? 409 : 422, S(""), &x->why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	return office_redirect(r, str_format(r->arena, "/programme/performances/%lld?done=%s", (long long)x->row.id, done));
}

static const struct form_field move_fields[] = { { "starts", .max = 30 }, { "doors", .max = 6 }, { "lasts", .max = 6 }, { "confirmed", .max = 3 },
	{ "version", .max = 20 } };

static enum status move(struct conn *db, void *arg)
{
	struct changing *x = arg;
	x->why.first = NULL; /* it may run again */
	return performance_move(db, x->r->arena, actor_of(x->r), &x->move, &x->why);
}

struct response office_performance_move(struct request *r)
{
	struct form f = form_read(r, move_fields, COUNT(move_fields));
	struct changing x = { .r = r, .why = problem_in(r->arena), .starts = form_text(&f, "starts") };
	struct response instead;
	int64_t day;
	int minutes;
	if (!row_to_change(&x, &instead)) return instead;
	x.move = (struct performance_move){ .id = x.row.id,
		.doors = office_typed_number(&f, "doors"),
		.lasts = office_typed_number(&f, "lasts"),
		.is_confirmed = form_has(&f, "confirmed") };
	if (!day_time_read(x.starts, &day, &minutes)) problem_add(&f.why, "starts", MSG_DATE_TIME_UNREAD);
	else x.move.starts_at = day_time(r->arena, day, minutes, staff_of(r)->person.zone);
	if (!str_int64(form_text(&f, "version"), &x.move.version)) problem_add(&f.why, "", MSG_SAVED_MEANWHILE);
	if (problem_any(&f.why)) return answer(&x, 422, S(""), &f.why);
	return written(&x, move, "saved");
}

/* ---- who sells it, when, for how much ---- */

static bool time_read(struct changing *x, struct form *f, const char *field, struct str typed, int64_t *out)
{
	struct request *r = x->r;
	int64_t day;
	int minutes;
	if (day_time_read(typed, &day, &minutes)) return *out = day_time(r->arena, day, minutes, staff_of(r)->person.zone), true;
	return problem_add(&f->why, field, MSG_DATE_TIME_UNREAD), false;
}

static void windows_read(struct changing *x, struct form *f)
{
	struct request *r = x->r;
	struct window *out = ARENA_ARRAY(r->arena, struct window, x->window_count + 1);
	for (size_t i = 0; i < x->window_count; i++) {
		struct window_form *w = &x->windows[i];
		struct str name, value;
		size_t at = 0;
		w->opens = w->closes = S("");
		while (form_next_named(r, S("opens-"), &at, &name, &value))
			if (str_eq(name, str_of(w->opens_field))) w->opens = value;
		for (at = 0; form_next_named(r, S("closes-"), &at, &name, &value);)
			if (str_eq(name, str_of(w->closes_field))) w->closes = value;
		if (!w->opens.len && !w->closes.len) continue;
		struct window *k = &out[x->sale.count];
		k->channel = w->channel;
		bool is_read = time_read(x, f, w->opens_field, w->opens, &k->opens_at);
		is_read &= time_read(x, f, w->closes_field, w->closes, &k->closes_at);
		x->sale.count += is_read;
	}
	x->sale.windows = out;
}

static enum status save_sale(struct conn *db, void *arg)
{
	struct changing *x = arg;
	x->why.first = NULL; /* it may run again */
	return performance_sale_save(db, x->r->arena, actor_of(x->r), &x->sale, &x->why);
}

struct response office_performance_sale(struct request *r)
{
	static const struct form_field sale_fields[] = { { "rate_table", .max = 20 } };
	struct form f = form_read(r, sale_fields, COUNT(sale_fields));
	struct changing x = { .r = r, .why = problem_in(r->arena) };
	struct response instead;
	if (!row_to_change(&x, &instead)) return instead;
	if (windows_show(&x)) return error_answer(r, 503);
	x.sale.id = x.row.id;
	x.sale.rate_table = office_typed_number(&f, "rate_table");
	windows_read(&x, &f);
	if (problem_any(&f.why)) return answer(&x, 422, S(""), &f.why);
	return written(&x, save_sale, "saved");
}

/* ---- its state ---- */

static const struct {
	const char *word, *done;
	enum performance_state to;
} turns[] = {
	{ "on-sale", "on-sale", PERFORMANCE_ON_SALE },
	{ "stopped", "sale-stopped", PERFORMANCE_STOPPED },
	{ "cancelled", "performance-cancelled", PERFORMANCE_CANCELLED },
};

static enum status turn(struct conn *db, void *arg)
{
	struct changing *x = arg;
	x->why.first = NULL; /* it may run again */
	return performance_turn(db, x->r->arena, actor_of(x->r), x->row.id, x->to, &x->why);
}

struct response office_performance_turn(struct request *r)
{
	static const struct form_field turn_fields[] = { { "to", .max = 20 } };
	struct form f = form_read(r, turn_fields, COUNT(turn_fields));
	struct changing x = { .r = r, .why = problem_in(r->arena) };
	struct response instead;
	if (!row_to_change(&x, &instead)) return instead;
	for (size_t i = 0; i < COUNT(turns); i++) {
		if (!str_eq(form_text(&f, "to"), str_of(turns[i].word))) continue;
		x.to = turns[i].to;
		return written(&x, turn, turns[i].done);
	}
	return error_answer(r, 400);
}

struct response office_performance_cancel_page(struct request *r)
{
	struct changing x = { .r = r };
	struct response instead;
	if (!row_to_change(&x, &instead)) return instead;
	struct office_page p = office_page(r, MSG_PERFORMANCE_CANCEL, OFFICE_TAB_PROGRAMME);
	struct render out = office_render(r);
	tpl_office_performance_cancel(
		&out, &(const struct tpl_office_performance_cancel){ .page = &p, .p = &x.row, .csrf = csrf_token(r, "/programme/performances/:ID/state") });
	return office_answer(r, 200, &out);
}
