/* formats/qrbill_zxing.cc: the only C++ of the tree. */
#define ZX_USE_UTF8 1
#include "formats/qrbill_zxing.h"

#include <ZXing/ReadBarcode.h>

extern "C" bool zxing_qr_codes(
	const uint8_t *pixels, int width, int height, int most, void (*found)(void *arg, const uint8_t *bytes, size_t len), void *arg)
{
	try {
		ZXing::DecodeHints hints;
		hints.setFormats(ZXing::BarcodeFormat::QRCode);
		hints.setTryHarder(true);
		hints.setTryRotate(true);
		hints.setMaxNumberOfSymbols(static_cast<uint8_t>(most));
		/* bytes(), not text(): the latter guesses at encodings and so hides wrong ones. */
		for (const auto &result : ZXing::ReadBarcodes({ pixels, width, height, ZXing::ImageFormat::Lum }, hints))
			if (result.isValid()) found(arg, result.bytes().data(), result.bytes().size());
		return true;
	} catch (...) { /* memory, or a fault of the library: what it merely can't read it does not throw */
		return false;
	}
}
