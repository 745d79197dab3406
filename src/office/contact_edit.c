/* office/contact_edit.c: a new contact, and changing one. What is wrong or likely there already stands beside the form while one types; the server decides. */
#include "office/contact_edit.h"

#include "accounts/phone.h"
#include "accounts/recovery.h"
#include "institution/institution.h"
#include "office/contact_beside.html.h"
#include "office/contact_edit.html.h"
#include "office/contact_view.h"
#include "web/csrf.h"

#define NEW_PATTERN	 "/contacts/new"
#define SAVE_PATTERN "/contacts/:ID"

static const struct form_field fields[] = {
	{ "kind", .max = 20 },
	{ "salutation", .max = 2 },
	{ "first_name", .max = 200 },
	{ "last_name", .max = 200 },
	{ "department", .max = 200 },
	{ "vat_number", .max = 60 },
	{ "birth_date", .max = 10 },
	{ "email", .max = EMAIL_MAX },
	{ "phone", .max = 40 }, /* E.164 has 15 digits; people write blanks */
	{ "language", .max = 2 },
	{ "street", .max = 200 },
	{ "house_number", .max = 40 },
	{ "postcode", .max = 40 },
	{ "town", .max = 200 },
	{ "country", .max = 2 },
	{ "version", .max = 20 },
	{ "internet_account", .max = 10 },
	{ "document_type", .max = DOCUMENT_TYPE_CODE_MAX },
	{ "point_of_sale", .max = 60 },
};

/* ---- reading ---- */

static struct contact_fields fields_from(struct request *r, struct str (*get)(const void *from, const char *name), const void *from)
{
	struct contact_fields f = {
		.is_structure = str_eq(get(from, "kind"), S("structure")),
		.salutation = get(from, "salutation"),
		.first_name = get(from, "first_name"),
		.last_name = get(from, "last_name"),
		.department = get(from, "department"),
		.vat_number = get(from, "vat_number"),
		.birth_date = get(from, "birth_date"),
		.email = get(from, "email"),
		.phone = get(from, "phone"),
		.address = { get(from, "street"), get(from, "house_number"), get(from, "postcode"), get(from, "town"), get(from, "country") },
	};
	if (!str_eq(f.salutation, S("ms")) && !str_eq(f.salutation, S("mr"))) f.salutation = S("");
	if (!country_known(f.address.country)) f.address.country = S("CH");
	if (!lang_from_tag(get(from, "language"), &f.language)) f.language = office_door(r) ? office_door(r)->sale.house.main_language : LANG_EN;
	return f;
}

static struct str from_form(const void *from, const char *name)
{
	return form_text(from, name);
}

static struct str from_query(const void *from, const char *name)
{
	return request_query(from, name);
}

/* ---- showing ---- */

static void countries_fill(struct request *r, struct edit_shown *e)
{
	struct country *all = country_list(r->arena, r->language, &e->country_count);
	e->countries = ARENA_ARRAY(r->arena, struct country_choice, e->country_count);
	for (size_t i = 0; i < e->country_count; i++)
		e->countries[i] = (struct country_choice){ all[i].code, all[i].name, str_eq(all[i].code, e->is->address.country) };
}

/* Why no account can be made for a new contact, so that the box says so before it is ticked. */
static enum status account_fill(struct request *r, struct edit_shown *e)
{
	struct counter_offer offer;
	e->may_invite = !e->old && actor_may(actor_of(r), RIGHT_ACCOUNT_RESET);
	if (!e->may_invite) return OK;
	enum status st = counter_offer_new(r->db, r->arena, actor_of(r), &offer);
	if (!st && offer.why.first) e->why_no_account = lang_finding(r->arena, r->language, offer.why.first);
	return st;
}

static struct response edit_answer(struct request *r, int status, struct edit_shown *e)
{
	struct office_page p = office_page(r, e->old ? MSG_CONTACT_CHANGE : MSG_CONTACT_NEW, OFFICE_TAB_CONTACTS);
	enum status st = account_fill(r, e);
	if (!st) st = contact_likely(r->db, r->arena, actor_of(r), e->is, e->old ? e->old->id : 0, e->likely, &e->likely_count);
	if (st) return error_answer(r, 503);
	countries_fill(r, e);
	e->action = e->old ? str_format(r->arena, "/contacts/%lld", (long long)e->old->id) : S("/contacts/new");
	e->csrf = csrf_token(r, e->old ? SAVE_PATTERN : NEW_PATTERN);
	p.is_error = problem_any(e->why);
	struct render out = office_render(r);
	tpl_office_contact_edit(&out, &(const struct tpl_office_contact_edit){ .page = &p, .edit = e });
	return office_answer(r, status, &out);
}

