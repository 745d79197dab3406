/* What a bank and an authority gave the house: checked where it is entered, and enough for a bill or not. */
#include "test.h"

#include "institution/administrative.h"
#include "theatre.h"

#define QR_IBAN	  S("CH44 3199 9123 0008 8901 2")
#define IBAN	  S("CH58 0079 1123 0008 8901 2")
#define QR_SINCE  20000
#define SEPTEMBER QR_SINCE - 1

struct saving {
	struct actor who;
	struct administrative v;
	struct problem why;
};

static enum status save_in(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why = problem_in(mem);
	return administrative_save(db, mem, &x->who, &x->v, &x->why);
}

static struct saving saving(struct theatre *t)
{
	struct saving x = { .who = actor_command(t->institution, S("A. Keller")) };
	assert_status(administrative_get(t->db, mem, t->institution, &x.v), OK);
	return x;
}

static struct administrative saved(struct theatre *t, struct saving *x)
{
	struct administrative v;
	in_write(t->db, save_in, x);
	assert_status(administrative_get(t->db, mem, t->institution, &v), OK);
	return v;
}

static void refused_at(struct theatre *t, struct saving *x, const char *field)
{
	assert_status(store_write(t->db, save_in, x), REFUSED);
	if (!problem_at(&x->why, field)) fail_msg("nothing was said about %s", field);
}

TEST(a_new_house_has_defaults_and_cannot_issue_bills_yet)
{
	struct theatre t = theatre_open();
	struct saving x = saving(&t);
	assert_int_equal(x.v.version, 0);
	assert_int_equal(x.v.days_to_pay, 30);
	assert_int_equal(x.v.grace_days, 3);
	assert_int_equal(x.v.reference, QRBILL_QRR);
	assert_int_equal(x.v.slip, BILL_SLIP_QR);
	assert_str(x.v.currency, S("CHF"));
	assert_str(x.v.creditor.name, S("Théâtre du Lac"));
	assert_str(x.v.creditor.house_number, S("1"));
	assert_true(x.v.creditor_is_house);
	struct problem why = problem_in(mem);
	assert_status(administrative_suffices(mem, &x.v, &why), REFUSED);
	assert_non_null(problem_at(&why, "qr_iban"));
	theatre_close(&t);
}

TEST(what_people_write_is_kept_in_one_form_and_makes_a_bill)
{
	struct theatre t = theatre_open();
	struct saving x = saving(&t);
	x.v.qr_iban = QR_IBAN, x.v.iban = IBAN, x.v.postal_account = S("01-39139-1"), x.v.bank_prefix = S("31 01 42"),
	x.v.vat_number = S("CHE-109.322.551 MWST");
	struct administrative v = saved(&t, &x);
	assert_str(v.qr_iban, S("CH4431999123000889012"));
	assert_str(v.iban, S("CH5800791123000889012"));
	assert_str(v.postal_account, S("010391391"));
	assert_str(v.bank_prefix, S("310142"));
	assert_str(v.vat_number, S("CHE-109.322.551"));
	assert_int_equal(v.version, 1);
	struct problem why = problem_in(mem);
	assert_status(administrative_suffices(mem, &v, &why), OK);
	struct qrbill bill = { .amount = QRBILL_AMOUNT_OPEN };
	administrative_bill(&v, &bill);
	assert_str(bill.account, v.qr_iban);
	assert_str(bill.creditor.town, S("Lausanne"));
	assert_int_equal(bill.kind, QRBILL_QRR);
	v.reference = QRBILL_SCOR;
	assert_str(administrative_account(&v), v.iban);
	theatre_close(&t);
}

TEST(each_wrong_number_is_said_at_its_field_and_nothing_is_saved)
{
	struct theatre t = theatre_open();
	static const struct {
		const char *field;
		struct str value;
		size_t at;
	} wrong[] = {
		{ "qr_iban", { STR("CH58 0079 1123 0008 8901 2") }, offsetof(struct administrative, qr_iban) }, /* an ordinary IBAN */
		{ "qr_iban", { STR("CH45 3199 9123 0008 8901 2") }, offsetof(struct administrative, qr_iban) }, /* its check digits */
		{ "iban", { STR("CH44 3199 9123 0008 8901 2") }, offsetof(struct administrative, iban) },		/* a QR-IBAN */
		{ "iban", { STR("DE89 3704 0044 0532 0130 00") }, offsetof(struct administrative, iban) },		/* of another country */
		{ "bank_prefix", { STR("12345678901") }, offsetof(struct administrative, bank_prefix) },		/* too long */
		{ "bank_prefix", { STR("12A4") }, offsetof(struct administrative, bank_prefix) },
		{ "postal_account", { STR("01-39139-2") }, offsetof(struct administrative, postal_account) },
		{ "vat_number", { STR("CHE-109.322.552") }, offsetof(struct administrative, vat_number) },
		{ "vat_number", { STR("CHE-109.322.551 XYZ") }, offsetof(struct administrative, vat_number) },
		{ "vat_number", { STR("<b>") }, offsetof(struct administrative, vat_number) },
		{ "creditor_name", { STR("") }, offsetof(struct administrative, creditor.name) },
		{ "creditor_country", { STR("XX") }, offsetof(struct administrative, creditor.country) },
		{ "creditor_town", { STR("A town whose name is longer than the line") }, offsetof(struct administrative, creditor.town) },
	};
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct saving x = saving(&t);
		x.v.qr_iban = QR_IBAN;
		*(struct str *)((char *)&x.v + wrong[i].at) = wrong[i].value;
		refused_at(&t, &x, wrong[i].field);
	}
	struct saving late = saving(&t), never = saving(&t);
	late.v.days_to_pay = 366;
	refused_at(&t, &late, "days_to_pay");
	never.v.grace_days = -1;
	refused_at(&t, &never, "grace_days");
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM administrative_value"), 0);
	theatre_close(&t);
}

