/* mail/folder.c: temporary name, fsync, rename, fsync of the folder. */
#include "mail/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

static struct mail_result failed(struct arena *a, const char *what)
{
	char text[128];
	return (struct mail_result){ MAIL_TRY_LATER, str_format(a, "%s: %s", what, strerror_r(errno, text, sizeof text)), MAIL_FAULT_OWN };
}

static int folder_open(const char *path)
{
	if (mkdir(path, 0700) < 0 && errno != EEXIST) return -1;
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.at, bytes.len);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return false;
		bytes = str_part(bytes, (size_t)n, bytes.len);
	}
	return true;
}

/* "20261124T081556.123456Z-17.eml" */
static struct str name_for(struct arena *a, int64_t now, int64_t id)
{
	struct tm t;
	time_t seconds = (time_t)(now / SECOND);
	gmtime_r(&seconds, &t);
	return str_format(a, "%04d%02d%02dT%02d%02d%02d.%06dZ-%" PRId64 ".eml", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec,
		(int)(now % SECOND), id);
}

struct mail_result folder_deliver(struct arena *a, const char *path, int64_t id, struct str bytes)
{
	struct mail_result r;
	const char *name = name_for(a, clock_utc(), id).at;
	/* The dot hides it from whoever lists mails; the process id keeps two processes apart that share a folder. */
	const char *temporary = str_format(a, ".%d-%s", (int)getpid(), name).at;
	int folder = folder_open(path), file = -1;
	if (folder < 0) return failed(a, path);
	file = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0) {
		r = failed(a, path);
		goto done;
	}
	if (!write_all(file, bytes) || fsync(file) < 0 || renameat(folder, temporary, folder, name) < 0) {
		r = failed(a, path);
		unlinkat(folder, temporary, 0);
		goto done;
	}
	if (fsync(folder) < 0) r = failed(a, path);
	else r = (struct mail_result){ MAIL_SENT, str_format(a, "written as %s", name), MAIL_FAULT_NONE };
done:
	if (file >= 0) close(file);
	close(folder);
	return r;
}

struct mail_result folder_check(struct arena *a, const char *path)
{
	int folder = folder_open(path);
	if (folder < 0) return failed(a, path);
	bool is_writable = faccessat(folder, ".", W_OK | X_OK, AT_EACCESS) == 0;
	struct mail_result r = is_writable ? (struct mail_result){ MAIL_SENT, S(""), MAIL_FAULT_NONE } : failed(a, path);
	close(folder);
	return r;
}
