/* tools/template.c: an HTML template into a C function whose only argument is a struct of its parameters (docs/templates.md).
 *   template IN.html OUT.h OUT.c
 * Values are escaped for where they stand; what has no safe place is an error with file and line. C expressions are left to the C compiler, which
 * finds their faults at the template's lines by #line. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "tools/ctext.h"
#include "tools/html.h"

#define SOURCE_MAX (256u << 10) /* a page is under 50 kB when filled */
#define BLOCKS_MAX 32			/* {{if}} in {{for}} in …: nobody reads deeper ones */
#define PARTS_MAX  8			/* of one phrase */

enum block_kind { BLOCK_IF, BLOCK_FOR, BLOCK_WRAP, BLOCK_PHRASE, BLOCK_PART };

/* What {{end}} closes. */
struct block {
	enum block_kind kind;
	int line;
	struct html_context start;
	struct html_context after; /* of the branches so far */
	bool has_branch, has_else;
	bool was_blank;	  /* at the start */
	bool all_blank;	  /* branches so far end in a blank */
	int parts;		  /* of a phrase */
	struct str name;  /* of the template wrapped around, the message, the part */
	struct str extra; /* its fields or arguments, as C */
};

struct compiler {
	struct arena *arena;
	const char *path;
	struct str source;
	size_t at;
	int line;
	struct str name;
	struct buf header, fields, locals, code, literal;
	struct html_context html;
	bool is_blank;
	struct block blocks[BLOCKS_MAX];
	int depth;
};

static noreturn void __attribute__((format(printf, 3, 4))) fail(const struct compiler *c, int line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "%s:%d: ", c->path, line);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

/* ---- C text ---- */

static void add_line(struct compiler *c, struct buf *to, int line)
{
	buf_addf(to, "#line %d \"", line);
	for (const char *p = c->path; *p; p++) {
		if (*p == '"' || *p == '\\') buf_add_char(to, '\\');
		buf_add_char(to, *p);
	}
	buf_add(to, S("\"\n"));
}

/* A type and a name, "const struct problem *why", apart. */
static void declaration(struct compiler *c, int line, struct str text, struct str *type, struct str *name)
{
	text = str_trim(text);
	size_t from = text.len;
	while (from > 0 && c_is_word_byte(text.at[from - 1])) from--;
	*name = str_part(text, from, text.len);
	*type = str_trim(str_part(text, 0, from));
	if (!c_is_word(*name) || type->len == 0) fail(c, line, "\"%.*s\" is no type and name", STR_ARG(text));
}

/* ---- literals ---- */

/* Writes the markup gathered so far. */
static void flush(struct compiler *c)
{
	struct str rest = buf_str(&c->literal), piece;
	while (str_next(&rest, HTML_BASE, &piece)) {
		c_add_literal(&c->code, piece);
		if (rest.at) buf_add(&c->code, S("\trender_base(out);\n"));
	}
	c->literal.len = 0;
}

/* ---- directives: values ---- */

static void control(struct compiler *c, int line)
{
	const char *wrong = html_control(&c->html, &c->literal);
	if (wrong) fail(c, line, "%s, %s", wrong, html_where(&c->html));
	flush(c);
}

static void only_in_text(struct compiler *c, int line, const char *what)
{
	control(c, line);
	if (c->html.state != HTML_TEXT || c->html.inside[0]) fail(c, line, "{{%s}} stands between tags only, not %s", what, html_where(&c->html));
}

static enum html_place value_place(struct compiler *c, int line, bool is_asset)
{
	enum html_place place;
	const char *wrong = html_value(&c->html, &place, is_asset, &c->literal);
	if (wrong) fail(c, line, "%s, %s", wrong, html_where(&c->html));
	flush(c);
	c->is_blank = false;
	return place;
}

static void put(struct compiler *c, int line, struct str expression)
{
	static const char *const functions[] = { "render_put_text", "render_put_plain", "render_put_url", "render_put_part" };
	if (expression.len == 0) fail(c, line, "a value is missing");
	enum html_place place = value_place(c, line, false);
	add_line(c, &c->code, line);
	buf_addf(&c->code, "\t%s(out, %.*s);\n", functions[place], STR_ARG(expression));
}

