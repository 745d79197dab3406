/* accounts/bulk.c: an action is a row and its contacts are rows; each is taken, sent and marked in one transaction, so that nothing is sent twice however often a process
 * dies. */
#include "accounts/bulk.h"

#include "institution/operator.h"

/* As the database calls them; '' waits. */
static const char *const outcomes[BULK_OUTCOMES] = { [BULK_WAITS] = "",
	[BULK_SENT] = "sent",
	[BULK_SENT_BEFORE] = "sent-before",
	[BULK_NO_ACCOUNT] = "no-account",
	[BULK_NO_EMAIL] = "no-email",
	[BULK_BLOCKED] = "blocked",
	[BULK_CLOSED] = "closed",
	[BULK_MERGED] = "merged",
	[BULK_NO_WAY] = "no-way",
	[BULK_STOPPED] = "stopped" };

static enum bulk_outcome outcome_of(struct str name)
{
	return (enum bulk_outcome)str_index(name, outcomes, COUNT(outcomes), "bulk outcome");
}

/* ---- asking ---- */

static enum status insert_items(struct conn *db, const struct actor *who, const struct bulk_order *order, int64_t id)
{
	static const struct sql q =
		SQL("INSERT INTO bulk_item (bulk_action, contact, outcome) SELECT $1, id, '' FROM contact WHERE institution = $2 AND id = $3"
			" ON CONFLICT DO NOTHING");
	enum status st = OK;
	for (size_t i = 0; !st && i < order->count; i++) st = store_exec(db, &q, int64(id), int64(who->institution), int64(order->contacts[i]));
	return st;
}

