/* base/config.c: three sources into one setting an option; the first source that has it counts. */
#include "base/config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ENVIRONMENT_PREFIX "PARTERRE_"
#define HELP_COLUMN		   28 /* where the help's words begin; longer options have them on the next line */

enum source { FROM_NOWHERE, FROM_FILE, FROM_ENVIRONMENT, FROM_COMMAND_LINE };

struct setting {
	enum source source; /* the strongest so far */
	bool is_taken;		/* by this command */
	bool is_on;			/* of a flag */
	struct str *values; /* one, or all of a list */
	struct str fallback;
	size_t count, size;
};

struct reading {
	struct arena *arena;
	struct config *config;
	const struct usage *usage;
	struct problem *why;
};

/* The index of option NAME, or -1. */
static int find(const struct option *options, struct str name)
{
	for (int i = 0; options[i].name; i++)
		if (str_eq(str_of(options[i].name), name)) return i;
	return -1;
}

/* As much of WORD as can be an option's name: what else stands there may be a secret with the = forgotten. */
static struct str name_in(struct reading *r, struct str word)
{
	size_t len = 0;
	while (len < word.len && (word.at[len] == '-' || word.at[len] == '_' || isalnum((unsigned char)word.at[len]))) len++;
	return str_keep(r->arena, str_part(word, 0, len));
}

static struct str command_of(const struct reading *r)
{
	return str_of(r->usage->command);
}

/* ---- taking a value ---- */

/* Whether S is yes or no, in *OUT. */
static bool read_flag(struct str s, bool *out)
{
	static const char *const yes[] = { "yes", "true", "on", "1" }, *const no[] = { "no", "false", "off", "0" };
	for (size_t i = 0; i < COUNT(yes); i++) {
		*out = str_eq_nocase(s, str_of(yes[i]));
		if (*out || str_eq_nocase(s, str_of(no[i]))) return true;
	}
	return false;
}

static void add_value(struct reading *r, struct setting *s, struct str value)
{
	if (s->count == s->size) {
		size_t size = s->size ? s->size * 2 : 4;
		s->values = arena_grow(r->arena, s->values, s->size * sizeof *s->values, size * sizeof *s->values);
		s->size = size;
	}
	s->values[s->count++] = value;
}

/* Takes VALUE for option I; WHERE names the place of a fault for people: "--json", "parterre.conf:3". */
static void take(struct reading *r, int i, enum source source, struct str value, struct str where)
{
	const struct option *o = &r->config->options[i];
	struct setting *s = &r->config->settings[i];
	if (s->source > source) return;
	if (s->source < source) s->count = 0;
	else if (o->kind != OPTION_LIST) {
		problem_add(r->why, o->name, MSG_OPTION_TWICE, arg_text("where", where), arg_text("name", str_of(o->name)));
		return;
	}
	s->source = source;
	if (!value.len) {
		problem_add(r->why, o->name, MSG_OPTION_EMPTY, arg_text("where", where), arg_text("name", str_of(o->name)));
		return;
	}
	if (!str_is_text(value) || str_has_control(value)) {
		problem_add(r->why, o->name, MSG_OPTION_NOT_TEXT, arg_text("where", where), arg_text("name", str_of(o->name)));
		return;
	}
	if (o->kind == OPTION_FLAG && !read_flag(value, &s->is_on)) {
		problem_add(r->why, o->name, MSG_OPTION_YES_NO, arg_text("where", where), arg_text("name", str_of(o->name)));
	}
	add_value(r, s, value);
}

/* ---- the command line ---- */

static void read_option(struct reading *r, struct str word, const char *const **next)
{
	struct str rest = word, name;
	str_next(&rest, '=', &name);
	int i = find(r->config->options, name);
	if (i < 0 || !r->config->settings[i].is_taken) {
		problem_add(r->why, "", MSG_OPTION_UNKNOWN, arg_text("name", name_in(r, name)), arg_text("command", command_of(r)));
		if (!rest.at && **next && !str_starts(str_of(**next), S("--"))) ++*next; /* most likely its value */
		return;
	}
	const struct option *o = &r->config->options[i];
	struct str where = str_format(r->arena, "--%s", o->name);
	if (o->kind == OPTION_FLAG) {
		take(r, i, FROM_COMMAND_LINE, rest.at ? rest : S("yes"), where);
	} else if (rest.at) {
		take(r, i, FROM_COMMAND_LINE, rest, where);
	} else if (**next && !str_starts(str_of(**next), S("--"))) { /* a value that begins so is given with = */
		take(r, i, FROM_COMMAND_LINE, str_of(**next), where);
		++*next;
	} else {
		problem_add(r->why, o->name, MSG_OPTION_NO_VALUE, arg_text("name", str_of(o->name)), arg_text("value", str_of(o->value)));
	}
}

