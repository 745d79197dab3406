/* office/outbox.c: the mails that go out: waiting, sent, failed with the mail server's own words; sending again; the last days. */
#include "office/outbox.html.h"
#include "institution/audit.h"
#include "office/house.h"
#include "web/csrf.h"

#define MAILS_A_PAGE 50 /* a page stays under 50 kB */
#define DAYS_SHOWN	 14 /* two weeks: this one beside the last */

/* ---- the last days ---- */

static struct str share(struct arena *a, int64_t part, int64_t most)
{
	return str_format(a, "%lld.%lld", (long long)(part * 100 / most), (long long)(part * 1000 / most % 10));
}

enum status outbox_days(struct request *r, struct mail_day **out, size_t *count)
{
	struct arena *a = r->arena;
	struct str zone = staff_of(r)->person.zone;
	struct mail_day *days = ARENA_ARRAY(a, struct mail_day, DAYS_SHOWN);
	struct outbox_hour *hours;
	int64_t now = store_now(r->db), most = 1;
	size_t n;
	enum status st = outbox_hours(r->db, a, actor_of(r)->institution, now - DAYS_SHOWN * DAY, DAYS_SHOWN * 24 + 1, &hours, &n);
	if (st) return st;
	*count = 0;
	for (int d = 0; d < DAYS_SHOWN; d++) {
		struct str name = lang_date(a, r->language, now - d * DAY, zone);
		if (*count == 0 || !str_eq(days[*count - 1].name, name)) days[(*count)++] = (struct mail_day){ .name = name, .at = now - d * DAY };
	}
	for (size_t h = 0; h < n; h++) {
		struct str name = lang_date(a, r->language, hours[h].start, zone);
		for (size_t d = 0; d < *count; d++) {
			if (!str_eq(days[d].name, name)) continue;
			days[d].sent += hours[h].sent, days[d].failed += hours[h].failed, days[d].waiting += hours[h].waiting;
		}
	}
	for (size_t d = 0; d < *count; d++)
		if (days[d].sent + days[d].failed + days[d].waiting > most) most = days[d].sent + days[d].failed + days[d].waiting;
	for (size_t d = 0; d < *count; d++) {
		days[d].sent_width = share(a, days[d].sent, most);
		days[d].rest_width = share(a, days[d].failed + days[d].waiting, most);
	}
	*out = days;
	return OK;
}

/* ---- the list ---- */

static const struct {
	struct str word;
	enum outbox_state state;
	enum message name;
} views[] = {
	{ { STR("failed") }, OUTBOX_FAILED, MSG_OUTBOX_FAILED },
	{ { STR("waiting") }, OUTBOX_WAITING, MSG_OUTBOX_WAITING },
	{ { STR("sent") }, OUTBOX_SENT, MSG_OUTBOX_SENT },
	{ { STR("dropped") }, OUTBOX_DROPPED, MSG_OUTBOX_DROPPED },
};

static struct mail_shown mail_shown(struct request *r, const struct outbox_mail *m)
{
	return (struct mail_shown){ .id = m->id,
		.made_at = m->made_at,
		.due_at = m->due_at,
		.attempts = m->attempts,
		.sent_at = m->sent_at,
		.state = m->state,
		.recipient = m->recipient,
		.class_name = lang_text(r->arena, r->language, document_class(m->class)->name, NULL),
		.answer = m->answer,
		.is_test = m->is_test };
}

