/* web/address.h: network addresses: where to listen, who asks, which proxies are believed. */
#pragma once
#include <sys/socket.h>

#include "base/problem.h"
#include "base/status.h"
#include "base/str.h"

/* IPv4 stands as IPv4-mapped IPv6 (::ffff:a.b.c.d), so that there is one form only. */
struct address {
	unsigned char bytes[16];
};

/* A network: the first BITS bits of an address. */
struct network {
	struct address address;
	unsigned bits;
};

bool address_parse(struct str text, struct address *out);
bool address_of(const struct sockaddr *from, struct address *out);

/* "10.0.0.0/8", "2001:db8::/32", or one address alone. False: none of these, or bits set behind the prefix. */
bool network_parse(struct str text, struct network *out);
bool network_holds(const struct network *n, const struct address *a);

/* How one client is counted and logged: IPv4 as the address, IPv6 as its /64 ("2001:db8:1:2::/64"). */
struct str address_client(struct arena *a, const struct address *from);

/* Who asks: PEER itself, unless it is one of the TRUSTED proxies: then the right-most hop of X-Forwarded-For that is none of them. A hop that is no address
 * ends the walk at the proxy that reported it. */
struct address address_behind(const struct address *peer, struct str forwarded_for, const struct network *trusted, size_t count);

/* Reads "ADDR:PORT", "[::1]:8080", "localhost:0"; false with the reason in WHY. */
bool address_listen(struct str text, struct sockaddr_storage *out, socklen_t *len, struct problem *why);
