/* office/contact_view.h: what office/contact.html sees. */
#pragma once
#include "office/contacts.h"

struct mail_shown {
	int64_t id, made_at, sent_at;
	struct str what, recipient, by, answer;
	enum message word;
	const char *shape;
	bool is_failed;
};

struct contact_view {
	const struct contact_seen *seen;
	struct str name, number, address, phone, language;
	struct str why_not; /* why no link can be sent; empty: one can */
	bool lacks_shop;
	bool may_write, may_reset, may_block;
	struct mail_shown *mails;
	size_t mail_count;
};

/* An address on one line, its country named in the operator's language. */
struct str address_shown(struct request *r, const struct postal *p);
