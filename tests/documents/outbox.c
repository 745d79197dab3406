/* The outbox: its states and arrows, its order, its leases. Time moves by moving rows: the database's clock decides. */
#include "test.h"

#include <pthread.h>

#include "documents/outbox.h"
#include "documents/template.h"
#include "theatre.h"

/* ---- building ---- */

static void add_type(struct theatre *t, const char *class, const char *language)
{
	do_sql(t->db, "INSERT INTO document_type (institution, class, code, name, main_language, is_active) VALUES ($1, $2, $2, $2, 'fr', true)",
		int64(t->institution), text(str_of(class)));
	do_sql(t->db,
		"INSERT INTO document_template (document_type, language, version, word, made_at, made_by) SELECT max(id), $1, 1, $2, 0, 'test' FROM "
		"document_type",
		text(str_of(language)), blob(S("no Word")));
}

static struct theatre outbox_open(void)
{
	struct theatre t = theatre_open();
	add_type(&t, "reset-password", "fr");
	return t;
}

static enum status add(struct conn *db, void *arg)
{
	struct arena *a = arena_new();
	enum status st = outbox_add(db, a, arg);
	arena_free(a);
	return st;
}

/* Queues a reset mail to RECIPIENT and gives its id. */
static int64_t queue(struct theatre *t, const char *recipient)
{
	struct merge_value values[] = { { "contact.first_name", S("Jeanne") }, { "is_reset", S("yes") }, { NULL } };
	struct letter letter = { .class = CLASS_RESET_PASSWORD,
		.point_of_sale = t->shop,
		.language = LANG_FR,
		.recipient = str_of(recipient),
		.values = values,
		.link_id = S("0123456789abcdef"),
		.link_purpose = 1,
		.account = 7 };
	in_write(t->db, add, &letter);
	return sql_number(t->db, "SELECT max(id) FROM outbox_message");
}

static struct outbox_mail get(struct theatre *t, int64_t id)
{
	struct outbox_mail m;
	assert_status(outbox_get(t->db, mem, t->institution, id, &m), OK);
	return m;
}

static enum status claim_in(struct conn *db, void *arg)
{
	return outbox_claim(db, mem, arg);
}

/* The id of the next mail, leased; 0 when none is due. */
static struct outbox_mail claim(struct theatre *t)
{
	struct outbox_mail m = { 0 };
	enum status st = store_write(t->db, claim_in, &m);
	if (st != NOT_FOUND) assert_status(st, OK);
	return m;
}

struct marking {
	enum status (*how)(struct conn *db, const struct outbox_mail *m, struct str answer);
	struct outbox_mail mail;
	struct str answer;
};

static enum status mark_in(struct conn *db, void *arg)
{
	struct marking *m = arg;
	return m->how(db, &m->mail, m->answer);
}

static enum status mark(
	struct theatre *t, struct outbox_mail m, enum status (*how)(struct conn *db, const struct outbox_mail *, struct str), const char *answer)
{
	return store_write(t->db, mark_in, &(struct marking){ how, m, str_of(answer) });
}

static void pass_time(struct theatre *t, int64_t microseconds)
{
	do_sql(t->db, "UPDATE outbox_message SET made_at = made_at - $1, due_at = due_at - $1", int64(microseconds));
}

/* ---- queueing ---- */

TEST(a_queued_mail_waits_with_its_template_and_values)
{
	struct theatre t = outbox_open();
	struct outbox_mail m = get(&t, queue(&t, "jeanne@example.org"));
	assert_int_equal(m.state, OUTBOX_WAITING);
	assert_int_equal(m.class, CLASS_RESET_PASSWORD);
	assert_true(m.template > 0);
	assert_int_equal(m.account, 7);
	assert_str(m.link_id, S("0123456789abcdef"));
	assert_true(str_find(m.values, S("\"contact.first_name\":\"Jeanne\"")) > 0);
	assert_true(str_find(m.values, S("\"institution.name\":\"Théâtre du Lac\"")) > 0);
	assert_true(str_ends(m.message_id, S("@tickets.example.org")));
	theatre_close(&t);
}

