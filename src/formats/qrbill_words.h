/* formats/qrbill_words.h: the words that are printed on a slip. They are fixed by the standard, so they are no messages of our catalogues. */
#pragma once
#include "formats/qrbill.h"

enum qrbill_word {
	QRBILL_PAYMENT_PART,
	QRBILL_RECEIPT,
	QRBILL_ACCOUNT,
	QRBILL_REFERENCE,
	QRBILL_ADDITIONAL,
	QRBILL_PAYABLE_BY,
	QRBILL_PAYABLE_BY_BLANK,
	QRBILL_CURRENCY,
	QRBILL_AMOUNT,
	QRBILL_ACCEPTANCE,
	QRBILL_SEPARATE, /* empty in Romansh, for which there is no agreed wording */
	QRBILL_WORDS
};

struct str qrbill_word(enum qrbill_language language, enum qrbill_word word);
