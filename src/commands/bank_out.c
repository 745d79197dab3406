/* commands/bank_out.c: files by pread, JSON by hand. */
#include "commands/bank_out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files ---- */

static int64_t read_fd(void *user, int64_t offset, void *to, size_t len)
{
	const struct bank_source *s = user;
	size_t done = 0;
	while (done < len) {
		ssize_t n = pread(s->fd, (char *)to + done, len - done, offset + (int64_t)done);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return -1;
		if (n == 0) break;
		done += (size_t)n;
	}
	return (int64_t)done;
}

static int unnamed_file(struct problem *why)
{
	const char *dir = getenv("TMPDIR");
	if (!dir || !*dir) dir = "/tmp";
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) { /* some file systems know no such files */
		char *name = str_c(why->arena, str_format(why->arena, "%s/parterre-XXXXXX", dir));
		fd = name ? mkostemp(name, O_CLOEXEC) : -1;
		if (fd >= 0) unlink(name);
	}
	if (fd < 0) problem_errno(why, dir, errno);
	return fd;
}

/* What comes through a pipe is read twice like all others, so it is copied to a file without a name first. */
static enum status spool(struct bank_source *s, const char *path, struct problem *why)
{
	struct bank_out *to = ARENA_NEW(why->arena, struct bank_out);
	char piece[BANK_PIECE];
	ssize_t n;
	int from = s->fd;
	int64_t size = 0;
	if ((to->fd = unnamed_file(why)) < 0) return UNAVAILABLE;
	while ((n = read(from, piece, sizeof piece)) != 0 && !to->error && size <= BANK_UNPACKED_MAX) {
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) to->error = errno;
		else bank_out_add(to, (struct str){ piece, (size_t)n }), size += n;
	}
	bank_out_flush(to);
	close(from);
	s->fd = to->fd, s->is_spooled = true;
	if (to->error) problem_errno(why, path, to->error);
	else if (size > BANK_UNPACKED_MAX) problem_add(why, path, MSG_BANK_PIPE_TOO_LARGE, arg_int("mib", BANK_UNPACKED_MAX >> 20));
	s->input = (struct bank_input){ s, read_fd, size };
	return problem_any(why) ? UNAVAILABLE : OK;
}

enum status bank_source_open(struct bank_source *s, struct str path, struct problem *why)
{
	struct stat stat;
	char *c = str_c(why->arena, path);
	*s = (struct bank_source){ .fd = c ? open(c, O_RDONLY | O_CLOEXEC) : -1 };
	if (s->fd < 0) return problem_errno(why, c ? c : "?", c ? errno : EINVAL), UNAVAILABLE;
	int error = fstat(s->fd, &stat) ? errno : S_ISDIR(stat.st_mode) ? EISDIR : 0;
	if (error) problem_errno(why, c, error);
	else if (!S_ISREG(stat.st_mode)) error = spool(s, c, why) ? EIO : 0;
	else s->input = (struct bank_input){ s, read_fd, stat.st_size };
	if (!error) return OK;
	close(s->fd);
	return UNAVAILABLE;
}

void bank_source_close(struct bank_source *s)
{
	close(s->fd);
}

/* ---- bytes out ---- */

enum status bank_out_flush(struct bank_out *o)
{
	for (size_t done = 0; done < o->len && !o->error;) {
		ssize_t n = write(o->fd, o->at + done, o->len - done);
		if (n < 0 && errno != EINTR) o->error = errno;
		else if (n > 0) done += (size_t)n;
	}
	o->len = 0;
	return o->error ? UNAVAILABLE : OK;
}

void bank_out_add(struct bank_out *o, struct str s)
{
	while (s.len > sizeof o->at - o->len) {
		size_t part = sizeof o->at - o->len;
		memcpy(o->at + o->len, s.at, part);
		o->len += part;
		s = str_part(s, part, s.len);
		bank_out_flush(o);
	}
	memcpy(o->at + o->len, s.at, s.len);
	o->len += s.len;
}

