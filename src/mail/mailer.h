/* mail/mailer.h: hands finished messages to the next hop: an SMTP server, or a folder of .eml files.
 *   smtp://USER:PASS@HOST:PORT    port 587 when none is given; STARTTLS by ?starttls=required (the default), optional or no
 *   smtps://USER:PASS@HOST:PORT   TLS from the first byte; port 465
 *   dir:PATH                      one complete .eml a message, in PATH
 * USER and PASS are percent-encoded; without them there is no AUTH. The server's certificate is always verified, against ?ca=PATH (a PEM file) or the
 * system's authorities. HOST may be this machine or one of the LAN, where many a house's relay stands, but no link-local address and none that is no single host's
 * (reach.h). ?timeout=SECONDS (1 to MAIL_TIMEOUT_MAX, default 60) bounds one message. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

#define MAIL_TIMEOUT_MAX 100 /* seconds: less than the outbox's lease, or two would send the same mail at once */

struct mailer;

/* SENT: the next hop has it. TRY_LATER: nothing is known to be wrong with this mail: no connection, TLS, wrong password, a 4xx answer, cut off amid it; it may even have
 * arrived. REFUSED: the server wants neither this recipient nor this content, now or later. */
enum mail_outcome { MAIL_TRY_LATER = 0, MAIL_SENT, MAIL_REFUSED };

/* Why nothing came of it. Who may not learn what else runs at an address is told this, and an answer of MAIL_FAULT_SAID alone. */
enum mail_fault {
	MAIL_FAULT_NONE = 0,
	MAIL_FAULT_NAME,   /* the host's name is unknown */
	MAIL_FAULT_SILENT, /* no connection, a time-out, or something that is no mail server */
	MAIL_FAULT_TLS,	   /* no encryption, or a certificate that is not for this host */
	MAIL_FAULT_SAID,   /* a mail server's own refusal */
	MAIL_FAULT_OWN,	   /* of our own making: a folder, an address, a stop */
};

struct mail_result {
	enum mail_outcome outcome;
	struct str
		answer; /* the server's words, or what went wrong on the way: one line of at most MAIL_ANSWER_MAX bytes, in English, no secret, no link */
	enum mail_fault fault;
};

#define MAIL_ANSWER_MAX 300 /* a server's longest useful answers; it stands in a table cell and a database column */

/* Reads URL; connects to nothing yet. REFUSED with words at "mail" when it is not as above. On OK *OUT is the caller's, until mailer_close. */
enum status mailer_open(struct str url, struct mailer **out, struct problem *why);

/* Says good-bye to the server and clears the password. NULL does nothing. */
void mailer_close(struct mailer *m);

/* Where mails go, without user and password, for logs and pages; lives as long as M. */
struct str mailer_where(const struct mailer *m);

/* Hands the message BYTES (of mime_write) over for the envelope FROM and TO, as mime_address reads them. ID is the outbox's, for the file's name.
 * One thread at a time; the connection is kept for the next mail. Blocks at most for the time-out. The answer lives in arena A. */
struct mail_result mail_send(struct arena *a, struct mailer *m, int64_t id, struct str from, struct str to, struct str bytes);

/* From any thread: the message under way is broken off within a second or two, and every later one at once, as TRY_LATER. For a stop that cannot wait. */
void mailer_break_off(struct mailer *m);

/* Connects, encrypts and signs in (or looks whether the folder can be written), and sends nothing: for doctor. SENT says that all is well. */
struct mail_result mail_check(struct arena *a, struct mailer *m);
