/* tests/fuzz/image.c: any bytes as a picture are read within bounds; what was read fits, and is a PNG that is read again. */
#include "formats/image.h"

#define PIXELS_MAX (1u << 16)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	struct image image, again;
	if (image_read(a, (struct str){ (const char *)data, size }, PIXELS_MAX, "logo", &image, &why) == OK) {
		image = image_fit(a, image, 100, 40);
		if (image.width > 100 || image.height > 40 || !image.width || !image.height) BUG("it does not fit");
		if (image_read(a, image_png(a, image), PIXELS_MAX, "logo", &again, &why)) BUG("our own picture is not read");
		if (again.width != image.width || again.height != image.height) BUG("it became another");
	} else if (!problem_any(&why)) BUG("a picture was refused without words");
	arena_free(a);
	return 0;
}
