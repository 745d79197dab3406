/* formats/docx_zip.c: the archive. Everything that its directory declares is checked before a byte is unpacked, and unpacking counts again, because
 * directories lie. */
#include "formats/docx_package.h"

#include <stdlib.h>
#include <zip.h>

#include "base/status.h"

#define DIRECTORY_END	  22	/* bytes of the record at the archive's end, without its comment */
#define DIRECTORY_COMMENT 65535 /* longest comment after it */

struct entry {
	struct str name; /* in lower case */
	zip_uint64_t index, size;
};

struct package {
	zip_t *zip;
	struct entry *entries; /* by name */
	size_t count;
	size_t unpacked, unpacked_max; /* so far, and at most */
};

/* How many entries the record at the end promises, so that a directory of millions is refused before a library builds it. -1: no archive. */
static int entries_promised(struct str bytes)
{
	if (bytes.len < DIRECTORY_END) return -1;
	size_t last = bytes.len - DIRECTORY_END, first = last > DIRECTORY_COMMENT ? last - DIRECTORY_COMMENT : 0;
	for (size_t at = last + 1; at-- > first;) {
		const unsigned char *b = (const unsigned char *)bytes.at + at;
		if (b[0] == 'P' && b[1] == 'K' && b[2] == 5 && b[3] == 6) return b[10] | b[11] << 8;
	}
	return -1;
}

/* A name that stays inside the package: no way up, no root, no drive, no other system's separators. */
static bool name_is_safe(struct str name)
{
	if (name.len == 0 || name.len > PACKAGE_NAME_MAX || name.at[0] == '/' || !str_is_text(name) || str_has_control(name)) return false;
	if (str_has(name, '\\') || str_has(name, ':')) return false;
	struct str rest = name, piece;
	while (str_next(&rest, '/', &piece))
		if (str_eq(piece, S("..")) || str_eq(piece, S("."))) return false;
	return true;
}

static int by_name(const void *a, const void *b)
{
	return str_compare(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static enum status check_entries(struct arena *a, struct package *p, struct problem *why)
{
	size_t total = 0;
	for (size_t i = 0; i < p->count; i++) {
		zip_stat_t s;
		const zip_uint64_t wanted = ZIP_STAT_NAME | ZIP_STAT_SIZE;
		if (zip_stat_index(p->zip, i, ZIP_FL_ENC_RAW, &s) || (s.valid & wanted) != wanted) return problem_add(why, "", MSG_DOCX_NOT_WORD), REFUSED;
		struct str name = str_keep(a, str_of(s.name));
		if (!name_is_safe(name)) {
			struct str shown = str_is_text(name) ? str_part(name, 0, PACKAGE_NAME_MAX) : S("?");
			if (!str_is_text(shown)) shown = S("?");
			return problem_add(why, "", MSG_DOCX_UNSAFE_NAME, arg_text("name", shown)), REFUSED;
		}
		if ((s.valid & ZIP_STAT_ENCRYPTION_METHOD) && s.encryption_method != ZIP_EM_NONE) return problem_add(why, "", MSG_DOCX_ENCRYPTED), REFUSED;
		if (s.size > p->unpacked_max || total + s.size > p->unpacked_max)
			return problem_add(why, "", MSG_DOCX_UNPACKED_TOO_LARGE, arg_int("mib", (int64_t)(p->unpacked_max >> 20))), REFUSED;
		total += s.size;
		p->entries[i] = (struct entry){ str_lower(a, name), i, s.size };
		if (str_ends(p->entries[i].name, S("vbaproject.bin"))) return problem_add(why, "", MSG_DOCX_MACROS), REFUSED;
	}
	qsort(p->entries, p->count, sizeof *p->entries, by_name);
	for (size_t i = 1; i < p->count; i++)
		if (str_eq(p->entries[i - 1].name, p->entries[i].name))
			return problem_add(why, "", MSG_DOCX_DUPLICATE, arg_text("name", p->entries[i].name)), REFUSED;
	return OK;
}

enum status package_open(struct arena *a, struct str bytes, struct docx_limits limits, struct package **out, struct problem *why)
{
	*out = NULL;
	if (bytes.len > limits.bytes) return problem_add(why, "", MSG_DOCX_TOO_LARGE, arg_int("mib", (int64_t)(limits.bytes >> 20))), REFUSED;
	/* Word wraps an encrypted document in the older compound file format, which its older .doc files are, too. */
	if (str_starts(bytes, S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))) return problem_add(why, "", MSG_DOCX_ENCRYPTED), REFUSED;
	int promised = str_starts(bytes, S("PK\x03\x04")) ? entries_promised(bytes) : -1;
	if (promised < 0) return problem_add(why, "", MSG_DOCX_NOT_WORD), REFUSED;
	if (promised > PACKAGE_ENTRIES_MAX) return problem_add(why, "", MSG_DOCX_TOO_MANY_PARTS, arg_int("max", PACKAGE_ENTRIES_MAX)), REFUSED;

	zip_error_t error;
	zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.len, 0, &error);
	if (!source) BUG("libzip: no source of %zu bytes", bytes.len);
	/* No ZIP_CHECKCONS: Word itself pads its headers so that libzip finds them inconsistent. Only the directory counts here. */
	zip_t *zip = zip_open_from_source(source, ZIP_RDONLY, &error);
	if (!zip) {
		zip_source_free(source);
		return problem_add(why, "", MSG_DOCX_NOT_WORD), REFUSED;
	}
	struct package *p = ARENA_NEW(a, struct package);
	zip_int64_t count = zip_get_num_entries(zip, 0);
	*p = (struct package){ .zip = zip, .count = count > 0 ? (size_t)count : 0, .unpacked_max = limits.unpacked };
	enum status st = REFUSED;
	if (p->count > PACKAGE_ENTRIES_MAX) problem_add(why, "", MSG_DOCX_TOO_MANY_PARTS, arg_int("max", PACKAGE_ENTRIES_MAX));
	else {
		p->entries = ARENA_ARRAY(a, struct entry, p->count + 1);
		st = check_entries(a, p, why);
	}
	if (st) return package_close(p), st;
	*out = p;
	return OK;
}

