/* The template compiler: what it makes, and what it refuses with file and line. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/render.h"
#include "test.h"
#include "tools/flow.html.h"
#include "tools/places.html.h"

#define OUTPUT_MAX 65536

/* ---- what comes out ---- */

static struct render page(void)
{
	return render_in(mem, LANG_EN, S("Europe/Zurich"), S("/lac"));
}

static struct str places(struct str s, struct str u, int64_t n)
{
	struct render r = page();
	tpl_places(&r, &(struct tpl_places){ .s = s, .u = { u }, .n = n });
	return buf_str(&r.out);
}

TEST(each_value_is_escaped_for_its_place)
{
	struct str got = places(S("<&\"' /"), S("/a?b=c&d"), -3);
	static const char *const lines[] = {
		"<title>&lt;&amp;&quot;&#39; /</title>\n",
		"<p title=\"&lt;&amp;&quot;&#39; /\" data-n='-3'>&lt;&amp;&quot;&#39; / -3</p>\n",
		"<a href=\"/lac/a?b=c&amp;d\">/a?b=c&amp;d</a>\n",
		"<a href=\"/lac/x/%3C%26%22%27%20%2F?u=%2Fa%3Fb%3Dc%26d#-3\">x</a>\n",
		"<a href=\"/lac/\">home</a> <a href=\"//host/\">other</a> <a href=\"/lac/a?b=c&amp;d\">either</a>\n",
		"<textarea>\n&lt;&amp;&quot;&#39; /</textarea>\n",
	};
	for (size_t i = 0; i < COUNT(lines); i++)
		if (str_find(got, str_of(lines[i])) < 0) fail_msg("no %s in %.*s", lines[i], STR_ARG(got));
}

TEST(assets_stand_with_their_fingerprints)
{
	struct str got = places(S(""), S("/"), 0);
	ptrdiff_t at = str_find(got, S("href=\"/lac/assets/base."));
	assert_true(at > 0);
	assert_str(str_part(got, (size_t)at + 33, 6), S(".css\">"));
	assert_true(str_find(got, S("<a href=\"/lac/none\">either</a>")) > 0);
}

/* What has broken templates elsewhere; none may leave its place in any of them. */
TEST(hostile_values_stay_where_they_stand)
{
	static const char *const corpus[] = { "</title><script>alert(1)</script>", "</textarea><svg onload=alert(1)>", "\"><img src=x onerror=alert(1)>",
		"'><img src=x onerror=alert(1)>", "\" onfocus=\"alert(1)\" autofocus=\"", "javascript:alert(1)", "JAVASCRIPT\t:alert(1)",
		"java\nscript:alert(1)", "\x01javascript:alert(1)", "data:text/html;base64,PHNjcmlwdD4=", "//evil.example/\"><script>",
		"&#106;avascript:alert(1)", "--><script>alert(1)</script>", "]]><script>", "{{= s}}", "\xc0\xbcscript>", "`onmouseover=alert(1)",
		"\\\"><script>" };
	struct str harmless = places(S("x"), S("x"), 1);
	for (size_t i = 0; i < COUNT(corpus); i++) {
		struct str got = places(str_of(corpus[i]), str_of(corpus[i]), 1);
		size_t marks[2][4] = { { 0 } };
		for (size_t side = 0; side < 2; side++) {
			struct str s = side ? got : harmless;
			for (size_t j = 0; j < s.len; j++) {
				const char *hit = strchr("<>\"'", s.at[j]);
				if (hit && s.at[j]) marks[side][hit - "<>\"'"]++;
			}
		}
		if (memcmp(marks[0], marks[1], sizeof marks[0]) != 0) fail_msg("%s changed the page: %.*s", corpus[i], STR_ARG(got));
		if (str_find(got, S("href=\"java")) >= 0 || str_find(got, S("href=\"data")) >= 0) fail_msg("%s runs: %.*s", corpus[i], STR_ARG(got));
	}
}

static struct str flow(size_t count)
{
	const struct str names[] = { S("a"), S("<b>") };
	struct problem why = problem_in(mem);
	problem_add(&why, "email", MSG_CHARACTERS, arg_int("n", 1));
	struct render r = page();
	tpl_flow(&r, &(struct tpl_flow){ .names = names, .count = count, .why = count ? &why : NULL });
	return buf_str(&r.out);
}

