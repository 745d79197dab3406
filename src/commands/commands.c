/* commands/commands.c: the table of options and commands, and the way from argv to one of them. */
#include "commands/commands.h"

#include <stdio.h>
#include <string.h>

#include "base/lang.h"

const struct option program_options[] = {
	{ "config", OPTION_TEXT, "FILE", NULL, "a file of options, a line \"key = value\" each" },
	{ "database", OPTION_TEXT, "URL", "sqlite:parterre.db", "sqlite:PATH or postgresql://… (any libpq URI)" },
	{ "listen", OPTION_LIST, "ADDR:PORT", "127.0.0.1:8080", "where to listen; port 0 takes a free one" },
	{ "mail", OPTION_TEXT, "URL", NULL, "smtp://USER:PASS@HOST:PORT (?starttls=required|optional|no), smtps://…, or dir:PATH" },
	{ "secret-dir", OPTION_TEXT, "DIR", NULL, "the signing keys; \"keys\" beside the SQLite file unless given" },
	{ "trusted-proxy", OPTION_LIST, "CIDR", NULL, "whose X-Forwarded-For counts" },
	{ "tls-cert", OPTION_TEXT, "FILE", NULL, "certificate chain (PEM); with --tls-key: serve HTTPS" },
	{ "tls-key", OPTION_TEXT, "FILE", NULL, "private key (PEM)" },
	{ "metrics", OPTION_TEXT, "ADDR:PORT", NULL, "serve /metrics there, for Prometheus" },
	{ "migrate", OPTION_FLAG, NULL, NULL, "bring an older database to this version's schema first" },
	{ "allow-http", OPTION_FLAG, NULL, NULL, "let a public URL be http:// beyond this machine: passwords then travel in the clear" },
	{ "log-level", OPTION_TEXT, "LEVEL", "info", "info, warn or error" },
	{ "institution", OPTION_TEXT, "NAME", NULL, "the name of the house" },
	{ "public-url", OPTION_TEXT, "URL", NULL, "where the shop is seen: https://tickets.example.org/" },
	{ "office-url", OPTION_TEXT, "URL", NULL,
		"where the box office is seen, at /office of this host; else where the house's settings say, else the first shop's host" },
	{ "languages", OPTION_TEXT, "LIST", "en,fr,de,it", "what visitors may choose; the first is the house's own" },
	{ "sender", OPTION_TEXT, "ADDRESS", NULL, "who mails come from; no-reply@ the public URL's host unless given" },
	{ "contacts", OPTION_TEXT, "N", NULL, "make up contacts until there are N" },
	{ "unsold", OPTION_FLAG, NULL, NULL, "a house that has sold nothing yet" },
	{ "email", OPTION_TEXT, "ADDRESS", NULL, "the operator's address" },
	{ "name", OPTION_TEXT, "NAME", NULL, "the operator's name" },
	{ "profile", OPTION_TEXT, "PROFILE", NULL, "administrator, manager, box-office, accountant or auditor" },
	{ "language", OPTION_TEXT, "LANGUAGE", "en", "the operator's language: en, fr, de or it" },
	{ "password-stdin", OPTION_FLAG, NULL, NULL, "read a password from standard input instead of mailing an invitation" },
	{ "zone", OPTION_TEXT, "NAME", "Europe/Zurich", "the house's time zone" },
	{ "currency", OPTION_TEXT, "CODE", "CHF", "the house's currency; of an old slip's code line CHF or EUR" },
	{ "json", OPTION_FLAG, NULL, NULL, "write a JSON line each" },
	{ "strict", OPTION_FLAG, NULL, NULL, "refuse what readers usually put up with" },
	{ "qrr", OPTION_TEXT, "NUMBER", NULL, "build a QR reference from a number" },
	{ "scor", OPTION_TEXT, "NUMBER", NULL, "build a creditor reference (RF…) from a number" },
	{ "prefix", OPTION_TEXT, "P", NULL, "what the bank wants before the number" },
	{ "check", OPTION_FLAG, NULL, NULL, "judge the references given" },
	{ "line", OPTION_FLAG, NULL, NULL, "write a code line from AMOUNT REFERENCE PARTICIPANT" },
	{ "read", OPTION_TEXT, "LINE", NULL, "read a code line" },
	{ "format", OPTION_TEXT, "FORMAT", "pdf", "pdf, svg or png" },
	{ "size", OPTION_TEXT, "SIZE", "slip", "slip, a4, payment-part or code" },
	{ "separation", OPTION_TEXT, "HOW", "scissors", "lines, scissors, words or none" },
	{ "dpi", OPTION_TEXT, "N", "300", "dots to the inch of a PNG" },
	{ "out", OPTION_TEXT, "PATH", NULL, "where to write: a file, or a folder for a file each" },
	{ "ledger", OPTION_TEXT, "FILE", NULL, "the bills: a table with the columns bill, currency, amount_cents, ref_type, reference, account" },
	{ "state", OPTION_TEXT, "FILE", NULL, "what was imported before, kept for the next run; made when it is not there" },
	{ "report", OPTION_TEXT, "FILE", NULL, "a page for people about what became of each file" },
	{ "file", OPTION_TEXT, "FILE", NULL, "what to import" },
	{ "batch", OPTION_TEXT, "NUMBER", NULL, "the batch whose lines are withdrawn" },
	{ "send-mails", OPTION_FLAG, NULL, NULL, "tell the buyers whose letters are in the post" },
	{ NULL, OPTION_TEXT, NULL, NULL, NULL },
};

