/* web/agent.c: marks in a User-Agent; the first that fits, because each browser also names those it descends from. */
#include "web/agent.h"

#include "base/status.h"

struct str agent_name(struct arena *a, struct str agent)
{
	static const struct {
		struct str mark, name;
	} browsers[] = { { { STR("Firefox/") }, { STR("Firefox") } }, { { STR("Edg/") }, { STR("Edge") } }, { { STR("OPR/") }, { STR("Opera") } },
		{ { STR("SamsungBrowser/") }, { STR("Samsung Internet") } }, { { STR("Chrome/") }, { STR("Chrome") } },
		{ { STR("Safari/") }, { STR("Safari") } } },
	  systems[] = { { { STR("iPhone") }, { STR("iPhone") } }, { { STR("iPad") }, { STR("iPad") } }, { { STR("Android") }, { STR("Android") } },
		  { { STR("Windows") }, { STR("Windows") } }, { { STR("Mac OS X") }, { STR("Mac") } }, { { STR("Linux") }, { STR("Linux") } } };
	struct str browser = S(""), system = S("");
	for (size_t i = 0; i < COUNT(browsers) && browser.len == 0; i++)
		if (str_find(agent, browsers[i].mark) >= 0) browser = browsers[i].name;
	for (size_t i = 0; i < COUNT(systems) && system.len == 0; i++)
		if (str_find(agent, systems[i].mark) >= 0) system = systems[i].name;
	return str_format(a, "%.*s%s%.*s", STR_ARG(browser), browser.len && system.len ? ", " : "", STR_ARG(system));
}
