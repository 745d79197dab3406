/* formats/qrbill_lines.c: widths are summed in the font's own units, so that no rounding adds up along a line. */
#include "formats/qrbill_lines.h"

static const struct str more = { STR("...") }; /* IG 3.5.4 writes it with three full stops */

static bool fits(const struct setting *s, int64_t units)
{
	return units * s->size * 100 <= (int64_t)s->width * FONT_EM;
}

int text_width(const struct setting *s, struct str text)
{
	return (int)((font_width(s->weight, text) * s->size * 100 + FONT_EM - 1) / FONT_EM);
}

void lines_add(struct arena *a, struct lines *lines, struct str line)
{
	if (lines->count == lines->size) {
		size_t size = lines->size ? lines->size * 2 : 4;
		lines->at = arena_grow(a, lines->at, lines->size * sizeof *lines->at, size * sizeof *lines->at);
		lines->size = size;
	}
	lines->at[lines->count++] = line;
}

/* How many bytes of TEXT go on a line: up to the last blank that leaves what is before it narrow enough, else as many characters as fit, at least one. */
static size_t line_length(const struct setting *s, struct str text)
{
	int64_t units = 0;
	size_t at_blank = 0, at_character = 0;
	struct str rest = text;
	while (rest.len) {
		size_t here = text.len - rest.len;
		if (rest.at[0] == ' ') at_blank = here;
		units += fonts[s->weight].widths[font_next(&rest)];
		if (!fits(s, units)) {
			if (text.at[here] == ' ') return here;
			return at_blank ? at_blank : at_character ? at_character : text.len - rest.len;
		}
		at_character = text.len - rest.len;
	}
	return text.len;
}

static struct str without_blanks_before(struct str text)
{
	while (text.len && text.at[0] == ' ') text = str_part(text, 1, text.len);
	return text;
}

static struct str without_blanks_after(struct str text)
{
	while (text.len && text.at[text.len - 1] == ' ') text.len--;
	return text;
}

void lines_wrap(struct arena *a, struct lines *lines, const struct setting *s, struct str text)
{
	for (text = without_blanks_before(text); text.len; text = without_blanks_before(text)) {
		size_t len = line_length(s, text);
		lines_add(a, lines, without_blanks_after(str_part(text, 0, len)));
		text = str_part(text, len, text.len);
	}
}

/* The longest beginning of LINE that leaves room for "...", with it. */
static struct str with_more(struct arena *a, const struct setting *s, struct str line)
{
	int64_t units = font_width(s->weight, more);
	struct str rest = line;
	size_t len = 0;
	while (rest.len) {
		units += fonts[s->weight].widths[font_next(&rest)];
		if (!fits(s, units)) break;
		len = line.len - rest.len;
	}
	struct buf b = buf_in(a);
	buf_add(&b, without_blanks_after(str_part(line, 0, len)));
	buf_add(&b, more);
	return buf_str(&b);
}

void lines_cut(struct arena *a, struct lines *lines, const struct setting *s, size_t most)
{
	if (lines->count <= most) return;
	lines->count = most;
	lines->at[most - 1] = with_more(a, s, lines->at[most - 1]);
}

struct str text_cut(struct arena *a, const struct setting *s, struct str text)
{
	return fits(s, font_width(s->weight, text)) ? text : with_more(a, s, text);
}
