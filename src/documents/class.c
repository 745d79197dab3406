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
#define PICTURE(name)                                   \
	{                                                   \
		{ STR(name) }, { STR("logo.png") }, FIELD_IMAGE \
	}
#define CONDITION(name, example)                         \
	{                                                    \
		{ STR(name) }, { STR(example) }, FIELD_CONDITION \
	}

/* What every mail of the shop knows: house, door, person, when. */
#define COMMON                                                                                                                                 \
	TEXT("institution.name", "Théâtre du Lac"), TEXT("organisation.name", "Théâtre du Lac"), TEXT("shop.name", "Online"),                      \
		ADDRESS("shop.url", "https://tickets.example.org"), TEXT("shop.email", "tickets@example.org"), TEXT("shop.phone", "+41 21 555 01 00"), \
		PICTURE("shop.logo"), TEXT("contact.first_name", "Jeanne"), TEXT("contact.last_name", "Favre"), TEXT("contact.salutation", "Madame"),  \
		TEXT("contact.number", "10009"), TEXT("contact.language", "Français"), TEXT("account.email", "jeanne@example.org"),                    \
		TEXT("today", "24 November 2026"), TEXT("request.time", "Tue 24 Nov 2026, 09:15")

/* A link that must reach the reader: a template without it is refused, and so is a merge that loses it. */
#define LINK(url)                                                                                                              \
	{ { STR("link.url") }, { STR(url) }, FIELD_URL, .is_required = true }, TEXT("link.valid_until", "Thu 26 Nov 2026, 09:15"), \
		TEXT("link.valid_hours", "48")

/* A list with its items' fields, which stand inside {{#name}} … {{/name}}. */
#define LIST(name, of)                                                             \
	{                                                                              \
		{ STR(name) }, { "", 0 }, FIELD_LIST, .items = of, .item_count = COUNT(of) \
	}

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
static const struct field_declaration change_fields[] = {
	COMMON,
	LINK("https://tickets.example.org/change-email?token=EXAMPLE"),
	CONDITION("by_operator", ""),
};
static const struct field_declaration notice_fields[] = {
	COMMON,
	LINK("https://tickets.example.org/keep-email?token=EXAMPLE"),
	TEXT("change.email", "j…@example.net"),
	CONDITION("by_operator", ""),
};
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

/* A bill is a letter with a slip and a mail that carries it; one template serves both, and says with in_mail and in_letter what is for one alone. In the letter
 * link.url is the order's page without its key. */
static const struct field_declaration bill_line_fields[] = {
	TEXT("line.title", "Carmen"),
	TEXT("line.detail", "Sat 5 Dec 2026, 20:00, Large Hall, Category 1, Full price, row D, seats 5, 6"),
	TEXT("line.quantity", "2"),
	TEXT("line.price", "95.00"),
	TEXT("line.amount", "190.00"),
};
static const struct field_declaration bill_vat_fields[] = {
	TEXT("vat.rate", "2.6"),
	TEXT("vat.gross", "195.00"),
	TEXT("vat.amount", "4.94"),
};
#define ORDER_LINK(url)                                                   \
	{                                                                     \
		{ STR("link.url") }, { STR(url) }, FIELD_URL, .is_required = true \
	}
#define BILL                                                                                                                                 \
	COMMON, ORDER_LINK("https://tickets.example.org/orders/10001-7?token=EXAMPLE"), CONDITION("in_mail", "yes"), CONDITION("in_letter", ""), \
		CONDITION("is_reservation", "yes"), TEXT("bill.number", "2026-00017"), TEXT("bill.date", "24 November 2026"),                        \
		TEXT("bill.due_date", "4 December 2026"), TEXT("bill.amount", "CHF 195.00"), TEXT("bill.currency", "CHF"),                           \
		TEXT("bill.account", "CH44 3199 9123 0008 8901 2"), TEXT("bill.reference", "00 00000 00000 00012 02600 00172"),                      \
		TEXT("order.number", "10001-7"), TEXT("order.date", "24 November 2026"), LIST("vat", bill_vat_fields)