static const char *const serving[] = { "database", "listen", "mail", "secret-dir", "trusted-proxy", "tls-cert", "tls-key", "metrics", "migrate",
	"allow-http", "office-url", "log-level", NULL };
static const char *const demonstrating[] = { "database", "listen", "mail", "secret-dir", "trusted-proxy", "metrics", "office-url", "log-level",
	"contacts", "unsold", NULL };
static const char *const data_only[] = { "database", "mail", "secret-dir", NULL };
static const char *const initial[] = { "database", "mail", "secret-dir", "institution", "public-url", "languages", "sender", "zone", "currency",
	"office-url", "allow-http", NULL };
static const char *const reconciling[] = { "ledger", "state", "report", NULL };
static const char *const adding[] = { "database", "mail", "secret-dir", "email", "name", "profile", "language", "password-stdin", NULL };
static const char *const resetting[] = { "database", "mail", "secret-dir", "email", NULL };
static const char *const checking[] = { "database", "mail", "secret-dir", "allow-http", NULL };
static const char *const running_interface[] = { "database", "secret-dir", "file", "out", "batch", "send-mails", "json", NULL };
static const char *const none[] = { NULL };
static const char *const as_json[] = { "json", NULL };
static const char *const drawing[] = { "format", "size", "separation", "dpi", "out", NULL };
static const char *const reading[] = { "strict", NULL };
static const char *const referring[] = { "qrr", "scor", "prefix", "check", NULL };
static const char *const code_line[] = { "line", "read", "currency", NULL };

