/* outside/outside.h: what the pages of the outside world share. */
#pragma once
#include "billing/bill.h"
#include "outside/world.h"
#include "shipping/batch.h"
#include "web/form.h"

#define BILLS_SHOWN	  60 /* two fields each: FORM_FIELDS_MAX holds them */
#define TICKETS_SHOWN 90 /* a box each and at most a number each, the same; the rest of a batch comes once these are back */
#define BATCHES_SHOWN 6

/* A bill that somebody may pay. */
struct bank_row {
	const struct bill *bill;
	const char *field; /* its amount's */
	struct str number, order, payer, amount;
	bool is_chosen;
};

struct bank_shown {
	struct bank_row *rows;
	size_t count;
	struct str office, csrf; /* OFFICE: where its file goes */
	struct str folder;		 /* that the office watches for such files; empty: none */
};

/* A ticket that the printing company has; the letters it packs them into. */
struct ticket_row {
	struct str line, what, section, row, seat, barcode;
	bool is_chosen;
};

struct letter_row {
	struct str shipment, piece, to;
	const char *field; /* of its tracking number */
	struct str tracking;
	struct ticket_row *tickets;
	size_t count;
};

struct printing_shown {
	struct printer printer;		   /* id 0: the house has none */
	struct batch *batches, *batch; /* BATCH: the one on the table; NULL: none was exported */
	size_t batch_count, count, tickets;
	struct str *batch_numbers, batch_shown;
	struct letter_row *letters;
	int64_t ready; /* shipments that wait for an export */
	bool is_gone;  /* its file was deleted, as the interface says */
	struct str office, csrf, folder;
};

/* The world's door: the house whose bank and printing company these are; NULL: it is not ready yet. */
const struct door *world_door(const struct request *r);

/* An address of PATH in the office. */
struct str world_office(const struct request *r, const char *path);

enum status bank_look(struct request *r, struct bank_shown *out);
enum status printing_look(struct request *r, struct str batch, struct printing_shown *out);

/* The page with both, and what is wrong with a form. */
struct response world_answer(
	struct request *r, int status, const struct bank_shown *bank, const struct printing_shown *printing, const struct problem *why);

/* A finished file: put into FOLDER if the form's button TO says "folder" and there is one, else sent to be downloaded. */
struct response world_file(struct request *r, const char *type, struct str name, struct str bytes, struct str to, struct str folder);

struct response world_bank(struct request *r);
struct response world_printing(struct request *r);