enum status bulk_ask(struct conn *db, struct arena *a, const struct actor *who, const struct bulk_order *order, int64_t *id, struct problem *why)
{
	static const struct sql insert =
		SQL("INSERT INTO bulk_action (institution, request_key, point_of_sale, document_type, by_operator, network, made_at, operator)"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id");
	static const struct sql find = SQL("SELECT id FROM bulk_action WHERE institution = $1 AND request_key = $2");
	struct counter_offer offer;
	int64_t type, shop;
	enum status st;
	if (order->count == 0) return problem_add(why, "", MSG_BULK_NOBODY), REFUSED;
	if (order->count > BULK_MOST) return problem_add(why, "", MSG_BULK_TOO_MANY, arg_int("max", BULK_MOST)), REFUSED;
	if ((st = counter_offer_new(db, a, who, &offer))) return st;
	for (const struct finding *f = offer.why.first; f; f = f->next) problem_add_args(why, f->field, f->message, f->args);
	if (offer.why.first || counter_choose(&offer, &order->choice, &type, &shop, why)) return REFUSED;
	st = store_row(db, &insert, int64(who->institution), text(order->key), int64(shop), int64(type), text(who->name), text(who->network),
		int64(store_now(db)), who->operator_id ? int64(who->operator_id) : null_value());
	if (st == NOT_FOUND) { /* the same form, sent again */
		if ((st = store_row(db, &find, int64(who->institution), text(order->key)))) return st == NOT_FOUND ? CONFLICT : st;
		return *id = col_int64(db, 0), OK;
	}
	if (st) return st;
	*id = col_int64(db, 0);
	if ((st = insert_items(db, who, order, *id))) return st;
	const struct audit_value after[] = { { "contacts", str_format(a, "%zu", order->count) }, { "document_type", counter_type_code(&offer, type) },
		{ "point_of_sale", counter_sale_code(&offer, shop) }, { NULL } };
	return audit_note(
		db, a, who, &(const struct audit_record){ .verb = "recovery-sent-to-many", .kind = "bulk-action", .record = *id, .after = after });
}

/* ---- the background ---- */

struct item {
	struct arena *a;
	int64_t action, contact;
	struct actor who;
	bool may; /* who asked still may */
	struct counter_choice choice;
};

/* The rights of who asked, as they are now: an action of 2,000 goes on for minutes. */
static enum status asker_of(struct conn *db, struct item *x, int64_t institution, int64_t id, struct str name, struct str network)
{
	struct operator person;
	enum status st;
	x->who = actor_command(institution, name);
	x->who.network = network;
	x->may = true;
	if (!id) return OK;
	if ((st = operator_get(db, x->a, institution, id, &person))) return st;
	if ((st = operator_actor(db, x->a, &person, network, &x->who))) return st;
	x->may = person.state == OPERATOR_ACTIVE && actor_may(&x->who, RIGHT_ACCOUNT_BULK_RESET);
	return OK;
}

static enum status item_take(struct conn *db, struct item *x)
{
	static const struct sql q =
		SQL("SELECT b.id, i.contact, b.institution, b.by_operator, b.network, d.code, p.code, b.operator FROM bulk_item i JOIN bulk_action b ON b.id "
			"= i.bulk_action"
			" JOIN document_type d ON d.id = b.document_type JOIN point_of_sale p ON p.id = b.point_of_sale"
			" WHERE (i.bulk_action, i.contact) IN"
			"  (SELECT bulk_action, contact FROM bulk_item WHERE outcome = '' ORDER BY bulk_action, contact LIMIT 1" SKIP_LOCKED ")");
	enum status st = store_row(db, &q);
	if (st) return st;
	x->action = col_int64(db, 0);
	x->contact = col_int64(db, 1);
	x->choice = (struct counter_choice){ .document_type = col_text(db, 5, x->a), .point_of_sale = col_text(db, 6, x->a) };
	return asker_of(db, x, col_int64(db, 2), col_int64(db, 7), col_text(db, 3, x->a), col_text(db, 4, x->a));
}

static enum bulk_outcome refusal_of(const struct problem *why)
{
	switch ((int)why->first->message) {
	case MSG_COUNTER_NO_ACCOUNT: return BULK_NO_ACCOUNT;
	case MSG_CONTACT_WITHOUT_EMAIL: return BULK_NO_EMAIL;
	case MSG_COUNTER_BLOCKED: return BULK_BLOCKED;
	case MSG_COUNTER_CLOSED: return BULK_CLOSED;
	case MSG_COUNTER_MERGED: return BULK_MERGED;
	default: return BULK_NO_WAY;
	}
}

static enum status item_mark(struct conn *db, const struct item *x, enum bulk_outcome outcome)
{
	static const struct sql mark = SQL("UPDATE bulk_item SET outcome = $3, done_at = $4 WHERE bulk_action = $1 AND contact = $2 AND outcome = ''");
	enum status st = store_exec(db, &mark, int64(x->action), int64(x->contact), text(str_of(outcomes[outcome])), int64(store_now(db)));
	if (st) return st;
	return store_changes(db) == 1 ? OK : CONFLICT; /* another process was faster */
}

/* The rest of the action, in one statement: who is unblocked later asks anew. */
static enum status action_stop(struct conn *db, const struct item *x)
{
	static const struct sql q = SQL("UPDATE bulk_item SET outcome = 'stopped', done_at = $2 WHERE bulk_action = $1 AND outcome = ''");
	enum status st = store_exec(db, &q, int64(x->action), int64(store_now(db)));
	if (st) return st;
	const struct audit_value after[] = { { "contacts", str_format(x->a, "%lld", (long long)store_changes(db)) }, { NULL } };
	const struct actor program = { .institution = x->who.institution, .name = S("parterre"), .network = S("") };
	return audit_note(
		db, x->a, &program, &(const struct audit_record){ .verb = "bulk-stopped", .kind = "bulk-action", .record = x->action, .after = after });
}

/* Two processes may mark the last two side by side, each seeing the other's as waiting: so actions are closed when nothing waits, by whoever looks next. */
static enum status actions_end(struct conn *db, struct arena *a)
{
	static const struct sql find =
		SQL("SELECT b.id, b.institution, (SELECT count(*) FROM bulk_item i WHERE i.bulk_action = b.id AND i.outcome = 'sent')"
			" FROM bulk_action b WHERE b.ended_at IS NULL AND NOT EXISTS"
			" (SELECT 1 FROM bulk_item i WHERE i.bulk_action = b.id AND i.outcome = '') ORDER BY b.id LIMIT 1");
	static const struct sql end = SQL("UPDATE bulk_action SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL");
	enum status st = store_row(db, &find);
	if (st) return st;
	int64_t id = col_int64(db, 0), institution = col_int64(db, 1), sent = col_int64(db, 2);
	if ((st = store_exec(db, &end, int64(id), int64(store_now(db))))) return st;
	if (!store_changes(db)) return OK; /* another process was faster */
	const struct audit_value after[] = { { "sent", str_format(a, "%lld", (long long)sent) }, { NULL } };
	const struct actor program = { .institution = institution, .name = S("parterre"), .network = S("") };
	return audit_note(db, a, &program, &(const struct audit_record){ .verb = "bulk-ended", .kind = "bulk-action", .record = id, .after = after });
}

static enum status next(struct conn *db, void *arg)
{
	struct item x = { .a = arg };
	struct counter_result result;
	struct problem why = problem_in(x.a);
	enum status st;
	if ((st = item_take(db, &x))) return st == NOT_FOUND ? actions_end(db, x.a) : st;
	if (!x.may) return action_stop(db, &x);
	const struct counter_order order = { .contact = x.contact, .purpose = FOR_ACCOUNT, .choice = x.choice, .is_bulk = true };
	st = counter_send(db, x.a, &x.who, &order, &result, &why);
	if (st && st != REFUSED && st != NOT_FOUND) return st;
	if (st == REFUSED && !problem_any(&why)) return st; /* a constraint: nothing that a report could say */
	enum bulk_outcome outcome = st == NOT_FOUND					 ? BULK_NO_ACCOUNT
								: st == REFUSED					 ? refusal_of(&why)
								: result.outcome == COUNTER_SENT ? BULK_SENT
																 : BULK_SENT_BEFORE;
	return item_mark(db, &x, outcome);
}

enum status bulk_next(struct conn *db, struct arena *a)
{
	return store_write(db, next, a);
}

/* ---- telling ---- */

enum status bulk_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct bulk_view *out)
{
	static const struct sql q = SQL("SELECT b.id, b.made_at, b.ended_at, b.by_operator, d.name, p.name FROM bulk_action b"
									" JOIN document_type d ON d.id = b.document_type JOIN point_of_sale p ON p.id = b.point_of_sale"
									" WHERE b.institution = $1 AND b.id = $2");
	static const struct sql counts = SQL("SELECT outcome, count(*) FROM bulk_item WHERE bulk_action = $1 GROUP BY outcome");
	enum status st;
	if ((st = store_row(db, &q, int64(who->institution), int64(id)))) return st;
	*out = (struct bulk_view){
		.id = col_int64(db, 0),
		.made_at = col_int64(db, 1),
		.ended_at = col_int64(db, 2),
		.by = col_text(db, 3, a),
		.document_type = col_text(db, 4, a),
		.point_of_sale = col_text(db, 5, a),
	};
	if ((st = store_query(db, &counts, int64(id)))) return st;
	while ((st = store_next(db)) == OK) {
		int64_t count = col_int64(db, 1);
		enum bulk_outcome outcome = outcome_of(col_text(db, 0, a));
		out->counts[outcome] = count;
		out->total += count;
		if (outcome != BULK_WAITS) out->done += count;
	}
	return st == NOT_FOUND ? OK : st;
}

enum status bulk_list_left(
	struct conn *db, struct arena *a, const struct actor *who, int64_t id, int64_t after, size_t most, struct bulk_left *out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT c.id, c.number, c.first_name, c.last_name, i.outcome FROM bulk_item i JOIN contact c ON c.id = i.contact"
			" WHERE c.institution = $1 AND i.bulk_action = $2 AND i.outcome NOT IN ('', 'sent') AND c.id > $3 ORDER BY c.id LIMIT $4");
	*count = 0;
	enum status st = store_query(db, &q, int64(who->institution), int64(id), int64(after), int64((int64_t)most));
	if (st) return st;
	while ((st = store_next(db)) == OK)
		out[(*count)++] = (struct bulk_left){
			.contact = col_int64(db, 0),
			.number = col_int64(db, 1),
			.name = str_trim(str_format(a, "%.*s %.*s", STR_ARG(col_text(db, 2, a)), STR_ARG(col_text(db, 3, a)))),
			.outcome = outcome_of(col_text(db, 4, a)),
		};
	return st == NOT_FOUND ? OK : st;
}
