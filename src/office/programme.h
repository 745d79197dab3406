/* office/programme.h: the pages of the programme: events and their performances; what they show, and their handlers. */
#pragma once
#include "institution/organisation.h"
#include "office/house.h"
#include "sales/performance_edit.h"
#include "sales/picture.h"
#include "sales/prices_edit.h"

/* The views beside each other. */
enum programme_view { PROGRAMME_EVENTS, PROGRAMME_VENUES, PROGRAMME_PRICES };

/* ---- the list ---- */

struct event_view_shown {
	struct url to;
	enum message name;
	bool is_current;
};

struct events_shown {
	struct str typed;
	struct event_view_shown views[EVENT_VIEWS];
	struct str view; /* the chosen one's word, for the search form */
	const struct season_row *seasons;
	size_t season_count;
	int64_t season;
	const struct event_row *rows;
	size_t count;
	bool may_write;
};

const char *event_stage_shape(enum event_stage stage);
enum message event_stage_word(enum event_stage stage);
const char *performance_shape(enum performance_state state);
enum message performance_word(enum performance_state state);

/* ---- the forms ---- */

/* The text of an event in one language, and its fields' names. */
struct text_form {
	const char *tag, *name; /* "de", "Deutsch" */
	const char *title_field, *what_field, *description_field;
	struct event_text text;
	bool is_main;
};

/* A line for one performance's date and time. */
struct date_line {
	const char *id; /* "starts-1" */
	struct str value;
};

struct price_cell {
	const char *id; /* "price-3-1", its field's name too */
	struct str value;
};

/* An event's texts and season, and performances to add: new events have both, others one of them. */
struct event_form {
	int64_t id, version; /* of the event; 0: a new one */
	struct text_form texts[LANGUAGES];
	const struct season_row *seasons;
	size_t season_count;
	int64_t season, organisation;
	struct str season_name;
	struct choice *organisations;
	size_t organisation_count;
};

struct dates_form {
	const struct hall_choice *halls;
	size_t hall_count;
	int64_t hall;
	struct date_line *dates;
	size_t date_count;
	struct str doors, lasts, closes, opens;
	struct price_grid prices;
	struct price_cell *cells; /* as the grid's prices */
	const struct vat_rate *vats;
	size_t vat_count;
	struct choice *channels;
	size_t channel_count;
	struct str currency;
};

struct event_shown {
	struct picture pictures[LANGUAGES];
	size_t picture_count;
	struct str csrf_picture, csrf_remove, alt; /* alt: as typed */
	enum language picture_language;
	const struct performance_row *rows;
	size_t count;
	bool may_write;
};

/* When a channel sells: as the fields have it; both empty: it does not. */
struct window_form {
	int64_t channel;
	struct str name, opens, closes;
	const char *opens_field, *closes_field; /* "opens-2" */
};

struct performance_shown {
	const struct rate_table_row *tables;
	size_t table_count;
	int64_t table;
	struct window_form *windows;
	size_t window_count;
	const struct performance_row *row;
	struct str starts, doors, lasts; /* of the form */
	bool may_write, is_over, asks;	 /* asks: the box for who moves what is sold */
};

struct response office_programme_page(struct request *r); /* programme.c */
struct response office_event_new_page(struct request *r); /* programme_new.c */
struct response office_event_new(struct request *r);
struct response office_performances_new_page(struct request *r);
struct response office_performances_new(struct request *r);
struct response office_event_page(struct request *r); /* programme_event.c */
struct response office_event_save(struct request *r);
struct response office_picture(struct request *r);
struct response office_picture_remove(struct request *r);
struct response office_picture_file(struct request *r);
struct response office_performance_page(struct request *r); /* programme_performance.c */
struct response office_performance_move(struct request *r);
struct response office_performance_sale(struct request *r);
struct response office_performance_turn(struct request *r);
struct response office_performance_cancel_page(struct request *r);

/* The event whose id is the path's first segment. False: the answer is INSTEAD. */
bool event_of_path(struct request *r, struct event_edit *out, struct response *instead);

/* The form of an event's texts and season, and reading it. */
#define EVENT_TEXT_OF(l)                                                          \
	{ "title-" l, .max = EVENT_TITLE_MAX }, { "what-" l, .max = EVENT_WHAT_MAX }, \
	{                                                                             \
		"description-" l, .max = EVENT_DESCRIPTION_MAX, .is_multiline = true      \
	}
#define EVENT_TEXT_FIELDS                                                                                                                       \
	EVENT_TEXT_OF("en"), EVENT_TEXT_OF("fr"), EVENT_TEXT_OF("de"), EVENT_TEXT_OF("it"), { "season", .max = 20 }, { "organisation", .max = 20 }, \
	{                                                                                                                                           \
		"season_name", .max = SEASON_NAME_MAX                                                                                                   \
	}
enum status event_form_fill(struct request *r, const struct event_edit *e, struct event_form *out);
void event_form_read(struct form *f, struct event_edit *e);

/* The fields of a grid: what was TYPED, else (NULL) its prices. */
struct price_cell *grid_cells(struct request *r, const struct price_grid *g, const struct str *typed);

/* Reads them into G's prices; findings at cells that are no amounts. What was typed, cell by cell; an empty one has no price. */
struct str *grid_typed(struct form *f, struct price_grid *g);

/* "95.00", for a field. */
struct str price_text(struct arena *a, int64_t cents);
