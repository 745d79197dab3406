/* tools/migrations.c: the schema's steps, NNNN_name.sql, into a C file with store_migrations[].
 *   migrations OUT.c [FILE.sql]...
 * Refused: a name of another shape, and two steps of one number. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 4096

struct step {
	const char *path, *name;
	int number;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* "0007_recovery_links.sql": four digits, _, small letters, digits and _. */
static int read_name(struct step *s, const char *path)
{
	const char *name = base_name(path);
	s->path = path;
	s->name = name;
	s->number = 0;
	for (int i = 0; i < 4; i++) {
		if (!isdigit((unsigned char)name[i])) return 0;
		s->number = s->number * 10 + (name[i] - '0');
	}
	size_t len = strlen(name);
	if (s->number == 0 || name[4] != '_' || len < 10 || strcmp(name + len - 4, ".sql") != 0) return 0;
	for (size_t i = 5; i < len - 4; i++)
		if (!islower((unsigned char)name[i]) && !isdigit((unsigned char)name[i]) && name[i] != '_') return 0;
	return 1;
}

static int by_number(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

/* As numbers: a string literal of that length is more than compilers must take. */
static int write_bytes(FILE *out, const struct step *s)
{
	FILE *in = fopen(s->path, "r");
	if (!in) return 0;
	fprintf(out, "static const char step_%d[] = {", s->number);
	int c, n = 0;
	while ((c = getc(in)) != EOF) fprintf(out, "%s%d,", n++ % 32 ? "" : "\n\t", c < 128 ? c : c - 256);
	fputs("\n\t0\n};\n\n", out);
	return fclose(in) == 0;
}

int main(int argc, char **argv)
{
	static struct step steps[STEPS_MAX];
	int count = argc - 2;
	if (argc < 2 || count > STEPS_MAX) {
		fprintf(stderr, "usage: migrations OUT.c [FILE.sql]...\n");
		return 2;
	}
	for (int i = 0; i < count; i++) {
		if (read_name(&steps[i], argv[i + 2])) continue;
		fprintf(stderr, "%s: a migration is called NNNN_name.sql\n", argv[i + 2]);
		return 1;
	}
	qsort(steps, (size_t)count, sizeof *steps, by_number);
	for (int i = 1; i < count; i++) {
		if (steps[i].number != steps[i - 1].number) continue;
		fprintf(stderr, "%s: its number is taken by %s\n", steps[i].path, steps[i - 1].path);
		return 1;
	}
	FILE *out = fopen(argv[1], "w");
	if (!out) {
		perror(argv[1]);
		return 1;
	}
	fputs("/* Made by tools/migrations from store/migrations/. */\n#include \"store/store.h\"\n\n", out);
	for (int i = 0; i < count; i++) {
		if (write_bytes(out, &steps[i])) continue;
		perror(steps[i].path);
		return 1;
	}
	fputs("const struct migration store_migrations[] = {\n", out);
	for (int i = 0; i < count; i++)
		fprintf(out, "\t{ %d, \"%.*s\", step_%d },\n", steps[i].number, (int)strlen(steps[i].name) - 4, steps[i].name, steps[i].number);
	fprintf(out, "\t{ 0 }, /* so that there may be none */\n};\nconst size_t store_migration_count = %d;\n", count);
	return fclose(out) ? 1 : 0;
}
