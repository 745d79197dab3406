/* formats/qrbill_s1.c: S1 is a list of tags and values between slashes; this reads and writes it, and judges each value. */
#include "formats/qrbill_s1.h"

#include <stdlib.h>

#define LINE_INFORMATION 32
#define DATE_LENGTH		 6	/* YYMMDD */
#define DATE_TO_HOUR	 10 /* seen in practice: YYMMDDhhmm */
#define DATE_TO_SECOND	 12 /* …ss; of tag 31 it may be two dates */
#define UID_LENGTH		 9
#define WHOLE_DIGITS_MAX 9	/* of an amount: R20's */
#define ROUNDING_MAX	 3	/* cents: rounding to five centimes moves a total by 2.5 */
#define PAIRS_MAX		 64 /* what is summed; R42's 140 characters hold 35 */
#define HEAD			 S("//S1/")

/* A net amount times a rate, each up to 10^13 in units of 10^-4. */
__extension__ typedef __int128 wide;

/* Cents, far above any bill: what adds up to more is told as this. */
#define SUM_MAX INT64_C(100000000000000000)

const struct s1_field s1_fields[S1_FIELDS] = {
	{ "10", offsetof(struct s1, invoice_number) },
	{ "11", offsetof(struct s1, invoice_date) },
	{ "20", offsetof(struct s1, customer_reference) },
	{ "30", offsetof(struct s1, uid) },
	{ "31", offsetof(struct s1, vat_date) },
	{ "32", offsetof(struct s1, vat) },
	{ "33", offsetof(struct s1, import_tax) },
	{ "40", offsetof(struct s1, conditions) },
};

static struct str *value_at(struct s1 *s, const struct s1_field *field)
{
	return (struct str *)((char *)s + field->offset);
}

static bool is_date_field(const struct s1_field *field)
{
	return field->offset == offsetof(struct s1, invoice_date) || field->offset == offsetof(struct s1, vat_date);
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9') return false;
	return s.len > 0;
}

/* ---- dates ---- */

static int two_digits(struct str s, size_t at)
{
	return (s.at[at] - '0') * 10 + (s.at[at + 1] - '0');
}

/* Whether S is YYMMDD, a day of the years 2000 to 2099. */
static bool is_date(struct str s)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if (s.len != DATE_LENGTH || !all_digits(s)) return false;
	int year = two_digits(s, 0), month = two_digits(s, 2), day = two_digits(s, 4);
	if (month < 1 || month > 12) return false;
	return day >= 1 && day <= days[month - 1] + (month == 2 && year % 4 == 0);
}

static struct str date_text(struct arena *a, struct str s)
{
	return str_format(a, "20%.2s-%.2s-%.2s", s.at, s.at + 2, s.at + 4);
}

/* Tags 11 and 31: a day, a day with its time, or (31) two days. */
static bool read_date(struct arena *a, struct str s, bool may_be_two, struct str *out)
{
	struct str day = str_part(s, 0, DATE_LENGTH), rest = str_part(s, DATE_LENGTH, s.len);
	if (!is_date(day) || (rest.len && !all_digits(rest))) return false;
	*out = date_text(a, day);
	if (may_be_two && is_date(rest)) {
		struct str last = date_text(a, rest);
		*out = str_format(a, "%.*s/%.*s", STR_ARG(*out), STR_ARG(last));
	}
	return s.len == DATE_LENGTH || s.len == DATE_TO_HOUR || s.len == DATE_TO_SECOND;
}

/* Whether a tag 31 is two days of which the second comes first. A time of day that looks like one (10:05:12) is told too: it has no place there. */
static bool ends_before_it_begins(struct str s)
{
	struct str from = str_part(s, 0, DATE_LENGTH), to = str_part(s, DATE_LENGTH, s.len);
	return is_date(from) && is_date(to) && str_compare(to, from) < 0;
}

/* ---- numbers and pairs ---- */

/* "7.7" in units of 10^-4, at most WHOLE_DIGITS_MAX digits before the full stop and four behind it. */
static bool read_decimal(struct str s, int64_t *out)
{
	struct str rest = s, whole, part;
	if (s.len == 0) return false;
	str_next(&rest, '.', &whole);
	part = rest.at ? rest : S("");
	if (!all_digits(whole) || whole.len > WHOLE_DIGITS_MAX || (rest.at && !all_digits(part)) || part.len > 4) return false;
	int64_t n = 0;
	for (size_t i = 0; i < whole.len; i++) n = n * 10 + (whole.at[i] - '0');
	for (size_t i = 0; i < 4; i++) n = n * 10 + (i < part.len ? part.at[i] - '0' : 0);
	*out = n;
	return true;
}