static struct response page_answer(struct request *r, int status, const struct problem *why)
{
	struct outbox_page x = { 0 };
	struct outbox_mail *mails;
	struct str wanted = request_query(r, "state");
	enum outbox_state state = OUTBOX_FAILED;
	int64_t before = 0, counts[OUTBOX_DROPPED + 1], institution = actor_of(r)->institution;
	size_t count;
	struct office_page p = office_institution_page(r, MSG_OFFICE_PLACE_OUTBOX, PLACE_OUTBOX);
	p.is_error = problem_any(why);
	if (request_has_query(r, "before") && (!str_int64(request_query(r, "before"), &before) || before < 1)) return error_answer(r, 404);
	if (outbox_count(r->db, institution, counts)) return error_answer(r, 503);
	if (!counts[OUTBOX_FAILED])
		state = counts[OUTBOX_WAITING] + counts[OUTBOX_SENDING] ? OUTBOX_WAITING : OUTBOX_SENT; /* what wants somebody first */
	for (size_t i = 0; i < COUNT(views); i++)
		if (str_eq(wanted, views[i].word)) state = views[i].state;
	for (size_t i = 0; i < COUNT(views); i++) {
		int64_t n = counts[views[i].state] + (views[i].state == OUTBOX_WAITING ? counts[OUTBOX_SENDING] : 0);
		x.views[i] = (struct outbox_view){ office_link_with(&p, "/outbox", "state", views[i].word), views[i].name, n, views[i].state == state,
			views[i].state == OUTBOX_SENT || views[i].state == OUTBOX_DROPPED };
		if (views[i].state == state) x.word = views[i].word;
	}
	if (outbox_list_in(r->db, r->arena, institution, state, before, MAILS_A_PAGE, &mails, &count) || outbox_days(r, &x.days, &x.day_count))
		return error_answer(r, 503);
	x.mails = ARENA_ARRAY(r->arena, struct mail_shown, count + 1);
	for (size_t i = 0; i < count; i++) x.mails[i] = mail_shown(r, &mails[i]);
	x.mail_count = count;
	x.state = state;
	x.failed = counts[OUTBOX_FAILED];
	if (count == MAILS_A_PAGE)
		x.more = url_of(str_format(r->arena, "/outbox?state=%.*s&before=%lld", STR_ARG(x.word), (long long)mails[count - 1].id));
	struct render out = office_render(r);
	tpl_office_outbox(&out, &(const struct tpl_office_outbox){ .page = &p,
								.x = &x,
								.may_retry = actor_may(actor_of(r), RIGHT_OUTBOX_RETRY),
								.csrf = csrf_token(r, "/outbox/:ID/retry"),
								.csrf_all = csrf_token(r, "/outbox/retry-all"),
								.done = office_done(&p),
								.why = why });
	return office_answer(r, status, &out);
}

struct response office_outbox_page(struct request *r)
{
	return page_answer(r, 200, NULL);
}

/* ---- sending again ---- */

struct retrying {
	struct request *r;
	struct problem *why;
	int64_t id, count;
};

static enum status note(struct conn *db, struct retrying *x, int64_t id, int64_t count)
{
	const struct audit_value after[] = { { "mails", str_format(x->r->arena, "%lld", (long long)count) }, { NULL, { 0 } } };
	return audit_note(db, x->r->arena, actor_of(x->r), &(const struct audit_record){ "mail-retried", "mail", id, NULL, after });
}

static enum status retry(struct conn *db, void *arg)
{
	struct retrying *x = arg;
	x->why->first = NULL; /* it may run again */
	enum status st = outbox_retry(db, x->r->arena, actor_of(x->r)->institution, x->id, x->why);
	return st ? st : note(db, x, x->id, 1);
}

static enum status retry_some(struct conn *db, void *arg)
{
	struct retrying *x = arg;
	enum status st = outbox_retry_all(db, actor_of(x->r)->institution, &x->count);
	return st || !x->count ? st : note(db, x, 0, x->count);
}

struct response office_mail_retry(struct request *r)
{
	struct problem why = problem_in(r->arena);
	struct retrying x = { .r = r, .why = &why };
	if (!request_segment_id(r, 0, &x.id)) return error_answer(r, 404);
	enum status st = store_write(r->db, retry, &x);
	if (st == REFUSED && problem_any(&why)) return page_answer(r, 409, &why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	office_wake(r);
	return office_redirect(r, S("/outbox?done=mail-retried"));
}

/* In pieces, so that no write is long; what failed again meanwhile waits for the next time. */
struct response office_mails_retry(struct request *r)
{
	struct retrying x = { .r = r };
	do {
		if (store_write(r->db, retry_some, &x)) return error_answer(r, 503);
	} while (x.count == OUTBOX_SOME);
	office_wake(r);
	return office_redirect(r, S("/outbox?done=mails-retried"));
}
