/* shipping/interface.c: interfaces, read and saved. */
#include "shipping/interface.h"

#include "institution/audit.h"

#define CODE_MAX   40
#define NAME_MAX   100
#define DAYS_MAX   365
#define FOLDER_MAX 400
#define HOST_MAX   253 /* RFC 1035 */

static const char *const kinds[] = { "payments", "printer", "partner" };
const char *const tracking_form_codes[TRACKING_FORMS] = { "any", "swiss-post", "s10", "ups", "dpd", "own" };
const char *const print_encoding_codes[ENCODINGS] = { "utf-8-bom", "utf-8", "windows-1252" };
const char *const barcode_types[BARCODE_TYPES] = { "QR", "AZTEC", "DATAMATRIX", "CODE128" };

#define BASE		 "i.id, i.institution, i.kind, i.code, i.name, i.is_active"
#define BASE_COLUMNS 6

static void read_base(struct conn *db, struct arena *a, struct interface *out)
{
	*out =
		(struct interface){ col_int64(db, 0), col_int64(db, 1), (enum interface_kind)str_index(col_text(db, 2, a), kinds, COUNT(kinds), "interface"),
			col_text(db, 3, a), col_text(db, 4, a), col_boolean(db, 5) };
}

enum status interface_list(struct conn *db, struct arena *a, int64_t institution, struct interface **out, size_t *count)
{
	static const struct sql q = SQL("SELECT " BASE " FROM interface i WHERE i.institution = $1 ORDER BY i.kind DESC, i.code LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct interface, INTERFACES_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(institution), int64(INTERFACES_MOST)))) return st;
	while ((st = store_next(db)) == OK) read_base(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

enum status interface_by_code(struct conn *db, struct arena *a, int64_t institution, struct str code, struct interface *out)
{
	static const struct sql q = SQL("SELECT " BASE " FROM interface i WHERE i.institution = $1 AND i.code = $2");
	enum status st = store_row(db, &q, int64(institution), text(code));
	if (st == OK) read_base(db, a, out);
	return st;
}

enum status interface_payments_install(struct conn *db, int64_t institution)
{
	static const struct sql q = SQL("INSERT INTO interface (institution, kind, code, name, is_active) VALUES ($1, 'payments', $2, 'Payments', TRUE)"
									" ON CONFLICT DO NOTHING");
	return store_exec(db, &q, int64(institution), text(S(PAYMENTS_CODE)));
}

/* ---- saving what all have ---- */

static void check_base(const struct interface *i, struct problem *why)
{
	bool is_code = i->code.len > 0 && i->code.len <= CODE_MAX;
	for (size_t k = 0; k < i->code.len; k++) is_code &= str_has(S("abcdefghijklmnopqrstuvwxyz0123456789-"), i->code.at[k]);
	if (!is_code) problem_add(why, "code", MSG_INTERFACE_CODE);
	else if (str_eq(i->code, S("new"))) problem_add(why, "code", MSG_INTERFACE_CODE_TAKEN); /* the office's page for new ones */
	if (i->name.len == 0 || i->name.len > NAME_MAX) problem_add(why, "name", MSG_INTERFACE_NAME);
}

static enum status save_base(struct conn *db, struct interface *i, struct problem *why)
{
	static const struct sql make = SQL("INSERT INTO interface (institution, kind, code, name, is_active) VALUES ($1, $2, $3, $4, $5)"
									   " ON CONFLICT DO NOTHING RETURNING id");
	static const struct sql change =
		SQL("UPDATE interface SET name = $4, is_active = $5 WHERE id = $1 AND institution = $2 AND kind = $3 RETURNING id");
	enum status st =
		i->id ? store_row(db, &change, int64(i->id), int64(i->institution), text(str_of(kinds[i->kind])), text(i->name), boolean(i->is_active))
			  : store_row(db, &make, int64(i->institution), text(str_of(kinds[i->kind])), text(i->code), text(i->name), boolean(i->is_active));
	if (st == NOT_FOUND && !i->id) return problem_add(why, "code", MSG_INTERFACE_CODE_TAKEN), REFUSED;
	if (st == OK) i->id = col_int64(db, 0);
	return st;
}

static enum status note(
	struct conn *db, struct arena *a, const struct actor *who, const struct interface *i, bool is_new, const struct audit_value *after)
{
	const struct audit_record record = { is_new ? "interface-made" : "interface-changed", "interface", i->id, NULL, after };
	return audit_note(db, a, who, &record);
}

/* ---- partners ---- */

enum status partner_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct partner *out)
{
	static const struct sql q = SQL("SELECT " BASE ", p.link_form, p.number_form, p.pattern, p.refuses_wrong, p.host, p.language_en, p.language_fr,"
									" p.language_de, p.language_it, p.lost_days FROM interface i JOIN partner p ON p.interface = i.id"
									" WHERE i.id = $1 AND i.institution = $2");
	enum status st = store_row(db, &q, int64(id), int64(institution));
	if (st) return st;
	*out = (struct partner){
		.link_form = col_text(db, BASE_COLUMNS, a),
		.number_form = (enum tracking_form)str_index(col_text(db, BASE_COLUMNS + 1, a), tracking_form_codes, TRACKING_FORMS, "interface"),
		.pattern = col_text(db, BASE_COLUMNS + 2, a),
		.refuses_wrong = col_boolean(db, BASE_COLUMNS + 3),
		.host = col_text(db, BASE_COLUMNS + 4, a),
		.lost_days = col_int64(db, BASE_COLUMNS + 9),
	};
	for (int l = 0; l < LANGUAGES; l++) out->languages[l] = col_text(db, BASE_COLUMNS + 5 + l, a);
	read_base(db, a, &out->interface);
	return OK;
}

void link_form_check(struct str form, bool *is_http, struct problem *why)
{
	static const enum message messages[] = {
		[LINK_FORM_TOO_LONG] = MSG_LINK_FORM_TOO_LONG,
		[LINK_FORM_NOT_HTTPS] = MSG_LINK_FORM_NOT_HTTPS,
		[LINK_FORM_HOST] = MSG_LINK_FORM_HOST,
		[LINK_FORM_CHARACTER] = MSG_LINK_FORM_CHARACTER,
		[LINK_FORM_UNKNOWN_PLACEHOLDER] = MSG_LINK_FORM_UNKNOWN,
		[LINK_FORM_BRACE] = MSG_LINK_FORM_BRACE,
		[LINK_FORM_NO_NUMBER] = MSG_LINK_FORM_NO_NUMBER,
		[LINK_FORM_TWO_NUMBERS] = MSG_LINK_FORM_TWO_NUMBERS,
	};
	struct tracking_link_finding f = tracking_link_check(form);
	*is_http = f.is_http;
	if (f.fault == LINK_FORM_OK) return;
	problem_add(why, "link_form", messages[f.fault], arg_text("part", str_part(form, f.at, f.len)), arg_int("at", (int64_t)f.at + 1),
		arg_text("open", S("{")), arg_text("close", S("}")));
}

/* Empty, or a host's name as it stands in a link. */
static bool is_host(struct str host)
{
	bool is_right = host.len <= HOST_MAX && (host.len == 0 || str_find(host, S(".")) > 0);
	for (size_t i = 0; i < host.len; i++) is_right &= str_has(S("abcdefghijklmnopqrstuvwxyz0123456789-."), host.at[i]);
	return is_right;
}

enum status partner_save(struct conn *db, struct arena *a, const struct actor *who, struct partner *p, struct problem *why)
{
	static const struct sql q = SQL(
		"INSERT INTO partner (interface, link_form, number_form, pattern, refuses_wrong, host, language_en, language_fr, language_de, language_it,"
		"  lost_days) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (interface) DO UPDATE SET link_form = $2, number_form = $3,"
		"  pattern = $4, refuses_wrong = $5, host = $6, language_en = $7, language_fr = $8, language_de = $9, language_it = $10, lost_days = $11");
	bool is_http, is_new = p->interface.id == 0;
	enum status st;
	p->interface.institution = who->institution;
	p->interface.kind = INTERFACE_PARTNER;
	check_base(&p->interface, why);
	if (p->link_form.len) link_form_check(p->link_form, &is_http, why);
	if (!is_host(p->host)) problem_add(why, "host", MSG_PARTNER_HOST_WRONG);
	if (p->number_form == TRACKING_OWN && p->pattern.len == 0) problem_add(why, "pattern", MSG_PARTNER_PATTERN);
	if (p->lost_days < 1 || p->lost_days > DAYS_MAX) problem_add(why, "lost_days", MSG_INTERFACE_DAYS, arg_int("most", DAYS_MAX));
	if (problem_any(why)) return REFUSED;
	if ((st = save_base(db, &p->interface, why))) return st;
	if ((st = store_exec(db, &q, int64(p->interface.id), text(p->link_form), text(str_of(tracking_form_codes[p->number_form])), text(p->pattern),
			 boolean(p->refuses_wrong), text(p->host), text(p->languages[LANG_EN]), text(p->languages[LANG_FR]), text(p->languages[LANG_DE]),
			 text(p->languages[LANG_IT]), int64(p->lost_days))))
		return st;
	const struct audit_value after[] = { { "name", p->interface.name }, { "tracking-page", p->link_form }, { NULL, { 0 } } };
	return note(db, a, who, &p->interface, is_new, after);
}

struct str partner_link(struct arena *a, const struct partner *p, const struct number_at *n)
{
	if (!p || p->link_form.len == 0 || n->plain.len == 0) return (struct str){ 0 };
	struct tracking t = tracking_read(a, n->given, p->number_form, p->pattern);
	const struct tracking_values values = {
		.shown = t.shown.len ? t.shown : n->given,
		.plain = n->plain,
		.language = p->languages[n->language],
		.country = n->country,
		.postcode = n->postcode,
		.posted_date = n->posted,
	};
	return tracking_link(a, p->link_form, &values);
}

/* A pattern with a digit and a letter in each place. */
static struct str pattern_filled(struct arena *a, struct str pattern)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < pattern.len; i++)
		buf_add_char(&b, pattern.at[i] == '#' || pattern.at[i] == '*' ? '7' : pattern.at[i] == '@' ? 'K' : pattern.at[i]);
	return buf_str(&b);
}

