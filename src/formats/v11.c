/* formats/v11.c: records of fixed columns; sums, counts and fees are held against their totals, either way. */
#include "formats/v11.h"

#include <sodium.h>
#include <string.h>

#include "formats/qrbill_reference.h"

#define HEAD 256 /* bytes in which the first line end is looked for: one record with its end */

/* Where things stand in a record, from 0; LEN 0: not there. */
struct column {
	unsigned char at, len;
};

/* The columns of a type. A total's stand at the places of its own. */
struct layout {
	size_t width; /* of a stream's records */
	const char *version;
	struct column participant, reference, currency, amount, mark, booked, credited, reject, fee;
	struct column total_sum, total_count, total_fees;
	char cancel, correction, credit; /* third digit of the code */
};

static const struct layout type_3 = { V11_STREAM_TYPE_3, "3", { 3, 9 }, { 12, 27 }, { 0, 0 }, { 39, 10 }, { 77, 9 }, { 65, 6 }, { 71, 6 }, { 86, 1 },
	{ 96, 4 }, { 39, 12 }, { 51, 12 }, { 69, 9 }, '5', '8', '2' };
static const struct layout type_4 = { V11_RECORD_MAX, "4", { 6, 9 }, { 15, 27 }, { 42, 3 }, { 45, 12 }, { 57, 35 }, { 100, 8 }, { 108, 8 },
	{ 116, 1 }, { 120, 6 }, { 45, 12 }, { 57, 12 }, { 80, 11 }, '2', '3', '1' };

/* Records of one participant in one currency since its last total; credits and corrections, and cancellations. */
struct group {
	char participant[9], currency[3];
	struct sums {
		int64_t cents, fees, count;
	} sums[2];
};

struct v11 {
	struct arena *arena;
	const struct bank_handler *handler;
	void *user;
	struct bank_findings *findings;
	const struct layout *layout; /* NULL before the first record */
	char head[HEAD];			 /* until it is known whether there are lines */
	size_t head_len;
	bool is_decided, is_stream, is_refused, has_total;
	char record[V11_RECORD_MAX + 1]; /* padded with blanks; one more shows that a line is too long */
	size_t len;
	int64_t number, transactions; /* records, from 1; transactions */
	struct group *groups;
	size_t group_count;
	struct bank_report report;
	struct bank_transaction t;
	char booked[10], credited[10];
	crypto_hash_sha256_state hash;
};

struct v11 *v11_new(struct arena *a, const struct bank_handler *handler, void *user, struct bank_findings *findings)
{
	struct v11 *v = ARENA_NEW(a, struct v11);
	v->arena = a, v->handler = handler, v->user = user, v->findings = findings;
	v->groups = ARENA_ARRAY(a, struct group, V11_GROUPS_MAX);
	crypto_hash_sha256_init(&v->hash);
	return v;
}

void v11_hash(struct v11 *v, unsigned char hash[32])
{
	crypto_hash_sha256_final(&v->hash, hash);
}

/* ---- findings ---- */

static void find(struct v11 *v, const char *rule, enum bank_severity severity, const char *what, enum message message, const struct arg *args)
{
	bank_find_args(v->findings, rule, severity, (struct bank_place){ v->number, str_of(what), S("") }, message, args);
	if (severity == BANK_ERROR) v->is_refused = true;
}

#define refuse(v, what, message, ...) \
	find((v), "V11", BANK_ERROR, (what), (message), (const struct arg[]){ __VA_ARGS__ __VA_OPT__(, ){ .kind = ARG_END } })

/* ---- columns ---- */

static struct str field(const struct v11 *v, struct column c)
{
	return (struct str){ v->record + c.at, c.len };
}

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9') return false;
	return s.len > 0;
}

/* Digits as a number; blanks alone are 0. Columns are too narrow to overflow. */
static int64_t number(struct v11 *v, struct column c, const char *what)
{
	struct str s = str_trim(field(v, c));
	int64_t n = 0;
	if (s.len && (!is_digits(s) || s.len != c.len || !str_int64(s, &n))) refuse(v, what, MSG_BANK_VALUE, arg_text("value", s));
	return n;
}

/* YYMMDD or YYYYMMDD as YYYY-MM-DD at TO; zeros are no date. */
static struct str date(struct v11 *v, struct column c, char *to, const char *what)
{
	struct str s = str_trim(field(v, c)), iso;
	if (!s.len || str_eq(s, S("000000")) || str_eq(s, S("00000000"))) return S("");
	if (s.len == c.len && is_digits(s)) {
		const char *at = s.at + s.len - 6;
		/* ESR began in 1973: two digits from 70 on are last century's. */
		const char *century = s.len == 8 ? s.at : at[0] >= '7' ? "19" : "20";
		const char text[10] = { century[0], century[1], at[0], at[1], '-', at[2], at[3], '-', at[4], at[5] };
		memcpy(to, text, sizeof text);
		if (bank_date((struct str){ to, sizeof text }, &iso)) return iso;
	}
	refuse(v, what, MSG_BANK_VALUE, arg_text("value", s));
	return S("");
}

