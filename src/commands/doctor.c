/* commands/doctor.c: `parterre doctor`: a line a check: ok, or what to do. Changes nothing. */
#include <stdio.h>

#include "base/clock.h"
#include "commands/commands.h"
#include "commands/data.h"
#include "documents/outbox.h"
#include "guard/keys.h"
#include "institution/audit_seal.h"
#include "institution/doors.h"
#include "institution/first_run.h"
#include "institution/institution.h"
#include "institution/mail_server.h"
#include "institution/signing_key.h"
#include "mail/mailer.h"
#include "office/house.h"

#define CLOCK_APART (5 * SECOND) /* host and database: links and sessions are decided by the latter */

struct examination {
	struct arena *a;
	const struct config *c;
	struct store *store;
	int faults;
};

static void good(const char *what, struct str detail)
{
	printf("ok     %-10s %.*s\n", what, STR_ARG(detail));
}

/* Something to look at that may well be right as it is: no fault. */
static void look(const char *what, struct str detail)
{
	printf("look   %-10s %.*s\n", what, STR_ARG(detail));
}

static void bad(struct examination *x, const char *what, struct str detail)
{
	x->faults++;
	printf("to do  %-10s %.*s\n", what, STR_ARG(detail));
}

static struct str words(struct examination *x, const struct problem *why, enum status st)
{
	return problem_any(why) ? str_trim(lang_problem(x->a, LANG_EN, why)) : str_of(status_name(st));
}

static void examine_database(struct examination *x)
{
	struct problem why = problem_in(x->a);
	enum status st = data_open(x->c, SCHEMA_MUST_BE_CURRENT, &x->store, &why);
	if (st) {
		x->store = NULL;
		bad(x, "database", words(x, &why, st));
		return;
	}
	bool is_sqlite = store_engine(store_conn(x->store)) == ENGINE_SQLITE;
	good("database", is_sqlite ? S("SQLite, this version's schema") : S("PostgreSQL, this version's schema"));
}

static void examine_connections(struct examination *x)
{
	int64_t allowed, ours;
	enum status st = store_connections(store_conn(x->store), &allowed, &ours);
	if (st) bad(x, "pool", str_of(status_name(st)));
	else if (allowed && allowed < 2 * ours)
		bad(x, "pool",
			str_format(x->a, "a process opens up to %lld connections and the server allows %lld: raise its max_connections", (long long)ours,
				(long long)allowed));
	else if (allowed) good("pool", str_format(x->a, "up to %lld connections a process of the server's %lld", (long long)ours, (long long)allowed));
}

static void examine_clock(struct examination *x)
{
	int64_t apart = store_now(store_conn(x->store)) - clock_utc();
	if (apart < 0) apart = -apart;
	if (apart <= CLOCK_APART) good("clock", S("this host and the database agree"));
	else bad(x, "clock", str_format(x->a, "this host and the database are %lld s apart; set both by NTP", (long long)(apart / SECOND)));
}

/* The trail's chain: a removed, altered or reordered row shows here. */
static void examine_audit(struct examination *x, const struct keys *keys)
{
	uint8_t key[AUDIT_KEY_SIZE];
	struct audit_verdict v;
	keys_secret(keys, "audit", key);
	enum status st = audit_check(store_conn(x->store), key, &v);
	if (st) bad(x, "audit", str_of(status_name(st)));
	else if (v.broken_seal)
		bad(x, "audit",
			str_format(x->a, "seal %lld does not fit its entry: the trail was altered, or its seals were made with other keys; compare with a backup",
				(long long)v.broken_seal));
	else if (v.stray)
		bad(x, "audit", str_format(x->a, "%lld entries are neither sealed nor waiting for it: the trail was altered", (long long)v.stray));
	else
		good("audit", str_format(x->a, "%lld entries sealed, %lld waiting for serve, %lld erased", (long long)v.sealed, (long long)v.unsealed,
						  (long long)v.erased));
}

static void examine_keys(struct examination *x)
{
	struct problem why = problem_in(x->a);
	struct keys *keys = NULL;
	const char *dir = "";
	enum status st = data_secret_dir(x->a, x->c, &dir, &why);
	if (st == OK) st = keys_load(dir, &keys, &why);
	if (st == OK && x->store) st = signing_keys_check(store_conn(x->store), x->a, keys_links(keys), &why);
	if (st) bad(x, "keys", words(x, &why, st));
	else good("keys", str_format(x->a, "%zu in %s", keys_links(keys).count, dir));
	if (st == OK && x->store) examine_audit(x, keys);
	keys_free(keys);
}

