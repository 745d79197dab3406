/* office/house.h: what the pages of the institution show: document types, points of sale, settings, the outbox; and their handlers. */
#pragma once
#include "documents/draft.h"
#include "documents/outbox.h"
#include "documents/type.h"
#include "institution/organisation.h"
#include "institution/plain.h"
#include "institution/sale_edit.h"
#include "office/office.h"

/* A way to choose, as a check box or an option. */
struct choice {
	int64_t id;
	struct str code, name;
	bool is_chosen;
};

/* ---- document types ---- */

struct type_shown {
	int64_t id;
	struct str code, name, class_name;
	const char *main_language;
	bool is_active;
};

/* The form of a type: new, or changed. */
struct type_form {
	int64_t id; /* 0: new */
	struct str code, name, class_name;
	bool is_active, may_all; /* it may be for all organisations */
	struct choice *classes, *organisations, *channels;
	size_t class_count, organisation_count, channel_count;
	struct choice languages[LANGUAGES];
};

struct version_shown {
	int64_t id, version, made_at;
	enum language language;
	struct str made_by, subject;
	bool is_in_force, is_shipped, is_main, is_open; /* open: its versions and preview are on the page */
};

enum preview_view { VIEW_PHONE, VIEW_DESKTOP, VIEW_PLAIN };

/* What a page shows of a template: the frame's address, or the text. */
struct preview_shown {
	enum preview_view view;
	struct url frame, phone, desktop, plain; /* each view's address */
	struct str title, subject, text;
	bool is_there; /* false: it cannot be merged, the findings say why */
};

struct draft_shown {
	const struct document_type *type;
	const struct draft *draft;
	const struct problem *faults, *remarks;
	int64_t in_force; /* the version that stands while it waits; 0: none */
};

struct field_shown {
	struct str name, example;
	enum message kind;
	bool is_required, is_condition;
};

/* ---- points of sale ---- */

struct sale_form {
	const struct sale_edit *edit;
	const struct sale_row *row;
	struct logo logo;
	struct str csrf_logo, csrf_logo_remove, csrf_visit;
	struct choice *organisations, *channels;
	size_t organisation_count, channel_count;
	struct choice languages[LANGUAGES];
};

enum message sale_state_message(enum sale_state state);

/* What came of a visit, in words. */
enum message reach_message(enum reach reach);

/* Visits DOOR's public URL, which must be set, and waits VISIT_SECONDS at most. */
enum reach here_visit(struct arena *a, const uint8_t key[HERE_KEY_SIZE], const struct point_of_sale *door);

/* The same for a point of sale as it is stored, and keeps what came of it. *WAIT: not visited, too often; try again in so many seconds. */
enum status office_visit(struct request *r, const struct sale_edit *sale, int *wait);

/* The point of sale that the first segment names, where the actor may read it; false with the answer INSTEAD. */
bool sale_of_path(struct request *r, struct sale_edit *e, struct sale_row *row, struct response *instead);

/* ---- the outbox ---- */

struct mail_shown {
	int64_t id, made_at, due_at, attempts, sent_at;
	enum outbox_state state;
	struct str recipient, class_name, answer;
	bool is_test;
};

/* A day's mails: its bar is sent_width, then rest_width, of 100. */
struct mail_day {
	struct str name;
	int64_t at, sent, failed, waiting;
	struct str sent_width, rest_width;
};

struct outbox_view {
	struct url to;
	enum message name;
	int64_t count;
	bool is_current, is_of_day; /* counted over the last day alone */
};

struct outbox_page {
	struct outbox_view views[4];
	struct str word; /* the view's, in its address */
	enum outbox_state state;
	struct mail_shown *mails;
	struct mail_day *days;
	size_t mail_count, day_count;
	int64_t failed;
	struct url more; /* empty: no older ones */
};

/* The last two weeks of the actor's house, today first. */
enum status outbox_days(struct request *r, struct mail_day **out, size_t *count);

/* ---- the start page ---- */

/* A day's sales: its bar is so wide, of 100, by tickets. */
struct sale_day {
	struct str name;
	int64_t at, orders, tickets, money;
	struct str width;
};

#define TODOS_MAX 12 /* kinds of things that want somebody */

