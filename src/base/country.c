/* base/country.c: ICU's list, less the codes that are not in use for addresses. */
#include "base/country.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "base/status.h"
#include "base/utf16.h"

#define COUNTRIES_MAX  300 /* ISO 3166-1 has 249 */
#define NAME_MAX_UNITS 128
#define SORT_KEY_MAX   512

static const char *const neighbours[] = { "CH", "LI", "DE", "FR", "IT", "AT" };

struct sortable {
	struct country country;
	int rank; /* among the neighbours, else COUNT(neighbours) */
	uint8_t key[SORT_KEY_MAX];
};

static int rank_of(const char *code)
{
	int rank = 0;
	while (rank < (int)COUNT(neighbours) && strcmp(code, neighbours[rank]) != 0) rank++;
	return rank;
}

static int by_rank_and_name(const void *a, const void *b)
{
	const struct sortable *x = a, *y = b;
	if (x->rank != y->rank) return x->rank - y->rank;
	return strcmp((const char *)x->key, (const char *)y->key);
}

static void fill(struct arena *a, enum language l, UCollator *collator, const char *code, struct sortable *out)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar name[NAME_MAX_UNITS];
	char locale[8];
	snprintf(locale, sizeof locale, "und_%s", code);
	int32_t len = uloc_getDisplayCountry(locale, lang_tag(l), name, NAME_MAX_UNITS, &error);
	if (U_FAILURE(error)) BUG("name of country %s: %s", code, u_errorName(error));
	out->country = (struct country){ str_of(code), utf16_str(a, name, len) };
	out->rank = rank_of(code);
	ucol_getSortKey(collator, name, len, out->key, sizeof out->key);
	out->key[sizeof out->key - 1] = 0;
}

struct country *country_list(struct arena *a, enum language l, size_t *count)
{
	UErrorCode error = U_ZERO_ERROR;
	UCollator *collator = ucol_open(lang_tag(l), &error);
	if (U_FAILURE(error)) BUG("collation %s: %s", lang_tag(l), u_errorName(error));
	struct sortable *all = ARENA_ARRAY(a, struct sortable, COUNTRIES_MAX);
	size_t n = 0;
	for (const char *const *code = uloc_getISOCountries(); *code && n < COUNTRIES_MAX; code++) fill(a, l, collator, *code, &all[n++]);
	ucol_close(collator);
	qsort(all, n, sizeof *all, by_rank_and_name);
	struct country *list = ARENA_ARRAY(a, struct country, n);
	for (size_t i = 0; i < n; i++) list[i] = all[i].country;
	*count = n;
	return list;
}

bool country_known(struct str code)
{
	for (const char *const *c = uloc_getISOCountries(); *c; c++)
		if (str_eq(code, str_of(*c))) return true;
	return false;
}
