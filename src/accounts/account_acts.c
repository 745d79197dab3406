/* accounts/account_acts.c: block, unblock, close, sign out everywhere, send a mail again. */
#include "accounts/account_acts.h"

#include "accounts/contact_words.h"
#include "accounts/counter.h"
#include "accounts/recovery.h"
#include "accounts/session.h"

static const struct {
	const char *verb, *event;
	struct sql q; /* $1 the account */
	bool ends_links;
} acts[] = {
	[ACT_SIGN_OUT] = { "account-signed-out", "signed-out-by-office",
		SQL("UPDATE internet_account SET recovery_at = recovery_at WHERE id = $1 AND state <> 'closed' RETURNING state"), false },
	[ACT_BLOCK] = { "account-blocked", "blocked",
		SQL("UPDATE internet_account SET state = 'blocked', state_reason = 'office' WHERE id = $1 AND state IN ('active','invited') RETURNING state"),
		true },
	[ACT_UNBLOCK] = { "account-unblocked", "unblocked",
		SQL("UPDATE internet_account SET state = CASE WHEN password_hash IS NULL THEN 'invited' ELSE 'active' END, state_reason = ''"
			" WHERE id = $1 AND state = 'blocked' AND state_reason <> 'merged' RETURNING state"),
		false },
	[ACT_CLOSE] = { "account-closed", "closed",
		SQL("UPDATE internet_account SET state = 'closed', state_reason = 'office' WHERE id = $1 AND state <> 'closed' RETURNING state"), true },
};

enum status account_act(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, enum account_act act, struct problem *why)
{
	struct contact c;
	struct contact_account account;
	enum status st;
	if ((st = contact_get(db, a, who, contact, &c))) return st;
	if ((st = contact_account_get(db, a, contact, &account))) return st;
	if (!account.id || account.state == ACCOUNT_CLOSED) return NOT_FOUND;
	st = store_row(db, &acts[act].q, int64(account.id));
	if (st == NOT_FOUND) return problem_add(why, "", MSG_ACCOUNT_STANDS_ELSEWHERE), REFUSED;
	if (st) return st;
	const struct audit_value before[] = { { "state", str_of(account_state_name(account.state)) }, { NULL } };
	const struct audit_value after[] = { { "state", col_text(db, 0, a) }, { NULL } };
	if (acts[act].ends_links && (st = recovery_end_links(db, account.id))) return st;
	if (act != ACT_UNBLOCK && (st = session_end_all(db, account.id))) return st;
	if ((st = account_event_add(db, who->institution, account.id, acts[act].event, who->network))) return st;
	if (act == ACT_CLOSE && (st = contact_words_write(db, a, contact))) return st;
	return audit_note(
		db, a, who, &(const struct audit_record){ .verb = acts[act].verb, .kind = "contact", .record = contact, .before = before, .after = after });
}

enum status account_session_end(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, struct str session)
{
	struct contact c;
	struct contact_account account;
	enum status st;
	if ((st = contact_get(db, a, who, contact, &c))) return st;
	if ((st = contact_account_get(db, a, contact, &account))) return st;
	if (!account.id) return NOT_FOUND;
	if ((st = session_end_by_id(db, account.id, session)) || !store_changes(db)) return st;
	if ((st = account_event_add(db, who->institution, account.id, "signed-out-by-office", who->network))) return st;
	return audit_note(db, a, who, &(const struct audit_record){ .verb = "account-session-ended", .kind = "contact", .record = contact });
}

/* Its link, where it has one, is the same: it lives anew from this sending, as from the first. */
static enum status send_anew(struct conn *db, struct arena *a, const struct actor *who, const struct outbox_mail *m, struct problem *why)
{
	static const struct sql take = SQL("UPDATE internet_account SET recovery_at = recovery_at WHERE id = $1");
	static const struct sql live = SQL("SELECT 1 FROM recovery_link WHERE link_id = $1 AND state = 'live' AND deadline > $2");
	struct counter_result result;
	enum status st;
	if ((st = store_exec(db, &take, int64(m->account)))) return st;
	if (m->link_id.len && (st = store_row(db, &live, blob(m->link_id), int64(store_now(db))))) {
		if (st == NOT_FOUND) problem_add(why, "", MSG_MAIL_AGAIN_LINK_OVER);
		return st == NOT_FOUND ? REFUSED : st;
	}
	if ((st = counter_allow(db, a, who, 0, &result))) return st;
	if (result.outcome != COUNTER_SENT) return problem_add(why, "", MSG_COUNTER_LIMITED, arg_int("n", (result.wait + 59) / 60)), REFUSED;
	return outbox_again(db, a, m, who->name, why);
}

enum status account_mail_again(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, int64_t mail, struct problem *why)
{
	struct contact c;
	struct contact_account account;
	struct outbox_mail m;
	enum status st;
	if ((st = contact_get(db, a, who, contact, &c))) return st;
	if ((st = contact_account_get(db, a, contact, &account))) return st;
	if ((st = outbox_get(db, a, who->institution, mail, &m))) return st;
	if (!account.id || m.account != account.id) return NOT_FOUND;
	st = m.state == OUTBOX_SENT ? send_anew(db, a, who, &m, why) : outbox_retry(db, a, who->institution, mail, why);
	if (st) return st;
	return audit_note(db, a, who, &(const struct audit_record){ .verb = "mail-sent-again", .kind = "contact", .record = contact });
}
