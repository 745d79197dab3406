/* formats/docx_fields.c: which fields a template uses, and whether its class offers them. */
#include "formats/docx_tree.h"

#include <string.h>

#include "base/status.h"

struct uses {
	struct arena *arena;
	struct docx_use *at;
	size_t count, size;
};

static void use_add(struct uses *u, const struct docx_node *n, enum docx_use_kind kind, int depth)
{
	if (u->count == u->size) {
		size_t size = u->size ? u->size * 2 : 32;
		u->at = arena_grow(u->arena, u->at, u->size * sizeof *u->at, size * sizeof *u->at);
		u->size = size;
	}
	struct str instruction = n->kind == DOCX_FIELD && n->field ? n->field->instruction : S("");
	u->at[u->count++] = (struct docx_use){ n->text, instruction, kind, depth };
}

static void uses_of(struct uses *u, const struct docx_node *n, int depth)
{
	const struct docx_link *link = NULL; /* runs of one link name it once */
	for (; n; n = n->next) {
		if (n->link && n->link != link)
			for (const struct docx_node *p = n->link->parts; p; p = p->next)
				if (p->kind == DOCX_FIELD) use_add(u, p, DOCX_USE_LINK, depth);
		link = n->link;
		if (n->kind == DOCX_FIELD) use_add(u, n, DOCX_USE_FIELD, depth);
		if (n->kind == DOCX_SECTION) use_add(u, n, n->is_unless ? DOCX_USE_UNLESS : DOCX_USE_SECTION, depth);
		uses_of(u, n->first, depth + (n->kind == DOCX_SECTION));
	}
}

size_t docx_fields(struct arena *a, const struct docx *d, struct docx_use **out)
{
	struct uses u = { .arena = a };
	uses_of(&u, d->subject.first, 0);
	uses_of(&u, d->body.first, 0);
	uses_of(&u, d->header.first, 0);
	uses_of(&u, d->footer.first, 0);
	*out = u.at;
	return u.count;
}

/* ---- checking ---- */

#define SCOPES_MAX (DOCX_SECTION_DEPTH * 2) /* sections around a field, also through cells */

struct scope {
	const struct field_declaration *at;
	size_t count;
};

/* The declaration of NAME in the innermost of scopes that has it. */
static const struct field_declaration *declaration_find(const struct scope *scopes, size_t n, struct str name)
{
	while (n-- > 0)
		for (size_t i = 0; i < scopes[n].count; i++)
			if (str_eq_nocase(scopes[n].at[i].name, name)) return &scopes[n].at[i];
	return NULL;
}

/* How many letters have to be changed, added or taken away (Levenshtein), for names of at most DOCX_NAME_MAX bytes. */
static size_t distance(struct str a, struct str b)
{
	size_t row[DOCX_NAME_MAX + 1];
	if (a.len > DOCX_NAME_MAX || b.len > DOCX_NAME_MAX) return SIZE_MAX;
	for (size_t j = 0; j <= b.len; j++) row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t change = corner + (a.at[i - 1] != b.at[j - 1]);
			corner = row[j];
			size_t shorter = row[j] < row[j - 1] ? row[j] : row[j - 1];
			row[j] = change < shorter + 1 ? change : shorter + 1;
		}
	}
	return row[b.len];
}

/* The known name that NAME was probably meant to be: a slip of a third of its letters at most, or the same last word (url for link.url). */
static struct str nearest(struct arena *a, const struct scope *scopes, size_t n, struct str name)
{
	struct str wanted = str_lower(a, name), best = S("");
	size_t best_distance = name.len / 3 + 1;
	while (n-- > 0)
		for (size_t i = 0; i < scopes[n].count; i++) {
			struct str known = scopes[n].at[i].name;
			size_t d = distance(wanted, known);
			if (d >= best_distance && str_ends(known, str_format(a, ".%.*s", STR_ARG(wanted)))) d = best_distance - 1;
			if (d < best_distance) best = known, best_distance = d;
		}
	return best;
}

struct check {
	struct scope scopes[SCOPES_MAX];
	size_t depth;
	struct problem found; /* each once */
};