/* What is wrong and what is likely there already, for the form as it stands. */
struct response office_contact_beside(struct request *r)
{
	struct contact_fields f = fields_from(r, from_query, r);
	struct problem why = problem_in(r->arena);
	struct edit_shown e = { .is = &f, .why = &why };
	int64_t but = 0;
	str_int64(request_query(r, "but"), &but);
	contact_check(r->arena, &f, &why);
	if (contact_likely(r->db, r->arena, actor_of(r), &f, but, e.likely, &e.likely_count)) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_CONTACT_NEW, OFFICE_TAB_CONTACTS);
	struct render out = office_render(r);
	tpl_office_contact_beside(&out, &(const struct tpl_office_contact_beside){ .page = &p, .edit = &e });
	return office_answer(r, 200, &out);
}

/* ---- a new one ---- */

struct response office_contact_new_page(struct request *r)
{
	struct contact_fields f = fields_from(r, from_query, r);
	struct edit_shown e = { .is = &f };
	return edit_answer(r, 200, &e);
}

struct making {
	struct request *r;
	struct contact_fields *is;
	bool wants_account;
	struct counter_choice choice;
	struct counter_result sent;
	int64_t id;
	struct problem why;
};

/* The contact, its account, the link and the trail: all or nothing. */
static enum status make(struct conn *db, void *arg)
{
	struct making *x = arg;
	const struct actor *who = actor_of(x->r);
	enum status st;
	x->why.first = NULL;
	if ((st = contact_make(db, x->r->arena, who, x->is, &x->id))) return st;
	if (!x->wants_account) return OK;
	const struct counter_order order = { .contact = x->id, .purpose = FOR_NEW_ACCOUNT, .choice = x->choice };
	if ((st = counter_send(db, x->r->arena, who, &order, &x->sent, &x->why))) return st;
	if (x->sent.outcome != COUNTER_LIMITED) return OK;
	problem_add(&x->why, "internet_account", MSG_COUNTER_LIMITED, arg_int("n", (x->sent.wait + 59) / 60));
	return REFUSED;
}

/* All fields of the form as hidden ones, so that the pop-up's button sends them again. */
static struct carried *carry(struct request *r, const struct form *f, size_t *count)
{
	struct carried *all = ARENA_ARRAY(r->arena, struct carried, COUNT(fields));
	*count = 0;
	for (size_t i = 0; i < COUNT(fields); i++) {
		const char *name = fields[i].name;
		bool is_choice = str_eq(str_of(name), S("document_type")) || str_eq(str_of(name), S("point_of_sale"));
		if (!is_choice && form_has(f, name)) all[(*count)++] = (struct carried){ name, form_shown(f, name) };
	}
	return all;
}

/* Whether a choice has to be made first; then ANSWER is the pop-up, and nothing is made yet (contract.md). */
static bool asks_first(struct request *r, struct form *f, struct making *x, struct response *answer)
{
	struct counter_offer offer;
	int64_t type, shop;
	if (counter_offer_new(r->db, r->arena, actor_of(r), &offer)) return *answer = error_answer(r, 503), true;
	offer.name = contact_name(r->arena, x->is);
	offer.email = x->is->email;
	offer.language = x->is->language;
	bool is_chosen = x->choice.document_type.len || x->choice.point_of_sale.len;
	if (offer.why.first || counter_choose(&offer, &x->choice, &type, &shop, is_chosen ? &x->why : NULL) == OK) return false;
	struct popup popup = {
		.offer = &offer, .action = NEW_PATTERN, .path = S("/contacts/new"), .back = url_of(S("/contacts/new")), .choice = &x->choice, .why = &x->why
	};
	popup.carried = carry(r, f, &popup.carried_count);
	*answer = popup_answer(r, is_chosen ? 422 : 200, &popup);
	return true;
}