TEST(a_value_is_text_whatever_stands_in_it)
{
	struct theatre t = outbox_open();
	struct merge_value values[] = { { "contact.first_name", S("\"},{{link.url}}\r\n\\ 😀") }, { NULL } };
	in_write(
		t.db, add, &(struct letter){ .class = CLASS_RESET_PASSWORD, .point_of_sale = t.shop, .recipient = S("j@example.org"), .values = values });
	struct outbox_mail m = claim(&t);
	assert_true(str_find(m.values, S("\"\\\"},{{link.url}}\\r\\n\\\\ 😀\"")) > 0);
	theatre_close(&t);
}

TEST(times_are_written_in_the_templates_language)
{
	struct theatre t = outbox_open();
	struct merge_value values[] = { { "request.time", .at = INT64_C(1795507200) * SECOND }, { NULL } };
	in_write(t.db, add,
		&(struct letter){
			.class = CLASS_RESET_PASSWORD, .point_of_sale = t.shop, .language = LANG_DE, .recipient = S("j@example.org"), .values = values });
	struct outbox_mail m = claim(&t);
	assert_int_equal(m.language, LANG_FR); /* no German template: the type's main language */
	struct str want = lang_datetime(mem, LANG_FR, INT64_C(1795507200) * SECOND, S("Europe/Zurich"));
	assert_true(str_find(m.values, want) > 0);
	theatre_close(&t);
}

TEST(the_template_in_the_wanted_language_and_its_newest_version_is_in_force)
{
	struct theatre t = outbox_open();
	do_sql(t.db, "INSERT INTO document_template (document_type, language, version, word, made_at, made_by) "
				 "SELECT document_type, 'de', 1, word, 0, 'test' FROM document_template");
	do_sql(t.db, "INSERT INTO document_template (document_type, language, version, word, made_at, made_by) "
				 "SELECT document_type, 'de', 2, word, 0, 'test' FROM document_template WHERE language = 'de'");
	enum language l = LANG_DE;
	int64_t template;
	assert_status(
		template_in_force(t.db, &(struct template_wanted){ .institution = t.institution, .class = CLASS_RESET_PASSWORD }, &l, &template), OK);
	assert_int_equal(l, LANG_DE);
	assert_int_equal(template, sql_number(t.db, "SELECT id FROM document_template WHERE version = 2"));
	l = LANG_IT;
	assert_status(
		template_in_force(t.db, &(struct template_wanted){ .institution = t.institution, .class = CLASS_RESET_PASSWORD }, &l, &template), OK);
	assert_int_equal(l, LANG_FR);
	assert_status(
		template_in_force(t.db, &(struct template_wanted){ .institution = t.institution + 1000, .class = CLASS_RESET_PASSWORD }, &l, &template),
		NOT_FOUND); /* another house's */
	assert_status(
		template_in_force(t.db, &(struct template_wanted){ .institution = t.institution, .class = CLASS_TEST_MAIL }, &l, &template), NOT_FOUND);
	theatre_close(&t);
}

static enum status retry_in(struct conn *db, void *arg)
{
	struct outbox_mail *m = arg;
	return outbox_retry(db, mem, m->institution, m->id, NULL);
}

TEST(without_a_document_type_a_mail_fails_at_once_and_can_be_sent_when_there_is_one)
{
	struct theatre t = outbox_open();
	do_sql(t.db, "UPDATE document_type SET is_active = false");
	struct outbox_mail m = get(&t, queue(&t, "jeanne@example.org"));
	assert_int_equal(m.state, OUTBOX_FAILED);
	assert_true(str_find(m.answer, S("no active document type")) == 0);
	assert_int_equal(claim(&t).id, 0);
	assert_status(store_write(t.db, retry_in, &m), REFUSED);
	do_sql(t.db, "UPDATE document_type SET is_active = true");
	assert_status(store_write(t.db, retry_in, &m), OK);
	assert_int_equal(claim(&t).id, m.id);
	theatre_close(&t);
}

/* ---- arrows ---- */

