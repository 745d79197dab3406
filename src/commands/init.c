/* commands/init.c: `parterre init`: for scripts what the office's first page is for people. */
#include <stdio.h>

#include "commands/commands.h"
#include "commands/data.h"
#include "documents/template.h"
#include "institution/institution.h"
#include "shipping/interface.h"

struct initialising {
	struct arena *a;
	struct problem *why;
	struct new_institution house;
	enum http_allowed allowed;
};

static enum status make(struct conn *db, void *arg)
{
	struct initialising *x = arg;
	int64_t institution, shop;
	enum status st;
	x->why->first = NULL; /* it may run again */
	st = institution_first(db, &institution);
	if (st == OK) problem_add(x->why, "institution", MSG_INSTITUTION_EXISTS);
	if (st != NOT_FOUND) return st ? st : REFUSED;
	if ((st = institution_make(db, x->a, &x->house, x->allowed, &institution, &shop, x->why))) return st;
	if ((st = interface_payments_install(db, institution))) return st;
	return document_types_install(db, institution);
}

static void read_languages(const struct config *c, struct new_institution *house, struct problem *why)
{
	struct str list = config_text(c, "languages"), tag;
	enum language l;
	while (str_next(&list, ',', &tag)) {
		if (!lang_from_tag(str_trim(tag), &l)) {
			problem_add(why, "languages", MSG_LANGUAGE_UNKNOWN, arg_text("given", tag));
			continue;
		}
		if (house->languages == 0) house->main_language = l;
		house->languages |= 1u << l;
	}
}

enum exit_status command_init(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct store *store;
	struct initialising x = { .a = a, .why = &why, .allowed = config_flag(c, "allow-http") ? HTTP_ALLOWED : HTTP_ON_LOOPBACK_ONLY };
	x.house = (struct new_institution){
		.name = config_text(c, "institution"),
		.zone = config_text(c, "zone"),
		.currency = config_text(c, "currency"),
		.country = S("CH"),
		.public_url = config_text(c, "public-url"),
		.accent = S("#005f6b"),
		.sender_name = config_text(c, "institution"),
		.sender_address = config_text(c, "sender"),
		.email = config_text(c, "sender"), /* where answers are read; without one the house shows none */
	};
	if (x.house.name.len == 0) problem_add(&why, "institution", MSG_OPTION_NEEDED);
	if (x.house.public_url.len == 0) problem_add(&why, "public-url", MSG_OPTION_NEEDED);
	office_url_read(a, config_text(c, "office-url"), x.allowed, "office-url", &x.house.office_url, &why);
	read_languages(c, &x.house, &why);
	if (problem_any(&why)) {
		failed(&why);
		return EXIT_USAGE;
	}
	enum status st = data_open(c, SCHEMA_MAY_BE_MADE, &store, &why);
	if (st) return failed_with(a, st, &why);
	st = store_write(store_conn(store), make, &x);
	store_close(store);
	if (st) return failed_with(a, st, &why);
	printf("%.*s sells at %.*s; start it with: parterre serve --mail smtp://...\n", STR_ARG(x.house.name), STR_ARG(x.house.public_url));
	return EXIT_DONE;
}
