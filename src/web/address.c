/* web/address.c: one form for both families of addresses. */
#include "web/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

#define ADDRESS_TEXT_MAX 64 /* INET6_ADDRSTRLEN is 46 */
#define LISTEN_TEXT_MAX	 256

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

static bool is_mapped(const struct address *a)
{
	return memcmp(a->bytes, mapped, sizeof mapped) == 0;
}

static bool parse(struct str text, struct address *out, bool *is_v4)
{
	char c[ADDRESS_TEXT_MAX];
	if (text.len == 0 || text.len >= sizeof c || memchr(text.at, 0, text.len)) return false;
	memcpy(c, text.at, text.len);
	c[text.len] = 0;
	*is_v4 = inet_pton(AF_INET, c, out->bytes + 12) == 1;
	if (*is_v4) return memcpy(out->bytes, mapped, sizeof mapped), true;
	return inet_pton(AF_INET6, c, out->bytes) == 1;
}

bool address_parse(struct str text, struct address *out)
{
	bool is_v4;
	return parse(text, out, &is_v4);
}

bool address_of(const struct sockaddr *from, struct address *out)
{
	if (from->sa_family == AF_INET) {
		memcpy(out->bytes, mapped, sizeof mapped);
		memcpy(out->bytes + 12, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
		return true;
	}
	if (from->sa_family != AF_INET6) return false;
	memcpy(out->bytes, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
	return true;
}

static bool bit(const struct address *a, unsigned i)
{
	return a->bytes[i / 8] >> (7 - i % 8) & 1;
}

bool network_parse(struct str text, struct network *out)
{
	struct str rest = text, address;
	if (!str_next(&rest, '/', &address)) return false;
	bool is_v4;
	if (!parse(address, &out->address, &is_v4)) return false;
	int64_t bits = is_v4 ? 32 : 128;
	if (rest.at && (!str_int64(rest, &bits) || bits < 0 || bits > (is_v4 ? 32 : 128))) return false;
	out->bits = (unsigned)bits + (is_v4 ? 96 : 0);
	for (unsigned i = out->bits; i < 128; i++)
		if (bit(&out->address, i)) return false;
	return true;
}

bool network_holds(const struct network *n, const struct address *a)
{
	for (unsigned i = 0; i < n->bits; i++)
		if (bit(&n->address, i) != bit(a, i)) return false;
	return true;
}

struct str address_client(struct arena *a, const struct address *from)
{
	char text[ADDRESS_TEXT_MAX];
	if (is_mapped(from)) {
		inet_ntop(AF_INET, from->bytes + 12, text, sizeof text);
		return str_keep(a, str_of(text));
	}
	struct address net = *from;
	memset(net.bytes + 8, 0, 8);
	inet_ntop(AF_INET6, net.bytes, text, sizeof text);
	return str_format(a, "%s/64", text);
}

static bool is_trusted(const struct address *a, const struct network *trusted, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (network_holds(&trusted[i], a)) return true;
	return false;
}

/* A hop as proxies write it: an address, "[v6]:port" or "v4:port". */
static bool hop_parse(struct str hop, struct address *out)
{
	hop = str_trim(hop);
	if (address_parse(hop, out)) return true;
	ptrdiff_t end = str_starts(hop, S("[")) ? str_find(hop, S("]")) : -1;
	if (end > 0) return address_parse(str_part(hop, 1, (size_t)end - 1), out);
	ptrdiff_t colon = str_find(hop, S(":"));
	return colon > 0 && address_parse(str_part(hop, 0, (size_t)colon), out);
}

struct address address_behind(const struct address *peer, struct str forwarded_for, const struct network *trusted, size_t count)
{
	struct address who = *peer;
	size_t end = forwarded_for.len;
	while (end && is_trusted(&who, trusted, count)) {
		size_t from = end;
		while (from && forwarded_for.at[from - 1] != ',') from--;
		struct address hop;
		if (!hop_parse(str_part(forwarded_for, from, end - from), &hop)) break;
		who = hop;
		end = from ? from - 1 : 0;
	}
	return who;
}

bool address_listen(struct str text, struct sockaddr_storage *out, socklen_t *len, struct problem *why)
{
	char host[LISTEN_TEXT_MAX], *port = NULL;
	struct addrinfo *found = NULL;
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	if (text.len && text.len < sizeof host && !memchr(text.at, 0, text.len)) {
		memcpy(host, text.at, text.len);
		host[text.len] = 0;
		port = strrchr(host, ':');
	}
	int64_t number;
	if (!port || !str_int64(str_of(port + 1), &number) || number < 0 || number > 65535) goto refused;
	*port++ = 0;
	char *name = host;
	size_t n = strlen(name);
	if (n > 1 && name[0] == '[' && name[n - 1] == ']') {
		name[n - 1] = 0;
		name++;
	} else if (strchr(name, ':')) goto refused; /* an IPv6 address without brackets: its last group is no port */
	if (getaddrinfo(*name ? name : NULL, port, &hints, &found) != 0) goto refused;
	memcpy(out, found->ai_addr, found->ai_addrlen);
	*len = found->ai_addrlen;
	freeaddrinfo(found);
	return true;
refused:
	problem_add(why, "listen", MSG_LISTEN_ADDRESS_BAD, arg_text("value", why ? str_keep(why->arena, text) : text));
	return false;
}
