/* institution/here.h: how this office knows itself when it visits one of its own addresses: who has the key folder can answer a question, nobody else can.
 * The answer names host and prefix as they arrived, so that a proxy that changes them is found, and not a shop that does not answer under its own name. */
#pragma once
#include "institution/actor.h"
#include "institution/point_of_sale.h"

#define HERE_KEY_SIZE 32 /* of keys_secret(…, "here", …) */
#define HERE_PATH	  "/.well-known/parterre"
#define HERE_QUESTION 22 /* characters: sixteen random bytes in base64url */

/* What an address led to, when it was last asked. */
enum reach { REACH_UNASKED, REACH_HERE, REACH_RENAMED, REACH_OTHER, REACH_SILENT, REACH_UNKNOWN, REACH_CERTIFICATE };
#define REACHES 7

/* "here", …: as the database calls it, and back; empty is REACH_UNASKED. */
const char *reach_name(enum reach reach);
enum reach reach_of(struct str name);

/* A new question; the address to ask it at, under PUBLIC_URL. */
struct str here_question(struct arena *a);
struct str here_url(struct arena *a, struct str public_url, struct str question);

/* The answer of an office that was asked QUESTION at HOST and PREFIX; false when it is no question. */
bool here_answer(struct arena *a, const uint8_t key[HERE_KEY_SIZE], struct str question, struct str host, struct str prefix, struct str *answer);

/* What ANSWER, given with 200 at DOOR's public URL, says: REACH_HERE, REACH_RENAMED or REACH_OTHER. */
enum reach here_judge(struct arena *a, const uint8_t key[HERE_KEY_SIZE], struct str question, const struct point_of_sale *door, struct str answer);

/* Keeps what came of a visit, inside a store_write: only while the point of sale's public URL still is PUBLIC_URL. */
enum status reach_note(struct conn *db, int64_t point_of_sale, struct str public_url, enum reach reach);
