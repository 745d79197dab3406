/* outside/drop.c: a finished file, to be downloaded or put where the office watches (shipping/watched.h), as a partner's own program would. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "outside/outside.h"
#include "shipping/watched.h"

static bool write_all(int file, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(file, bytes.at, bytes.len);
		if (n < 0 && errno == EINTR) continue;
		if (n <= 0) return false;
		bytes = str_part(bytes, (size_t)n, bytes.len);
	}
	return true;
}

/* Under a name that nobody fetches until it is whole. */
static bool drop(struct arena *a, struct str folder, struct str name, struct str bytes)
{
	char *whole = str_c(a, str_format(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name)));
	char *part = str_c(a, str_format(a, "%s" WATCHED_PART, whole));
	int file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (file < 0) return false;
	bool is_written = write_all(file, bytes);
	if (close(file) || !is_written || rename(part, whole)) {
		unlink(part);
		return false;
	}
	return true;
}

struct response world_file(struct request *r, const char *type, struct str name, struct str bytes, struct str to, struct str folder)
{
	if (str_eq(to, S("folder")) && folder.len) {
		if (drop(r->arena, folder, name, bytes)) return response_redirect(r, 303, S("/outside?done=dropped"));
		log_warn("no file could be put into %.*s", STR_ARG(folder));
		return error_answer(r, 503);
	}
	struct response answer = response_bytes(r, 200, type, bytes);
	response_download(r, &answer, name);
	return answer;
}
