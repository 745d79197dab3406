/* The asset packer: fingerprints, compressed forms, names in stylesheets. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <brotli/decode.h>
#include <zlib.h>

#include "asset_paths.h"
#include "test.h"
#include "web/assets.h"

#define OUTPUT_MAX (1u << 20)

/* ---- what is linked in ---- */

static struct str gunzip(struct str packed)
{
	char *out = arena_alloc(mem, OUTPUT_MAX);
	z_stream z = {
		.next_in = (unsigned char *)(uintptr_t)packed.at, .avail_in = (unsigned)packed.len, .next_out = (unsigned char *)out, .avail_out = OUTPUT_MAX
	};
	assert_int_equal(inflateInit2(&z, MAX_WBITS + 16), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	inflateEnd(&z);
	return (struct str){ out, z.total_out };
}

static struct str unbrotli(struct str packed)
{
	size_t len = OUTPUT_MAX;
	unsigned char *out = arena_alloc(mem, len);
	assert_int_equal(BrotliDecoderDecompress(packed.len, (const unsigned char *)packed.at, &len, out), BROTLI_DECODER_RESULT_SUCCESS);
	return (struct str){ (char *)out, len };
}

static const struct asset *named(const char *name)
{
	for (size_t i = 0; i < asset_count; i++)
		if (str_eq(assets[i].name, str_of(name))) return &assets[i];
	fail_msg("no asset %s", name);
	return NULL;
}

TEST(every_form_of_an_asset_is_the_same_file)
{
	for (size_t i = 0; i < asset_count; i++) {
		const struct asset *a = &assets[i];
		assert_true(a->bytes.len > 0);
		if (a->gzip.len) assert_str(gunzip(a->gzip), a->bytes);
		if (a->brotli.len) assert_str(unbrotli(a->brotli), a->bytes);
		assert_true(a->gzip.len < a->bytes.len && a->brotli.len < a->bytes.len);
	}
	assert_true(named("base.css")->brotli.len > 0 && named("base.css")->brotli.len < named("base.css")->gzip.len);
}

TEST(assets_stand_in_the_order_of_their_paths)
{
	for (size_t i = 1; i < asset_count; i++) assert_true(str_compare(assets[i - 1].path, assets[i].path) < 0);
}

TEST(a_stylesheet_names_the_fingerprinted_file)
{
	struct str path = named("rows.svg")->path;
	assert_str(path, S(ASSET_ROWS_SVG));
	assert_true(str_starts(path, S("/assets/rows.")) && path.len == strlen("/assets/rows.0123456789.svg"));
	struct str want = str_format(mem, "url(\"%.*s\")", STR_ARG(str_part(path, strlen("/assets/"), path.len)));
	assert_true(str_find(named("shop.css")->bytes, want) > 0);
}

TEST(types_and_etags)
{
	assert_str(named("shop.css")->type, S("text/css; charset=utf-8"));
	assert_str(named("show.js")->type, S("text/javascript; charset=utf-8"));
	assert_str(named("mark.svg")->type, S("image/svg+xml"));
	struct str etag = named("mark.svg")->etag;
	assert_true(etag.len == 12 && etag.at[0] == '"' && etag.at[11] == '"');
	assert_true(str_find(named("mark.svg")->path, str_part(etag, 1, 10)) > 0);
}

/* What a page loads; contract: every page under 50 kB. */
TEST(the_shops_assets_stay_small)
{
	static const char *const page[] = { "base.css", "shop.css", "rows.svg", "mark.svg", "show.js", "strength.js", "poll.js" };
	size_t total = 0;
	for (size_t i = 0; i < COUNT(page); i++) total += named(page[i])->gzip.len;
	assert_true(total < 20000);
}

/* ---- the tool ---- */

/* Runs pack in a folder with these files made by the shell commands in MAKE; what it said, and the table, by way of TAKE. */
static struct str run(const char *make, const char *files, const char *take, int *status)
{
	static char exe[4096];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof exe);
	assert_true(len > 0);
	while (exe[len - 1] != '/') len--;
	struct str command =
		str_format(mem, "d=$(mktemp -d) && cd $d && { %s\n} && %.*s../tools/pack out.c out.h %s 2>&1; s=$?; %s\ncd /; rm -r $d; exit $s", make,
			(int)len, exe, files, take);
	FILE *p = popen(str_c(mem, command), "r");
	assert_non_null(p);
	char *out = arena_alloc(mem, OUTPUT_MAX);
	size_t n = fread(out, 1, OUTPUT_MAX, p);
	*status = WEXITSTATUS(pclose(p));
	return (struct str){ out, n };
}

static void refuses(const char *make, const char *files, const char *words)
{
	int status;
	struct str said = run(make, files, ":", &status);
	if (status != 1) fail_msg("status %d: %.*s", status, STR_ARG(said));
	if (str_find(said, str_of(words)) < 0) fail_msg("said \"%.*s\", not \"%s\"", STR_ARG(said), words);
}

TEST(what_can_not_be_served_is_refused)
{
	refuses("echo 'a{background:url(none.svg)}' >a.css", "a.css", "a.css: names no file of assets/: none.svg");
	refuses("echo '@import \"b.css\";' >a.css", "a.css", "a.css: @import");
	refuses("echo 'a{background:url(b.svg' >a.css", "a.css", "a.css: url( without )");
	refuses("echo x >a.exe", "a.exe", "a.exe: no type known");
	refuses("mkdir b; echo x >a.js; echo x >b/a.js", "a.js b/a.js", "b/a.js: twice: a.js");
	refuses(":", "none.css", "none.css: No such file");
}

TEST(a_changed_picture_changes_the_stylesheet_that_names_it)
{
	int status;
	const char *css = "echo '<svg/>' >b.svg; echo 'a{background:url(\"../svg/b.svg\")}b{fill:url(#c)}' >a.css;";
	struct str first = run(css, "a.css b.svg", "cat out.h", &status);
	assert_int_equal(status, 0);
	assert_str(run(css, "a.css b.svg", "cat out.h", &status), first);
	struct str changed = run(str_c(mem, str_format(mem, "%s echo '<svg></svg>' >b.svg", css)), "b.svg a.css", "cat out.h", &status);
	ptrdiff_t at = str_find(first, S("ASSET_A_CSS"));
	assert_true(at > 0);
	assert_true(str_find(changed, str_part(first, (size_t)at, strlen("ASSET_A_CSS \"/assets/a.0123456789"))) < 0);
}
