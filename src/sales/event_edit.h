/* sales/event_edit.h: seasons, events and their texts as the office edits them (domain.md 2). An event belongs to its season's organisation: who changes it needs
 * RIGHT_PROGRAMME_WRITE there, who reads it RIGHT_PROGRAMME_READ. What writes runs inside a store_write and is noted in the trail. Text lives in the arena given. */
#pragma once
#include "base/lang.h"
#include "institution/actor.h"
#include "store/store.h"

#define EVENTS_MOST			  1000 /* that a list looks through: ten seasons of a large house */
#define SEASONS_MOST		  200
#define EVENT_TITLE_MAX		  120 /* characters: a poster's two lines */
#define EVENT_WHAT_MAX		  200
#define EVENT_DESCRIPTION_MAX 4000
#define SEASON_NAME_MAX		  40

/* The language that a house writes in first, and its currency and zone. */
struct house_of {
	enum language main_language;
	struct str currency, zone;
};
enum status house_of(struct conn *db, struct arena *a, int64_t institution, struct house_of *out);

struct season_row {
	int64_t id, organisation;
	struct str name, organisation_name;
	bool may_write;
};

/* Those that the actor may read, the newest first. */
enum status season_rows(struct conn *db, struct arena *a, const struct actor *who, struct season_row **out, size_t *count);

/* Where an event stands: what its performances say together. */
enum event_stage {
	EVENT_EMPTY,	 /* no performance yet */
	EVENT_DRAFT,	 /* none is on sale yet */
	EVENT_ON_SALE,	 /* one to come is */
	EVENT_STOPPED,	 /* all to come are stopped */
	EVENT_CANCELLED, /* all to come are cancelled */
	EVENT_OVER
};

struct event_row {
	int64_t id, season, organisation;
	struct str title, season_name;
	int64_t performances, next_at, last_at; /* next_at 0: none is to come */
	enum event_stage stage;
};

/* Which part of the programme a list shows. */
enum event_view { EVENTS_COMING, EVENTS_DRAFTS, EVENTS_PAST, EVENTS_ALL, EVENT_VIEWS };

struct event_search {
	struct str words; /* each has to begin a word of the title or the season; case and accents do not count */
	int64_t season;	  /* 0: any */
	enum event_view view;
};

/* Those that the actor may read: to come by their next date, then the others, the newest first. */
enum status event_rows(
	struct conn *db, struct arena *a, const struct actor *who, const struct event_search *s, enum language l, struct event_row **out, size_t *count);

struct event_text {
	struct str title, what, description;
};

/* An event as a form has it. */
struct event_edit {
	int64_t id;				/* 0: a new one */
	int64_t season;			/* 0: a new one, of SEASON_NAME in ORGANISATION */
	struct str season_name; /* of the season, or of the new one */
	int64_t organisation;
	struct event_text in[LANGUAGES]; /* a language without title has no text */
	int64_t version;				 /* that the form was made from */
};

/* NOT_FOUND also where the actor may not read it. */
enum status event_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct event_edit *out);

/* Makes or changes one; *ID becomes its id. REFUSED with findings at "season", "season_name", "organisation", "title-xx", "what-xx", "description-xx" (xx: a
 * language; the house's main one has to have a title), at "" when somebody else saved it meanwhile; NOT_FOUND when the actor may not. */
enum status event_save(struct conn *db, struct arena *a, const struct actor *who, const struct event_edit *e, int64_t *id, struct problem *why);

/* A code of [a-z0-9-] made of NAME, at most MOST long, "x" when nothing is left of it: to be tried with a number behind it until it is free. */
struct str code_from(struct arena *a, struct str name, size_t most);
