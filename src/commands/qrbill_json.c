/* commands/qrbill_json.c: bills and findings as JSON and back. */
#include <stdlib.h>
#include <string.h>

#include "commands/qrbill.h"
#include "formats/qrbill_reference.h"
#include "formats/qrbill_text.h"

#define RULE_BLANKS	 7
#define RULE_AMOUNT	 20
#define LINE_AMOUNT	 19
#define RULE_SCHEMES 43
#define LINE_SCHEMES 33

/* ---- out ---- */

json_t *json_text(struct arena *a, struct str s)
{
	json_t *text = json_stringn(s.len ? s.at : "", s.len);
	if (text) return text;
	char *bytes = arena_alloc(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++) bytes[i] = (unsigned char)s.at[i] < 0x80 ? s.at[i] : '?';
	return json_stringn(bytes, s.len);
}

static json_t *finding(struct arena *a, struct str rule, const char *field, const char *severity, struct str message)
{
	json_t *o = json_object();
	json_object_set_new(o, "rule", json_text(a, rule));
	json_object_set_new(o, "field", json_text(a, str_of(field)));
	json_object_set_new(o, "severity", json_string(severity));
	json_object_set_new(o, "message", json_text(a, message));
	return o;
}

json_t *json_findings(struct arena *a, enum language l, const struct qrbill_findings *f)
{
	json_t *list = json_array();
	for (size_t i = 0; i < f->count; i++) {
		const struct qrbill_finding *x = &f->at[i];
		json_array_append_new(list,
			finding(a, qrbill_rule_name(a, x->rule), x->said.field, x->severity == QRBILL_ERROR ? "error" : "warning", lang_finding(a, l, &x->said)));
	}
	return list;
}

json_t *json_problem(struct arena *a, enum language l, const char *rule, const struct problem *why)
{
	json_t *list = json_array();
	for (const struct finding *x = why->first; x; x = x->next)
		json_array_append_new(list, finding(a, str_of(rule), x->field, "error", lang_finding(a, l, x)));
	return list;
}

static void set(struct arena *a, json_t *o, const char *member, struct str value)
{
	if (value.len) json_object_set_new(o, member, json_text(a, value));
}

/* The members of an address: the paths behind the full stop, which formats/ has in the order of struct qrbill_address. */
static const struct {
	const char *name;
	size_t offset;
} address_members[] = {
	{ "name", offsetof(struct qrbill_address, name) },
	{ "street", offsetof(struct qrbill_address, street) },
	{ "house_number", offsetof(struct qrbill_address, house_number) },
	{ "postcode", offsetof(struct qrbill_address, postcode) },
	{ "town", offsetof(struct qrbill_address, town) },
	{ "country", offsetof(struct qrbill_address, country) },
};

static void set_address(struct arena *a, json_t *o, const char *member, const struct qrbill_address *address)
{
	if (!qrbill_has_address(address)) return;
	json_t *inner = json_object();
	for (size_t i = 0; i < COUNT(address_members); i++)
		set(a, inner, address_members[i].name, *(const struct str *)((const char *)address + address_members[i].offset));
	json_object_set_new(o, member, inner);
}

json_t *json_bill(struct arena *a, const struct qrbill *bill, enum with_language with)
{
	json_t *o = json_object();
	set(a, o, "account", bill->account);
	set_address(a, o, "creditor", &bill->creditor);
	set_address(a, o, "debtor", &bill->debtor);
	set(a, o, "amount", qrbill_amount_text(a, bill->amount));
	set(a, o, "currency", bill->currency);
	set(a, o, "reference", bill->reference);
	set(a, o, "message", bill->message);
	set(a, o, "bill_information", bill->bill_information);
	if (bill->scheme_count) {
		json_t *schemes = json_array();
		for (size_t i = 0; i < bill->scheme_count; i++) json_array_append_new(schemes, json_text(a, bill->schemes[i]));
		json_object_set_new(o, "alternative_schemes", schemes);
	}
	if (with == WITH_LANGUAGE) json_object_set_new(o, "language", json_string(qrbill_language_tag(bill->language)));
	return o;
}

void json_line(FILE *out, json_t *line)
{
	json_dumpf(line, out, JSON_COMPACT);
	putc('\n', out);
	json_decref(line);
}

/* ---- in ---- */

struct reading {
	struct arena *a;
	struct qrbill *bill;
	struct qrbill_findings *f;
};

static void refuse(struct reading *r, const char *field, enum message message)
{
	qrbill_find(r->f, QRBILL_RULE_NONE, QRBILL_ERROR, 0, field, message);
}

/* VALUE as text; null and nothing are empty. */
static struct str text_of(struct reading *r, const char *field, json_t *value)
{
	if (json_is_string(value)) return (struct str){ json_string_value(value), json_string_length(value) };
	if (!json_is_null(value)) refuse(r, field, MSG_QRBILL_MEMBER_TEXT);
	return S("");
}

/* A member that no bill has: its name is kept whole, however long, for it came in one line. */
static void unknown(struct reading *r, const char *before, const char *name)
{
	struct str path = str_format(r->a, "%s%s", before, name);
	qrbill_find(r->f, QRBILL_RULE_NONE, QRBILL_WARNING, 0, str_c(r->a, path), MSG_QRBILL_MEMBER_UNKNOWN);
}

