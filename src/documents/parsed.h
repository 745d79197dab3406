/* documents/parsed.h: templates, parsed once and kept while they are used. */
#pragma once
#include "formats/docx.h"
#include "store/store.h"

/* A store of parsed templates by id; they never change. Shared by threads. The caller frees it when no template is open any more. */
struct templates;
struct templates *templates_new(void);
void templates_free(struct templates *t);

/* A parsed template, in memory until template_close; read-only. REFUSED with findings when the .docx cannot be read. */
struct template
{
	int64_t id;
	const struct docx *docx;
};
enum status template_open(struct templates *t, struct conn *db, int64_t id, const struct template **out, struct problem *why);
void template_close(struct templates *t, const struct template *open);
