/* outside/mailbox.c: a list that follows what arrives, and beside it a mail in four views. */
#include "outside/mailbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/render.h"
#include "formats/mime_read.h"
#include "outside/list.html.h"
#include "outside/mail.html.h"
#include "outside/mailbox.html.h"
#include "outside/mails.h"

#define MAILS_SHOWN 50			/* the newest: a page stays under 50 kB */
#define NAMES_MAX	20000		/* files looked at in the folder */
#define MAIL_BYTES	(16u << 20) /* of one file read: more than mime_write makes */

static struct mailbox *mailbox_of(const struct request *r)
{
	return r->context;
}

/* ---- the folder ---- */

static int newest_first(const void *a, const void *b)
{
	return str_compare(*(const struct str *)b, *(const struct str *)a); /* names begin with the time */
}

static struct str *names(struct request *r, size_t *count)
{
	struct str *list = ARENA_ARRAY(r->arena, struct str, NAMES_MAX);
	DIR *d = opendir(mailbox_of(r)->folder);
	*count = 0;
	for (struct dirent *e; d && *count < NAMES_MAX && (e = readdir(d));)
		if (e->d_name[0] != '.' && str_ends(str_of(e->d_name), S(".eml"))) list[(*count)++] = str_keep(r->arena, str_of(e->d_name));
	if (d) closedir(d);
	qsort(list, *count, sizeof *list, newest_first);
	return list;
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '/' || (unsigned char)s.at[i] < 0x21) return false;
	return s.len > 4 && s.len < 256 && s.at[0] != '.' && str_ends(s, S(".eml"));
}

static bool read_mail(struct request *r, struct str name, struct str *bytes)
{
	struct stat st;
	char *path = str_c(r->arena, str_format(r->arena, "%s/%.*s", mailbox_of(r)->folder, STR_ARG(name)));
	int file = is_name(name) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	bool is_read = false;
	if (file < 0) return false;
	if (fstat(file, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= MAIL_BYTES) {
		char *at = arena_alloc(r->arena, (size_t)st.st_size + 1);
		ssize_t got = read(file, at, (size_t)st.st_size);
		is_read = got == st.st_size;
		*bytes = (struct str){ at, (size_t)st.st_size };
	}
	close(file);
	return is_read;
}

static struct mail_row *rows(struct request *r, size_t *count)
{
	size_t all;
	struct str *list = names(r, &all), bytes;
	struct mail_row *out = ARENA_ARRAY(r->arena, struct mail_row, MAILS_SHOWN);
	*count = 0;
	for (size_t i = 0; i < all && *count < MAILS_SHOWN; i++) {
		struct mime_shown m;
		if (!read_mail(r, list[i], &bytes) || mime_read(r->arena, bytes, &m)) continue;
		out[(*count)++] = (struct mail_row){ .name = list[i], .from = m.from, .to = m.to, .subject = m.subject, .date = m.date };
	}
	return out;
}

/* ---- pages ---- */

static struct render page(struct request *r)
{
	return render_in(r->arena, r->language, S("Europe/Zurich"), S(""));
}

static struct response list_page(struct request *r)
{
	struct render out = page(r);
	size_t count;
	struct mail_row *list = rows(r, &count);
	tpl_mailbox(&out, &(const struct tpl_mailbox){ .rows = list, .count = count });
	return response_html(r, 200, buf_str(&out.out));
}

static struct response list_fragment(struct request *r)
{
	struct render out = page(r);
	size_t count;
	struct mail_row *list = rows(r, &count);
	tpl_mailbox_list(&out, &(const struct tpl_mailbox_list){ .rows = list, .count = count, .open = request_query(r, "open") });
	return response_html(r, 200, buf_str(&out.out));
}

static struct response mail_page(struct request *r)
{
	static const struct {
		struct str name;
		enum mail_view view;
	} views[] = { { { STR("html") }, VIEW_HTML }, { { STR("text") }, VIEW_TEXT }, { { STR("headers") }, VIEW_HEADERS },
		{ { STR("source") }, VIEW_SOURCE } };
	struct str name = request_segment(r, 0), wanted = request_query(r, "view"), bytes;
	struct mime_shown m;
	enum mail_view view = VIEW_HTML;
	if (!read_mail(r, name, &bytes) || mime_read(r->arena, bytes, &m)) return error_answer(r, 404);
	for (size_t i = 0; i < COUNT(views); i++)
		if (str_eq(wanted, views[i].name)) view = views[i].view;
	if (view == VIEW_HTML && m.html.len == 0) view = VIEW_TEXT;
	struct render out = page(r);
	size_t count;
	struct mail_row *list = rows(r, &count);
	tpl_mailbox_mail(&out, &(const struct tpl_mailbox_mail){
							   .rows = list, .count = count, .name = name, .view = view, .mail = &m, .source = str_is_text(bytes) ? bytes : S("") });
	return response_html(r, 200, buf_str(&out.out));
}

/* Links of the mail open in the whole window, not in the frame. */
static struct str with_links_outside(struct arena *a, struct str html)
{
	ptrdiff_t head = str_find(html, S("<head>"));
	if (head < 0) return html;
	size_t after = (size_t)head + 6;
	return str_format(a, "%.*s<base target=\"_top\">%.*s", (int)after, html.at, (int)(html.len - after), html.at + after);
}

/* The mail's own HTML, for the sandboxed frame: its styles and data: pictures, nothing else. */
static struct response mail_html(struct request *r)
{
	struct str bytes;
	struct mime_shown m;
	if (!read_mail(r, request_segment(r, 0), &bytes) || mime_read(r->arena, bytes, &m)) return error_answer(r, 404);
	return response_html(r, 200, with_links_outside(r->arena, m.html));
}

static const struct route routes[] = {
	{ GET, "/mailbox", list_page, .needs = SLOW | NO_STORE },
	{ GET, "/mailbox/list", list_fragment, .needs = SLOW | NO_STORE },
	{ GET, "/mailbox/:NAME", mail_page, .needs = SLOW | NO_STORE },
	{ GET, "/mailbox/:NAME/html", mail_html, .needs = SLOW | NO_STORE | PREVIEW },
};

static enum status enter(struct request *r)
{
	if (!str_eq(r->path, S("/mailbox")) && !str_starts(r->path, S("/mailbox/"))) return NOT_FOUND;
	r->site = r->context;
	r->origin = S("http://mailbox.invalid"); /* no form here posts */
	r->site_code = S("mailbox");
	return OK;
}

struct face mailbox_face(struct mailbox *m)
{
	return (struct face){ .name = "mailbox", .routes = routes, .count = COUNT(routes), .context = m, .enter = enter };
}
