/* sales/ticket_words.h: tickets in words: what stands on the page that somebody prints or shows at the door. */
#pragma once
#include "formats/ticket_print.h"
#include "institution/point_of_sale.h"
#include "sales/order.h"

/* The tickets of ORDER that let somebody in now (sold, not void), in the order of date, section, row and seat; times in the house's zone. Text lives in arena A. */
enum status ticket_sheets(struct conn *db, struct arena *a, const struct point_of_sale *sale, const struct order *o, enum language l,
	struct ticket_sheet **out, size_t *count);

/* SHEETS as a PDF in arena A, and what a browser saves it as. REFUSED with words when the fonts are not installed. */
enum status ticket_pdf(struct arena *a, const struct point_of_sale *sale, const struct order *o, enum language l, const struct ticket_sheet *sheets,
	size_t count, struct str *out, struct problem *why);
struct str ticket_file_name(struct arena *a, enum language l, const struct order *o);
