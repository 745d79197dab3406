/* commands/demo_programme.c: the demonstration's venue, prices and performances, as tables. */
#include "commands/demo_programme.h"

#include "base/clock.h"
#include "base/day.h"
#include "institution/administrative.h"
#include "institution/channel.h"
#include "institution/institution.h"
#include "sales/postpone.h"
#include "institution/sale_edit.h"
#include "sales/programme.h"
#include "shipping/interface.h"
#include "shipping/mode.h"

#define FIRST_DAY	16 /* ahead of today: post and invoice are still offered for the first evening */
#define NEAREST_DAY 15 /* nearer, the programme moves on */
#define STANDING	300
#define HALL_ROWS	10
#define HALL_SEATS	12
#define AISLE_AFTER 6

enum { CATEGORY_STANDING, CATEGORY_1, CATEGORY_2, CATEGORY_3, CATEGORIES };
enum { TARIFF_FULL, TARIFF_REDUCED, TARIFF_CHILD, TARIFFS };
enum { HALL, FOYER, CONFIGURATIONS };

#define WORDS(en, fr, de, it)                      \
	{                                              \
		{                                          \
			{ STR(en) }, { STR(fr) }, { STR(de) }, \
			{                                      \
				STR(it)                            \
			}                                      \
		}                                          \
	}

static const struct {
	const char *code;
	struct words name;
	int64_t prices[TARIFFS];
} categories[CATEGORIES] = {
	{ "standing", WORDS("Standing", "Debout", "Stehplatz", "In piedi"), { 3500, 2800, 1750 } },
	{ "1", WORDS("Category 1", "Catégorie 1", "Kategorie 1", "Categoria 1"), { 9500, 7600, 4750 } },
	{ "2", WORDS("Category 2", "Catégorie 2", "Kategorie 2", "Categoria 2"), { 7200, 5760, 3600 } },
	{ "3", WORDS("Category 3", "Catégorie 3", "Kategorie 3", "Categoria 3"), { 4800, 3840, 2400 } },
};

static const struct {
	const char *code;
	struct words name;
} tariffs[TARIFFS] = {
	{ "full", WORDS("Full price", "Plein tarif", "Normalpreis", "Prezzo intero") },
	{ "reduced", WORDS("Reduced", "Tarif réduit", "Ermässigt", "Ridotto") },
	{ "child", WORDS("Child up to 16", "Enfant jusqu’à 16 ans", "Kind bis 16", "Ragazzi fino a 16 anni") },
};

static const struct {
	const char *code, *titles[LANGUAGES], *what[LANGUAGES];
} events[] = {
	{ "carmen", { "Carmen", "Carmen", "Carmen", "Carmen" },
		{ "Opera in four acts by Georges Bizet, in French with English surtitles", "Opéra en quatre actes de Georges Bizet",
			"Oper in vier Akten von Georges Bizet, französisch gesungen", "Opera in quattro atti di Georges Bizet, in francese" } },
	{ "avare", { "L’Avare", "L’Avare", "Der Geizige", "L’avaro" },
		{ "Comedy by Molière, in French", "Comédie de Molière", "Komödie von Molière, französisch", "Commedia di Molière, in francese" } },
	{ "wolf", { "Peter and the Wolf", "Pierre et le loup", "Peter und der Wolf", "Pierino e il lupo" },
		{ "Family concert, from 5 years", "Concert en famille, dès 5 ans", "Familienkonzert, ab 5 Jahren", "Concerto per famiglie, dai 5 anni" } },
	{ "night", { "Night by the Lake", "La nuit du lac", "Nacht am See", "La notte del lago" },
		{ "Three bands, one floor, until two in the morning", "Trois groupes, une seule piste, jusqu’à deux heures du matin",
			"Drei Bands, ein Saal, bis zwei Uhr früh", "Tre gruppi, una sola pista, fino alle due di notte" } },
};

/* So many days after the first, at so many hours of the house's clock, for so long. */
static const struct {
	int event, configuration, days, hours, lasts;
} performances[] = {
	{ 0, HALL, 0, 20, 3 },
	{ 3, FOYER, 1, 21, 5 },
	{ 2, HALL, 3, 11, 1 },
	{ 1, HALL, 5, 20, 2 },
	{ 1, HALL, 6, 20, 2 },
	{ 0, HALL, 9, 17, 3 },
	{ 3, FOYER, 22, 21, 5 },
	{ 0, HALL, 31, 20, 3 },
};

