/* accounts/phone.h: telephone numbers as people type them, stored in E.164 ("+41795552714"), shown as their country writes them. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

/* Reads a number typed by somebody in COUNTRY ("CH"): with +, with 00, or with the country's own 0. Blanks, brackets, slashes, dots and hyphens don't count, nor
 * does the "(0)" of "+41 (0)79 …". Empty stays empty. REFUSED with a finding at FIELD for what is no number, or has a 0 that we can't read for that country. */
enum status phone_read(struct arena *a, struct str typed, struct str country, const char *field, struct str *e164, struct problem *why);

/* "079 555 27 14" with no-break spaces for numbers of Switzerland, "+33 3 55 55 01 44" for its neighbours; others and what is not E.164 as they are. */
struct str phone_for_people(struct arena *a, struct str e164);

/* The digits of E164 as people of its country would dial it there ("0795552714"); empty where that is the same as with the country's code. */
struct str phone_home_digits(struct arena *a, struct str e164);
