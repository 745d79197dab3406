/* institution/point_of_sale.c: finding a door by address or id, and reading public URLs. */
#include "institution/point_of_sale.h"

#include "base/host.h"

#define PREFIX_MAX 100	 /* of a path in front of every page */
#define PORT_MAX   65535 /* 16 bits */

/* What every reader of a point of sale selects, in the order that read_row takes it. */
#define SELECT_POINT_OF_SALE                                                                                                       \
	"SELECT p.id, p.institution, p.organisation, p.state, p.code, p.name, p.public_url, p.host, p.prefix, p.languages, p.accent, " \
	"  p.sender_name, p.sender_address, o.name, i.name, i.zone, i.currency, i.street, i.house_number, i.postcode, i.town, "        \
	"  i.country, i.phone, i.email, i.main_language, i.office_url, i.link_hours "                                                  \
	"FROM point_of_sale p JOIN institution i ON i.id = p.institution JOIN organisation o ON o.id = p.organisation "

static const char *const state_names[] = {
	[SALE_DRAFT] = "draft", [SALE_ACTIVE] = "active", [SALE_SUSPENDED] = "suspended", [SALE_CLOSED] = "closed"
};

const char *sale_state_name(enum sale_state state)
{
	return state_names[state];
}

enum sale_state sale_state_of(struct str name)
{
	return (enum sale_state)str_index(name, state_names, COUNT(state_names), "point of sale state");
}

static unsigned languages_of(struct str list)
{
	unsigned set = 0;
	for (struct str piece; str_next(&list, ',', &piece);)
		if (piece.len) set |= 1u << lang_written(piece); /* a counter has none */
	return set;
}

static void read_row(struct conn *db, struct arena *a, struct point_of_sale *out)
{
	*out = (struct point_of_sale){
		.id = col_int64(db, 0),
		.institution = col_int64(db, 1),
		.organisation = col_int64(db, 2),
		.state = sale_state_of(col_text(db, 3, a)),
		.code = col_text(db, 4, a),
		.name = col_text(db, 5, a),
		.public_url = col_text(db, 6, a),
		.host = col_text(db, 7, a),
		.prefix = col_text(db, 8, a),
		.languages = languages_of(col_text(db, 9, a)),
		.accent = col_text(db, 10, a),
		.sender_name = col_text(db, 11, a),
		.sender_address = col_text(db, 12, a),
		.organisation_name = col_text(db, 13, a),
		.house.name = col_text(db, 14, a),
		.house.zone = col_text(db, 15, a),
		.house.currency = col_text(db, 16, a),
		.house.street = col_text(db, 17, a),
		.house.house_number = col_text(db, 18, a),
		.house.postcode = col_text(db, 19, a),
		.house.town = col_text(db, 20, a),
		.house.country = col_text(db, 21, a),
		.house.phone = col_text(db, 22, a),
		.house.email = col_text(db, 23, a),
		.house.main_language = lang_written(col_text(db, 24, a)),
		.house.office_url = col_text(db, 25, a),
		.house.link_hours = col_int64(db, 26),
	};
}

/* "/shop" is in front of "/shop" and "/shop/signin", not of "/shopping". */
static bool is_in_front(struct str prefix, struct str path)
{
	return str_starts(path, prefix) && (path.len == prefix.len || path.at[prefix.len] == '/' || path.at[prefix.len] == '?');
}

enum status point_of_sale_find(struct conn *db, struct arena *a, struct str host, struct str path, struct point_of_sale *out)
{
	/* Longest first; a host has few doors. */
	static const struct sql q = SQL(SELECT_POINT_OF_SALE "JOIN sales_channel c ON c.id = p.sales_channel "
														 "WHERE p.host = $1 AND p.host <> '' AND p.state IN ('active','suspended') "
														 "  AND c.kind IN ('internet-b2c','internet-b2b') ORDER BY length(p.prefix) DESC, p.id");
	enum status st;
	if (!str_is_text(host)) return NOT_FOUND;
	if ((st = store_query(db, &q, text(str_lower(a, host))))) return st;
	while (!(st = store_next(db))) {
		read_row(db, a, out);
		if (is_in_front(out->prefix, path)) return OK;
	}
	return st;
}

