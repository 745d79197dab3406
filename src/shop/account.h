/* shop/account.h: what the pages of the account show. */
#pragma once
#include "base/str.h"

struct country_shown {
	struct str code, name;
	bool is_chosen;
};

struct profile_shown {
	struct str salutation, first_name, last_name, street, house_number, postcode, town, phone, language;
	const struct country_shown *countries;
	size_t country_count;
};

struct session_shown {
	struct str id, browser, network;
	int64_t made_at, seen_at;
	bool is_this;
};
