/* office/contact.c: one contact on a page, and what moves on it as a fragment. */
#include <stdlib.h>

#include "accounts/phone.h"
#include "accounts/recovery.h"
#include "base/country.h"
#include "documents/outbox.h"
#include "institution/institution.h"
#include "office/contact.html.h"
#include "office/contact_mails.html.h"
#include "office/contact_view.h"
#include "web/agent.h"
#include "web/csrf.h"

#define MAILS_SHOWN 20 /* the newest; older ones stand on the outbox page */

bool contact_seen(struct request *r, struct contact_seen *out, struct response *answer)
{
	int64_t id;
	enum status st = request_segment_id(r, 0, &id) ? contact_get(r->db, r->arena, actor_of(r), id, &out->contact) : NOT_FOUND;
	if (!st) st = contact_account_get(r->db, r->arena, id, &out->account);
	if (st) *answer = error_answer(r, st == NOT_FOUND ? 404 : 503);
	out->has_living = !st && out->account.id && out->account.state != ACCOUNT_CLOSED;
	return !st;
}

const char *mail_state_shape(enum outbox_state state)
{
	static const char *const shapes[] = {
		[OUTBOX_WAITING] = "wait", [OUTBOX_SENDING] = "part", [OUTBOX_SENT] = "done", [OUTBOX_FAILED] = "bad", [OUTBOX_DROPPED] = "end"
	};
	return shapes[state];
}

enum message mail_state_word(enum outbox_state state)
{
	static const enum message words[] = { [OUTBOX_WAITING] = MSG_MAIL_WAITING,
		[OUTBOX_SENDING] = MSG_MAIL_SENDING,
		[OUTBOX_SENT] = MSG_MAIL_SENT,
		[OUTBOX_FAILED] = MSG_MAIL_FAILED,
		[OUTBOX_DROPPED] = MSG_MAIL_DROPPED };
	return words[state];
}

/* "Reset link to j…@example.org": what it was, and to whom, without showing more of an address than its owner needs. */
static struct str mail_what(struct request *r, const struct outbox_mail *m)
{
	enum message what = document_class(m->class)->name;
	if (m->link_purpose == LINK_RESET) what = MSG_MAIL_RESET_LINK;
	if (m->link_purpose == LINK_INVITATION) what = MSG_MAIL_INVITATION;
	if (m->link_purpose == LINK_CHANGE_EMAIL) what = MSG_MAIL_EMAIL_CHANGE;
	return lang_text(r->arena, r->language, what, NULL);
}

/* OWN: of the account that the page is about; a merged one is silent. */
static struct mail_shown mail_of(struct request *r, const struct outbox_mail *m, int64_t own)
{
	return (struct mail_shown){
		.id = m->id,
		.made_at = m->made_at,
		.sent_at = m->sent_at,
		.what = mail_what(r, m),
		.recipient = email_masked(r->arena, m->recipient),
		.by = m->by_operator,
		.answer = m->state == OUTBOX_FAILED ? m->answer : S(""),
		.word = mail_state_word(m->state),
		.shape = mail_state_shape(m->state),
		.is_failed = m->state == OUTBOX_FAILED,
		.may_again = m->account == own && (m->state == OUTBOX_FAILED || m->state == OUTBOX_SENT),
	};
}

static int newest_first(const void *a, const void *b)
{
	const struct mail_shown *x = a, *y = b;
	return x->id < y->id ? 1 : x->id > y->id ? -1 : 0;
}

/* Of the contact's account, and of those of the contacts that were merged into it. */
static enum status mails_of(struct request *r, const struct contact_seen *seen, struct mail_shown **out, size_t *count)
{
	int64_t accounts[MERGED_MOST + 1] = { seen->account.id };
	struct outbox_mail *list;
	struct merged *merged;
	size_t merged_count, found, n = 0;
	enum status st = merged_list(r->db, r->arena, seen->contact.id, &merged, &merged_count);
	for (size_t i = 0; i < merged_count; i++) accounts[i + 1] = merged[i].account;
	*out = ARENA_ARRAY(r->arena, struct mail_shown, (merged_count + 1) * MAILS_SHOWN);
	for (size_t a = 0; !st && a <= merged_count; a++) {
		if (!accounts[a]) continue;
		st = outbox_list(r->db, r->arena, actor_of(r)->institution, accounts[a], 0, MAILS_SHOWN, &list, &found);
		for (size_t i = 0; !st && i < found; i++) (*out)[n++] = mail_of(r, &list[i], seen->account.id);
	}
	if (merged_count) qsort(*out, n, sizeof **out, newest_first);
	*count = n < MAILS_SHOWN ? n : MAILS_SHOWN;
	return st;
}

struct url merge_link(const struct office_page *p, int64_t stays, int64_t goes)
{
	struct arena *a = p->request->arena;
	const char *path = str_c(a, str_format(a, "/contacts/%lld/merge", (long long)stays));
	return office_link_with(p, path, "with", str_format(a, "%lld", (long long)goes));
}

