/* office/reset.c: the pop-up that sends a link, a page of its own without script; and what became of it (domain.md 5). */
#include "accounts/recovery.h"
#include "office/contacts.h"
#include "office/reset.html.h"
#include "web/csrf.h"

#define RESET_PATTERN  "/contacts/:ID/reset-password"
#define INVITE_PATTERN "/contacts/:ID/internet-account"

static const struct form_field choice_fields[] = {
	{ "document_type", .max = DOCUMENT_TYPE_CODE_MAX },
	{ "point_of_sale", .max = 60 },
};

struct response popup_answer(struct request *r, int status, const struct popup *popup)
{
	struct office_page p = office_page(r, MSG_RESET_PASSWORD_TITLE, OFFICE_TAB_CONTACTS);
	p.is_error = problem_any(popup->why);
	struct render out = office_render(r);
	tpl_office_reset(&out, &(const struct tpl_office_reset){
							   .page = &p,
							   .popup = popup,
							   .csrf = csrf_token(r, popup->action),
							   .until = store_now(r->db) + office_link_hours(r) * HOUR,
							   .hours = office_link_hours(r),
						   });
	return office_answer(r, status, &out);
}

/* The pop-up of the path's contact. */
struct asked {
	int64_t contact;
	enum counter_for purpose;
	struct counter_offer offer;
	struct popup popup;
};

static bool asked(struct request *r, enum counter_for purpose, struct asked *x, struct response *answer)
{
	*x = (struct asked){ .purpose = purpose };
	enum status st = request_segment_id(r, 0, &x->contact) ? counter_offer(r->db, r->arena, actor_of(r), x->contact, purpose, &x->offer) : NOT_FOUND;
	if (st) *answer = error_answer(r, st == NOT_FOUND ? 404 : 503);
	const char *path = purpose == FOR_ACCOUNT ? "/contacts/%lld/reset-password" : "/contacts/%lld/internet-account";
	x->popup = (struct popup){
		.offer = &x->offer,
		.action = purpose == FOR_ACCOUNT ? RESET_PATTERN : INVITE_PATTERN,
		.path = str_format(r->arena, path, (long long)x->contact),
		.back = url_of(str_format(r->arena, "/contacts/%lld", (long long)x->contact)),
	};
	return !st;
}

struct response counter_answer(struct request *r, enum status st, const struct counter_result *result, const struct popup *popup)
{
	struct problem why = popup->why ? *popup->why : problem_in(r->arena);
	struct popup again = *popup;
	again.why = &why;
	if (st == REFUSED) return popup_answer(r, 422, &again);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	if (result->outcome == COUNTER_SENT_BEFORE) {
		int64_t ago = (store_now(r->db) - result->at) / SECOND;
		problem_add(&why, "", MSG_COUNTER_SENT_BEFORE, arg_text("name", result->by), arg_int("n", ago > 0 ? ago : 1));
		return popup_answer(r, 409, &again);
	}
	if (result->outcome == COUNTER_LIMITED) {
		problem_add(&why, "", MSG_COUNTER_LIMITED, arg_int("n", (result->wait + 59) / 60));
		struct response answer = popup_answer(r, 429, &again);
		response_retry_after(r, &answer, result->wait);
		return answer;
	}
	office_wake(r);
	return office_redirect(r, str_format(r->arena, "/contacts/%lld?done=link-sent", (long long)popup->offer->contact));
}

static struct response page_for(struct request *r, enum counter_for purpose)
{
	struct asked x;
	struct response answer;
	if (!asked(r, purpose, &x, &answer)) return answer;
	x.popup.why = &x.offer.why;
	return popup_answer(r, 200, &x.popup);
}

struct sending {
	struct request *r;
	struct counter_order order;
	struct counter_result result;
	struct problem why;
};

static enum status send_in(struct conn *db, void *arg)
{
	struct sending *x = arg;
	x->why.first = NULL;
	return counter_send(db, x->r->arena, actor_of(x->r), &x->order, &x->result, &x->why);
}

/* A document type or a point of sale that the pop-up never offered. */
static bool is_foreign(const struct problem *why)
{
	const struct finding *type = problem_at(why, "document_type"), *shop = problem_at(why, "point_of_sale");
	return (type && type->message == MSG_COUNTER_TYPE_GONE) || (shop && shop->message == MSG_COUNTER_SHOP_GONE);
}

static struct response send_for(struct request *r, enum counter_for purpose)
{
	struct form f = form_read(r, choice_fields, COUNT(choice_fields));
	struct asked x;
	struct response answer;
	if (!asked(r, purpose, &x, &answer)) return office_note_refused(r), answer;
	struct sending s = { .r = r,
		.order = { .contact = x.contact, .purpose = purpose, .choice = { form_text(&f, "document_type"), form_text(&f, "point_of_sale") } },
		.why = problem_in(r->arena) };
	x.popup.choice = &s.order.choice;
	int64_t type, shop;
	/* Making an account while a choice is missing asks first; nothing is made yet (contract.md). */
	bool asks_first = purpose == FOR_NEW_ACCOUNT && !x.offer.why.first && !s.order.choice.document_type.len && !s.order.choice.point_of_sale.len &&
					  counter_choose(&x.offer, &s.order.choice, &type, &shop, NULL);
	if (asks_first) return popup_answer(r, 200, &x.popup);
	enum status st = store_write(r->db, send_in, &s);
	if (st == NOT_FOUND || is_foreign(&s.why)) office_note_refused(r);
	x.popup.why = &s.why;
	return counter_answer(r, st, &s.result, &x.popup);
}

struct response office_reset_page(struct request *r)
{
	return page_for(r, FOR_ACCOUNT);
}

struct response office_reset(struct request *r)
{
	return send_for(r, FOR_ACCOUNT);
}

struct response office_invite_page(struct request *r)
{
	return page_for(r, FOR_NEW_ACCOUNT);
}

struct response office_invite(struct request *r)
{
	return send_for(r, FOR_NEW_ACCOUNT);
}
