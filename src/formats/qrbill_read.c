/* formats/qrbill_read.c: the text of a symbol as a bill, with everything that is wrong with it. */
#include <string.h>

#include "formats/qrbill_reference.h"
#include "formats/qrbill_rules.h"
#include "formats/qrbill_text.h"

/* Lines by their numbers in the guidelines. */
enum {
	LINE_TYPE = 1,
	LINE_VERSION,
	LINE_CODING,
	LINE_ACCOUNT,
	LINE_CREDITOR,
	LINE_ULTIMATE_CREDITOR = 12,
	LINE_AMOUNT = 19,
	LINE_DEBTOR = 21,
	LINE_REFERENCE_TYPE = 28,
	LINE_TRAILER = 31,
	LINE_INFORMATION,
	LINE_LAST = 34,
};
#define ADDRESS_LINES	 7 /* with the type */
#define COMBINED_TOWN	 2 /* of a combined address's members, from the name: postcode and town, on the line of the house number */
#define ADDRESS_TOWN	 5 /* of a structured address's lines, from the type */
#define COMBINED_SURPLUS 4 /* of a combined address's lines, from the type: the first that stays empty */

#define BYTE_ORDER_MARK S("\xef\xbb\xbf")

struct lines {
	struct str at[LINE_LAST + 1]; /* by number; those that are missing are empty */
	size_t count;				  /* without the empty ones at the tail, never under 31 for them */
	size_t all;
	size_t bytes; /* of the counted ones with what parts them */
	bool has_lf, has_crlf, has_cr;
};

/* Takes the next line off REST, which is over when its AT is NULL. */
static struct str next_line(struct str *rest, struct lines *l)
{
	size_t len = 0;
	while (len < rest->len && rest->at[len] != '\n' && rest->at[len] != '\r') len++;
	struct str line = str_part(*rest, 0, len);
	if (len == rest->len) {
		*rest = (struct str){ NULL, 0 };
		return line;
	}
	bool is_crlf = rest->at[len] == '\r' && len + 1 < rest->len && rest->at[len + 1] == '\n';
	if (is_crlf) l->has_crlf = true;
	else if (rest->at[len] == '\r') l->has_cr = true;
	else l->has_lf = true;
	*rest = str_part(*rest, len + 1 + is_crlf, rest->len);
	return line;
}

static struct lines split(struct str text)
{
	struct lines l = { .count = 0 };
	if (!text.at) text = S("");
	struct str rest = text;
	while (rest.at) {
		struct str line = next_line(&rest, &l);
		l.all++;
		if (l.all <= LINE_LAST) l.at[l.all] = line;
		if (line.len == 0 && l.all > LINE_TRAILER) continue;
		l.count = l.all;
		l.bytes = (size_t)(line.at + line.len - text.at);
	}
	for (size_t i = 1; i <= LINE_LAST; i++)
		if (!l.at[i].at) l.at[i] = S("");
	return l;
}

/* ---- bytes into text ---- */

/* Bytes that are no UTF-8 are most likely an older program's Latin-1. */
static struct str from_latin1(struct arena *a, struct str bytes)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.at[i];
		if (c >= 0x80) {
			buf_add_char(&b, (char)(0xc0 | c >> 6));
			c = 0x80 | (c & 0x3f);
		}
		buf_add_char(&b, (char)c);
	}
	return buf_str(&b);
}

/* What is the same about every member's text. */
struct reading {
	struct qrbill *bill;
	struct qrbill_findings *f;
	struct lines lines;
	enum qrbill_severity tolerated; /* what a lenient reader warns of, and a strict one refuses */
	bool is_encoding_known;			/* to be wrong, and told */
	struct qrbill_exceptions but;
};

static struct str text_of(struct reading *r, struct str payload)
{
	if (str_starts(payload, BYTE_ORDER_MARK)) {
		qrbill_find(r->f, 6, QRBILL_ERROR, LINE_TYPE, "", MSG_QRBILL_BYTE_ORDER_MARK);
		payload = str_part(payload, BYTE_ORDER_MARK.len, payload.len);
	}
	if (str_is_text(payload)) return payload;
	qrbill_find(r->f, 6, QRBILL_ERROR, 0, "", MSG_QRBILL_NOT_UTF8);
	r->is_encoding_known = true;
	return from_latin1(r->f->arena, payload);
}

/* A line as the bill keeps it. */
static struct str member(struct reading *r, int line, const char *path)
{
	struct qrbill_cleaning what;
	struct str text = qrbill_text_clean(r->f->arena, r->lines.at[line], &what);
	if (what.forbidden.len && !r->is_encoding_known)
		qrbill_find(r->f, 6, QRBILL_ERROR, line, path, MSG_QRBILL_CHARACTERS, arg_text("characters", what.forbidden));
	if (what.had_surplus_blanks) qrbill_find(r->f, 7, QRBILL_WARNING, line, path, MSG_QRBILL_BLANKS);
	return text;
}

