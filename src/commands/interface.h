/* commands/interface.h: one call of `parterre interface run`: what its functions share. */
#pragma once
#include <jansson.h>

#include "base/config.h"
#include "institution/actor.h"
#include "shipping/interface.h"

struct interface_run {
	struct arena *a;
	struct conn *db;
	const struct config *config;
	struct actor actor;
	struct printer printer; /* of a printing company's functions */
	struct problem why;
	json_t *answer;
	bool sends_mails;
	int64_t import;
};

/* A member of the answer; VALUE is the answer's from now on. */
void interface_put(struct interface_run *x, const char *name, json_t *value);
json_t *interface_text(struct str s);

/* The last part of a path. */
struct str interface_file_name(struct str path);

/* import-payments: the bank's file --file. */
enum status interface_import_payments(struct interface_run *x);
