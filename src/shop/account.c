/* shop/account.c: the account's own pages. */
#include "shop/account.h"

#include "accounts/phone.h"
#include "base/country.h"
#include "shop/account.html.h"
#include "shop/password.html.h"
#include "shop/profile.html.h"
#include "shop/sessions.html.h"
#include "shop/shop.h"
#include "web/agent.h"
#include "web/csrf.h"

struct response shop_account_page(struct request *r)
{
	struct shop_page p = shop_page(r, MSG_TAB_ACCOUNT, TAB_ACCOUNT);
	struct render out = shop_render(r);
	tpl_shop_account(&out, &(const struct tpl_shop_account){ .page = &p, .csrf = csrf_token(r, "/signout"), .done = done_message(&p) });
	return shop_answer(r, 200, &out);
}

/* ---- profile ---- */

static const struct form_field profile_fields[] = {
	{ "salutation", .max = 2 },
	{ "first_name", .max = 200 },
	{ "last_name", .max = 200 },
	{ "street", .max = 70 }, /* as the QR-bill has it, SIX 2.3 */
	{ "house_number", .max = 16 },
	{ "postcode", .max = 16 },
	{ "town", .max = 35 },
	{ "country", .max = 2 },
	{ "phone", .max = 30 }, /* E.164 has 15 digits; people write blanks */
	{ "language", .max = 2 },
};

static struct response profile_answer(struct request *r, int status, struct profile_shown *shown, struct str country, const struct problem *why)
{
	size_t count;
	struct country *all = country_list(r->arena, r->language, &count);
	struct country_shown *countries = ARENA_ARRAY(r->arena, struct country_shown, count);
	for (size_t i = 0; i < count; i++) countries[i] = (struct country_shown){ all[i].code, all[i].name, str_eq(all[i].code, country) };
	shown->countries = countries;
	shown->country_count = count;
	struct shop_page p = shop_page(r, MSG_CHANGE_DETAILS, TAB_ACCOUNT);
	p.is_narrow = true;
	p.is_error = problem_any(why);
	struct render out = shop_render(r);
	tpl_shop_profile(&out, &(const struct tpl_shop_profile){ .page = &p, .csrf = csrf_token(r, "/account/profile"), .shown = shown, .why = why });
	return shop_answer(r, status, &out);
}

struct response shop_profile_page(struct request *r)
{
	const struct account *who = &visitor_of(r)->account;
	struct profile_shown shown = {
		.salutation = who->salutation,
		.first_name = who->first_name,
		.last_name = who->last_name,
		.street = who->street,
		.house_number = who->house_number,
		.postcode = who->postcode,
		.town = who->town,
		.phone = phone_for_people(r->arena, who->phone),
		.language = str_of(lang_tag(who->language)),
	};
	return profile_answer(r, 200, &shown, who->country, NULL);
}

static struct profile profile_of(struct request *r, struct form *f)
{
	struct profile p = {
		.salutation = form_text(f, "salutation"),
		.first_name = form_text(f, "first_name"),
		.last_name = form_text(f, "last_name"),
		.phone = form_text(f, "phone"),
		.street = form_text(f, "street"),
		.house_number = form_text(f, "house_number"),
		.postcode = form_text(f, "postcode"),
		.town = form_text(f, "town"),
		.country = form_text(f, "country"),
	};
	if (!lang_from_tag(form_text(f, "language"), &p.language)) p.language = visitor_of(r)->account.language;
	return p;
}

struct response shop_profile(struct request *r)
{
	struct form f = form_read(r, profile_fields, COUNT(profile_fields));
	struct profile p = profile_of(r, &f);
	enum status st = account_change_profile(r->db, r->arena, visitor_of(r)->account.id, &p, &f.why);
	if (st == REFUSED) {
		struct profile_shown shown = {
			.salutation = p.salutation,
			.first_name = form_shown(&f, "first_name"),
			.last_name = form_shown(&f, "last_name"),
			.street = form_shown(&f, "street"),
			.house_number = form_shown(&f, "house_number"),
			.postcode = form_shown(&f, "postcode"),
			.town = form_shown(&f, "town"),
			.phone = form_shown(&f, "phone"),
			.language = str_of(lang_tag(p.language)),
		};
		return profile_answer(r, 422, &shown, p.country, &f.why);
	}
	if (st) return error_answer(r, 503);
	return response_redirect(r, 303, S("/account?done=profile-changed")); /* in the language just chosen */
}

/* ---- password ---- */

