/* web/form.h: forms by declaration. What a handler gets is bounded, valid UTF-8, free of NUL and control characters, and came once.
 *
 *	static const struct form_field fields[] = { { "email", .max = 254, .is_required = true }, { "password", .max_bytes = 256, .is_secret = true } };
 *	struct form f = form_read(r, fields, COUNT(fields));
 *	if (problem_any(&f.why)) return page_422(…);
 *	… form_text(&f, "email") …
 */
#pragma once
#include "base/problem.h"
#include "web/request.h"

#define FORM_FIELDS_MAX 200 /* in one body; the largest form of the office has 60 */

struct form_field {
	const char *name;
	size_t max;		   /* characters at most; 0: only max_bytes counts */
	size_t max_bytes;  /* 0: four for each character; when both are 0: 200 characters */
	bool is_required;  /* must hold more than blanks */
	bool is_multiline; /* line ends and tabs are allowed; line ends come out as \n */
	bool is_secret;	   /* not trimmed, and never sent back: form_shown gives nothing */
	bool is_repeated;  /* may come several times: form_next */
};

struct form {
	struct problem why; /* findings at the fields: too long, not text, twice, missing; handlers add their own */
	const struct form_field *fields;
	size_t count;
	struct form_value *values;
	struct request *request;
};

/* Reads the declared fields of the body; others are passed over. Values are trimmed at both ends unless secret. */
struct form form_read(struct request *r, const struct form_field *fields, size_t count);

/* A field's value; empty when it did not come or has a finding. A name that is not declared is a BUG. */
struct str form_text(const struct form *f, const char *name);

/* Whether the field came at all: a check box. */
bool form_has(const struct form *f, const char *name);

/* The value for the page that shows the form again: as form_text; empty for secret fields. */
struct str form_shown(const struct form *f, const char *name);

/* Walks over the values of a repeated field, AT from 0: while (form_next(&f, "seat", &at, &value)) … */
bool form_next(const struct form *f, const char *name, size_t *at, struct str *value);

/* Walks over all text fields of the body whose name starts with START: for names made of codes ("places-CATEGORY-TARIFF"). Valid text of at most 200
 * characters each; others are passed over. */
bool form_next_named(struct request *r, struct str start, size_t *at, struct str *name, struct str *value);

/* Walks over all text fields of the body as they came, untrimmed, AT from 0: for who keeps a form whose handler does not run. */
bool form_next_raw(struct request *r, size_t *at, struct str *name, struct str *value);

/* A file sent with a FILES route. */
struct upload {
	struct str name;  /* as the browser named it: valid text, without folders, 255 bytes at most; only to be shown */
	struct str type;  /* as the browser says: not to be trusted */
	struct str bytes; /* lives as long as the request */
};

/* The file sent in FIELD; false when none, an empty one without name, or two. */
bool form_file(struct request *r, const char *field, struct upload *out);
