/* tests/office/routes.c: who may ask for what: the whole table of routes and profiles. A new route changes it, so that nobody's right comes by accident. */
#include "test.h"

#include "institution/profile.h"
#include "office/office.h"

TEST(every_route_has_a_decision)
{
	for (size_t i = 0; i < office_route_count; i++) {
		enum right right;
		unsigned decision = office_routes[i].needs & DECISION_MASK;
		if (decision != ANYBODY && decision != OPERATOR && decision != HALF && !decision_right(decision, &right))
			fail_msg("nobody decided who may ask for %s", office_routes[i].pattern);
	}
}

TEST(only_pages_of_the_sign_in_are_for_anybody)
{
	static const char *const open[] = { "/look/:ACCENT.css", "/signin" };
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
