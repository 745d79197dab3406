/* work/post.c: claim, finish, send, mark. The link exists whole only here, between finish and send, in an arena that is overwritten at once. */
#include "work/post.h"

#include "accounts/recovery.h"
#include "billing/bill_letter.h"
#include "dealing/ending.h"
#include "accounts/staff.h"
#include "base/log.h"
#include "shipping/notice.h"

_Static_assert(MAIL_TIMEOUT_MAX *SECOND < OUTBOX_LEASE, "a delivery must end before its lease does");

/* A claimed mail. */
struct claimed {
	struct arena *arena;
	struct outbox_mail mail;
	int64_t deadline, life; /* of its link; 0: it has none */
	bool is_dropped;
};

static enum status claim(struct conn *db, void *arg)
{
	struct claimed *c = arg;
	enum status st;
	c->is_dropped = false;
	c->deadline = 0;
	if ((st = outbox_claim(db, c->arena, &c->mail))) return st;
	if (!c->mail.link_id.len || c->mail.link_purpose == LINK_ORDER || c->mail.link_purpose == LINK_FOLLOW)
		return OK; /* an order's link lives as long as the order, a shipment's until after its last performance */
	st = c->mail.link_purpose == LINK_OPERATOR ? staff_link_sending(db, c->mail.link_id, &c->deadline)
											   : recovery_link_sending(db, c->mail.link_id, &c->deadline);
	c->life = c->deadline - store_now(db);
	if (st != NOT_FOUND) return st;
	c->is_dropped = true;
	return outbox_drop(db, &c->mail, S("the link was used, replaced or ended before the mail left"));
}

/* ---- what became of it ---- */

struct mark {
	enum status (*how)(struct conn *db, const struct outbox_mail *m, struct str answer);
	const struct outbox_mail *mail;
	struct str answer;
};

static enum status mark_in(struct conn *db, void *arg)
{
	struct mark *m = arg;
	return m->how(db, m->mail, m->answer);
}

static enum status mark(struct conn *db, const struct outbox_mail *m, enum mail_outcome outcome, struct str answer)
{
	static const struct {
		enum status (*how)(struct conn *db, const struct outbox_mail *m, struct str answer);
		const char *word;
	} outcomes[] = {
		[MAIL_SENT] = { outbox_sent, "sent" }, [MAIL_TRY_LATER] = { outbox_later, "to be tried later" }, [MAIL_REFUSED] = { outbox_failed, "failed" }
	};
	enum status st = store_write(db, mark_in, &(struct mark){ outcomes[outcome].how, m, answer });
	if (st == NOT_FOUND) log_warn("mail %lld: its lease ended while it was being sent", (long long)m->id);
	else if (st)
		log_warn(
			"mail %lld: %s, which the database does not take (%s): it may go out twice", (long long)m->id, outcomes[outcome].word, status_name(st));
	else if (outcome == MAIL_SENT) log_info("mail %lld (%s): sent", (long long)m->id, document_class(m->class)->code);
	else log_warn("mail %lld (%s): %s: %.*s", (long long)m->id, document_class(m->class)->code, outcomes[outcome].word, STR_ARG(answer));
	return st == NOT_FOUND ? OK : st;
}

/* ---- sending ---- */

/* What the mail's matter adds. */
static enum status about_of(
	const struct post *p, struct conn *db, struct arena *a, const struct outbox_mail *m, struct letter_about *out, struct problem *why)
{
	*out = (struct letter_about){ 0 };
	if (m->is_test) return OK;
	if (str_eq(m->about, S("bill"))) return bill_about(db, a, p->templates, m->institution, m->about_id, out, why);
	if (str_eq(m->about, S("order"))) return order_about(db, a, m->institution, m->about_id, out);
	if (str_eq(m->about, S("notice"))) return notice_about(db, a, m->institution, m->about_id, out);
	return OK;
}

static enum status finish(
	const struct post *p, struct conn *db, struct arena *secret, const struct claimed *c, struct finished_letter *out, struct problem *why)
{
	struct letter_link link = { .life = c->life, .deadline = c->deadline, .office = p->office };
	if (c->mail.link_id.len == LINK_ID_SIZE)
		link.token = link_make(secret, p->keys, (enum link_purpose)c->mail.link_purpose, (const uint8_t *)c->mail.link_id.at);
	struct letter_about about;
	enum status st = about_of(p, db, secret, &c->mail, &about, why);
	return st ? st : letter_finish(p->templates, db, secret, &c->mail, &link, &about, out, why);
}

/* SECRET holds the link and the whole message; whoever calls overwrites it. */
static enum status deliver(const struct post *p, struct mailer *mailer, struct conn *db, struct arena *secret, const struct claimed *c)
{
	struct problem why = problem_in(c->arena);
	struct finished_letter letter;
	enum status st = finish(p, db, secret, c, &letter, &why);
	if (st == UNAVAILABLE || st == CONFLICT) return UNAVAILABLE; /* the database, not the letter */
	if (st) {
		struct str words = problem_any(&why) ? lang_problem(c->arena, LANG_EN, &why) : str_of(status_name(st));
		return mark(db, &c->mail, MAIL_REFUSED, words);
	}
	struct mail_result r = mail_send(c->arena, mailer, c->mail.id, letter.sender, letter.recipient, letter.message);
	return mark(db, &c->mail, r.outcome, r.answer);
}

enum status post_next(const struct post *p)
{
	struct mailer *mailer = atomic_load(&p->mailer);
	if (!mailer) return NOT_FOUND; /* mails wait, and lose no time of their patience to tries */
	struct conn *db = store_conn(p->store);
	struct arena *secret = arena_new();
	struct claimed c = { .arena = arena_new() };
	enum status st = store_write(db, claim, &c);
	if (!st && c.is_dropped)
		log_info("mail %lld (%s): dropped, its link is no longer live", (long long)c.mail.id, document_class(c.mail.class)->code);
	else if (!st) st = deliver(p, mailer, db, secret, &c);
	arena_wipe(secret);
	arena_free(secret);
	arena_free(c.arena);
	return st;
}
