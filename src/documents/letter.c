/* documents/letter.c: a mail from its template, its values and its link. */
#include "documents/letter.h"

#include <jansson.h>

#include "documents/preview.h"
#include "formats/link.h"
#include "formats/mime.h"

/* Where each kind of link opens, under the public URL (contract.md, Pages). */
static const struct {
	int purpose;
	const char *path;
} pages[] = {
	{ LINK_RESET, "/reset-password" },
	{ LINK_INVITATION, "/reset-password" },
	{ LINK_CONFIRM_EMAIL, "/confirm-email" },
	{ LINK_CHANGE_EMAIL, "/change-email" },
	{ LINK_KEEP_EMAIL, "/keep-email" },
	{ LINK_FOLLOW, "/follow" },
};

/* "https://tickets.example.org/office". */
static struct str office_url(struct arena *a, struct str public_url, struct str office)
{
	return str_format(a, "%.*s/office", STR_ARG(public_url_origin(office.len ? office : public_url)));
}

struct str letter_link_url(struct arena *a, struct str public_url, struct str office, int purpose, struct str token)
{
	if (purpose == LINK_OPERATOR) return str_format(a, "%.*s/reset-password?token=%.*s", STR_ARG(office_url(a, public_url, office)), STR_ARG(token));
	for (size_t i = 0; i < COUNT(pages); i++)
		if (pages[i].purpose == purpose) return str_format(a, "%.*s%s?token=%.*s", STR_ARG(public_url), pages[i].path, STR_ARG(token));
	return (struct str){ 0 };
}

/* A mail on its way. */
struct sending {
	const struct outbox_mail *mail;
	const struct letter_link *link;
	const struct letter_about *about; /* never NULL */
	json_t *queued;
};

static struct str url_of(struct arena *a, struct str public_url, struct str office, const struct sending *x)
{
	if (x->about->path.len) return str_format(a, "%.*s%.*s?token=%.*s", STR_ARG(public_url), STR_ARG(x->about->path), STR_ARG(x->link->token));
	return letter_link_url(a, public_url, office, x->mail->link_purpose, x->link->token);
}

/* What a field is filled with from elsewhere than the queued values: the link, and addresses, which follow the shop when it moves. */
static struct str value_now(struct arena *a, const struct point_of_sale *shop, const struct sending *x, struct str name, bool *is_known)
{
	const struct letter_link *link = x->link;
	const struct outbox_mail *m = x->mail;
	struct str office = link->office.len ? link->office : shop->house.office_url;
	*is_known = true;
	if (str_eq(name, S("link.url")) || str_eq(name, S("shipment.follow_url")))
		return link->token.len ? url_of(a, shop->public_url, office, x) : (struct str){ 0 };
	if (str_eq(name, S("link.valid_until")))
		return link->token.len ? lang_datetime(a, m->language, link->deadline, shop->house.zone) : (struct str){ 0 };
	if (str_eq(name, S("link.valid_hours"))) return link->token.len ? lang_number(a, m->language, link->life / HOUR) : (struct str){ 0 };
	if (str_eq(name, S("office.url"))) return office_url(a, shop->public_url, office);
	if (str_eq(name, S("shop.url"))) return shop->public_url;
	if (str_eq(name, S("shop.forgot_url"))) return str_format(a, "%.*s/forgot-password", STR_ARG(shop->public_url));
	if (str_eq(name, S("shop.signin_url"))) return str_format(a, "%.*s/signin", STR_ARG(shop->public_url));
	*is_known = false;
	return (struct str){ 0 };
}

static struct str value_queued(struct arena *a, json_t *queued, struct str name)
{
	json_t *value = json_object_get(queued, str_c(a, name));
	return json_is_string(value) ? str_keep(a, (struct str){ json_string_value(value), json_string_length(value) }) : (struct str){ 0 };
}

static const struct docx_value *value_in(struct docx_values values, struct str name)
{
	const struct docx_value *all = values.at;
	for (size_t i = 0; i < values.count; i++)
		if (str_eq(all[i].name, name)) return all + i;
	return NULL;
}

/* A value for each field of the class, so that a template may use any of them; what nobody gave is empty. */
static struct docx_values values_of(struct arena *a, const struct point_of_sale *shop, const struct sending *x)
{
	const struct outbox_mail *m = x->mail;
	const struct document_class_info *class = document_class(m->class);
	struct docx_value *at = ARENA_ARRAY(a, struct docx_value, class->field_count);
	struct docx_values examples = docx_examples(a, class->fields, class->field_count);
	for (size_t i = 0; i < class->field_count; i++) {
		const struct field_declaration *field = &class->fields[i];
		const struct docx_value *given = value_in(x->about->values, field->name);
		if (m->is_test && (field->kind == FIELD_LIST || field->kind == FIELD_CONDITION)) given = &examples.at[i];
		if (given) {
			at[i] = *given;
			continue;
		}
		bool is_known;
		struct str value = value_now(a, shop, x, field->name, &is_known);
		if (!is_known) value = value_queued(a, x->queued, field->name);
		if (m->is_test) value = document_sample(a, field, shop, m->language, m->made_at);
		at[i] = (struct docx_value){ .name = field->name,
			.kind = field->kind,
			.is_true = value.len > 0,
			.must_appear = field->is_required && field->kind == FIELD_URL,
			.text = value };
		if (field->kind == FIELD_IMAGE) at[i].image = document_logo(shop);
	}
	return (struct docx_values){ at, class->field_count };
}

