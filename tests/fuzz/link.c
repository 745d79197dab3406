/* tests/fuzz/link.c: no text but a genuine one is read, and none is read past its end. */
#include "base/status.h"
#include "formats/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct link_key key;
	struct link l;
	if (!key.id[0]) key = link_key_of((const uint8_t[LINK_SEED_SIZE]){ 1 });
	struct str text = { (const char *)data, size };
	if (link_read((struct link_keys){ &key, 1 }, text, ~0u, &l) == LINK_GENUINE) BUG("a link was forged");
	return 0;
}
