/* documents/outbox.h: mails to be sent, queued in the transaction that causes them, delivered at least once by the background.
 * Nothing in a row suffices to make a link: it holds a link's public id; whoever sends signs (design.md 6). The states and arrows are domain.md 4's;
 * beside them `dropped`: not worth sending any more, with the reason in `answer`. */
#pragma once
#include "base/clock.h"
#include "documents/class.h"
#include "institution/point_of_sale.h"
#include "store/store.h"

#define OUTBOX_LEASE	(2 * MINUTE) /* longer than a delivery may take; a dead worker's mail is due again after it */
#define OUTBOX_PATIENCE (3 * DAY)	 /* how long a mail is tried again, from the moment it was queued */
#define OUTBOX_KEPT		(90 * DAY)	 /* what a mail said is forgotten then */
#define OUTBOX_GONE		(730 * DAY)	 /* and that it was ever sent: nobody asks after two years */
#define OUTBOX_SOME		500			 /* rows a transaction, so that it stays under 5 ms */
#define OUTBOX_COUNTED	DAY			 /* how far back outbox_count counts what was sent */

/* A value for a merge field: TEXT ("" is false for a condition), or a time AT (UTC microseconds) that is written in the template's language. */
struct merge_value {
	const char *field;
	struct str text;
	int64_t at;
};

/* A mail that something causes. VALUES are those of the cause (contact.…, account.…, request.time); the outbox itself adds institution.…, shop.…, organisation.…,
 * today; link.… comes at sending. A field that the class's dictionary does not know is a BUG. */
struct letter {
	enum document_class class;
	int64_t point_of_sale;
	int64_t
		document_type; /* chosen by an operator; 0: the one that fits the point of sale best. One that is no longer active or usable there: none */
	int64_t template;  /* a test of this version; its values are samples and its link opens nothing; 0: no test */
	enum language language; /* wanted; a template missing in it → the document type's main language */
	struct str recipient, recipient_name;
	const struct merge_value *values; /* up to the one whose field is NULL; may be NULL */
	struct str link_id;				  /* 16 bytes, or empty */
	int link_purpose;				  /* formats/link.h */
	int64_t account;				  /* 0: none */
	struct str by_operator;			  /* the name of who sent it from the office; empty: nobody did */
	enum lane lane;					  /* 0: the class's */
	const char *about;				  /* what gives more values and a file when the mail is sent: "bill", "order"; NULL: nothing */
	int64_t about_id;
};

/* Queues LETTER inside a store_write. A class without an active document type is queued without template and fails at once, visibly (domain.md 5, Limitation). */
enum status outbox_add(struct conn *db, struct arena *a, const struct letter *letter);

enum outbox_state { OUTBOX_WAITING, OUTBOX_SENDING, OUTBOX_SENT, OUTBOX_FAILED, OUTBOX_DROPPED };

/* "waiting", …: as the database and the command line call it. */
const char *outbox_state_name(enum outbox_state state);

/* A row of the outbox, in the arena of the function that read it. */
struct outbox_mail {
	int64_t id, institution, point_of_sale, template, account;
	enum document_class class;
	enum language language;
	enum outbox_state state;
	struct str recipient, recipient_name;
	struct str values; /* JSON object of text by field */
	struct str link_id;
	int link_purpose;
	struct str message_id; /* "…@…", without angle brackets */
	int64_t made_at, due_at, attempts, sent_at;
	bool is_test;	   /* of samples, to who edits the template */
	struct str answer; /* what the mail server said last, or why it failed or was dropped */
	struct str by_operator;
	struct str about; /* as in struct letter; empty: nothing */
	int64_t about_id;
};

/* Leases the mail that is next, inside a store_write: lanes in their order, in a lane what is due longest, and none while an older one of the same lane to the
 * same recipient is still on its way. NOT_FOUND when nothing is due. */
enum status outbox_claim(struct conn *db, struct arena *a, struct outbox_mail *out);

/* What became of a claimed mail, inside a store_write; ANSWER is what the mail server or we say. outbox_sent counts also when the lease is over by now: it
 * was delivered. The others give NOT_FOUND then and change nothing.
 * later: waiting with a growing pause, failed once OUTBOX_PATIENCE is over. failed: for good. dropped: before sending, not worth it any more. */
enum status outbox_sent(struct conn *db, const struct outbox_mail *m, struct str answer);
enum status outbox_later(struct conn *db, const struct outbox_mail *m, struct str answer);
enum status outbox_failed(struct conn *db, const struct outbox_mail *m, struct str answer);
enum status outbox_drop(struct conn *db, const struct outbox_mail *m, struct str reason);

/* The pause before the next try after ATTEMPTS of them. */
int64_t outbox_pause(int64_t attempts);

/* The newest first, those before id BEFORE (0: from the newest), at most MOST, without their values. ACCOUNT 0: all of the institution. */
enum status outbox_list(
	struct conn *db, struct arena *a, int64_t institution, int64_t account, int64_t before, size_t most, struct outbox_mail **out, size_t *count);

enum status outbox_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct outbox_mail *out);

/* The newest mail with a link, by the link's public id; without its values. */
enum status outbox_of_link(struct conn *db, struct arena *a, int64_t institution, struct str link_id, struct outbox_mail *out);

/* By hand: a failed mail waits again with OUTBOX_PATIENCE from now, with the template in force now when it had none, inside a store_write. NOT_FOUND for an unknown id; REFUSED for one that has not
 * failed, was forgotten by now, or has no template still. */
enum status outbox_retry(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct problem *why);

/* By hand: what M, which was sent, said goes to the same recipient once more, as a new mail, inside a store_write; BY is who sends it. REFUSED with a finding at "": what it said
 * is forgotten, or the same is on its way already. */
enum status outbox_again(struct conn *db, struct arena *a, const struct outbox_mail *m, struct str by, struct problem *why);

/* The newest first in one state; the rest as outbox_list. */
enum status outbox_list_in(struct conn *db, struct arena *a, int64_t institution, enum outbox_state state, int64_t before, size_t most,
	struct outbox_mail **out, size_t *count);

/* As outbox_retry for all that have failed, OUTBOX_SOME at a time, inside a store_write; those that cannot be sent again stay. OK with *COUNT, how many wait again. */
enum status outbox_retry_all(struct conn *db, int64_t institution, int64_t *count);

/* How many stand in each state, for metrics, doctor and pages: of those that were sent or dropped the ones queued within OUTBOX_COUNTED, all of the others. By
 * indexes alone, however long the outbox has run. INSTITUTION 0: of all. */
enum status outbox_count(struct conn *db, int64_t institution, int64_t counts[static OUTBOX_DROPPED + 1]);

/* A stretch of the outbox's past: what was queued from its start on, by what became of it. */
struct outbox_hour {
	int64_t start;
	int64_t sent, failed, waiting; /* waiting: not at an end yet */
};

/* The hours since FROM in which something was queued, in order, at most MOST. */
enum status outbox_hours(struct conn *db, struct arena *a, int64_t institution, int64_t from, size_t most, struct outbox_hour **out, size_t *count);

/* Forgets what mails said that ended OUTBOX_KEPT ago, merge values and the recipient's name, and deletes those that ended OUTBOX_GONE ago; inside a store_write,
 * some hundred at a time. */
enum status outbox_sweep(struct conn *db);