static const struct {
	const char *code;
	enum shipment_kind kind;
	int64_t last_days, fee;
	struct words name, note;
	enum abroad abroad;
	bool needs_address;
} modes[] = {
	{ "post", SHIP_POST, 5, 500, WORDS("By post", "Par la poste", "Per Post", "Per posta"),
		WORDS("Posted the day after your payment", "Posté le lendemain de votre paiement", "Am Tag nach Ihrer Zahlung aufgegeben",
			"Spedito il giorno dopo il pagamento"),
		ABROAD_ANY, true },
	{ "registered", SHIP_REGISTERED, 4, 900, WORDS("By registered post", "En recommandé", "Eingeschrieben", "Per raccomandata"),
		WORDS("You sign for the letter", "Vous signez à la réception", "Sie unterschreiben beim Empfang", "Si firma alla consegna"), ABROAD_NO,
		true },
	{ "print-at-home", SHIP_PRINT_AT_HOME, 0, 0, WORDS("Print at home", "À imprimer chez soi", "Zu Hause drucken", "Da stampare a casa"),
		WORDS("A PDF, on paper or on your phone", "Un PDF, sur papier ou sur votre téléphone", "Ein PDF, auf Papier oder auf dem Telefon",
			"Un PDF, su carta o sul telefono"),
		ABROAD_ANY, false },
	{ "pick-up", SHIP_PICK_UP, 0, 0, WORDS("Pick up at the entrance", "À retirer à l’entrée", "Am Eingang abholen", "Ritiro all’entrata"),
		WORDS("From one hour before, with the order’s number", "Dès une heure avant, avec le numéro de commande",
			"Ab einer Stunde vorher, mit der Bestellnummer", "Da un’ora prima, con il numero d’ordine"),
		ABROAD_ANY, false },
};

struct making {
	struct conn *db;
	struct arena *a;
	struct seller seller;
	int64_t culture, normal, rates, season, counter; /* the last: its channel */
	int64_t category[CATEGORIES], tariff[TARIFFS], configuration[CONFIGURATIONS], event[COUNT(events)];
};

static enum status make_prices(struct making *x)
{
	int64_t i = x->seller.institution;
	enum status st;
	if ((st = vat_rate_make(x->db, i, S("culture"), S("2.6 %"), 260, &x->culture))) return st;
	if ((st = vat_rate_make(x->db, i, S("normal"), S("8.1 %"), 810, &x->normal))) return st;
	if ((st = rate_table_make(x->db, i, S("house"), S("House"), x->culture, &x->rates))) return st;
	for (int t = 0; t < TARIFFS; t++)
		if ((st = tariff_make(x->db, i, str_of(tariffs[t].code), t, &tariffs[t].name, &x->tariff[t]))) return st;
	for (int c = 0; c < CATEGORIES; c++) {
		if ((st = seat_category_make(x->db, i, str_of(categories[c].code), c, &categories[c].name, &x->category[c]))) return st;
		for (int t = 0; t < TARIFFS; t++)
			if ((st = rate_set(x->db, x->rates, x->category[c], x->tariff[t], categories[c].prices[t]))) return st;
	}
	return OK;
}

/* Rows bend around the stage; the seats at both ends are a category cheaper; an aisle leaves a gap. */
static enum status make_seats(struct making *x, int64_t zone)
{
	static const char rows[] = "ABCDEFGHJK"; /* no I, which looks like a number */
	enum status st = OK;
	for (int r = 0; r < HALL_ROWS; r++)
		for (int s = 1; s <= HALL_SEATS && !st; s++) {
			int64_t along = s <= AISLE_AFTER ? 3480 + (s - 1) * 2505 : 20000 + (s - AISLE_AFTER - 1) * 2505, off = along - 18000;
			int category = (r < 4 ? CATEGORY_1 : r < 7 ? CATEGORY_2 : CATEGORY_3) + (s == 1 || s == HALL_SEATS);
			struct new_seat n = {
				.seat_category = x->category[category < CATEGORIES ? category : CATEGORY_3],
				.row_rank = r,
				.position = s + (s > AISLE_AFTER),
				.x = along,
				.y = 7800 + r * 2750 + (r >= 4 ? 1000 : 0) + (r >= 7 ? 1000 : 0) - off * off * 3 / 200000,
				.row_name = (struct str){ &rows[r], 1 },
				.name = str_format(x->a, "%d", s),
			};
			st = seat_make(x->db, zone, &n);
		}
	return st;
}

