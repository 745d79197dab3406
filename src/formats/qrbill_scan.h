/* formats/qrbill_scan.h: finds QR codes in a picture. The C header before the only C++ of the tree (zxing-cpp). */
#pragma once
#include "base/problem.h"
#include "base/status.h"

#define SCAN_PNG_MAX	(32u << 20) /* bytes; an A4 page at 600 dpi in grey is under 10 MiB */
#define SCAN_PIXELS_MAX (60u << 20) /* A4 at 600 dpi has 35 million */
#define SCAN_CODES_MAX	64			/* on one picture */

/* The bytes of each QR code in the picture PNG, in arena A; two equal codes are two. OK also when there is none (*COUNT is 0).
 * REFUSED with a finding when PNG is no picture that can be read, or is larger than the limits. */
enum status qrbill_scan_png(struct arena *a, struct str png, struct str **codes, size_t *count, struct problem *why);
