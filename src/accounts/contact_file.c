/* accounts/contact_file.c: the rows beside a contact. */
#include "accounts/contact_file.h"

#include "accounts/contact_words.h"
#include "accounts/merge.h"
#include "accounts/phone.h"
#include "formats/email.h"
#include "institution/institution.h"

static const char *const purposes[CONSENT_PURPOSES] = { "newsletter", "post", "phone" };

const char *consent_purpose_name(enum consent_purpose p)
{
	return purposes[p];
}

bool consent_purpose_from_name(struct str name, enum consent_purpose *out)
{
	for (size_t i = 0; i < CONSENT_PURPOSES; i++)
		if (str_eq(name, str_of(purposes[i]))) return *out = (enum consent_purpose)i, true;
	return false;
}

/* ---- reading ---- */

static enum status read_channels(struct conn *db, struct arena *a, int64_t contact, struct contact_file *f)
{
	static const struct sql q =
		SQL("SELECT id, kind, label, value FROM contact_channel WHERE contact IN " CONTACT_AND_MERGED " ORDER BY id LIMIT $2");
	enum status st = store_query(db, &q, int64(contact), int64(FILE_ROWS_MOST));
	while (!st && (st = store_next(db)) == OK)
		f->channels[f->channel_count++] =
			(struct file_channel){ col_int64(db, 0), str_eq(col_text(db, 1, a), S("phone")), col_text(db, 2, a), col_text(db, 3, a) };
	return st == NOT_FOUND ? OK : st;
}

static enum status read_addresses(struct conn *db, struct arena *a, int64_t contact, struct contact_file *f)
{
	static const struct sql q =
		SQL("SELECT id, label, street, house_number, postcode, town, country FROM contact_address WHERE contact IN " CONTACT_AND_MERGED
			" ORDER BY id LIMIT $2");
	enum status st = store_query(db, &q, int64(contact), int64(FILE_ROWS_MOST));
	while (!st && (st = store_next(db)) == OK)
		f->addresses[f->address_count++] = (struct file_address){ col_int64(db, 0), col_text(db, 1, a),
			{ col_text(db, 2, a), col_text(db, 3, a), col_text(db, 4, a), col_text(db, 5, a), col_text(db, 6, a) } };
	return st == NOT_FOUND ? OK : st;
}

static enum status read_relays(struct conn *db, struct arena *a, const struct sql *q, int64_t contact, struct file_relay *out, size_t *count)
{
	enum status st = store_query(db, q, int64(contact), int64(FILE_ROWS_MOST));
	while (!st && (st = store_next(db)) == OK)
		out[(*count)++] = (struct file_relay){ col_int64(db, 0), col_int64(db, 1),
			str_trim(str_format(a, "%.*s %.*s", STR_ARG(col_text(db, 2, a)), STR_ARG(col_text(db, 3, a)))), col_text(db, 4, a) };
	return st == NOT_FOUND ? OK : st;
}

static enum status read_consents(struct conn *db, struct arena *a, int64_t contact, struct contact_file *f)
{
	static const struct sql q =
		SQL("SELECT purpose, is_given, at, by_name FROM consent WHERE contact IN " CONTACT_AND_MERGED " ORDER BY id DESC LIMIT $2");
	bool seen[CONSENT_PURPOSES] = { false };
	enum status st = store_query(db, &q, int64(contact), int64(FILE_ROWS_MOST));
	while (!st && (st = store_next(db)) == OK) {
		struct file_consent *c = &f->consents[f->consent_count++];
		*c = (struct file_consent){ .is_given = col_boolean(db, 1), .at = col_int64(db, 2), .by = col_text(db, 3, a) };
		if (!consent_purpose_from_name(col_text(db, 0, a), &c->purpose)) BUG("contact %lld consented to something unknown", (long long)contact);
		c->is_in_force = !seen[c->purpose];
		seen[c->purpose] = true;
	}
	return st == NOT_FOUND ? OK : st;
}

static enum status read_notes(struct conn *db, struct arena *a, int64_t contact, struct contact_file *f)
{
	static const struct sql q = SQL("SELECT at, words, by_name FROM contact_note WHERE contact IN " CONTACT_AND_MERGED " ORDER BY id DESC LIMIT $2");
	enum status st = store_query(db, &q, int64(contact), int64(FILE_ROWS_MOST));
	while (!st && (st = store_next(db)) == OK)
		f->notes[f->note_count++] = (struct file_note){ col_int64(db, 0), col_text(db, 1, a), col_text(db, 2, a) };
	return st == NOT_FOUND ? OK : st;
}

