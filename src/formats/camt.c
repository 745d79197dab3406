/* formats/camt.c: libxml2's events walked along the table of the structure, and values taken from them. */
#include "formats/camt.h"

#include <libxml/parserInternals.h>
#include <string.h>

#include "formats/camt_reading.h"

#define NAMESPACE "urn:iso:std:iso:20022:tech:xsd:"

/* ---- findings ---- */

static struct bank_place place_of(struct camt *c, struct buf *path, const char *more)
{
	for (int i = 1; i <= c->depth; i++) {
		if (i > 1) buf_add_char(path, '/');
		buf_add(path, str_of(c->levels[i].edge->name));
	}
	const char *name = c->depth ? c->levels[c->depth].edge->name : "";
	if (more) {
		if (c->depth) buf_add_char(path, '/');
		buf_add(path, str_of(more));
		name = more;
	}
	return (struct bank_place){ c->parser->input ? c->parser->input->line : 0, str_of(name), buf_str(path) };
}

void camt_say_args(struct camt *c, const char *rule, enum bank_severity severity, const char *more, enum message message, const struct arg *args)
{
	struct arena *a = arena_new();
	struct buf path = buf_in(a);
	bank_find_args(c->findings, rule, severity, place_of(c, &path, more), message, args);
	arena_free(a);
}

void camt_refuse_args(struct camt *c, const char *rule, const char *more, enum message message, const struct arg *args)
{
	if (c->is_refused) return;
	camt_say_args(c, rule, BANK_ERROR, more, message, args);
	c->is_refused = true;
	xmlStopParser(c->parser);
}

/* ---- the table ---- */

static size_t slot_of(const struct camt *c, const xmlChar *name)
{
	uintptr_t at = (uintptr_t)name;
	size_t slot = (at >> 2 ^ at >> 9 ^ at >> 15) % NAME_SLOTS;
	while (c->slot_name[slot] && c->slot_name[slot] != name) slot = (slot + 1) % NAME_SLOTS;
	return slot;
}

/* libxml2 keeps one copy of each name, so that an address is enough to know it by. */
static void make_table(struct camt *c)
{
	unsigned char names = 0, bits[CAMT_BOXES] = { 0 };
	if (camt_edge_count > EDGES_MAX) BUG("%zu edges", camt_edge_count);
	for (size_t i = 0; i < camt_edge_count; i++) {
		const struct camt_edge *e = &camt_edges[i];
		const xmlChar *name = xmlDictLookup(c->parser->dict, (const xmlChar *)e->name, -1);
		if (!name) BUG("libxml2: no memory for a name");
		size_t slot = slot_of(c, name);
		if (!c->slot_name[slot]) {
			c->slot_name[slot] = name;
			if (names == NAMES_MAX) BUG("more than %d names", NAMES_MAX);
			c->slot_number[slot] = ++names;
		}
		if (bits[e->box] == BITS_MAX) BUG("a box of more than %d elements", BITS_MAX);
		c->bit[i] = bits[e->box]++;
		c->next[e->box][c->slot_number[slot]] = (unsigned char)(i + 1);
		if (e->flags & CAMT_REQUIRED) c->required[e->box] |= 1u << c->bit[i];
	}
	c->ccy = xmlDictLookup(c->parser->dict, (const xmlChar *)"Ccy", -1);
}

/* The first required element that level L has not seen; NULL: it has all, apart from BUT. */
static const char *missing_in(const struct camt *c, const struct level *l, enum camt_field but)
{
	uint32_t missing = c->required[l->edge->holds] & ~l->seen;
	for (size_t i = 0; missing && i < camt_edge_count; i++)
		if (camt_edges[i].box == l->edge->holds && (missing & 1u << c->bit[i]) && (but == CAMT_NONE || camt_edges[i].field != but))
			return camt_edges[i].name;
	return NULL;
}

bool camt_has_before(struct camt *c, enum camt_field but)
{
	const char *missing = missing_in(c, &c->levels[c->depth - 1], but);
	if (missing) camt_refuse(c, "C00", NULL, MSG_BANK_ELEMENT_LATE, arg_text("name", str_of(missing)));
	return !missing;
}

/* ---- the beginning of elements ---- */

/* The root's namespace says which message and version it is. */
static void begin_document(struct camt *c, const xmlChar *uri)
{
	struct str s = str_of((const char *)uri);
	struct str name = str_starts(s, S(NAMESPACE)) ? str_part(s, sizeof NAMESPACE - 1, s.len) : S("");
	bool is_statement = str_starts(name, S("camt.053.001.0")), is_ours = is_statement || str_starts(name, S("camt.054.001.0"));
	if (!is_ours || name.len != 15 || name.at[14] < '2' || name.at[14] > '8') {
		camt_refuse(c, "C00", NULL, MSG_BANK_NAMESPACE, arg_text("name", name.len ? str_part(name, 0, 70) : str_part(s, 0, 70)));
		return;
	}
	c->report.kind = is_statement ? BANK_STATEMENT : BANK_NOTIFICATION;
	c->report.version = camt_keep(c, &c->message_texts, str_part(name, 13, 2));
}

