/* tests/sales/seats.c: the seats of a zone from and to a table. */
#include "test.h"

#include "sales/hall.h"
#include "sales/seats.h"

/* A new numbered zone that no performance sells. */
struct zone {
	struct hall *h;
	int64_t id;
	struct str csv;
	struct seats_report report;
	enum status st;
};

static enum status make_zone(struct conn *db, void *arg)
{
	struct zone *z = arg;
	static const struct sql configuration = SQL("SELECT min(id) FROM configuration");
	must(store_row(db, &configuration));
	return zone_make(db, col_int64(db, 0), &(struct new_zone){ S("balcony"), 9, named("Balcony"), 0, 0 }, &z->id);
}

static struct zone zone_open(void)
{
	struct zone z = { .h = hall_open(1, 1, 4) };
	in_write(z.h->db, make_zone, &z);
	return z;
}

static enum status import(struct conn *db, void *arg)
{
	struct zone *z = arg;
	return seats_import(db, mem, z->h->theatre.institution, z->id, z->csv, &z->report);
}

static enum status imports(struct zone *z, struct str csv)
{
	z->csv = csv;
	return store_write(z->h->db, import, z);
}

static int64_t seats_of(struct zone *z)
{
	return sql_number(z->h->db, "SELECT count(*) FROM seat WHERE zone = $1", int64(z->id));
}

TEST(a_table_becomes_seats_and_reads_back_the_same)
{
	struct zone z = zone_open();
	struct str first, second;
	assert_status(imports(&z, S("row;seat;category;position\nA;1;1;1\nA;2;1;2\nA;3;1;4\nB;1;stand;1\n")), OK);
	assert_int_equal(z.report.seats, 4);
	assert_status(seats_export(z.h->db, mem, z.h->theatre.institution, z.id, &first), OK);
	assert_status(imports(&z, first), OK);
	assert_int_equal(seats_of(&z), 4);
	assert_status(seats_export(z.h->db, mem, z.h->theatre.institution, z.id, &second), OK);
	assert_str(second, first);
	hall_close(z.h);
}

TEST(rows_and_places_are_counted_where_the_table_does_not_say)
{
	struct zone z = zone_open();
	assert_status(imports(&z, S("seat,row,category\n1,A,1\n2,A,1\n1,B,1\n")), OK);
	assert_int_equal(sql_number(z.h->db, "SELECT position FROM seat WHERE zone = $1 AND row_name = 'A' AND name = '2'", int64(z.id)), 2);
	assert_int_equal(sql_number(z.h->db, "SELECT row_rank FROM seat WHERE zone = $1 AND row_name = 'B'", int64(z.id)), 2);
	hall_close(z.h);
}

TEST(all_faults_are_told_and_nothing_is_changed)
{
	struct zone z = zone_open();
	assert_status(imports(&z, S("row;seat;category\nA;1;1\n")), OK);
	assert_status(imports(&z, S("row;seat;category;x\nB;1;1;\nB;1;1;\nB;;1;\nC;3;royal;\nC;4;1;far\nabcdefghijk;5;1;\n")), REFUSED);
	const struct {
		enum seats_fault fault;
		size_t line;
	} want[] = { { SEATS_CELL_MISSING, 4 }, { SEATS_CATEGORY_UNKNOWN, 5 }, { SEATS_NOT_A_NUMBER, 6 }, { SEATS_CELL_TOO_LONG, 7 },
		{ SEATS_TWICE, 3 } };
	assert_int_equal(z.report.count, COUNT(want));
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_int_equal(z.report.findings[i].fault, want[i].fault);
		assert_int_equal(z.report.findings[i].line, want[i].line);
	}
	assert_int_equal(seats_of(&z), 1);
	hall_close(z.h);
}

TEST(a_table_without_its_columns_is_refused_as_a_whole)
{
	struct zone z = zone_open();
	assert_status(imports(&z, S("row;place\nA;1\n")), REFUSED);
	assert_int_equal(z.report.findings[0].fault, SEATS_COLUMN_MISSING);
	assert_str(str_of(z.report.findings[0].column), S("seat"));
	assert_status(imports(&z, S("row;seat;category\n")), REFUSED);
	assert_int_equal(z.report.findings[0].fault, SEATS_NONE);
	assert_status(imports(&z, S("")), REFUSED);
	assert_status(imports(&z, S("PK\x03\x04\xff")), REFUSED);
	assert_int_equal(z.report.findings[0].fault, SEATS_NOT_TEXT);
	assert_status(imports(&z, S("row;seat;category\nA;\"1;1\n")), REFUSED);
	assert_int_equal(z.report.findings[0].fault, SEATS_BROKEN);
	hall_close(z.h);
}

TEST(seats_that_are_on_sale_are_not_replaced)
{
	struct zone z = zone_open();
	z.id = sql_number(z.h->db, "SELECT id FROM zone WHERE code = 'stalls'");
	assert_status(imports(&z, S("row;seat;category\nA;1;1\n")), REFUSED);
	assert_int_equal(z.report.findings[0].fault, SEATS_IN_USE);
	assert_int_equal(seats_of(&z), 4);
	hall_close(z.h);
}

TEST(another_houses_zone_is_not_there)
{
	struct zone z = zone_open();
	struct str ignored;
	assert_status(seats_export(z.h->db, mem, z.h->theatre.institution + 1, z.id, &ignored), NOT_FOUND);
	z.h->theatre.institution++;
	assert_status(imports(&z, S("row;seat;category\nA;1;1\n")), NOT_FOUND);
	hall_close(z.h);
}
