/* accounts/phone.c: the numbering of Switzerland, Liechtenstein and their neighbours in one table; everybody else writes + and the country's code. */
#include "accounts/phone.h"

#define E164_MAX	 15 /* digits with the country's code; ITU-T E.164, 6.1 */
#define SWISS_DIGITS 11 /* all of them, with 41: the digit forgotten at the telephone shows */
#define E164_MIN	 7	/* the shortest of Liechtenstein has ten with its code; seven leaves room for islands */

/* How a country writes its own numbers: the 0 before them, and the groups behind the code, from the left, the last group repeated. */
static const struct numbering {
	struct str country, code, trunk;
	int groups[4]; /* up to a 0 */
} numberings[] = {
	{ { STR("CH") }, { STR("41") }, { STR("0") }, { 2, 3, 2 } }, { { STR("LI") }, { STR("423") }, { STR("") }, { 3, 2 } },
	{ { STR("DE") }, { STR("49") }, { STR("0") }, { 3, 4 } }, { { STR("FR") }, { STR("33") }, { STR("0") }, { 1, 2 } },
	{ { STR("AT") }, { STR("43") }, { STR("0") }, { 3, 4 } },
	{ { STR("IT") }, { STR("39") }, { STR("") }, { 3, 4 } }, /* its 0 is part of the number */
};

static const struct numbering *numbering_of(struct str country)
{
	for (size_t i = 0; i < COUNT(numberings); i++)
		if (str_eq(numberings[i].country, country)) return &numberings[i];
	return NULL;
}

/* The longest code that DIGITS begin with. */
static const struct numbering *numbering_by_code(struct str digits)
{
	const struct numbering *best = NULL;
	for (size_t i = 0; i < COUNT(numberings); i++)
		if (str_starts(digits, numberings[i].code) && (!best || numberings[i].code.len > best->code.len)) best = &numberings[i];
	return best;
}

/* The digits of TYPED, without what stands between them; false when something else is in it. */
static bool digits_of(struct arena *a, struct str typed, struct str *digits)
{
	struct buf b = buf_in(a);
	bool is_international = str_starts(typed, S("+")) || str_starts(typed, S("00"));
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.at[i];
		if (is_international && str_starts(str_part(typed, i, typed.len), S("(0)"))) i += 2;
		else if (c >= '0' && c <= '9') buf_add_char(&b, c);
		else if (str_starts(str_part(typed, i, typed.len), S("\xc2\xa0"))) i++;
		else if (!(c == '+' && i == 0) && !str_has(S(" ()/.-'"), c)) return false;
	}
	*digits = buf_str(&b);
	return true;
}

enum status phone_read(struct arena *a, struct str typed, struct str country, const char *field, struct str *e164, struct problem *why)
{
	struct str s = str_trim(typed), digits;
	const struct numbering *home = numbering_of(country);
	*e164 = S("");
	if (s.len == 0) return OK;
	bool is_number = digits_of(a, s, &digits);
	if (is_number && str_starts(s, S("00"))) digits = str_part(digits, 2, digits.len);
	else if (is_number && !str_starts(s, S("+"))) {
		if (!home || (home->trunk.len && !str_starts(digits, home->trunk))) return problem_add(why, field, MSG_PHONE_WITHOUT_COUNTRY), REFUSED;
		digits = str_format(a, "%.*s%.*s", STR_ARG(home->code), STR_ARG(str_part(digits, home->trunk.len, digits.len)));
	}
	bool is_swiss = is_number && str_starts(digits, S("41"));
	if (!is_number || digits.len < E164_MIN || digits.len > E164_MAX || digits.at[0] == '0' || (is_swiss && digits.len != SWISS_DIGITS))
		return problem_add(why, field, MSG_PHONE_NOT_A_NUMBER), REFUSED;
	*e164 = str_format(a, "+%.*s", STR_ARG(digits));
	return OK;
}

static bool is_e164(struct str s)
{
	if (s.len <= E164_MIN || s.at[0] != '+') return false;
	for (size_t i = 1; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9') return false;
	return true;
}

struct str phone_for_people(struct arena *a, struct str e164)
{
	const struct numbering *n = is_e164(e164) ? numbering_by_code(str_part(e164, 1, e164.len)) : NULL;
	if (!n) return e164;
	struct str rest = str_part(e164, 1 + n->code.len, e164.len);
	bool is_home = str_eq(n->country, S("CH")) && rest.len == 9;
	struct buf b = buf_in(a);
	if (is_home) buf_add(&b, n->trunk);
	else buf_addf(&b, "+%.*s\xc2\xa0", STR_ARG(n->code));
	for (size_t i = 0; rest.len; i++) {
		size_t last = 0;
		while (last + 1 < COUNT(n->groups) && n->groups[last + 1]) last++;
		size_t group = (size_t)n->groups[i < last ? i : last];
		if (rest.len < group + 2) group = rest.len; /* no single digit at the end */
		if (i) buf_add(&b, S("\xc2\xa0"));
		buf_add(&b, str_part(rest, 0, group));
		rest = str_part(rest, group < rest.len ? group : rest.len, rest.len);
	}
	return buf_str(&b);
}

struct str phone_home_digits(struct arena *a, struct str e164)
{
	const struct numbering *n = is_e164(e164) ? numbering_by_code(str_part(e164, 1, e164.len)) : NULL;
	return n ? str_format(a, "%.*s%.*s", STR_ARG(n->trunk), STR_ARG(str_part(e164, 1 + n->code.len, e164.len))) : S("");
}
