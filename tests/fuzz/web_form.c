/* tests/fuzz/web_form.c: bodies, queries, cookies and headers of any bytes are read within bounds; what handlers get keeps its promises. */
#include "web/address.h"
#include "web/assets.h"
#include "web/cookie.h"
#include "web/dispatch.h"
#include "web/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct form_field fields[] = { { "a", .max = 20, .is_required = true }, { "b", .is_multiline = true }, { "c", .is_repeated = true },
	{ "d", .max_bytes = 64, .is_secret = true } };

static void must_be_clean(struct str s, size_t max_bytes)
{
	if (s.len > max_bytes || !str_is_text(s) || str_has_control(s)) BUG("a handler got %zu bytes that are no clean text", s.len);
}

static void read_form(struct request *r, struct fields sent)
{
	r->inside->fields = sent;
	struct form f = form_read(r, fields, COUNT(fields));
	struct str value, name;
	must_be_clean(form_text(&f, "a"), 80);
	must_be_clean(form_text(&f, "d"), 64);
	for (size_t at = 0; form_next(&f, "c", &at, &value);) must_be_clean(value, 800);
	for (size_t at = 0; form_next_named(r, S("p-"), &at, &name, &value);) must_be_clean(value, 800);
	struct upload file;
	if (form_file(r, "a", &file)) must_be_clean(file.name, 255);
	if (form_shown(&f, "d").len) BUG("a secret was shown");
}

/* The first byte chooses how the rest is read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct cookie cookie = { .name = "session" };
	static const struct server_options options;
	if (size == 0) return 0;
	struct arena *a = arena_new();
	struct str bytes = { (const char *)data + 1, size - 1 }, out, boundary;
	struct request_inside in = { .options = &options };
	struct request r = {
		.arena = a, .inside = &in, .host = S(""), .path = S(""), .query = S(""), .prefix = S(""), .origin = S(""), .site_code = S(""), .id = S("")
	};
	struct fields sent;
	switch (data[0] % 5) {
	case 0:
		if (fields_urlencoded(a, bytes, &sent) == OK) read_form(&r, sent);
		break;
	case 1:
		if (fields_multipart(a, bytes, S("x"), &sent) == OK) read_form(&r, sent);
		break;
	case 2: {
		struct pair headers[] = { { S("Cookie"), bytes }, { S("Accept-Encoding"), bytes }, { S("Content-Type"), bytes } };
		in.headers = headers;
		in.header_count = COUNT(headers);
		must_be_clean(cookie_get(&r, &cookie), 512);
		coding_accept(bytes, true, true);
		multipart_boundary(bytes, &boundary);
		break;
	}
	case 3: {
		struct address peer = { { 1 } };
		struct network all = { { { 0 } }, 0 };
		address_client(a, &(struct address){ { 0 } });
		address_behind(&peer, bytes, &all, 1);
		network_parse(bytes, &all);
		if (path_is_local(bytes) && (str_has(bytes, '\\') || str_starts(bytes, S("//")) || str_has_control(bytes))) BUG("a path leads elsewhere");
		if (percent_decode(a, bytes, PLUS_IS_BLANK, &out) && out.len > bytes.len) BUG("decoding grew");
		break;
	}
	default: { /* a whole head: the target up to the first line end, then headers */
		struct pair headers[8];
		struct str rest = bytes, line;
		if (!str_next(&rest, '\n', &in.target)) break;
		in.headers = headers;
		while (in.header_count < COUNT(headers) && str_next(&rest, '\n', &line)) {
			struct pair *h = &headers[in.header_count++];
			h->name = h->value = S("");
			str_next(&line, ':', &h->name);
			if (line.at) h->value = line;
		}
		r.method = data[0] % 2 ? GET : POST;
		dispatch_head(&r);
		for (size_t i = 0; i < in.param_count; i++) must_be_clean(in.params[i].value, bytes.len);
	}
	}
	arena_free(a);
	return 0;
}
