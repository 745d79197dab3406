/* office/contacts.h: what the pages of contacts share, and what their templates see. */
#pragma once
#include "accounts/contact_search.h"
#include "accounts/counter.h"
#include "documents/outbox.h"
#include "office/office.h"

#define SEARCH_TYPED_MAX 200 /* characters of a search; a name, a town and a number are 60 */

/* The list's search, of what its form says; for everybody in the actor's house. */
struct contact_query contact_query_of(struct request *r, struct str typed, struct str account, struct str language, struct str from);

/* A row of the list. */
struct row_shown {
	int64_t id;
	struct str name, first_name; /* "Rochat" and "Jeanne": the first is bold */
	struct str number, email, phone, town;
	bool has_account, may_reset;
	enum account_state state;
};

/* A choice of a filter. */
struct filter_shown {
	struct str value;
	enum message name;
	bool is_chosen;
};

struct column_shown {
	enum message name;
	struct url to; /* sorted by it; empty: not sortable now */
	bool is_number, is_sorted, is_descending;
};

#define LIST_COLUMNS 6

struct list_shown {
	struct str typed;
	struct row_shown *rows;
	size_t count;
	struct url next, first; /* empty text: there is none */
	bool is_broken_off, may_write, may_bulk;
	struct column_shown columns[LIST_COLUMNS];
	struct filter_shown accounts[ACCOUNT_FILTERS];
	struct filter_shown languages[LANGUAGES + 1];
	struct str made_from;
};

/* A language named in the page's own. */
struct str language_word(const struct office_page *p, enum language l);

/* The badge of an account: its word and shape. */
enum message account_state_word(enum account_state state);
const char *account_state_shape(enum account_state state);

/* The same of a mail. */
enum message mail_state_word(enum outbox_state state);
const char *mail_state_shape(enum outbox_state state);

/* The contact of the path's :ID, and its account; false: ANSWER is the page to give. */
struct contact_seen {
	struct contact contact;
	struct contact_account account;
	bool has_living; /* the account isn't closed */
};
bool contact_seen(struct request *r, struct contact_seen *out, struct response *answer);

/* A hidden field that goes on through the pop-up. */
struct carried {
	const char *name;
	struct str value;
};

/* The pop-up again with what was wrong, for contacts/:ID/internet-account and contacts/:ID/reset-password. */
struct popup {
	const struct counter_offer *offer;
	const char *action; /* the route's pattern */
	struct str path;	/* where its form goes */
	struct url back;
	const struct counter_choice *choice;
	const struct problem *why;
	const struct carried *carried;
	size_t carried_count;
	int64_t many; /* so many contacts get one; 0: one contact, named in the offer */
};
struct response popup_answer(struct request *r, int status, const struct popup *p);

/* 303, 409, 422, 429: what became of a link that was to be sent to CONTACT. */
struct response counter_answer(struct request *r, enum status st, const struct counter_result *result, const struct popup *p);

/* The contact's page with what was wrong about one of its small forms. */
struct response contact_answer(struct request *r, int status, int64_t contact, const struct problem *why);

struct response office_contacts_page(struct request *r); /* contacts.c */
struct response office_contacts_rows(struct request *r);
struct response office_contact_page(struct request *r); /* contact.c */
struct response office_contact_mails(struct request *r);
struct response office_reset_page(struct request *r); /* reset.c */
struct response office_reset(struct request *r);
struct response office_invite_page(struct request *r);
struct response office_invite(struct request *r);
struct response office_contact_file(struct request *r);		/* contact_file.c */
struct response office_account_sign_out(struct request *r); /* account_acts.c */
struct response office_account_block(struct request *r);
struct response office_account_unblock(struct request *r);
struct response office_account_close(struct request *r);
struct response office_account_session_end(struct request *r);
struct response office_email_change_withdraw(struct request *r);
struct response office_mail_again(struct request *r);
struct response office_merge_page(struct request *r); /* contact_merge.c */
struct response office_merge(struct request *r);
struct response office_merge_undo(struct request *r);
