/* web/metrics.c: what the server counts, in the Prometheus text format. */
#include "web/serving.h"

static const struct {
	int64_t microseconds;
	const char *seconds;
} limits[DURATIONS] = { { 500, "0.0005" }, { 1000, "0.001" }, { 5000, "0.005" }, { 25000, "0.025" }, { 100000, "0.1" }, { 500000, "0.5" },
	{ 2500000, "2.5" }, { INT64_MAX, "+Inf" } };

void metrics_count(struct metrics *m, int status, uint64_t bytes, int64_t microseconds)
{
	size_t class = status / 100 > 5 ? 0 : (size_t)status / 100, i = 0;
	while (microseconds > limits[i].microseconds) i++;
	atomic_fetch_add_explicit(&m->by_class[class], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->durations[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->microseconds, (uint64_t)microseconds, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->bytes, bytes, memory_order_relaxed);
}

static unsigned long long read_count(atomic_uint_fast64_t *count)
{
	return atomic_load_explicit(count, memory_order_relaxed);
}

struct str metrics_text(struct arena *a, struct server *s)
{
	struct metrics *m = &s->metrics;
	struct buf b = buf_in(a);
	buf_add(&b, S("# TYPE parterre_http_requests_total counter\n"));
	for (size_t i = 1; i < COUNT(m->by_class); i++)
		buf_addf(&b, "parterre_http_requests_total{status=\"%zuxx\"} %llu\n", i, read_count(&m->by_class[i]));
	buf_addf(&b, "parterre_http_requests_total{status=\"none\"} %llu\n", read_count(&m->by_class[0]));
	buf_add(&b, S("# TYPE parterre_http_request_seconds histogram\n"));
	unsigned long long sum = 0;
	for (size_t i = 0; i < DURATIONS; i++) {
		sum += read_count(&m->durations[i]);
		buf_addf(&b, "parterre_http_request_seconds_bucket{le=\"%s\"} %llu\n", limits[i].seconds, sum);
	}
	unsigned long long micro = read_count(&m->microseconds);
	buf_addf(&b, "parterre_http_request_seconds_sum %llu.%06llu\n", micro / 1000000, micro % 1000000);
	buf_addf(&b, "parterre_http_request_seconds_count %llu\n", sum);
	buf_addf(&b, "# TYPE parterre_http_answer_bytes_total counter\nparterre_http_answer_bytes_total %llu\n", read_count(&m->bytes));
	buf_addf(&b, "# TYPE parterre_http_connections gauge\nparterre_http_connections %zu\n", connections_open(s->connections));
	buf_addf(&b, "# TYPE parterre_http_requests_in_flight gauge\nparterre_http_requests_in_flight %d\n", atomic_load(&s->in_flight));
	buf_addf(&b, "# TYPE parterre_http_workers_taken gauge\nparterre_http_workers_taken %u\n", workers_waiting(s->workers));
	if (s->options.metrics_add) s->options.metrics_add(&b, s->options.metrics_context);
	return buf_str(&b);
}
