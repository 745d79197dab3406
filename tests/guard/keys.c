/* tests/guard/keys.c: the folder of keys: made once, read only as it must be, rotated without losing links. */
#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guard/keys.h"

static const uint8_t some_id[LINK_ID_SIZE] = "sixteen bytes id";

static struct str made[TESTS_MAX];
static size_t made_count;

/* A path that is not there yet, in a fresh temporary folder, which goes when the suite ends. */
static const char *fresh_dir(void)
{
	char *at = strdup("/tmp/parterre-keys-XXXXXX");
	assert_non_null(mkdtemp(at));
	made[made_count++] = str_of(at);
	return str_format(mem, "%s/keys", at).at;
}

__attribute__((destructor)) static void folders_gone(void)
{
	for (size_t i = 0; i < made_count; i++) {
		char command[128];
		snprintf(command, sizeof command, "rm -rf -- '%s'", made[i].at);
		if (system(command) != 0) perror(made[i].at);
		free((char *)(uintptr_t)made[i].at);
	}
}

static const char *in(const char *dir, const char *name)
{
	return str_format(mem, "%s/%s", dir, name).at;
}

static struct keys *load(const char *dir)
{
	struct keys *k;
	struct problem why = problem_in(mem);
	assert_status(keys_load(dir, &k, &why), OK);
	assert_false(problem_any(&why));
	return k;
}

static const char *made_dir(void)
{
	struct keys *k;
	const char *dir = fresh_dir();
	assert_status(keys_load_or_make(dir, &k, NULL), OK);
	keys_free(k);
	return dir;
}

static void assert_refused(const char *dir, enum message message)
{
	struct keys *k;
	struct problem why = problem_in(mem);
	assert_status(keys_load(dir, &k, &why), REFUSED);
	assert_null(k);
	assert_int_equal(problem_at(&why, "secret-dir")->message, message);
}

static struct str link_of(const char *dir)
{
	struct keys *k = load(dir);
	struct str text = link_make(mem, keys_links(k), LINK_RESET, some_id);
	keys_free(k);
	return text;
}

static enum link_reading read_with(const char *dir, struct str text)
{
	struct link l;
	struct keys *k = load(dir);
	enum link_reading r = link_read(keys_links(k), text, LINK_FOR(LINK_RESET), &l);
	keys_free(k);
	return r;
}

static void write_file(const char *path, struct str content, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content.at, content.len), content.len);
	close(fd);
}

TEST(loading_makes_nothing)
{
	struct keys *k;
	struct problem why = problem_in(mem);
	const char *dir = fresh_dir();
	assert_status(keys_load(dir, &k, &why), NOT_FOUND);
	assert_int_equal(problem_at(&why, "secret-dir")->message, MSG_KEYS_NO_FOLDER);
	assert_int_equal(access(dir, F_OK), -1);
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_status(keys_load(dir, &k, NULL), NOT_FOUND);
}

TEST(the_first_start_makes_one_key_and_the_next_reads_it)
{
	struct stat s;
	const char *dir = made_dir();
	struct str text = link_of(dir);
	assert_int_equal(stat(dir, &s), 0);
	assert_int_equal(s.st_mode & 07777, 0700);
	assert_int_equal(stat(in(dir, "link-0001.key"), &s), 0);
	assert_int_equal(s.st_mode & 07777, 0600);
	assert_int_equal(stat(in(dir, "secret.key"), &s), 0);
	assert_int_equal(s.st_mode & 07777, 0600);

	struct keys *k;
	assert_status(keys_load_or_make(dir, &k, NULL), OK);
	assert_int_equal(keys_links(k).count, 1);
	keys_free(k);
	assert_int_equal(read_with(dir, text), LINK_GENUINE);
}