TEST(a_claimed_mail_is_nobody_elses)
{
	struct theatre t = outbox_open();
	int64_t id = queue(&t, "jeanne@example.org");
	struct outbox_mail m = claim(&t);
	assert_int_equal(m.id, id);
	assert_int_equal(m.state, OUTBOX_SENDING);
	assert_int_equal(m.attempts, 1);
	assert_int_equal(claim(&t).id, 0);
	theatre_close(&t);
}

TEST(a_sent_mail_stays_sent)
{
	struct theatre t = outbox_open();
	queue(&t, "jeanne@example.org");
	struct outbox_mail m = claim(&t);
	assert_status(mark(&t, m, outbox_sent, "250 OK"), OK);
	struct outbox_mail sent = get(&t, m.id);
	assert_int_equal(sent.state, OUTBOX_SENT);
	assert_true(sent.sent_at > 0);
	assert_str(sent.answer, S("250 OK"));
	assert_status(mark(&t, m, outbox_sent, "again"), NOT_FOUND);
	assert_status(mark(&t, m, outbox_later, "no"), NOT_FOUND);
	assert_status(mark(&t, m, outbox_failed, "no"), NOT_FOUND);
	assert_status(mark(&t, m, outbox_drop, "no"), NOT_FOUND);
	assert_status(store_write(t.db, retry_in, &m), REFUSED);
	pass_time(&t, 10 * DAY);
	assert_int_equal(claim(&t).id, 0);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM outbox_attempt WHERE outcome = 'sent'"), 1);
	theatre_close(&t);
}

TEST(a_refused_mail_has_failed_and_waits_again_by_hand)
{
	struct theatre t = outbox_open();
	queue(&t, "jeanne@example.org");
	struct outbox_mail m = claim(&t);
	assert_status(store_write(t.db, retry_in, &m), REFUSED); /* it is being sent */
	assert_status(mark(&t, m, outbox_failed, "550 no such mailbox"), OK);
	assert_int_equal(get(&t, m.id).state, OUTBOX_FAILED);
	assert_int_equal(claim(&t).id, 0);
	pass_time(&t, 4 * DAY);
	assert_status(store_write(t.db, retry_in, &m), OK);
	struct outbox_mail again = claim(&t);
	assert_int_equal(again.id, m.id);
	assert_str(again.message_id, m.message_id);
	assert_status(mark(&t, again, outbox_later, "451 busy"), OK);
	assert_int_equal(get(&t, m.id).state, OUTBOX_WAITING); /* three days from the retry, not from four days ago */
	m.institution += 1000;
	assert_status(store_write(t.db, retry_in, &m), NOT_FOUND); /* another house's */
	theatre_close(&t);
}

TEST(a_dropped_mail_says_why_and_is_no_attempt)
{
	struct theatre t = outbox_open();
	queue(&t, "jeanne@example.org");
	struct outbox_mail m = claim(&t);
	assert_status(mark(&t, m, outbox_drop, "a newer link was sent"), OK);
	assert_int_equal(get(&t, m.id).state, OUTBOX_DROPPED);
	assert_str(get(&t, m.id).answer, S("a newer link was sent"));
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM outbox_attempt"), 0);
	assert_status(store_write(t.db, retry_in, &m), REFUSED);
	theatre_close(&t);
}

TEST(pauses_grow_to_an_hour_and_after_three_days_a_mail_has_failed)
{
	static const int64_t pauses[] = { MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, HOUR };
	struct theatre t = outbox_open();
	int64_t id = queue(&t, "jeanne@example.org");
	for (size_t i = 0; i < COUNT(pauses); i++) {
		assert_status(mark(&t, claim(&t), outbox_later, "451 busy"), OK);
		pass_time(&t, pauses[i] - 10 * SECOND);
		assert_int_equal(claim(&t).id, 0);
		pass_time(&t, 11 * SECOND);
	}
	int64_t tries = (int64_t)COUNT(pauses);
	while (get(&t, id).state == OUTBOX_WAITING && tries < 200) {
		assert_status(mark(&t, claim(&t), outbox_later, "451 busy"), OK);
		pass_time(&t, HOUR + SECOND);
		tries++;
	}
	assert_int_equal(get(&t, id).state, OUTBOX_FAILED);
	assert_str(get(&t, id).answer, S("451 busy"));
	assert_in_range((uintmax_t)tries, 70, 80);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM outbox_attempt"), tries);
	theatre_close(&t);
}

