/* shop/shop.h: what all pages of the buyer's face share: the point of sale one stands in, who is signed in, and the frame of a page. */
#pragma once
#include "accounts/recovery.h"
#include "accounts/session.h"
#include "base/render.h"
#include "guard/hasher.h"
#include "institution/doors.h"
#include "web/form.h"
#include "web/route.h"

struct worker;

/* The process's things that the shop needs; outlives the server. */
struct shop {
	struct doors *doors;
	struct hasher *hasher;
	struct link_keys links;
	struct templates *templates; /* documents/parsed.h */
	struct worker *worker;		 /* the background, which stands above us: work/worker.h's worker_wake and worker_note_session */
	void (*wake)(struct worker *w);
	void (*note_session)(struct worker *w, struct str token_hash);
	unsigned char link_secret[32]; /* binds a form to the link it was opened with */
};

extern const struct route shop_routes[];
extern const size_t shop_route_count;

/* The face over SHOP, for the server. */
struct face shop_face(struct shop *shop);

#define BUYER FACE_NEED(0) /* a signed-in, active internet account */

/* What the routes' .limit counts, a network each. */
enum shop_limit { LIMIT_NONE, LIMIT_RECOVERY, LIMIT_REGISTER, LIMIT_RESET, LIMIT_PASSWORD, LIMIT_BASKET, LIMIT_CHECKOUT, LIMIT_FOLLOW };

/* Who is signed in: r->visitor. */
struct visitor {
	struct session session;
	struct account account;
};

const struct door *door_of(const struct request *r);
const struct visitor *visitor_of(const struct request *r);
struct shop *shop_of(const struct request *r);

/* From where a request asks, for the capabilities. */
struct asker asker_of(struct request *r);

/* Something was queued: the background looks now. */
void wake_background(struct request *r);

/* Puts the session's TOKEN into the browser; takes it away. */
void sign_in_browser(struct request *r, struct str token);
void sign_out_browser(struct request *r);

#define PASSWORD_BYTES 1024 /* of a field: what is over 256 is refused with words, what is over this unread */
#define NEXT_BYTES	   2048 /* path_is_local's own bound */

#define LINK_COOKIE_SECONDS (30 * 60) /* a mail's link while its form is open (design.md 6) */
#define LINK_TOKEN_MAX		512		  /* bytes of a token looked at; a link has LINK_TEXT_SIZE */

/* Where a visitor was heading: NEXT when it is a path of this shop, else empty; and NEXT or another place. */
struct str local_next(struct str next);
struct str next_or(struct str next, struct str otherwise);

/* What a form carries to show that it was opened with the link in the cookie, so that two tabs cannot mix (recovery-cases 55). */
struct str shop_link_mark(struct request *r, struct str token);

/* 303 to PATH?token=… at the point of sale that the link was made for. */
struct response link_of_another_shop(struct request *r, const char *path, int64_t point_of_sale, struct str token);

/* ---- the frame of a page ---- */

enum shop_tab { TAB_NONE, TAB_HOME, TAB_BASKET, TAB_SIGNIN, TAB_ACCOUNT };

struct shop_language {
	const char *tag, *name;
	bool is_current;
};

/* What shop/layout.html needs. */
struct shop_page {
	struct request *request;
	const struct door *door;
	const struct visitor *visitor; /* NULL: a guest */
	const struct house_text *text;
	struct str title;
	enum shop_tab tab;
	bool is_error; /* "Error: " before the title */
	struct {
		struct str title, over, what; /* a title: the page has the large head */
		int64_t at;					  /* a time instead of OVER */
	} poster;
	int64_t in_basket;		/* tickets */
	const char *data_state; /* of the order that the page shows */
	bool is_narrow;
	struct shop_language languages[LANGUAGES];
	size_t language_count;
};

/* A page of TITLE. */
struct shop_page shop_page(struct request *r, enum message title, enum shop_tab tab);

