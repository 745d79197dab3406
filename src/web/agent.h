/* web/agent.h: a browser's name from what it says of itself, for people who look through their devices. */
#pragma once
#include "base/str.h"

/* "Firefox, Linux": enough to know one's own devices; names of products are the same in every language. Empty when AGENT names none that we know. */
struct str agent_name(struct arena *a, struct str agent);
