/* Which addresses a mail server may have. */
#include "test.h"

#include <arpa/inet.h>

#include "mail/reach.h"

static bool may_reach(const char *address)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	if (inet_pton(AF_INET, address, &four.sin_addr) == 1) return mail_may_reach((const struct sockaddr *)&four);
	if (inet_pton(AF_INET6, address, &six.sin6_addr) != 1) fail_msg("%s is no address", address);
	return mail_may_reach((const struct sockaddr *)&six);
}

TEST(a_relay_may_stand_on_this_machine_in_the_lan_or_anywhere)
{
	static const char *const fine[] = { "127.0.0.1", "::1", "10.0.0.5", "172.16.1.1", "192.168.1.5", "fd00::5", "198.51.100.7", "2001:db8::25",
		"::ffff:10.0.0.5" };
	for (size_t i = 0; i < COUNT(fine); i++)
		if (!may_reach(fine[i])) fail_msg("%s was refused", fine[i]);
}

TEST(nothing_is_asked_where_no_mail_server_can_be)
{
	static const char *const wrong[] = { "169.254.169.254", "169.254.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255", "::", "fe80::1",
		"febf::1", "ff02::1", "::ffff:169.254.169.254", "::ffff:0.0.0.0" };
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (may_reach(wrong[i])) fail_msg("%s was asked", wrong[i]);
	assert_false(mail_may_reach(&(const struct sockaddr){ .sa_family = AF_UNIX }));
}
