/* institution/operator_inside.h: what operator.c and operator_edit.c share. */
#pragma once
#include "institution/operator.h"

#define OPERATOR_COLUMNS                                                                                                                          \
	"o.id, o.institution, o.made_at, o.signin_at, o.version, o.state, o.name, o.email, o.email_key, o.password_hash, o.language, o.factor_is_on," \
	" i.name, i.zone"

/* The row one stands on, whose columns are OPERATOR_COLUMNS. */
void operator_read(struct conn *db, struct arena *a, struct operator* out);

/* NOT_FOUND for an organisation of another house. */
enum status operator_contexts_insert(struct conn *db, int64_t institution, int64_t id, const struct operator_context *c, size_t count);

/* "administrator, box-office (17)": for the trail. */
struct str operator_contexts_text(struct arena *a, const struct operator_context *c, size_t count);
