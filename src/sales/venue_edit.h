/* sales/venue_edit.h: venues, their configurations (halls) and zones as the office edits them. They belong to the whole house: who changes them needs
 * RIGHT_PROGRAMME_WRITE in its context. Performances have places of their own, made from the zones as they stood then: nothing here changes what is sold. What
 * writes runs inside a store_write and is noted in the trail. */
#pragma once
#include "base/lang.h"
#include "institution/actor.h"
#include "sales/programme.h"
#include "store/store.h"

#define VENUES_MOST	   200
#define ZONES_MOST	   100	 /* of a configuration */
#define CAPACITY_MOST  50000 /* of a zone without numbers: a stadium's field */
#define VENUE_NAME_MAX 100

struct venue_edit {
	int64_t id; /* 0: a new one */
	struct str name, town;
};

/* A hall of a venue: how it is set up for an evening. */
struct configuration_edit {
	int64_t id, venue;
	struct str name, venue_name;
	int64_t places, performances; /* when read */
};

struct zone_edit {
	int64_t id, configuration;
	struct words name;
	bool is_numbered;
	int64_t seat_category, capacity; /* without numbers */
	int64_t seats;					 /* with numbers, when read */
	bool is_in_use;					 /* a performance sells it: its kind and category stay */
	struct str hall_name;
};

enum status venue_rows(struct conn *db, struct arena *a, const struct actor *who, struct venue_edit **out, size_t *count);
enum status configuration_rows(
	struct conn *db, struct arena *a, const struct actor *who, int64_t venue, struct configuration_edit **out, size_t *count); /* venue 0: all */
enum status zone_rows(struct conn *db, struct arena *a, const struct actor *who, int64_t configuration, struct zone_edit **out, size_t *count);

enum status venue_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct venue_edit *out);
enum status configuration_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct configuration_edit *out);
enum status zone_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct zone_edit *out);

/* Makes or changes one; *ID becomes its id. REFUSED with findings at "name", "town", "name-xx" (xx: a language), "category", "capacity"; NOT_FOUND when the actor
 * may not, or what it belongs to is not there. */
enum status venue_save(struct conn *db, struct arena *a, const struct actor *who, const struct venue_edit *e, int64_t *id, struct problem *why);
enum status configuration_save(
	struct conn *db, struct arena *a, const struct actor *who, const struct configuration_edit *e, int64_t *id, struct problem *why);
enum status zone_save(struct conn *db, struct arena *a, const struct actor *who, const struct zone_edit *e, int64_t *id, struct problem *why);

/* A seat on the drawing. */
struct hall_seat {
	int64_t seat_category, x, y;
};

/* All seats of a configuration, at most PLAN_SEATS_MOST. */
enum status hall_seats_read(struct conn *db, struct arena *a, const struct actor *who, int64_t configuration, struct hall_seat **out, size_t *count);
