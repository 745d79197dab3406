/* institution/sale_edit.h: making and changing points of sale (domain.md 2 and 4). Who changes one also asks documents/type.h whether types still suffice. */
#pragma once
#include "institution/actor.h"
#include "institution/here.h"
#include "institution/organisation.h"
#include "institution/point_of_sale.h"

#define SALES_MAX 300 /* points of sale of a house that a list shows */

/* A row of the list: any point of sale, counters too. */
struct sale_row {
	int64_t id, organisation;
	enum sale_state state;
	struct str code, name, organisation_name, channel_name, channel_kind, public_url;
	bool is_internet;
	enum reach reach; /* of public_url, and when it was asked */
	int64_t reach_at;
};

/* Those of the actor's institution, in organisations where he may read them; internet ones first, then by name. */
enum status sale_list(struct conn *db, struct arena *a, const struct actor *who, struct sale_row **out, size_t *count);

/* What a form says of one. For a channel that is not of the internet, public URL, languages, accent and sender don't count. */
struct sale_edit {
	int64_t id;					   /* 0: a new one, which begins as a draft */
	int64_t organisation, channel; /* of a new one */
	struct str code;			   /* of a new one */
	struct str name, public_url, accent, sender_name, sender_address;
	unsigned languages;
	enum http_allowed allowed;
	int64_t version; /* that the form was made from */
};

/* As it is now, for the form. NOT_FOUND also for one in an organisation where the actor may not read it. */
enum status sale_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct sale_edit *out, struct sale_row *row);

/* Makes or changes one, inside a store_write, and notes it. *ID becomes its id. REFUSED with findings at "code", "name", "organisation", "channel", "public-url",
 * "languages", "accent", "sender", and at "" when somebody else saved it meanwhile; NOT_FOUND when the actor may not write it. */
enum status sale_save(struct conn *db, struct arena *a, const struct actor *who, const struct sale_edit *e, int64_t *id, struct problem *why);

/* Along domain.md 4's arrows: draft → active ⇄ suspended → closed, inside a store_write, and notes it. REFUSED with words at "state" when it stands elsewhere by now,
 * and at "public-url" when one without a public URL, or with one that another door has, is to be opened. */
enum status sale_move(struct conn *db, struct arena *a, const struct actor *who, int64_t id, enum sale_state to, struct problem *why);
