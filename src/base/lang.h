/* base/lang.h: the four languages: catalogues from po/, and dates, numbers and amounts as ICU writes them for Switzerland. */
#pragma once
#include "base/problem.h"

enum language { LANG_EN = 0, LANG_FR, LANG_DE, LANG_IT, LANGUAGES };

/* "en", "fr", "de", "it"; and the language's own name ("Français"). */
const char *lang_tag(enum language l);
const char *lang_name(enum language l);

/* Reads a tag, with or without a region ("de", "de-CH", "DE_ch"); false when it is none of ours. */
bool lang_from_tag(struct str tag, enum language *out);

/* A tag that we wrote ourselves, into a row of the database: any other is a BUG. */
enum language lang_written(struct str tag);

/* The best of the languages in ALLOWED (a set of 1 << language; 0 is all) for an Accept-Language header (RFC 9110, 12.5.4). */
enum language lang_accept(struct str header, unsigned allowed, enum language otherwise);

/* Message M in language L with its {placeholders} filled in; plural form by the argument "n" (CLDR rules, from ICU).
 * ARGS ends with kind ARG_END, or is NULL; a placeholder without its argument is a BUG. Numbers are written as lang_number does, text arguments are
 * put in as they are: escape the whole result for where it goes. */
struct str lang_text(struct arena *a, enum language l, enum message m, const struct arg *args);

/* The two halves of lang_text, for who escapes in between: the text with its {placeholders} still in, and the value of one. */
struct str lang_pattern(enum language l, enum message m, const struct arg *args);
struct str lang_arg(struct arena *a, enum language l, enum message m, const struct arg *args, struct str name);

/* A finding's text. */
struct str lang_finding(struct arena *a, enum language l, const struct finding *f);

/* Whole problem as lines (the last without its end), for the command line and logs of commands. */
struct str lang_problem(struct arena *a, enum language l, const struct problem *why);

/* A UTC time in ZONE (IANA name, "Europe/Zurich"), as en_CH, fr_CH, de_CH or it_CH write it: "Tue 24 Nov 2026, 09:15" and "24 November 2026".
 * UTC where ICU does not know ZONE. */
struct str lang_datetime(struct arena *a, enum language l, int64_t utc, struct str zone);
struct str lang_date(struct arena *a, enum language l, int64_t utc, struct str zone);

/* As a playbill has it: "November 2026"; "Tue, 09:15". */
struct str lang_month(struct arena *a, enum language l, int64_t utc, struct str zone);
struct str lang_weekday_time(struct arena *a, enum language l, int64_t utc, struct str zone);

/* "2026-11-24T09:15+01:00" for a <time datetime>. */
struct str lang_iso(struct arena *a, int64_t utc, struct str zone);

/* Whether ICU knows ZONE. */
bool lang_zone_known(struct str zone);

/* A whole number with its grouping; an amount of integer minor units, "CHF 1’234.50" (fr: "1 234.50 CHF"), with no-break spaces.
 * CURRENCY is three letters of ISO 4217. */
struct str lang_number(struct arena *a, enum language l, int64_t n);
struct str lang_amount(struct arena *a, enum language l, int64_t minor, struct str currency);
