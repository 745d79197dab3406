/* office/bulk.c: from boxes in the list to an action for all of them, and how far it is. */
#include "office/bulk.h"

#include "base/random.h"
#include "institution/institution.h"
#include "office/bulk.html.h"
#include "office/bulk_progress.html.h"

#define SEND_PATTERN "/contacts/links/send"
#define KEY_BYTES	 16

/* ---- choosing ---- */

static const struct form_field boxes[] = {
	{ "contact", .max = 20, .is_repeated = true },
	{ "all", .max = 10 }, /* of the search below, not only the boxes */
	{ "q", .max = SEARCH_TYPED_MAX },
	{ "account", .max = 20 },
	{ "language", .max = 2 },
	{ "from", .max = 10 },
};

static const struct form_field send_fields[] = {
	{ "contacts", .max_bytes = BULK_MOST * 20 }, /* "17,18,…": as hidden fields they would be too many for a form */
	{ "request", .max = 2 * KEY_BYTES },
	{ "document_type", .max = DOCUMENT_TYPE_CODE_MAX },
	{ "point_of_sale", .max = 60 },
};

static struct response choice_answer(
	struct request *r, int status, struct str contacts, size_t count, struct str key, const struct counter_choice *choice, const struct problem *why)
{
	struct counter_offer offer;
	if (counter_offer_new(r->db, r->arena, actor_of(r), &offer)) return error_answer(r, 503);
	struct carried *carried = ARENA_ARRAY(r->arena, struct carried, 2);
	carried[0] = (struct carried){ "contacts", contacts };
	carried[1] = (struct carried){ "request", key };
	struct popup popup = { .offer = &offer,
		.action = SEND_PATTERN,
		.path = S("/contacts/links/send"),
		.back = url_of(S("/contacts")),
		.choice = choice,
		.why = offer.why.first ? &offer.why : why,
		.carried = carried,
		.carried_count = 2,
		.many = (int64_t)count };
	return popup_answer(r, status, &popup);
}

/* Those ticked. */
static size_t ticked(const struct form *f, struct buf *list)
{
	struct str id;
	size_t at = 0, count = 0;
	int64_t number;
	while (form_next(f, "contact", &at, &id)) {
		if (!str_int64(id, &number)) continue;
		buf_addf(list, "%s%lld", count++ ? "," : "", (long long)number);
	}
	return count;
}

/* All with an account that the list's search finds, page by page; ends beyond BULK_MOST, which is refused with words. */
static enum status matching(struct request *r, struct form *f, struct buf *list, size_t *count)
{
	struct contact_query q = contact_query_of(r, form_text(f, "q"), form_text(f, "account"), form_text(f, "language"), form_text(f, "from"));
	struct contact_page *page = ARENA_NEW(r->arena, struct contact_page);
	enum status st;
	*count = 0;
	do {
		if ((st = contact_search(r->db, r->arena, &q, page))) return st;
		for (size_t i = 0; i < page->count; i++)
			if (page->rows[i].account) buf_addf(list, "%s%lld", (*count)++ ? "," : "", (long long)page->rows[i].id);
		q.after = page->next;
	} while (page->next.len && *count <= BULK_MOST);
	return OK;
}

struct response office_bulk_choose(struct request *r)
{
	struct form f = form_read(r, boxes, COUNT(boxes));
	struct buf list = buf_in(r->arena);
	size_t count;
	if (!form_has(&f, "all")) count = ticked(&f, &list);
	else if (matching(r, &f, &list, &count)) return error_answer(r, 503);
	if (count == 0) problem_add(&f.why, "", MSG_BULK_NOBODY);
	if (count > BULK_MOST) {
		problem_add(&f.why, "", MSG_BULK_TOO_MANY, arg_int("max", BULK_MOST));
		list = buf_in(r->arena);
		count = 0;
	}
	return choice_answer(r, 200, buf_str(&list), count, str_hex(r->arena, random_bytes(r->arena, KEY_BYTES)), NULL, &f.why);
}

/* ---- sending ---- */

struct asking {
	struct request *r;
	struct bulk_order order;
	int64_t id;
	struct problem why;
};

static enum status ask(struct conn *db, void *arg)
{
	struct asking *x = arg;
	x->why.first = NULL;
	return bulk_ask(db, x->r->arena, actor_of(x->r), &x->order, &x->id, &x->why);
}

