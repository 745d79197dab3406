/* documents/class.c: each class with its lane and its dictionary. A new class is one row here and one more CHECKed word nowhere. */
#include "documents/class.h"

#include "base/status.h"

#define TEXT(name, example)                         \
	{                                               \
		{ STR(name) }, { STR(example) }, FIELD_TEXT \
	}
#define ADDRESS(name, example)                     \
	{                                              \
		{ STR(name) }, { STR(example) }, FIELD_URL \
	}
#define CONDITION(name, example)                         \
	{                                                    \
		{ STR(name) }, { STR(example) }, FIELD_CONDITION \
	}

/* What every mail of the shop knows: house, door, person, when. */
#define COMMON                                                                                                                                 \
	TEXT("institution.name", "Théâtre du Lac"), TEXT("organisation.name", "Théâtre du Lac"), TEXT("shop.name", "Online"),                      \
		ADDRESS("shop.url", "https://tickets.example.org"), TEXT("shop.email", "tickets@example.org"), TEXT("shop.phone", "+41 21 555 01 00"), \
		TEXT("contact.first_name", "Jeanne"), TEXT("contact.last_name", "Favre"), TEXT("contact.salutation", "Madame"),                        \
		TEXT("contact.number", "10009"), TEXT("contact.language", "Français"), TEXT("account.email", "jeanne@example.org"),                    \
		TEXT("today", "24 November 2026"), TEXT("request.time", "Tue 24 Nov 2026, 09:15")

/* A link that must reach the reader: a template without it is refused, and so is a merge that loses it. */
#define LINK(url)                                                                                                              \
	{ { STR("link.url") }, { STR(url) }, FIELD_URL, .is_required = true }, TEXT("link.valid_until", "Thu 26 Nov 2026, 09:15"), \
		TEXT("link.valid_hours", "48")

#define FORGOT ADDRESS("shop.forgot_url", "https://tickets.example.org/forgot-password")
#define SIGNIN ADDRESS("shop.signin_url", "https://tickets.example.org/signin")

static const struct field_declaration reset_fields[] = {
	COMMON,
	LINK("https://tickets.example.org/reset-password?token=EXAMPLE"),
	CONDITION("is_invitation", ""),
	CONDITION("is_reset", "yes"),
	CONDITION("by_operator", ""),
};
static const struct field_declaration changed_fields[] = { COMMON, FORGOT, SIGNIN };
static const struct field_declaration confirm_fields[] = { COMMON, LINK("https://tickets.example.org/confirm-email?token=EXAMPLE") };
static const struct field_declaration exists_fields[] = { COMMON, FORGOT, SIGNIN };
static const struct field_declaration blocked_fields[] = { COMMON };
static const struct field_declaration test_fields[] = { COMMON };

/* What every mail to an operator knows: the institution, not a shop. */
#define STAFF                                                                                                                          \
	TEXT("institution.name", "Théâtre du Lac"), TEXT("operator.name", "Olivier Favre"), TEXT("operator.email", "olivier@example.org"), \
		ADDRESS("office.url", "https://tickets.example.org/office"), TEXT("today", "24 November 2026"),                                \
		TEXT("request.time", "Tue 24 Nov 2026, 09:15")

static const struct field_declaration staff_link_fields[] = { STAFF, LINK("https://tickets.example.org/office/reset-password?token=EXAMPLE") };
static const struct field_declaration staff_notice_fields[] = { STAFF, CONDITION("is_factor_reset", "") };

#define FIELDS(array) array, COUNT(array)

static const struct document_class_info classes[DOCUMENT_CLASSES] = {
	[CLASS_RESET_PASSWORD] = { "reset-password", MSG_CLASS_RESET_PASSWORD, LANE_SECURITY, "STX_PASSWORD_RESET", FIELDS(reset_fields) },
	[CLASS_PASSWORD_CHANGED] = { "password-changed", MSG_CLASS_PASSWORD_CHANGED, LANE_SECURITY, "STX_PASSWORD_CHANGED", FIELDS(changed_fields) },
	[CLASS_CONFIRM_EMAIL] = { "confirm-email", MSG_CLASS_CONFIRM_EMAIL, LANE_SECURITY, "STX_CONFIRM_EMAIL", FIELDS(confirm_fields) },
	[CLASS_ACCOUNT_EXISTS] = { "account-exists", MSG_CLASS_ACCOUNT_EXISTS, LANE_SECURITY, "STX_ACCOUNT_EXISTS", FIELDS(exists_fields) },
	[CLASS_ACCOUNT_BLOCKED] = { "account-blocked", MSG_CLASS_ACCOUNT_BLOCKED, LANE_SECURITY, "STX_ACCOUNT_BLOCKED", FIELDS(blocked_fields) },
	[CLASS_TEST_MAIL] = { "test-mail", MSG_CLASS_TEST_MAIL, LANE_SECURITY, "STX_TEST_MAIL", FIELDS(test_fields) },
	[CLASS_OPERATOR_INVITATION] = { "operator-invitation", MSG_CLASS_OPERATOR_INVITATION, LANE_SECURITY, "STX_OPERATOR_INVITATION",
		FIELDS(staff_link_fields) },
	[CLASS_OPERATOR_RESET] = { "operator-reset", MSG_CLASS_OPERATOR_RESET, LANE_SECURITY, "STX_OPERATOR_RESET", FIELDS(staff_link_fields) },
	[CLASS_OPERATOR_NOTICE] = { "operator-notice", MSG_CLASS_OPERATOR_NOTICE, LANE_SECURITY, "STX_OPERATOR_NOTICE", FIELDS(staff_notice_fields) },
};

const struct document_class_info *document_class(enum document_class class)
{
	if ((unsigned)class >= DOCUMENT_CLASSES) BUG("document class %d", (int)class);
	return &classes[class];
}

bool document_class_from_code(struct str code, enum document_class *out)
{
	for (int c = 0; c < DOCUMENT_CLASSES; c++) {
		if (!str_eq(code, str_of(classes[c].code))) continue;
		*out = (enum document_class)c;
		return true;
	}
	return false;
}

const struct field_declaration *document_field(enum document_class class, struct str name)
{
	const struct document_class_info *info = document_class(class);
	for (size_t i = 0; i < info->field_count; i++)
		if (str_eq(info->fields[i].name, name)) return &info->fields[i];
	return NULL;
}
