/* tests/formats/bank_file.c: one door for plain files, gzip and archives; what is cut off, locked, lying or too large is refused. */
#include "formats/bank_file.h"

#include <zip.h>
#include <zlib.h>

#include "camt_build.h"

static struct str message(const char *amount)
{
	return message_of("054", single(amount, ""));
}

/* S as gzip writes it. */
static struct str packed(struct str s)
{
	z_stream z = { 0 };
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
	size_t size = deflateBound(&z, s.len);
	char *to = arena_alloc(mem, size);
	z.next_in = (Bytef *)(uintptr_t)s.at, z.avail_in = (uInt)s.len;
	z.next_out = (Bytef *)to, z.avail_out = (uInt)size;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return (struct str){ to, size - z.avail_out };
}

static struct str joined(struct str a, struct str b)
{
	struct buf j = buf_in(mem);
	buf_add(&j, a);
	buf_add(&j, b);
	return buf_str(&j);
}

struct inside {
	const char *name;
	struct str content;
};

/* An archive of FILES; PASSWORD locks it. */
static struct str archive(const struct inside *files, size_t count, const char *password)
{
	zip_error_t error;
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_source_keep(source);
	zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
	for (size_t i = 0; i < count; i++) {
		zip_int64_t at = str_ends(str_of(files[i].name), S("/"))
							 ? zip_dir_add(zip, files[i].name, 0)
							 : zip_file_add(zip, files[i].name, zip_source_buffer(zip, files[i].content.at, files[i].content.len, 0), 0);
		assert_true(at >= 0);
		if (password) assert_int_equal(zip_file_set_encryption(zip, (zip_uint64_t)at, ZIP_EM_AES_256, password), 0);
	}
	assert_int_equal(zip_close(zip), 0);
	zip_stat_t stat;
	zip_source_stat(source, &stat);
	char *to = arena_alloc(mem, stat.size + 1);
	zip_source_open(source);
	zip_source_read(source, to, stat.size);
	zip_source_close(source);
	zip_source_free(source);
	return (struct str){ to, stat.size };
}

TEST(a_file_packed_by_gzip_is_read)
{
	struct read_file *f = read_bytes(packed(message("12.50")));
	assert_right(f);
	assert_int_equal(f->at[0].t.cents, 1250);
	assert_int_equal(f->summary.bytes, (int64_t)message("12.50").len);
}

TEST(gzip_may_come_in_several_members_with_zeros_behind)
{
	struct str whole = message("12.50");
	struct str two = joined(packed(str_part(whole, 0, 100)), packed(str_part(whole, 100, whole.len)));
	assert_right(read_bytes(two));
	assert_right(read_bytes(joined(two, (struct str){ "\0\0\0\0\0\0\0\0", 8 })));
	assert_refused(read_bytes(joined(two, S("garbage"))), "C00", MSG_BANK_GZIP_BROKEN);
}

TEST(gzip_cut_anywhere_is_refused)
{
	struct str whole = packed(message("12.50"));
	for (size_t len = 0; len < whole.len; len++) assert_status(read_bytes(str_part(whole, 0, len))->st, REFUSED);
}

TEST(gzip_with_any_bit_turned_is_refused_or_reads_the_same)
{
	struct str whole = packed(message("12.50"));
	for (size_t i = 0; i < 8 * whole.len; i++) {
		char *at = arena_alloc(mem, whole.len);
		memcpy(at, whole.at, whole.len);
		at[i / 8] ^= (char)(1 << i % 8);
		struct read_file *f = read_bytes((struct str){ at, whole.len });
		if (!f->st) assert_int_equal(f->at[0].t.cents, 1250); /* bits of the head that mean nothing */
	}
}

TEST(an_archive_gives_its_files_by_name_in_order)
{
	const struct inside files[] = { { "day/", S("") }, { "day/b.xml", message("1") }, { "a.xml", message("2") } };
	struct str zip = archive(files, COUNT(files), NULL);
	struct bank_input input = bank_input_of(&zip);
	struct bank_findings findings = bank_findings_in(mem);
	struct bank_file *f;
	assert_status(bank_file_open(mem, &input, &f, &findings), OK);
	assert_int_equal(bank_file_count(f), 2);
	assert_str(bank_file_name(f, 0), S("day/b.xml"));
	bank_file_close(f);
	struct read_file *read = read_bytes(zip);
	assert_right(read);
	assert_int_equal(read->at[0].t.cents, 100);
	assert_int_equal(read->at[1].t.cents, 200);
}

TEST(one_broken_file_in_an_archive_is_refused_alone)
{
	const struct inside files[] = { { "a.xml", message("1") }, { "B.XML", S("hello") } };
	struct read_file *f = read_bytes(archive(files, COUNT(files), NULL));
	assert_refused(f, "C00", MSG_BANK_UNKNOWN_FORM);
	assert_int_equal(f->count, 1);
}