const struct command program_commands[] = {
	{ { "serve", "", 0, 0, "serves the shop and the background work in one process", serving }, command_serve },
	{ { "demo", "", 0, 0, "serves a ready-made demonstration office, made when the database is empty; mails are shown at /mailbox", demonstrating },
		command_demo },
	{ { "init", "", 0, 0, "makes the institution and its first internet point of sale in an empty database", initial }, command_init },
	{ { "migrate", "", 0, 0, "brings the database to this version's schema", data_only }, command_migrate },
	{ { "mail list", "", 0, 0, "the outbox, the newest first", data_only }, command_mail_list },
	{ { "mail retry", "ID", 1, 1, "sends a failed mail again", data_only }, command_mail_retry },
	{ { "operator add", "", 0, 0, "makes an operator and mails the invitation", adding }, command_operator_add },
	{ { "operator reset-factor", "", 0, 0, "takes a lost second factor off an operator's sign-in", resetting }, command_operator_reset_factor },
	{ { "backup", "FILE", 1, 1, "a consistent copy of an SQLite database while others use it", data_only }, command_backup },
	{ { "audit", "", 0, 0, "recounts places, orders, money and numbers from the rows, a line each: ok or what differs", data_only }, command_audit },
	{ { "interface list", "", 0, 0, "the partner systems: bank, printing companies, who carries letters", data_only }, command_interface_list },
	{ { "interface run", "CODE FUNCTION", 2, 2,
		  "runs import-payments of the payment integration; export-colour-tickets, import-printing-status, withdraw-lines or list-open-lines of a"
		  " printing company",
		  running_interface },
		command_interface_run },
	{ { "doctor", "", 0, 0, "checks configuration, database, mail server, keys and clock", checking }, command_doctor },
	{ { "bank read", "FILE…", 1, BANK_FILES_MAX, "what banks' files (camt.053, camt.054, V11; gzip, ZIP) say, as lines of JSON", none },
		command_bank_read },
	{ { "bank reconcile", "FILE…", 1, BANK_FILES_MAX, "what banks' files, in the order of their delivery, mean for the bills of --ledger",
		  reconciling },
		command_bank_reconcile },
	{ { "qrbill check", "", 0, 0, "judges QR-bills, JSON lines on stdin, and writes each with its findings, cleaned", none }, command_qrbill_check },
	{ { "qrbill payload", "", 0, 0, "writes the text of a QR-bill's symbol", as_json }, command_qrbill_payload },
	{ { "qrbill render", "", 0, 0, "draws QR-bills, JSON lines on stdin, as slips to print or show", drawing }, command_qrbill_render },
	{ { "qrbill read", "FILE…", 1, SIZE_MAX, "reads QR-bills from texts, PNG pictures and PDF files", reading }, command_qrbill_read },
	{ { "qrbill reference", "[REF…]", 0, SIZE_MAX, "builds or checks QR references and creditor references", referring }, command_qrbill_reference },
	{ { "qrbill iban", "IBAN…", 1, SIZE_MAX, "checks accounts", none }, command_qrbill_iban },
	{ { "qrbill s1", "TEXT…", 1, SIZE_MAX, "reads billing information", none }, command_qrbill_s1 },
	{ { "qrbill esr", "[AMOUNT REFERENCE PARTICIPANT]", 0, 3, "writes or reads the code line of the old orange slips", code_line },
		command_qrbill_esr },
	{ { 0 }, NULL },
};

/* How many words of ARGV name COMMAND; 0: it is another one. */
static size_t words_of(const struct command *command, const char *const *argv)
{
	struct str rest = str_of(command->usage.command), word;
	size_t n = 0;
	while (str_next(&rest, ' ', &word)) {
		if (!argv[n] || !str_eq(word, str_of(argv[n]))) return 0;
		n++;
	}
	return n;
}

static const struct command *find_command(const char *const *argv, size_t *words)
{
	for (const struct command *c = program_commands; c->run; c++)
		if ((*words = words_of(c, argv))) return c;
	return NULL;
}

static void say(struct str text)
{
	fwrite(text.at, 1, text.len, stdout);
}

/* Lists the commands whose first word is FIRST, all if it is empty; whether there are any. */
static bool list_commands(struct str first)
{
	bool is_any = false;
	for (const struct command *c = program_commands; c->run; c++) {
		struct str rest = str_of(c->usage.command), word;
		if (first.len && (!str_next(&rest, ' ', &word) || !str_eq(word, first))) continue;
		printf("  %-21s %s\n", c->usage.command, c->usage.help);
		is_any = true;
	}
	return is_any;
}