struct response office_contact_new(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct contact_fields typed = fields_from(r, from_form, &f), is = typed;
	struct making x = { .r = r,
		.is = &is,
		.wants_account = form_has(&f, "internet_account") && actor_may(actor_of(r), RIGHT_ACCOUNT_RESET),
		.choice = { form_text(&f, "document_type"), form_text(&f, "point_of_sale") },
		.why = problem_in(r->arena) };
	struct edit_shown e = { .is = &typed, .wants_account = x.wants_account, .why = &f.why };
	struct response answer;
	contact_check(r->arena, &is, &f.why);
	if (x.wants_account && is.email.len == 0) problem_add(&f.why, "email", MSG_CONTACT_WITHOUT_EMAIL);
	if (problem_any(&f.why)) return edit_answer(r, 422, &e);
	if (x.wants_account && asks_first(r, &f, &x, &answer)) return answer;
	enum status st = store_write(r->db, make, &x);
	e.why = &x.why;
	if (st == REFUSED) return edit_answer(r, 422, &e);
	if (st) return error_answer(r, 503);
	if (x.wants_account) office_wake(r);
	return office_redirect(r, str_format(r->arena, "/contacts/%lld?done=%s", (long long)x.id, x.wants_account ? "invited" : "contact-made"));
}

/* ---- changing one ---- */

struct response office_contact_edit_page(struct request *r)
{
	struct contact_seen seen;
	struct response answer;
	if (!contact_seen(r, &seen, &answer)) return answer;
	if (seen.contact.merged_into) return error_answer(r, 404);
	struct contact_fields f = seen.contact.is;
	f.phone = phone_for_people(r->arena, f.phone);
	struct edit_shown e = { .old = &seen.contact, .is = &f, .version = seen.contact.version };
	return edit_answer(r, 200, &e);
}

static void differ(struct edit_shown *e, enum message name, struct str yours, struct str theirs)
{
	if (!str_eq(yours, theirs)) e->differences[e->difference_count++] = (struct difference_shown){ name, yours, theirs };
}

/* Both versions, field by field. */
static void differences_fill(struct request *r, struct edit_shown *e, const struct contact_fields *yours, const struct contact_fields *theirs)
{
	differ(e, MSG_NAME, contact_name(r->arena, yours), contact_name(r->arena, theirs));
	differ(e, MSG_DEPARTMENT, yours->department, theirs->department);
	differ(e, MSG_VAT_NUMBER, yours->vat_number, theirs->vat_number);
	differ(e, MSG_BORN, yours->birth_date, theirs->birth_date);
	differ(e, MSG_EMAIL, yours->email, theirs->email);
	differ(e, MSG_PHONE, phone_for_people(r->arena, yours->phone), phone_for_people(r->arena, theirs->phone));
	differ(e, MSG_LANGUAGE, str_of(lang_name(yours->language)), str_of(lang_name(theirs->language)));
	differ(e, MSG_ADDRESS, address_shown(r, &yours->address), address_shown(r, &theirs->address));
}

struct saving {
	struct request *r;
	int64_t id, version;
	const struct contact_fields *is;
	struct problem why;
};

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why.first = NULL;
	return contact_save(db, x->r->arena, actor_of(x->r), x->id, x->version, x->is, &x->why);
}

struct response office_contact_save(struct request *r)
{
	struct contact_seen seen;
	struct response answer;
	if (!contact_seen(r, &seen, &answer)) return answer;
	struct form f = form_read(r, fields, COUNT(fields));
	struct contact_fields typed = fields_from(r, from_form, &f), is = typed;
	struct saving x = { .r = r, .id = seen.contact.id, .is = &is, .why = problem_in(r->arena) };
	if (!str_int64(form_text(&f, "version"), &x.version)) x.version = 0;
	struct edit_shown e = { .old = &seen.contact, .is = &typed, .version = x.version, .why = &f.why };
	contact_check(r->arena, &is, &f.why);
	if (problem_any(&f.why)) return edit_answer(r, 422, &e);
	enum status st = store_write(r->db, save, &x);
	e.why = &x.why;
	if (st == REFUSED && problem_at(&x.why, "version")) {
		if (!contact_seen(r, &seen, &answer)) return answer; /* as the other one left it */
		e.version = seen.contact.version;
		differences_fill(r, &e, &is, &seen.contact.is);
		return edit_answer(r, 409, &e);
	}
	if (st == REFUSED) return edit_answer(r, 422, &e);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	office_wake(r); /* an address corrected has its invitation sent anew */
	if (!contact_seen(r, &seen, &answer)) return answer;
	bool is_asked = !str_eq(seen.contact.is.email, is.email); /* of an account that is used: it waits for its confirmation */
	return office_redirect(r, str_format(r->arena, "/contacts/%lld?done=%s", (long long)x.id, is_asked ? "email-asked" : "contact-saved"));
}
