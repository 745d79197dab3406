/* documents/preview.c: samples in the place of values. */
#include "documents/preview.h"

#include "base/clock.h"

#define SAMPLE_LINK_LIFE (48 * HOUR) /* what the class's examples say, too */

uint32_t accent_number(struct str accent)
{
	uint32_t colour = 0;
	for (size_t i = 1; i < accent.len; i++) {
		char c = accent.at[i];
		colour = colour * 16 + (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return colour & 0xffffff;
}

/* EXAMPLE, "https://tickets.example.org/signin", as an address of SHOP. */
static struct str at_shop(struct arena *a, struct str example, const struct point_of_sale *shop)
{
	ptrdiff_t host = str_find(example, S("://"));
	if (host < 0) return example;
	size_t path = (size_t)host + 3;
	while (path < example.len && example.at[path] != '/') path++;
	struct str rest = str_part(example, path, example.len);
	return str_format(a, "%.*s%.*s", STR_ARG(shop->public_url), STR_ARG(rest));
}

struct str document_sample(struct arena *a, const struct field_declaration *f, const struct point_of_sale *shop, enum language l, int64_t now)
{
	const struct {
		struct str field, value;
	} known[] = {
		{ S("institution.name"), shop->house.name },
		{ S("organisation.name"), shop->organisation_name },
		{ S("shop.name"), shop->name },
		{ S("shop.email"), shop->house.email },
		{ S("shop.phone"), phone_national(a, shop->house.phone) },
		{ S("today"), lang_date(a, l, now, shop->house.zone) },
		{ S("request.time"), lang_datetime(a, l, now, shop->house.zone) },
		{ S("link.valid_until"), lang_datetime(a, l, now + SAMPLE_LINK_LIFE, shop->house.zone) },
	};
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq(f->name, known[i].field)) return known[i].value;
	return f->kind == FIELD_URL ? at_shop(a, f->example, shop) : f->example;
}

struct docx_image document_logo(const struct point_of_sale *shop)
{
	const struct logo *logo = &shop->logo;
	return (struct docx_image){ logo->png, S("image/png"), shop->house.name, (unsigned)logo->width, (unsigned)logo->height };
}

enum status document_preview(struct arena *a, const struct docx *d, enum document_class class, const struct point_of_sale *shop, enum language l,
	int64_t now, struct document_preview *out, struct problem *why)
{
	const struct document_class_info *info = document_class(class);
	struct docx_values samples = docx_examples(a, info->fields, info->field_count);
	struct docx_value *at = ARENA_ARRAY(a, struct docx_value, samples.count + 1);
	struct docx_merged *merged;
	struct str language = str_of(lang_tag(l));
	enum status st;
	for (size_t i = 0; i < samples.count; i++) {
		at[i] = samples.at[i];
		if (at[i].kind == FIELD_TEXT || at[i].kind == FIELD_URL) at[i].text = document_sample(a, &info->fields[i], shop, l, now);
		if (at[i].kind == FIELD_IMAGE) at[i].image = document_logo(shop);
	}
	if ((st = docx_merge(a, d, (struct docx_values){ at, samples.count }, language, &merged, why))) return st;
	out->subject = docx_subject(a, merged);
	out->html = docx_html(a, merged, &(struct docx_style){ accent_number(shop->accent), shop->house.name, language, { 0 } }).html;
	out->text = docx_text(a, merged);
	return OK;
}
