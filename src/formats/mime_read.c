/* formats/mime_read.c: GMime parses; the first text and the first HTML are what is shown. */
#include "formats/mime_read.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"

#define PARTS_MAX 64 /* of one message: ours have three, and a picture or two */

struct reading {
	struct arena *a;
	struct mime_shown *out;
	int parts;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A GLib string into the arena. */
static struct str taken(struct arena *a, char *s)
{
	struct str kept = str_keep(a, str_of(s));
	g_free(s);
	return kept;
}

static struct str content_of(struct arena *a, GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	if (!content) return S("");
	GMimeStream *stream = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(content, stream);
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	struct str kept = str_keep(a, (struct str){ (const char *)bytes->data, bytes->len });
	g_object_unref(stream);
	return kept;
}

/* Puts a picture where the HTML names it by "cid:…". The HTML stands before its pictures in multipart/related. */
static void add_picture(struct reading *r, GMimePart *part)
{
	const char *id = g_mime_object_get_content_id(GMIME_OBJECT(part));
	if (!id) return;
	struct str name = str_format(r->a, "cid:%s", id), bytes = content_of(r->a, part);
	ptrdiff_t at = str_find(r->out->html, name);
	if (at < 0) return;
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	char *base64 = g_base64_encode((const guchar *)bytes.at, bytes.len);
	struct buf b = buf_in(r->a);
	buf_add(&b, str_part(r->out->html, 0, (size_t)at));
	buf_addf(&b, "data:%s/%s;base64,%s", g_mime_content_type_get_media_type(type), g_mime_content_type_get_media_subtype(type), base64);
	buf_add(&b, str_part(r->out->html, (size_t)at + name.len, r->out->html.len));
	g_free(base64);
	r->out->html = buf_str(&b);
}

static void add_part(GMimeObject *parent, GMimeObject *part, gpointer arg)
{
	struct reading *r = arg;
	(void)parent;
	if (!GMIME_IS_PART(part) || ++r->parts > PARTS_MAX) return;
	GMimeContentType *type = g_mime_object_get_content_type(part);
	if (g_mime_content_type_is_type(type, "image", "*")) {
		add_picture(r, GMIME_PART(part));
		return;
	}
	if (!GMIME_IS_TEXT_PART(part)) return;
	bool is_html = g_mime_content_type_is_type(type, "text", "html");
	struct str *where = is_html ? &r->out->html : &r->out->text;
	if (where->len == 0) *where = taken(r->a, g_mime_text_part_get_text(GMIME_TEXT_PART(part)));
}

static struct str addresses(struct arena *a, InternetAddressList *list)
{
	return list ? taken(a, internet_address_list_to_string(list, NULL, FALSE)) : S("");
}

static struct str headers_of(struct arena *a, GMimeMessage *m)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(m));
	struct buf b = buf_in(a);
	for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
		GMimeHeader *h = g_mime_header_list_get_header_at(list, i);
		buf_addf(&b, "%s: %s\n", g_mime_header_get_name(h), g_mime_header_get_value(h));
	}
	return buf_str(&b);
}

enum status mime_read(struct arena *a, struct str bytes, struct mime_shown *out)
{
	*out = (struct mime_shown){ 0 };
	pthread_once(&once, g_mime_init);
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.at, bytes.len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	if (!m) return REFUSED;
	out->from = addresses(a, g_mime_message_get_from(m));
	out->to = addresses(a, g_mime_message_get_to(m));
	out->subject = str_keep(a, str_of(g_mime_message_get_subject(m)));
	out->headers = headers_of(a, m);
	GDateTime *date = g_mime_message_get_date(m);
	if (date) out->date = g_date_time_to_unix(date) * SECOND;
	struct reading r = { .a = a, .out = out };
	if (GMIME_IS_MULTIPART(g_mime_message_get_mime_part(m))) g_mime_multipart_foreach(GMIME_MULTIPART(g_mime_message_get_mime_part(m)), add_part, &r);
	else if (g_mime_message_get_mime_part(m)) add_part(NULL, g_mime_message_get_mime_part(m), &r);
	g_object_unref(m);
	return OK;
}
