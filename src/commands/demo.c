/* commands/demo.c: `parterre demo`: serve on a ready-made house. */
#include <stdio.h>
#include <unistd.h>

#include "accounts/account.h"
#include "accounts/contact_demo.h"
#include "commands/commands.h"
#include "commands/data.h"
#include "commands/demo_orders.h"
#include "commands/demo_programme.h"
#include "commands/service.h"
#include "documents/template.h"
#include "institution/institution.h"
#include "institution/operator.h"
#include "outside/mailbox.h"
#include "outside/world.h"
#include "shipping/interface.h"

#define DEMO_EMAIL	  "jeanne@example.org"
#define DEMO_PASSWORD "copper-meadow-17-umbrella"

/* One operator of each profile. */
static const struct {
	const char *email, *password, *name;
} staff[PROFILES] = {
	[PROFILE_ADMINISTRATOR] = { "anna@theatredulac.example", "granite-compass-41-lantern", "Anna Keller" },
	[PROFILE_MANAGER] = { "marc@theatredulac.example", "juniper-station-58-ladder", "Marc Ducommun" },
	[PROFILE_BOX_OFFICE] = { "olivier@theatredulac.example", "harbour-velvet-26-saddle", "Olivier Favre" },
	[PROFILE_ACCOUNTANT] = { "chiara@theatredulac.example", "walnut-glacier-73-teapot", "Chiara Bernasconi" },
	[PROFILE_AUDITOR] = { "ruth@theatredulac.example", "lichen-parade-19-bucket", "Ruth Zimmermann" },
};

static const struct house_text texts[LANGUAGES] = {
	[LANG_EN] = { { STR("A theatre by the lake since 1894: drama, opera and a Sunday morning for children, on two stages and in the foyer.") },
		{ STR("Tuesday to Saturday, 13:00 to 18:30") } },
	[LANG_FR] = { { STR("Un théâtre au bord du lac depuis 1894 : drame, opéra et un dimanche matin pour les enfants, sur deux scènes et au foyer.") },
		{ STR("du mardi au samedi, de 13 h à 18 h 30") } },
	[LANG_DE] = { { STR("Ein Theater am See seit 1894: Schauspiel, Oper und ein Sonntagmorgen für Kinder, auf zwei Bühnen und im Foyer.") },
		{ STR("Dienstag bis Samstag, 13 bis 18.30 Uhr") } },
	[LANG_IT] = { { STR("Un teatro sul lago dal 1894: prosa, opera e una domenica mattina per i bambini, su due palchi e nel foyer.") },
		{ STR("da martedì a sabato, dalle 13 alle 18.30") } },
};

struct making {
	struct arena *a;
	struct problem *why;
	struct str url, password_hash, staff_hashes[PROFILES];
};

static enum status make_buyer(struct conn *db, struct making *x, int64_t institution)
{
	struct new_account n = { .institution = institution,
		.first_name = S("Jeanne"),
		.last_name = S("Rochat"),
		.language = LANG_EN,
		.state = ACCOUNT_ACTIVE,
		.password_hash = x->password_hash };
	int64_t account;
	enum status st = email_read(x->a, S(DEMO_EMAIL), "email", &n.email, x->why);
	return st ? st : account_make(db, x->a, &n, &account);
}

static enum status make_staff(struct conn *db, struct making *x, int64_t institution)
{
	struct actor by = actor_command(institution, S("parterre demo"));
	for (int p = 0; p < PROFILES; p++) {
		struct operator_context everywhere = { .profile = (enum profile_code)p };
		struct new_operator n = {
			.name = str_of(staff[p].name), .language = LANG_EN, .contexts = &everywhere, .context_count = 1, .password_hash = x->staff_hashes[p]
		};
		int64_t ignored;
		enum status st = email_read(x->a, str_of(staff[p].email), "email", &n.email, x->why);
		if (st || (st = operator_make(db, x->a, &by, &n, &ignored, x->why))) return st;
	}
	return OK;
}

static enum status make_house(struct conn *db, void *arg)
{
	struct making *x = arg;
	struct new_institution house = {
		.name = S("Théâtre du Lac"),
		.zone = S("Europe/Zurich"),
		.currency = S("CHF"),
		.street = S("Quai du Port"),
		.house_number = S("3"),
		.postcode = S("2000"),
		.town = S("Neuchâtel"),
		.country = S("CH"),
		.phone = S("+41325550110"),
		.email = S("tickets@theatredulac.example"),
		.main_language = LANG_FR,
		.languages = 1u << LANG_EN | 1u << LANG_FR | 1u << LANG_DE | 1u << LANG_IT,
		.public_url = x->url,
		.accent = S("#005f6b"),
		.sender_name = S("Théâtre du Lac"),
		.sender_address = S("tickets@theatredulac.example"),
	};
	int64_t institution, shop;
	enum status st;
	for (int l = 0; l < LANGUAGES; l++) house.texts[l] = texts[l];
	x->why->first = NULL; /* it may run again */
	if ((st = institution_make(db, x->a, &house, HTTP_ALLOWED, &institution, &shop, x->why))) return st;
	if ((st = document_types_install(db, institution))) return st;
	if ((st = interface_payments_install(db, institution))) return st;
	if ((st = make_staff(db, x, institution))) return st;
	if ((st = demo_programme_make(db, x->a, institution, shop))) return st;
	return make_buyer(db, x, institution);
}

