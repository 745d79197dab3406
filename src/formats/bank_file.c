/* formats/bank_file.c: what a file is by its first bytes, and the reader for it. */
#include "formats/bank_file.h"

#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "formats/bank_unpack.h"
#include "formats/camt.h"
#include "formats/v11.h"

#define DIRECTORY_END	  22	/* bytes of the record at an archive's end, without its comment */
#define DIRECTORY_COMMENT 65535 /* longest comment after it */
#define BEGINNING		  4096	/* bytes of a file in an archive that tell what it is */
#define V11_DIGITS		  39	/* that a V11 record of either type begins with: code, participant, reference */

struct member {
	struct str name;
	size_t index;
	int64_t size, packed; /* as the archive declares it */
	bool is_gzip;
	int64_t unpacked; /* of gzip: what it came to when it was read; else its size */
};

struct bank_file {
	struct arena *arena;
	const struct bank_input *input;
	bool is_gzip;
	zip_t *zip;
	struct member *members;
	size_t count;
	struct bank_plan plan; /* made while a reading asked for it */
};

static int64_t read_memory(void *user, int64_t offset, void *to, size_t len)
{
	const struct str *bytes = user;
	struct str part = str_part(*bytes, (size_t)offset, len);
	if (part.len) memcpy(to, part.at, part.len);
	return (int64_t)part.len;
}

struct bank_input bank_input_of(struct str *bytes)
{
	return (struct bank_input){ bytes, read_memory, (int64_t)bytes->len };
}

static enum status refuse(struct bank_findings *f, enum message message, int64_t n, const char *name)
{
	bank_find(f, "C00", BANK_ERROR, ((struct bank_place){ 0, S(""), S("") }), message, arg_int(name, n));
	return REFUSED;
}

/* ---- archives ---- */

/* How many entries the record at the end promises, so that a directory of millions is refused before a library builds it. −1: no archive. */
static int64_t entries_promised(struct arena *a, const struct bank_input *input)
{
	size_t len = input->size < DIRECTORY_END + DIRECTORY_COMMENT ? (size_t)input->size : DIRECTORY_END + DIRECTORY_COMMENT;
	unsigned char *b = arena_alloc(a, len);
	if (input->read_at(input->user, input->size - (int64_t)len, b, len) != (int64_t)len) return -1;
	for (size_t at = len < DIRECTORY_END ? 0 : len - DIRECTORY_END + 1; at-- > 0;)
		if (b[at] == 'P' && b[at + 1] == 'K' && b[at + 2] == 5 && b[at + 3] == 6) return b[at + 10] | b[at + 11] << 8;
	return -1;
}

/* A name that may be shown: of text, without control characters. */
static struct str shown_name(struct arena *a, const char *name)
{
	struct str s = str_of(name);
	return s.len <= BANK_NAME_MAX && str_is_text(s) && !str_has_control(s) ? str_keep(a, s) : S("?");
}

static bool looks_like_xml(struct str s)
{
	/* UTF-16 with or without its mark */
	if (str_starts(s, S("\xff\xfe")) || str_starts(s, S("\xfe\xff")) || str_starts(s, ((struct str){ "<\0", 2 })) ||
		str_starts(s, ((struct str){ "\0<", 2 })))
		return true;
	if (str_starts(s, S("\xef\xbb\xbf"))) s = str_part(s, 3, s.len);
	size_t i = 0;
	while (i < s.len && memchr(" \t\r\n", s.at[i], 4)) i++;
	return i < s.len && s.at[i] == '<';
}

static bool looks_like_v11(struct str s)
{
	size_t i = 0;
	while (i < s.len && i < V11_DIGITS && s.at[i] >= '0' && s.at[i] <= '9') i++;
	return i == V11_DIGITS;
}

static bool is_gzip(struct str s)
{
	return str_starts(s, S("\x1f\x8b"));
}

/* What systems put beside people's files. */
static bool is_litter(struct str path)
{
	struct str part = S("");
	for (struct str rest = path; str_next(&rest, '/', &part);)
		if (str_eq(part, S("__MACOSX"))) return true;
	return str_starts(part, S(".")) || str_eq_nocase(part, S("Thumbs.db")) || str_eq_nocase(part, S("desktop.ini"));
}

