/* formats/qrbill_reference.c: check digits. Modulo 97 (ISO 7064) for accounts and creditor references, modulo 10 recursive for QR references. */
#include "formats/qrbill_reference.h"

#include <ctype.h>
#include <string.h>

#define IBAN_HEAD	 4 /* country and check digits */
#define IID_LENGTH	 5
#define QR_IID_FIRST 30000 /* R11 */
#define QR_IID_LAST	 31999

/* How long an IBAN is where the register says so; a country that is not here may use any length up to the longest. */
static const struct {
	char country[3];
	unsigned char length;
} iban_lengths[] = {
	{ "AD", 24 },
	{ "AE", 23 },
	{ "AL", 28 },
	{ "AT", 20 },
	{ "AZ", 28 },
	{ "BA", 20 },
	{ "BE", 16 },
	{ "BG", 22 },
	{ "BH", 22 },
	{ "BR", 29 },
	{ "BY", 28 },
	{ "CH", 21 },
	{ "CR", 22 },
	{ "CY", 28 },
	{ "CZ", 24 },
	{ "DE", 22 },
	{ "DK", 18 },
	{ "DO", 28 },
	{ "EE", 20 },
	{ "EG", 29 },
	{ "ES", 24 },
	{ "FI", 18 },
	{ "FO", 18 },
	{ "FR", 27 },
	{ "GB", 22 },
	{ "GE", 22 },
	{ "GI", 23 },
	{ "GL", 18 },
	{ "GR", 27 },
	{ "GT", 28 },
	{ "HR", 21 },
	{ "HU", 28 },
	{ "IE", 22 },
	{ "IL", 23 },
	{ "IQ", 23 },
	{ "IS", 26 },
	{ "IT", 27 },
	{ "JO", 30 },
	{ "KW", 30 },
	{ "KZ", 20 },
	{ "LB", 28 },
	{ "LC", 32 },
	{ "LI", 21 },
	{ "LT", 20 },
	{ "LU", 20 },
	{ "LV", 21 },
	{ "LY", 25 },
	{ "MC", 27 },
	{ "MD", 24 },
	{ "ME", 22 },
	{ "MK", 19 },
	{ "MR", 27 },
	{ "MT", 31 },
	{ "MU", 30 },
	{ "NL", 18 },
	{ "NO", 15 },
	{ "PK", 24 },
	{ "PL", 28 },
	{ "PS", 29 },
	{ "PT", 25 },
	{ "QA", 29 },
	{ "RO", 24 },
	{ "RS", 22 },
	{ "SA", 24 },
	{ "SC", 31 },
	{ "SE", 24 },
	{ "SI", 19 },
	{ "SK", 24 },
	{ "SM", 27 },
	{ "ST", 25 },
	{ "SV", 28 },
	{ "TL", 23 },
	{ "TN", 24 },
	{ "TR", 26 },
	{ "UA", 29 },
	{ "VA", 22 },
	{ "VG", 24 },
	{ "XK", 20 },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.at[i])) return false;
	return s.len > 0;
}

static bool all_letters_or_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.at[i]) && !is_letter(s.at[i])) return false;
	return s.len > 0;
}

struct str reference_unspaced(struct arena *a, struct str s)
{
	if (!str_has(s, ' ') && !str_has(s, '\xc2')) return s; /* which U+00A0 and 00AD begin with */
	struct buf b = buf_in(a);
	for (size_t i = 0; i < s.len; i++) {
		struct str two = str_part(s, i, 2);
		if (str_eq(two, S("\u00a0")) || str_eq(two, S("\u00ad"))) i++;
		else if (s.at[i] != ' ') buf_add_char(&b, s.at[i]);
	}
	return buf_str(&b);
}

