/* institution/organisation.c: reading organisations and sales channels. */
#include "institution/organisation.h"

enum status organisation_list(struct conn *db, struct arena *a, int64_t institution, struct organisation **out, size_t *count)
{
	static const struct sql q = SQL("SELECT id, code, name FROM organisation WHERE institution = $1 ORDER BY name, id LIMIT $2");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct organisation, ORGANISATIONS_MAX);
	if ((st = store_query(db, &q, int64(institution), int64(ORGANISATIONS_MAX)))) return st;
	while (!(st = store_next(db))) (*out)[(*count)++] = (struct organisation){ col_int64(db, 0), col_text(db, 1, a), col_text(db, 2, a) };
	return st == NOT_FOUND ? OK : st;
}

enum status channel_list(struct conn *db, struct arena *a, int64_t institution, struct sales_channel **out, size_t *count)
{
	static const struct sql q = SQL("SELECT id, code, name, kind FROM sales_channel WHERE institution = $1 ORDER BY name, id LIMIT $2");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct sales_channel, CHANNELS_MAX);
	if ((st = store_query(db, &q, int64(institution), int64(CHANNELS_MAX)))) return st;
	while (!(st = store_next(db)))
		(*out)[(*count)++] = (struct sales_channel){ col_int64(db, 0), col_text(db, 1, a), col_text(db, 2, a), col_text(db, 3, a) };
	return st == NOT_FOUND ? OK : st;
}

bool channel_is_internet(struct str kind)
{
	return str_eq(kind, S("internet-b2c")) || str_eq(kind, S("internet-b2b"));
}
