/* base/country.h: the countries of ISO 3166-1, with their names from ICU. */
#pragma once
#include "base/lang.h"

struct country {
	struct str code; /* "CH" */
	struct str name; /* "Switzerland" */
};

/* All, in arena A: Switzerland and its neighbours first, then by name as the language sorts. */
struct country *country_list(struct arena *a, enum language l, size_t *count);

/* Whether CODE is one. */
bool country_known(struct str code);