struct str reference_compact(struct arena *a, struct str s)
{
	bool is_capital = true;
	s = reference_unspaced(a, s);
	for (size_t i = 0; i < s.len; i++) is_capital &= !(s.at[i] >= 'a' && s.at[i] <= 'z');
	if (is_capital) return s;
	struct buf b = buf_in(a);
	for (size_t i = 0; i < s.len; i++) buf_add_char(&b, s.at[i] >= 'a' && s.at[i] <= 'z' ? (char)(s.at[i] - 'a' + 'A') : s.at[i]);
	return buf_str(&b);
}

/* ---- modulo 97 ---- */

/* The remainder REST with the letters and digits of S behind it; letters count 10 to 35, in any case. */
static int mod97_on(int rest, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		int value = is_digit(s.at[i]) ? s.at[i] - '0' : (s.at[i] | 0x20) - 'a' + 10;
		rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
	}
	return rest;
}

/* Whether S is letters, two check digits, letters and digits, and the check digits are those that a writer gives: 00, 01 and 99 leave the same
 * remainders as 97, 98 and 02, so a slip of the pen between them would go unseen. */
static bool mod97_is_right(struct str s)
{
	if (s.len <= IBAN_HEAD || !all_letters_or_digits(s) || !is_letter(s.at[0]) || !is_letter(s.at[1])) return false;
	struct str check = str_part(s, 2, 2);
	if (!all_digits(check) || str_eq(check, S("00")) || str_eq(check, S("01")) || str_eq(check, S("99"))) return false;
	return mod97_on(mod97_on(0, str_part(s, IBAN_HEAD, s.len)), str_part(s, 0, IBAN_HEAD)) == 1;
}

bool iban_is_valid(struct str s)
{
	if (s.len < IBAN_LENGTH_MIN || s.len > IBAN_LENGTH_MAX) return false;
	for (size_t i = 0; i < s.len; i++)
		if (islower((unsigned char)s.at[i])) return false;
	struct str country = str_part(s, 0, 2);
	for (size_t i = 0; i < COUNT(iban_lengths); i++)
		if (str_eq(country, str_of(iban_lengths[i].country)) && s.len != iban_lengths[i].length) return false;
	return mod97_is_right(s);
}

/* Whether S looks like an account of Switzerland or Liechtenstein; its check digits are not looked at. */
static bool is_domestic(struct str s)
{
	return s.len == QRBILL_IBAN_LENGTH && (str_starts(s, S("CH")) || str_starts(s, S("LI"))) && all_digits(str_part(s, 2, 2 + IID_LENGTH));
}

bool iban_is_usable(struct str s)
{
	return is_domestic(s) && iban_is_valid(s);
}

bool iban_is_qr(struct str s)
{
	int64_t iid;
	return is_domestic(s) && str_int64(str_part(s, IBAN_HEAD, IID_LENGTH), &iid) && iid >= QR_IID_FIRST && iid <= QR_IID_LAST;
}

bool scor_is_valid(struct str s)
{
	return s.len >= SCOR_LENGTH_MIN && s.len <= SCOR_LENGTH_MAX && str_eq_nocase(str_part(s, 0, 2), S("RF")) && mod97_is_right(s);
}

struct str reference_capital(struct arena *a, struct str s)
{
	return reference_unspaced(a, s).len == s.len ? reference_compact(a, s) : s;
}

/* ---- modulo 10, recursive ---- */

char mod10_recursive(struct str digits)
{
	static const unsigned char row[] = { 0, 9, 4, 6, 8, 2, 7, 1, 3, 5 };
	unsigned carry = 0;
	for (size_t i = 0; i < digits.len; i++) carry = row[(carry + (unsigned)(digits.at[i] - '0')) % 10];
	return (char)('0' + (10 - carry) % 10);
}

bool qrr_is_valid(struct str s)
{
	if (s.len != QRR_LENGTH || !all_digits(s)) return false;
	bool is_zero = true;
	for (size_t i = 0; i < s.len; i++) is_zero &= s.at[i] == '0';
	return !is_zero && mod10_recursive(str_part(s, 0, QRR_LENGTH - 1)) == s.at[QRR_LENGTH - 1];
}