static void begin_message(struct camt *c, enum bank_kind kind)
{
	if (c->report.kind != kind) camt_refuse(c, "C00", NULL, MSG_BANK_MESSAGE_OTHER, arg_text("kind", str_of(bank_kind_name(c->report.kind))));
	c->has_message = true;
	c->page = 1;
	c->is_last_page = true;
}

static void begin_box(struct camt *c, enum camt_field field, const xmlChar *uri)
{
	switch (field) {
	case CAMT_DO_DOCUMENT: begin_document(c, uri); break;
	case CAMT_DO_STATEMENTS: begin_message(c, BANK_STATEMENT); break;
	case CAMT_DO_NOTIFICATIONS: begin_message(c, BANK_NOTIFICATION); break;
	case CAMT_DO_REPORT: camt_begin_report(c); break;
	case CAMT_DO_BALANCE:
		c->balance = (struct bank_balance){ .is_known = true }, c->is_opening = c->is_closing = c->balance_is_previous = false;
		break;
	case CAMT_DO_ENTRY: camt_begin_entry(c); break;
	case CAMT_DO_DETAILS: camt_begin_details(c); break;
	case CAMT_DO_TRANSACTION: camt_begin_transaction(c); break;
	case CAMT_DO_DEBTOR: c->party = &c->debtor; break;
	case CAMT_DO_ULTIMATE: c->party = &c->ultimate; break;
	case CAMT_DO_DEBTOR_ACCOUNT: c->iban = &c->debtor.iban; break;
	case CAMT_DO_CREDITOR_ACCOUNT: c->iban = &c->creditor_iban; break;
	case CAMT_DO_REFERENCE: c->reference_type = BANK_UNTYPED, c->reference = S(""); break;
	case CAMT_DO_RETURN: c->t.is_return = true; break;
	default: break;
	}
}

/* Takes the attribute Ccy of an amount: three capitals. */
static void take_currency(struct camt *c, int count, const xmlChar **attributes)
{
	c->has_currency = false;
	for (int i = 0; i < count; i++) {
		const xmlChar **at = attributes + 5 * (size_t)i; /* name, prefix, namespace, value, its end */
		if (at[0] != c->ccy || at[4] - at[3] != sizeof c->currency) continue;
		memcpy(c->currency, at[3], sizeof c->currency);
		c->has_currency = true;
		for (size_t k = 0; k < sizeof c->currency; k++)
			if (c->currency[k] < 'A' || c->currency[k] > 'Z') c->has_currency = false;
	}
	if (!c->has_currency) camt_refuse(c, "C00", NULL, MSG_BANK_CURRENCY);
}

static void unknown_element(struct camt *c, const xmlChar *name)
{
	char shown[70];
	size_t len = strnlen((const char *)name, sizeof shown);
	while (len && ((unsigned char)name[len] & 0xc0) == 0x80) len--; /* no half letter */
	memcpy(shown, name, len);
	camt_refuse(c, "C00", NULL, MSG_BANK_ELEMENT_UNKNOWN, arg_text("name", (struct str){ shown, len }));
}

static void on_start(void *of, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int nb_namespaces, const xmlChar **namespaces,
	int nb_attributes, int nb_defaulted, const xmlChar **attributes)
{
	(void)prefix, (void)namespaces, (void)nb_defaulted;
	struct camt *c = of;
	c->events++;
	if (c->is_refused) return;
	if (nb_attributes > CAMT_ATTRIBUTES_MAX || nb_namespaces > CAMT_ATTRIBUTES_MAX) {
		camt_refuse(c, "C00", NULL, MSG_BANK_ATTRIBUTES, arg_int("max", CAMT_ATTRIBUTES_MAX));
		return;
	}
	if (c->depth + c->passed >= CAMT_DEPTH_MAX) {
		camt_refuse(c, "C00", NULL, MSG_BANK_TOO_DEEP, arg_int("max", CAMT_DEPTH_MAX));
		return;
	}
	if (c->passed) {
		c->passed++;
		return;
	}
	struct level *around = &c->levels[c->depth];
	size_t slot = slot_of(c, name);
	unsigned char found = c->slot_name[slot] ? c->next[around->edge->holds][c->slot_number[slot]] : 0;
	if (!found) {
		unknown_element(c, name);
		return;
	}
	const struct camt_edge *e = &camt_edges[found - 1];
	uint32_t bit = 1u << c->bit[found - 1];
	if ((around->seen & bit) && !(e->flags & CAMT_MANY)) {
		camt_refuse(c, "C00", e->name, MSG_BANK_ELEMENT_TWICE);
		return;
	}
	around->seen |= bit;
	if (e->flags & CAMT_PASSED) {
		c->passed = 1;
		return;
	}
	c->levels[++c->depth] = (struct level){ e, 0 };
	c->text_len = 0;
	c->takes_text = e->holds == CAMT_LEAF || e->holds == CAMT_STATUS;
	if (e->flags & CAMT_MONEY) take_currency(c, nb_attributes, attributes);
	else if (e->holds != CAMT_LEAF) begin_box(c, (enum camt_field)e->field, uri);
}

