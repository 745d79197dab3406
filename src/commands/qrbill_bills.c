/* commands/qrbill_bills.c: bills from JSON lines, a million as easily as one. */
#include <stdlib.h>
#include <string.h>

#include "commands/qrbill.h"

struct bills_buffer {
	FILE *in;
	json_t *line; /* what the current bill's texts lie in */
	size_t from, len;
	bool is_first; /* nothing was taken yet: a byte order mark may stand there */
	char bytes[BILL_LINE_MAX + 1];
};

enum language user_language(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	enum language l = LANG_EN;
	for (size_t i = 0; i < COUNT(variables); i++) {
		struct str value = str_of(getenv(variables[i])), tag;
		if (value.len == 0) continue; /* the first that is set decides, as the C library does */
		str_next(&value, '.', &tag);
		lang_from_tag(tag, &l);
		break;
	}
	return l;
}

struct bills bills_open(struct arena *a, FILE *in)
{
	struct bills_buffer *buffer = ARENA_NEW(a, struct bills_buffer);
	buffer->in = in;
	buffer->is_first = true;
	return (struct bills){ .arena = arena_new(), .language = user_language(), .buffer = buffer };
}

void bills_close(struct bills *b)
{
	json_decref(b->buffer->line);
	arena_free(b->arena);
}

/* Fills the buffer; false when nothing came. */
static bool fill(struct bills_buffer *b)
{
	memmove(b->bytes, b->bytes + b->from, b->len);
	b->from = 0;
	size_t got = fread(b->bytes + b->len, 1, sizeof b->bytes - b->len, b->in);
	b->len += got;
	return got > 0;
}

enum line_end { LINE_WHOLE, LINE_TOO_LONG, LINE_NONE };

/* The next line, valid until the next call. One that is too long is passed over to its end. */
static enum line_end next_line(struct bills_buffer *b, struct str *line)
{
	bool is_long = false, is_over = false;
	*line = S("");
	for (;;) {
		const char *end = b->len ? memchr(b->bytes + b->from, '\n', b->len) : NULL;
		if (end || (is_over && b->len)) {
			size_t len = end ? (size_t)(end - (b->bytes + b->from)) : b->len;
			*line = (struct str){ b->bytes + b->from, len };
			b->from += len + (end != NULL);
			b->len -= len + (end != NULL);
			return is_long || len > BILL_LINE_MAX ? LINE_TOO_LONG : LINE_WHOLE;
		}
		if (is_over) return is_long ? LINE_TOO_LONG : LINE_NONE;
		if (b->len == sizeof b->bytes) {
			is_long = true;
			b->len = 0;
			b->from = 0;
		}
		is_over = !fill(b);
	}
}

/* Whether jansson refused a line for what it does not like, though it is JSON as far as it was read. */
static bool is_only_odd(const json_error_t *error)
{
	return json_error_code(error) == json_error_duplicate_key || json_error_code(error) == json_error_numeric_overflow;
}

static void read_bill(struct bills *b, struct str line)
{
	json_error_t error;
	json_decref(b->buffer->line);
	b->buffer->line = json_loadb(line.at, line.len, JSON_REJECT_DUPLICATES, &error);
	if (!b->buffer->line && is_only_odd(&error)) {
		struct str tamed = json_tamed(b->arena, line);
		b->buffer->line = json_loadb(tamed.at, tamed.len, 0, &error);
		if (json_is_object(b->buffer->line)) json_find_repeats(b->arena, line, &b->findings);
	}
	b->is_bill = json_is_object(b->buffer->line);
	if (b->is_bill) {
		b->has_language = json_is_string(json_object_get(b->buffer->line, "language"));
		bill_from_json(b->arena, b->buffer->line, &b->bill, &b->findings);
		qrbill_check(&b->bill, &b->findings);
		return;
	}
	/* jansson's own words are English, and quote what it did not understand. */
	if (b->buffer->line) qrbill_find(&b->findings, QRBILL_RULE_NONE, QRBILL_ERROR, 0, "", MSG_QRBILL_JSON_OBJECT);
	else qrbill_find(&b->findings, QRBILL_RULE_NONE, QRBILL_ERROR, 0, "", MSG_QRBILL_JSON, arg_int("at", error.position));
}

bool bills_next(struct bills *b)
{
	struct str line;
	enum line_end end;
	do {
		end = next_line(b->buffer, &line);
		if (end == LINE_NONE) return false;
		if (b->buffer->is_first && str_starts(line, S("\xef\xbb\xbf"))) line = str_part(line, 3, line.len);
		b->buffer->is_first = false;
	} while (end == LINE_WHOLE && str_trim(line).len == 0);
	arena_reset(b->arena);
	b->number++;
	b->bill = (struct qrbill){ .amount = QRBILL_AMOUNT_OPEN };
	b->findings = qrbill_findings_in(b->arena);
	b->is_bill = b->has_language = false;
	if (end == LINE_WHOLE) read_bill(b, line);
	else qrbill_find(&b->findings, QRBILL_RULE_NONE, QRBILL_ERROR, 0, "", MSG_QRBILL_LINE_LONG, arg_int("max", BILL_LINE_MAX));
	return true;
}

void bills_complain(const struct bills *b)
{
	for (size_t i = 0; i < b->findings.count; i++) {
		const struct qrbill_finding *f = &b->findings.at[i];
		struct str said = lang_finding(b->arena, b->language, &f->said), rule = qrbill_rule_name(b->arena, f->rule);
		fprintf(stderr, "parterre: bill %zu: %.*s%s%s: %.*s\n", b->number, STR_ARG(rule), f->said.field[0] ? " " : "", f->said.field, STR_ARG(said));
	}
}
