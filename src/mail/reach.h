/* mail/reach.h: which addresses a mail server may have. */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>

/* Whether one may connect to TO. Not to link-local addresses (169.254.169.254 hands out a cloud machine's secrets), multicast, or what is no host's; asked after the
 * name was looked up, so that no name leads there. This machine and private networks are allowed: a house's own relay stands there more often than not. */
bool mail_may_reach(const struct sockaddr *to);
