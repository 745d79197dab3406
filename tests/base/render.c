/* Hostile values in every place of a page. */
#include "base/render.h"

#include "base/clock.h"
#include "test.h"

static struct render page(void)
{
	return render_in(mem, LANG_DE, S("Europe/Zurich"), S("/lac"));
}

#define assert_writes(call, want)             \
	do {                                      \
		struct render r = page();             \
		call;                                 \
		assert_str(buf_str(&r.out), S(want)); \
	} while (0)

TEST(text_cannot_become_markup)
{
	assert_writes(render_put_text(&r, S("<b>&\"'")), "&lt;b&gt;&amp;&quot;&#39;");
	assert_writes(render_put_plain(&r, "\"><script>"), "&quot;&gt;&lt;script&gt;");
	assert_writes(render_put_text(&r, (struct html){ S("<b>") }), "<b>");
	assert_writes(render_put_text(&r, url_of(S("<a>"))), "&lt;a&gt;");
}

TEST(integers_are_plain_digits)
{
	assert_writes(render_put_text(&r, INT64_MIN), "-9223372036854775808");
	assert_writes(render_put_plain(&r, UINT64_MAX), "18446744073709551615");
	assert_writes(render_put_part(&r, (short)-7), "-7");
	assert_writes(render_put_text(&r, render_number(&r, 1234)), "1’234");
}

TEST(an_address_that_could_run_is_not_written)
{
	static const char *const hostile[] = { "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
		"\x01javascript:alert(1)", "data:text/html,<script>", "vbscript:x", "javascript&colon;x:y", "file:///etc/passwd", "blob:x", ":x",
		"ht\ntp://x" };
	for (size_t i = 0; i < COUNT(hostile); i++) {
		struct render r = page();
		render_put_url(&r, url_of(str_of(hostile[i])));
		assert_str(buf_str(&r.out), S("about:invalid"));
	}
}

TEST(an_address_cannot_leave_its_attribute)
{
	assert_writes(render_put_url(&r, url_of(S("https://x/\"onload='a'<b>"))), "https://x/%22onload=%27a%27%3Cb%3E");
	assert_writes(render_put_url(&r, url_of(S("https://x/?a=1&b=2#c"))), "https://x/?a=1&amp;b=2#c");
	assert_writes(render_put_url(&r, url_of((struct str){ "\xc3\xa9\0", 3 })), "%C3%A9%00");
	assert_writes(render_put_url(&r, url_of(S("mailto:a@b.ch"))), "mailto:a@b.ch");
	assert_writes(render_put_url(&r, url_of(S("?lang=de"))), "?lang=de");
}

TEST(a_path_of_ours_gets_the_base_and_no_other_host)
{
	assert_writes(render_put_url(&r, url_of(S("/signin"))), "/lac/signin");
	assert_writes(render_put_url(&r, url_of(S("//evil.example/"))), "//evil.example/"); /* what "next" may be is the caller's question */
	assert_writes(render_put_url(&r, url_of(S("/\\evil.example"))), "/lac/%5Cevil.example");
	assert_writes(render_put_url(&r, url_of(S("https://x/"))), "https://x/");
}

TEST(a_piece_of_an_address_stays_a_piece)
{
	assert_writes(render_put_part(&r, S("a/b?c=d&e#f:\"'<> é")), "a%2Fb%3Fc%3Dd%26e%23f%3A%22%27%3C%3E%20%C3%A9");
	assert_writes(render_put_part(&r, url_of(S("/account?x"))), "%2Faccount%3Fx");
}

TEST(a_message_is_escaped_but_for_its_parts)
{
	const struct arg args[] = { arg_text("what", S("<i>{said}</i>")), render_arg("said", "\"quoted\""), { 0 } };
	assert_writes(render_say(&r, MSG_SYSTEM_ERROR, args, NULL), "&lt;i&gt;{said}&lt;/i&gt;: &quot;quoted&quot;");
	const struct render_part parts[] = { { "said", { S("<b>x</b>") } }, { 0 } };
	assert_writes(render_say(&r, MSG_SYSTEM_ERROR, args, parts), "&lt;i&gt;{said}&lt;/i&gt;: <b>x</b>");
	const struct arg one[] = { render_arg("n", 1), { 0 } };
	assert_writes(render_say(&r, MSG_CHARACTERS, one, NULL), "1 Zeichen");
}

TEST(times_stand_in_their_element)
{
	int64_t when = INT64_C(1795508100000000);
	assert_writes(render_put_text(&r, render_datetime(&r, when)), "<time datetime=\"2026-11-24T09:15+01:00\">Di., 24. Nov. 2026, 09:15</time>");
	assert_writes(render_put_text(&r, render_date(&r, when)), "<time datetime=\"2026-11-24T09:15+01:00\">24. November 2026</time>");
	assert_writes(render_put_text(&r, render_amount(&r, 950, S("CHF"))), "CHF\xc2\xa0"
																		 "9.50");
}

TEST(what_was_taken_is_off_the_page)
{
	struct render r = page();
	render_put_text(&r, "before");
	size_t len = r.out.len;
	render_put_text(&r, "<part>");
	struct html part = render_take(&r, len);
	assert_str(buf_str(&r.out), S("before"));
	render_put_text(&r, " and ");
	render_put_text(&r, part);
	assert_str(buf_str(&r.out), S("before and &lt;part&gt;"));
}
