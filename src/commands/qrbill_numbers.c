/* commands/qrbill_numbers.c: `parterre qrbill reference`, `iban`, `s1` and `esr`: single numbers and texts, built and judged. */
#include <string.h>

#include "commands/qrbill.h"
#include "formats/qrbill_esr.h"
#include "formats/qrbill_reference.h"
#include "formats/qrbill_s1.h"

static enum exit_status wrong_usage(struct arena *a, const char *ways)
{
	struct problem why = problem_in(a);
	problem_add(&why, "", MSG_QRBILL_ONE_WAY, arg_text("ways", str_of(ways)));
	failed_in(user_language(), &why);
	return EXIT_USAGE;
}

/* ---- references ---- */

static enum exit_status build_reference(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct str out, prefix = config_text(c, "prefix");
	enum status st =
		config_given(c, "qrr") ? qrr_build(a, prefix, config_text(c, "qrr"), &out, &why) : scor_build(a, prefix, config_text(c, "scor"), &out, &why);
	if (st) return failed_in(user_language(), &why);
	printf("%.*s\n", STR_ARG(out));
	return EXIT_DONE;
}

enum exit_status command_qrbill_reference(struct arena *a, const struct config *c)
{
	static const char *const names[] = { NULL, "QRR", "SCOR" };
	bool is_check = config_flag(c, "check"), is_built = config_given(c, "qrr") || config_given(c, "scor");
	if (is_check == is_built || (config_given(c, "qrr") && config_given(c, "scor")) || is_check != (c->argument_count > 0) ||
		(is_check && config_given(c, "prefix")))
		return wrong_usage(a, "--qrr NUMBER, --scor NUMBER, --check REF…");
	if (!is_check) return build_reference(a, c);
	enum exit_status exit_status = EXIT_DONE;
	for (size_t i = 0; i < c->argument_count; i++) {
		struct str reference = reference_compact(a, c->arguments[i]);
		enum qrbill_reference_kind kind = reference_kind_of(reference);
		bool is_valid = kind == QRBILL_QRR ? qrr_is_valid(reference) : scor_is_valid(reference);
		json_t *line = json_object();
		json_object_set_new(line, "reference", json_text(a, reference));
		json_object_set_new(line, "kind", names[kind] ? json_string(names[kind]) : json_null());
		json_object_set_new(line, "valid", json_boolean(is_valid));
		json_line(stdout, line);
		if (!is_valid) exit_status = EXIT_FAILED;
	}
	return exit_status;
}

enum exit_status command_qrbill_iban(struct arena *a, const struct config *c)
{
	enum exit_status exit_status = EXIT_DONE;
	for (size_t i = 0; i < c->argument_count; i++) {
		struct str account = reference_compact(a, c->arguments[i]);
		bool is_usable = iban_is_usable(account);
		json_t *line = json_object();
		json_object_set_new(line, "iban", json_text(a, account));
		json_object_set_new(line, "valid", json_boolean(iban_is_valid(account)));
		json_object_set_new(line, "usable", json_boolean(is_usable));
		json_object_set_new(line, "qr_iban", json_boolean(is_usable && iban_is_qr(account)));
		json_line(stdout, line);
		if (!iban_is_valid(account)) exit_status = EXIT_FAILED;
	}
	return exit_status;
}

/* ---- billing information ---- */

enum exit_status command_qrbill_s1(struct arena *a, const struct config *c)
{
	enum exit_status exit_status = EXIT_DONE;
	for (size_t i = 0; i < c->argument_count; i++) {
		struct s1 s;
		struct qrbill_findings f = qrbill_findings_in(a);
		bool is_s1 = str_is_text(c->arguments[i]) && s1_read(c->arguments[i], &s, &f);
		if (!is_s1 && f.count == 0) qrbill_find(&f, QRBILL_RULE_S1, QRBILL_ERROR, 0, "", MSG_QRBILL_NOT_UTF8);
		json_t *line = json_object(), *fields = is_s1 ? json_object() : json_null();
		for (size_t k = 0; is_s1 && k < S1_FIELDS; k++) {
			struct str value = *(const struct str *)((const char *)&s + s1_fields[k].offset);
			if (value.len) json_object_set_new(fields, s1_fields[k].tag, json_text(a, value));
		}
		json_object_set_new(line, "fields", fields);
		json_object_set_new(line, "findings", json_findings(a, user_language(), &f));
		json_line(stdout, line);
		if (!qrbill_is_valid(&f)) exit_status = EXIT_FAILED;
	}
	return exit_status;
}

/* ---- the code line of old slips ---- */

static enum exit_status write_line(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct str line;
	struct esr e = {
		.code = S(""), .amount = ESR_OPEN, .currency = config_text(c, "currency"), .reference = c->arguments[1], .participant = c->arguments[2]
	};
	if (c->arguments[0].len && !qrbill_amount_read(c->arguments[0], &e.amount)) e.amount = 0; /* which esr_write refuses */
	if (esr_write(a, &e, &line, &why)) {
		enum exit_status exit_status = failed_in(user_language(), &why);
		return problem_at(&why, "currency") ? EXIT_USAGE : exit_status; /* an option's value, as --format's */
	}
	printf("%.*s\n", STR_ARG(line));
	return EXIT_DONE;
}

static enum exit_status read_line(struct arena *a, struct str text)
{
	struct problem why = problem_in(a);
	struct esr e;
	enum status st = esr_read(a, text, &e, &why);
	json_t *line = json_object();
	json_object_set_new(line, "line", json_text(a, text));
	json_object_set_new(line, "valid", json_boolean(st == OK));
	json_object_set_new(line, "code", e.code.len ? json_text(a, e.code) : json_null());
	json_object_set_new(line, "amount", e.amount == ESR_OPEN ? json_null() : json_text(a, qrbill_amount_text(a, e.amount)));
	json_object_set_new(line, "currency", e.currency.len ? json_text(a, e.currency) : json_null());
	json_object_set_new(line, "reference", e.reference.len ? json_text(a, e.reference) : json_null());
	json_object_set_new(line, "participant", e.participant.len ? json_text(a, esr_participant_text(a, e.participant)) : json_null());
	json_object_set_new(line, "findings", json_problem(a, user_language(), "ESR", &why));
	json_line(stdout, line);
	return st ? EXIT_FAILED : EXIT_DONE;
}

enum exit_status command_qrbill_esr(struct arena *a, const struct config *c)
{
	bool is_written = config_flag(c, "line");
	if (is_written == config_given(c, "read") || c->argument_count != (is_written ? 3 : 0))
		return wrong_usage(a, "--line AMOUNT REFERENCE PARTICIPANT, --read LINE");
	return is_written ? write_line(a, c) : read_line(a, config_text(c, "read"));
}