static enum status read_events(struct conn *db, struct arena *a, int64_t contact, struct contact_file *f)
{
	static const struct sql q = SQL("SELECT e.at, e.kind, e.network FROM account_event e JOIN internet_account i ON i.id = e.account"
									" WHERE i.contact IN " CONTACT_AND_MERGED " ORDER BY e.at DESC, e.id DESC LIMIT $2");
	enum status st = store_query(db, &q, int64(contact), int64(FILE_ROWS_MOST));
	while (!st && (st = store_next(db)) == OK)
		f->events[f->event_count++] = (struct file_event){ col_int64(db, 0), col_text(db, 1, a), col_text(db, 2, a) };
	return st == NOT_FOUND ? OK : st;
}

enum status contact_file_get(struct conn *db, struct arena *a, int64_t contact, struct contact_file *out)
{
	static const struct sql people =
		SQL("SELECT c.id, c.number, c.first_name, c.last_name, r.role FROM contact_relay r"
			" JOIN contact c ON c.id = r.person WHERE r.structure IN " CONTACT_AND_MERGED " ORDER BY c.name_key, c.id LIMIT $2");
	static const struct sql acts_for =
		SQL("SELECT c.id, c.number, c.first_name, c.last_name, r.role FROM contact_relay r"
			" JOIN contact c ON c.id = r.structure WHERE r.person IN " CONTACT_AND_MERGED " ORDER BY c.name_key, c.id LIMIT $2");
	enum status st;
	*out = (struct contact_file){ 0 };
	if ((st = read_channels(db, a, contact, out))) return st;
	if ((st = read_addresses(db, a, contact, out))) return st;
	if ((st = read_relays(db, a, &people, contact, out->people, &out->people_count))) return st;
	if ((st = read_relays(db, a, &acts_for, contact, out->acts_for, &out->acts_for_count))) return st;
	if ((st = read_consents(db, a, contact, out))) return st;
	if ((st = read_notes(db, a, contact, out))) return st;
	return read_events(db, a, contact, out);
}

/* ---- changing ---- */

static bool is_label(struct str s, const char *field, struct problem *why)
{
	if (str_points(s) <= LABEL_MAX) return true;
	problem_add(why, field, MSG_CONTACT_TOO_LONG, arg_int("max", LABEL_MAX));
	return false;
}

static enum status add_channel(struct conn *db, struct arena *a, const struct file_change *x, struct problem *why)
{
	static const struct sql q = SQL("INSERT INTO contact_channel (contact, kind, label, value, value_key) VALUES ($1, $2, $3, $4, $5)");
	bool is_phone = x->kind == FILE_PHONE;
	struct email email = { 0 };
	if (x->value.len == 0) problem_add(why, "value", is_phone ? MSG_PHONE_NOT_A_NUMBER : MSG_EMAIL_NOT_ONE_ADDRESS);
	else if (is_phone) phone_read(a, x->value, S("CH"), "value", &email.shown, why), email.key = email.shown;
	else email_read(a, x->value, "value", &email, why);
	is_label(x->label, "label", why);
	if (problem_any(why)) return REFUSED;
	return store_exec(db, &q, int64(x->contact), text(is_phone ? S("phone") : S("email")), text(x->label), text(email.shown), text(email.key));
}

static enum status add_address(struct conn *db, const struct file_change *x, struct problem *why)
{
	static const struct sql q = SQL("INSERT INTO contact_address (contact, label, street, house_number, postcode, town, country)"
									" VALUES ($1, $2, $3, $4, $5, $6, $7)");
	const struct postal *p = &x->address;
	is_label(x->label, "label", why);
	contact_address_check(p, why);
	if (p->town.len == 0 && p->postcode.len == 0) problem_add(why, "town", MSG_TOWN_MISSING);
	if (problem_any(why)) return REFUSED;
	return store_exec(
		db, &q, int64(x->contact), text(x->label), text(p->street), text(p->house_number), text(p->postcode), text(p->town), text(p->country));
}

/* "10482-6" as the person's number. */
static enum status add_relay(struct conn *db, struct arena *a, const struct actor *who, const struct file_change *x, struct problem *why)
{
	static const struct sql person =
		SQL("SELECT id FROM contact WHERE institution = $1 AND number = $2 AND kind = 'individual' AND merged_into IS NULL");
	static const struct sql q = SQL("INSERT INTO contact_relay (structure, person, role) VALUES ($1, $2, $3)"
									" ON CONFLICT (structure, person) DO UPDATE SET role = $3");
	struct buf digits = buf_in(a);
	int64_t number = 0;
	for (size_t i = 0; i < x->value.len; i++)
		if (x->value.at[i] >= '0' && x->value.at[i] <= '9') buf_add_char(&digits, x->value.at[i]);
	is_label(x->label, "label", why);
	enum status st =
		str_int64(buf_str(&digits), &number) && number_checks(number) ? store_row(db, &person, int64(who->institution), int64(number)) : NOT_FOUND;
	if (st == NOT_FOUND) problem_add(why, "value", MSG_RELAY_UNKNOWN);
	if (st && st != NOT_FOUND) return st;
	if (problem_any(why)) return REFUSED;
	return store_exec(db, &q, int64(x->contact), int64(col_int64(db, 0)), text(x->label));
}