enum status point_of_sale_get(struct conn *db, struct arena *a, int64_t id, struct point_of_sale *out)
{
	static const struct sql q = SQL(SELECT_POINT_OF_SALE "WHERE p.id = $1");
	enum status st;
	if ((st = store_row(db, &q, int64(id)))) return st;
	read_row(db, a, out);
	return OK;
}

enum status point_of_sale_speaking(struct conn *db, struct arena *a, int64_t id, struct point_of_sale *out)
{
	static const struct sql q =
		SQL("SELECT s.id FROM point_of_sale p JOIN point_of_sale s ON s.institution = p.institution JOIN sales_channel c ON c.id = s.sales_channel"
			" WHERE p.id = $1 AND p.public_url = '' AND s.public_url <> '' AND s.state IN ('active','suspended')"
			"  AND c.kind IN ('internet-b2c','internet-b2b')"
			" ORDER BY CASE WHEN s.organisation = p.organisation THEN 0 ELSE 1 END, s.id LIMIT 1");
	enum status st = store_row(db, &q, int64(id));
	if (st && st != NOT_FOUND) return st;
	return point_of_sale_get(db, a, st == OK ? col_int64(db, 0) : id, out);
}

enum status house_text_get(struct conn *db, struct arena *a, int64_t institution, enum language l, struct house_text *out)
{
	static const struct sql q = SQL("SELECT t.description, t.opening_hours FROM institution_text t JOIN institution i ON i.id = t.institution "
									"WHERE t.institution = $1 AND (t.language = $2 OR t.language = i.main_language) "
									"ORDER BY CASE WHEN t.language = $2 THEN 0 ELSE 1 END LIMIT 1");
	enum status st;
	*out = (struct house_text){ 0 };
	if ((st = store_row(db, &q, int64(institution), text(str_of(lang_tag(l)))))) return st == NOT_FOUND ? OK : st;
	out->description = col_text(db, 0, a);
	out->opening_hours = col_text(db, 1, a);
	return OK;
}

enum status point_of_sale_count_active(struct conn *db, int64_t *out)
{
	static const struct sql q = SQL("SELECT count(*) FROM point_of_sale p JOIN sales_channel c ON c.id = p.sales_channel "
									"WHERE p.state = 'active' AND c.kind IN ('internet-b2c','internet-b2b')");
	enum status st;
	if ((st = store_row(db, &q))) return st;
	*out = col_int64(db, 0);
	return OK;
}

/* ---- public URLs ---- */

/* Unreserved characters only (RFC 3986, 2.3), so that no spelling of a path is another; no segment empty, "." or "..". */
static bool prefix_is_good(struct str prefix)
{
	if (prefix.len > PREFIX_MAX) return false;
	if (!prefix.len) return true;
	struct str rest = str_part(prefix, 1, prefix.len), piece;
	while (str_next(&rest, '/', &piece)) {
		if (!piece.len || str_eq(piece, S(".")) || str_eq(piece, S(".."))) return false;
		for (size_t i = 0; i < piece.len; i++) {
			char c = piece.at[i];
			if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~'))
				return false;
		}
	}
	return true;
}

/* Host and port of AUTHORITY into HOST, as browsers send it in the Host header: the scheme's own port left out. */
static bool authority_read(struct arena *a, struct str authority, int64_t own_port, struct str *name, struct str *host)
{
	size_t colon = authority.len;
	while (colon > 0 && authority.at[colon - 1] != ':' && authority.at[colon - 1] != ']') colon--;
	bool has_port = colon > 0 && authority.at[colon - 1] == ':';
	struct str before = has_port ? str_part(authority, 0, colon - 1) : authority;
	struct str digits = str_part(authority, colon, authority.len);
	int64_t port = own_port;
	if (has_port && (!str_int64(digits, &port) || digits.at[0] == '-' || port < 1 || port > PORT_MAX)) return false;
	*name = host_read(a, before);
	*host = port == own_port ? *name : str_format(a, "%.*s:%d", STR_ARG(*name), (int)port);
	return name->len > 0;
}