static const struct field_declaration bill_fields[] = { BILL, LIST("lines", bill_line_fields) };
static const struct field_declaration bill_brief_fields[] = { BILL, TEXT("bill.part", "Instalment 1 of 3 of order 10001-7") };
static const struct field_declaration cancellation_fields[] = {
	COMMON,
	ORDER_LINK("https://tickets.example.org/orders/10001-7?token=EXAMPLE"),
	CONDITION("is_expired", "yes"),
	TEXT("order.number", "10001-7"),
	TEXT("order.date", "24 November 2026"),
	TEXT("order.total", "CHF 195.00"),
};
static const struct field_declaration confirmation_fields[] = {
	COMMON,
	ORDER_LINK("https://tickets.example.org/orders/10001-7?token=EXAMPLE"),
	TEXT("order.number", "10001-7"),
	TEXT("order.date", "24 November 2026"),
	TEXT("order.total", "CHF 195.00"),
};

/* One document for letters with and without a tracking number, for all of them and for a part (shipping-rules.md 5). */
static const struct field_declaration piece_fields[] = {
	TEXT("piece.number", "1"),
	TEXT("piece.count", "2"),
	TEXT("piece.tracking_number", "98.34.118204.00018231"),
	ADDRESS("piece.tracking_url", "https://track.example.org/983411820400018231?lang=en"),
	TEXT("piece.tickets", "7"),
};
static const struct field_declaration follow_ticket_fields[] = {
	TEXT("ticket.event", "Carmen"),
	TEXT("ticket.date", "Sat 5 Dec 2026, 20:00"),
	TEXT("ticket.place", "Stalls"),
	TEXT("ticket.seat", "D 5"),
};
static const struct field_declaration follow_fields[] = {
	COMMON,
	{ { STR("shipment.follow_url") }, { STR("https://tickets.example.org/follow?token=EXAMPLE") }, FIELD_URL, .is_required = true },
	ADDRESS("shipment.account_url", "https://tickets.example.org/account/orders"),
	TEXT("shipment.number", "S-10001-7"),
	TEXT("shipment.mode", "By post"),
	TEXT("shipment.partner", "Swiss Post"),
	TEXT("shipment.posted_date", "24 November 2026"),
	TEXT("shipment.expected_from", "25 November 2026"),
	TEXT("shipment.expected_until", "27 November 2026"),
	TEXT("shipment.address", "Jeanne Favre, Rue du Lac 1, 2000 Neuchâtel"),
	TEXT("shipment.ticket_count", "7"),
	TEXT("order.number", "10001-7"),
	CONDITION("has_tracking", "yes"),
	CONDITION("is_part", ""),
	CONDITION("is_rest", ""),
	CONDITION("is_correction", ""),
	CONDITION("is_replacement", ""),
	CONDITION("is_ready_for_pickup", ""),
	CONDITION("is_returned", ""),
	LIST("pieces", piece_fields),
	LIST("tickets", follow_ticket_fields),
};

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
	[CLASS_QR_INVOICE] = { "qr-invoice", MSG_CLASS_QR_INVOICE, LANE_ORDER, "STX_QR_INVOICE", FIELDS(bill_fields) },
	[CLASS_QR_INVOICE_BRIEF] = { "qr-invoice-brief", MSG_CLASS_QR_INVOICE_BRIEF, LANE_ORDER, "STX_QR_INVOICE_BRIEF", FIELDS(bill_brief_fields) },
	[CLASS_CANCELLATION] = { "cancellation", MSG_CLASS_CANCELLATION, LANE_ORDER, "STX_CANCELLATION", FIELDS(cancellation_fields) },
	[CLASS_EMAIL_CHANGE] = { "email-change", MSG_CLASS_EMAIL_CHANGE, LANE_SECURITY, "STX_EMAIL_CHANGE", FIELDS(change_fields) },
	[CLASS_EMAIL_NOTICE] = { "email-notice", MSG_CLASS_EMAIL_NOTICE, LANE_SECURITY, "STX_EMAIL_NOTICE", FIELDS(notice_fields) },
	[CLASS_FOLLOW_SHIPMENT] = { "follow-shipment", MSG_CLASS_FOLLOW_SHIPMENT, LANE_ORDER, "STX_FOLLOW_SHIPMENT", FIELDS(follow_fields) },
	[CLASS_ORDER_CONFIRMATION] = { "order-confirmation", MSG_CLASS_ORDER_CONFIRMATION, LANE_ORDER, "STX_ORDER_CONFIRMATION",
		FIELDS(confirmation_fields) },
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
