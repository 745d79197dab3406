/* accounts/contact_words.h: the words that contacts are found by (domain.md 7), and the words of a search. Both sides are folded alike: case, accents, ß as ss; ä and
 * ae and a, ö and oe and œ and o, ü and ue and u are one. Telephone numbers, contact numbers and postcodes are words of digits. */
#pragma once
#include "store/store.h"

#define SEARCH_WORDS_MAX 6 /* of one search; nobody types more to find one person, and more are passed over */

/* What a search is made of: the beginnings of words, in the order typed; and the first behind all words that begin so. */
struct search_word {
	struct str from, below;
};
size_t search_words(struct arena *a, struct str typed, struct search_word words[static SEARCH_WORDS_MAX]);

/* Writes the words of a contact anew, from its row, channels, addresses and accounts as they are now, and those of what was merged into it; inside a store_write that changed one of them. */
enum status contact_words_write(struct conn *db, struct arena *a, int64_t contact);

/* Takes them away, before the contact's row goes. */
enum status contact_words_forget(struct conn *db, int64_t contact);

/* The words of these parts, sorted, each once: for who writes many contacts at a time. PHONE is E.164 or as typed, EMAIL_KEY may be empty. */
struct contact_parts {
	struct str names[4]; /* first, last, department, town */
	struct str postcode, phone, email_key;
	int64_t number;
};
size_t contact_parts_words(struct arena *a, const struct contact_parts *p, struct str **words);
