/* commands/qrbill_json_line.c: what jansson says of a line only by refusing it whole: members that stand there twice, numbers without end. To find them,
 * strings and brackets are all that has to be told apart. */
#include <stdlib.h>
#include <string.h>

#include "commands/qrbill.h"

#define HUGE_NUMBER "1e308" /* JSON_NUMBER_HUGE; as short as the shortest number that is too large, 2e308 */

/* A bill, and its addresses: below that it has no members. */
enum { DEPTH_MAX = 2 };

/* The end of the string that begins at FROM. */
static size_t string_end(struct str line, size_t from)
{
	size_t i = from + 1;
	while (i < line.len && line.at[i] != '"') i += 1 + (line.at[i] == '\\');
	return i < line.len ? i + 1 : line.len;
}

/* ---- numbers ---- */

static size_t number_end(struct str line, size_t from)
{
	while (from < line.len && line.at[from] && strchr("0123456789+-.eE", line.at[from])) from++;
	return from;
}

/* Whether S is a number, and jansson has no room for it. */
static bool is_too_large(struct arena *a, struct str s)
{
	json_error_t error;
	json_t *value = json_loadb(s.at, s.len, JSON_DECODE_ANY, &error);
	bool is_refused = !value && json_error_code(&error) == json_error_numeric_overflow;
	json_decref(value);
	if (!is_refused) return false;
	char *text = str_c(a, s), *end;
	strtod(text, &end);
	return *end == '\0';
}

struct str json_tamed(struct arena *a, struct str line)
{
	char *out = memcpy(arena_alloc(a, line.len + 1), line.at, line.len);
	for (size_t i = 0, end; i < line.len; i = end) {
		bool is_string = line.at[i] == '"';
		end = is_string ? string_end(line, i) : number_end(line, i);
		if (!is_string && end - i >= sizeof HUGE_NUMBER - 1 && is_too_large(a, str_part(line, i, end - i))) {
			memset(out + i, ' ', end - i);
			memcpy(out + i, HUGE_NUMBER, sizeof HUGE_NUMBER - 1);
		}
		if (end == i) end++;
	}
	return (struct str){ out, line.len };
}

/* ---- members ---- */

struct names {
	struct arena *arena;
	struct qrbill_findings *f;
	json_t *seen[DEPTH_MAX + 1]; /* of the object that is open at each depth; true: told */
	size_t depth;
	struct str outer; /* the bill's member that is being read */
};

static bool is_name(struct str line, size_t end)
{
	while (end < line.len && strchr(" \t\r\n", line.at[end])) end++;
	return end < line.len && line.at[end] == ':';
}

/* QUOTED is a member's name; a second one of the same is told once. */
static void note_name(struct names *n, struct str quoted)
{
	json_t *decoded = json_loadb(quoted.at, quoted.len, JSON_DECODE_ANY, NULL), *seen = n->seen[n->depth];
	const char *name = json_string_value(decoded);
	json_t *before = json_object_get(seen, name);
	struct str path = n->depth == 1 ? str_of(name) : str_format(n->arena, "%.*s.%s", STR_ARG(n->outer), name);
	if (before && !json_is_true(before)) qrbill_find(n->f, QRBILL_RULE_NONE, QRBILL_ERROR, 0, str_c(n->arena, path), MSG_QRBILL_JSON_TWICE);
	json_object_set_new(seen, name, json_boolean(before));
	if (n->depth == 1) n->outer = str_keep(n->arena, path);
	json_decref(decoded);
}

void json_find_repeats(struct arena *a, struct str line, struct qrbill_findings *f)
{
	struct names n = { .arena = a, .f = f, .outer = S("") };
	for (size_t i = 0, end; i < line.len; i = end) {
		char c = line.at[i];
		end = c == '"' ? string_end(line, i) : i + 1;
		if (c == '}' || c == ']') n.depth--;
		if (c == '"' && n.depth <= DEPTH_MAX && is_name(line, end)) note_name(&n, str_part(line, i, end - i));
		if ((c != '{' && c != '[') || ++n.depth > DEPTH_MAX) continue;
		json_decref(n.seen[n.depth]);
		n.seen[n.depth] = json_object();
	}
	for (size_t depth = 1; depth <= DEPTH_MAX; depth++) json_decref(n.seen[depth]);
}
