/* accounts/request.c: putting off what can't be decided now. */
#include "accounts/request.h"

#include "base/log.h"

/* After the first, second … attempt: what was a collision is over in seconds, what was not waits for a person. */
static const int64_t pauses[] = { 5 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR };

struct failed {
	const struct request_queue *queue;
	const struct request_head *head;
	bool is_given_up;
};

static enum status put_off(struct conn *db, void *arg)
{
	struct failed *x = arg;
	int64_t now = store_now(db), attempts = x->head->attempts, last = (int64_t)COUNT(pauses) - 1;
	x->is_given_up = now >= x->head->asked_at + REQUEST_PATIENCE;
	if (x->is_given_up) return store_exec(db, &x->queue->give_up, int64(x->head->id));
	return store_exec(db, &x->queue->put_off, int64(x->head->id), int64(now + pauses[attempts < last ? attempts : last]));
}

enum status request_decide(struct conn *db, const struct request_queue *q, void *arg, struct request_head *head)
{
	*head = (struct request_head){ 0 };
	enum status st = store_write(db, q->decide, arg), put;
	if (!st || st == UNAVAILABLE || !head->id) return st;
	struct failed x = { q, head, false };
	if ((put = store_write(db, put_off, &x))) return put;
	log_warn("%s request %lld: %s at attempt %lld: %s", q->name, (long long)head->id, status_name(st), (long long)head->attempts + 1,
		x.is_given_up ? "given up" : "put off");
	return OK;
}
