/* commands/demo_orders.c: a table of who bought what and what became of it; then baskets, checkouts, a bank's file and a cancellation. */
#include "commands/demo_orders.h"

#include "accounts/account.h"
#include "base/clock.h"
#include "base/random.h"
#include "billing/bill.h"
#include "dealing/checkout.h"
#include "dealing/ending.h"
#include "dealing/payments.h"
#include "formats/bank_file.h"
#include "institution/administrative.h"
#include "institution/organisation_edit.h"
#include "institution/sale_edit.h"
#include "outside/bank_file.h"

#define OWNER_BYTES 32	/* sales/basket.h: of a browser's cookie */
#define OVERPAID	500 /* cents that somebody rounded up */

/* Where people buy: the shop makes reservations; who calls gets the tickets at once and pays later. */
enum door_kind { BY_SHOP, BY_PHONE, DOORS };

enum fate { RESERVED, HALF_PAID, PAID, PAID_TOO_MUCH, CANCELLED, IN_BASKET };

static const struct {
	const char *first, *last, *email, *street, *house_number, *postcode, *town;
	enum language language;
} people[] = {
	{ "Jeanne", "Rochat", "", "Rue des Moulins", "27", "2000", "Neuchâtel", LANG_EN }, /* who has an account */
	{ "Marc", "Favre", "marc.favre@example.org", "Rue du Lac", "4", "1003", "Lausanne", LANG_FR },
	{ "Anna", "Keller", "anna.keller@example.org", "Bahnhofstrasse", "12", "8001", "Zürich", LANG_DE },
	{ "Luca", "Bernasconi", "luca.bernasconi@example.org", "Via Cantonale", "8", "6900", "Lugano", LANG_IT },
	{ "Sophie", "Müller", "sophie.mueller@example.org", "Kirchgasse", "31", "3011", "Bern", LANG_DE },
	{ "Daniel", "Widmer", "daniel.widmer@example.org", "Dorfstrasse", "5", "2502", "Biel/Bienne", LANG_DE },
	{ "Élodie", "Perret", "elodie.perret@example.org", "Grand-Rue", "19", "2016", "Cortaillod", LANG_FR },
	{ "Giulia", "Fontana", "giulia.fontana@example.org", "Via San Gottardo", "44", "6500", "Bellinzona", LANG_IT },
	{ "Thomas", "Huber", "thomas.huber@example.org", "Hauptstrasse", "7", "4051", "Basel", LANG_DE },
	{ "Noémie", "Piguet", "noemie.piguet@example.org", "Chemin des Vignes", "2", "1800", "Vevey", LANG_FR },
	{ "Verena", "Zürcher", "verena.zuercher@example.org", "Sonnenweg", "16", "3600", "Thun", LANG_DE },
	{ "Yves", "Aubert", "yves.aubert@example.org", "Rue des Moulins", "3", "2300", "La Chaux-de-Fonds", LANG_FR },
};

/* SHOW counts the performances by time. Those paid and posted are what the printing company will get: twenty-two tickets. */
static const struct {
	int who, show;
	const char *category, *tariff;
	int n;
	const char *mode;
	enum door_kind door;
	enum fate fate;
} orders[] = {
	{ 0, 0, "1", "full", 2, "post", BY_SHOP, PAID },
	{ 1, 1, "standing", "full", 4, "post", BY_SHOP, PAID },
	{ 2, 2, "2", "child", 3, "registered", BY_SHOP, PAID },
	{ 3, 1, "standing", "reduced", 2, "post", BY_SHOP, PAID },
	{ 4, 3, "1", "full", 4, "post", BY_SHOP, PAID },
	{ 5, 5, "2", "full", 2, "post", BY_SHOP, PAID },
	{ 6, 0, "3", "reduced", 3, "post", BY_SHOP, PAID },
	{ 7, 4, "1", "full", 2, "registered", BY_SHOP, PAID_TOO_MUCH },
	{ 9, 7, "2", "full", 2, "print-at-home", BY_SHOP, PAID },
	{ 0, 5, "1", "full", 2, "post", BY_SHOP, RESERVED },
	{ 8, 6, "standing", "full", 3, "post", BY_SHOP, RESERVED },
	{ 9, 2, "3", "child", 2, "pick-up", BY_SHOP, RESERVED },
	{ 4, 7, "3", "full", 4, "post", BY_SHOP, HALF_PAID },
	{ 10, 0, "1", "full", 2, "post", BY_PHONE, RESERVED },
	{ 11, 4, "2", "full", 6, "print-at-home", BY_PHONE, HALF_PAID },
	{ 8, 1, "standing", "full", 2, "post", BY_SHOP, CANCELLED },
	{ 6, 6, "standing", "full", 1, "post", BY_SHOP, IN_BASKET },
};

