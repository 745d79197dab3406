/* accounts/contact.c: one contact, its row and its account. */
#include "accounts/contact.h"

#include "accounts/account_email.h"
#include "accounts/contact_words.h"
#include "accounts/phone.h"
#include "formats/email.h"
#include "institution/institution.h"

#define STREET_MAX		 70 /* characters; as the QR-bill has them, SIX 2.3 */
#define HOUSE_NUMBER_MAX 16
#define POSTCODE_MAX	 16
#define TOWN_MAX		 35
#define VAT_MAX			 30

/* ---- reading ---- */

#define CONTACT_COLUMNS                                                                                                                      \
	"id, number, version, made_at, merged_into, kind, salutation, first_name, last_name, department, vat_number, birth_date, email, phone, " \
	"language, street, house_number, postcode, town, country"

static void contact_read(struct conn *db, struct arena *a, struct contact *out)
{
	*out = (struct contact){
		.id = col_int64(db, 0),
		.number = col_int64(db, 1),
		.version = col_int64(db, 2),
		.made_at = col_int64(db, 3),
		.merged_into = col_int64(db, 4),
		.is = {
			.is_structure = str_eq(col_text(db, 5, a), S("structure")),
			.salutation = col_text(db, 6, a),
			.first_name = col_text(db, 7, a),
			.last_name = col_text(db, 8, a),
			.department = col_text(db, 9, a),
			.vat_number = col_text(db, 10, a),
			.birth_date = col_text(db, 11, a),
			.email = col_text(db, 12, a),
			.phone = col_text(db, 13, a),
			.address = { col_text(db, 15, a), col_text(db, 16, a), col_text(db, 17, a), col_text(db, 18, a), col_text(db, 19, a) },
		},
	};
	if (!lang_from_tag(col_text(db, 14, a), &out->is.language)) BUG("contact %lld has an unknown language", (long long)out->id);
}

enum status contact_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct contact *out)
{
	static const struct sql q = SQL("SELECT " CONTACT_COLUMNS " FROM contact WHERE institution = $1 AND id = $2");
	enum status st = store_row(db, &q, int64(who->institution), int64(id));
	if (st == OK) contact_read(db, a, out);
	return st;
}

enum status contact_account_get(struct conn *db, struct arena *a, int64_t contact, struct contact_account *out)
{
	static const struct sql q =
		SQL("SELECT i.id, i.state, i.email, i.state_reason, i.made_at, i.signin_at, i.signin_at_shop, p.name, i.password_hash IS NOT NULL,"
			"  (SELECT count(*) FROM account_session s WHERE s.account = i.id) FROM internet_account i"
			" LEFT JOIN point_of_sale p ON p.id = i.signin_at_shop WHERE i.contact = $1"
			" ORDER BY CASE i.state WHEN 'closed' THEN 1 ELSE 0 END, i.id DESC LIMIT 1");
	*out = (struct contact_account){ 0 };
	enum status st = store_row(db, &q, int64(contact));
	if (st) return st == NOT_FOUND ? OK : st;
	*out = (struct contact_account){
		.id = col_int64(db, 0),
		.email = col_text(db, 2, a),
		.reason = col_text(db, 3, a),
		.made_at = col_int64(db, 4),
		.signin_at = col_int64(db, 5),
		.signin_at_shop = col_int64(db, 6),
		.shop_name = col_text(db, 7, a),
		.has_password = col_boolean(db, 8),
		.sessions = col_int64(db, 9),
	};
	if (!account_state_from_name(col_text(db, 1, a), &out->state)) BUG("account %lld is in an unknown state", (long long)out->id);
	return OK;
}

struct str contact_name(struct arena *a, const struct contact_fields *f)
{
	return f->is_structure ? f->last_name : str_trim(str_format(a, "%.*s %.*s", STR_ARG(f->first_name), STR_ARG(f->last_name)));
}

/* ---- checking ---- */

static int number_in(struct str s, size_t from, size_t len)
{
	int n = 0;
	for (size_t i = from; i < from + len; i++) {
		if (i >= s.len || s.at[i] < '0' || s.at[i] > '9') return -1;
		n = 10 * n + (s.at[i] - '0');
	}
	return n;
}

/* "1984-03-14", of somebody who may live. */
static bool is_birth_date(struct str s)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if (s.len != 10 || s.at[4] != '-' || s.at[7] != '-') return false;
	int year = number_in(s, 0, 4), month = number_in(s, 5, 2), day = number_in(s, 8, 2);
	bool is_leap = (year % 4 == 0 && year % 100) || year % 400 == 0;
	if (year < 1880 || year > 2200 || month < 1 || month > 12 || day < 1 || day > days[month - 1]) return false;
	return month != 2 || day < 29 || is_leap;
}

