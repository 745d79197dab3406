/* formats/bank_unpack.h: bytes of a bank's file in pieces, unpacked on the way. For bank_file.c only. */
#pragma once
#include <zip.h>
#include <zlib.h>

#include "formats/bank_file.h"

/* Bytes in pieces: of an input or of a file in an archive, either packed by gzip or not. */
struct bank_stream {
	const struct bank_input *input; /* NULL: it is ZIP's */
	int64_t at;						/* read of the input so far */
	int64_t packed_size;			/* of gzip in an archive: what it takes there; else 0 */
	bool is_gzip;
	z_stream gzip;
	bool is_open, has_member, is_ended; /* GZIP: within a member; behind one; behind the last */
	zip_file_t *zip;
	int64_t unpacked, unpacked_max;
	enum message broken; /* what went wrong when a piece could not be had */
	char packed[BANK_PIECE], piece[BANK_PIECE];
};

/* Begins reading INPUT, packed by gzip or not; or MEMBER of ARCHIVE, which may come to MOST bytes; PACKED: what it takes in the archive, if it is packed by
 * gzip, else 0. */
void bank_stream_plain(struct bank_stream *s, const struct bank_input *input);
void bank_stream_gzip(struct bank_stream *s, const struct bank_input *input);
enum status bank_stream_zip(struct bank_stream *s, zip_t *archive, size_t member, int64_t most, int64_t packed);
void bank_stream_end(struct bank_stream *s);

/* The next piece; empty at the end. REFUSED: s->broken says why. */
enum status bank_stream_next(struct bank_stream *s, struct str *piece);

/* INPUT as libzip reads it. */
zip_source_t *bank_zip_source(const struct bank_input *input);
