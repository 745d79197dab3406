/* base/lang.c: catalogues and ICU. Opening a formatter costs a hundred times its use and a formatter belongs to one thread,
 * so each thread keeps its own; plural rules are never changed and shared by all. */
#include "base/lang.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "base/clock.h"
#include "base/status.h"
#include "base/utf16.h"

#define ZONE_MAX   64  /* the longest IANA name has 32 bytes */
#define FORMAT_MAX 160 /* UTF-16 units of a date, number or amount; the longest date has under 40 */
#define DATES_KEPT 16  /* formatters a thread keeps: four languages, two styles, two zones */
#define RANGES_MAX 64  /* of an Accept-Language header; browsers send up to ten */

enum date_style { DATE_AND_TIME, DATE_ONLY, DATE_ISO, DATE_MONTH, DATE_WEEKDAY_TIME };

struct date_format {
	UDateFormat *format; /* NULL: free */
	enum language language;
	enum date_style style;
	char zone[ZONE_MAX];
};

/* What one thread has opened. */
struct formats {
	struct date_format dates[DATES_KEPT];
	size_t next; /* the slot given up next */
	UNumberFormat *numbers[LANGUAGES];
	UNumberFormat *amounts[LANGUAGES];
	UChar currency[LANGUAGES][4]; /* what the amounts' formatter is set to */
};