/* ---- records ---- */

static bool is_letters(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < 'A' || s.at[i] > 'Z') return false;
	return true;
}

/* Type 4 names its currency where type 3 has digits of the amount. */
static const struct layout *layout_of(const char *record)
{
	return is_letters((struct str){ record + type_4.currency.at, type_4.currency.len }) ? &type_4 : &type_3;
}

/* Type 3 knows the currency by the participant's first digits. */
static struct str currency(const struct v11 *v)
{
	if (v->layout->currency.len) return field(v, v->layout->currency);
	return str_starts(field(v, v->layout->participant), S("03")) ? S("EUR") : S("CHF");
}

static struct group *group_at_hand(struct v11 *v)
{
	struct str participant = field(v, v->layout->participant), ccy = currency(v);
	for (size_t i = 0; i < v->group_count; i++)
		if (memcmp(v->groups[i].participant, participant.at, 9) == 0 && memcmp(v->groups[i].currency, ccy.at, 3) == 0) return &v->groups[i];
	if (v->group_count == V11_GROUPS_MAX) return refuse(v, "participant", MSG_V11_GROUPS, arg_int("max", V11_GROUPS_MAX)), NULL;
	struct group *g = &v->groups[v->group_count++];
	memcpy(g->participant, participant.at, 9);
	memcpy(g->currency, ccy.at, 3);
	return g;
}

static void check_total(struct v11 *v, const char *what, int64_t said, int64_t counted, enum message message, bool is_money)
{
	if (said == counted || v->is_refused) return;
	if (!is_money) refuse(v, what, message, arg_int("said", said), arg_int("counted", counted));
	else refuse(v, what, message, arg_text("said", bank_amount(v->arena, said)), arg_text("counted", bank_amount(v->arena, counted)));
}

static void read_total(struct v11 *v, bool is_cancel)
{
	const struct layout *l = v->layout;
	struct group *g = group_at_hand(v);
	if (!g) return;
	struct sums *s = &g->sums[is_cancel];
	check_total(v, "count", number(v, l->total_count, "count"), s->count, MSG_V11_COUNT, false);
	check_total(v, "total", number(v, l->total_sum, "total"), s->cents, MSG_V11_TOTAL, true);
	check_total(v, "fees", number(v, l->total_fees, "fees"), s->fees, MSG_V11_FEES, true);
	*s = (struct sums){ 0 };
	v->has_total = true;
}

static void announce(struct v11 *v, char delivery)
{
	v->report.is_test = delivery == '3';
	v->report.is_copy = delivery == '2';
	if (v->report.version.len) return;
	v->report = (struct bank_report){ .kind = BANK_V11,
		.version = str_of(v->layout->version),
		.sequence = -1,
		.page = 1,
		.is_last_page = true,
		.account = str_keep(v->arena, field(v, v->layout->participant)),
		.is_test = v->report.is_test,
		.is_copy = v->report.is_copy };
	if (v->handler->report) v->handler->report(v->user, &v->report);
}

static bool is_zeros(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] != '0') return false;
	return true;
}

static void read_payment(struct v11 *v, bool is_cancel)
{
	const struct layout *l = v->layout;
	struct str reference = field(v, l->reference), participant = field(v, l->participant), mark = str_trim(field(v, l->mark));
	if (!is_digits(participant)) {
		refuse(v, "participant", MSG_BANK_VALUE, arg_text("value", participant));
		return;
	}
	if (!is_digits(reference) || mod10_recursive(str_part(reference, 0, QRR_LENGTH - 1)) != reference.at[QRR_LENGTH - 1]) {
		refuse(v, "reference", MSG_V11_REFERENCE, arg_text("reference", str_trim(reference)));
		return;
	}
	announce(v, l == &type_4 ? v->record[5] : '1');
	struct bank_transaction *t = &v->t;
	*t = (struct bank_transaction){ .report = &v->report,
		.transaction = v->transactions++,
		.line = v->number,
		.status = S("BOOK"),
		.has_amount = true,
		.is_credit = !is_cancel,
		.currency = currency(v),
		.has_charges = true,
		.reference_count = 1,
		.references = { { BANK_ISR, reference } } };
	v->report.account = participant;
	t->cents = number(v, l->amount, "amount");
	t->charge_cents = number(v, l->fee, "fee");
	t->booking_date = date(v, l->booked, v->booked, "booked");
	t->value_date = date(v, l->credited, v->credited, "credited");
	if (!t->value_date.len) t->value_date = t->booking_date;
	if (!str_is_text(mark) || str_has_control(mark)) refuse(v, "bank reference", MSG_BANK_VALUE, arg_text("value", S("?")));
	else if (!is_zeros(mark)) t->transaction_ref = mark;
	char reject = v->record[l->reject.at];
	if (reject < ' ' || reject > '~') refuse(v, "reject code", MSG_BANK_VALUE, arg_text("value", S("?")));
	else if (reject != '0' && reject != ' ')
		find(v, "C7", BANK_WARNING, "reject code", MSG_BANK_REJECT_CODE,
			(const struct arg[]){ arg_text("code", field(v, l->reject)), { .kind = ARG_END } });
	struct group *g = v->is_refused ? NULL : group_at_hand(v);
	if (!g) return;
	struct sums *s = &g->sums[is_cancel];
	if (__builtin_add_overflow(s->cents, t->cents, &s->cents)) {
		refuse(v, "amount", MSG_BANK_TOTAL_TOO_LARGE);
		return;
	}
	s->fees += t->charge_cents, s->count++;
	if (v->handler->transaction) v->handler->transaction(v->user, t);
}

