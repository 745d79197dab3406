/* office/parts.h: the pages of the house's parts and its ways to sell: organisations and sales channels. */
#pragma once
#include "institution/organisation_edit.h"
#include "office/house.h"

/* The views beside each other: what a house sells at, and how. */
enum part_view { PART_POINTS_OF_SALE, PART_ORGANISATIONS, PART_CHANNELS, PART_MODES };

/* What a kind of channel is called. */
struct str channel_kind_text(const struct office_page *p, struct str kind);

struct response office_organisations_page(struct request *r); /* parts.c */
struct response office_organisation_new_page(struct request *r);
struct response office_organisation_new(struct request *r);
struct response office_organisation_page(struct request *r);
struct response office_organisation(struct request *r);
struct response office_channels_page(struct request *r);
struct response office_channel_new_page(struct request *r);
struct response office_channel_new(struct request *r);
struct response office_channel_page(struct request *r);
struct response office_channel(struct request *r);