static void asset(struct compiler *c, int line, struct str rest)
{
	if (rest.len < 3 || rest.at[0] != '"' || rest.at[rest.len - 1] != '"') fail(c, line, "{{asset \"name\"}}");
	if (value_place(c, line, true) != PLACE_URL) fail(c, line, "an asset is the whole of a URL, not %s", html_where(&c->html));
	add_line(c, &c->code, line);
	buf_add(&c->code, S("\trender_asset(out, S(ASSET_"));
	for (size_t i = 1; i + 1 < rest.len; i++) buf_add_char(&c->code, c_is_word_byte(rest.at[i]) ? (char)toupper((unsigned char)rest.at[i]) : '_');
	buf_add(&c->code, S("));\n"));
}

/* "name=expr other=expr" as a list of struct arg in C. */
static struct str message_args(struct compiler *c, int line, struct str rest)
{
	struct buf b = buf_in(c->arena);
	buf_add(&b, S("(const struct arg[]){ "));
	while (rest.len) {
		size_t name_len = 0;
		while (name_len < rest.len && c_is_word_byte(rest.at[name_len])) name_len++;
		if (name_len == 0 || name_len + 1 >= rest.len || rest.at[name_len] != '=')
			fail(c, line, "arguments are name=expression, not \"%.*s\"", STR_ARG(rest));
		size_t end = name_len + 1;
		for (;;) { /* up to a blank with another name= behind it */
			end = c_find(rest, end, S(" "));
			size_t word = end;
			while (word < rest.len && rest.at[word] == ' ') word++;
			size_t after = word;
			while (after < rest.len && c_is_word_byte(rest.at[after])) after++;
			if (end >= rest.len || (after > word && after + 1 < rest.len && rest.at[after] == '=' && rest.at[after + 1] != '=')) break;
			end++;
		}
		struct str value = str_part(rest, name_len + 1, end - name_len - 1);
		buf_addf(&b, "render_arg(\"%.*s\", %.*s), ", (int)name_len, rest.at, STR_ARG(value));
		rest = str_trim(str_part(rest, end, rest.len));
	}
	buf_add(&b, S("{ 0 } }"));
	return buf_str(&b);
}

static void say(struct compiler *c, int line, struct str rest)
{
	struct str id = c_next_word(&rest);
	if (id.len == 0) fail(c, line, "a message's id is missing");
	enum html_place place = value_place(c, line, false);
	if (place != PLACE_TEXT && place != PLACE_PLAIN) fail(c, line, "no message %s", html_where(&c->html));
	struct str args = message_args(c, line, rest);
	add_line(c, &c->code, line);
	buf_add(&c->code, S("\trender_say(out, "));
	c_add_message(&c->code, id);
	buf_addf(&c->code, ", %.*s, NULL);\n", STR_ARG(args));
}

/* {{on checked EXPR}}: an attribute without value, there or not. */
static void on(struct compiler *c, int line, struct str rest)
{
	struct str name = c_next_word(&rest);
	control(c, line);
	if (c->html.state != HTML_TAG) fail(c, line, "{{on}} stands in a tag, not %s", html_where(&c->html));
	if (rest.len == 0) fail(c, line, "{{on name expression}}");
	for (size_t i = 0; i <= name.len; i++) {
		const char *wrong = html_byte(&c->html, i < name.len ? name.at[i] : ' ', &c->literal, &c->is_blank);
		if (wrong) fail(c, line, "%s, %s", wrong, html_where(&c->html));
	}
	add_line(c, &c->code, line);
	buf_addf(&c->code, "\tif (%.*s) {\n", STR_ARG(rest));
	flush(c);
	buf_add(&c->code, S("\t}\n"));
}

/* ---- directives: blocks ---- */

static struct block *block_open(struct compiler *c, int line, enum block_kind kind)
{
	if (c->depth == BLOCKS_MAX) fail(c, line, "more than %d blocks in each other", BLOCKS_MAX);
	struct block *b = &c->blocks[c->depth++];
	*b = (struct block){ .kind = kind, .line = line, .start = c->html, .was_blank = c->is_blank };
	return b;
}

