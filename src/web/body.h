/* web/body.h: a request's body: spooled whole, then read as form fields. */
#pragma once
#include "base/status.h"
#include "base/str.h"

#define BODY_MEMORY_MAX (64u << 10) /* longer bodies lie in an unnamed file: 32 uploads at once must not fill the memory */

struct body {
	struct arena *arena;
	struct buf memory;
	int fd; /* -1: all in memory */
	size_t len;
	char *map; /* of the file, once all is there */
};

/* An empty body whose first BODY_MEMORY_MAX bytes lie in arena A. */
struct body body_in(struct arena *a);

/* Appends. UNAVAILABLE: the disk is full or there is no temporary folder (TMPDIR, else /tmp); logged. */
enum status body_add(struct body *b, struct str bytes);

/* All of it: lives until body_close. UNAVAILABLE as above. */
enum status body_bytes(struct body *b, struct str *out);

/* Gives file and map back, after clearing what lies in memory. */
void body_close(struct body *b);

/* ---- reading ---- */

struct field {
	struct str name, value; /* decoded bytes, not yet looked at */
	bool is_file;
	struct str filename, type;
};

struct fields {
	struct field *at;
	size_t count;
};

/* REFUSED: malformed; UNAVAILABLE: more than FORM_FIELDS_MAX fields. What is decoded lies in arena A, the rest points into BYTES. */
enum status fields_urlencoded(struct arena *a, struct str bytes, struct fields *out);
enum status fields_multipart(struct arena *a, struct str bytes, struct str boundary, struct fields *out);

/* The boundary of a multipart/form-data Content-Type; false: it is none. */
bool multipart_boundary(struct str content_type, struct str *boundary);

/* Whether a Content-Type (with or without parameters) is TYPE. */
bool media_type_is(struct str content_type, struct str type);
