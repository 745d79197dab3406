/* office/contact_file.c: the small forms of a contact's page: a phone more, a note, a consent. All go to one address, which says what. */
#include "accounts/contact_file.h"
#include "base/country.h"
#include "office/contacts.h"

static const struct form_field fields[] = {
	{ "what", .max = 20 },
	{ "version", .max = 20 },
	{ "label", .max = 200 },
	{ "value", .max = NOTE_MAX + 100, .is_multiline = true },
	{ "street", .max = 200 },
	{ "house_number", .max = 40 },
	{ "postcode", .max = 40 },
	{ "town", .max = 200 },
	{ "country", .max = 2 },
	{ "given", .max = 3 },
	{ "gone", .max = 20 },
};

static const struct {
	const char *name;
	enum file_change_kind kind;
} kinds[] = { { "phone", FILE_PHONE }, { "email", FILE_EMAIL }, { "address", FILE_ADDRESS }, { "relay", FILE_RELAY }, { "consent", FILE_CONSENT },
	{ "note", FILE_NOTE }, { "channel-gone", FILE_CHANNEL_GONE }, { "address-gone", FILE_ADDRESS_GONE }, { "relay-gone", FILE_RELAY_GONE } };

struct changing {
	struct request *r;
	struct file_change change;
	struct problem why;
};

static enum status change(struct conn *db, void *arg)
{
	struct changing *x = arg;
	x->why.first = NULL;
	return contact_file_change(db, x->r->arena, actor_of(x->r), &x->change, &x->why);
}

static bool change_read(const struct form *f, struct file_change *c)
{
	struct str what = form_text(f, "what");
	bool is_known = false;
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (str_eq(what, str_of(kinds[i].name))) c->kind = kinds[i].kind, is_known = true;
	c->label = form_text(f, "label");
	c->value = form_text(f, "value");
	c->address = (struct postal){ form_text(f, "street"), form_text(f, "house_number"), form_text(f, "postcode"), form_text(f, "town"),
		country_known(form_text(f, "country")) ? form_text(f, "country") : S("CH") };
	c->is_given = str_eq(form_text(f, "given"), S("yes"));
	if (!str_int64(form_text(f, "version"), &c->version)) c->version = 0;
	if (!str_int64(form_text(f, "gone"), &c->gone)) c->gone = 0;
	return is_known;
}

struct response office_contact_file(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct changing x = { .r = r, .why = problem_in(r->arena) };
	if (!request_segment_id(r, 0, &x.change.contact)) return error_answer(r, 404);
	if (!change_read(&f, &x.change)) return error_answer(r, 400);
	if (problem_any(&f.why)) return contact_answer(r, 422, x.change.contact, &f.why);
	enum status st = store_write(r->db, change, &x);
	if (st == REFUSED) return contact_answer(r, problem_at(&x.why, "version") ? 409 : 422, x.change.contact, &x.why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/contacts/%lld?done=contact-saved", (long long)x.change.contact));
}
