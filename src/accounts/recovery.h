/* accounts/recovery.h: recovery links, from asking to redeeming.
 * A link lives 48 hours from sending and works once. Nothing in the database suffices to make one (design.md 6). */
#pragma once
#include "base/clock.h"
#include "accounts/notice.h"
#include "accounts/session.h"
#include "formats/link.h"

#define LINK_LIFE  (48 * HOUR)
#define LINKS_LIVE 3 /* newest of an account that live side by side */

enum recovery_outcome {
	RECOVERY_DONE,
	RECOVERY_REFUSED, /* findings at the fields; nothing used up */
	RECOVERY_USED,
	RECOVERY_SUPERSEDED,
	RECOVERY_EXPIRED,
	RECOVERY_UNKNOWN, /* not ours: forged, cut, of another purpose, redeemed at another shop than the one it was made for */
	RECOVERY_TRY_AGAIN
};

/* What a link opens, before anything is changed. */
struct recovery_view {
	struct str link_id;
	int64_t account, point_of_sale;
	struct str email; /* whole, for the password manager's username field */
	struct str email_masked;
	struct str next;
	bool is_invitation; /* no password yet */
	int64_t ended_at;	/* of a dead link; a superseded one: when the newer went out; 0 unknown */
};

/* Notes that somebody asked for a recovery mail for EMAIL (as typed) at point of sale SHOP: one row, the same whether anybody has it. The background looks it up, decides
 * and mails (recovery_decide). Fails only as store_write does. */
enum status recovery_ask(struct conn *db, int64_t shop, struct str email, enum language language, struct str next, struct str network);

/* Takes the first request that is due, decides, and queues a mail where one is due, all in one transaction; puts it off when that fails (request.h). NOT_FOUND
 * when none is due. From the background. */
enum status recovery_decide(struct conn *db, struct arena *a);

/* Looks at a link without changing anything: RECOVERY_DONE when it would redeem. The signature is verified before the database is asked. */
enum recovery_outcome recovery_look(struct conn *db, struct arena *a, struct link_keys keys, struct str token, struct recovery_view *view);

/* Sets the new password, ends the link, its siblings and every session, confirms the account, queues the notice, and begins a new session, in one transaction.
 * The hash is computed before it, and only when the link looked live. SESSION gets the cookie's token. WHY may hold findings already (the two passwords
 * differ): then the outcome is at best RECOVERY_REFUSED. */
enum recovery_outcome recovery_redeem(struct conn *db, struct arena *a, struct link_keys keys, struct hasher *hasher, struct str token,
	struct str password, const struct asker *from, struct recovery_view *view, struct str *session, struct problem *why);

/* Inside the store_write that claims a mail: sets the link's deadline, so many hours from now as the house says, LINK_LIFE at most, and gives it. NOT_FOUND when the link is no longer live: then
 * the mail is dropped. */
enum status recovery_link_sending(struct conn *db, struct str link_id, int64_t *deadline);

/* Makes a link for WHO and queues its mail, retiring the oldest beyond LINKS_LIVE; inside a store_write. Its purpose: LINK_RESET, LINK_INVITATION, LINK_CONFIRM_EMAIL. */
enum status recovery_link_add(struct conn *db, struct arena *a, const struct account *who, const struct link_wish *wish);

/* What a link's own columns say: RECOVERY_DONE when it is live and in time. DEADLINE 0: not sent yet. */
enum recovery_outcome recovery_state_outcome(struct str state, int64_t deadline, int64_t now);

/* What the row of a link says, compared with its account as it is now: RECOVERY_DONE when it would redeem. For this file's neighbour, registration. */
enum recovery_outcome recovery_row_look(struct conn *db, struct arena *a, const struct link *link, struct recovery_view *view, struct account *who);

/* Uses the link up if it is live, in time and of this fingerprint: OK or NOT_FOUND. Inside a store_write, after the account's row was changed. */
enum status recovery_link_use(struct conn *db, struct str link_id, struct str fingerprint);

/* Makes every live link of ACCOUNT superseded, inside a store_write; but not what stops a change of its address: a thief would end it first. */
enum status recovery_end_links(struct conn *db, int64_t account);

/* Marks links whose deadline is over and deletes those dead for 30 days (a genuine link without a row reads "expired"); from the background. */
enum status recovery_sweep(struct conn *db);
