/* tests/formats/email.c: what is one address (recovery cases 25 to 27, 82). */
#include "test.h"

#include "formats/email.h"

static struct str key(struct str typed)
{
	struct email email;
	assert_status(email_read(mem, typed, "email", &email, NULL), OK);
	return email.key;
}

static void refused(struct str typed)
{
	struct email email;
	struct problem why = problem_in(mem);
	if (email_read(mem, typed, "email", &email, &why) != REFUSED) fail_msg("\"%.*s\" was read as an address", STR_ARG(typed));
	assert_non_null(problem_at(&why, "email"));
}

TEST(case_blanks_and_normal_forms_are_one_address)
{
	assert_str(key(S(" Jeanne@Example.ORG\xc2\xa0")), S("jeanne@example.org"));
	assert_str(key(S("ren\xc3\xa9@example.org")), key(S("RENE\xcc\x81@example.org")));
	assert_str(key(S("j@b\xc3\xbc"
					 "cher.example")),
		key(S("j@xn--bcher-kva.example")));
}

TEST(look_alikes_stay_apart)
{
	assert_false(str_eq(key(S("m\xc4\xb1ke@example.org")), key(S("mike@example.org"))));
}

TEST(tags_and_quoted_local_parts_are_kept)
{
	assert_str(key(S("jeanne+tickets@example.org")), S("jeanne+tickets@example.org"));
	assert_str(key(S("\"a,b\"@example.org")), S("\"a,b\"@example.org"));
}

TEST(anything_but_one_address_is_refused)
{
	refused(S("a@x.org\r\nBcc: all@x.org"));
	refused(S("a@x.org,b@x.org"));
	refused(S("a@x.org b@x.org"));
	refused(S("\"a b\"@x.org"));
	refused(S("a@b@x.org"));
	refused(S("Jeanne <a@x.org>"));
	refused(S("a@x"));
	refused(S("@x.org"));
	refused(S("a@"));
	refused(S(""));
	refused(S("a..b@x.org"));
	refused(S("a@[127.0.0.1]"));
	refused(S("a\xe2\x80\x8f@x.org")); /* a direction mark: no mail would ever arrive */
	refused(S("a\0@x.org"));
	refused(S("a\xff@x.org"));
	refused(S("\"a\xe2\x80\xa8"
			  "Bcc:b\"@x.org"));	   /* line separator */
	refused(S("a\xe2\x80\x8b@x.org")); /* zero width space */
	refused(S("\xe2\x80\xae"
			  "a@x.org")); /* right-to-left override */
	refused(S("\xe3\x80\x80"
			  "a@x.org")); /* ideographic space */
	char big[300];
	memset(big, 'a', sizeof big);
	memcpy(big + sizeof big - 6, "@x.org", 6);
	refused((struct str){ big, sizeof big });
}

TEST(an_address_stored_under_an_older_rule_is_found_still)
{
	struct str k;
	assert_true(email_key(mem, S("a..b@x.org"), &k)); /* 83 */
	assert_str(k, S("a..b@x.org"));
	assert_false(email_key(mem, S("a@x.org,b@x.org"), &k));
	assert_false(email_key(mem, S("a b@x.org"), &k));
}

TEST(a_masked_address_shows_its_first_letter_and_its_domain)
{
	assert_str(email_masked(mem, S("\xc3\xa9lise@example.org")), S("\xc3\xa9…@example.org"));
}
