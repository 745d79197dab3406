/* institution/organisation_edit.c: organisations and sales channels: each change is one conditional statement. */
#include "institution/organisation_edit.h"

#include "institution/audit.h"
#include "institution/plain.h"

#define MINUTE_US INT64_C(60000000)

static bool may_write(const struct actor *who)
{
	return actor_may_in(who, RIGHT_POINT_OF_SALE_WRITE, 0);
}

static void check_words(bool is_new, struct str code, struct str name, struct problem *why)
{
	if (is_new && !is_sale_code(code)) problem_add(why, "code", MSG_SALE_CODE, arg_int("n", SALE_CODE_MAX));
	if (!name.len || !is_plain_line(name, HOUSE_NAME_MAX)) problem_add(why, "name", MSG_DOCUMENT_TYPE_NAME, arg_int("n", HOUSE_NAME_MAX));
}

static enum status code_taken(struct arena *a, struct str code, struct problem *why)
{
	problem_add(why, "code", MSG_CODE_TAKEN, arg_text("code", str_keep(a, code)));
	return REFUSED;
}

/* ---- organisations ---- */

enum status organisation_rows(struct conn *db, struct arena *a, const struct actor *who, struct organisation_row **out, size_t *count)
{
	static const struct sql q = SQL("SELECT o.id, o.code, o.name, o.version, "
									"  (SELECT count(*) FROM point_of_sale p WHERE p.organisation = o.id AND p.state <> 'closed') "
									"FROM organisation o WHERE o.institution = $1 ORDER BY o.name, o.id LIMIT $2");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct organisation_row, ORGANISATIONS_MAX);
	if ((st = store_query(db, &q, int64(who->institution), int64(ORGANISATIONS_MAX)))) return st;
	while ((st = store_next(db)) == OK) {
		if (!actor_may_in(who, RIGHT_POINT_OF_SALE_READ, col_int64(db, 0))) continue;
		(*out)[(*count)++] =
			(struct organisation_row){ { col_int64(db, 0), col_text(db, 1, a), col_text(db, 2, a), col_int64(db, 3) }, col_int64(db, 4) };
	}
	return st == NOT_FOUND ? OK : st;
}

enum status organisation_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct organisation_edit *out)
{
	static const struct sql q = SQL("SELECT code, name, version FROM organisation WHERE institution = $1 AND id = $2");
	if (!actor_may_in(who, RIGHT_POINT_OF_SALE_READ, id)) return NOT_FOUND;
	enum status st = store_row(db, &q, int64(who->institution), int64(id));
	if (st == OK) *out = (struct organisation_edit){ id, col_text(db, 0, a), col_text(db, 1, a), col_int64(db, 2) };
	return st;
}

static enum status organisation_insert(
	struct conn *db, struct arena *a, const struct actor *who, const struct organisation_edit *e, int64_t *id, struct problem *why)
{
	static const struct sql many = SQL("SELECT count(*) FROM organisation WHERE institution = $1");
	static const struct sql q =
		SQL("INSERT INTO organisation (institution, code, name) VALUES ($1, $2, $3) ON CONFLICT (institution, code) DO NOTHING RETURNING id");
	const struct audit_value after[] = { { "name", e->name }, { NULL, { 0 } } };
	enum status st;
	if ((st = store_row(db, &many, int64(who->institution)))) return st;
	if (col_int64(db, 0) >= ORGANISATIONS_MAX) return problem_add(why, "", MSG_PARTS_TOO_MANY, arg_int("n", ORGANISATIONS_MAX)), REFUSED;
	st = store_row(db, &q, int64(who->institution), text(e->code), text(e->name));
	if (st == NOT_FOUND) return code_taken(a, e->code, why);
	if (st) return st;
	*id = col_int64(db, 0);
	return audit_note(db, a, who, &(const struct audit_record){ "organisation-made", "organisation", *id, NULL, after });
}

enum status organisation_save(
	struct conn *db, struct arena *a, const struct actor *who, const struct organisation_edit *e, int64_t *id, struct problem *why)
{
	static const struct sql q = SQL("UPDATE organisation SET name = $4, version = version + 1 WHERE institution = $1 AND id = $2 AND version = $3");
	struct organisation_edit old;
	enum status st;
	if (!may_write(who)) return NOT_FOUND;
	check_words(!e->id, e->code, e->name, why);
	if (problem_any(why)) return REFUSED;
	if (!e->id) return organisation_insert(db, a, who, e, id, why);
	if ((st = organisation_get(db, a, who, e->id, &old))) return st;
	if ((st = store_exec(db, &q, int64(who->institution), int64(e->id), int64(e->version), text(e->name)))) return st;
	if (!store_changes(db)) return problem_add(why, "", MSG_SAVED_MEANWHILE), REFUSED;
	*id = e->id;
	const struct audit_value before[] = { { "name", old.name }, { NULL, { 0 } } }, after[] = { { "name", e->name }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "organisation-changed", "organisation", e->id, before, after });
}

