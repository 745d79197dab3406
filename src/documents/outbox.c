/* documents/outbox.c: the queue of mails as a state machine in a table; each arrow is one conditional statement (style.md 10). */
#include "documents/outbox.h"

#include <jansson.h>

#include "base/log.h"
#include "base/random.h"
#include "documents/template.h"

#define ANSWER_MAX	500 /* octets of a mail server's answer that are kept: its lines are under 512 (RFC 5321, 4.5.3.1.5) */
#define MESSAGE_KEY 16	/* random octets of a Message-ID */

static const char *const state_names[] = {
	[OUTBOX_WAITING] = "waiting", [OUTBOX_SENDING] = "sending", [OUTBOX_SENT] = "sent", [OUTBOX_FAILED] = "failed", [OUTBOX_DROPPED] = "dropped"
};

const char *outbox_state_name(enum outbox_state state)
{
	return state_names[state];
}

static enum outbox_state state_of(struct str name)
{
	return (enum outbox_state)str_index(name, state_names, COUNT(state_names), "outbox state");
}

/* ---- queueing ---- */

static void put(json_t *object, const char *field, struct str s)
{
	/* What reaches a mail was checked where it came in; a row of old that no longer is text must not stop the mail. */
	json_t *value = str_is_text(s) ? json_stringn(s.at ? s.at : "", s.len) : json_string("");
	if (!value || json_object_set_new(object, field, value)) BUG("out of memory for merge values");
}

/* The cause's values and the shop's, as a JSON object of text by field; times in language L and the house's zone. */
static struct str values_json(struct arena *a, const struct letter *letter, const struct point_of_sale *shop, enum language l, int64_t now)
{
	json_t *object = json_object();
	if (!object) BUG("out of memory for merge values");
	put(object, "institution.name", shop->house.name);
	put(object, "organisation.name", shop->organisation_name);
	put(object, "shop.name", shop->name);
	put(object, "shop.url", shop->public_url);
	put(object, "shop.email", shop->house.email);
	put(object, "shop.phone", phone_national(a, shop->house.phone));
	put(object, "today", lang_date(a, l, now, shop->house.zone));
	for (const struct merge_value *v = letter->values; v && v->field; v++) {
		if (!document_field(letter->class, str_of(v->field))) BUG("class %s has no field %s", document_class(letter->class)->code, v->field);
		put(object, v->field, v->at ? lang_datetime(a, l, v->at, shop->house.zone) : v->text);
	}
	char *dumped = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
	if (!dumped) BUG("out of memory for merge values");
	struct str json = str_keep(a, str_of(dumped));
	free(dumped);
	json_decref(object);
	return json;
}

/* Unguessable, at the shop's host, the same however often the mail is tried (RFC 5322, 3.6.4). */
static struct str message_id(struct arena *a, const struct point_of_sale *shop)
{
	size_t len = shop->host.len;
	for (size_t i = shop->host.len; i > 0 && shop->host.at[i - 1] != ']'; i--)
		if (shop->host.at[i - 1] == ':') len = i - 1;
	struct str host = len ? str_part(shop->host, 0, len) : S("localhost");
	return str_format(a, "%.*s@%.*s", STR_ARG(str_hex(a, random_bytes(a, MESSAGE_KEY))), STR_ARG(host));
}

#define NO_TEMPLATE "no active document type of this class has a template in this language or in its main language"

static enum status template_of(struct conn *db, const struct letter *letter, int64_t institution, enum language *l, int64_t *template)
{
	*template = letter->template;
	if (letter->template) return OK;
	const struct template_wanted wanted = { institution, letter->point_of_sale, letter->document_type, letter->class };
	return template_in_force(db, &wanted, l, template);
}

