/* tools/html.c: a small state machine in the order of the HTML standard's tokenizer, with everything left out that our templates may not use. */
#include "tools/html.h"

#include <stdio.h>
#include <string.h>

#include "base/status.h"

static bool one_of(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(name, *list) == 0) return true;
	return false;
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '_';
}

static bool is_blank_byte(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool name_add(char *name, char c)
{
	size_t len = strlen(name);
	if (len + 1 >= HTML_NAME_MAX) return false;
	name[len] = c;
	return true;
}

static void name_clear(char *name)
{
	memset(name, 0, HTML_NAME_MAX);
}

void html_begin(struct html_context *c)
{
	memset(c, 0, sizeof *c);
}

bool html_same(const struct html_context *a, const struct html_context *b)
{
	return a->state == b->state && a->url == b->url && a->quote == b->quote && a->is_closing == b->is_closing && a->has_source == b->has_source &&
		   a->has_http_equiv == b->has_http_equiv && a->has_content_value == b->has_content_value && strcmp(a->tag, b->tag) == 0 &&
		   strcmp(a->attribute, b->attribute) == 0 && strcmp(a->inside, b->inside) == 0 && strcmp(a->scheme, b->scheme) == 0;
}

const char *html_where(const struct html_context *c)
{
	static char words[96];
	switch (c->state) {
	case HTML_TEXT:
		if (!c->inside[0]) return "in text";
		snprintf(words, sizeof words, "in <%s>", c->inside);
		return words;
	case HTML_VALUE: snprintf(words, sizeof words, "in the attribute %s of <%s>", c->attribute, c->tag); return words;
	case HTML_COMMENT: return "in a comment";
	case HTML_SCRIPT: return "in <script>";
	default: snprintf(words, sizeof words, "in the tag <%s>", c->tag); return words;
	}
}

/* ---- tags ---- */

static const char *tag_check(const struct html_context *c)
{
	/* style and script: the policy has no unsafe-inline. The others change what a URL or a tag means, or can't be tokenized with ours. */
	static const char *const never[] = { "style", "base", "object", "embed", "applet", "animate", "set", "animatetransform", "animatemotion",
		"plaintext", "xmp", "listing", "noembed", "noframes", "frameset", "frame", NULL };
	if (one_of(c->tag, never)) return "this element may not stand in a template";
	if (c->inside[0] && strcmp(c->inside, "pre") != 0 && (!c->is_closing || strcmp(c->tag, c->inside) != 0))
		return "no tags in here but the closing one";
	return NULL;
}

static const char *tag_end(struct html_context *c, struct buf *out)
{
	static const char *const plain[] = { "title", "textarea", "pre", NULL };
	if (c->has_http_equiv && c->has_content_value) return "http-equiv with a value of the page's";
	buf_add_char(out, '>');
	c->state = HTML_TEXT;
	if (c->is_closing) {
		if (strcmp(c->tag, c->inside) == 0) name_clear(c->inside);
	} else if (strcmp(c->tag, "script") == 0) {
		if (!c->has_source) return "no script in a page: <script src=\"{{asset …}}\">";
		c->state = HTML_SCRIPT;
	} else if (one_of(c->tag, plain)) {
		memcpy(c->inside, c->tag, HTML_NAME_MAX);
		if (strcmp(c->tag, "title") != 0) {
			buf_add_char(out, '\n'); /* browsers drop the first line end here, which could be a value's */
			c->is_first = true;
		}
	}
	c->is_closing = c->has_source = c->has_http_equiv = c->has_content_value = false;
	name_clear(c->tag);
	name_clear(c->attribute);
	return NULL;
}

static const char *attribute_check(struct html_context *c)
{
	const char *name = c->attribute;
	static const char *const urls[] = { "href", "src", "action", "formaction", "cite", "poster", "background", "longdesc", "manifest", "ping",
		"xlink:href", "data-poll", "data-live", "data-check", NULL };
	if (strncmp(name, "on", 2) == 0) return "no script in attributes";
	if (strcmp(name, "style") == 0) return "no style in attributes: give it a class";
	if (strcmp(name, "srcdoc") == 0) return "no srcdoc: a frame has its own route and policy";
	if (strcmp(name, "src") == 0) c->has_source = true;
	if (strcmp(name, "http-equiv") == 0) c->has_http_equiv = true;
	c->url = one_of(name, urls) ? URL_START : URL_NONE;
	return NULL;
}

/* ---- values of attributes ---- */

/* The base goes before what begins with one slash. */
static void slash_flush(struct html_context *c, bool is_ours, struct buf *out)
{
	if (c->url != URL_SLASH) return;
	if (is_ours) buf_add_char(out, HTML_BASE);
	buf_add_char(out, '/');
	c->url = URL_REST;
}

static const char *url_byte(struct html_context *c, char byte, struct buf *out)
{
	static const char *const schemes[] = { "http", "https", "mailto", "tel", NULL };
	if (c->url == URL_SLASH) {
		slash_flush(c, byte != '/', out);
	} else if (c->url == URL_START && byte == '/') {
		c->url = URL_SLASH;
		return NULL;
	} else if (c->url == URL_START || c->url == URL_SCHEME) {
		if (byte == '&') return "no entity at the beginning of a URL";
		if (is_blank_byte(byte)) return "a URL has no blanks";
		if (byte == ':' && !one_of(c->scheme, schemes)) return "only http, https, mailto and tel, written out";
		bool is_over = strchr(":/?#", byte) != NULL;
		c->url = is_over ? URL_REST : URL_SCHEME;
		if (is_over) name_clear(c->scheme);
		else if (!name_add(c->scheme, lower(byte))) c->scheme[0] = '?'; /* longer than any scheme */
	}
	buf_add_char(out, byte);
	return NULL;
}

static const char *value_byte(struct html_context *c, char byte, struct buf *out)
{
	if (byte != c->quote) {
		if (c->url != URL_NONE) return url_byte(c, byte, out);
		buf_add_char(out, byte);
		return NULL;
	}
	slash_flush(c, true, out);
	buf_add_char(out, byte);
	c->state = HTML_TAG;
	c->url = URL_NONE;
	c->quote = 0;
	name_clear(c->attribute);
	name_clear(c->scheme);
	return NULL;
}

const char *html_value(struct html_context *c, enum html_place *place, bool is_asset, struct buf *out)
{
	static const char *const lists[] = { "srcset", "imagesrcset", NULL };
	c->is_first = false;
	switch (c->state) {
	case HTML_TEXT: *place = c->inside[0] && strcmp(c->inside, "pre") != 0 ? PLACE_PLAIN : PLACE_TEXT; return NULL;
	case HTML_VALUE: break;
	case HTML_EQUALS: return "values stand in quotes: name=\"{{= … }}\"";
	case HTML_COMMENT: return "no value in a comment";
	case HTML_SCRIPT: return "no value in a script";
	case HTML_TAG_NAME:
	case HTML_LESS: return "no value in the name of a tag";
	case HTML_ATTRIBUTE_NAME: return "no value in the name of an attribute";
	default: return "no value here: values stand in text and in quoted attributes";
	}
	if (one_of(c->attribute, lists)) return "no value in a list of URLs";
	if (strcmp(c->tag, "script") == 0 && c->url != URL_NONE && !is_asset) return "a script's address is an {{asset …}}";
	if (strcmp(c->attribute, "content") == 0) c->has_content_value = true;
	if (strcmp(c->attribute, "http-equiv") == 0) return "no value here";
	slash_flush(c, true, out);
	*place = c->url == URL_NONE ? PLACE_PLAIN : c->url == URL_START ? PLACE_URL : PLACE_PART;
	if (c->url == URL_START) c->url = URL_REST;
	if (c->url == URL_SCHEME) c->scheme[0] = '?'; /* no scheme of ours any more, should a colon follow */
	return NULL;
}

/* ---- the machine ---- */

static const char *text_byte(struct html_context *c, char byte, struct buf *out, bool *is_blank)
{
	bool keeps_blanks = c->inside[0] && strcmp(c->inside, "title") != 0;
	bool is_dropped = c->is_first && byte == '\n';
	c->is_first = false;
	if (is_dropped) return NULL;
	if (byte == '<') {
		c->state = HTML_LESS;
		return NULL;
	}
	if (!is_blank_byte(byte) || keeps_blanks) {
		buf_add_char(out, byte);
		*is_blank = false;
	} else if (!*is_blank) {
		buf_add_char(out, byte == '\t' ? ' ' : byte);
		*is_blank = true;
	}
	return NULL;
}

static const char *less_byte(struct html_context *c, char byte, struct buf *out)
{
	if (byte == '!' && !c->inside[0] && !c->is_closing) {
		c->state = HTML_BANG;
		return NULL;
	}
	if (byte == '/' && !c->is_closing) {
		c->is_closing = true;
		return NULL;
	}
	if (lower(byte) < 'a' || lower(byte) > 'z') return "a bare <: write &lt;";
	name_add(c->tag, lower(byte));
	buf_add(out, c->is_closing ? S("</") : S("<"));
	buf_add_char(out, lower(byte));
	c->state = HTML_TAG_NAME;
	return NULL;
}

static const char *tag_byte(struct html_context *c, char byte, struct buf *out)
{
	if (is_blank_byte(byte)) return NULL;
	if (byte == '>') return tag_end(c, out);
	if (byte == '/') {
		c->state = HTML_SLASH;
		return NULL;
	}
	if (!is_name_byte(lower(byte))) return "this can't begin an attribute (no blanks around =)";
	if (c->is_closing) return "no attributes in a closing tag";
	name_clear(c->attribute);
	name_add(c->attribute, lower(byte));
	buf_add_char(out, ' ');
	buf_add_char(out, byte);
	c->state = HTML_ATTRIBUTE_NAME;
	return NULL;
}

static const char *tag_name_byte(struct html_context *c, char byte, struct buf *out)
{
	if (is_name_byte(lower(byte))) {
		if (!name_add(c->tag, lower(byte))) return "a tag's name that long";
		buf_add_char(out, byte);
		return NULL;
	}
	const char *wrong = tag_check(c);
	if (wrong) return wrong;
	c->state = HTML_TAG;
	return tag_byte(c, byte, out);
}

static const char *attribute_byte(struct html_context *c, char byte, struct buf *out)
{
	if (is_name_byte(lower(byte))) {
		if (!name_add(c->attribute, lower(byte))) return "an attribute's name that long";
		buf_add_char(out, byte);
		return NULL;
	}
	const char *wrong = attribute_check(c);
	if (wrong) return wrong;
	if (byte == '=') {
		buf_add_char(out, byte);
		c->state = HTML_EQUALS;
		return NULL;
	}
	c->url = URL_NONE;
	c->state = HTML_TAG;
	name_clear(c->attribute);
	return tag_byte(c, byte, out);
}

static const char *comment_byte(struct html_context *c, char byte)
{
	if (byte == '-') c->dashes++;
	else if (byte == '>' && c->dashes >= 2) c->state = HTML_TEXT;
	if (byte != '-') c->dashes = 0;
	return NULL;
}

static const char *bang_byte(struct html_context *c, char byte, struct buf *out)
{
	if (byte == '-') {
		if (++c->dashes == 2) c->state = HTML_COMMENT, c->dashes = 0;
		return NULL;
	}
	if (c->dashes || lower(byte) != 'd') return "only <!DOCTYPE html> and comments begin with <!";
	buf_add(out, S("<!"));
	buf_add_char(out, byte);
	c->state = HTML_DECLARATION;
	return NULL;
}

static const char *any_byte(struct html_context *c, char byte, struct buf *out, bool *is_blank)
{
	if ((unsigned char)byte < 0x20 && !is_blank_byte(byte)) return "a control character";
	switch (c->state) {
	case HTML_TEXT: return text_byte(c, byte, out, is_blank);
	case HTML_LESS: return less_byte(c, byte, out);
	case HTML_BANG: return bang_byte(c, byte, out);
	case HTML_COMMENT: return comment_byte(c, byte);
	case HTML_TAG_NAME: return tag_name_byte(c, byte, out);
	case HTML_TAG: return tag_byte(c, byte, out);
	case HTML_ATTRIBUTE_NAME: return attribute_byte(c, byte, out);
	case HTML_VALUE: return value_byte(c, byte, out);
	case HTML_DECLARATION:
		buf_add_char(out, byte);
		if (byte == '>') c->state = HTML_TEXT;
		return NULL;
	case HTML_SLASH:
		if (byte != '>') return "a / in a tag";
		buf_add_char(out, '/');
		return tag_end(c, out);
	case HTML_EQUALS:
		if (byte != '"' && byte != '\'') return "an attribute's value stands in quotes";
		buf_add_char(out, byte);
		c->quote = byte;
		c->state = HTML_VALUE;
		return NULL;
	case HTML_SCRIPT:
		if (is_blank_byte(byte)) return NULL;
		if (byte != '<') return "no script in a page: put it into assets/";
		c->state = HTML_LESS;
		memcpy(c->inside, "script", sizeof "script"); /* so that only </script> may follow */
		return NULL;
	}
	BUG("state %d", (int)c->state);
}

const char *html_byte(struct html_context *c, char byte, struct buf *out, bool *is_blank)
{
	size_t before = out->len;
	bool is_text = c->state == HTML_TEXT;
	const char *wrong = any_byte(c, byte, out, is_blank);
	if (!is_text && out->len != before) *is_blank = false;
	return wrong;
}

const char *html_control(struct html_context *c, struct buf *out)
{
	c->is_first = false;
	switch (c->state) {
	case HTML_TEXT:
	case HTML_TAG: return NULL;
	case HTML_VALUE: slash_flush(c, true, out); return NULL;
	case HTML_TAG_NAME: c->state = HTML_TAG; return tag_check(c);
	case HTML_ATTRIBUTE_NAME: {
		const char *wrong = attribute_check(c);
		c->url = URL_NONE;
		c->state = HTML_TAG;
		name_clear(c->attribute);
		return wrong;
	}
	default: return "{{…}} may not stand here";
	}
}
