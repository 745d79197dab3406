/* office/shipping.h: the pages of shipping: interfaces, batches, imports, shipments. */
#pragma once
#include "office/office.h"
#include "sales/paper.h"
#include "shipping/notice.h"
#include "shipping/status.h"
#include "shipping/track.h"

#define STATUS_UPLOAD_MAX (SHEET_BYTES_MAX + (64u << 10)) /* the file and the rest of its form */

/* States as the class of .state and words. */
const char *batch_class(enum batch_state state);
enum message batch_message(enum batch_state state);
const char *print_line_class(const struct print_line *l);
enum message print_line_message(const struct print_line *l);
const char *shipment_class(enum shipment_state state);
enum message shipment_message(enum shipment_state state);
const char *outcome_class(enum line_outcome outcome);
enum message outcome_message(enum line_outcome outcome);
enum message outcome_effect(enum line_outcome outcome);

struct url batch_link(const struct office_page *p, int64_t number);
struct url shipment_link(const struct office_page *p, int64_t number);
struct url interface_link(const struct office_page *p, struct str code, const char *rest);

/* A file's separator, for people. */
struct str separator_shown(struct str separator);

/* A message with {about}; and with another text or number argument. */
struct str line_words(const struct office_page *p, const struct status_line *l);

/* A shipment in a list, with its reasons in words. */
struct shipment_shown {
	struct shipment shipment;
	struct str holds;
};

/* A letter on a shipment's page. */
struct piece_shown {
	struct piece piece;
	struct track track;
	struct ticket_shown {
		int64_t id;
		struct paper paper;
		struct str number;
	} * tickets;
};

/* A file of a batch, with who fetched it. */
struct file_shown {
	struct stored_file file;
	const char *kind; /* the last part of its address */
	struct download *downloads;
	size_t download_count;
};

/* A tracking link's form at work on a number that nobody has. */
struct link_example {
	struct str number, link; /* empty: no form, or WHY says what is wrong with it */
	bool is_http;
	struct problem why;
};

/* A letter's number as somebody typed it, when it was not taken: the letter, and whether it may be kept all the same. */
struct typed_number {
	int64_t n; /* 0: none */
	struct str text, error;
};

/* Handlers, for the route table. */
struct response office_interfaces_page(struct request *r); /* shipping.c */
struct response office_interface_page(struct request *r);
struct response office_interface_export(struct request *r);
struct response office_interface_import(struct request *r);
struct response office_interface_new_page(struct request *r); /* shipping_interface.c */
struct response office_interface_new(struct request *r);
struct response office_interface_edit_page(struct request *r);
struct response office_interface_edit(struct request *r);
struct response office_partner_example(struct request *r);
struct response office_batch_page(struct request *r); /* shipping_batch.c */
struct response office_batch_file(struct request *r);
struct response office_batch_withdraw(struct request *r);
struct response office_import_page(struct request *r); /* shipping_import.c */
struct response office_import_progress(struct request *r);
struct response office_import_apply(struct request *r);
struct response office_import_notices(struct request *r);
struct response office_import_problems(struct request *r);
struct response office_shipments_page(struct request *r); /* shipping_shipment.c */
struct response office_shipment_page(struct request *r);
struct response office_shipment_notice(struct request *r);
struct response office_shipment_hold(struct request *r);
struct response office_shipment_let_go(struct request *r);
struct response office_shipment_post(struct request *r);
struct response office_shipment_reissue(struct request *r);
struct response office_shipment_piece(struct request *r);
struct response office_shipment_address_page(struct request *r); /* shipping_address.c */
struct response office_shipment_address(struct request *r);

/* The shipment that the path names; false with the answer INSTEAD. */
bool shipment_of_path(struct request *r, struct shipment *s, struct response *instead);