TEST(the_account_that_bills_are_paid_to_must_stand_there)
{
	struct theatre t = theatre_open();
	struct saving x = saving(&t);
	x.v.qr_iban = QR_IBAN, x.v.reference = QRBILL_SCOR;
	refused_at(&t, &x, "iban");
	x.v.qr_iban = S(""), x.v.iban = IBAN, x.v.reference = QRBILL_QRR;
	refused_at(&t, &x, "qr_iban");
	x.v.reference = QRBILL_NON;
	assert_int_equal(saved(&t, &x).reference, QRBILL_NON);
	theatre_close(&t);
}

TEST(a_house_may_keep_a_vat_number_without_selling_on_invoice)
{
	struct theatre t = theatre_open();
	do_sql(t.db, "UPDATE institution SET street = '', postcode = '', town = '' WHERE id = $1", int64(t.institution));
	struct saving x = saving(&t);
	x.v.vat_number = S("DE123456789");
	assert_str(saved(&t, &x).vat_number, S("DE123456789"));
	struct saving more = saving(&t);
	more.v.qr_iban = QR_IBAN;
	refused_at(&t, &more, "creditor_town"); /* a bill names one */
	theatre_close(&t);
}

TEST(the_creditor_follows_the_house_until_it_is_another)
{
	struct theatre t = theatre_open();
	struct saving x = saving(&t);
	x.v.qr_iban = QR_IBAN;
	assert_true(saved(&t, &x).creditor_is_house);
	do_sql(t.db, "UPDATE institution SET town = 'Vevey' WHERE id = $1", int64(t.institution));
	struct saving other = saving(&t);
	assert_str(other.v.creditor.town, S("Vevey"));
	other.v.creditor.name = S("Fondation du Théâtre");
	struct administrative v = saved(&t, &other);
	assert_false(v.creditor_is_house);
	do_sql(t.db, "UPDATE institution SET town = 'Montreux' WHERE id = $1", int64(t.institution));
	assert_status(administrative_get(t.db, mem, t.institution, &v), OK);
	assert_str(v.creditor.town, S("Vevey"));
	theatre_close(&t);
}

TEST(a_house_changes_over_from_the_old_slip_on_its_day)
{
	struct theatre t = theatre_open();
	struct saving x = saving(&t);
	x.v.qr_iban = QR_IBAN, x.v.slip = BILL_SLIP_ISR, x.v.qr_since = QR_SINCE;
	refused_at(&t, &x, "postal_account");
	x.v.postal_account = S("010391391");
	struct administrative v = saved(&t, &x);
	assert_int_equal(administrative_slip_on(&v, SEPTEMBER), BILL_SLIP_ISR);
	assert_int_equal(administrative_slip_on(&v, QR_SINCE), BILL_SLIP_QR);
	v.slip = BILL_SLIP_BOTH, v.qr_since = 0;
	assert_int_equal(administrative_slip_on(&v, QR_SINCE), BILL_SLIP_BOTH);
	theatre_close(&t);
}

TEST(two_who_edit_do_not_overwrite_each_other_and_each_change_is_noted)
{
	struct theatre t = theatre_open();
	struct saving first = saving(&t), second = saving(&t);
	first.v.days_to_pay = 10, second.v.days_to_pay = 20;
	assert_int_equal(saved(&t, &first).days_to_pay, 10);
	refused_at(&t, &second, "");
	struct saving third = saving(&t);
	third.v.days_to_pay = 15;
	assert_int_equal(saved(&t, &third).version, 2);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM audit_entry WHERE verb = 'administrative-values-changed'"), 2);
	theatre_close(&t);
}