static enum status add_consent(struct conn *db, const struct actor *who, const struct file_change *x, struct problem *why)
{
	static const struct sql q = SQL("INSERT INTO consent (contact, purpose, is_given, at, source, by_name) VALUES ($1, $2, $3, $4, 'office', $5)");
	enum consent_purpose purpose;
	if (!consent_purpose_from_name(x->value, &purpose)) return problem_add(why, "value", MSG_CONSENT_UNKNOWN), REFUSED;
	return store_exec(db, &q, int64(x->contact), text(x->value), boolean(x->is_given), int64(store_now(db)), text(who->name));
}

static enum status add_note(struct conn *db, const struct actor *who, const struct file_change *x, struct problem *why)
{
	static const struct sql q = SQL("INSERT INTO contact_note (contact, words, at, by_name) VALUES ($1, $2, $3, $4)");
	if (x->value.len == 0) problem_add(why, "value", MSG_NOTE_EMPTY);
	if (str_points(x->value) > NOTE_MAX) problem_add(why, "value", MSG_CONTACT_TOO_LONG, arg_int("max", NOTE_MAX));
	if (problem_any(why)) return REFUSED;
	return store_exec(db, &q, int64(x->contact), text(x->value), int64(store_now(db)), text(who->name));
}

static enum status take_away(struct conn *db, const struct file_change *x)
{
	static const struct sql channel = SQL("DELETE FROM contact_channel WHERE contact IN " CONTACT_AND_MERGED " AND id = $2");
	static const struct sql address = SQL("DELETE FROM contact_address WHERE contact IN " CONTACT_AND_MERGED " AND id = $2");
	static const struct sql relay = SQL("DELETE FROM contact_relay WHERE structure IN " CONTACT_AND_MERGED " AND person = $2");
	const struct sql *q = x->kind == FILE_CHANNEL_GONE ? &channel : x->kind == FILE_ADDRESS_GONE ? &address : &relay;
	return store_exec(db, q, int64(x->contact), int64(x->gone));
}

static enum status carry_out(struct conn *db, struct arena *a, const struct actor *who, const struct file_change *x, struct problem *why)
{
	switch (x->kind) {
	case FILE_PHONE:
	case FILE_EMAIL: return add_channel(db, a, x, why);
	case FILE_ADDRESS: return add_address(db, x, why);
	case FILE_RELAY: return add_relay(db, a, who, x, why);
	case FILE_CONSENT: return add_consent(db, who, x, why);
	case FILE_NOTE: return add_note(db, who, x, why);
	default: return take_away(db, x);
	}
}

enum status contact_file_change(struct conn *db, struct arena *a, const struct actor *who, const struct file_change *x, struct problem *why)
{
	static const char *const verbs[] = { [FILE_PHONE] = "phone-added",
		[FILE_EMAIL] = "email-added",
		[FILE_ADDRESS] = "address-added",
		[FILE_RELAY] = "relay-added",
		[FILE_CONSENT] = "consent-noted",
		[FILE_NOTE] = "note-added",
		[FILE_CHANNEL_GONE] = "channel-removed",
		[FILE_ADDRESS_GONE] = "address-removed",
		[FILE_RELAY_GONE] = "relay-removed" };
	enum status st;
	if ((st = contact_take(db, who, x->contact, x->version, why))) return st;
	if ((st = carry_out(db, a, who, x, why))) return st;
	if ((st = contact_words_write(db, a, x->contact))) return st;
	/* Of a note and an address only that there is one: people's words don't belong into a trail that nothing is erased from. */
	bool is_said = x->kind == FILE_PHONE || x->kind == FILE_EMAIL || x->kind == FILE_RELAY || x->kind == FILE_CONSENT;
	const struct audit_value after[] = { { "value", is_said ? x->value : S("") }, { "label", x->label },
		{ "given", x->kind == FILE_CONSENT ? (x->is_given ? S("yes") : S("no")) : S("") }, { NULL } };
	return audit_note(db, a, who, &(const struct audit_record){ .verb = verbs[x->kind], .kind = "contact", .record = x->contact, .after = after });
}
