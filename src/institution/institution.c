/* institution/institution.c: a new house, its doors' moves, its running numbers. */
#include "institution/institution.h"

#include "institution/plain.h"

static bool is_currency(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < 'A' || s.at[i] > 'Z') return false;
	return s.len == 3;
}

static enum status check(const struct new_institution *n, struct problem *why)
{
	const struct str lines[] = { n->street, n->house_number, n->postcode, n->town, n->country, n->phone, n->email };
	bool is_good = true;
	if (!n->name.len || !is_plain_line(n->name, HOUSE_NAME_MAX))
		is_good = false, problem_add(why, "institution", MSG_INSTITUTION_NAME, arg_int("n", HOUSE_NAME_MAX));
	if (!lang_zone_known(n->zone)) is_good = false, problem_add(why, "zone", MSG_INSTITUTION_ZONE);
	if (!is_currency(n->currency)) is_good = false, problem_add(why, "currency", MSG_INSTITUTION_CURRENCY);
	if (!(n->languages & 1u << n->main_language) || n->languages >> LANGUAGES)
		is_good = false, problem_add(why, "languages", MSG_INSTITUTION_LANGUAGES);
	if (!is_colour(n->accent)) is_good = false, problem_add(why, "accent", MSG_INSTITUTION_ACCENT);
	if (!is_plain_line(n->sender_name, HOUSE_NAME_MAX))
		is_good = false, problem_add(why, "sender", MSG_INSTITUTION_LINE, arg_int("n", HOUSE_NAME_MAX));
	if (n->sender_address.len && !is_sender(n->sender_address)) is_good = false, problem_add(why, "sender", MSG_INSTITUTION_SENDER);
	if (n->email.len && !is_sender(n->email)) is_good = false, problem_add(why, "email", MSG_INSTITUTION_SENDER);
	for (size_t i = 0; i < COUNT(lines); i++)
		if (!is_plain_line(lines[i], HOUSE_DETAIL_MAX))
			is_good = false, problem_add(why, "address", MSG_INSTITUTION_LINE, arg_int("n", HOUSE_DETAIL_MAX));
	for (size_t i = 0; i < LANGUAGES; i++)
		if (!is_plain_text(n->texts[i].description, HOUSE_TEXT_MAX) || !is_plain_text(n->texts[i].opening_hours, HOUSE_TEXT_MAX))
			is_good = false, problem_add(why, "texts", MSG_INSTITUTION_LINE, arg_int("n", HOUSE_TEXT_MAX));
	return is_good ? OK : REFUSED;
}

static enum status insert_house(struct conn *db, const struct new_institution *n, int64_t *id)
{
	static const struct sql q = SQL("INSERT INTO institution (name, zone, currency, main_language, street, house_number, postcode, town, country, "
									"phone, email, made_at, office_url) "
									"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id");
	static const struct sql says = SQL("INSERT INTO institution_text (institution, language, description, opening_hours) VALUES ($1, $2, $3, $4)");
	enum status st;
	if ((st = store_row(db, &q, text(n->name), text(n->zone), text(n->currency), text(str_of(lang_tag(n->main_language))), text(n->street),
			 text(n->house_number), text(n->postcode), text(n->town), text(n->country), text(n->phone), text(n->email), int64(store_now(db)),
			 text(n->office_url))))
		return st;
	*id = col_int64(db, 0);
	for (int l = 0; l < LANGUAGES; l++) {
		if (!n->texts[l].description.len && !n->texts[l].opening_hours.len) continue;
		if ((st = store_exec(
				 db, &says, int64(*id), text(str_of(lang_tag((enum language)l))), text(n->texts[l].description), text(n->texts[l].opening_hours))))
			return st;
	}
	return OK;
}

static enum status insert_channel(struct conn *db, int64_t institution, struct str code, struct str kind, int64_t *id)
{
	static const struct sql q = SQL("INSERT INTO sales_channel (institution, code, name, kind) VALUES ($1, $2, $2, $3) RETURNING id");
	enum status st;
	if ((st = store_row(db, &q, int64(institution), text(code), text(kind)))) return st;
	*id = col_int64(db, 0);
	return OK;
}

/* Where no sender is given: the shop's own host, which at least is the house's. */
static struct str sender_of(struct arena *a, const struct new_institution *n, const struct point_of_sale *door)
{
	if (n->sender_address.len) return n->sender_address;
	size_t len = 0;
	while (len < door->host.len && door->host.at[len] != ':' && door->host.at[len] != '[') len++;
	struct str host = str_part(door->host, 0, len);
	bool is_name = len && (host.at[len - 1] < '0' || host.at[len - 1] > '9');
	return is_name ? str_format(a, "no-reply@%.*s", STR_ARG(host)) : S("no-reply@localhost");
}

/* The organisation and the channels that a house begins with. */
static enum status insert_parts(struct conn *db, const struct new_institution *n, int64_t institution, int64_t *owner, int64_t *internet)
{
	static const struct sql organisation = SQL("INSERT INTO organisation (institution, code, name) VALUES ($1, 'main', $2) RETURNING id");
	int64_t counter;
	enum status st;
	if ((st = store_row(db, &organisation, int64(institution), text(n->name)))) return st;
	*owner = col_int64(db, 0);
	if ((st = insert_channel(db, institution, S("box-office"), S("box-office"), &counter))) return st;
	return insert_channel(db, institution, S("internet"), S("internet-b2c"), internet);
}

