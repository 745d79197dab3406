/* The audit trail: nothing is altered or removed unseen, what is personal can be erased, and everything is found. */
#include "test.h"

#include "institution/audit_seal.h"
#include "staff.h"

static const uint8_t key[AUDIT_KEY_SIZE] = { 7, 7, 7 };

static enum status note_in(struct conn *db, void *arg)
{
	static const struct audit_value before[] = { { "name", { STR("Jeanne") } }, { 0 } }, after[] = { { "name", { STR("Zoé") } }, { 0 } };
	struct staff_house *h = arg;
	return audit_note(db, mem, &h->by, &(struct audit_record){ "contact-changed", "contact", 17, before, after });
}

static struct staff_house with_entries(int count)
{
	struct staff_house h = staff_house_open();
	for (int i = 0; i < count; i++) in_write(h.db, note_in, &h);
	return h;
}

static void seal_all(struct staff_house *h)
{
	enum status st;
	while ((st = audit_seal_next(h->db, mem, key)) == OK) {
	}
	assert_status(st, NOT_FOUND);
}

static struct audit_verdict verdict(struct staff_house *h)
{
	struct audit_verdict v;
	assert_status(audit_check(h->db, key, &v), OK);
	return v;
}

TEST(entries_are_sealed_in_their_order_and_the_chain_holds)
{
	struct staff_house h = with_entries(AUDIT_SEALED_AT_ONCE + 5);
	struct audit_verdict v = verdict(&h);
	assert_int_equal(v.sealed, 0);
	assert_int_equal(v.unsealed, AUDIT_SEALED_AT_ONCE + 5);
	seal_all(&h);
	in_write(h.db, note_in, &h);
	seal_all(&h);
	v = verdict(&h);
	assert_int_equal(v.sealed, AUDIT_SEALED_AT_ONCE + 6);
	assert_int_equal(v.unsealed, 0);
	assert_int_equal(v.broken_seal, 0);
	assert_int_equal(v.stray, 0);
	staff_house_close(&h);
}

/* Each of these is what somebody with the database's password might do. */
static void assert_seen(const struct sql *deed, int64_t broken_seal)
{
	struct staff_house h = with_entries(6);
	seal_all(&h);
	in_write(h.db, theatre_exec, &(struct theatre_sql){ deed, NULL, 0 });
	struct audit_verdict v = verdict(&h);
	if (v.broken_seal != broken_seal) fail_msg("%s: broken seal %lld", deed->text, (long long)v.broken_seal);
	staff_house_close(&h);
}

TEST(an_altered_or_removed_entry_is_found)
{
	static const struct sql verb = SQL("UPDATE audit_entry SET verb = 'contact-seen' WHERE id = (SELECT entry FROM audit_seal WHERE number = 3)");
	static const struct sql values = SQL("UPDATE audit_entry SET after_values = '{}' WHERE id = (SELECT entry FROM audit_seal WHERE number = 4)");
	static const struct sql who = SQL("UPDATE audit_entry SET operator_name = 'nobody' WHERE id = (SELECT entry FROM audit_seal WHERE number = 1)");
	static const struct sql when = SQL("UPDATE audit_entry SET at = at + 1 WHERE id = (SELECT entry FROM audit_seal WHERE number = 6)");
	static const struct sql removed = SQL("DELETE FROM audit_entry WHERE id = (SELECT entry FROM audit_seal WHERE number = 2)");
	static const struct sql unsealed = SQL("DELETE FROM audit_seal WHERE number = 5");
	assert_seen(&verb, 3);
	assert_seen(&values, 4);
	assert_seen(&who, 1);
	assert_seen(&when, 6);
	assert_seen(&removed, 2);
	assert_seen(&unsealed, 5);
}

TEST(a_seal_cannot_be_made_without_the_key)
{
	struct staff_house h = with_entries(3);
	const uint8_t other[AUDIT_KEY_SIZE] = { 8 };
	while (audit_seal_next(h.db, mem, other) == OK) {
	}
	assert_int_equal(verdict(&h).broken_seal, 1);
	staff_house_close(&h);
}

TEST(an_entry_taken_out_of_the_queue_is_a_stray)
{
	struct staff_house h = with_entries(2);
	do_sql(h.db, "DELETE FROM audit_unsealed");
	assert_int_equal(verdict(&h).stray, 2);
	staff_house_close(&h);
}

static const char zeros[16]; /* as a salt: erased */

TEST(what_is_personal_can_be_erased_and_the_chain_still_holds)
{
	struct staff_house h = with_entries(3);
	seal_all(&h);
	do_sql(h.db, "UPDATE audit_entry SET operator_name = '', network = '', before_values = '', after_values = '', salt = $1",
		blob((struct str){ zeros, sizeof zeros }));
	struct audit_verdict v = verdict(&h);
	assert_int_equal(v.broken_seal, 0);
	assert_int_equal(v.erased, 3);
	do_sql(h.db,
		"UPDATE audit_entry SET after_values = '{\"name\":\"forged\"}' WHERE id = (SELECT entry FROM audit_seal WHERE number = 2)"); /* erased is not free to write */
	assert_int_equal(verdict(&h).broken_seal, 2);
	staff_house_close(&h);
}

struct erasing {
	struct actor who;
	int64_t record, count;
};

