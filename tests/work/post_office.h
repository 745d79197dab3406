/* tests/work/post_office.h: a house with shipped templates, an account, keys, and a folder that mails are delivered to. */
#pragma once
#include <sodium.h>

#include "accounts/account.h"
#include "accounts/recovery.h"
#include "documents/template.h"
#include "theatre.h"
#include "work/post.h"

struct office {
	struct theatre t;
	struct post post;
	struct link_key key;
	int64_t account, operator_id;
	char folder[40];
};

static inline enum status office_install(struct conn *db, void *arg)
{
	return document_types_install(db, ((struct office *)arg)->t.institution);
}

/* By SQL, so that what accounts/ does is not what is tested here. */
static inline void office_add_account(struct office *o)
{
	do_sql(o->t.db,
		"INSERT INTO contact (institution, number, kind, salutation, first_name, last_name, name_key, language, phone, street, house_number, "
		"postcode, town, "
		"country, made_at) VALUES ($1, 10009, 'individual', '', 'Jeanne', 'Favre', 'favre jeanne', 'en', '', '', '', '', '', '', 0)",
		int64(o->t.institution));
	do_sql(o->t.db,
		"INSERT INTO internet_account (institution, contact, email, email_key, state, state_reason, password_hash, language, made_at, recovery_at) "
		"SELECT institution, id, 'jeanne@example.org', 'jeanne@example.org', 'active', '', 'none', 'en', 0, 0 FROM contact");
	o->account = sql_number(o->t.db, "SELECT max(id) FROM internet_account");
	do_sql(o->t.db,
		"INSERT INTO operator (institution, name, email, email_key, language, state, made_at, mailed_at, version, factor_is_on, factor_step) "
		"VALUES ($1, 'Olivier Favre', 'olivier@example.org', 'olivier@example.org', 'en', 'invited', 0, 0, 1, $2, 0)",
		int64(o->t.institution), boolean(false));
	o->operator_id = sql_number(o->t.db, "SELECT max(id) FROM operator");
}

/* Mails go to URL from now on. */
static inline void post_by(struct post *p, struct str url)
{
	struct mailer *m;
	assert_status(mailer_open(url, &m, NULL), OK);
	p->mailer = m;
}

/* In place, because the keys point into it. */
static inline void office_open(struct office *o)
{
	uint8_t seed[LINK_SEED_SIZE] = { 7 };
	*o = (struct office){ .t = theatre_open(), .folder = "/tmp/parterre-mail-XXXXXX" };
	in_write(o->t.db, office_install, o);
	office_add_account(o);
	o->key = link_key_of(seed);
	if (!mkdtemp(o->folder)) fail_msg("no folder");
	o->post = (struct post){ .store = o->t.store, .keys = { &o->key, 1 }, .templates = templates_new() };
	post_by(&o->post, str_format(mem, "dir:%s", o->folder));
}

static inline void office_close(struct office *o)
{
	mailer_close(o->post.mailer);
	templates_free(o->post.templates);
	theatre_close(&o->t);
	database_remove_folder(o->folder);
}

struct office_link {
	struct office *office;
	char id[LINK_ID_SIZE];
	enum document_class class;
	enum language language;
};

static inline enum status office_link_row(struct conn *db, const struct office_link *l, enum link_purpose purpose)
{
	static const struct sql buyer = SQL("INSERT INTO recovery_link (link_id, account, point_of_sale, purpose, state, fingerprint, next, made_at) "
										"VALUES ($1, $2, $3, $6, 'live', $4, '', $5)");
	static const struct sql staff = SQL("INSERT INTO operator_link (link_id, operator, state, fingerprint, made_at) VALUES ($1, $4, 'live', $2, $3)");
	struct value id = blob((struct str){ l->id, sizeof l->id }), fingerprint = blob(S("0123456789abcdef0123456789abcdef"));
	if (purpose == LINK_OPERATOR) return store_exec(db, &staff, id, fingerprint, int64(store_now(db)), int64(l->office->operator_id));
	return store_exec(
		db, &buyer, id, int64(l->office->account), int64(l->office->t.shop), fingerprint, int64(store_now(db)), int64((int64_t)purpose));
}

