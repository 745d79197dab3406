/* formats/mime_header.c: addresses, encoded words, dates. */
#include "formats/mime_header.h"

#include <string.h>
#include <time.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/clock.h"
#include "base/fold.h"
#include "base/status.h"

#define LOCAL_PART_MAX	 64	  /* RFC 5321, 4.5.3.1.1 */
#define DOMAIN_TYPED_MAX 1024 /* Unicode letters take up to four bytes; the ASCII form is bounded by MIME_ADDRESS_MAX */
#define TEXT_POINTS_MAX	 256  /* of a name or subject; what is longer is cut: no mail is lost for it, and no reader sees so much */
#define PLAIN_MAX		 60	  /* a plain value fits on the line of the longest header name here, 78 characters */
#define WORD_BYTES		 39	  /* in an encoded word: 64 characters, which with "Reply-To: " fit the 76 of RFC 2047, 2 */

/* RFC 5322 atext. */
static bool is_atext(UChar32 c)
{
	if (c >= 0x80) return u_isgraph(c); /* RFC 6531; no blank, no control, no formatting character of any script */
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c && strchr("!#$%&'*+-/=?^_`{|}~", (int)c));
}

/* The next code point of valid UTF-8, and past it. */
static UChar32 point(struct str s, size_t *at)
{
	UChar32 c;
	int32_t i = 0;
	const char *from = s.at + *at;
	U8_NEXT(from, i, (int32_t)(s.len - *at), c);
	*at += (size_t)i;
	return c;
}

/* Where the local part of TYPED ends: at its @, which a quoted one may hold, too. 0 when there is no right local part. */
static size_t local_part(struct str typed, bool *is_ascii)
{
	bool is_quoted = str_starts(typed, S("\"")), was_dot = true;
	*is_ascii = true;
	for (size_t at = is_quoted, before = at; at < typed.len; before = at) {
		UChar32 c = point(typed, &at);
		if (c >= 0x80) *is_ascii = false;
		if (is_quoted && c == '\\') {
			if (at == typed.len) return 0;
			c = point(typed, &at);
			if (c <= ' ' || c >= 0x7f) return 0;
		} else if (is_quoted && c == '"') {
			return before > 1 && at < typed.len && typed.at[at] == '@' ? at : 0;
		} else if (is_quoted) {
			if (c <= ' ' || c == 0x7f || (c >= 0x80 && !u_isgraph(c))) return 0;
		} else if (c == '@') {
			return was_dot ? 0 : before;
		} else if (c == '.') {
			if (was_dot) return 0;
			was_dot = true;
		} else {
			if (!is_atext(c)) return 0;
			was_dot = false;
		}
	}
	return 0;
}

/* The domain in ASCII; false when it is none, or an address in numbers. */
static bool domain_ascii(struct arena *a, struct str typed, struct str *out)
{
	struct str label = S(""), rest;
	if (!idna_to_ascii(a, typed, out)) return false;
	rest = *out;
	while (str_next(&rest, '.', &label))
		if (label.len == 0) return false;
	for (size_t i = 0; i < label.len; i++)
		if (label.at[i] < '0' || label.at[i] > '9') return true;
	return false; /* the last label is empty or a number */
}

bool mime_address(struct arena *a, struct str typed, struct mime_address *out)
{
	bool is_ascii;
	struct str domain;
	*out = (struct mime_address){ 0 };
	if (typed.len > LOCAL_PART_MAX + 1 + DOMAIN_TYPED_MAX || !str_is_text(typed)) return false;
	size_t local = local_part(typed, &is_ascii);
	if (local == 0 || local > LOCAL_PART_MAX) return false;
	if (!domain_ascii(a, str_part(typed, local + 1, typed.len), &domain)) return false;
	if (local + 1 + domain.len > MIME_ADDRESS_MAX) return false;
	out->text = str_format(a, "%.*s@%.*s", (int)local, typed.at, STR_ARG(domain));
	out->is_smtputf8 = !is_ascii;
	return true;
}

