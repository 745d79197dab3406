/* One mail from the outbox to the mail server: the link is made at sending, is whole nowhere else, and no mail leaves without it. */
#include "test.h"

#include "formats/mime_read.h"

#include "post_office.h"

TEST(a_reset_mail_carries_a_link_of_this_house_that_lives_48_hours_from_sending)
{
	struct office o;
	office_open(&o);
	int64_t id = office_queue(&o, CLASS_RESET_PASSWORD, LANG_EN);
	assert_int_equal(sql_number(o.t.db, "SELECT count(*) FROM recovery_link WHERE deadline IS NULL"), 1);
	assert_status(post_next(&o.post), OK);
	assert_status(post_next(&o.post), NOT_FOUND);
	assert_int_equal(office_mail(&o, id).state, OUTBOX_SENT);

	struct str mail = S("");
	assert_int_equal(office_delivered(&o, &mail), 1);
	struct link link;
	assert_int_equal(link_read(o.post.keys, token_of(mail), LINK_FOR(LINK_RESET), &link), LINK_GENUINE);
	assert_memory_equal(link.id, office_mail(&o, id).link_id.at, LINK_ID_SIZE);
	assert_true(str_find(unquoted(mail), S("https://tickets.example.org/shop/reset-password?token=")) > 0);
	int64_t life = sql_number(o.t.db, "SELECT deadline FROM recovery_link") - store_now(o.t.db);
	assert_in_range((uintmax_t)life, LINK_LIFE - MINUTE, LINK_LIFE);
	office_close(&o);
}

TEST(a_house_may_let_its_links_live_for_less)
{
	struct office o;
	office_open(&o);
	do_sql(o.t.db, "UPDATE institution SET link_hours = 7");
	office_queue(&o, CLASS_RESET_PASSWORD, LANG_EN);
	assert_status(post_next(&o.post), OK);
	office_queue(&o, CLASS_OPERATOR_RESET, LANG_EN);
	assert_status(post_next(&o.post), OK);
	int64_t buyers = sql_number(o.t.db, "SELECT deadline FROM recovery_link") - store_now(o.t.db);
	int64_t operators = sql_number(o.t.db, "SELECT deadline FROM operator_link") - store_now(o.t.db);
	assert_in_range((uintmax_t)buyers, 7 * HOUR - MINUTE, 7 * HOUR);
	assert_in_range((uintmax_t)operators, 7 * HOUR - MINUTE, 7 * HOUR);
	struct str mail = S("");
	office_delivered(&o, &mail);
	assert_true(str_find(unquoted(mail), S("7 hours")) > 0);
	office_close(&o);
}

TEST(every_class_in_every_language_becomes_a_mail)
{
	struct office o;
	office_open(&o);
	for (int c = 0; c < DOCUMENT_CLASSES; c++) {
		if (document_field((enum document_class)c, S("order.number"))) continue; /* about an order or its bill: tests/work/bills.c */
		for (int l = 0; l < LANGUAGES; l++) {
			int64_t id = office_queue(&o, (enum document_class)c, (enum language)l);
			assert_status(post_next(&o.post), OK);
			struct outbox_mail m = office_mail(&o, id);
			if (m.state != OUTBOX_SENT) fail_msg("%s in %s: %.*s", document_class(m.class)->code, lang_tag(m.language), STR_ARG(m.answer));
		}
	}
	office_close(&o);
}