static void read_arguments(struct reading *r, const char *const *argv)
{
	size_t most = 0;
	while (argv[most]) most++;
	struct str *arguments = ARENA_ARRAY(r->arena, struct str, most + 1);
	struct config *c = r->config;
	bool options_over = false;
	while (*argv) {
		struct str word = str_of(*argv++);
		if (options_over || word.len < 2 || word.at[0] != '-') arguments[c->argument_count++] = word;
		else if (str_eq(word, S("--"))) options_over = true;
		else read_option(r, str_part(word, word.at[1] == '-' ? 2 : 1, word.len), &argv);
	}
	c->arguments = arguments;
	if (c->argument_count < r->usage->least)
		problem_add(r->why, "", MSG_ARGUMENTS_MISSING, arg_text("command", command_of(r)), arg_text("arguments", str_of(r->usage->arguments)));
	if (c->argument_count > r->usage->most) problem_add(r->why, "", MSG_ARGUMENTS_TOO_MANY, arg_text("command", command_of(r)));
}

/* ---- the environment ---- */

/* "TRUSTED_PROXY" as "trusted-proxy". */
static struct str option_name(struct arena *a, struct str variable)
{
	struct str name = str_lower(a, variable);
	char *at = str_c(a, name);
	for (size_t i = 0; at && i < name.len; i++)
		if (at[i] == '_') at[i] = '-';
	return str_of(at);
}

static void read_environment(struct reading *r, const char *const *environment)
{
	for (; *environment; environment++) {
		struct str rest = str_of(*environment), variable, value;
		if (!str_starts(rest, S(ENVIRONMENT_PREFIX)) || !str_next(&rest, '=', &variable) || !rest.at) continue;
		struct str name = str_part(variable, sizeof ENVIRONMENT_PREFIX - 1, variable.len);
		int i = str_has(name, '-') ? -1 : find(r->config->options, option_name(r->arena, name));
		if (i < 0) continue;
		if (r->config->options[i].kind != OPTION_LIST) {
			if (rest.len) take(r, i, FROM_ENVIRONMENT, rest, variable);
			continue;
		}
		while (str_next(&rest, ' ', &value))
			if (value.len) take(r, i, FROM_ENVIRONMENT, value, variable);
	}
}

/* ---- the file ---- */

static void read_line(struct reading *r, struct str line, struct str where)
{
	struct str name, value = str_trim(line);
	if (value.len == 0 || value.at[0] == '#') return;
	str_next(&value, '=', &name);
	name = str_trim(name);
	if (!value.at || name.len == 0) {
		problem_add(r->why, "config", MSG_CONFIG_LINE, arg_text("where", where));
		return;
	}
	int i = find(r->config->options, name);
	if (i < 0) problem_add(r->why, "config", MSG_CONFIG_KEY_UNKNOWN, arg_text("where", where), arg_text("name", name_in(r, name)));
	else take(r, i, FROM_FILE, str_trim(value), where);
}

static void read_file(struct reading *r, struct str path)
{
	char *c_path = str_c(r->arena, path), *bytes = arena_alloc(r->arena, CONFIG_FILE_MAX + 1);
	errno = EINVAL;
	FILE *f = c_path ? fopen(c_path, "re") : NULL;
	struct str rest = { bytes, f ? fread(bytes, 1, CONFIG_FILE_MAX + 1, f) : 0 }, line;
	if (!f || ferror(f)) {
		problem_errno(r->why, c_path ? c_path : "config", errno);
	} else if (rest.len > CONFIG_FILE_MAX || !str_is_text(rest)) {
		problem_add(r->why, "config", MSG_CONFIG_FILE_BAD, arg_text("file", path), arg_int("max", CONFIG_FILE_MAX));
	} else {
		if (str_starts(rest, S("\xef\xbb\xbf"))) rest = str_part(rest, 3, rest.len); /* some editors begin so */
		for (int n = 1; str_next(&rest, '\n', &line); n++) read_line(r, line, str_format(r->arena, "%.*s:%d", STR_ARG(path), n));
	}
	if (f) fclose(f);
}

