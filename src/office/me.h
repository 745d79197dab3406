/* office/me.h: what the page of one's own sign-in shows. */
#pragma once
#include "office/office.h"

struct device_shown {
	struct str id, browser, network;
	int64_t made_at, seen_at;
	bool is_this;
};

/* The operator's living sessions for a page; false when the database is away. */
bool devices_shown(struct request *r, int64_t operator_id, struct device_shown **out, size_t *count);