struct str partner_sample(struct arena *a, const struct partner *p)
{
	static const char *const samples[TRACKING_FORMS] = { [TRACKING_ANY] = "7K120045",
		[TRACKING_SWISS_POST] = "98.34.123456.12345678",
		[TRACKING_S10] = "RX123456785CH",
		[TRACKING_UPS] = "1Z7K77770000000016",
		[TRACKING_DPD] = "012345678901233" };
	return p->number_form == TRACKING_OWN ? pattern_filled(a, p->pattern) : str_of(samples[p->number_form]);
}

/* ---- printers ---- */

static enum status read_printer(struct conn *db, struct arena *a, enum status st, struct printer *out)
{
	if (st) return st;
	*out = (struct printer){
		.layout = col_text(db, BASE_COLUMNS, a),
		.barcode_type = col_text(db, BASE_COLUMNS + 1, a),
		.encoding = (enum print_encoding)str_index(col_text(db, BASE_COLUMNS + 2, a), print_encoding_codes, ENCODINGS, "interface"),
		.separator = col_text(db, BASE_COLUMNS + 3, a).at[0],
		.has_letters = col_boolean(db, BASE_COLUMNS + 4),
		.is_line_printed = col_boolean(db, BASE_COLUMNS + 5),
		.is_printed_posted = col_boolean(db, BASE_COLUMNS + 6),
		.is_day_first = col_boolean(db, BASE_COLUMNS + 7),
		.return_days = col_int64(db, BASE_COLUMNS + 8),
		.keep_days = col_int64(db, BASE_COLUMNS + 9),
		.folder = col_text(db, BASE_COLUMNS + 10, a),
		.sends_mails = col_boolean(db, BASE_COLUMNS + 11),
		.partner = col_int64(db, BASE_COLUMNS + 12),
	};
	read_base(db, a, &out->interface);
	return OK;
}

