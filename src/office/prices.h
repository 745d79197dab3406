/* office/prices.h: the pages of categories, tariffs, VAT rates, fees and price tables. */
#pragma once
#include "office/venues.h"
#include "sales/prices_edit.h"

struct prices_shown {
	const struct rate_table_row *tables;
	const struct named_edit *categories, *tariffs;
	const struct vat_rate *vats;
	const struct fee_edit *fees;
	size_t table_count, category_count, tariff_count, vat_count, fee_count;
	struct str vat_name, vat_percent; /* as typed */
	struct str currency;
	enum language main_language;
	bool may_write;
};

struct fee_form {
	const struct fee_edit *fee;
	struct str amount; /* as typed */
	const struct vat_rate *vats;
	struct choice *channels;
	size_t vat_count, channel_count;
	enum language main_language;
	bool may_write;
};

struct table_form {
	const struct rate_table_row *table;
	struct str name;
	struct price_grid prices;
	struct price_cell *cells;
	const struct vat_rate *vats;
	size_t vat_count;
	struct str currency;
	bool may_write;
};

struct response office_prices_page(struct request *r); /* prices.c */
struct response office_vat_add(struct request *r);
struct response office_table_page(struct request *r);
struct response office_table_save(struct request *r);
struct response office_category_page(struct request *r); /* prices_named.c */
struct response office_category_save(struct request *r);
struct response office_tariff_page(struct request *r);
struct response office_tariff_save(struct request *r);
struct response office_fee_page(struct request *r);
struct response office_fee_save(struct request *r);