/* Where the buyer is signed in. */
static enum status devices_of(struct request *r, int64_t account, struct contact_view *v)
{
	struct session *list;
	enum status st = session_list(r->db, r->arena, account, &list, &v->device_count);
	if (st) return st;
	v->devices = ARENA_ARRAY(r->arena, struct account_device, v->device_count + 1);
	for (size_t i = 0; i < v->device_count; i++) {
		struct str name = agent_name(r->arena, list[i].agent);
		v->devices[i] = (struct account_device){ str_hex(r->arena, list[i].id),
			name.len ? name : lang_text(r->arena, r->language, MSG_SESSION_UNKNOWN_BROWSER, NULL), list[i].network, list[i].made_at,
			list[i].seen_at };
	}
	return OK;
}

static enum status merged_of(struct request *r, int64_t contact, struct contact_view *v)
{
	struct merged *list;
	enum status st = merged_list(r->db, r->arena, contact, &list, &v->merged_count);
	if (st) return st;
	v->merged = ARENA_ARRAY(r->arena, struct merged_shown, v->merged_count + 1);
	for (size_t i = 0; i < v->merged_count; i++)
		v->merged[i] =
			(struct merged_shown){ list[i].id, list[i].at, list[i].name, number_for_people(r->arena, list[i].number), list[i].can_be_undone };
	return OK;
}

static struct str country_shown(struct request *r, struct str code)
{
	size_t count;
	struct country *all = country_list(r->arena, r->language, &count);
	for (size_t i = 0; i < count; i++)
		if (str_eq(all[i].code, code)) return all[i].name;
	return code;
}

/* "Rue des Moulins 27, 2000 Neuchâtel, Switzerland" */
struct str address_shown(struct request *r, const struct postal *p)
{
	struct buf b = buf_in(r->arena);
	struct str parts[] = { str_trim(str_format(r->arena, "%.*s %.*s", STR_ARG(p->street), STR_ARG(p->house_number))),
		str_trim(str_format(r->arena, "%.*s %.*s", STR_ARG(p->postcode), STR_ARG(p->town))) };
	for (size_t i = 0; i < COUNT(parts); i++) {
		if (parts[i].len == 0) continue;
		if (b.len) buf_add(&b, S(", "));
		buf_add(&b, parts[i]);
	}
	if (b.len) buf_addf(&b, ", %.*s", STR_ARG(country_shown(r, p->country)));
	return buf_str(&b);
}

const enum consent_purpose consent_all[CONSENT_PURPOSES] = { CONSENT_NEWSLETTER, CONSENT_POST, CONSENT_PHONE };

enum message consent_word(enum consent_purpose p)
{
	static const enum message words[CONSENT_PURPOSES] = { MSG_CONSENT_NEWSLETTER, MSG_CONSENT_POST, MSG_CONSENT_PHONE };
	return words[p];
}

/* What happened to the account, in words; what is of no use to an operator is left out. */
static void events_fill(const struct contact_file *file, struct contact_view *v)
{
	static const struct {
		const char *kind;
		enum message word;
	} words[] = { { "signed-in", MSG_EVENT_SIGNED_IN }, { "signin-refused", MSG_EVENT_SIGNIN_REFUSED },
		{ "recovery-asked", MSG_EVENT_RECOVERY_ASKED }, { "recovery-limited", MSG_EVENT_RECOVERY_LIMITED },
		{ "recovery-used", MSG_EVENT_RECOVERY_USED }, { "password-changed", MSG_EVENT_PASSWORD_CHANGED }, { "counter-sent", MSG_EVENT_COUNTER_SENT },
		{ "registered", MSG_EVENT_REGISTERED }, { "confirmed", MSG_EVENT_CONFIRMED }, { "blocked", MSG_EVENT_BLOCKED },
		{ "unblocked", MSG_EVENT_UNBLOCKED }, { "closed", MSG_EVENT_CLOSED }, { "signed-out-by-office", MSG_EVENT_SIGNED_OUT },
		{ "email-change-asked", MSG_EVENT_EMAIL_ASKED }, { "email-changed", MSG_EVENT_EMAIL_CHANGED },
		{ "email-change-stopped", MSG_EVENT_EMAIL_STOPPED }, { "email-change-undone", MSG_EVENT_EMAIL_UNDONE } };
	for (size_t i = 0; i < file->event_count; i++)
		for (size_t k = 0; k < COUNT(words); k++)
			if (str_eq(file->events[i].kind, str_of(words[k].kind)))
				v->events[v->event_count++] = (struct event_shown){ file->events[i].at, words[k].word, file->events[i].network };
}

