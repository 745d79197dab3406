/* sales/ticket.c: numbers and barcodes. */
#include "sales/ticket.h"

#include "base/random.h"
#include "institution/institution.h"

#define NUMBERS_FROM 10000 /* so that the first order's number looks like one and not like an amount */

static const char letters[] = "ABCDFGHJKMNPQRSTVWXYZ", signs[] = "0123456789ABCDFGHJKMNPQRSTVWXYZ";

static const char *const states[] = { "held", "sold", "printed", "controlled", "cancelled", "invalidated" };

const char *ticket_state_name(enum ticket_state state)
{
	return states[state];
}

enum ticket_state ticket_state_read(struct str name)
{
	return (enum ticket_state)str_index(name, states, COUNT(states), "ticket state");
}

/* One of COUNT signs, each as likely as the others: bytes that would favour some are thrown away. */
static char sign_of(const char *from, unsigned count)
{
	unsigned char dice;
	do random_fill(&dice, 1);
	while (dice >= 256 / count * count);
	return from[dice % count];
}

struct str barcode_make(struct arena *a)
{
	char *at = arena_alloc(a, BARCODE_LENGTH);
	at[0] = sign_of(letters, sizeof letters - 1);
	for (size_t i = 1; i < BARCODE_LENGTH; i++) at[i] = sign_of(signs, sizeof signs - 1);
	return (struct str){ at, BARCODE_LENGTH };
}

struct str ticket_number(struct arena *a, int64_t id)
{
	return str_format(a, "T%lld", (long long)number_with_check(NUMBERS_FROM + id));
}

bool ticket_number_read(struct arena *a, struct str text, int64_t *id)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] != ' ') buf_add_char(&b, text.at[i]);
	struct str s = buf_str(&b);
	int64_t number;
	if (s.len < 2 || (s.at[0] != 'T' && s.at[0] != 't') || !str_int64(str_part(s, 1, s.len), &number)) return false;
	if (!number_checks(number) || number / 10 <= NUMBERS_FROM) return false;
	*id = number / 10 - NUMBERS_FROM;
	return true;
}

int64_t order_number_of(int64_t id)
{
	return number_with_check(NUMBERS_FROM + id);
}

struct str order_number(struct arena *a, int64_t number)
{
	return str_format(a, "%lld-%lld", (long long)(number / 10), (long long)(number % 10));
}

bool order_number_read(struct str text, int64_t *number)
{
	struct str rest = text, body;
	int64_t check = 0;
	bool is_parted = str_has(text, '-');
	if (!str_next(&rest, '-', &body) || !str_int64(body, number) || *number < 1) return false;
	if (is_parted) {
		if (rest.len != 1 || !str_int64(rest, &check) || check < 0 || *number > INT64_MAX / 10 - 1) return false;
		*number = *number * 10 + check;
	}
	return number_checks(*number);
}
