/* institution/sale_edit.c: each change is one conditional statement; the index point_of_sale_door decides who stands at an address. */
#include "institution/sale_edit.h"

#include "institution/audit.h"
#include "institution/plain.h"

#define ROW_COLUMNS "p.id, p.organisation, p.state, p.code, p.name, o.name, s.name, s.kind, p.public_url, p.reach, p.reach_at"
#define ROW_TABLES	" FROM point_of_sale p JOIN organisation o ON o.id = p.organisation JOIN sales_channel s ON s.id = p.sales_channel "
#define EDIT_COLUMN 11 /* what only the form needs comes after ROW_COLUMNS */

static void read_row(struct conn *db, struct arena *a, struct sale_row *out)
{
	*out = (struct sale_row){
		.id = col_int64(db, 0),
		.organisation = col_int64(db, 1),
		.state = sale_state_of(col_text(db, 2, a)),
		.code = col_text(db, 3, a),
		.name = col_text(db, 4, a),
		.organisation_name = col_text(db, 5, a),
		.channel_name = col_text(db, 6, a),
		.channel_kind = col_text(db, 7, a),
		.public_url = col_text(db, 8, a),
		.reach = reach_of(col_text(db, 9, a)),
		.reach_at = col_int64(db, 10),
	};
	out->is_internet = channel_is_internet(out->channel_kind);
}

enum status sale_list(struct conn *db, struct arena *a, const struct actor *who, struct sale_row **out, size_t *count)
{
	static const struct sql q = SQL("SELECT " ROW_COLUMNS ROW_TABLES "WHERE p.institution = $1 "
									"ORDER BY CASE WHEN s.kind IN ('internet-b2c','internet-b2b') THEN 0 ELSE 1 END, p.name, p.id LIMIT $2");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct sale_row, SALES_MAX);
	if ((st = store_query(db, &q, int64(who->institution), int64(SALES_MAX)))) return st;
	while (!(st = store_next(db))) {
		read_row(db, a, &(*out)[*count]);
		if (actor_may_in(who, RIGHT_POINT_OF_SALE_READ, (*out)[*count].organisation)) ++*count;
	}
	return st == NOT_FOUND ? OK : st;
}

static unsigned languages_of(struct str list)
{
	unsigned set = 0;
	enum language l;
	for (struct str piece; str_next(&list, ',', &piece);)
		if (lang_from_tag(piece, &l)) set |= 1u << l;
	return set;
}

enum status sale_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct sale_edit *out, struct sale_row *row)
{
	static const struct sql q =
		SQL("SELECT " ROW_COLUMNS ", p.sales_channel, p.languages, p.accent, p.sender_name, p.sender_address, p.version" ROW_TABLES
			"WHERE p.institution = $1 AND p.id = $2");
	enum status st;
	if ((st = store_row(db, &q, int64(who->institution), int64(id)))) return st;
	read_row(db, a, row);
	if (!actor_may_in(who, RIGHT_POINT_OF_SALE_READ, row->organisation)) return NOT_FOUND;
	*out = (struct sale_edit){
		.id = row->id,
		.organisation = row->organisation,
		.code = row->code,
		.name = row->name,
		.public_url = row->public_url,
		.channel = col_int64(db, EDIT_COLUMN),
		.languages = languages_of(col_text(db, EDIT_COLUMN + 1, a)),
		.accent = col_text(db, EDIT_COLUMN + 2, a),
		.sender_name = col_text(db, EDIT_COLUMN + 3, a),
		.sender_address = col_text(db, EDIT_COLUMN + 4, a),
		.version = col_int64(db, EDIT_COLUMN + 5),
	};
	return OK;
}

/* ---- saving ---- */

