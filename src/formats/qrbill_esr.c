/* formats/qrbill_esr.c: one line of digits with check digits, modulo 10 recursive as in QR references. */
#include "formats/qrbill_esr.h"

#include "formats/qrbill_reference.h"

#define PARTICIPANT_LENGTH 9
#define AMOUNT_LENGTH	   10
#define CODE_LENGTH		   2

static const struct esr_code {
	const char *code;
	bool has_amount;
	const char *currency;
} codes[] = {
	/* The first of a currency and kind is what is written. */
	{ "01", true, "CHF" },
	{ "04", false, "CHF" },
	{ "21", true, "EUR" },
	{ "31", false, "EUR" },
	{ "03", true, "CHF" }, /* cash on delivery */
	{ "11", true, "CHF" }, /* to one's own account */
	{ "14", false, "CHF" },
	{ "23", true, "EUR" },
	{ "33", false, "EUR" },
};

static const struct esr_code *code_of(struct str code)
{
	for (size_t i = 0; i < COUNT(codes); i++)
		if (str_eq(code, str_of(codes[i].code))) return &codes[i];
	return NULL;
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9') return false;
	return s.len > 0;
}

/* Whether the last of DIGITS is the check digit of the others. */
static bool is_checked(struct str digits)
{
	return digits.len > 1 && all_digits(digits) && mod10_recursive(str_part(digits, 0, digits.len - 1)) == digits.at[digits.len - 1];
}

/* ---- participants ---- */

bool esr_participant(struct arena *a, struct str text, struct str *out)
{
	struct str rest = reference_compact(a, text), kind, number, check;
	if (rest.len == 0) return false;
	if (str_has(rest, '-')) {
		if (!str_next(&rest, '-', &kind) || !str_next(&rest, '-', &number) || !str_next(&rest, '-', &check) || rest.at) return false;
		if (kind.len != 2 || number.len == 0 || number.len > PARTICIPANT_LENGTH - 3 || check.len != 1) return false;
		rest =
			str_format(a, "%.*s%.*s%.*s%.*s", STR_ARG(kind), (int)(PARTICIPANT_LENGTH - 3 - number.len), "000000", STR_ARG(number), STR_ARG(check));
	}
	*out = rest;
	return rest.len == PARTICIPANT_LENGTH && is_checked(rest);
}

struct str esr_participant_text(struct arena *a, struct str participant)
{
	struct str number = str_part(participant, 2, PARTICIPANT_LENGTH - 3);
	while (number.len > 1 && number.at[0] == '0') number = str_part(number, 1, number.len);
	return str_format(
		a, "%.*s-%.*s-%.*s", STR_ARG(str_part(participant, 0, 2)), STR_ARG(number), STR_ARG(str_part(participant, PARTICIPANT_LENGTH - 1, 1)));
}

/* ---- writing ---- */

static const struct esr_code *code_for(const struct esr *e)
{
	if (e->code.len) return code_of(e->code);
	for (size_t i = 0; i < COUNT(codes); i++)
		if (codes[i].has_amount == (e->amount != ESR_OPEN) && str_eq(e->currency, str_of(codes[i].currency))) return &codes[i];
	return NULL;
}

enum status esr_write(struct arena *a, const struct esr *e, struct str *line, struct problem *why)
{
	const struct esr_code *code = code_for(e);
	struct str reference = reference_compact(a, e->reference), participant;
	bool is_currency_right = code || e->code.len;
	bool is_amount_right =
		code && (e->amount != ESR_OPEN) == code->has_amount && (e->amount == ESR_OPEN || (e->amount > 0 && e->amount <= ESR_AMOUNT_MAX));
	bool is_reference_right = qrr_is_valid(reference), is_participant_right = esr_participant(a, e->participant, &participant);
	if (!is_currency_right) problem_add(why, "currency", MSG_RENDER_CHOICE, arg_text("given", e->currency), arg_text("choices", S("CHF, EUR")));
	else if (!is_amount_right) problem_add(why, "amount", MSG_ESR_AMOUNT);
	if (!is_reference_right) problem_add(why, "reference", MSG_QRBILL_REFERENCE_QRR, arg_text("found", reference));
	if (!is_participant_right) problem_add(why, "participant", MSG_ESR_PARTICIPANT, arg_text("found", e->participant));
	if (!is_amount_right || !is_reference_right || !is_participant_right) return REFUSED;
	struct str head = code->has_amount ? str_format(a, "%s%010lld", code->code, (long long)e->amount) : str_of(code->code);
	*line = str_format(a, "%.*s%c>%.*s+ %.*s>", STR_ARG(head), mod10_recursive(head), STR_ARG(reference), STR_ARG(participant));
	return OK;
}

