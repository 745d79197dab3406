/* tests/formats/docx_build.h: small Word files made in memory, as Word makes them but for one thing. */
#pragma once
#include <zip.h>

#include "formats/docx.h"
#include "test.h"

#define DOCX_W	 "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define DOCX_R	 "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define DOCX_PKG "http://schemas.openxmlformats.org/package/2006/"

struct part {
	struct str name, content;
};

#define TYPES_PART                                                                                                            \
	{                                                                                                                         \
		{ STR("[Content_Types].xml") },                                                                                       \
		{                                                                                                                     \
			STR("<Types xmlns='" DOCX_PKG "content-types'><Default Extension='xml' ContentType='application/xml'/><Override " \
				"PartName='/word/document.xml' "                                                                              \
				"ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>")   \
		}                                                                                                                     \
	}
#define TOP_RELATIONS_PART                                                                             \
	{                                                                                                  \
		{ STR("_rels/.rels") },                                                                        \
		{                                                                                              \
			STR("<Relationships xmlns='" DOCX_PKG "relationships'><Relationship Id='r1' Type='" DOCX_R \
				"/officeDocument' Target='word/document.xml'/></Relationships>")                       \
		}                                                                                              \
	}

/* The bytes of an archive of PARTS, deflated. */
static inline struct str zip_of(const struct part *parts, size_t n)
{
	zip_error_t error;
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_source_keep(source);
	zip_t *zip = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &error);
	assert_non_null(zip);
	for (size_t i = 0; i < n; i++) {
		zip_source_t *content = zip_source_buffer(zip, parts[i].content.at, parts[i].content.len, 0);
		assert_true(zip_file_add(zip, str_c(mem, parts[i].name), content, ZIP_FL_ENC_UTF_8) >= 0);
	}
	assert_int_equal(zip_close(zip), 0);
	zip_stat_t s;
	assert_int_equal(zip_source_stat(source, &s), 0);
	char *bytes = arena_alloc(mem, s.size + 1);
	assert_int_equal(zip_source_open(source), 0);
	assert_true(zip_source_read(source, bytes, s.size) == (zip_int64_t)s.size);
	zip_source_close(source);
	zip_source_free(source);
	return (struct str){ bytes, s.size };
}

/* A document whose body is XML, with RELATIONS ("" for none) and further parts. */
static inline struct str word_with(struct str xml, struct str relations, const struct part *more, size_t n)
{
	struct str document = str_format(mem,
		"<?xml version='1.0'?><w:document xmlns:w='" DOCX_W "' xmlns:r='" DOCX_R
		"' xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' "
		"xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' "
		"xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'><w:body>%.*s</w:body></w:document>",
		STR_ARG(xml));
	struct str related = str_format(mem, "<Relationships xmlns='" DOCX_PKG "relationships'>%.*s</Relationships>", STR_ARG(relations));
	struct part *parts = ARENA_ARRAY(mem, struct part, n + 4);
	parts[0] = (struct part)TYPES_PART;
	parts[1] = (struct part)TOP_RELATIONS_PART;
	parts[2] = (struct part){ S("word/document.xml"), document };
	parts[3] = (struct part){ S("word/_rels/document.xml.rels"), related };
	for (size_t i = 0; i < n; i++) parts[4 + i] = more[i];
	return zip_of(parts, n + 4);
}

static inline struct str word_of(struct str xml)
{
	return word_with(xml, S(""), NULL, 0);
}

static inline struct docx *docx_of(struct str bytes)
{
	struct docx *d;
	struct problem why = problem_in(mem);
	enum status st = docx_read(mem, bytes, (struct docx_limits){ 0 }, &d, &why);
	if (st) fail_msg("refused with message %d", why.first ? (int)why.first->message : -1);
	return d;
}

static inline void assert_refused(struct str bytes, enum message message)
{
	struct docx *d;
	struct problem why = problem_in(mem);
	assert_status(docx_read(mem, bytes, (struct docx_limits){ 0 }, &d, &why), REFUSED);
	assert_non_null(why.first);
	assert_int_equal(why.first->message, message);
	assert_null(d);
}

static inline bool has_finding(const struct problem *list, enum message message)
{
	for (const struct finding *f = list->first; f; f = f->next)
		if (f->message == message) return true;
	return false;
}

/* A paragraph of one run; the subject's. */
#define P(text)			   "<w:p><w:r><w:t xml:space='preserve'>" text "</w:t></w:r></w:p>"
#define BOLD(text)		   "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space='preserve'>" text "</w:t></w:r>"
#define SUBJECT(text)	   "<w:p><w:r><w:t xml:space='preserve'>Subject: </w:t></w:r>" BOLD(text) "</w:p>"
#define MERGEFIELD(instr)  "<w:fldSimple w:instr=' MERGEFIELD " instr " '><w:r><w:t>old</w:t></w:r></w:fldSimple>"
#define TEXT_VALUE(n, t)   ((struct docx_value){ .name = S(n), .kind = FIELD_TEXT, .text = S(t) })
#define URL_VALUE(n, t)	   ((struct docx_value){ .name = S(n), .kind = FIELD_URL, .text = S(t) })
#define CONDITION(n, is)   ((struct docx_value){ .name = S(n), .kind = FIELD_CONDITION, .is_true = (is) })
#define LIST_VALUE(n, ...) ((struct docx_value){ .name = S(n), .kind = FIELD_LIST, __VA_ARGS__ })
#define VALUES(...)        \
	((struct docx_values){ \
		(const struct docx_value[]){ __VA_ARGS__ }, sizeof((const struct docx_value[]){ __VA_ARGS__ }) / sizeof(struct docx_value) })

static inline struct docx_merged *merged_of(struct str xml, struct docx_values values)
{
	struct docx_merged *m;
	struct problem why = problem_in(mem);
	enum status st = docx_merge(mem, docx_of(word_of(xml)), values, S("en"), &m, &why);
	if (st) fail_msg("not merged: message %d", why.first ? (int)why.first->message : -1);
	return m;
}

/* The plain text of a body (a subject is put before it) with values. */
#define text_of(xml, values) docx_text(mem, merged_of(S(SUBJECT("Hello") xml), (values)))

static inline struct str html_of(const struct docx_merged *m)
{
	struct docx_style style = { .accent = 0x005f6b, .house = S("Théâtre du Lac"), .language = S("en") };
	return docx_html(mem, m, &style).html;
}

static inline bool holds(struct str s, struct str part)
{
	return str_find(s, part) >= 0;
}
#define assert_holds(s, part)                                                        \
	do {                                                                             \
		struct str s_ = (s);                                                         \
		if (!holds(s_, S(part))) fail_msg("no \"%s\" in:\n%.*s", part, STR_ARG(s_)); \
	} while (0)
