/* shipping/mode_edit.c: shipment modes made and changed; each change is one conditional statement and the list of channels beside it. */
#include "shipping/mode_edit.h"

#include "base/day.h"
#include "institution/audit.h"
#include "institution/house_edit.h"
#include "institution/plain.h"

#define DAYS_AHEAD_MAX (3 * 366) /* nobody knows later holidays, and a year mistyped by a digit is found */

const char *const postal_services[POSTAL_SERVICES] = { "", "B", "A", "A_PLUS", "R", "PRIORITY", "PRIORITY_PLUS", "COURIER" };

static const char *const name_fields[LANGUAGES] = { [LANG_EN] = "name_en", [LANG_FR] = "name_fr", [LANG_DE] = "name_de", [LANG_IT] = "name_it" };
static const char *const note_fields[LANGUAGES] = { [LANG_EN] = "note_en", [LANG_FR] = "note_fr", [LANG_DE] = "note_de", [LANG_IT] = "note_it" };

static bool may_write(const struct actor *who)
{
	return actor_may_in(who, RIGHT_POINT_OF_SALE_WRITE, 0);
}

struct mode_edit mode_edit_new(void)
{
	return (struct mode_edit){ .kind = SHIP_POST,
		.last_days = 5,
		.postal_service = S("A"),
		.tickets_most = 12,
		.needs_address = true,
		.is_after_payment = true,
		.is_active = true };
}

/* ---- reading ---- */

#define COLUMNS                                                                                                                           \
	"m.id, m.code, m.kind, m.rank, m.name_en, m.name_fr, m.name_de, m.name_it, m.note_en, m.note_fr, m.note_de, m.note_it, m.abroad,"     \
	" m.last_days, m.fee, m.vat_rate, COALESCE(m.printer, 0), COALESCE(m.partner, 0), m.postal_service, m.tickets_most, m.needs_address," \
	" m.is_after_payment, m.is_active, m.version, m.fee_per = 'ticket', m.free_from FROM shipment_mode m WHERE m.institution = $1"

static void read_mode(struct conn *db, struct arena *a, struct mode_edit *e)
{
	*e = (struct mode_edit){
		.id = col_int64(db, 0),
		.code = col_text(db, 1, a),
		.rank = col_int64(db, 3),
		.name = { [LANG_EN] = col_text(db, 4, a), [LANG_FR] = col_text(db, 5, a), [LANG_DE] = col_text(db, 6, a), [LANG_IT] = col_text(db, 7, a) },
		.note = { [LANG_EN] = col_text(db, 8, a), [LANG_FR] = col_text(db, 9, a), [LANG_DE] = col_text(db, 10, a), [LANG_IT] = col_text(db, 11, a) },
		.last_days = col_int64(db, 13),
		.fee = col_int64(db, 14),
		.vat_rate = col_int64(db, 15),
		.printer = col_int64(db, 16),
		.partner = col_int64(db, 17),
		.postal_service = col_text(db, 18, a),
		.tickets_most = col_int64(db, 19),
		.needs_address = col_boolean(db, 20),
		.is_after_payment = col_boolean(db, 21),
		.is_active = col_boolean(db, 22),
		.version = col_int64(db, 23),
		.is_fee_by_ticket = col_boolean(db, 24),
		.free_from = col_int64(db, 25),
	};
	if (!shipment_kind_read(col_text(db, 2, a), &e->kind) || !abroad_read(col_text(db, 12, a), &e->abroad))
		BUG("shipment mode %lld", (long long)e->id);
}

static enum status read_channels(struct conn *db, struct mode_edit *e)
{
	static const struct sql q = SQL("SELECT sales_channel FROM shipment_mode_channel WHERE shipment_mode = $1 ORDER BY sales_channel LIMIT $2");
	enum status st;
	if ((st = store_query(db, &q, int64(e->id), int64(MODE_CHANNELS)))) return st;
	while ((st = store_next(db)) == OK) e->channels[e->channel_count++] = col_int64(db, 0);
	return st == NOT_FOUND ? OK : st;
}

