/* accounts/notice.c: mails about an account, and how many of them a stranger can cause. */
#include "accounts/notice.h"

#include "formats/link.h"

enum status notice_add(struct conn *db, struct arena *a, enum document_class class, const struct account *who, int64_t shop, int64_t asked_at,
	struct str link_id, int purpose)
{
	const struct merge_value values[] = {
		{ .field = "contact.first_name", .text = who->first_name },
		{ .field = "contact.last_name", .text = who->last_name },
		{ .field = "contact.salutation", .text = who->salutation },
		{ .field = "contact.number", .text = str_format(a, "%lld", (long long)who->contact_number) },
		{ .field = "contact.language", .text = str_of(lang_name(who->language)) },
		{ .field = "account.email", .text = who->email },
		{ .field = "request.time", .at = asked_at },
		{ .field = class == CLASS_RESET_PASSWORD ? "is_invitation" : NULL, .text = purpose == LINK_INVITATION ? S("1") : S("") },
		{ .field = "is_reset", .text = purpose == LINK_RESET ? S("1") : S("") },
		{ .field = "by_operator" },
		{ .field = NULL },
	};
	const struct letter letter = {
		.class = class,
		.point_of_sale = shop,
		.language = who->language,
		.recipient = who->email,
		.recipient_name = str_trim(str_format(a, "%.*s %.*s", STR_ARG(who->first_name), STR_ARG(who->last_name))),
		.values = values,
		.link_id = link_id,
		.link_purpose = purpose,
		.account = who->id,
	};
	return outbox_add(db, a, &letter);
}

enum status notice_allow(struct conn *db, struct arena *a, enum notice_cause cause, struct account *who, struct str network)
{
	static const char *const kinds[] = { [CAUSE_RECOVERY] = "mail-queued", [CAUSE_REGISTRATION] = "registration-mail-queued" };
	static const struct sql take = SQL("UPDATE internet_account SET recovery_at = $2 WHERE id = $1");
	static const struct sql sent = SQL("SELECT count(*), max(at) FROM account_event WHERE account = $1 AND kind = $2 AND at > $3");
	int64_t now = store_now(db);
	enum status st;
	if ((st = store_exec(db, &take, int64(who->id), int64(now)))) return st;
	if ((st = account_get(db, a, who->id, who))) return st;
	if (who->state == ACCOUNT_CLOSED) return NOT_FOUND; /* its address may be somebody else's by now */
	if ((st = store_row(db, &sent, int64(who->id), text(str_of(kinds[cause])), int64(now - HOUR)))) return st;
	if (col_int64(db, 0) >= NOTICE_HOURLY || col_int64(db, 1) > now - NOTICE_PAUSE) return REFUSED;
	return account_event_add(db, who->institution, who->id, kinds[cause], network);
}
