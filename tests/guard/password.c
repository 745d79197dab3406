/* tests/guard/password.c: which new passwords are taken. Recovery-cases 29, 30, 96. */
#include "test.h"

#include "base/clock.h"
#include "base/lang.h"
#include "guard/password.h"

/* Jeanne Müller-d'Orsay, who buys at the Théâtre du Lac. */
static const struct str words[] = { { STR("Jeanne") }, { STR("Müller-d'Orsay") }, { STR("jeanne.muller@example.org") }, { STR("Théâtre du Lac") },
	{ STR("lac") }, { STR("") } };

static void assert_taken(const char *password)
{
	struct problem why = problem_in(mem);
	enum status st = password_check(mem, str_of(password), words, "password", &why);
	if (st) fail_msg("\"%s\" refused: %.*s", password, STR_ARG(lang_problem(mem, LANG_EN, &why)));
	assert_false(problem_any(&why));
}

static void assert_refused_as(struct str password, enum message m)
{
	struct problem why = problem_in(mem);
	if (password_check(mem, password, words, "password", &why) != REFUSED) fail_msg("\"%.*s\" taken", STR_ARG(password));
	assert_non_null(problem_at(&why, "password"));
	assert_null(why.first->next);
	if (why.first->message != m) fail_msg("\"%.*s\" refused otherwise: %.*s", STR_ARG(password), STR_ARG(lang_problem(mem, LANG_EN, &why)));
}

static void assert_refused(const char *password, enum message m)
{
	assert_refused_as(str_of(password), m);
}

/* N times WHAT. */
static struct str times(size_t n, const char *what)
{
	struct buf b = buf_in(mem);
	for (size_t i = 0; i < n; i++) buf_add(&b, str_of(what));
	return buf_str(&b);
}

/* LEN bytes that nobody guesses. */
static struct str long_one(size_t len)
{
	struct buf b = buf_in(mem);
	uint32_t x = 17;
	while (b.len < len) buf_add_char(&b, (char)('a' + (x = x * 1664525 + 1013904223) % 26013 % 26));
	return buf_str(&b);
}

TEST(good_ones_are_taken)
{
	assert_taken("copper meadow 17 umbrella");
	assert_taken("violet harbour 92 trombone");
	assert_taken("drei Kamele im Nebel");
	assert_taken("la grenouille boit du thé");
	assert_taken("undici ombrelli gialli");
	assert_taken("k7Vq2mXw9RtZp4Lc");
	assert_taken("$%&!)=?+*(#/");
	assert_taken("correcthorsebatterystaple");
	assert_taken("На дворе трава мокрая");
	assert_taken("🐸🎻🌂🍋🚲🧵🪁🦉🥁🍄🔭🐌");
	assert_taken("我喜歡在下雨天聽音樂喝茶");
}

TEST(a_name_in_a_long_sentence_does_no_harm)
{
	assert_taken("Jeanne boit du thé avec onze grenouilles");
	assert_taken("umbrella theatre 58 frogs jumping");
}

TEST(eleven_characters_are_too_few_and_twelve_enough)
{
	assert_refused("k7Vq2mXw9Rt", MSG_PASSWORD_TOO_SHORT);
	assert_taken("k7Vq2mXw9RtZ");
	assert_refused("", MSG_PASSWORD_TOO_SHORT);
	assert_refused("🐸🎻🌂🍋🚲🧵🪁🦉🥁🍄🔭", MSG_PASSWORD_TOO_SHORT);
}

TEST(characters_are_counted_the_same_however_a_keyboard_composes_them)
{
	assert_refused("k7Vq2mXw9Re\u0301", MSG_PASSWORD_TOO_SHORT);
	assert_refused("k7Vq2mXw9R\u00e9", MSG_PASSWORD_TOO_SHORT);
	assert_taken("k7Vq2mXw9Rte\u0301");
	assert_taken("k7Vq2mXw9Rt\u00e9");
}

TEST(two_hundred_and_fifty_six_bytes_are_taken_and_one_more_not)
{
	struct problem why = problem_in(mem);
	assert_status(password_check(mem, long_one(256), words, "password", &why), OK);
	assert_refused_as(long_one(257), MSG_PASSWORD_TOO_LONG);
	assert_refused_as(long_one(1025), MSG_PASSWORD_TOO_LONG);
	assert_refused_as(long_one(1 << 20), MSG_PASSWORD_TOO_LONG);
	assert_refused_as(times(128, "e\u0301"), MSG_PASSWORD_OF_REPEATS); /* 384 bytes, 256 composed */
}

TEST(what_is_no_text_is_refused)
{
	assert_refused_as(S("k7Vq2mXw\0RtZp4Lc"), MSG_PASSWORD_NOT_TEXT);
	assert_refused("k7Vq2mXw\xc3RtZp4Lc", MSG_PASSWORD_NOT_TEXT);
	assert_refused("k7Vq2mXw\xed\xa0\x80RtZp4Lc", MSG_PASSWORD_NOT_TEXT);
}

TEST(runs_of_keys_are_refused)
{
	static const char *const runs[] = { "qwertzuiopü1", "qwertyuiop12", "azertyuiop12", "QWERTZUIOPÜ!", "asdfghjklöä$", "asdfghjkléà1",
		"qsdfghjklmù1", "yxcvbnm,.-12", "wxcvbn,;:!12", "zxcvbnm,./12", "poiuztrewq12", "üpoiuztrewq1", "qwertz12345!", "qwertzasdfgh",
		"1q2w3e4r5t6z", "q1w2e3r4t5z6", "1qay2wsx3edc", "123456789012", "1234567890!!", "abcdefghijkl", "zyxwvutsrqpo", "йцукенгшщзхъ",
		"asdf qwer zxcv", "azerty azerty 12" };
	for (size_t i = 0; i < COUNT(runs); i++) assert_refused(runs[i], MSG_PASSWORD_OF_KEYS);
}

