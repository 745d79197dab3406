/* sales/programme.h: making the catalogue: categories, tariffs, rates, venues, events, performances with their places. All inside a store_write.
 * REFUSED: the code is taken, or something does not belong to the institution. */
#pragma once
#include "base/lang.h"
#include "store/store.h"

/* A name in all languages; where one is empty, the house's main language is shown. */
struct words {
	struct str in[LANGUAGES];
};

/* "Vorstellung" in L, else in OTHERWISE. */
struct str words_in(const struct words *w, enum language l, enum language otherwise);

enum status vat_rate_make(struct conn *db, int64_t institution, struct str code, struct str name, int64_t basis_points, int64_t *id);
enum status seat_category_make(struct conn *db, int64_t institution, struct str code, int64_t rank, const struct words *name, int64_t *id);
enum status tariff_make(struct conn *db, int64_t institution, struct str code, int64_t rank, const struct words *name, int64_t *id);
enum status rate_table_make(struct conn *db, int64_t institution, struct str code, struct str name, int64_t vat_rate, int64_t *id);
enum status rate_set(struct conn *db, int64_t rate_table, int64_t seat_category, int64_t tariff, int64_t price);

enum fee_kind { FEE_CHARGE /* a ticket */, FEE_OVERHEAD /* an order */ };
struct new_fee {
	struct str code;
	enum fee_kind kind;
	struct words name;
	int64_t amount, vat_rate, channel; /* channel 0: all */
};
enum status fee_make(struct conn *db, int64_t institution, const struct new_fee *n, int64_t *id);

enum status venue_make(struct conn *db, int64_t institution, struct str code, struct str name, struct str town, int64_t *id);
enum status configuration_make(struct conn *db, int64_t venue, struct str code, struct str name, int64_t *id);

struct new_zone {
	struct str code;
	int64_t rank;
	struct words name;
	int64_t seat_category; /* of an unnumbered zone; 0: it has numbered seats */
	int64_t capacity;
};
enum status zone_make(struct conn *db, int64_t configuration, const struct new_zone *n, int64_t *id);

struct new_seat {
	int64_t seat_category, row_rank, position, x, y; /* x, y: hundredths of the plan's unit */
	struct str row_name, name;
};
enum status seat_make(struct conn *db, int64_t zone, const struct new_seat *n);

enum status season_make(struct conn *db, int64_t organisation, struct str code, struct str name, int64_t *id);
enum status event_make(struct conn *db, int64_t institution, int64_t season, struct str code, int64_t *id);
enum status event_text_set(struct conn *db, int64_t event, enum language l, struct str title, struct str what, struct str description);

/* A performance, on sale where it has a window unless it begins as a draft, and a row for each of its places. */
struct new_performance {
	int64_t institution, event, configuration, rate_table, starts_at, doors_at, ends_at;
	bool is_draft;
};
enum status performance_make(struct conn *db, const struct new_performance *n, int64_t *id);

enum status sale_window_set(struct conn *db, int64_t performance, int64_t channel, int64_t opens_at, int64_t closes_at);

/* A named share of a performance, sold by CHANNEL; and N free places of ZONE (a performance_zone) moved into it. NOT_FOUND: so many are not free. */
enum status contingent_make(struct conn *db, int64_t performance, struct str code, struct str name, int64_t channel, int64_t *id);
enum status contingent_fill(struct conn *db, int64_t contingent, int64_t zone, int64_t n);
