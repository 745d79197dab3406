/* base/host.h: what stands before the port of an address: the name of a host, or an address of numbers. */
#pragma once
#include "base/str.h"

/* HOST as it is compared, in arena A: a name by IDNA in lower case, an IPv4 address, or an IPv6 address in brackets; empty when it is none. A spelling of numbers
 * that libraries read as some other address ("1.2.3", "0x7f000001") is none. */
struct str host_read(struct arena *a, struct str host);

/* Whether HOST, as host_read leaves it, is this machine itself. */
bool host_is_loopback(struct str host);