void package_close(struct package *p)
{
	if (p) zip_discard(p->zip);
}

enum status package_part(struct package *p, struct arena *a, struct str name, struct str *out, struct problem *why)
{
	struct entry wanted = { .name = str_lower(a, name) };
	const struct entry *e = p->count ? bsearch(&wanted, p->entries, p->count, sizeof *p->entries, by_name) : NULL;
	if (!e) return NOT_FOUND;
	if (e->size > p->unpacked_max - p->unpacked)
		return problem_add(why, "", MSG_DOCX_UNPACKED_TOO_LARGE, arg_int("mib", (int64_t)(p->unpacked_max >> 20))), REFUSED;
	p->unpacked += e->size;
	zip_file_t *f = zip_fopen_index(p->zip, e->index, 0);
	if (!f) return problem_add(why, "", MSG_DOCX_PART_BROKEN, arg_text("part", name)), REFUSED;
	/* One byte more than declared is asked for: a part that has it lies. */
	size_t len = 0, room = e->size + 1;
	char *at = arena_alloc(a, room);
	zip_int64_t n = 0;
	while (len < room && (n = zip_fread(f, at + len, room - len)) > 0) len += (size_t)n;
	bool is_whole = n == 0 && len == e->size;
	if (zip_fclose(f) || !is_whole) return problem_add(why, "", MSG_DOCX_PART_BROKEN, arg_text("part", name)), REFUSED;
	*out = (struct str){ at, len };
	return OK;
}

struct str package_path(struct arena *a, struct str from, struct str target)
{
	struct str folder = S("");
	if (str_starts(target, S("/"))) target = str_part(target, 1, target.len);
	else
		for (size_t i = from.len; i-- > 0;)
			if (from.at[i] == '/') {
				folder = str_part(from, 0, i);
				break;
			}
	struct str pieces[32]; /* folders of a path; Word uses four at most */
	size_t n = 0;
	struct str parts[] = { folder, target };
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct str rest = parts[i], piece;
		while (str_next(&rest, '/', &piece)) {
			if (piece.len == 0 || str_eq(piece, S("."))) continue;
			if (str_eq(piece, S(".."))) {
				if (n == 0) return S("");
				n--;
			} else if (n == COUNT(pieces)) return S("");
			else pieces[n++] = piece;
		}
	}
	struct buf path = buf_in(a);
	for (size_t i = 0; i < n; i++) {
		if (i) buf_add_char(&path, '/');
		buf_add(&path, pieces[i]);
	}
	return buf_str(&path);
}