enum status public_url_read(struct arena *a, struct str url, enum http_allowed allowed, struct point_of_sale *into, struct problem *why)
{
	static const char field[] = "public-url";
	struct str s = str_trim(url), name = { 0 }, host = { 0 };
	ptrdiff_t end = str_find(s, S("://"));
	struct str scheme = str_lower(a, str_part(s, 0, end < 0 ? 0 : (size_t)end));
	bool is_https = str_eq(scheme, S("https"));
	if (!is_https && !str_eq(scheme, S("http"))) return problem_add(why, field, MSG_PUBLIC_URL_SCHEME), REFUSED;
	struct str rest = str_part(s, (size_t)end + 3, s.len);
	size_t slash = 0;
	while (slash < rest.len && rest.at[slash] != '/') slash++;
	struct str authority = str_part(rest, 0, slash), prefix = str_part(rest, slash, rest.len);
	if (str_ends(prefix, S("/"))) prefix.len--;
	if (str_has(s, '?') || str_has(s, '#') || str_has(authority, '@')) return problem_add(why, field, MSG_PUBLIC_URL_PLAIN), REFUSED;
	if (!authority_read(a, authority, is_https ? 443 : 80, &name, &host)) return problem_add(why, field, MSG_PUBLIC_URL_HOST), REFUSED;
	if (!prefix_is_good(prefix)) return problem_add(why, field, MSG_PUBLIC_URL_PATH), REFUSED;
	if (!is_https && allowed != HTTP_ALLOWED && !host_is_loopback(name)) return problem_add(why, field, MSG_PUBLIC_URL_HTTPS), REFUSED;
	into->host = host;
	into->prefix = str_keep(a, prefix);
	into->public_url = str_format(a, "%.*s://%.*s%.*s", STR_ARG(scheme), STR_ARG(host), STR_ARG(prefix));
	return OK;
}

enum status office_url_read(struct arena *a, struct str url, enum http_allowed allowed, const char *field, struct str *out, struct problem *why)
{
	struct point_of_sale door = { 0 };
	struct problem own = problem_in(a);
	*out = S("");
	if (!str_trim(url).len) return OK;
	if (public_url_read(a, url, allowed, &door, &own)) return problem_add_args(why, field, own.first->message, own.first->args), REFUSED;
	if (door.prefix.len && !str_eq(door.prefix, S("/office"))) return problem_add(why, field, MSG_OFFICE_URL_PATH), REFUSED;
	*out = public_url_origin(door.public_url);
	return OK;
}

/* Switzerland: 0AA BBB CC DD. */
struct str phone_national(struct arena *a, struct str phone)
{
	if (phone.len != 12 || !str_starts(phone, S("+41"))) return phone;
	static const struct {
		size_t from, len;
	} groups[] = { { 3, 2 }, { 5, 3 }, { 8, 2 }, { 10, 2 } };
	struct buf b = buf_in(a);
	buf_add_char(&b, '0');
	for (size_t i = 0; i < COUNT(groups); i++) {
		if (i) buf_add(&b, S("\xc2\xa0"));
		buf_add(&b, str_part(phone, groups[i].from, groups[i].len));
	}
	return buf_str(&b);
}

struct str public_url_origin(struct str url)
{
	ptrdiff_t scheme = str_find(url, S("://"));
	size_t host = scheme < 0 ? 0 : (size_t)scheme + 3;
	ptrdiff_t path = str_find(str_part(url, host, url.len), S("/"));
	return path < 0 ? url : str_part(url, 0, host + (size_t)path);
}

enum status point_of_sale_of_office(struct conn *db, int64_t institution, int64_t *id)
{
	static const struct sql q = SQL("SELECT p.id FROM point_of_sale p JOIN sales_channel c ON c.id = p.sales_channel"
									" WHERE p.institution = $1 AND c.kind IN ('internet-b2c','internet-b2b') AND p.state <> 'closed'"
									" ORDER BY CASE p.state WHEN 'draft' THEN 1 ELSE 0 END, p.id LIMIT 1");
	enum status st = store_row(db, &q, int64(institution));
	if (st == OK) *id = col_int64(db, 0);
	return st;
}
