/* accounts/merge.c: one column, one account's state, and their way back. */
#include "accounts/merge.h"

#include "accounts/contact_words.h"
#include "accounts/recovery.h"
#include "accounts/session.h"

/* ---- looking ---- */

static enum status has_others(struct conn *db, int64_t contact, bool *out)
{
	static const struct sql q = SQL("SELECT 1 FROM contact WHERE merged_into = $1 LIMIT 1");
	enum status st = store_row(db, &q, int64(contact));
	*out = st == OK;
	return st == NOT_FOUND ? OK : st;
}

static bool lives(const struct contact_account *account)
{
	return account->id && account->state != ACCOUNT_CLOSED;
}

enum status merge_look(struct conn *db, struct arena *a, const struct actor *who, int64_t stays, int64_t goes, bool *blocks, struct problem *why)
{
	struct contact kept, other;
	struct contact_account kept_account, other_account;
	bool others;
	enum status st;
	*blocks = false;
	if ((st = contact_get(db, a, who, stays, &kept))) return st;
	if ((st = contact_get(db, a, who, goes, &other))) return st;
	if ((st = contact_account_get(db, a, stays, &kept_account))) return st;
	if ((st = contact_account_get(db, a, goes, &other_account))) return st;
	if ((st = has_others(db, goes, &others))) return st;
	struct str name = contact_name(a, &other.is);
	if (stays == goes || kept.merged_into || other.merged_into) problem_add(why, "", MSG_MERGE_SAME);
	else if (kept.is.is_structure != other.is.is_structure) problem_add(why, "", MSG_MERGE_KINDS);
	else if (others) problem_add(why, "", MSG_MERGE_HAS_OTHERS, arg_text("name", name));
	else if (lives(&other_account) && !lives(&kept_account)) problem_add(why, "", MSG_MERGE_ACCOUNT_STAYS, arg_text("name", name));
	else *blocks = lives(&other_account);
	if (*blocks && !actor_may(who, RIGHT_ACCOUNT_BLOCK)) problem_add(why, "", MSG_MERGE_NEEDS_BLOCK);
	return OK;
}

/* ---- merging ---- */

/* The two rows in the order of their ids, so that two who merge crosswise don't wait for each other. */
static enum status take_both(struct conn *db, const struct actor *who, const struct merge_pair *p, struct problem *why)
{
	bool is_first = p->stays < p->goes;
	enum status st = is_first ? contact_take(db, who, p->stays, p->stays_version, why) : contact_take(db, who, p->goes, p->goes_version, why);
	if (st) return st;
	return is_first ? contact_take(db, who, p->goes, p->goes_version, why) : contact_take(db, who, p->stays, p->stays_version, why);
}

/* One that the office blocked stays blocked for that reason; one that nobody confirmed vanishes by itself. */
static enum status block(struct conn *db, const struct actor *who, int64_t account)
{
	static const struct sql q =
		SQL("UPDATE internet_account SET state = 'blocked', state_reason = 'merged' WHERE id = $1 AND state IN ('active','invited')");
	enum status st;
	if ((st = store_exec(db, &q, int64(account)))) return st;
	if ((st = recovery_end_links(db, account))) return st;
	if ((st = session_end_all(db, account))) return st;
	return account_event_add(db, who->institution, account, "merged", who->network);
}

static enum status note(struct conn *db, struct arena *a, const struct actor *who, const char *verb, int64_t stays, int64_t goes)
{
	struct contact other;
	enum status st = contact_get(db, a, who, goes, &other);
	if (st) return st;
	const struct audit_value after[] = { { "other", str_format(a, "%lld %.*s", (long long)goes, STR_ARG(contact_name(a, &other.is))) }, { NULL } };
	return audit_note(db, a, who, &(const struct audit_record){ .verb = verb, .kind = "contact", .record = stays, .after = after });
}

