/* work/worker.h: the background of `serve`: decides requests, sends mails, sweeps. One thread; any number of processes on one database (design.md 8). */
#pragma once
#include "work/post.h"

struct worker;

/* Starts the thread. What POST points to must outlive worker_stop. */
struct worker *worker_start(const struct post *post);

/* Something was queued: look now, not at the next poll. Cheap; from any thread. */
void worker_wake(struct worker *w);

/* A GET used the session of TOKEN_HASH; written later (a GET writes nothing). Forgotten when too many wait: it is only "last seen". */
void worker_note_session(struct worker *w, struct str token_hash);

/* Finishes the mail in flight, or breaks it off after WORKER_STOP_MAX so that it goes out again later, and ends the thread. */
#define WORKER_STOP_MAX (7 * SECOND) /* of the ten that a stop may take */
void worker_stop(struct worker *w);
