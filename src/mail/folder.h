/* mail/folder.h: delivery into a folder: a file appears whole or not at all. */
#pragma once
#include "mail/mailer.h"

/* Writes BYTES as PATH/TIME-ID.eml, on the disk before it says SENT. Names sort by time. Makes PATH (not its parents) when it is missing; only its owner reads
 * folder and files, for mails hold links. */
struct mail_result folder_deliver(struct arena *a, const char *path, int64_t id, struct str bytes);

/* Whether PATH can be written. */
struct mail_result folder_check(struct arena *a, const char *path);
