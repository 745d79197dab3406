/* formats/reconcile_memory.h: what was imported, in memory, and as bytes that are kept in a file between two runs. */
#pragma once
#include "formats/reconcile.h"

struct reconcile_memory;

/* An empty one. The caller frees it. */
struct reconcile_memory *reconcile_memory_new(void);
void reconcile_memory_free(struct reconcile_memory *m);

/* Sets the look-ups of what was seen (all but bill, account and book). */
void reconcile_memory_lookups(struct reconcile_memory *m, struct reconcile_lookups *out);

/* What was booked on bill ID so far. */
int64_t reconcile_memory_booked(const struct reconcile_memory *m, int64_t id);
void reconcile_memory_book(struct reconcile_memory *m, int64_t id, int64_t cents);

/* Pages of messages that were imported: a message of several pages counts once all are there (C14). */
void reconcile_memory_add_page(struct reconcile_memory *m, struct reconcile_key message, int64_t day, int64_t page, bool is_last);

/* Whether a page was made on DAY or a day before or after. */
bool reconcile_memory_has_page(const struct reconcile_memory *m, struct reconcile_key message, int64_t day, int64_t page, bool *is_last);

/* As text, handed to WRITE in pieces; and read again into an empty M. REFUSED with a finding when it is not what was written, all of it. */
void reconcile_memory_save(const struct reconcile_memory *m, void (*write)(void *user, struct str piece), void *user);
enum status reconcile_memory_load(struct reconcile_memory *m, struct str text, struct problem *why);
