/* guard/password.c: libzxcvbn estimates; here stands what it does not know: the house's words, four languages, European keyboards, and what a password
 * is once accents and separators are taken away. The lowest of several readings counts.
 * libzxcvbn takes bytes and knows ASCII, so that a code point beyond it becomes one byte of 0x80 to 0xbf: another letter, worth what one is worth.
 * Debian's library has its dictionary compiled in and no state: any thread may call it. */
#include "guard/password.h"

#include <string.h>
#include <uchar.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <zxcvbn.h>

#include "base/fold.h"

#define TYPED_MAX		1024 /* bytes before NFC, which may shorten four times what decomposed letters need */
#define ESTIMATED_MAX	72	 /* letters: libzxcvbn takes a millisecond for them, and more letters are never easier to guess */
#define RUN_MIN			4	 /* neighbouring keys, or the same one, that are no longer chance */
#define RUN_LEFT		2	 /* letters that a run counts as: where it begins and which way it goes */
#define PART_MIN		3	 /* letters of a part of a name or an address that count as a word */
#define TELLING_MIN		4	 /* letters of a word that we say is in the password */
#define WORDS_MAX		64	 /* of the caller: names and addresses of one person and one house are some ten */
#define PARTS_MAX		8	 /* of a word: what an address or a name of a house has */
#define SPELLINGS		3	 /* in which a word counts: ä as a, as ae, and ae as a */
#define KNOWN_MAX		256	 /* words that stand below */
#define SEPARATOR_BITS	4	 /* guesses that a separator costs where it changes */
#define SEPARATOR_AGAIN 0.5	 /* and where it is the one before */

/* Keys that lie side by side, on the keyboards of Switzerland, Germany, Austria, France, Italy, Britain and the USA; and the alphabet. */
static const char32_t *const rows[] = {
	U"qwertzuiopü¨",
	U"qwertzuiopü+",
	U"qwertzuiopè",
	U"asdfghjklöä#",
	U"asdfghjkléà$",
	U"asdfghjklòàù",
	U"yxcvbnm,.-",
	U"qwertyuiop[]",
	U"qwertyuiopè+",
	U"asdfghjkl;'",
	U"zxcvbnm,./",
	U"zxcvbnm,.-",
	U"azertyuiop^$",
	U"qsdfghjklmù*",
	U"wxcvbn,;:!",
	U"йцукенгшщзхъ",
	U"фывапролджэ",
	U"ячсмитьбю",
	U"§1234567890'^",
	U"1234567890ß´",
	U"1234567890-=",
	U"&é\"'(-è_çà)=",
	U"°+\"*ç%&/()=?",
	U"!\"§$%&/()=?",
	U"!@#$%^&*()_+",
	U"!\"£$%^&*()_+",
	U"1q2w3e4r5t6z7u8i9o0pü",
	U"1q2w3e4r5t6y7u8i9o0p",
	U"1a2z3e4r5t6y7u8i9o0p",
	U"q1w2e3r4t5z6u7i8o9p0",
	U"q1w2e3r4t5y6u7i8o9p0",
	U"1qay2wsx3edc4rfv5tgb6zhn7ujm8ik,9ol.",
	U"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.",
	U"1aqw2zsx3edc4rfv5tgb6yhn7uj,",
	U"qaywsxedcrfvtgbzhnujm",
	U"qazwsxedcrfvtgbyhnujm",
	U"1234567890",
	U"0123456789",
	U"abcdefghijklmnopqrstuvwxyz",
	U"абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
};

