/* office/office.h: what all pages of the operators' face share: whose office it is, who acts, and the frame of a page. */
#pragma once
#include "base/render.h"
#include "formats/link.h"
#include "guard/hasher.h"
#include "institution/audit.h"
#include "institution/doors.h"
#include "institution/operator_session.h"
#include "web/form.h"
#include "web/route.h"

struct worker;
struct templates;

/* The process's things that the office needs; outlives the server. */
struct office {
	struct doors *doors;
	struct hasher *hasher;
	struct templates *templates;
	struct link_keys links;
	struct str url;			/* --office-url: "https://office.example.org"; empty: what the house says (doors_office), else the first shop's host */
	enum http_allowed http; /* whether a public URL may be http:// beyond this machine: --allow-http */
	bool is_demo;			/* no second factor is demanded */
	struct worker *worker;	/* the background, which stands above us: work/worker.h's worker_wake and worker_note_operator */
	void (*wake)(struct worker *w);
	void (*note_session)(struct worker *w, struct str token_hash);
	bool has_mail;							   /* --mail was given: the stored mail server is not used */
	unsigned char mail_key[32], setup_key[32]; /* seal the stored mail server; make the code of the first run */
	unsigned char here_key[32];				   /* answers for this office at its own addresses */
	unsigned char factor_secret[32];		   /* seals second factors */
	unsigned char link_secret[32];			   /* binds a form to the link it was opened with */
};

extern const struct route office_routes[];
extern const size_t office_route_count;

/* The face over OFFICE, for the server. Stops the program when a route has no decision. */
struct face office_face(struct office *office);

/* The face that answers at any address when this office visits itself (institution/here.h); before all others. */
struct face here_face(struct office *office);

/* ---- who may ask for a route ---- */

/* A route's decision, part of its .needs. Every route has exactly one; 0 is none, with which the office doesn't start. */
#define DECISION(n)	  ((unsigned)(n) << 24)
#define DECISION_MASK 0xff000000u
#define ANYBODY		  DECISION(1)			 /* pages before the sign-in */
#define OPERATOR	  DECISION(2)			 /* every signed-in operator */
#define ENROLLING	  DECISION(4)			 /* also an administrator who has to set up the second factor first */
#define HALF		  DECISION(3)			 /* also one whose second factor is to come */
#define MAY(right)	  DECISION(16 + (right)) /* an operator with this right: .needs = MAY(RIGHT_CONTACT_READ) */

#define POLL FACE_NEED(0) /* asked by a page by itself: no activity, so it keeps nobody signed in */

_Static_assert(16 + RIGHTS <= 255, "a decision is eight bits of .needs");

/* The right that a route's needs name; false when the decision is another. */
bool decision_right(unsigned needs, enum right *out);

/* What the routes' .limit counts. */
enum office_limit { OFFICE_UNLIMITED, OFFICE_LIMIT_RECOVERY, OFFICE_LIMIT_RESET, OFFICE_LIMIT_PASSWORD, OFFICE_LIMIT_MAIL };

/* Who is signed in: r->visitor. */
struct staff {
	struct operator_session session;
	struct operator person;
	struct actor actor;
};

struct office *office_of(const struct request *r);
const struct staff *staff_of(const struct request *r); /* NULL: nobody, or not wholly */

/* Who acts, for the capabilities; in a handler whose route needs an operator. */
const struct actor *actor_of(const struct request *r);

/* Notes in the trail that the operator tried to do what he may not, or to a record that is not his: where, and nothing else of it (recovery-cases 52). Not inside a
 * store_write. */
void office_note_refused(struct request *r);

/* The institution's first shop, whose look the office has; NULL while there is none. */
const struct door *office_door(const struct request *r);

/* The office's address for links in mails: "https://tickets.example.org/office". */
struct str office_base_url(struct arena *a, const struct office *office, const struct door *first);

/* How many hours a link works, from sending. */
int64_t office_link_hours(const struct request *r);

/* Something was queued: the background looks now. */
void office_wake(struct request *r);

struct operator_asker office_asker(struct request *r);
void office_sign_in_browser(struct request *r, struct str token);
void office_sign_out_browser(struct request *r);

#define OFFICE_PASSWORD_BYTES 1024 /* of a field: what is over 256 is refused with words, what is over this unread */
#define OFFICE_NEXT_BYTES	  2048 /* path_is_local's own bound */

/* NEXT when it is a path of the office, else empty; and PATH with it as ?next=. */
struct str office_local_next(struct str next);
struct str office_with_next(struct request *r, const char *path, struct str next);

/* ---- the frame of a page ---- */

