/* office/audit.c: the audit trail: search, and all of it as a file for a spreadsheet. */
#include "office/audit.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/day.h"
#include "formats/csv.h"
#include "office/audit.html.h"
#include "web/path.h"

#define ROWS_SHOWN	  50	/* a page stays under 50 kB */
#define ROWS_EXPORTED 20000 /* what a spreadsheet is still quick with; who needs more narrows the dates */
#define CHANGES_MAX	  40	/* fields of one record */

/* ---- words ---- */

struct str trail_word(struct request *r, const char *prefix, struct str code)
{
	struct buf b = buf_in(r->arena);
	buf_add(&b, str_of(prefix));
	for (size_t i = 0; i < code.len; i++) buf_add_char(&b, code.at[i] == '_' ? '-' : code.at[i]);
	for (int m = 0; m < MESSAGES; m++)
		if (str_eq(buf_str(&b), str_of(message_ids[m]))) return lang_text(r->arena, r->language, (enum message)m, NULL);
	return code;
}

/* Words that a search has looked up, because a walk meets the same few codes thousands of times. */
#define WORDS_KEPT 256 /* verbs, kinds and fields are some 150 */

struct trail_speech {
	struct request *r;
	size_t count;
	struct {
		const char *prefix; /* one of three literals */
		struct str code, word;
	} kept[WORDS_KEPT];
};

static struct str word_kept(struct trail_speech *x, const char *prefix, struct str code)
{
	for (size_t i = 0; i < x->count; i++)
		if (x->kept[i].prefix == prefix && str_eq(x->kept[i].code, code)) return x->kept[i].word;
	struct str word = trail_word(x->r, prefix, code);
	if (x->count == WORDS_KEPT) return word;
	x->kept[x->count].prefix = prefix;
	x->kept[x->count].code = str_keep(x->r->arena, code);
	x->kept[x->count++].word = word;
	return word;
}

static void say_values(struct trail_speech *x, struct buf *b, struct str values)
{
	static const char prefix[] = "trail-field-";
	json_error_t error;
	json_t *all = values.len ? json_loadb(values.at, values.len, 0, &error) : NULL, *value;
	const char *name;
	json_object_foreach(all, name, value)
	{
		struct str word = word_kept(x, prefix, str_of(name));
		buf_addf(b, " %.*s ", STR_ARG(word));
		if (json_is_string(value)) buf_add(b, (struct str){ json_string_value(value), json_string_length(value) });
	}
	json_decref(all);
}

/* What the page shows of an entry, as one text. */
static struct str say(void *of, struct arena *a, const struct audit_entry *e)
{
	static const char verb[] = "trail-verb-", kind[] = "trail-kind-";
	struct trail_speech *x = of;
	struct buf b = buf_in(a);
	struct str did = word_kept(x, verb, e->verb), what = word_kept(x, kind, e->kind);
	buf_addf(&b, "%.*s %.*s", STR_ARG(did), STR_ARG(what));
	say_values(x, &b, e->before);
	say_values(x, &b, e->after);
	return buf_str(&b);
}

/* Kinds of records, and where they have a page. */
static const struct {
	const char *code, *path;
} kinds[] = { { "contact", "/contacts/%lld" }, { "operator", "/operators/%lld" }, { "document-type", "/institution/document-types/%lld" },
	{ "point-of-sale", "/organisation/points-of-sale/%lld" }, { "organisation", NULL }, { "sales-channel", NULL }, { "season", NULL },
	{ "shipment-mode", "/institution/shipment-modes/%lld" }, { "event", "/programme/events/%lld" }, { "performance", "/programme/performances/%lld" },
	{ "rate-table", "/programme/prices/tables/%lld" }, { "venue", "/programme/venues/%lld" }, { "configuration", "/programme/halls/%lld" },
	{ "zone", "/programme/zones/%lld" }, { "seat-category", "/programme/prices/categories/%lld" }, { "tariff", "/programme/prices/tariffs/%lld" },
	{ "vat-rate", NULL }, { "fee", "/programme/prices/fees/%lld" }, { "bulk-action", "/contacts/links/%lld" }, { "institution", NULL },
	{ "mail", NULL } };