static struct block *innermost(struct compiler *c, int line, const char *what)
{
	if (c->depth == 0) fail(c, line, "{{%s}} without a beginning", what);
	return &c->blocks[c->depth - 1];
}

/* A branch is over: it has to end where the others do. */
static void branch_end(struct compiler *c, int line, struct block *b)
{
	if (b->has_branch && !html_same(&b->after, &c->html))
		fail(c, line, "the branches since line %d end in different places: this one %s", b->line, html_where(&c->html));
	b->all_blank = c->is_blank && (!b->has_branch || b->all_blank);
	b->after = c->html;
	b->has_branch = true;
}

static void begin_if(struct compiler *c, int line, struct str expression)
{
	if (expression.len == 0) fail(c, line, "{{if expression}}");
	control(c, line);
	block_open(c, line, BLOCK_IF);
	add_line(c, &c->code, line);
	buf_addf(&c->code, "\tif (%.*s) {\n", STR_ARG(expression));
}

static void next_branch(struct compiler *c, int line, struct str expression, bool is_else)
{
	control(c, line);
	struct block *b = innermost(c, line, is_else ? "else" : "elif");
	if (b->kind != BLOCK_IF || b->has_else) fail(c, line, "{{%s}} without its {{if}}", is_else ? "else" : "elif");
	if (!is_else && expression.len == 0) fail(c, line, "{{elif expression}}");
	branch_end(c, line, b);
	b->has_else = is_else;
	c->html = b->start;
	c->is_blank = b->was_blank;
	add_line(c, &c->code, line);
	if (is_else) buf_add(&c->code, S("\t} else {\n"));
	else buf_addf(&c->code, "\t} else if (%.*s) {\n", STR_ARG(expression));
}

/* {{for TYPE *NAME in ARRAY, COUNT}} and {{for TYPE *NAME from FIRST by FIELD}}. */
static void begin_for(struct compiler *c, int line, struct str rest)
{
	struct str type, name;
	size_t in = c_find(rest, 0, S(" in ")), from = c_find(rest, 0, S(" from "));
	bool is_list = from < in;
	declaration(c, line, str_part(rest, 0, is_list ? from : in), &type, &name);
	if (!str_ends(type, S("*"))) fail(c, line, "{{for}} goes through an array or list by a pointer");
	struct str what = str_trim(str_part(rest, is_list ? from + 6 : in + 4, rest.len));
	struct str separator = is_list ? S(" by ") : S(",");
	size_t end = c_find(what, 0, separator);
	struct str first = str_trim(str_part(what, 0, end)), second = str_trim(str_part(what, end + separator.len, what.len));
	if (first.len == 0 || second.len == 0) fail(c, line, "{{for TYPE *NAME in ARRAY, COUNT}} or {{for TYPE *NAME from FIRST by FIELD}}");
	control(c, line);
	block_open(c, line, BLOCK_FOR);
	c->is_blank = false; /* the second round follows on the first one's end */
	add_line(c, &c->code, line);
	if (is_list) {
		buf_addf(&c->code, "\tfor (%.*s%.*s = %.*s; %.*s; %.*s = %.*s->%.*s) {\n", STR_ARG(type), STR_ARG(name), STR_ARG(first), STR_ARG(name),
			STR_ARG(name), STR_ARG(name), STR_ARG(second));
		return;
	}
	buf_addf(&c->code, "\tfor (size_t %.*s_index = 0; %.*s_index < (size_t)(%.*s); %.*s_index++) { ", STR_ARG(name), STR_ARG(name), STR_ARG(second),
		STR_ARG(name));
	c_add_constant(&c->code, type, name);
	buf_addf(&c->code, " = &(%.*s)[%.*s_index];\n", STR_ARG(first), STR_ARG(name));
}

static void let(struct compiler *c, int line, struct str rest)
{
	struct str type, name;
	size_t equals = c_find(rest, 0, S("="));
	struct str value = str_trim(str_part(rest, equals + 1, rest.len));
	if (value.len == 0) fail(c, line, "{{let TYPE NAME = expression}}");
	declaration(c, line, str_part(rest, 0, equals), &type, &name);
	control(c, line);
	add_line(c, &c->code, line);
	buf_add_char(&c->code, '\t');
	c_add_constant(&c->code, type, name);
	buf_addf(&c->code, " = %.*s;\n", STR_ARG(value));
}

