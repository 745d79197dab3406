/* base/host.c: names by ICU's IDNA, addresses by inet_pton. */
#include "base/host.h"

#include <arpa/inet.h>

#include "base/fold.h"

static struct str six_read(struct arena *a, struct str host)
{
	struct in6_addr six;
	char shown[INET6_ADDRSTRLEN];
	char *inside = host.len > 2 && str_ends(host, S("]")) ? str_c(a, str_part(host, 1, host.len - 2)) : NULL;
	if (!inside || inet_pton(AF_INET6, inside, &six) != 1) return (struct str){ 0 };
	return str_format(a, "[%s]", inet_ntop(AF_INET6, &six, shown, sizeof shown));
}

struct str host_read(struct arena *a, struct str host)
{
	struct in_addr four;
	struct str name, last = { 0 };
	int64_t number;
	if (str_starts(host, S("["))) return six_read(a, host);
	if (!str_is_text(host) || !idna_to_ascii(a, host, &name) || !name.len) return (struct str){ 0 };
	for (struct str rest = name; str_next(&rest, '.', &last);) {
		if (!last.len) return (struct str){ 0 }; /* also a dot at the end: browsers would send another Host */
	}
	bool is_number = str_int64(last, &number) || str_starts(last, S("0x"));
	return is_number && inet_pton(AF_INET, str_c(a, name), &four) != 1 ? (struct str){ 0 } : name;
}

bool host_is_loopback(struct str host)
{
	return str_eq(host, S("localhost")) || str_ends(host, S(".localhost")) || str_eq(host, S("[::1]")) ||
		   (str_starts(host, S("127.")) && host.at[host.len - 1] >= '0' && host.at[host.len - 1] <= '9');
}
