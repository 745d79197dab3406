/* work/worker.c: the background's threads: each looks, works until nothing is left, and waits to be woken. */
#include "work/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "guard/rate.h"
#include "accounts/bulk.h"
#include "accounts/registration.h"
#include "accounts/staff.h"
#include "base/log.h"
#include "dealing/ending.h"
#include "dealing/payments.h"
#include "institution/audit_seal.h"
#include "institution/operator_parked.h"
#include "institution/operator_session.h"
#include "sales/basket.h"
#include "shipping/status.h"
#include "work/noted.h"
#include "work/watch.h"

/* One decides and sweeps; one sends, because a mail server may let us wait for a minute; one goes on with files, because a long one takes minutes. */
enum { DECIDING, SENDING, IMPORTING, HANDS };

/* A thread and what is its own. */
struct hand {
	struct worker *worker;
	pthread_t thread;
	bool is_woken; /* under the lock, as is is_over */
	bool is_over;
	bool has_more;		 /* the round ended before the queues were empty */
	int failures;		 /* rounds in a row that the database spoilt */
	struct arena *arena; /* of a round */
};

struct worker {
	struct post post;
	struct noted *noted;
	struct noted *noted_operators;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* on the steady clock */
	atomic_bool is_stopping;
	int64_t swept_at;				/* steady; of the one that decides, as is the next */
	int64_t told_at;				/* when the newest seal was logged */
	int64_t watch_told_at;			/* steady; of the one that imports: when a folder's fault was */
	struct status_preview *preview; /* of a long file, between two rounds */
	struct hand hands[HANDS];
};