/* Something else that came along, a readme or a form on paper. What calls itself a bank's file, and a packed one, is never passed over. */
static bool is_other(struct str path, struct str begin)
{
	static const struct str ours[] = { { STR(".xml") }, { STR(".v11") }, { STR(".esr") }, { STR(".bvr") }, { STR(".gz") }, { STR(".zip") },
		{ STR(".c53") }, { STR(".c54") } };
	for (size_t i = 0; i < COUNT(ours); i++)
		if (path.len >= ours[i].len && str_eq_nocase(str_part(path, path.len - ours[i].len, ours[i].len), ours[i])) return false;
	return !looks_like_xml(begin) && !looks_like_v11(begin) && !is_gzip(begin) && !str_starts(begin, S("PK\x03\x04"));
}

/* The beginning of a file in an archive at TO. False: it can't be read; then its reading will say why. */
static bool read_beginning(zip_t *zip, size_t index, char *to, struct str *begin)
{
	zip_file_t *file = zip_fopen_index(zip, index, 0);
	zip_int64_t n = file ? zip_fread(file, to, BEGINNING) : -1;
	if (file) zip_fclose(file);
	*begin = (struct str){ to, n > 0 ? (size_t)n : 0 };
	return n >= 0;
}

static void pass_over(const struct member *m, struct bank_findings *findings)
{
	bank_find(findings, "C00", BANK_WARNING, ((struct bank_place){ 0, m->name, S("") }), MSG_BANK_ZIP_PASSED, arg_text("name", m->name));
}

/* One entry of the archive's directory, unless it is a folder or no bank file. */
static enum status add_member(struct bank_file *f, size_t index, int64_t *total, struct bank_findings *findings)
{
	zip_stat_t s;
	const zip_uint64_t wanted = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
	if (zip_stat_index(f->zip, index, ZIP_FL_ENC_RAW, &s) || (s.valid & wanted) != wanted) return refuse(findings, MSG_BANK_ZIP_BROKEN, 0, "n");
	if (str_ends(str_of(s.name), S("/")) && s.size == 0) return OK; /* a folder */
	if (s.size > BANK_UNPACKED_MAX || (*total += (int64_t)s.size) > BANK_UNPACKED_MAX)
		return refuse(findings, MSG_BANK_UNPACKED_TOO_LARGE, BANK_UNPACKED_MAX >> 20, "mib");
	if (s.size > BANK_RATIO_FREE && s.size / BANK_RATIO_MAX > s.comp_size) return refuse(findings, MSG_BANK_RATIO, BANK_RATIO_MAX, "max");
	struct member m = { shown_name(f->arena, s.name), index, (int64_t)s.size, (int64_t)s.comp_size, false, (int64_t)s.size };
	char at[BEGINNING];
	struct str begin = S("");
	if (is_litter(str_of(s.name))) return pass_over(&m, findings), OK;
	if ((s.valid & ZIP_STAT_ENCRYPTION_METHOD) && s.encryption_method != ZIP_EM_NONE) return refuse(findings, MSG_BANK_ZIP_LOCKED, 0, "n");
	if (read_beginning(f->zip, index, at, &begin) && is_other(str_of(s.name), begin)) return pass_over(&m, findings), OK;
	m.is_gzip = is_gzip(begin);
	f->members[f->count++] = m;
	return OK;
}

static enum status open_archive(struct bank_file *f, struct bank_findings *findings)
{
	if (f->input->size > BANK_PACKED_MAX) return refuse(findings, MSG_BANK_PACKED_TOO_LARGE, BANK_PACKED_MAX >> 20, "mib");
	int64_t promised = entries_promised(f->arena, f->input);
	if (promised < 0) return refuse(findings, MSG_BANK_ZIP_BROKEN, 0, "n");
	if (promised > BANK_MEMBERS_MAX) return refuse(findings, MSG_BANK_ZIP_MANY, BANK_MEMBERS_MAX, "max");
	zip_source_t *source = bank_zip_source(f->input);
	f->zip = zip_open_from_source(source, ZIP_RDONLY, NULL);
	if (!f->zip) {
		zip_source_free(source);
		return refuse(findings, MSG_BANK_ZIP_BROKEN, 0, "n");
	}
	zip_int64_t count = zip_get_num_entries(f->zip, 0);
	if (count > BANK_MEMBERS_MAX) return refuse(findings, MSG_BANK_ZIP_MANY, BANK_MEMBERS_MAX, "max");
	f->members = ARENA_ARRAY(f->arena, struct member, (size_t)count + 1);
	int64_t total = 0;
	for (zip_int64_t i = 0; i < count; i++) {
		enum status st = add_member(f, (size_t)i, &total, findings);
		if (st) return st;
	}
	if (f->count) return OK;
	return refuse(findings, findings->count ? MSG_BANK_ZIP_NONE : MSG_BANK_ZIP_EMPTY, 0, "n");
}

