/* shipping/status_decide.c: what one line of a printing status file does. Deciding only reads, so that the preview and the import decide alike. */
#include <sodium.h>

#include "base/clock.h"
#include "base/day.h"
#include "sales/paper.h"
#include "shipping/posting.h"
#include "shipping/shipment.h"
#include "shipping/status_inside.h"

#define FUTURE_MOST (2 * DAY) /* a printer's clock and zone may differ so much */

static const char *const whys[LINE_WHYS] = { "", "broken", "no-key", "excel", "state-unknown", "date", "unknown", "keys-disagree", "contradicts",
	"reissued", "state", "number-form", "number-taken", "void", "date-dropped", "url-dropped", "number-warned" };
static const char *const outcomes[LINE_OUTCOMES] = { "applied", "already", "repeated", "refused", "void" };

const char *line_why_name(enum line_why why)
{
	return whys[why];
}

enum line_why line_why_read(struct str name)
{
	return (enum line_why)str_index(name, whys, LINE_WHYS, "status line");
}

const char *line_outcome_name(enum line_outcome outcome)
{
	return outcomes[outcome];
}

enum line_outcome line_outcome_read(struct str name)
{
	return (enum line_outcome)str_index(name, outcomes, LINE_OUTCOMES, "status line");
}

/* ---- lines that speak of the same ticket ---- */

void key_set_make(struct arena *a, struct key_set *s, size_t entries)
{
	for (s->size = 16; s->size < entries * 2; s->size *= 2) {
	}
	s->slots = ARENA_ARRAY(a, struct key_slot, s->size);
}

struct key_slot *key_slot(struct key_set *s, uint64_t key, bool *is_new)
{
	size_t at = key & (s->size - 1);
	while (s->slots[at].is_taken && s->slots[at].key != key) at = (at + 1) & (s->size - 1);
	*is_new = !s->slots[at].is_taken;
	s->slots[at].is_taken = true;
	s->slots[at].key = key;
	return &s->slots[at];
}

static uint64_t hash_of(const struct reading *r, struct str s)
{
	uint64_t hash;
	_Static_assert(sizeof hash == crypto_shorthash_BYTES && sizeof r->hash_key == crypto_shorthash_KEYBYTES, "the sizes of libsodium's short hash");
	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)s.at, s.len, r->hash_key);
	return hash;
}

/* Capitals without blanks, dots and hyphens: as people write barcodes and numbers in groups. */
static struct str plain(struct arena *a, struct str s)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < s.len; i++)
		if (!str_has(S(" .-"), s.at[i])) buf_add_char(&b, (char)(s.at[i] >= 'a' && s.at[i] <= 'z' ? s.at[i] - 'a' + 'A' : s.at[i]));
	return buf_str(&b);
}

static struct str key_of(struct arena *a, const struct print_status_line *l)
{
	struct str bar_code = plain(a, l->bar_code), ticket = plain(a, l->ticket), batch = plain(a, l->batch);
	if (bar_code.len) return str_format(a, "b%.*s/%.*s", STR_ARG(bar_code), STR_ARG(l->copy));
	if (ticket.len) return str_format(a, "t%.*s/%.*s", STR_ARG(ticket), STR_ARG(l->copy));
	return str_format(a, "l%.*s/%.*s", STR_ARG(batch), STR_ARG(l->batch_line));
}

static struct str content_of(struct arena *a, const struct print_status_line *l)
{
	struct str number = plain(a, l->tracking);
	return str_format(a, "%d|%lld|%lld|%.*s|%.*s|%.*s|%.*s", (int)l->state, (long long)(l->printed.is_given ? l->printed.day : 0),
		(long long)(l->posted.is_given ? l->posted.day : 0), STR_ARG(number), STR_ARG(l->tracking_url), STR_ARG(l->partner), STR_ARG(l->piece));
}

void reading_look(struct reading *r, const struct print_status *file)
{
	struct print_status ahead = *file;
	struct arena *a = arena_new();
	struct print_status_line l;
	crypto_shorthash_keygen(r->hash_key);
	key_set_make(r->a, &r->lines, (size_t)file->lines);
	key_set_make(r->a, &r->numbers, (size_t)file->lines);
	key_set_make(r->a, &r->shipments, (size_t)file->lines);
	while (print_status_next(a, &ahead, &l)) {
		bool is_new;
		if (l.fault == PRINT_LINE_OK) {
			uint64_t content = hash_of(r, content_of(a, &l));
			struct key_slot *slot = key_slot(&r->lines, hash_of(r, key_of(a, &l)), &is_new);
			if (is_new) slot->value = l.line, slot->content = content;
			else if (slot->content != content && !slot->other) slot->other = l.line;
		}
		arena_reset(a);
	}
	arena_free(a);
}

/* ---- the line of the batch ---- */