/* ---- sales channels ---- */

const struct channel_kind channel_kinds[CHANNEL_KINDS] = {
	{ { STR("box-office") }, MSG_CHANNEL_BOX_OFFICE },
	{ { STR("internet-b2c") }, MSG_CHANNEL_INTERNET_B2C },
	{ { STR("internet-b2b") }, MSG_CHANNEL_INTERNET_B2B },
	{ { STR("phone") }, MSG_CHANNEL_PHONE },
	{ { STR("mail") }, MSG_CHANNEL_MAIL },
	{ { STR("agency") }, MSG_CHANNEL_AGENCY },
	{ { STR("realtime") }, MSG_CHANNEL_REALTIME },
};

static const char *const invoice_names[] = {
	[INVOICE_NOT] = "none", [INVOICE_RESERVATION] = "reservation", [INVOICE_PENDING_ACCOUNT] = "pending-account"
};

static enum invoice_as invoice_of(struct str name)
{
	for (size_t i = 0; i < COUNT(invoice_names); i++)
		if (str_eq(name, str_of(invoice_names[i]))) return (enum invoice_as)i;
	BUG("a sales channel that invoices as %.*s", STR_ARG(name));
}

struct channel_edit channel_new(void)
{
	return (struct channel_edit){
		.kind = S("internet-b2c"), .hold_minutes = 20, .longest_minutes = 120, .places_most = 20, .invoice_as = INVOICE_RESERVATION, .invoice_days = 5
	};
}

#define CHANNEL_COLUMNS "c.id, c.code, c.kind, c.name, c.hold_us, c.longest_us, c.places_most, c.invoice_as, c.invoice_days, c.version"
#define CHANNEL_COUNT	10 /* what a list selects behind CHANNEL_COLUMNS */

static struct channel_edit read_channel(struct conn *db, struct arena *a)
{
	return (struct channel_edit){ .id = col_int64(db, 0),
		.code = col_text(db, 1, a),
		.kind = col_text(db, 2, a),
		.name = col_text(db, 3, a),
		.hold_minutes = col_int64(db, 4) / MINUTE_US,
		.longest_minutes = col_int64(db, 5) / MINUTE_US,
		.places_most = col_int64(db, 6),
		.invoice_as = invoice_of(col_text(db, 7, a)),
		.invoice_days = col_int64(db, 8),
		.version = col_int64(db, 9) };
}

