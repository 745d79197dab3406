/* institution/mail_server.h: the mail server that was set up in the office: its URL holds a password, so the database has it sealed only. */
#pragma once
#include "institution/actor.h"
#include "store/store.h"

#define MAIL_KEY_SIZE 32 /* of keys_secret(…, "mail", …) */

struct mail_server {
	struct str place; /* "smtp://mail.example.org:587": what pages show */
	struct str url;	  /* whole; empty when it was sealed with a key that is gone */
	int64_t changed_at;
};

/* Stores URL for the actor's institution, inside a store_write, and notes its place. */
enum status mail_server_store(
	struct conn *db, struct arena *a, const struct actor *who, const uint8_t key[MAIL_KEY_SIZE], struct str url, struct str place);

/* Notes, inside a store_write, that the actor had the server at PLACE asked, and what came of it ("answered", "silent", …): whoever can make us connect to
 * addresses of his choice leaves a trace. */
enum status mail_server_note_try(struct conn *db, struct arena *a, const struct actor *who, struct str place, struct str outcome);

/* NOT_FOUND when none is stored. The caller wipes arena A. */
enum status mail_server_get(struct conn *db, struct arena *a, int64_t institution, const uint8_t key[MAIL_KEY_SIZE], struct mail_server *out);
