/* office/watched.h: the folder that an interface's files are fetched from, on its page; and the form that sets it. */
#pragma once
#include "office/office.h"
#include "shipping/watched.h"

/* What an interface's page shows of its folder; SLOW routes only, it looks at the disk. */
struct watched_shown {
	struct watched_view view;
	struct url change;	/* empty: this operator may not */
	struct str refused; /* where refused files lie */
};
enum status watched_shown_of(const struct office_page *p, const struct interface *i, struct watched_shown *out);

struct response office_watched_page(struct request *r);
struct response office_watched(struct request *r);
