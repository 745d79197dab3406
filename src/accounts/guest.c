/* accounts/guest.c: a guest's contact. */
#include "accounts/guest.h"

#include "accounts/contact_words.h"
#include "institution/institution.h"

enum status guest_contact_make(
	struct conn *db, struct arena *a, int64_t institution, const struct profile *p, const struct email *email, int64_t *contact)
{
	static const struct sql q =
		SQL("INSERT INTO contact (institution, number, kind, salutation, first_name, last_name, name_key, language, phone, street, house_number, "
			"postcode, town, country, made_at, email, email_key)"
			" VALUES ($1, $2, 'individual', '', $3, $4, $5, $6, '', $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id");
	int64_t number;
	enum status st;
	if ((st = institution_next_number(db, institution, "contact", &number))) return st;
	if ((st = store_row(db, &q, int64(institution), int64(number_with_check(number)), text(p->first_name), text(p->last_name),
			 text(account_name_key(a, p->first_name, p->last_name)), text(str_of(lang_tag(p->language))), text(p->street), text(p->house_number),
			 text(p->postcode), text(p->town), text(p->country), int64(store_now(db)), text(email->shown), text(email->key))))
		return st;
	*contact = col_int64(db, 0);
	return contact_words_write(db, a, *contact);
}
