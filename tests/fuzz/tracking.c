/* tests/fuzz/tracking.c: any bytes as a number and as a link's form: within bounds, and a link that passes leads where its form says. */
#include "base/status.h"
#include "formats/tracking.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct str text = { (const char *)data, size }, rest = text, number, form;
	str_next(&rest, '\n', &number);
	form = rest;
	for (int f = 0; f < TRACKING_FORMS; f++) {
		struct tracking t = tracking_read(a, number, f, form);
		if (t.fault == TRACKING_OK && tracking_read(a, t.shown, f, form).fault != TRACKING_OK) BUG("a number is not read again as it is shown");
	}
	struct tracking_values v = { number, number, number, number, number, number };
	if (tracking_link_check(form).fault == LINK_FORM_OK) {
		struct str link = tracking_link(a, form, &v), again = tracking_link(a, form, &(struct tracking_values){ 0 });
		ptrdiff_t host = str_find(form, S("://")) + 3;
		for (ptrdiff_t i = 0; i < host; i++)
			if (link.at[i] != again.at[i]) BUG("a value changed where a link leads");
		if (str_find(link, S(" ")) >= 0 || str_find(link, S("\n")) >= 0) BUG("a value is not encoded");
	}
	tracking_link_allowed(number, form);
	arena_free(a);
	return 0;
}