/* A fixed code or a number, without the blanks at its ends. */
static struct str code(struct reading *r, int line, const char *path)
{
	struct str text = r->lines.at[line], trimmed = qrbill_text_trim(text);
	if (trimmed.len != text.len) qrbill_find(r->f, 7, QRBILL_WARNING, line, path, MSG_QRBILL_BLANKS);
	return trimmed;
}

/* Short enough to be repeated. */
static struct arg found(struct reading *r, int line)
{
	struct qrbill_cleaning what;
	enum { FOUND_MAX = 20 };
	struct str text = r->lines.at[line];
	size_t len = text.len;
	if (len > FOUND_MAX)
		for (len = FOUND_MAX; len && ((unsigned char)text.at[len] & 0xc0) == 0x80;) len--;
	return arg_text("found", qrbill_text_clean(r->f->arena, str_part(text, 0, len), &what));
}

/* ---- the frame ---- */

static bool is_version_2(struct str s)
{
	return s.len == 4 && s.at[0] == '0' && s.at[1] == '2' && s.at[2] >= '0' && s.at[2] <= '9' && s.at[3] >= '0' && s.at[3] <= '9';
}

static void read_frame(struct reading *r)
{
	struct lines *l = &r->lines;
	struct qrbill_findings *f = r->f;
	struct str version = code(r, LINE_VERSION, "version");
	if (!str_eq(l->at[LINE_TYPE], S("SPC"))) qrbill_find(f, 1, QRBILL_ERROR, LINE_TYPE, "type", MSG_QRBILL_TYPE, found(r, LINE_TYPE));
	if (!is_version_2(version)) qrbill_find(f, 2, QRBILL_ERROR, LINE_VERSION, "version", MSG_QRBILL_VERSION, found(r, LINE_VERSION));
	else if (!str_eq(version, S("0200")))
		qrbill_find(f, 2, QRBILL_WARNING, LINE_VERSION, "version", MSG_QRBILL_VERSION_MINOR, found(r, LINE_VERSION));
	if (!str_eq(code(r, LINE_CODING, "coding"), S("1")))
		qrbill_find(f, 3, QRBILL_ERROR, LINE_CODING, "coding", MSG_QRBILL_CODING, found(r, LINE_CODING));
	if (l->count < LINE_TRAILER || l->count > LINE_LAST) qrbill_find(f, 4, QRBILL_ERROR, 0, "", MSG_QRBILL_LINES, arg_int("n", (int64_t)l->count));
	if (l->has_cr || (l->has_lf && l->has_crlf)) qrbill_find(f, 5, r->tolerated, 0, "", MSG_QRBILL_SEPARATORS);
	if (l->all > l->count) qrbill_find(f, 5, QRBILL_WARNING, (int)l->count, "", MSG_QRBILL_SEPARATOR_LAST);
	for (int i = LINE_ULTIMATE_CREDITOR; i < LINE_ULTIMATE_CREDITOR + ADDRESS_LINES; i++) {
		if (l->at[i].len == 0) continue;
		qrbill_find(f, 19, QRBILL_ERROR, i, "ultimate_creditor", MSG_QRBILL_ULTIMATE_CREDITOR);
		break;
	}
	if (!str_eq(code(r, LINE_TRAILER, "trailer"), S("EPD")))
		qrbill_find(f, 41, QRBILL_ERROR, LINE_TRAILER, "trailer", MSG_QRBILL_TRAILER, found(r, LINE_TRAILER));
}

/* ---- addresses ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_digit(s.at[i])) return true;
	return false;
}

/* LINE with ordinary blanks for no-break ones: words are told by them. */
static struct str with_plain_blanks(struct arena *a, struct str line)
{
	struct buf b = buf_in(a);
	for (; line.len; line = str_part(line, 1, line.len)) {
		bool is_no_break = str_starts(line, S("\u00a0"));
		buf_add_char(&b, is_no_break ? ' ' : line.at[0]);
		if (is_no_break) line = str_part(line, 1, line.len);
	}
	return buf_str(&b);
}

/* "3011 Bern" into postcode and town: the first word when it holds a digit; abroad all such words, "114 55 Stockholm", also when they stand behind,
 * "London SW1A 1AA". What has none is a town without a postcode. */
