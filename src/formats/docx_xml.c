/* formats/docx_xml.c: libxml2's event reader with all that is external off: no document type, so no entities; no network; bounded depth. */
#include "formats/docx_package.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "base/status.h"

#define CHUNK 65536 /* the reader is fed in pieces, so that a stop is soon */

struct walk {
	const struct xml_handler *handler;
	void *user;
	struct arena *arena;
	xmlParserCtxtPtr parser;
	const bool *stop;
	int depth;
	int passed; /* depth inside an element nobody wants */
	bool has_doctype, is_too_deep;
};

#define WORD_2006	"http://schemas.openxmlformats.org/"
#define WORD_STRICT "http://purl.oclc.org/ooxml/"

static const struct {
	const char *uri;
	enum xml_space space;
} spaces[] = {
	{ WORD_2006 "wordprocessingml/2006/main", XML_WORD },
	{ WORD_STRICT "wordprocessingml/main", XML_WORD },
	{ WORD_2006 "officeDocument/2006/relationships", XML_RELATION },
	{ WORD_STRICT "officeDocument/relationships", XML_RELATION },
	{ WORD_2006 "drawingml/2006/main", XML_DRAWING },
	{ WORD_STRICT "drawingml/main", XML_DRAWING },
	{ WORD_2006 "drawingml/2006/wordprocessingDrawing", XML_PLACED },
	{ WORD_STRICT "drawingml/wordprocessingDrawing", XML_PLACED },
	{ WORD_2006 "markup-compatibility/2006", XML_COMPATIBLE },
	{ "urn:schemas-microsoft-com:vml", XML_VML },
	{ WORD_2006 "package/2006/relationships", XML_PACKAGE },
	{ WORD_2006 "package/2006/content-types", XML_TYPES },
	{ WORD_2006 "officeDocument/2006/math", XML_MATH },
	{ WORD_STRICT "officeDocument/math", XML_MATH },
};

static enum xml_space space_of(const xmlChar *uri)
{
	if (uri)
		for (size_t i = 0; i < COUNT(spaces); i++)
			if (strcmp((const char *)uri, spaces[i].uri) == 0) return spaces[i].space;
	return XML_OTHER;
}

static void on_start(void *of, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int nb_namespaces, const xmlChar **namespaces,
	int nb_attributes, int nb_defaulted, const xmlChar **attributes)
{
	(void)prefix, (void)nb_namespaces, (void)namespaces, (void)nb_defaulted;
	struct walk *w = of;
	if (++w->depth > XML_DEPTH_MAX) {
		w->is_too_deep = true;
		xmlStopParser(w->parser);
		return;
	}
	if (w->passed) {
		w->passed++;
		return;
	}
	struct xml_element e = { space_of(uri), str_of((const char *)name), attributes, nb_attributes, w->arena };
	if (!w->handler->start(w->user, &e)) w->passed = 1;
	arena_reset(w->arena); /* attributes are the call's */
	if (w->stop && *w->stop) xmlStopParser(w->parser);
}

static void on_end(void *of, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)prefix;
	struct walk *w = of;
	w->depth--;
	if (w->passed) {
		w->passed--;
		return;
	}
	if (w->handler->end) w->handler->end(w->user, space_of(uri), str_of((const char *)name));
}

static void on_text(void *of, const xmlChar *text, int len)
{
	struct walk *w = of;
	if (w->passed == 0 && w->handler->text) w->handler->text(w->user, (struct str){ (const char *)text, (size_t)len });
}

static void on_doctype(void *of, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	(void)name, (void)external, (void)system;
	struct walk *w = of;
	w->has_doctype = true;
	xmlStopParser(w->parser);
}

struct str xml_attribute(const struct xml_element *e, enum xml_space space, const char *name)
{
	for (int i = 0; i < e->attribute_count; i++) {
		const xmlChar **at = e->attributes + 5 * (size_t)i; /* name, prefix, namespace, value, its end */
		if (strcmp((const char *)at[0], name) != 0) continue;
		if (at[2] ? space_of(at[2]) != space : space != XML_OTHER) continue;
		struct str value = { (const char *)at[3], (size_t)(at[4] - at[3]) };
		/* libxml2 hands an ampersand on as &#38; unless told to replace entities. */
		ptrdiff_t amp = str_find(value, S("&#38;"));
		if (amp < 0) return value;
		struct buf b = buf_in(e->arena);
		for (; amp >= 0; amp = str_find(value, S("&#38;"))) {
			buf_add(&b, str_part(value, 0, (size_t)amp + 1));
			value = str_part(value, (size_t)amp + 5, value.len);
		}
		buf_add(&b, value);
		return buf_str(&b);
	}
	return S("");
}

enum status xml_walk(struct str bytes, struct str part, const struct xml_handler *handler, void *user, const bool *stop, struct problem *why)
{
	static const xmlSAXHandler calls = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.cdataBlock = on_text,
		.ignorableWhitespace = on_text,
		.internalSubset = on_doctype,
	};
	struct walk w = { .handler = handler, .user = user, .arena = arena_new(), .stop = stop };
	xmlSAXHandler own = calls;
	xmlInitParser();
	w.parser = xmlCreatePushParserCtxt(&own, &w, NULL, 0, NULL);
	if (!w.parser) BUG("libxml2: no memory for a parser");
	xmlCtxtUseOptions(w.parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	int error = 0;
	for (size_t at = 0; !error && at < bytes.len; at += CHUNK) {
		struct str chunk = str_part(bytes, at, CHUNK);
		error = xmlParseChunk(w.parser, chunk.at, (int)chunk.len, 0);
	}
	if (!error) error = xmlParseChunk(w.parser, NULL, 0, 1);
	int line = w.parser->input ? w.parser->input->line : 0;
	xmlFreeParserCtxt(w.parser);
	arena_free(w.arena);

	if (w.has_doctype) problem_add(why, "", MSG_DOCX_DOCTYPE, arg_text("part", part));
	else if (w.is_too_deep) problem_add(why, "", MSG_DOCX_TOO_DEEP, arg_text("part", part));
	else if (stop && *stop) return REFUSED;
	else if (error) problem_add(why, "", MSG_DOCX_XML_BROKEN, arg_text("part", part), arg_int("line", line));
	else return OK;
	return REFUSED;
}
