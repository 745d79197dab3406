/* tests/fuzz/print_status.c: any bytes as a printing status file are read within bounds, to the end that the first pass found. */
#include "base/status.h"
#include "formats/print_status.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *keep = arena_new(), *a = arena_new();
	struct print_status p = print_status_of(keep, (struct str){ (const char *)data, size }, size % 2);
	struct print_status_line l;
	int64_t lines = 0;
	while (p.fault == PRINT_FILE_OK && print_status_next(a, &p, &l)) {
		lines++;
		if (!str_is_text(l.bar_code) && l.bar_code.len) BUG("a value that is no text");
		if (l.fault == PRINT_LINE_OK && !l.bar_code.len && !l.ticket.len && !l.batch.len) BUG("a line without a key was taken");
		arena_reset(a);
	}
	if (p.fault == PRINT_FILE_OK && lines != p.lines) BUG("%lld lines, then %lld", (long long)p.lines, (long long)lines);
	arena_free(a);
	arena_free(keep);
	return 0;
}
