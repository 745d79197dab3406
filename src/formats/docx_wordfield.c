/* formats/docx_wordfield.c: instructions of Word's fields: MERGEFIELD "first name" \* Upper. */
#include "formats/docx_reading.h"

#include "base/status.h"

#define WORDS_MAX 32 /* of an instruction; Word's longest have a dozen */

struct word {
	struct str text;
	bool is_switch; /* \* and the like */
};

/* Length of a quotation mark at the front of S: the plain one, or those that Word's typing aid makes of it. */
static size_t quote_at(struct str s)
{
	if (s.len && s.at[0] == '"') return 1;
	return str_starts(s, S("“")) || str_starts(s, S("”")) || str_starts(s, S("„")) ? 3 : 0;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t split(struct str s, struct word *words)
{
	size_t n = 0;
	while (n < WORDS_MAX) {
		while (s.len && is_blank(s.at[0])) s = str_part(s, 1, s.len);
		if (s.len == 0) break;
		size_t quote = quote_at(s), end = 0;
		struct word *w = &words[n++];
		*w = (struct word){ .is_switch = !quote && s.at[0] == '\\' };
		if (quote) {
			s = str_part(s, quote, s.len);
			while (end < s.len && !quote_at(str_part(s, end, s.len))) end++;
			w->text = str_part(s, 0, end);
			s = str_part(s, end + quote_at(str_part(s, end, s.len)), s.len);
		} else if (w->is_switch) {
			end = s.len > 1 ? 2 : 1;
			w->text = str_part(s, 0, end);
			s = str_part(s, end, s.len);
		} else {
			while (end < s.len && !is_blank(s.at[end])) end++;
			w->text = str_part(s, 0, end);
			s = str_part(s, end, s.len);
		}
	}
	return n;
}

static struct str normal(struct arena *a, struct str s)
{
	struct buf b = buf_in(a);
	s = str_trim(s);
	for (size_t i = 0; i < s.len; i++) {
		if (!is_blank(s.at[i])) buf_add_char(&b, s.at[i]);
		else if (i && !is_blank(s.at[i - 1])) buf_add_char(&b, ' ');
	}
	return buf_str(&b);
}

static void letters_read(struct docx_field *f, struct str name)
{
	static const struct {
		struct str name;
		enum docx_case letters;
	} known[] = {
		{ { STR("Upper") }, DOCX_UPPER },
		{ { STR("Lower") }, DOCX_LOWER },
		{ { STR("FirstCap") }, DOCX_FIRST_CAPITAL },
		{ { STR("Caps") }, DOCX_CAPITALS },
	};
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq_nocase(name, known[i].name)) f->letters = known[i].letters;
}

/* The switches of a MERGEFIELD from WORDS on. Dates and amounts come written in the mail's language, so \@ and \# have nothing to work on. */
static void switches_read(struct docx *d, struct docx_field *f, const struct word *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!words[i].is_switch) continue;
		char letter = words[i].text.len > 1 ? words[i].text.at[1] : 0;
		bool has_value = i + 1 < n && !words[i + 1].is_switch;
		struct str value = has_value ? words[i + 1].text : S("");
		switch (letter) {
		case '*':
			for (size_t w = i + 1; w < n && !words[w].is_switch; w++) letters_read(f, words[w].text);
			break;
		case 'b': f->before = value; break;
		case 'f': f->after = value; break;
		case '@':
		case '#': docx_note(&d->remarks, MSG_DOCX_FORMAT_IGNORED, "format", value); break;
		default: break;
		}
	}
}

static enum word_field_kind kind_of(struct str word)
{
	static const struct {
		struct str word;
		enum word_field_kind kind;
	} known[] = {
		{ { STR("MERGEFIELD") }, WORD_MERGEFIELD },
		{ { STR("HYPERLINK") }, WORD_HYPERLINK },
		/* A mail has no pages. */
		{ { STR("PAGE") }, WORD_HIDDEN },
		{ { STR("NUMPAGES") }, WORD_HIDDEN },
		{ { STR("SECTIONPAGES") }, WORD_HIDDEN },
		/* What Word would work out while merging: shown as it stands it would be wrong in every mail but one. */
		{ { STR("IF") }, WORD_REFUSED },
		{ { STR("=") }, WORD_REFUSED },
		{ { STR("NEXT") }, WORD_REFUSED },
		{ { STR("NEXTIF") }, WORD_REFUSED },
		{ { STR("SKIPIF") }, WORD_REFUSED },
		{ { STR("COMPARE") }, WORD_REFUSED },
		{ { STR("SET") }, WORD_REFUSED },
		{ { STR("ASK") }, WORD_REFUSED },
		{ { STR("FILLIN") }, WORD_REFUSED },
		{ { STR("DATABASE") }, WORD_REFUSED },
		{ { STR("MERGEREC") }, WORD_REFUSED },
		{ { STR("MERGESEQ") }, WORD_REFUSED },
		{ { STR("ADDRESSBLOCK") }, WORD_REFUSED },
		{ { STR("GREETINGLINE") }, WORD_REFUSED },
		{ { STR("INCLUDETEXT") }, WORD_REFUSED },
		{ { STR("INCLUDEPICTURE") }, WORD_REFUSED },
		{ { STR("DDE") }, WORD_REFUSED },
		{ { STR("DDEAUTO") }, WORD_REFUSED },
	};
	if (str_starts(word, S("="))) return WORD_REFUSED;
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq_nocase(word, known[i].word)) return known[i].kind;
	return WORD_SHOWN;
}

struct word_field word_field_read(struct arena *a, struct docx *d, struct str instruction)
{
	struct word words[WORDS_MAX];
	struct str text = normal(a, instruction);
	size_t n = split(text, words);
	if (n == 0) return (struct word_field){ .kind = WORD_SHOWN };
	struct word_field f = { .kind = kind_of(words[0].text), .word = words[0].text, .field.instruction = text };
	size_t i = 1;
	struct buf argument = buf_in(a); /* an unquoted name may have blanks */
	for (; i < n && !words[i].is_switch; i++) {
		if (i > 1) buf_add_char(&argument, ' ');
		buf_add(&argument, words[i].text);
	}
	f.argument = str_trim(buf_str(&argument));
	if (f.kind == WORD_MERGEFIELD) switches_read(d, &f.field, words + i, n - i);
	if (f.kind == WORD_SHOWN) docx_note(&d->remarks, MSG_DOCX_WORD_FIELD_KEPT, "field", f.word);
	if (f.kind == WORD_REFUSED) docx_note(&d->faults, MSG_DOCX_WORD_FIELD_REFUSED, "field", f.word);
	return f;
}
