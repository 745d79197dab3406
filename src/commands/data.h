/* commands/data.h: how commands open the database. */
#pragma once
#include "base/config.h"
#include "store/store.h"

enum schema_rule { SCHEMA_MUST_BE_CURRENT, SCHEMA_MAY_BE_MADE, SCHEMA_MAY_BE_RAISED };

/* Opens --database. An empty one is set up under SCHEMA_MAY_BE_MADE and SCHEMA_MAY_BE_RAISED, an older one is raised under the last only. Else REFUSED, with words
 * that say what to do. On OK the caller closes *OUT. */
enum status data_open(const struct config *c, enum schema_rule rule, struct store **out, struct problem *why);

/* The folder of the signing keys: --secret-dir, or "keys" beside the SQLite file. REFUSED with PostgreSQL when it is not given. */
enum status data_secret_dir(struct arena *a, const struct config *c, const char **dir, struct problem *why);

/* The folder that the SQLite file lies in ("." when it names none); of --secret-dir with PostgreSQL. */
struct str data_folder(struct arena *a, const struct config *c);

/* The house that commands speak of: the first. NOT_FOUND when there is none yet. */
enum status data_institution(struct conn *db, int64_t *institution);
