/* office/contingents.h: the page of a performance's shares. */
#pragma once
#include "office/programme.h"
#include "sales/contingent_edit.h"

struct contingents_shown {
	const struct performance_row *row;
	const struct pool_row *pools;
	const struct contingent_row *shares;
	struct choice *channels;
	size_t pool_count, share_count, channel_count;
	struct str name; /* as typed */
	int64_t from, to;
	struct str n;
	bool may_write;
};

struct response office_contingents_page(struct request *r); /* contingents.c */
struct response office_contingent_add(struct request *r);
struct response office_contingent_move(struct request *r);
