/* commands/commands.h: what `parterre COMMAND` does. Exit status: 0 done, 1 refused or failed (one line on stderr), 2 wrong usage. */
#pragma once
#include "base/config.h"
#include "base/lang.h"

enum exit_status { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

#define BANK_FILES_MAX 4096 /* on one command line: more than ten years of days */

struct command {
	struct usage usage;
	enum exit_status (*run)(struct arena *a, const struct config *c);
};

/* All options of the program, up to the one without name; all commands, up to the one without run. */
extern const struct option program_options[];
extern const struct command program_commands[];

/* Finds the command, reads its options, runs it. */
int commands_main(const char *const *argv, const char *const *environment);

/* Reads the options of the running command again, as a changed --config file has them now. */
enum status config_again(struct arena *a, struct config *out, struct problem *why);

/* "parterre: WHAT: reason" on stderr, a finding after the other; gives EXIT_FAILED. */
enum exit_status failed(const struct problem *why);

/* The same in language L: for commands whose output is the user's letter and not the operator's log. */
enum exit_status failed_in(enum language l, const struct problem *why);

/* The same for a status without a finding of its own. */
enum exit_status failed_with(struct arena *a, enum status st, const struct problem *why);

enum exit_status command_serve(struct arena *a, const struct config *c);	 /* serve.c */
enum exit_status command_demo(struct arena *a, const struct config *c);		 /* demo.c */
enum exit_status command_init(struct arena *a, const struct config *c);		 /* init.c */
enum exit_status command_migrate(struct arena *a, const struct config *c);	 /* migrate.c */
enum exit_status command_mail_list(struct arena *a, const struct config *c); /* mail.c */
enum exit_status command_mail_retry(struct arena *a, const struct config *c);
enum exit_status command_operator_reset_factor(struct arena *a, const struct config *c);
enum exit_status command_backup(struct arena *a, const struct config *c);		  /* backup.c */
enum exit_status command_doctor(struct arena *a, const struct config *c);		  /* doctor.c */
enum exit_status command_audit(struct arena *a, const struct config *c);		  /* audit.c */
enum exit_status command_interface_list(struct arena *a, const struct config *c); /* interface.c */
enum exit_status command_interface_run(struct arena *a, const struct config *c);
enum exit_status command_bank_read(struct arena *a, const struct config *c);	/* bank_read.c */
enum exit_status command_qrbill_check(struct arena *a, const struct config *c); /* qrbill.c */
enum exit_status command_qrbill_payload(struct arena *a, const struct config *c);
enum exit_status command_qrbill_render(struct arena *a, const struct config *c);	/* qrbill_render.c */
enum exit_status command_qrbill_read(struct arena *a, const struct config *c);		/* qrbill_read.c */
enum exit_status command_qrbill_reference(struct arena *a, const struct config *c); /* qrbill_numbers.c */
enum exit_status command_qrbill_iban(struct arena *a, const struct config *c);
enum exit_status command_qrbill_s1(struct arena *a, const struct config *c);
enum exit_status command_qrbill_esr(struct arena *a, const struct config *c);
enum exit_status command_bank_reconcile(struct arena *a, const struct config *c); /* bank_reconcile.c */
enum exit_status command_operator_add(struct arena *a, const struct config *c);	  /* operator.c */