#define PRINTER                                                                                                                                  \
	"SELECT " BASE ", p.layout, p.barcode_type, p.encoding, p.separator, p.has_letters, p.is_line_printed, p.is_printed_posted, p.is_day_first," \
	" p.return_days, p.keep_days, p.folder, p.sends_mails, COALESCE(p.partner, 0) FROM interface i JOIN printer p ON p.interface = i.id"         \
	" WHERE i.institution = $1"

enum status printer_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct printer *out)
{
	static const struct sql q = SQL(PRINTER " AND i.id = $2");
	return read_printer(db, a, store_row(db, &q, int64(institution), int64(id)), out);
}

enum status printer_by_code(struct conn *db, struct arena *a, int64_t institution, struct str code, struct printer *out)
{
	static const struct sql q = SQL(PRINTER " AND i.code = $2");
	return read_printer(db, a, store_row(db, &q, int64(institution), text(code)), out);
}

static enum status partner_is_ours(struct conn *db, const struct printer *p, struct problem *why)
{
	static const struct sql q = SQL("SELECT 1 FROM interface WHERE id = $1 AND institution = $2 AND kind = 'partner'");
	enum status st = p->partner ? store_row(db, &q, int64(p->partner), int64(p->interface.institution)) : OK;
	if (st == NOT_FOUND) return problem_add(why, "partner", MSG_INTERFACE_PARTNER), REFUSED;
	return st;
}