/* ---- building ---- */

enum status qrr_build(struct arena *a, struct str prefix, struct str number, struct str *out, struct problem *why)
{
	prefix = reference_compact(a, prefix);
	number = reference_compact(a, number);
	if (prefix.len && !all_digits(prefix)) problem_add(why, "prefix", MSG_REFERENCE_DIGITS, arg_text("found", prefix));
	if (!all_digits(number)) problem_add(why, "number", MSG_REFERENCE_DIGITS, arg_text("found", number));
	if ((prefix.len && !all_digits(prefix)) || !all_digits(number)) return REFUSED;
	if (prefix.len + number.len > QRR_LENGTH - 1) {
		problem_add(why, "number", MSG_REFERENCE_TOO_LONG, arg_int("length", (int64_t)(prefix.len + number.len)), arg_int("max", QRR_LENGTH - 1));
		return REFUSED;
	}
	struct buf b = buf_in(a);
	buf_add(&b, prefix);
	for (size_t zeros = QRR_LENGTH - 1 - prefix.len - number.len; zeros; zeros--) buf_add_char(&b, '0');
	buf_add(&b, number);
	buf_add_char(&b, mod10_recursive(buf_str(&b)));
	*out = buf_str(&b);
	if (qrr_is_valid(*out)) return OK;
	problem_add(why, "number", MSG_REFERENCE_ZERO);
	return REFUSED;
}

enum status scor_build(struct arena *a, struct str prefix, struct str number, struct str *out, struct problem *why)
{
	prefix = reference_compact(a, prefix);
	number = reference_compact(a, number);
	if (prefix.len && !all_letters_or_digits(prefix)) problem_add(why, "prefix", MSG_REFERENCE_CHARACTERS, arg_text("found", prefix));
	if (!all_letters_or_digits(number)) problem_add(why, "number", MSG_REFERENCE_CHARACTERS, arg_text("found", number));
	if ((prefix.len && !all_letters_or_digits(prefix)) || !all_letters_or_digits(number)) return REFUSED;
	if (prefix.len + number.len > SCOR_LENGTH_MAX - IBAN_HEAD) {
		problem_add(why, "number", MSG_REFERENCE_TOO_LONG, arg_int("length", (int64_t)(prefix.len + number.len)),
			arg_int("max", SCOR_LENGTH_MAX - IBAN_HEAD));
		return REFUSED;
	}
	int check = 98 - mod97_on(mod97_on(mod97_on(0, prefix), number), S("RF00"));
	*out = str_format(a, "RF%02d%.*s%.*s", check, STR_ARG(prefix), STR_ARG(number));
	return OK;
}

/* ---- printed ---- */

static struct str grouped(struct arena *a, struct str s, size_t first, size_t each)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < s.len; i++) {
		if (i && i >= first && (i - first) % each == 0) buf_add_char(&b, ' ');
		buf_add_char(&b, s.at[i]);
	}
	return buf_str(&b);
}

struct str iban_grouped(struct arena *a, struct str account)
{
	return grouped(a, account, 4, 4);
}

struct str reference_grouped(struct arena *a, enum qrbill_reference_kind kind, struct str reference)
{
	return kind == QRBILL_QRR ? grouped(a, reference, 2, 5) : grouped(a, reference, 4, 4);
}

/* ---- kinds ---- */

enum qrbill_reference_kind reference_kind_of(struct str compact)
{
	if (compact.len == QRR_LENGTH && all_digits(compact)) return QRBILL_QRR;
	return str_eq_nocase(str_part(compact, 0, 2), S("RF")) ? QRBILL_SCOR : QRBILL_NON;
}

enum qrbill_reference_kind reference_kind_on(struct str account, struct str reference)
{
	if (reference.len == 0) return QRBILL_NON;
	if (iban_is_qr(account)) return QRBILL_QRR;
	return reference_kind_of(reference) == QRBILL_QRR ? QRBILL_QRR : QRBILL_SCOR;
}
