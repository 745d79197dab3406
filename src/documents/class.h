/* documents/class.h: the fixed kinds of documents, and the fields that each may hold. Names of fields are stable for ever (domain.md 6). */
#pragma once
#include "base/problem.h"

enum document_class {
	CLASS_RESET_PASSWORD,
	CLASS_PASSWORD_CHANGED,
	CLASS_CONFIRM_EMAIL,
	CLASS_ACCOUNT_EXISTS,
	CLASS_ACCOUNT_BLOCKED,
	CLASS_TEST_MAIL,
	DOCUMENT_CLASSES
};

/* The order in which mails leave: what somebody waits for at the screen goes first. */
enum lane { LANE_SECURITY = 1, LANE_ORDER, LANE_BULK };

/* FIELD_LINK is an address that a template's link may lead to; FIELD_CONDITION only shows or hides. */
enum field_kind { FIELD_TEXT, FIELD_LINK, FIELD_CONDITION };

/* One entry of a class's dictionary. */
struct document_field {
	const char *name; /* "contact.first_name" */
	enum field_kind kind;
	const char *example;
	bool is_required; /* a template without it is refused */
};

struct document_class_info {
	const char *code; /* "reset-password": in the database */
	enum message name;
	enum lane lane;
	const char *type_code;				 /* of the type that ships with it, and the start of its files' names: "STX_PASSWORD_RESET" */
	const struct document_field *fields; /* up to the one whose name is NULL */
};

const struct document_class_info *document_class(enum document_class class);

/* The class of CODE; false when there is none. */
bool document_class_from_code(struct str code, enum document_class *out);

/* The field NAME of a class's dictionary, or NULL. */
const struct document_field *document_field(enum document_class class, struct str name);
