/* office/contact_view.h: what office/contact.html sees. */
#pragma once
#include "accounts/contact_file.h"
#include "accounts/email_change.h"
#include "accounts/merge.h"
#include "office/contacts.h"

struct mail_shown {
	int64_t id, made_at, sent_at;
	struct str what, recipient, by, answer;
	enum message word;
	const char *shape;
	bool is_failed, may_again; /* it can be sent again */
};

struct event_shown {
	int64_t at;
	enum message word;
	struct str network;
};

/* A browser in which the buyer is signed in. */
struct account_device {
	struct str id, browser, network;
	int64_t made_at, seen_at;
};

/* One of two contacts that are compared. */
struct merge_side {
	const struct contact_seen *seen;
	struct str name, number, address, phone, language;
};

struct merged_shown {
	int64_t id, at;
	struct str name, number;
	bool can_be_undone;
};

struct contact_view {
	const struct contact_seen *seen;
	struct str name, number, address, phone, language;
	struct str why_not; /* why no link can be sent; empty: one can */
	bool lacks_shop;
	bool may_write, may_reset, may_block, may_see_trail, may_withdraw;
	struct account_device *devices;
	size_t device_count;
	struct email_change waiting; /* a new address that waits; empty: none */
	struct merged_shown *merged;
	size_t merged_count;
	struct mail_shown *mails;
	size_t mail_count;
	const struct contact_file *file;
	struct event_shown events[FILE_ROWS_MOST];
	size_t event_count;
	struct likely likely[LIKELY_MOST];
	size_t likely_count;
	const char *again_path; /* of a mail's id */
	struct str csrf_file, csrf_again, csrf_sign_out, csrf_block, csrf_unblock, csrf_close, csrf_session, csrf_undo, csrf_withdraw;
};

/* What somebody agreed to, in words; and all of them, for templates. */
enum message consent_word(enum consent_purpose p);
extern const enum consent_purpose consent_all[CONSENT_PURPOSES];

/* The page that compares STAYS with GOES. */
struct url merge_link(const struct office_page *p, int64_t stays, int64_t goes);

/* An address on one line, its country named in the operator's language. */
struct str address_shown(struct request *r, const struct postal *p);