TEST(what_an_archive_holds_beside_bank_files_is_passed_over_with_a_word)
{
	const struct inside files[] = { { "__MACOSX/._a.xml", S("\0\5\x16\7") }, { "a.xml", message("1") }, { "readme.txt", S("hello") },
		{ "2026-11.txt", S("2026-11: our statements") }, { "day/.DS_Store", S("x") }, { "Thumbs.db", S("<a/>") }, { "form.pdf", S("%PDF-1.7") } };
	struct read_file *f = read_bytes(archive(files, COUNT(files), NULL));
	assert_right(f);
	assert_int_equal(f->count, 1);
	assert_int_equal(f->findings.count, COUNT(files) - 1);
	assert_true(has_finding(f, "C00", MSG_BANK_ZIP_PASSED));
	assert_str(f->findings.first->element, S("__MACOSX/._a.xml"));
	const struct inside others[] = { { "readme.txt", S("hello") } };
	assert_refused(read_bytes(archive(others, 1, NULL)), "C00", MSG_BANK_ZIP_NONE);
}

TEST(nothing_that_may_be_a_banks_file_is_passed_over)
{
	const char *contents[] = { "", "hello", "\x1f\x8b", "PK\x03\x04", "000000000000000000000000000000000000000x", "<html/>" };
	const char *names[] = { "a.xml", "a.esr", "a", "a", "a", "readme.html" };
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct inside files[] = { { "good.xml", message("1") }, { names[i], str_of(contents[i]) } };
		assert_status(read_bytes(archive(files, COUNT(files), NULL))->st, REFUSED);
	}
}

TEST(a_file_packed_by_gzip_in_an_archive_is_read)
{
	const struct inside files[] = { { "a.xml.gz", packed(message("1")) }, { "b.xml", message("2") }, { "c", packed(message("3")) } };
	struct read_file *f = read_bytes(archive(files, COUNT(files), NULL));
	assert_right(f);
	assert_int_equal(f->count, 3);
	assert_int_equal(f->at[0].t.cents, 100);
	assert_int_equal(f->at[2].t.cents, 300);
	const struct inside cut[] = { { "a.xml.gz", str_part(packed(message("1")), 0, 100) } };
	assert_refused(read_bytes(archive(cut, 1, NULL)), "C00", MSG_BANK_GZIP_SHORT);
}

TEST(an_archive_cut_anywhere_is_refused)
{
	const struct inside files[] = { { "a.xml", message("1") }, { "b.xml", message("2") } };
	struct str whole = archive(files, COUNT(files), NULL);
	for (size_t len = 0; len < whole.len; len++) assert_status(read_bytes(str_part(whole, 0, len))->st, REFUSED);
}

TEST(a_damaged_file_in_an_archive_is_refused_or_reads_the_same)
{
	const struct inside files[] = { { "a.xml", message("12.50") } };
	struct str whole = archive(files, COUNT(files), NULL);
	size_t content = 30 + strlen("a.xml"); /* behind the local head */
	for (size_t i = 8 * content; i < 8 * (content + 200); i++) {
		char *at = arena_alloc(mem, whole.len);
		memcpy(at, whole.at, whole.len);
		at[i / 8] ^= (char)(1 << i % 8);
		struct read_file *f = read_bytes((struct str){ at, whole.len });
		if (!f->st) assert_int_equal(f->at[0].t.cents, 1250); /* the check sum holds: a mark of the last block, say */
	}
}

TEST(a_locked_archive_is_refused)
{
	const struct inside files[] = { { "a.xml", message("1") } };
	assert_refused(read_bytes(archive(files, COUNT(files), "secret")), "C00", MSG_BANK_ZIP_LOCKED);
}

TEST(an_archive_of_nothing_and_one_of_too_many_are_refused)
{
	const struct inside folder[] = { { "a/", S("") } };
	assert_refused(read_bytes(archive(folder, 1, NULL)), "C00", MSG_BANK_ZIP_EMPTY);
	struct inside *many = ARENA_ARRAY(mem, struct inside, BANK_MEMBERS_MAX + 1);
	for (size_t i = 0; i <= BANK_MEMBERS_MAX; i++) many[i] = (struct inside){ str_c(mem, str_format(mem, "%zu.xml", i)), S("x") };
	assert_refused(read_bytes(archive(many, BANK_MEMBERS_MAX + 1, NULL)), "C00", MSG_BANK_ZIP_MANY);
}