static const struct {
	const char *tag, *name, *locale;
} languages[LANGUAGES] = {
	[LANG_EN] = { "en", "English", "en_CH" },
	[LANG_FR] = { "fr", "Français", "fr_CH" },
	[LANG_DE] = { "de", "Deutsch", "de_CH" },
	[LANG_IT] = { "it", "Italiano", "it_CH" },
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t formats_key;
static const UPluralRules *plurals[LANGUAGES];

static void check(UErrorCode error, const char *what)
{
	if (U_FAILURE(error)) BUG("ICU, %s: %s", what, u_errorName(error));
}

static void formats_free(void *at)
{
	struct formats *f = at;
	for (size_t i = 0; i < DATES_KEPT; i++)
		if (f->dates[i].format) udat_close(f->dates[i].format);
	for (size_t l = 0; l < LANGUAGES; l++) {
		if (f->numbers[l]) unum_close(f->numbers[l]);
		if (f->amounts[l]) unum_close(f->amounts[l]);
	}
	free(f);
}

static void start(void)
{
	if (pthread_key_create(&formats_key, formats_free)) BUG("no key for formatters");
	for (size_t l = 0; l < LANGUAGES; l++) {
		UErrorCode error = U_ZERO_ERROR;
		plurals[l] = uplrules_open(languages[l].locale, &error);
		check(error, "plural rules");
	}
}

/* The running thread's formatters. */
static struct formats *formats(void)
{
	pthread_once(&once, start);
	struct formats *f = pthread_getspecific(formats_key);
	if (f) return f;
	f = calloc(1, sizeof *f);
	if (!f || pthread_setspecific(formats_key, f)) BUG("out of memory for formatters");
	return f;
}

/* ---- languages ---- */

static enum language known(enum language l)
{
	if ((unsigned)l >= LANGUAGES) BUG("language %d", (int)l);
	return l;
}

const char *lang_tag(enum language l)
{
	return languages[known(l)].tag;
}

const char *lang_name(enum language l)
{
	return languages[known(l)].name;
}

bool lang_from_tag(struct str tag, enum language *out)
{
	for (size_t l = 0; tag.len && l < LANGUAGES; l++) {
		struct str want = str_of(languages[l].tag);
		bool is_whole = tag.len == want.len || (tag.len > want.len && (tag.at[want.len] == '-' || tag.at[want.len] == '_'));
		if (!is_whole || !str_eq_nocase(str_part(tag, 0, want.len), want)) continue;
		*out = (enum language)l;
		return true;
	}
	return false;
}

enum language lang_written(struct str tag)
{
	enum language l;
	if (!lang_from_tag(tag, &l)) BUG("language \"%.*s\" in the database", STR_ARG(tag));
	return l;
}

/* A weight of RFC 9110, 12.4.2, as thousandths; -1 for anything else. */
static int weight(struct str s)
{
	if (s.len == 0 || s.len > 5 || (s.at[0] != '0' && s.at[0] != '1') || (s.len > 1 && s.at[1] != '.')) return -1;
	int thousandths = (s.at[0] - '0') * 1000;
	for (size_t i = 2, unit = 100; i < s.len; i++, unit /= 10) {
		if (s.at[i] < '0' || s.at[i] > '9') return -1;
		thousandths += (s.at[i] - '0') * (int)unit;
	}
	return thousandths <= 1000 ? thousandths : -1;
}

/* The weight of one range, "de-CH;q=0.8", whose tag is left in RANGE; -1 when it is none. */
static int range_weight(struct str *range)
{
	struct str rest = *range, piece;
	str_next(&rest, ';', range);
	*range = str_trim(*range);
	int q = 1000;
	while (str_next(&rest, ';', &piece)) {
		piece = str_trim(piece);
		if (piece.len > 2 && str_eq_nocase(str_part(piece, 0, 2), S("q="))) q = weight(str_part(piece, 2, piece.len));
	}
	return q;
}

enum language lang_accept(struct str header, unsigned allowed, enum language otherwise)
{
	if (!(allowed & ((1u << LANGUAGES) - 1))) allowed = (1u << LANGUAGES) - 1;
	int weights[LANGUAGES], any = 0; /* of each language, -1 where not named; of those not named */
	size_t order[LANGUAGES] = { 0 };
	for (size_t l = 0; l < LANGUAGES; l++) weights[l] = -1;
	struct str range;
	for (size_t n = 0; n < RANGES_MAX && str_next(&header, ',', &range); n++) {
		int q = range_weight(&range);
		enum language l;
		if (q < 0) continue;
		if (str_eq(range, S("*"))) any = q;
		else if (lang_from_tag(range, &l) && q > weights[l]) weights[l] = q, order[l] = n;
	}
	int best = -1;
	for (size_t l = 0; l < LANGUAGES; l++) {
		if (weights[l] < 0) weights[l] = any, order[l] = RANGES_MAX + (l != known(otherwise));
		if (!(allowed & 1u << l) || weights[l] == 0) continue;
		if (best < 0 || weights[l] > weights[best] || (weights[l] == weights[best] && order[l] < order[best])) best = (int)l;
	}
	if (best >= 0) return (enum language)best;
	if (allowed & 1u << otherwise) return otherwise; /* nothing suits: somebody has to be answered all the same */
	return (enum language)__builtin_ctz(allowed);
}

/* ---- messages ---- */

static const struct arg *find_arg(const struct arg *args, struct str name)
{
	for (const struct arg *i = args; i && i->kind != ARG_END; i++)
		if (str_eq(str_of(i->name), name)) return i;
	return NULL;
}

/* 0 for the form "one", 1 for all others: what four languages need. */
static int plural_form(enum language l, int64_t n)
{
	formats();
	UChar keyword[16];
	UErrorCode error = U_ZERO_ERROR;
	int32_t len = uplrules_select(plurals[l], (double)n, keyword, COUNT(keyword), &error);
	check(error, "plural form");
	return len == 3 && u_memcmp(keyword, u"one", 3) == 0 ? 0 : 1;
}

struct str lang_pattern(enum language l, enum message m, const struct arg *args)
{
	if ((unsigned)m >= MESSAGES) BUG("message %d", (int)m);
	const char *const *forms = message_texts[known(l)][m];
	if (!forms[1]) return str_of(forms[0]);
	const struct arg *n = find_arg(args, S("n"));
	if (!n || n->kind != ARG_INT) BUG("message %s wants n", message_ids[m]);
	return str_of(forms[plural_form(l, n->number)]);
}

struct str lang_arg(struct arena *a, enum language l, enum message m, const struct arg *args, struct str name)
{
	const struct arg *value = find_arg(args, name);
	if (!value) BUG("message %s lacks {%.*s}", message_ids[m], STR_ARG(name));
	return value->kind == ARG_INT ? lang_number(a, l, value->number) : value->text;
}

struct str lang_text(struct arena *a, enum language l, enum message m, const struct arg *args)
{
	struct str rest = lang_pattern(l, m, args), piece, name;
	if (!str_has(rest, '{')) return rest;
	struct buf b = buf_in(a);
	while (str_next(&rest, '{', &piece)) {
		buf_add(&b, piece);
		if (!rest.at || !str_next(&rest, '}', &name)) break;
		buf_add(&b, lang_arg(a, l, m, args, name));
	}
	return buf_str(&b);
}

struct str lang_finding(struct arena *a, enum language l, const struct finding *f)
{
	return lang_text(a, l, f->message, f->args);
}

struct str lang_problem(struct arena *a, enum language l, const struct problem *why)
{
	struct buf b = buf_in(a);
	for (const struct finding *f = why ? why->first : NULL; f; f = f->next) {
		if (b.len) buf_add_char(&b, '\n');
		buf_add(&b, lang_finding(a, l, f));
	}
	return buf_str(&b);
}

/* ---- dates ---- */

/* ICU's own order and punctuation for the language; English without its comma after the day's name, as it stands on a playbill. */
static int32_t date_pattern(enum language l, enum date_style style, UChar *pattern, int32_t size)
{
	UErrorCode error = U_ZERO_ERROR;
	static const UChar *const skeletons[] = {
		[DATE_AND_TIME] = u"yMMMEdHm", [DATE_ONLY] = u"yMMMMd", [DATE_ISO] = u"", [DATE_MONTH] = u"yMMMM", [DATE_WEEKDAY_TIME] = u""
	};
	const UChar *fixed = NULL;
	if (style == DATE_ISO) fixed = u"yyyy-MM-dd'T'HH:mmxxx";
	else if (style == DATE_WEEKDAY_TIME) fixed = u"EEE, HH:mm";
	else if (style == DATE_AND_TIME && l == LANG_EN) fixed = u"EEE d MMM y, HH:mm";
	if (fixed) {
		u_strcpy(pattern, fixed);
		return u_strlen(pattern);
	}
	UDateTimePatternGenerator *g = udatpg_open(languages[l].locale, &error);
	check(error, "date patterns");
	int32_t len = udatpg_getBestPattern(g, skeletons[style], -1, pattern, size, &error);
	check(error, "date pattern");
	udatpg_close(g);
	return len;
}

static UDateFormat *date_format(enum language l, enum date_style style, struct str zone)
{
	if (zone.len >= ZONE_MAX) zone = S("Etc/UTC");
	struct formats *f = formats();
	for (size_t i = 0; i < DATES_KEPT; i++) {
		struct date_format *d = &f->dates[i];
		if (d->format && d->language == l && d->style == style && str_eq(str_of(d->zone), zone)) return d->format;
	}
	struct date_format *d = &f->dates[f->next];
	f->next = (f->next + 1) % DATES_KEPT;
	if (d->format) udat_close(d->format);
	*d = (struct date_format){ .language = l, .style = style };
	if (zone.len) memcpy(d->zone, zone.at, zone.len);
	UChar pattern[FORMAT_MAX], id[ZONE_MAX];
	int32_t len = date_pattern(l, style, pattern, FORMAT_MAX);
	for (size_t i = 0; i <= zone.len; i++) id[i] = (unsigned char)d->zone[i];
	UErrorCode error = U_ZERO_ERROR;
	d->format = udat_open(UDAT_PATTERN, UDAT_PATTERN, languages[l].locale, id, (int32_t)zone.len, pattern, len, &error);
	check(error, "date format");
	return d->format;
}

static struct str date_text(struct arena *a, enum language l, enum date_style style, int64_t utc, struct str zone)
{
	UChar text[FORMAT_MAX];
	UErrorCode error = U_ZERO_ERROR;
	int64_t ms = utc / 1000 - (utc % 1000 < 0);
	int32_t len = udat_format(date_format(known(l), style, zone), (UDate)ms, text, FORMAT_MAX, NULL, &error);
	check(error, "date");
	return utf16_str(a, text, len);
}

struct str lang_datetime(struct arena *a, enum language l, int64_t utc, struct str zone)
{
	return date_text(a, l, DATE_AND_TIME, utc, zone);
}

struct str lang_date(struct arena *a, enum language l, int64_t utc, struct str zone)
{
	return date_text(a, l, DATE_ONLY, utc, zone);
}

struct str lang_month(struct arena *a, enum language l, int64_t utc, struct str zone)
{
	return date_text(a, l, DATE_MONTH, utc, zone);
}

struct str lang_weekday_time(struct arena *a, enum language l, int64_t utc, struct str zone)
{
	return date_text(a, l, DATE_WEEKDAY_TIME, utc, zone);
}

struct str lang_iso(struct arena *a, int64_t utc, struct str zone)
{
	return date_text(a, LANG_EN, DATE_ISO, utc, zone);
}

bool lang_zone_known(struct str zone)
{
	if (zone.len == 0 || zone.len >= ZONE_MAX) return false;
	UChar id[ZONE_MAX], canonical[ZONE_MAX];
	for (size_t i = 0; i < zone.len; i++) {
		if ((unsigned char)zone.at[i] >= 0x80) return false;
		id[i] = (unsigned char)zone.at[i];
	}
	UBool is_system = false;
	UErrorCode error = U_ZERO_ERROR;
	ucal_getCanonicalTimeZoneID(id, (int32_t)zone.len, canonical, ZONE_MAX, &is_system, &error);
	return U_SUCCESS(error) && is_system;
}

/* ---- numbers ---- */

static UNumberFormat *number_format(UNumberFormat **kept, UNumberFormatStyle style, enum language l)
{
	UErrorCode error = U_ZERO_ERROR;
	if (!*kept) *kept = unum_open(style, NULL, 0, languages[l].locale, NULL, &error);
	check(error, "number format");
	return *kept;
}

struct str lang_number(struct arena *a, enum language l, int64_t n)
{
	UChar text[FORMAT_MAX];
	UErrorCode error = U_ZERO_ERROR;
	int32_t len = unum_formatInt64(number_format(&formats()->numbers[known(l)], UNUM_DECIMAL, l), n, text, FORMAT_MAX, NULL, &error);
	check(error, "number");
	return utf16_str(a, text, len);
}

/* Minor units as a decimal number: exact, since no floating point comes near it. */
static struct str decimal(struct arena *a, int64_t minor, int digits)
{
	uint64_t units = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
	struct str s = str_format(a, "%0*llu", digits + 1, (unsigned long long)units);
	size_t whole = s.len - (size_t)digits;
	return str_format(a, "%s%.*s%s%.*s", minor < 0 ? "-" : "", (int)whole, s.at, digits ? "." : "", digits, s.at + whole);
}

struct str lang_amount(struct arena *a, enum language l, int64_t minor, struct str currency)
{
	if (currency.len != 3) BUG("currency \"%.*s\"", STR_ARG(currency));
	struct formats *f = formats();
	UNumberFormat *format = number_format(&f->amounts[known(l)], UNUM_CURRENCY_ISO, l);
	UChar code[4] = { (unsigned char)currency.at[0], (unsigned char)currency.at[1], (unsigned char)currency.at[2] };
	UErrorCode error = U_ZERO_ERROR;
	if (u_memcmp(code, f->currency[l], 3) != 0) {
		unum_setTextAttribute(format, UNUM_CURRENCY_CODE, code, 3, &error);
		u_memcpy(f->currency[l], code, 3);
	}
	int digits = ucurr_getDefaultFractionDigits(code, &error);
	check(error, "currency");
	struct str exact = decimal(a, minor, digits);
	UChar text[FORMAT_MAX];
	int32_t len = unum_formatDecimal(format, exact.at, (int32_t)exact.len, text, FORMAT_MAX, NULL, &error);
	check(error, "amount");
	return utf16_str(a, text, len);
}