TEST(a_servers_answer_is_kept_harmless)
{
	struct theatre t = outbox_open();
	queue(&t, "jeanne@example.org");
	struct outbox_mail m = claim(&t);
	char long_answer[2000];
	memset(long_answer, 'x', sizeof long_answer - 1);
	memcpy(long_answer, "451 \xff\r\n\x1b[31m", 12);
	long_answer[sizeof long_answer - 1] = 0;
	assert_status(mark(&t, m, outbox_later, long_answer), OK);
	struct str kept = get(&t, m.id).answer;
	assert_true(str_is_text(kept) && !str_has_control(kept) && kept.len <= 500);
	assert_true(str_starts(kept, S("451 ?")));
	theatre_close(&t);
}

/* ---- leases ---- */

TEST(a_dead_workers_mail_is_taken_over_with_the_same_message_id)
{
	struct theatre t = outbox_open();
	queue(&t, "jeanne@example.org");
	struct outbox_mail dead = claim(&t);
	pass_time(&t, OUTBOX_LEASE - 5 * SECOND);
	assert_int_equal(claim(&t).id, 0);
	pass_time(&t, 6 * SECOND);
	struct outbox_mail taken = claim(&t);
	assert_int_equal(taken.id, dead.id);
	assert_str(taken.message_id, dead.message_id);
	assert_int_equal(taken.attempts, 2);
	theatre_close(&t);
}

TEST(who_lost_the_lease_changes_nothing_unless_the_mail_was_delivered)
{
	struct theatre t = outbox_open();
	queue(&t, "jeanne@example.org");
	struct outbox_mail late = claim(&t);
	pass_time(&t, OUTBOX_LEASE + SECOND);
	struct outbox_mail taken = claim(&t);
	assert_status(mark(&t, late, outbox_failed, "550"), NOT_FOUND);
	assert_status(mark(&t, late, outbox_later, "451"), NOT_FOUND);
	assert_status(mark(&t, late, outbox_drop, "no"), NOT_FOUND);
	assert_int_equal(get(&t, taken.id).state, OUTBOX_SENDING);
	assert_status(mark(&t, late, outbox_sent, "250"), OK);
	assert_status(mark(&t, taken, outbox_failed, "550 twice"), NOT_FOUND);
	assert_int_equal(get(&t, taken.id).state, OUTBOX_SENT);
	theatre_close(&t);
}

#define MAILS	60
#define STORES	2 /* as good as two processes: they share the database alone */
#define WORKERS 3

struct worker {
	struct store *store;
	int *claims; /* by id */
	int got;
};

static enum status claim_own(struct conn *db, void *arg)
{
	struct arena *a = arena_new();
	struct outbox_mail m;
	enum status st = outbox_claim(db, a, &m);
	if (!st) *(int64_t *)arg = m.id;
	arena_free(a);
	return st;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	int64_t id;
	enum status st;
	while (!(st = store_write(store_conn(w->store), claim_own, &id))) {
		__atomic_add_fetch(&w->claims[id], 1, __ATOMIC_SEQ_CST);
		w->got++;
	}
	return st == NOT_FOUND ? NULL : w;
}

TEST(many_workers_never_lease_the_same_mail)
{
	struct theatre t = outbox_open();
	static int claims[1000];
	memset(claims, 0, sizeof claims);
	for (int i = 0; i < MAILS; i++) queue(&t, (char *)str_format(mem, "buyer%d@example.org%c", i, 0).at);
	struct store *stores[STORES] = { t.store, database_open(database_url()) };
	struct worker workers[STORES * WORKERS];
	pthread_t threads[STORES * WORKERS];
	int got = 0;
	for (int i = 0; i < STORES * WORKERS; i++) {
		workers[i] = (struct worker){ stores[i % STORES], claims, 0 };
		pthread_create(&threads[i], NULL, work, &workers[i]);
	}
	for (int i = 0; i < STORES * WORKERS; i++) {
		void *failed;
		pthread_join(threads[i], &failed);
		assert_null(failed);
		got += workers[i].got;
	}
	for (size_t i = 0; i < COUNT(claims); i++) assert_true(claims[i] <= 1);
	while (claim(&t).id) got++; /* what SKIP LOCKED passed over at the very end */
	assert_int_equal(got, MAILS);
	store_close(stores[1]);
	theatre_close(&t);
}

