/* office/erase.c: taking what the trail says of a person out of it. The seals hold: they cover digests, which stay. */
#include "accounts/contact.h"
#include "institution/audit_seal.h"
#include "office/erase.html.h"
#include "office/office.h"
#include "web/csrf.h"

#define KIND S("contact")

static struct response erase_answer(struct request *r, int64_t contact)
{
	struct contact c;
	int64_t count;
	enum status st = contact_get(r->db, r->arena, actor_of(r), contact, &c);
	if (!st) st = audit_erasable(r->db, actor_of(r)->institution, KIND, contact, &count);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	struct office_page p = office_institution_page(r, MSG_ERASE_TITLE, PLACE_AUDIT);
	struct render out = office_render(r);
	tpl_office_erase(
		&out, &(const struct tpl_office_erase){
				  .page = &p, .csrf = csrf_token(r, "/audit/erase"), .name = contact_name(r->arena, &c.is), .contact = contact, .count = count });
	return office_answer(r, 200, &out);
}

struct response office_erase_page(struct request *r)
{
	int64_t contact;
	return str_int64(request_query(r, "contact"), &contact) ? erase_answer(r, contact) : error_answer(r, 404);
}

static const struct form_field erase_fields[] = { { "contact", .max = 19, .is_required = true } };

struct erasing {
	struct request *r;
	int64_t contact, count;
};

static enum status erase_in(struct conn *db, void *arg)
{
	struct erasing *x = arg;
	return audit_erase(db, x->r->arena, actor_of(x->r), KIND, x->contact, &x->count);
}

struct response office_erase(struct request *r)
{
	struct form f = form_read(r, erase_fields, COUNT(erase_fields));
	struct erasing x = { .r = r };
	struct contact c;
	enum status st = str_int64(form_text(&f, "contact"), &x.contact) ? contact_get(r->db, r->arena, actor_of(r), x.contact, &c) : NOT_FOUND;
	if (!st) st = store_write(r->db, erase_in, &x);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/audit?kind=contact&record=%lld&done=erased", (long long)x.contact));
}
