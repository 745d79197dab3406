/* accounts/email.c: one address, read strictly enough that nothing else fits into it. */
#include "accounts/email.h"

#include "base/fold.h"

#define LOCAL_MAX 64 /* octets; RFC 5321, 4.5.3.1.1 */

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

/* RFC 5321's Local-part without folding white space; other scripts as in RFC 6531. */
static bool is_local_part(struct str s)
{
	if (s.len == 0 || s.len > LOCAL_MAX) return false;
	bool is_quoted = s.len > 2 && s.at[0] == '"' && s.at[s.len - 1] == '"';
	if (is_quoted) s = str_part(s, 1, s.len - 2);
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == ' ' || s.at[i] == '"') return false;
		if (!is_quoted && str_has(S("(),:;<>@[\\]"), s.at[i])) return false;
	}
	if (is_quoted) return true;
	return s.at[0] != '.' && s.at[s.len - 1] != '.' && str_find(s, S("..")) < 0;
}

static bool is_domain(struct str ascii)
{
	if (ascii.len == 0 || ascii.len > 253 || ascii.at[0] == '.' || ascii.at[ascii.len - 1] == '.') return false;
	for (size_t i = 0; i < ascii.len; i++) {
		char c = ascii.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.')) return false;
	}
	return str_find(ascii, S("..")) < 0 && (str_has(ascii, '.') || str_eq(ascii, S("localhost")));
}

enum status email_read(struct arena *a, struct str typed, const char *field, struct email *out, struct problem *why)
{
	struct str s = str_trim(typed), domain;
	ptrdiff_t at = s.len <= EMAIL_MAX && str_is_text(s) && !str_has_control(s) ? at_sign(s) : -1;
	if (at < 0) goto refused;
	struct str local = str_part(s, 0, (size_t)at);
	if (!is_local_part(local)) goto refused;
	if (!idna_to_ascii(a, str_part(s, (size_t)at + 1, s.len), &domain) || !is_domain(domain)) goto refused;
	struct buf key = buf_in(a);
	buf_add(&key, text_fold_case(a, text_nfc(a, local)));
	buf_add_char(&key, '@');
	buf_add(&key, domain);
	*out = (struct email){ .shown = s, .key = buf_str(&key) };
	return OK;
refused:
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
