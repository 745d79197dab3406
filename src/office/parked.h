/* office/parked.h: forms that came when their session had gone idle. */
#pragma once
#include "institution/operator_parked.h"
#include "office/office.h"

/* Whether a form of this route may be kept at all: it has no files, and its decision needs an operator. */
bool route_may_be_parked(const struct route *t);

/* The face's hold: keeps the form of an idle session and sends its operator to sign in; forgets a kept form once it is sent again. */
bool office_hold(struct request *r, struct response *instead);
