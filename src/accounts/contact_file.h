/* accounts/contact_file.h: what stands in a contact's file beside its own row: further phones, e-mails and addresses, the people of a structure, consents as a history, notes,
 * and what happened to its account. Adding or removing begins with the contact's version, as every change of a contact does. */
#pragma once
#include "accounts/contact.h"

#define FILE_ROWS_MOST 50 /* of each kind that a page shows; a contact with more is a switchboard */
#define LABEL_MAX	   60 /* characters */
#define NOTE_MAX	   2000

enum consent_purpose { CONSENT_NEWSLETTER, CONSENT_POST, CONSENT_PHONE, CONSENT_PURPOSES };

struct file_channel {
	int64_t id;
	bool is_phone;
	struct str label, value; /* a phone in E.164 */
};
struct file_address {
	int64_t id;
	struct str label;
	struct postal is;
};
struct file_relay {
	int64_t contact, number;
	struct str name, role;
};
struct file_consent {
	enum consent_purpose purpose;
	bool is_given, is_in_force; /* the newest of its purpose */
	int64_t at;
	struct str by;
};
struct file_note {
	int64_t at;
	struct str words, by;
};
struct file_event {
	int64_t at;
	struct str kind, network;
};

struct contact_file {
	struct file_channel channels[FILE_ROWS_MOST];
	struct file_address addresses[FILE_ROWS_MOST];
	struct file_relay people[FILE_ROWS_MOST], acts_for[FILE_ROWS_MOST];
	struct file_consent consents[FILE_ROWS_MOST];
	struct file_note notes[FILE_ROWS_MOST];
	struct file_event events[FILE_ROWS_MOST];
	size_t channel_count, address_count, people_count, acts_for_count, consent_count, note_count, event_count;
};

/* All of it, also of what was merged into it (merge.h), the newest first where it has a time. CONTACT was seen by contact_get. */
enum status contact_file_get(struct conn *db, struct arena *a, int64_t contact, struct contact_file *out);

/* What one form adds or removes; what it doesn't use stays empty. */
enum file_change_kind {
	FILE_PHONE,
	FILE_EMAIL,
	FILE_ADDRESS,
	FILE_RELAY,
	FILE_CONSENT,
	FILE_NOTE,
	FILE_CHANNEL_GONE,
	FILE_ADDRESS_GONE,
	FILE_RELAY_GONE
};
struct file_change {
	enum file_change_kind kind;
	int64_t contact, version;
	struct str label, value; /* a relay: its role, and the person's number; a note: VALUE; a consent: its purpose's name */
	struct postal address;
	bool is_given;
	int64_t gone; /* the row's id; of a relay the person's */
};

/* Inside a store_write; notes it in the trail. REFUSED with findings at "value", "label", the address's fields, or "version" when somebody saved meanwhile. */
enum status contact_file_change(struct conn *db, struct arena *a, const struct actor *who, const struct file_change *x, struct problem *why);

/* "newsletter", …; false for another word. */
const char *consent_purpose_name(enum consent_purpose p);
bool consent_purpose_from_name(struct str name, enum consent_purpose *out);