static void add_escaped(struct bank_out *o, struct str s)
{
	size_t from = 0;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c >= ' ' && c != '"' && c != '\\' && c != 0x7f) continue;
		bank_out_add(o, str_part(s, from, i - from));
		char code[8];
		if (c == '"' || c == '\\') bank_out_add(o, (struct str){ code, (size_t)snprintf(code, sizeof code, "\\%c", c) });
		else bank_out_add(o, (struct str){ code, (size_t)snprintf(code, sizeof code, "\\u%04x", c) });
		from = i + 1;
	}
	bank_out_add(o, str_part(s, from, s.len));
}

void bank_out_text(struct bank_out *o, struct str lead, struct str value)
{
	bank_out_add(o, lead);
	bank_out_add(o, S("\""));
	add_escaped(o, value);
	bank_out_add(o, S("\""));
}

void bank_out_text_or_null(struct bank_out *o, struct str lead, struct str value)
{
	if (value.len) {
		bank_out_text(o, lead, value);
		return;
	}
	bank_out_add(o, lead);
	bank_out_add(o, S("null"));
}

void bank_out_int(struct bank_out *o, struct str lead, int64_t value)
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%lld", (long long)value);
	bank_out_add(o, lead);
	bank_out_add(o, (struct str){ digits, (size_t)len });
}

void bank_out_bool(struct bank_out *o, struct str lead, bool value)
{
	bank_out_add(o, lead);
	bank_out_add(o, value ? S("true") : S("false"));
}

void bank_out_amount(struct bank_out *o, struct str lead, int64_t cents)
{
	char digits[24];
	bank_out_text(o, lead, (struct str){ digits, bank_amount_to(digits, cents) });
}

/* ---- findings ---- */

enum language bank_language(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	enum language language = LANG_EN;
	for (size_t i = 0; i < COUNT(names); i++) {
		const char *value = getenv(names[i]);
		if (!value || !*value) continue;
		struct str tag = str_of(value), piece;
		if (str_next(&tag, '.', &piece)) lang_from_tag(piece, &language); /* "de_CH.UTF-8" */
		break;
	}
	return language;
}

static struct str words_of(struct arena *a, const struct bank_finding *f)
{
	return lang_text(a, bank_language(), f->message, f->args);
}

/* How many were only counted. */
static int64_t untold(const struct bank_findings *findings)
{
	int64_t told = 0;
	for (const struct bank_finding *f = findings->first; f; f = f->next) told++;
	return findings->count - told;
}

void bank_out_findings(struct bank_out *o, struct arena *a, const struct bank_findings *findings)
{
	bank_out_add(o, S("\"findings\":["));
	for (const struct bank_finding *f = findings->first; f; f = f->next) {
		bank_out_text(o, f == findings->first ? S("{\"rule\":") : S(",{\"rule\":"), str_of(f->rule));
		bank_out_text(o, S(",\"field\":"), f->path.len ? f->path : f->element);
		bank_out_text(o, S(",\"severity\":"), f->severity == BANK_ERROR ? S("error") : S("warning"));
		bank_out_text(o, S(",\"message\":"), words_of(a, f));
		if (f->line) bank_out_int(o, S(",\"line\":"), f->line);
		else bank_out_add(o, S(",\"line\":null"));
		bank_out_text_or_null(o, S(",\"element\":"), f->element);
		bank_out_add(o, S("}"));
	}
	bank_out_add(o, S("]"));
	if (untold(findings)) bank_out_int(o, S(",\"more_findings\":"), untold(findings));
}

void bank_tell_findings(struct arena *a, struct str file, const struct bank_findings *findings)
{
	for (const struct bank_finding *f = findings->first; f; f = f->next) {
		fprintf(stderr, "%.*s:", STR_ARG(file));
		if (f->line) fprintf(stderr, "%lld:", (long long)f->line);
		if (f->element.len) fprintf(stderr, " %.*s:", STR_ARG(f->element));
		struct str words = words_of(a, f);
		fprintf(stderr, " %.*s (%s)\n", STR_ARG(words), f->rule);
	}
	if (untold(findings)) fprintf(stderr, "%.*s: and %lld more\n", STR_ARG(file), (long long)untold(findings));
}

struct str bank_shown_path(struct arena *a, struct str path)
{
	struct buf b = buf_in(a);
	if (str_is_text(path)) return path;
	for (size_t i = 0; i < path.len; i++) buf_add_char(&b, (unsigned char)path.at[i] < 0x80 ? path.at[i] : '?');
	return buf_str(&b);
}
