/* work/worker.h: the background of `serve`: decides requests, sends mails, sweeps; any number of processes on one database (design.md 8).
 * Three threads: one sends, so that a mail server that hangs holds up mails alone; one goes on with imported files; the other does all the rest. */
#pragma once
#include "base/clock.h"
#include "work/post.h"

#define WORKER_POLL		(1 * SECOND)  /* what other processes queued is seen so soon */
#define WORKER_ROUND	(1 * SECOND)  /* of emptying queues, before sessions are noted and sweeps have their turn */
#define WORKER_SWEEP	(1 * MINUTE)  /* between two sweeps */
#define WORKER_STOP_MAX (6 * SECOND)  /* of the ten that a stop may take: a mail in flight is broken off then */
#define WORKER_WAIT_MAX (30 * SECOND) /* the longest pause while the database is away */

struct worker;

/* Starts the threads. What POST points to must outlive worker_stop. */
struct worker *worker_start(const struct post *post);

/* Mails leave by M from now on; the one before must stay open until worker_stop. */
void worker_use_mailer(struct worker *w, struct mailer *m);

/* Something was queued: look now, not at the next poll. Cheap; from any thread. */
void worker_wake(struct worker *w);

/* A GET used the session of TOKEN_HASH, 32 bytes; written later, for a GET writes nothing. Forgotten when too many wait: it is only "last seen". */
void worker_note_session(struct worker *w, struct str token_hash);

/* The same for a session of the office. */
void worker_note_operator(struct worker *w, struct str token_hash);

/* Finishes the mail in flight, or after WORKER_STOP_MAX breaks it off so that it goes out again later, and ends the threads. NULL does nothing. */
void worker_stop(struct worker *w);
