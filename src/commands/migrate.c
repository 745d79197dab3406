/* commands/migrate.c: `parterre migrate`. */
#include <stdio.h>

#include "commands/commands.h"
#include "commands/data.h"

enum exit_status command_migrate(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct store *store;
	enum status st = data_open(c, SCHEMA_MAY_BE_RAISED, &store, &why);
	if (st) return failed_with(a, st, &why);
	store_close(store);
	printf("the database has this version's schema, step %d\n", store_migrations[store_migration_count - 1].number);
	return EXIT_DONE;
}