/* Numbers parted by commas; what is none is passed over. */
static size_t ids_of(struct arena *a, struct str list, const int64_t **out)
{
	size_t room = 1, count = 0;
	for (size_t i = 0; i < list.len; i++) room += list.at[i] == ',';
	int64_t *ids = ARENA_ARRAY(a, int64_t, room);
	struct str piece;
	while (str_next(&list, ',', &piece)) count += str_int64(piece, &ids[count]);
	*out = ids;
	return count;
}

struct response office_bulk_send(struct request *r)
{
	struct form f = form_read(r, send_fields, COUNT(send_fields));
	struct asking x = { .r = r, .why = problem_in(r->arena) };
	struct str contacts = form_text(&f, "contacts");
	x.order.key = form_text(&f, "request");
	x.order.choice = (struct counter_choice){ form_text(&f, "document_type"), form_text(&f, "point_of_sale") };
	x.order.count = ids_of(r->arena, contacts, &x.order.contacts);
	if (x.order.key.len == 0) return error_answer(r, 400);
	enum status st = store_write(r->db, ask, &x);
	if (st == REFUSED) return choice_answer(r, 422, contacts, x.order.count, x.order.key, &x.order.choice, &x.why);
	if (st) return error_answer(r, 503);
	office_wake(r);
	return office_redirect(r, str_format(r->arena, "/contacts/links/%lld", (long long)x.id));
}

/* ---- telling ---- */

static enum message outcome_word(enum bulk_outcome o)
{
	static const enum message words[BULK_OUTCOMES] = { [BULK_WAITS] = MSG_BULK_WAITS,
		[BULK_SENT] = MSG_BULK_SENT,
		[BULK_SENT_BEFORE] = MSG_BULK_SENT_BEFORE,
		[BULK_NO_ACCOUNT] = MSG_BULK_NO_ACCOUNT,
		[BULK_NO_EMAIL] = MSG_BULK_NO_EMAIL,
		[BULK_BLOCKED] = MSG_BULK_BLOCKED,
		[BULK_CLOSED] = MSG_BULK_CLOSED,
		[BULK_MERGED] = MSG_BULK_MERGED,
		[BULK_NO_WAY] = MSG_BULK_NO_WAY,
		[BULK_STOPPED] = MSG_BULK_STOPPED };
	return words[o];
}

static enum status shown_fill(struct request *r, int64_t id, struct bulk_shown *out)
{
	struct bulk_left *left = ARENA_ARRAY(r->arena, struct bulk_left, BULK_LEFT_SHOWN);
	enum status st;
	if ((st = bulk_get(r->db, r->arena, actor_of(r), id, &out->view))) return st;
	if ((st = bulk_list_left(r->db, r->arena, actor_of(r), id, 0, BULK_LEFT_SHOWN, left, &out->left_count))) return st;
	for (size_t i = 0; i < out->left_count; i++)
		out->left[i] =
			(struct left_shown){ left[i].contact, number_for_people(r->arena, left[i].number), left[i].name, outcome_word(left[i].outcome) };
	for (int o = 0; o < BULK_OUTCOMES; o++)
		if (out->view.counts[o])
			out->outcomes[out->outcome_count++] = (struct outcome_shown){ outcome_word((enum bulk_outcome)o), out->view.counts[o] };
	return OK;
}

static bool bulk_seen(struct request *r, struct bulk_shown **out, struct response *answer)
{
	int64_t id;
	*out = ARENA_NEW(r->arena, struct bulk_shown);
	enum status st = request_segment_id(r, 0, &id) ? shown_fill(r, id, *out) : NOT_FOUND;
	if (st) *answer = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return !st;
}

struct response office_bulk_page(struct request *r)
{
	struct bulk_shown *shown;
	struct response answer;
	if (!bulk_seen(r, &shown, &answer)) return answer;
	struct office_page p = office_page(r, MSG_BULK_TITLE, OFFICE_TAB_CONTACTS);
	struct render out = office_render(r);
	tpl_office_bulk(&out, &(const struct tpl_office_bulk){ .page = &p, .bulk = shown });
	return office_answer(r, 200, &out);
}

struct response office_bulk_progress(struct request *r)
{
	struct bulk_shown *shown;
	struct response answer;
	if (!bulk_seen(r, &shown, &answer)) return answer;
	struct office_page p = office_page(r, MSG_BULK_TITLE, OFFICE_TAB_CONTACTS);
	struct render out = office_render(r);
	tpl_office_bulk_progress(&out, &(const struct tpl_office_bulk_progress){ .page = &p, .bulk = shown });
	return office_answer(r, 200, &out);
}