static enum status insert_door(
	struct conn *db, struct arena *a, const struct new_institution *n, const struct point_of_sale *door, int64_t institution, int64_t *id)
{
	static const struct sql q =
		SQL("INSERT INTO point_of_sale (institution, organisation, sales_channel, code, name, state, public_url, host, prefix, languages, accent, "
			"  sender_name, sender_address) VALUES ($1, $2, $3, 'shop', $4, 'active', $5, $6, $7, $8, $9, $10, $11) RETURNING id");
	int64_t owner, internet;
	enum status st;
	if ((st = insert_parts(db, n, institution, &owner, &internet))) return st;
	if ((st = store_row(db, &q, int64(institution), int64(owner), int64(internet), text(n->name), text(door->public_url), text(door->host),
			 text(door->prefix), text(languages_text(a, n->languages)), text(n->accent), text(n->sender_name.len ? n->sender_name : n->name),
			 text(sender_of(a, n, door)))))
		return st;
	*id = col_int64(db, 0);
	return OK;
}

enum status door_is_free(struct conn *db, const struct point_of_sale *door, int64_t but, struct problem *why)
{
	static const struct sql q =
		SQL("SELECT id FROM point_of_sale WHERE host = $1 AND prefix = $2 AND state IN ('active','suspended') AND id <> $3 LIMIT 1");
	enum status st = store_row(db, &q, text(door->host), text(door->prefix), int64(but));
	if (st == NOT_FOUND) return OK;
	if (st) return st;
	problem_add(why, "public-url", MSG_PUBLIC_URL_TAKEN);
	return REFUSED;
}

enum status institution_make(struct conn *db, struct arena *a, const struct new_institution *n, enum http_allowed allowed, int64_t *institution,
	int64_t *point_of_sale, struct problem *why)
{
	struct point_of_sale door = { 0 };
	enum status good = check(n, why), url = public_url_read(a, n->public_url, allowed, &door, why), st;
	if (good || url) return REFUSED;
	if ((st = door_is_free(db, &door, 0, why))) return st;
	if ((st = insert_house(db, n, institution))) return st;
	return insert_door(db, a, n, &door, *institution, point_of_sale);
}

enum status institution_found(struct conn *db, const struct new_institution *n, int64_t *institution, struct problem *why)
{
	int64_t owner, internet;
	enum status st;
	if ((st = check(n, why))) return st;
	if ((st = insert_house(db, n, institution))) return st;
	return insert_parts(db, n, *institution, &owner, &internet);
}

static enum status first(struct conn *db, const struct sql *q, int64_t *id)
{
	enum status st = store_row(db, q);
	if (st == OK) *id = col_int64(db, 0);
	return st;
}

enum status institution_first(struct conn *db, int64_t *id)
{
	static const struct sql q = SQL("SELECT id FROM institution ORDER BY id LIMIT 1");
	return first(db, &q, id);
}

enum status point_of_sale_first(struct conn *db, int64_t *id)
{
	static const struct sql q = SQL("SELECT p.id FROM point_of_sale p JOIN sales_channel c ON c.id = p.sales_channel"
									" WHERE c.kind IN ('internet-b2c','internet-b2b') ORDER BY p.id LIMIT 1");
	return first(db, &q, id);
}

enum status point_of_sale_move(struct conn *db, struct arena *a, int64_t id, struct str public_url, enum http_allowed allowed, struct problem *why)
{
	static const struct sql q = SQL("UPDATE point_of_sale SET public_url = $2, host = $3, prefix = $4 WHERE id = $1");
	struct point_of_sale door = { 0 };
	enum status st;
	if ((st = public_url_read(a, public_url, allowed, &door, why))) return st;
	if ((st = door_is_free(db, &door, id, why))) return st;
	if ((st = store_exec(db, &q, int64(id), text(door.public_url), text(door.host), text(door.prefix)))) return st;
	return store_changes(db) ? OK : NOT_FOUND;
}

enum status institution_next_number(struct conn *db, int64_t institution, const char *name, int64_t *out)
{
	static const struct sql q = SQL("INSERT INTO institution_counter (institution, name, value) VALUES ($1, $2, 1) "
									"ON CONFLICT (institution, name) DO UPDATE SET value = institution_counter.value + 1 RETURNING value");
	enum status st;
	if ((st = store_row(db, &q, int64(institution), text(str_of(name))))) return st;
	*out = col_int64(db, 0);
	return OK;
}

/* The Luhn sum of N's digits, the last of them counted once (SHIFT 0) or twice (1). */
static int luhn(int64_t n, int shift)
{
	int sum = 0;
	for (int place = shift; n; n /= 10, place++) {
		int digit = (int)(n % 10) * (place % 2 ? 2 : 1);
		sum += digit > 9 ? digit - 9 : digit;
	}
	return sum % 10;
}

int64_t number_with_check(int64_t n)
{
	if (n < 1 || n > INT64_MAX / 10 - 1) BUG("number %lld", (long long)n);
	return n * 10 + (10 - luhn(n, 1)) % 10;
}

bool number_checks(int64_t n)
{
	return n >= 10 && luhn(n, 0) == 0;
}

struct str number_for_people(struct arena *a, int64_t n)
{
	return str_format(a, "%lld-%d", (long long)(n / 10), (int)(n % 10));
}

bool number_lettered_read(struct str text, char letter, int64_t *number)
{
	char digits[20];
	size_t n = 0;
	struct str s = str_trim(text);
	if (s.len && (s.at[0] == letter || s.at[0] == letter - 'A' + 'a')) s = str_part(s, 1, s.len);
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '-' || s.at[i] == ' ') continue;
		if (n == sizeof digits) return false;
		digits[n++] = s.at[i];
	}
	return str_int64((struct str){ digits, n }, number) && *number > 0 && number_checks(*number);
}
