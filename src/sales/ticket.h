/* sales/ticket.h: what stands on a ticket: its number and its barcode. */
#pragma once
#include "store/store.h"

enum ticket_state { TICKET_HELD, TICKET_SOLD, TICKET_PRINTED, TICKET_CONTROLLED, TICKET_CANCELLED, TICKET_INVALIDATED };

const char *ticket_state_name(enum ticket_state state);
enum ticket_state ticket_state_read(struct str name);

#define BARCODE_LENGTH 16

/* A new barcode in arena A: 78 random bits in digits and capital letters, beginning with a letter and without E, so that no spreadsheet takes it for a number, and
 * without I, L, O and U, which people read for others. */
struct str barcode_make(struct arena *a);

/* "T100018": a letter, digits, a check digit, from the ticket's id, so that it is unique for ever and never a number alone. */
struct str ticket_number(struct arena *a, int64_t id);

/* The id behind a number as people type it (blanks, small letters); false when its check digit is wrong. */
bool ticket_number_read(struct arena *a, struct str text, int64_t *id);

/* An order's number: "10001-7", and back ("100017" too). */
int64_t order_number_of(int64_t id);
struct str order_number(struct arena *a, int64_t number);
bool order_number_read(struct str text, int64_t *number);
