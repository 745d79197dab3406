/* sales/name.h: the name of a row that has one in each language (name_en, name_fr, name_de, name_it), for statements. */
#pragma once

#define NAME_COLUMN(row, language) \
	" CASE " language " WHEN 'en' THEN " row ".name_en WHEN 'fr' THEN " row ".name_fr WHEN 'de' THEN " row ".name_de ELSE " row ".name_it END"

/* The name of ROW (a table's alias) in LANGUAGE, where that is empty in OTHERWISE: both SQL, as "$2" or "h.main_language". */
#define NAME_OF(row, language, otherwise) \
	" CASE WHEN" NAME_COLUMN(row, language) " <> '' THEN" NAME_COLUMN(row, language) " ELSE" NAME_COLUMN(row, otherwise) " END"
