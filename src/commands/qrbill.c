/* commands/qrbill.c: `parterre qrbill check` and `payload`: bills as JSON lines on stdin. */
#include "commands/qrbill.h"

#include <errno.h>

/* Standard output is written in blocks; a full disk is told once, at the end. */
static enum exit_status finish(FILE *out, enum exit_status so_far, struct arena *a)
{
	struct problem why = problem_in(a);
	if (fflush(out) == 0 && !ferror(out)) return so_far;
	problem_errno(&why, "stdout", errno ? errno : EIO);
	return failed_in(user_language(), &why);
}

enum exit_status command_qrbill_check(struct arena *a, const struct config *c)
{
	(void)c;
	struct bills bills = bills_open(a, stdin);
	enum exit_status exit_status = EXIT_DONE;
	while (bills_next(&bills)) {
		bool is_valid = qrbill_is_valid(&bills.findings);
		json_t *line = json_object();
		json_object_set_new(line, "valid", json_boolean(is_valid));
		json_object_set_new(line, "findings", json_findings(bills.arena, bills.language, &bills.findings));
		enum with_language with = bills.has_language ? WITH_LANGUAGE : WITHOUT_LANGUAGE;
		json_object_set_new(line, "bill", bills.is_bill ? json_bill(bills.arena, &bills.bill, with) : json_null());
		json_line(stdout, line);
		if (!is_valid) exit_status = EXIT_FAILED;
	}
	bills_close(&bills);
	return finish(stdout, exit_status, a);
}

/* Copies what was SPOOLED, whole and valid, to stdout. */
static void copy_out(FILE *spooled)
{
	char block[1u << 16];
	size_t n;
	rewind(spooled);
	while ((n = fread(block, 1, sizeof block, spooled)) > 0) fwrite(block, 1, n, stdout);
}

/* Nothing is written unless all bills are valid, however many there are: the texts wait in an unnamed file. */
enum exit_status command_qrbill_payload(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	bool as_json = config_flag(c, "json"), all_valid = true;
	FILE *spooled = tmpfile();
	if (!spooled) return problem_errno(&why, "tmpfile", errno), failed_in(user_language(), &why);
	struct bills bills = bills_open(a, stdin);
	while (bills_next(&bills)) {
		bills_complain(&bills);
		all_valid &= qrbill_is_valid(&bills.findings);
		if (!all_valid) continue;
		struct str text = qrbill_payload(bills.arena, &bills.bill);
		if (as_json) json_line(spooled, json_pack("{s:o}", "payload", json_text(bills.arena, text)));
		else if (bills.number == 1) fwrite(text.at, 1, text.len, spooled);
	}
	enum exit_status exit_status = all_valid ? EXIT_DONE : EXIT_FAILED;
	if (!as_json && bills.number != 1) {
		problem_add(&why, "", bills.number ? MSG_QRBILL_ONE_BILL : MSG_QRBILL_NO_BILL);
		failed_in(user_language(), &why);
		exit_status = EXIT_USAGE;
	}
	bills_close(&bills);
	if (fflush(spooled) || ferror(spooled)) {
		problem_errno(&why, "tmpfile", errno);
		exit_status = failed_in(user_language(), &why);
	}
	if (exit_status == EXIT_DONE) copy_out(spooled);
	fclose(spooled);
	return finish(stdout, exit_status, a);
}
