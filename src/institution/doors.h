/* institution/doors.h: the internet points of sale, held in memory so that every request finds its own without asking the database. */
#pragma once
#include "institution/point_of_sale.h"

/* A point of sale and what its house says of itself. Read-only, lives as long as the doors. */
struct door {
	struct point_of_sale sale;
	struct house_text texts[LANGUAGES];
	struct str origin; /* of the public URL: "https://tickets.example.org" */
	struct str look;   /* path of its stylesheet, which names the colour: "/look/005f6b.css" */
	struct str logo;   /* path of its logo, which names the picture: "/logo/0f…3a.png"; empty: none. Its size stands in sale.logo */
};

struct doors;

/* Without any door yet. The caller frees it when no request runs any more. */
struct doors *doors_new(void);
void doors_free(struct doors *d);

/* Reads the active and suspended internet points of sale; from any thread that may ask the database. A failure leaves what was there. */
enum status doors_refresh(struct doors *d, struct conn *db);

/* The door whose public URL has HOST (lower case, with the port where it has one) and the longest prefix that PATH begins with; NULL: none. From any thread. */
const struct door *doors_find(const struct doors *d, struct str host, struct str path);

/* All of them, active and suspended, as they are now: 0 to count - 1; one beyond gives NULL. */
size_t doors_count(const struct doors *d);
const struct door *doors_at(const struct doors *d, size_t index);

/* The office's own address as the oldest institution has it (office_url_read), as it is now; empty: none. Lives as long as the doors. */
struct str doors_office(const struct doors *d);

/* Whether HOST has any door; how many doors are active. */
bool doors_host(const struct doors *d, struct str host);
size_t doors_active(const struct doors *d);
