/* accounts/request.h: what the queues of requests share. A request is a row that the background takes, decides and deletes in one transaction; one whose
 * decision fails is put off, so that those behind it get their turn. */
#pragma once
#include "base/clock.h"
#include "store/store.h"

#define REQUEST_PATIENCE DAY /* from asking; then it is given up: nobody waits for that mail any more */

/* A request on its way; the head of what each queue reads. */
struct request_head {
	int64_t id; /* 0: none was taken */
	int64_t attempts, asked_at;
};

struct request_queue {
	const char *name;								   /* "recovery", in the log */
	enum status (*decide)(struct conn *db, void *arg); /* empties HEAD, takes the first one due, and fills HEAD at once */
	struct sql put_off;								   /* $1 id, $2 when it is due again */
	struct sql give_up;								   /* $1 id */
};

/* Decides the first request that is due. OK when one was dealt with, also by putting it off; NOT_FOUND when none is due; else the database's failure. ARG is
 * for the queue's function, HEAD lies in it. */
enum status request_decide(struct conn *db, const struct request_queue *q, void *arg, struct request_head *head);
