/* tools/html.h: where in an HTML page one stands, byte by byte, and what may be written there. What a template may not do is an error here:
 * unquoted attributes, inline script and style, values in names, in comments, or where a value could become code. */
#pragma once
#include "base/str.h"

#define HTML_NAME_MAX 24   /* "formnovalidate", "aria-describedby" */
#define HTML_BASE	  '\1' /* in the output: the base of our paths goes here */

enum html_state {
	HTML_TEXT, /* between tags */
	HTML_LESS, /* after < */
	HTML_BANG, /* after <! */
	HTML_DECLARATION,
	HTML_COMMENT,
	HTML_TAG_NAME,
	HTML_TAG, /* between attributes */
	HTML_SLASH,
	HTML_ATTRIBUTE_NAME,
	HTML_EQUALS, /* after = */
	HTML_VALUE,
	HTML_SCRIPT, /* between <script src> and </script>: blanks only */
};

/* How far a URL in an attribute has come: what may follow depends on it. */
enum html_url { URL_NONE, URL_START, URL_SLASH, URL_SCHEME, URL_REST };

struct html_context {
	enum html_state state;
	enum html_url url;
	char quote;
	bool is_closing;		/* in a closing tag */
	bool has_source;		/* this tag: src */
	bool has_http_equiv;	/* this tag */
	bool is_first;			/* nothing in <pre> or <textarea> yet */
	bool has_content_value; /* this tag: content="{{= … }}" */
	unsigned dashes;		/* in a comment */
	char tag[HTML_NAME_MAX];
	char attribute[HTML_NAME_MAX];
	char inside[HTML_NAME_MAX]; /* title, textarea: text without tags up to its end; pre: blanks count */
	char scheme[HTML_NAME_MAX]; /* what a URL began with */
};

/* A page's beginning. */
void html_begin(struct html_context *c);

/* Takes the next byte of a template and writes what goes into the page. IS_BLANK: whether the page ends in a blank, so that further ones go.
 * NULL, or what is wrong. */
const char *html_byte(struct html_context *c, char byte, struct buf *out, bool *is_blank);

/* How a value is written where one stands. */
enum html_place { PLACE_TEXT, PLACE_PLAIN, PLACE_URL, PLACE_PART };

/* A value comes: its place, or an error. IS_ASSET: it is the path of an asset. */
const char *html_value(struct html_context *c, enum html_place *place, bool is_asset, struct buf *out);

/* {{if}}, {{for}} and the like come. NULL or an error. */
const char *html_control(struct html_context *c, struct buf *out);

/* Whether branches that end in A and B may go on as one. */
bool html_same(const struct html_context *a, const struct html_context *b);

/* Where one stands, in words. */
const char *html_where(const struct html_context *c);
