/* base/problem.h: what a person must read about bad input or a failure: all findings at once, translated only where the language is known. */
#pragma once
#include "base/str.h"
#include "messages.h" /* made by tools/catalogue from po/: enum message { MSG_… } */

/* A named value of a message's {placeholder}. */
struct arg {
	const char *name;
	enum arg_kind { ARG_END = 0, ARG_TEXT, ARG_INT } kind;
	struct str text;
	int64_t number;
};

/* NAME is a literal; VALUE's text must live as long as the problem's arena. */
struct arg arg_text(const char *name, struct str value);

/* Also chooses the plural form when the message has several and NAME is "n". */
struct arg arg_int(const char *name, int64_t value);

struct finding {
	struct finding *next;
	const char *field; /* the form's or option's field; "" when it is about no single one */
	enum message message;
	const struct arg *args; /* up to the one of kind ARG_END */
};

/* Findings in the order they were made. */
struct problem {
	struct arena *arena;
	struct finding *first;
};

/* An empty problem whose findings live in arena A. */
struct problem problem_in(struct arena *a);

/* Adds a finding: problem_add(why, "password", MSG_PASSWORD_TOO_SHORT, arg_int("min", 12)). WHY may be NULL: then nobody asks. */
#define problem_add(why, field, message, ...) \
	problem_add_args((why), (field), (message), (const struct arg[]){ __VA_ARGS__ __VA_OPT__(, ){ .kind = ARG_END } })
void problem_add_args(struct problem *why, const char *field, enum message message, const struct arg *args);

/* Adds what the system said: MSG_SYSTEM_ERROR with {what} and the text of errno value ERROR. */
void problem_errno(struct problem *why, const char *what, int error);

bool problem_any(const struct problem *why);

/* The first finding at FIELD, or NULL. */
const struct finding *problem_at(const struct problem *why, const char *field);