enum status outbox_add(struct conn *db, struct arena *a, const struct letter *letter)
{
	static const struct sql q = SQL(
		"INSERT INTO outbox_message (institution, point_of_sale, lane, class, template, language, recipient, recipient_name, merge_values, link_id, "
		"  link_purpose, account, message_id, state, made_at, due_at, attempts, answer, is_test, by_operator, about, about_id) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, 0, $16, $17, $18, $19, $20)");
	const struct document_class_info *class = document_class(letter->class);
	struct point_of_sale shop;
	enum language l = letter->language;
	int64_t template = 0, now = store_now(db);
	enum status st;
	if ((st = point_of_sale_speaking(db, a, letter->point_of_sale, &shop))) return st == NOT_FOUND ? BROKEN : st;
	st = template_of(db, letter, shop.institution, &l, &template);
	bool has_template = st == OK;
	if (st && st != NOT_FOUND) return st;
	if (!has_template) log_warn("mail of class %s failed: " NO_TEMPLATE, class->code);
	bool has_link = letter->link_id.len > 0;
	return store_exec(db, &q, int64(shop.institution), int64(shop.id), int64(letter->lane ? letter->lane : class->lane), text(str_of(class->code)),
		has_template ? int64(template) : null_value(), text(str_of(lang_tag(l))), text(letter->recipient), text(letter->recipient_name),
		text(values_json(a, letter, &shop, l, now)), has_link ? blob(letter->link_id) : null_value(),
		has_link ? int64(letter->link_purpose) : null_value(), letter->account ? int64(letter->account) : null_value(), text(message_id(a, &shop)),
		text(has_template ? S("waiting") : S("failed")), int64(now), text(has_template ? S("") : S(NO_TEMPLATE)), boolean(letter->template != 0),
		text(letter->by_operator), text(str_of(letter->about)), letter->about ? int64(letter->about_id) : null_value());
}

/* ---- reading ---- */

#define COLUMNS                                                                                                                     \
	"id, institution, point_of_sale, template, account, class, language, state, recipient, recipient_name, link_id, link_purpose, " \
	"message_id, made_at, due_at, attempts, sent_at, answer, is_test, by_operator, about, about_id"
#define COLUMN_VALUES 22 /* merge_values, where they are read, come after COLUMNS */

static void read_row(struct conn *db, struct arena *a, struct outbox_mail *out)
{
	*out = (struct outbox_mail){
		.id = col_int64(db, 0),
		.institution = col_int64(db, 1),
		.point_of_sale = col_int64(db, 2),
		.template = col_int64(db, 3),
		.account = col_int64(db, 4),
		.state = state_of(col_text(db, 7, a)),
		.recipient = col_text(db, 8, a),
		.recipient_name = col_text(db, 9, a),
		.link_id = col_blob(db, 10, a),
		.link_purpose = (int)col_int64(db, 11),
		.message_id = col_text(db, 12, a),
		.made_at = col_int64(db, 13),
		.due_at = col_int64(db, 14),
		.attempts = col_int64(db, 15),
		.sent_at = col_int64(db, 16),
		.answer = col_text(db, 17, a),
		.is_test = col_boolean(db, 18),
		.by_operator = col_text(db, 19, a),
		.about = col_text(db, 20, a),
		.about_id = col_int64(db, 21),
	};
	if (!document_class_from_code(col_text(db, 5, a), &out->class)) BUG("outbox message %lld has an unknown class", (long long)out->id);
	out->language = lang_written(col_text(db, 6, a));
}