enum status bank_file_open(struct arena *a, const struct bank_input *input, struct bank_file **out, struct bank_findings *findings)
{
	struct bank_file *f = ARENA_NEW(a, struct bank_file);
	*f = (struct bank_file){ .arena = a, .input = input, .count = 1, .plan.arena = a };
	*out = NULL;
	char head[4];
	int64_t n = input->read_at(input->user, 0, head, sizeof head);
	struct str begin = { head, n > 0 ? (size_t)n : 0 };
	enum status st = OK;
	if (n < 0) return refuse(findings, MSG_BANK_UNREADABLE, 0, "n");
	if (is_gzip(begin)) {
		f->is_gzip = true;
		if (input->size > BANK_PACKED_MAX) st = refuse(findings, MSG_BANK_PACKED_TOO_LARGE, BANK_PACKED_MAX >> 20, "mib");
	} else if (str_starts(begin, S("PK\x03\x04")) || str_starts(begin, S("PK\x05\x06"))) {
		f->count = 0;
		st = open_archive(f, findings);
	}
	if (st) return bank_file_close(f), st;
	*out = f;
	return OK;
}

void bank_file_close(struct bank_file *f)
{
	if (f && f->zip) zip_discard(f->zip);
}

size_t bank_file_count(const struct bank_file *f)
{
	return f->count;
}

struct str bank_file_name(const struct bank_file *f, size_t member)
{
	return f->zip ? f->members[member].name : S("");
}

/* ---- a reading ---- */

enum purpose { TO_READ, TO_CHECK, TO_APPLY };

struct reading {
	struct bank_file *file;
	size_t member;
	enum purpose purpose;
	const struct bank_handler *handler;
	void *user;
	struct bank_plan *plan;
	struct bank_summary *summary;
	struct bank_findings *findings;
	bool is_refused;
};

static void on_report(void *user, const struct bank_report *r)
{
	struct reading *g = user;
	if (g->handler->report) g->handler->report(g->user, r);
}

static void on_report_end(void *user, const struct bank_report *r)
{
	struct reading *g = user;
	if (g->handler->report_end) g->handler->report_end(g->user, r);
}

static struct bank_total *total_of(struct reading *g, struct str currency)
{
	struct bank_summary *s = g->summary;
	for (size_t i = 0; i < s->total_count; i++)
		if (memcmp(s->totals[i].currency, currency.at, 3) == 0) return &s->totals[i];
	if (s->total_count == BANK_CURRENCIES_MAX) return NULL;
	struct bank_total *t = &s->totals[s->total_count++];
	memcpy(t->currency, currency.at, 3);
	return t;
}

static void on_transaction(void *user, const struct bank_transaction *t)
{
	struct reading *g = user;
	g->summary->transactions++;
	if (bank_is_booked(t) && t->has_amount) {
		struct bank_total *total = total_of(g, t->currency);
		struct bank_place place = { t->line, S("Amt"), S("") };
		if (!total) g->is_refused = true, bank_find(g->findings, "C13", BANK_ERROR, place, MSG_BANK_CURRENCIES, arg_int("max", BANK_CURRENCIES_MAX));
		else if (__builtin_add_overflow(t->is_credit ? total->credit : total->debit, t->cents, t->is_credit ? &total->credit : &total->debit))
			g->is_refused = true, bank_find(g->findings, "C12", BANK_ERROR, place, MSG_BANK_TOTAL_TOO_LARGE);
	}
	if (g->purpose != TO_CHECK && g->handler->transaction) g->handler->transaction(g->user, t);
}

static enum status read_member(struct reading *g);

/* The plan that a reading asks for in the middle: a checking pass of its own over the same bytes, whose findings come again in this one. */
static const struct bank_plan *on_plan(void *user)
{
	struct reading *g = user;
	static const struct bank_handler none;
	struct arena *a = arena_new();
	struct bank_findings findings = bank_findings_in(a);
	struct bank_summary summary;
	struct bank_plan *plan = &g->file->plan;
	*plan = (struct bank_plan){ .arena = g->file->arena };
	struct reading check = { g->file, g->member, TO_CHECK, &none, NULL, plan, &summary, &findings, false };
	enum status st = read_member(&check);
	arena_free(a);
	return st ? NULL : plan;
}

/* Either reader. */
struct reader {
	struct camt *camt;
	struct v11 *v11;
};

