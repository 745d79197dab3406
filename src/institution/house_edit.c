/* institution/house_edit.c: one row, changed by one conditional statement. */
#include "institution/house_edit.h"

#include "base/country.h"
#include "institution/audit.h"
#include "institution/plain.h"

enum status house_edit_get(struct conn *db, struct arena *a, int64_t institution, struct house_edit *out)
{
	static const struct sql q = SQL("SELECT name, street, house_number, postcode, town, country, phone, email, office_url, version, zone, "
									"link_hours, idle_minutes FROM institution WHERE id = $1");
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
		.zone = col_text(db, 10, a),
		.link_hours = col_int64(db, 11),
		.idle_minutes = col_int64(db, 12),
	};
	return OK;
}

enum status house_currency(struct conn *db, struct arena *a, int64_t institution, struct str *out)
{
	static const struct sql q = SQL("SELECT currency FROM institution WHERE id = $1");
	enum status st = store_row(db, &q, int64(institution));
	if (st == OK) *out = col_text(db, 0, a);
	return st;
}

enum status house_main_language(struct conn *db, struct arena *a, int64_t institution, enum language *out)
{
	static const struct sql q = SQL("SELECT main_language FROM institution WHERE id = $1");
	enum status st = store_row(db, &q, int64(institution));
	if (st == OK && !lang_from_tag(col_text(db, 0, a), out)) BUG("institution %lld has no language", (long long)institution);
	return st;
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
	if (!lang_zone_known(e->zone)) problem_add(why, "zone", MSG_INSTITUTION_ZONE);
	if (e->link_hours < 1 || e->link_hours > LINK_HOURS_MAX)
		problem_add(why, "link_hours", MSG_NUMBER_BETWEEN, arg_int("least", 1), arg_int("most", LINK_HOURS_MAX));
	if (e->idle_minutes < IDLE_MINUTES_MIN || e->idle_minutes > IDLE_MINUTES_MAX)
		problem_add(why, "idle_minutes", MSG_NUMBER_BETWEEN, arg_int("least", IDLE_MINUTES_MIN), arg_int("most", IDLE_MINUTES_MAX));
	return problem_any(why) ? REFUSED : OK;
}

/* What is written into the trail; "mail_hours", because a name that speaks of a link is taken for a secret. */
static const struct audit_value *audit_values(struct arena *a, const struct house_edit *e)
{
	const struct audit_value values[] = { { "name", e->name }, { "street", e->street }, { "house_number", e->house_number },
		{ "postcode", e->postcode }, { "town", e->town }, { "country", e->country }, { "phone", e->phone }, { "email", e->email },
		{ "office_url", e->office_url }, { "zone", e->zone }, { "mail_hours", str_format(a, "%lld", (long long)e->link_hours) },
		{ "idle_minutes", str_format(a, "%lld", (long long)e->idle_minutes) }, { NULL, { 0 } } };
	struct audit_value *kept = ARENA_ARRAY(a, struct audit_value, COUNT(values));
	for (size_t i = 0; i < COUNT(values); i++) kept[i] = values[i];
	return kept;
}

enum status house_edit_save(struct conn *db, struct arena *a, const struct actor *who, const struct house_edit *e, struct problem *why)
{
	static const struct sql q = SQL(
		"UPDATE institution SET name = $3, street = $4, house_number = $5, postcode = $6, town = $7, country = $8, phone = $9, "
		"  email = $10, office_url = $11, zone = $12, link_hours = $13, idle_minutes = $14, version = version + 1 WHERE id = $1 AND version = $2");
	struct house_edit old;
	struct str office;
	enum status st;
	office_url_read(a, e->office_url, e->allowed, "office_url", &office, why);
	if ((st = check(e, why))) return st;
	if ((st = house_edit_get(db, a, who->institution, &old))) return st;
	if ((st = store_exec(db, &q, int64(who->institution), int64(e->version), text(e->name), text(e->street), text(e->house_number), text(e->postcode),
			 text(e->town), text(e->country), text(e->phone), text(e->email), text(office), text(e->zone), int64(e->link_hours),
			 int64(e->idle_minutes))))
		return st;
	if (!store_changes(db)) return problem_add(why, "", MSG_SAVED_MEANWHILE), REFUSED;
	struct house_edit now = *e;
	now.office_url = office;
	return audit_note(db, a, who,
		&(const struct audit_record){ "institution-changed", "institution", who->institution, audit_values(a, &old), audit_values(a, &now) });
}
