/* base/utf16.h: text as ICU takes it. For base/ only: everywhere else text is UTF-8. */
#pragma once
#include <unicode/umachine.h>

#include "base/str.h"

struct utf16 {
	const UChar *at;
	int32_t len;
};

/* UTF-8 as UTF-16 in arena A; what is no UTF-8 becomes U+FFFD. */
struct utf16 utf16_of(struct arena *a, struct str s);

/* UTF-16 as UTF-8 in arena A; a lone surrogate becomes U+FFFD. */
struct str utf16_str(struct arena *a, const UChar *at, int32_t len);
