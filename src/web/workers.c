/* web/workers.c: threads that run what may wait, and the bounded queue before them. */
#include <pthread.h>
#include <stdlib.h>

#include "base/status.h"
#include "web/serving.h"

struct workers {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct request_inside *first, **end;
	bool is_ending;
	atomic_bool is_closed;
	atomic_uint reserved; /* places taken: waiting and running */
	unsigned places;
	void (*run)(struct request_inside *in);
	unsigned count;
	pthread_t threads[];
};

static void *work(void *arg)
{
	struct workers *w = arg;
	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (!w->first && !w->is_ending) pthread_cond_wait(&w->more, &w->lock);
		struct request_inside *in = w->first;
		if (!in) break;
		w->first = in->next;
		if (!w->first) w->end = &w->first;
		pthread_mutex_unlock(&w->lock);
		w->run(in);
		atomic_fetch_sub(&w->reserved, 1);
		pthread_mutex_lock(&w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct workers *workers_new(unsigned threads, unsigned queue_max, void (*run)(struct request_inside *in))
{
	struct workers *w = calloc(1, sizeof *w + threads * sizeof *w->threads);
	if (!w) BUG("out of memory for workers");
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->more, NULL);
	w->end = &w->first;
	w->places = threads + queue_max;
	w->run = run;
	for (; w->count < threads; w->count++)
		if (pthread_create(&w->threads[w->count], NULL, work, w)) BUG("no thread for worker %u", w->count);
	return w;
}

bool workers_reserve(struct workers *w)
{
	/* First the place, then the look: who closes looks the other way round, so one of the two sees the other. */
	if (atomic_fetch_add(&w->reserved, 1) < w->places && !atomic_load(&w->is_closed)) return true;
	atomic_fetch_sub(&w->reserved, 1);
	return false;
}

void workers_add(struct workers *w, struct request_inside *in)
{
	in->next = NULL;
	pthread_mutex_lock(&w->lock);
	*w->end = in;
	w->end = &in->next;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
}

unsigned workers_waiting(struct workers *w)
{
	return atomic_load(&w->reserved);
}

void workers_close(struct workers *w)
{
	atomic_store(&w->is_closed, true);
}

void workers_free(struct workers *w)
{
	pthread_mutex_lock(&w->lock);
	w->is_ending = true;
	pthread_cond_broadcast(&w->more);
	pthread_mutex_unlock(&w->lock);
	for (unsigned i = 0; i < w->count; i++) pthread_join(w->threads[i], NULL);
	pthread_cond_destroy(&w->more);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
