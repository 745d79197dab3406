/* office/account_acts.c: the buttons beside an internet account. */
#include "accounts/account_acts.h"
#include "accounts/email_change.h"
#include "accounts/session.h"
#include "office/contacts.h"

struct acting {
	struct request *r;
	int64_t contact, mail;
	enum account_act act;
	struct problem why;
};

static enum status act_in(struct conn *db, void *arg)
{
	struct acting *x = arg;
	x->why.first = NULL;
	return account_act(db, x->r->arena, actor_of(x->r), x->contact, x->act, &x->why);
}

static enum status again_in(struct conn *db, void *arg)
{
	struct acting *x = arg;
	x->why.first = NULL;
	return account_mail_again(db, x->r->arena, actor_of(x->r), x->contact, x->mail, &x->why);
}

/* Back to the contact, which shows how things stand now. */
static struct response answer_for(struct request *r, enum status st, const struct acting *x, const char *done)
{
	if (st == REFUSED) return contact_answer(r, 409, x->contact, &x->why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/contacts/%lld?done=%s", (long long)x->contact, done));
}

static struct response act(struct request *r, enum account_act act, const char *done)
{
	struct acting x = { .r = r, .act = act, .why = problem_in(r->arena) };
	enum status st = request_segment_id(r, 0, &x.contact) ? store_write(r->db, act_in, &x) : NOT_FOUND;
	return answer_for(r, st, &x, done);
}

struct response office_account_sign_out(struct request *r)
{
	return act(r, ACT_SIGN_OUT, "account-signed-out");
}

struct response office_account_block(struct request *r)
{
	return act(r, ACT_BLOCK, "account-blocked");
}

struct response office_account_unblock(struct request *r)
{
	return act(r, ACT_UNBLOCK, "account-unblocked");
}

struct response office_account_close(struct request *r)
{
	return act(r, ACT_CLOSE, "account-closed");
}

static enum status withdraw_in(struct conn *db, void *arg)
{
	struct acting *x = arg;
	struct arena *a = x->r->arena;
	struct contact c;
	struct contact_account account;
	enum status st = contact_get(db, a, actor_of(x->r), x->contact, &c);
	if (!st) st = contact_account_get(db, a, x->contact, &account);
	return st ? st : email_change_withdraw(db, a, actor_of(x->r), account.id);
}

struct response office_email_change_withdraw(struct request *r)
{
	struct acting x = { .r = r, .why = problem_in(r->arena) };
	enum status st = request_segment_id(r, 0, &x.contact) ? store_write(r->db, withdraw_in, &x) : NOT_FOUND;
	return answer_for(r, st, &x, "email-withdrawn");
}

/* ---- one device ---- */

static const struct form_field session_fields[] = { { "id", .max_bytes = 32, .is_required = true } };

struct ending {
	struct request *r;
	int64_t contact;
	struct str session;
};

static enum status end_in(struct conn *db, void *arg)
{
	struct ending *x = arg;
	return account_session_end(db, x->r->arena, actor_of(x->r), x->contact, x->session);
}

/* One that is gone already is signed out. */
struct response office_account_session_end(struct request *r)
{
	struct form f = form_read(r, session_fields, COUNT(session_fields));
	struct ending x = { .r = r };
	bool is_named = request_segment_id(r, 0, &x.contact) && str_from_hex(r->arena, form_text(&f, "id"), &x.session);
	enum status st = is_named ? store_write(r->db, end_in, &x) : NOT_FOUND;
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/contacts/%lld?done=account-session-ended", (long long)x.contact));
}

struct response office_mail_again(struct request *r)
{
	struct acting x = { .r = r, .why = problem_in(r->arena) };
	bool is_named = request_segment_id(r, 0, &x.contact) && request_segment_id(r, 1, &x.mail);
	enum status st = is_named ? store_write(r->db, again_in, &x) : NOT_FOUND;
	if (!st) office_wake(r);
	return answer_for(r, st, &x, "mail-again");
}
