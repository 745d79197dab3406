/* office/modes.h: the pages of shipment modes, and of the days on which nobody works. */
#pragma once
#include "base/day.h"
#include "office/house.h"
#include "office/parts.h"
#include "shipping/interface.h"
#include "shipping/mode_edit.h"

/* What a kind of mode is called. */
enum message shipment_kind_message(enum shipment_kind kind);

/* The form of a mode. */
struct mode_form {
	const struct mode_edit *e;
	struct str free_from; /* as typed */
	struct str fee;
	struct str main_language;		 /* whose name has to be there */
	struct choice *kinds, *services; /* of SHIPMENT_KINDS and POSTAL_SERVICES */
	struct choice *vat, *printers, *partners, *channels;
	size_t vat_count, printer_count, partner_count, channel_count;
};

struct response office_modes_page(struct request *r); /* modes.c */
struct response office_mode_new_page(struct request *r);
struct response office_mode_new(struct request *r);
struct response office_mode_page(struct request *r);
struct response office_mode(struct request *r);
struct response office_closed_day(struct request *r);
