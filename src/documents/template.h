/* documents/template.h: document types and the Word templates in force. */
#pragma once
#include "base/lang.h"
#include "documents/class.h"
#include "store/store.h"

/* A .docx that is linked into the program, from templates/documents/ by tools/ship.sh. */
struct shipped_template {
	const char *name; /* "STX_PASSWORD_RESET_en.docx": the type's code and the language */
	const char *at, *end;
};
extern const struct shipped_template shipped_templates[]; /* shipped_template_count of them */
extern const size_t shipped_template_count;

/* Gives INSTITUTION a document type of each class with the shipped templates as version 1, inside a store_write. */
enum status document_types_install(struct conn *db, int64_t institution);

/* The template in force of the institution's oldest active type of CLASS, in language *L or else in the type's main language, which *L becomes.
 * NOT_FOUND when there is no active type, or no template of it in either. */
enum status template_in_force(struct conn *db, int64_t institution, enum document_class class, enum language *l, int64_t *template);
