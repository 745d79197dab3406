/* web/assets.h: stylesheets, scripts, images and fonts, linked into the binary by the build (tools/pack) and served for ever under their fingerprints. */
#pragma once
#include "base/str.h"

struct asset {
	struct str name;   /* in assets/: "shop.css" */
	struct str path;   /* "/assets/shop.1f0c8a….css" */
	struct str type;   /* Content-Type */
	struct str bytes;  /* as it is */
	struct str gzip;   /* compressed; empty where that saves nothing */
	struct str brotli; /* likewise */
	struct str etag;   /* with its quotes: "\"1f0c8a…\"" */
};

/* Made by the build, in the order of their paths (byte by byte). */
extern const struct asset assets[];
extern const size_t asset_count;

/* ---- for the web floor and tests ---- */

enum coding { CODING_IDENTITY, CODING_GZIP, CODING_BROTLI };

/* The best coding of what the asset has for an Accept-Encoding header (RFC 9110, 12.5.3); ours goes br, gzip, identity where the client likes them alike. */
enum coding coding_accept(struct str header, bool has_gzip, bool has_brotli);

/* By path (bisection) and by name; NULL: none. */
const struct asset *asset_at(const struct asset *list, size_t count, struct str path);
const struct asset *asset_named(const struct asset *list, size_t count, struct str name);
