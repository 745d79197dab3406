/* web/path.c: percent-encoding, and which paths stay here. */
#include "web/path.h"

#define LOCAL_PATH_MAX 2048 /* longer ones are no address that we hand out, and fill headers */

static int hex_value(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that stands at S[I], decoded; LEN is how many characters it takes. -1: a broken escape. */
static int byte_at(struct str s, size_t i, size_t *len)
{
	*len = 1;
	if (s.at[i] != '%') return (unsigned char)s.at[i];
	if (s.len - i < 3) return -1;
	int high = hex_value(s.at[i + 1]), low = hex_value(s.at[i + 2]);
	*len = 3;
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

bool path_is_local(struct str path)
{
	if (path.len == 0 || path.len > LOCAL_PATH_MAX || path.at[0] != '/') return false;
	size_t len;
	for (size_t i = 0; i < path.len; i += len) {
		if (path.at[i] <= ' ' || path.at[i] >= 0x7f || path.at[i] == '\\') return false; /* char is signed: bytes above ASCII are negative */
		int c = byte_at(path, i, &len);
		if (c < ' ' || c == 0x7f) return false;
		if (i == 1 && (c == '/' || c == '\\')) return false; /* browsers read // and /\ as another host */
	}
	return true;
}

bool percent_decode(struct arena *a, struct str s, enum plus plus, struct str *out)
{
	char *at = arena_alloc(a, s.len + 1);
	size_t n = 0, len;
	for (size_t i = 0; i < s.len; i += len) {
		int c = byte_at(s, i, &len);
		if (c < 0) return false;
		if (plus == PLUS_IS_BLANK && s.at[i] == '+') c = ' ';
		at[n++] = (char)c;
	}
	*out = (struct str){ at, n };
	return true;
}

struct str percent_encode(struct arena *a, struct str s)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
		if (is_plain) buf_add_char(&b, (char)c);
		else buf_addf(&b, "%%%02X", c);
	}
	return buf_str(&b);
}
