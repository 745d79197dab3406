/* sales/order_find.c: what was typed is tried as a number first, since a number is meant. */
#include "sales/order_find.h"

#include "accounts/contact_search.h"
#include "accounts/merge.h"

#define CONTACTS_MOST 20  /* whose orders are shown for words: more and one types on */
#define SEEN_MOST	  500 /* orders looked at for a page of an operator who may see only some points of sale */

#define LIVING "('held','sold','printed','controlled')"
#define COLUMNS                                                                                                                                   \
	"SELECT o.id, o.number, o.contact, o.total, o.closed_at, (SELECT count(*) FROM ticket t WHERE t.customer_order = o.id AND t.state IN " LIVING \
	"), o.state, o.currency, o.payment, o.first_name, o.last_name, o.email, s.organisation"                                                       \
	" FROM customer_order o JOIN point_of_sale s ON s.id = o.point_of_sale WHERE o.institution = $1 AND o.id < $2"
#define NEWEST " ORDER BY o.id DESC LIMIT $3"

/* The predicates of the partial indexes of 0016_order_lists.sql, letter by letter. */
#define UNPAID	  " AND o.state IN ('reserved','sold_unpaid','partly_paid')"
#define SETTLED	  " AND o.state = 'settled'"
#define CANCELLED " AND o.state = 'cancelled'"

struct finding_orders {
	struct conn *db;
	struct arena *a;
	const struct actor *who;
	struct order_page *out;
	int64_t last; /* id of the last row read, seen or not */
	size_t read;
};

static enum order_state state_of(struct str name)
{
	for (int s = ORDER_IN_PROGRESS; s <= ORDER_ABANDONED; s++)
		if (str_eq(name, str_of(order_state_name((enum order_state)s)))) return (enum order_state)s;
	BUG("order state %.*s", STR_ARG(name));
}

/* Takes what a query gives, as far as the actor may see it. */
static enum status take(struct finding_orders *x, enum status st)
{
	x->read = 0;
	if (st) return st;
	while ((st = store_next(x->db)) == OK) {
		x->last = col_int64(x->db, 0);
		x->read++;
		if (x->out->count == ORDERS_A_PAGE || !actor_may_in(x->who, RIGHT_ORDER_READ, col_int64(x->db, 12))) continue;
		x->out->rows[x->out->count++] = (struct order_row){ .id = x->last,
			.number = col_int64(x->db, 1),
			.contact = col_int64(x->db, 2),
			.total = col_int64(x->db, 3),
			.closed_at = col_int64(x->db, 4),
			.tickets = col_int64(x->db, 5),
			.state = state_of(col_text(x->db, 6, x->a)),
			.currency = col_text(x->db, 7, x->a),
			.payment = col_text(x->db, 8, x->a),
			.first_name = col_text(x->db, 9, x->a),
			.last_name = col_text(x->db, 10, x->a),
			.email = col_text(x->db, 11, x->a) };
	}
	return st == NOT_FOUND ? OK : st;
}

/* The newest of a view, a page at a time, until a page is full of what the actor may see. */
static enum status newest(struct finding_orders *x, enum order_view view, int64_t before)
{
	static const struct sql views[ORDER_VIEWS] = {
		[ORDERS_ALL] = SQL(COLUMNS " AND o.number IS NOT NULL" NEWEST),
		[ORDERS_UNPAID] = SQL(COLUMNS UNPAID NEWEST),
		[ORDERS_SETTLED] = SQL(COLUMNS SETTLED NEWEST),
		[ORDERS_CANCELLED] = SQL(COLUMNS CANCELLED NEWEST),
	};
	size_t seen = 0;
	enum status st;
	do {
		size_t room = ORDERS_A_PAGE - x->out->count;
		if ((st = take(x, store_query(x->db, &views[view], int64(x->who->institution), int64(before), int64((int64_t)room))))) return st;
		before = x->last;
		seen += x->read;
		if (x->read < room) return OK;
	} while (x->out->count < ORDERS_A_PAGE && seen < SEEN_MOST);
	x->out->before = before;
	return OK;
}

static enum status by_order(struct finding_orders *x, int64_t number)
{
	static const struct sql q = SQL(COLUMNS " AND o.number = $3");
	return take(x, store_query(x->db, &q, int64(x->who->institution), int64(INT64_MAX), int64(number)));
}

