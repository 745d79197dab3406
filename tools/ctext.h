/* tools/ctext.h: C text read and written by the template compiler. */
#pragma once
#include "base/str.h"

bool c_is_word_byte(char c);

/* Whether S is an identifier. */
bool c_is_word(struct str s);

/* Takes what stands before the first blank off the front of REST, and the blanks too. */
struct str c_next_word(struct str *rest);

/* The first PART of S from FROM on that stands outside brackets and quotes, or S's length. */
size_t c_find(struct str s, size_t from, struct str part);

/* "const TYPE NAME", for a pointer "TYPE const NAME". */
void c_add_constant(struct buf *to, struct str type, struct str name);

/* "MSG_SIGN_IN" for the message "sign-in". */
void c_add_message(struct buf *to, struct str id);

/* Calls of render_literal that write S. */
void c_add_literal(struct buf *to, struct str s);
