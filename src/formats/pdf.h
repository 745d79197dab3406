/* formats/pdf.h: writes PDF 1.4 directly: pages of operators, deflated, and text in Liberation Sans, embedded once a document (formats/font.h).
 * No date and no random number goes in: the same pages give the same bytes. Text can be copied and searched.
 * A document of thousands of pages needs no more memory than a few bytes a page: what is finished is handed over by pdf_take. */
#pragma once
#include "formats/font.h"

struct pdf;

/* An empty document, in arena A. */
struct pdf *pdf_new(struct arena *a);

/* Begins a page, measures in hundredths of a point, and gives the buffer for its operators; PDF measures in points from the lower left corner. */
struct buf *pdf_page(struct pdf *p, int width, int height);

/* Adds operands: a whole number, one in hundredths, one with five decimals, each with a blank after it. */
void pdf_number(struct buf *content, int n);
void pdf_hundredths(struct buf *content, int n);
void pdf_real(struct buf *content, double n);

/* Text on the page that was begun: between pdf_text_begin and pdf_text_end only this. X and Y, of the base line, are in hundredths of a point from the
 * upper left corner; SIZE is in points. */
void pdf_text_begin(struct pdf *p);
void pdf_text(struct pdf *p, enum font_weight weight, int size, int x, int y, struct str text);
void pdf_text_end(struct pdf *p);

void pdf_page_end(struct pdf *p);

/* Ends the document. */
void pdf_finish(struct pdf *p);

/* The bytes since the last call. They are good until the next call with P. */
struct str pdf_take(struct pdf *p);
