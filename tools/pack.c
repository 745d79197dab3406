/* tools/pack.c: the files of assets/ into a C table with fingerprints and compressed forms, and a header of their paths.
 *   pack OUT.c OUT.h FILE...
 * A stylesheet's url("rows.svg") becomes the fingerprinted name; a file it names has to be there. The same files give the same bytes, everywhere. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <brotli/encode.h>
#include <sodium.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

#define FILES_MAX	128
#define FILE_MAX	(1u << 20) /* of one asset: pages stay under 50 kB, so this is far off */
#define FINGERPRINT 10		   /* hexadecimal digits, 40 bits: two versions of one file never meet */

struct file {
	const char *source;
	struct str name, path, type, fingerprint;
	struct str bytes, gzip, brotli;
};

static noreturn void fail(const char *path, const char *what, struct str which)
{
	fprintf(stderr, "%s: %s %.*s\n", path, what, STR_ARG(which));
	exit(1);
}

static struct str read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "r");
	char *bytes = arena_alloc(a, FILE_MAX + 1);
	size_t len = f ? fread(bytes, 1, FILE_MAX + 1, f) : 0;
	if (!f || ferror(f)) {
		perror(path);
		exit(1);
	}
	fclose(f);
	if (len > FILE_MAX) fail(path, "longer than FILE_MAX", S(""));
	return (struct str){ bytes, len };
}

static struct str type_of(const struct file *f)
{
	static const struct {
		struct str suffix, type;
	} types[] = {
		{ { STR(".css") }, { STR("text/css; charset=utf-8") } },
		{ { STR(".js") }, { STR("text/javascript; charset=utf-8") } },
		{ { STR(".svg") }, { STR("image/svg+xml") } },
		{ { STR(".png") }, { STR("image/png") } },
		{ { STR(".jpg") }, { STR("image/jpeg") } },
		{ { STR(".webp") }, { STR("image/webp") } },
		{ { STR(".ico") }, { STR("image/x-icon") } },
		{ { STR(".woff2") }, { STR("font/woff2") } },
		{ { STR(".webmanifest") }, { STR("application/manifest+json") } },
		{ { STR(".txt") }, { STR("text/plain; charset=utf-8") } },
	};
	for (size_t i = 0; i < COUNT(types); i++)
		if (str_ends(f->name, types[i].suffix)) return types[i].type;
	fail(f->source, "no type known for", f->name);
}

static struct str base_name(struct str path)
{
	size_t from = path.len;
	while (from > 0 && path.at[from - 1] != '/') from--;
	return str_part(path, from, path.len);
}

static void name_file(struct arena *a, struct file *f)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(hash, (const unsigned char *)f->bytes.at, f->bytes.len);
	f->fingerprint = str_part(str_hex(a, (struct str){ (char *)hash, sizeof hash }), 0, FINGERPRINT);
	size_t dot = f->name.len;
	while (dot > 0 && f->name.at[dot - 1] != '.') dot--;
	f->path = str_format(a, "/assets/%.*s%.*s.%.*s", (int)dot, f->name.at, STR_ARG(f->fingerprint), STR_ARG(str_part(f->name, dot, f->name.len)));
}

/* All of a stylesheet's url(…) with the names that the files have now. They lie in one folder, so a name alone is enough, under any prefix. */
static void rewrite(struct arena *a, struct file *css, const struct file *files, size_t count)
{
	struct buf b = buf_in(a);
	struct str rest = css->bytes;
	if (str_find(rest, S("@import")) >= 0) fail(css->source, "@import costs a round trip: link both", S(""));
	for (ptrdiff_t at; (at = str_find(rest, S("url("))) >= 0;) {
		buf_add(&b, str_part(rest, 0, (size_t)at + 4));
		rest = str_part(rest, (size_t)at + 4, rest.len);
		ptrdiff_t end = str_find(rest, S(")"));
		if (end < 0) fail(css->source, "url( without )", S(""));
		struct str target = str_trim(str_part(rest, 0, (size_t)end));
		rest = str_part(rest, (size_t)end, rest.len);
		if (target.len >= 2 && (target.at[0] == '"' || target.at[0] == '\'')) target = str_part(target, 1, target.len - 2);
		if (str_starts(target, S("#"))) {
			buf_add(&b, target);
			continue;
		}
		size_t i = 0;
		while (i < count && !str_eq(files[i].name, base_name(target))) i++;
		if (i == count || str_ends(target, S(".css"))) fail(css->source, "names no file of assets/:", target);
		buf_addf(&b, "\"%.*s\"", STR_ARG(base_name(files[i].path)));
	}
	buf_add(&b, rest);
	css->bytes = buf_str(&b);
}

static struct str gzip(struct arena *a, struct str bytes)
{
	z_stream z = { 0 };
	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) BUG("zlib does not start");
	size_t size = deflateBound(&z, bytes.len);
	char *out = arena_alloc(a, size);
	z.next_in = (unsigned char *)(uintptr_t)bytes.at;
	z.avail_in = (unsigned)bytes.len;
	z.next_out = (unsigned char *)out;
	z.avail_out = (unsigned)size;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END) BUG("zlib does not end");
	size_t len = z.total_out;
	deflateEnd(&z);
	return len < bytes.len ? (struct str){ out, len } : S("");
}