static void forms_fill(struct request *r, struct contact_view *v)
{
	v->again_path = str_c(r->arena, str_format(r->arena, "/contacts/%lld/mails/%%lld/again", (long long)v->seen->contact.id));
	v->csrf_file = csrf_token(r, "/contacts/:ID/file");
	v->csrf_again = csrf_token(r, "/contacts/:ID/mails/:MAIL/again");
	v->csrf_sign_out = csrf_token(r, "/contacts/:ID/sign-out");
	v->csrf_block = csrf_token(r, "/contacts/:ID/block");
	v->csrf_unblock = csrf_token(r, "/contacts/:ID/unblock");
	v->csrf_close = csrf_token(r, "/contacts/:ID/close");
	v->csrf_session = csrf_token(r, "/contacts/:ID/sessions/end");
	v->csrf_undo = csrf_token(r, "/contacts/:ID/merge/undo");
	v->csrf_withdraw = csrf_token(r, "/contacts/:ID/email-change/withdraw");
	v->may_withdraw = actor_may(actor_of(r), RIGHT_ACCOUNT_EMAIL);
}

static enum status view_fill(struct request *r, const struct office_page *p, const struct contact_seen *seen, struct contact_view *v)
{
	const struct actor *who = actor_of(r);
	const struct contact_fields *f = &seen->contact.is;
	struct counter_offer offer;
	*v = (struct contact_view){
		.seen = seen,
		.name = contact_name(r->arena, f),
		.number = number_for_people(r->arena, seen->contact.number),
		.address = address_shown(r, &f->address),
		.phone = phone_for_people(r->arena, f->phone),
		.language = language_word(p, f->language),
		.may_write = actor_may(who, RIGHT_CONTACT_WRITE) && !seen->contact.merged_into,
		.may_reset = actor_may(who, RIGHT_ACCOUNT_RESET),
		.may_block = actor_may(who, RIGHT_ACCOUNT_BLOCK),
		.may_see_trail = actor_may(who, RIGHT_AUDIT_READ),
	};
	enum status st = counter_offer(r->db, r->arena, who, seen->contact.id, seen->has_living ? FOR_ACCOUNT : FOR_NEW_ACCOUNT, &offer);
	if (st) return st;
	if (offer.why.first) v->why_not = lang_finding(r->arena, r->language, offer.why.first);
	v->lacks_shop = offer.lacks_shop;
	struct contact_file *file = ARENA_NEW(r->arena, struct contact_file);
	if ((st = contact_file_get(r->db, r->arena, seen->contact.id, file))) return st;
	if ((st = contact_likely(r->db, r->arena, who, f, seen->contact.id, v->likely, &v->likely_count))) return st;
	v->file = file;
	events_fill(file, v);
	forms_fill(r, v);
	if ((st = merged_of(r, seen->contact.id, v))) return st;
	if (seen->has_living && (st = devices_of(r, seen->account.id, v))) return st;
	st = seen->has_living ? email_change_waiting(r->db, r->arena, seen->account.id, &v->waiting) : NOT_FOUND;
	if (st && st != NOT_FOUND) return st;
	return mails_of(r, seen, &v->mails, &v->mail_count);
}

static struct response view_answer(struct request *r, int status, const struct contact_seen *seen, const struct problem *why)
{
	struct office_page p = office_page(r, MSG_OFFICE_TAB_CONTACTS, OFFICE_TAB_CONTACTS);
	struct contact_view *v = ARENA_NEW(r->arena, struct contact_view);
	if (view_fill(r, &p, seen, v)) return error_answer(r, 503);
	p.title = v->name;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_contact(&out, &(const struct tpl_office_contact){ .page = &p, .view = v, .done = office_done(&p), .why = why });
	return office_answer(r, status, &out);
}

/* A merged contact's page leads to the one it went into. */
struct response office_contact_page(struct request *r)
{
	struct contact_seen seen;
	struct response answer;
	if (!contact_seen(r, &seen, &answer)) return answer;
	if (seen.contact.merged_into) return office_redirect(r, str_format(r->arena, "/contacts/%lld", (long long)seen.contact.merged_into));
	return view_answer(r, 200, &seen, NULL);
}

struct response contact_answer(struct request *r, int status, int64_t contact, const struct problem *why)
{
	struct contact_seen seen = { 0 };
	enum status st = contact_get(r->db, r->arena, actor_of(r), contact, &seen.contact);
	if (!st) st = contact_account_get(r->db, r->arena, contact, &seen.account);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	seen.has_living = seen.account.id && seen.account.state != ACCOUNT_CLOSED;
	return view_answer(r, status, &seen, why);
}

struct response office_contact_mails(struct request *r)
{
	struct contact_seen seen;
	struct response answer;
	struct contact_view *v = ARENA_NEW(r->arena, struct contact_view);
	if (!contact_seen(r, &seen, &answer)) return answer;
	if (mails_of(r, &seen, &v->mails, &v->mail_count)) return error_answer(r, 503);
	v->seen = &seen;
	v->may_reset = actor_may(actor_of(r), RIGHT_ACCOUNT_RESET);
	forms_fill(r, v);
	struct render out = office_render(r);
	struct office_page p = office_page(r, MSG_OFFICE_TAB_CONTACTS, OFFICE_TAB_CONTACTS);
	tpl_office_contact_mails(&out, &(const struct tpl_office_contact_mails){ .page = &p, .view = v });
	return office_answer(r, 200, &out);
}
