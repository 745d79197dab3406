/* office/administrative.c: what banks and authorities gave the house, checked at each field, and what bills still need. */
#include "office/administrative.h"

#include "base/country.h"
#include "base/day.h"
#include "formats/qrbill_esr.h"
#include "formats/qrbill_reference.h"
#include "institution/plain.h"
#include "office/administrative.html.h"
#include "web/csrf.h"

#define PATH	  "/institution/administrative-values"
#define TYPED_MAX 60 /* a number with blanks, however people part it */

static const char *const slips[] = { [BILL_SLIP_QR] = "qr", [BILL_SLIP_ISR] = "isr", [BILL_SLIP_BOTH] = "both" };
static const char *const references[] = { [QRBILL_NON] = "none", [QRBILL_QRR] = "qrr", [QRBILL_SCOR] = "scor" };

static struct choice *countries(struct request *r, struct str chosen, size_t *count)
{
	struct country *all = country_list(r->arena, r->language, count);
	struct choice *out = ARENA_ARRAY(r->arena, struct choice, *count);
	for (size_t i = 0; i < *count; i++) out[i] = (struct choice){ 0, all[i].code, all[i].name, str_eq(all[i].code, chosen) };
	return out;
}

static struct str day_shown(struct arena *a, int64_t day)
{
	return day ? day_text(a, day) : S("");
}

/* As they stand in the database, in the groups that people read. */
static void group(struct arena *a, struct administrative *v)
{
	v->qr_iban = iban_grouped(a, v->qr_iban);
	v->iban = iban_grouped(a, v->iban);
	if (v->postal_account.len) v->postal_account = esr_participant_text(a, v->postal_account);
}

/* V: what came and could not be saved; NULL: as it stands in the database. */
static struct response answer(struct request *r, int status, const struct administrative *sent, struct str since, const struct problem *why)
{
	struct office_page p = office_institution_page(r, MSG_ADMINISTRATIVE_VALUES, PLACE_SETTINGS);
	struct administrative stored;
	if (administrative_get(r->db, r->arena, actor_of(r)->institution, &stored)) return error_answer(r, 503);
	struct administrative_form form = { .missing = problem_in(r->arena), .bill = test_bill(r, &p, &stored) };
	administrative_suffices(r->arena, &stored, &form.missing);
	form.institution_number = iban_is_qr(stored.qr_iban) ? str_part(stored.qr_iban, 4, 5) : S("");
	form.qr_since = sent ? since : day_shown(r->arena, stored.qr_since);
	group(r->arena, &stored);
	form.v = sent ? sent : &stored;
	form.slip = slips[form.v->slip];
	form.reference = references[form.v->reference];
	form.countries = countries(r, form.v->creditor.country, &form.country_count);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_administrative(&out, &(const struct tpl_office_administrative){ .page = &p,
										.form = &form,
										.may_write = actor_may(actor_of(r), RIGHT_SETTING_WRITE),
										.csrf = csrf_token(r, PATH),
										.done = sent ? S("") : office_done(&p),
										.why = why });
	return office_answer(r, status, &out);
}

struct response office_administrative_page(struct request *r)
{
	return answer(r, 200, NULL, S(""), NULL);
}

/* ---- saving ---- */

static const struct form_field fields[] = {
	{ "vat_number", .max = TYPED_MAX },
	{ "reference", .max = 10 },
	{ "qr_iban", .max = TYPED_MAX },
	{ "iban", .max = TYPED_MAX },
	{ "bank_prefix", .max = TYPED_MAX },
	{ "creditor_name", .max = HOUSE_DETAIL_MAX },
	{ "creditor_street", .max = HOUSE_DETAIL_MAX },
	{ "creditor_house_number", .max = HOUSE_DETAIL_MAX },
	{ "creditor_postcode", .max = HOUSE_DETAIL_MAX },
	{ "creditor_town", .max = HOUSE_DETAIL_MAX },
	{ "creditor_country", .max = 2 },
	{ "days_to_pay", .max = 6 },
	{ "grace_days", .max = 6 },
	{ "slip", .max = 10 },
	{ "qr_since", .max = 10 },
	{ "postal_account", .max = TYPED_MAX },
	{ "version", .max = 20 },
};

static int chosen(struct form *f, const char *field, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(form_text(f, field), str_of(names[i]))) return (int)i;
	problem_add(&f->why, field, MSG_CHOICE_UNKNOWN);
	return 0;
}

static struct administrative read_form(struct form *f)
{
	struct administrative v = { .vat_number = form_text(f, "vat_number"),
		.qr_iban = form_text(f, "qr_iban"),
		.iban = form_text(f, "iban"),
		.bank_prefix = form_text(f, "bank_prefix"),
		.postal_account = form_text(f, "postal_account"),
		.days_to_pay = office_typed_number(f, "days_to_pay"),
		.grace_days = office_typed_number(f, "grace_days"),
		.creditor = { .name = form_text(f, "creditor_name"),
			.street = form_text(f, "creditor_street"),
			.house_number = form_text(f, "creditor_house_number"),
			.postcode = form_text(f, "creditor_postcode"),
			.town = form_text(f, "creditor_town"),
			.country = form_text(f, "creditor_country") } };
	v.slip = (enum bill_slip)chosen(f, "slip", slips, COUNT(slips));
	v.reference = (enum qrbill_reference_kind)chosen(f, "reference", references, COUNT(references));
	struct str since = form_text(f, "qr_since");
	v.qr_since = 0;
	if (since.len && !day_read(since, &v.qr_since)) problem_add(&f->why, "qr_since", MSG_ADMINISTRATIVE_DAY);
	if (!str_int64(form_text(f, "version"), &v.version)) problem_add(&f->why, "", MSG_SAVED_MEANWHILE);
	return v;
}

struct saving {
	struct request *r;
	struct administrative v;
	struct problem *why;
};

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why->first = NULL; /* it may run again */
	return administrative_save(db, x->r->arena, actor_of(x->r), &x->v, x->why);
}

struct response office_administrative(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct problem after = problem_in(r->arena);
	struct saving x = { .r = r, .why = &after, .v = read_form(&f) };
	struct str since = form_shown(&f, "qr_since");
	if (problem_any(&f.why)) return answer(r, 422, &x.v, since, &f.why);
	enum status st = store_write(r->db, save, &x);
	if (st == REFUSED && problem_any(&after)) return answer(r, problem_at(&after, "") ? 409 : 422, &x.v, since, &after);
	if (st) return error_answer(r, 503);
	return office_redirect(r, S(PATH "?done=saved"));
}