/* What people here choose and no English dictionary has, without accents. */
static const struct str known = { STR(
	"passwort kennwort motdepasse password parola parolachiave passwd geheim geheimnis secret segreto theater theatre teatro "
	"oper opera konzert concert concerto ticket tickets billett billet billets biglietto biglietti eintritt karte karten "
	"kino cinema zirkus cirque circo festival musik musique musica parterre loge willkommen welcome bienvenue benvenuto "
	"benvenuti hallo hello bonjour bonsoir buongiorno ciao salut gruezi schatz liebe ichliebedich amour jetaime amore tiamo "
	"iloveyou schweiz suisse svizzera switzerland zurich zuerich zurigo geneve genf ginevra geneva bern berne berna basel "
	"bale basilea lausanne lugano luzern lucerne lucerna winterthur sanktgallen stgallen january february march april may "
	"june july august september october november december januar janner jaenner februar marz maerz mai juni juli oktober "
	"dezember janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre gennaio febbraio marzo aprile "
	"maggio giugno luglio agosto settembre ottobre dicembre spring summer autumn winter fruhling fruehling sommer herbst "
	"printemps ete automne hiver primavera estate autunno inverno monday tuesday wednesday thursday friday saturday sunday "
	"montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi "
	"dimanche lunedi martedi mercoledi giovedi venerdi sabato domenica") };

/* ---- code points ---- */

struct points {
	UChar32 *at;
	size_t len;
};

/* S is valid UTF-8. */
static struct points points_of(struct arena *a, struct str s)
{
	struct points p = { ARENA_ARRAY(a, UChar32, s.len + 1), 0 };
	for (size_t i = 0; i < s.len; p.len++) U8_NEXT_OR_FFFD(s.at, i, s.len, p.at[p.len]);
	return p;
}

/* As libzxcvbn gets it. */
static const char *letters_of(struct arena *a, struct points p)
{
	size_t len = p.len < ESTIMATED_MAX ? p.len : ESTIMATED_MAX;
	char *at = arena_alloc(a, len + 1);
	for (size_t i = 0; i < len; i++) at[i] = (char)(p.at[i] < 0x80 ? p.at[i] : 0x80 | (p.at[i] & 0x3f));
	return at;
}

static bool is_separator(UChar32 c)
{
	return c < 0x80 && !u_isalnum(c);
}

/* Without accents and, beyond ASCII, in lower case; what has no such form stays. */
static struct points plain_of(struct arena *a, struct points p)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < p.len; i++) {
		char bytes[U8_MAX_LENGTH];
		size_t len = 0;
		U8_APPEND_UNSAFE(bytes, len, p.at[i]);
		struct str letter = { bytes, len }, plain = p.at[i] < 0x80 ? letter : text_fold_search(a, letter);
		buf_add(&b, plain.len ? plain : letter);
	}
	return points_of(a, buf_str(&b));
}

/* Without blanks and punctuation; LOST gets what they are worth. */
static struct points tight_of(struct arena *a, struct points p, double *lost)
{
	struct points t = { ARENA_ARRAY(a, UChar32, p.len + 1), 0 };
	UChar32 before = 0;
	*lost = 0;
	for (size_t i = 0; i < p.len; i++) {
		if (!is_separator(p.at[i])) {
			t.at[t.len++] = p.at[i];
			continue;
		}
		*lost += p.at[i] == before ? SEPARATOR_AGAIN : SEPARATOR_BITS;
		before = p.at[i];
	}
	return t;
}

/* ---- runs and repeats ---- */

static bool is_key(struct points p, size_t i, char32_t key)
{
	return i < p.len && key && (char32_t)u_tolower(p.at[i]) == key;
}

/* How many letters from I on follow ROW one way or the other. */
static size_t run_along(struct points p, size_t i, const char32_t *row)
{
	size_t best = 0;
	for (size_t r = 0; row[r]; r++) {
		size_t up = 0, down = 0;
		while (is_key(p, i + up, row[r + up])) up++;
		while (down <= r && is_key(p, i + down, row[r - down])) down++;
		if (up > best) best = up;
		if (down > best) best = down;
	}
	return best;
}

static size_t run_at(struct points p, size_t i)
{
	size_t best = 0;
	for (size_t r = 0; r < COUNT(rows); r++) {
		size_t len = run_along(p, i, rows[r]);
		if (len > best) best = len;
	}
	return best;
}

static size_t same_at(struct points p, size_t i)
{
	size_t n = 1;
	while (i + n < p.len && p.at[i + n] == p.at[i]) n++;
	return n;
}