static enum status make_venue(struct making *x)
{
	static const struct words stalls = WORDS("Stalls", "Parterre", "Parkett", "Platea"), floor = WORDS("Floor", "Piste", "Saalfläche", "Pista");
	int64_t venue, zone;
	enum status st;
	if ((st = venue_make(x->db, x->seller.institution, S("lac"), S("Théâtre du Lac"), S("Neuchâtel"), &venue))) return st;
	if ((st = configuration_make(x->db, venue, S("hall"), S("Grande Salle"), &x->configuration[HALL]))) return st;
	if ((st = configuration_make(x->db, venue, S("foyer"), S("Foyer"), &x->configuration[FOYER]))) return st;
	if ((st = zone_make(x->db, x->configuration[FOYER], &(struct new_zone){ S("floor"), 1, floor, x->category[CATEGORY_STANDING], STANDING }, &zone)))
		return st;
	if ((st = zone_make(x->db, x->configuration[HALL], &(struct new_zone){ S("stalls"), 1, stalls, 0, 0 }, &zone))) return st;
	return make_seats(x, zone);
}

static enum status make_events(struct making *x)
{
	enum status st;
	int64_t today = day_of(x->a, store_now(x->db), x->seller.zone);
	struct date d = date_of_day(today + FIRST_DAY);
	struct str season = str_format(x->a, "%d/%02d", d.month >= 8 ? d.year : d.year - 1, (d.month >= 8 ? d.year + 1 : d.year) % 100);
	if ((st = season_make(x->db, x->seller.organisation, season, season, &x->season))) return st;
	for (size_t e = 0; e < COUNT(events); e++) {
		if ((st = event_make(x->db, x->seller.institution, x->season, str_of(events[e].code), &x->event[e]))) return st;
		for (int l = 0; l < LANGUAGES; l++)
			if ((st = event_text_set(x->db, x->event[e], (enum language)l, str_of(events[e].titles[l]), str_of(events[e].what[l]), S("")))) return st;
	}
	return OK;
}

/* A counter beside the shop. */
static enum status make_counter(struct making *x)
{
	struct actor who = actor_command(x->seller.institution, S("parterre demo"));
	struct problem why = problem_in(x->a);
	struct sales_channel *channels;
	size_t count;
	int64_t id;
	enum status st = channel_list(x->db, x->a, x->seller.institution, &channels, &count);
	for (size_t i = 0; st == OK && i < count; i++)
		if (str_eq(channels[i].kind, S("box-office"))) x->counter = channels[i].id;
	const struct sale_edit counter = { .organisation = x->seller.organisation, .channel = x->counter, .code = S("counter"), .name = S("Caisse 1") };
	if (st == OK) st = sale_save(x->db, x->a, &who, &counter, &id, &why);
	if (st == OK) st = sale_move(x->db, x->a, &who, id, SALE_ACTIVE, &why);
	return st;
}

static enum status make_performances(struct making *x)
{
	int64_t today = day_of(x->a, store_now(x->db), x->seller.zone), id;
	enum status st;
	for (size_t i = 0; i < COUNT(performances); i++) {
		int64_t day = today + FIRST_DAY + performances[i].days, at = day_begins(x->a, day, x->seller.zone) + performances[i].hours * HOUR;
		struct new_performance n = {
			.institution = x->seller.institution,
			.event = x->event[performances[i].event],
			.configuration = x->configuration[performances[i].configuration],
			.rate_table = x->rates,
			.starts_at = at,
			.doors_at = at - 45 * MINUTE,
			.ends_at = at + performances[i].lasts * HOUR,
		};
		if ((st = performance_make(x->db, &n, &id))) return st;
		if ((st = sale_window_set(x->db, id, x->seller.channel, store_now(x->db) - DAY, at - HOUR))) return st;
		if ((st = sale_window_set(x->db, id, x->counter, store_now(x->db) - DAY, at))) return st; /* until it begins */
	}
	return OK;
}

