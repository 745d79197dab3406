/* tests/fuzz/qrbill_scan.c: any bytes as a PNG, and any pixels in a right one, are looked through within bounds. */
#include "formats/png.h"
#include "formats/qrbill_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses: a file, or pixels in rows of as many. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2) return 0;
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	struct str bytes = { (const char *)data + 1, size - 1 }, *codes;
	size_t count;
	if (data[0] && data[0] < size) {
		uint32_t width = data[0];
		struct picture p = { arena_alloc(a, size), width, (uint32_t)(bytes.len / width) };
		for (size_t i = 0; i < bytes.len; i++) p.at[i] = data[i + 1];
		bytes = png_write(a, &p, 300);
	}
	enum status st = qrbill_scan_png(a, bytes, &codes, &count, &why);
	if (st && !why.first) BUG("refused without words");
	for (size_t i = 0; i < count; i++)
		if (codes[i].len > 2953) BUG("a code of %zu bytes", codes[i].len); /* the most that any QR code holds */
	arena_free(a);
	return 0;
}
