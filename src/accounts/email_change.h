/* accounts/email_change.h: another address for an account that somebody uses (recovery-cases 67, 68): it takes effect when it is confirmed at the new address, the old
 * one is told at once, and whoever reads mail there can stop it, also for a while afterwards. The new address stands in the link's own row, so a link confirms only the
 * address that it was mailed to. */
#pragma once
#include "accounts/recovery.h"
#include "institution/actor.h"

/* Begins a change that the owner asks for, who has given his password: the link goes to TO, the notice to the address he has; an earlier change that waits ends. Whether
 * TO has an account already is not told: its owner gets a mail that says so instead. In a store_write of its own. REFUSED with findings: at "old_password" a wrong one,
 * at "email" no address, the same one, or asked for too often; UNAVAILABLE when the hashing pool is full. */
enum status email_change_ask(struct conn *db, struct arena *a, struct hasher *hasher, int64_t account, struct str email, struct str password,
	const struct asker *from, struct problem *why);

/* The same by an operator with RIGHT_ACCOUNT_EMAIL, through SHOP, inside a store_write; with the counter's limits. REFUSED with findings at "email", also whose the
 * address is when it has an account. */
enum status email_change_by_operator(
	struct conn *db, struct arena *a, const struct actor *who, int64_t account, const struct email *to, int64_t shop, struct problem *why);

/* The change that waits for its confirmation. NOT_FOUND: none. */
struct email_change {
	struct str email, by_operator; /* empty: the owner */
	int64_t made_at;
};
enum status email_change_waiting(struct conn *db, struct arena *a, int64_t account, struct email_change *out);

/* An operator with RIGHT_ACCOUNT_EMAIL withdraws the change that waits, inside a store_write, and notes it; its link is dead, also in a mail that is still queued.
 * NOT_FOUND: none waits, it is no account of the actor's house, or he may not. */
enum status email_change_withdraw(struct conn *db, struct arena *a, const struct actor *who, int64_t account);

/* What a link of PURPOSE (LINK_CHANGE_EMAIL, LINK_KEEP_EMAIL) opens, before anything is changed; VIEW's e-mail is the address it would lead to, or keep. */
enum recovery_outcome email_change_look(
	struct conn *db, struct arena *a, struct link_keys keys, enum link_purpose purpose, struct str token, struct recovery_view *view);

/* Puts the new address in force: every link and session but the asker's own ends. RECOVERY_REFUSED: somebody else has it by now. */
enum recovery_outcome email_change_confirm(
	struct conn *db, struct arena *a, struct link_keys keys, struct str token, const struct asker *from, struct recovery_view *view);

/* Keeps the old address: a change that waits ends. One in force already is taken back, and then the password is void, too, and every session ended, for who changed it knew
 * it: a link for a new one goes to the old address. */
enum recovery_outcome email_change_stop(
	struct conn *db, struct arena *a, struct link_keys keys, struct str token, const struct asker *from, struct recovery_view *view);
