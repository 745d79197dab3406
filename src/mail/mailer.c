/* mail/mailer.c: chooses between server and folder. */
#include "mail/mailer.h"

#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/log.h"
#include "mail/folder.h"
#include "mail/smtp.h"
#include "mail/url.h"

struct mailer {
	struct arena *arena; /* for where */
	struct mail_url url;
	struct smtp *smtp; /* NULL for a folder */
	struct str where;
};

enum status mailer_open(struct str url, struct mailer **out, struct problem *why)
{
	struct mail_url u;
	*out = NULL;
	enum status st = mail_url_read(url, &u, why);
	if (st != OK) return st;
	struct arena *a = arena_new();
	struct mailer *m = ARENA_NEW(a, struct mailer);
	m->arena = a;
	m->url = u;
	if (u.kind == MAIL_DIR) {
		m->where = str_format(a, "dir:%s", u.path);
	} else {
		m->smtp = smtp_new(&m->url);
		m->where = str_format(a, "%s://%s:%d", u.kind == MAIL_SMTPS ? "smtps" : "smtp", u.host, (int)u.port);
		if (u.kind == MAIL_SMTP && u.starttls != STARTTLS_REQUIRED && u.user && !host_is_loopback(str_of(u.host)))
			log_warn("mail: the password for %.*s can be read on the way there; ?starttls=required prevents it", STR_ARG(m->where));
	}
	*out = m;
	return OK;
}

void mailer_close(struct mailer *m)
{
	if (!m) return;
	smtp_free(m->smtp);
	mail_url_clear(&m->url);
	arena_free(m->arena);
}

struct str mailer_where(const struct mailer *m)
{
	return m->where;
}

struct mail_result mail_send(struct arena *a, struct mailer *m, int64_t id, struct str from, struct str to, struct str bytes)
{
	return m->smtp ? smtp_deliver(a, m->smtp, from, to, bytes) : folder_deliver(a, m->url.path, id, bytes);
}

void mailer_break_off(struct mailer *m)
{
	if (m->smtp) smtp_break_off(m->smtp);
}

struct mail_result mail_check(struct arena *a, struct mailer *m)
{
	return m->smtp ? smtp_check(a, m->smtp) : folder_check(a, m->url.path);
}
