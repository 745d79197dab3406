/* formats/docx_package.h: the parts of a Word file: a zip archive that is checked before anything of it is unpacked, and XML read with everything
 * external off. For the docx_*.c files only. */
#pragma once
#include "formats/docx.h"

#define PACKAGE_ENTRIES_MAX 1024 /* Word writes 10 to 60 */
#define PACKAGE_NAME_MAX	256	 /* of an entry; Word's are under 60 bytes */
#define XML_DEPTH_MAX		128	 /* nested tables reach 40 */

struct package;

/* Checks BYTES as an archive: size, entry count, names, duplicates, declared sizes, encryption, macros. The caller closes it; BYTES stay. */
enum status package_open(struct arena *a, struct str bytes, struct docx_limits limits, struct package **out, struct problem *why);
void package_close(struct package *p);

/* The part NAME ("word/document.xml", without regard to case) unpacked into A. NOT_FOUND without words; REFUSED with them when it is broken or
 * all parts together grow over the limit. */
enum status package_part(struct package *p, struct arena *a, struct str name, struct str *out, struct problem *why);

/* Namespaces that matter here, both the transitional and the strict spelling. */
enum xml_space { XML_OTHER, XML_WORD, XML_RELATION, XML_DRAWING, XML_PLACED, XML_COMPATIBLE, XML_VML, XML_PACKAGE, XML_TYPES, XML_MATH };

struct xml_element {
	enum xml_space space;
	struct str name;
	const unsigned char **attributes;
	int attribute_count;
	struct arena *arena; /* the walk's own */
};

/* The attribute's value, to be kept by who needs it after the call; empty when it is missing. */
struct str xml_attribute(const struct xml_element *e, enum xml_space space, const char *name);

/* What a walk calls. START returns whether it wants what is inside; else the element's whole content is passed over and END not called for it. */
struct xml_handler {
	bool (*start)(void *user, const struct xml_element *e);
	void (*end)(void *user, enum xml_space space, struct str name);
	void (*text)(void *user, struct str text);
};

/* Reads XML from BYTES. A document type ends the reading at once; so does more depth than XML_DEPTH_MAX. PART names the part in words.
 * *STOP set by a handler ends it too, as REFUSED without words. */
enum status xml_walk(struct str bytes, struct str part, const struct xml_handler *handler, void *user, const bool *stop, struct problem *why);

/* A target of a relationship: /word/document.xml, or relative to the folder of part FROM. Empty when it leads outside the package. */
struct str package_path(struct arena *a, struct str from, struct str target);
