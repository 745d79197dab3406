/* institution/organisation.h: the parts of a house and its ways to sell, as lists to choose from. */
#pragma once
#include "store/store.h"

#define ORGANISATIONS_MAX 100 /* a city's houses are some dozen */
#define CHANNELS_MAX	  100 /* a house has one of each kind, and a few agencies */

struct organisation {
	int64_t id;
	struct str code, name;
};

struct sales_channel {
	int64_t id;
	struct str code, name, kind; /* "box-office", "internet-b2c", … */
};

/* By name, at most ORGANISATIONS_MAX and CHANNELS_MAX. */
enum status organisation_list(struct conn *db, struct arena *a, int64_t institution, struct organisation **out, size_t *count);
enum status channel_list(struct conn *db, struct arena *a, int64_t institution, struct sales_channel **out, size_t *count);

/* Whether a channel of KIND has a public URL: "internet-b2c", "internet-b2b". */
bool channel_is_internet(struct str kind);
