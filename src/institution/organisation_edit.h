/* institution/organisation_edit.h: making and changing the parts of a house and its ways to sell (domain.md 2). They belong to the institution as a whole, so only who has
 * RIGHT_POINT_OF_SALE_WRITE in its own context may. Codes and kinds stay: they stand in files and decide what a point of sale is. */
#pragma once
#include "institution/actor.h"
#include "institution/channel.h"
#include "institution/organisation.h"

#define HOLD_MINUTES_MAX	240	 /* an evening: longer than anybody takes to decide, and a hall that is held is not sold */
#define LONGEST_MINUTES_MAX 1440 /* a day */
#define PLACES_MOST_MAX		500	 /* a school that comes whole */
#define INVOICE_DAYS_MAX	60	 /* working days: three months */

/* An organisation, as a form has it. */
struct organisation_edit {
	int64_t id;		 /* 0: a new one */
	struct str code; /* of a new one */
	struct str name;
	int64_t version; /* that the form was made from */
};

/* A sales channel, as a form has it. */
struct channel_edit {
	int64_t id;			   /* 0: a new one */
	struct str code, kind; /* of a new one */
	struct str name;
	int64_t hold_minutes, longest_minutes, places_most;
	enum invoice_as invoice_as;
	int64_t invoice_days;
	int64_t version;
};

/* Kinds of channels: "internet-b2c"; a word for people. */
#define CHANNEL_KINDS 7
struct channel_kind {
	struct str code;
	enum message name;
};
extern const struct channel_kind channel_kinds[CHANNEL_KINDS];

/* What a list shows beside: how many points of sale, closed ones left out. */
struct organisation_row {
	struct organisation_edit of;
	int64_t points_of_sale;
};
struct channel_row {
	struct channel_edit of;
	int64_t points_of_sale;
};

/* By name, at most ORGANISATIONS_MAX and CHANNELS_MAX; of organisations those where the actor may read points of sale. */
enum status organisation_rows(struct conn *db, struct arena *a, const struct actor *who, struct organisation_row **out, size_t *count);
enum status channel_rows(struct conn *db, struct arena *a, const struct actor *who, struct channel_row **out, size_t *count);

/* One of them. NOT_FOUND also where the actor may not read it. */
enum status organisation_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct organisation_edit *out);
enum status channel_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct channel_edit *out);

/* A channel as a new one begins. */
struct channel_edit channel_new(void);

/* Makes or changes one, inside a store_write, and notes it; *ID becomes its id. REFUSED with findings at "code", "name", and of a channel "kind", "hold_minutes",
 * "longest_minutes", "places_most", "invoice_days"; at "" when somebody else saved it meanwhile or the house has its most already; NOT_FOUND when the actor may not. */
enum status organisation_save(
	struct conn *db, struct arena *a, const struct actor *who, const struct organisation_edit *e, int64_t *id, struct problem *why);
enum status channel_save(struct conn *db, struct arena *a, const struct actor *who, const struct channel_edit *e, int64_t *id, struct problem *why);