struct todo {
	int64_t count;
	enum todo_kind { TODO_WARN, TODO_BAD } kind;
	enum message word, what; /* the state, and where the link leads */
	struct url to;
	struct str why;
};

struct start_figures {
	bool may_see_mails, may_see_sales;
	struct sale_day *sales; /* today first */
	size_t sales_count;
	struct str currency;
	int64_t mails[OUTBOX_DROPPED + 1];
	struct mail_day *days;
	size_t day_count;
};

/* ---- the first run, and settings ---- */

struct setup_form {
	bool has_house; /* made by `init` already: only the administrator is asked for */
	struct str code, institution, zone, currency, office_url, name, email;
	struct choice *countries;
	size_t country_count;
	struct choice languages[LANGUAGES];
};

struct house_edit;

struct mail_form {
	struct str host, port, user, security; /* "starttls", "tls", "plain" */
	struct str place;					   /* of the stored server; empty: none */
	bool may_save_anyway;				   /* the test failed */
	bool by_option;						   /* --mail decides, this form does not */
};

/* ---- handlers, by file ---- */

struct response office_types_page(struct request *r); /* document_types.c */
struct response office_type_new_page(struct request *r);
struct response office_type_new(struct request *r);
struct response office_type_edit_page(struct request *r);
struct response office_type_edit(struct request *r);
struct response office_class_page(struct request *r);
struct response office_type_page(struct request *r); /* document_type.c */
struct response office_type_upload(struct request *r);
struct response office_version_mail(struct request *r);
struct response office_version_file(struct request *r);
struct response office_version_use(struct request *r);
struct response office_version_test(struct request *r);
struct response office_shipped_file(struct request *r);
struct response office_draft_page(struct request *r); /* document_draft.c */
struct response office_draft_mail(struct request *r);
struct response office_draft_use(struct request *r);
struct response office_draft_drop(struct request *r);
struct response office_sales_page(struct request *r); /* points_of_sale.c */
struct response office_sale_new_page(struct request *r);
struct response office_sale_new(struct request *r);
struct response office_sale_page(struct request *r);
struct response office_sale(struct request *r);
struct response office_sale_state(struct request *r);
struct response office_sale_logo_picture(struct request *r);
struct response office_sale_logo(struct request *r);
struct response office_sale_logo_remove(struct request *r);
struct response office_sale_terms_page(struct request *r); /* sale_terms.c */
struct response office_sale_terms(struct request *r);
struct response office_sale_visit(struct request *r);  /* here.c */
struct response office_outbox_page(struct request *r); /* outbox.c */
struct response office_mail_retry(struct request *r);
struct response office_mails_retry(struct request *r);
struct response office_keys_page(struct request *r);  /* start.c */
struct response office_setup_page(struct request *r); /* setup.c */
struct response office_setup(struct request *r);
struct response office_settings_page(struct request *r); /* settings.c */
struct response office_house(struct request *r);
struct response office_mail_server(struct request *r); /* mail_server.c */

/* The terms of one language, as they stand in their field. */
struct terms_shown {
	const char *field, *name, *tag;
	struct str words;
	bool is_draft;
};

/* The settings. SENT: what came and could not be saved; NULL: as it stands in the database. */
struct response settings_answer(
	struct request *r, int status, struct mail_form *form, const struct house_edit *sent, struct str done, const struct problem *why);

/* The type that the first segment names, where the operator may read it; false with the answer INSTEAD. */
bool type_of_path(struct request *r, struct document_type *out, struct response *instead);

/* The same where he may change it. */
bool type_to_change(struct request *r, struct document_type *out, struct response *instead);

/* The point of sale whose look previews have: the house's first internet one, else one that is made up. */
enum status preview_shop(struct request *r, struct point_of_sale *out, bool *is_real);

/* The view that ?view= names, and the addresses of all three under PATH (of a page) and FRAME. */
struct preview_shown preview_ways(const struct office_page *p, struct str path, struct str frame);

/* The answer of a frame: WORD of TYPE filled with samples; or its own words when that cannot be done. */
struct response preview_answer(struct request *r, const struct document_type *type, enum language l, struct str word);

/* The first form_next values of FIELD that are ids, as choices of LIST become chosen. */
int64_t *chosen_ids(struct request *r, const struct form *f, const char *field, size_t *count);