/* The length of the unit that P repeats twice or more, the last time perhaps in part; P's own length when it repeats none. */
static size_t unit_of(struct points p)
{
	for (size_t unit = 1; unit * 2 <= p.len; unit++) {
		if (memcmp(p.at, p.at + unit, (p.len - unit) * sizeof *p.at) == 0) return unit;
	}
	return p.len;
}

struct shortened {
	struct points left;
	size_t of_keys, of_repeats; /* letters that stood in runs, or repeated others */
};

/* P with each run as its first letters, and a repeated whole once. */
static struct shortened shorten(struct arena *a, struct points p)
{
	struct shortened s = { .left = { ARENA_ARRAY(a, UChar32, p.len + 1), 0 } };
	for (size_t i = 0; i < p.len;) {
		size_t same = same_at(p, i), keys = run_at(p, i), len = same > keys ? same : keys;
		size_t keep = len >= RUN_MIN ? RUN_LEFT : 1;
		if (len < RUN_MIN) len = 1;
		memcpy(s.left.at + s.left.len, p.at + i, keep * sizeof *p.at);
		s.left.len += keep;
		i += len;
		if (len < RUN_MIN) continue;
		if (len == same) s.of_repeats += len;
		else s.of_keys += len;
	}
	size_t unit = unit_of(s.left);
	s.of_repeats += s.left.len - unit;
	s.left.len = unit;
	return s;
}

/* ---- words ---- */

/* A list as libzxcvbn wants it; the earlier a word, the fewer guesses it is worth. */
struct dictionary {
	const char **at; /* up to NULL */
	size_t len, size;
};

static void dictionary_add(struct dictionary *d, const char *word)
{
	if (d->len + 1 >= d->size) BUG("more words than were counted");
	d->at[d->len++] = word;
}

static struct str without(struct arena *a, struct str s, char c)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] != c) buf_add_char(&b, s.at[i]);
	}
	return buf_str(&b);
}

/* The word with ä as ae, or the other way round, as people write it where the key is missing. */
static struct str umlauts_as_two(struct arena *a, struct str word)
{
	struct points p = points_of(a, text_nfc(a, word));
	struct buf b = buf_in(a);
	for (size_t i = 0; i < p.len; i++) {
		UChar32 c = u_tolower(p.at[i]);
		char bytes[U8_MAX_LENGTH];
		size_t len = 0;
		if (c == 0xe4 || c == 0xf6 || c == 0xfc) {
			buf_add_char(&b, c == 0xe4 ? 'a' : c == 0xf6 ? 'o' : 'u');
			c = 'e';
		}
		U8_APPEND_UNSAFE(bytes, len, c);
		buf_add(&b, (struct str){ bytes, len });
	}
	return buf_str(&b);
}

static struct str umlauts_as_one(struct arena *a, struct str word)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] == 'e' && i && strchr("aou", word.at[i - 1])) continue;
		buf_add_char(&b, word.at[i]);
	}
	return buf_str(&b);
}

/* WORD is folded: words of letters and digits with one blank between. */
static void dictionary_add_folded(struct dictionary *d, struct arena *a, struct str word)
{
	struct str rest = word, part, tight = without(a, word, ' ');
	if (str_points(tight) >= PART_MIN) dictionary_add(d, letters_of(a, points_of(a, tight)));
	for (size_t i = 0; i < PARTS_MAX && str_next(&rest, ' ', &part); i++) {
		if (part.len != tight.len && str_points(part) >= PART_MIN) dictionary_add(d, letters_of(a, points_of(a, part)));
	}
}

static struct dictionary dictionary_of(struct arena *a, const struct str *words)
{
	size_t size = KNOWN_MAX + WORDS_MAX * SPELLINGS * (1 + PARTS_MAX) + 1;
	struct dictionary d = { ARENA_ARRAY(a, const char *, size), 0, size };
	for (size_t i = 0; words && words[i].len && i < WORDS_MAX; i++) {
		if (!str_is_text(words[i])) continue;
		struct str folded = text_fold_search(a, words[i]);
		dictionary_add_folded(&d, a, folded);
		dictionary_add_folded(&d, a, text_fold_search(a, umlauts_as_two(a, words[i])));
		dictionary_add_folded(&d, a, umlauts_as_one(a, folded));
	}
	return d;
}