/* One record, padded with blanks. */
static void read_record(struct v11 *v)
{
	size_t len = v->len;
	v->len = 0;
	while (len && (v->record[len - 1] == ' ' || v->record[len - 1] == '\x1a')) len--; /* DOS ended files with Ctrl-Z */
	v->number++;
	if (!len || v->is_refused) return;
	crypto_hash_sha256_update(&v->hash, (const unsigned char *)v->record, len);
	crypto_hash_sha256_update(&v->hash, (const unsigned char *)"\n", 1);
	memset(v->record + len, ' ', sizeof v->record - len);
	const struct layout *l = layout_of(v->record);
	if (!v->layout) v->layout = l;
	struct str code = { v->record, 3 };
	if (l != v->layout || len > l->width || len < l->total_fees.at + (size_t)l->total_fees.len) {
		refuse(v, "record", MSG_V11_RECORD, arg_int("length", (int64_t)len));
		return;
	}
	if (!is_digits(code)) {
		refuse(v, "code", MSG_BANK_VALUE, arg_text("value", S("?")));
		return;
	}
	char third = code.at[2];
	bool is_type_4 = l == &type_4;
	/* 999 and 995, or 991 and 992, of which some banks write 98x. */
	bool is_total = code.at[0] == '9' && (code.at[1] == '9' || (is_type_4 && code.at[1] == '8'));
	if (is_total && (third == (is_type_4 ? '1' : '9') || third == l->cancel)) read_total(v, third == l->cancel);
	else if (code.at[0] <= (is_type_4 ? '3' : '2') && code.at[1] <= '3' && (third == l->credit || third == l->cancel || third == l->correction))
		read_payment(v, third == l->cancel);
	else refuse(v, "code", MSG_V11_CODE, arg_text("code", code));
}

/* ---- lines or a stream ---- */

static void take(struct v11 *v, char c)
{
	if (!v->is_stream && (c == '\n' || c == '\r')) {
		if (c == '\n') read_record(v);
		return;
	}
	if (v->len < sizeof v->record) v->record[v->len++] = c;
	if (v->is_stream && v->len == v->layout->width) read_record(v);
}

static void decide(struct v11 *v)
{
	v->is_decided = true;
	size_t len = v->head_len;
	while (len && v->head[len - 1] == ' ') len--;
	if (!memchr(v->head, '\n', v->head_len) && len > type_4.currency.at + (size_t)type_4.currency.len) {
		const struct layout *l = layout_of(v->head);
		if (len > l->width) v->is_stream = true, v->layout = l;
	}
	for (size_t i = 0; i < v->head_len && !v->is_refused; i++) take(v, v->head[i]);
}

enum status v11_feed(struct v11 *v, struct str piece)
{
	size_t i = 0;
	while (!v->is_decided && i < piece.len) {
		v->head[v->head_len++] = piece.at[i++];
		if (v->head_len == HEAD) decide(v);
	}
	for (; i < piece.len && !v->is_refused; i++) take(v, piece.at[i]);
	return v->is_refused ? REFUSED : OK;
}

/* Programs that write text end the last line of a stream, too. */
static void drop_line_end(struct v11 *v)
{
	while (v->len && (v->record[v->len - 1] == '\n' || v->record[v->len - 1] == '\r' || v->record[v->len - 1] == '\x1a')) v->len--;
}

enum status v11_end(struct v11 *v)
{
	if (!v->is_decided) decide(v);
	if (v->is_stream) drop_line_end(v);
	if (v->len && !v->is_refused) read_record(v);
	for (size_t i = 0; i < v->group_count && !v->is_refused; i++) {
		const struct group *g = &v->groups[i];
		if (g->sums[0].count || g->sums[1].count)
			refuse(v, "total", MSG_V11_TOTAL_MISSING, arg_text("participant", ((struct str){ g->participant, sizeof g->participant })));
	}
	if (!v->is_refused && !v->has_total) refuse(v, "total", MSG_V11_NO_TOTAL);
	if (!v->is_refused && v->report.version.len && v->handler->report_end) v->handler->report_end(v->user, &v->report);
	return v->is_refused ? REFUSED : OK;
}