struct making {
	struct conn *db;
	struct arena *a;
	struct actor who;
	struct seller seller[DOORS];
	struct show *shows;
	size_t show_count;
	struct account jeanne;
	int64_t order[COUNT(orders)];
	struct bank_payment payments[COUNT(orders) + 1];
	size_t payment_count;
	int64_t phone; /* its point of sale */
};

/* ---- the second way to buy ---- */

static enum status open_phone(struct conn *db, void *arg)
{
	struct making *x = arg;
	struct problem why = problem_in(x->a);
	struct channel_edit channel = channel_new();
	int64_t id;
	enum status st;
	channel.code = S("phone");
	channel.kind = S("phone");
	channel.name = S("Phone");
	channel.invoice_as = INVOICE_PENDING_ACCOUNT;
	if ((st = channel_save(db, x->a, &x->who, &channel, &id, &why))) return st;
	const struct sale_edit sale = { .organisation = x->seller[BY_SHOP].organisation, .channel = id, .code = S("phone"), .name = S("Phone") };
	if ((st = sale_save(db, x->a, &x->who, &sale, &x->phone, &why))) return st;
	if ((st = sale_move(db, x->a, &x->who, x->phone, SALE_ACTIVE, &why))) return st;
	for (size_t i = 0; i < x->show_count && !st; i++) st = sale_window_set(db, x->shows[i].id, id, x->shows[i].opens_at, x->shows[i].closes_at);
	return st;
}

/* ---- buying ---- */

static struct buyer buyer_of(const struct making *x, int who)
{
	return (struct buyer){ .email = who ? (struct email){ { 0 }, { 0 } } : (struct email){ x->jeanne.email, x->jeanne.email_key },
		.first_name = str_of(people[who].first),
		.last_name = str_of(people[who].last),
		.street = str_of(people[who].street),
		.house_number = str_of(people[who].house_number),
		.postcode = str_of(people[who].postcode),
		.town = str_of(people[who].town),
		.country = S("CH"),
		.language = people[who].language,
		.account = who ? 0 : x->jeanne.id };
}

static int64_t fee_of(const struct till *t, const char *mode)
{
	for (size_t i = 0; i < t->mode_count; i++)
		if (str_eq(t->modes[i].code, str_of(mode))) return t->modes[i].fee;
	return 0;
}

static enum status buy(struct making *x, size_t i)
{
	const struct seller *s = &x->seller[orders[i].door];
	const struct basket_owner owner = { .browser_hash = random_bytes(x->a, OWNER_BYTES) };
	const struct wish wish = { str_of(orders[i].category), str_of(orders[i].tariff), orders[i].n, 0 };
	struct problem why = problem_in(x->a);
	struct buyer buyer = buyer_of(x, orders[i].who);
	struct till till;
	int64_t number;
	enum basket_outcome taken = basket_add(x->db, x->a, s, &owner, x->shows[orders[i].show].id, &wish, 1, &x->order[i]);
	if (taken != BASKET_DONE && taken != BASKET_SPLIT) return CONFLICT;
	if (orders[i].fate == IN_BASKET) return OK;
	enum status st = till_open(x->db, x->a, s, &owner, buyer.language, &till);
	if (st == OK && !buyer.account) st = email_read(x->a, str_of(people[orders[i].who].email), "email", &buyer.email, &why);
	if (st) return st;
	const struct purchase p = { .buyer = &buyer,
		.shipment_mode = str_of(orders[i].mode),
		.payment = PAY_INVOICE,
		.total = till.subtotal + fee_of(&till, orders[i].mode),
		.by_name = orders[i].door == BY_SHOP ? S("buyer") : x->who.name };
	return checkout(x->db, x->a, s, &till, &p, &number, &why) == CHECKOUT_DONE ? OK : CONFLICT;
}

