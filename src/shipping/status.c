/* shipping/status.c: importing printing status: keeping and previewing a file, and reading what was imported. */
#include "shipping/status.h"

#include "shipping/shipment.h"
#include "shipping/status_inside.h"
#include "shipping/status_run.h"

#define BATCHES_MOST 1000 /* different batches that one file may name */

static const char *const states[] = { "", "read", "applying", "sending", "applied" };
static const char *const encodings[] = { "UTF-8", "UTF-16", "UTF-16", "Windows-1252" };

enum message line_why_message(enum line_why why)
{
	static const enum message messages[LINE_WHYS] = { [WHY_NONE] = MSG_STATUS_LINE_DONE,
		[WHY_BROKEN] = MSG_STATUS_LINE_BROKEN,
		[WHY_NO_KEY] = MSG_STATUS_LINE_NO_KEY,
		[WHY_EXCEL] = MSG_STATUS_LINE_EXCEL,
		[WHY_STATE_UNKNOWN] = MSG_STATUS_LINE_STATE_UNKNOWN,
		[WHY_DATE] = MSG_STATUS_LINE_DATE,
		[WHY_UNKNOWN] = MSG_STATUS_LINE_UNKNOWN,
		[WHY_KEYS_DISAGREE] = MSG_STATUS_LINE_KEYS_DISAGREE,
		[WHY_CONTRADICTS] = MSG_STATUS_LINE_CONTRADICTS,
		[WHY_REISSUED] = MSG_STATUS_LINE_REISSUED,
		[WHY_STATE] = MSG_STATUS_LINE_STATE,
		[WHY_NUMBER_FORM] = MSG_STATUS_LINE_NUMBER_FORM,
		[WHY_NUMBER_TAKEN] = MSG_STATUS_LINE_NUMBER_TAKEN,
		[WHY_VOID] = MSG_STATUS_LINE_VOID,
		[WHY_DATE_DROPPED] = MSG_STATUS_LINE_DATE_DROPPED,
		[WHY_URL_DROPPED] = MSG_STATUS_LINE_URL_DROPPED,
		[WHY_NUMBER_WARNED] = MSG_STATUS_LINE_NUMBER_WARNED };
	return messages[why];
}

/* ---- a file that is refused as a whole ---- */

static void tell_fault(const struct print_status *file, struct problem *why)
{
	static const enum message sheets[] = { [SHEET_EMPTY] = MSG_STATUS_EMPTY,
		[SHEET_TOO_LARGE] = MSG_STATUS_TOO_LARGE,
		[SHEET_WORKBOOK] = MSG_STATUS_WORKBOOK,
		[SHEET_NOT_TEXT] = MSG_STATUS_NOT_TEXT };
	switch (file->fault) {
	case PRINT_FILE_SHEET: problem_add(why, "file", sheets[file->sheet.fault]); break;
	case PRINT_FILE_LIMIT: problem_add(why, "file", MSG_STATUS_LIMIT, arg_int("line", file->line)); break;
	case PRINT_FILE_NO_KEY: problem_add(why, "file", MSG_STATUS_NO_KEY); break;
	case PRINT_FILE_NO_LINES: problem_add(why, "file", MSG_STATUS_NO_LINES); break;
	case PRINT_FILE_OK: BUG("a file without a fault");
	}
}

/* Whether each batch that the file names is the printer's. */
static enum status batches_are_ours(struct conn *db, struct arena *a, const struct printer *p, const struct print_status *file, struct problem *why)
{
	static const struct sql q = SQL("SELECT 1 FROM print_batch WHERE number = $1 AND interface = $2 AND state <> 'making'");
	struct print_status ahead = *file;
	struct print_status_line l;
	struct key_set seen;
	int64_t number, batches = 0;
	enum status st = OK;
	struct arena *row = arena_new();
	key_set_make(a, &seen, BATCHES_MOST);
	while (st == OK && print_status_next(row, &ahead, &l)) {
		bool is_new = false;
		if (batch_number_read(l.batch, &number)) key_slot(&seen, (uint64_t)number * UINT64_C(0x9E3779B97F4A7C15), &is_new);
		if (is_new && ++batches > BATCHES_MOST) {
			problem_add(why, "file", MSG_STATUS_BATCHES, arg_int("n", BATCHES_MOST));
			st = REFUSED;
		} else if (is_new && (st = store_row(db, &q, int64(number), int64(p->interface.id))) == NOT_FOUND) {
			problem_add(why, "file", MSG_STATUS_OTHER_BATCH, arg_text("batch", str_keep(a, l.batch)));
			st = REFUSED;
		}
		arena_reset(row);
	}
	arena_free(row);
	return st;
}