struct pair {
	int64_t left, right; /* in units of 10^-4 */
	bool is_single;
};

/* One entry of a list: "8:49.82", or "7.7" alone. */
static bool read_pair(struct str entry, struct pair *out)
{
	struct str rest = entry, left;
	*out = (struct pair){ 0 };
	if (entry.len == 0) return false;
	str_next(&rest, ':', &left);
	out->is_single = !rest.at;
	return read_decimal(left, &out->left) && (out->is_single || read_decimal(rest, &out->right));
}

/* "08.1", "0:030": a zero before another digit where a number begins. */
static bool has_leading_zero(struct str list)
{
	for (size_t i = 0; i + 1 < list.len; i++)
		if (list.at[i] == '0' && list.at[i + 1] >= '0' && list.at[i + 1] <= '9' && (i == 0 || list.at[i - 1] == ';' || list.at[i - 1] == ':'))
			return true;
	return false;
}

/* The entries of LIST that are pairs (or a single number, where one may stand for all), in *OUT; false when one is not. */
static bool read_list(struct arena *a, struct str list, bool may_be_single, struct str *out)
{
	struct buf b = buf_in(a);
	bool all = true;
	may_be_single = may_be_single && !str_has(list, ';'); /* rates without their net amounts say nothing together */
	struct pair p;
	for (struct str rest = list, entry; str_next(&rest, ';', &entry);) {
		if (!read_pair(entry, &p) || (p.is_single && !may_be_single)) {
			all = false;
			continue;
		}
		if (b.len) buf_add_char(&b, ';');
		buf_add(&b, entry);
	}
	*out = buf_str(&b);
	return all;
}

/* Whether CONDITIONS hold a net term, "0:30". */
static bool has_net_term(struct str conditions)
{
	struct pair p;
	for (struct str rest = conditions, entry; str_next(&rest, ';', &entry);)
		if (read_pair(entry, &p) && p.left == 0 && !p.is_single) return true;
	return false;
}

/* Modulo 11 (eCH-0097). */
bool s1_uid_is_valid(struct str s)
{
	static const int weights[] = { 5, 4, 3, 2, 7, 6, 5, 4 };
	if (s.len != UID_LENGTH || !all_digits(s)) return false;
	int sum = 0;
	for (size_t i = 0; i < COUNT(weights); i++) sum += (s.at[i] - '0') * weights[i];
	return (11 - sum % 11) % 11 == s.at[UID_LENGTH - 1] - '0';
}

/* ---- reading ---- */

/* Takes the text before the next slash that is not escaped off REST, unescaped. */
static bool next_piece(struct arena *a, struct str *rest, struct str *piece, bool *has_idle_backslash)
{
	*has_idle_backslash = false;
	if (!rest->at) return false;
	struct buf b = buf_in(a);
	size_t i = 0;
	for (; i < rest->len && rest->at[i] != '/'; i++) {
		bool is_escape = rest->at[i] == '\\' && i + 1 < rest->len && (rest->at[i + 1] == '/' || rest->at[i + 1] == '\\');
		*has_idle_backslash |= rest->at[i] == '\\' && !is_escape;
		buf_add_char(&b, rest->at[i += is_escape]);
	}
	*piece = buf_str(&b);
	*rest = i < rest->len ? str_part(*rest, i + 1, rest->len) : (struct str){ NULL, 0 };
	return true;
}

#define warn(f, field, message, ...) qrbill_find((f), QRBILL_RULE_S1, QRBILL_WARNING, LINE_INFORMATION, (field), (message), __VA_ARGS__)

/* The value of FIELD as the struct keeps it; empty when nothing of it can be used. */
static struct str read_value(struct str value, const struct s1_field *field, struct qrbill_findings *f)
{
	struct str out = value;
	if (field->offset == offsetof(struct s1, vat_date) && ends_before_it_begins(value)) {
		warn(f, field->tag, MSG_QRBILL_S1_PERIOD, arg_text("found", value));
		return S("");
	}
	if (is_date_field(field)) {
		if (read_date(f->arena, value, field->offset == offsetof(struct s1, vat_date), &out)) return out;
		warn(f, field->tag, MSG_QRBILL_S1_DATE, arg_text("found", value));
		return S("");
	}
	switch (two_digits(str_of(field->tag), 0)) {
	case 30:
		if (!s1_uid_is_valid(value)) warn(f, field->tag, MSG_QRBILL_S1_UID, arg_text("found", value));
		return value;
	case 32:
	case 33:
		if (has_leading_zero(value)) warn(f, field->tag, MSG_QRBILL_S1_ZEROS, arg_text("found", value));
		if (!read_list(f->arena, value, true, &out)) warn(f, field->tag, MSG_QRBILL_S1_LIST, arg_text("found", value));
		return out;
	case 40:
		if (has_leading_zero(value)) warn(f, field->tag, MSG_QRBILL_S1_ZEROS, arg_text("found", value));
		if (!read_list(f->arena, value, false, &out)) warn(f, field->tag, MSG_QRBILL_S1_LIST, arg_text("found", value));
		if (out.len && !has_net_term(out)) warn(f, field->tag, MSG_QRBILL_S1_NET_TERM, arg_text("found", value));
		return out;
	default: return value;
	}
}

