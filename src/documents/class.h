/* documents/class.h: the fixed kinds of documents, and the fields that each may hold. Names of fields are stable for ever (domain.md 6). */
#pragma once
#include "base/problem.h"

enum document_class {
	CLASS_RESET_PASSWORD,
	CLASS_PASSWORD_CHANGED,
	CLASS_CONFIRM_EMAIL,
	CLASS_ACCOUNT_EXISTS,
	CLASS_ACCOUNT_BLOCKED,
	CLASS_TEST_MAIL,
	DOCUMENT_CLASSES
};

/* The order in which mails leave: what somebody waits for at the screen goes first. */
enum lane { LANE_SECURITY = 1, LANE_ORDER, LANE_BULK };