static struct audit_kind *kinds_shown(struct request *r, struct str chosen)
{
	struct audit_kind *out = ARENA_ARRAY(r->arena, struct audit_kind, COUNT(kinds));
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct str code = str_of(kinds[i].code);
		out[i] = (struct audit_kind){ code, trail_word(r, "trail-kind-", code), str_eq(code, chosen) };
	}
	return out;
}

static struct url record_link(struct request *r, const struct audit_entry *e)
{
	for (size_t i = 0; e->record && i < COUNT(kinds); i++)
		if (kinds[i].path && str_eq(e->kind, str_of(kinds[i].code)))
			return url_of(str_format(r->arena, "%.*s%lld", (int)(strlen(kinds[i].path) - 4), kinds[i].path, (long long)e->record));
	return url_of(S(""));
}

/* ---- what is looked for ---- */

/* A date as the UTC time at which it begins; false for what is none, but empty. Days are UTC's here and in the file, so that both say the same. */
static bool time_read(struct str typed, int64_t *out)
{
	int64_t day = 0;
	bool is_read = typed.len == 0 || day_read(typed, &day);
	*out = day * DAY;
	return is_read;
}

/* Reads the query; a date that is none counts as not given. */
static struct audit_search search_read(struct request *r, struct audit_form *form)
{
	struct trail_speech *speech = ARENA_NEW(r->arena, struct trail_speech);
	speech->r = r;
	struct audit_search s = { .words = request_query(r, "q"), .speech = { say, speech } };
	*form = (struct audit_form){ .words = s.words, .from = request_query(r, "from"), .until = request_query(r, "until") };
	if (!str_int64(request_query(r, "operator"), &s.operator_id) || s.operator_id < 0) s.operator_id = 0;
	if (!time_read(form->from, &s.from)) form->from = S("");
	if (!time_read(form->until, &s.until)) form->until = S("");
	if (s.until) s.until += DAY; /* that day, too */
	form->operator_id = s.operator_id;
	form->kind = s.kind = request_query(r, "kind");
	if (str_int64(request_query(r, "record"), &s.record) && s.record > 0) form->record = request_query(r, "record");
	else s.record = 0;
	return s;
}

/* ---- the page ---- */

static struct str member(struct arena *a, json_t *object, const char *name)
{
	json_t *v = json_object_get(object, name);
	return json_is_string(v) ? str_keep(a, (struct str){ json_string_value(v), json_string_length(v) }) : S("");
}

static void add_changes(struct arena *a, struct audit_row *row, json_t *before, json_t *after, json_t *names)
{
	const char *name;
	json_t *ignored;
	json_object_foreach(names, name, ignored)
	{
		bool is_there = row->change_count == CHANGES_MAX;
		for (size_t i = 0; i < row->change_count; i++) is_there |= str_eq(row->changes[i].name, str_of(name));
		struct audit_change c = { str_keep(a, str_of(name)), member(a, before, name), member(a, after, name) };
		if (!is_there && !str_eq(c.before, c.after)) row->changes[row->change_count++] = c;
	}
}

static void row_fill(struct request *r, struct audit_row *row, const struct audit_entry *e)
{
	struct arena *a = r->arena;
	json_error_t error;
	json_t *before = json_loadb(e->before.at, e->before.len, 0, &error), *after = json_loadb(e->after.at, e->after.len, 0, &error);
	*row = (struct audit_row){ .entry = e,
		.verb = trail_word(r, "trail-verb-", e->verb),
		.kind = trail_word(r, "trail-kind-", e->kind),
		.to = record_link(r, e),
		.is_erased = e->operator_name.len == 0 && e->operator_id,
		.changes = ARENA_ARRAY(a, struct audit_change, CHANGES_MAX) };
	if (before) add_changes(a, row, before, after, before);
	if (after) add_changes(a, row, before, after, after);
	for (size_t i = 0; i < row->change_count; i++) row->changes[i].name = trail_word(r, "trail-field-", row->changes[i].name);
	json_decref(before);
	json_decref(after);
}

