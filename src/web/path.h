/* web/path.h: paths and percent-encoding as they come from outside. */
#pragma once
#include "base/str.h"

/* Whether PATH (with query, without fragment) stays on the point of sale whoever reads it: begins with one '/', no second '/' or '\' behind it, also not
 * percent-encoded; no '\', control character, blank or byte outside ASCII anywhere; at most 2048 bytes. For `next` (recovery-cases 23). */
bool path_is_local(struct str path);

/* Percent-decodes S in arena A; '+' is a blank when PLUS_IS_BLANK. False: a '%' without two hexadecimal digits. */
enum plus { PLUS_IS_PLUS, PLUS_IS_BLANK };
bool percent_decode(struct arena *a, struct str s, enum plus plus, struct str *out);

/* Everything but unreserved characters (RFC 3986, 2.3) percent-encoded. */
struct str percent_encode(struct arena *a, struct str s);
