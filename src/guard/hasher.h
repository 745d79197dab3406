/* guard/hasher.h: hashes passwords with argon2id, on threads of its own and never more at once than memory and cores allow (design.md 6).
 * A hash is the text "$argon2id$v=19$m=…,t=…,p=1$salt$hash", as libsodium's crypto_pwhash_str writes it.
 * What is hashed is the password's NFC, so that every keyboard writes the same one. The password is not kept and copied only to be normalised; copies
 * are cleared. Whoever calls waits until the hash is done: a web worker may, a polling thread must not. */
#pragma once
#include "base/status.h"
#include "base/str.h"

#define HASHER_PASSWORD_MAX 1024		/* bytes; the forms allow 256, and nobody makes us hash a megabyte */
#define HASHER_PASSES		2			/* OWASP's Password Storage Cheat Sheet for argon2id: 19 MiB, 2 passes, 1 lane */
#define HASHER_MEMORY		(19u << 20) /* bytes */
#define HASHER_PASSES_MAX	10			/* what a row may ask for: three times RFC 9106's second choice … */
#define HASHER_MEMORY_MAX	(64u << 20) /* … and its memory; a row that says more is refused, not obeyed */
#define HASHER_IN_HAND		16			/* half of 32 web workers: the others go on serving pages */

struct hasher;

struct hasher_options {
	unsigned threads;	  /* 0: one a core, as long as all together hold at most a quarter of the machine's memory */
	unsigned waiting_max; /* calls in hand at once, those being hashed included; 0: HASHER_IN_HAND */
	unsigned passes;	  /* the present cost; 0: HASHER_PASSES */
	size_t memory;		  /* 0: HASHER_MEMORY */
};

/* Starts the threads; they take no signals. A cost beyond the limits above is a BUG. */
struct hasher *hasher_start(const struct hasher_options *o);

/* Finishes what is in hand, turns away what comes meanwhile, and frees H once the last call has returned. NULL does nothing. */
void hasher_stop(struct hasher *h);

/* Makes a new hash in arena A. REFUSED: longer than HASHER_PASSWORD_MAX. UNAVAILABLE, at once: too many wait (or no memory); try again later. */
enum status hasher_hash(struct hasher *h, struct arena *a, struct str password, struct str *out);

/* OK: PASSWORD is the one HASH was made from; *NEEDS_REHASH then says whether HASH has other parameters than the present ones. REFUSED: it is not.
 * An empty HASH, one of an unknown kind or beyond the limits is REFUSED after the same work as a real one, and one of cheaper parameters than the present
 * costs what the present ones do, so that time tells nothing about an account. A password over HASHER_PASSWORD_MAX is REFUSED without work, whatever HASH is.
 * UNAVAILABLE as above. */
enum status hasher_verify(struct hasher *h, struct str hash, struct str password, bool *needs_rehash);

/* For /metrics. */
struct hasher_figures {
	unsigned threads;
	unsigned in_hand;	  /* now: waiting or being hashed */
	uint64_t done;		  /* since the start */
	uint64_t turned_away; /* since the start */
};
struct hasher_figures hasher_figures(struct hasher *h);