struct docx_values letter_values(struct arena *a, enum document_class class, const struct docx_values *sets, size_t count)
{
	const struct document_class_info *info = document_class(class);
	struct docx_value *at = ARENA_ARRAY(a, struct docx_value, info->field_count);
	for (size_t i = 0; i < info->field_count; i++) {
		const struct docx_value *given = NULL;
		for (size_t k = 0; k < count && !given; k++) given = value_in(sets[k], info->fields[i].name);
		at[i] = given ? *given : (struct docx_value){ .name = info->fields[i].name, .kind = info->fields[i].kind };
	}
	return (struct docx_values){ at, info->field_count };
}

struct docx_values letter_house_values(struct arena *a, const struct point_of_sale *shop, enum language l, int64_t now)
{
	const struct docx_value values[] = {
		{ .name = S("institution.name"), .text = shop->house.name },
		{ .name = S("organisation.name"), .text = shop->organisation_name },
		{ .name = S("shop.name"), .text = shop->name },
		{ .name = S("shop.url"), .kind = FIELD_URL, .text = shop->public_url },
		{ .name = S("shop.email"), .text = shop->house.email },
		{ .name = S("shop.phone"), .text = phone_national(a, shop->house.phone) },
		{ .name = S("shop.logo"), .kind = FIELD_IMAGE, .image = document_logo(shop) },
		{ .name = S("today"), .text = lang_date(a, l, now, shop->house.zone) },
	};
	struct docx_value *at = ARENA_ARRAY(a, struct docx_value, COUNT(values));
	for (size_t i = 0; i < COUNT(values); i++) at[i] = values[i];
	return (struct docx_values){ at, COUNT(values) };
}

static bool needs_link(enum document_class class)
{
	const struct field_declaration *field = document_field(class, S("link.url"));
	return field && field->is_required;
}

static enum status write_mime(struct arena *a, const struct point_of_sale *shop, const struct sending *x, const struct docx_merged *merged,
	struct str *out, struct problem *why)
{
	const struct outbox_mail *m = x->mail;
	const struct mime_file file = { x->about->file_name, S("application/pdf"), x->about->file };
	struct str at = m->message_id, local;
	str_next(&at, '@', &local);
	struct str language = str_of(lang_tag(m->language));
	struct docx_html html = docx_html(a, merged, &(struct docx_style){ accent_number(shop->accent), shop->house.name, language, at });
	struct mime_image *images = ARENA_ARRAY(a, struct mime_image, html.image_count);
	for (size_t i = 0; i < html.image_count; i++)
		images[i] = (struct mime_image){ str_format(a, "image%zu@%.*s", i + 1, STR_ARG(at)), html.images[i]->type, html.images[i]->bytes };
	struct str subject = docx_subject(a, merged);
	if (m->is_test)
		subject = lang_text(a, m->language, MSG_MAIL_TEST_SUBJECT, (const struct arg[]){ arg_text("subject", subject), { .kind = ARG_END } });
	const struct mail mail = {
		.from = { shop->sender_name, shop->sender_address },
		.reply_to = { .address = shop->house.email },
		.to = { m->recipient_name, m->recipient },
		.subject = subject,
		.text = docx_text(a, merged),
		.html = html.html,
		.language = language,
		.message_id = m->message_id,
		.date = m->made_at,
		.images = images,
		.image_count = html.image_count,
		.files = &file,
		.file_count = file.bytes.len > 0,
	};
	return mime_write(a, &mail, out, why);
}

enum status letter_finish(struct templates *t, struct conn *db, struct arena *a, const struct outbox_mail *m, const struct letter_link *link,
	const struct letter_about *about, struct finished_letter *out, struct problem *why)
{
	static const struct letter_about nothing = { 0 };
	struct sending x = { m, link, about ? about : &nothing, NULL };
	struct point_of_sale shop;
	const struct template *template = NULL;
	struct docx_merged *merged;
	json_error_t error;
	enum status st;
	bool has_link = link->token.len && url_of(a, S(""), S(""), &x).len;
	if (needs_link(m->class) && !has_link && !m->is_test) return problem_add(why, "link", MSG_MAIL_LINK_MISSING), REFUSED;
	if ((st = point_of_sale_get(db, a, m->point_of_sale, &shop))) return st == NOT_FOUND ? BROKEN : st;
	if ((st = logo_get(db, a, shop.id, &shop.logo))) return st;
	if ((st = template_open(t, db, m->template, &template, why))) return st;
	x.queued = json_loadb(m->values.at, m->values.len, 0, &error);
	if (!x.queued) {
		st = BROKEN;
		goto done;
	}
	if ((st = docx_merge(a, template->docx, values_of(a, &shop, &x), str_of(lang_tag(m->language)), &merged, why))) goto done;
	st = write_mime(a, &shop, &x, merged, &out->message, why);
	out->sender = shop.sender_address;
	out->recipient = m->recipient;
done:
	json_decref(x.queued);
	template_close(t, template);
	return st;
}
