/* sales/performance_edit.h: performances as the office makes, moves, stops and cancels them. What is sold stands: places, prices and tickets of a performance never
 * change with it. Rights as in event_edit.h; what writes runs inside a store_write and is noted in the trail. */
#pragma once
#include "sales/event_edit.h"
#include "sales/rates.h"

#define PERFORMANCES_MOST	   500 /* of one event */
#define PERFORMANCES_AT_ONCE   30  /* added by one form: each makes a row a place */
#define CONFIGURATIONS_MOST	   200
#define LASTS_MOST			   2880 /* minutes: a festival's two days */
#define MINUTES_BEFORE_MOST	   2880
#define PERFORMANCE_YEARS_MOST 10 /* ahead: what is further is a slip of the finger */

enum performance_state { PERFORMANCE_DRAFT, PERFORMANCE_ON_SALE, PERFORMANCE_STOPPED, PERFORMANCE_CANCELLED };

struct performance_row {
	int64_t id, event, organisation, configuration, rate_table;
	int64_t starts_at, doors_at, ends_at;
	enum performance_state state;
	struct str title, hall, venue;
	int64_t places, sold, held; /* held: in baskets now */
	int64_t version;
};

/* Those of an event by time; one. NOT_FOUND also where the actor may not read it. */
enum status performance_rows(
	struct conn *db, struct arena *a, const struct actor *who, enum language l, int64_t event, struct performance_row **out, size_t *count);
enum status performance_row_get(struct conn *db, struct arena *a, const struct actor *who, enum language l, int64_t id, struct performance_row *out);

/* A hall to choose: "Théâtre du Lac, Grande Salle". */
struct hall_choice {
	int64_t id, places;
	struct str name;
};
enum status hall_choices(struct conn *db, struct arena *a, int64_t institution, struct hall_choice **out, size_t *count);

/* What new performances share. */
struct new_performances {
	int64_t event, configuration;
	int64_t *starts; /* UTC */
	size_t count;
	int64_t doors, lasts; /* minutes before and after the start */
	struct price_grid prices;
	int64_t *channels;
	size_t channel_count;
	int64_t opens_at; /* UTC; 0: at once */
	int64_t closes;	  /* minutes before the start */
	bool is_on_sale;  /* else they begin as drafts */
};

/* How the next ones of CONFIGURATION will probably be: as its last one, else as the last of its venue, else as a house usually does. Channels: those that sold it. */
enum status performances_like(
	struct conn *db, struct arena *a, const struct actor *who, enum language l, int64_t configuration, struct new_performances *out);

/* Makes them, with a row for each place. REFUSED with findings at "configuration", "starts-N" (N from 1), "doors", "lasts", "prices", "vat_rate", "channels",
 * "opens", "closes"; NOT_FOUND when the actor may not, or there is no such event. */
enum status performances_add(struct conn *db, struct arena *a, const struct actor *who, const struct new_performances *n, struct problem *why);

/* Another time for one. Its sale ends as long before the start as it did. IS_CONFIRMED: who does it knows that tickets are sold. REFUSED with findings at "starts",
 * "doors", "lasts", "confirmed", and at "" when somebody else saved it meanwhile. */
struct performance_move {
	int64_t id, starts_at, doors, lasts, version;
	bool is_confirmed;
};
enum status performance_move(struct conn *db, struct arena *a, const struct actor *who, const struct performance_move *m, struct problem *why);

/* draft → on sale ⇄ stopped, and each of them → cancelled, which is final. REFUSED with words at "state" when it stands elsewhere by now, or when no channel would
 * sell it. */
enum status performance_turn(struct conn *db, struct arena *a, const struct actor *who, int64_t id, enum performance_state to, struct problem *why);