static void add_call(struct compiler *c, int line, struct str name, struct str fields, int body)
{
	add_line(c, &c->code, line);
	buf_addf(&c->code, "\ttpl_%.*s(out, &(const struct tpl_%.*s){ %.*s", STR_ARG(name), STR_ARG(name), STR_ARG(fields));
	if (body >= 0) buf_addf(&c->code, "%s.body = render_take(out, mark_%d)", fields.len ? ", " : "", body);
	else if (fields.len == 0) buf_add_char(&c->code, '0');
	buf_add(&c->code, S(" });\n"));
}

static void call(struct compiler *c, int line, struct str rest)
{
	struct str name = c_next_word(&rest);
	if (!c_is_word(name)) fail(c, line, "{{call template .field = expression, …}}");
	only_in_text(c, line, "call");
	add_call(c, line, name, rest, -1);
	c->is_blank = false;
}

static void begin_wrap(struct compiler *c, int line, struct str rest)
{
	struct str name = c_next_word(&rest);
	if (!c_is_word(name)) fail(c, line, "{{wrap template .field = expression, …}}");
	only_in_text(c, line, "wrap");
	struct block *b = block_open(c, line, BLOCK_WRAP);
	b->name = name;
	b->extra = rest;
	c->is_blank = true;
	buf_addf(&c->code, "\t{\n\tsize_t mark_%d = out->out.len;\n", c->depth);
}

static void begin_phrase(struct compiler *c, int line, struct str rest)
{
	struct str id = c_next_word(&rest);
	if (id.len == 0) fail(c, line, "a message's id is missing");
	only_in_text(c, line, "phrase");
	struct block *b = block_open(c, line, BLOCK_PHRASE);
	b->name = id;
	b->extra = message_args(c, line, rest);
	c->is_blank = true;
	buf_addf(&c->code, "\t{\n\tstruct render_part parts_%d[%d] = { { 0 } };\n", c->depth, PARTS_MAX + 1);
}

/* Between the parts of a phrase stands nothing. */
static void only_parts(struct compiler *c, int line)
{
	if (c->depth && c->blocks[c->depth - 1].kind == BLOCK_PHRASE && c->literal.len) fail(c, line, "a phrase holds {{part name}}…{{end}} only");
}

static void begin_part(struct compiler *c, int line, struct str name)
{
	struct block *phrase = innermost(c, line, "part");
	if (phrase->kind != BLOCK_PHRASE) fail(c, line, "{{part}} without its {{phrase}}");
	if (!c_is_word(name)) fail(c, line, "{{part name}}");
	if (++phrase->parts > PARTS_MAX) fail(c, line, "more than %d parts", PARTS_MAX);
	only_in_text(c, line, "part");
	block_open(c, line, BLOCK_PART)->name = name;
	c->is_blank = false;
	buf_addf(&c->code, "\t{\n\tsize_t mark_%d = out->out.len;\n", c->depth);
}

static void end_block(struct compiler *c, int line)
{
	control(c, line);
	struct block *b = innermost(c, line, "end");
	int depth = c->depth--;
	bool is_blank = c->is_blank;
	switch (b->kind) {
	case BLOCK_IF:
		branch_end(c, line, b);
		if (!b->has_else) {
			c->html = b->start, c->is_blank = b->was_blank; /* the branch not written */
			branch_end(c, line, b);
		}
		is_blank = b->all_blank;
		break;
	case BLOCK_FOR: is_blank = is_blank && b->was_blank; break;
	case BLOCK_WRAP: add_call(c, line, b->name, b->extra, depth); break;
	case BLOCK_PART:
		buf_addf(&c->code, "\tparts_%d[%d] = (struct render_part){ \"%.*s\", render_take(out, mark_%d) };\n", depth - 1,
			c->blocks[depth - 2].parts - 1, STR_ARG(b->name), depth);
		break;
	case BLOCK_PHRASE:
		add_line(c, &c->code, b->line);
		buf_add(&c->code, S("\trender_say(out, "));
		c_add_message(&c->code, b->name);
		buf_addf(&c->code, ", %.*s, parts_%d);\n", STR_ARG(b->extra), depth);
		break;
	}
	if (b->kind != BLOCK_IF && !html_same(&b->start, &c->html))
		fail(c, line, "the block of line %d ends %s, not where it began", b->line, html_where(&c->html));
	if (b->kind == BLOCK_WRAP || b->kind == BLOCK_PHRASE) is_blank = false;
	if (b->kind == BLOCK_PART) is_blank = true;
	c->is_blank = is_blank;
	buf_add(&c->code, S("\t}\n"));
}