/* The places of the bar, and of the institution's own row. */
enum office_tab {
	OFFICE_TAB_NONE,
	OFFICE_TAB_START,
	OFFICE_TAB_COUNTER,
	OFFICE_TAB_ORDERS,
	OFFICE_TAB_PROGRAMME,
	OFFICE_TAB_CONTACTS,
	OFFICE_TAB_MONEY,
	OFFICE_TAB_SHIPPING,
	OFFICE_TAB_INSTITUTION
};
enum office_place {
	PLACE_NONE,
	PLACE_DOCUMENT_TYPES,
	PLACE_POINTS_OF_SALE,
	PLACE_SETTINGS,
	PLACE_OUTBOX,
	PLACE_OPERATORS,
	PLACE_RIGHTS,
	PLACE_AUDIT,
};

struct office_way {
	struct url to;
	enum message name;
	bool is_current;
};

struct office_language {
	const char *tag, *name;
	bool is_current;
};

#define OFFICE_WAYS_MAX 16

/* What office/layout.html needs. */
struct office_page {
	struct request *request;
	const struct staff *staff; /* NULL: before the sign-in */
	struct str house;		   /* the institution's name */
	struct str profiles;	   /* "Box office, Manager" */
	struct url look;		   /* the accent's stylesheet */
	struct str title;
	bool is_error; /* "Error: " before the title */
	bool may_search;
	struct str search; /* what was searched for: stands in the bar's field */
	struct str csrf_signout;
	struct office_way tabs[OFFICE_WAYS_MAX], places[OFFICE_WAYS_MAX];
	size_t tab_count, place_count; /* no places: the page is not one of the institution's */
	struct office_language languages[LANGUAGES];
};

/* A page of TITLE in the bar's TAB. */
struct office_page office_page(struct request *r, enum message title, enum office_tab tab);

/* A page of the institution's row. */
struct office_page office_institution_page(struct request *r, enum message title, enum office_place place);

/* A path of ours that keeps the language chosen by ?lang=; the same with one parameter more, left away when VALUE is empty. */
struct url office_link(const struct office_page *p, const char *path);
struct url office_link_with(const struct office_page *p, const char *path, const char *name, struct str value);

/* "/contacts/17" of "/contacts/%lld". */
struct url office_link_id(const struct office_page *p, const char *format, int64_t id) __attribute__((format(printf, 2, 0)));

/* 303 to a path of ours, keeping the language chosen. */
struct response office_redirect(struct request *r, struct str path);

/* An empty page's writer, in the operator's language and the house's zone; and the answer made of it. */
struct render office_render(struct request *r);
struct response office_answer(struct request *r, int status, const struct render *out);

/* N as a number field's value; empty when it is negative, since no field of ours takes such: then it was no number. */
struct str office_number(const struct office_page *p, int64_t n);

/* The number typed in FIELD; -1, which is outside every range of ours, when it is none. */
int64_t office_typed_number(const struct form *f, const char *field);

/* The finding at FIELD as a text, or empty; a message and a finding, for templates. */
struct str office_field_error(const struct office_page *p, const struct problem *why, const char *field);
struct str office_text(const struct office_page *p, enum message m);
struct str office_finding(const struct office_page *p, const struct finding *f);

/* The message that ?done= names ("signed-out"), or empty: only texts of ours (page.c has the list). */
struct str office_done(const struct office_page *p);

/* ---- handlers, by file ---- */

struct response office_start_page(struct request *r); /* start.c */
struct response office_look(struct request *r);
struct response office_signin_page(struct request *r); /* signin.c */
struct response office_signin(struct request *r);
struct response office_signout(struct request *r);
struct response office_forgot_page(struct request *r); /* recovery.c */
struct response office_forgot(struct request *r);
struct response office_staff_reset_page(struct request *r);
struct response office_staff_reset(struct request *r);
struct response office_factor_page(struct request *r); /* second_factor.c */
struct response office_factor(struct request *r);
struct response office_factor_setup_page(struct request *r);
struct response office_factor_picture(struct request *r);
struct response office_factor_begin(struct request *r);
struct response office_factor_confirm(struct request *r);
struct response office_operators_page(struct request *r); /* operators.c */
struct response office_operator_new_page(struct request *r);
struct response office_operator_new(struct request *r);
struct response office_operator_page(struct request *r);
struct response office_operator_change(struct request *r);
struct response office_operator_invite(struct request *r);
struct response office_operator_block(struct request *r);
struct response office_operator_unblock(struct request *r);
struct response office_operator_factor_reset(struct request *r);
struct response office_operator_sign_out(struct request *r);
struct response office_parked_page(struct request *r); /* parked.c */
struct response office_parked_drop(struct request *r);
struct response office_rights_page(struct request *r); /* rights.c */
struct response office_audit_page(struct request *r);  /* audit.c */
struct response office_audit_file(struct request *r);
struct response office_erase_page(struct request *r); /* erase.c */
struct response office_erase(struct request *r);
struct response office_me_page(struct request *r); /* me.c */
struct response office_me_language(struct request *r);
struct response office_me_password_page(struct request *r);
struct response office_me_password(struct request *r);
struct response office_me_session_end(struct request *r);
struct response office_me_sessions_end(struct request *r);
