/* shipping/track.h: a letter's number and its link, as they are shown now: the link is made of the partner's form each time, so a new form holds for old letters. */
#pragma once
#include "shipping/interface.h"
#include "shipping/shipment.h"

struct track {
	struct str number;	/* as people read it; empty: none */
	struct str plain;	/* to be copied */
	struct str link;	/* empty: the number is shown alone */
	struct str partner; /* the carrier's name; empty: not known */
	bool is_late;		/* posted so long ago that it should be there */
};
enum status track_of(
	struct conn *db, struct arena *a, const struct shipment *s, const struct piece *p, enum language l, struct str zone, struct track *out);
