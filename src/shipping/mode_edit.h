/* shipping/mode_edit.h: shipment modes as the office makes and changes them (shipping-rules.md 1), and the days on which nobody works. Code and kind stay: orders
 * were sold under them. They belong to the house as a whole: RIGHT_POINT_OF_SALE_WRITE in its own context. */
#pragma once
#include "institution/actor.h"
#include "shipping/mode.h"

#define MODE_NAME_MAX	 80
#define MODE_NOTE_MAX	 200
#define MODE_DAYS_MAX	 60		   /* working days before the performance: three months */
#define MODE_FEE_MAX	 100000	   /* minor units: a thousand francs, beyond any courier */
#define MODE_FREE_MAX	 100000000 /* a million: no order is worth it, so nobody mistook the field */
#define MODE_TICKETS_MAX 200	   /* in one letter: more is a parcel's weight */
#define MODE_CHANNELS	 100	   /* CHANNELS_MAX */
#define CLOSED_DAYS_MOST 200	   /* that are still to come */

/* What letters are franked as: "A", "A_PLUS" … (shipping-rules.md 4, POSTAL_SERVICE); "" is none. */
#define POSTAL_SERVICES 8
extern const char *const postal_services[POSTAL_SERVICES];

/* A mode, as a form has it. Text lives where its maker put it. */
struct mode_edit {
	int64_t id;		 /* 0: a new one */
	struct str code; /* of a new one */
	enum shipment_kind kind;
	int64_t rank;
	struct str name[LANGUAGES], note[LANGUAGES]; /* the main language's name has to be there */
	enum abroad abroad;
	int64_t last_days;
	int64_t fee, vat_rate;	  /* minor units; id */
	bool is_fee_by_ticket;	  /* else once an order */
	int64_t free_from;		  /* tickets worth so much travel free; 0: never */
	int64_t printer, partner; /* ids; 0: the own counter; nobody */
	struct str postal_service;
	int64_t tickets_most;
	bool needs_address, is_after_payment, is_active;
	int64_t channels[MODE_CHANNELS]; /* none: all */
	size_t channel_count;
	int64_t version; /* that the form was made from */
};

/* By rank. NOT_FOUND of mode_edit_get also where the actor may not read them. */
enum status mode_rows(struct conn *db, struct arena *a, const struct actor *who, struct mode_edit **out, size_t *count);
enum status mode_edit_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct mode_edit *out);

/* A mode as a new one begins. */
struct mode_edit mode_edit_new(void);

/* Makes or changes one, inside a store_write, and notes it; *ID becomes its id. REFUSED with findings at "code", "name_fr" …, "note_fr" …, "last_days", "fee", "free_from",
 * "vat_rate", "printer", "partner", "postal_service", "tickets_most", "channels"; at "" when somebody else saved it meanwhile or there are MODES_MOST already.
 * NOT_FOUND when the actor may not. */
enum status mode_save(struct conn *db, struct arena *a, const struct actor *who, const struct mode_edit *e, int64_t *id, struct problem *why);

/* The VAT rates that a fee may have, in order of their rates. */
struct vat_choice {
	int64_t id, basis_points;
	struct str code, name;
};
#define VAT_CHOICES_MOST 50
enum status vat_choices(struct conn *db, struct arena *a, int64_t institution, struct vat_choice **out, size_t *count);

/* The days of the house (base/day.h), from FROM on, on which nobody works. */
enum status closed_days(struct conn *db, struct arena *a, int64_t institution, int64_t from, int64_t **out, size_t *count);

/* Lists a day, or strikes it from the list, inside a store_write, and notes it. REFUSED with a finding at "day": past, more than three years ahead, or too many.
 * Listed or struck already: OK, nothing noted. NOT_FOUND when the actor may not. */
enum status closed_day_set(
	struct conn *db, struct arena *a, const struct actor *who, int64_t day, int64_t today, bool is_closed, struct problem *why);