/* ---- the whole ---- */

static bool takes(const struct usage *usage, const char *name)
{
	if (strcmp(name, "config") == 0) return true;
	for (const char *const *o = usage->options; *o; o++)
		if (strcmp(*o, name) == 0) return true;
	return false;
}

static bool asks_for_help(const char *const *argv)
{
	for (; *argv && strcmp(*argv, "--") != 0; argv++)
		if (strcmp(*argv, "--help") == 0 || strcmp(*argv, "-h") == 0) return true;
	return false;
}

enum status config_read(struct arena *a, const struct option *options, const struct usage *usage, const char *const *argv,
	const char *const *environment, struct config *out, struct problem *why)
{
	struct problem own = problem_in(a);
	struct reading r = { a, out, usage, why ? why : &own };
	size_t count = 0;
	while (options[count].name) count++;
	if (count > CONFIG_OPTIONS_MAX) BUG("%zu options", count);
	for (const char *const *o = usage->options; *o; o++)
		if (find(options, str_of(*o)) < 0) BUG("%s takes --%s, which is no option", usage->command, *o);
	*out = (struct config){ .options = options, .settings = ARENA_ARRAY(a, struct setting, count + 1), .wants_help = asks_for_help(argv) };
	for (size_t i = 0; i < count; i++) {
		out->settings[i].is_taken = takes(usage, options[i].name);
		out->settings[i].fallback = str_of(options[i].fallback);
	}
	if (out->wants_help) return OK;
	read_arguments(&r, argv);
	read_environment(&r, environment);
	struct str file = find(options, S("config")) < 0 ? S("") : config_text(out, "config");
	if (file.len) read_file(&r, file);
	return problem_any(r.why) ? REFUSED : OK;
}

static const struct setting *setting(const struct config *c, const char *name, enum option_kind kind)
{
	int i = find(c->options, str_of(name));
	if (i < 0 || c->options[i].kind != kind) BUG("no such option: %s", name);
	return &c->settings[i];
}

struct str config_text(const struct config *c, const char *name)
{
	const struct setting *s = setting(c, name, OPTION_TEXT);
	return s->count ? s->values[0] : s->fallback;
}

bool config_flag(const struct config *c, const char *name)
{
	const struct setting *s = setting(c, name, OPTION_FLAG);
	return s->count && s->is_on;
}

const struct str *config_list(const struct config *c, const char *name, size_t *count)
{
	const struct setting *s = setting(c, name, OPTION_LIST);
	*count = s->count ? s->count : s->fallback.len > 0;
	return s->count ? s->values : &s->fallback;
}

bool config_given(const struct config *c, const char *name)
{
	int i = find(c->options, str_of(name));
	if (i < 0) BUG("no such option: %s", name);
	return c->settings[i].source != FROM_NOWHERE;
}

struct str config_help(struct arena *a, const struct option *options, const struct usage *usage)
{
	struct buf b = buf_in(a);
	buf_addf(&b, "parterre %s%s%s%s\n%s\n", usage->command, usage->arguments[0] ? " " : "", usage->arguments,
		usage->options[0] ? " [--option value]…" : "", usage->help);
	const char *heading = "\nOptions\n";
	for (const struct option *o = options; o->name; o++) {
		if (!takes(usage, o->name)) continue;
		size_t start = b.len + strlen(heading);
		buf_addf(&b, "%s  --%s%s%s", heading, o->name, o->value ? " " : "", o->value ? o->value : "");
		size_t width = b.len - start;
		buf_addf(&b, width + 2 > HELP_COLUMN ? "\n%*s%s" : "%*s%s", (int)(width + 2 > HELP_COLUMN ? HELP_COLUMN : HELP_COLUMN - width), "", o->help);
		if (o->kind == OPTION_LIST) buf_add(&b, S("; may be repeated"));
		if (o->fallback) buf_addf(&b, " (%s)", o->fallback);
		buf_add_char(&b, '\n');
		heading = "";
	}
	buf_add(&b, S("\nAn option may also stand in the file of --config, as a line \"trusted-proxy = 10.0.0.0/8\", or in the\n"
				  "environment, PARTERRE_TRUSTED_PROXY. The command line beats the environment, and that the file.\n"));
	return buf_str(&b);
}