TEST(an_operators_link_opens_the_office)
{
	struct office o;
	office_open(&o);
	office_queue(&o, CLASS_OPERATOR_INVITATION, LANG_EN);
	assert_status(post_next(&o.post), OK);
	struct str mail = S("");
	office_delivered(&o, &mail);
	assert_true(str_find(unquoted(mail), S("https://tickets.example.org/office/reset-password?token=")) > 0); /* beside the shop, not in it */
	int64_t life = sql_number(o.t.db, "SELECT deadline FROM operator_link") - store_now(o.t.db);
	assert_in_range((uintmax_t)life, LINK_LIFE - MINUTE, LINK_LIFE);
	do_sql(o.t.db, "UPDATE institution SET office_url = 'https://desk.example.org'");
	office_queue(&o, CLASS_OPERATOR_INVITATION, LANG_EN);
	assert_status(post_next(&o.post), OK);
	office_delivered(&o, &mail);
	assert_true(str_find(unquoted(mail), S("https://desk.example.org/office/reset-password?token=")) > 0);
	o.post.office = S("https://office.example.org"); /* --office-url stands before it */
	office_queue(&o, CLASS_OPERATOR_RESET, LANG_EN);
	assert_status(post_next(&o.post), OK);
	office_delivered(&o, &mail);
	assert_true(str_find(unquoted(mail), S("https://office.example.org/office/reset-password?token=")) > 0);
	office_close(&o);
}

TEST(a_confirmation_opens_its_own_page)
{
	struct office o;
	office_open(&o);
	office_queue(&o, CLASS_CONFIRM_EMAIL, LANG_EN);
	assert_status(post_next(&o.post), OK);
	struct str mail = S("");
	struct link link;
	assert_int_equal(office_delivered(&o, &mail), 1);
	assert_true(str_find(unquoted(mail), S("https://tickets.example.org/shop/confirm-email?token=")) > 0);
	assert_int_equal(link_read(o.post.keys, token_of(mail), LINK_FOR(LINK_CONFIRM_EMAIL), &link), LINK_GENUINE);
	assert_int_equal(link_read(o.post.keys, token_of(mail), LINK_FOR(LINK_RESET), &link), LINK_FORGED);
	office_close(&o);
}

TEST(text_and_html_hold_the_same_link)
{
	struct office o;
	office_open(&o);
	office_queue(&o, CLASS_RESET_PASSWORD, LANG_DE);
	assert_status(post_next(&o.post), OK);
	struct str mail = S("");
	assert_int_equal(office_delivered(&o, &mail), 1);
	struct str plain = unquoted(mail), token = token_of(mail);
	ptrdiff_t html = str_find(plain, S("Content-Type: text/html"));
	assert_true(html > 0);
	assert_true(str_find(str_part(plain, 0, (size_t)html), token) > 0);
	assert_true(str_find(str_part(plain, (size_t)html, plain.len), token) > 0);
	office_close(&o);
}

TEST(a_mail_whose_link_is_dead_is_not_sent)
{
	struct office o;
	office_open(&o);
	int64_t id = office_queue(&o, CLASS_RESET_PASSWORD, LANG_EN);
	do_sql(o.t.db, "UPDATE recovery_link SET state = 'superseded'");
	assert_status(post_next(&o.post), OK);
	assert_int_equal(office_delivered(&o, NULL), 0);
	assert_int_equal(office_mail(&o, id).state, OUTBOX_DROPPED);
	assert_status(post_next(&o.post), NOT_FOUND);
	office_close(&o);
}

TEST(a_template_in_another_language_stands_in)
{
	struct office o;
	office_open(&o);
	do_sql(o.t.db, "DELETE FROM document_template WHERE language = 'it'");
	int64_t id = office_queue(&o, CLASS_RESET_PASSWORD, LANG_IT);
	assert_status(post_next(&o.post), OK);
	struct str mail = S("");
	assert_int_equal(office_delivered(&o, &mail), 1);
	assert_int_equal(office_mail(&o, id).language, LANG_FR);
	assert_true(str_find(mail, S("Content-Language: fr")) > 0);
	office_close(&o);
}

/* A newer version of the reset template, taken from WORD. */
static void replace_reset_template(struct office *o, struct value word)
{
	do_sql(o->t.db,
		"INSERT INTO document_template (document_type, language, version, word, made_at, made_by) "
		"SELECT id, 'en', 2, $1, 0, 'test' FROM document_type WHERE class = 'reset-password'",
		word);
}

TEST(a_template_that_cannot_be_read_fails_the_mail_where_it_is_seen)
{
	struct office o;
	office_open(&o);
	replace_reset_template(&o, blob(S("this is no Word document")));
	int64_t id = office_queue(&o, CLASS_RESET_PASSWORD, LANG_EN);
	assert_status(post_next(&o.post), OK);
	assert_int_equal(office_delivered(&o, NULL), 0);
	assert_int_equal(office_mail(&o, id).state, OUTBOX_FAILED);
	assert_true(office_mail(&o, id).answer.len > 0);
	office_close(&o);
}

