/* accounts/staff.h: operators' way to a password: invited, forgotten, changed. The rules are the buyers' (recovery.h): a link lives 48 hours from sending and works
 * once, the three newest side by side, whether somebody has an address is never told. Nobody is signed in by it: the second factor is asked at the sign-in. */
#pragma once
#include "accounts/recovery.h"
#include "institution/operator_session.h"

/* What a link opens, before anything is changed. */
struct staff_view {
	struct str link_id;
	int64_t institution, operator_id;
	struct str email, email_masked;
	bool is_invitation; /* no password yet */
	int64_t ended_at;	/* of a dead link */
};

/* Queues the invitation of operator ID, or a new one while he has no password yet, inside a store_write; in the trail. NOT_FOUND: no such operator of the
 * actor's house; REFUSED with words: he has a password, is blocked, or there is no internet point of sale whose sender the mail could have. */
enum status staff_invite(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct problem *why);

/* The newest mail with a link to operator ID of the actor's house. NOT_FOUND: there is none. */
enum status staff_mail(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct outbox_mail *out);

/* Notes that somebody asked for a new password for EMAIL (as typed): one row, the same whether anybody has it. */
enum status staff_recovery_ask(struct conn *db, int64_t institution, struct str email, struct str network);

/* Takes the oldest request, decides, queues a mail where one is due: to active and invited operators, as often as the buyers' limits allow. NOT_FOUND when none
 * waits. From the background. */
enum status staff_decide(struct conn *db, struct arena *a);

/* Looks at a link without changing anything: RECOVERY_DONE when it would redeem. */
enum recovery_outcome staff_look(struct conn *db, struct arena *a, struct link_keys keys, struct str token, struct staff_view *view);

/* Sets the password, ends the link, its siblings and every session, makes an invited operator active, queues the notice; in one transaction. WHY may hold findings
 * already: then the outcome is at best RECOVERY_REFUSED. */
enum recovery_outcome staff_redeem(struct conn *db, struct arena *a, struct link_keys keys, struct hasher *hasher, struct str token,
	struct str password, struct str network, struct staff_view *view, struct problem *why);

/* Changes one's own password: the other sessions and every link end, the notice is queued. REFUSED with findings (also those that WHY had before); NOT_FOUND when it
 * was changed meanwhile; UNAVAILABLE when the hashing pool is full. */
enum status staff_change_password(struct conn *db, struct arena *a, struct hasher *hasher, const struct operator* who, struct str old,
	struct str new_password, const struct operator_asker *from, struct problem *why);

/* As recovery_link_sending, for operators' links. */
enum status staff_link_sending(struct conn *db, struct str link_id, int64_t *deadline);

/* Makes every live link of the operator superseded, inside a store_write: he was blocked, or his address changed. */
enum status staff_end_links(struct conn *db, int64_t id);

/* Blocks an operator as operator_block does, and his links end, too. Inside a store_write. */
enum status staff_block(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct problem *why);

/* Takes the second factor off as factor_reset does, and tells the operator by mail. Inside a store_write. */
enum status staff_factor_reset(struct conn *db, struct arena *a, const struct actor *by, int64_t id);

/* Marks links whose deadline is over and deletes those dead for 30 days; from the background. */
enum status staff_sweep(struct conn *db);