/* What turns the reading direction: a name could write itself over the address that follows it. */
static bool turns_direction(UChar32 c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* VALUE on one line: controls and line separators are blanks, direction marks are gone, the end is cut where it is too long. */
static struct str one_line(struct arena *a, struct str value)
{
	struct buf b = buf_in(a);
	for (size_t at = 0, points = 0; at < value.len && points < TEXT_POINTS_MAX; points++) {
		size_t from = at;
		UChar32 c = point(value, &at);
		if (c < 0) buf_add(&b, S("\xef\xbf\xbd")); /* the replacement character: callers check, yet nothing broken may leave here */
		else if (c < ' ' || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029) buf_add_char(&b, ' ');
		else if (!turns_direction(c)) buf_add(&b, str_part(value, from, at - from));
	}
	return str_trim(buf_str(&b));
}

/* Whether LINE can stand in a header as it is: printable ASCII, short, and no reader takes a part of it for an encoded word. */
static bool is_plain(struct str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] < ' ' || line.at[i] > '~') return false;
	return line.len <= PLAIN_MAX && str_find(line, S("=?")) < 0;
}

static void add_base64(struct buf *b, struct str bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < bytes.len; i += 3) {
		uint32_t v = 0;
		for (size_t j = 0; j < 3; j++) v = v << 8 | (i + j < bytes.len ? (uint8_t)bytes.at[i + j] : 0);
		for (size_t j = 0; j < 4; j++) buf_add_char(b, i + j > bytes.len ? '=' : digits[v >> (18 - 6 * j) & 63]);
	}
}

/* How much of LINE from FROM on goes into one encoded word: whole characters, and where it can be a multiple of three bytes. A word that ends in
 * padding with another behind it is right by RFC 2047, yet GMime's readers lose what follows. */
static size_t word_end(struct str line, size_t from)
{
	size_t end = from, unpadded = from;
	for (size_t next = from; next < line.len;) {
		point(line, &next);
		if (next - from > WORD_BYTES) return unpadded > from ? unpadded : end;
		end = next;
		if ((end - from) % 3 == 0) unpadded = end;
	}
	return end;
}

/* LINE as encoded words, a line each, none cutting a character in two (RFC 2047, 5). */
static void add_encoded(struct buf *b, struct str line)
{
	for (size_t from = 0, end; from < line.len; from = end) {
		end = word_end(line, from);
		if (from) buf_add(b, S("\r\n "));
		buf_add(b, S("=?utf-8?B?"));
		add_base64(b, str_part(line, from, end - from));
		buf_add(b, S("?="));
	}
}

static void add_quoted(struct buf *b, struct str line)
{
	buf_add_char(b, '"');
	for (size_t i = 0; i < line.len; i++) {
		if (line.at[i] == '"' || line.at[i] == '\\') buf_add_char(b, '\\');
		buf_add_char(b, line.at[i]);
	}
	buf_add_char(b, '"');
}

static void add_name(struct buf *b, const char *name)
{
	for (const char *c = name; *c; c++)
		if (!is_atext((unsigned char)*c)) BUG("\"%s\" is no header's name", name);
	buf_addf(b, "%s: ", name);
}

void mime_header_text(struct buf *b, const char *name, struct str value)
{
	struct str line = one_line(b->arena, value);
	if (line.len == 0) return;
	add_name(b, name);
	if (is_plain(line)) buf_add(b, line);
	else add_encoded(b, line);
	buf_add(b, S("\r\n"));
}

void mime_header_person(struct buf *b, const char *name, struct str person, struct mime_address address)
{
	struct str line = one_line(b->arena, person);
	add_name(b, name);
	if (line.len == 0) {
		buf_addf(b, "%.*s\r\n", STR_ARG(address.text));
		return;
	}
	if (is_plain(line)) add_quoted(b, line);
	else add_encoded(b, line);
	buf_addf(b, "\r\n <%.*s>\r\n", STR_ARG(address.text));
}

void mime_header_date(struct buf *b, const char *name, int64_t utc)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct tm t;
	time_t seconds = (time_t)(utc / SECOND);
	if (!gmtime_r(&seconds, &t)) BUG("no year for %lld", (long long)utc);
	add_name(b, name);
	buf_addf(
		b, "%s, %02d %s %d %02d:%02d:%02d +0000\r\n", days[t.tm_wday], t.tm_mday, months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}
