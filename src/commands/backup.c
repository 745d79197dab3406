/* commands/backup.c: `parterre backup FILE`. */
#include <stdio.h>

#include "commands/commands.h"
#include "commands/data.h"

enum exit_status command_backup(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct store *store;
	enum status st = data_open(c, SCHEMA_MUST_BE_CURRENT, &store, &why);
	if (st) return failed_with(a, st, &why);
	st = store_backup(store, c->arguments[0], &why);
	store_close(store);
	if (st) return failed_with(a, st, &why);
	printf("%.*s holds a copy of the database; the keys of --secret-dir are to be kept beside it\n", STR_ARG(c->arguments[0]));
	return EXIT_DONE;
}