TEST(a_template_without_the_link_never_becomes_a_mail)
{
	struct office o;
	office_open(&o);
	do_sql(o.t.db, "INSERT INTO document_template (document_type, language, version, word, made_at, made_by) "
				   "SELECT (SELECT id FROM document_type WHERE class = 'reset-password'), 'en', 2, t.word, 0, 'test' "
				   "FROM document_template t JOIN document_type d ON d.id = t.document_type WHERE d.class = 'test-mail' AND t.language = 'en'");
	int64_t id = office_queue(&o, CLASS_RESET_PASSWORD, LANG_EN);
	assert_status(post_next(&o.post), OK);
	assert_int_equal(office_delivered(&o, NULL), 0);
	assert_int_equal(office_mail(&o, id).state, OUTBOX_FAILED);
	office_close(&o);
}

TEST(a_mail_of_a_link_class_without_a_link_is_not_sent)
{
	struct office o;
	office_open(&o);
	int64_t id = office_queue(&o, CLASS_RESET_PASSWORD, LANG_EN);
	do_sql(o.t.db, "UPDATE outbox_message SET link_id = NULL");
	assert_status(post_next(&o.post), OK);
	assert_int_equal(office_delivered(&o, NULL), 0);
	assert_int_equal(office_mail(&o, id).state, OUTBOX_FAILED);
	assert_true(str_find(office_mail(&o, id).answer, S("needs a link")) > 0); /* in words about the mail, not about the template */
	office_close(&o);
}

TEST(a_shop_that_moved_is_written_where_it_is_now)
{
	struct office o;
	office_open(&o);
	office_queue(&o, CLASS_RESET_PASSWORD, LANG_EN);
	do_sql(o.t.db, "UPDATE point_of_sale SET public_url = 'http://127.0.0.1:4711'");
	assert_status(post_next(&o.post), OK);
	struct str mail = S("");
	assert_int_equal(office_delivered(&o, &mail), 1);
	assert_true(str_find(unquoted(mail), S("http://127.0.0.1:4711/reset-password?token=")) > 0);
	assert_true(str_find(unquoted(mail), S("tickets.example.org/shop/")) < 0);
	office_close(&o);
}

TEST(a_mail_sent_again_after_a_crash_has_the_same_message_id)
{
	struct office o;
	office_open(&o);
	int64_t id = office_queue(&o, CLASS_PASSWORD_CHANGED, LANG_EN);
	assert_status(post_next(&o.post), OK);
	do_sql(o.t.db, "UPDATE outbox_message SET state = 'sending', due_at = 0"); /* as if the mark had been lost */
	assert_status(post_next(&o.post), OK);
	struct str mail = S(""), want = str_format(mem, "Message-ID: <%.*s>", STR_ARG(office_mail(&o, id).message_id));
	assert_in_range((uintmax_t)office_delivered(&o, &mail), 1, 2);
	assert_true(str_find(mail, want) >= 0);
	office_close(&o);
}

TEST(what_a_buyer_is_called_stays_text)
{
	struct office o;
	office_open(&o);
	office_queue(&o, CLASS_PASSWORD_CHANGED, LANG_EN);
	do_sql(o.t.db, "UPDATE outbox_message SET merge_values = replace(merge_values, '\"Jeanne\"', '\"{{shop.url}}<b>J</b>\"')");
	assert_status(post_next(&o.post), OK);
	struct str mail = S("");
	assert_int_equal(office_delivered(&o, &mail), 1);
	assert_true(str_find(unquoted(mail), S("{{shop.url}}<b>J</b>")) > 0);	/* in the plain text */
	assert_true(str_find(unquoted(mail), S("{{shop.url}}&lt;b&gt;J")) > 0); /* and in the HTML */
	office_close(&o);
}

/* ---- the secret ---- */