/* Whether the channel and organisation of a new one belong to the house, and the channel to the internet. */
static enum status check_place(
	struct conn *db, struct arena *a, const struct actor *who, const struct sale_edit *e, bool *is_internet, struct problem *why)
{
	static const struct sql owner = SQL("SELECT 1 FROM organisation WHERE institution = $1 AND id = $2");
	static const struct sql channel = SQL("SELECT kind FROM sales_channel WHERE institution = $1 AND id = $2");
	enum status st = store_row(db, &owner, int64(who->institution), int64(e->organisation));
	if (st && st != NOT_FOUND) return st;
	if (st || !actor_may_in(who, RIGHT_POINT_OF_SALE_WRITE, e->organisation)) problem_add(why, "organisation", MSG_CHOICE_UNKNOWN);
	st = store_row(db, &channel, int64(who->institution), int64(e->channel));
	if (st && st != NOT_FOUND) return st;
	if (st) problem_add(why, "channel", MSG_CHOICE_UNKNOWN);
	else *is_internet = channel_is_internet(col_text(db, 0, a));
	return OK;
}

/* The public URL may wait while one is a draft. */
static void check_words(
	struct arena *a, const struct sale_edit *e, bool is_internet, enum sale_state state, struct point_of_sale *door, struct problem *why)
{
	if (!e->id && !is_sale_code(e->code)) problem_add(why, "code", MSG_SALE_CODE, arg_int("n", SALE_CODE_MAX));
	if (!e->name.len || !is_plain_line(e->name, HOUSE_NAME_MAX)) problem_add(why, "name", MSG_DOCUMENT_TYPE_NAME, arg_int("n", HOUSE_NAME_MAX));
	if (!is_internet) return;
	if (e->public_url.len || state != SALE_DRAFT) public_url_read(a, e->public_url, e->allowed, door, why);
	if (!e->languages || e->languages >> LANGUAGES) problem_add(why, "languages", MSG_INSTITUTION_LANGUAGES);
	if (!is_colour(e->accent)) problem_add(why, "accent", MSG_INSTITUTION_ACCENT);
	if (!is_plain_line(e->sender_name, HOUSE_NAME_MAX)) problem_add(why, "sender_name", MSG_INSTITUTION_LINE, arg_int("n", HOUSE_NAME_MAX));
	if (!is_sender(e->sender_address)) problem_add(why, "sender_address", MSG_INSTITUTION_SENDER);
}

static const struct audit_value *audit_values(struct arena *a, const struct sale_edit *e)
{
	const struct audit_value values[] = { { "name", e->name }, { "public_url", e->public_url }, { "languages", languages_text(a, e->languages) },
		{ "accent", e->accent }, { "sender_name", e->sender_name }, { "sender_address", e->sender_address }, { NULL, { 0 } } };
	struct audit_value *kept = ARENA_ARRAY(a, struct audit_value, COUNT(values));
	for (size_t i = 0; i < COUNT(values); i++) kept[i] = values[i];
	return kept;
}

static enum status insert(struct conn *db, struct arena *a, const struct actor *who, const struct sale_edit *e, const struct point_of_sale *door,
	int64_t *id, struct problem *why)
{
	static const struct sql q =
		SQL("INSERT INTO point_of_sale (institution, organisation, sales_channel, code, name, state, public_url, host, prefix, languages, accent, "
			"  sender_name, sender_address) VALUES ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, $10, $11, $12) "
			"ON CONFLICT (institution, code) DO NOTHING RETURNING id");
	enum status st = store_row(db, &q, int64(who->institution), int64(e->organisation), int64(e->channel), text(e->code), text(e->name),
		text(door->public_url), text(door->host), text(door->prefix), text(languages_text(a, e->languages)), text(e->accent), text(e->sender_name),
		text(e->sender_address));
	if (st == NOT_FOUND) return problem_add(why, "code", MSG_CODE_TAKEN, arg_text("code", str_keep(a, e->code))), REFUSED;
	if (st) return st;
	*id = col_int64(db, 0);
	return audit_note(db, a, who, &(const struct audit_record){ "point-of-sale-made", "point-of-sale", *id, NULL, audit_values(a, e) });
}