/* ---- reading ---- */

/* What is between the characters > and + that part a line, though one of them be missing: the reference has a length. */
struct parts {
	struct str head, reference, participant;
	bool is_whole;
};

static struct parts part_line(struct str line)
{
	ptrdiff_t bracket = str_find(line, S(">")), plus = str_find(line, S("+"));
	size_t end = plus >= 0 ? (size_t)plus : line.len, from = bracket >= 0 && (size_t)bracket < end ? (size_t)bracket + 1 : 0;
	struct parts p = { S(""), S(""), S(""), from > 0 && plus >= 0 };
	if (from) p.head = str_part(line, 0, from - 1);
	else if (plus >= 0 && end >= QRR_LENGTH) p.head = str_part(line, 0, end - QRR_LENGTH), from = end - QRR_LENGTH;
	else return p;
	if (plus < 0 && end - from > QRR_LENGTH) end = from + QRR_LENGTH;
	p.reference = str_part(line, from, end - from);
	p.participant = str_part(line, end + (plus >= 0), line.len);
	bracket = str_find(p.participant, S(">"));
	p.is_whole &= bracket >= 0 && (size_t)bracket + 1 == p.participant.len;
	if (bracket >= 0) p.participant = str_part(p.participant, 0, (size_t)bracket);
	return p;
}

/* The code, with an amount or none, and its check digit. False: it is none, which is not told yet. */
static bool read_head(struct str head, struct esr *out, struct problem *why)
{
	const struct esr_code *code = code_of(str_part(head, 0, CODE_LENGTH));
	if (!code || head.len != CODE_LENGTH + (code->has_amount ? AMOUNT_LENGTH : 0) + 1 || !all_digits(head)) return false;
	out->code = str_of(code->code);
	out->currency = str_of(code->currency);
	if (code->has_amount && !str_int64(str_part(head, CODE_LENGTH, AMOUNT_LENGTH), &out->amount)) BUG("ten digits are no number");
	if (!is_checked(head)) problem_add(why, "amount", MSG_ESR_CHECK_DIGIT, arg_text("found", head));
	return true;
}

enum status esr_read(struct arena *a, struct str line, struct esr *out, struct problem *why)
{
	struct parts p = part_line(reference_compact(a, line));
	struct str participant;
	*out = (struct esr){ .code = S(""), .amount = ESR_OPEN, .currency = S(""), .participant = S("") };
	bool has_head = read_head(p.head, out, why), is_right = has_head && p.is_whole && is_checked(p.head);
	if (!has_head || !p.is_whole) problem_add(why, "", MSG_ESR_LINE);
	out->reference = p.reference;
	if (!qrr_is_valid(p.reference)) {
		is_right = false;
		if (p.reference.len || p.is_whole) problem_add(why, "reference", MSG_QRBILL_REFERENCE_QRR, arg_text("found", p.reference));
	}
	if (!str_has(p.participant, '-') && esr_participant(a, p.participant, &participant)) {
		out->participant = participant;
	} else {
		is_right = false;
		if (p.participant.len || p.is_whole) problem_add(why, "participant", MSG_ESR_PARTICIPANT, arg_text("found", p.participant));
	}
	return is_right ? OK : REFUSED;
}