TEST(conditions_loops_and_partials)
{
	static const char end[] = "<div title=\"a, b\"><p>in the box</p>\n</div>\n&lt;a&gt; {b}: <a href=\"/lac/terms\">1 "
							  "character</a>\n<i>&#123;{field}} {one}</i>\n<pre>\n  kept\n    as is</pre>\n"
							  "<div title=\"}}\"><i>raw</i></div>";
	assert_str(flow(2), str_format(mem,
							"<h1>2 characters</h1>\n<ul>\n\n<li class=\"first\">a</li>\n\n<li>&lt;b&gt;</li>\n</ul>\n<b>email</b>\n"
							"<input type=\"checkbox\" checked>\n%s",
							end));
	assert_str(flow(1), str_format(mem, "<h1>one</h1>\n<ul>\n\n<li class=\"first\">a</li>\n</ul>\n<b>email</b>\n<input type=\"checkbox\">\n%s", end));
	assert_str(flow(0), str_format(mem, "<h1>none</h1>\n<ul>\n</ul>\n\n<input type=\"checkbox\" disabled>\n%s", end));
}

/* ---- what is refused ---- */

/* The folder of the build: this program lies in its tests/. */
static struct str build_dir(void)
{
	static char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof path);
	assert_true(len > 0);
	struct str s = { path, (size_t)len };
	for (int up = 0; up < 2; up++) do
			s.len--;
		while (s.at[s.len] != '/');
	return s;
}

/* Runs a shell command; its output, and its exit status in STATUS. */
static struct str run(struct str command, int *status)
{
	FILE *p = popen(str_c(mem, command), "r");
	assert_non_null(p);
	char *out = arena_alloc(mem, OUTPUT_MAX);
	size_t len = fread(out, 1, OUTPUT_MAX, p);
	*status = WEXITSTATUS(pclose(p));
	return (struct str){ out, len };
}

/* Compiles SOURCE as x.html, and when the tool takes it, the C too; the words of what went wrong, without the folder's name. */
static struct str compile(const char *source, int *status)
{
	char dir[] = "/tmp/parterre-template-XXXXXX";
	assert_non_null(mkdtemp(dir));
	FILE *f = fopen(str_c(mem, str_format(mem, "%s/x.html", dir)), "w");
	assert_non_null(f);
	fputs(source, f);
	fclose(f);
	struct str build = build_dir();
	struct str out =
		run(str_format(mem,
				"cd %s && %.*s/tools/template x.html x.html.h x.html.c 2>&1 && cc -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror "
				"-fsyntax-only -I%s/src -I%.*s/tools x.html.c 2>&1; s=$?; rm -r %s; exit $s",
				dir, STR_ARG(build), SOURCE_DIR, STR_ARG(build), dir),
			status);
	return out;
}

static void refuses(const char *source, const char *words)
{
	int status;
	struct str said = compile(source, &status);
	if (status == 0) fail_msg("taken: %s", source);
	if (str_find(said, str_of(words)) < 0) fail_msg("%s\nsaid \"%.*s\"\nnot \"%s\"", source, STR_ARG(said), words);
}

#define HEAD "{{template x}}\n{{param struct str s}}\n"

TEST(a_good_template_passes_both_compilers)
{
	int status;
	struct str said = compile(HEAD "<p>{{= s}}</p>", &status);
	if (status) fail_msg("%.*s", STR_ARG(said));
}

TEST(long_pages_and_strange_text_pass_both_compilers)
{
	struct buf b = buf_in(mem);
	buf_add(&b, S(HEAD "<p>{{= s}}</p>?\?= ?\?/ \\n \"é\" %s\n"));
	for (int i = 0; i < 2000; i++) buf_add(&b, S("<p>Ünïcödé \\</p>"));
	int status;
	struct str said = compile(str_c(mem, buf_str(&b)), &status);
	if (status) fail_msg("%.*s", STR_ARG(said));
}

