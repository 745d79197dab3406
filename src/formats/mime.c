/* formats/mime.c: our header lines, and GMime's tree of parts below them. */
#include "formats/mime.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <sodium.h>

#include "formats/mime_header.h"

#define TOKEN_MAX 200 /* of a Message-ID, a cid, a media type, a language: longer ones would not fit on a line */

static pthread_once_t gmime_once = PTHREAD_ONCE_INIT;

static void gmime_start(void)
{
	g_mime_init(); /* not safe from two threads at once */
}

/* Printable ASCII without what ends or parts a value in a header. */
static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~' || str_has(S("\"\\<>()[],;:"), s.at[i])) return false;
	return s.len > 0 && s.len <= TOKEN_MAX;
}

static void check_person(struct arena *a, const char *field, struct mime_person person, struct mime_address *out, struct problem *why)
{
	*out = (struct mime_address){ 0 };
	if (!mime_address(a, person.address, out)) problem_add(why, field, MSG_MAIL_ADDRESS);
}

static void check_part(const char *field, bool is_right, struct problem *why)
{
	if (!is_right) problem_add(why, field, MSG_MAIL_MALFORMED, arg_text("field", str_of(field)));
}

struct addresses {
	struct mime_address from, sender, reply_to, to;
};

static bool check(struct arena *a, const struct mail *m, struct addresses *to, struct problem *why)
{
	size_t size = m->text.len + m->html.len;
	check_person(a, "from", m->from, &to->from, why);
	check_person(a, "to", m->to, &to->to, why);
	if (m->sender.address.len) check_person(a, "sender", m->sender, &to->sender, why);
	if (m->reply_to.address.len) check_person(a, "reply_to", m->reply_to, &to->reply_to, why);
	check_part("text", str_is_text(m->text) && str_is_text(m->html), why);
	check_part("language", is_token(m->language), why);
	check_part("message_id", is_token(m->message_id) && str_has(m->message_id, '@'), why);
	for (size_t i = 0; i < m->image_count; i++) {
		check_part("images", is_token(m->images[i].cid) && is_token(m->images[i].type) && str_starts(m->images[i].type, S("image/")), why);
		size += m->images[i].bytes.len;
	}
	for (size_t i = 0; i < m->file_count; i++) {
		const struct mime_file *f = &m->files[i];
		check_part("files", is_token(f->name) && !str_has(f->name, '/') && is_token(f->type) && str_has(f->type, '/'), why);
		size += f->bytes.len + f->bytes.len / 3; /* base64 */
	}
	if (size > MIME_SIZE_MAX) problem_add(why, "text", MSG_MAIL_TOO_LARGE, arg_int("max", MIME_SIZE_MAX >> 20));
	return !problem_any(why);
}

/* Lines that end in LF, as GMime's encoders want them; the last one, too. */
static struct str with_lf(struct arena *a, struct str text)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] != '\r') buf_add_char(&b, text.at[i]);
		else if (i + 1 == text.len || text.at[i + 1] != '\n') buf_add_char(&b, '\n');
	}
	if (b.len && b.at[b.len - 1] != '\n') buf_add_char(&b, '\n');
	return buf_str(&b);
}

static GMimeObject *part_new(const char *type, const char *subtype, struct str bytes, GMimeContentEncoding encoding)
{
	GMimePart *part = g_mime_part_new_with_type(type, subtype);
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.len ? bytes.at : "", bytes.len);
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, encoding);
	g_object_unref(content);
	g_object_unref(stream);
	return GMIME_OBJECT(part);
}