TEST(an_archive_that_declares_a_small_file_and_holds_a_large_one_is_refused)
{
	const struct inside files[] = { { "a.xml", message("12.50") } };
	struct str whole = archive(files, COUNT(files), NULL);
	ptrdiff_t directory = str_find(whole, S("PK\x01\x02"));
	assert_true(directory > 0);
	char *at = arena_alloc(mem, whole.len);
	memcpy(at, whole.at, whole.len);
	const unsigned char small[4] = { 100, 0, 0, 0 };
	memcpy(at + directory + 24, small, 4); /* its size in the directory, and in its own head */
	memcpy(at + 22, small, 4);
	assert_status(read_bytes((struct str){ at, whole.len })->st, REFUSED);
}

/* A file of SIZE bytes after BEGIN, all of EACH, as gzip writes it: a thousandth of it. */
static struct str bomb_by(int strategy, size_t size, const char *begin, const char *each)
{
	z_stream z = { 0 };
	deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, strategy);
	static char blanks[65536];
	for (size_t i = 0; i < sizeof blanks; i++) blanks[i] = each[i % strlen(each)];
	size_t room = (strategy == Z_DEFAULT_STRATEGY ? size / 500 : size) + 65536;
	char *to = arena_alloc(mem, room);
	z.next_out = (Bytef *)to, z.avail_out = (uInt)room;
	z.next_in = (Bytef *)(uintptr_t)begin, z.avail_in = (uInt)strlen(begin);
	deflate(&z, Z_NO_FLUSH);
	for (size_t done = 0; done < size; done += sizeof blanks) {
		z.next_in = (Bytef *)blanks, z.avail_in = sizeof blanks;
		deflate(&z, Z_NO_FLUSH);
	}
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return (struct str){ to, room - z.avail_out };
}

static struct str bomb(size_t size, const char *begin, const char *each)
{
	return bomb_by(Z_DEFAULT_STRATEGY, size, begin, each);
}

TEST(a_bomb_of_silence_ends_after_its_first_piece)
{
	struct read_file *f = read_bytes(bomb(64 << 20, "<Document a='", " "));
	assert_refused(f, "C00", MSG_BANK_SILENCE);
	assert_true(f->summary.bytes <= 4 * BANK_PIECE);
}

TEST(what_unpacks_to_hundreds_of_times_its_size_is_refused)
{
	const char *begin = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn><SplmtryData>";
	struct read_file *f = read_bytes(bomb(64 << 20, begin, "<a/>"));
	assert_refused(f, "C00", MSG_BANK_RATIO);
	assert_true(f->summary.bytes <= BANK_RATIO_FREE + 2 * BANK_PIECE);
	/* packed twice, the archive's bytes are the ones that count: here gzip packs to a quarter, and that packs to a thousandth once more */
	const struct inside twice[] = { { "a.xml.gz", bomb_by(Z_HUFFMAN_ONLY, 32 << 20, begin, "<a/>") } };
	f = read_bytes(archive(twice, 1, NULL));
	assert_refused(f, "C00", MSG_BANK_RATIO);
	assert_true(f->summary.bytes <= BANK_RATIO_FREE + 2 * BANK_PIECE);
	char *large = arena_alloc(mem, BANK_RATIO_FREE + 4096);
	memset(large, ' ', BANK_RATIO_FREE + 4096);
	const struct inside files[] = { { "a.xml", { large, BANK_RATIO_FREE + 4096 } } };
	assert_refused(read_bytes(archive(files, 1, NULL)), "C00", MSG_BANK_RATIO);
}

TEST(what_is_no_bank_file_is_refused)
{
	assert_refused(read_bytes(S("")), "C00", MSG_BANK_EMPTY);
	assert_refused(read_bytes(S("hello")), "C00", MSG_BANK_UNKNOWN_FORM);
	assert_refused(read_bytes(S("%PDF-1.7")), "C00", MSG_BANK_UNKNOWN_FORM);
	assert_refused(read_bytes(packed(S(""))), "C00", MSG_BANK_EMPTY);
	assert_refused(read_bytes(packed(packed(message("1")))), "C00", MSG_BANK_UNKNOWN_FORM);
}

static int64_t read_badly(void *user, int64_t offset, void *to, size_t len)
{
	struct str *bytes = user;
	if (offset > 200) return -1;
	struct bank_input whole = bank_input_of(bytes);
	return whole.read_at(bytes, offset, to, len < 150 ? len : 150);
}

TEST(a_disk_that_fails_is_no_end_of_file)
{
	struct str bytes = message("1");
	struct bank_input input = { &bytes, read_badly, (int64_t)bytes.len };
	struct bank_findings findings = bank_findings_in(mem);
	struct bank_summary summary;
	struct bank_file *f;
	assert_status(bank_file_open(mem, &input, &f, &findings), OK);
	assert_status(bank_file_read(f, 0, &note_all, ARENA_NEW(mem, struct read_file), &summary, &findings), REFUSED);
	assert_int_equal(findings.first->message, MSG_BANK_UNREADABLE);
	bank_file_close(f);
}