/* The shop's public URL is the listen address, also when that changes at the next start; and nobody can buy for an evening that is over. */
static enum status move_house(struct conn *db, void *arg)
{
	struct making *x = arg;
	enum status st;
	int64_t shop;
	x->why->first = NULL;
	if ((st = point_of_sale_first(db, &shop))) return st;
	st = point_of_sale_move(db, x->a, shop, x->url, HTTP_ALLOWED, x->why);
	return st ? st : demo_programme_move(db, x->a);
}

/* "http://0.0.0.0:8080" is no address that a browser opens. */
static struct str url_of_listening(struct arena *a, const struct server *server)
{
	struct str url = server_url(server, 0);
	const struct str any[] = { S("//0.0.0.0:"), S("//[::]:") };
	for (size_t i = 0; i < COUNT(any); i++) {
		ptrdiff_t at = str_find(url, any[i]);
		if (at < 0) continue;
		struct str port = str_part(url, (size_t)at + any[i].len, url.len);
		return str_format(a, "%.*s//127.0.0.1:%.*s", (int)at, url.at, STR_ARG(port));
	}
	return url;
}

static enum status hash_passwords(struct hasher *h, struct arena *a, struct making *x)
{
	enum status st = hasher_hash(h, a, S(DEMO_PASSWORD), &x->password_hash);
	for (int p = 0; !st && p < PROFILES; p++) st = hasher_hash(h, a, str_of(staff[p].password), &x->staff_hashes[p]);
	return st;
}

/* All that stands in a new house, and what it has sold unless it is to be empty. */
static enum status fill_house(struct service *s, struct making *x)
{
	struct conn *db = store_conn(s->store);
	int64_t institution, shop;
	enum status st;
	if ((st = hash_passwords(s->hasher, x->a, x))) return st;
	if ((st = store_write(db, make_house, x)) || config_flag(s->config, "unsold")) return st;
	if ((st = institution_first(db, &institution))) return st;
	if ((st = point_of_sale_first(db, &shop))) return st;
	return demo_orders_make(db, x->a, institution, shop, S(DEMO_EMAIL));
}

static enum status prepare_house(struct service *s, struct arena *a, struct str *url, struct problem *why)
{
	struct conn *db = store_conn(s->store);
	struct making x = { .a = a, .why = why, .url = url_of_listening(a, s->server) };
	int64_t institution;
	enum status st = institution_first(db, &institution);
	*url = x.url;
	if (st == OK) st = store_write(db, move_house, &x);
	else if (st == NOT_FOUND) st = fill_house(s, &x);
	return st ? st : doors_refresh(s->doors, db);
}

/* How far it is, for who waits for a million. */
static void tell_crowd(int64_t there)
{
	if (there % (20 * DEMO_CROWD_STEP) == 0) fprintf(stderr, "%lld contacts\n", (long long)there);
}

/* --contacts N: a crowd behind the one buyer. */
static enum status prepare_crowd(struct service *s, struct arena *a, const struct config *c, struct problem *why)
{
	struct str wanted = config_text(c, "contacts"), hash;
	struct conn *db = store_conn(s->store);
	int64_t count, institution;
	enum status st;
	if (wanted.len == 0) return OK;
	if (!str_int64(wanted, &count) || count < 0) return problem_add(why, "contacts", MSG_CONTACTS_NOT_A_NUMBER), REFUSED;
	if ((st = institution_first(db, &institution))) return st;
	if ((st = hasher_hash(s->hasher, a, S(DEMO_PASSWORD), &hash))) return st;
	return contact_demo_crowd(db, institution, count, hash, tell_crowd);
}

static void tell(struct arena *a, const struct service *s, struct str url, bool has_mailbox)
{
	printf("shop %.*s/\n", STR_ARG(url));
	printf("office %.*s\n", STR_ARG(office_base_url(a, &s->office, doors_at(s->doors, 0))));
	if (has_mailbox) printf("mailbox %.*s/mailbox\n", STR_ARG(url));
	printf("outside %.*s/outside\n", STR_ARG(url));
	printf("sign-in shop %s %s\n", DEMO_EMAIL, DEMO_PASSWORD);
	for (int p = 0; p < PROFILES; p++) printf("sign-in office %s %s %s\n", staff[p].email, staff[p].password, profile_name((enum profile_code)p));
	printf("ready\n");
	fflush(stdout);
}

enum exit_status command_demo(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct service s;
	struct str mail = config_text(c, "mail"), url;
	if (mail.len == 0) mail = str_format(a, "dir:%.*s/mail", STR_ARG(data_folder(a, c)));
	bool has_mailbox = str_starts(mail, S("dir:"));
	struct mailbox mailbox = { .folder = str_c(a, str_part(mail, 4, mail.len)) };
	enum status st = service_open(&s, a, c, mail, &why);
	struct world world = { .doors = s.doors, .office = &s.office.url, .has_mailbox = has_mailbox };
	s.office.is_demo = true;
	if (st == OK) service_add_face(&s, world_face(&world));
	if (st == OK && has_mailbox) service_add_face(&s, mailbox_face(&mailbox));
	if (st == OK) st = service_start(&s, a, &why);
	if (st == OK) st = prepare_house(&s, a, &url, &why);
	if (st == OK) st = prepare_crowd(&s, a, c, &why);
	if (st == OK) {
		tell(a, &s, url, has_mailbox);
		service_wait(&s);
	}
	if (!service_close(&s)) _exit(EXIT_DONE); /* a handler hangs: what it committed is safe */
	return st ? failed_with(a, st, &why) : EXIT_DONE;
}
