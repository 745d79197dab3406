/* office/operators.h: what the pages of operators show. */
#pragma once
#include "office/me.h"

struct operator_row {
	const struct operator* who;
	struct str profiles;
};

/* A check box: a profile in a context. */
struct context_choice {
	struct str value; /* "box-office" or "box-office-17" */
	enum message profile;
	bool is_chosen;
};

/* The check boxes of one context. */
struct context_group {
	struct str name; /* of the organisation; empty: the whole institution */
	struct context_choice choices[PROFILES];
};

struct operator_form_shown {
	struct str name, email;
	enum language language;
	int64_t version;
	bool email_is_fixed;
	const struct context_group *groups;
	size_t group_count;
};

/* "done", "wait", "bad": the shape of an operator's state; and its word. */
const char *operator_state_shape(enum operator_state state);
enum message operator_state_title(enum operator_state state);
