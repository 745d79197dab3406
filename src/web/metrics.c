/* web/metrics.c: what the server counts, in the Prometheus text format. */
#include "web/serving.h"

static const struct {
	int64_t microseconds;
	const char *seconds;
} limits[DURATIONS] = { { 500, "0.0005" }, { 1000, "0.001" }, { 5000, "0.005" }, { 25000, "0.025" }, { 100000, "0.1" }, { 500000, "0.5" },
	{ 2500000, "2.5" }, { INT64_MAX, "+Inf" } };

struct tally *tally_mine(struct server *s, unsigned *index)
{
	static atomic_uint threads;
	static _Thread_local unsigned mine;
	if (!mine) mine = 1 + atomic_fetch_add(&threads, 1) % TALLIES;
	if (index) *index = mine - 1;
	return &s->tallies[mine - 1];
}

int in_flight(struct server *s)
{
	int sum = 0;
	for (size_t i = 0; i < TALLIES; i++) sum += atomic_load(&s->tallies[i].in_flight);
	return sum;
}

void metrics_count(struct tally *m, int status, uint64_t bytes, int64_t microseconds)
{
	size_t class = status / 100 > 5 ? 0 : (size_t)status / 100, i = 0;
	while (microseconds > limits[i].microseconds) i++;
	atomic_fetch_add_explicit(&m->by_class[class], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->durations[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->microseconds, (uint64_t)microseconds, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->bytes, bytes, memory_order_relaxed);
}

/* The sum over all tallies of the counter that stands at OFFSET in each. */
static unsigned long long sum_at(struct server *s, size_t offset)
{
	unsigned long long sum = 0;
	for (size_t i = 0; i < TALLIES; i++)
		sum += atomic_load_explicit((atomic_uint_fast64_t *)(void *)((char *)&s->tallies[i] + offset), memory_order_relaxed);
	return sum;
}

#define SUM(member) sum_at(s, offsetof(struct tally, member))

struct str metrics_text(struct arena *a, struct server *s)
{
	struct buf b = buf_in(a);
	buf_add(&b, S("# TYPE parterre_http_requests_total counter\n"));
	for (size_t i = 1; i < COUNT(s->tallies[0].by_class); i++)
		buf_addf(&b, "parterre_http_requests_total{status=\"%zuxx\"} %llu\n", i, SUM(by_class[i]));
	buf_addf(&b, "parterre_http_requests_total{status=\"none\"} %llu\n", SUM(by_class[0]));
	buf_add(&b, S("# TYPE parterre_http_request_seconds histogram\n"));
	unsigned long long sum = 0;
	for (size_t i = 0; i < DURATIONS; i++) {
		sum += SUM(durations[i]);
		buf_addf(&b, "parterre_http_request_seconds_bucket{le=\"%s\"} %llu\n", limits[i].seconds, sum);
	}
	unsigned long long micro = SUM(microseconds);
	buf_addf(&b, "parterre_http_request_seconds_sum %llu.%06llu\n", micro / 1000000, micro % 1000000);
	buf_addf(&b, "parterre_http_request_seconds_count %llu\n", sum);
	buf_addf(&b, "# TYPE parterre_http_answer_bytes_total counter\nparterre_http_answer_bytes_total %llu\n", SUM(bytes));
	buf_addf(&b, "# TYPE parterre_http_connections gauge\nparterre_http_connections %zu\n", connections_open(s->connections));
	buf_addf(&b, "# TYPE parterre_http_requests_in_flight gauge\nparterre_http_requests_in_flight %d\n", in_flight(s));
	buf_addf(&b, "# TYPE parterre_http_workers_taken gauge\nparterre_http_workers_taken %u\n", workers_waiting(s->workers));
	if (s->options.metrics_add) s->options.metrics_add(&b, s->options.metrics_context);
	return buf_str(&b);
}