static enum status update(struct conn *db, struct arena *a, const struct actor *who, const struct sale_edit *e, const struct sale_edit *before,
	const struct point_of_sale *door, struct problem *why)
{
	static const struct sql q = SQL("UPDATE point_of_sale SET name = $4, reach = CASE WHEN public_url = $5 THEN reach ELSE '' END, public_url = $5, "
									"host = $6, prefix = $7, languages = $8, accent = $9, sender_name = $10, "
									"  sender_address = $11, version = version + 1 WHERE institution = $1 AND id = $2 AND version = $3");
	enum status st = store_exec(db, &q, int64(who->institution), int64(e->id), int64(e->version), text(e->name), text(door->public_url),
		text(door->host), text(door->prefix), text(languages_text(a, e->languages)), text(e->accent), text(e->sender_name), text(e->sender_address));
	if (st == REFUSED) problem_add(why, "public-url", MSG_PUBLIC_URL_TAKEN); /* by one that opened in this moment */
	if (st) return st;
	if (!store_changes(db)) return problem_add(why, "", MSG_SAVED_MEANWHILE), REFUSED;
	return audit_note(
		db, a, who, &(const struct audit_record){ "point-of-sale-changed", "point-of-sale", e->id, audit_values(a, before), audit_values(a, e) });
}

enum status sale_save(struct conn *db, struct arena *a, const struct actor *who, const struct sale_edit *e, int64_t *id, struct problem *why)
{
	struct point_of_sale door = { 0 };
	struct sale_edit before = { 0 };
	struct sale_row row = { .state = SALE_DRAFT };
	enum status st;
	if (e->id) {
		if ((st = sale_get(db, a, who, e->id, &before, &row))) return st;
		if (!actor_may_in(who, RIGHT_POINT_OF_SALE_WRITE, row.organisation)) return NOT_FOUND;
	} else if ((st = check_place(db, a, who, e, &row.is_internet, why))) return st;
	check_words(a, e, row.is_internet, row.state, &door, why);
	if (problem_any(why)) return REFUSED;
	bool stands = row.state == SALE_ACTIVE || row.state == SALE_SUSPENDED;
	if (door.host.len && stands && (st = door_is_free(db, &door, e->id, why))) return st;
	if (stands && row.is_internet && !str_eq(door.public_url, before.public_url) && !actor_may_in(who, RIGHT_SETTING_WRITE, 0))
		return problem_add(why, "public-url", MSG_PUBLIC_URL_ADMINISTRATOR), REFUSED; /* operators' links lead there, too */
	*id = e->id;
	struct sale_edit clean = *e;
	clean.public_url = door.public_url;
	if (!row.is_internet)
		clean.languages = before.languages, clean.accent = e->id ? before.accent : S("#005f6b"), clean.sender_name = clean.sender_address = S("");
	return e->id ? update(db, a, who, &clean, &before, &door, why) : insert(db, a, who, &clean, &door, id, why);
}

enum status sale_move(struct conn *db, struct arena *a, const struct actor *who, int64_t id, enum sale_state to, struct problem *why)
{
	static const struct sql q = SQL("UPDATE point_of_sale SET state = $3, version = version + 1 WHERE institution = $1 AND id = $2 AND "
									"(($3 = 'active' AND state IN ('draft','suspended')) OR ($3 = 'suspended' AND state = 'active') OR "
									" ($3 = 'closed' AND state IN ('draft','suspended')))");
	struct sale_edit now;
	struct sale_row row;
	enum status st;
	if ((st = sale_get(db, a, who, id, &now, &row))) return st;
	if (!actor_may_in(who, RIGHT_POINT_OF_SALE_WRITE, row.organisation)) return NOT_FOUND;
	if (to == SALE_ACTIVE && row.is_internet) {
		struct point_of_sale door = { 0 };
		if (public_url_read(a, now.public_url, HTTP_ALLOWED, &door, why)) return REFUSED; /* it was checked when it was saved, but for being there */
		if ((st = door_is_free(db, &door, id, why))) return st;
	}
	st = store_exec(db, &q, int64(who->institution), int64(id), text(str_of(sale_state_name(to))));
	if (st == REFUSED) problem_add(why, "public-url", MSG_PUBLIC_URL_TAKEN);
	if (st) return st;
	if (!store_changes(db)) return problem_add(why, "state", MSG_SALE_MOVED_MEANWHILE), REFUSED;
	const struct audit_value before[] = { { "state", str_of(sale_state_name(row.state)) }, { NULL, { 0 } } };
	const struct audit_value after[] = { { "state", str_of(sale_state_name(to)) }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "point-of-sale-moved", "point-of-sale", id, before, after });
}
