/* office/office.c: the operators' face: its routes, whose request it is, who asks, what lets in. */
#include "office/office.h"

#include <string.h>

#include "base/log.h"
#include "guard/rate.h"
#include "institution/sale_terms.h"
#include "office/administrative.h"
#include "office/bulk.h"
#include "office/contact_edit.h"
#include "office/contacts.h"
#include "office/contingents.h"
#include "office/counter.h"
#include "office/error.html.h"
#include "office/house.h"
#include "office/modes.h"
#include "office/orders.h"
#include "office/shipping.h"
#include "office/watched.h"
#include "office/parked.h"
#include "office/parts.h"
#include "office/payments.h"
#include "office/prices.h"
#include "web/cookie.h"
#include "web/path.h"

const struct route office_routes[] = {
	{ GET, "/", office_start_page, .needs = OPERATOR | SLOW | NO_STORE },
	{ GET, "/look/:ACCENT.css", office_look, .needs = ANYBODY },
	{ GET, "/signin", office_signin_page, .needs = ANYBODY | NO_STORE },
	{ POST, "/signin", office_signin, .needs = ANYBODY | CSRF | NO_STORE }, /* operator_signin counts by itself */
	{ GET, "/forgot-password", office_forgot_page, .needs = ANYBODY },
	{ POST, "/forgot-password", office_forgot, .needs = ANYBODY | CSRF, .limit = OFFICE_LIMIT_RECOVERY },
	{ GET, "/reset-password", office_staff_reset_page, .needs = ANYBODY | NO_STORE },
	{ POST, "/reset-password", office_staff_reset, .needs = ANYBODY | CSRF | NO_STORE, .limit = OFFICE_LIMIT_RESET },
	{ GET, "/parked", office_parked_page, .needs = OPERATOR | NO_STORE },
	{ POST, "/parked/drop", office_parked_drop, .needs = OPERATOR | CSRF | NO_STORE },
	{ GET, "/me", office_me_page, .needs = OPERATOR | NO_STORE },
	{ POST, "/me/language", office_me_language, .needs = OPERATOR | CSRF | NO_STORE },
	{ GET, "/me/password", office_me_password_page, .needs = OPERATOR | NO_STORE },
	{ POST, "/me/password", office_me_password, .needs = OPERATOR | CSRF | NO_STORE, .limit = OFFICE_LIMIT_PASSWORD },
	{ POST, "/me/sessions/end", office_me_session_end, .needs = OPERATOR | CSRF | NO_STORE },
	{ POST, "/me/sessions/end-all", office_me_sessions_end, .needs = OPERATOR | CSRF | NO_STORE },
	{ GET, "/second-factor", office_factor_page, .needs = HALF | NO_STORE },
	{ POST, "/second-factor", office_factor, .needs = HALF | CSRF | NO_STORE }, /* factor_pass counts by itself */
	{ GET, "/me/second-factor", office_factor_setup_page, .needs = ENROLLING | NO_STORE },
	{ GET, "/me/second-factor/code.svg", office_factor_picture, .needs = ENROLLING | NO_STORE },
	{ POST, "/me/second-factor/begin", office_factor_begin, .needs = ENROLLING | CSRF | NO_STORE },
	{ POST, "/me/second-factor", office_factor_confirm, .needs = ENROLLING | CSRF | NO_STORE, .limit = OFFICE_LIMIT_PASSWORD },
	{ GET, "/operators", office_operators_page, .needs = MAY(RIGHT_OPERATOR_READ) | NO_STORE },
	{ GET, "/operators/new", office_operator_new_page, .needs = MAY(RIGHT_OPERATOR_WRITE) | NO_STORE },
	{ POST, "/operators/new", office_operator_new, .needs = MAY(RIGHT_OPERATOR_WRITE) | CSRF | NO_STORE },
	{ GET, "/operators/:ID", office_operator_page, .needs = MAY(RIGHT_OPERATOR_READ) | NO_STORE },
	{ POST, "/operators/:ID", office_operator_change, .needs = MAY(RIGHT_OPERATOR_WRITE) | CSRF | NO_STORE },
	{ POST, "/operators/:ID/invite", office_operator_invite, .needs = MAY(RIGHT_OPERATOR_WRITE) | CSRF | NO_STORE },
	{ POST, "/operators/:ID/block", office_operator_block, .needs = MAY(RIGHT_OPERATOR_WRITE) | CSRF | NO_STORE },
	{ POST, "/operators/:ID/unblock", office_operator_unblock, .needs = MAY(RIGHT_OPERATOR_WRITE) | CSRF | NO_STORE },
	{ POST, "/operators/:ID/reset-factor", office_operator_factor_reset, .needs = MAY(RIGHT_OPERATOR_WRITE) | CSRF | NO_STORE },
	{ POST, "/operators/:ID/sign-out", office_operator_sign_out, .needs = MAY(RIGHT_OPERATOR_WRITE) | CSRF | NO_STORE },
	{ GET, "/audit", office_audit_page, .needs = MAY(RIGHT_AUDIT_READ) | SLOW | NO_STORE },
	{ GET, "/audit/trail.csv", office_audit_file, .needs = MAY(RIGHT_AUDIT_READ) | SLOW | NO_STORE },
	{ GET, "/audit/erase", office_erase_page, .needs = MAY(RIGHT_AUDIT_ERASE) | NO_STORE },
	{ POST, "/audit/erase", office_erase, .needs = MAY(RIGHT_AUDIT_ERASE) | CSRF | NO_STORE },
	{ GET, "/rights", office_rights_page, .needs = MAY(RIGHT_OPERATOR_READ) | NO_STORE },
	{ POST, "/signout", office_signout, .needs = HALF | CSRF | NO_STORE },
	{ GET, "/institution/document-types", office_types_page, .needs = MAY(RIGHT_DOCUMENT_READ) | NO_STORE },
	{ GET, "/institution/document-types/new", office_type_new_page, .needs = MAY(RIGHT_DOCUMENT_WRITE) | NO_STORE },
	{ POST, "/institution/document-types/new", office_type_new, .needs = MAY(RIGHT_DOCUMENT_WRITE) | CSRF | NO_STORE },
	{ GET, "/institution/document-types/:ID", office_type_page, .needs = MAY(RIGHT_DOCUMENT_READ) | SLOW | NO_STORE },
	{ POST, "/institution/document-types/:ID", office_type_upload, .needs = MAY(RIGHT_DOCUMENT_WRITE) | CSRF | FILES | NO_STORE,
		.body_max = DOCX_BYTES_MAX + BODY_FORM_MAX },
	{ GET, "/institution/document-types/:ID/edit", office_type_edit_page, .needs = MAY(RIGHT_DOCUMENT_WRITE) | NO_STORE },
	{ POST, "/institution/document-types/:ID/edit", office_type_edit, .needs = MAY(RIGHT_DOCUMENT_WRITE) | CSRF | NO_STORE },
	{ GET, "/institution/document-types/:ID/shipped/:LANGUAGE.docx", office_shipped_file, .needs = MAY(RIGHT_DOCUMENT_READ) | NO_STORE },
	{ GET, "/institution/document-types/:ID/versions/:N/mail", office_version_mail, .needs = MAY(RIGHT_DOCUMENT_READ) | SLOW | PREVIEW | NO_STORE },
	{ GET, "/institution/document-types/:ID/versions/:N/template.docx", office_version_file, .needs = MAY(RIGHT_DOCUMENT_READ) | NO_STORE },
	{ POST, "/institution/document-types/:ID/versions/:N/use", office_version_use, .needs = MAY(RIGHT_DOCUMENT_WRITE) | CSRF | NO_STORE },
	{ POST, "/institution/document-types/:ID/versions/:N/test", office_version_test, .needs = MAY(RIGHT_DOCUMENT_WRITE) | CSRF | NO_STORE },
	{ GET, "/institution/document-types/:ID/drafts/:N", office_draft_page, .needs = MAY(RIGHT_DOCUMENT_READ) | SLOW | NO_STORE },
	{ GET, "/institution/document-types/:ID/drafts/:N/mail", office_draft_mail, .needs = MAY(RIGHT_DOCUMENT_READ) | SLOW | PREVIEW | NO_STORE },
	{ POST, "/institution/document-types/:ID/drafts/:N/use", office_draft_use, .needs = MAY(RIGHT_DOCUMENT_WRITE) | CSRF | NO_STORE },
	{ POST, "/institution/document-types/:ID/drafts/:N/drop", office_draft_drop, .needs = MAY(RIGHT_DOCUMENT_WRITE) | CSRF | NO_STORE },
	{ GET, "/organisation/points-of-sale", office_sales_page, .needs = MAY(RIGHT_POINT_OF_SALE_READ) | NO_STORE },
	{ GET, "/organisation/points-of-sale/new", office_sale_new_page, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | NO_STORE },
	{ POST, "/organisation/points-of-sale/new", office_sale_new, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ GET, "/organisation/points-of-sale/:ID", office_sale_page, .needs = MAY(RIGHT_POINT_OF_SALE_READ) | NO_STORE },
	{ POST, "/organisation/points-of-sale/:ID", office_sale, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ POST, "/organisation/points-of-sale/:ID/state", office_sale_state, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ POST, "/organisation/points-of-sale/:ID/visit", office_sale_visit, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ GET, "/organisation/points-of-sale/:ID/logo.png", office_sale_logo_picture, .needs = MAY(RIGHT_POINT_OF_SALE_READ) | NO_STORE },
	{ POST, "/organisation/points-of-sale/:ID/logo", office_sale_logo, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | FILES | NO_STORE,
		.body_max = LOGO_FILE_MAX + BODY_FORM_MAX },
	{ POST, "/organisation/points-of-sale/:ID/logo/remove", office_sale_logo_remove, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ GET, "/organisation/points-of-sale/:ID/terms", office_sale_terms_page, .needs = MAY(RIGHT_POINT_OF_SALE_READ) | NO_STORE },
	{ POST, "/organisation/points-of-sale/:ID/terms", office_sale_terms, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE,
		.body_max = TERMS_BODY_MAX },
	{ GET, "/institution/organisations", office_organisations_page, .needs = MAY(RIGHT_POINT_OF_SALE_READ) | NO_STORE },
	{ GET, "/institution/organisations/new", office_organisation_new_page, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | NO_STORE },
	{ POST, "/institution/organisations/new", office_organisation_new, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ GET, "/institution/organisations/:ID", office_organisation_page, .needs = MAY(RIGHT_POINT_OF_SALE_READ) | NO_STORE },
	{ POST, "/institution/organisations/:ID", office_organisation, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ GET, "/institution/sales-channels", office_channels_page, .needs = MAY(RIGHT_POINT_OF_SALE_READ) | NO_STORE },
	{ GET, "/institution/sales-channels/new", office_channel_new_page, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | NO_STORE },
	{ POST, "/institution/sales-channels/new", office_channel_new, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ GET, "/institution/sales-channels/:ID", office_channel_page, .needs = MAY(RIGHT_POINT_OF_SALE_READ) | NO_STORE },
	{ POST, "/institution/sales-channels/:ID", office_channel, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ GET, "/institution/shipment-modes", office_modes_page, .needs = MAY(RIGHT_POINT_OF_SALE_READ) | NO_STORE },
	{ POST, "/institution/shipment-modes/closed-day", office_closed_day, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ GET, "/institution/shipment-modes/new", office_mode_new_page, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | NO_STORE },
	{ POST, "/institution/shipment-modes/new", office_mode_new, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ GET, "/institution/shipment-modes/:ID", office_mode_page, .needs = MAY(RIGHT_POINT_OF_SALE_READ) | NO_STORE },
	{ POST, "/institution/shipment-modes/:ID", office_mode, .needs = MAY(RIGHT_POINT_OF_SALE_WRITE) | CSRF | NO_STORE },
	{ GET, "/institution/administrative-values", office_administrative_page, .needs = MAY(RIGHT_SETTING_READ) | SLOW | NO_STORE },
	{ POST, "/institution/administrative-values", office_administrative, .needs = MAY(RIGHT_SETTING_WRITE) | CSRF | NO_STORE },
	{ GET, "/institution/administrative-values/bill.svg", office_test_bill, .needs = MAY(RIGHT_SETTING_READ) | SLOW | NO_STORE },
	{ GET, "/setup", office_setup_page, .needs = ANYBODY | NO_STORE },
	{ POST, "/setup", office_setup, .needs = ANYBODY | CSRF | NO_STORE, .limit = OFFICE_LIMIT_RESET },
	{ GET, "/institution/settings", office_settings_page, .needs = MAY(RIGHT_SETTING_READ) | NO_STORE },
	{ POST, "/institution/settings/house", office_house, .needs = MAY(RIGHT_SETTING_WRITE) | CSRF | NO_STORE },
	{ POST, "/institution/settings/mail", office_mail_server, .needs = MAY(RIGHT_SETTING_WRITE) | CSRF | NO_STORE, .limit = OFFICE_LIMIT_MAIL },
	{ GET, "/keys", office_keys_page, .needs = OPERATOR | NO_STORE },
	{ GET, "/outbox", office_outbox_page, .needs = MAY(RIGHT_OUTBOX_READ) | NO_STORE },
	{ POST, "/outbox/retry-all", office_mails_retry, .needs = MAY(RIGHT_OUTBOX_RETRY) | CSRF | NO_STORE },
	{ POST, "/outbox/:ID/retry", office_mail_retry, .needs = MAY(RIGHT_OUTBOX_RETRY) | CSRF | NO_STORE },
	{ GET, "/institution/document-classes/:CLASS", office_class_page, .needs = MAY(RIGHT_DOCUMENT_READ) | NO_STORE },

	{ GET, "/counter", office_counter_page, .needs = MAY(RIGHT_SELL) | NO_STORE },
	{ GET, "/counter/shows", office_counter_shows, .needs = MAY(RIGHT_SELL) | NO_STORE },
	{ GET, "/counter/contacts", office_counter_contacts, .needs = MAY(RIGHT_SELL) | NO_STORE | SLOW },
	{ GET, "/counter/seats", office_counter_seats_page, .needs = MAY(RIGHT_SELL) | NO_STORE },
	{ POST, "/counter/choose", office_counter_choose, .needs = MAY(RIGHT_SELL) | CSRF | NO_STORE },
	{ POST, "/counter/basket", office_counter_basket, .needs = MAY(RIGHT_SELL) | CSRF | NO_STORE },
	{ POST, "/counter/remove", office_counter_remove, .needs = MAY(RIGHT_SELL) | CSRF | NO_STORE },
	{ POST, "/counter/sell", office_counter_sell, .needs = MAY(RIGHT_SELL) | CSRF | NO_STORE },
	{ GET, "/counter/takings", office_takings_page, .needs = MAY(RIGHT_SELL) | NO_STORE },
	{ GET, "/orders", office_orders_page, .needs = MAY(RIGHT_ORDER_READ) | NO_STORE | SLOW },
	{ GET, "/orders/:NUMBER", office_order_page, .needs = MAY(RIGHT_ORDER_READ) | NO_STORE },
	{ GET, "/orders/:NUMBER/bills/:BILL.pdf", office_order_bill, .needs = MAY(RIGHT_ORDER_READ) | NO_STORE | SLOW }, /* the first reader makes it */
	{ GET, "/orders/:NUMBER/tickets.pdf", office_order_tickets, .needs = MAY(RIGHT_PRINT) | NO_STORE | SLOW },
	{ POST, "/orders/:NUMBER/print", office_order_print, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ GET, "/orders/:NUMBER/cancel", office_order_cancel_page, .needs = MAY(RIGHT_ORDER_WRITE) | NO_STORE },
	{ POST, "/orders/:NUMBER/cancel", office_order_cancel, .needs = MAY(RIGHT_ORDER_WRITE) | CSRF | NO_STORE },
	{ GET, "/orders/:NUMBER/instalments", office_order_instalments_page, .needs = MAY(RIGHT_ORDER_WRITE) | NO_STORE },
	{ POST, "/orders/:NUMBER/instalments", office_order_instalments, .needs = MAY(RIGHT_ORDER_WRITE) | CSRF | NO_STORE },

	{ GET, "/programme", office_programme_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE | SLOW },
	{ GET, "/programme/new", office_event_new_page, .needs = MAY(RIGHT_PROGRAMME_WRITE) | NO_STORE },
	{ POST, "/programme/new", office_event_new, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/events/:ID", office_event_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE | SLOW }, /* counts places */
	{ POST, "/programme/events/:ID", office_event_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ POST, "/programme/events/:ID/picture", office_picture, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | FILES | NO_STORE,
		.body_max = PICTURE_FILE_MAX + BODY_FORM_MAX },
	{ POST, "/programme/events/:ID/picture/remove", office_picture_remove, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/pictures/:DIGEST.jpg", office_picture_file, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE },
	{ GET, "/programme/events/:ID/performances", office_performances_new_page, .needs = MAY(RIGHT_PROGRAMME_WRITE) | NO_STORE },
	{ POST, "/programme/events/:ID/performances", office_performances_new, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/performances/:ID", office_performance_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE | SLOW },
	{ POST, "/programme/performances/:ID", office_performance_move, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/performances/:ID/shares", office_contingents_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE | SLOW },
	{ POST, "/programme/performances/:ID/shares", office_contingent_add, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ POST, "/programme/performances/:ID/shares/move", office_contingent_move, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ POST, "/programme/performances/:ID/sale", office_performance_sale, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/venues", office_venues_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE },
	{ GET, "/programme/venues/new", office_venue_new_page, .needs = MAY(RIGHT_PROGRAMME_WRITE) | NO_STORE },
	{ POST, "/programme/venues/new", office_venue_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/venues/:ID", office_venue_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE },
	{ POST, "/programme/venues/:ID", office_venue_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ POST, "/programme/venues/:ID/halls", office_hall_new, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/halls/:ID", office_hall_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE },
	{ POST, "/programme/halls/:ID", office_hall_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ POST, "/programme/halls/:ID/zones", office_zone_new, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/zones/:ID", office_zone_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE },
	{ POST, "/programme/zones/:ID", office_zone_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ POST, "/programme/zones/:ID/seats", office_seats_import, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | FILES | NO_STORE,
		.body_max = SEATS_FILE_MAX + BODY_FORM_MAX },
	{ GET, "/programme/zones/:ID/seats.csv", office_seats_export, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE },
	{ GET, "/programme/prices", office_prices_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE },
	{ POST, "/programme/prices/vat", office_vat_add, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/prices/tables/:ID", office_table_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE },
	{ POST, "/programme/prices/tables/:ID", office_table_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/prices/categories/new", office_category_page, .needs = MAY(RIGHT_PROGRAMME_WRITE) | NO_STORE },
	{ POST, "/programme/prices/categories/new", office_category_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/prices/categories/:ID", office_category_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE },
	{ POST, "/programme/prices/categories/:ID", office_category_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/prices/tariffs/new", office_tariff_page, .needs = MAY(RIGHT_PROGRAMME_WRITE) | NO_STORE },
	{ POST, "/programme/prices/tariffs/new", office_tariff_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/prices/tariffs/:ID", office_tariff_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE },
	{ POST, "/programme/prices/tariffs/:ID", office_tariff_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/prices/fees/new", office_fee_page, .needs = MAY(RIGHT_PROGRAMME_WRITE) | NO_STORE },
	{ POST, "/programme/prices/fees/new", office_fee_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/prices/fees/:ID", office_fee_page, .needs = MAY(RIGHT_PROGRAMME_READ) | NO_STORE },
	{ POST, "/programme/prices/fees/:ID", office_fee_save, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },
	{ GET, "/programme/performances/:ID/cancel", office_performance_cancel_page, .needs = MAY(RIGHT_PROGRAMME_WRITE) | NO_STORE },
	{ POST, "/programme/performances/:ID/state", office_performance_turn, .needs = MAY(RIGHT_PROGRAMME_WRITE) | CSRF | NO_STORE },

	{ GET, "/interfaces", office_interfaces_page, .needs = MAY(RIGHT_SHIPPING_READ) | NO_STORE },
	{ GET, "/interfaces/" PAYMENTS_CODE, office_payments_page, .needs = MAY(RIGHT_PAYMENT_READ) | NO_STORE | SLOW },
	{ POST, "/interfaces/" PAYMENTS_CODE "/import-payments", office_payments_import, .needs = MAY(RIGHT_PAYMENT_WRITE) | CSRF | FILES | NO_STORE,
		.body_max = PAYMENT_FILE_MAX + BODY_FORM_MAX },
	{ GET, "/interfaces/new", office_interface_new_page, .needs = MAY(RIGHT_INTERFACE_WRITE) | NO_STORE },
	{ POST, "/interfaces/new", office_interface_new, .needs = MAY(RIGHT_INTERFACE_WRITE) | CSRF | NO_STORE },
	{ GET, "/interfaces/new/example", office_partner_example, .needs = MAY(RIGHT_INTERFACE_WRITE) | NO_STORE },
	{ GET, "/interfaces/:CODE/edit", office_interface_edit_page, .needs = MAY(RIGHT_SHIPPING_READ) | NO_STORE },
	{ POST, "/interfaces/:CODE/edit", office_interface_edit, .needs = MAY(RIGHT_INTERFACE_WRITE) | CSRF | NO_STORE },
	{ GET, "/interfaces/:CODE", office_interface_page, .needs = MAY(RIGHT_SHIPPING_READ) | NO_STORE | SLOW },
	{ GET, "/interfaces/:CODE/folder", office_watched_page, .needs = MAY(RIGHT_SETTING_WRITE) | NO_STORE },
	{ POST, "/interfaces/:CODE/folder", office_watched, .needs = MAY(RIGHT_SETTING_WRITE) | CSRF | NO_STORE },
	{ POST, "/interfaces/:CODE/export-colour-tickets", office_interface_export, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ POST, "/interfaces/:CODE/import-printing-status", office_interface_import, .needs = MAY(RIGHT_PRINT) | CSRF | FILES | NO_STORE,
		.body_max = STATUS_UPLOAD_MAX },
	{ GET, "/batches/:NUMBER", office_batch_page, .needs = MAY(RIGHT_SHIPPING_READ) | NO_STORE },
	{ GET, "/batches/:NUMBER/:FILE", office_batch_file, .needs = MAY(RIGHT_PRINT) | NO_STORE | SLOW },
	{ POST, "/batches/:NUMBER/withdraw", office_batch_withdraw, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ GET, "/imports/:ID", office_import_page, .needs = MAY(RIGHT_SHIPPING_READ) | NO_STORE },
	{ GET, "/imports/:ID/progress", office_import_progress, .needs = MAY(RIGHT_SHIPPING_READ) | NO_STORE | POLL },
	{ POST, "/imports/:ID/apply", office_import_apply, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ GET, "/imports/:ID/lines.csv", office_import_problems, .needs = MAY(RIGHT_PRINT) | NO_STORE | SLOW },
	{ POST, "/imports/:ID/notices", office_import_notices, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ GET, "/shipments", office_shipments_page, .needs = MAY(RIGHT_SHIPPING_READ) | NO_STORE },
	{ GET, "/shipments/:NUMBER", office_shipment_page, .needs = MAY(RIGHT_SHIPPING_READ) | NO_STORE },
	{ GET, "/shipments/:NUMBER/address", office_shipment_address_page, .needs = MAY(RIGHT_PRINT) | NO_STORE },
	{ POST, "/shipments/:NUMBER/address", office_shipment_address, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ POST, "/shipments/:NUMBER/pieces/:N", office_shipment_piece, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ POST, "/shipments/:NUMBER/notices", office_shipment_notice, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ POST, "/shipments/:NUMBER/hold", office_shipment_hold, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ POST, "/shipments/:NUMBER/let-go", office_shipment_let_go, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ POST, "/shipments/:NUMBER/post", office_shipment_post, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ POST, "/shipments/:NUMBER/reissue", office_shipment_reissue, .needs = MAY(RIGHT_PRINT) | CSRF | NO_STORE },
	{ GET, "/payments", office_payments_page, .needs = MAY(RIGHT_PAYMENT_READ) | NO_STORE | SLOW },
	{ GET, "/payments/:ID", office_payment_page, .needs = MAY(RIGHT_PAYMENT_READ) | NO_STORE },
	{ POST, "/payments/:ID", office_payment, .needs = MAY(RIGHT_PAYMENT_WRITE) | CSRF | NO_STORE },
	{ GET, "/payments/imports/:ID", office_payment_import_page, .needs = MAY(RIGHT_PAYMENT_READ) | NO_STORE | SLOW },

	{ GET, "/contacts", office_contacts_page, .needs = MAY(RIGHT_CONTACT_READ) | NO_STORE | SLOW },
	{ GET, "/contacts/rows", office_contacts_rows, .needs = MAY(RIGHT_CONTACT_READ) | NO_STORE | SLOW },
	{ GET, "/contacts/beside", office_contact_beside, .needs = MAY(RIGHT_CONTACT_WRITE) | NO_STORE },
	{ GET, "/contacts/new", office_contact_new_page, .needs = MAY(RIGHT_CONTACT_WRITE) | NO_STORE },
	{ POST, "/contacts/new", office_contact_new, .needs = MAY(RIGHT_CONTACT_WRITE) | CSRF | NO_STORE },
	{ POST, "/contacts/links", office_bulk_choose, .needs = MAY(RIGHT_ACCOUNT_BULK_RESET) | CSRF | NO_STORE },
	{ POST, "/contacts/links/send", office_bulk_send, .needs = MAY(RIGHT_ACCOUNT_BULK_RESET) | CSRF | NO_STORE },
	{ GET, "/contacts/links/:ID", office_bulk_page, .needs = MAY(RIGHT_ACCOUNT_BULK_RESET) | NO_STORE },
	{ GET, "/contacts/links/:ID/progress", office_bulk_progress, .needs = MAY(RIGHT_ACCOUNT_BULK_RESET) | NO_STORE | POLL },
	{ GET, "/contacts/:ID", office_contact_page, .needs = MAY(RIGHT_CONTACT_READ) | NO_STORE },
	{ POST, "/contacts/:ID", office_contact_save, .needs = MAY(RIGHT_CONTACT_WRITE) | CSRF | NO_STORE },
	{ GET, "/contacts/:ID/edit", office_contact_edit_page, .needs = MAY(RIGHT_CONTACT_WRITE) | NO_STORE },
	{ POST, "/contacts/:ID/file", office_contact_file, .needs = MAY(RIGHT_CONTACT_WRITE) | CSRF | NO_STORE },
	{ GET, "/contacts/:ID/merge", office_merge_page, .needs = MAY(RIGHT_CONTACT_WRITE) | NO_STORE | SLOW },
	{ POST, "/contacts/:ID/merge", office_merge, .needs = MAY(RIGHT_CONTACT_WRITE) | CSRF | NO_STORE },
	{ POST, "/contacts/:ID/merge/undo", office_merge_undo, .needs = MAY(RIGHT_CONTACT_WRITE) | CSRF | NO_STORE },
	{ POST, "/contacts/:ID/sessions/end", office_account_session_end, .needs = MAY(RIGHT_ACCOUNT_BLOCK) | CSRF | NO_STORE },
	{ POST, "/contacts/:ID/sign-out", office_account_sign_out, .needs = MAY(RIGHT_ACCOUNT_BLOCK) | CSRF | NO_STORE },
	{ POST, "/contacts/:ID/email-change/withdraw", office_email_change_withdraw, .needs = MAY(RIGHT_ACCOUNT_EMAIL) | CSRF | NO_STORE },
	{ POST, "/contacts/:ID/block", office_account_block, .needs = MAY(RIGHT_ACCOUNT_BLOCK) | CSRF | NO_STORE },
	{ POST, "/contacts/:ID/unblock", office_account_unblock, .needs = MAY(RIGHT_ACCOUNT_BLOCK) | CSRF | NO_STORE },
	{ POST, "/contacts/:ID/close", office_account_close, .needs = MAY(RIGHT_ACCOUNT_BLOCK) | CSRF | NO_STORE },
	{ POST, "/contacts/:ID/mails/:MAIL/again", office_mail_again, .needs = MAY(RIGHT_ACCOUNT_RESET) | CSRF | NO_STORE },
	{ GET, "/contacts/:ID/mails", office_contact_mails, .needs = MAY(RIGHT_CONTACT_READ) | NO_STORE | POLL },
	{ GET, "/contacts/:ID/reset-password", office_reset_page, .needs = MAY(RIGHT_ACCOUNT_RESET) | NO_STORE },
	{ POST, "/contacts/:ID/reset-password", office_reset, .needs = MAY(RIGHT_ACCOUNT_RESET) | CSRF | NO_STORE },
	{ GET, "/contacts/:ID/internet-account", office_invite_page, .needs = MAY(RIGHT_ACCOUNT_RESET) | NO_STORE },
	{ POST, "/contacts/:ID/internet-account", office_invite, .needs = MAY(RIGHT_ACCOUNT_RESET) | CSRF | NO_STORE },
};
const size_t office_route_count = COUNT(office_routes);

#define OFFICE_PATH S("/office")

/* How often one network may do what costs us or others something; by enum office_limit. */
static const struct rate_limit limits[] = {
	[OFFICE_LIMIT_RECOVERY] = { "office-recovery-network", 15 * MINUTE, 30 },
	[OFFICE_LIMIT_RESET] = { "office-reset-network", 15 * MINUTE, 60 },
	[OFFICE_LIMIT_PASSWORD] = { "office-password-network", 15 * MINUTE, 30 },
	[OFFICE_LIMIT_MAIL] = { "office-mail-network", 15 * MINUTE, 10 }, /* who mistypes a host a few times; a port scanner needs thousands */
};

/* Of its own name, so that no shop's session is one here; until the browser is closed. */
static const struct cookie session_cookie = { .name = "office" };

struct office *office_of(const struct request *r)
{
	return r->context;
}

const struct staff *staff_of(const struct request *r)
{
	const struct staff *s = r->visitor;
	return s && s->session.state == OPERATOR_SESSION_LIVE ? s : NULL;
}

const struct actor *actor_of(const struct request *r)
{
	const struct staff *s = staff_of(r);
	if (!s) BUG("%s has no operator", r->route ? r->route->pattern : "?");
	return &s->actor;
}

const struct door *office_door(const struct request *r)
{
	return doors_at(office_of(r)->doors, 0);
}

int64_t office_link_hours(const struct request *r)
{
	const struct door *d = office_door(r);
	return d ? d->sale.house.link_hours : LINK_HOURS_MAX; /* no link leaves without a shop */
}

void office_wake(struct request *r)
{
	office_of(r)->wake(office_of(r)->worker);
}

struct operator_asker office_asker(struct request *r)
{
	const struct staff *s = r->visitor;
	return (struct operator_asker){ .network = r->client, .agent = request_header(r, "User-Agent"), .session = s ? s->session.token_hash : S("") };
}

void office_sign_in_browser(struct request *r, struct str token)
{
	cookie_set(r, &session_cookie, token);
}

void office_sign_out_browser(struct request *r)
{
	cookie_clear(r, &session_cookie);
}

bool decision_right(unsigned needs, enum right *out)
{
	unsigned n = (needs & DECISION_MASK) >> 24;
	if (n < 16 || n >= 16 + RIGHTS) return false;
	*out = (enum right)(n - 16);
	return true;
}

/* ---- whose request it is ---- */

static struct str host_of(struct str origin)
{
	ptrdiff_t scheme = str_find(origin, S("://"));
	return scheme < 0 ? origin : str_part(origin, (size_t)scheme + 3, origin.len);
}

struct str office_base_url(struct arena *a, const struct office *office, const struct door *first)
{
	struct str given = office->url.len ? office->url : doors_office(office->doors), origin = given.len ? given : first ? first->origin : S("");
	return origin.len ? str_format(a, "%.*s/office", STR_ARG(origin)) : S("");
}

/* An address of numbers, or this machine: what nobody's name server can point at us from outside. */
static bool is_numeric_host(struct str host)
{
	bool is_number = host.len > 0;
	for (size_t i = 0; i < host.len; i++) is_number &= str_has(S("0123456789.:"), host.at[i]);
	return is_number || str_starts(host, S("[")) || str_eq(host, S("localhost")) || str_starts(host, S("localhost:"));
}

/* Without --office-url and a shop the office is where the machine's own address is, also when the house has named another: whoever sets it up is still there. */
static struct str office_origin(struct request *r)
{
	const struct office *office = office_of(r);
	const struct door *first = office_door(r);
	struct str own = doors_office(office->doors);
	if (office->url.len) return office->url;
	if (own.len && (first || str_eq(r->host, host_of(own)))) return own;
	if (first) return first->origin;
	return is_numeric_host(r->host) ? str_format(r->arena, "%s://%.*s", r->is_tls ? "https" : "http", STR_ARG(r->host)) : S("");
}

static enum status enter(struct request *r)
{
	struct str origin = office_origin(r), rest = str_part(r->path, OFFICE_PATH.len, r->path.len);
	if (!origin.len || !str_eq(r->host, host_of(origin))) return NOT_FOUND;
	if (!str_starts(r->path, OFFICE_PATH) || (rest.len && rest.at[0] != '/'))
		return office_of(r)->url.len || doors_office(office_of(r)->doors).len ? REFUSED : NOT_FOUND;
	r->prefix = OFFICE_PATH;
	r->origin = origin;
	r->site_code = S("office");
	r->language_default = office_door(r) ? office_door(r)->sale.house.main_language : LANG_EN;
	return OK;
}

static void identify(struct request *r)
{
	struct str token = cookie_get(r, &session_cookie);
	if (token.len == 0 || !r->db) return;
	struct staff *s = ARENA_NEW(r->arena, struct staff);
	if (operator_session_find(r->db, r->arena, token, &s->session, &s->person)) return;
	if (operator_actor(r->db, r->arena, &s->person, r->client, &s->actor)) return;
	r->visitor = s;
	r->secret = s->session.token_hash;
	r->language = s->person.language;
	bool is_use = s->session.state == OPERATOR_SESSION_LIVE && !(r->route->needs & POLL);
	if (is_use && store_now(r->db) - s->session.seen_at > OPERATOR_NOTE) office_of(r)->note_session(office_of(r)->worker, s->session.token_hash);
}

/* ---- what lets in ---- */

static bool send_to_signin(struct request *r, struct response *instead)
{
	struct office_page p = office_page(r, MSG_SIGN_IN, OFFICE_TAB_NONE);
	struct str here = r->query.len && r->method == GET ? str_format(r->arena, "%.*s?%.*s", STR_ARG(r->path), STR_ARG(r->query)) : r->path;
	*instead = response_redirect(r, 303, office_link_with(&p, "/signin", "next", r->method == GET ? here : S("/")).text);
	return false;
}

/* Who can make operators is worth most to a thief, so his sign-in takes more than a password. */
static bool must_enrol(const struct request *r, const struct staff *s)
{
	return !office_of(r)->is_demo && actor_may(&s->actor, RIGHT_OPERATOR_WRITE) && !s->person.has_factor;
}

static bool send_to(struct request *r, const char *path, struct response *instead)
{
	*instead = office_redirect(r, str_of(path));
	return false;
}

static enum status note_refused(struct conn *db, void *arg)
{
	struct request *r = arg;
	const struct actor *who = actor_of(r);
	const struct audit_value after[] = { { "where", r->path }, { NULL, { 0 } } };
	return audit_note(db, r->arena, who, &(const struct audit_record){ "refused-try", "operator", who->operator_id, NULL, after });
}

void office_note_refused(struct request *r)
{
	if (store_write(r->db, note_refused, r)) log_warn("a refused try of operator %lld is not in the trail", (long long)actor_of(r)->operator_id);
}

static bool may(struct request *r, struct response *instead)
{
	const struct staff *s = r->visitor;
	unsigned decision = r->route->needs & DECISION_MASK;
	enum right right;
	if (decision == ANYBODY) return true;
	if (s && s->session.state == OPERATOR_SESSION_IDLE && route_may_be_parked(r->route))
		return true; /* office_hold keeps it, once the token was right */
	if (!s || s->session.state == OPERATOR_SESSION_IDLE) return send_to_signin(r, instead);
	if (decision == HALF) return true;
	if (s->session.state == OPERATOR_SESSION_HALF) return send_to(r, "/second-factor", instead);
	if (decision == ENROLLING) return true;
	if (must_enrol(r, s)) return send_to(r, "/me/second-factor", instead);
	if (decision == OPERATOR) return true;
	if (decision_right(decision, &right) && actor_may(&s->actor, right)) return true;
	if (r->method == POST) office_note_refused(r);
	*instead = error_answer(r, 403);
	return false;
}

struct counting {
	struct request *r;
	const struct rate_limit *limit;
	bool is_over;
	int wait;
};

static enum status count(struct conn *db, void *arg)
{
	struct counting *x = arg;
	enum status st = rate_count(db, x->r->arena, x->limit, x->r->client, &x->wait);
	x->is_over = st == REFUSED;
	return st == REFUSED ? OK : st; /* the count stays */
}

static bool is_within_limit(struct request *r, struct response *instead)
{
	struct counting x = { .r = r, .limit = &limits[r->route->limit] };
	if (store_write(r->db, count, &x)) {
		*instead = error_answer(r, 503);
		return false;
	}
	if (!x.is_over) return true;
	*instead = error_answer(r, 429);
	response_retry_after(r, instead, x.wait);
	return false;
}

static struct response error_page(struct request *r, int status, enum message m, const struct problem *why)
{
	(void)why; /* the message says it; findings belong to forms */
	struct office_page p = office_page(r, m == MSG_ERROR_NOT_FOUND ? MSG_ERROR_TITLE_NOT_FOUND : MSG_ERROR_TITLE, OFFICE_TAB_NONE);
	p.is_error = true;
	struct render out = office_render(r);
	tpl_office_error(&out, &(const struct tpl_office_error){ .page = &p, .status = status, .message = m, .id = r->id });
	return office_answer(r, status, &out);
}

struct face office_face(struct office *office)
{
	for (size_t i = 0; i < office_route_count; i++) {
		const struct route *t = &office_routes[i];
		enum right ignored;
		unsigned decision = t->needs & DECISION_MASK;
		if (decision != ANYBODY && decision != OPERATOR && decision != HALF && decision != ENROLLING && !decision_right(decision, &ignored))
			BUG("office: nobody decided who may ask for %s", t->pattern);
	}
	return (struct face){
		.name = "office",
		.routes = office_routes,
		.count = office_route_count,
		.context = office,
		.enter = enter,
		.identify = identify,
		.may = may,
		.hold = office_hold,
		.is_within_limit = is_within_limit,
		.error_page = error_page,
	};
}