struct found {
	int64_t id, ticket, shipment, batch, batch_number, line, exported_at, partner, replaced_by;
	enum print_line_state state;
	enum ticket_state ticket_state;
	bool is_posted;
	struct str barcode, tracking;
};

#define FIND                                                                                                                                \
	"SELECT l.id, l.ticket, l.shipment, l.batch, b.number, l.line, COALESCE(b.exported_at, 0), COALESCE(l.partner, p.partner, 0),"          \
	" COALESCE(t.replaced_by, 0), l.state, t.state, l.is_posted, l.barcode, CASE WHEN l.tracking <> '' THEN l.tracking ELSE p.tracking END" \
	" FROM print_line l JOIN print_batch b ON b.id = l.batch JOIN ticket t ON t.id = l.ticket JOIN piece p ON p.id = l.piece"               \
	" WHERE b.interface = $1 AND b.state <> 'making'"

static enum print_line_state state_read(struct str name)
{
	for (int s = 0; s <= LINE_WITHDRAWN; s++)
		if (str_eq(name, str_of(print_line_state_name((enum print_line_state)s)))) return (enum print_line_state)s;
	BUG("print line state %.*s", STR_ARG(name));
}

static enum status find(struct conn *db, struct arena *a, const struct reading *r, const struct print_status_line *l, struct found *out)
{
	static const struct sql by_line = SQL(FIND " AND b.number = $2 AND l.line = $3");
	static const struct sql by_barcode = SQL(FIND " AND l.barcode = $2 AND ($3 = 0 OR l.copy = $3) ORDER BY l.id DESC LIMIT 1");
	static const struct sql by_ticket = SQL(FIND " AND l.ticket = $2 AND ($3 = 0 OR l.copy = $3) ORDER BY l.id DESC LIMIT 1");
	int64_t interface = r->printer->interface.id, number, line, ticket, copy = 0;
	enum status st;
	str_int64(l->copy, &copy);
	if (l->batch.len && l->batch_line.len) {
		if (!batch_number_read(l->batch, &number) || !str_int64(l->batch_line, &line)) return NOT_FOUND;
		st = store_row(db, &by_line, int64(interface), int64(number), int64(line));
	} else if (l->bar_code.len) st = store_row(db, &by_barcode, int64(interface), text(plain(a, l->bar_code)), int64(copy));
	else if (ticket_number_read(a, plain(a, l->ticket), &ticket)) st = store_row(db, &by_ticket, int64(interface), int64(ticket), int64(copy));
	else return NOT_FOUND;
	if (st) return st;
	*out = (struct found){
		.id = col_int64(db, 0),
		.ticket = col_int64(db, 1),
		.shipment = col_int64(db, 2),
		.batch = col_int64(db, 3),
		.batch_number = col_int64(db, 4),
		.line = col_int64(db, 5),
		.exported_at = col_int64(db, 6),
		.partner = col_int64(db, 7),
		.replaced_by = col_int64(db, 8),
		.state = state_read(col_text(db, 9, a)),
		.ticket_state = ticket_state_read(col_text(db, 10, a)),
		.is_posted = col_boolean(db, 11),
		.barcode = col_text(db, 12, a),
		.tracking = col_text(db, 13, a),
	};
	return OK;
}

static bool keys_agree(struct arena *a, const struct print_status_line *l, const struct found *f)
{
	int64_t ticket;
	if (l->bar_code.len && !str_eq(plain(a, l->bar_code), f->barcode)) return false;
	return !l->ticket.len || (ticket_number_read(a, plain(a, l->ticket), &ticket) && ticket == f->ticket);
}

/* ---- what it does ---- */

static void refuse(struct decision *d, enum line_why why, struct str about)
{
	d->outcome = OUTCOME_REFUSED;
	d->why = why;
	d->about = about;
}

static void warn(struct decision *d, enum line_why why, struct str about)
{
	if (d->why == WHY_NONE) d->why = why, d->about = about;
}

/* A date of the file as a time; 0 for one that cannot be, with a warning. */
static int64_t time_of(
	struct arena *a, const struct reading *r, const struct print_date *date, const char *column, int64_t exported_at, int64_t now, struct decision *d)
{
	if (!date->is_given) return 0;
	int64_t at = day_begins(a, date->day, r->zone), day = day_begins(a, day_of(a, exported_at, r->zone), r->zone);
	if (date->has_time) at += date->minute * MINUTE;
	if (at >= day && at <= now + FUTURE_MOST) return at;
	warn(d, WHY_DATE_DROPPED, str_of(column));
	return 0;
}