static void part_town(struct qrbill_address *a, struct str line)
{
	bool is_abroad = !str_eq(a->country, S("CH")) && !str_eq(a->country, S("LI"));
	size_t front = 0, back = line.len;
	struct str rest = line, word;
	while ((front == 0 || is_abroad) && str_next(&rest, ' ', &word) && has_digit(word)) front = (size_t)(word.at + word.len - line.at);
	for (size_t at = back; is_abroad && front == 0 && at; back = at) {
		for (at--; at && line.at[at - 1] != ' ';) at--;
		if (!has_digit(str_part(line, at, back - at))) break;
		if (at) at--; /* the blank */
	}
	if (front) a->postcode = str_part(line, 0, front), a->town = str_part(line, front == line.len ? front : front + 1, line.len);
	else a->town = str_part(line, 0, back), a->postcode = str_part(line, back == line.len ? back : back + 1, line.len);
}

/* "Bühnenweg 7" into street and number; a word that is longer than a number may be stays in the street. */
static void part_street(struct qrbill_address *a, struct str line)
{
	a->street = line;
	a->house_number = S("");
	size_t at = line.len;
	while (at && line.at[at - 1] != ' ') at--;
	struct str last = str_part(line, at, line.len);
	if (at == 0 || last.len == 0 || !is_digit(last.at[0]) || str_points(last) > QRBILL_HOUSE_NUMBER_MAX) return;
	a->street = str_part(line, 0, at - 1);
	a->house_number = last;
}

/* The two lines of a combined address (K) into the members of a structured one. Its other two have to be empty, and are not lost when they aren't. */
static void part_address(struct reading *r, int line, const char *const *paths, struct qrbill_address *a)
{
	struct str first = with_plain_blanks(r->f->arena, a->street), second = with_plain_blanks(r->f->arena, a->house_number);
	for (int i = 0; i < 2; i++) {
		int at = line + COMBINED_SURPLUS + i;
		if (r->lines.at[at].len) qrbill_find(r->f, 12, QRBILL_ERROR, at, paths[COMBINED_SURPLUS + i], MSG_QRBILL_COMBINED_SURPLUS, found(r, at));
	}
	part_street(a, first);
	part_town(a, second);
	int64_t length = (int64_t)str_points(first);
	if (length > QRBILL_STREET_MAX && str_points(a->street) <= QRBILL_STREET_MAX) /* a longer street is found as such */
		qrbill_find(r->f, 14, QRBILL_ERROR, line + 2, paths[2], MSG_QRBILL_TOO_LONG, arg_int("max", QRBILL_STREET_MAX), arg_int("length", length));
}

/* The address whose type stands on LINE, with the paths of its type and members. */
static void read_address(struct reading *r, int line, const char *const *paths, struct qrbill_address *a, bool *is_combined)
{
	struct str type = code(r, line, paths[0]), *members[] = { &a->name, &a->street, &a->house_number, &a->postcode, &a->town, &a->country };
	*is_combined = str_eq(type, S("K"));
	for (int i = 0; i < QRBILL_ADDRESS_FIELDS; i++) {
		bool is_town = *is_combined && i == COMBINED_TOWN;
		*members[i] = member(r, line + 1 + i, paths[is_town ? ADDRESS_TOWN : i + 1]);
	}
	if (*is_combined) {
		qrbill_find(r->f, 12, r->tolerated, line, paths[0], MSG_QRBILL_ADDRESS_COMBINED);
		part_address(r, line, paths, a);
	} else if (!str_eq(type, S("S")) && (line == LINE_CREDITOR || qrbill_has_address(a) || type.len)) {
		qrbill_find(r->f, 12, QRBILL_ERROR, line, paths[0], MSG_QRBILL_ADDRESS_TYPE, found(r, line));
	}
}

/* R23: a type without an address is a group begun and left. */
static void read_debtor(struct reading *r)
{
	static const char *const paths[] = { "debtor.type", "debtor.name", "debtor.street", "debtor.house_number", "debtor.postcode", "debtor.town",
		"debtor.country" };
	read_address(r, LINE_DEBTOR, paths, &r->bill->debtor, &r->but.debtor_is_combined);
	if (qrbill_has_address(&r->bill->debtor) || qrbill_text_trim(r->lines.at[LINE_DEBTOR]).len == 0) return;
	qrbill_find(r->f, 13, QRBILL_ERROR, LINE_DEBTOR + 1, "debtor.name", MSG_QRBILL_MISSING);
	qrbill_find(r->f, 16, QRBILL_ERROR, LINE_DEBTOR + 4, "debtor.postcode", MSG_QRBILL_MISSING);
	qrbill_find(r->f, 17, QRBILL_ERROR, LINE_DEBTOR + 5, "debtor.town", MSG_QRBILL_MISSING);
	qrbill_find(r->f, 18, QRBILL_ERROR, LINE_DEBTOR + 6, "debtor.country", MSG_QRBILL_MISSING);
}

