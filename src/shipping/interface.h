/* shipping/interface.h: partner systems (domain.md 2): printing companies and who carries letters. What an interface does stands in batch.h and status.h. */
#pragma once
#include "formats/tracking.h"
#include "institution/actor.h"
#include "base/lang.h"
#include "store/store.h"

enum interface_kind { INTERFACE_PAYMENTS, INTERFACE_PRINTER, INTERFACE_PARTNER };

struct interface {
	int64_t id, institution;
	enum interface_kind kind;
	struct str code, name;
	bool is_active;
};

#define INTERFACES_MOST 50 /* of a house */
enum status interface_list(struct conn *db, struct arena *a, int64_t institution, struct interface **out, size_t *count);
enum status interface_by_code(struct conn *db, struct arena *a, int64_t institution, struct str code, struct interface *out);

/* ---- the payment integration: one a house, whose function is in dealing/payments.h ---- */

#define PAYMENTS_CODE "payments"

/* Makes it, inside a store_write, unless it is there. */
enum status interface_payments_install(struct conn *db, int64_t institution);

/* ---- distributing partners ---- */

struct partner {
	struct interface interface;
	struct str link_form; /* formats/tracking.h; empty: numbers are shown as text */
	enum tracking_form number_form;
	struct str pattern;
	bool refuses_wrong;
	struct str host;				 /* that a file's own links may lead to */
	struct str languages[LANGUAGES]; /* what the carrier calls each */
	int64_t lost_days;
};
enum status partner_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct partner *out);

/* Their names in the database and in forms. */
extern const char *const tracking_form_codes[TRACKING_FORMS];

/* Makes it (interface.id 0) or changes it, inside a store_write, and notes it. REFUSED with findings at "code", "name", "link_form", "pattern", "host",
 * "lost_days". */
enum status partner_save(struct conn *db, struct arena *a, const struct actor *who, struct partner *p, struct problem *why);

/* What is wrong with a link's form, at "link_form", with the place; a warning is no finding: IS_HTTP. */
void link_form_check(struct str form, bool *is_http, struct problem *why);

/* The link to a number as a buyer of LANGUAGE gets it; empty without a form. P may be NULL. COUNTRY and POSTCODE are the recipient's; POSTED: "2026-11-24". */
struct number_at {
	struct str given, plain, country, postcode, posted;
	enum language language;
};
struct str partner_link(struct arena *a, const struct partner *p, const struct number_at *n);

/* A number as P's look, that nobody has: for the example beside its form. */
struct str partner_sample(struct arena *a, const struct partner *p);

/* ---- printing companies ---- */

enum print_encoding { ENCODING_UTF8_BOM, ENCODING_UTF8, ENCODING_WINDOWS_1252, ENCODINGS };
#define BARCODE_TYPES	 4
#define PRINT_SEPARATORS ";,|"
extern const char *const print_encoding_codes[ENCODINGS];
extern const char *const barcode_types[BARCODE_TYPES];

struct printer {
	struct interface interface;
	struct str layout, barcode_type, folder;
	enum print_encoding encoding;
	char separator;
	bool has_letters, is_line_printed, is_printed_posted, is_day_first, sends_mails;
	int64_t return_days, keep_days, partner;
};
enum status printer_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct printer *out);
enum status printer_by_code(struct conn *db, struct arena *a, int64_t institution, struct str code, struct printer *out);

/* As partner_save. REFUSED with findings at "code", "name", "layout", "return_days", "keep_days", "folder", "partner". Encoding, separator and barcode are
 * of those above. */
enum status printer_save(struct conn *db, struct arena *a, const struct actor *who, struct printer *p, struct problem *why);

/* Inside a store_write. How the check box stood last. */
enum status printer_remember_mails(struct conn *db, int64_t id, bool sends);

/* Lets the shipments of a mode be printed by PRINTER and carried by PARTNER (0: neither), inside a store_write. */
struct mode_ways {
	int64_t printer, partner, tickets_most;
	struct str postal_service;
	bool is_after_payment;
};
enum status shipment_mode_by_code(struct conn *db, int64_t institution, struct str code, int64_t *id);
enum status shipment_mode_ways(struct conn *db, int64_t institution, int64_t mode, const struct mode_ways *ways);