/* The same search as an address, with PATH and, where there is one, the id to go on before. */
static struct url search_link(struct request *r, const char *path, const struct audit_form *f, int64_t before)
{
	struct arena *a = r->arena;
	struct buf b = buf_in(a);
	buf_addf(&b, "%s?q=%.*s&from=%.*s&until=%.*s&operator=%lld&kind=%.*s&record=%.*s", path, STR_ARG(percent_encode(a, f->words)),
		STR_ARG(percent_encode(a, f->from)), STR_ARG(percent_encode(a, f->until)), (long long)f->operator_id, STR_ARG(percent_encode(a, f->kind)),
		STR_ARG(f->record));
	if (before) buf_addf(&b, "&before=%lld", (long long)before);
	return url_of(buf_str(&b));
}

/* Where a person's data are taken out: a contact's, when the search is for one. */
static struct url erase_link(struct request *r, const struct audit_form *f)
{
	if (!actor_may(actor_of(r), RIGHT_AUDIT_ERASE) || !f->record.len || !str_eq(f->kind, S("contact"))) return url_of(S(""));
	return url_of(str_format(r->arena, "/audit/erase?contact=%.*s", STR_ARG(f->record)));
}

struct response office_audit_page(struct request *r)
{
	struct audit_form form;
	struct audit_search s = search_read(r, &form);
	struct audit_entry *list;
	struct operator* operators;
	size_t count, operator_count;
	int64_t before = 0, more;
	if (!str_int64(request_query(r, "before"), &before) || before < 0) before = 0;
	if (audit_list(r->db, r->arena, actor_of(r)->institution, &s, before, ROWS_SHOWN, &list, &count, &more)) return error_answer(r, 503);
	if (operator_list(r->db, r->arena, actor_of(r)->institution, &operators, &operator_count)) return error_answer(r, 503);
	struct audit_row *rows = ARENA_ARRAY(r->arena, struct audit_row, count + 1);
	for (size_t i = 0; i < count; i++) row_fill(r, &rows[i], &list[i]);
	struct office_page p = office_institution_page(r, MSG_OFFICE_PLACE_AUDIT, PLACE_AUDIT);
	struct render out = office_render(r);
	tpl_office_audit(&out, &(const struct tpl_office_audit){
							   .page = &p,
							   .form = &form,
							   .operators = operators,
							   .operator_count = operator_count,
							   .kinds = kinds_shown(r, form.kind),
							   .kind_count = COUNT(kinds),
							   .erase = erase_link(r, &form),
							   .rows = rows,
							   .count = count,
							   .file = search_link(r, "/audit/trail.csv", &form, 0),
							   .done = office_done(&p),
							   .older = more ? search_link(r, "/audit", &form, more) : url_of(S("")),
						   });
	return office_answer(r, 200, &out);
}

/* ---- the file ---- */

static struct str utc_text(struct arena *a, int64_t utc)
{
	char text[32];
	time_t seconds = (time_t)(utc / SECOND);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return str_keep(a, str_of(text));
}

static void add_row(struct request *r, struct buf *b, const struct audit_entry *e)
{
	const struct str fields[] = { str_format(r->arena, "%lld", (long long)e->id), utc_text(r->arena, e->at), e->operator_name, e->verb, e->kind,
		str_format(r->arena, "%lld", (long long)e->record), e->network, e->before, e->after };
	csv_add(b, fields, COUNT(fields), ',', CSV_DEFUSED);
}

struct response office_audit_file(struct request *r)
{
	static const struct str heads[] = { { STR("entry") }, { STR("time") }, { STR("operator") }, { STR("verb") }, { STR("kind") }, { STR("record") },
		{ STR("network") }, { STR("before") }, { STR("after") } };
	struct audit_form form;
	struct audit_search s = search_read(r, &form);
	struct audit_entry *list;
	size_t count;
	int64_t more;
	struct buf b = buf_in(r->arena);
	if (audit_list(r->db, r->arena, actor_of(r)->institution, &s, 0, ROWS_EXPORTED, &list, &count, &more)) return error_answer(r, 503);
	csv_add(&b, heads, COUNT(heads), ',', CSV_PLAIN);
	for (size_t i = 0; i < count; i++) add_row(r, &b, &list[i]);
	struct response answer = response_bytes(r, 200, "text/csv; charset=utf-8", buf_str(&b));
	response_download(r, &answer, S("audit-trail.csv"));
	return answer;
}