static void check_length(struct str s, size_t max, const char *field, struct problem *why)
{
	if (str_points(s) > max) problem_add(why, field, MSG_CONTACT_TOO_LONG, arg_int("max", (int64_t)max));
}

static void check_names(const struct contact_fields *f, struct problem *why)
{
	if (!f->is_structure) account_names_check(f->first_name, f->last_name, why);
	else if (f->last_name.len == 0) problem_add(why, "last_name", MSG_STRUCTURE_NAME_MISSING);
	else check_length(f->last_name, NAME_MAX_POINTS, "last_name", why);
	check_length(f->department, NAME_MAX_POINTS, "department", why);
	check_length(f->vat_number, VAT_MAX, "vat_number", why);
	if (f->birth_date.len && !is_birth_date(f->birth_date)) problem_add(why, "birth_date", MSG_BIRTH_DATE_WRONG);
}

void contact_address_check(const struct postal *p, struct problem *why)
{
	bool has_address = p->street.len || p->postcode.len || p->town.len;
	check_length(p->street, STREET_MAX, "street", why);
	check_length(p->house_number, HOUSE_NUMBER_MAX, "house_number", why);
	check_length(p->postcode, POSTCODE_MAX, "postcode", why);
	check_length(p->town, TOWN_MAX, "town", why);
	if (p->country.len != 2) problem_add(why, "country", MSG_COUNTRY_MISSING);
	if (has_address && p->postcode.len == 0) problem_add(why, "postcode", MSG_POSTCODE_MISSING);
	if (has_address && p->town.len == 0) problem_add(why, "town", MSG_TOWN_MISSING);
}

enum status contact_check(struct arena *a, struct contact_fields *f, struct problem *why)
{
	struct email email;
	check_names(f, why);
	contact_address_check(&f->address, why);
	if (f->email.len && email_read(a, f->email, "email", &email, why) == OK) f->email = email.shown;
	struct str e164;
	if (phone_read(a, f->phone, f->address.country, "phone", &e164, why) == OK) f->phone = e164;
	if (f->is_structure) f->salutation = f->first_name = f->birth_date = S("");
	else f->department = f->vat_number = S("");
	return problem_any(why) ? REFUSED : OK;
}

/* ---- writing ---- */

static struct str key_of_email(struct arena *a, struct str email)
{
	struct str key = S("");
	if (email.len && !email_key(a, email, &key)) BUG("an e-mail that was not checked");
	return key;
}

#define FIELD_VALUES(a, f)                                                                                                                       \
	text((f)->is_structure ? S("structure") : S("individual")), text((f)->salutation), text((f)->first_name), text((f)->last_name),              \
		text(account_name_key(a, (f)->first_name, (f)->last_name)), text((f)->department), text((f)->vat_number), text((f)->birth_date),         \
		text((f)->email), text(key_of_email(a, (f)->email)), text((f)->phone), text(str_of(lang_tag((f)->language))), text((f)->address.street), \
		text((f)->address.house_number), text((f)->address.postcode), text((f)->address.town), text((f)->address.country)

#define AUDIT_VALUES 12
static void audit_fill(struct arena *a, const struct contact_fields *f, struct audit_value out[static AUDIT_VALUES])
{
	const struct postal *p = &f->address;
	const struct audit_value values[AUDIT_VALUES] = {
		{ "name", contact_name(a, f) },
		{ "salutation", f->salutation },
		{ "department", f->department },
		{ "vat_number", f->vat_number },
		{ "birth_date", f->birth_date },
		{ "email", f->email },
		{ "phone", f->phone },
		{ "language", str_of(lang_tag(f->language)) },
		{ "street", str_trim(str_format(a, "%.*s %.*s", STR_ARG(p->street), STR_ARG(p->house_number))) },
		{ "town", str_trim(str_format(a, "%.*s %.*s %.*s", STR_ARG(p->country), STR_ARG(p->postcode), STR_ARG(p->town))) },
		{ NULL },
	};
	for (size_t i = 0; i < AUDIT_VALUES; i++) out[i] = values[i];
}

