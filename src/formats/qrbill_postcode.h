/* formats/qrbill_postcode.h: R16's "without country prefix": for qrbill.h's functions only. */
#pragma once
#include "base/str.h"

/* Whether POSTCODE of an address in COUNTRY (ISO 3166-1) has a country's sign before it: "CH-8001", "FL 9490", "D80331". Never where postcodes have
 * letters of their own in front ("LV-1010", "AD500", "L1 8JQ"). */
bool qrbill_postcode_has_country(struct str postcode, struct str country);
