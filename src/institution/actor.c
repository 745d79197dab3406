/* institution/actor.c: whether somebody may. */
#include "institution/actor.h"

#include "base/status.h"

_Static_assert(RIGHTS <= 64, "rights are bits of one word");

bool actor_may(const struct actor *who, enum right right)
{
	return who->rights & RIGHT(right);
}

bool actor_may_in(const struct actor *who, enum right right, int64_t organisation)
{
	if (who->rights_everywhere & RIGHT(right)) return true;
	for (size_t i = 0; organisation && i < who->grant_count; i++)
		if (who->grants[i].organisation == organisation) return who->grants[i].rights & ~RIGHTS_OF_HOUSE & RIGHT(right);
	return false;
}

struct actor actor_command(int64_t institution, struct str name)
{
	const uint64_t all = RIGHT(RIGHTS) - 1;
	return (struct actor){ .institution = institution, .rights = all, .rights_everywhere = all, .name = name, .network = S("command") };
}
