/* work/worker.c: the background's thread: looks, works until nothing is left, and waits to be woken. */
#include "work/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "guard/rate.h"
#include "accounts/registration.h"
#include "base/log.h"
#include "institution/operator_session.h"
#include "work/noted.h"

struct worker {
	struct post post;
	struct noted *noted;
	struct noted *noted_operators;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* on the steady clock */
	bool is_woken;			/* under the lock, as is is_over */
	bool is_over;
	atomic_bool is_stopping;
	int64_t swept_at;	 /* steady; the thread's own, as all below */
	bool has_more;		 /* the round ended before the queues were empty */
	int failures;		 /* rounds in a row that the database spoilt */
	struct arena *arena; /* of a round */
};

/* ---- the work ---- */

static enum status note_sessions(struct worker *w, struct conn *db)
{
	struct str *hashes;
	size_t count = noted_take(w->noted, w->arena, &hashes);
	enum status st = OK;
	for (size_t i = 0; !st && i < count; i++) st = session_note(db, hashes[i]);
	count = noted_take(w->noted_operators, w->arena, &hashes);
	for (size_t i = 0; !st && i < count; i++) st = operator_session_note(db, hashes[i]);
	return st == NOT_FOUND ? OK : st; /* ended meanwhile */
}

static enum status decide_recovery(struct worker *w, struct conn *db)
{
	return recovery_decide(db, w->arena);
}

static enum status decide_registration(struct worker *w, struct conn *db)
{
	return registration_decide(db, w->arena);
}

static enum status send_mail(struct worker *w, struct conn *db)
{
	(void)db; /* it asks for the thread's own connection, which this is */
	return post_next(&w->post);
}

/* In turns, so that a flood of one does not hold up the others; a mail takes a second where a decision takes a millisecond. */
static const struct queue {
	enum status (*next)(struct worker *w, struct conn *db); /* NOT_FOUND: empty */
	int turns;
} queues[] = { { decide_recovery, 20 }, { decide_registration, 20 }, { send_mail, 1 } };

/* True when there may be more. A queue that fails is out for this round, and the others go on; without a database nobody does. */
static bool take_turns(struct worker *w, struct conn *db, const struct queue *q, bool *is_out, enum status *failed)
{
	for (int i = 0; i < q->turns; i++) {
		if (*is_out || *failed == UNAVAILABLE || w->is_stopping) return false;
		enum status st = q->next(w, db);
		arena_reset(w->arena);
		if (st == NOT_FOUND) return false;
		if (st) *failed = st, *is_out = true;
	}
	return !*is_out;
}

/* For WORKER_ROUND at most: what comes by the clock has its turn also while the queues never empty. */
static enum status empty_queues(struct worker *w, struct conn *db)
{
	int64_t until = clock_steady() + WORKER_ROUND;
	bool is_out[COUNT(queues)] = { false };
	enum status failed = OK;
	w->has_more = true;
	while (w->has_more && clock_steady() < until) {
		w->has_more = false;
		for (size_t i = 0; i < COUNT(queues); i++) w->has_more |= take_turns(w, db, &queues[i], &is_out[i], &failed);
	}
	return failed;
}

static enum status sweep_outbox(struct conn *db, void *arg)
{
	(void)arg;
	return outbox_sweep(db);
}

static enum status outbox_sweep_alone(struct conn *db)
{
	return store_write(db, sweep_outbox, NULL);
}

static enum status sweep(struct worker *w, struct conn *db)
{
	static enum status (*const sweeps[])(struct conn *) = { session_sweep, operator_session_sweep, recovery_sweep, registration_sweep, rate_sweep,
		account_event_sweep, outbox_sweep_alone };
	enum status failed = OK;
	if (w->swept_at && clock_steady() - w->swept_at < WORKER_SWEEP) return OK;
	w->swept_at = clock_steady();
	for (size_t i = 0; i < COUNT(sweeps) && !w->is_stopping; i++) {
		enum status st = sweeps[i](db);
		if (st && st != NOT_FOUND) failed = st;
	}
	return failed;
}

static enum status round_of(struct worker *w)
{
	struct conn *db = store_conn(w->post.store);
	enum status st;
	arena_reset(w->arena);
	if ((st = note_sessions(w, db))) return st;
	if ((st = empty_queues(w, db)) == UNAVAILABLE) return st;
	enum status swept = w->is_stopping ? OK : sweep(w, db);
	return st ? st : swept;
}

/* ---- the thread ---- */

/* The pause after a round; says once that the database went away and once that it is back. */
static int64_t pause_after(struct worker *w, enum status st)
{
	if (!st) {
		if (w->failures) log_info("background: works again");
		w->failures = 0;
		return w->has_more ? 0 : WORKER_POLL;
	}
	if (!w->failures++) log_warn("background: the database says %s; trying again", status_name(st));
	int64_t pause = WORKER_POLL << (w->failures < 6 ? w->failures - 1 : 5);
	return pause < WORKER_WAIT_MAX ? pause : WORKER_WAIT_MAX;
}

static void wait_for(struct worker *w, int64_t pause)
{
	int64_t until = clock_steady() + pause;
	struct timespec at = { .tv_sec = (time_t)(until / SECOND), .tv_nsec = (long)(until % SECOND) * 1000 };
	pthread_mutex_lock(&w->lock);
	/* While the database is away nothing wakes but the end: a busy shop would have us ask without pause. */
	while (!w->is_stopping && (w->failures || !w->is_woken))
		if (pthread_cond_timedwait(&w->changed, &w->lock, &at)) break;
	w->is_woken = false;
	pthread_mutex_unlock(&w->lock);
}

static void *run(void *arg)
{
	struct worker *w = arg;
	while (!w->is_stopping) wait_for(w, pause_after(w, round_of(w)));
	pthread_mutex_lock(&w->lock);
	w->is_over = true;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct worker *worker_start(const struct post *post)
{
	struct worker *w = calloc(1, sizeof *w);
	if (!w) BUG("out of memory for the background");
	w->post = *post;
	w->noted = noted_new();
	w->noted_operators = noted_new();
	w->arena = arena_new();
	pthread_condattr_t steady;
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->changed, &steady);
	pthread_condattr_destroy(&steady);
	sigset_t all, before; /* signals are the main thread's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&w->thread, NULL, run, w)) BUG("no thread for the background");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return w;
}

void worker_wake(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->is_woken = true;
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

void worker_note_session(struct worker *w, struct str token_hash)
{
	noted_add(w->noted, token_hash);
}

void worker_note_operator(struct worker *w, struct str token_hash)
{
	noted_add(w->noted_operators, token_hash);
}

void worker_stop(struct worker *w)
{
	if (!w) return;
	int64_t until = clock_steady() + WORKER_STOP_MAX;
	struct timespec at = { .tv_sec = (time_t)(until / SECOND), .tv_nsec = (long)(until % SECOND) * 1000 };
	pthread_mutex_lock(&w->lock);
	w->is_stopping = true;
	pthread_cond_broadcast(&w->changed);
	while (!w->is_over)
		if (pthread_cond_timedwait(&w->changed, &w->lock, &at)) break;
	bool is_over = w->is_over;
	pthread_mutex_unlock(&w->lock);
	if (!is_over) mailer_break_off(w->post.mailer);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	noted_free(w->noted);
	noted_free(w->noted_operators);
	arena_free(w->arena);
	free(w);
}
