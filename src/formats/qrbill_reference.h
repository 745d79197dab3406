/* formats/qrbill_reference.h: the numbers of Swiss payments: accounts (IBAN, QR-IBAN), QR references, creditor references (ISO 11649). */
#pragma once
#include "formats/qrbill.h"

#define QRR_LENGTH		   27
#define SCOR_LENGTH_MIN	   5
#define SCOR_LENGTH_MAX	   25
#define QRBILL_IBAN_LENGTH 21 /* of Switzerland and Liechtenstein */
#define IBAN_LENGTH_MIN	   15 /* Norway's, the shortest in the register */
#define IBAN_LENGTH_MAX	   34 /* ISO 13616 */

/* S without what shows nothing, wherever it stands: blanks, no-break spaces, soft hyphens, as they come along from web pages; and the same with capital
 * ASCII letters. In arena A; S itself where nothing changes. */
struct str reference_unspaced(struct arena *a, struct str s);
struct str reference_compact(struct arena *a, struct str s);

/* S with capital ASCII letters where blanks are none of its faults; with blanks S itself, which its rule refuses. */
struct str reference_capital(struct arena *a, struct str s);

/* Whether S, compact, is an IBAN of any country (mod 97, check digits 02 to 98); one that may stand on a QR-bill (CH or LI, 21 characters, R10);
 * and whether an account of CH or LI has a QR-IID, 30000 to 31999 (R11), whatever its check digits. */
bool iban_is_valid(struct str s);
bool iban_is_usable(struct str s);
bool iban_is_qr(struct str s);

/* Whether S, compact, is a QR reference (R31: 27 digits, mod 10 recursive, not all zeros), a creditor reference (R32; letters in any case). */
bool qrr_is_valid(struct str s);
bool scor_is_valid(struct str s);

/* The check digit by modulo 10, recursive, of DIGITS, as a character. */
char mod10_recursive(struct str digits);

/* A QR reference from NUMBER (digits, at most 26 with PREFIX, the bank's customer number before it; zeros between them).
 * REFUSED with a finding on "prefix" or "number". */
enum status qrr_build(struct arena *a, struct str prefix, struct str number, struct str *out, struct problem *why);

/* A creditor reference from PREFIX and NUMBER, together 1 to 21 letters and digits. REFUSED as above. */
enum status scor_build(struct arena *a, struct str prefix, struct str number, struct str *out, struct problem *why);

/* As printed (T3): accounts and creditor references in fours, QR references in 2 + 5 x 5 digits. */
struct str reference_grouped(struct arena *a, enum qrbill_reference_kind kind, struct str reference);
struct str iban_grouped(struct arena *a, struct str account);

/* What a reference is by its look alone: QRR for 27 digits, SCOR when it begins with RF, else NON. */
enum qrbill_reference_kind reference_kind_of(struct str compact);

/* The kind that a bill's reference has on its account: none NON; on a QR-IBAN QRR; RF… SCOR; 27 digits QRR (and R30); else SCOR (and R32). */
enum qrbill_reference_kind reference_kind_on(struct str account, struct str reference);
