/* tests/database.h: a fresh database for a test, on the engine that PARTERRE_TEST_DATABASE names: "sqlite" (also when unset) or the URL of a PostgreSQL
 * server where databases may be made (tests/cluster). script/test runs each suite that includes this once on each.
 *
 *   struct store *s = database_open_fresh();            // this version's whole schema
 *   …
 *   database_end(s);                                    // closed and removed; what a failed test leaves is removed when the program ends */
#pragma once
#include <dirent.h>
#include <libpq-fe.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "store/store.h"

#define DATABASES_MAX	  512 /* of one run of a suite */
#define DATABASE_URL_MAX  1024
#define DATABASE_NAME_MAX 256

struct database {
	char url[DATABASE_URL_MAX];
	char name[DATABASE_NAME_MAX]; /* SQLite: the folder; PostgreSQL: the database's name */
	pid_t owner;				  /* a forked child removes nothing */
	int is_there;
};

static struct database databases[DATABASES_MAX];
static int database_count;

/* The server's URL, or NULL when the engine is SQLite. */
__attribute__((unused)) static const char *database_server(void)
{
	const char *chosen = getenv("PARTERRE_TEST_DATABASE");
	return chosen && strncmp(chosen, "postgres", 8) == 0 ? chosen : NULL;
}

static void database_tell_server(const char *format, const char *name)
{
	char words[DATABASE_URL_MAX + 200];
	snprintf(words, sizeof words, format, name);
	PGconn *pg = PQconnectdb(database_server());
	PGresult *r = PQexec(pg, words);
	if (PQresultStatus(r) != PGRES_COMMAND_OK) {
		fprintf(stderr, "%s: %s", words, PQerrorMessage(pg));
		exit(1);
	}
	PQclear(r);
	PQfinish(pg);
}

/* Removes a flat folder. */
static void database_remove_folder(const char *folder)
{
	DIR *d = opendir(folder);
	for (struct dirent *e; d && (e = readdir(d));) {
		char path[DATABASE_URL_MAX + NAME_MAX + 2];
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		if (e->d_name[0] != '.') unlink(path);
	}
	if (d) closedir(d);
	rmdir(folder);
}

static void database_remove(struct database *d)
{
	if (!d->is_there || d->owner != getpid()) return;
	d->is_there = 0;
	if (database_server()) database_tell_server("DROP DATABASE IF EXISTS %s WITH (FORCE)", d->name);
	else database_remove_folder(d->name);
}

static void database_remove_all(void)
{
	for (int i = 0; i < database_count; i++) database_remove(&databases[i]);
}

/* Makes an empty database and gives its URL, which lives as long as the program. */
__attribute__((unused)) static struct str database_make(void)
{
	if (database_count == 0) atexit(database_remove_all);
	if (database_count == DATABASES_MAX) BUG("more than DATABASES_MAX databases");
	struct database *d = &databases[database_count++];
	d->owner = getpid();
	const char *server = database_server();
	char name[DATABASE_NAME_MAX];
	if (server) {
		unsigned long long dice;
		random_fill(&dice, sizeof dice);
		snprintf(name, sizeof name, "parterre_test_%016llx", dice);
		database_tell_server("CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", name);
		size_t scheme = (size_t)(strstr(server, "://") + 3 - server), authority = strcspn(server + scheme, "/?");
		const char *query = strchr(server, '?');
		snprintf(d->url, sizeof d->url, "%.*s/%s%s", (int)(scheme + authority), server, name, query ? query : "");
	} else {
		const char *folder = getenv("TMPDIR");
		snprintf(name, sizeof name, "%s/parterre-test-XXXXXX", folder ? folder : "/tmp");
		if (!mkdtemp(name)) BUG("no temporary folder");
		snprintf(d->url, sizeof d->url, "sqlite:%s/test.db", name);
	}
	memcpy(d->name, name, sizeof name);
	d->is_there = 1;
	return str_of(d->url);
}

/* The URL of the newest database that database_make or database_open_… made. */
__attribute__((unused)) static struct str database_url(void)
{
	return str_of(databases[database_count - 1].url);
}

/* Opens URL or ends the program. */
__attribute__((unused)) static struct store *database_open(struct str url)
{
	struct store *s;
	enum status st = store_open(url, &s, NULL);
	if (st) BUG("test database: %s", status_name(st));
	return s;
}

/* A fresh database with the schema STEPS, open. */
__attribute__((unused)) static struct store *database_open_with(const struct migration *steps, size_t count)
{
	struct store *s = database_open(database_make());
	enum status st = store_migrate(store_conn(s), steps, count, NULL);
	if (st) BUG("test schema: %s", status_name(st));
	return s;
}

/* A fresh database with this version's schema, open. */
__attribute__((unused)) static struct store *database_open_fresh(void)
{
	return database_open_with(store_migrations, store_migration_count);
}

/* Closes S and removes the newest database. */
__attribute__((unused)) static void database_end(struct store *s)
{
	store_close(s);
	database_remove(&databases[database_count - 1]);
}
