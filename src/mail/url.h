/* mail/url.h: what a --mail URL says. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

enum mail_kind { MAIL_DIR, MAIL_SMTP, MAIL_SMTPS };
enum mail_starttls { STARTTLS_REQUIRED = 0, STARTTLS_OPTIONAL, STARTTLS_NO };

struct mail_url {
	enum mail_kind kind;
	char *path; /* of MAIL_DIR; the others are of the servers */
	char *host; /* as libcurl takes it: an IPv6 address in brackets */
	int64_t port;
	char *user, *password; /* decoded; NULL: no AUTH */
	enum mail_starttls starttls;
	char *ca;		 /* NULL: the system's authorities */
	int64_t timeout; /* seconds */
};

/* Reads TEXT into OUT, whose strings the caller gives back with mail_url_clear. REFUSED with words at "mail", and OUT is empty. */
enum status mail_url_read(struct str text, struct mail_url *out, struct problem *why);

/* Clears the password and frees what OUT holds. */
void mail_url_clear(struct mail_url *u);
