/* commands/service.h: everything that serve and demo run: store, keys, hashing, mail, background, server. */
#pragma once
#include <stdatomic.h>

#include "base/config.h"
#include "guard/keys.h"
#include "institution/audit_seal.h"
#include "institution/first_run.h"
#include "institution/mail_server.h"
#include "office/office.h"
#include "shop/shop.h"
#include "web/server.h"
#include "work/worker.h"

#define MAILERS_MAX	  32 /* changes of the mail server in one run; then a restart is needed */
#define SERVICE_FACES 5

struct service {
	const struct config *config;
	struct store *store;
	struct keys *keys;
	struct hasher *hasher;
	struct mailer *mailers[MAILERS_MAX]; /* the last one is in use; older ones stay open, because a mail may be on its way through them */
	size_t mailer_count;
	int64_t mail_server; /* when the one in use was stored; 0: it is --mail's, or none */
	unsigned char mail_key[MAIL_KEY_SIZE], setup_key[SETUP_KEY_SIZE];
	struct templates *templates;
	struct doors *doors;
	struct worker *worker;
	struct server *server;
	struct post post;
	struct shop shop;
	struct office office;
	uint8_t audit_key[AUDIT_KEY_SIZE];
	_Atomic int64_t mails[OUTBOX_DROPPED + 1]; /* by state, for /metrics; counted when the doors are looked at */
	struct face faces[SERVICE_FACES];		   /* what a demonstration adds, then here, office and shop */
	size_t face_count;
};

/* Opens everything up to the mailer at MAIL (a URL), but no door to the network yet. MAIL empty: the server stored at set-up, or none, and mails wait. What was opened is closed by service_close, also after a failure. */
enum status service_open(struct service *s, struct arena *a, const struct config *c, struct str mail, struct problem *why);

/* A face that is asked before the office's and the shop's. Between service_open and service_start. */
void service_add_face(struct service *s, struct face face);

/* Starts the background and listens. Prints "listening on URL" a line each. */
enum status service_start(struct service *s, struct arena *a, struct problem *why);

/* Waits for SIGTERM or SIGINT, which must have been blocked by service_open; meanwhile reads configuration and certificates again on SIGHUP and
 * looks for changed doors. Of the configuration the log level takes effect at once; for another change it says that it needs a restart. */
void service_wait(struct service *s);

/* Stops and closes what runs. False: a handler did not come back; the process must leave by _exit. */
bool service_close(struct service *s);