/* The partner of the line, and its number in that partner's form. */
static enum status number_decide(
	struct conn *db, struct arena *a, struct reading *r, const struct print_status_line *l, const struct found *f, struct decision *d)
{
	static const struct sql q = SQL("SELECT number FROM shipment WHERE id = $1");
	struct interface named;
	struct partner p = { .number_form = TRACKING_ANY };
	enum status st;
	int64_t institution = r->printer->interface.institution, owner;
	d->partner = f->partner;
	if (l->partner.len && interface_by_code(db, a, institution, str_lower(a, l->partner), &named) == OK && named.kind == INTERFACE_PARTNER)
		d->partner = named.id;
	if (!l->tracking.len) return OK;
	if (d->partner && (st = partner_get(db, a, institution, d->partner, &p)) && st != NOT_FOUND) return st;
	struct tracking t = tracking_read(a, l->tracking, p.number_form, p.pattern);
	if (t.fault == TRACKING_EMPTY) return OK;
	if (t.fault == TRACKING_TOO_LONG || (t.fault && p.refuses_wrong)) return refuse(d, WHY_NUMBER_FORM, l->tracking), OK;
	if (t.fault) warn(d, WHY_NUMBER_WARNED, l->tracking);
	d->tracking_given = l->tracking;
	d->tracking = t.plain;
	if (l->tracking_url.len && tracking_link_allowed(l->tracking_url, p.host)) d->tracking_url = l->tracking_url;
	else if (l->tracking_url.len) warn(d, WHY_URL_DROPPED, S(""));
	if ((st = number_owner(db, institution, d->partner, t.plain, &owner))) return st;
	bool is_new;
	struct key_slot *slot = key_slot(&r->numbers, hash_of(r, str_format(a, "%lld|%.*s", (long long)d->partner, STR_ARG(t.plain))), &is_new);
	if (is_new) slot->value = f->shipment;
	if (!owner) owner = slot->value; /* a line before this one has it, which the preview has not written */
	if (owner == f->shipment) return OK;
	if ((st = store_row(db, &q, int64(owner)))) return st;
	return refuse(d, WHY_NUMBER_TAKEN, shipment_number(a, col_int64(db, 0))), OK;
}

static void print_decide(struct arena *a, const struct found *f, struct decision *d)
{
	bool is_void = f->ticket_state == TICKET_CANCELLED || f->ticket_state == TICKET_INVALIDATED;
	bool has_news = (d->is_posted && !f->is_posted) || (d->tracking.len && !str_eq(d->tracking, f->tracking));
	d->to = LINE_PRINTED;
	switch (f->state) {
	case LINE_WITHDRAWN:
		if (is_void) break;
		refuse(d, WHY_STATE, S("withdrawn"));
		return;
	case LINE_SPOILT: refuse(d, WHY_STATE, S("spoilt")); return;
	case LINE_PRINTED:
		if (!has_news || is_void) d->outcome = OUTCOME_ALREADY;
		return;
	case LINE_EXPORTED:
	case LINE_MISSING: break;
	}
	d->is_newly_printed = true;
	if (!is_void) return;
	d->outcome = OUTCOME_VOID;
	d->why = WHY_VOID;
	d->about = ticket_number(a, f->ticket);
}

/* From the state that the line has to TO; ALLOWED is a set of states that may. */
static void move_decide(const struct found *f, enum print_line_state to, unsigned allowed, struct decision *d)
{
	d->to = to;
	d->is_posted = false;
	if (f->state == to) d->outcome = OUTCOME_ALREADY;
	else if (!(allowed & 1u << f->state) || f->is_posted) refuse(d, WHY_STATE, f->is_posted ? S("posted") : str_of(print_line_state_name(f->state)));
}

static void state_decide(struct arena *a, const struct reading *r, const struct print_status_line *l, const struct found *f, struct decision *d)
{
	enum print_state said = l->state;
	bool is_left = said == PRINT_STATE_POSTED || d->tracking.len || d->posted_at;
	if (said == PRINT_STATE_NONE && !is_left && !r->printer->is_line_printed) {
		d->outcome = OUTCOME_ALREADY;
		return;
	}
	d->is_posted = f->is_posted || is_left || r->printer->is_printed_posted;
	switch (said) {
	case PRINT_STATE_SPOILT: move_decide(f, LINE_SPOILT, 1u << LINE_EXPORTED | 1u << LINE_MISSING | 1u << LINE_PRINTED, d); break;
	case PRINT_STATE_MISSING: move_decide(f, LINE_MISSING, 1u << LINE_EXPORTED, d); break;
	case PRINT_STATE_WITHDRAWN: move_decide(f, LINE_WITHDRAWN, 1u << LINE_EXPORTED | 1u << LINE_MISSING, d); break;
	case PRINT_STATE_NONE:
	case PRINT_STATE_PRINTED:
	case PRINT_STATE_REPRINTED:
	case PRINT_STATE_POSTED: print_decide(a, f, d); break;
	}
}

