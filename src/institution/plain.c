/* institution/plain.c: the checks that every form of the house shares. */
#include "institution/plain.h"

#include "formats/mime_header.h"

bool is_plain_line(struct str s, size_t most)
{
	return str_is_text(s) && !str_has_control(s) && str_points(s) <= most;
}

bool is_plain_text(struct str s, size_t most)
{
	if (!str_is_text(s) || str_points(s) > most) return false;
	for (struct str line; str_next(&s, '\n', &line);)
		if (str_has_control(line)) return false;
	return true;
}

bool is_colour(struct str s)
{
	if (s.len != 7 || s.at[0] != '#') return false;
	for (size_t i = 1; i < s.len; i++)
		if (!((s.at[i] >= '0' && s.at[i] <= '9') || (s.at[i] >= 'a' && s.at[i] <= 'f'))) return false;
	return true;
}

bool is_sender(struct str s)
{
	struct arena *a = arena_new();
	struct mime_address ignored;
	bool is_good = mime_address(a, s, &ignored);
	arena_free(a);
	return is_good;
}

bool is_sale_code(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i))) return false;
	}
	return s.len && s.len <= SALE_CODE_MAX;
}

struct str languages_text(struct arena *a, unsigned languages)
{
	struct buf b = buf_in(a);
	for (int l = 0; l < LANGUAGES; l++) {
		if (!(languages & 1u << l)) continue;
		if (b.len) buf_add_char(&b, ',');
		buf_add(&b, str_of(lang_tag((enum language)l)));
	}
	return buf_str(&b);
}