enum status mode_rows(struct conn *db, struct arena *a, const struct actor *who, struct mode_edit **out, size_t *count)
{
	static const struct sql q = SQL("SELECT " COLUMNS " ORDER BY m.rank, m.id LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct mode_edit, MODES_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(who->institution), int64(MODES_MOST)))) return st;
	while ((st = store_next(db)) == OK) read_mode(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

enum status mode_edit_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct mode_edit *out)
{
	static const struct sql q = SQL("SELECT " COLUMNS " AND m.id = $2");
	enum status st = actor_may(who, RIGHT_POINT_OF_SALE_READ) ? store_row(db, &q, int64(who->institution), int64(id)) : NOT_FOUND;
	if (st) return st;
	read_mode(db, a, out);
	return read_channels(db, out);
}

enum status vat_choices(struct conn *db, struct arena *a, int64_t institution, struct vat_choice **out, size_t *count)
{
	static const struct sql q = SQL("SELECT id, basis_points, code, name FROM vat_rate WHERE institution = $1 ORDER BY basis_points, id LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct vat_choice, VAT_CHOICES_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(institution), int64(VAT_CHOICES_MOST)))) return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct vat_choice){ col_int64(db, 0), col_int64(db, 1), col_text(db, 2, a), col_text(db, 3, a) };
	return st == NOT_FOUND ? OK : st;
}

/* ---- what may be saved ---- */

static void check_number(int64_t n, int64_t least, int64_t most, const char *field, struct problem *why)
{
	if (n < least || n > most) problem_add(why, field, MSG_NUMBER_BETWEEN, arg_int("least", least), arg_int("most", most));
}

static void check_words(const struct mode_edit *e, enum language main_language, struct problem *why)
{
	if (!e->id && !is_sale_code(e->code)) problem_add(why, "code", MSG_SALE_CODE, arg_int("n", SALE_CODE_MAX));
	for (int l = 0; l < LANGUAGES; l++) {
		bool is_missing = l == (int)main_language && !e->name[l].len;
		if (is_missing || !is_plain_line(e->name[l], MODE_NAME_MAX))
			problem_add(why, name_fields[l], MSG_DOCUMENT_TYPE_NAME, arg_int("n", MODE_NAME_MAX));
		if (!is_plain_line(e->note[l], MODE_NOTE_MAX)) problem_add(why, note_fields[l], MSG_INSTITUTION_LINE, arg_int("n", MODE_NOTE_MAX));
	}
	bool is_service = false;
	for (size_t i = 0; i < POSTAL_SERVICES; i++) is_service |= str_eq(e->postal_service, str_of(postal_services[i]));
	if (!is_service) problem_add(why, "postal_service", MSG_CHOICE_UNKNOWN);
	check_number(e->rank, 0, MODES_MOST, "rank", why);
	check_number(e->last_days, 0, MODE_DAYS_MAX, "last_days", why);
	check_number(e->tickets_most, 1, MODE_TICKETS_MAX, "tickets_most", why);
	if (e->fee < 0 || e->fee > MODE_FEE_MAX) problem_add(why, "fee", MSG_MODE_FEE);
	if (e->free_from < 0 || e->free_from > MODE_FREE_MAX) problem_add(why, "free_from", MSG_MODE_FREE_FROM);
}

/* Whether Q, asked with the house and ID, has a row; a finding at FIELD when not. */
static enum status check_owned(struct conn *db, const struct sql *q, const struct actor *who, int64_t id, const char *field, struct problem *why)
{
	enum status st = store_row(db, q, int64(who->institution), int64(id));
	if (st == NOT_FOUND) problem_add(why, field, MSG_CHOICE_UNKNOWN);
	return st == NOT_FOUND ? OK : st;
}

static enum status check_choices(struct conn *db, const struct actor *who, const struct mode_edit *e, struct problem *why)
{
	static const struct sql vat = SQL("SELECT 1 FROM vat_rate WHERE institution = $1 AND id = $2");
	static const struct sql printer = SQL("SELECT 1 FROM interface WHERE institution = $1 AND id = $2 AND kind = 'printer'");
	static const struct sql partner = SQL("SELECT 1 FROM interface WHERE institution = $1 AND id = $2 AND kind = 'partner'");
	static const struct sql channel = SQL("SELECT 1 FROM sales_channel WHERE institution = $1 AND id = $2");
	enum status st;
	if ((st = check_owned(db, &vat, who, e->vat_rate, "vat_rate", why))) return st;
	if (e->printer && (st = check_owned(db, &printer, who, e->printer, "printer", why))) return st;
	if (e->partner && (st = check_owned(db, &partner, who, e->partner, "partner", why))) return st;
	for (size_t i = 0; i < e->channel_count; i++)
		if ((st = check_owned(db, &channel, who, e->channels[i], "channels", why))) return st;
	return OK;
}

/* ---- the trail ---- */

#define MODE_VALUES (LANGUAGES + 11)

static const struct audit_value *values_of(struct arena *a, const struct mode_edit *e)
{
	const struct {
		const char *name;
		int64_t value;
	} numbers[] = { { "last_days", e->last_days }, { "fee", e->fee }, { "free_from", e->free_from }, { "printer", e->printer },
		{ "partner", e->partner }, { "tickets_most", e->tickets_most } };
	struct audit_value *out = ARENA_ARRAY(a, struct audit_value, MODE_VALUES);
	size_t n = 0;
	for (int l = 0; l < LANGUAGES; l++) out[n++] = (struct audit_value){ name_fields[l], str_keep(a, e->name[l]) };
	out[n++] = (struct audit_value){ "abroad", abroad_code(e->abroad) };
	out[n++] = (struct audit_value){ "postal_service", str_keep(a, e->postal_service) };
	for (size_t i = 0; i < COUNT(numbers); i++)
		out[n++] = (struct audit_value){ numbers[i].name, str_format(a, "%lld", (long long)numbers[i].value) };
	out[n++] = (struct audit_value){ "fee_per", e->is_fee_by_ticket ? S("ticket") : S("order") };
	out[n++] = (struct audit_value){ "active", e->is_active ? S("yes") : S("no") };
	out[n] = (struct audit_value){ NULL, { 0 } };
	return out;
}

/* ---- saving ---- */

#define VALUES(e)                                                                                                                               \
	int64((e)->rank), text((e)->name[LANG_EN]), text((e)->name[LANG_FR]), text((e)->name[LANG_DE]), text((e)->name[LANG_IT]),                   \
		text((e)->note[LANG_EN]), text((e)->note[LANG_FR]), text((e)->note[LANG_DE]), text((e)->note[LANG_IT]), text(abroad_code((e)->abroad)), \
		int64((e)->last_days), int64((e)->fee), int64((e)->vat_rate), (e)->printer ? int64((e)->printer) : null_value(),                        \
		(e)->partner ? int64((e)->partner) : null_value(), text((e)->postal_service), int64((e)->tickets_most), boolean((e)->needs_address),    \
		boolean((e)->is_after_payment), boolean((e)->is_active), text((e)->is_fee_by_ticket ? S("ticket") : S("order")), int64((e)->free_from)

static enum status save_channels(struct conn *db, const struct mode_edit *e, int64_t id)
{
	static const struct sql none = SQL("DELETE FROM shipment_mode_channel WHERE shipment_mode = $1");
	static const struct sql one = SQL("INSERT INTO shipment_mode_channel (shipment_mode, sales_channel) VALUES ($1, $2) ON CONFLICT DO NOTHING");
	enum status st = store_exec(db, &none, int64(id));
	for (size_t i = 0; i < e->channel_count && !st; i++) st = store_exec(db, &one, int64(id), int64(e->channels[i]));
	return st;
}

static enum status insert(struct conn *db, struct arena *a, const struct actor *who, const struct mode_edit *e, int64_t *id, struct problem *why)
{
	static const struct sql many = SQL("SELECT count(*) FROM shipment_mode WHERE institution = $1");
	static const struct sql q = SQL(
		"INSERT INTO shipment_mode (institution, code, kind, rank, name_en, name_fr, name_de, name_it, note_en, note_fr, note_de, note_it, abroad,"
		"  last_days, fee, vat_rate, printer, partner, postal_service, tickets_most, needs_address, is_after_payment, is_active, fee_per, free_from)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)"
		" ON CONFLICT (institution, code) DO NOTHING RETURNING id");
	enum status st = store_row(db, &many, int64(who->institution));
	if (st) return st;
	if (col_int64(db, 0) >= MODES_MOST) return problem_add(why, "", MSG_PARTS_TOO_MANY, arg_int("n", MODES_MOST)), REFUSED;
	st = store_row(db, &q, int64(who->institution), text(e->code), text(shipment_kind_code(e->kind)), VALUES(e));
	if (st == NOT_FOUND) return problem_add(why, "code", MSG_CODE_TAKEN, arg_text("code", str_keep(a, e->code))), REFUSED;
	if (st) return st;
	*id = col_int64(db, 0);
	if ((st = save_channels(db, e, *id))) return st;
	return audit_note(db, a, who, &(const struct audit_record){ "shipment-mode-made", "shipment-mode", *id, NULL, values_of(a, e) });
}

static enum status update(struct conn *db, struct arena *a, const struct actor *who, const struct mode_edit *e, struct problem *why)
{
	static const struct sql q = SQL(
		"UPDATE shipment_mode SET rank = $4, name_en = $5, name_fr = $6, name_de = $7, name_it = $8, note_en = $9, note_fr = $10, note_de = $11,"
		"  note_it = $12, abroad = $13, last_days = $14, fee = $15, vat_rate = $16, printer = $17, partner = $18, postal_service = $19,"
		"  tickets_most = $20, needs_address = $21, is_after_payment = $22, is_active = $23, fee_per = $24, free_from = $25, version = version + 1"
		" WHERE institution = $1 AND id = $2 AND version = $3");
	struct mode_edit old;
	enum status st = mode_edit_get(db, a, who, e->id, &old);
	if (st) return st;
	if ((st = store_exec(db, &q, int64(who->institution), int64(e->id), int64(e->version), VALUES(e)))) return st;
	if (!store_changes(db)) return problem_add(why, "", MSG_SAVED_MEANWHILE), REFUSED;
	if ((st = save_channels(db, e, e->id))) return st;
	return audit_note(
		db, a, who, &(const struct audit_record){ "shipment-mode-changed", "shipment-mode", e->id, values_of(a, &old), values_of(a, e) });
}

enum status mode_save(struct conn *db, struct arena *a, const struct actor *who, const struct mode_edit *e, int64_t *id, struct problem *why)
{
	enum language main_language = LANG_EN;
	enum status st;
	if (!may_write(who)) return NOT_FOUND;
	if ((st = house_main_language(db, a, who->institution, &main_language))) return st;
	check_words(e, main_language, why);
	if ((st = check_choices(db, who, e, why))) return st;
	if (problem_any(why)) return REFUSED;
	*id = e->id;
	return e->id ? update(db, a, who, e, why) : insert(db, a, who, e, id, why);
}

/* ---- days ---- */

enum status closed_days(struct conn *db, struct arena *a, int64_t institution, int64_t from, int64_t **out, size_t *count)
{
	static const struct sql q = SQL("SELECT day FROM closed_day WHERE institution = $1 AND day >= $2 ORDER BY day LIMIT $3");
	enum status st;
	*out = ARENA_ARRAY(a, int64_t, CLOSED_DAYS_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(institution), int64(from), int64(CLOSED_DAYS_MOST)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = col_int64(db, 0);
	return st == NOT_FOUND ? OK : st;
}

enum status closed_day_set(struct conn *db, struct arena *a, const struct actor *who, int64_t day, int64_t today, bool is_closed, struct problem *why)
{
	static const struct sql many = SQL("SELECT count(*) FROM closed_day WHERE institution = $1 AND day >= $2");
	static const struct sql add = SQL("INSERT INTO closed_day (institution, day) VALUES ($1, $2) ON CONFLICT DO NOTHING");
	static const struct sql strike = SQL("DELETE FROM closed_day WHERE institution = $1 AND day = $2");
	const struct audit_value values[] = { { "day", day_text(a, day) }, { NULL, { 0 } } };
	enum status st;
	if (!may_write(who)) return NOT_FOUND;
	if (day < today || day > today + DAYS_AHEAD_MAX) return problem_add(why, "day", MSG_CLOSED_DAY_RANGE), REFUSED;
	if ((st = store_row(db, &many, int64(who->institution), int64(today)))) return st;
	if (is_closed && col_int64(db, 0) >= CLOSED_DAYS_MOST)
		return problem_add(why, "day", MSG_PARTS_TOO_MANY, arg_int("n", CLOSED_DAYS_MOST)), REFUSED;
	if ((st = store_exec(db, is_closed ? &add : &strike, int64(who->institution), int64(day))) || !store_changes(db)) return st;
	const struct audit_record what = { is_closed ? "closed-day-listed" : "closed-day-struck", "institution", who->institution,
		is_closed ? NULL : values, is_closed ? values : NULL };
	return audit_note(db, a, who, &what);
}
