/* billing/series.h: numbers without gaps: bills and credit notes, each in a series of its own a year. */
#pragma once
#include "store/store.h"

enum series { SERIES_BILL, SERIES_CREDIT_NOTE };

/* The next number of a series, from 1, inside a store_write. The series is locked until the commit: take it with the write's last statements. */
enum status series_next(struct conn *db, int64_t institution, enum series series, int64_t year, int64_t *out);

/* "2026-00017", and back ("2026-17" too). */
struct str series_number(struct arena *a, int64_t year, int64_t number);
bool series_number_read(struct str text, int64_t *year, int64_t *number);
