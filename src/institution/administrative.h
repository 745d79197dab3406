/* institution/administrative.h: administrative values: what a bank or an authority gave the house, and what its bills make of it (domain.md 2 and 9). */
#pragma once
#include "formats/qrbill.h"
#include "institution/actor.h"
#include "store/store.h"

#define BANK_PREFIX_MAX		10	/* digits: 16 of the reference's 26 are left for institution, year and number */
#define DAYS_TO_PAY_MAX		365 /* a bill that is due later belongs to another year's books */
#define GRACE_DAYS_MAX		60	/* bank days */
#define DAYS_TO_PAY_DEFAULT 30	/* what is usual in Switzerland */
#define GRACE_DAYS_DEFAULT	3	/* a transfer on the last day has come by then */

/* What a bill is paid with: the QR slip, the orange one that banks took until 30 September 2022, or both while a house changes over. */
enum bill_slip { BILL_SLIP_QR, BILL_SLIP_ISR, BILL_SLIP_BOTH };

/* The values of one institution. Text lives in the arena of administrative_get. */
struct administrative {
	struct str vat_number;				  /* "CHE-123.456.788", or as another country writes it; empty: none */
	enum bill_slip slip;				  /* until qr_since: ask administrative_slip_on */
	int64_t qr_since;					  /* a day (base/day.h); 0: none was set */
	enum qrbill_reference_kind reference; /* QRR on qr_iban; SCOR or NON on iban */
	struct str qr_iban, iban;			  /* compact; empty: none */
	struct str bank_prefix;				  /* digits; empty: none */
	struct str postal_account;			  /* nine digits (formats/qrbill_esr.h); empty: none */
	struct qrbill_address creditor;		  /* the house's own name and address where none was entered */
	bool creditor_is_house;				  /* that is so */
	int64_t days_to_pay, grace_days;	  /* calendar days; bank days after the deadline until an unpaid reservation ends */
	struct str currency;				  /* the house's */
	int64_t version;					  /* that the form was made from; 0: nothing was saved yet */
};

/* Those of INSTITUTION, with the defaults of what was not entered. */
enum status administrative_get(struct conn *db, struct arena *a, int64_t institution, struct administrative *out);

/* The slip of a bill that is issued on DAY. */
enum bill_slip administrative_slip_on(const struct administrative *v, int64_t day);

/* The account that bills are paid to: the QR-IBAN or the IBAN, by the reference; empty: none was entered. */
struct str administrative_account(const struct administrative *v);

/* Account, creditor, currency and the reference's kind of BILL; the rest is left as it is. */
void administrative_bill(const struct administrative *v, struct qrbill *bill);

/* Whether bills can be issued by these values. REFUSED: WHY says what is missing or wrong, at the fields of administrative_save. */
enum status administrative_suffices(struct arena *a, const struct administrative *v, struct problem *why);

/* Changes those of the actor's institution, inside a store_write, and notes it. Accounts, VAT number and postal account may be written as people do. currency and
 * creditor_is_house don't count: a creditor like the house itself follows it from then on. REFUSED with findings at "vat_number", "qr_iban", "iban", "bank_prefix",
 * "postal_account", "creditor_name" (and _street, _house_number, _postcode, _town, _country), "days_to_pay", "grace_days", and at "" when somebody else saved them meanwhile. */
enum status administrative_save(struct conn *db, struct arena *a, const struct actor *who, const struct administrative *v, struct problem *why);