static const struct s1_field *field_of(struct str tag)
{
	for (size_t i = 0; i < COUNT(s1_fields); i++)
		if (str_eq(tag, str_of(s1_fields[i].tag))) return &s1_fields[i];
	return NULL;
}

bool s1_read(struct str text, struct s1 *out, struct qrbill_findings *f)
{
	*out = (struct s1){ 0 };
	if (!str_starts(text, HEAD)) {
		qrbill_find(f, QRBILL_RULE_S1, QRBILL_ERROR, LINE_INFORMATION, "", MSG_QRBILL_S1_NONE);
		return false;
	}
	bool is_seen[S1_FIELDS] = { false };
	const struct s1_field *before = s1_fields;
	struct str rest = str_part(text, HEAD.len, text.len), tag, value;
	bool is_idle; /* a backslash that escapes nothing */
	while (next_piece(f->arena, &rest, &tag, &is_idle)) {
		if (!next_piece(f->arena, &rest, &value, &is_idle)) value = S("");
		const struct s1_field *field = field_of(tag);
		if (!field) {
			if (tag.len || value.len) warn(f, "", MSG_QRBILL_S1_TAG, arg_text("tag", tag));
			continue;
		}
		if (value.len == 0) continue;
		bool *seen = &is_seen[field - s1_fields];
		if (*seen) {
			warn(f, field->tag, MSG_QRBILL_S1_TWICE, arg_text("tag", tag));
			continue;
		}
		*seen = true;
		if (field < before) warn(f, field->tag, MSG_QRBILL_S1_ORDER, arg_text("tag", tag));
		before = field;
		if (is_idle) warn(f, field->tag, MSG_QRBILL_S1_ESCAPE, arg_text("found", value));
		*value_at(out, field) = read_value(value, field, f);
	}
	return true;
}

/* ---- writing ---- */

/* "2026-11-24" as "261124", from/to as two. */
static void add_date(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] >= '0' && s.at[i] <= '9' && i % 11 >= 2) buf_add_char(b, s.at[i]); /* from/to: 10 characters, a slash, 10 more */
}

static void add_text(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '/' || s.at[i] == '\\') buf_add_char(b, '\\');
		buf_add_char(b, s.at[i]);
	}
}

struct str s1_write(struct arena *a, const struct s1 *s)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < COUNT(s1_fields); i++) {
		struct str value = *(const struct str *)((const char *)s + s1_fields[i].offset);
		if (value.len == 0) continue;
		if (b.len == 0) buf_add(&b, S("//S1"));
		buf_addf(&b, "/%s/", s1_fields[i].tag);
		if (is_date_field(&s1_fields[i])) add_date(&b, value);
		else add_text(&b, value);
	}
	return buf_str(&b);
}

/* ---- the sum ---- */

static int64_t cents_of(wide total)
{
	wide cents = (total + 50) / 100;
	return cents < SUM_MAX ? (int64_t)cents : SUM_MAX;
}

bool s1_sum_differs(const struct s1 *s, int64_t amount, int64_t *sum)
{
	struct pair p;
	wide total = 0; /* in units of 10^-4 */
	int64_t import = 0;
	size_t pairs = 0;
	if (s->vat.len > PAIRS_MAX * 4 || s->import_tax.len > PAIRS_MAX * 4) return false;
	for (struct str rest = s->vat, entry; str_next(&rest, ';', &entry);) {
		if (!read_pair(entry, &p) || p.is_single) continue;
		total += p.right + (wide)p.right * p.left / (100 * 10000);
		pairs++;
	}
	for (struct str rest = s->import_tax, entry; str_next(&rest, ';', &entry);)
		if (read_pair(entry, &p)) import += p.is_single ? p.left : p.right;
	*sum = cents_of(total);
	if (pairs == 0) return false;
	return llabs(*sum - amount) > ROUNDING_MAX && llabs(cents_of(total + import) - amount) > ROUNDING_MAX;
}
