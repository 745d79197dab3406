/* web/body.c: spooling a body, and taking it apart. Knows nothing of what the fields mean: form.c does. */
#include "web/body.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "web/form.h"
#include "web/path.h"

#define BOUNDARY_MAX 70 /* RFC 2046, 5.1.1 */

struct body body_in(struct arena *a)
{
	return (struct body){ .arena = a, .memory = buf_in(a), .fd = -1 };
}

static int unnamed_file(void)
{
	const char *dir = getenv("TMPDIR");
	if (!dir || !*dir) dir = "/tmp";
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0) return fd;
	char name[4096]; /* some file systems know no O_TMPFILE */
	int n = snprintf(name, sizeof name, "%s/parterre-XXXXXX", dir);
	if (n < 0 || (size_t)n >= sizeof name) return -1;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0) unlink(name);
	return fd;
}

static enum status failed(const char *what)
{
	log_error("request body: %s: %s", what, strerrorname_np(errno));
	return UNAVAILABLE;
}

static enum status write_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.at, bytes.len);
		if (n < 0 && errno == EINTR) continue;
		if (n <= 0) return failed("write");
		bytes = str_part(bytes, (size_t)n, bytes.len);
	}
	return OK;
}

enum status body_add(struct body *b, struct str bytes)
{
	enum status st;
	if (b->fd < 0 && b->len + bytes.len <= BODY_MEMORY_MAX) {
		if (b->memory.size == 0) buf_room(&b->memory, BODY_MEMORY_MAX); /* grown in one place only: no copy of a password stays behind */
		buf_add(&b->memory, bytes);
	} else {
		if (b->fd < 0) {
			if ((b->fd = unnamed_file()) < 0) return failed("temporary file");
			if ((st = write_all(b->fd, buf_str(&b->memory)))) return st;
		}
		if ((st = write_all(b->fd, bytes))) return st;
	}
	b->len += bytes.len;
	return OK;
}

enum status body_bytes(struct body *b, struct str *out)
{
	if (b->fd < 0) return *out = buf_str(&b->memory), OK;
	if (!b->map) {
		void *at = mmap(NULL, b->len, PROT_READ, MAP_PRIVATE, b->fd, 0);
		if (at == MAP_FAILED) return failed("map");
		b->map = at;
	}
	*out = (struct str){ b->map, b->len };
	return OK;
}

void body_close(struct body *b)
{
	if (b->memory.at) sodium_memzero(b->memory.at, b->memory.len);
	if (b->map) munmap(b->map, b->len);
	if (b->fd >= 0) close(b->fd);
	*b = (struct body){ .fd = -1 };
}

/* ---- reading ---- */

static struct field *field_new(struct fields *f)
{
	return f->count == FORM_FIELDS_MAX ? NULL : &f->at[f->count++];
}

enum status fields_urlencoded(struct arena *a, struct str bytes, struct fields *out)
{
	*out = (struct fields){ ARENA_ARRAY(a, struct field, FORM_FIELDS_MAX), 0 };
	struct str rest = bytes, pair, name;
	while (str_next(&rest, '&', &pair)) {
		if (pair.len == 0) continue;
		struct field *f = field_new(out);
		if (!f) return UNAVAILABLE;
		if (!str_next(&pair, '=', &name)) return REFUSED;
		if (!percent_decode(a, name, PLUS_IS_BLANK, &f->name)) return REFUSED;
		if (!percent_decode(a, pair.at ? pair : S(""), PLUS_IS_BLANK, &f->value)) return REFUSED;
	}
	return OK;
}

/* Takes one "name=value" or "name=\"value\"" off the front of a header's REST, after a ';'. */
static bool parameter_next(struct str *rest, struct str *name, struct str *value)
{
	struct str s = str_trim(*rest);
	if (!str_starts(s, S(";"))) return false;
	s = str_trim(str_part(s, 1, s.len));
	ptrdiff_t equals = str_find(s, S("="));
	if (equals <= 0) return false;
	*name = str_trim(str_part(s, 0, (size_t)equals));
	s = str_part(s, (size_t)equals + 1, s.len);
	size_t n = 0;
	if (str_starts(s, S("\""))) {
		s = str_part(s, 1, s.len);
		while (n < s.len && s.at[n] != '"') n++; /* browsers write %22 for a quote in a name (HTML, multipart/form-data encoding) */
		if (n == s.len) return false;
		*value = str_part(s, 0, n);
		*rest = str_part(s, n + 1, s.len);
	} else {
		while (n < s.len && s.at[n] != ';') n++;
		*value = str_trim(str_part(s, 0, n));
		*rest = str_part(s, n, s.len);
	}
	return true;
}

