/* tests/programs/mail_send.c: drives mail/mailer.h from outside. mail_send URL, then a line of JSON each on stdin:
 *   {"id": 7, "from": "a@x.org", "to": "b@x.org", "bytes": "Subject: …"}   sends;   {}   checks.
 * Answers a line each: sent, later or refused, a blank, and the answer. Exit status 1 with the message's name when the URL is refused. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "mail/mailer.h"

static struct str field(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);
	return v ? (struct str){ json_string_value(v), json_string_length(v) } : S("");
}

int main(int argc, char **argv)
{
	static const char *const names[] = { [MAIL_TRY_LATER] = "later", [MAIL_SENT] = "sent", [MAIL_REFUSED] = "refused" };
	static char line[4 << 20];
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	struct mailer *m;
	if (argc != 2) return 2;
	if (mailer_open(str_of(argv[1]), &m, &why) != OK) {
		printf("%s\n", why.first->message == MSG_MAIL_URL ? "url" : "option");
		arena_free(a);
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("%.*s\n", STR_ARG(mailer_where(m)));
	while (fgets(line, sizeof line, stdin)) {
		json_t *o = json_loads(line, JSON_ALLOW_NUL, NULL);
		if (!o) return 2;
		struct mail_result r;
		if (json_object_size(o) == 0) r = mail_check(a, m);
		else r = mail_send(a, m, json_integer_value(json_object_get(o, "id")), field(o, "from"), field(o, "to"), field(o, "bytes"));
		printf("%s %.*s\n", names[r.outcome], STR_ARG(r.answer));
		json_decref(o);
	}
	mailer_close(m);
	arena_free(a);
	return 0;
}