/* ---- directives: the head ---- */

static void param(struct compiler *c, int line, struct str rest)
{
	struct str type, name;
	if (c->code.len || c->literal.len) fail(c, line, "{{param}} stands at the top");
	declaration(c, line, rest, &type, &name);
	if (str_eq(name, S("out")) || str_eq(name, S("t"))) fail(c, line, "\"%.*s\" is taken", STR_ARG(name));
	add_line(c, &c->fields, line);
	buf_addf(&c->fields, "\t%.*s %.*s;\n", STR_ARG(type), STR_ARG(name));
	add_line(c, &c->locals, line);
	buf_add_char(&c->locals, '\t');
	c_add_constant(&c->locals, type, name);
	buf_addf(&c->locals, " = t->%.*s;\n", STR_ARG(name));
}

static void head(struct compiler *c, int line, struct str word, struct str rest)
{
	if (str_eq(word, S("template"))) {
		if (c->name.len) fail(c, line, "two names for one template");
		if (!c_is_word(rest)) fail(c, line, "{{template name}}");
		c->name = rest;
		return;
	}
	if (rest.len < 3 || rest.at[0] != '"') fail(c, line, "{{include \"floor/file.h\"}}");
	buf_addf(&c->header, "#include %.*s\n", STR_ARG(rest));
}

static void directive(struct compiler *c, int line, struct str text)
{
	text = str_trim(text);
	if (str_starts(text, S("#"))) return;
	struct str rest = text, word = str_starts(text, S("=")) ? S("=") : c_next_word(&rest);
	if (str_eq(word, S("="))) rest = str_trim(str_part(text, 1, text.len));
	bool is_head = str_eq(word, S("template"));
	if (!c->name.len && !is_head) fail(c, line, "a template begins with {{template name}}");
	only_parts(c, line);
	if (c->depth && c->blocks[c->depth - 1].kind == BLOCK_PHRASE && !str_eq(word, S("part")) && !str_eq(word, S("end")))
		fail(c, line, "a phrase holds {{part name}}…{{end}} only");
	if (is_head || str_eq(word, S("include"))) head(c, line, word, rest);
	else if (str_eq(word, S("param"))) param(c, line, rest);
	else if (str_eq(word, S("="))) put(c, line, rest);
	else if (str_eq(word, S("t"))) say(c, line, rest);
	else if (str_eq(word, S("asset"))) asset(c, line, rest);
	else if (str_eq(word, S("on"))) on(c, line, rest);
	else if (str_eq(word, S("if"))) begin_if(c, line, rest);
	else if (str_eq(word, S("elif"))) next_branch(c, line, rest, false);
	else if (str_eq(word, S("else"))) next_branch(c, line, rest, true);
	else if (str_eq(word, S("for"))) begin_for(c, line, rest);
	else if (str_eq(word, S("let"))) let(c, line, rest);
	else if (str_eq(word, S("call"))) call(c, line, rest);
	else if (str_eq(word, S("wrap"))) begin_wrap(c, line, rest);
	else if (str_eq(word, S("phrase"))) begin_phrase(c, line, rest);
	else if (str_eq(word, S("part"))) begin_part(c, line, rest);
	else if (str_eq(word, S("end"))) end_block(c, line);
	else fail(c, line, "unknown {{%.*s}}", STR_ARG(word));
}

/* ---- the whole ---- */

