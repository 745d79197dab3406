/* Options from three sources, and what is said about wrong ones. */
#include "base/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/lang.h"
#include "test.h"

static const struct option options[] = {
	{ "config", OPTION_TEXT, "FILE", NULL, "a file of options" },
	{ "listen", OPTION_LIST, "ADDR:PORT", "127.0.0.1:8080", "where to listen" },
	{ "database", OPTION_TEXT, "URL", "sqlite:parterre.db", "where the data is" },
	{ "secret-dir", OPTION_TEXT, "DIR", NULL, "the keys' folder" },
	{ "migrate", OPTION_FLAG, NULL, NULL, "bring the database up to date first" },
	{ "trusted-proxy", OPTION_LIST, "CIDR", NULL, "who may say whom it asks for" },
	{ "sender", OPTION_TEXT, "ADDRESS-OF-THE-HOUSE-ITSELF", NULL, "of mails" },
	{ 0 },
};
static const char *const serve_options[] = { "listen", "database", "secret-dir", "migrate", "trusted-proxy", NULL };
static const struct usage serve = { "serve", "", 0, 0, "serves the shop", serve_options };
static const char *const retry_options[] = { "database", NULL };
static const struct usage retry = { "mail retry", "ID", 1, 1, "sends a mail again", retry_options };

#define WORDS(...) ((const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

static struct config config;
static struct problem why;

static enum status given(const struct usage *usage, const char *const *argv, const char *const *environment)
{
	why = problem_in(mem);
	return config_read(mem, options, usage, argv, environment, &config, &why);
}

/* Refused, and this is said. */
static void assert_refused(const struct usage *usage, const char *const *argv, const char *const *environment, const char *words)
{
	assert_status(given(usage, argv, environment), REFUSED);
	assert_str(lang_problem(mem, LANG_EN, &why), str_of(words));
}

