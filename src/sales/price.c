/* sales/price.c: money in whole cents. */
#include "sales/price.h"

#include <stdbool.h>

#include "base/status.h"

#define WHOLE	  10000 /* basis points */
#define CASH_UNIT 5		/* the smallest coin */

__extension__ typedef __int128 wide; /* a product of two amounts */

int64_t vat_within(int64_t gross, int64_t basis_points)
{
	wide part = WHOLE + basis_points, twice = 2 * (wide)gross * basis_points;
	return (int64_t)((twice + (gross < 0 ? -part : part)) / (2 * part));
}

/* The first share whose remainder is the largest of those that have none of the rest yet. */
static size_t next_of(const int64_t *weights, size_t count, wide sum, int64_t total, const int64_t *shares)
{
	size_t best = count;
	wide most = -1;
	for (size_t i = 0; i < count; i++) {
		wide exact = (wide)total * weights[i], left = exact - (wide)shares[i] * sum;
		if (left <= 0 || left <= most) continue;
		most = left;
		best = i;
	}
	if (best == count) BUG("a remainder that belongs to nobody");
	return best;
}

void split_by_weight(int64_t total, const int64_t *weights, size_t count, int64_t *shares)
{
	wide sum = 0;
	int64_t left = total < 0 ? -total : total, whole = left;
	for (size_t i = 0; i < count; i++) sum += weights[i];
	for (size_t i = 0; i < count; i++) {
		shares[i] = sum ? (int64_t)((wide)whole * weights[i] / sum) : 0;
		left -= shares[i];
	}
	if (sum == 0) shares[0] = whole, left = 0;
	for (; left > 0; left--) shares[next_of(weights, count, sum, whole, shares)]++;
	for (size_t i = 0; total < 0 && i < count; i++) shares[i] = -shares[i];
}

int64_t cash_rounding(int64_t amount)
{
	int64_t over = amount % CASH_UNIT;
	if (over < 0) over += CASH_UNIT;
	return over * 2 > CASH_UNIT ? CASH_UNIT - over : -over;
}

bool price_read(struct str typed, int64_t *cents)
{
	int64_t n = 0;
	int decimals = -1, digits = 0;
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.at[i];
		if (c >= '0' && c <= '9') {
			if (decimals >= 0 && ++decimals > 2) return false;
			digits++;
			n = n * 10 + (c - '0');
		} else if ((c == '.' || c == ',') && decimals < 0 && digits) decimals = 0;
		else if (str_starts(str_part(typed, i, 3), S("\u2019")) && digits && decimals < 0) i += 2;
		else if (c != '\'' || !digits || decimals >= 0) return false;
		if (n > PRICE_MAX) return false;
	}
	for (int d = decimals < 0 ? 0 : decimals; d < 2; d++) n *= 10;
	*cents = n;
	return digits && decimals != 0 && n <= PRICE_MAX;
}