static enum status check_printer(struct conn *db, const struct printer *p, struct problem *why)
{
	check_base(&p->interface, why);
	if (p->layout.len > CODE_MAX) problem_add(why, "layout", MSG_INTERFACE_NAME);
	if (p->return_days < 0 || p->return_days > DAYS_MAX) problem_add(why, "return_days", MSG_INTERFACE_DAYS, arg_int("most", DAYS_MAX));
	if (p->keep_days < 1 || p->keep_days > DAYS_MAX) problem_add(why, "keep_days", MSG_INTERFACE_DAYS, arg_int("most", DAYS_MAX));
	if (p->folder.len && (p->folder.at[0] != '/' || p->folder.len > FOLDER_MAX || str_has_control(p->folder)))
		problem_add(why, "folder", MSG_INTERFACE_FOLDER);
	enum status st = partner_is_ours(db, p, why);
	return st == OK && problem_any(why) ? REFUSED : st;
}

enum status printer_save(struct conn *db, struct arena *a, const struct actor *who, struct printer *p, struct problem *why)
{
	static const struct sql q = SQL(
		"INSERT INTO printer (interface, layout, barcode_type, encoding, separator, has_letters, is_line_printed, is_printed_posted, is_day_first,"
		"  return_days, keep_days, folder, sends_mails, partner) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, FALSE, $13)"
		" ON CONFLICT (interface) DO UPDATE SET layout = $2, barcode_type = $3, encoding = $4, separator = $5, has_letters = $6,"
		"  is_line_printed = $7, is_printed_posted = $8, is_day_first = $9, return_days = $10, keep_days = $11, folder = $12, partner = $13");
	bool is_new = p->interface.id == 0;
	enum status st;
	p->interface.institution = who->institution;
	p->interface.kind = INTERFACE_PRINTER;
	if ((st = check_printer(db, p, why))) return st;
	if ((st = save_base(db, &p->interface, why))) return st;
	if ((st = store_exec(db, &q, int64(p->interface.id), text(p->layout), text(p->barcode_type), text(str_of(print_encoding_codes[p->encoding])),
			 text((struct str){ &p->separator, 1 }), boolean(p->has_letters), boolean(p->is_line_printed), boolean(p->is_printed_posted),
			 boolean(p->is_day_first), int64(p->return_days), int64(p->keep_days), text(p->folder), p->partner ? int64(p->partner) : null_value())))
		return st;
	const struct audit_value after[] = { { "name", p->interface.name }, { "layout", p->layout }, { "folder", p->folder },
		{ "printed-means-posted", p->is_printed_posted ? S("yes") : S("no") }, { NULL, { 0 } } };
	return note(db, a, who, &p->interface, is_new, after);
}

enum status printer_remember_mails(struct conn *db, int64_t id, bool sends)
{
	static const struct sql q = SQL("UPDATE printer SET sends_mails = $2 WHERE interface = $1");
	return store_exec(db, &q, int64(id), boolean(sends));
}

enum status shipment_mode_by_code(struct conn *db, int64_t institution, struct str code, int64_t *id)
{
	static const struct sql q = SQL("SELECT id FROM shipment_mode WHERE institution = $1 AND code = $2");
	enum status st = store_row(db, &q, int64(institution), text(code));
	if (st == OK) *id = col_int64(db, 0);
	return st;
}

enum status shipment_mode_ways(struct conn *db, int64_t institution, int64_t mode, const struct mode_ways *ways)
{
	static const struct sql q =
		SQL("UPDATE shipment_mode SET printer = $3, partner = $4, tickets_most = $5, postal_service = $6, is_after_payment = $7"
			" WHERE id = $1 AND institution = $2");
	enum status st = store_exec(db, &q, int64(mode), int64(institution), ways->printer ? int64(ways->printer) : null_value(),
		ways->partner ? int64(ways->partner) : null_value(), int64(ways->tickets_most), text(ways->postal_service), boolean(ways->is_after_payment));
	return st || store_changes(db) ? st : NOT_FOUND;
}
