/* base/fold.c: ICU's normalizers are shared and thread-safe; IDNA is opened a call, it is rare. */
#include "base/fold.h"

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/status.h"
#include "base/utf16.h"

#define DOMAIN_MAX 253 /* octets of a name in ASCII; RFC 1035, 2.3.4 */

static struct utf16 normalize(struct arena *a, const UNormalizer2 *form, struct utf16 s)
{
	UErrorCode error = U_ZERO_ERROR;
	int32_t len = unorm2_normalize(form, s.at, s.len, NULL, 0, &error);
	if (error != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(error)) BUG("normal form: %s", u_errorName(error));
	UChar *at = ARENA_ARRAY(a, UChar, (size_t)len + 1);
	error = U_ZERO_ERROR;
	unorm2_normalize(form, s.at, s.len, at, len + 1, &error);
	if (U_FAILURE(error)) BUG("normal form: %s", u_errorName(error));
	return (struct utf16){ at, len };
}

static struct utf16 nfc(struct arena *a, struct utf16 s)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *form = unorm2_getNFCInstance(&error);
	if (U_FAILURE(error)) BUG("ICU without NFC: %s", u_errorName(error));
	return normalize(a, form, s);
}

static struct utf16 fold_case(struct arena *a, struct utf16 s)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar *at = ARENA_ARRAY(a, UChar, (size_t)s.len * 3 + 1); /* full folding gives three units at most */
	int32_t len = u_strFoldCase(at, s.len * 3 + 1, s.at, s.len, U_FOLD_CASE_DEFAULT, &error);
	if (U_FAILURE(error)) BUG("case folding: %s", u_errorName(error));
	return (struct utf16){ at, len };
}

struct str text_nfc(struct arena *a, struct str s)
{
	struct utf16 n = nfc(a, utf16_of(a, s));
	return utf16_str(a, n.at, n.len);
}

static const UNormalizer2 *nfkd_form(void)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *form = unorm2_getNFKDInstance(&error);
	if (U_FAILURE(error)) BUG("ICU without NFKD: %s", u_errorName(error));
	return form;
}

struct str text_nfkd(struct arena *a, struct str s)
{
	struct utf16 n = normalize(a, nfkd_form(), utf16_of(a, s));
	return utf16_str(a, n.at, n.len);
}

struct str text_fold_case(struct arena *a, struct str s)
{
	struct utf16 n = nfc(a, fold_case(a, nfc(a, utf16_of(a, s))));
	return utf16_str(a, n.at, n.len);
}

/* What has no decomposition but is searched for by its parts. */
static struct str letters_of(UChar32 c)
{
	switch (c) {
	case 0x00e6: return S("ae");
	case 0x0153: return S("oe");
	case 0x00f8: return S("o");
	case 0x0142: return S("l");
	case 0x0111: return S("d");
	case 0x0131: return S("i");
	default: return S("");
	}
}

struct str text_fold_search(struct arena *a, struct str s)
{
	struct utf16 n = fold_case(a, normalize(a, nfkd_form(), utf16_of(a, s)));
	struct buf b = buf_in(a);
	for (int32_t i = 0; i < n.len;) {
		UChar32 c;
		int32_t from = i;
		U16_NEXT(n.at, i, n.len, c);
		if (u_charType(c) == U_NON_SPACING_MARK) continue;
		struct str letters = letters_of(c);
		if (letters.len) buf_add(&b, letters);
		else if (u_isalnum(c) || u_charType(c) == U_COMBINING_SPACING_MARK) buf_add(&b, utf16_str(a, n.at + from, i - from));
		else if (b.len && b.at[b.len - 1] != ' ') buf_add_char(&b, ' ');
	}
	return str_trim(buf_str(&b));
}

bool idna_to_ascii(struct arena *a, struct str domain, struct str *ascii)
{
	UErrorCode error = U_ZERO_ERROR;
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	if (domain.len == 0 || domain.len > 4 * DOMAIN_MAX) return false;
	UIDNA *idna = uidna_openUTS46(
		UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE, &error);
	if (U_FAILURE(error)) BUG("ICU without UTS 46: %s", u_errorName(error));
	char *at = arena_alloc(a, DOMAIN_MAX + 1);
	int32_t len = uidna_nameToASCII_UTF8(idna, domain.at, (int32_t)domain.len, at, DOMAIN_MAX, &info, &error);
	uidna_close(idna);
	/* Hyphens at the third and fourth place stand in real host names (r3---sn.example), though IDNA keeps them for itself. */
	if (U_FAILURE(error) || (info.errors & ~(uint32_t)UIDNA_ERROR_HYPHEN_3_4) || len <= 0 || len > DOMAIN_MAX) return false;
	*ascii = (struct str){ at, (size_t)len };
	return true;
}