static bool refused_by_itself(struct arena *a, struct reading *r, const struct print_status_line *l, struct decision *d)
{
	static const enum line_why faults[] = { [PRINT_LINE_BROKEN] = WHY_BROKEN,
		[PRINT_LINE_NO_KEY] = WHY_NO_KEY,
		[PRINT_LINE_EXCEL] = WHY_EXCEL,
		[PRINT_LINE_STATE_UNKNOWN] = WHY_STATE_UNKNOWN,
		[PRINT_LINE_DATE] = WHY_DATE };
	bool is_new;
	if (l->fault != PRINT_LINE_OK) return refuse(d, faults[l->fault], str_of(l->column)), true;
	const struct key_slot *same = key_slot(&r->lines, hash_of(r, key_of(a, l)), &is_new);
	if (same->other) return refuse(d, WHY_CONTRADICTS, str_format(a, "%lld", (long long)(same->value == l->line ? same->other : same->value))), true;
	if (same->value == l->line) return false;
	d->outcome = OUTCOME_REPEATED;
	return true;
}

enum status line_decide(struct conn *db, struct arena *a, struct reading *r, const struct print_status_line *l, struct decision *d)
{
	struct found f;
	*d = (struct decision){ .outcome = OUTCOME_APPLIED };
	if (refused_by_itself(a, r, l, d)) return OK;
	enum status st = find(db, a, r, l, &f);
	if (st == NOT_FOUND) return refuse(d, WHY_UNKNOWN, S("")), OK;
	if (st) return st;
	if (!keys_agree(a, l, &f)) return refuse(d, WHY_KEYS_DISAGREE, S("")), OK;
	if (f.ticket_state == TICKET_INVALIDATED && f.replaced_by) return refuse(d, WHY_REISSUED, ticket_number(a, f.replaced_by)), OK;
	d->print_line = f.id;
	d->ticket = f.ticket;
	d->shipment = f.shipment;
	d->batch = f.batch;
	d->from = f.state;
	d->was_posted = f.is_posted;
	d->printed_at = time_of(a, r, &l->printed, "PRINT_DATE", f.exported_at, store_now(db), d);
	d->posted_at = time_of(a, r, &l->posted, "POSTED_DATE", f.exported_at, store_now(db), d);
	if (l->posted.is_given && !d->posted_at && l->state == PRINT_STATE_NONE) d->posted_at = store_now(db); /* it left, whatever the day */
	if ((st = number_decide(db, a, r, l, &f, d)) || d->outcome == OUTCOME_REFUSED) return st;
	state_decide(a, r, l, &f, d);
	return OK;
}

/* ---- doing it ---- */

enum status line_apply(struct conn *db, const struct reading *r, const struct decision *d)
{
	static const struct sql q = SQL(
		"UPDATE print_line SET state = $2, is_posted = $3, is_void = $4, printed_at = COALESCE(printed_at, $5), posted_at = COALESCE(posted_at, $6),"
		"  tracking_given = CASE WHEN CAST($8 AS TEXT) = '' THEN tracking_given ELSE $7 END,"
		"  tracking = CASE WHEN CAST($8 AS TEXT) = '' THEN tracking ELSE $8 END, tracking_url = CASE WHEN CAST($8 AS TEXT) = '' THEN tracking_url "
		"ELSE $9 END,"
		"  partner = COALESCE($10, partner) WHERE id = $1 AND state = $11 AND is_posted = $12");
	enum status st;
	bool is_void = d->outcome == OUTCOME_VOID;
	int64_t now = store_now(db);
	if (d->outcome != OUTCOME_APPLIED && !is_void) return OK;
	if (d->tracking.len && !is_void) {
		st = number_claim(db, r->printer->interface.institution, d->partner, d->tracking, d->shipment);
		if (st) return st == REFUSED ? CONFLICT : st; /* somebody was quicker: decided anew, the line is refused */
	}
	bool is_posted = d->is_posted && !is_void && d->to == LINE_PRINTED;
	st = store_exec(db, &q, int64(d->print_line), text(str_of(print_line_state_name(d->to))), boolean(is_posted), boolean(is_void),
		d->to == LINE_PRINTED ? int64(d->printed_at ? d->printed_at : now) : null_value(),
		is_posted ? int64(d->posted_at ? d->posted_at : now) : null_value(), text(is_void ? S("") : d->tracking_given),
		text(is_void ? S("") : d->tracking), text(is_void ? S("") : d->tracking_url), d->partner && !is_void ? int64(d->partner) : null_value(),
		text(str_of(print_line_state_name(d->from))), boolean(d->was_posted));
	if (st) return st;
	if (store_changes(db) != 1) return CONFLICT;
	bool was_void;
	return d->is_newly_printed ? ticket_printed(db, d->ticket, &was_void) : OK;
}
