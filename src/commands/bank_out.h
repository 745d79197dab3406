/* commands/bank_out.h: what the bank commands read and write: files, and lines of JSON made for speed (a transaction costs less than reading it). */
#pragma once
#include "base/lang.h"
#include "formats/bank_file.h"

/* A file on disk, or what came through a pipe. */
struct bank_source {
	int fd;
	bool is_spooled; /* its path can't be opened again */
	struct bank_input input;
};

/* Opens the file at PATH; a pipe is read to its end first. UNAVAILABLE with words. The caller closes it; S must stay where it is until then. */
enum status bank_source_open(struct bank_source *s, struct str path, struct problem *why);
void bank_source_close(struct bank_source *s);

#define BANK_OUT_SIZE 65536

/* Bytes on their way to a file descriptor. */
struct bank_out {
	int fd, error; /* ERROR: errno of the first write that failed; nothing is written after it */
	size_t len;
	char at[BANK_OUT_SIZE];
};

void bank_out_add(struct bank_out *o, struct str s);
enum status bank_out_flush(struct bank_out *o);

/* Pieces of JSON. LEAD is what stands before the value, a literal: ",\"amount\":". */
void bank_out_text(struct bank_out *o, struct str lead, struct str value);		   /* a string */
void bank_out_text_or_null(struct bank_out *o, struct str lead, struct str value); /* null where it is empty */
void bank_out_int(struct bank_out *o, struct str lead, int64_t value);
void bank_out_bool(struct bank_out *o, struct str lead, bool value);
void bank_out_amount(struct bank_out *o, struct str lead, int64_t cents);

/* "findings":[…] */
void bank_out_findings(struct bank_out *o, struct arena *a, const struct bank_findings *findings);

/* The findings for people, a line each on stderr: "FILE:LINE: ELEMENT: words (C5)". */
void bank_tell_findings(struct arena *a, struct str file, const struct bank_findings *findings);

/* What the command line calls a file, as JSON may hold it. */
struct str bank_shown_path(struct arena *a, struct str path);

/* The language of who calls: of LC_ALL, LC_MESSAGES or LANG, else English. */
enum language bank_language(void);
