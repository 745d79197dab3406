/* institution/doors.c: a list is never changed; a new one takes its place. Old ones stay until the end, because a request may still look at one:
 * they are a few kilobytes, and houses change a few times a year. */
#include "institution/doors.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

#define DOORS_MAX 256 /* shops of one process: a city's houses are some dozen */

struct list {
	struct list *older;
	struct arena *arena;
	struct door *doors;
	size_t count;
	struct str office;
	unsigned char digest[32]; /* of all text in it */
};

struct doors {
	pthread_mutex_t refreshing; /* one at a time, or an older list could take the place of a newer */
	struct list *_Atomic newest;
};

struct doors *doors_new(void)
{
	struct doors *d = calloc(1, sizeof *d);
	if (!d) BUG("out of memory for doors");
	pthread_mutex_init(&d->refreshing, NULL);
	return d;
}

void doors_free(struct doors *d)
{
	if (!d) return;
	for (struct list *l = d->newest, *older; l; l = older) {
		older = l->older;
		arena_free(l->arena);
		free(l);
	}
	pthread_mutex_destroy(&d->refreshing);
	free(d);
}

static enum status read_ids(struct conn *db, int64_t *ids, size_t *count)
{
	static const struct sql q = SQL("SELECT p.id FROM point_of_sale p JOIN sales_channel c ON c.id = p.sales_channel"
									" WHERE c.kind IN ('internet-b2c','internet-b2b') AND p.state IN ('active','suspended') ORDER BY p.id LIMIT $1");
	enum status st;
	*count = 0;
	if ((st = store_query(db, &q, int64(DOORS_MAX)))) return st;
	while ((st = store_next(db)) == OK) ids[(*count)++] = col_int64(db, 0);
	return st == NOT_FOUND ? OK : st;
}

static enum status read_door(struct conn *db, struct arena *a, int64_t id, struct door *out)
{
	enum status st;
	if ((st = point_of_sale_get(db, a, id, &out->sale))) return st;
	for (int l = 0; l < LANGUAGES; l++)
		if ((st = house_text_get(db, a, out->sale.institution, (enum language)l, &out->texts[l]))) return st;
	if ((st = logo_look(db, a, id, &out->sale.logo))) return st;
	if (out->sale.logo.digest.len) out->logo = str_format(a, "/logo/%.*s.png", STR_ARG(out->sale.logo.digest));
	out->origin = public_url_origin(out->sale.public_url);
	out->look = str_format(a, "/look/%.*s.css", (int)(out->sale.accent.len - 1), out->sale.accent.at + 1);
	return OK;
}

static enum status read_office(struct conn *db, struct list *l)
{
	static const struct sql q = SQL("SELECT office_url FROM institution ORDER BY id LIMIT 1");
	enum status st = store_row(db, &q);
	if (st == OK) l->office = col_text(db, 0, l->arena);
	return st == NOT_FOUND ? OK : st;
}

static void digest(struct list *l)
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, sizeof l->digest);
	crypto_generichash_update(&state, (const unsigned char *)l->office.at, l->office.len);
	for (size_t i = 0; i < l->count; i++) {
		const struct point_of_sale *s = &l->doors[i].sale;
		int64_t numbers[] = { s->id, s->institution, s->organisation, s->state, s->languages, s->house.main_language, s->house.link_hours };
		crypto_generichash_update(&state, (const unsigned char *)numbers, sizeof numbers);
		const struct str texts[] = { s->code, s->name, s->public_url, s->accent, s->sender_name, s->sender_address, s->organisation_name,
			s->house.name, s->house.zone, s->house.currency, s->house.street, s->house.house_number, s->house.postcode, s->house.town,
			s->house.country, s->house.phone, s->house.email, s->house.office_url, s->logo.digest };
		for (size_t k = 0; k < COUNT(texts); k++) {
			crypto_generichash_update(&state, (const unsigned char *)&texts[k].len, sizeof texts[k].len);
			crypto_generichash_update(&state, (const unsigned char *)texts[k].at, texts[k].len);
		}
		for (int k = 0; k < LANGUAGES; k++) {
			const struct house_text *t = &l->doors[i].texts[k];
			crypto_generichash_update(&state, (const unsigned char *)t->description.at, t->description.len);
			crypto_generichash_update(&state, (const unsigned char *)t->opening_hours.at, t->opening_hours.len);
		}
	}
	crypto_generichash_final(&state, l->digest, sizeof l->digest);
}

static enum status list_read(struct conn *db, struct list *l)
{
	int64_t ids[DOORS_MAX];
	size_t count;
	enum status st;
	if ((st = read_ids(db, ids, &count))) return st;
	l->doors = ARENA_ARRAY(l->arena, struct door, count + 1);
	for (size_t i = 0; i < count; i++) {
		st = read_door(db, l->arena, ids[i], &l->doors[l->count]);
		if (st == OK) l->count++;
		else if (st != NOT_FOUND) return st; /* one that was removed just now is passed over */
	}
	if ((st = read_office(db, l))) return st;
	digest(l);
	return OK;
}

enum status doors_refresh(struct doors *d, struct conn *db)
{
	struct list *l = calloc(1, sizeof *l);
	if (!l) BUG("out of memory for a list of doors");
	l->arena = arena_new();
	pthread_mutex_lock(&d->refreshing);
	struct list *newest = atomic_load(&d->newest);
	enum status st = list_read(db, l);
	bool is_new = st == OK && (!newest || sodium_memcmp(newest->digest, l->digest, sizeof l->digest) != 0);
	if (is_new) {
		l->older = newest;
		atomic_store(&d->newest, l);
	} else {
		arena_free(l->arena);
		free(l);
	}
	pthread_mutex_unlock(&d->refreshing);
	return st;
}

static bool is_under(struct str path, struct str prefix)
{
	return str_starts(path, prefix) && (path.len == prefix.len || prefix.len == 0 || path.at[prefix.len] == '/');
}

const struct door *doors_find(const struct doors *d, struct str host, struct str path)
{
	const struct list *l = atomic_load(&d->newest);
	const struct door *best = NULL;
	for (size_t i = 0; l && i < l->count; i++) {
		const struct point_of_sale *s = &l->doors[i].sale;
		if (!str_eq(s->host, host) || !is_under(path, s->prefix)) continue;
		if (!best || s->prefix.len > best->sale.prefix.len) best = &l->doors[i];
	}
	return best;
}

struct str doors_office(const struct doors *d)
{
	const struct list *l = atomic_load(&d->newest);
	return l ? l->office : S("");
}

size_t doors_count(const struct doors *d)
{
	const struct list *l = atomic_load(&d->newest);
	return l ? l->count : 0;
}

const struct door *doors_at(const struct doors *d, size_t index)
{
	const struct list *l = atomic_load(&d->newest);
	return l && index < l->count ? &l->doors[index] : NULL;
}

bool doors_host(const struct doors *d, struct str host)
{
	const struct list *l = atomic_load(&d->newest);
	for (size_t i = 0; l && i < l->count; i++)
		if (str_eq(l->doors[i].sale.host, host)) return true;
	return false;
}

size_t doors_active(const struct doors *d)
{
	const struct list *l = atomic_load(&d->newest);
	size_t n = 0;
	for (size_t i = 0; l && i < l->count; i++) n += l->doors[i].sale.state == SALE_ACTIVE;
	return n;
}