/* ---- order ---- */

TEST(a_reset_mail_passes_a_thousand_bulk_mails)
{
	struct theatre t = outbox_open();
	int64_t first = queue(&t, "bulk@example.org");
	do_sql(t.db, "UPDATE outbox_message SET lane = 3, due_at = due_at - 1000000");
	do_sql(t.db,
		"INSERT INTO outbox_message (institution, point_of_sale, lane, class, template, language, recipient, recipient_name, merge_values, "
		"message_id, state, "
		"made_at, due_at, attempts, answer) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
		"SELECT m.institution, m.point_of_sale, 3, m.class, m.template, m.language, 'bulk' || CAST(n.i AS TEXT), '', '{}', 'm' || CAST(n.i AS TEXT), "
		"'waiting', m.made_at, m.due_at, 0, '' FROM outbox_message m, n WHERE m.id = $1",
		int64(first));
	int64_t reset = queue(&t, "jeanne@example.org");
	assert_int_equal(claim(&t).id, reset);
	assert_int_equal(claim(&t).id, first);
	theatre_close(&t);
}

TEST(mails_of_a_lane_reach_a_recipient_in_order)
{
	struct theatre t = outbox_open();
	int64_t first = queue(&t, "jeanne@example.org"), second = queue(&t, "jeanne@example.org"), other = queue(&t, "paul@example.org");
	struct outbox_mail m = claim(&t);
	assert_int_equal(m.id, first);
	assert_int_equal(claim(&t).id, other); /* the second waits for the first, Paul for nobody */
	assert_int_equal(claim(&t).id, 0);
	assert_status(mark(&t, m, outbox_later, "451"), OK);
	assert_int_equal(claim(&t).id, 0);
	pass_time(&t, MINUTE + SECOND);
	m = claim(&t);
	assert_int_equal(m.id, first);
	assert_status(mark(&t, m, outbox_sent, "250"), OK);
	assert_int_equal(claim(&t).id, second);
	theatre_close(&t);
}

/* ---- looking and forgetting ---- */

TEST(the_list_has_the_newest_first_in_pages_and_of_one_house)
{
	struct theatre t = outbox_open();
	for (int i = 0; i < 5; i++) queue(&t, "jeanne@example.org");
	struct outbox_mail *list;
	size_t count;
	assert_status(outbox_list(t.db, mem, t.institution, 0, 0, 3, &list, &count), OK);
	assert_int_equal(count, 3);
	assert_true(list[0].id > list[1].id && list[1].id > list[2].id);
	assert_int_equal(list[0].values.len, 0);
	assert_status(outbox_list(t.db, mem, t.institution, 7, list[2].id, 3, &list, &count), OK);
	assert_int_equal(count, 2);
	assert_status(outbox_list(t.db, mem, t.institution, 8, 0, 3, &list, &count), OK);
	assert_int_equal(count, 0);
	assert_status(outbox_list(t.db, mem, t.institution + 1000, 0, 0, 3, &list, &count), OK);
	assert_int_equal(count, 0);
	int64_t counts[OUTBOX_DROPPED + 1];
	assert_status(outbox_count(t.db, t.institution, counts), OK);
	assert_int_equal(counts[OUTBOX_WAITING], 5);
	assert_int_equal(counts[OUTBOX_SENT], 0);
	theatre_close(&t);
}

static enum status sweep_in(struct conn *db, void *arg)
{
	(void)arg;
	return outbox_sweep(db);
}

