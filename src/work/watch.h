/* work/watch.h: files that a partner's program puts into an interface's folder (shipping/watched.h) are imported by themselves. Any number of processes may watch one
 * folder: whoever has its lease takes one file. A stop anywhere is safe, because no file counts twice: what lies in work/ is simply taken again. */
#pragma once
#include <stdatomic.h>

#include "store/store.h"

/* Takes one file of one folder: it lies in done/ or refused/ afterwards, and what it says is accepted; its effects follow by themselves (payments_resume, status_run).
 * NOT_FOUND: there is none to take now. IS_STOPPING breaks it off: the file stays where it is. TOLD_AT remembers when a folder's fault was last logged. */
enum status watch_next(struct conn *db, struct arena *a, const atomic_bool *is_stopping, int64_t *told_at);