TEST(a_value_without_a_safe_place_is_refused)
{
	refuses(HEAD "<p title={{= s}}>", "x.html:3: values stand in quotes");
	refuses(HEAD "<{{= s}}>", "x.html:3: no value in the name of a tag");
	refuses(HEAD "<h{{= s}}>", "x.html:3: no value in the name of a tag");
	refuses(HEAD "<p {{= s}}>", "x.html:3: no value here");
	refuses(HEAD "<p x{{= s}}=\"\">", "x.html:3: no value in the name of an attribute");
	refuses(HEAD "<!-- {{= s}} -->", "x.html:3: no value in a comment");
	refuses(HEAD "\n<script>{{= s}}</script>", "x.html:4: no script in a page");
	refuses(HEAD "<script src=\"/a.js\">{{= s}}</script>", "x.html:3: no value in a script");
	refuses(HEAD "<script src=\"{{= url_of(s)}}\"></script>", "x.html:3: a script's address is an {{asset");
	refuses(HEAD "<img srcset=\"{{= s}}\">", "x.html:3: no value in a list of URLs");
	refuses(HEAD "<meta http-equiv=\"refresh\" content=\"{{= s}}\">", "x.html:3: http-equiv with a value");
	refuses(HEAD "<meta content=\"{{= s}}\" http-equiv=\"refresh\">", "x.html:3: http-equiv with a value");
	refuses(HEAD "<a href=\"{{t characters n=1}}\">", "x.html:3: no message in the attribute href of <a>");
}

TEST(inline_script_and_style_are_refused)
{
	refuses(HEAD "<script>x</script>", "x.html:3: no script in a page");
	refuses(HEAD "<script src=\"/a.js\">x</script>", "x.html:3: no script in a page");
	refuses(HEAD "<script src=\"/a.js\"><b></script>", "x.html:3: no tags in here");
	refuses(HEAD "<style>p{}</style>", "x.html:3: this element may not stand");
	refuses(HEAD "<p style=\"color:red\">", "x.html:3: no style in attributes");
	refuses(HEAD "<p onclick=\"x()\">", "x.html:3: no script in attributes");
	refuses(HEAD "<p ONCLICK=\"x()\">", "x.html:3: no script in attributes");
	refuses(HEAD "<iframe srcdoc=\"x\">", "x.html:3: no srcdoc");
	refuses(HEAD "<base href=\"/\">", "x.html:3: this element may not stand");
	refuses(HEAD "<a href=\"javascript:x()\">", "x.html:3: only http, https, mailto and tel");
	refuses(HEAD "<a href=\"JavaScript:x()\">", "x.html:3: only http, https, mailto and tel");
	refuses(HEAD "<a href=\" javascript:x()\">", "x.html:3: a URL has no blanks");
	refuses(HEAD "<a href=\"java&#115;cript:x()\">", "x.html:3: no entity at the beginning");
	refuses(HEAD "<a href=\"java{{= s}}:x()\">", "x.html:3: only http, https, mailto and tel");
	refuses(HEAD "<a href=\"ht{{= s}}tp:x\">", "x.html:3: only http, https, mailto and tel");
}

TEST(broken_markup_is_refused)
{
	refuses(HEAD "1 < 2", "x.html:3: a bare <");
	refuses(HEAD "<p title=x>", "x.html:3: an attribute's value stands in quotes");
	refuses(HEAD "<p title = \"x\">", "x.html:3: this can't begin an attribute");
	refuses(HEAD "<p>\n<a href=\"x", "x.html:4: the template ends in the attribute href of <a>");
	refuses(HEAD "<title>x", "x.html:3: the template ends in <title>");
	refuses(HEAD "<title><b></title>", "x.html:3: no tags in here");
	refuses(HEAD "</p class=\"x\">", "x.html:3: no attributes in a closing tag");
	refuses(HEAD "\x01", "x.html:3: a control character");
	refuses(HEAD "\xff", "x.html:1: no UTF-8");
}

