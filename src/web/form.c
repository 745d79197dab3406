/* web/form.c: the declared fields of a body. */
#include "web/form.h"

#include <string.h>

#include "web/inside.h"

#define TEXT_MAX_DEFAULT   200 /* characters: a name, a street, a search */
#define FILENAME_MAX_BYTES 255

struct form_value {
	struct form_value *next; /* of a repeated field */
	bool came;
	struct str text;
};

static const struct form_field *declared(const struct form *f, const char *name, struct form_value **value)
{
	for (size_t i = 0; i < f->count; i++) {
		if (strcmp(f->fields[i].name, name) != 0) continue;
		*value = &f->values[i];
		return &f->fields[i];
	}
	BUG("field \"%s\" is not declared", name);
}

/* Line ends as one \n; false when another control character is in it. */
static bool lines(struct arena *a, struct str in, struct str *out)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < in.len; i++) {
		char c = in.at[i];
		if (c == '\r') {
			if (i + 1 < in.len && in.at[i + 1] == '\n') continue;
			c = '\n';
		}
		bool is_allowed = c == '\n' || c == '\t';
		bool is_second = i && (unsigned char)in.at[i - 1] == 0xc2; /* of a C1 control character in UTF-8 */
		if (!is_allowed && str_has_control(is_second ? str_part(in, i - 1, 2) : str_part(in, i, 1))) return false;
		buf_add_char(&b, c);
	}
	*out = buf_str(&b);
	return true;
}

/* Bounds first, then what it is made of. */
static bool read_text(struct form *f, const struct form_field *field, struct str raw, struct str *out)
{
	size_t max = field->max || field->max_bytes ? field->max : TEXT_MAX_DEFAULT;
	size_t max_bytes = field->max_bytes ? field->max_bytes : max * 4;
	if (!field->is_secret) raw = str_trim(raw);
	if (raw.len > max_bytes || (max && str_points(raw) > max)) {
		problem_add(&f->why, field->name, MSG_FIELD_TOO_LONG, arg_int("max", (int64_t)(max ? max : max_bytes)));
		return false;
	}
	bool is_fine = str_is_text(raw) && (field->is_multiline ? lines(f->request->arena, raw, &raw) : !str_has_control(raw));
	if (!is_fine) problem_add(&f->why, field->name, MSG_FIELD_NOT_TEXT);
	*out = raw;
	return is_fine;
}

static void read_field(struct form *f, const struct form_field *field, struct form_value *value)
{
	const struct fields *sent = &f->request->inside->fields;
	bool is_fine = true;
	for (size_t i = 0; i < sent->count && is_fine; i++) {
		if (sent->at[i].is_file || !str_eq(sent->at[i].name, str_of(field->name))) continue;
		if (value->came) {
			if (!field->is_repeated) {
				problem_add(&f->why, field->name, MSG_FIELD_TWICE);
				value->text = S("");
				return;
			}
			value = value->next = ARENA_NEW(f->request->arena, struct form_value);
			value->text = S("");
		}
		value->came = true;
		is_fine = read_text(f, field, sent->at[i].value, &value->text);
		if (!is_fine) value->text = S("");
	}
	if (is_fine && field->is_required && value->text.len == 0) problem_add(&f->why, field->name, MSG_FIELD_REQUIRED);
}

struct form form_read(struct request *r, const struct form_field *fields, size_t count)
{
	struct form f = { .why = problem_in(r->arena), .fields = fields, .count = count, .request = r };
	f.values = ARENA_ARRAY(r->arena, struct form_value, count);
	for (size_t i = 0; i < count; i++) {
		f.values[i].text = S("");
		read_field(&f, &fields[i], &f.values[i]);
	}
	return f;
}

struct str form_text(const struct form *f, const char *name)
{
	struct form_value *value;
	if (declared(f, name, &value)->is_repeated) BUG("field \"%s\" is repeated: form_next", name);
	return value->text;
}

bool form_has(const struct form *f, const char *name)
{
	struct form_value *value;
	declared(f, name, &value);
	return value->came;
}

struct str form_shown(const struct form *f, const char *name)
{
	struct form_value *value;
	return declared(f, name, &value)->is_secret ? S("") : value->text;
}

bool form_next(const struct form *f, const char *name, size_t *at, struct str *out)
{
	struct form_value *value;
	declared(f, name, &value);
	for (size_t i = 0; i < *at && value; i++) value = value->next;
	if (!value || !value->came) return false;
	(*at)++;
	*out = value->text;
	return true;
}

bool form_next_named(struct request *r, struct str start, size_t *at, struct str *name, struct str *value)
{
	const struct fields *sent = &r->inside->fields;
	while (*at < sent->count) {
		const struct field *f = &sent->at[(*at)++];
		if (f->is_file || !str_starts(f->name, start)) continue;
		if (!str_is_text(f->name) || str_has_control(f->name) || str_points(f->name) > TEXT_MAX_DEFAULT) continue;
		if (!str_is_text(f->value) || str_has_control(f->value) || str_points(f->value) > TEXT_MAX_DEFAULT) continue;
		*name = f->name;
		*value = str_trim(f->value);
		return true;
	}
	return false;
}

bool form_next_raw(struct request *r, size_t *at, struct str *name, struct str *value)
{
	const struct fields *sent = &r->inside->fields;
	while (*at < sent->count) {
		const struct field *f = &sent->at[(*at)++];
		if (f->is_file) continue;
		*name = f->name;
		*value = f->value;
		return true;
	}
	return false;
}

/* What a person sees of a file's name: without folders, and nothing when it is no text. */
static struct str shown_name(struct str name)
{
	for (size_t i = name.len; i > 0; i--)
		if (name.at[i - 1] == '/' || name.at[i - 1] == '\\') {
			name = str_part(name, i, name.len);
			break;
		}
	return name.len <= FILENAME_MAX_BYTES && str_is_text(name) && !str_has_control(name) ? name : S("");
}

bool form_file(struct request *r, const char *field, struct upload *out)
{
	const struct field *found = NULL;
	for (size_t i = 0; i < r->inside->fields.count; i++) {
		const struct field *f = &r->inside->fields.at[i];
		if (!f->is_file || !str_eq(f->name, str_of(field))) continue;
		if (found) return false;
		found = f;
	}
	if (!found || (found->filename.len == 0 && found->value.len == 0)) return false;
	*out = (struct upload){ shown_name(found->filename), found->type, found->value };
	return true;
}
