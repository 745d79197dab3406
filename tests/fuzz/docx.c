/* tests/fuzz/docx.c: any bytes as a Word file, and any bytes as the parts of one, are read within bounds; what is read can be merged and written. */
#include <zip.h>

#include "formats/docx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE	  "http://schemas.openxmlformats.org/package/2006/"

static void part_add(zip_t *zip, const char *name, struct str content)
{
	zip_int64_t at = zip_file_add(zip, name, zip_source_buffer(zip, content.at, content.len, 0), 0);
	if (at < 0) BUG("no part %s", name);
	zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0);
}

/* A package whose document, relations, styles, numbering and header are REST, cut at NULs. */
static struct str package_of(struct arena *a, struct str rest)
{
	static const char *const names[] = { "word/document.xml", "word/_rels/document.xml.rels", "word/styles.xml", "word/numbering.xml",
		"word/header1.xml" };
	zip_error_t error;
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_source_keep(source);
	zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
	part_add(zip, "[Content_Types].xml", S("<Types xmlns='" PACKAGE "content-types'><Override ContentType='wordprocessingml'/></Types>"));
	part_add(zip, "_rels/.rels",
		S("<Relationships xmlns='" PACKAGE "relationships'><Relationship Id='r' Type='" RELATIONS
		  "/officeDocument' Target='word/document.xml'/></Relationships>"));
	struct str piece;
	for (size_t i = 0; i < COUNT(names) && str_next(&rest, 0, &piece); i++) part_add(zip, names[i], piece);
	if (zip_close(zip)) BUG("the package can't be made");
	zip_stat_t s;
	zip_source_stat(source, &s);
	char *at = arena_alloc(a, s.size + 1);
	zip_source_open(source);
	zip_source_read(source, at, s.size);
	zip_source_close(source);
	zip_source_free(source);
	return (struct str){ at, s.size };
}

static void merge(struct arena *a, const struct docx *d)
{
	struct docx_use *uses;
	size_t n = docx_fields(a, d, &uses);
	struct docx_value *values = ARENA_ARRAY(a, struct docx_value, n + 1);
	for (size_t i = 0; i < n; i++) {
		bool is_url = uses[i].kind == DOCX_USE_LINK || i % 5 == 4;
		values[i] = (struct docx_value){ .name = uses[i].name,
			.kind = is_url ? FIELD_URL : FIELD_TEXT,
			.text = is_url ? S("https://example.org/?a=1&b=2") : S("<script>{{x}}\nthe end") };
	}
	struct docx_merged *m;
	struct problem why = problem_in(a);
	if (docx_merge(a, d, (struct docx_values){ values, n }, S("fr"), &m, &why)) {
		if (!why.first) BUG("refused without words");
		return;
	}
	struct docx_style style = { .accent = 0x005f6b, .house = S("House"), .language = S("fr") };
	struct str html = docx_html(a, m, &style).html, text = docx_text(a, m), subject = docx_subject(a, m);
	if (str_find(html, S("<script")) >= 0) BUG("a value became markup");
	if (!str_is_text(html) || !str_is_text(text) || !str_is_text(subject) || str_has(subject, '\n')) BUG("no clean text came out");
}

/* The first byte chooses: a whole file, or parts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) return 0;
	struct arena *a = arena_new();
	struct str bytes = { (const char *)data + 1, size - 1 };
	struct docx *d;
	struct problem why = problem_in(a);
	enum status st = docx_read(a, data[0] & 1 ? package_of(a, bytes) : bytes, (struct docx_limits){ 0 }, &d, &why);
	if (st && !why.first) BUG("refused without words");
	if (!st) {
		docx_check(d, NULL, 0, &why);
		merge(a, d);
	}
	arena_free(a);
	return 0;
}