enum status merge(struct conn *db, struct arena *a, const struct actor *who, const struct merge_pair *pair, struct problem *why)
{
	static const struct sql q = SQL("UPDATE contact SET merged_into = $2, merged_at = $3 WHERE id = $1 AND merged_into IS NULL");
	struct contact_account account;
	bool blocks;
	enum status st;
	if (pair->stays == pair->goes) return problem_add(why, "", MSG_MERGE_SAME), REFUSED;
	if ((st = take_both(db, who, pair, why))) return st;
	if ((st = merge_look(db, a, who, pair->stays, pair->goes, &blocks, why))) return st;
	if (problem_any(why)) return REFUSED;
	if ((st = store_exec(db, &q, int64(pair->goes), int64(pair->stays), int64(store_now(db))))) return st;
	if (store_changes(db) != 1) return CONFLICT;
	if ((st = contact_account_get(db, a, pair->goes, &account))) return st;
	if (blocks && (st = block(db, who, account.id))) return st;
	if ((st = contact_words_write(db, a, pair->stays))) return st;
	return note(db, a, who, "contact-merged", pair->stays, pair->goes);
}

/* ---- and back ---- */

enum status merge_undo(struct conn *db, struct arena *a, const struct actor *who, int64_t stays, int64_t goes, struct problem *why)
{
	static const struct sql find = SQL("SELECT merged_at FROM contact WHERE institution = $1 AND id = $2 AND merged_into = $3");
	static const struct sql take = SQL("UPDATE contact SET version = version + 1 WHERE institution = $1 AND id = $2");
	static const struct sql apart =
		SQL("UPDATE contact SET merged_into = NULL, merged_at = NULL, version = version + 1 WHERE id = $1 AND merged_into = $2");
	static const struct sql account =
		SQL("UPDATE internet_account SET state = CASE WHEN password_hash IS NULL THEN 'invited' ELSE 'active' END, state_reason = ''"
			" WHERE contact = $1 AND state = 'blocked' AND state_reason = 'merged'");
	enum status st;
	if ((st = store_exec(db, &take, int64(who->institution), int64(stays)))) return st;
	if ((st = store_row(db, &find, int64(who->institution), int64(goes), int64(stays)))) return st;
	if (col_int64(db, 0) < store_now(db) - MERGE_UNDO) return problem_add(why, "", MSG_MERGE_TOO_LATE), REFUSED;
	if ((st = store_exec(db, &apart, int64(goes), int64(stays)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = store_exec(db, &account, int64(goes)))) return st;
	if (store_changes(db) && !actor_may(who, RIGHT_ACCOUNT_BLOCK)) return problem_add(why, "", MSG_MERGE_NEEDS_BLOCK), REFUSED;
	if ((st = contact_words_write(db, a, stays))) return st;
	if ((st = contact_words_write(db, a, goes))) return st;
	return note(db, a, who, "contact-unmerged", stays, goes);
}

enum status merged_list(struct conn *db, struct arena *a, int64_t contact, struct merged **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT c.id, c.number, c.merged_at, c.first_name, c.last_name, (SELECT max(i.id) FROM internet_account i WHERE i.contact = c.id)"
			" FROM contact c WHERE c.merged_into = $1 ORDER BY c.merged_at DESC, c.id DESC LIMIT $2");
	enum status st = store_query(db, &q, int64(contact), int64(MERGED_MOST));
	*out = ARENA_ARRAY(a, struct merged, MERGED_MOST);
	*count = 0;
	if (st) return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct merged){
			.id = col_int64(db, 0),
			.number = col_int64(db, 1),
			.at = col_int64(db, 2),
			.name = str_trim(str_format(a, "%.*s %.*s", STR_ARG(col_text(db, 3, a)), STR_ARG(col_text(db, 4, a)))),
			.account = col_int64(db, 5),
			.can_be_undone = col_int64(db, 2) >= store_now(db) - MERGE_UNDO,
		};
	return st == NOT_FOUND ? OK : st;
}
