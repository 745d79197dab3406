/* accounts/contact_demo.c: rows by the thousand, handed over as JSON, because a million single statements would take PostgreSQL ten minutes. */
#include "accounts/contact_demo.h"

#include <stdlib.h>

#include "accounts/account.h"
#include "accounts/contact_words.h"
#include "accounts/phone.h"
#include "institution/institution.h"

/* clang-format off */
static const char *const first_names[] = { "Jeanne", "Marc", "Anna", "Luca", "Sophie", "Daniel", "Laura", "Thomas", "Chiara", "Nicolas", "Sarah", "Peter", "Élodie",
	"Stefan", "Giulia", "Pierre", "Nina", "Andreas", "Céline", "Matteo", "Julia", "Laurent", "Lea", "Christian", "Valérie", "Marco", "Simone", "Jürg", "Aline",
	"Reto", "Francesca", "Olivier", "Ursula", "Bruno", "Mélanie", "Hans", "Camille", "Beat", "Elena", "Yves", "Verena", "Paolo", "Noémie", "Urs", "Alessia", "Gilles",
	"Regula", "Sandro", "Inès", "Markus", "Corinne", "Zoë", "François", "Barbara", "Jonas", "Monique", "Fabio", "Annelise", "Loïc", "Heidi", "Giorgio", "Maëlle",
	"Rolf", "Bernadette", "Tim", "Antoinette", "Sven", "Œdipe" };
static const char *const last_names[] = { "Müller", "Meier", "Schmid", "Rochat", "Keller", "Weber", "Favre", "Huber", "Schneider", "Bernasconi", "Meyer", "Steiner",
	"Fischer", "Gerber", "Brunner", "Baumann", "Frei", "Zimmermann", "Moser", "Widmer", "Wyss", "Graf", "Roth", "Suter", "Baumgartner", "Bachmann", "Perret", "Kunz",
	"Hofer", "Bühler", "Lüthi", "Lehmann", "Marti", "Christen", "Frey", "Kaufmann", "Martin", "Arnold", "Koch", "Egli", "Bianchi", "Hofmann", "Schär", "Jost",
	"Käser", "Rossi", "Blanc", "Stucki", "Wenger", "Aeschlimann", "Bolliger", "Ferrari", "Chevalley", "Dubois", "Monnier", "Jaquet", "Cattaneo", "Zürcher", "Gröbli",
	"Ducommun", "Piguet", "Aubert", "Matthey", "Robert-Nicoud", "Fontana", "Rapin", "Galli", "Städeli", "Winkler", "Strauss", "Weiß", "Bovet", "Crivelli", "Nguyen",
	"Krähenbühl", "Vuilleumier", "Quartenoud", "Thévenaz", "Oberholzer", "Pedrazzini", "Lœffel", "Yersin", "Ritter", "Haldimann", "Imboden", "Zufferey" };
static const struct { const char *postcode, *town; } towns[] = { { "2000", "Neuchâtel" }, { "1003", "Lausanne" }, { "3011", "Bern" }, { "8001", "Zürich" },
	{ "1204", "Genève" }, { "2502", "Biel/Bienne" }, { "4051", "Basel" }, { "6003", "Luzern" }, { "9000", "St. Gallen" }, { "6900", "Lugano" }, { "1700", "Fribourg" },
	{ "2300", "La Chaux-de-Fonds" }, { "1400", "Yverdon-les-Bains" }, { "2034", "Peseux" }, { "2016", "Cortaillod" }, { "1950", "Sion" }, { "8400", "Winterthur" },
	{ "5000", "Aarau" }, { "3600", "Thun" }, { "6500", "Bellinzona" }, { "1800", "Vevey" }, { "2400", "Le Locle" }, { "2520", "La Neuveville" }, { "7000", "Chur" },
	{ "1260", "Nyon" }, { "2740", "Moutier" }, { "4500", "Solothurn" }, { "1630", "Bulle" }, { "2800", "Delémont" }, { "1450", "Sainte-Croix" } };
static const char *const streets[] = { "Rue du Lac", "Bahnhofstrasse", "Via Cantonale", "Rue des Moulins", "Dorfstrasse", "Hauptstrasse", "Chemin des Vignes",
	"Kirchgasse", "Quai du Port", "Sonnenweg", "Grand-Rue", "Via San Gottardo" };
/* clang-format on */