static enum status make_modes(struct making *x)
{
	enum status st = OK;
	int64_t id;
	for (size_t i = 0; i < COUNT(modes) && !st; i++) {
		struct new_shipment_mode n = { .code = str_of(modes[i].code),
			.kind = modes[i].kind,
			.rank = (int64_t)i,
			.last_days = modes[i].last_days,
			.fee = modes[i].fee,
			.vat_rate = modes[i].fee ? x->normal : x->culture,
			.abroad = modes[i].abroad,
			.needs_address = modes[i].needs_address };
		for (int l = 0; l < LANGUAGES; l++) {
			n.name[l] = modes[i].name.in[l];
			n.note[l] = modes[i].note.in[l];
		}
		st = shipment_mode_make(x->db, x->seller.institution, &n, &id);
	}
	return st;
}

/* A QR-IBAN that no bank gave: its IID is one of those that the standard's examples use. */
static enum status make_account(struct making *x)
{
	struct problem why = problem_in(x->a);
	struct actor who = actor_command(x->seller.institution, S("parterre demo"));
	struct administrative v;
	enum status st = administrative_get(x->db, x->a, x->seller.institution, &v);
	if (st) return st;
	v.qr_iban = S("CH44 3199 9123 0008 8901 2");
	v.iban = S("CH58 0079 1123 0008 8901 2"); /* the account behind it, which the bank reports on */
	st = administrative_save(x->db, x->a, &who, &v, &why);
	if (st == REFUSED) BUG("the demonstration's account");
	return st;
}

/* The printing company prints and posts in one go: the file that went out, sent back, tells all buyers. */
static enum status make_interfaces(struct making *x)
{
	static const char *const posted[] = { "post", "registered" };
	const struct actor who = actor_command(x->seller.institution, S("parterre demo"));
	struct problem why = problem_in(x->a);
	struct partner post = { .interface = { .code = S("swiss-post"), .name = S("Swiss Post"), .is_active = true },
		.link_form = S("https://service.post.ch/ekp-web/ui/entry/search/{tracking_number_plain}?lang={language}"),
		.number_form = TRACKING_SWISS_POST,
		.languages = { S("en"), S("fr"), S("de"), S("it") },
		.lost_days = 7 };
	enum status st = partner_save(x->db, x->a, &who, &post, &why);
	struct printer colora = { .interface = { .code = S("colora"), .name = S("Colora"), .is_active = true },
		.layout = S("A6"),
		.barcode_type = S("QR"),
		.separator = ';',
		.has_letters = true,
		.is_line_printed = true,
		.is_printed_posted = true,
		.return_days = 7,
		.keep_days = 30,
		.partner = post.interface.id };
	if (!st) st = printer_save(x->db, x->a, &who, &colora, &why);
	for (size_t i = 0; i < COUNT(posted) && !st; i++) {
		const struct mode_ways ways = { colora.interface.id, post.interface.id, 12, i ? S("R") : S("A_PLUS"), true };
		int64_t mode;
		if (!(st = shipment_mode_by_code(x->db, x->seller.institution, str_of(posted[i]), &mode)))
			st = shipment_mode_ways(x->db, x->seller.institution, mode, &ways);
	}
	return st;
}

enum status demo_programme_make(struct conn *db, struct arena *a, int64_t institution, int64_t shop)
{
	struct making x = { .db = db, .a = a };
	enum status st = seller_get(db, a, shop, &x.seller);
	if (st) return st;
	if (x.seller.institution != institution) BUG("the shop belongs to another house");
	if ((st = make_account(&x))) return st;
	if ((st = make_prices(&x))) return st;
	if ((st = make_venue(&x))) return st;
	if ((st = make_events(&x))) return st;
	if ((st = make_counter(&x))) return st;
	if ((st = make_performances(&x))) return st;
	if ((st = make_modes(&x))) return st;
	return make_interfaces(&x);
}

enum status demo_programme_move(struct conn *db, struct arena *a)
{
	struct seller s;
	int64_t shop;
	enum status st = point_of_sale_first(db, &shop);
	if (st == OK) st = seller_get(db, a, shop, &s);
	return st ? st : programme_postpone(db, a, s.institution, s.zone, day_of(a, store_now(db), s.zone) + NEAREST_DAY);
}
