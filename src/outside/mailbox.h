/* outside/mailbox.h: the demonstration's mailbox at /mailbox: shows the .eml files of a folder as a mail program would. Never in `serve`. */
#pragma once
#include "web/route.h"

struct mailbox {
	const char *folder; /* of --mail dir:FOLDER */
};

/* A face for the paths below /mailbox, on any host. */
struct face mailbox_face(struct mailbox *m);
