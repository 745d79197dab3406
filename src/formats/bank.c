/* formats/bank.c: findings, plans, and the values that all forms of bank files share. */
#include "formats/bank.h"

#include <string.h>

struct bank_findings bank_findings_in(struct arena *a)
{
	return (struct bank_findings){ .arena = a };
}

void bank_find_args(
	struct bank_findings *f, const char *rule, enum bank_severity severity, struct bank_place place, enum message message, const struct arg *args)
{
	f->count++;
	if (severity == BANK_ERROR) f->errors++;
	/* The first error is told whatever came before it. */
	if (f->count > BANK_FINDINGS_MAX && (severity == BANK_WARNING || f->errors > 1)) return;
	struct bank_finding *new = ARENA_NEW(f->arena, struct bank_finding);
	size_t n = 0;
	while (args[n].kind != ARG_END) n++;
	struct arg *kept = ARENA_ARRAY(f->arena, struct arg, n + 1);
	for (size_t i = 0; i <= n; i++) {
		kept[i] = args[i];
		if (args[i].kind == ARG_TEXT) kept[i].text = str_keep(f->arena, args[i].text);
	}
	*new =
		(struct bank_finding){ NULL, rule, severity, place.line, str_keep(f->arena, place.element), str_keep(f->arena, place.path), message, kept };
	if (f->last) f->last->next = new;
	else f->first = new;
	f->last = new;
}

const char *bank_kind_name(enum bank_kind kind)
{
	static const char *const names[] = { [BANK_STATEMENT] = "camt.053", [BANK_NOTIFICATION] = "camt.054", [BANK_V11] = "v11" };
	return names[kind];
}

void bank_list_add(struct arena *a, struct bank_list *list, uint64_t what)
{
	if (list->count == list->size) {
		size_t size = list->size ? 2 * list->size : 16;
		list->at = arena_grow(a, list->at, list->size * sizeof *list->at, arena_array_size(size, sizeof *list->at));
		list->size = size;
	}
	list->at[list->count++] = what;
}

bool bank_list_has(const struct bank_list *list, uint64_t what)
{
	size_t low = 0, high = list->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (list->at[middle] == what) return true;
		if (list->at[middle] < what) low = middle + 1;
		else high = middle;
	}
	return false;
}

enum bank_signs bank_plan_signs(const struct bank_plan *p, int64_t report)
{
	if (bank_list_has(&p->turned, (uint64_t)report)) return BANK_SIGNS_TURNED;
	return bank_list_has(&p->written, (uint64_t)report) ? BANK_SIGNS_WRITTEN : BANK_SIGNS_UNKNOWN;
}

void bank_plan_set_signs(struct bank_plan *p, int64_t report, enum bank_signs signs)
{
	if (signs == BANK_SIGNS_UNKNOWN || bank_plan_signs(p, report) != BANK_SIGNS_UNKNOWN) BUG("the signs of report %lld", (long long)report);
	struct bank_list *list = signs == BANK_SIGNS_TURNED ? &p->turned : &p->written;
	bank_list_add(p->arena, list, (uint64_t)report);
	for (size_t i = list->count - 1; i > 0 && list->at[i] < list->at[i - 1]; i--) {
		uint64_t at = list->at[i];
		list->at[i] = list->at[i - 1], list->at[i - 1] = at;
	}
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

enum bank_number bank_cents(struct str s, int64_t *cents)
{
	size_t i = 0, digits = 0;
	int64_t n = 0;
	bool is_large = false;
	if (s.len && s.at[0] == '+') i++;
	for (; i < s.len && is_digit(s.at[i]); i++, digits++) {
		n = 10 * n + (s.at[i] - '0');
		if (n > BANK_AMOUNT_MAX / 100) is_large = true, n = BANK_AMOUNT_MAX / 100;
	}
	n *= 100;
	bool is_precise = false;
	if (i < s.len && s.at[i] == '.') {
		size_t places = 0;
		for (i++; i < s.len && is_digit(s.at[i]); i++, digits++, places++) {
			if (places == 0) n += 10 * (s.at[i] - '0');
			else if (places == 1) n += s.at[i] - '0';
			else if (s.at[i] != '0') is_precise = true;
		}
	}
	if (!digits || i < s.len) return BANK_NUMBER_WRONG;
	if (is_large) return BANK_NUMBER_TOO_LARGE;
	if (is_precise) return BANK_NUMBER_TOO_PRECISE;
	*cents = n;
	return BANK_NUMBER_RIGHT;
}

size_t bank_amount_to(char *to, int64_t cents)
{
	char digits[24];
	size_t n = 0, len = 0;
	uint64_t rest = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
	while (rest || n < 3) digits[n++] = (char)('0' + rest % 10), rest /= 10;
	if (cents < 0) to[len++] = '-';
	while (n) {
		if (n == 2) to[len++] = '.';
		to[len++] = digits[--n];
	}
	return len;
}

struct str bank_amount(struct arena *a, int64_t cents)
{
	char at[24];
	size_t len = bank_amount_to(at, cents);
	return str_keep(a, (struct str){ at, len });
}

static int number_at(struct str s, size_t at, size_t len)
{
	int n = 0;
	for (size_t i = at; i < at + len; i++) {
		if (!is_digit(s.at[i])) return -1;
		n = 10 * n + (s.at[i] - '0');
	}
	return n;
}

bool bank_date(struct str s, struct str *date)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if (s.len < 10 || s.at[4] != '-' || s.at[7] != '-') return false;
	int year = number_at(s, 0, 4), month = number_at(s, 5, 2), day = number_at(s, 8, 2);
	if (year < 1 || month < 1 || month > 12 || day < 1) return false;
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	if (day > days[month - 1] + (month == 2 && is_leap)) return false;
	for (size_t i = 10; i < s.len; i++)
		if (!is_digit(s.at[i]) && !memchr("T:.+-Z", s.at[i], 6)) return false;
	*date = str_part(s, 0, 10);
	return true;
}
