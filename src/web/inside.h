/* web/inside.h: what the web floor keeps of a request besides what handlers see. Included by src/web/ only. */
#pragma once
#include "web/body.h"
#include "web/cookie.h"
#include "web/form.h"
#include "web/response.h"
#include "web/route.h"
#include "web/server.h"

struct MHD_Connection;
struct connection;
struct envelope;

struct pair {
	struct str name, value;
};

#define QUERY_PARAMS_MAX 50 /* in one query; marketing links carry a dozen */

struct cookie_change {
	struct cookie_change *next;
	struct str name, line;
};

/* How far a request has come; moved by wire.c alone. */
enum stage { STAGE_URI, STAGE_BODY, STAGE_RUNNING, STAGE_READY, STAGE_ANSWERED };

struct request_inside {
	struct server *server;
	const struct server_options *options;
	struct MHD_Connection *wire;
	struct connection *connection;

	/* from the head */
	struct str target; /* of the request line, as it came */
	const char *method_name;
	bool is_head;
	struct pair *headers;
	size_t header_count;
	struct pair *params; /* of the query, decoded */
	size_t param_count;
	struct str segments[SEGMENTS_MAX];
	bool has_language; /* by ?lang= */
	enum language language;

	/* the body */
	uint64_t announced; /* Content-Length; 0 when none, or chunked */
	bool is_chunked;
	size_t body_max;
	uint64_t received;
	struct body body;
	struct fields fields;

	/* the answer */
	struct cookie_change *cookies;
	struct str guest_secret; /* once csrf_token made or read it */
	bool is_personal;		 /* it shows what belongs to one browser */
	int refused;			 /* status that the floor itself answers; 0: none */
	struct str allow;		 /* for 405 */
	bool must_close;		 /* the connection can't be trusted any further */
	struct response answer;
	struct envelope *envelope; /* once it was sent: stock.h */

	/* moving */
	enum stage stage;
	struct request_inside *next; /* in the workers' queue or a list of free ones */
	struct request request;
};
