/* sales/price.h: money in whole cents: VAT, splitting, rounding. Pure. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define PRICE_MAX INT64_C(1000000000) /* ten million: no ticket costs it, and a thousand of them still add up */

/* Reads "95", "95.5", "1'234.50" or "95,50" as cents; false for anything else, and for more than PRICE_MAX. */
bool price_read(struct str typed, int64_t *cents);

/* The VAT that GROSS contains at BASIS_POINTS (810 is 8.1 %), rounded half away from zero: once a rate and order, never a line. */
int64_t vat_within(int64_t gross, int64_t basis_points);

/* TOTAL in shares of the WEIGHTS, which add up to it exactly: what rounding leaves goes to the largest remainders, the first of equal ones first. Weights are not
 * negative; when all are 0 the first gets everything. COUNT is at least 1. */
void split_by_weight(int64_t total, const int64_t *weights, size_t count, int64_t *shares);

/* What a cash payment of AMOUNT is rounded by, to 0.05: -2 to +2. */
int64_t cash_rounding(int64_t amount);
