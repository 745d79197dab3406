/* billing/bill_letter.h: what a bill says, as the values of its template: in the mail that brings it, and in the letter of its PDF. */
#pragma once
#include "billing/bill.h"
#include "documents/letter.h"
#include "documents/parsed.h"

/* The PDF of a bill: the one that was stored, or else made now from the template that was in force when it was issued, and stored; when several make it at once, all get
 * the one that was stored first. Not inside a store_write, and not on a polling thread. NOT_FOUND: no such bill in the institution; REFUSED with words when there is no template, or
 * it cannot be filled in. */
enum status bill_pdf(
	struct conn *db, struct arena *a, struct templates *templates, int64_t institution, int64_t bill, struct str *out, struct problem *why);

/* "Rechnung-2026-00017.pdf". */
struct str bill_file_name(struct arena *a, const struct bill *b);

/* What a mail about a bill needs when it is sent: its values, its order's path, its PDF. As bill_pdf. */
enum status bill_about(
	struct conn *db, struct arena *a, struct templates *templates, int64_t institution, int64_t bill, struct letter_about *out, struct problem *why);

/* The bill as its slip has it. REFUSED with words when the rules of a QR-bill do not allow it (formats/qrbill.h). */
enum status bill_as_qrbill(struct arena *a, const struct bill *b, struct qrbill *out, struct problem *why);
