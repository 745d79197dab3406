/* documents/class.h: the fixed kinds of documents, and the fields that each may hold. Names of fields are stable for ever (domain.md 6). */
#pragma once
#include "formats/docx.h"

enum document_class {
	CLASS_RESET_PASSWORD,
	CLASS_PASSWORD_CHANGED,
	CLASS_CONFIRM_EMAIL,
	CLASS_ACCOUNT_EXISTS,
	CLASS_ACCOUNT_BLOCKED,
	CLASS_TEST_MAIL,
	CLASS_OPERATOR_INVITATION,
	CLASS_OPERATOR_RESET,
	CLASS_OPERATOR_NOTICE,
	CLASS_QR_INVOICE,		/* with the order's lines */
	CLASS_QR_INVOICE_BRIEF, /* without: for a part of the price */
	CLASS_CANCELLATION,
	CLASS_EMAIL_CHANGE, /* to the new address of an account: confirm it */
	CLASS_EMAIL_NOTICE, /* to the old one: it is about to change, and how to stop that */
	CLASS_FOLLOW_SHIPMENT,
	CLASS_ORDER_CONFIRMATION, /* sold: the buyer gets the tickets himself */
	DOCUMENT_CLASSES
};

/* The order in which mails leave: what somebody waits for at the screen goes first. */
enum lane { LANE_SECURITY = 1, LANE_ORDER, LANE_BULK };

struct document_class_info {
	const char *code; /* "reset-password": in the database */
	enum message name;
	enum lane lane;
	const char *type_code;					/* of the type that ships with it, and the start of its files' names: "STX_PASSWORD_RESET" */
	const struct field_declaration *fields; /* its dictionary (domain.md 6) */
	size_t field_count;
};

const struct document_class_info *document_class(enum document_class class);

/* The class of CODE; false when there is none. */
bool document_class_from_code(struct str code, enum document_class *out);

/* The field NAME of a class's dictionary, or NULL. */
const struct field_declaration *document_field(enum document_class class, struct str name);