static enum status by_barcode(struct finding_orders *x, struct str typed)
{
	static const struct sql q = SQL(COLUMNS " AND o.id = (SELECT t.customer_order FROM ticket t WHERE t.barcode = $3 AND t.institution = $1)");
	struct buf code = buf_in(x->a);
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.at[i];
		if (c != ' ' && c != '-') buf_add_char(&code, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
	if (code.len != BARCODE_LENGTH) return OK;
	return take(x, store_query(x->db, &q, int64(x->who->institution), int64(INT64_MAX), text(buf_str(&code))));
}

static enum status by_ticket(struct finding_orders *x, int64_t ticket)
{
	static const struct sql q = SQL(COLUMNS " AND o.id = (SELECT t.customer_order FROM ticket t WHERE t.id = $3 AND t.institution = $1)");
	return take(x, store_query(x->db, &q, int64(x->who->institution), int64(INT64_MAX), int64(ticket)));
}

static bool is_in_view(enum order_state s, enum order_view view)
{
	bool is_unpaid = s == ORDER_RESERVED || s == ORDER_SOLD_UNPAID || s == ORDER_PARTLY_PAID;
	return view == ORDERS_ALL || (view == ORDERS_UNPAID && is_unpaid) || (view == ORDERS_SETTLED && s == ORDER_SETTLED) ||
		   (view == ORDERS_CANCELLED && s == ORDER_CANCELLED);
}

static void drop_others(struct order_page *p, enum order_view view)
{
	size_t kept = 0;
	for (size_t i = 0; i < p->count; i++)
		if (is_in_view(p->rows[i].state, view)) p->rows[kept++] = p->rows[i];
	p->count = kept;
}

static enum status by_contact(struct finding_orders *x, int64_t contact)
{
	static const struct sql of_contact = SQL(COLUMNS " AND o.number IS NOT NULL AND o.contact = $3 ORDER BY o.id DESC LIMIT $4");
	if (x->out->count == ORDERS_A_PAGE) return OK;
	return take(x, store_query(x->db, &of_contact, int64(x->who->institution), int64(INT64_MAX), int64(contact), int64(ORDERS_A_PAGE)));
}

/* Nothing moves when contacts are merged (accounts/merge.h): who reads one asks for both. */
static enum status by_merged(struct finding_orders *x, int64_t contact)
{
	struct merged *others;
	size_t count;
	enum status st = by_contact(x, contact);
	if (st || (st = merged_list(x->db, x->a, contact, &others, &count))) return st;
	for (size_t i = 0; st == OK && i < count; i++) st = by_contact(x, others[i].id);
	return st;
}

/* The orders of those whom the words find, the newest of each; a guest has a contact too. */
static enum status by_words(struct finding_orders *x, const struct order_query *q)
{
	struct contact_query words = { .institution = x->who->institution, .typed = q->typed };
	struct contact_page *found = ARENA_NEW(x->a, struct contact_page);
	enum status st = contact_search(x->db, x->a, &words, found);
	for (size_t i = 0; st == OK && i < found->count && i < CONTACTS_MOST; i++) st = by_merged(x, found->rows[i].id);
	drop_others(x->out, q->view);
	return st;
}

static enum status by_number(struct finding_orders *x, struct str typed)
{
	int64_t number, ticket;
	enum status st = OK;
	if (order_number_read(typed, &number)) st = by_order(x, number);
	if (st == OK && !x->out->count && ticket_number_read(x->a, typed, &ticket)) st = by_ticket(x, ticket);
	if (st == OK && !x->out->count) st = by_barcode(x, typed);
	return st;
}

enum status order_find(struct conn *db, struct arena *a, const struct actor *who, const struct order_query *q, struct order_page *out)
{
	struct finding_orders x = { .db = db, .a = a, .who = who, .out = out };
	struct str typed = str_trim(q->typed);
	out->count = 0;
	out->before = 0;
	if (!typed.len) return newest(&x, q->view, q->before ? q->before : INT64_MAX);
	enum status st = by_number(&x, typed);
	return st || out->count ? st : by_words(&x, q);
}

enum status order_for(struct conn *db, struct arena *a, const struct actor *who, enum right right, int64_t number, struct order *out)
{
	static const struct sql q = SQL("SELECT organisation FROM point_of_sale WHERE id = $1");
	enum status st = order_by_number(db, a, who->institution, number, out);
	if (st == OK) st = store_row(db, &q, int64(out->point_of_sale));
	if (st == OK && !actor_may_in(who, right, col_int64(db, 0))) st = NOT_FOUND;
	return st;
}