static const struct form_field password_fields[] = {
	{ "old_password", .max_bytes = PASSWORD_BYTES, .is_secret = true, .is_required = true },
	{ "password", .max_bytes = PASSWORD_BYTES, .is_secret = true },
	{ "password_again", .max_bytes = PASSWORD_BYTES, .is_secret = true },
};

static struct response password_answer(struct request *r, int status, const struct problem *why)
{
	struct shop_page p = shop_page(r, MSG_CHANGE_PASSWORD, TAB_ACCOUNT);
	p.is_narrow = true;
	p.is_error = problem_any(why);
	struct render out = shop_render(r);
	tpl_shop_password(&out, &(const struct tpl_shop_password){ .page = &p, .csrf = csrf_token(r, "/account/password"), .why = why });
	return shop_answer(r, status, &out);
}

struct response shop_password_page(struct request *r)
{
	return password_answer(r, 200, NULL);
}

struct response shop_password(struct request *r)
{
	struct form f = form_read(r, password_fields, COUNT(password_fields));
	struct asker from = asker_of(r);
	if (!str_eq(form_text(&f, "password"), form_text(&f, "password_again"))) problem_add(&f.why, "password_again", MSG_PASSWORDS_DIFFER);
	enum status st = account_change_password(
		r->db, r->arena, shop_of(r)->hasher, visitor_of(r)->account.id, form_text(&f, "old_password"), form_text(&f, "password"), &from, &f.why);
	if (st == REFUSED) return password_answer(r, 422, &f.why);
	if (st == NOT_FOUND) return error_answer(r, 409); /* changed or closed meanwhile */
	if (st) return error_answer(r, 503);
	wake_background(r);
	return shop_redirect(r, S("/account?done=password-changed"));
}

/* Where password managers look for the page (W3C, A Well-Known URL for Changing Passwords). */
struct response shop_change_password(struct request *r)
{
	return response_redirect(r, 303, S("/account/password"));
}

/* ---- sessions ---- */

static const struct form_field session_fields[] = {
	{ "id", .max_bytes = 32, .is_required = true },
};

static struct str browser_name(struct request *r, struct str agent)
{
	struct str name = agent_name(r->arena, agent);
	return name.len ? name : lang_text(r->arena, r->language, MSG_SESSION_UNKNOWN_BROWSER, NULL);
}

struct response shop_sessions_page(struct request *r)
{
	struct session *list;
	size_t count;
	if (session_list(r->db, r->arena, visitor_of(r)->account.id, &list, &count)) return error_answer(r, 503);
	struct session_shown *shown = ARENA_ARRAY(r->arena, struct session_shown, count);
	for (size_t i = 0; i < count; i++)
		shown[i] = (struct session_shown){
			.id = str_hex(r->arena, list[i].id),
			.browser = browser_name(r, list[i].agent),
			.network = list[i].network,
			.made_at = list[i].made_at,
			.seen_at = list[i].seen_at,
			.is_this = str_eq(list[i].token_hash, visitor_of(r)->session.token_hash),
		};
	struct shop_page p = shop_page(r, MSG_WHERE_SIGNED_IN, TAB_ACCOUNT);
	struct render out = shop_render(r);
	tpl_shop_sessions(&out, &(const struct tpl_shop_sessions){
								.page = &p,
								.csrf_end = csrf_token(r, "/account/sessions/end"),
								.csrf_all = csrf_token(r, "/account/sessions/end-all"),
								.done = done_message(&p),
								.sessions = shown,
								.count = count,
							});
	return shop_answer(r, 200, &out);
}

struct ending {
	int64_t account;
	struct str id;
};

static enum status end_one(struct conn *db, void *arg)
{
	struct ending *x = arg;
	return session_end_by_id(db, x->account, x->id);
}

static enum status end_all(struct conn *db, void *arg)
{
	struct ending *x = arg;
	return session_end_all(db, x->account);
}

struct response shop_session_end(struct request *r)
{
	struct form f = form_read(r, session_fields, COUNT(session_fields));
	struct ending x = { .account = visitor_of(r)->account.id };
	if (!str_from_hex(r->arena, form_text(&f, "id"), &x.id)) return error_answer(r, 404);
	if (store_write(r->db, end_one, &x)) return error_answer(r, 503);
	return shop_redirect(r, S("/account/sessions?done=session-ended"));
}

struct response shop_sessions_end(struct request *r)
{
	struct ending x = { .account = visitor_of(r)->account.id };
	if (store_write(r->db, end_all, &x)) return error_answer(r, 503);
	sign_out_browser(r);
	return shop_redirect(r, S("/signin?done=sessions-ended"));
}