static struct str media_type(struct str content_type)
{
	ptrdiff_t end = str_find(content_type, S(";"));
	return str_trim(end < 0 ? content_type : str_part(content_type, 0, (size_t)end));
}

bool media_type_is(struct str content_type, struct str type)
{
	return str_eq_nocase(media_type(content_type), type);
}

bool multipart_boundary(struct str content_type, struct str *boundary)
{
	if (!media_type_is(content_type, S("multipart/form-data"))) return false;
	ptrdiff_t from = str_find(content_type, S(";"));
	if (from < 0) return false;
	struct str rest = str_part(content_type, (size_t)from, content_type.len), name, value;
	while (parameter_next(&rest, &name, &value))
		if (str_eq_nocase(name, S("boundary"))) return *boundary = value, value.len > 0 && value.len <= BOUNDARY_MAX;
	return false;
}

/* The few characters that browsers escape in names: %0D, %0A, %22. */
static struct str unescape_name(struct arena *a, struct str s)
{
	struct buf b = buf_in(a);
	if (str_find(s, S("%")) < 0) return s;
	while (s.len) {
		bool is_quote = str_starts(s, S("%22")), is_cr = str_starts(s, S("%0D")), is_lf = str_starts(s, S("%0A"));
		buf_add_char(&b, is_quote ? '"' : is_cr ? '\r' : is_lf ? '\n' : s.at[0]);
		s = str_part(s, is_quote || is_cr || is_lf ? 3 : 1, s.len);
	}
	return buf_str(&b);
}

/* Reads a part's head. */
static bool part_head(struct arena *a, struct str head, struct field *f)
{
	struct str line, key, rest = head;
	bool has_name = false;
	while (str_next(&rest, '\n', &line)) {
		line = str_trim(line);
		if (!str_next(&line, ':', &key)) return false;
		if (!line.at) continue;
		line = str_trim(line);
		if (str_eq_nocase(key, S("content-type"))) f->type = line;
		if (!str_eq_nocase(key, S("content-disposition"))) continue;
		if (!media_type_is(line, S("form-data")) || has_name) return false;
		ptrdiff_t from = str_find(line, S(";"));
		struct str parameters = from < 0 ? S("") : str_part(line, (size_t)from, line.len), name, value;
		while (parameter_next(&parameters, &name, &value)) {
			if (str_eq_nocase(name, S("name"))) f->name = unescape_name(a, value), has_name = true;
			if (str_eq_nocase(name, S("filename"))) f->filename = unescape_name(a, value), f->is_file = true;
		}
	}
	return has_name;
}

enum status fields_multipart(struct arena *a, struct str bytes, struct str boundary, struct fields *out)
{
	*out = (struct fields){ ARENA_ARRAY(a, struct field, FORM_FIELDS_MAX), 0 };
	struct str mark = str_format(a, "\r\n--%.*s", STR_ARG(boundary));
	struct str first = str_part(mark, 2, mark.len);
	if (!str_starts(bytes, first)) return REFUSED; /* browsers send no preamble */
	struct str rest = str_part(bytes, first.len, bytes.len);
	while (!str_starts(rest, S("--"))) {
		if (!str_starts(rest, S("\r\n"))) return REFUSED;
		rest = str_part(rest, 2, rest.len);
		ptrdiff_t head = str_find(rest, S("\r\n\r\n")), end = str_find(rest, mark);
		if (head < 0 || end < head + 2) return REFUSED;
		struct field *f = field_new(out);
		if (!f) return UNAVAILABLE;
		if (!part_head(a, str_part(rest, 0, (size_t)head), f)) return REFUSED;
		size_t from = (size_t)head + 4;
		f->value = (size_t)end > from ? str_part(rest, from, (size_t)end - from) : S("");
		rest = str_part(rest, (size_t)end + mark.len, rest.len);
	}
	return OK;
}
