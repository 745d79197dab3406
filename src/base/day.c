/* base/day.c: calendar days. The civil calendar is counted in eras of 400 years from 1 March, so that the leap day comes last. */
#include "base/day.h"

#include "base/clock.h"
#include "base/lang.h"
#include "base/status.h"

#define ERA_DAYS	146097 /* of 400 years */
#define ERA_TO_1970 719468 /* days from 0000-03-01 to 1970-01-01 */

int64_t day_of_date(struct date d)
{
	int64_t year = d.year - (d.month <= 2), era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
	int64_t of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
	return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - ERA_TO_1970;
}

struct date date_of_day(int64_t day)
{
	int64_t n = day + ERA_TO_1970, era = (n >= 0 ? n : n - (ERA_DAYS - 1)) / ERA_DAYS, of_era = n - era * ERA_DAYS;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / (ERA_DAYS - 1)) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
	struct date d = { .day = (int)(of_year - (153 * month + 2) / 5 + 1), .month = (int)(month < 10 ? month + 3 : month - 9) };
	d.year = (int)(year + era * 400 + (d.month <= 2));
	return d;
}

int day_weekday(int64_t day)
{
	return (int)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

static int64_t digits(struct str s, size_t at, size_t len)
{
	int64_t n;
	if (!str_int64(str_part(s, at, len), &n)) BUG("no time: %.*s", STR_ARG(s));
	return n;
}

/* "2026-11-24T09:15+01:00" ahead of UTC by so many microseconds. */
static int64_t offset_of(struct str iso)
{
	if (iso.at[16] == 'Z') return 0;
	int64_t minutes = digits(iso, 17, 2) * 60 + digits(iso, 20, 2);
	return (iso.at[16] == '-' ? -minutes : minutes) * MINUTE;
}

int64_t day_of(struct arena *a, int64_t utc, struct str zone)
{
	struct str iso = lang_iso(a, utc, zone);
	return day_of_date((struct date){ (int)digits(iso, 0, 4), (int)digits(iso, 5, 2), (int)digits(iso, 8, 2) });
}

int64_t day_begins(struct arena *a, int64_t day, struct str zone)
{
	int64_t utc = day * DAY;
	for (int i = 0; i < 2; i++) utc = day * DAY - offset_of(lang_iso(a, utc, zone)); /* the second time with the offset of the day's own beginning */
	return utc;
}

int64_t day_time(struct arena *a, int64_t day, int minutes, struct str zone)
{
	int64_t clock = day * DAY + minutes * MINUTE, before = offset_of(lang_iso(a, clock - DAY, zone)),
			after = offset_of(lang_iso(a, clock + DAY, zone));
	if (offset_of(lang_iso(a, clock - before, zone)) == before) return clock - before;
	return offset_of(lang_iso(a, clock - after, zone)) == after ? clock - after : clock - before; /* else it is an hour that they skip */
}

struct str day_time_text(struct arena *a, int64_t utc, struct str zone)
{
	return str_part(lang_iso(a, utc, zone), 0, 16);
}

/* Three numbers with C between them. */
static bool three(struct str s, char c, int64_t n[static 3])
{
	struct str piece;
	for (int i = 0; i < 2; i++)
		if (!str_next(&s, c, &piece) || !str_int64(piece, &n[i])) return false;
	return str_int64(s, &n[2]);
}

bool day_time_read(struct str s, int64_t *day, int *minutes)
{
	struct str rest = s, date, hour;
	int64_t n[3], h, m;
	bool is_iso = str_has(s, 'T');
	if (!str_next(&rest, is_iso ? 'T' : ' ', &date) || !three(date, is_iso ? '-' : '.', n)) return false;
	rest = str_trim(rest);
	if (!str_next(&rest, ':', &hour) || !str_int64(hour, &h) || !str_int64(str_part(rest, 0, 2), &m)) return false;
	if (rest.len > 2 && !(is_iso && str_eq(str_part(rest, 2, rest.len), S(":00")))) return false;
	struct date d = is_iso ? (struct date){ (int)n[0], (int)n[1], (int)n[2] } : (struct date){ (int)n[2], (int)n[1], (int)n[0] };
	if (h < 0 || h > 23 || m < 0 || m > 59 || n[is_iso ? 0 : 2] < 1970 || n[is_iso ? 0 : 2] > 9999) return false;
	if (n[1] < 1 || n[1] > 12 || n[is_iso ? 2 : 0] < 1 || n[is_iso ? 2 : 0] > 31) return false;
	*day = day_of_date(d);
	*minutes = (int)(h * 60 + m);
	struct date back = date_of_day(*day);
	return back.month == d.month && back.day == d.day;
}

struct str day_text(struct arena *a, int64_t day)
{
	struct date d = date_of_day(day);
	return str_format(a, "%04d-%02d-%02d", d.year, d.month, d.day);
}

bool day_read(struct str text, int64_t *day)
{
	static const struct str form = { STR("dddd-dd-dd") };
	bool is_date = text.len == form.len;
	for (size_t i = 0; is_date && i < form.len; i++) is_date = form.at[i] == 'd' ? text.at[i] >= '0' && text.at[i] <= '9' : text.at[i] == form.at[i];
	if (!is_date) return false;
	struct date d = { (int)digits(text, 0, 4), (int)digits(text, 5, 2), (int)digits(text, 8, 2) };
	if (d.year < 1970 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31) return false;
	*day = day_of_date(d);
	return date_of_day(*day).day == d.day; /* no 31 February */
}
