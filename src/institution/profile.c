/* institution/profile.c: who may what: one row a right, so that a new right is decided for everybody in one place. The office shows this table. */
#include "institution/profile.h"

#include "base/status.h"

static const struct {
	const char *name;
	enum message title;
} profiles[PROFILES] = {
	[PROFILE_ADMINISTRATOR] = { "administrator", MSG_PROFILE_ADMINISTRATOR },
	[PROFILE_MANAGER] = { "manager", MSG_PROFILE_MANAGER },
	[PROFILE_BOX_OFFICE] = { "box-office", MSG_PROFILE_BOX_OFFICE },
	[PROFILE_ACCOUNTANT] = { "accountant", MSG_PROFILE_ACCOUNTANT },
	[PROFILE_AUDITOR] = { "auditor", MSG_PROFILE_AUDITOR },
};

#define ADMINISTRATOR (1u << PROFILE_ADMINISTRATOR)
#define MANAGER		  (1u << PROFILE_MANAGER)
#define BOX_OFFICE	  (1u << PROFILE_BOX_OFFICE)
#define ACCOUNTANT	  (1u << PROFILE_ACCOUNTANT)
#define AUDITOR		  (1u << PROFILE_AUDITOR)
#define EVERYBODY	  (ADMINISTRATOR | MANAGER | BOX_OFFICE | ACCOUNTANT | AUDITOR)

static const struct {
	enum message title;
	unsigned holders;
} rights[RIGHTS] = {
	[RIGHT_CONTACT_READ] = { MSG_RIGHT_CONTACT_READ, EVERYBODY },
	[RIGHT_CONTACT_WRITE] = { MSG_RIGHT_CONTACT_WRITE, ADMINISTRATOR | MANAGER | BOX_OFFICE },
	[RIGHT_ACCOUNT_RESET] = { MSG_RIGHT_ACCOUNT_RESET, ADMINISTRATOR | MANAGER | BOX_OFFICE },
	[RIGHT_ACCOUNT_BULK_RESET] = { MSG_RIGHT_ACCOUNT_BULK_RESET, ADMINISTRATOR | MANAGER },
	[RIGHT_ACCOUNT_EMAIL] = { MSG_RIGHT_ACCOUNT_EMAIL, ADMINISTRATOR | MANAGER },
	[RIGHT_ACCOUNT_BLOCK] = { MSG_RIGHT_ACCOUNT_BLOCK, ADMINISTRATOR | MANAGER },
	[RIGHT_DOCUMENT_READ] = { MSG_RIGHT_DOCUMENT_READ, ADMINISTRATOR | MANAGER | ACCOUNTANT | AUDITOR },
	[RIGHT_DOCUMENT_WRITE] = { MSG_RIGHT_DOCUMENT_WRITE, ADMINISTRATOR | MANAGER },
	[RIGHT_POINT_OF_SALE_READ] = { MSG_RIGHT_POINT_OF_SALE_READ, ADMINISTRATOR | MANAGER | ACCOUNTANT | AUDITOR },
	[RIGHT_POINT_OF_SALE_WRITE] = { MSG_RIGHT_POINT_OF_SALE_WRITE, ADMINISTRATOR | MANAGER },
	[RIGHT_SETTING_READ] = { MSG_RIGHT_SETTING_READ, ADMINISTRATOR | MANAGER | ACCOUNTANT | AUDITOR },
	[RIGHT_SETTING_WRITE] = { MSG_RIGHT_SETTING_WRITE, ADMINISTRATOR },
	[RIGHT_OPERATOR_READ] = { MSG_RIGHT_OPERATOR_READ, ADMINISTRATOR | MANAGER | AUDITOR },
	[RIGHT_OPERATOR_WRITE] = { MSG_RIGHT_OPERATOR_WRITE, ADMINISTRATOR },
	[RIGHT_AUDIT_READ] = { MSG_RIGHT_AUDIT_READ, ADMINISTRATOR | AUDITOR },
	[RIGHT_AUDIT_ERASE] = { MSG_RIGHT_AUDIT_ERASE, ADMINISTRATOR },
	[RIGHT_OUTBOX_READ] = { MSG_RIGHT_OUTBOX_READ, ADMINISTRATOR | MANAGER | AUDITOR },
	[RIGHT_OUTBOX_RETRY] = { MSG_RIGHT_OUTBOX_RETRY, ADMINISTRATOR | MANAGER },
	[RIGHT_ORDER_READ] = { MSG_RIGHT_ORDER_READ, EVERYBODY },
	[RIGHT_ORDER_WRITE] = { MSG_RIGHT_ORDER_WRITE, ADMINISTRATOR | MANAGER | BOX_OFFICE },
	[RIGHT_SHIPPING_READ] = { MSG_RIGHT_SHIPPING_READ, EVERYBODY },
	[RIGHT_PRINT] = { MSG_RIGHT_PRINT, ADMINISTRATOR | MANAGER | BOX_OFFICE },
	[RIGHT_INTERFACE_WRITE] = { MSG_RIGHT_INTERFACE_WRITE, ADMINISTRATOR | MANAGER },
	[RIGHT_PROGRAMME_READ] = { MSG_RIGHT_PROGRAMME_READ, EVERYBODY },
	[RIGHT_PROGRAMME_WRITE] = { MSG_RIGHT_PROGRAMME_WRITE, ADMINISTRATOR | MANAGER },
	[RIGHT_SELL] = { MSG_RIGHT_SELL, ADMINISTRATOR | MANAGER | BOX_OFFICE },
	[RIGHT_PAYMENT_READ] = { MSG_RIGHT_PAYMENT_READ, ADMINISTRATOR | MANAGER | ACCOUNTANT | AUDITOR },
	[RIGHT_PAYMENT_WRITE] = { MSG_RIGHT_PAYMENT_WRITE, ADMINISTRATOR | ACCOUNTANT },
};

const char *profile_name(enum profile_code p)
{
	if ((unsigned)p >= PROFILES) BUG("profile %d", (int)p);
	return profiles[p].name;
}

bool profile_from_name(struct str name, enum profile_code *out)
{
	for (int p = 0; p < PROFILES; p++) {
		if (!str_eq(name, str_of(profiles[p].name))) continue;
		*out = (enum profile_code)p;
		return true;
	}
	return false;
}

enum message profile_title(enum profile_code p)
{
	if ((unsigned)p >= PROFILES) BUG("profile %d", (int)p);
	return profiles[p].title;
}

uint64_t profile_rights(enum profile_code p)
{
	uint64_t set = 0;
	if ((unsigned)p >= PROFILES) BUG("profile %d", (int)p);
	for (int r = 0; r < RIGHTS; r++)
		if (rights[r].holders & 1u << p) set |= RIGHT(r);
	return set;
}

enum message right_title(enum right right)
{
	if ((unsigned)right >= RIGHTS) BUG("right %d", (int)right);
	return rights[right].title;
}
