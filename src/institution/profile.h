/* institution/profile.h: the profiles that operators have: sets of named rights. */
#pragma once
#include "base/problem.h"
#include "institution/actor.h"

enum profile_code { PROFILE_ADMINISTRATOR, PROFILE_MANAGER, PROFILE_BOX_OFFICE, PROFILE_ACCOUNTANT, PROFILE_AUDITOR, PROFILES };

/* What contract.md, `--profile` and the database call it: "box-office". */
const char *profile_name(enum profile_code p);
bool profile_from_name(struct str name, enum profile_code *out);

/* Its title for people, and its rights. */
enum message profile_title(enum profile_code p);
uint64_t profile_rights(enum profile_code p);

/* What a right lets one do, in words. */
enum message right_title(enum right right);
