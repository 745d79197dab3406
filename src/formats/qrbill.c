/* formats/qrbill.c: the bill's small things: names, amounts, findings. */
#include "formats/qrbill.h"

#include <stdlib.h>
#include <string.h>

static const char *const language_tags[QRBILL_LANGUAGES] = { "de", "fr", "it", "en", "rm" };
static const char *const kind_names[] = { "NON", "QRR", "SCOR" };

bool qrbill_has_address(const struct qrbill_address *address)
{
	return address->name.len || address->street.len || address->house_number.len || address->postcode.len || address->town.len ||
		   address->country.len;
}

struct str qrbill_amount_text(struct arena *a, int64_t amount)
{
	if (amount < 0) return S("");
	return str_format(a, "%lld.%02d", (long long)(amount / 100), (int)(amount % 100));
}

const char *qrbill_language_tag(enum qrbill_language l)
{
	return language_tags[l];
}

bool qrbill_language_from_tag(struct str tag, enum qrbill_language *out)
{
	for (size_t l = 0; l < COUNT(language_tags); l++)
		if (str_eq_nocase(tag, str_of(language_tags[l]))) return *out = (enum qrbill_language)l, true;
	return false;
}

const char *qrbill_reference_kind_name(enum qrbill_reference_kind kind)
{
	return kind_names[kind];
}

/* ---- findings ---- */

struct qrbill_findings qrbill_findings_in(struct arena *a)
{
	return (struct qrbill_findings){ .arena = a };
}

void qrbill_find_args(
	struct qrbill_findings *f, int rule, enum qrbill_severity severity, int line, const char *field, enum message message, const struct arg *args)
{
	size_t n = 0;
	while (args[n].kind != ARG_END) n++;
	struct arg *kept = ARENA_ARRAY(f->arena, struct arg, n + 1);
	memcpy(kept, args, (n + 1) * sizeof *kept);
	if (f->count == f->size) {
		size_t size = f->size ? f->size * 2 : 4;
		f->at = arena_grow(f->arena, f->at, f->size * sizeof *f->at, size * sizeof *f->at);
		f->size = size;
	}
	f->at[f->count++] = (struct qrbill_finding){ rule, severity, line, { .field = field, .message = message, .args = kept } };
}

void qrbill_findings_sort(struct qrbill_findings *f)
{
	for (size_t i = 1; i < f->count; i++) { /* a handful, mostly in order: insertion keeps those of one line as they were made */
		struct qrbill_finding x = f->at[i];
		size_t to = i;
		for (; to && (f->at[to - 1].rule > x.rule || (f->at[to - 1].rule == x.rule && f->at[to - 1].line > x.line)); to--) f->at[to] = f->at[to - 1];
		f->at[to] = x;
	}
}

struct str qrbill_rule_name(struct arena *a, int rule)
{
	return rule == QRBILL_RULE_S1 ? S("S1") : str_format(a, "R%02d", rule);
}

bool qrbill_is_valid(const struct qrbill_findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->at[i].severity == QRBILL_ERROR) return false;
	return true;
}