/* ---- account, money, reference ---- */

static void read_account(struct reading *r)
{
	struct qrbill_cleaning what;
	struct str text = r->lines.at[LINE_ACCOUNT];
	struct str clean = qrbill_text_clean(r->f->arena, text, &what);
	if (what.forbidden.len && !r->is_encoding_known)
		qrbill_find(r->f, 6, QRBILL_ERROR, LINE_ACCOUNT, "account", MSG_QRBILL_CHARACTERS, arg_text("characters", what.forbidden));
	r->bill->account = reference_unspaced(r->f->arena, clean);
	if (!what.had_surplus_blanks && r->bill->account.len == clean.len) return;
	qrbill_find(r->f, 10, r->tolerated, LINE_ACCOUNT, "account", MSG_QRBILL_BLANKS_WITHIN);
	r->but.is_account_known = r->tolerated == QRBILL_ERROR;
}

static void read_amount(struct reading *r)
{
	struct str text = code(r, LINE_AMOUNT, "amount");
	r->bill->amount = QRBILL_AMOUNT_OPEN;
	if (text.len == 0 || qrbill_amount_read(text, &r->bill->amount)) return;
	qrbill_find(r->f, 20, QRBILL_ERROR, LINE_AMOUNT, "amount", MSG_QRBILL_AMOUNT, found(r, LINE_AMOUNT));
	r->bill->amount = QRBILL_AMOUNT_UNREADABLE;
}

static void read_reference(struct reading *r)
{
	struct str type = code(r, LINE_REFERENCE_TYPE, "reference");
	struct qrbill *bill = r->bill;
	bill->reference = member(r, LINE_REFERENCE_TYPE + 1, "reference");
	for (int kind = QRBILL_NON; kind <= QRBILL_SCOR; kind++) {
		if (!str_eq(type, str_of(qrbill_reference_kind_name((enum qrbill_reference_kind)kind)))) continue;
		bill->kind = (enum qrbill_reference_kind)kind;
		if (kind == QRBILL_SCOR) bill->reference = reference_capital(r->f->arena, bill->reference);
		return;
	}
	qrbill_find(r->f, 30, QRBILL_ERROR, LINE_REFERENCE_TYPE, "reference", MSG_QRBILL_REFERENCE_TYPE, found(r, LINE_REFERENCE_TYPE));
	r->but.is_reference_kind_known = true;
	bill->kind = reference_kind_on(bill->account, bill->reference);
}

static void read_tail(struct reading *r)
{
	struct qrbill *bill = r->bill;
	bill->bill_information = member(r, LINE_INFORMATION, "bill_information");
	bill->schemes[0] = member(r, LINE_INFORMATION + 1, "alternative_schemes[0]");
	bill->schemes[1] = member(r, LINE_INFORMATION + 2, "alternative_schemes[1]");
	bill->scheme_count = QRBILL_SCHEMES_MAX;
	while (bill->scheme_count && bill->schemes[bill->scheme_count - 1].len == 0) bill->scheme_count--;
}

void qrbill_read(struct str payload, enum qrbill_strictness how, struct qrbill *bill, struct qrbill_findings *f)
{
	static const char *const creditor[] = { "creditor.type", "creditor.name", "creditor.street", "creditor.house_number", "creditor.postcode",
		"creditor.town", "creditor.country" };
	struct reading r = { .bill = bill,
		.f = f,
		.tolerated = how == QRBILL_STRICT ? QRBILL_ERROR : QRBILL_WARNING,
		.but = { .is_syntax_opaque = how == QRBILL_STRICT, .is_combined_refused = how == QRBILL_STRICT } };
	enum qrbill_language language = bill->language;
	*bill = (struct qrbill){ .amount = QRBILL_AMOUNT_OPEN, .language = language };
	r.lines = split(text_of(&r, payload));
	if (!str_eq(r.lines.at[LINE_TYPE], S("SPC")) && r.lines.count < LINE_TRAILER) {
		f->count = 0;
		qrbill_find(f, QRBILL_RULE_NONE, QRBILL_ERROR, 0, "", MSG_QRBILL_NONE);
		return;
	}
	read_frame(&r);
	read_account(&r);
	read_address(&r, LINE_CREDITOR, creditor, &bill->creditor, &r.but.creditor_is_combined);
	read_amount(&r);
	bill->currency = member(&r, LINE_AMOUNT + 1, "currency");
	read_debtor(&r);
	read_reference(&r);
	bill->message = member(&r, LINE_REFERENCE_TYPE + 2, "message");
	read_tail(&r);
	qrbill_rules(bill, r.but, r.lines.bytes, f);
	qrbill_findings_sort(f);
}
