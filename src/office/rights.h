/* office/rights.h: the table of rights and profiles, as a page and for the test that knows it by heart. */
#pragma once
#include "office/office.h"

struct right_row {
	enum message title;
	bool has[PROFILES];
};

struct way_row {
	const char *method, *pattern;
	enum message decision;
	struct str who; /* the profiles that get in */
};

/* What a route's needs ask for, in words; and whether somebody with RIGHTS gets in. */
enum message decision_title(unsigned needs);
bool decision_lets(unsigned needs, uint64_t rights);