/* Whether the address of a shop leads to the office of this key folder, asked from here. */
static void examine_address(struct examination *x, const uint8_t *key, const struct point_of_sale *sale)
{
	enum reach reach = here_visit(x->a, key, sale);
	struct str words = lang_text(x->a, LANG_EN, reach_message(reach), NULL);
	struct str line = str_format(x->a, "%.*s: %.*s", STR_ARG(sale->public_url), STR_ARG(words));
	if (reach == REACH_HERE) good("address", line);
	else look("address", line);
}

static bool here_key(struct examination *x, uint8_t key[HERE_KEY_SIZE])
{
	struct keys *keys;
	const char *dir;
	if (data_secret_dir(x->a, x->c, &dir, NULL) || keys_load(dir, &keys, NULL)) return false; /* examine_keys says why */
	keys_secret(keys, "here", key);
	keys_free(keys);
	return true;
}

static void examine_doors(struct examination *x)
{
	uint8_t key[HERE_KEY_SIZE];
	bool has_key = here_key(x, key);
	struct doors *doors = doors_new();
	enum http_allowed allowed = config_flag(x->c, "allow-http") ? HTTP_ALLOWED : HTTP_ON_LOOPBACK_ONLY;
	enum status st = doors_refresh(doors, store_conn(x->store));
	if (st) bad(x, "shop", str_of(status_name(st)));
	else if (doors_active(doors) == 0)
		bad(x, "shop", S("no active internet point of sale: parterre init --institution NAME --public-url URL makes one"));
	for (size_t i = 0; i < doors_count(doors); i++) {
		struct problem why = problem_in(x->a);
		struct point_of_sale ignored;
		const struct point_of_sale *sale = &doors_at(doors, i)->sale;
		if (public_url_read(x->a, sale->public_url, allowed, &ignored, &why)) bad(x, "shop", words(x, &why, REFUSED));
		else good("shop", str_format(x->a, "%.*s (%.*s)", STR_ARG(sale->name), STR_ARG(sale->public_url)));
		if (has_key) examine_address(x, key, sale);
	}
	doors_free(doors);
}

/* --mail, else the server that was stored at set-up; empty when there is neither. */
static struct str mail_url(struct examination *x, struct problem *why)
{
	struct str url = config_text(x->c, "mail");
	const char *dir = "";
	struct mail_server stored = { 0 };
	uint8_t key[MAIL_KEY_SIZE];
	struct keys *keys = NULL;
	int64_t institution;
	if (url.len || !x->store || data_secret_dir(x->a, x->c, &dir, why) || keys_load(dir, &keys, why)) return url;
	keys_secret(keys, "mail", key);
	if (!institution_first(store_conn(x->store), &institution)) mail_server_get(store_conn(x->store), x->a, institution, key, &stored);
	keys_free(keys);
	return stored.url;
}

static void examine_mail(struct examination *x)
{
	struct problem why = problem_in(x->a);
	struct mailer *mailer = NULL;
	struct str url = mail_url(x, &why);
	if (url.len == 0) {
		bad(x, "mail", S("say where mails go: in the office's settings, or --mail smtp://USER:PASS@HOST:PORT"));
		return;
	}
	enum status st = mailer_open(url, &mailer, &why);
	if (st) {
		bad(x, "mail", words(x, &why, st));
		return;
	}
	struct mail_result result = mail_check(x->a, mailer);
	if (result.outcome == MAIL_SENT) good("mail", mailer_where(mailer));
	else bad(x, "mail", str_format(x->a, "%.*s says: %.*s", STR_ARG(mailer_where(mailer)), STR_ARG(result.answer)));
	mailer_close(mailer);
}

static void examine_administrator(struct examination *x)
{
	bool is_open;
	enum status st = setup_is_open(store_conn(x->store), &is_open);
	if (st) bad(x, "set-up", str_of(status_name(st)));
	else if (is_open) bad(x, "set-up", S("there is no administrator: parterre serve prints where to make the first, and the code for it"));
	else good("set-up", S("there is an administrator"));
}

static void examine_outbox(struct examination *x)
{
	int64_t counts[OUTBOX_DROPPED + 1];
	enum status st = outbox_count(store_conn(x->store), 0, counts);
	if (st) bad(x, "outbox", str_of(status_name(st)));
	else if (counts[OUTBOX_FAILED])
		bad(x, "outbox", str_format(x->a, "%lld mails failed: parterre mail list shows why", (long long)counts[OUTBOX_FAILED]));
	else good("outbox", str_format(x->a, "%lld waiting", (long long)counts[OUTBOX_WAITING]));
}

enum exit_status command_doctor(struct arena *a, const struct config *c)
{
	struct examination x = { .a = a, .c = c };
	examine_database(&x);
	if (x.store) {
		examine_connections(&x);
		examine_clock(&x);
		examine_doors(&x);
		examine_administrator(&x);
		examine_outbox(&x);
	}
	examine_keys(&x);
	examine_mail(&x);
	if (x.store) store_close(x.store);
	return x.faults ? EXIT_FAILED : EXIT_DONE;
}