/* ---- keeping one ---- */

struct uploading {
	struct arena *a;
	const struct actor *who;
	const struct printer *printer;
	const struct print_status *file;
	const struct preview *preview; /* NULL: it is made later */
	int64_t stored, id;
	struct str sha256;
};

static struct str unknown_columns(struct arena *a, const struct print_status *file)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < file->unknown_count; i++) {
		if (i) buf_add(&b, S(", "));
		buf_add(&b, file->unknown[i]);
	}
	return buf_str(&b);
}

static enum status write_down(struct conn *db, void *arg)
{
	static const struct sql q = SQL(
		"INSERT INTO status_import (institution, interface, file, sha256, state, by_name, made_at, sends_mails, encoding, separator, unknown, lines,"
		"  done, preview) VALUES ($1, $2, $3, $4, 'read', $5, $6, FALSE, $7, $8, $9, $10, 0, $11) RETURNING id");
	struct uploading *x = arg;
	enum status st =
		store_row(db, &q, int64(x->who->institution), int64(x->printer->interface.id), int64(x->stored), blob(x->sha256), text(x->who->name),
			int64(store_now(db)), text(str_of(encodings[x->file->sheet.encoding])), text((struct str){ &x->file->sheet.separator, 1 }),
			text(unknown_columns(x->a, x->file)), int64(x->file->lines), text(x->preview ? preview_text(x->a, x->preview) : S("")));
	if (st) return st;
	x->id = col_int64(db, 0);
	return x->preview ? preview_write(db, x->id, x->preview) : OK;
}

static enum status applied_before(struct conn *db, int64_t interface, struct str sha256, int64_t *id)
{
	static const struct sql q =
		SQL("SELECT id FROM status_import WHERE interface = $1 AND sha256 = $2 AND state IN ('applying','sending','applied')");
	enum status st = store_row(db, &q, int64(interface), blob(sha256));
	if (st == OK) *id = col_int64(db, 0);
	return st;
}

static enum status preview_of(struct conn *db, struct arena *a, const struct printer *p, struct print_status file, const struct preview **out)
{
	struct preview *preview = ARENA_NEW(a, struct preview);
	struct reading r;
	bool has_more;
	enum status st = reading_begin(db, a, p, &file, &r);
	*out = preview;
	return st ? st : preview_look(db, &r, &file, (size_t)file.lines, preview, &has_more);
}

enum status status_upload(struct conn *db, struct arena *a, const struct actor *who, const struct printer *p, struct str name, struct str bytes,
	enum preview_when when, int64_t *id, bool *is_before, struct problem *why)
{
	struct print_status file = print_status_of(a, bytes, p->is_day_first);
	struct uploading x = { .a = a, .who = who, .printer = p, .file = &file, .sha256 = sha256_of(a, bytes) };
	enum status st;
	*is_before = false;
	if (file.fault) return tell_fault(&file, why), REFUSED;
	st = applied_before(db, p->interface.id, x.sha256, id);
	if (st != NOT_FOUND) return *is_before = st == OK, st;
	if ((st = batches_are_ours(db, a, p, &file, why))) return st;
	if ((when == PREVIEW_NOW || file.lines <= PREVIEW_AT_ONCE) && (st = preview_of(db, a, p, file, &x.preview))) return st;
	if ((st = file_keep(db, a, who->institution, name, bytes, p->keep_days, &x.stored))) return st;
	if ((st = store_write(db, write_down, &x))) return st;
	*id = x.id;
	return OK;
}

/* ---- reading imports ---- */

