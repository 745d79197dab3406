/* accounts/account.h: contacts and their internet accounts (domain.md 4 and 7). */
#pragma once
#include "formats/email.h"
#include "base/clock.h"
#include "base/lang.h"
#include "guard/hasher.h"
#include "store/store.h"

enum account_state { ACCOUNT_INVITED, ACCOUNT_UNCONFIRMED, ACCOUNT_ACTIVE, ACCOUNT_BLOCKED, ACCOUNT_CLOSED };

#define NAME_MAX_POINTS 100 /* code points of a first or last name: the longest in civil registers are under 80 */

/* "invited", …: as the database calls it. */
const char *account_state_name(enum account_state state);
bool account_state_from_name(struct str name, enum account_state *out);

/* An account with its contact. Text lives in the arena given to the function that read it. */
struct account {
	int64_t id, institution, contact, contact_number;
	enum account_state state;
	struct str email, email_key;
	struct str password_hash; /* empty: none yet */
	struct str browser_hash;
	enum language language;
	struct str salutation, first_name, last_name, phone;
	struct str street, house_number, postcode, town, country;
	bool is_merged; /* its contact was merged into another: silent like unknown */
};

/* The living (not closed) account of this address; NOT_FOUND when there is none. */
enum status account_by_email(struct conn *db, struct arena *a, int64_t institution, struct str email_key, struct account *out);
enum status account_get(struct conn *db, struct arena *a, int64_t id, struct account *out);

/* Makes a contact and its internet account, inside a store_write. REFUSED when the address has a living account by now. */
struct new_account {
	int64_t institution;
	struct str first_name, last_name;
	struct email email;
	enum language language;
	enum account_state state;
	struct str password_hash, browser_hash;
};
enum status account_make(struct conn *db, struct arena *a, const struct new_account *n, int64_t *account);

/* What the owner may change of himself. Findings at each field. */
struct profile {
	struct str salutation, first_name, last_name, phone, street, house_number, postcode, town, country;
	enum language language;
};
enum status account_change_profile(struct conn *db, struct arena *a, int64_t account, const struct profile *p, struct problem *why);

/* From where somebody asks: which door, which network, which browser, and the session that browser has now (its token hash; empty: none). */
struct asker {
	int64_t shop;
	struct str network, agent, session;
};

/* Changes the password of a signed-in owner who knows the old one: all sessions but the asker's and every link end, and the notice is queued.
 * REFUSED with findings (also those that WHY had before); NOT_FOUND when it was changed meanwhile; UNAVAILABLE when the hashing pool is full. */
enum status account_change_password(struct conn *db, struct arena *a, struct hasher *hasher, int64_t account, struct str old, struct str new_password,
	const struct asker *from, struct problem *why);

/* The words that must not make up a password of this account: names, address, the institution's name. Ends with an empty str. */
const struct str *account_password_words(struct arena *a, const struct account *who, struct str institution_name);

/* 32 bytes over password hash and address: a link made before either changed no longer matches. */
struct str account_fingerprint(struct arena *a, struct str password_hash, struct str email_key);

/* Notes what happened: kind is one word of the trail ("recovery-asked", "signed-in"). ACCOUNT 0: nobody's. Inside a store_write. */
enum status account_event_add(struct conn *db, int64_t institution, int64_t account, const char *kind, struct str network);

#define EVENT_KEPT (180 * DAY) /* a dispute about an account comes up within a season; networks are nobody's business for longer */

/* Deletes events older than EVENT_KEPT; from the background. */
enum status account_event_sweep(struct conn *db);

/* Findings at first_name and last_name when one is missing, too long, or holds a web address. */
enum status account_names_check(struct str first, struct str last, struct problem *why);

/* The folded "Last First" that contacts are sorted and searched by. */
struct str account_name_key(struct arena *a, struct str first, struct str last);