TEST(eight_processes_that_start_at_once_agree_on_one_key)
{
	const char *dir = fresh_dir();
	for (int i = 0; i < 8; i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			struct keys *k;
			_exit(keys_load_or_make(dir, &k, NULL) == OK && keys_links(k).count == 1 ? 0 : 1);
		}
	}
	for (int i = 0, how; i < 8; i++) {
		assert_true(wait(&how) > 0);
		assert_int_equal(how, 0);
	}
	assert_int_equal(access(in(dir, "link-0002.key"), F_OK), -1);
}

TEST(a_new_key_signs_and_the_old_one_still_verifies)
{
	const char *dir = made_dir();
	struct str old = link_of(dir);
	assert_status(keys_add(dir, NULL), OK);
	struct str new = link_of(dir);
	assert_false(str_eq(old, new));
	assert_int_equal(read_with(dir, old), LINK_GENUINE);
	assert_int_equal(read_with(dir, new), LINK_GENUINE);

	assert_int_equal(unlink(in(dir, "link-0001.key")), 0);
	assert_int_equal(read_with(dir, old), LINK_FORGED);
	assert_int_equal(read_with(dir, new), LINK_GENUINE);
}

TEST(the_highest_number_is_the_newest_also_past_nine)
{
	const char *dir = made_dir();
	for (int i = 2; i <= 11; i++) assert_status(keys_add(dir, NULL), OK);
	struct str newest = link_of(dir);
	for (int i = 1; i <= 10; i++) assert_int_equal(unlink(in(dir, str_format(mem, "link-%04d.key", i).at)), 0);
	assert_str(link_of(dir), newest);
}

TEST(another_installations_link_is_forged)
{
	assert_int_equal(read_with(made_dir(), link_of(made_dir())), LINK_FORGED);
}

TEST(secrets_differ_by_label_and_folder_and_outlive_rotation)
{
	const char *dir = made_dir();
	uint8_t csrf[KEYS_SECRET_SIZE], sealed[KEYS_SECRET_SIZE], again[KEYS_SECRET_SIZE], other[KEYS_SECRET_SIZE];
	struct keys *k = load(dir);
	keys_secret(k, "csrf", csrf);
	keys_secret(k, "sealed", sealed);
	keys_free(k);
	assert_memory_not_equal(csrf, sealed, sizeof csrf);

	assert_status(keys_add(dir, NULL), OK);
	k = load(dir);
	keys_secret(k, "csrf", again);
	keys_free(k);
	assert_memory_equal(csrf, again, sizeof csrf);

	k = load(made_dir());
	keys_secret(k, "csrf", other);
	keys_free(k);
	assert_memory_not_equal(csrf, other, sizeof csrf);
}

TEST(what_others_can_read_is_refused)
{
	const char *dir = made_dir();
	assert_int_equal(chmod(in(dir, "link-0001.key"), 0640), 0);
	assert_refused(dir, MSG_KEYS_FILE_MODE);
	assert_int_equal(chmod(in(dir, "link-0001.key"), 0600), 0);
	assert_int_equal(chmod(in(dir, "secret.key"), 0604), 0);
	assert_refused(dir, MSG_KEYS_FILE_MODE);
	assert_int_equal(chmod(in(dir, "secret.key"), 0400), 0);
	assert_int_equal(chmod(dir, 0750), 0);
	assert_refused(dir, MSG_KEYS_FOLDER_MODE);
	assert_int_equal(chmod(dir, 0700), 0);
	keys_free(load(dir));
}