/* ---- paying ---- */

static enum status pay(struct making *x, size_t i)
{
	struct bill *bills;
	size_t count;
	enum status st = bills_of_order(x->db, x->a, x->who.institution, x->order[i], &bills, &count);
	if (st || count == 0) return st ? st : NOT_FOUND;
	int64_t amount = orders[i].fate == HALF_PAID ? bills->amount / 2 : orders[i].fate == PAID_TOO_MUCH ? bills->amount + OVERPAID : bills->amount;
	x->payments[x->payment_count++] = (struct bank_payment){ .account = bills->account,
		.currency = bills->currency,
		.kind = bills->kind,
		.reference = bills->reference,
		.payer = bills->debtor,
		.cents = amount };
	return OK;
}

/* Somebody typed the transfer by hand, and left the reference out: the accountant has to look. */
static void pay_without_reference(struct making *x)
{
	struct bank_payment *p = &x->payments[x->payment_count++];
	*p = x->payments[0];
	p->kind = QRBILL_NON;
	p->reference = S("");
	p->words = S("Billets La nuit du lac, merci");
	p->payer = (struct qrbill_address){ .name = S("Camille Blanc") };
	p->cents = 7500;
}

static enum status bring_bank_file(struct making *x)
{
	struct administrative v;
	struct problem why = problem_in(x->a);
	struct payment_result result;
	enum status st = administrative_get(x->db, x->a, x->who.institution, &v);
	if (st) return st;
	const struct bank_notice notice = { .account = v.iban,
		.id = str_hex(x->a, random_bytes(x->a, 8)),
		.time = str_format(x->a, "%.16s:00", lang_iso(x->a, store_now(x->db), x->seller[BY_SHOP].zone).at),
		.payments = x->payments,
		.count = x->payment_count };
	struct str bytes = bank_file_write(x->a, &notice);
	const struct bank_input input = bank_input_of(&bytes);
	const struct payment_file file = { .institution = x->who.institution, .name = S("camt.054.xml"), .input = &input, .by_name = x->who.name };
	return payments_import(x->db, x->a, &file, &result, &why);
}

/* ---- ending ---- */

struct ending_one {
	struct making *x;
	int64_t order;
};

static enum status end(struct conn *db, void *arg)
{
	const struct ending_one *e = arg;
	return order_end(db, e->x->a, &(struct ending){ e->x->who.institution, e->order, S("cancelled"), e->x->who.name });
}

static enum status settle_fates(struct making *x)
{
	enum status st = OK;
	for (size_t i = 0; i < COUNT(orders) && !st; i++)
		if (orders[i].fate == PAID || orders[i].fate == HALF_PAID || orders[i].fate == PAID_TOO_MUCH) st = pay(x, i);
		else if (orders[i].fate == CANCELLED) st = store_write(x->db, end, &(struct ending_one){ x, x->order[i] });
	if (st) return st;
	pay_without_reference(x);
	return bring_bank_file(x);
}

enum status demo_orders_make(struct conn *db, struct arena *a, int64_t institution, int64_t shop, struct str buyer_email)
{
	struct making x = { .db = db, .a = a, .who = actor_command(institution, S("parterre demo")) };
	struct str key;
	enum status st;
	if (!email_key(a, buyer_email, &key)) BUG("the buyer's address");
	if ((st = account_by_email(db, a, institution, key, &x.jeanne))) return st;
	if ((st = seller_get(db, a, shop, &x.seller[BY_SHOP]))) return st;
	if ((st = catalogue_shows(db, a, &x.seller[BY_SHOP], LANG_EN, 0, 0, PLAYBILL_MOST, &x.shows, &x.show_count))) return st;
	if ((st = store_write(db, open_phone, &x))) return st;
	if ((st = seller_get(db, a, x.phone, &x.seller[BY_PHONE]))) return st;
	for (size_t i = 0; i < COUNT(orders) && !st; i++) st = buy(&x, i);
	return st ? st : settle_fates(&x);
}
