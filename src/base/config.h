/* base/config.h: options, declared once, given on the command line (--key value), in the environment (PARTERRE_KEY) or in a file (--config FILE,
 * "key = value" lines). The command line beats the environment, the environment beats the file, each as a whole also for lists.
 * A value is text and not empty (an empty variable of the environment counts as not there). Values may be secrets: no message repeats one. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

#define CONFIG_FILE_MAX	   (64u << 10) /* bytes; a real file has a few hundred */
#define CONFIG_OPTIONS_MAX 64		   /* of the whole program */

enum option_kind {
	OPTION_TEXT, /* --key value or --key=value */
	OPTION_LIST, /* the same, repeatable; in the environment parted by blanks; in the file a line each */
	OPTION_FLAG, /* --key; elsewhere yes or no */
};

/* An option of the program. */
struct option {
	const char *name; /* "trusted-proxy": --trusted-proxy, PARTERRE_TRUSTED_PROXY, "trusted-proxy = …" */
	enum option_kind kind;
	const char *value;	  /* what it takes, for the help: "CIDR"; NULL for flags */
	const char *fallback; /* NULL: none */
	const char *help;
};

/* How a command is called. */
struct usage {
	const char *command;		/* "serve", "mail retry" */
	const char *arguments;		/* what follows it: "ID"; "" for nothing */
	size_t least, most;			/* how many */
	const char *help;			/* what it does */
	const char *const *options; /* names of those it takes, up to NULL; "config" is always taken */
};

struct setting;

/* What a command was given. Lives as long as the arena it was read into. */
struct config {
	const struct option *options; /* the program's, up to the one without name */
	struct setting *settings;	  /* in the same order */
	const struct str *arguments;
	size_t argument_count;
	bool wants_help; /* --help stood there; nothing else was looked at */
};

/* Reads what follows the command in ARGV (up to NULL), ENVIRONMENT ("KEY=value", up to NULL) and the file. OPTIONS are all of the program: a key of the file
 * that another command takes is passed over, one that nobody takes is wrong. REFUSED with every finding: wrong usage, exit status 2.
 * Other PARTERRE_… variables are ignored: container platforms set such ones by themselves. */
enum status config_read(struct arena *a, const struct option *options, const struct usage *usage, const char *const *argv,
	const char *const *environment, struct config *out, struct problem *why);

/* An option's value, else its fallback, else "". A name that the program does not have, or of another kind, is a BUG. */
struct str config_text(const struct config *c, const char *name);
bool config_flag(const struct config *c, const char *name);
const struct str *config_list(const struct config *c, const char *name, size_t *count);

/* Whether somebody gave it: no fallback. */
bool config_given(const struct config *c, const char *name);

/* The text of "parterre help COMMAND". */
struct str config_help(struct arena *a, const struct option *options, const struct usage *usage);
