/* accounts/account_email.c: a letter typed wrong at the counter: the invitation goes where it should have gone, and what went elsewhere opens nothing. */
#include "accounts/account_email.h"

#include "accounts/counter.h"
#include "accounts/email_change.h"
#include "accounts/recovery.h"
#include "formats/email.h"
#include "institution/institution.h"
#include "institution/sale_open.h"

static struct str key_of(struct arena *a, struct str email)
{
	struct str key = S("");
	if (email.len && !email_key(a, email, &key)) BUG("an e-mail that was not checked");
	return key;
}

enum status account_email_differs(struct conn *db, struct arena *a, int64_t contact, struct str email, bool *differs, enum account_state *state)
{
	static const struct sql q = SQL("SELECT email_key, state FROM internet_account WHERE contact = $1 AND state <> 'closed'");
	*differs = false;
	enum status st = store_row(db, &q, int64(contact));
	if (st) return st == NOT_FOUND ? OK : st;
	*differs = !str_eq(col_text(db, 0, a), key_of(a, email));
	if (!account_state_from_name(col_text(db, 1, a), state)) BUG("contact %lld has an account in an unknown state", (long long)contact);
	return OK;
}

/* The shop of the last link, or of the last sign-in, or else any that is open to the actor. */
static enum status shop_for(struct conn *db, struct arena *a, const struct actor *who, int64_t account, int64_t *shop, struct problem *why)
{
	static const struct sql last = SQL("SELECT COALESCE((SELECT point_of_sale FROM recovery_link WHERE account = $1 ORDER BY made_at DESC LIMIT 1),"
									   " (SELECT signin_at_shop FROM internet_account WHERE id = $1))");
	struct open_sale *open;
	size_t count;
	enum status st = store_row(db, &last, int64(account));
	if (st && st != NOT_FOUND) return st;
	int64_t before = st ? 0 : col_int64(db, 0);
	if ((st = sale_list_open(db, a, who, RIGHT_ACCOUNT_RESET, &open, &count))) return st;
	if (count == 0) return problem_add(why, "email", MSG_COUNTER_NO_SHOP_OF_YOURS), REFUSED;
	*shop = open[0].id;
	for (size_t i = 0; i < count; i++)
		if (open[i].id == before) *shop = before;
	return OK;
}

/* The counter's rules: else whoever may write contacts mails strangers by saving. */
enum status account_email_allow(struct conn *db, struct arena *a, const struct actor *who, int64_t account, struct problem *why)
{
	struct counter_result result;
	enum status st = counter_allow(db, a, who, account, &result);
	if (st || result.outcome == COUNTER_SENT) return st;
	int64_t ago = (store_now(db) - result.at) / SECOND;
	if (result.outcome == COUNTER_LIMITED) problem_add(why, "email", MSG_COUNTER_LIMITED, arg_int("n", (result.wait + 59) / 60));
	else problem_add(why, "email", MSG_EMAIL_CORRECTED_SOON, arg_text("name", result.by), arg_int("n", ago > 0 ? ago : 1));
	return REFUSED;
}

enum status account_email_correct(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, struct str email, struct problem *why)
{
	static const struct sql find = SQL("SELECT id FROM internet_account WHERE contact = $1 AND state = 'invited'");
	static const struct sql move = SQL("UPDATE internet_account SET email = $2, email_key = $3 WHERE id = $1 AND state = 'invited'");
	struct str key = key_of(a, email);
	struct account other, person;
	int64_t account, shop;
	enum status st;
	if (!actor_may(who, RIGHT_ACCOUNT_RESET)) return problem_add(why, "email", MSG_EMAIL_NEEDS_RESET_RIGHT), REFUSED;
	if ((st = store_row(db, &find, int64(contact)))) return st == NOT_FOUND ? CONFLICT : st; /* redeemed just now: look again */
	account = col_int64(db, 0);
	if ((st = account_by_email(db, a, who->institution, key, &other)) == OK) {
		struct str name = str_trim(str_format(a, "%.*s %.*s", STR_ARG(other.first_name), STR_ARG(other.last_name)));
		problem_add(why, "email", MSG_EMAIL_HAS_ACCOUNT, arg_text("name", name), arg_text("number", number_for_people(a, other.contact_number)));
		return REFUSED;
	}
	if (st != NOT_FOUND) return st;
	if ((st = shop_for(db, a, who, account, &shop, why))) return st;
	if ((st = store_exec(db, &move, int64(account), text(email), text(key)))) return st;
	if (store_changes(db) != 1) return CONFLICT;
	if ((st = account_email_allow(db, a, who, account, why))) return st;
	if ((st = recovery_end_links(db, account))) return st;
	if ((st = account_get(db, a, account, &person))) return st;
	const struct link_wish wish = { .purpose = LINK_INVITATION, .shop = shop, .asked_at = store_now(db), .by_operator = who->name };
	if ((st = recovery_link_add(db, a, &person, &wish))) return st;
	return account_event_add(db, who->institution, account, "counter-sent", who->network);
}

enum status account_email_ask(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, struct str email, struct problem *why)
{
	static const struct sql find = SQL("SELECT id FROM internet_account WHERE contact = $1 AND state = 'active'");
	const struct email to = { .shown = email, .key = key_of(a, email) };
	int64_t account, shop;
	enum status st;
	if ((st = store_row(db, &find, int64(contact)))) return st == NOT_FOUND ? CONFLICT : st; /* blocked just now: look again */
	account = col_int64(db, 0);
	if ((st = shop_for(db, a, who, account, &shop, why))) return st;
	return email_change_by_operator(db, a, who, account, &to, shop, why);
}