static enum status erase_in(struct conn *db, void *arg)
{
	struct erasing *x = arg;
	return audit_erase(db, mem, &x->who, S("contact"), x->record, &x->count);
}

TEST(erasing_takes_a_persons_data_out_notes_itself_and_leaves_the_chain_whole)
{
	struct staff_house h = with_entries(2);
	struct erasing x = { .who = h.by, .record = 17 };
	int64_t count;
	assert_status(audit_erasable(h.db, h.t.institution, S("contact"), 17, &count), OK);
	assert_int_equal(count, 0); /* no digest yet */
	seal_all(&h);
	in_write(h.db, note_in, &h); /* and one that is not sealed */
	x.who.institution++;
	assert_status(audit_erasable(h.db, x.who.institution, S("contact"), 17, &count), OK);
	assert_int_equal(count, 0);
	x.who = h.by, x.record = 18;
	in_write(h.db, erase_in, &x);
	assert_int_equal(x.count, 0);
	x.record = 17;
	in_write(h.db, erase_in, &x);
	assert_int_equal(x.count, 2);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM audit_entry WHERE after_values <> '' AND verb = 'contact-changed'"), 1);
	seal_all(&h);
	struct audit_verdict v = verdict(&h);
	assert_int_equal(v.broken_seal, 0);
	assert_int_equal(v.erased, 2);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM audit_entry WHERE verb = 'trail-erased' AND record = 17 AND operator_name = 'test'"), 1);
	in_write(h.db, erase_in, &x); /* what was noted of it stays */
	assert_int_equal(x.count, 1);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM audit_entry WHERE verb = 'trail-erased' AND operator_name = 'test'"), 3);
	staff_house_close(&h);
}

TEST(the_newest_seal_tells_of_a_cut_off_end)
{
	struct staff_house h = with_entries(3);
	struct audit_newest before, after;
	seal_all(&h);
	assert_status(audit_seal_newest(h.db, mem, &before), OK);
	assert_int_equal(before.number, 3);
	assert_int_equal(before.seal.len, 64);
	do_sql(h.db, "DELETE FROM audit_seal WHERE number = 3");
	assert_status(audit_seal_newest(h.db, mem, &after), OK);
	assert_false(str_eq(before.seal, after.seal));
	staff_house_close(&h);
}

/* ---- searching ---- */

/* As somebody reads it who knows one verb. */
static struct str say(void *of, struct arena *a, const struct audit_entry *e)
{
	(void)of;
	struct str did = str_eq(e->verb, S("operator-made")) ? S("Hired") : S("Did something");
	return str_format(a, "%.*s %.*s", STR_ARG(did), STR_ARG(e->after));
}

static size_t found(struct staff_house *h, struct audit_search s)
{
	s.speech.say = say;
	struct audit_entry *list;
	size_t count;
	int64_t more;
	assert_status(audit_list(h->db, mem, h->t.institution, &s, 0, 50, &list, &count, &more), OK);
	assert_int_equal(more, 0);
	return count;
}

TEST(the_trail_is_searched_by_words_kind_record_and_time)
{
	struct staff_house h = with_entries(2);
	int64_t anna = hire(&h, S("anna@example.org"), PROFILE_MANAGER), now = store_now(h.db);
	assert_int_equal(found(&h, (struct audit_search){ 0 }), 3);
	assert_int_equal(found(&h, (struct audit_search){ .words = S("ZOE") }), 2); /* case and accents do not count */
	assert_int_equal(found(&h, (struct audit_search){ .words = S("anna@example.org manager") }), 1);
	assert_int_equal(found(&h, (struct audit_search){ .words = S("zoe manager") }), 0);
	assert_int_equal(found(&h, (struct audit_search){ .words = S("hired anna") }), 1);	  /* what people read, */
	assert_int_equal(found(&h, (struct audit_search){ .words = S("operator-made") }), 0); /* and no code word */
	assert_int_equal(found(&h, (struct audit_search){ .kind = S("contact") }), 2);
	assert_int_equal(found(&h, (struct audit_search){ .record = anna, .kind = S("operator") }), 1);
	assert_int_equal(found(&h, (struct audit_search){ .until = now - MINUTE }), 0);
	assert_int_equal(found(&h, (struct audit_search){ .from = now - MINUTE, .until = now + MINUTE }), 3);
	staff_house_close(&h);
}

TEST(pages_go_on_where_the_last_ended_and_another_house_sees_nothing)
{
	struct staff_house h = with_entries(5);
	struct audit_entry *list;
	size_t count;
	int64_t more, last;
	assert_status(audit_list(h.db, mem, h.t.institution, &(struct audit_search){ 0 }, 0, 3, &list, &count, &more), OK);
	assert_int_equal(count, 3);
	last = list[2].id;
	assert_int_equal(more, last);
	assert_status(
		audit_list(h.db, mem, h.t.institution, &(struct audit_search){ .words = S("zoe"), .speech = { say, NULL } }, more, 3, &list, &count, &more),
		OK);
	assert_int_equal(count, 2);
	assert_true(list[0].id < last);
	assert_int_equal(more, 0);
	assert_status(audit_list(h.db, mem, h.t.institution + 1, &(struct audit_search){ 0 }, 0, 3, &list, &count, &more), OK);
	assert_int_equal(count, 0);
	staff_house_close(&h);
}
