/* formats/qrbill_text.h: what characters a QR-bill may hold (R06), and how other text is brought into them. */
#pragma once
#include "base/str.h"

/* Whether code point C may stand in the symbol: U+0020 to 007E, 00A0 to 017F, 0218 to 021B, 20AC. */
bool qrbill_character_allowed(uint32_t c);

/* What had to be done to a text. The lists are for people, at most QRBILL_SHOWN_MAX different characters, in the arena of the cleaning. */
#define QRBILL_SHOWN_MAX 8
struct qrbill_cleaning {
	bool had_surplus_blanks; /* R07: at an end, or several together; blanks are U+0020, U+00A0 and, beside them or at an end, U+00AD */
	struct str forbidden;	 /* characters of the text as given that may not stand there: "“, U+0308"; empty when there are none */
	struct str replaced;	 /* what was written for them: "“ → "", Œ̌ → Œ"; empty when composing them (NFC) was enough */
	bool is_illegible;		 /* not one letter or digit is left of what was put in, though there were characters without a counterpart */
};

/* TEXT without R07's blanks at its ends. Not str_trim's white space: tabs and line ends are R06's. */
struct str qrbill_text_trim(struct str text);

/* TEXT, valid UTF-8, as a bill may hold it, in arena A; TEXT itself where nothing changes. Composed to NFC first; then each character that may
 * not stand there is replaced: by the table (quotes, dashes, Greek and Cyrillic letters, ...), by its parts (ﬁ, ế), line ends and tabs by
 * a blank, invisible ones by nothing, and all others by a full stop. Blanks at the ends go, several become one. */
struct str qrbill_text_clean(struct arena *a, struct str text, struct qrbill_cleaning *what);
