/* documents/usable.h: for SQL of documents/ alone: whether document type d may be used at point of sale p. */
#pragma once

#define TYPE_IS_USABLE                                                                                                        \
	"(NOT EXISTS (SELECT 1 FROM document_type_organisation o WHERE o.document_type = d.id) OR "                               \
	" EXISTS (SELECT 1 FROM document_type_organisation o WHERE o.document_type = d.id AND o.organisation = p.organisation)) " \
	"AND (NOT EXISTS (SELECT 1 FROM document_type_channel c WHERE c.document_type = d.id) OR "                                \
	" EXISTS (SELECT 1 FROM document_type_channel c WHERE c.document_type = d.id AND c.sales_channel = p.sales_channel)) "
