/* tests/office/routes.c: who may ask for what: the whole table of routes and profiles. A new route changes it, so that nobody's right comes by accident. */
#include "test.h"

#include "institution/profile.h"
#include "office/parked.h"
#include "office/rights.h"

TEST(every_route_has_a_decision)
{
	for (size_t i = 0; i < office_route_count; i++) {
		enum right right;
		unsigned decision = office_routes[i].needs & DECISION_MASK;
		if (decision != ANYBODY && decision != OPERATOR && decision != HALF && decision != ENROLLING && !decision_right(decision, &right))
			fail_msg("nobody decided who may ask for %s", office_routes[i].pattern);
	}
}

TEST(only_pages_of_the_sign_in_and_the_first_run_are_for_anybody)
{
	static const char *const open[] = { "/look/:ACCENT.css", "/signin", "/forgot-password", "/reset-password", "/setup" };
	for (size_t i = 0; i < office_route_count; i++) {
		bool is_open = false;
		for (size_t k = 0; k < COUNT(open); k++) is_open |= strcmp(open[k], office_routes[i].pattern) == 0;
		if (!is_open && (office_routes[i].needs & DECISION_MASK) == ANYBODY) fail_msg("%s is for anybody", office_routes[i].pattern);
	}
}

TEST(what_is_behind_the_sign_in_is_kept_by_no_browser)
{
	for (size_t i = 0; i < office_route_count; i++)
		if ((office_routes[i].needs & DECISION_MASK) != ANYBODY && !(office_routes[i].needs & NO_STORE))
			fail_msg("%s may be kept", office_routes[i].pattern);
}

TEST(who_only_reads_changes_nothing_of_the_house)
{
	for (size_t i = 0; i < office_route_count; i++) {
		enum right right;
		const struct route *t = &office_routes[i];
		if (t->method != POST || !decision_right(t->needs, &right)) continue;
		if (decision_lets(t->needs, profile_rights(PROFILE_AUDITOR))) fail_msg("an auditor may POST %s", t->pattern);
		if (!decision_lets(t->needs, profile_rights(PROFILE_ADMINISTRATOR))) fail_msg("no administrator may POST %s", t->pattern);
	}
}

TEST(what_every_operator_may_post_is_his_own)
{
	static const char *const own[] = { "/me/", "/parked/", "/signout", "/second-factor" };
	for (size_t i = 0; i < office_route_count; i++) {
		const struct route *t = &office_routes[i];
		enum right right;
		bool is_own = false;
		if (t->method != POST || decision_right(t->needs, &right) || (t->needs & DECISION_MASK) == ANYBODY) continue;
		for (size_t k = 0; k < COUNT(own); k++) is_own |= str_starts(str_of(t->pattern), str_of(own[k]));
		if (!is_own && strcmp(t->pattern, "/me/second-factor") != 0) fail_msg("every operator may POST %s", t->pattern);
	}
}

TEST(forms_with_passwords_or_files_are_never_parked)
{
	for (size_t i = 0; i < office_route_count; i++)
		if (route_may_be_parked(&office_routes[i]) && (office_routes[i].needs & FILES || !(office_routes[i].needs & CSRF)))
			fail_msg("%s may be parked", office_routes[i].pattern);
}

TEST(a_decision_names_its_right)
{
	enum right right;
	assert_true(decision_right(MAY(RIGHT_AUDIT_READ) | CSRF, &right));
	assert_int_equal(right, RIGHT_AUDIT_READ);
	assert_true(decision_right(MAY(0), &right));
	assert_int_equal(right, 0);
	assert_false(decision_right(OPERATOR, &right));
	assert_false(decision_right(CSRF, &right));
}
