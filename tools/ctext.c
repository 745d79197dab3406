/* tools/ctext.c: just enough of C's lexical grammar to find where an expression ends. */
#include "tools/ctext.h"

#include <ctype.h>
#include <string.h>

#define LITERAL_MAX 1000 /* bytes a string literal: compilers need to take 4095 characters, and a byte may be written as four */

bool c_is_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

bool c_is_word(struct str s)
{
	if (s.len == 0 || isdigit((unsigned char)s.at[0])) return false;
	for (size_t i = 0; i < s.len; i++)
		if (!c_is_word_byte(s.at[i])) return false;
	return true;
}

struct str c_next_word(struct str *rest)
{
	*rest = str_trim(*rest);
	size_t len = 0;
	while (len < rest->len && !isspace((unsigned char)rest->at[len])) len++;
	struct str word = str_part(*rest, 0, len);
	*rest = str_trim(str_part(*rest, len, rest->len));
	return word;
}

/* Past a string or character literal of C that begins at I. */
static size_t skip_quoted(struct str s, size_t i)
{
	char quote = s.at[i++];
	while (i < s.len && s.at[i] != quote) i += s.at[i] == '\\' ? 2 : 1;
	return i < s.len ? i + 1 : s.len;
}

size_t c_find(struct str s, size_t from, struct str part)
{
	int depth = 0;
	for (size_t i = from; i < s.len;) {
		if (s.at[i] == '"' || s.at[i] == '\'') {
			i = skip_quoted(s, i);
			continue;
		}
		if (depth == 0 && str_starts(str_part(s, i, s.len), part)) return i;
		if (strchr("([{", s.at[i])) depth++;
		if (strchr(")]}", s.at[i])) depth--;
		i++;
	}
	return s.len;
}

void c_add_constant(struct buf *to, struct str type, struct str name)
{
	if (str_ends(type, S("*"))) buf_addf(to, "%.*sconst %.*s", STR_ARG(type), STR_ARG(name));
	else buf_addf(to, "%s%.*s %.*s", str_starts(type, S("const ")) ? "" : "const ", STR_ARG(type), STR_ARG(name));
}

void c_add_message(struct buf *to, struct str id)
{
	buf_add(to, S("MSG_"));
	for (size_t i = 0; i < id.len; i++) buf_add_char(to, c_is_word_byte(id.at[i]) ? (char)toupper((unsigned char)id.at[i]) : '_');
}

void c_add_literal(struct buf *to, struct str s)
{
	while (s.len) {
		struct str piece = str_part(s, 0, LITERAL_MAX);
		buf_add(to, S("\trender_literal(out, \""));
		for (size_t i = 0; i < piece.len; i++) {
			unsigned char b = (unsigned char)piece.at[i];
			if (b == '\n') buf_add(to, S("\\n"));
			else if (b == '"' || b == '\\' || b == '?') buf_addf(to, "\\%c", b); /* ?: no trigraphs */
			else if (b < 0x20 || b >= 0x7f) buf_addf(to, "\\%03o", b);
			else buf_add_char(to, (char)b);
		}
		buf_addf(to, "\", %zu);\n", piece.len);
		s = str_part(s, piece.len, s.len);
	}
}