/* A file with TEXT in it; removed by the next call. */
static char *file_with(struct str text)
{
	static char path[64];
	if (path[0]) unlink(path);
	snprintf(path, sizeof path, "/tmp/parterre-config-XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len);
	close(fd);
	return path;
}

TEST(without_anything_the_fallbacks_hold)
{
	assert_status(given(&serve, WORDS(), WORDS()), OK);
	assert_str(config_text(&config, "database"), S("sqlite:parterre.db"));
	assert_str(config_text(&config, "secret-dir"), S(""));
	assert_false(config_flag(&config, "migrate"));
	size_t count;
	assert_str(config_list(&config, "listen", &count)[0], S("127.0.0.1:8080"));
	assert_int_equal(count, 1);
	assert_false(config_given(&config, "database"));
}

TEST(command_line_beats_environment_beats_file)
{
	char *file = file_with(S("database = from-file\nsecret-dir = from-file\nlisten = f:1\nlisten = f:2\nmigrate = yes\n"));
	assert_status(
		given(&serve, WORDS("--config", file, "--database", "from-line"), WORDS("PARTERRE_DATABASE=from-env", "PARTERRE_SECRET_DIR=from-env")), OK);
	assert_str(config_text(&config, "database"), S("from-line"));
	assert_str(config_text(&config, "secret-dir"), S("from-env"));
	assert_true(config_flag(&config, "migrate"));
	size_t count;
	const struct str *listen = config_list(&config, "listen", &count);
	assert_int_equal(count, 2);
	assert_str(listen[1], S("f:2"));
}

TEST(a_list_is_one_source_as_a_whole)
{
	char *file = file_with(S("listen = f:1\n"));
	size_t count;
	assert_status(given(&serve, WORDS("--config", file, "--listen", "a:1", "--listen=b:2"), WORDS("PARTERRE_LISTEN=e:1")), OK);
	assert_str(config_list(&config, "listen", &count)[1], S("b:2"));
	assert_int_equal(count, 2);
	assert_status(given(&serve, WORDS("--config", file), WORDS("PARTERRE_LISTEN=e:1  e:2")), OK);
	assert_str(config_list(&config, "listen", &count)[1], S("e:2"));
	assert_int_equal(count, 2);
}

TEST(the_environment_can_name_the_file)
{
	char *file = file_with(S("\n# a remark\n  database =  sqlite:a b.db \r\n"));
	assert_status(given(&serve, WORDS(), WORDS(str_c(mem, str_format(mem, "PARTERRE_CONFIG=%s", file)))), OK);
	assert_str(config_text(&config, "database"), S("sqlite:a b.db"));
}

TEST(flags_are_yes_or_no)
{
	assert_status(given(&serve, WORDS("--migrate"), WORDS()), OK);
	assert_true(config_flag(&config, "migrate"));
	assert_status(given(&serve, WORDS("--migrate=no"), WORDS("PARTERRE_MIGRATE=1")), OK);
	assert_false(config_flag(&config, "migrate"));
	assert_refused(&serve, WORDS(), WORDS("PARTERRE_MIGRATE=perhaps"), "PARTERRE_MIGRATE: migrate is yes or no");
}

TEST(arguments_stand_between_options)
{
	assert_status(given(&retry, WORDS("--database", "d", "17"), WORDS()), OK);
	assert_int_equal(config.argument_count, 1);
	assert_str(config.arguments[0], S("17"));
	assert_status(given(&retry, WORDS("--", "--17"), WORDS()), OK);
	assert_str(config.arguments[0], S("--17"));
	assert_refused(&retry, WORDS(), WORDS(), "What is missing: ID. See: parterre help mail retry");
	assert_refused(&retry, WORDS("1", "2"), WORDS(), "There is one argument too many. See: parterre help mail retry");
}

TEST(wrong_usage_is_said_all_at_once)
{
	assert_refused(&serve, WORDS("--databose", "x", "--database", "a", "--database", "b", "--secret-dir"), WORDS(),
		"There is no option --databose for \"serve\". See: parterre help serve\n"
		"--database: database is given twice. Give it once\n"
		"--secret-dir takes a value: --secret-dir DIR");
	assert_refused(&retry, WORDS("17", "--listen", "a:1"), WORDS(), "There is no option --listen for \"mail retry\". See: parterre help mail retry");
}

TEST(a_file_serves_all_commands_but_has_no_unknown_keys)
{
	char *file = file_with(S("listen = a:1\ndatabase = d\n"));
	assert_status(given(&retry, WORDS("17", "--config", file), WORDS()), OK);
	assert_str(config_text(&config, "database"), S("d"));
	file = file_with(S("databose = d\njust words\n= x\ndatabase = 1\ndatabase = 2\n"));
	assert_refused(&serve, WORDS("--config", file), WORDS(),
		str_c(mem, str_format(mem,
					   "%s:1: there is no option databose\n%s:2: this is no line \"key = value\"\n%s:3: this is no line \"key = value\"\n"
					   "%s:5: database is given twice. Give it once",
					   file, file, file, file)));
}

TEST(a_file_that_is_none_is_refused)
{
	assert_refused(&serve, WORDS("--config", "/nonexistent/file"), WORDS(), "/nonexistent/file: No such file or directory");
	char *file = file_with(S("database = \xff\n"));
	assert_status(given(&serve, WORDS("--config", file), WORDS()), REFUSED);
	char *large = arena_alloc(mem, CONFIG_FILE_MAX + 2);
	memset(large, '\n', CONFIG_FILE_MAX + 1);
	assert_status(given(&serve, WORDS("--config", file_with((struct str){ large, CONFIG_FILE_MAX })), WORDS()), OK);
	assert_status(given(&serve, WORDS("--config", file_with((struct str){ large, CONFIG_FILE_MAX + 1 })), WORDS()), REFUSED);
	file_with(S(""));
}

TEST(what_platforms_set_by_themselves_is_ignored)
{
	assert_status(
		given(&serve, WORDS(), WORDS("PARTERRE_PORT=tcp://10.0.0.1:80", "PARTERRE_=x", "PARTERRE_SECRET-DIR=x", "PARTERRE_LISTEN", "LISTEN=x")), OK);
	assert_false(config_given(&config, "secret-dir"));
}

TEST(an_empty_variable_counts_as_not_there)
{
	assert_status(given(&serve, WORDS(), WORDS("PARTERRE_DATABASE=", "PARTERRE_LISTEN=", "PARTERRE_MIGRATE=")), OK);
	assert_str(config_text(&config, "database"), S("sqlite:parterre.db"));
	assert_false(config_given(&config, "listen"));
}

TEST(the_fallback_of_one_list_is_not_that_of_another)
{
	size_t count, none;
	assert_status(given(&serve, WORDS(), WORDS()), OK);
	const struct str *listen = config_list(&config, "listen", &count);
	config_list(&config, "trusted-proxy", &none);
	assert_int_equal(none, 0);
	assert_str(listen[0], S("127.0.0.1:8080"));
}

TEST(a_forgotten_value_does_not_swallow_the_next_option)
{
	assert_refused(&serve, WORDS("--secret-dir", "--migrate"), WORDS(), "--secret-dir takes a value: --secret-dir DIR");
	assert_refused(&serve, WORDS("--secret-dir="), WORDS(), "--secret-dir: secret-dir has no value");
	assert_refused(&serve, WORDS("--secret-dir", ""), WORDS(), "--secret-dir: secret-dir has no value");
	assert_status(given(&serve, WORDS("--secret-dir=--odd"), WORDS()), OK);
	assert_str(config_text(&config, "secret-dir"), S("--odd"));
}

TEST(a_short_option_is_no_argument)
{
	assert_refused(&retry, WORDS("17", "-v"), WORDS(), "There is no option --v for \"mail retry\". See: parterre help mail retry");
	assert_status(given(&retry, WORDS("-"), WORDS()), OK);
	assert_str(config.arguments[0], S("-"));
}

TEST(what_is_no_text_is_refused)
{
	assert_refused(&serve, WORDS("--database=\xff"), WORDS(), "--database: database is not plain text in UTF-8");
	assert_refused(&serve, WORDS("--database", "a\nb"), WORDS(), "--database: database is not plain text in UTF-8");
	assert_refused(&serve, WORDS(), WORDS("PARTERRE_DATABASE=\xc3"), "PARTERRE_DATABASE: database is not plain text in UTF-8");
}

TEST(a_file_may_begin_with_a_byte_order_mark)
{
	assert_status(given(&serve,
					  WORDS("--config", file_with(S("\xef\xbb\xbf"
													"database = d\n"))),
					  WORDS()),
		OK);
	assert_str(config_text(&config, "database"), S("d"));
}

TEST(no_message_repeats_what_may_be_a_secret)
{
	static const char *const lines[] = { "--sender:hunter2", "--sendr=hunter2", "--migrate=hunter2", "-:hunter2", "hunter2", "--database=hunter2\n" };
	static const char *const in_file[] = { "database hunter2\n", "= hunter2\n", "smtp://x:hunter2@y?a=b\n", "migrate = hunter2\n",
		"database = a\ndatabase = hunter2\n" };
	for (size_t i = 0; i < COUNT(lines) + COUNT(in_file); i++) {
		enum status st = i < COUNT(lines) ? given(&serve, WORDS(lines[i]), WORDS())
										  : given(&serve, WORDS("--config", file_with(str_of(in_file[i - COUNT(lines)]))), WORDS());
		assert_status(st, REFUSED);
		for (enum language l = 0; l < LANGUAGES; l++) assert_int_equal(str_find(lang_problem(mem, l, &why), S("hunter2")), -1);
	}
	file_with(S(""));
}

TEST(help_comes_from_the_declaration)
{
	assert_str(
		config_help(mem, options, &serve), S("parterre serve [--option value]…\nserves the shop\n\nOptions\n"
											 "  --config FILE             a file of options\n"
											 "  --listen ADDR:PORT        where to listen; may be repeated (127.0.0.1:8080)\n"
											 "  --database URL            where the data is (sqlite:parterre.db)\n"
											 "  --secret-dir DIR          the keys' folder\n"
											 "  --migrate                 bring the database up to date first\n"
											 "  --trusted-proxy CIDR      who may say whom it asks for; may be repeated\n\n"
											 "An option may also stand in the file of --config, as a line \"trusted-proxy = 10.0.0.0/8\", or in the\n"
											 "environment, PARTERRE_TRUSTED_PROXY. The command line beats the environment, and that the file.\n"));
	assert_status(given(&serve, WORDS("--nonsense", "--help"), WORDS()), OK);
	assert_true(config.wants_help);
}
