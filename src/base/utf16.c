/* base/utf16.c: both ways by ICU. */
#include "base/utf16.h"

#include <unicode/ustring.h>

#include "base/status.h"

#define REPLACEMENT 0xfffd
#define TEXT_MAX	(256u << 20) /* far above every limit on input, and well within ICU's int32_t */

struct utf16 utf16_of(struct arena *a, struct str s)
{
	if (s.len > TEXT_MAX) BUG("text of %zu bytes", s.len);
	UChar *at = ARENA_ARRAY(a, UChar, s.len + 1); /* never more units than bytes */
	int32_t len = 0;
	UErrorCode error = U_ZERO_ERROR;
	u_strFromUTF8WithSub(at, (int32_t)s.len + 1, &len, s.at ? s.at : "", (int32_t)s.len, REPLACEMENT, NULL, &error);
	if (U_FAILURE(error)) BUG("UTF-8 to UTF-16: %s", u_errorName(error));
	return (struct utf16){ at, len };
}

struct str utf16_str(struct arena *a, const UChar *at, int32_t len)
{
	int32_t size = len * 3 + 1; /* a unit is three bytes at most; a pair is four */
	char *bytes = arena_alloc(a, (size_t)size);
	int32_t written = 0;
	UErrorCode error = U_ZERO_ERROR;
	u_strToUTF8WithSub(bytes, size, &written, at, len, REPLACEMENT, NULL, &error);
	if (U_FAILURE(error)) BUG("UTF-16 to UTF-8: %s", u_errorName(error));
	return (struct str){ bytes, (size_t)written };
}