static void unknown(struct check *c, struct str name)
{
	struct arena *a = c->found.arena;
	struct str near = nearest(a, c->scopes, c->depth, name);
	if (near.len == 0) {
		docx_note(&c->found, MSG_DOCX_FIELD_UNKNOWN, "name", name);
		return;
	}
	for (const struct finding *f = c->found.first; f; f = f->next)
		if (f->message == MSG_DOCX_FIELD_UNKNOWN_NEAR && str_eq(f->args[0].text, name)) return;
	problem_add(&c->found, "", MSG_DOCX_FIELD_UNKNOWN_NEAR, arg_text("name", name), arg_text("near", near));
}

static void check_field(struct check *c, const struct docx_node *n, bool is_target)
{
	const struct field_declaration *f = declaration_find(c->scopes, c->depth, n->text);
	if (!f) unknown(c, n->text);
	else if (f->kind == FIELD_CONDITION || f->kind == FIELD_LIST) docx_note(&c->found, MSG_DOCX_FIELD_IS_CONDITION, "name", n->text);
	else if (f->kind == FIELD_IMAGE && is_target) docx_note(&c->found, MSG_DOCX_FIELD_NO_ADDRESS, "name", n->text);
}

static void check_nodes(struct check *c, const struct docx_node *n)
{
	for (; n; n = n->next) {
		if (n->link)
			for (const struct docx_node *p = n->link->parts; p; p = p->next)
				if (p->kind == DOCX_FIELD) check_field(c, p, true);
		if (n->kind == DOCX_FIELD) check_field(c, n, false);
		size_t depth = c->depth;
		if (n->kind == DOCX_SECTION) {
			const struct field_declaration *f = declaration_find(c->scopes, c->depth, n->text);
			if (!f) unknown(c, n->text);
			else if (f->kind == FIELD_LIST && !n->is_unless && c->depth < SCOPES_MAX)
				c->scopes[c->depth++] = (struct scope){ f->items, f->item_count };
		}
		check_nodes(c, n->first);
		c->depth = depth;
	}
}

enum status docx_check(const struct docx *d, const struct field_declaration *known, size_t count, struct problem *why)
{
	struct arena *a = why->arena;
	struct check c = { .scopes[0] = { known, count }, .depth = 1, .found = problem_in(a) };
	const struct docx_node *const roots[] = { &d->subject, &d->body, &d->header, &d->footer };
	for (size_t i = 0; i < COUNT(roots); i++) check_nodes(&c, roots[i]->first);

	struct docx_use *uses;
	size_t n = docx_fields(a, d, &uses);
	for (size_t i = 0; i < count; i++) {
		if (!known[i].is_required) continue;
		bool is_used = false;
		for (size_t u = 0; u < n; u++) is_used |= uses[u].kind <= DOCX_USE_LINK && str_eq_nocase(uses[u].name, known[i].name);
		if (!is_used) docx_note(&c.found, MSG_DOCX_FIELD_MISSING, "name", known[i].name);
	}
	const struct problem *const lists[] = { &d->faults, &c.found };
	for (size_t i = 0; i < COUNT(lists); i++)
		for (const struct finding *f = lists[i]->first; f; f = f->next) problem_add_args(why, f->field, f->message, f->args);
	return d->faults.first || c.found.first ? REFUSED : OK;
}

struct docx_values docx_examples(struct arena *a, const struct field_declaration *known, size_t count)
{
	static const size_t items = 2; /* enough to see that it repeats */
	struct docx_value *v = ARENA_ARRAY(a, struct docx_value, count + 1);
	for (size_t i = 0; i < count; i++) {
		const struct field_declaration *f = &known[i];
		v[i] = (struct docx_value){ .name = f->name, .kind = f->kind, .text = f->example, .is_true = f->example.len > 0 };
		if (f->kind != FIELD_LIST) continue;
		struct docx_values *sets = ARENA_ARRAY(a, struct docx_values, items);
		for (size_t n = 0; n < items; n++) sets[n] = docx_examples(a, f->items, f->item_count); /* as deep as declared */
		v[i].items = sets;
		v[i].item_count = items;
	}
	return (struct docx_values){ v, count };
}
