/* tools/catalogue.c: the .po files into messages.h (enum message) and messages.c (texts).
 *   catalogue OUT.h OUT.c en.po fr.po de.po it.po
 * The first file decides which messages there are. Refused, with file and message: a message that a language lacks or has beyond the first,
 * an empty text, placeholders that differ between languages or plural forms, a wrong number of plural forms. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gettext-po.h>

#define MESSAGES_MAX 4096
#define FORMS		 2 /* one, other: all that our four languages need */

struct message {
	char *id;
	char *forms[FORMS]; /* the second is NULL without plural */
};

struct catalogue {
	const char *path;
	struct message messages[MESSAGES_MAX];
	int count;
};

static int faults;

static void fault(const struct catalogue *c, const char *id, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", c->path, id, what);
	faults++;
}

static void on_xerror(int severity, po_message_t message, const char *filename, size_t line, size_t column, int multiline, const char *text)
{
	(void)message, (void)column, (void)multiline;
	fprintf(stderr, "%s:%zu: %s\n", filename ? filename : "", line, text);
	if (severity != PO_SEVERITY_WARNING) faults++;
}

static void on_xerror2(int severity, po_message_t m1, const char *file1, size_t line1, size_t column1, int multiline1, const char *text1,
	po_message_t m2, const char *file2, size_t line2, size_t column2, int multiline2, const char *text2)
{
	(void)m2, (void)file2, (void)line2, (void)column2, (void)multiline2, (void)text2;
	on_xerror(severity, m1, file1, line1, column1, multiline1, text1);
}

static char *copy(const char *s)
{
	char *c = strdup(s);
	if (!c) abort();
	return c;
}

static void add_message(struct catalogue *c, po_message_t m)
{
	const char *id = po_message_msgid(m);
	if (id[0] == 0 || po_message_is_obsolete(m)) return;
	if (c->count == MESSAGES_MAX) {
		fault(c, id, "more messages than MESSAGES_MAX");
		return;
	}
	struct message *to = &c->messages[c->count++];
	*to = (struct message){ .id = copy(id) };
	if (po_message_is_fuzzy(m)) fault(c, id, "marked fuzzy");
	if (!po_message_msgid_plural(m)) {
		to->forms[0] = copy(po_message_msgstr(m));
	} else {
		for (int i = 0; i < FORMS; i++) {
			const char *form = po_message_msgstr_plural(m, i);
			to->forms[i] = copy(form ? form : "");
		}
		if (po_message_msgstr_plural(m, FORMS)) fault(c, id, "more than two plural forms");
	}
	for (int i = 0; i < FORMS; i++)
		if (to->forms[i] && to->forms[i][0] == 0) fault(c, id, "has no text");
}

static void read_catalogue(struct catalogue *c, const char *path)
{
	static const struct po_xerror_handler handler = { on_xerror, on_xerror2 };
	c->path = path;
	po_file_t file = po_file_read(path, &handler);
	if (!file) {
		fault(c, "file", "can't be read");
		return;
	}
	po_message_iterator_t i = po_message_iterator(file, NULL);
	for (po_message_t m; (m = po_next_message(i));) add_message(c, m);
	po_message_iterator_free(i);
	po_file_free(file);
}

static const struct message *find(const struct catalogue *c, const char *id)
{
	for (int i = 0; i < c->count; i++)
		if (strcmp(c->messages[i].id, id) == 0) return &c->messages[i];
	return NULL;
}

/* Whether every {placeholder} of A stands in B too; the number itself may be left out of a plural form ("one minute"). */
static int placeholders_within(const char *a, const char *b, int is_plural)
{
	for (const char *from = a; (from = strchr(from, '{')); from++) {
		const char *to = strchr(from, '}');
		if (!to) return 0;
		char name[64];
		size_t len = (size_t)(to - from) + 1;
		if (len >= sizeof name) return 0;
		memcpy(name, from, len);
		name[len] = 0;
		if (is_plural && strcmp(name, "{n}") == 0) continue;
		if (!strstr(b, name)) return 0;
	}
	return 1;
}

