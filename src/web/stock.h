/* web/stock.h: what a polling thread keeps from one request for the next: arenas, and the library's answers. What a thread took it gives back itself;
 * all of it goes with the thread. Included by src/web/ only. */
#pragma once
#include "web/inside.h"

struct MHD_Response;

struct arena *stock_arena(void);
void stock_arena_back(struct arena *a);

#define PASSING_MAX 4 /* headers of one answer alone: its request's id, and two cookies at most so far */

/* An answer of the library's. The library copies each header into three pieces of memory of its own, and a dozen of them cost a third of what making a
 * page does; so an answer serves again when the next one has as many bytes and the same headers but for the passing ones. */
struct envelope {
	struct MHD_Response *library;
	struct envelope *next;
	struct arena *arena; /* its own; NULL: it is the request's, and serves once */
	char *body;
	size_t size;
	const struct pair *headers;
	size_t header_count;
	struct {
		const char *name, *value;
	} passing[PASSING_MAX];
	size_t passing_count;
	bool is_spent; /* not to be used again */
};

/* An envelope with BODY and HEADERS for the request of arena A. */
struct envelope *envelope_take(struct arena *a, struct str body, const struct pair *headers, size_t count);

/* A header of this answer alone; both live until it is given back. */
void envelope_add(struct envelope *e, const char *name, const char *value);

/* When the library has sent it, or has given the connection up. */
void envelope_back(struct envelope *e);