/* What user and group 65534 read in DIR: OK, or REFUSED for the owner. */
static int read_as_nobody(const char *dir)
{
	int how;
	pid_t child = fork();
	if (child == 0) {
		struct keys *k;
		struct problem why = problem_in(mem);
		if (setegid(65534) < 0 || seteuid(65534) < 0) _exit(99);
		enum status st = keys_load(dir, &k, &why);
		_exit(st == REFUSED && why.first->message != MSG_KEYS_OWNER ? 98 : (int)st);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	return WEXITSTATUS(how);
}

TEST(what_belongs_to_somebody_else_is_refused)
{
	if (geteuid() != 0) skip(); /* only root can give files away */
	const char *dir = made_dir(), *key = in(dir, "link-0001.key");
	assert_int_equal(chmod(made[made_count - 1].at, 0711), 0);
	assert_int_equal(chown(dir, 65534, 65534) | chown(key, 65534, 65534) | chown(in(dir, "secret.key"), 65534, 65534), 0);
	assert_int_equal(read_as_nobody(dir), OK);

	assert_int_equal(chown(key, 0, 65534) | chmod(key, 0640), 0);
	assert_int_equal(read_as_nobody(dir), REFUSED);
	assert_int_equal(chown(key, 65534, 65534) | chmod(key, 0600), 0);

	assert_int_equal(chown(dir, 0, 65534) | chmod(dir, 0750), 0);
	assert_int_equal(read_as_nobody(dir), REFUSED);
}

TEST(root_makes_keys_that_the_folders_owner_can_use)
{
	if (geteuid() != 0) skip();
	struct stat s;
	const char *dir = made_dir();
	assert_int_equal(chown(dir, 65534, (gid_t)-1), 0);
	assert_status(keys_add(dir, NULL), OK);
	assert_int_equal(stat(in(dir, "link-0002.key"), &s), 0);
	assert_int_equal(s.st_uid, 65534);
}

TEST(what_is_no_key_is_refused)
{
	static const struct str bad[] = {
		{ STR("") },
		{ STR("6a") },
		{ STR("6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a") },
		{ STR("6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a\n\n") },
		{ STR("6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6x\n") },
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *dir = made_dir();
		write_file(in(dir, "link-0002.key"), bad[i], 0600);
		assert_refused(dir, MSG_KEYS_FILE_CONTENT);
	}
	const char *dir = made_dir();
	assert_int_equal(symlink(in(dir, "link-0001.key"), in(dir, "link-0002.key")), 0);
	assert_refused(dir, MSG_KEYS_FILE_CONTENT);
	dir = made_dir();
	assert_int_equal(mkfifo(in(dir, "link-0002.key"), 0600), 0);
	assert_refused(dir, MSG_KEYS_FILE_CONTENT);
}

TEST(a_name_that_only_looks_like_a_keys_is_refused)
{
	static const char *const names[] = { "link-1.key", "link-0000.key", "link-00010.key", "link-+001.key", "link-0002.key.bak", "link-" };
	for (size_t i = 0; i < COUNT(names); i++) {
		const char *dir = made_dir();
		write_file(in(dir, names[i]), S("x"), 0600);
		assert_refused(dir, MSG_KEYS_FILE_NAME);
	}
}

TEST(a_folder_copied_in_part_is_refused_and_not_completed)
{
	struct keys *k;
	const char *dir = made_dir();
	assert_int_equal(unlink(in(dir, "secret.key")), 0);
	assert_refused(dir, MSG_KEYS_INCOMPLETE);
	assert_status(keys_load_or_make(dir, &k, NULL), REFUSED);
	assert_int_equal(access(in(dir, "secret.key"), F_OK), -1);
}

TEST(a_start_that_died_half_way_is_finished_by_the_next)
{
	struct keys *k;
	const char *dir = made_dir();
	assert_int_equal(unlink(in(dir, "link-0001.key")), 0);
	write_file(in(dir, ".new"), S("6a6a"), 0600);
	assert_refused(dir, MSG_KEYS_INCOMPLETE);
	assert_status(keys_load_or_make(dir, &k, NULL), OK);
	keys_free(k);
	assert_int_equal(access(in(dir, ".new"), F_OK), -1);
}

TEST(keys_have_an_end)
{
	struct problem why = problem_in(mem);
	const char *dir = made_dir();
	for (int i = 2; i <= 32; i++) assert_status(keys_add(dir, NULL), OK);
	assert_status(keys_add(dir, &why), REFUSED);
	assert_int_equal(problem_at(&why, "secret-dir")->message, MSG_KEYS_TOO_MANY);
	keys_free(load(dir));
}
