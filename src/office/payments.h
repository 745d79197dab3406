/* office/payments.h: banks' files and what became of them; the work list. */
#pragma once
#include "billing/payment.h"
#include "billing/proposal.h"
#include "office/office.h"
#include "shipping/interface.h"

#define PAYMENT_FILE_MAX (64u << 20) /* bytes of an upload: 60,000 payments; larger ones come by command */

struct import_shown {
	const struct import_summary *is;
	struct url to;
};

struct payment_shown {
	const struct payment_line *is;
	struct str bill, order, text, booked; /* booked: the day, in the operator's language */
	struct url to_order, to;
	enum message did;
	const char *shape;
	int64_t cents; /* signed */
};

struct payment_outcome_shown {
	const struct outcome_sum *is;
	enum message did;
	const char *shape;
};

/* A bill that a payment may be meant for. */
struct proposal_shown {
	struct proposal is;
	struct str number, order;
	struct url to_order;
};

/* The class of .state of an outcome (billing/payment.h). */
const char *payment_shape(struct str outcome);

struct response office_payments_page(struct request *r);
struct response office_payments_import(struct request *r);
struct response office_payment_page(struct request *r);
struct response office_payment(struct request *r);
struct response office_payment_import_page(struct request *r);