/* Quoted-printable: 7-bit on any way, and a link in it is still legible to who looks at the source. */
static GMimeObject *text_part(struct arena *a, const char *subtype, struct str text)
{
	GMimeObject *part = part_new("text", subtype, with_lf(a, text), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_mime_object_set_content_type_parameter(part, "charset", "utf-8");
	return part;
}

static GMimeObject *image_part(struct arena *a, const struct mime_image *image)
{
	struct str subtype = str_part(image->type, sizeof "image/" - 1, image->type.len);
	GMimeObject *part = part_new("image", str_c(a, subtype), image->bytes, GMIME_CONTENT_ENCODING_BASE64);
	g_mime_object_set_content_id(part, str_c(a, image->cid));
	g_mime_object_set_disposition(part, "inline");
	return part;
}

static GMimeObject *file_part(struct arena *a, const struct mime_file *file)
{
	struct str rest = file->type, type;
	str_next(&rest, '/', &type);
	GMimeObject *part = part_new(str_c(a, type), str_c(a, rest), file->bytes, GMIME_CONTENT_ENCODING_BASE64);
	g_mime_object_set_disposition(part, "attachment");
	g_mime_part_set_filename(GMIME_PART(part), str_c(a, file->name)); /* also as the type's name, which old programs look at */
	return part;
}

/* A multipart whose boundary follows from the Message-ID. "=_" can stand in no part: quoted-printable writes = as =3D, base64 has no _. */
static GMimeMultipart *multipart_new(struct arena *a, const char *subtype, struct str message_id)
{
	uint8_t hash[crypto_generichash_BYTES_MIN];
	GMimeMultipart *m = g_mime_multipart_new_with_subtype(subtype);
	crypto_generichash(hash, sizeof hash, (const uint8_t *)message_id.at, message_id.len, NULL, 0);
	struct str hex = str_hex(a, (struct str){ (const char *)hash, sizeof hash });
	g_mime_multipart_set_boundary(m, str_format(a, "=_%s_%.*s", subtype, STR_ARG(hex)).at);
	return m;
}

static void add_part(GMimeMultipart *to, GMimeObject *part)
{
	g_mime_multipart_add(to, part);
	g_object_unref(part);
}

/* text; or text beside HTML; or text beside (HTML with its pictures). */
static GMimeObject *body_new(struct arena *a, const struct mail *m)
{
	if (m->html.len == 0) return text_part(a, "plain", m->text);
	GMimeMultipart *both = multipart_new(a, "alternative", m->message_id);
	add_part(both, text_part(a, "plain", m->text));
	if (m->image_count == 0) {
		add_part(both, text_part(a, "html", m->html));
		return GMIME_OBJECT(both);
	}
	GMimeMultipart *related = multipart_new(a, "related", m->message_id);
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(related), "type", "text/html"); /* RFC 2387 asks for it */
	add_part(related, text_part(a, "html", m->html));
	for (size_t i = 0; i < m->image_count; i++) add_part(related, image_part(a, &m->images[i]));
	add_part(both, GMIME_OBJECT(related));
	return GMIME_OBJECT(both);
}

/* The body; or the body and the files after it. */
static GMimeObject *whole_new(struct arena *a, const struct mail *m)
{
	if (m->file_count == 0) return body_new(a, m);
	GMimeMultipart *mixed = multipart_new(a, "mixed", m->message_id);
	add_part(mixed, body_new(a, m));
	for (size_t i = 0; i < m->file_count; i++) add_part(mixed, file_part(a, &m->files[i]));
	return GMIME_OBJECT(mixed);
}

static void add_headers(struct buf *b, const struct mail *m, const struct addresses *to)
{
	mime_header_date(b, "Date", m->date);
	buf_addf(b, "Message-ID: <%.*s>\r\n", STR_ARG(m->message_id));
	mime_header_person(b, "From", m->from.name, to->from);
	if (to->sender.text.len) mime_header_person(b, "Sender", m->sender.name, to->sender);
	if (to->reply_to.text.len) mime_header_person(b, "Reply-To", m->reply_to.name, to->reply_to);
	mime_header_person(b, "To", m->to.name, to->to);
	mime_header_text(b, "Subject", m->subject);
	mime_header_text(b, "Content-Language", m->language);
	/* No vacation notices and no bounces of robots as answers (RFC 3834; the second is Exchange's). */
	mime_header_text(b, "Auto-Submitted", S("auto-generated"));
	mime_header_text(b, "X-Auto-Response-Suppress", S("All"));
	for (size_t i = 0; i < m->extra_count; i++) mime_header_text(b, m->extras[i].name, m->extras[i].value);
	mime_header_text(b, "MIME-Version", S("1.0"));
}

enum status mime_write(struct arena *a, const struct mail *mail, struct str *out, struct problem *why)
{
	struct addresses to = { 0 };
	struct problem own = problem_in(a);
	*out = S("");
	if (!check(a, mail, &to, &own)) {
		for (const struct finding *f = own.first; f; f = f->next) problem_add_args(why, f->field, f->message, f->args);
		return REFUSED;
	}
	pthread_once(&gmime_once, gmime_start);

	struct buf b = buf_in(a);
	add_headers(&b, mail, &to);
	GMimeFormatOptions *options = g_mime_format_options_clone(NULL);
	g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
	GByteArray *bytes = g_byte_array_new();
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes); /* which it owns */
	GMimeObject *body = whole_new(a, mail);
	g_mime_object_write_to_stream(body, options, stream);
	buf_add(&b, (struct str){ (const char *)bytes->data, bytes->len });
	g_object_unref(body);
	g_object_unref(stream);
	g_mime_format_options_free(options);
	*out = buf_str(&b);
	return OK;
}