#define COLUMNS                                                                                                                                 \
	"SELECT id, institution, interface, file, made_at, COALESCE(applied_at, 0), lines, done, state, sends_mails, by_name, encoding, separator," \
	" unknown, sha256, preview, (SELECT f.name FROM stored_file f WHERE f.id = status_import.file) FROM status_import"

static void read_preview(struct status_import *i, struct str preview)
{
	struct str rest = str_part(preview, 1, preview.len - 2), part;
	for (int n = 0; n < LINE_OUTCOMES && str_next(&rest, ',', &part); n++) str_int64(part, &i->counts[n]);
	str_int64(rest, &i->mails);
}

static void read_row(struct conn *db, struct arena *a, struct status_import *i)
{
	*i = (struct status_import){
		.id = col_int64(db, 0),
		.institution = col_int64(db, 1),
		.interface = col_int64(db, 2),
		.file = col_int64(db, 3),
		.made_at = col_int64(db, 4),
		.applied_at = col_int64(db, 5),
		.lines = col_int64(db, 6),
		.done = col_int64(db, 7),
		.sends_mails = col_boolean(db, 9),
		.by_name = col_text(db, 10, a),
		.encoding = col_text(db, 11, a),
		.separator = col_text(db, 12, a),
		.unknown = col_text(db, 13, a),
		.sha256 = col_blob(db, 14, a),
		.name = col_text(db, 16, a),
	};
	struct str state = col_text(db, 8, a);
	i->state = (enum import_state)str_index(state, states, COUNT(states), "import state");
	struct str preview = col_text(db, 15, a);
	if (preview.len) read_preview(i, preview);
	else if (i->state == IMPORT_READ) i->state = IMPORT_READING;
}

/* What became of an import's lines, in the place of what was foreseen. */
static enum status count_outcomes(struct conn *db, struct arena *a, struct status_import *i)
{
	static const struct sql lines = SQL("SELECT outcome, count(*) FROM status_line WHERE status_import = $1 GROUP BY outcome");
	static const struct sql mails = SQL("SELECT count(*) FROM notice n WHERE n.made_in = $1 AND n.reason = ''");
	enum status st = store_query(db, &lines, int64(i->id));
	for (int n = 0; n < LINE_OUTCOMES; n++) i->counts[n] = 0;
	while (!st && !(st = store_next(db))) i->counts[line_outcome_read(col_text(db, 0, a))] = col_int64(db, 1);
	if (st != NOT_FOUND) return st;
	if ((st = store_row(db, &mails, int64(i->id)))) return st;
	i->mails = col_int64(db, 0);
	return OK;
}

enum status status_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct status_import *out)
{
	static const struct sql q = SQL(COLUMNS " WHERE id = $1 AND institution = $2");
	enum status st = store_row(db, &q, int64(id), int64(institution));
	if (st) return st;
	read_row(db, a, out);
	return out->state <= IMPORT_READ ? OK : count_outcomes(db, a, out);
}

enum status status_list(
	struct conn *db, struct arena *a, int64_t institution, int64_t interface, size_t most, struct status_import **out, size_t *count)
{
	static const struct sql q = SQL(COLUMNS " WHERE institution = $1 AND interface = $2 ORDER BY id DESC LIMIT $3");
	enum status st;
	*out = ARENA_ARRAY(a, struct status_import, most);
	*count = 0;
	if ((st = store_query(db, &q, int64(institution), int64(interface), int64((int64_t)most)))) return st;
	while ((st = store_next(db)) == OK) read_row(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

enum status status_problems(struct conn *db, struct arena *a, int64_t import, int64_t after, size_t most, struct status_line **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT line, outcome, why, about, said FROM status_line WHERE status_import = $1 AND why <> '' AND line > $2 ORDER BY line LIMIT $3");
	enum status st;
	*out = ARENA_ARRAY(a, struct status_line, most);
	*count = 0;
	if ((st = store_query(db, &q, int64(import), int64(after), int64((int64_t)most)))) return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct status_line){ col_int64(db, 0), line_outcome_read(col_text(db, 1, a)), line_why_read(col_text(db, 2, a)),
			col_text(db, 3, a), col_text(db, 4, a) };
	return st == NOT_FOUND ? OK : st;
}
