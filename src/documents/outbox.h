/* documents/outbox.h: mails to be sent, queued in the transaction that causes them, delivered at least once by the background.
 * Nothing in a row suffices to make a link: it holds a link's public id; whoever sends signs (design.md 6). */
#pragma once
#include "documents/class.h"
#include "institution/point_of_sale.h"
#include "store/store.h"

/* A text for a merge field, or a condition ("" is false). */
struct merge_value {
	const char *field;
	struct str text;
};

/* A mail that something causes. VALUES are those of the cause (contact.…, account.…, request.time); the outbox itself adds institution.…, shop.…, organisation.…,
 * today; link.… comes at sending. */
struct letter {
	enum document_class class;
	int64_t point_of_sale;
	enum language language; /* wanted; a template missing in it → the document type's main language */
	struct str recipient, recipient_name;
	const struct merge_value *values; /* up to the one whose field is NULL */
	struct str link_id;				  /* 16 bytes, or empty */
	int link_purpose;				  /* formats/link.h */
	int64_t account;				  /* 0: none */
};

/* Queues LETTER inside a store_write. A class without an active document type is queued without template and fails at once, visibly (domain.md 5, Limitation). */
enum status outbox_add(struct conn *db, struct arena *a, const struct letter *letter);
