/* A host is read in one way only, whatever library asks for it afterwards. */
#include "test.h"

#include "base/host.h"

TEST(names_and_addresses_have_one_spelling)
{
	assert_str(host_read(mem, S("Mail.Example.ORG")), S("mail.example.org"));
	assert_str(host_read(mem, S("bücher.example")), S("xn--bcher-kva.example"));
	assert_str(host_read(mem, S("localhost")), S("localhost"));
	assert_str(host_read(mem, S("192.168.1.5")), S("192.168.1.5"));
	assert_str(host_read(mem, S("[2001:DB8:0:0::1]")), S("[2001:db8::1]"));
}

TEST(what_could_be_more_than_a_host_is_none)
{
	static const struct str wrong[] = { { STR("") }, { STR("mail.example.org:25") }, { STR("a@b") }, { STR("a/b") }, { STR("a?b") }, { STR("a#b") },
		{ STR("a b") }, { STR("a\r\nb") }, { STR("2001:db8::1") }, { STR("[::1") }, { STR("[::1]:25") }, { STR("[a:1?ca=/etc/passwd]") },
		{ STR("[fe80::1%eth0]") }, { STR("mail.example.org.") }, { STR("a..b") }, { STR("\xff") } };
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (host_read(mem, wrong[i]).len) fail_msg("\"%.*s\" was taken for a host", STR_ARG(wrong[i]));
}

TEST(numbers_that_libraries_read_as_another_address_are_none)
{
	static const struct str wrong[] = { { STR("1.2.3") }, { STR("2130706433") }, { STR("0x7f000001") }, { STR("127.0x0.0.0x1") },
		{ STR("1.2.3.400") }, { STR("127.0.0.01") } };
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (host_read(mem, wrong[i]).len) fail_msg("\"%.*s\" was taken for a host", STR_ARG(wrong[i]));
}

TEST(this_machine_is_known_by_its_names)
{
	assert_true(host_is_loopback(S("localhost")));
	assert_true(host_is_loopback(S("shop.localhost")));
	assert_true(host_is_loopback(S("127.8.9.10")));
	assert_true(host_is_loopback(S("[::1]")));
	assert_false(host_is_loopback(S("127.example.org")));
	assert_false(host_is_loopback(S("localhost.example.org")));
}
