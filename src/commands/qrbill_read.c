/* commands/qrbill_read.c: `parterre qrbill read FILE…`: payload texts, pictures, and PDF files, whose pages pdftoppm draws in a process of its own. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/qrbill.h"
#include "formats/qrbill_scan.h"

#define TEXT_MAX  (64u << 10) /* bytes of a payload; the symbol holds 997 */
#define PAGES_MAX 200		  /* of a PDF; a scanned pile of slips */

/* What drawing a page may cost: PDF files are programs that strangers wrote. */
#define DRAWING_SECONDS_MAX 120
#define DRAWING_MEMORY_MAX	(1024u << 20)
#define DRAWING_DPI			"300"

#define PNG_HEAD S("\x89PNG\r\n\x1a\n")
#define PDF_HEAD S("%PDF-")
#define HEAD_MAX 1024 /* where a PDF's head may begin, at the latest */

struct reading {
	struct arena *arena; /* of one picture */
	struct str file;
	enum qrbill_strictness how;
	enum language language;
	size_t told; /* lines of this file: its codes, or why there are none */
	bool any_error;
};

static void print(struct reading *r, const struct qrbill_findings *f, const struct qrbill *bill)
{
	json_t *line = json_object();
	bool is_valid = qrbill_is_valid(f);
	json_object_set_new(line, "file", json_text(r->arena, r->file));
	json_object_set_new(line, "valid", json_boolean(is_valid));
	json_object_set_new(line, "findings", json_findings(r->arena, r->language, f));
	json_object_set_new(line, "bill", bill ? json_bill(r->arena, bill, WITHOUT_LANGUAGE) : json_null());
	json_line(stdout, line);
	r->any_error |= !is_valid;
	r->told++;
}

static const struct arg no_arg = { .kind = ARG_END };

/* What keeps a file from being read at all. */
static void print_none(struct reading *r, enum message message, struct arg arg)
{
	struct qrbill_findings f = qrbill_findings_in(r->arena);
	qrbill_find(&f, QRBILL_RULE_NONE, QRBILL_ERROR, 0, "", message, arg);
	print(r, &f, NULL);
}

/* In words of ours: the system's are English whatever the user's language. */
static void print_errno(struct reading *r)
{
	static const struct {
		int error;
		enum message message;
	} known[] = { { ENOENT, MSG_QRBILL_FILE_MISSING }, { ENOTDIR, MSG_QRBILL_FILE_MISSING }, { EACCES, MSG_QRBILL_FILE_FORBIDDEN },
		{ EPERM, MSG_QRBILL_FILE_FORBIDDEN }, { EISDIR, MSG_QRBILL_FILE_FOLDER } };
	const int error = errno;
	enum message message = MSG_QRBILL_UNREADABLE;
	for (size_t i = 0; i < COUNT(known); i++)
		if (known[i].error == error) message = known[i].message;
	print_none(r, message, arg_int("code", error));
}

static void read_payload(struct reading *r, struct str payload)
{
	struct qrbill bill = { .language = QRBILL_EN };
	struct qrbill_findings f = qrbill_findings_in(r->arena);
	qrbill_read(payload, r->how, &bill, &f);
	print(r, &f, f.count && f.at[0].rule == QRBILL_RULE_NONE ? NULL : &bill);
}

static void print_problem(struct reading *r, const struct problem *why)
{
	struct qrbill_findings f = qrbill_findings_in(r->arena);
	for (const struct finding *x = why->first; x; x = x->next) qrbill_find_args(&f, QRBILL_RULE_NONE, QRBILL_ERROR, 0, "", x->message, x->args);
	print(r, &f, NULL);
}

/* A picture's codes. */
static void read_picture(struct reading *r, struct str png)
{
	struct problem why = problem_in(r->arena);
	struct str *codes;
	size_t count = 0;
	if (qrbill_scan_png(r->arena, png, &codes, &count, &why)) print_problem(r, &why);
	for (size_t i = 0; i < count; i++) read_payload(r, codes[i]);
}

/* ---- PDF ---- */

/* In the child: only standard streams, and bounds on what it may use. */
static void draw(int pdf, int pictures)
{
	struct rlimit seconds = { DRAWING_SECONDS_MAX, DRAWING_SECONDS_MAX }, memory = { DRAWING_MEMORY_MAX, DRAWING_MEMORY_MAX };
	char pages[16];
	snprintf(pages, sizeof pages, "%d", PAGES_MAX + 1);
	int nothing = open("/dev/null", O_WRONLY);
	if (dup2(pdf, STDIN_FILENO) < 0 || dup2(pictures, STDOUT_FILENO) < 0 || dup2(nothing, STDERR_FILENO) < 0) _exit(126);
	if (setrlimit(RLIMIT_CPU, &seconds) || setrlimit(RLIMIT_AS, &memory)) _exit(126);
	execlp("pdftoppm", "pdftoppm", "-png", "-gray", "-r", DRAWING_DPI, "-l", pages, "-", (char *)NULL);
	_exit(errno == ENOENT ? 127 : 126);
}

