/* formats/v11.h: V11 files, what banks sent for payments by the old slip (ESR) until autumn 2022: records of type 3 (100 characters, also padded) and of
 * type 4 (200). Line by line or as one unbroken stream. A wrong reference, total, count or fee, or a total that is missing, refuses the file. */
#pragma once
#include "formats/bank.h"

#define V11_RECORD_MAX	  200  /* of type 4 */
#define V11_STREAM_TYPE_3 128  /* columns of a record of type 3 where no line ends stand between records */
#define V11_GROUPS_MAX	  1024 /* participants and currencies in one file; real files have one or two */

struct v11;

/* A reader. Transactions go to HANDLER, findings to FINDINGS. */
struct v11 *v11_new(struct arena *a, const struct bank_handler *handler, void *user, struct bank_findings *findings);

/* The next piece; v11_end says that it was the last. REFUSED with a finding: what was handed on does not count. */
enum status v11_feed(struct v11 *v, struct str piece);
enum status v11_end(struct v11 *v);

/* SHA-256 of all records so far, without what pads and ends them. Only once, at the end: what is read behind it counts no more. */
void v11_hash(struct v11 *v, unsigned char hash[32]);
