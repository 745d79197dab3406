/* accounts/notice.c: mails about an account, and how many of them a stranger can cause. */
#include "accounts/notice.h"

#include <string.h>

/* What every mail about an account can say. */
enum { VALUES_MOST = 13 };
static void values_fill(struct arena *a, enum document_class class, const struct account *who, int64_t asked_at, const struct link_wish *wish,
	struct merge_value out[static VALUES_MOST])
{
	const struct merge_value values[VALUES_MOST] = {
		{ .field = "contact.first_name", .text = who->first_name },
		{ .field = "contact.last_name", .text = who->last_name },
		{ .field = "contact.salutation", .text = who->salutation },
		{ .field = "contact.number", .text = str_format(a, "%lld", (long long)who->contact_number) },
		{ .field = "contact.language", .text = str_of(lang_name(who->language)) },
		{ .field = "account.email", .text = who->email },
		{ .field = "request.time", .at = asked_at },
	};
	const struct merge_value of_wish[] = {
		{ .field = "is_invitation", .text = wish && wish->purpose == LINK_INVITATION ? S("1") : S("") },
		{ .field = "is_reset", .text = wish && wish->purpose == LINK_RESET ? S("1") : S("") },
		{ .field = "by_operator", .text = wish && wish->by_operator.len ? S("1") : S("") },
		{ .field = "change.email", .text = wish ? wish->change_email : S("") },
	};
	size_t n = 0;
	memcpy(out, values, sizeof values);
	while (out[n].field) n++;
	for (size_t i = 0; i < COUNT(of_wish); i++) /* what the class's dictionary knows of it */
		if (document_field(class, str_of(of_wish[i].field))) out[n++] = of_wish[i];
}

static struct letter letter_to(struct arena *a, enum document_class class, const struct account *who, int64_t shop)
{
	return (struct letter){
		.class = class,
		.point_of_sale = shop,
		.language = who->language,
		.recipient = who->email,
		.recipient_name = str_trim(str_format(a, "%.*s %.*s", STR_ARG(who->first_name), STR_ARG(who->last_name))),
		.account = who->id,
	};
}

enum status notice_add_link(
	struct conn *db, struct arena *a, enum document_class class, const struct account *who, const struct link_wish *wish, struct str link_id)
{
	struct merge_value values[VALUES_MOST];
	struct letter letter = letter_to(a, class, who, wish->shop);
	values_fill(a, class, who, wish->asked_at, wish, values);
	letter.values = values;
	letter.link_id = link_id;
	letter.link_purpose = (int)wish->purpose;
	letter.by_operator = wish->by_operator;
	letter.document_type = wish->document_type;
	letter.lane = wish->is_bulk ? LANE_BULK : 0;
	return outbox_add(db, a, &letter);
}

enum status notice_add(struct conn *db, struct arena *a, enum document_class class, const struct account *who, int64_t shop, int64_t asked_at)
{
	struct merge_value values[VALUES_MOST];
	struct letter letter = letter_to(a, class, who, shop);
	values_fill(a, class, who, asked_at, NULL, values);
	letter.values = values;
	return outbox_add(db, a, &letter);
}

enum status notice_allow(struct conn *db, struct arena *a, enum notice_cause cause, struct account *who, struct str network)
{
	static const char *const kinds[] = {
		[CAUSE_RECOVERY] = "mail-queued", [CAUSE_REGISTRATION] = "registration-mail-queued", [CAUSE_EMAIL_CHANGE] = "email-change-mail-queued"
	};
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