static void dictionary_add_known(struct dictionary *d, struct arena *a)
{
	struct str rest = known, word;
	while (str_next(&rest, ' ', &word)) dictionary_add(d, str_c(a, word));
}

/* ---- the estimate ---- */

/* The ways a password is read. */
struct readings {
	struct points whole, tight;
	double lost; /* what was taken out of tight */
};

static double lesser(double a, double b)
{
	return a < b ? a : b;
}

static double bits_of(struct arena *a, struct points p, const struct dictionary *d)
{
	double bits = ZxcvbnMatch(letters_of(a, shorten(a, p).left), d->at, NULL);
	if (p.len > ESTIMATED_MAX) return bits;
	return lesser(bits, ZxcvbnMatch(letters_of(a, p), d->at, NULL)); /* it knows some runs better */
}

static double bits_least(struct arena *a, const struct readings *r, const struct dictionary *d)
{
	return lesser(bits_of(a, r->whole, d), bits_of(a, r->tight, d) + r->lost);
}

/* Whether a word of the caller's stands in the password. */
static bool tells(struct arena *a, const struct readings *r, const struct dictionary *callers)
{
	struct str letters = str_lower(a, str_of(letters_of(a, r->tight)));
	for (size_t i = 0; i < callers->len; i++) {
		struct str word = str_of(callers->at[i]);
		if (word.len >= TELLING_MIN && str_find(letters, word) >= 0) return true;
	}
	return false;
}

/* Which message says best what is wrong with a password that is too easy. */
static enum message reason(struct arena *a, const struct readings *r, const struct dictionary *callers, const struct dictionary *ours)
{
	struct shortened s = shorten(a, r->whole);
	if (bits_least(a, r, ours) >= PASSWORD_BITS_MIN) return MSG_PASSWORD_OF_WORDS;
	if (s.of_keys * 2 >= r->whole.len) return MSG_PASSWORD_OF_KEYS;
	if (s.of_repeats * 2 >= r->whole.len) return MSG_PASSWORD_OF_REPEATS;
	return tells(a, r, callers) ? MSG_PASSWORD_OF_WORDS : MSG_PASSWORD_EASY;
}

/* Whether a password, in NFC, is too easy to guess, and why. */
static bool is_easy(struct arena *a, struct str password, const struct str *words, enum message *why)
{
	struct readings r = { .whole = points_of(a, password) };
	r.tight = tight_of(a, plain_of(a, r.whole), &r.lost);

	struct dictionary callers = dictionary_of(a, words), all = dictionary_of(a, words), ours = dictionary_of(a, NULL);
	dictionary_add_known(&all, a);
	dictionary_add_known(&ours, a);
	if (bits_least(a, &r, &all) >= PASSWORD_BITS_MIN) return false;
	*why = reason(a, &r, &callers, &ours);
	return true;
}

static enum status refuse(struct problem *why, const char *field, enum message m, int limit)
{
	problem_add(why, field, m, arg_int("n", limit));
	return REFUSED;
}

enum status password_check(struct arena *a, struct str password, const struct str *words, const char *field, struct problem *why)
{
	enum message m;
	if (password.len > TYPED_MAX) return refuse(why, field, MSG_PASSWORD_TOO_LONG, PASSWORD_BYTES_MAX);
	if (!str_is_text(password)) return refuse(why, field, MSG_PASSWORD_NOT_TEXT, 0);
	password = text_nfc(a, password);
	if (str_points(password) < PASSWORD_POINTS_MIN) return refuse(why, field, MSG_PASSWORD_TOO_SHORT, PASSWORD_POINTS_MIN);
	if (password.len > PASSWORD_BYTES_MAX) return refuse(why, field, MSG_PASSWORD_TOO_LONG, PASSWORD_BYTES_MAX);
	return is_easy(a, password, words, &m) ? refuse(why, field, m, 0) : OK;
}