static bool read_whole(FILE *in, char *at, size_t len)
{
	return fread(at, 1, len, in) == len;
}

/* The next of the pictures that come one after the other: whole chunks up to IEND. False at the end, or where it is no picture or a huge one. */
static bool next_picture(struct arena *a, FILE *in, struct str *png)
{
	struct buf b = buf_in(a);
	char *at = buf_room(&b, PNG_HEAD.len);
	if (!read_whole(in, at, PNG_HEAD.len) || !str_eq((struct str){ at, PNG_HEAD.len }, PNG_HEAD)) return false;
	buf_added(&b, PNG_HEAD.len);
	for (bool is_last = false; !is_last;) {
		unsigned char head[8]; /* the chunk's length and name */
		if (!read_whole(in, (char *)head, sizeof head)) return false;
		size_t len = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
		if (len > SCAN_PNG_MAX || b.len + len > SCAN_PNG_MAX) return false;
		is_last = memcmp(head + 4, "IEND", 4) == 0;
		buf_add(&b, (struct str){ (const char *)head, sizeof head });
		if (!read_whole(in, buf_room(&b, len + 4), len + 4)) return false;
		buf_added(&b, len + 4);
	}
	*png = buf_str(&b);
	return true;
}

/* PDF is open at its start. */
static void read_pdf(struct reading *r, int pdf)
{
	int ends[2], wait_status = 0;
	if (pipe2(ends, O_CLOEXEC)) {
		print_errno(r);
		return;
	}
	pid_t child = fork();
	if (child == 0) draw(pdf, ends[1]);
	if (child < 0) print_errno(r);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return;
	}
	FILE *pictures = fdopen(ends[0], "re");
	if (!pictures) BUG("fdopen: %s", strerror(errno));
	struct str png;
	size_t pages = 0;
	while (pages <= PAGES_MAX && next_picture(r->arena, pictures, &png)) {
		if (pages++ < PAGES_MAX) read_picture(r, png);
		arena_reset(r->arena);
	}
	fclose(pictures);
	while (waitpid(child, &wait_status, 0) < 0 && errno == EINTR) {
	}
	int said = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1;
	if (pages > PAGES_MAX) print_none(r, MSG_QRBILL_PAGES_MANY, arg_int("max", PAGES_MAX));
	else if (said == 127) print_none(r, MSG_QRBILL_PDFTOPPM, no_arg);
	else if (said != 0 || pages == 0) print_none(r, MSG_QRBILL_PDF_BROKEN, no_arg);
}

/* ---- files ---- */

/* All of IN, of which BEGIN was read, in the reading's arena; false when it is larger than MAX or can't be read. */
static bool slurp(struct reading *r, struct str begin, FILE *in, size_t max, struct str *out)
{
	struct buf b = buf_in(r->arena);
	size_t n;
	buf_add(&b, begin);
	while (b.len <= max && (n = fread(buf_room(&b, 1u << 16), 1, 1u << 16, in)) > 0) buf_added(&b, n);
	*out = buf_str(&b);
	if (ferror(in)) print_errno(r);
	else if (b.len > max) print_none(r, MSG_QRBILL_FILE_LARGE, arg_int("max", (int64_t)max));
	return !ferror(in) && b.len <= max;
}

static void read_open(struct reading *r, FILE *in)
{
	char head[HEAD_MAX];
	struct str begin = { head, fread(head, 1, sizeof head, in) }, bytes;
	if (str_find(begin, PDF_HEAD) >= 0) {
		if (lseek(fileno(in), 0, SEEK_SET) == 0) read_pdf(r, fileno(in)); /* the child reads from the descriptor */
		else print_errno(r);
	} else if (str_starts(begin, PNG_HEAD)) {
		if (slurp(r, begin, in, SCAN_PNG_MAX, &bytes)) read_picture(r, bytes);
	} else if (slurp(r, begin, in, TEXT_MAX, &bytes)) {
		read_payload(r, bytes);
	}
	if (r->told == 0) print_none(r, MSG_QRBILL_NO_CODE, no_arg);
}

static void read_file(struct reading *r, struct str path)
{
	char *c_path = str_c(r->arena, path);
	FILE *in = c_path ? fopen(c_path, "re") : NULL;
	r->file = path;
	r->told = 0;
	if (!in) {
		print_errno(r);
		return;
	}
	read_open(r, in);
	fclose(in);
}

enum exit_status command_qrbill_read(struct arena *a, const struct config *c)
{
	(void)a;
	struct reading r = { .arena = arena_new(), .how = config_flag(c, "strict") ? QRBILL_STRICT : QRBILL_LENIENT, .language = user_language() };
	for (size_t i = 0; i < c->argument_count; i++) {
		read_file(&r, c->arguments[i]);
		arena_reset(r.arena);
	}
	arena_free(r.arena);
	return r.any_error ? EXIT_FAILED : EXIT_DONE;
}
