/* formats/bank_unpack.c: gzip by zlib, ZIP by libzip; both counted, since what an archive declares of itself may be a lie. */
#include "formats/bank_unpack.h"

#include <stdlib.h>
#include <string.h>

static enum status broken(struct bank_stream *s, enum message why)
{
	s->broken = why;
	return REFUSED;
}

static void begin_gzip(struct bank_stream *s)
{
	s->is_gzip = true;
	s->is_open = s->is_ended = s->has_member = false;
	s->gzip = (z_stream){ 0 };
	if (inflateInit2(&s->gzip, 16 + MAX_WBITS) != Z_OK) BUG("zlib: no memory"); /* 16: gzip's head and check sum */
}

void bank_stream_plain(struct bank_stream *s, const struct bank_input *input)
{
	s->input = input, s->zip = NULL, s->at = 0, s->packed_size = 0, s->is_gzip = false, s->unpacked = 0, s->unpacked_max = BANK_UNPACKED_MAX;
}

void bank_stream_gzip(struct bank_stream *s, const struct bank_input *input)
{
	bank_stream_plain(s, input);
	begin_gzip(s);
}

enum status bank_stream_zip(struct bank_stream *s, zip_t *archive, size_t member, int64_t most, int64_t packed)
{
	bank_stream_plain(s, NULL);
	s->unpacked_max = most;
	s->packed_size = packed;
	s->zip = zip_fopen_index(archive, member, 0);
	if (!s->zip) return broken(s, MSG_BANK_ZIP_BROKEN);
	if (packed) begin_gzip(s);
	return OK;
}

void bank_stream_end(struct bank_stream *s)
{
	if (s->is_gzip) inflateEnd(&s->gzip);
	if (s->zip) zip_fclose(s->zip);
}

static enum status next_raw(struct bank_stream *s, char *to, struct str *piece)
{
	int64_t n = s->input ? s->input->read_at(s->input->user, s->at, to, BANK_PIECE) : zip_fread(s->zip, to, BANK_PIECE);
	if (n < 0) return broken(s, s->input ? MSG_BANK_UNREADABLE : MSG_BANK_ZIP_BROKEN);
	s->at += n;
	*piece = (struct str){ to, (size_t)n };
	return OK;
}

/* A file may be several members, one after the other, and zeros behind them. */
static enum status next_gzip(struct bank_stream *s, struct str *piece)
{
	z_stream *z = &s->gzip;
	z->next_out = (Bytef *)s->piece;
	z->avail_out = BANK_PIECE;
	while (z->avail_out && !s->is_ended) {
		if (!z->avail_in) {
			struct str packed;
			if (next_raw(s, s->packed, &packed)) return REFUSED;
			if (!packed.len) {
				if (s->is_open) return broken(s, MSG_BANK_GZIP_SHORT);
				s->is_ended = true;
				break;
			}
			z->next_in = (Bytef *)s->packed;
			z->avail_in = (uInt)packed.len;
		}
		while (s->has_member && !s->is_open && z->avail_in && *z->next_in == 0) z->next_in++, z->avail_in--;
		if (!z->avail_in) continue;
		s->is_open = true;
		int result = inflate(z, Z_NO_FLUSH);
		if (result == Z_STREAM_END) {
			s->is_open = false;
			s->has_member = true;
			if (inflateReset(z) != Z_OK) return broken(s, MSG_BANK_GZIP_BROKEN);
		} else if (result != Z_OK) return broken(s, MSG_BANK_GZIP_BROKEN);
	}
	*piece = (struct str){ s->piece, BANK_PIECE - z->avail_out };
	return OK;
}

/* More than its packed bytes can honestly come to. Inside an archive its bytes may be packed twice over. */
static bool is_bomb(const struct bank_stream *s)
{
	int64_t packed = s->packed_size && s->packed_size < s->at ? s->packed_size : s->at;
	return s->is_gzip && s->unpacked > BANK_RATIO_FREE && s->unpacked / BANK_RATIO_MAX > packed;
}

enum status bank_stream_next(struct bank_stream *s, struct str *piece)
{
	*piece = S("");
	enum status st = s->is_gzip ? next_gzip(s, piece) : next_raw(s, s->piece, piece);
	if (st) return st;
	s->unpacked += (int64_t)piece->len;
	if (is_bomb(s)) return broken(s, MSG_BANK_RATIO);
	if (s->unpacked <= s->unpacked_max) return OK;
	return broken(s, s->zip && !s->is_gzip ? MSG_BANK_ZIP_BROKEN : MSG_BANK_UNPACKED_TOO_LARGE);
}

/* ---- libzip's side ---- */

struct zip_reading {
	const struct bank_input *input;
	int64_t at;
	zip_error_t error;
};

static zip_int64_t zip_seek(struct zip_reading *r, void *data, zip_uint64_t len)
{
	zip_int64_t to = zip_source_seek_compute_offset((zip_uint64_t)r->at, (zip_uint64_t)r->input->size, data, len, &r->error);
	if (to < 0) return -1;
	r->at = to;
	return 0;
}

static zip_int64_t zip_read_some(struct zip_reading *r, void *data, zip_uint64_t len)
{
	int64_t n = r->input->read_at(r->input->user, r->at, data, (size_t)len);
	if (n < 0) {
		zip_error_set(&r->error, ZIP_ER_READ, 0);
		return -1;
	}
	r->at += n;
	return n;
}

static zip_int64_t on_zip(void *user, void *data, zip_uint64_t len, zip_source_cmd_t what)
{
	struct zip_reading *r = user;
	switch (what) {
	case ZIP_SOURCE_OPEN: r->at = 0; return 0;
	case ZIP_SOURCE_READ: return zip_read_some(r, data, len);
	case ZIP_SOURCE_CLOSE: return 0;
	case ZIP_SOURCE_SEEK: return zip_seek(r, data, len);
	case ZIP_SOURCE_TELL: return r->at;
	case ZIP_SOURCE_STAT: {
		zip_stat_t *stat = data;
		zip_stat_init(stat);
		stat->size = (zip_uint64_t)r->input->size;
		stat->valid = ZIP_STAT_SIZE;
		return sizeof *stat;
	}
	case ZIP_SOURCE_ERROR: return zip_error_to_data(&r->error, data, len);
	case ZIP_SOURCE_FREE: free(r); return 0;
	case ZIP_SOURCE_SUPPORTS:
		return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
			ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
	default: zip_error_set(&r->error, ZIP_ER_OPNOTSUPP, 0); return -1;
	}
}

zip_source_t *bank_zip_source(const struct bank_input *input)
{
	struct zip_reading *r = calloc(1, sizeof *r);
	if (!r) BUG("no memory for a source");
	r->input = input;
	zip_error_init(&r->error);
	zip_source_t *source = zip_source_function_create(on_zip, r, NULL);
	if (!source) BUG("libzip: no memory for a source");
	return source;
}
