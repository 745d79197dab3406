/* formats/qrbill_zxing.h: zxing-cpp behind plain C, so that one small file is C++. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Calls FOUND(ARG, bytes, length) for each QR code in a grey picture of WIDTH x HEIGHT bytes, at most MOST times: its bytes as encoded, whatever they mean.
 * False when the library gave up. */
bool zxing_qr_codes(const uint8_t *pixels, int width, int height, int most, void (*found)(void *arg, const uint8_t *bytes, size_t len), void *arg);

#ifdef __cplusplus
}
#endif
