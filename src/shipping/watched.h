/* shipping/watched.h: the folder that an interface's files are fetched from: which it is, whose turn it is, and what lies in it. What becomes of a file: work/watch.h.
 * Files are put into the folder itself. While one is imported it lies in work/, then in done/, or in refused/ with the reason beside it as NAME.txt. */
#pragma once
#include "shipping/interface.h"

#define WATCHED_LEASE (10 * MINUTE) /* for one file: a bank's of 1 GiB is staged in two */
#define WATCHED_SHOWN 20			/* refused files that a page lists */

#define WATCHED_PART	".part" /* how a name ends whose file is not complete */
#define WATCHED_WORK	"work"
#define WATCHED_DONE	"done"
#define WATCHED_REFUSED "refused"

struct watched {
	struct interface interface;
	struct str path;
	enum language language; /* its house's main one */
};

/* The folders of all houses' active interfaces, at most INTERFACES_MOST. */
enum status watched_list(struct conn *db, struct arena *a, struct watched **out, size_t *count);

/* An interface's folder; empty: it has none. */
enum status watched_path(struct conn *db, struct arena *a, int64_t interface, struct str *out);

/* Whether a folder can be watched on this machine: findings at "folder". An empty PATH can: nothing is. Not inside a store_write. */
enum status watched_check(struct arena *a, struct str path, struct problem *why);

/* The same for one that is not watched yet: it has to be empty. Whatever lies in a folder is moved, so nobody may point at one that is used for something else. */
enum status watched_check_new(struct arena *a, struct str path, struct problem *why);

/* Sets the folder, or with an empty PATH takes it off, inside a store_write, and notes it. REFUSED with a finding at "folder": another interface has it. */
enum status watched_set(struct conn *db, struct arena *a, const struct actor *who, int64_t interface, struct str path, struct problem *why);

/* PATH without what does not matter: slashes at its end. */
struct str watched_plain(struct str path);

/* Takes the turn for one file, in a write of its own; LEASE gets what gives it back. NOT_FOUND: another process has it. */
enum status watched_claim(struct conn *db, int64_t interface, int64_t *lease);
enum status watched_release(struct conn *db, int64_t interface, int64_t lease);

/* What people look at. Not inside a store_write. */
struct refused_file {
	struct str name, why;
};
struct watched_view {
	struct str path;
	struct problem fault; /* of watched_check */
	int64_t waiting;	  /* files to fetch */
	struct refused_file *refused;
	size_t refused_count;
};
void watched_look(struct arena *a, struct str path, struct watched_view *out);

/* The next name, by its bytes, of a file to fetch in the folder that DIR is open on; empty: none. Complete plain files only; how many there are too, unless COUNT is NULL. */
struct str watched_next_file(struct arena *a, int dir, int64_t *count);