/* Leaves in both lists only what differs. */
static void audit_differences(struct audit_value *before, struct audit_value *after)
{
	size_t kept = 0;
	for (size_t i = 0; before[i].name; i++) {
		if (str_eq(before[i].value, after[i].value)) continue;
		before[kept] = before[i];
		after[kept++] = after[i];
	}
	before[kept].name = after[kept].name = NULL;
}

enum status contact_make(struct conn *db, struct arena *a, const struct actor *who, const struct contact_fields *f, int64_t *id)
{
	static const struct sql q = SQL(
		"INSERT INTO contact (institution, number, made_at, kind, salutation, first_name, last_name, name_key, department, vat_number, birth_date,"
		" email, email_key, phone, language, street, house_number, postcode, town, country, version)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 2) RETURNING id");
	struct audit_value values[AUDIT_VALUES];
	int64_t number;
	enum status st;
	if ((st = institution_next_number(db, who->institution, "contact", &number))) return st;
	if ((st = store_row(db, &q, int64(who->institution), int64(number_with_check(number)), int64(store_now(db)), FIELD_VALUES(a, f)))) return st;
	*id = col_int64(db, 0);
	if ((st = contact_words_write(db, a, *id))) return st;
	audit_fill(a, f, values);
	return audit_note(db, a, who, &(const struct audit_record){ .verb = "contact-made", .kind = "contact", .record = *id, .after = values });
}

enum status contact_take(struct conn *db, const struct actor *who, int64_t id, int64_t version, struct problem *why)
{
	static const struct sql take =
		SQL("UPDATE contact SET version = version + 1 WHERE institution = $1 AND id = $2 AND version = $3 AND merged_into IS NULL");
	static const struct sql is_there = SQL("SELECT version FROM contact WHERE institution = $1 AND id = $2 AND merged_into IS NULL");
	enum status st;
	if ((st = store_exec(db, &take, int64(who->institution), int64(id), int64(version)))) return st;
	if (store_changes(db) == 1) return OK;
	if ((st = store_row(db, &is_there, int64(who->institution), int64(id)))) return st;
	problem_add(why, "version", MSG_CONTACT_CHANGED_MEANWHILE);
	return REFUSED;
}

/* The address of a living account is the contact's main one. While nobody has used the account it is corrected; later it waits for its confirmation, and F keeps the OLD. */
static enum status follow_email(
	struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct str old, struct contact_fields *f, struct problem *why)
{
	bool differs;
	enum account_state state;
	enum status st = account_email_differs(db, a, id, f->email, &differs, &state);
	if (st || !differs) return st;
	if (state == ACCOUNT_INVITED && f->email.len) return account_email_correct(db, a, who, id, f->email, why);
	if (state == ACCOUNT_ACTIVE && f->email.len && actor_may(who, RIGHT_ACCOUNT_EMAIL)) {
		if ((st = account_email_ask(db, a, who, id, f->email, why))) return st;
		return f->email = old, OK;
	}
	problem_add(why, "email", MSG_EMAIL_OF_ACCOUNT);
	return REFUSED;
}

enum status contact_save(
	struct conn *db, struct arena *a, const struct actor *who, int64_t id, int64_t version, const struct contact_fields *f, struct problem *why)
{
	static const struct sql q = SQL(
		"UPDATE contact SET kind = $2, salutation = $3, first_name = $4, last_name = $5, name_key = $6, department = $7, vat_number = $8,"
		" birth_date = $9, email = $10, email_key = $11, phone = $12, language = $13, street = $14, house_number = $15, postcode = $16, town = $17,"
		" country = $18 WHERE id = $1");
	static const struct sql account = SQL("UPDATE internet_account SET language = $2 WHERE contact = $1 AND state <> 'closed'");
	struct audit_value before[AUDIT_VALUES], after[AUDIT_VALUES];
	struct contact_fields kept = *f;
	struct contact old;
	enum status st;
	if ((st = contact_take(db, who, id, version, why))) return st;
	if ((st = contact_get(db, a, who, id, &old))) return st;
	if ((st = follow_email(db, a, who, id, old.is.email, &kept, why))) return st;
	f = &kept;
	if ((st = store_exec(db, &q, int64(id), FIELD_VALUES(a, f)))) return st;
	if ((st = store_exec(db, &account, int64(id), text(str_of(lang_tag(f->language)))))) return st;
	if ((st = contact_words_write(db, a, id))) return st;
	audit_fill(a, &old.is, before);
	audit_fill(a, f, after);
	audit_differences(before, after);
	if (!before[0].name) return OK;
	return audit_note(
		db, a, who, &(const struct audit_record){ .verb = "contact-changed", .kind = "contact", .record = id, .before = before, .after = after });
}

