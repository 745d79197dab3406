/* web/stock.c: lists of each thread, the newest first. */
#include "web/stock.h"

#include <microhttpd.h>
#include <pthread.h>
#include <string.h>

#define ARENAS_KEPT		 32			 /* a thread: more requests at once are rare, and an arena is quickly made */
#define ENVELOPES_KEPT	 32			 /* a thread: the busiest pages in four languages; looked through for each answer */
#define ENVELOPE_LARGEST (16u << 10) /* bytes: what is larger is rarely made for each request, and its headers weigh little beside it */

static _Thread_local struct {
	struct arena *arenas[ARENAS_KEPT];
	size_t arena_count;
	struct envelope *envelopes;
	size_t envelope_count;
	bool is_known; /* the destructor below is registered */
} stock;

static void envelope_free(struct envelope *e)
{
	MHD_destroy_response(e->library);
	arena_free(e->arena);
}

static void stock_free(void *ignored)
{
	(void)ignored;
	while (stock.arena_count) arena_free(stock.arenas[--stock.arena_count]);
	while (stock.envelopes) {
		struct envelope *e = stock.envelopes;
		stock.envelopes = e->next;
		envelope_free(e);
	}
}

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void key_make(void)
{
	if (pthread_key_create(&key, stock_free)) BUG("no thread key");
}

static void stock_know(void)
{
	if (stock.is_known) return;
	pthread_once(&once, key_make);
	pthread_setspecific(key, &stock);
	stock.is_known = true;
}

/* ---- arenas ---- */

struct arena *stock_arena(void)
{
	return stock.arena_count ? stock.arenas[--stock.arena_count] : arena_new();
}

void stock_arena_back(struct arena *a)
{
	if (stock.arena_count == ARENAS_KEPT) {
		arena_free(a);
		return;
	}
	stock_know();
	arena_reset(a);
	stock.arenas[stock.arena_count++] = a;
}

/* ---- envelopes ---- */

static bool fits(const struct envelope *e, size_t size, const struct pair *headers, size_t count)
{
	if (e->size != size || e->header_count != count) return false;
	for (size_t i = 0; i < count; i++)
		if (!str_eq(e->headers[i].value, headers[i].value) || !str_eq(e->headers[i].name, headers[i].name)) return false;
	return true;
}

static struct envelope *find(size_t size, const struct pair *headers, size_t count)
{
	for (struct envelope **at = &stock.envelopes; *at; at = &(*at)->next) {
		struct envelope *e = *at;
		if (!fits(e, size, headers, count)) continue;
		*at = e->next;
		stock.envelope_count--;
		return e;
	}
	return NULL;
}

static void say(struct envelope *e, const char *name, const char *value)
{
	if (MHD_add_response_header(e->library, name, value) != MHD_YES) BUG("header %s: %s", name, value);
}

/* In arena A; around BODY itself. */
static struct envelope *make(struct arena *a, char *body, size_t size, const struct pair *headers, size_t count)
{
	struct envelope *e = ARENA_NEW(a, struct envelope);
	struct pair *kept = ARENA_ARRAY(a, struct pair, count);
	*e = (struct envelope){ .body = body, .size = size, .headers = kept, .header_count = count };
	e->library = MHD_create_response_from_buffer(size, body, MHD_RESPMEM_PERSISTENT);
	if (!e->library) BUG("no answer of %zu bytes", size);
	for (size_t i = 0; i < count; i++) {
		kept[i] = (struct pair){ str_keep(a, headers[i].name), str_keep(a, headers[i].value) };
		say(e, kept[i].name.at, kept[i].value.at); /* str_keep ends them in NUL */
	}
	return e;
}

struct envelope *envelope_take(struct arena *a, struct str body, const struct pair *headers, size_t count)
{
	if (body.len > ENVELOPE_LARGEST) return make(a, (char *)(uintptr_t)body.at, body.len, headers, count);
	struct envelope *e = find(body.len, headers, count);
	if (!e) {
		struct arena *own = arena_new();
		e = make(own, arena_alloc(own, body.len + 1), body.len, headers, count);
		e->arena = own;
	}
	if (body.len) memcpy(e->body, body.at, body.len);
	return e;
}

void envelope_add(struct envelope *e, const char *name, const char *value)
{
	say(e, name, value);
	if (e->passing_count == PASSING_MAX) {
		e->is_spent = true;
		return;
	}
	e->passing[e->passing_count].name = name;
	e->passing[e->passing_count++].value = value;
}

/* Takes the passing headers off; false when it can't, and then nobody else may have it. */
static bool clean(struct envelope *e)
{
	while (e->passing_count) {
		e->passing_count--;
		if (MHD_del_response_header(e->library, e->passing[e->passing_count].name, e->passing[e->passing_count].value) != MHD_YES) return false;
	}
	return true;
}

void envelope_back(struct envelope *e)
{
	if (!e->arena || e->is_spent || !clean(e)) {
		envelope_free(e);
		return;
	}
	stock_know();
	e->next = stock.envelopes;
	stock.envelopes = e;
	if (++stock.envelope_count <= ENVELOPES_KEPT) return;
	struct envelope **last = &stock.envelopes;
	while ((*last)->next) last = &(*last)->next;
	envelope_free(*last);
	*last = NULL;
	stock.envelope_count--;
}
