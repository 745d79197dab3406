/* tests/programs/mime_sample.c: a mail described as JSON on stdin becomes a message on stdout, for parsers that are not ours.
 * Exit status 1, with the fields refused on stdout, when mime_write refuses. */
#include <jansson.h>
#include <stdio.h>

#include "formats/mime.h"

static struct str field(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);
	return v ? (struct str){ json_string_value(v), json_string_length(v) } : S("");
}

static struct str bytes_of_hex(struct arena *a, struct str hex)
{
	char *at = arena_alloc(a, hex.len / 2 + 1);
	for (size_t i = 0; i + 1 < hex.len; i += 2) {
		unsigned v = 0;
		if (sscanf(str_format(a, "%.2s", hex.at + i).at, "%x", &v) != 1) v = 0;
		at[i / 2] = (char)v;
	}
	return (struct str){ at, hex.len / 2 };
}

int main(void)
{
	json_error_t error;
	json_t *o = json_loadf(stdin, JSON_ALLOW_NUL, &error);
	if (!o) {
		fprintf(stderr, "mime_sample: %s\n", error.text);
		return 2;
	}
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	struct str bytes;
	json_t *list = json_object_get(o, "images");
	struct mime_image *images = ARENA_ARRAY(a, struct mime_image, json_array_size(list) + 1);
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *image = json_array_get(list, i);
		images[i] = (struct mime_image){ field(image, "cid"), field(image, "type"), bytes_of_hex(a, field(image, "hex")) };
	}
	struct mime_extra extra = { "X-Campaign", field(o, "extra") };
	struct mail m = {
		.from = { field(o, "from_name"), field(o, "from") },
		.sender = { field(o, "sender_name"), field(o, "sender") },
		.reply_to = { field(o, "reply_to_name"), field(o, "reply_to") },
		.to = { field(o, "to_name"), field(o, "to") },
		.subject = field(o, "subject"),
		.text = field(o, "text"),
		.html = field(o, "html"),
		.language = field(o, "language"),
		.message_id = field(o, "message_id"),
		.date = json_integer_value(json_object_get(o, "date")),
		.images = images,
		.image_count = json_array_size(list),
		.extras = &extra,
		.extra_count = extra.value.len ? 1 : 0,
	};
	int status = 0;
	if (mime_write(a, &m, &bytes, &why) == OK) {
		fwrite(bytes.at, 1, bytes.len, stdout);
	} else {
		for (const struct finding *f = why.first; f; f = f->next) printf("%s\n", f->field);
		status = 1;
	}
	arena_free(a);
	json_decref(o);
	return status;
}
