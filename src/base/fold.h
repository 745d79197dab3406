/* base/fold.h: text made comparable, by ICU: normal form, case, accents, domain names. */
#pragma once
#include "base/str.h"

/* Normalization Form C (UAX 15): composed and decomposed é become one. S is valid UTF-8. */
struct str text_nfc(struct arena *a, struct str s);

/* Normalization Form KD: taken apart as far as Unicode knows, ﬁ into f i, ế into e and two marks. S is valid UTF-8. */
struct str text_nfkd(struct arena *a, struct str s);

/* Full case folding (Unicode CaseFolding, C and F, not Turkic), in NFC: for keys that must be unique. ı stays ı, K (Kelvin) is k. */
struct str text_fold_case(struct arena *a, struct str s);

/* For search and sorting: case folded, without marks and ligatures (é e, œ oe, ß ss, ü u), blanks and punctuation between words as one blank. */
struct str text_fold_search(struct arena *a, struct str s);

/* A domain name in ASCII and lower case (UTS 46, non-transitional, STD3 rules): "bücher.example" → "xn--bcher-kva.example". False when it is none. */
bool idna_to_ascii(struct arena *a, struct str domain, struct str *ascii);