/* A number that looks thrown and is the same each time (splitmix64). */
static uint64_t dice(uint64_t n, uint64_t which)
{
	uint64_t z = n * UINT64_C(0x9e3779b97f4a7c15) + which * UINT64_C(0xd1b54a32d192ed03);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Of COUNT things one; the first are much more frequent than the last, as with names. */
static size_t skewed(uint64_t n, uint64_t which, size_t count)
{
	uint64_t r = dice(n, which) >> 32, s = dice(n, which + 100) >> 32;
	return (size_t)((r * s >> 32) * count >> 32);
}

struct made {
	int64_t number;
	struct str first, last, email, phone, street, house_number;
	const char *postcode, *town, *state;
};

static struct made made_up(struct arena *a, int64_t n)
{
	uint64_t u = (uint64_t)n;
	size_t town = skewed(u, 1, COUNT(towns));
	struct made m = {
		.number = number_with_check(n),
		.first = str_of(first_names[skewed(u, 2, COUNT(first_names))]),
		.last = str_of(last_names[skewed(u, 3, COUNT(last_names))]),
		.postcode = towns[town].postcode,
		.town = towns[town].town,
		.street = str_of(streets[dice(u, 4) % COUNT(streets)]),
		.house_number = str_format(a, "%d", (int)(dice(u, 5) % 90) + 1),
		.state = "",
	};
	if (dice(u, 6) % 4 == 0) {
		const char *second = last_names[dice(u, 7) % COUNT(last_names)];
		m.last = str_format(a, "%.*s-%s", STR_ARG(m.last), second);
	}
	if (dice(u, 8) % 5) m.phone = str_format(a, "+417%d555%04d", (int)(6 + dice(u, 9) % 4), (int)(dice(u, 10) % 10000));
	if (dice(u, 11) % 3) m.email = str_format(a, "contact%lld@example.%s", (long long)n, dice(u, 12) % 2 ? "org" : "net");
	if (m.email.len && dice(u, 13) % 5 < 3) m.state = dice(u, 14) % 10 ? "active" : dice(u, 15) % 2 ? "invited" : "blocked";
	return m;
}

/* ---- rows ---- */

#define SQLITE_ROWS	  "json_each($2) j"
#define POSTGRES_ROWS "json_array_elements(CAST($2 AS json)) AS j(value)"

/* CROSS JOIN keeps SQLite from reading the whole array once a contact: it takes such a join in the order written. */
#define CONTACTS(rows)                                                                                                                         \
	SQL("INSERT INTO contact (institution, number, kind, salutation, first_name, last_name, name_key, language, phone, street, house_number, " \
		"  postcode, town, country, made_at, email, email_key) "                                                                               \
		"SELECT $1, CAST(j.value->>'n' AS BIGINT), 'individual', '', j.value->>'first', j.value->>'last', j.value->>'key', "                   \
		"  j.value->>'language', j.value->>'phone', j.value->>'street', j.value->>'house', j.value->>'postcode', j.value->>'town', 'CH', $3, " \
		"  j.value->>'email', j.value->>'email' FROM " rows)
#define ACCOUNTS(rows)                                                                                                                    \
	SQL("INSERT INTO internet_account (institution, contact, email, email_key, state, state_reason, password_hash, language, made_at, "   \
		"  recovery_at) SELECT $1, c.id, c.email, c.email_key, j.value->>'state', '', CASE j.value->>'state' WHEN 'active' THEN $4 END, " \
		"  c.language, $3, 0 FROM " rows " CROSS JOIN contact c WHERE c.institution = $1 AND c.number = CAST(j.value->>'n' AS BIGINT) "   \
		"AND j.value->>'state' <> ''")
#define WORDS(rows)                                                                                       \
	SQL("INSERT INTO contact_word (institution, word, contact) SELECT $1, j.value->>'w', c.id FROM " rows \
		" CROSS JOIN contact c WHERE c.institution = $1 AND c.number = CAST(j.value->>'n' AS BIGINT)")

/* The engines differ in the name of the function that makes rows of an array. */
static const struct {
	struct sql contacts, accounts, words;
} statements[] = {
	[ENGINE_SQLITE] = { CONTACTS(SQLITE_ROWS), ACCOUNTS(SQLITE_ROWS), WORDS(SQLITE_ROWS) },
	[ENGINE_POSTGRES] = { CONTACTS(POSTGRES_ROWS), ACCOUNTS(POSTGRES_ROWS), WORDS(POSTGRES_ROWS) },
};

struct word_row {
	struct str word;
	int64_t number;
};

static int by_word(const void *a, const void *b)
{
	return str_compare(((const struct word_row *)a)->word, ((const struct word_row *)b)->word);
}

struct crowd_step {
	struct arena *a;
	int64_t institution, from, count; /* numbers FROM + 1 to FROM + COUNT, before their check digit */
	struct str password_hash;
	struct buf people, words;
};

static void person_add(struct crowd_step *x, const struct made *m, int64_t n)
{
	struct str key = account_name_key(x->a, m->first, m->last);
	buf_addf(&x->people, "%s{\"n\":%lld,\"first\":\"%.*s\",\"last\":\"%.*s\",\"key\":\"%.*s\",\"language\":\"%s\",\"phone\":\"%.*s\"",
		x->people.len > 1 ? "," : "", (long long)m->number, STR_ARG(m->first), STR_ARG(m->last), STR_ARG(key),
		lang_tag((enum language)(dice((uint64_t)n, 16) % LANGUAGES)), STR_ARG(m->phone));
	buf_addf(&x->people, ",\"street\":\"%.*s\",\"house\":\"%.*s\",\"postcode\":\"%s\",\"town\":\"%s\",\"email\":\"%.*s\",\"state\":\"%s\"}",
		STR_ARG(m->street), STR_ARG(m->house_number), m->postcode, m->town, STR_ARG(m->email), m->state);
}

/* Sorted by word, so that neighbours go to the same page of the index. */
static void crowd_prepare(struct crowd_step *x)
{
	size_t room = (size_t)x->count * 16, count = 0;
	struct word_row *rows = ARENA_ARRAY(x->a, struct word_row, room);
	x->people = buf_in(arena_new());
	x->words = buf_in(arena_new());
	buf_add_char(&x->people, '[');
	buf_add_char(&x->words, '[');
	for (int64_t n = x->from + 1; n <= x->from + x->count; n++) {
		struct made m = made_up(x->a, n);
		struct str *words;
		const struct contact_parts parts = { .names = { m.first, m.last, S(""), str_of(m.town) },
			.postcode = str_of(m.postcode),
			.phone = m.phone,
			.email_key = m.email,
			.number = m.number };
		person_add(x, &m, n);
		size_t found = contact_parts_words(x->a, &parts, &words);
		for (size_t i = 0; i < found && count < room; i++) rows[count++] = (struct word_row){ words[i], m.number };
	}
	qsort(rows, count, sizeof *rows, by_word);
	for (size_t i = 0; i < count; i++)
		buf_addf(&x->words, "%s{\"n\":%lld,\"w\":\"%.*s\"}", i ? "," : "", (long long)rows[i].number, STR_ARG(rows[i].word));
	buf_add_char(&x->people, ']');
	buf_add_char(&x->words, ']');
}

static enum status crowd_write(struct conn *db, void *arg)
{
	static const struct sql counter = SQL("INSERT INTO institution_counter (institution, name, value) VALUES ($1, 'contact', $2) "
										  "ON CONFLICT (institution, name) DO UPDATE SET value = $2 WHERE institution_counter.value = $3");
	struct crowd_step *x = arg;
	struct value institution = int64(x->institution), now = int64(store_now(db));
	enum status st;
	if ((st = store_exec(db, &counter, institution, int64(x->from + x->count), int64(x->from)))) return st;
	if (store_changes(db) != 1) return CONFLICT; /* somebody made a contact meanwhile */
	enum engine e = store_engine(db);
	struct value people = text(buf_str(&x->people));
	if ((st = store_exec(db, &statements[e].contacts, institution, people, now))) return st;
	if ((st = store_exec(db, &statements[e].accounts, institution, people, now, text(x->password_hash)))) return st;
	return store_exec(db, &statements[e].words, institution, text(buf_str(&x->words)));
}

/* PostgreSQL plans by what it counted last: of an empty table it thinks that reading all of it for each row of the array is cheap. */
static enum status analyze(struct conn *db, void *arg)
{
	static const struct sql q = SQL("ANALYZE");
	(void)arg;
	return store_exec(db, &q);
}

static enum status numbers_taken(struct conn *db, int64_t institution, int64_t *out)
{
	static const struct sql q = SQL("SELECT value FROM institution_counter WHERE institution = $1 AND name = 'contact'");
	enum status st = store_row(db, &q, int64(institution));
	*out = st ? 0 : col_int64(db, 0);
	return st == NOT_FOUND ? OK : st;
}

enum status contact_demo_crowd(struct conn *db, int64_t institution, int64_t count, struct str password_hash, void (*told)(int64_t there))
{
	struct arena *a = arena_new();
	struct crowd_step x = { .a = a, .institution = institution, .password_hash = password_hash };
	int64_t analyzed = 0;
	enum status st;
	while ((st = numbers_taken(db, institution, &x.from)) == OK && x.from < count) {
		x.count = count - x.from < DEMO_CROWD_STEP ? count - x.from : DEMO_CROWD_STEP;
		crowd_prepare(&x);
		st = store_write(db, crowd_write, &x);
		arena_free(x.people.arena);
		arena_free(x.words.arena);
		arena_reset(a);
		if (st && st != CONFLICT) break;
		if (store_engine(db) == ENGINE_POSTGRES && x.from + x.count >= 2 * analyzed) {
			if ((st = store_write(db, analyze, NULL))) break;
			analyzed = x.from + x.count;
		}
		if (told) told(x.from + x.count);
	}
	arena_free(a);
	return st;
}
