/* commands/qrbill_render.c: `parterre qrbill render`: bills as slips, in a file of all or a file each. Nothing is written when one of them is not right:
 * files get their names when all are done. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/qrbill.h"
#include "formats/pdf.h"
#include "formats/qrbill_slip.h"

enum format { FORMAT_PDF, FORMAT_SVG, FORMAT_PNG };
static const char *const format_names[] = { "pdf", "svg", "png", NULL };
static const char *const size_names[] = { [SLIP_ALONE] = "slip", [SLIP_A4] = "a4", [SLIP_PAYMENT_PART] = "payment-part", [SLIP_CODE] = "code", NULL };
static const char *const separation_names[] = {
	[SLIP_SCISSORS] = "scissors", [SLIP_WORDS] = "words", [SLIP_LINES] = "lines", [SLIP_NO_LINES] = "none", NULL
};

/* Where slips go. What is no ordinary file (a pipe, a device) can't be renamed into its place: it gets everything at the end, as standard output does. */
enum target { TO_STREAM, TO_FILE, TO_FOLDER };

struct rendering {
	struct arena *arena;
	struct problem why;
	enum format format;
	enum slip_size size;
	enum slip_separation separation;
	unsigned dpi;
	enum target target;
	const char *out;   /* NULL: standard output */
	FILE *file;		   /* being written */
	struct pdf *pdf;   /* all in one */
	size_t file_count; /* in the folder, still under their temporary names */
};

/* ---- options ---- */

static bool choose(struct rendering *r, const struct config *c, const char *option, const char *const *names, unsigned *out)
{
	struct str given = config_text(c, option);
	struct buf list = buf_in(r->arena);
	for (*out = 0; names[*out]; ++*out) {
		if (str_eq(given, str_of(names[*out]))) return true;
		if (*out) buf_add(&list, S(", "));
		buf_add(&list, str_of(names[*out]));
	}
	problem_add(&r->why, option, MSG_RENDER_CHOICE, arg_text("given", given), arg_text("choices", buf_str(&list)));
	return false;
}

static enum target target_of(const char *path)
{
	struct stat st;
	size_t len = path ? strlen(path) : 0;
	if (!path) return TO_STREAM;
	if (len && path[len - 1] == '/') return TO_FOLDER; /* if it is none, the first file says so */
	if (stat(path, &st)) return TO_FILE;
	if (!S_ISDIR(st.st_mode)) return S_ISREG(st.st_mode) ? TO_FILE : TO_STREAM;
	return TO_FOLDER;
}

static bool read_options(struct rendering *r, const struct config *c)
{
	unsigned format = 0, size = 0, separation = 0;
	bool is_good = choose(r, c, "format", format_names, &format);
	is_good &= choose(r, c, "size", size_names, &size);
	is_good &= choose(r, c, "separation", separation_names, &separation);
	int64_t dpi;
	if (!str_int64(config_text(c, "dpi"), &dpi) || dpi < SLIP_DPI_MIN || dpi > SLIP_DPI_MAX) {
		problem_add(&r->why, "dpi", MSG_RENDER_DPI, arg_int("min", SLIP_DPI_MIN), arg_int("max", SLIP_DPI_MAX));
		is_good = false;
	}
	r->format = (enum format)format;
	r->size = (enum slip_size)size;
	r->separation = (enum slip_separation)separation;
	r->dpi = (unsigned)dpi;
	if (config_given(c, "out")) r->out = str_c(r->arena, config_text(c, "out"));
	r->target = target_of(r->out);
	return is_good;
}

/* ---- files ---- */

/* Names sort as the bills came: bill-000001.pdf. */
static const char *name_in_folder(const struct rendering *r, size_t number, const char *end)
{
	return str_format(r->arena, "%s/bill-%06zu.%s%s%c", r->out, number, format_names[r->format], end, 0).at;
}

static const char *partial(const struct rendering *r)
{
	return str_format(r->arena, "%s.part%c", r->out, 0).at;
}

static bool fault(struct rendering *r, const char *path)
{
	problem_errno(&r->why, path, errno);
	return false;
}

static bool begin_file(struct rendering *r)
{
	const char *path = r->target == TO_STREAM ? "tmpfile" : r->target == TO_FOLDER ? name_in_folder(r, ++r->file_count, ".part") : partial(r);
	r->file = r->target == TO_STREAM ? tmpfile() : fopen(path, "we");
	return r->file || fault(r, path);
}