/* A path of ours that keeps the language the visitor chose by ?lang=. */
struct url shop_link(const struct shop_page *p, const char *path);

/* The same with one parameter more, percent-encoded; left away when VALUE is empty. */
struct url shop_link_with(const struct shop_page *p, const char *path, const char *name, struct str value);

/* 303 to a path of ours, keeping the language chosen. */
struct response shop_redirect(struct request *r, struct str path);

/* An empty page's writer, in the visitor's language and the house's zone; and the answer made of it. */
struct render shop_render(struct request *r);
struct response shop_answer(struct request *r, int status, const struct render *out);

/* The finding at FIELD as a text, or empty. */
struct str field_error(const struct shop_page *p, const struct problem *why, const char *field);

/* A message, a finding, and the house's telephone in national form, for templates. */
struct str page_text(const struct shop_page *p, enum message m);
struct str finding_text(const struct shop_page *p, const struct finding *f);
struct str phone_shown(const struct shop_page *p);
struct url phone_link(const struct shop_page *p);
struct url email_link(const struct shop_page *p);

/* The message that ?done= names ("password-changed"), or empty: only texts of ours. */
struct str done_message(const struct shop_page *p);

/* A paragraph or a heading of the terms of sale. */
struct terms_part {
	bool is_heading;
	struct str text;
};

/* ---- handlers, by file ---- */

struct response shop_home_page(struct request *r); /* home.c */
struct response shop_look(struct request *r);
struct response shop_picture(struct request *r);
struct response shop_logo(struct request *r);
struct response shop_signin_page(struct request *r); /* signin.c */
struct response shop_signin(struct request *r);
struct response shop_signout(struct request *r);
struct response shop_register_page(struct request *r); /* register.c */
struct response shop_register(struct request *r);
struct response shop_confirm_page(struct request *r);
struct response shop_confirm(struct request *r);
struct response shop_forgot_page(struct request *r); /* recovery.c */
struct response shop_forgot(struct request *r);
struct response shop_reset_page(struct request *r);
struct response shop_reset(struct request *r);
struct response shop_account_page(struct request *r); /* account.c */
struct response shop_profile_page(struct request *r);
struct response shop_profile(struct request *r);
struct response shop_password_page(struct request *r);
struct response shop_password(struct request *r);
struct response shop_sessions_page(struct request *r);
struct response shop_session_end(struct request *r);
struct response shop_sessions_end(struct request *r);
struct response shop_change_password(struct request *r);
struct response shop_email_page(struct request *r); /* email.c */
struct response shop_email(struct request *r);
struct response shop_change_email_page(struct request *r);
struct response shop_change_email(struct request *r);
struct response shop_keep_email_page(struct request *r);
struct response shop_keep_email(struct request *r);

struct response shop_terms_page(struct request *r); /* terms.c */
struct response shop_event_page(struct request *r); /* programme.c */
struct response shop_performance_page(struct request *r);
struct response shop_basket_page(struct request *r); /* basket.c */
struct response shop_basket(struct request *r);
struct response shop_basket_remove(struct request *r);
struct response shop_basket_mend(struct request *r);
struct response shop_checkout_page(struct request *r); /* checkout.c */
struct response shop_checkout(struct request *r);
struct response shop_order_page(struct request *r); /* order.c */
struct response shop_orders_page(struct request *r);
struct response shop_bill(struct request *r);
struct response shop_tickets_page(struct request *r); /* tickets.c */
struct response shop_tickets_pdf(struct request *r);
struct response shop_invoice(struct request *r);

/* The performance's page with STATUS, its form and what is wrong. */
struct response shop_performance_answer(struct request *r, int status, int64_t performance, const struct problem *why);

/* How many tickets lie in this browser's basket; asks the database. */
int64_t basket_tickets(struct request *r);

/* The page for a link that no longer works, with the form to ask for a new one. */
struct response shop_dead_link_page(struct request *r, enum recovery_outcome outcome, const struct recovery_view *view);