TEST(repeats_are_refused)
{
	assert_refused_as(times(12, "a"), MSG_PASSWORD_OF_REPEATS);
	assert_refused_as(times(12, "é"), MSG_PASSWORD_OF_REPEATS);
	assert_refused_as(times(12, "🐸"), MSG_PASSWORD_OF_REPEATS);
	assert_refused_as(times(80, "!"), MSG_PASSWORD_OF_REPEATS);
	assert_refused("passwordpassword", MSG_PASSWORD_OF_REPEATS);
	assert_refused("abxabxabxabx", MSG_PASSWORD_OF_REPEATS);
	assert_refused("kürbiskürbis", MSG_PASSWORD_OF_REPEATS);
	assert_refused_as(times(20, "k7V"), MSG_PASSWORD_OF_REPEATS);
}

TEST(what_everybody_thinks_of_is_refused)
{
	static const char *const easy[] = { "Sommer2026!!", "Sommer 2026 !", "Herbst.2026.", "Winter-2026-27", "Printemps2026", "Été2026!!!!!",
		"Primavera2026", "Autumn2026!!", "Januar2026!!", "März2026März", "Maerz2026!!!", "Février2026!", "Settembre2026", "Mittwoch2026",
		"Vendredi2026", "Giovedì2026!", "Passwort1234", "Passwort2026!", "Motdepasse12", "mot de passe", "Password2026", "P@ssw0rd2026",
		"Theater2026!", "Théâtre2026!", "Willkommen12", "Bienvenue2026", "ichliebedich", "Geheim123456", "Zürich2026!!" };
	for (size_t i = 0; i < COUNT(easy); i++) {
		struct problem why = problem_in(mem);
		if (password_check(mem, str_of(easy[i]), NULL, "password", &why) != REFUSED) fail_msg("\"%s\" taken", easy[i]);
	}
	assert_refused("Sommer2026!!", MSG_PASSWORD_EASY);
	assert_refused("Passwort1998", MSG_PASSWORD_EASY);
}

TEST(the_names_of_the_person_and_the_house_are_refused)
{
	static const char *const own[] = { "Théâtre du Lac", "theatredulac26", "Theatre-du-Lac", "THEATREDULAC2026", "Théâtre du Lac 2026",
		"jeanne.muller@example.org", "jeannemuller", "Jeanne Müller", "Jeanne Mueller", "MüllerJeanne1", "mullerdorsay", "Müller-d'Orsay",
		"Jeanne2026!!", "example.org.jeanne" };
	for (size_t i = 0; i < COUNT(own); i++) assert_refused(own[i], MSG_PASSWORD_OF_WORDS);
}

TEST(a_name_without_an_umlaut_also_stands_for_the_one_with_it)
{
	static const struct str name[] = { { STR("Schönenbuecheler") }, { STR("") } };
	static const char *const own[] = { "Schönenbücheler", "schoenenbuecheler", "schonenbucheler", "SCHÖNENBUECHELER" };
	for (size_t i = 0; i < COUNT(own); i++) {
		assert_status(password_check(mem, str_of(own[i]), name, "password", NULL), REFUSED);
		assert_status(password_check(mem, str_of(own[i]), NULL, "password", NULL), OK); /* who is told no names cannot know them */
	}
}

TEST(a_name_in_another_script_counts)
{
	static const struct str name[] = { { STR("Александра Достоевская") }, { STR("") } };
	assert_status(password_check(mem, S("АЛЕКСАНДРАДОСТОЕВСКАЯ"), name, "password", NULL), REFUSED);
	assert_status(password_check(mem, S("достоевская1998"), name, "password", NULL), REFUSED);
	assert_status(password_check(mem, S("достоевская1998"), NULL, "password", NULL), OK);
}

TEST(a_strong_end_counts_after_a_long_weak_beginning)
{
	assert_taken(str_format(mem, "%.*s%s", STR_ARG(times(100, "a")), "k7Vq2mXw9RtZp4Lc").at);
}

TEST(the_longest_and_a_full_list_of_words_take_little_time)
{
	struct str many[200] = { 0 };
	for (size_t i = 0; i + 1 < COUNT(many); i++) many[i] = str_format(mem, "Anne-Sophie Elisabeth von Wattenwyl-Bächtold %zu", i);
	int64_t start = clock_steady();
	password_check(mem, long_one(256), many, "password", NULL);
	password_check(mem, times(256, "a"), many, "password", NULL);
	password_check(mem, times(85, "qwe"), many, "password", NULL);
	password_check(mem, times(128, "é"), many, "password", NULL);
	assert_true(clock_steady() - start < SECOND); /* some 20 ms; under AddressSanitizer and load more */
}

TEST(the_reason_is_told_in_four_languages)
{
	struct problem why = problem_in(mem);
	password_check(mem, S("zu kurz"), NULL, "password", &why);
	assert_str(lang_finding(mem, LANG_EN, why.first), S("Choose a longer password: at least 12 characters."));
	assert_str(lang_finding(mem, LANG_DE, why.first), S("Wählen Sie ein längeres Passwort: mindestens 12 Zeichen."));
	assert_str(lang_finding(mem, LANG_FR, why.first), S("Choisissez un mot de passe plus long\u00a0: au moins 12 caractères."));
	assert_str(lang_finding(mem, LANG_IT, why.first), S("Scelga una password più lunga: almeno 12 caratteri."));
}
