/* base/problem.c: a list of findings in an arena. */
#include "base/problem.h"

#include <string.h>

struct arg arg_text(const char *name, struct str value)
{
	return (struct arg){ .name = name, .kind = ARG_TEXT, .text = value };
}

struct arg arg_int(const char *name, int64_t value)
{
	return (struct arg){ .name = name, .kind = ARG_INT, .number = value };
}

struct problem problem_in(struct arena *a)
{
	return (struct problem){ .arena = a };
}

void problem_add_args(struct problem *why, const char *field, enum message message, const struct arg *args)
{
	if (!why) return;
	size_t n = 0;
	while (args[n].kind != ARG_END) n++;
	struct arg *kept = ARENA_ARRAY(why->arena, struct arg, n + 1);
	memcpy(kept, args, (n + 1) * sizeof *kept);
	struct finding *f = ARENA_NEW(why->arena, struct finding);
	*f = (struct finding){ .field = field, .message = message, .args = kept };
	struct finding **end = &why->first;
	while (*end) end = &(*end)->next;
	*end = f;
}

void problem_errno(struct problem *why, const char *what, int error)
{
	if (!why) return;
	char text[128];
	const char *said = strerror_r(error, text, sizeof text); /* GNU's: may return a constant */
	problem_add(
		why, "", MSG_SYSTEM_ERROR, arg_text("what", str_keep(why->arena, str_of(what))), arg_text("said", str_keep(why->arena, str_of(said))));
}

bool problem_any(const struct problem *why)
{
	return why && why->first;
}

const struct finding *problem_at(const struct problem *why, const char *field)
{
	for (const struct finding *f = why ? why->first : NULL; f; f = f->next)
		if (strcmp(f->field, field) == 0) return f;
	return NULL;
}
