/* institution/plain.h: what may stand in a field of the house: a line, a text, a colour, an address. */
#pragma once
#include "base/lang.h"

#define HOUSE_NAME_MAX	 100  /* characters of a name: what fits a page's head */
#define HOUSE_TEXT_MAX	 2000 /* what a house says of itself: a page, not a book */
#define HOUSE_DETAIL_MAX 100  /* a line of an address, a phone number */
#define SALE_CODE_MAX	 30	  /* it stands in cookies' names */

/* One line of at most MOST characters, without controls; it may be empty. */
bool is_plain_line(struct str s, size_t most);

/* Paragraphs may stand in it, other controls not. */
bool is_plain_text(struct str s, size_t most);

/* "#005f6b", lower case. */
bool is_colour(struct str s);

/* An address that can stand in an envelope. Whether mail may leave under it only the mail server knows. */
bool is_sender(struct str s);

/* [a-z0-9-], beginning with a letter or digit, SALE_CODE_MAX at most. */
bool is_sale_code(struct str s);

/* A set of 1 << language as the database has it: "en,fr". */
struct str languages_text(struct arena *a, unsigned languages);
