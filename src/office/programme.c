/* office/programme.c: the list of events, and what its states are called. */
#include "office/programme.h"

#include "office/programme.html.h"

static const struct {
	const char *word;
	enum message name;
} views[EVENT_VIEWS] = {
	[EVENTS_COMING] = { "coming", MSG_EVENTS_COMING },
	[EVENTS_DRAFTS] = { "drafts", MSG_EVENTS_DRAFTS },
	[EVENTS_PAST] = { "past", MSG_EVENTS_PAST },
	[EVENTS_ALL] = { "all", MSG_EVENTS_ALL },
};

static const struct {
	const char *shape;
	enum message word;
} stages[] = {
	[EVENT_EMPTY] = { "warn", MSG_EVENT_EMPTY },
	[EVENT_DRAFT] = { "wait", MSG_SALE_DRAFT },
	[EVENT_ON_SALE] = { "done", MSG_ON_SALE },
	[EVENT_STOPPED] = { "warn", MSG_SALE_STOPPED },
	[EVENT_CANCELLED] = { "bad", MSG_PERFORMANCE_CANCELLED },
	[EVENT_OVER] = { "end", MSG_EVENT_OVER },
};

static const struct {
	const char *shape;
	enum message word;
} states[] = {
	[PERFORMANCE_DRAFT] = { "wait", MSG_SALE_DRAFT },
	[PERFORMANCE_ON_SALE] = { "done", MSG_ON_SALE },
	[PERFORMANCE_STOPPED] = { "warn", MSG_SALE_STOPPED },
	[PERFORMANCE_CANCELLED] = { "bad", MSG_PERFORMANCE_CANCELLED },
};

const char *event_stage_shape(enum event_stage stage)
{
	return stages[stage].shape;
}

enum message event_stage_word(enum event_stage stage)
{
	return stages[stage].word;
}

const char *performance_shape(enum performance_state state)
{
	return states[state].shape;
}

enum message performance_word(enum performance_state state)
{
	return states[state].word;
}

static enum event_view view_of(struct str word)
{
	for (size_t i = 0; i < EVENT_VIEWS; i++)
		if (str_eq(word, str_of(views[i].word))) return (enum event_view)i;
	return EVENTS_COMING;
}

/* Search words and season stay from view to view. */
static void views_show(const struct office_page *p, const struct event_search *s, struct events_shown *x)
{
	struct arena *a = p->request->arena;
	for (size_t i = 0; i < EVENT_VIEWS; i++) {
		struct str path = str_format(a, "/programme?view=%s", views[i].word);
		if (s->season) path = str_format(a, "%.*s&season=%lld", STR_ARG(path), (long long)s->season);
		x->views[i] = (struct event_view_shown){ office_link_with(p, str_c(a, path), "q", s->words), views[i].name, (enum event_view)i == s->view };
	}
	x->view = str_of(views[s->view].word);
}

struct response office_programme_page(struct request *r)
{
	struct event_search s = { .words = request_query(r, "q"), .view = view_of(request_query(r, "view")) };
	struct events_shown x = { .typed = s.words, .may_write = actor_may(actor_of(r), RIGHT_PROGRAMME_WRITE) };
	struct season_row *seasons;
	struct event_row *rows;
	if (!str_int64(request_query(r, "season"), &s.season) || s.season < 0) s.season = 0;
	if (season_rows(r->db, r->arena, actor_of(r), &seasons, &x.season_count)) return error_answer(r, 503);
	if (event_rows(r->db, r->arena, actor_of(r), &s, r->language, &rows, &x.count)) return error_answer(r, 503);
	x.seasons = seasons;
	x.season = s.season;
	x.rows = rows;
	struct office_page p = office_page(r, MSG_PROGRAMME, OFFICE_TAB_PROGRAMME);
	views_show(&p, &s, &x);
	struct render out = office_render(r);
	tpl_office_programme(&out, &(const struct tpl_office_programme){ .page = &p, .x = &x, .done = office_done(&p) });
	return office_answer(r, 200, &out);
}
