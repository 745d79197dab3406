/* shipping/mode.c: shipment modes. */
#include "shipping/mode.h"

#include "sales/name.h"

static const char *const kinds[] = { "by-hand", "print-at-home", "electronic", "e-mail", "mobile", "pick-up", "hand-later", "post", "registered",
	"courier", "external" };
static const char *const reaches[] = { "no", "yes", "any" };

#define NOTE_COLUMN(language) " CASE " language " WHEN 'en' THEN m.note_en WHEN 'fr' THEN m.note_fr WHEN 'de' THEN m.note_de ELSE m.note_it END"

/* $1 the institution, $2 the language. A note is shown where there is a name in the same language, so that no line has two. */
#define MODE_COLUMNS                                                                                                                               \
	"SELECT m.id, m.fee, v.basis_points, m.kind, m.abroad, m.code," NAME_OF("m", "$2", "h.main_language") ", CASE WHEN" NAME_COLUMN(               \
		"m", "$2") " <> '' THEN" NOTE_COLUMN("$2") " ELSE" NOTE_COLUMN("h.main_language") " END,"                                                  \
																						  "  m.needs_address, m.last_days, m.fee_per = 'ticket', " \
																						  "m.free_from"                                            \
																						  " FROM shipment_mode m JOIN vat_rate v ON v.id = "       \
																						  "m.vat_rate JOIN institution h ON h.id = m.institution " \
																						  "WHERE m.institution = $1"

struct str shipment_kind_code(enum shipment_kind kind)
{
	return str_of(kinds[kind]);
}

bool shipment_kind_read(struct str code, enum shipment_kind *out)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!str_eq(code, str_of(kinds[i]))) continue;
		*out = (enum shipment_kind)i;
		return true;
	}
	return false;
}

struct str abroad_code(enum abroad abroad)
{
	return str_of(reaches[abroad]);
}

bool abroad_read(struct str code, enum abroad *out)
{
	for (size_t i = 0; i < COUNT(reaches); i++) {
		if (!str_eq(code, str_of(reaches[i]))) continue;
		*out = (enum abroad)i;
		return true;
	}
	return false;
}

static void mode_read(struct conn *db, struct arena *a, struct shipment_mode *m)
{
	*m = (struct shipment_mode){
		.id = col_int64(db, 0),
		.fee = col_int64(db, 1),
		.fee_each = col_int64(db, 1),
		.fee_times = 1,
		.is_fee_by_ticket = col_boolean(db, 10),
		.free_from = col_int64(db, 11),
		.vat = col_int64(db, 2),
		.kind = (enum shipment_kind)str_index(col_text(db, 3, a), kinds, COUNT(kinds), "shipment mode"),
		.abroad = (enum abroad)str_index(col_text(db, 4, a), reaches, COUNT(reaches), "shipment mode"),
		.code = col_text(db, 5, a),
		.name = col_text(db, 6, a),
		.note = col_text(db, 7, a),
		.needs_address = col_boolean(db, 8),
	};
}

enum status shipment_modes(
	struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t first_at, struct shipment_mode **out, size_t *count)
{
	static const struct sql q =
		SQL(MODE_COLUMNS " AND m.is_active AND (EXISTS (SELECT 1 FROM shipment_mode_channel k WHERE k.shipment_mode = m.id AND k.sales_channel = $3)"
						 "  OR NOT EXISTS (SELECT 1 FROM shipment_mode_channel k WHERE k.shipment_mode = m.id)) ORDER BY m.rank, m.id LIMIT $4");
	int64_t last_days[MODES_MOST], over;
	enum status st;
	*out = ARENA_ARRAY(a, struct shipment_mode, MODES_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(s->institution), text(str_of(lang_tag(l))), int64(s->channel), int64(MODES_MOST)))) return st;
	while ((st = store_next(db)) == OK) {
		last_days[*count] = col_int64(db, 9);
		mode_read(db, a, &(*out)[(*count)++]);
	}
	if (st != NOT_FOUND) return st;
	for (size_t i = 0; i < *count && first_at; i++) {
		if ((st = working_day_over(db, a, s, first_at, last_days[i], &over))) return st;
		(*out)[i].is_too_late = store_now(db) >= over;
	}
	return OK;
}

enum status shipment_mode_charge(struct conn *db, int64_t order, int64_t total, struct shipment_mode *m)
{
	static const struct sql q = SQL("SELECT COALESCE(sum(l.quantity), 0) FROM order_line l JOIN performance_zone z ON z.id = l.performance_zone"
									" JOIN performance p ON p.id = z.performance JOIN event e ON e.id = p.event"
									" WHERE l.customer_order = $1 AND l.kind = 'ticket' AND e.is_in_shipment_fee");
	if (m->is_fee_by_ticket) {
		enum status st = store_row(db, &q, int64(order));
		if (st) return st;
		m->fee_times = col_int64(db, 0);
	}
	if (m->free_from && total >= m->free_from) m->fee_times = 0;
	m->fee = m->fee_each * m->fee_times;
	return OK;
}

bool shipment_mode_reaches(const struct shipment_mode *m, const struct seller *s, struct str country)
{
	bool is_home = str_eq(country, s->country);
	return m->abroad == ABROAD_ANY || is_home == (m->abroad == ABROAD_NO);
}

enum status shipment_mode_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, enum language l, struct shipment_mode *out)
{
	static const struct sql q = SQL(MODE_COLUMNS " AND m.id = $3");
	enum status st = store_row(db, &q, int64(institution), text(str_of(lang_tag(l))), int64(id));
	if (st == OK) mode_read(db, a, out);
	return st;
}

enum status shipment_mode_make(struct conn *db, int64_t institution, const struct new_shipment_mode *n, int64_t *id)
{
	static const struct sql q =
		SQL("INSERT INTO shipment_mode (institution, code, kind, rank, name_en, name_fr, name_de, name_it, note_en, note_fr, note_de, note_it, "
			"abroad, last_days,"
			"  fee, vat_rate, needs_address, fee_per, free_from, is_active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
			"  $16, $17, $18, $19, TRUE)"
			" ON CONFLICT DO NOTHING RETURNING id");
	enum status st = store_row(db, &q, int64(institution), text(n->code), text(str_of(kinds[n->kind])), int64(n->rank), text(n->name[LANG_EN]),
		text(n->name[LANG_FR]), text(n->name[LANG_DE]), text(n->name[LANG_IT]), text(n->note[LANG_EN]), text(n->note[LANG_FR]),
		text(n->note[LANG_DE]), text(n->note[LANG_IT]), text(str_of(reaches[n->abroad])), int64(n->last_days), int64(n->fee), int64(n->vat_rate),
		boolean(n->needs_address), text(n->is_fee_by_ticket ? S("ticket") : S("order")), int64(n->free_from));
	if (st == NOT_FOUND) return REFUSED;
	if (st == OK) *id = col_int64(db, 0);
	return st;
}
