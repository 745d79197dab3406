/* office/bulk.h: what the pages of an action for many see. */
#pragma once
#include "accounts/bulk.h"
#include "office/contacts.h"

#define BULK_LEFT_SHOWN 100 /* contacts without a link that one page names */

struct outcome_shown {
	enum message word;
	int64_t count;
};

struct left_shown {
	int64_t contact;
	struct str number, name;
	enum message word;
};

struct bulk_shown {
	struct bulk_view view;
	struct outcome_shown outcomes[BULK_OUTCOMES];
	size_t outcome_count;
	struct left_shown left[BULK_LEFT_SHOWN];
	size_t left_count;
};

struct response office_bulk_choose(struct request *r);
struct response office_bulk_send(struct request *r);
struct response office_bulk_page(struct request *r);
struct response office_bulk_progress(struct request *r);
