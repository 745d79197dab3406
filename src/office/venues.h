/* office/venues.h: the pages of venues, their halls and zones, and of seats as a table. */
#pragma once
#include "office/programme.h"
#include "sales/seats.h"
#include "sales/venue_edit.h"

/* A category as a list and the plan's legend show it. */
struct category_shown {
	int64_t id;
	struct str code, name;
	struct str mark;   /* what stands on its seats: "1" */
	struct str xs, ys; /* where, of all its seats, as SVG's text wants them; empty: none */
	struct str marks;  /* the mark once a seat */
	int64_t seats;
};

struct hall_plan {
	struct str view;  /* of the drawing */
	struct str seats; /* one path */
	size_t count;
};

struct hall_shown {
	const struct configuration_edit *hall;
	const struct zone_edit *zones;
	size_t zone_count;
	struct zone_edit *fresh; /* the form for a new zone */
	struct category_shown *categories;
	size_t category_count;
	struct hall_plan plan;
	bool may_write;
	enum language main_language;
};

struct seats_fault_shown {
	size_t line;
	struct str column;
	enum message what;
};

struct zone_shown {
	const struct zone_edit *zone;
	const struct category_shown *categories;
	size_t category_count;
	const struct seats_fault_shown *faults;
	size_t fault_count;
	bool may_write;
	enum language main_language;
};

#define SEATS_FILE_MAX (1u << 20) /* bytes: 4,000 lines of under 100, and ample room */

struct response office_venues_page(struct request *r); /* venues.c */
struct response office_venue_new_page(struct request *r);
struct response office_venue_page(struct request *r);
struct response office_venue_save(struct request *r);
struct response office_hall_page(struct request *r); /* venue_hall.c */
struct response office_hall_save(struct request *r);
struct response office_hall_new(struct request *r);
struct response office_zone_new(struct request *r);
struct response office_zone_page(struct request *r); /* venue_zone.c */
struct response office_zone_save(struct request *r);
struct response office_seats_import(struct request *r);
struct response office_seats_export(struct request *r);

/* The house's categories, for a choice and a legend. */
enum status categories_shown(struct request *r, struct category_shown **out, size_t *count);

extern const char *const zone_name_fields[LANGUAGES];
void zone_form_read(struct form *f, struct zone_edit *z);
#define ZONE_FIELDS                                                                                                   \
	{ "name-en", .max = VENUE_NAME_MAX }, { "name-fr", .max = VENUE_NAME_MAX }, { "name-de", .max = VENUE_NAME_MAX }, \
		{ "name-it", .max = VENUE_NAME_MAX }, { "kind", .max = 10 }, { "category", .max = 20 },                       \
	{                                                                                                                 \
		"capacity", .max = 8                                                                                          \
	}

/* Whether the actor may change what belongs to the whole house. */
bool may_write_house(const struct request *r);