static inline enum status office_queue_in(struct conn *db, void *arg)
{
	struct office_link *l = arg;
	struct str id = { l->id, sizeof l->id };
	bool has_link = document_field(l->class, S("link.url")), is_staff = document_field(l->class, S("operator.name"));
	enum link_purpose purpose = is_staff ? LINK_OPERATOR : l->class == CLASS_CONFIRM_EMAIL ? LINK_CONFIRM_EMAIL : LINK_RESET;
	enum status st;
	if (has_link && (st = office_link_row(db, l, purpose))) return st;
	struct merge_value buyer[] = { { "contact.first_name", S("Jeanne") }, { "contact.last_name", S("Favre") },
		{ "account.email", S("jeanne@example.org") }, { "request.time", .at = store_now(db) },
		{ l->class == CLASS_RESET_PASSWORD ? "is_reset" : NULL, S("1") }, { NULL } };
	struct merge_value staff[] = { { "operator.name", S("Olivier Favre") }, { "operator.email", S("olivier@example.org") },
		{ "request.time", .at = store_now(db) }, { NULL } };
	struct letter letter = { .class = l->class,
		.point_of_sale = l->office->t.shop,
		.language = l->language,
		.recipient = S("jeanne@example.org"),
		.recipient_name = S("Jeanne Favre"),
		.values = is_staff ? staff : buyer,
		.link_id = has_link ? id : S(""),
		.link_purpose = has_link ? (int)purpose : 0,
		.account = l->office->account };
	struct arena *a = arena_new();
	st = outbox_add(db, a, &letter);
	arena_free(a);
	return st;
}

/* Queues a mail of CLASS in language L, with a link where the class has one; gives the mail's id. */
static inline int64_t office_queue(struct office *o, enum document_class class, enum language l)
{
	struct office_link link = { .office = o, .class = class, .language = l };
	random_fill(link.id, sizeof link.id);
	in_write(o->t.db, office_queue_in, &link);
	return sql_number(o->t.db, "SELECT max(id) FROM outbox_message");
}

static inline struct outbox_mail office_mail(struct office *o, int64_t id)
{
	struct outbox_mail m;
	assert_status(outbox_get(o->t.db, mem, o->t.institution, id, &m), OK);
	return m;
}

static inline struct str read_file(const char *path)
{
	struct buf b = buf_in(mem);
	FILE *f = fopen(path, "rb");
	if (!f) fail_msg("%s is not there", path);
	for (size_t n = 1; n;) {
		n = fread(buf_room(&b, 65536), 1, 65536, f);
		buf_added(&b, n);
	}
	fclose(f);
	return buf_str(&b);
}

/* How many mails were delivered, and the bytes of the last by name. */
static inline int office_delivered(struct office *o, struct str *last)
{
	struct dirent **names;
	int n = scandir(o->folder, &names, NULL, alphasort), count = 0;
	for (int i = 0; i < n; i++) {
		if (str_ends(str_of(names[i]->d_name), S(".eml"))) {
			count++;
			if (last) *last = read_file(str_format(mem, "%s/%s%c", o->folder, names[i]->d_name, 0).at);
		}
		free(names[i]);
	}
	free(names);
	return count;
}

/* Without the soft line ends and escapes of quoted-printable: good enough to look for ASCII. */
static inline struct str unquoted(struct str mail)
{
	struct buf b = buf_in(mem);
	for (size_t i = 0; i < mail.len; i++) {
		if (mail.at[i] != '=' || i + 2 >= mail.len) buf_add_char(&b, mail.at[i]);
		else if (mail.at[i + 1] == '\r') i += 2;
		else if (mail.at[i + 1] == '3' && mail.at[i + 2] == 'D') buf_add_char(&b, '='), i += 2;
		else buf_add_char(&b, '=');
	}
	return buf_str(&b);
}

/* The token of the first link in a mail. */
static inline struct str token_of(struct str mail)
{
	struct str plain = unquoted(mail);
	ptrdiff_t at = str_find(plain, S("?token="));
	return at < 0 ? S("") : str_part(plain, (size_t)at + 7, LINK_TEXT_SIZE);
}
