/* formats/email.c: one address, as mails can carry it, and the key that makes its spellings one. */
#include "formats/email.h"

#include "base/fold.h"
#include "formats/mime_header.h"

/* The last @ that stands outside quotes, or -1. */
static ptrdiff_t at_sign(struct str s)
{
	bool is_quoted = false;
	ptrdiff_t at = -1;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\\' && is_quoted) i++;
		else if (s.at[i] == '"') is_quoted = !is_quoted;
		else if (s.at[i] == '@' && !is_quoted) at = at < 0 ? (ptrdiff_t)i : -2;
		if (at == -2) return -1; /* two of them */
	}
	return is_quoted ? -1 : at;
}

bool email_key(struct arena *a, struct str typed, struct str *key)
{
	struct str s = str_trim(typed), domain;
	ptrdiff_t at = s.len <= EMAIL_MAX && str_is_text(s) && !str_has_control(s) && !str_has(s, ' ') ? at_sign(s) : -1;
	if (at < 1 || !idna_to_ascii(a, str_part(s, (size_t)at + 1, s.len), &domain)) return false;
	struct buf b = buf_in(a);
	buf_add(&b, text_fold_case(a, text_nfc(a, str_part(s, 0, (size_t)at))));
	buf_add_char(&b, '@');
	buf_add(&b, domain);
	*key = buf_str(&b);
	return true;
}

/* A name without a dot reaches nobody outside one's own network. */
static bool has_dot_behind_at(struct str s)
{
	return str_has(str_part(s, (size_t)at_sign(s) + 1, s.len), '.');
}

enum status email_read(struct arena *a, struct str typed, const char *field, struct email *out, struct problem *why)
{
	struct mime_address sent;
	out->shown = str_trim(typed);
	bool is_one = mime_address(a, out->shown, &sent) && email_key(a, out->shown, &out->key);
	if (is_one && (str_ends(sent.text, S("@localhost")) || has_dot_behind_at(sent.text))) return OK;
	problem_add(why, field, MSG_EMAIL_NOT_ONE_ADDRESS);
	return REFUSED;
}

struct str email_masked(struct arena *a, struct str shown)
{
	size_t first = 1;
	while (first < shown.len && ((unsigned char)shown.at[first] & 0xc0) == 0x80) first++;
	ptrdiff_t at = at_sign(shown);
	struct buf b = buf_in(a);
	buf_add(&b, str_part(shown, 0, first));
	buf_add(&b, S("…"));
	if (at >= 0) buf_add(&b, str_part(shown, (size_t)at, shown.len));
	return buf_str(&b);
}