enum status channel_rows(struct conn *db, struct arena *a, const struct actor *who, struct channel_row **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT " CHANNEL_COLUMNS ",  (SELECT count(*) FROM point_of_sale p WHERE p.sales_channel = c.id AND p.state <> 'closed') "
			"FROM sales_channel c WHERE c.institution = $1 ORDER BY c.name, c.id LIMIT $2");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct channel_row, CHANNELS_MAX);
	if ((st = store_query(db, &q, int64(who->institution), int64(CHANNELS_MAX)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = (struct channel_row){ read_channel(db, a), col_int64(db, CHANNEL_COUNT) };
	return st == NOT_FOUND ? OK : st;
}

enum status channel_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct channel_edit *out)
{
	static const struct sql q = SQL("SELECT " CHANNEL_COLUMNS " FROM sales_channel c WHERE c.institution = $1 AND c.id = $2");
	enum status st = actor_may(who, RIGHT_POINT_OF_SALE_READ) ? store_row(db, &q, int64(who->institution), int64(id)) : NOT_FOUND;
	if (st == OK) *out = read_channel(db, a);
	return st;
}

static void check_number(int64_t n, int64_t least, int64_t most, const char *field, struct problem *why)
{
	if (n < least || n > most) problem_add(why, field, MSG_NUMBER_BETWEEN, arg_int("least", least), arg_int("most", most));
}

static enum status check_channel(const struct channel_edit *e, struct problem *why)
{
	bool is_kind = e->id != 0;
	for (size_t i = 0; i < CHANNEL_KINDS; i++) is_kind |= str_eq(e->kind, channel_kinds[i].code);
	check_words(!e->id, e->code, e->name, why);
	if (!is_kind) problem_add(why, "kind", MSG_CHOICE_UNKNOWN);
	check_number(e->hold_minutes, 1, HOLD_MINUTES_MAX, "hold_minutes", why);
	check_number(e->longest_minutes, 1, LONGEST_MINUTES_MAX, "longest_minutes", why);
	if (e->longest_minutes < e->hold_minutes && !problem_any(why)) problem_add(why, "longest_minutes", MSG_CHANNEL_LONGEST_SHORT);
	check_number(e->places_most, 1, PLACES_MOST_MAX, "places_most", why);
	check_number(e->invoice_days, 0, INVOICE_DAYS_MAX, "invoice_days", why);
	return problem_any(why) ? REFUSED : OK;
}

#define CHANNEL_VALUES 7

static const struct audit_value *channel_values(struct arena *a, const struct channel_edit *e)
{
	const struct {
		const char *name;
		int64_t value;
	} numbers[] = { { "hold_minutes", e->hold_minutes }, { "longest_minutes", e->longest_minutes }, { "places_most", e->places_most },
		{ "invoice_days", e->invoice_days } };
	struct audit_value *out = ARENA_ARRAY(a, struct audit_value, CHANNEL_VALUES);
	out[0] = (struct audit_value){ "name", e->name };
	out[1] = (struct audit_value){ "invoice_as", str_of(invoice_names[e->invoice_as]) };
	for (size_t i = 0; i < COUNT(numbers); i++)
		out[2 + i] = (struct audit_value){ numbers[i].name, str_format(a, "%lld", (long long)numbers[i].value) };
	return out;
}

_Static_assert(CHANNEL_VALUES == 2 + 4 + 1, "two texts, four numbers, the end");

static enum status channel_insert(
	struct conn *db, struct arena *a, const struct actor *who, const struct channel_edit *e, int64_t *id, struct problem *why)
{
	static const struct sql many = SQL("SELECT count(*) FROM sales_channel WHERE institution = $1");
	static const struct sql q =
		SQL("INSERT INTO sales_channel (institution, code, kind, name, hold_us, longest_us, places_most, invoice_as, invoice_days) "
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (institution, code) DO NOTHING RETURNING id");
	enum status st;
	if ((st = store_row(db, &many, int64(who->institution)))) return st;
	if (col_int64(db, 0) >= CHANNELS_MAX) return problem_add(why, "", MSG_PARTS_TOO_MANY, arg_int("n", CHANNELS_MAX)), REFUSED;
	st = store_row(db, &q, int64(who->institution), text(e->code), text(e->kind), text(e->name), int64(e->hold_minutes * MINUTE_US),
		int64(e->longest_minutes * MINUTE_US), int64(e->places_most), text(str_of(invoice_names[e->invoice_as])), int64(e->invoice_days));
	if (st == NOT_FOUND) return code_taken(a, e->code, why);
	if (st) return st;
	*id = col_int64(db, 0);
	return audit_note(db, a, who, &(const struct audit_record){ "sales-channel-made", "sales-channel", *id, NULL, channel_values(a, e) });
}

enum status channel_save(struct conn *db, struct arena *a, const struct actor *who, const struct channel_edit *e, int64_t *id, struct problem *why)
{
	static const struct sql q =
		SQL("UPDATE sales_channel SET name = $4, hold_us = $5, longest_us = $6, places_most = $7, invoice_as = $8, invoice_days = $9, "
			"  version = version + 1 WHERE institution = $1 AND id = $2 AND version = $3");
	struct channel_edit old;
	enum status st;
	if (!may_write(who)) return NOT_FOUND;
	if ((st = check_channel(e, why))) return st;
	if (!e->id) return channel_insert(db, a, who, e, id, why);
	if ((st = channel_get(db, a, who, e->id, &old))) return st;
	if ((st = store_exec(db, &q, int64(who->institution), int64(e->id), int64(e->version), text(e->name), int64(e->hold_minutes * MINUTE_US),
			 int64(e->longest_minutes * MINUTE_US), int64(e->places_most), text(str_of(invoice_names[e->invoice_as])), int64(e->invoice_days))))
		return st;
	if (!store_changes(db)) return problem_add(why, "", MSG_SAVED_MEANWHILE), REFUSED;
	*id = e->id;
	return audit_note(
		db, a, who, &(const struct audit_record){ "sales-channel-changed", "sales-channel", e->id, channel_values(a, &old), channel_values(a, e) });
}
