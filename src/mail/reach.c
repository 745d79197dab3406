/* mail/reach.c: by the first octets. */
#include "mail/reach.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

static bool may_reach_four(const uint8_t at[static 4])
{
	bool is_link_local = at[0] == 169 && at[1] == 254;
	return at[0] != 0 && at[0] < 224 && !is_link_local; /* from 224: multicast and reserved */
}

static bool may_reach_six(const struct in6_addr *six)
{
	const uint8_t *at = six->s6_addr;
	if (IN6_IS_ADDR_V4MAPPED(six)) return may_reach_four(at + 12);
	bool is_link_local = at[0] == 0xfe && (at[1] & 0xc0) == 0x80;
	return at[0] != 0xff && !is_link_local && !IN6_IS_ADDR_UNSPECIFIED(six);
}

bool mail_may_reach(const struct sockaddr *to)
{
	if (to->sa_family == AF_INET) {
		struct sockaddr_in four;
		uint8_t at[4];
		memcpy(&four, to, sizeof four);
		memcpy(at, &four.sin_addr, sizeof at);
		return may_reach_four(at);
	}
	struct sockaddr_in6 six;
	if (to->sa_family != AF_INET6) return false;
	memcpy(&six, to, sizeof six);
	return may_reach_six(&six.sin6_addr);
}