static void compile(struct compiler *c)
{
	while (c->at < c->source.len) {
		struct str rest = str_part(c->source, c->at, c->source.len);
		if (str_starts(rest, S("{{"))) {
			int line = c->line;
			bool is_remark = str_starts(rest, S("{{#"));
			size_t end = 2;
			if (is_remark) {
				ptrdiff_t close = str_find(rest, S("}}"));
				end = close < 0 ? rest.len : (size_t)close;
			} else {
				end = c_find(rest, 2, S("}}"));
			}
			if (end >= rest.len) fail(c, line, "{{ without }}");
			for (size_t i = 0; i < end; i++) c->line += rest.at[i] == '\n';
			directive(c, line, str_part(rest, 2, end - 2));
			c->at += end + 2;
			continue;
		}
		const char *wrong = html_byte(&c->html, rest.at[0], &c->literal, &c->is_blank);
		if (wrong) fail(c, c->line, "%s, %s", wrong, html_where(&c->html));
		if (rest.at[0] == '\n') c->line++;
		c->at++;
	}
	if (c->depth) fail(c, c->blocks[c->depth - 1].line, "this block has no {{end}}");
	if (c->html.state != HTML_TEXT || c->html.inside[0]) fail(c, c->line, "the template ends %s", html_where(&c->html));
	if (!c->name.len) fail(c, 1, "a template begins with {{template name}}");
	flush(c);
	if (c->code.len == 0) fail(c, c->line, "nothing but a head");
}

static void write_file(const char *path, struct buf *b)
{
	FILE *f = fopen(path, "w");
	if (!f || fwrite(b->at, 1, b->len, f) != b->len || fclose(f)) {
		perror(path);
		exit(1);
	}
}

static void write_all(struct compiler *c, const char *header_path, const char *code_path)
{
	const char *slash = strrchr(header_path, '/');
	struct buf h = buf_in(c->arena), b = buf_in(c->arena);
	buf_addf(&h, "/* Made by tools/template from %s. */\n#pragma once\n#include \"base/render.h\"\n", c->path);
	buf_add(&h, buf_str(&c->header));
	buf_addf(&h, "\nstruct tpl_%.*s {\n%.*s};\n\nvoid tpl_%.*s(struct render *out, const struct tpl_%.*s *t);\n", STR_ARG(c->name),
		STR_ARG(c->fields.len ? buf_str(&c->fields) : S("\tchar no_parameters;\n")), STR_ARG(c->name), STR_ARG(c->name));
	buf_addf(
		&b, "/* Made by tools/template from %s. */\n#include \"%s\"\n\n#include \"asset_paths.h\"\n\n", c->path, slash ? slash + 1 : header_path);
	buf_addf(&b, "void tpl_%.*s(struct render *out, const struct tpl_%.*s *t)\n{\n", STR_ARG(c->name), STR_ARG(c->name));
	buf_add(&b, c->locals.len ? buf_str(&c->locals) : S("\t(void)t;\n"));
	buf_add(&b, buf_str(&c->code));
	buf_add(&b, S("}\n"));
	write_file(header_path, &h);
	write_file(code_path, &b);
}

static struct str read_source(struct arena *a, const char *path)
{
	char *bytes = arena_alloc(a, SOURCE_MAX + 1);
	FILE *f = fopen(path, "r");
	size_t len = f ? fread(bytes, 1, SOURCE_MAX + 1, f) : 0;
	if (!f || ferror(f)) {
		perror(path);
		exit(1);
	}
	fclose(f);
	struct str source = { bytes, len };
	if (len > SOURCE_MAX || !str_is_text(source)) {
		fprintf(stderr, "%s:1: %s\n", path, len > SOURCE_MAX ? "longer than SOURCE_MAX" : "no UTF-8");
		exit(1);
	}
	return source;
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: template IN.html OUT.h OUT.c\n");
		return 2;
	}
	struct arena *a = arena_new();
	static struct compiler c;
	c = (struct compiler){ .arena = a, .path = argv[1], .line = 1, .is_blank = true };
	c.header = c.fields = c.locals = c.code = c.literal = buf_in(a);
	html_begin(&c.html);
	struct str source = read_source(a, argv[1]);
	while (source.len && isspace((unsigned char)source.at[source.len - 1])) source.len--;
	c.source = source;
	compile(&c);
	write_all(&c, argv[2], argv[3]);
	arena_free(a);
	return 0;
}
