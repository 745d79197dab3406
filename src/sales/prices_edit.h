/* sales/prices_edit.h: seat categories, tariffs, VAT rates, fees and price tables as the office edits them, and what of them a performance has. They belong to the whole
 * house (RIGHT_PROGRAMME_WRITE in its context). What is in baskets and orders keeps the price, fee and VAT that it came in with. What writes runs inside a store_write
 * and is noted in the trail. */
#pragma once
#include "sales/performance_edit.h"
#include "sales/programme.h"

#define PRICE_NAME_MAX	 60
#define FEES_MOST		 50
#define RATE_TABLES_MOST 500
#define WINDOWS_MOST	 100 /* channels of a house */

enum named_kind { NAMED_CATEGORY, NAMED_TARIFF };

/* A seat category or a tariff. Its code stays: files and forms name it. */
struct named_edit {
	enum named_kind kind;
	int64_t id; /* 0: a new one */
	struct str code;
	int64_t rank;
	struct words name;
};
enum status named_rows(struct conn *db, struct arena *a, const struct actor *who, enum named_kind kind, struct named_edit **out, size_t *count);
enum status named_get(struct conn *db, struct arena *a, const struct actor *who, enum named_kind kind, int64_t id, struct named_edit *out);

/* Makes or changes one. REFUSED with findings at "name-xx" and "rank", or at "" when there are too many. */
enum status named_save(struct conn *db, struct arena *a, const struct actor *who, const struct named_edit *e, int64_t *id, struct problem *why);

/* A new VAT rate; bills name it, so none changes. REFUSED with findings at "vat-name", "vat-percent". */
enum status vat_rate_add(
	struct conn *db, struct arena *a, const struct actor *who, struct str name, int64_t basis_points, int64_t *id, struct problem *why);

struct fee_edit {
	int64_t id; /* 0: a new one, of KIND */
	enum fee_kind kind;
	struct words name;
	int64_t amount, vat_rate, channel; /* channel 0: all */
	bool is_active;
};
enum status fee_rows(struct conn *db, struct arena *a, const struct actor *who, struct fee_edit **out, size_t *count);
enum status fee_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct fee_edit *out);

/* Makes or changes one. REFUSED with findings at "name-xx", "amount", "vat_rate", "channel". */
enum status fee_save(struct conn *db, struct arena *a, const struct actor *who, const struct fee_edit *e, int64_t *id, struct problem *why);

struct rate_table_row {
	int64_t id, performances;
	struct str name, vat_name;
};
enum status rate_table_rows(struct conn *db, struct arena *a, const struct actor *who, struct rate_table_row **out, size_t *count);
enum status rate_table_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct rate_table_row *out);

/* Other prices for all that sell by the table G was read from: cells with NO_PRICE are sold no more. REFUSED with findings at "prices", "name", "vat_rate". */
enum status rate_table_save(
	struct conn *db, struct arena *a, const struct actor *who, const struct price_grid *g, struct str name, struct problem *why);

/* When a channel sells a performance. */
struct window {
	int64_t channel, opens_at, closes_at;
};
enum status window_rows(struct conn *db, struct arena *a, int64_t performance, struct window **out, size_t *count);

/* By which table a performance sells, and who sells it when: channels that are not among WINDOWS don't. REFUSED with findings at "rate_table", "closes-N" (N: the
 * channel's id). */
struct performance_sale {
	int64_t id, rate_table;
	const struct window *windows;
	size_t count;
};
enum status performance_sale_save(struct conn *db, struct arena *a, const struct actor *who, const struct performance_sale *s, struct problem *why);