static bool put(struct rendering *r, struct str bytes)
{
	return fwrite(bytes.at, 1, bytes.len, r->file) == bytes.len || fault(r, r->out ? r->out : "tmpfile");
}

static bool end_file(struct rendering *r)
{
	FILE *f = r->file;
	r->file = NULL;
	return fclose(f) == 0 || fault(r, r->out);
}

static bool copy_out(struct rendering *r)
{
	char piece[65536];
	size_t len;
	bool is_good = true;
	const char *name = r->out ? r->out : "standard output";
	FILE *to = r->out ? fopen(r->out, "we") : stdout;
	if (!to) return fault(r, name);
	rewind(r->file);
	while (is_good && (len = fread(piece, 1, sizeof piece, r->file)) > 0) is_good = fwrite(piece, 1, len, to) == len;
	is_good = is_good && !ferror(r->file) && fflush(to) == 0;
	if (!is_good) fault(r, name);
	if (r->out) fclose(to);
	return is_good;
}

/* Gives everything its name. */
static bool finish(struct rendering *r)
{
	if (r->pdf) {
		pdf_finish(r->pdf);
		if (!put(r, pdf_take(r->pdf))) return false;
	}
	if (r->target == TO_STREAM) return copy_out(r);
	if (r->target == TO_FILE) return end_file(r) && (rename(partial(r), r->out) == 0 || fault(r, r->out));
	for (size_t i = 1; i <= r->file_count; i++)
		if (rename(name_in_folder(r, i, ".part"), name_in_folder(r, i, ""))) return fault(r, name_in_folder(r, i, ""));
	return true;
}

static void undo(struct rendering *r)
{
	if (r->target == TO_FILE) unlink(partial(r));
	for (size_t i = 1; i <= r->file_count; i++) unlink(name_in_folder(r, i, ".part"));
}

/* ---- bills ---- */

static bool draw(struct rendering *r, struct arena *a, const struct slip *s)
{
	bool is_own = r->format != FORMAT_PDF || r->target == TO_FOLDER;
	if (is_own && !begin_file(r)) return false;
	if (r->format == FORMAT_SVG) return put(r, slip_svg(a, s));
	if (r->format == FORMAT_PNG) return put(r, slip_png(a, s, r->dpi));
	struct pdf *pdf = is_own ? pdf_new(a) : r->pdf;
	slip_pdf(pdf, s);
	if (is_own) pdf_finish(pdf);
	return put(r, pdf_take(pdf));
}

/* Draws each bill as long as all are right, and goes on checking them when one is not. Gives how many were not. */
static size_t draw_all(struct rendering *r, struct bills *b)
{
	size_t wrong = 0;
	while (bills_next(b)) {
		struct slip s;
		bills_complain(b);
		wrong += !qrbill_is_valid(&b->findings);
		if (wrong || problem_any(&r->why)) continue;
		if (b->number > 1 && r->format != FORMAT_PDF && r->target != TO_FOLDER) {
			problem_add(&r->why, "out", MSG_RENDER_FOLDER);
			continue;
		}
		if (b->number == 1 && r->format == FORMAT_PDF && r->target != TO_FOLDER) {
			r->pdf = pdf_new(r->arena);
			if (!begin_file(r)) continue;
		}
		if (slip_lay_out(b->arena, &b->bill, r->size, r->separation, &s)) BUG("bill %zu is valid and has no symbol", b->number);
		if (draw(r, b->arena, &s) && r->target == TO_FOLDER) end_file(r);
	}
	return wrong;
}

enum exit_status command_qrbill_render(struct arena *a, const struct config *c)
{
	struct rendering r = { .arena = a, .why = problem_in(a) };
	if (!read_options(&r, c)) return failed_in(user_language(), &r.why), EXIT_USAGE;
	struct bills b = bills_open(a, stdin);
	size_t wrong = draw_all(&r, &b);
	if (!b.number) problem_add(&r.why, "", MSG_QRBILL_NO_BILL);
	bool is_misused = !b.number || (problem_at(&r.why, "out") && !wrong);
	bool is_done = !wrong && !problem_any(&r.why) && finish(&r);
	if (!is_done) undo(&r);
	if (r.file) fclose(r.file);
	if (problem_any(&r.why)) failed_in(user_language(), &r.why);
	bills_close(&b);
	return is_done ? EXIT_DONE : is_misused ? EXIT_USAGE : EXIT_FAILED;
}