static int help(struct arena *a, const char *const *argv)
{
	size_t words;
	const struct command *command = argv[0] ? find_command(argv, &words) : NULL;
	if (command) {
		say(config_help(a, program_options, &command->usage));
		return EXIT_DONE;
	}
	if (argv[0] && !argv[1] && list_commands(str_of(argv[0]))) return EXIT_DONE;
	if (argv[0]) {
		fprintf(stderr, "parterre: there is no command \"%s\"; parterre help lists them\n", argv[0]);
		return EXIT_USAGE;
	}
	printf("Parterre, a ticket office.\n\nusage: parterre COMMAND [--option value]...\n\n");
	list_commands(S(""));
	printf("\nparterre help COMMAND tells more. Each option can also stand in a file (--config FILE) or the environment (PARTERRE_OPTION).\n");
	return EXIT_DONE;
}

static bool is_option(const char *name)
{
	for (const struct option *o = program_options; o->name; o++)
		if (strcmp(o->name, name) == 0) return true;
	return false;
}

/* A finding at an option is either a sentence or what follows its name: "is missing: smtp://…", «jpg» gehört nicht zu …, è un numero. */
static bool needs_name(struct str said)
{
	return str_starts(said, S("«")) || str_starts(said, S("è")) || (said.len && (said.at[0] == '"' || (said.at[0] >= 'a' && said.at[0] <= 'z')));
}

enum exit_status failed(const struct problem *why)
{
	return failed_in(LANG_EN, why);
}

enum exit_status failed_in(enum language l, const struct problem *why)
{
	struct str before = S("");
	for (const struct finding *f = why->first; f; f = f->next) {
		struct str said = lang_finding(why->arena, l, f);
		if (str_eq(said, before)) continue; /* two fields of one option */
		before = said;
		if (is_option(f->field) && needs_name(said)) fprintf(stderr, "parterre: --%s: %.*s\n", f->field, STR_ARG(said));
		else fprintf(stderr, "parterre: %.*s\n", STR_ARG(said));
	}
	return EXIT_FAILED;
}

enum exit_status failed_with(struct arena *a, enum status st, const struct problem *why)
{
	if (problem_any(why)) return failed(why);
	struct problem other = problem_in(a);
	problem_add(&other, "", st == UNAVAILABLE ? MSG_DATABASE_AWAY : MSG_DATABASE_BROKEN, arg_text("status", str_of(status_name(st))));
	return failed(&other);
}

/* What config_again reads: the call of the one command that runs. */
static struct {
	const struct usage *usage;
	const char *const *argv, *const *environment;
} running;

enum status config_again(struct arena *a, struct config *out, struct problem *why)
{
	return config_read(a, program_options, running.usage, running.argv, running.environment, out, why);
}

int commands_main(const char *const *argv, const char *const *environment)
{
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	struct config config;
	size_t words = 0;
	int exit_status = EXIT_USAGE;
	const struct command *command = argv[1] ? find_command(argv + 1, &words) : NULL;
	if (argv[1] && strcmp(argv[1], "help") == 0) {
		exit_status = help(a, argv + 2);
	} else if (!argv[1] || strcmp(argv[1], "--help") == 0) {
		exit_status = help(a, argv + (argv[1] ? 2 : 1)) == EXIT_DONE && argv[1] ? EXIT_DONE : EXIT_USAGE;
	} else if (strcmp(argv[1], "--version") == 0) {
		printf("parterre %s\n", PARTERRE_VERSION);
		exit_status = EXIT_DONE;
	} else if (!command) {
		exit_status = help(a, argv + 1);
		if (exit_status == EXIT_DONE) exit_status = EXIT_USAGE;
	} else if (config_read(a, program_options, &command->usage, argv + 1 + words, environment, &config, &why)) {
		failed(&why);
		exit_status = EXIT_USAGE;
	} else if (config.wants_help) {
		say(config_help(a, program_options, &command->usage));
		exit_status = EXIT_DONE;
	} else {
		running.usage = &command->usage;
		running.argv = argv + 1 + words;
		running.environment = environment;
		exit_status = (int)command->run(a, &config);
	}
	arena_wipe(a); /* options hold the mail server's password */
	arena_free(a);
	return exit_status;
}
