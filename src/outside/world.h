/* outside/world.h: the demonstration's outside world at /outside: the bank that buyers pay at, and the printing company. Both make real files, of the kind that the
 * office imports, from what stands in the database. Never in `serve`. */
#pragma once
#include "institution/doors.h"
#include "web/route.h"

struct world {
	const struct doors *doors;
	const struct str *office; /* --office-url; empty: none was given. Set before anybody asks */
	bool has_mailbox;
};

/* A face for /outside, on any host. */
struct face world_face(struct world *w);