static struct str brotli(struct arena *a, struct str bytes)
{
	size_t len = BrotliEncoderMaxCompressedSize(bytes.len);
	unsigned char *out = arena_alloc(a, len);
	if (!BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, bytes.len, (const unsigned char *)bytes.at, &len, out))
		BUG("brotli does not end");
	return len < bytes.len ? (struct str){ (char *)out, len } : S("");
}

static int by_path(const void *a, const void *b)
{
	return str_compare(((const struct file *)a)->path, ((const struct file *)b)->path);
}

static void write_bytes(FILE *out, const char *kind, size_t number, struct str bytes)
{
	if (bytes.len == 0) return;
	fprintf(out, "static const unsigned char %s_%zu[] = {", kind, number);
	for (size_t i = 0; i < bytes.len; i++) fprintf(out, "%s%d,", i % 32 ? "" : "\n\t", (unsigned char)bytes.at[i]);
	fputs("\n};\n", out);
}

static void write_field(FILE *out, const char *field, size_t number, struct str bytes)
{
	if (bytes.len) fprintf(out, "\t\t.%s = { (const char *)%s_%zu, sizeof %s_%zu },\n", field, field, number, field, number);
	else fprintf(out, "\t\t.%s = { \"\", 0 },\n", field);
}

static void write_table(FILE *out, const struct file *files, size_t count)
{
	fputs("/* Made by tools/pack from assets/. */\n#include \"web/assets.h\"\n\n", out);
	for (size_t i = 0; i < count; i++) {
		write_bytes(out, "bytes", i, files[i].bytes);
		write_bytes(out, "gzip", i, files[i].gzip);
		write_bytes(out, "brotli", i, files[i].brotli);
	}
	fputs("\nconst struct asset assets[] = {\n", out);
	for (size_t i = 0; i < count; i++) {
		const struct file *f = &files[i];
		fprintf(out,
			"\t{\n\t\t.name = { STR(\"%.*s\") },\n\t\t.path = { STR(\"%.*s\") },\n\t\t.type = { STR(\"%.*s\") },\n\t\t.etag = { "
			"STR(\"\\\"%.*s\\\"\") },\n",
			STR_ARG(f->name), STR_ARG(f->path), STR_ARG(f->type), STR_ARG(f->fingerprint));
		write_field(out, "bytes", i, f->bytes);
		write_field(out, "gzip", i, f->gzip);
		write_field(out, "brotli", i, f->brotli);
		fputs("\t},\n", out);
	}
	fputs("};\n\nconst size_t asset_count = sizeof assets / sizeof assets[0];\n", out);
}

static void write_paths(FILE *out, const struct file *files, size_t count)
{
	fputs("/* Made by tools/pack from assets/: paths without the base; templates write {{asset \"name\"}}. */\n#pragma once\n\n", out);
	for (size_t i = 0; i < count; i++) {
		fputs("#define ASSET_", out);
		for (size_t j = 0; j < files[i].name.len; j++) {
			unsigned char c = (unsigned char)files[i].name.at[j];
			fputc(isalnum(c) ? toupper(c) : '_', out);
		}
		fprintf(out, " \"%.*s\"\n", STR_ARG(files[i].path));
	}
}

int main(int argc, char **argv)
{
	if (argc < 3 || argc - 3 > FILES_MAX) {
		fprintf(stderr, "usage: pack OUT.c OUT.h FILE... (at most %d)\n", FILES_MAX);
		return 2;
	}
	if (sodium_init() < 0) BUG("libsodium does not start");
	struct arena *a = arena_new();
	static struct file files[FILES_MAX];
	size_t count = (size_t)argc - 3;
	for (size_t i = 0; i < count; i++) {
		struct file *f = &files[i];
		*f = (struct file){ .source = argv[i + 3], .name = base_name(str_of(argv[i + 3])), .bytes = read_file(a, argv[i + 3]) };
		f->type = type_of(f);
		for (size_t j = 0; j < i; j++)
			if (str_eq(files[j].name, f->name)) fail(f->source, "twice:", f->name);
		name_file(a, f);
	}
	for (size_t i = 0; i < count; i++) {
		struct file *f = &files[i];
		if (str_ends(f->name, S(".css"))) {
			rewrite(a, f, files, count);
			name_file(a, f);
		}
		f->gzip = gzip(a, f->bytes);
		f->brotli = brotli(a, f->bytes);
	}
	qsort(files, count, sizeof *files, by_path);
	FILE *table = fopen(argv[1], "w"), *paths = fopen(argv[2], "w");
	if (!table || !paths) {
		perror("pack");
		return 1;
	}
	write_table(table, files, count);
	write_paths(paths, files, count);
	arena_free(a);
	return fclose(table) | fclose(paths) ? 1 : 0;
}
