/* mail/smtp.h: one conversation at a time with one SMTP server, over a connection that is kept. */
#pragma once
#include "mail/mailer.h"
#include "mail/url.h"

struct smtp;

/* URL must outlive the result, which smtp_free gives back. */
struct smtp *smtp_new(const struct mail_url *url);
void smtp_free(struct smtp *s);

/* From any thread; what is under way and what follows ends as TRY_LATER. */
void smtp_break_off(struct smtp *s);

/* As mail_send and mail_check. */
struct mail_result smtp_deliver(struct arena *a, struct smtp *s, struct str from, struct str to, struct str bytes);
struct mail_result smtp_check(struct arena *a, struct smtp *s);