/* ---- an account for it ---- */

/* Whose the address is, so that the operator can go there. */
static enum status email_is_taken(struct conn *db, struct arena *a, const struct actor *who, struct str key, struct problem *why)
{
	static const struct sql q = SQL("SELECT c.number, c.first_name, c.last_name FROM internet_account i JOIN contact c ON c.id = i.contact"
									" WHERE i.institution = $1 AND i.email_key = $2 AND i.state <> 'closed'");
	enum status st = store_row(db, &q, int64(who->institution), text(key));
	if (st) return st == NOT_FOUND ? CONFLICT : st; /* closed just now: look again */
	struct str name = str_trim(str_format(a, "%.*s %.*s", STR_ARG(col_text(db, 1, a)), STR_ARG(col_text(db, 2, a))));
	problem_add(why, "email", MSG_EMAIL_HAS_ACCOUNT, arg_text("name", name), arg_text("number", number_for_people(a, col_int64(db, 0))));
	return REFUSED;
}

enum status contact_account_make(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, int64_t *account, struct problem *why)
{
	static const struct sql living = SQL("SELECT id FROM internet_account WHERE contact = $1 AND state <> 'closed'");
	static const struct sql q = SQL(
		"INSERT INTO internet_account (institution, contact, email, email_key, state, state_reason, language, made_at, recovery_at)"
		" SELECT institution, id, email, email_key, 'invited', '', language, $2, 0 FROM contact WHERE id = $1 ON CONFLICT DO NOTHING RETURNING id");
	struct contact c;
	enum status st;
	if ((st = contact_get(db, a, who, contact, &c))) return st;
	if (c.merged_into) return NOT_FOUND;
	if (c.is.email.len == 0) return problem_add(why, "email", MSG_CONTACT_WITHOUT_EMAIL), REFUSED;
	if ((st = store_row(db, &living, int64(contact))) == OK) return problem_add(why, "internet_account", MSG_ACCOUNT_IS_THERE), REFUSED;
	if (st != NOT_FOUND) return st;
	st = store_row(db, &q, int64(contact), int64(store_now(db)));
	if (st == NOT_FOUND) return email_is_taken(db, a, who, key_of_email(a, c.is.email), why);
	if (st) return st;
	*account = col_int64(db, 0);
	if ((st = contact_words_write(db, a, contact))) return st;
	const struct audit_value after[] = { { "email", c.is.email }, { "state", S("invited") }, { NULL } };
	return audit_note(db, a, who, &(const struct audit_record){ .verb = "account-made", .kind = "contact", .record = contact, .after = after });
}

/* ---- likely the same ---- */

enum status contact_likely(struct conn *db, struct arena *a, const struct actor *who, const struct contact_fields *f, int64_t but,
	struct likely out[static LIKELY_MOST], size_t *count)
{
	static const struct sql q =
		SQL("SELECT id, number, kind, first_name, last_name, email, town FROM contact WHERE merged_into IS NULL AND id <> $2 AND id IN"
			" (SELECT id FROM contact WHERE institution = $1 AND email_key <> '' AND email_key = $3 UNION"
			"  SELECT id FROM contact WHERE institution = $1 AND name_key <> '' AND name_key = $4 AND ((postcode <> '' AND postcode = $5) OR"
			"   (birth_date <> '' AND birth_date = $6) OR (phone <> '' AND phone = $7))) ORDER BY id LIMIT $8"); /* UNION: each by its index */
	struct str key = S(""), phone;
	if (f->email.len && !email_key(a, f->email, &key)) key = S("");
	if (phone_read(a, f->phone, f->address.country, "phone", &phone, NULL)) phone = S("");
	*count = 0;
	enum status st = store_query(db, &q, int64(who->institution), int64(but), text(key), text(account_name_key(a, f->first_name, f->last_name)),
		text(f->address.postcode), text(f->birth_date), text(phone), int64(LIKELY_MOST));
	if (st) return st;
	while ((st = store_next(db)) == OK) {
		struct contact_fields found = {
			.is_structure = str_eq(col_text(db, 2, a), S("structure")), .first_name = col_text(db, 3, a), .last_name = col_text(db, 4, a)
		};
		out[(*count)++] = (struct likely){
			.id = col_int64(db, 0),
			.number = col_int64(db, 1),
			.name = contact_name(a, &found),
			.email = col_text(db, 5, a),
			.town = col_text(db, 6, a),
		};
	}
	return st == NOT_FOUND ? OK : st;
}
