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
	bool is_amount_right =
		code && (e->amount != ESR_OPEN) == code->has_amount && (e->amount == ESR_OPEN || (e->amount > 0 && e->amount <= ESR_AMOUNT_MAX));
	bool is_reference_right = qrr_is_valid(reference), is_participant_right = esr_participant(a, e->participant, &participant);
	if (!is_amount_right) problem_add(why, "amount", MSG_ESR_AMOUNT);
	if (!is_reference_right) problem_add(why, "reference", MSG_QRBILL_REFERENCE_QRR, arg_text("found", reference));
	if (!is_participant_right) problem_add(why, "participant", MSG_ESR_PARTICIPANT, arg_text("found", e->participant));
	if (!is_amount_right || !is_reference_right || !is_participant_right) return REFUSED;
	struct str head = code->has_amount ? str_format(a, "%s%010lld", code->code, (long long)e->amount) : str_of(code->code);
	*line = str_format(a, "%.*s%c>%.*s+ %.*s>", STR_ARG(head), mod10_recursive(head), STR_ARG(reference), STR_ARG(participant));
	return OK;
}

/* ---- reading ---- */

enum status esr_read(struct arena *a, struct str line, struct esr *out, struct problem *why)
{
	struct str rest = reference_compact(a, line), head, reference, participant;
	*out = (struct esr){ .amount = ESR_OPEN };
	if (!rest.len || !str_next(&rest, '>', &head) || !str_next(&rest, '+', &reference) || !rest.at || !str_next(&rest, '>', &participant) ||
		rest.len || !rest.at) {
		problem_add(why, "", MSG_ESR_LINE);
		return REFUSED;
	}
	const struct esr_code *code = code_of(str_part(head, 0, CODE_LENGTH));
	bool is_right = code && head.len == CODE_LENGTH + (code->has_amount ? AMOUNT_LENGTH : 0) + 1 && all_digits(head);
	if (!is_right) problem_add(why, "", MSG_ESR_LINE);
	bool is_head_checked = !is_right || is_checked(head);
	if (!is_head_checked) problem_add(why, "amount", MSG_ESR_CHECK_DIGIT, arg_text("found", head));
	if (!qrr_is_valid(reference)) problem_add(why, "reference", MSG_QRBILL_REFERENCE_QRR, arg_text("found", reference));
	bool is_participant_right = !str_has(participant, '-') && esr_participant(a, participant, &out->participant);
	if (!is_participant_right) problem_add(why, "participant", MSG_ESR_PARTICIPANT, arg_text("found", participant));
	if (is_right) {
		out->code = str_of(code->code);
		out->currency = str_of(code->currency);
		if (code->has_amount && !str_int64(str_part(head, CODE_LENGTH, AMOUNT_LENGTH), &out->amount)) BUG("ten digits are no number");
	}
	out->reference = reference;
	return is_right && is_head_checked && qrr_is_valid(reference) && is_participant_right ? OK : REFUSED;
}