TEST(what_a_mail_said_is_forgotten_after_ninety_days)
{
	struct theatre t = outbox_open();
	queue(&t, "jeanne@example.org");
	struct outbox_mail sent = claim(&t);
	assert_status(mark(&t, sent, outbox_failed, "550"), OK);
	pass_time(&t, OUTBOX_KEPT - DAY);
	int64_t waiting = queue(&t, "paul@example.org");
	in_write(t.db, sweep_in, NULL);
	assert_true(str_find(get(&t, sent.id).values, S("Jeanne")) > 0);
	pass_time(&t, OUTBOX_KEPT + DAY);
	in_write(t.db, sweep_in, NULL);
	assert_str(get(&t, sent.id).values, S("{}"));
	assert_true(str_find(get(&t, waiting).values, S("Jeanne")) > 0); /* still to be sent */
	assert_status(store_write(t.db, retry_in, &sent), REFUSED);
	theatre_close(&t);
}

TEST(that_a_mail_was_sent_is_deleted_after_two_years_with_its_tries)
{
	struct theatre t = outbox_open();
	queue(&t, "jeanne@example.org");
	assert_status(mark(&t, claim(&t), outbox_sent, "250"), OK);
	pass_time(&t, OUTBOX_GONE - DAY);
	in_write(t.db, sweep_in, NULL);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM outbox_message"), 1);
	pass_time(&t, 2 * DAY);
	int64_t waiting = queue(&t, "paul@example.org");
	do_sql(t.db, "UPDATE outbox_message SET made_at = 1 WHERE id = $1", int64(waiting));
	in_write(t.db, sweep_in, NULL);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM outbox_attempt"), 0);
	assert_int_equal(sql_number(t.db, "SELECT max(id) FROM outbox_message"), waiting); /* not at an end: it stays */
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM outbox_message"), 1);
	theatre_close(&t);
}

struct all_again {
	int64_t institution, count;
};

static enum status retry_all_in(struct conn *db, void *arg)
{
	struct all_again *x = arg;
	return outbox_retry_all(db, x->institution, &x->count);
}

TEST(all_failed_mails_of_a_house_go_out_again_at_once)
{
	struct theatre t = outbox_open();
	struct outbox_mail *list;
	size_t count;
	for (int i = 0; i < 3; i++) {
		queue(&t, "jeanne@example.org");
		assert_status(mark(&t, claim(&t), outbox_failed, "550"), OK);
	}
	int64_t sent = queue(&t, "paul@example.org");
	assert_status(mark(&t, claim(&t), outbox_sent, "250"), OK);
	assert_status(outbox_list_in(t.db, mem, t.institution, OUTBOX_FAILED, 0, 10, &list, &count), OK);
	assert_int_equal(count, 3);
	struct all_again other = { .institution = t.institution + 1 }, mine = { .institution = t.institution };
	in_write(t.db, retry_all_in, &other);
	assert_int_equal(other.count, 0);
	in_write(t.db, retry_all_in, &mine);
	assert_int_equal(mine.count, 3);
	in_write(t.db, retry_all_in, &mine);
	assert_int_equal(mine.count, 0);
	assert_status(outbox_list_in(t.db, mem, t.institution, OUTBOX_WAITING, 0, 10, &list, &count), OK);
	assert_int_equal(count, 3);
	assert_status(outbox_list_in(t.db, mem, t.institution, OUTBOX_SENT, 0, 10, &list, &count), OK);
	assert_true(count == 1 && list[0].id == sent);
	theatre_close(&t);
}

TEST(the_last_days_are_counted_by_what_became_of_each_mail)
{
	struct theatre t = outbox_open();
	struct outbox_hour *hours;
	size_t count;
	queue(&t, "jeanne@example.org");
	assert_status(mark(&t, claim(&t), outbox_sent, "250"), OK);
	queue(&t, "jeanne@example.org");
	assert_status(mark(&t, claim(&t), outbox_failed, "550"), OK);
	pass_time(&t, 2 * HOUR);
	queue(&t, "paul@example.org");
	assert_status(outbox_hours(t.db, mem, t.institution, store_now(t.db) - DAY, 48, &hours, &count), OK);
	assert_int_equal(count, 2);
	assert_int_equal(hours[0].sent, 1);
	assert_int_equal(hours[0].failed, 1);
	assert_int_equal(hours[1].waiting, 1);
	assert_status(outbox_hours(t.db, mem, t.institution, store_now(t.db) - HOUR, 48, &hours, &count), OK);
	assert_int_equal(count, 1);
	theatre_close(&t);
}
