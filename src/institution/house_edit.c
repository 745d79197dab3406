/* institution/house_edit.c: one row, changed by one conditional statement. */
#include "institution/house_edit.h"

#include "base/country.h"
#include "institution/audit.h"
#include "institution/plain.h"

enum status house_edit_get(struct conn *db, struct arena *a, int64_t institution, struct house_edit *out)
{
	static const struct sql q =
		SQL("SELECT name, street, house_number, postcode, town, country, phone, email, office_url, version FROM institution WHERE id = $1");
	enum status st = store_row(db, &q, int64(institution));
	if (st) return st;
	*out = (struct house_edit){
		.name = col_text(db, 0, a),
		.street = col_text(db, 1, a),
		.house_number = col_text(db, 2, a),
		.postcode = col_text(db, 3, a),
		.town = col_text(db, 4, a),
		.country = col_text(db, 5, a),
		.phone = col_text(db, 6, a),
		.email = col_text(db, 7, a),
		.office_url = col_text(db, 8, a),
		.version = col_int64(db, 9),
	};
	return OK;
}

/* E.164: a plus and 7 to 15 digits. */
static bool is_phone(struct str s)
{
	for (size_t i = 1; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9') return false;
	return s.len >= 8 && s.len <= 16 && s.at[0] == '+';
}

static enum status check(const struct house_edit *e, struct problem *why)
{
	const struct {
		const char *field;
		struct str value;
	} lines[] = { { "street", e->street }, { "house_number", e->house_number }, { "postcode", e->postcode }, { "town", e->town } };
	if (!e->name.len || !is_plain_line(e->name, HOUSE_NAME_MAX)) problem_add(why, "name", MSG_INSTITUTION_NAME, arg_int("n", HOUSE_NAME_MAX));
	for (size_t i = 0; i < COUNT(lines); i++)
		if (!is_plain_line(lines[i].value, HOUSE_DETAIL_MAX)) problem_add(why, lines[i].field, MSG_INSTITUTION_LINE, arg_int("n", HOUSE_DETAIL_MAX));
	if (!country_known(e->country)) problem_add(why, "country", MSG_CHOICE_UNKNOWN);
	if (e->phone.len && !is_phone(e->phone)) problem_add(why, "phone", MSG_HOUSE_PHONE);
	if (e->email.len && !is_sender(e->email)) problem_add(why, "house_email", MSG_INSTITUTION_SENDER);
	return problem_any(why) ? REFUSED : OK;
}

enum status house_edit_save(struct conn *db, struct arena *a, const struct actor *who, const struct house_edit *e, struct problem *why)
{
	static const struct sql q =
		SQL("UPDATE institution SET name = $3, street = $4, house_number = $5, postcode = $6, town = $7, country = $8, phone = $9, "
			"  email = $10, office_url = $11, version = version + 1 WHERE id = $1 AND version = $2");
	struct house_edit old;
	struct str office;
	enum status st;
	office_url_read(a, e->office_url, e->allowed, "office_url", &office, why);
	if ((st = check(e, why))) return st;
	if ((st = house_edit_get(db, a, who->institution, &old))) return st;
	if ((st = store_exec(db, &q, int64(who->institution), int64(e->version), text(e->name), text(e->street), text(e->house_number), text(e->postcode),
			 text(e->town), text(e->country), text(e->phone), text(e->email), text(office))))
		return st;
	if (!store_changes(db)) return problem_add(why, "", MSG_SAVED_MEANWHILE), REFUSED;
	const struct audit_value before[] = { { "name", old.name }, { "street", old.street }, { "house_number", old.house_number },
		{ "postcode", old.postcode }, { "town", old.town }, { "country", old.country }, { "phone", old.phone }, { "email", old.email },
		{ "office_url", old.office_url }, { NULL, { 0 } } };
	const struct audit_value after[] = { { "name", e->name }, { "street", e->street }, { "house_number", e->house_number },
		{ "postcode", e->postcode }, { "town", e->town }, { "country", e->country }, { "phone", e->phone }, { "email", e->email },
		{ "office_url", office }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "institution-changed", "institution", who->institution, before, after });
}
