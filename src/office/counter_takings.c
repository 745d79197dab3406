/* office/counter_takings.c: what was taken at the counters on a day: for closing the till. */
#include "base/day.h"
#include "office/counter.h"
#include "office/counter_takings.html.h"

struct response office_takings_page(struct request *r)
{
	struct str zone = staff_of(r)->person.zone;
	struct till_sum *sums;
	size_t count;
	int64_t today = day_of(r->arena, store_now(r->db), zone), day = today, totals[TILL_MODES] = { 0 };
	if (request_query(r, "day").len && !day_read(request_query(r, "day"), &day)) return error_answer(r, 404);
	int64_t from = day_begins(r->arena, day, zone), until = day_begins(r->arena, day + 1, zone);
	if (till_sums(r->db, r->arena, actor_of(r), from, until, &sums, &count)) return error_answer(r, 503);
	for (size_t i = 0; i < count; i++) totals[sums[i].mode] += sums[i].amount;
	struct date d = date_of_day(day);
	struct office_page p = office_page(r, MSG_TAKINGS, OFFICE_TAB_COUNTER);
	struct render out = office_render(r);
	tpl_office_counter_takings(&out, &(const struct tpl_office_counter_takings){ .page = &p,
										 .sums = sums,
										 .count = count,
										 .from = from,
										 .day = str_format(r->arena, "%04d-%02d-%02d", d.year, d.month, d.day),
										 .cash = totals[TILL_CASH],
										 .card = totals[TILL_CARD] });
	return office_answer(r, 200, &out);
}