/* ---- their ends ---- */

static void on_end(void *of, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)name, (void)prefix, (void)uri;
	struct camt *c = of;
	c->events++;
	if (c->is_refused) return;
	if (c->passed) {
		c->passed--;
		return;
	}
	const struct level *l = &c->levels[c->depth];
	if (c->required[l->edge->holds] & ~l->seen) {
		camt_refuse(c, "C00", missing_in(c, l, CAMT_NONE), MSG_BANK_ELEMENT_MISSING);
		return;
	}
	if (l->edge->field) camt_take(c, (enum camt_field)l->edge->field);
	c->takes_text = false;
	c->depth--;
}

static void on_text(void *of, const xmlChar *text, int len)
{
	struct camt *c = of;
	c->events++;
	if (!c->takes_text || c->passed || c->is_refused) return;
	if ((size_t)len > sizeof c->text - c->text_len) {
		camt_refuse(c, "C00", NULL, MSG_BANK_TEXT_TOO_LONG, arg_int("max", CAMT_TEXT_MAX));
		return;
	}
	memcpy(c->text + c->text_len, text, (size_t)len);
	c->text_len += (size_t)len;
}

static void on_comment(void *of, const xmlChar *text)
{
	(void)text;
	((struct camt *)of)->events++;
}

static void on_instruction(void *of, const xmlChar *target, const xmlChar *data)
{
	(void)target, (void)data;
	((struct camt *)of)->events++;
}

static void on_doctype(void *of, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	(void)name, (void)external, (void)system;
	camt_refuse((struct camt *)of, "C00", NULL, MSG_BANK_DOCTYPE);
}

/* ---- a reading ---- */

static struct texts texts_of(size_t size)
{
	struct texts t = { malloc(size), 0, size };
	if (!t.at) BUG("no memory for %zu bytes", size);
	return t;
}

struct camt *camt_new(enum camt_pass pass, struct bank_plan *plan, const struct bank_handler *handler, void *user, struct bank_findings *findings)
{
	static const struct camt_edge root = { CAMT_FILE, CAMT_FILE, CAMT_NONE, 0, "" };
	static const xmlSAXHandler calls = { .initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.cdataBlock = on_text,
		.ignorableWhitespace = on_text,
		.comment = on_comment,
		.processingInstruction = on_instruction,
		.internalSubset = on_doctype };
	struct camt *c = calloc(1, sizeof *c);
	if (!c) BUG("no memory for a reader");
	c->pass = pass, c->plan = plan, c->handler = handler, c->user = user, c->findings = findings;
	c->message_texts = texts_of(HEAD_TEXTS), c->report_texts = texts_of(HEAD_TEXTS), c->entry_texts = texts_of(HEAD_TEXTS);
	c->texts = texts_of(CAMT_TEXTS_MAX);
	c->levels[0].edge = &root;
	xmlInitParser();
	xmlSAXHandler own = calls;
	c->parser = xmlCreatePushParserCtxt(&own, c, NULL, 0, NULL);
	if (!c->parser) BUG("libxml2: no memory for a parser");
	xmlCtxtUseOptions(c->parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	make_table(c);
	return c;
}

void camt_free(struct camt *c)
{
	if (!c) return;
	xmlFreeParserCtxt(c->parser);
	free(c->message_texts.at), free(c->report_texts.at), free(c->entry_texts.at), free(c->texts.at);
	free(c);
}

static enum status parse(struct camt *c, const char *at, size_t len, bool is_last)
{
	uint64_t before = c->events;
	int error = xmlParseChunk(c->parser, at, (int)len, is_last);
	if (error && !c->is_refused) camt_refuse(c, "C00", NULL, MSG_BANK_XML);
	c->silence = c->events == before ? c->silence + len : 0;
	if (c->silence >= CAMT_SILENCE_MAX) camt_refuse(c, "C00", NULL, MSG_BANK_SILENCE, arg_int("kib", CAMT_SILENCE_MAX >> 10));
	if (xmlDictSize(c->parser->dict) > CAMT_NAMES_MAX) camt_refuse(c, "C00", NULL, MSG_BANK_NAMES, arg_int("max", CAMT_NAMES_MAX));
	return c->is_refused ? REFUSED : OK;
}

enum status camt_feed(struct camt *c, struct str piece)
{
	if (c->is_refused) return REFUSED;
	for (size_t at = 0; at < piece.len; at += BANK_PIECE) {
		struct str part = str_part(piece, at, BANK_PIECE);
		if (parse(c, part.at, part.len, false)) return REFUSED;
	}
	return OK;
}

enum status camt_end(struct camt *c)
{
	if (c->is_refused || parse(c, NULL, 0, true)) return REFUSED;
	if (!c->has_message) camt_refuse(c, "C00", NULL, MSG_BANK_NO_MESSAGE);
	return c->is_refused || c->is_unbalanced ? REFUSED : OK;
}