enum status outbox_list(
	struct conn *db, struct arena *a, int64_t institution, int64_t account, int64_t before, size_t most, struct outbox_mail **out, size_t *count)
{
	static const struct sql all = SQL("SELECT " COLUMNS " FROM outbox_message WHERE institution = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
	static const struct sql of_account =
		SQL("SELECT " COLUMNS " FROM outbox_message WHERE institution = $1 AND id < $2 AND account = $4 ORDER BY id DESC LIMIT $3");
	int64_t limit = before ? before : INT64_MAX;
	enum status st;
	*out = ARENA_ARRAY(a, struct outbox_mail, most);
	*count = 0;
	st = account ? store_query(db, &of_account, int64(institution), int64(limit), int64((int64_t)most), int64(account))
				 : store_query(db, &all, int64(institution), int64(limit), int64((int64_t)most));
	if (st) return st;
	while (!(st = store_next(db))) read_row(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

enum status outbox_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct outbox_mail *out)
{
	static const struct sql q = SQL("SELECT " COLUMNS ", merge_values FROM outbox_message WHERE institution = $1 AND id = $2");
	enum status st;
	if ((st = store_row(db, &q, int64(institution), int64(id)))) return st;
	read_row(db, a, out);
	out->values = col_text(db, COLUMN_VALUES, a);
	return OK;
}

enum status outbox_of_link(struct conn *db, struct arena *a, int64_t institution, struct str link_id, struct outbox_mail *out)
{
	static const struct sql q = SQL("SELECT " COLUMNS " FROM outbox_message WHERE institution = $1 AND link_id = $2 ORDER BY id DESC LIMIT 1");
	enum status st = store_row(db, &q, int64(institution), blob(link_id));
	if (st == OK) read_row(db, a, out);
	return st;
}

enum status outbox_list_in(struct conn *db, struct arena *a, int64_t institution, enum outbox_state state, int64_t before, size_t most,
	struct outbox_mail **out, size_t *count)
{
	/* The states are written out, so that the partial indexes are used. */
	static const struct sql failed =
		SQL("SELECT " COLUMNS " FROM outbox_message WHERE institution = $1 AND id < $2 AND state = 'failed' ORDER BY id DESC LIMIT $3");
	static const struct sql open = SQL("SELECT " COLUMNS " FROM outbox_message WHERE institution = $1 AND id < $2 AND state IN ('waiting','sending') "
									   "ORDER BY id DESC LIMIT $3");
	static const struct sql ended =
		SQL("SELECT " COLUMNS " FROM outbox_message WHERE institution = $1 AND id < $2 AND state = $4 ORDER BY id DESC LIMIT $3");
	int64_t limit = before ? before : INT64_MAX;
	struct value house = int64(institution), below = int64(limit), rows = int64((int64_t)most);
	enum status st = state == OUTBOX_FAILED ? store_query(db, &failed, house, below, rows)
					 : state == OUTBOX_WAITING || state == OUTBOX_SENDING
						 ? store_query(db, &open, house, below, rows)
						 : store_query(db, &ended, house, below, rows, text(str_of(state_names[state])));
	*out = ARENA_ARRAY(a, struct outbox_mail, most);
	*count = 0;
	while (!st && !(st = store_next(db))) read_row(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

enum status outbox_count(struct conn *db, int64_t institution, int64_t counts[static OUTBOX_DROPPED + 1])
{
	static const struct sql q = SQL(
		"SELECT state, count(*) FROM outbox_message WHERE state IN ('waiting','sending') AND ($1 = 0 OR institution = $1) GROUP BY state "
		"UNION ALL SELECT 'failed', count(*) FROM outbox_message WHERE state = 'failed' AND ($1 = 0 OR institution = $1) "
		"UNION ALL SELECT state, count(*) FROM outbox_message WHERE made_at > $2 AND state IN ('sent','dropped') AND ($1 = 0 OR institution = $1) "
		"  GROUP BY state");
	struct arena *a = arena_new();
	enum status st = store_query(db, &q, int64(institution), int64(store_now(db) - OUTBOX_COUNTED));
	for (int i = 0; i <= OUTBOX_DROPPED; i++) counts[i] = 0;
	while (!st && !(st = store_next(db))) counts[state_of(col_text(db, 0, a))] = col_int64(db, 1);
	arena_free(a);
	return st == NOT_FOUND ? OK : st;
}

enum status outbox_hours(struct conn *db, struct arena *a, int64_t institution, int64_t from, size_t most, struct outbox_hour **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT made_at / 3600000000, sum(CASE WHEN state = 'sent' THEN 1 ELSE 0 END), sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), "
			"  sum(CASE WHEN state IN ('waiting','sending') THEN 1 ELSE 0 END) "
			"FROM outbox_message WHERE institution = $1 AND made_at >= $2 GROUP BY 1 ORDER BY 1 LIMIT $3");
	enum status st = store_query(db, &q, int64(institution), int64(from), int64((int64_t)most));
	*out = ARENA_ARRAY(a, struct outbox_hour, most);
	*count = 0;
	while (!st && !(st = store_next(db)))
		(*out)[(*count)++] = (struct outbox_hour){ col_int64(db, 0) * HOUR, col_int64(db, 1), col_int64(db, 2), col_int64(db, 3) };
	return st == NOT_FOUND ? OK : st;
}

/* ---- the arrows ---- */

enum status outbox_claim(struct conn *db, struct arena *a, struct outbox_mail *out)
{
	/* due_at becomes the lease's end, so a dead worker's mail is simply due again. */
	static const struct sql q =
		SQL("UPDATE outbox_message SET state = 'sending', due_at = $2, attempts = attempts + 1 "
			" WHERE id = (SELECT m.id FROM outbox_message m WHERE m.state IN ('waiting','sending') AND m.due_at <= $1 "
			"    AND NOT EXISTS (SELECT 1 FROM outbox_message older WHERE older.recipient = m.recipient AND older.lane = m.lane AND older.id < m.id "
			"                       AND older.state IN ('waiting','sending')) "
			"    ORDER BY m.lane, m.due_at, m.id LIMIT 1 " SKIP_LOCKED ") "
			" RETURNING " COLUMNS ", merge_values");
	int64_t now = store_now(db);
	enum status st;
	if ((st = store_row(db, &q, int64(now), int64(now + OUTBOX_LEASE)))) return st;
	read_row(db, a, out);
	out->values = col_text(db, COLUMN_VALUES, a);
	return OK;
}

/* What a server said, on one line and within bounds: it comes from outside. */
static struct str answer_kept(struct arena *a, struct str answer)
{
	struct str cut = str_part(answer, 0, ANSWER_MAX);
	while (cut.len && !str_is_text(cut) && answer.len - cut.len < 4) cut.len--; /* not in the middle of a character */
	char *copy = arena_alloc(a, cut.len);
	for (size_t i = 0; i < cut.len; i++) {
		unsigned char c = (unsigned char)cut.at[i];
		copy[i] = c < ' ' || c == 127 ? ' ' : cut.at[i];
	}
	struct str kept = { copy, cut.len };
	if (str_is_text(kept)) return str_trim(kept);
	for (size_t i = 0; i < cut.len; i++)
		if ((unsigned char)copy[i] > 127) copy[i] = '?';
	return str_trim(kept);
}

static enum status attempt_add(struct conn *db, const struct outbox_mail *m, struct str outcome, struct str answer)
{
	static const struct sql q = SQL("INSERT INTO outbox_attempt (message, at, outcome, answer) VALUES ($1, $2, $3, $4)");
	return store_exec(db, &q, int64(m->id), int64(store_now(db)), text(outcome), text(answer));
}

enum status outbox_sent(struct conn *db, const struct outbox_mail *m, struct str answer)
{
	/* Whoever has it leased by now finds it sent; delivered is delivered. */
	static const struct sql q = SQL("UPDATE outbox_message SET state = 'sent', sent_at = $2, answer = $3 WHERE id = $1 AND state <> 'sent'");
	struct arena *a = arena_new();
	struct str kept = answer_kept(a, answer);
	enum status st = store_exec(db, &q, int64(m->id), int64(store_now(db)), text(kept));
	if (!st && !store_changes(db)) st = NOT_FOUND;
	if (!st) st = attempt_add(db, m, S("sent"), kept);
	arena_free(a);
	return st;
}

/* From a lease that still holds (the number of attempts tells) to STATE, due at DUE. OUTCOME empty: it was not tried. */
static enum status leave(struct conn *db, const struct outbox_mail *m, struct str state, int64_t due, struct str outcome, struct str answer)
{
	static const struct sql q =
		SQL("UPDATE outbox_message SET state = $3, due_at = $4, answer = $5 WHERE id = $1 AND state = 'sending' AND attempts = $2");
	struct arena *a = arena_new();
	struct str kept = answer_kept(a, answer);
	enum status st = store_exec(db, &q, int64(m->id), int64(m->attempts), text(state), int64(due), text(kept));
	if (!st && !store_changes(db)) st = NOT_FOUND;
	if (!st && outcome.len) st = attempt_add(db, m, outcome, kept);
	arena_free(a);
	return st;
}

int64_t outbox_pause(int64_t attempts)
{
	/* Greylisting opens after minutes; a server that is down for the night is met every hour. */
	static const int64_t pauses[] = { MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR };
	int64_t last = (int64_t)COUNT(pauses) - 1, n = attempts - 1;
	return pauses[n < 0 ? 0 : n > last ? last : n];
}

enum status outbox_later(struct conn *db, const struct outbox_mail *m, struct str answer)
{
	int64_t now = store_now(db);
	if (now >= m->made_at + OUTBOX_PATIENCE) return leave(db, m, S("failed"), now, S("try-later"), answer);
	return leave(db, m, S("waiting"), now + outbox_pause(m->attempts), S("try-later"), answer);
}

enum status outbox_failed(struct conn *db, const struct outbox_mail *m, struct str answer)
{
	return leave(db, m, S("failed"), store_now(db), S("refused"), answer);
}

enum status outbox_drop(struct conn *db, const struct outbox_mail *m, struct str reason)
{
	return leave(db, m, S("dropped"), store_now(db), (struct str){ 0 }, reason);
}

enum status outbox_retry(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct problem *why)
{
	/* made_at moves, or the first answer "later" would be the last. */
	static const struct sql q =
		SQL("UPDATE outbox_message SET state = 'waiting', made_at = $3, due_at = $3, attempts = 0, template = $4, language = $5 "
			" WHERE institution = $1 AND id = $2 AND state = 'failed'");
	struct outbox_mail m;
	enum status st;
	if ((st = outbox_get(db, a, institution, id, &m))) return st;
	if (m.state != OUTBOX_FAILED) return problem_add(why, "id", MSG_MAIL_NOT_FAILED), REFUSED;
	if (str_eq(m.values, S("{}"))) return problem_add(why, "id", MSG_MAIL_FORGOTTEN), REFUSED;
	const struct template_wanted wanted = { .institution = institution, .point_of_sale = m.point_of_sale, .class = m.class };
	if (!m.template && (st = template_in_force(db, &wanted, &m.language, &m.template))) {
		if (st == NOT_FOUND) problem_add(why, "id", MSG_MAIL_WITHOUT_TEMPLATE);
		return st == NOT_FOUND ? REFUSED : st;
	}
	if ((st = store_exec(db, &q, int64(institution), int64(id), int64(store_now(db)), int64(m.template), text(str_of(lang_tag(m.language))))))
		return st;
	if (!store_changes(db)) return problem_add(why, "id", MSG_MAIL_NOT_FAILED), REFUSED; /* somebody else was quicker */
	return OK;
}

enum status outbox_again(struct conn *db, struct arena *a, const struct outbox_mail *m, struct str by, struct problem *why)
{
	static const struct sql q = SQL(
		"INSERT INTO outbox_message (institution, point_of_sale, lane, class, template, language, recipient, recipient_name, merge_values, link_id,"
		"  link_purpose, account, message_id, state, made_at, due_at, attempts, answer, is_test, by_operator)"
		" SELECT institution, point_of_sale, lane, class, template, language, recipient, recipient_name, merge_values, link_id, link_purpose, "
		"account,"
		"  CAST($2 AS TEXT), 'waiting', CAST($3 AS BIGINT), CAST($3 AS BIGINT), 0, '', is_test, CAST($4 AS TEXT) FROM outbox_message m"
		" WHERE id = $1 AND state = 'sent' AND NOT is_test AND NOT EXISTS (SELECT 1 FROM outbox_message o WHERE o.account = m.account"
		"  AND o.class = m.class AND o.recipient = m.recipient AND o.state IN ('waiting','sending'))");
	struct point_of_sale shop;
	enum status st;
	if (str_eq(m->values, S("{}"))) return problem_add(why, "", MSG_MAIL_AGAIN_FORGOTTEN), REFUSED;
	if ((st = point_of_sale_get(db, a, m->point_of_sale, &shop))) return st == NOT_FOUND ? BROKEN : st;
	if ((st = store_exec(db, &q, int64(m->id), text(message_id(a, &shop)), int64(store_now(db)), text(by)))) return st;
	if (store_changes(db)) return OK;
	problem_add(why, "", MSG_MAIL_AGAIN_ON_ITS_WAY);
	return REFUSED;
}

enum status outbox_retry_all(struct conn *db, int64_t institution, int64_t *count)
{
	static const struct sql q = SQL("UPDATE outbox_message SET state = 'waiting', made_at = $2, due_at = $2, attempts = 0 WHERE id IN "
									"(SELECT id FROM outbox_message WHERE institution = $1 AND state = 'failed' AND template IS NOT NULL "
									"   AND merge_values <> '{}' ORDER BY id LIMIT $3) AND state = 'failed'");
	enum status st = store_exec(db, &q, int64(institution), int64(store_now(db)), int64(OUTBOX_SOME));
	*count = st ? 0 : store_changes(db);
	return st;
}

enum status outbox_sweep(struct conn *db)
{
	static const struct sql forget =
		SQL("UPDATE outbox_message SET merge_values = '{}', recipient_name = '' WHERE id IN "
			"(SELECT id FROM outbox_message WHERE merge_values <> '{}' AND state IN ('sent','failed','dropped') AND due_at <= $1 LIMIT $2)");
	static const struct sql tries = SQL("DELETE FROM outbox_attempt WHERE message IN "
										"(SELECT id FROM outbox_message WHERE made_at <= $1 AND state IN ('sent','failed','dropped') LIMIT $2)");
	static const struct sql mails = SQL("DELETE FROM outbox_message WHERE id IN "
										"(SELECT m.id FROM outbox_message m WHERE m.made_at <= $1 AND m.state IN ('sent','failed','dropped') "
										"   AND NOT EXISTS (SELECT 1 FROM outbox_attempt a WHERE a.message = m.id) LIMIT $2)");
	int64_t now = store_now(db);
	enum status st;
	if ((st = store_exec(db, &forget, int64(now - OUTBOX_KEPT), int64(OUTBOX_SOME)))) return st;
	if ((st = store_exec(db, &tries, int64(now - OUTBOX_GONE), int64(OUTBOX_SOME)))) return st;
	return store_exec(db, &mails, int64(now - OUTBOX_GONE), int64(OUTBOX_SOME));
}