/* Whether NEEDLE stands anywhere in the database's files or rows, raw. */
static bool is_in_files(struct str needle)
{
	const char *folder = databases[database_count - 1].name;
	struct dirent **names;
	bool found = false;
	int n = scandir(folder, &names, NULL, NULL);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') found |= str_find(read_file(str_format(mem, "%s/%s%c", folder, names[i]->d_name, 0).at), needle) >= 0;
		free(names[i]);
	}
	free(names);
	return found;
}

/* The same on PostgreSQL: its write-ahead log has every page and row that was written. The tests' own cluster lets us read it. */
static bool is_in_log(struct str needle)
{
	PGconn *pg = PQconnectdb(databases[database_count - 1].url);
	PQclear(PQexec(pg, "CHECKPOINT"));
	const char *values[] = { needle.at };
	const int lengths[] = { (int)needle.len }, formats[] = { 1 };
	PGresult *r = PQexecParams(pg,
		"SELECT count(*) FROM pg_ls_waldir() w WHERE w.name ~ '^[0-9A-F]{24}$' AND position($1::bytea IN pg_read_binary_file('pg_wal/' || w.name)) > "
		"0",
		1, NULL, values, lengths, formats, 0);
	if (PQresultStatus(r) != PGRES_TUPLES_OK) fail_msg("%s", PQerrorMessage(pg));
	bool found = strcmp(PQgetvalue(r, 0, 0), "0") != 0;
	PQclear(r);
	PQfinish(pg);
	return found;
}

static bool is_written(struct str needle)
{
	return database_server() ? is_in_log(needle) : is_in_files(needle);
}

TEST(no_token_is_ever_written_to_the_database)
{
	struct office o;
	office_open(&o);
	int64_t id = office_queue(&o, CLASS_RESET_PASSWORD, LANG_EN);
	assert_status(post_next(&o.post), OK);
	struct str mail = S(""), bytes;
	assert_int_equal(office_delivered(&o, &mail), 1);
	struct str token = token_of(mail);
	assert_true(str_from_base64url(mem, token, &bytes));
	struct str signature = str_part(bytes, bytes.len - 64, 64);
	assert_true(is_written(office_mail(&o, id).link_id)); /* the search finds what is there */
	assert_false(is_written(token));
	assert_false(is_written(str_part(token, 40, 60)));
	assert_false(is_written(signature));
	assert_false(is_written(str_hex(mem, signature)));
	assert_false(is_written(str_part(str_hex(mem, signature), 0, 40)));
	office_close(&o);
}

static enum status queue_test(struct conn *db, void *arg)
{
	struct office *o = arg;
	enum language l = LANG_EN;
	struct letter letter = { .class = CLASS_RESET_PASSWORD,
		.point_of_sale = o->t.shop,
		.language = l,
		.recipient = S("operator@example.org"),
		.recipient_name = S("O. Favre") };
	enum status st =
		template_in_force(db, &(struct template_wanted){ .institution = o->t.institution, .class = CLASS_RESET_PASSWORD }, &l, &letter.template);
	return st ? st : outbox_add(db, mem, &letter);
}

TEST(a_test_mail_shows_samples_says_that_it_is_one_and_opens_nothing)
{
	struct office o;
	office_open(&o);
	in_write(o.t.db, queue_test, &o);
	assert_status(post_next(&o.post), OK);
	struct str mail = S("");
	struct link link;
	struct mime_shown shown;
	assert_int_equal(office_delivered(&o, &mail), 1);
	assert_true(str_find(mail, S("operator@example.org")) > 0);
	assert_status(mime_read(mem, mail, &shown), OK);
	assert_true(str_starts(shown.subject, S("[Test] ")));
	assert_true(str_find(unquoted(mail), S("Jeanne")) > 0);
	assert_true(str_find(unquoted(mail), S("https://tickets.example.org/shop/reset-password?token=EXAMPLE")) > 0);
	assert_int_equal(link_read(o.post.keys, S("EXAMPLE"), LINK_FOR(LINK_RESET), &link), LINK_FORGED);
	office_close(&o);
}