static int same_placeholders(const char *a, const char *b, int is_plural)
{
	return placeholders_within(a, b, is_plural) && placeholders_within(b, a, is_plural);
}

static void check_against(const struct catalogue *first, const struct catalogue *c)
{
	for (int i = 0; i < first->count; i++) {
		const struct message *want = &first->messages[i], *have = find(c, want->id);
		if (!have) {
			fault(c, want->id, "is missing");
			continue;
		}
		if (!want->forms[1] != !have->forms[1]) fault(c, want->id, "has plural forms in one language only");
		for (int form = 0; form < FORMS; form++)
			if (have->forms[form] && !same_placeholders(want->forms[0], have->forms[form], want->forms[1] != NULL))
				fault(c, want->id, "placeholders differ");
	}
	for (int i = 0; i < c->count; i++)
		if (!find(first, c->messages[i].id)) fault(c, c->messages[i].id, "is not in the first catalogue");
}

static void print_name(FILE *out, const char *id)
{
	fputs("MSG_", out);
	for (; *id; id++) fputc(isalnum((unsigned char)*id) ? toupper((unsigned char)*id) : '_', out);
}

static void print_literal(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\') fputc('\\', out);
		if (*s == '\n') fputs("\\n", out);
		else fputc(*s, out);
	}
	fputc('"', out);
}

static void write_header(FILE *out, const struct catalogue *first)
{
	fputs("/* Made by tools/catalogue from po/. */\n#pragma once\n\nenum message {\n", out);
	for (int i = 0; i < first->count; i++) {
		fputc('\t', out);
		print_name(out, first->messages[i].id);
		fputs(",\n", out);
	}
	fputs("\tMESSAGES\n};\n\n", out);
	fputs("/* The texts by language (in the order of enum language), message, and plural form (one, other; the second NULL without plural). */\n"
		  "extern const char *const message_texts[][MESSAGES][2];\n"
		  "extern const char *const message_ids[MESSAGES];\n",
		out);
}

static void write_texts(FILE *out, const struct catalogue *all, int languages)
{
	const struct catalogue *first = &all[0];
	fputs("/* Made by tools/catalogue from po/. */\n#include \"messages.h\"\n\n#include <stddef.h>\n\nconst char *const message_texts[][MESSAGES][2] "
		  "= {\n",
		out);
	for (int l = 0; l < languages; l++) {
		fputs("\t{\n", out);
		for (int i = 0; i < first->count; i++) {
			const struct message *m = find(&all[l], first->messages[i].id);
			fputs("\t\t{ ", out);
			print_literal(out, m->forms[0]);
			fputs(", ", out);
			if (m->forms[1]) print_literal(out, m->forms[1]);
			else fputs("NULL", out);
			fputs(" },\n", out);
		}
		fputs("\t},\n", out);
	}
	fputs("};\n\nconst char *const message_ids[MESSAGES] = {\n", out);
	for (int i = 0; i < first->count; i++) {
		fputc('\t', out);
		print_literal(out, first->messages[i].id);
		fputs(",\n", out);
	}
	fputs("};\n", out);
}

int main(int argc, char **argv)
{
	if (argc < 4) {
		fprintf(stderr, "usage: catalogue OUT.h OUT.c FIRST.po [OTHER.po]...\n");
		return 2;
	}
	int languages = argc - 3;
	struct catalogue *all = calloc((size_t)languages, sizeof *all);
	if (!all) abort();
	for (int i = 0; i < languages; i++) read_catalogue(&all[i], argv[i + 3]);
	for (int i = 1; i < languages; i++) check_against(&all[0], &all[i]);
	if (faults) return 1;
	FILE *header = fopen(argv[1], "w"), *texts = fopen(argv[2], "w");
	if (!header || !texts) {
		perror("catalogue");
		return 1;
	}
	write_header(header, &all[0]);
	write_texts(texts, all, languages);
	return fclose(header) | fclose(texts) ? 1 : 0;
}
