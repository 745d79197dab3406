/* formats/tracking.c: numbers first, then links. Check digits: UPU S10-12; ISO/IEC 7064 (mod 37,36); UPS by its public samples. */
#include "formats/tracking.h"

#define SWISS_POST_DIGITS 18
#define S10_LENGTH		  13
#define UPS_LENGTH		  18
#define DPD_SHORT		  15
#define DPD_LONG		  28

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool are_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.at[i])) return false;
	return s.len > 0;
}

/* 0 to 9, then A is 10; the caller knows that C is one of them. */
static int value_of(char c)
{
	return is_digit(c) ? c - '0' : c - 'A' + 10;
}

/* Judges the number's check character against the one that is right. */
static void check(struct tracking *t, size_t at, char expected)
{
	if (t->plain.at[at] == expected) return;
	t->fault = TRACKING_WRONG_CHECK;
	t->expected = expected;
}

static void read_swiss_post(struct arena *a, struct tracking *t)
{
	struct str n = t->plain;
	bool is_form = n.len == SWISS_POST_DIGITS && are_digits(n) && (str_starts(n, S("98")) || str_starts(n, S("99")));
	if (!is_form) {
		t->fault = TRACKING_WRONG_FORM;
		return;
	}
	t->shown = str_format(a, "%.2s.%.2s.%.6s.%.8s", n.at, n.at + 2, n.at + 4, n.at + 10);
}

static void read_s10(struct arena *a, struct tracking *t)
{
	static const int weights[8] = { 8, 6, 4, 2, 3, 5, 9, 7 };
	struct str n = t->plain;
	int sum = 0;
	(void)a;
	if (n.len != S10_LENGTH || !is_letter(n.at[0]) || !is_letter(n.at[1]) || !are_digits(str_part(n, 2, 9)) || !is_letter(n.at[11]) ||
		!is_letter(n.at[12])) {
		t->fault = TRACKING_WRONG_FORM;
		return;
	}
	for (int i = 0; i < 8; i++) sum += weights[i] * (n.at[2 + i] - '0');
	int r = 11 - sum % 11;
	check(t, 10, (char)('0' + (r == 10 ? 0 : r == 11 ? 5 : r)));
}

static void read_ups(struct arena *a, struct tracking *t)
{
	struct str n = t->plain;
	int sum = 0;
	(void)a;
	if (n.len != UPS_LENGTH || !str_starts(n, S("1Z")) || !is_digit(n.at[17])) {
		t->fault = TRACKING_WRONG_FORM;
		return;
	}
	for (size_t i = 2; i < 17; i++) {
		int v = is_digit(n.at[i]) ? n.at[i] - '0' : (n.at[i] - 3) % 10;
		sum += i % 2 ? 2 * v : v;
	}
	check(t, 17, (char)('0' + (10 - sum % 10) % 10));
}

static void read_dpd(struct arena *a, struct tracking *t)
{
	struct str n = t->plain;
	int p = 36;
	(void)a;
	if ((n.len != DPD_SHORT && n.len != DPD_LONG) || !are_digits(str_part(n, n.len - 15, 14))) {
		t->fault = TRACKING_WRONG_FORM;
		return;
	}
	for (size_t i = 0; i + 1 < n.len; i++) {
		p = (p + value_of(n.at[i])) % 36;
		p = (p ? p : 36) * 2 % 37;
	}
	int r = (37 - p) % 36;
	check(t, n.len - 1, (char)(r < 10 ? '0' + r : 'A' + r - 10));
}

/* What PATTERN says about punctuation is passed over, as it is in numbers. */
static bool fits(struct str pattern, struct str n)
{
	size_t at = 0;
	for (size_t i = 0; i < pattern.len; i++) {
		char p = pattern.at[i];
		if (p == ' ' || p == '.') continue;
		if (at == n.len) return false;
		char c = n.at[at++];
		if (p >= 'a' && p <= 'z') p = (char)(p - 'a' + 'A');
		bool is_right = p == '#' ? is_digit(c) : p == '@' ? is_letter(c) : p == '*' ? is_digit(c) || is_letter(c) : c == p;
		if (!is_right) return false;
	}
	return at == n.len;
}

/* Letters and digits of GIVEN, blanks and dots left out; hyphens and slashes too where IS_STRICT, for no form of a known carrier has them. */
static struct str plain_of(struct arena *a, struct str given, bool is_strict, bool *is_clean)
{
	struct buf b = buf_in(a);
	*is_clean = true;
	for (size_t i = 0; i < given.len; i++) {
		char c = given.at[i];
		if (c == ' ' || c == '.' || c == '\t') continue;
		if (str_starts(str_part(given, i, 2), S("\xc2\xa0"))) i++;
		else if (str_starts(str_part(given, i, 3), S("\xe2\x80\xaf"))) i += 2;
		else if (c >= 'a' && c <= 'z') buf_add_char(&b, (char)(c - 'a' + 'A'));
		else if (is_digit(c) || is_letter(c)) buf_add_char(&b, c);
		else if (c != '-' && c != '/') *is_clean = false;
		else if (!is_strict) buf_add_char(&b, c);
	}
	return buf_str(&b);
}

struct tracking tracking_read(struct arena *a, struct str given, enum tracking_form form, struct str pattern)
{
	static void (*const readers[TRACKING_FORMS])(struct arena *, struct tracking *) = {
		[TRACKING_SWISS_POST] = read_swiss_post, [TRACKING_S10] = read_s10, [TRACKING_UPS] = read_ups, [TRACKING_DPD] = read_dpd
	};
	struct tracking t = { 0 };
	bool is_clean;
	if (given.len > 4 * TRACKING_MAX) {
		t.fault = TRACKING_TOO_LONG;
		return t;
	}
	t.plain = t.shown = plain_of(a, given, readers[form] != NULL, &is_clean);
	if (!t.plain.len) t.fault = is_clean ? TRACKING_EMPTY : TRACKING_WRONG_FORM;
	else if (t.plain.len > TRACKING_MAX) t.fault = TRACKING_TOO_LONG;
	else if (!is_clean || (form == TRACKING_OWN && !fits(pattern, t.plain))) t.fault = TRACKING_WRONG_FORM;
	else if (readers[form]) readers[form](a, &t);
	return t;
}
