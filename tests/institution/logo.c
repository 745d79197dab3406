/* tests/institution/logo.c: a logo is what the program makes of an upload; who may give one, and to whom. */
#include "test.h"

#include "institution/logo.h"

#include "formats/image.h"
#include "institution/doors.h"
#include "staff.h"

static struct str picture(uint32_t width, uint32_t height)
{
	struct image image = { arena_alloc(mem, (size_t)width * height * 4), width, height };
	memset(image.at, 200, (size_t)width * height * 4);
	return image_png(mem, image);
}

static struct logo made(uint32_t width, uint32_t height)
{
	struct logo logo;
	struct problem why = problem_in(mem);
	assert_status(logo_of_file(mem, picture(width, height), &logo, &why), OK);
	return logo;
}

struct adorning {
	struct actor who;
	int64_t shop;
	const struct logo *logo;
};

static enum status adorn(struct conn *db, void *arg)
{
	struct adorning *x = arg;
	return logo_set(db, mem, &x->who, x->shop, x->logo);
}

TEST(a_large_picture_becomes_a_logo_that_fits_twice_as_dense)
{
	struct logo logo = made(2000, 500);
	assert_int_equal(logo.width, LOGO_WIDTH_MAX);
	assert_int_equal(logo.height, 60);
	struct image image;
	assert_status(image_read(mem, logo.png, LOGO_PIXELS_MAX, "logo", &image, NULL), OK);
	assert_int_equal(image.width, 2 * LOGO_WIDTH_MAX);
	assert_int_equal(image.height, 120);
	logo = made(100, 30); /* a small one stays as it is */
	assert_int_equal(logo.width, 100);
	assert_int_equal(logo.height, 30);
}

TEST(too_large_a_file_and_too_many_pixels_are_refused_with_words)
{
	struct logo logo;
	struct problem why = problem_in(mem);
	struct buf b = buf_in(mem);
	buf_add(&b, picture(10, 10));
	while (b.len <= LOGO_FILE_MAX) buf_add(&b, S("padding behind the end, which readers pass over ................"));
	assert_status(logo_of_file(mem, buf_str(&b), &logo, &why), REFUSED);
	assert_int_equal(problem_at(&why, "logo")->message, MSG_LOGO_FILE_LARGE);
	why = problem_in(mem);
	assert_status(logo_of_file(mem, picture(LOGO_PIXELS_MAX / 1024, 1025), &logo, &why), REFUSED);
	assert_int_equal(problem_at(&why, "logo")->message, MSG_IMAGE_TOO_LARGE);
}

TEST(the_shops_door_names_the_logo_and_notices_another)
{
	struct staff_house h = staff_house_open();
	struct logo one = made(100, 30), other = made(90, 30), kept;
	struct adorning x = { h.by, h.t.shop, &one };
	struct doors *doors = doors_new();
	in_write(h.db, adorn, &x);
	assert_status(doors_refresh(doors, h.db), OK);
	assert_str(doors_at(doors, 0)->logo, str_format(mem, "/logo/%.*s.png", STR_ARG(one.digest)));
	assert_int_equal(doors_at(doors, 0)->sale.logo.width, 100);
	assert_status(logo_get(h.db, mem, h.t.shop, &kept), OK);
	assert_str(kept.png, one.png);
	x.logo = &other;
	in_write(h.db, adorn, &x);
	assert_status(doors_refresh(doors, h.db), OK);
	assert_str(doors_at(doors, 0)->sale.logo.digest, other.digest);
	x.logo = NULL;
	in_write(h.db, adorn, &x);
	assert_status(doors_refresh(doors, h.db), OK);
	assert_int_equal(doors_at(doors, 0)->logo.len, 0);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM audit_entry WHERE verb = 'point-of-sale-changed'"), 3);
	doors_free(doors);
	staff_house_close(&h);
}

TEST(only_who_may_write_a_point_of_sale_gives_it_a_logo_and_never_a_closed_one)
{
	struct staff_house h = staff_house_open();
	struct logo logo = made(100, 30);
	do_sql(h.db, "INSERT INTO organisation (institution, code, name) VALUES ($1, 'drama', 'Drama')", int64(h.t.institution));
	struct operator_context elsewhere = { .profile = PROFILE_MANAGER, .organisation = sql_number(h.db, "SELECT max(id) FROM organisation") };
	int64_t stranger = hire_with(&h, S("drama@example.org"), &elsewhere, 1, S(""));
	struct adorning x = { actor_for(&h, stranger), h.t.shop, &logo };
	assert_status(store_write(h.db, adorn, &x), NOT_FOUND);
	x.who = actor_for(&h, hire(&h, S("auditor@example.org"), PROFILE_AUDITOR));
	assert_status(store_write(h.db, adorn, &x), NOT_FOUND);
	x.who = h.by;
	do_sql(h.db, "UPDATE point_of_sale SET state = 'closed'");
	assert_status(store_write(h.db, adorn, &x), NOT_FOUND);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM point_of_sale_logo"), 0);
	staff_house_close(&h);
}
