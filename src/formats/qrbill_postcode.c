/* formats/qrbill_postcode.c: a country's sign before a postcode, told from postcodes that begin with letters. */
#include "formats/qrbill_postcode.h"

#include "base/status.h"

#define SIGN_MAX   3
#define DIGITS_MIN 3 /* Iceland's postcodes, the shortest of Europe */

/* Where postcodes begin with letters of their own and digits follow: a sign before them can't be told from them. */
static const char *const lettered[] = { "AD", "AI", "AR", "AZ", "BB", "BM", "BN", "EC", "FO", "HN", "HT", "IE", "IM", "JE", "KY", "LC", "LT", "LV",
	"MD", "MS", "MT", "SO", "SV", "SZ", "VC", "VG" };

/* Countries whose signs are put before postcodes, as the International Convention on Road Traffic writes them. Not those of other continents: "DE 19801"
 * is Delaware's, "SA 5000" South Australia's. */
static const struct {
	const char *country, *sign;
} signs[] = { { "AD", "AND" }, { "AL", "AL" }, { "AT", "A" }, { "BA", "BIH" }, { "BE", "B" }, { "BG", "BG" }, { "BY", "BY" }, { "CH", "CH" },
	{ "CY", "CY" }, { "CZ", "CZ" }, { "DE", "D" }, { "DK", "DK" }, { "EE", "EST" }, { "ES", "E" }, { "FI", "FIN" }, { "FR", "F" }, { "GB", "UK" },
	{ "GR", "GR" }, { "HR", "HR" }, { "HU", "H" }, { "IE", "IRL" }, { "IS", "IS" }, { "IT", "I" }, { "LI", "FL" }, { "LT", "LT" }, { "LU", "L" },
	{ "LV", "LV" }, { "MC", "MC" }, { "MD", "MD" }, { "ME", "MNE" }, { "MK", "NMK" }, { "MT", "M" }, { "NL", "NL" }, { "NO", "N" }, { "PL", "PL" },
	{ "PT", "P" }, { "RO", "RO" }, { "RS", "SRB" }, { "RU", "RUS" }, { "SE", "S" }, { "SI", "SLO" }, { "SK", "SK" }, { "SM", "RSM" }, { "TR", "TR" },
	{ "UA", "UA" }, { "VA", "V" }, { "XK", "RKS" } };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_lettered(struct str country)
{
	for (size_t i = 0; i < COUNT(lettered); i++)
		if (str_eq_nocase(country, str_of(lettered[i]))) return true;
	return false;
}

static bool has_sign(struct str country)
{
	for (size_t i = 0; i < COUNT(signs); i++)
		if (str_eq_nocase(country, str_of(signs[i].country))) return true;
	return false;
}

static bool is_sign(struct str s)
{
	for (size_t i = 0; i < COUNT(signs); i++)
		if (str_eq_nocase(s, str_of(signs[i].country)) || str_eq_nocase(s, str_of(signs[i].sign))) return true;
	return false;
}

/* Blanks, no-break ones too, and hyphens off the front of S. */
static struct str without_separators(struct str s)
{
	for (;;) {
		if (s.len && (s.at[0] == ' ' || s.at[0] == '-')) s = str_part(s, 1, s.len);
		else if (str_starts(s, S("\u00a0"))) s = str_part(s, 2, s.len);
		else return s;
	}
}

/* "80331", "114 55", "00-950". */
static bool is_number(struct str s)
{
	size_t digits = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.at[i]) && s.at[i] != ' ' && s.at[i] != '-') return false;
		digits += is_digit(s.at[i]);
	}
	return digits >= DIGITS_MIN;
}

bool qrbill_postcode_has_country(struct str postcode, struct str country)
{
	size_t len = 0;
	while (len < postcode.len && is_letter(postcode.at[len])) len++;
	if (len == 0 || len > SIGN_MAX || is_lettered(country)) return false;
	struct str sign = str_part(postcode, 0, len), behind = str_part(postcode, len, postcode.len), rest = without_separators(behind);
	if (str_eq_nocase(sign, country)) return str_starts(behind, S("-")) || (rest.len && is_digit(rest.at[0])); /* also "GB-SW1A 1AA", "NL 1012 AB" */
	return has_sign(country) && is_sign(sign) && is_number(rest);
}
