/* formats/windows1252.h: text for programs that know Western Europe's old encoding alone. */
#pragma once
#include "base/str.h"

/* TEXT, valid UTF-8, in Windows-1252. What it lacks is written by its parts and without its marks (Ş as S, Ł as L), else as a question mark. IS_CHANGED gets
 * whether anything was. */
struct str windows_1252(struct arena *a, struct str text, bool *is_changed);

/* The same text as UTF-8 with what Windows-1252 lacks already replaced, so that people can see it. */
struct str windows_1252_shown(struct arena *a, struct str text, bool *is_changed);
