/* office/here.c: whether a point of sale's public URL leads to this office: it visits itself by that address, and is told apart from any other server by the answer.
 * What comes of it is told and kept, and is no wall: behind some networks a machine cannot see its own address. */
#include "institution/here.h"

#include "guard/rate.h"
#include "mail/visit.h"
#include "office/house.h"
#include "base/clock.h"

/* ---- the one who is asked: at any host and under any prefix, also of a shop that is a draft ---- */

static enum status enter(struct request *r)
{
	if (!str_ends(r->path, S(HERE_PATH))) return NOT_FOUND;
	r->prefix = str_part(r->path, 0, r->path.len - (sizeof HERE_PATH - 1));
	return OK;
}

static struct response answer(struct request *r)
{
	struct str said;
	if (!here_answer(r->arena, office_of(r)->here_key, request_query(r, "question"), r->host, r->prefix, &said)) return error_answer(r, 400);
	return response_bytes(r, 200, "text/plain; charset=utf-8", said);
}

static const struct route here_routes[] = {
	{ GET, HERE_PATH, answer, .needs = NO_STORE },
};

struct face here_face(struct office *office)
{
	return (struct face){ .name = "here", .routes = here_routes, .count = COUNT(here_routes), .context = office, .enter = enter };
}

/* ---- the one who asks ---- */

/* A network's: who mistypes a few addresses needs ten; a scanner of ports thousands. */
static const struct rate_limit visits = { "office-visit-network", 15 * MINUTE, 20 };

struct visiting {
	struct request *r;
	const struct sale_edit *sale;
	enum reach reach;
	int wait;
};

static enum status count(struct conn *db, void *arg)
{
	struct visiting *x = arg;
	enum status st = rate_count(db, x->r->arena, &visits, x->r->client, &x->wait);
	if (st != REFUSED) x->wait = 0;
	return st == REFUSED ? OK : st; /* the count stays */
}

static enum status note(struct conn *db, void *arg)
{
	struct visiting *x = arg;
	return reach_note(db, x->sale->id, x->sale->public_url, x->reach);
}

enum reach here_visit(struct arena *a, const uint8_t key[HERE_KEY_SIZE], const struct point_of_sale *door)
{
	struct str question = here_question(a), said;
	switch (visit(a, here_url(a, door->public_url, question), &said)) {
	case VISIT_ANSWERED: return here_judge(a, key, question, door, said);
	case VISIT_OTHER: return REACH_OTHER;
	case VISIT_UNKNOWN: return REACH_UNKNOWN;
	case VISIT_CERTIFICATE: return REACH_CERTIFICATE;
	default: return REACH_SILENT;
	}
}

enum status office_visit(struct request *r, const struct sale_edit *sale, int *wait)
{
	struct visiting x = { .r = r, .sale = sale };
	struct point_of_sale door;
	enum status st;
	*wait = 0;
	if (public_url_read(r->arena, sale->public_url, HTTP_ALLOWED, &door, NULL)) return OK; /* a draft without an address */
	if ((st = store_write(r->db, count, &x))) return st;
	if ((*wait = x.wait)) return OK;
	x.reach = here_visit(r->arena, office_of(r)->here_key, &door);
	return store_write(r->db, note, &x);
}

struct response office_sale_visit(struct request *r)
{
	struct sale_edit e;
	struct sale_row row;
	struct response instead;
	int wait;
	if (!sale_of_path(r, &e, &row, &instead)) return instead;
	if (!actor_may_in(actor_of(r), RIGHT_POINT_OF_SALE_WRITE, row.organisation) || !row.is_internet) return error_answer(r, 404);
	if (office_visit(r, &e, &wait)) return error_answer(r, 503);
	if (!wait) return office_redirect(r, str_format(r->arena, "/organisation/points-of-sale/%lld", (long long)e.id));
	instead = error_answer(r, 429);
	response_retry_after(r, &instead, wait);
	return instead;
}

enum message reach_message(enum reach reach)
{
	static const enum message words[REACHES] = { [REACH_UNASKED] = MSG_REACH_UNASKED,
		[REACH_HERE] = MSG_REACH_HERE,
		[REACH_RENAMED] = MSG_REACH_RENAMED,
		[REACH_OTHER] = MSG_REACH_OTHER,
		[REACH_SILENT] = MSG_REACH_SILENT,
		[REACH_UNKNOWN] = MSG_REACH_UNKNOWN,
		[REACH_CERTIFICATE] = MSG_REACH_CERTIFICATE };
	return words[reach];
}