static enum status reader_begin(struct reading *g, struct arena *a, struct str piece, struct reader *r)
{
	static const struct bank_handler calls = { on_report, on_transaction, on_report_end, on_plan };
	static const enum camt_pass passes[] = { [TO_READ] = CAMT_READ, [TO_CHECK] = CAMT_CHECK, [TO_APPLY] = CAMT_APPLY };
	if (!piece.len) return refuse(g->findings, MSG_BANK_EMPTY, 0, "n");
	if (looks_like_xml(piece)) r->camt = camt_new(passes[g->purpose], g->plan, &calls, g, g->findings);
	else if (piece.at[0] >= '0' && piece.at[0] <= '9') r->v11 = v11_new(a, &calls, g, g->findings);
	else return refuse(g->findings, MSG_BANK_UNKNOWN_FORM, 0, "n");
	return OK;
}

static enum status feed(struct reading *g, struct bank_stream *s, struct arena *a, struct reader *r, gnutls_hash_hd_t hash)
{
	enum status st;
	struct str piece;
	for (bool is_first = true; bank_stream_next(s, &piece) == OK; is_first = false) {
		if (is_first && (st = reader_begin(g, a, piece, r))) return st;
		if (!piece.len) return r->camt ? camt_end(r->camt) : v11_end(r->v11);
		if (hash && r->camt) gnutls_hash(hash, piece.at, piece.len);
		if ((st = r->camt ? camt_feed(r->camt, piece) : v11_feed(r->v11, piece))) return st;
		if (g->is_refused) return REFUSED;
	}
	if (s->broken == MSG_BANK_RATIO) return refuse(g->findings, s->broken, BANK_RATIO_MAX, "max");
	return refuse(g->findings, s->broken, BANK_UNPACKED_MAX >> 20, "mib");
}

/* What a packed file in an archive may come to, so that all of them stay within the bound; those that were not read yet count as they are. */
static int64_t room_for(const struct bank_file *f, const struct member *m)
{
	int64_t room = BANK_UNPACKED_MAX;
	for (size_t i = 0; i < f->count; i++)
		if (&f->members[i] != m) room -= f->members[i].unpacked;
	return room > m->size ? room : m->size;
}

static enum status read_member(struct reading *g)
{
	struct bank_file *f = g->file;
	struct arena *a = arena_new();
	struct bank_stream *s = ARENA_NEW(a, struct bank_stream);
	struct reader r = { NULL, NULL };
	gnutls_hash_hd_t hash = NULL;
	*g->summary = (struct bank_summary){ 0 };
	enum status st = OK;
	struct member *m = f->zip ? &f->members[g->member] : NULL;
	if (m) st = bank_stream_zip(s, f->zip, m->index, m->is_gzip ? room_for(f, m) : m->size, m->is_gzip ? m->packed : 0);
	else if (f->is_gzip) bank_stream_gzip(s, f->input);
	else bank_stream_plain(s, f->input);
	if (g->purpose == TO_CHECK && gnutls_hash_init(&hash, GNUTLS_DIG_SHA256) < 0) BUG("gnutls: no SHA-256");
	if (st) refuse(g->findings, s->broken, 0, "mib");
	else st = feed(g, s, a, &r, hash);
	if (g->is_refused) st = REFUSED;
	if (hash && r.v11) gnutls_hash_deinit(hash, NULL), v11_hash(r.v11, g->summary->hash);
	else if (hash) gnutls_hash_deinit(hash, g->summary->hash);
	g->summary->bytes = s->unpacked;
	if (m && m->is_gzip && s->unpacked > m->unpacked) m->unpacked = s->unpacked;
	bank_stream_end(s);
	camt_free(r.camt);
	arena_free(a);
	return st;
}

enum status bank_file_read(
	struct bank_file *f, size_t member, const struct bank_handler *handler, void *user, struct bank_summary *summary, struct bank_findings *findings)
{
	return read_member(&(struct reading){ f, member, TO_READ, handler, user, NULL, summary, findings, false });
}

enum status bank_file_check(struct bank_file *f, size_t member, const struct bank_handler *handler, void *user, struct bank_plan *plan,
	struct bank_summary *summary, struct bank_findings *findings)
{
	enum status st = read_member(&(struct reading){ f, member, TO_CHECK, handler, user, plan, summary, findings, false });
	plan->is_made = st == OK;
	return st;
}

enum status bank_file_apply(struct bank_file *f, size_t member, const struct bank_handler *handler, void *user, struct bank_plan *plan,
	struct bank_summary *summary, struct bank_findings *findings)
{
	if (!plan->is_made) BUG("a file is applied that no check found right");
	return read_member(&(struct reading){ f, member, TO_APPLY, handler, user, plan, summary, findings, false });
}