TEST(blocks_have_an_end_and_branches_meet)
{
	refuses(HEAD "\n{{if s.len}}<p>", "x.html:4: this block has no {{end}}");
	refuses(HEAD "{{end}}", "x.html:3: {{end}} without a beginning");
	refuses(HEAD "{{else}}", "x.html:3: {{else}} without a beginning");
	refuses(HEAD "{{if 1}}{{else}}{{else}}{{end}}", "x.html:3: {{else}} without its {{if}}");
	refuses(HEAD "{{if s.len}}<p title=\"{{end}}\">", "x.html:3: the branches since line 3 end in different places");
	refuses(HEAD "<a href=\"{{if s.len}}/a{{end}}{{= s}}\">", "x.html:3: the branches since line 3 end in different places");
	refuses(HEAD "{{for int *i in 0, 0}}\n<p title=\"{{end}}\">", "x.html:4: the block of line 3 ends in the attribute title of <p>");
	refuses(HEAD "<!-- {{if 1}} -->", "x.html:3: {{…}} may not stand here");
	refuses(HEAD "<p title=\"{{call x}}\">", "x.html:3: {{call}} stands between tags only");
	refuses(HEAD "{{part x}}", "x.html:3: {{part}} without a beginning");
	refuses(HEAD "{{phrase system-error}}x{{end}}", "x.html:3: a phrase holds {{part name}}");
	refuses(HEAD "{{phrase system-error}}{{= s}}{{end}}", "x.html:3: a phrase holds {{part name}}");
}

TEST(directives_are_checked)
{
	refuses("<p>", "x.html:1: a template begins with {{template name}}");
	refuses("{{= s}}", "x.html:1: a template begins with {{template name}}");
	refuses("{{template a-b}}", "x.html:1: {{template name}}");
	refuses(HEAD "{{unknown}}", "x.html:3: unknown {{unknown}}");
	refuses(HEAD "{{= }}", "x.html:3: a value is missing");
	refuses(HEAD "{{= s", "x.html:3: {{ without }}");
	refuses(HEAD "{{if}}", "x.html:3: {{if expression}}");
	refuses(HEAD "{{for int i in a, 1}}", "x.html:3: {{for}} goes through an array or list by a pointer");
	refuses(HEAD "{{for int *i in a}}", "x.html:3: {{for TYPE *NAME in");
	refuses(HEAD "{{t characters 1}}", "x.html:3: arguments are name=expression");
	refuses(HEAD "{{t}}", "x.html:3: a message's id is missing");
	refuses(HEAD "<p>{{param int late}}", "x.html:3: {{param}} stands at the top");
	refuses("{{template x}}{{param int out}}", "x.html:1: \"out\" is taken");
	refuses(HEAD "<p {{on onclick s.len}}>", "x.html:3: no script in attributes");
	refuses(HEAD "<link href=\"/x{{asset \"base.css\"}}\">", "x.html:3: an asset is the whole of a URL");
	refuses(HEAD, "x.html:2: nothing but a head");
}

TEST(faults_of_c_are_found_at_the_templates_line)
{
	refuses(HEAD "\n<p>{{= s.length}}</p>", "x.html:4:");								 /* an unknown field */
	refuses(HEAD "\n\n<p>{{t no-such-message}}{{= s}}</p>", "x.html:5:");				 /* an unknown message */
	refuses(HEAD "<link href=\"{{asset \"none.css\"}}\">{{= s}}", "x.html:3:");			 /* an unknown asset */
	refuses(HEAD "<a href=\"{{= s}}\">", "x.html:3:");									 /* a text as a whole address */
	refuses(HEAD "<p title=\"{{= (struct html){ s } }}\">", "x.html:3:");				 /* markup in an attribute */
	refuses(HEAD "{{param struct html h}}\n<title>{{= s}}{{= h}}</title>", "x.html:4:"); /* markup in a title */
	refuses(HEAD "{{= s}}{{= 1.5}}", "x.html:3:");										 /* no floating point */
	refuses(HEAD "{{param int n}}\n<p>{{= s}}</p>", "x.html:3:");						 /* a parameter nobody uses */
	refuses("{{template x}}\n{{param struct nothing n}}\n{{= n}}", "x.html:2:");		 /* an unknown type */
	refuses(HEAD "{{call x .t = s}}", "x.html:3:");										 /* a field that the other template lacks */
}