static void read_address(struct reading *r, const char *member, json_t *value, struct qrbill_address *out)
{
	const char *name;
	json_t *inner;
	if (json_is_null(value)) return;
	if (!json_is_object(value)) {
		refuse(r, member, MSG_QRBILL_MEMBER_ADDRESS);
		return;
	}
	json_object_foreach(value, name, inner)
	{
		size_t i = 0;
		while (i < COUNT(address_members) && strcmp(name, address_members[i].name) != 0) i++;
		if (i == COUNT(address_members)) {
			unknown(r, str_c(r->a, str_format(r->a, "%s.", member)), name);
			continue;
		}
		const char *path = str_c(r->a, str_format(r->a, "%s.%s", member, name));
		*(struct str *)((char *)out + address_members[i].offset) = text_of(r, path, inner);
	}
}

static void read_amount(struct reading *r, json_t *value)
{
	enum { SHOWN_MAX = 40, REAL_DIGITS = 15 /* that a double keeps: 0.1 is shown as it was written */ };
	if (json_is_null(value)) return;
	struct str text = S(""), trimmed;
	if (json_is_string(value)) text = (struct str){ json_string_value(value), json_string_length(value) };
	trimmed = qrbill_text_trim(text);
	if (trimmed.len != text.len) qrbill_find(r->f, RULE_BLANKS, QRBILL_WARNING, LINE_AMOUNT, "amount", MSG_QRBILL_BLANKS);
	if (json_is_string(value) && (trimmed.len == 0 || qrbill_amount_read(trimmed, &r->bill->amount))) return;
	r->bill->amount = QRBILL_AMOUNT_UNREADABLE;
	if (!json_is_string(value)) {
		char *shown = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(REAL_DIGITS));
		text = str_keep(r->a, str_of(shown));
		free(shown);
	}
	if (text.len > SHOWN_MAX || (json_is_real(value) && json_real_value(value) >= JSON_NUMBER_HUGE)) text = S("…");
	qrbill_find(r->f, RULE_AMOUNT, QRBILL_ERROR, LINE_AMOUNT, "amount", MSG_QRBILL_AMOUNT, arg_text("found", text));
}

/* A procedure beyond the two, which has no place in the bill and yet a length. */
static void judge_surplus_scheme(struct reading *r, size_t i, json_t *scheme)
{
	const char *path = str_c(r->a, str_format(r->a, "alternative_schemes[%zu]", i));
	size_t points = str_points(text_of(r, path, scheme));
	if (points > QRBILL_SCHEME_MAX)
		qrbill_find(r->f, RULE_SCHEMES, QRBILL_ERROR, LINE_SCHEMES + QRBILL_SCHEMES_MAX, path, MSG_QRBILL_TOO_LONG, arg_int("max", QRBILL_SCHEME_MAX),
			arg_int("length", (int64_t)points));
}

static void read_schemes(struct reading *r, json_t *value)
{
	size_t i;
	json_t *scheme;
	if (json_is_null(value)) return;
	if (!json_is_array(value)) {
		refuse(r, "alternative_schemes", MSG_QRBILL_MEMBER_TEXTS);
		return;
	}
	size_t count = json_array_size(value);
	if (count > QRBILL_SCHEMES_MAX)
		qrbill_find(r->f, RULE_SCHEMES, QRBILL_ERROR, LINE_SCHEMES, "alternative_schemes", MSG_QRBILL_SCHEMES, arg_int("n", (int64_t)count),
			arg_int("max", QRBILL_SCHEMES_MAX));
	json_array_foreach(value, i, scheme)
	{
		if (i >= QRBILL_SCHEMES_MAX) {
			judge_surplus_scheme(r, i, scheme);
			continue;
		}
		r->bill->schemes[i] = text_of(r, i ? "alternative_schemes[1]" : "alternative_schemes[0]", scheme);
		r->bill->scheme_count = i + 1;
	}
}

static void read_language(struct reading *r, json_t *value)
{
	struct str tag = text_of(r, "language", value);
	if (tag.len && !qrbill_language_from_tag(tag, &r->bill->language)) refuse(r, "language", MSG_QRBILL_LANGUAGE);
}

/* An account or reference as cleaning will leave it, of which only the kind of the reference is seen here. */
static struct str number_of(struct arena *a, struct str text)
{
	struct qrbill_cleaning what;
	return reference_compact(a, qrbill_text_clean(a, text, &what));
}

void bill_from_json(struct arena *a, json_t *object, struct qrbill *bill, struct qrbill_findings *f)
{
	struct reading r = { a, bill, f };
	const char *name;
	json_t *value;
	*bill = (struct qrbill){ .amount = QRBILL_AMOUNT_OPEN, .language = QRBILL_EN };
	json_object_foreach(object, name, value)
	{
		if (strcmp(name, "creditor") == 0) read_address(&r, name, value, &bill->creditor);
		else if (strcmp(name, "debtor") == 0) read_address(&r, name, value, &bill->debtor);
		else if (strcmp(name, "amount") == 0) read_amount(&r, value);
		else if (strcmp(name, "alternative_schemes") == 0) read_schemes(&r, value);
		else if (strcmp(name, "language") == 0) read_language(&r, value);
		else if (strcmp(name, "account") == 0) bill->account = text_of(&r, "account", value);
		else if (strcmp(name, "currency") == 0) bill->currency = text_of(&r, "currency", value);
		else if (strcmp(name, "reference") == 0) bill->reference = text_of(&r, "reference", value);
		else if (strcmp(name, "message") == 0) bill->message = text_of(&r, "message", value);
		else if (strcmp(name, "bill_information") == 0) bill->bill_information = text_of(&r, "bill_information", value);
		else unknown(&r, "", name);
	}
	bill->kind = reference_kind_on(number_of(a, bill->account), number_of(a, bill->reference));
}
