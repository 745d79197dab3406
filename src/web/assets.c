/* web/assets.c: finding an asset, and which of its codings a client likes best. */
#include "web/assets.h"

#include <string.h>

const struct asset *asset_at(const struct asset *list, size_t count, struct str path)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		size_t n = list[middle].path.len < path.len ? list[middle].path.len : path.len;
		int order = memcmp(list[middle].path.at, path.at, n); /* byte by byte, a prefix before what is longer */
		if (order == 0) order = (list[middle].path.len > path.len) - (list[middle].path.len < path.len);
		if (order == 0) return &list[middle];
		if (order < 0) low = middle + 1;
		else high = middle;
	}
	return NULL;
}

const struct asset *asset_named(const struct asset *list, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(list[i].name, name)) return &list[i];
	return NULL;
}

/* A quality value in thousandths; what is malformed counts as refused. */
static int quality(struct str parameter)
{
	struct str s = str_trim(parameter);
	if (s.len < 3 || (s.at[0] != 'q' && s.at[0] != 'Q') || s.at[1] != '=') return 0;
	s = str_part(s, 2, s.len);
	if (s.len > 5 || (s.at[0] != '0' && s.at[0] != '1') || (s.len > 1 && s.at[1] != '.')) return 0;
	int value = (s.at[0] - '0') * 1000, unit = 100;
	for (size_t i = 2; i < s.len; i++, unit /= 10) {
		if (s.at[i] < '0' || s.at[i] > '9') return 0;
		value += (s.at[i] - '0') * unit;
	}
	return value > 1000 ? 0 : value;
}

enum coding coding_accept(struct str header, bool has_gzip, bool has_brotli)
{
	int q[3] = { [CODING_IDENTITY] = -1, [CODING_GZIP] = -1, [CODING_BROTLI] = -1 }, star = -1;
	struct str rest = header, item, name;
	while (str_next(&rest, ',', &item)) {
		if (!str_next(&item, ';', &name)) continue;
		name = str_trim(name);
		int value = item.at ? quality(item) : 1000;
		if (str_eq_nocase(name, S("br"))) q[CODING_BROTLI] = value;
		else if (str_eq_nocase(name, S("gzip")) || str_eq_nocase(name, S("x-gzip"))) q[CODING_GZIP] = value;
		else if (str_eq_nocase(name, S("identity"))) q[CODING_IDENTITY] = value;
		else if (str_eq(name, S("*"))) star = value;
	}
	for (size_t i = 0; i < 3; i++)
		if (q[i] < 0) q[i] = star >= 0 ? star : i == CODING_IDENTITY ? 1 : 0; /* identity is always acceptable, and always last */
	enum coding best = CODING_IDENTITY;
	if (has_gzip && q[CODING_GZIP] > 0 && q[CODING_GZIP] >= q[best]) best = CODING_GZIP;
	if (has_brotli && q[CODING_BROTLI] > 0 && q[CODING_BROTLI] >= q[best]) best = CODING_BROTLI;
	return best;
}
