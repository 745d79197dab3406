/* documents/parsed.c: a shelf of parsed templates, each in an arena of its own, counted by who holds it. */
#include "documents/parsed.h"

#include <pthread.h>
#include <stdlib.h>

#define TEMPLATES_KEPT 64 /* parsed ones in memory: a house's classes in four languages and some older versions; about 200 kB each */

/* Lives as long as the shelf or a reader holds it. */
struct kept {
	struct template open; /* first: what readers hold is this */
	struct arena *arena;
	int holders;
	uint64_t used; /* when: the shelf's count of uses */
};

struct templates {
	pthread_mutex_t lock;
	struct kept *shelf[TEMPLATES_KEPT];
	uint64_t uses;
};

struct templates *templates_new(void)
{
	struct templates *t = calloc(1, sizeof *t);
	if (!t) BUG("out of memory for templates");
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

static void let_go(struct kept *k)
{
	if (--k->holders) return;
	arena_free(k->arena);
	free(k);
}

void templates_free(struct templates *t)
{
	if (!t) return;
	for (size_t i = 0; i < TEMPLATES_KEPT; i++)
		if (t->shelf[i]) let_go(t->shelf[i]);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static struct kept *take(struct templates *t, int64_t id)
{
	struct kept *found = NULL;
	pthread_mutex_lock(&t->lock);
	for (size_t i = 0; i < TEMPLATES_KEPT && !found; i++)
		if (t->shelf[i] && t->shelf[i]->open.id == id) found = t->shelf[i];
	if (found) {
		found->holders++;
		found->used = ++t->uses;
	}
	pthread_mutex_unlock(&t->lock);
	return found;
}

/* Onto the shelf, in the place of what was not used for longest. Two that parse the same at the same time put it there twice, which costs memory alone. */
static void put(struct templates *t, struct kept *k)
{
	pthread_mutex_lock(&t->lock);
	size_t place = 0;
	for (size_t i = 0; i < TEMPLATES_KEPT; i++) {
		if (!t->shelf[i]) {
			place = i;
			break;
		}
		if (t->shelf[i]->used < t->shelf[place]->used) place = i;
	}
	if (t->shelf[place]) let_go(t->shelf[place]);
	k->holders++;
	k->used = ++t->uses;
	t->shelf[place] = k;
	pthread_mutex_unlock(&t->lock);
}

enum status template_open(struct templates *t, struct conn *db, int64_t id, const struct template **out, struct problem *why)
{
	static const struct sql q = SQL("SELECT word FROM document_template WHERE id = $1");
	struct kept *k = take(t, id);
	if (k) return *out = &k->open, OK;
	struct arena *word = arena_new(), *parsed = arena_new();
	struct docx *docx = NULL;
	enum status st = store_row(db, &q, int64(id));
	if (st == NOT_FOUND) problem_add(why, "template", MSG_MAIL_TEMPLATE_LOST), st = REFUSED;
	if (!st) st = docx_read(parsed, col_blob(db, 0, word), (struct docx_limits){ 0 }, &docx, why);
	arena_free(word);
	if (st) return arena_free(parsed), st;
	if (!(k = calloc(1, sizeof *k))) BUG("out of memory for a template");
	*k = (struct kept){ .open = { id, docx }, .arena = parsed, .holders = 1 };
	put(t, k);
	*out = &k->open;
	return OK;
}

void template_close(struct templates *t, const struct template *open)
{
	if (!open) return;
	pthread_mutex_lock(&t->lock);
	let_go((struct kept *)(uintptr_t)open);
	pthread_mutex_unlock(&t->lock);
}