static void wake(struct worker *w, int hand)
{
	pthread_mutex_lock(&w->lock);
	w->hands[hand].is_woken = true;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

/* ---- the work ---- */

static enum status note_sessions(struct worker *w, struct conn *db, struct arena *a)
{
	struct str *hashes;
	size_t count = noted_take(w->noted, a, &hashes);
	enum status st = OK;
	for (size_t i = 0; !st && i < count; i++) st = session_note(db, hashes[i]);
	count = noted_take(w->noted_operators, a, &hashes);
	for (size_t i = 0; !st && i < count; i++) st = operator_session_note(db, hashes[i]);
	return st == NOT_FOUND ? OK : st; /* ended meanwhile */
}

static enum status decide_recovery(struct hand *h, struct conn *db)
{
	return recovery_decide(db, h->arena);
}

static enum status decide_registration(struct hand *h, struct conn *db)
{
	return registration_decide(db, h->arena);
}

static enum status send_links(struct hand *h, struct conn *db)
{
	return bulk_next(db, h->arena);
}

static enum status decide_staff(struct hand *h, struct conn *db)
{
	return staff_decide(db, h->arena);
}

static enum status end_reservation(struct hand *h, struct conn *db)
{
	return reservation_expire_next(db, h->arena);
}

static enum status seal_audit(struct hand *h, struct conn *db)
{
	const uint8_t *key = h->worker->post.audit_key;
	return key ? audit_seal_next(db, h->arena, key) : NOT_FOUND;
}

/* An import that was let go, for a while: it goes on in the next round, or after a crash. */
static enum status apply_status(struct hand *h, struct conn *db)
{
	int64_t id;
	(void)h;
	enum status st = status_open(db, &id);
	return st ? st : status_run(db, id, clock_steady() + WORKER_ROUND);
}

/* An import that was accepted: its lines are decided by whoever made it, and here, too, or alone after a crash. */
static enum status decide_payments(struct hand *h, struct conn *db)
{
	int64_t institution;
	(void)h;
	enum status st = import_house_unfinished(db, &institution);
	return st ? st : payments_resume(db, institution, clock_steady() + WORKER_ROUND);
}

static enum status fetch_files(struct hand *h, struct conn *db)
{
	return watch_next(db, h->arena, &h->worker->is_stopping, &h->worker->watch_told_at);
}

/* The preview of a long file, for a while. */
static enum status preview_status(struct hand *h, struct conn *db)
{
	return status_preview_go(db, &h->worker->preview, clock_steady() + WORKER_ROUND);
}

static enum status send_mail(struct hand *h, struct conn *db)
{
	(void)db; /* it asks for the thread's own connection, which this is */
	return post_next(&h->worker->post);
}

/* In turns, so that a flood of one does not hold up the others. */
static const struct queue {
	enum status (*next)(struct hand *h, struct conn *db); /* NOT_FOUND: empty */
	int hand, turns;
} queues[] = { { decide_recovery, DECIDING, 20 }, { decide_registration, DECIDING, 20 }, { decide_staff, DECIDING, 20 }, { send_links, DECIDING, 20 },
	{ end_reservation, DECIDING, 20 }, { seal_audit, DECIDING, 1 }, { send_mail, SENDING, 1 }, { apply_status, IMPORTING, 1 },
	{ preview_status, IMPORTING, 1 }, { decide_payments, IMPORTING, 1 }, { fetch_files, IMPORTING, 1 } };

/* True when there may be more. A queue that fails is out for this round, and the others go on; without a database nobody does. */
static bool take_turns(struct hand *h, struct conn *db, const struct queue *q, bool *is_out, enum status *failed)
{
	for (int i = 0; i < q->turns; i++) {
		if (*is_out || *failed == UNAVAILABLE || h->worker->is_stopping) return false;
		enum status st = q->next(h, db);
		arena_reset(h->arena);
		if (st == NOT_FOUND) return false;
		if (st) *failed = st, *is_out = true;
	}
	return !*is_out;
}

/* For WORKER_ROUND at most: what comes by the clock has its turn also while the queues never empty. */
static enum status empty_queues(struct hand *h, struct conn *db)
{
	int64_t until = clock_steady() + WORKER_ROUND;
	bool is_out[COUNT(queues)] = { false };
	enum status failed = OK;
	h->has_more = true;
	while (h->has_more && clock_steady() < until) {
		h->has_more = false;
		for (size_t i = 0; i < COUNT(queues); i++)
			if (&h->worker->hands[queues[i].hand] == h) h->has_more |= take_turns(h, db, &queues[i], &is_out[i], &failed);
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

/* In a log that is kept elsewhere, the newest seal tells when the end of the trail was cut off. */
static enum status tell_seal(struct worker *w, struct conn *db)
{
	struct audit_newest newest;
	if (!w->post.audit_key || (w->told_at && clock_steady() - w->told_at < HOUR)) return OK;
	struct arena *a = arena_new();
	enum status st = audit_seal_newest(db, a, &newest);
	if (!st && newest.number) log_info("audit trail: seal %lld is %.*s", (long long)newest.number, STR_ARG(newest.seal));
	arena_free(a);
	if (!st) w->told_at = clock_steady();
	return st;
}

static enum status sweep(struct worker *w, struct conn *db)
{
	static enum status (*const sweeps[])(struct conn *) = { session_sweep, operator_session_sweep, parked_sweep, recovery_sweep, staff_sweep,
		registration_sweep, rate_sweep, account_event_sweep, basket_sweep, batch_sweep, file_sweep, outbox_sweep_alone };
	enum status failed = tell_seal(w, db);
	if (w->swept_at && clock_steady() - w->swept_at < WORKER_SWEEP) return OK;
	w->swept_at = clock_steady();
	for (size_t i = 0; i < COUNT(sweeps) && !w->is_stopping; i++) {
		enum status st = sweeps[i](db);
		if (st && st != NOT_FOUND) failed = st;
	}
	return failed;
}

static enum status round_of(struct hand *h)
{
	struct worker *w = h->worker;
	struct conn *db = store_conn(w->post.store);
	bool is_deciding = h == &w->hands[DECIDING];
	enum status st;
	arena_reset(h->arena);
	if (is_deciding && (st = note_sessions(w, db, h->arena))) return st;
	if ((st = empty_queues(h, db)) == UNAVAILABLE) return st;
	if (is_deciding) wake(w, SENDING); /* what it decided, or who woke it, may have left a mail */
	enum status swept = is_deciding && !w->is_stopping ? sweep(w, db) : OK;
	return st ? st : swept;
}

/* ---- the threads ---- */

/* The pause after a round; says once that the database went away and once that it is back. */
static int64_t pause_after(struct hand *h, enum status st)
{
	static const char *const names[HANDS] = { "decisions", "mails", "imports" };
	const char *what = names[h - h->worker->hands];
	if (!st) {
		if (h->failures) log_info("background (%s): works again", what);
		h->failures = 0;
		return h->has_more ? 0 : WORKER_POLL;
	}
	if (!h->failures++) log_warn("background (%s): the database says %s; trying again", what, status_name(st));
	int64_t pause = WORKER_POLL << (h->failures < 6 ? h->failures - 1 : 5);
	return pause < WORKER_WAIT_MAX ? pause : WORKER_WAIT_MAX;
}

static struct timespec in_time(int64_t pause)
{
	int64_t at = clock_steady() + pause;
	return (struct timespec){ .tv_sec = (time_t)(at / SECOND), .tv_nsec = (long)(at % SECOND) * 1000 };
}

static void wait_for(struct hand *h, int64_t pause)
{
	struct worker *w = h->worker;
	struct timespec at = in_time(pause);
	pthread_mutex_lock(&w->lock);
	/* While the database is away nothing wakes but the end: a busy shop would have us ask without pause. */
	while (!w->is_stopping && (h->failures || !h->is_woken))
		if (pthread_cond_timedwait(&w->changed, &w->lock, &at)) break;
	h->is_woken = false;
	pthread_mutex_unlock(&w->lock);
}

static void *run(void *arg)
{
	struct hand *h = arg;
	struct worker *w = h->worker;
	while (!w->is_stopping) wait_for(h, pause_after(h, round_of(h)));
	pthread_mutex_lock(&w->lock);
	h->is_over = true;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct worker *worker_start(const struct post *post)
{
	struct worker *w = calloc(1, sizeof *w);
	if (!w) BUG("out of memory for the background");
	w->post = *post; /* nobody changes its mailer yet */
	w->noted = noted_new();
	w->noted_operators = noted_new();
	pthread_condattr_t steady;
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->changed, &steady);
	pthread_condattr_destroy(&steady);
	sigset_t all, before; /* signals are the main thread's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (int i = 0; i < HANDS; i++) {
		struct hand *h = &w->hands[i];
		h->worker = w;
		h->arena = arena_new();
		if (pthread_create(&h->thread, NULL, run, h)) BUG("no thread for the background");
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return w;
}

void worker_use_mailer(struct worker *w, struct mailer *m)
{
	atomic_store(&w->post.mailer, m);
	worker_wake(w);
}

void worker_wake(struct worker *w)
{
	wake(w, DECIDING);
	wake(w, IMPORTING);
}

void worker_note_session(struct worker *w, struct str token_hash)
{
	noted_add(w->noted, token_hash);
}

void worker_note_operator(struct worker *w, struct str token_hash)
{
	noted_add(w->noted_operators, token_hash);
}

static bool is_over(const struct worker *w)
{
	for (int i = 0; i < HANDS; i++)
		if (!w->hands[i].is_over) return false;
	return true;
}

void worker_stop(struct worker *w)
{
	if (!w) return;
	struct timespec at = in_time(WORKER_STOP_MAX);
	pthread_mutex_lock(&w->lock);
	w->is_stopping = true;
	pthread_cond_broadcast(&w->changed);
	while (!is_over(w))
		if (pthread_cond_timedwait(&w->changed, &w->lock, &at)) break;
	bool is_done = is_over(w);
	pthread_mutex_unlock(&w->lock);
	struct mailer *mailer = atomic_load(&w->post.mailer);
	if (!is_done && mailer) mailer_break_off(mailer);
	for (int i = 0; i < HANDS; i++) {
		pthread_join(w->hands[i].thread, NULL);
		arena_free(w->hands[i].arena);
	}
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	status_preview_drop(w->preview);
	noted_free(w->noted);
	noted_free(w->noted_operators);
	free(w);
}
