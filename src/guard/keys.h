/* guard/keys.h: the folder --secret-dir: the keys that sign links, and the secret that other keys are derived from.
 * Files: secret.key, and link-0001.key, link-0002.key, …: 64 hexadecimal digits and a newline each, mode 0600, in a folder of mode 0700.
 * The highest number signs, all verify. Several hosts hold copies of one folder. Names come from the folder alone, never from a link.
 * Losing the folder ends live links, the stored mail password and second factors, nothing else (design.md 6). */
#pragma once
#include "base/problem.h"
#include "base/status.h"
#include "formats/link.h"

struct keys;

/* Reads the folder DIR. NOT_FOUND when there is none or it is empty; REFUSED, with words, when a file is not as it must be.
 * On OK *OUT is the caller's, read-only, shared freely between threads, and given back with keys_free. WHY is always set but on OK. */
enum status keys_load(const char *dir, struct keys **out, struct problem *why);

/* The same, and makes the folder (not its parents), the secret and the first key where nothing is yet. Two processes may do it at once. */
enum status keys_load_or_make(const char *dir, struct keys **out, struct problem *why);

/* Adds a key, from now on the newest, to a folder that keys_load takes. Who has loaded the folder loads it again to see it. */
enum status keys_add(const char *dir, struct problem *why);

/* Clears the keys from memory. NULL does nothing. */
void keys_free(struct keys *k);

/* The link keys, for link_make and link_read; they live as long as K. */
struct link_keys keys_links(const struct keys *k);

#define KEYS_SECRET_SIZE 32

/* 32 bytes derived from the folder's secret for LABEL (1 to 8 characters: "csrf", "sealed"): the same on every host and after keys_add. */
void keys_secret(const struct keys *k, const char *label, uint8_t out[KEYS_SECRET_SIZE]);
