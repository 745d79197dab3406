/* formats/qrbill_words.c: SIX Implementation Guidelines QR-bill 2.3, annex C, with its slips of the pen set right as every producer of bills prints them
 * (Italian "Valuta", French "(nom/adresse)"). Romansh is not in the guidelines; these are the words in use. */
#include "formats/qrbill_words.h"

#define WORDS(...)  \
	{               \
		__VA_ARGS__ \
	}
#define W(text)   \
	{             \
		STR(text) \
	}

static const struct str words[QRBILL_LANGUAGES][QRBILL_WORDS] = {
	[QRBILL_DE] = WORDS(W("Zahlteil"), W("Empfangsschein"), W("Konto / Zahlbar an"), W("Referenz"), W("Zusätzliche Informationen"),
		W("Zahlbar durch"), W("Zahlbar durch (Name/Adresse)"), W("Währung"), W("Betrag"), W("Annahmestelle"), W("Vor der Einzahlung abzutrennen")),
	[QRBILL_FR] = WORDS(W("Section paiement"), W("Récépissé"), W("Compte / Payable à"), W("Référence"), W("Informations supplémentaires"),
		W("Payable par"), W("Payable par (nom/adresse)"), W("Monnaie"), W("Montant"), W("Point de dépôt"), W("A détacher avant le versement")),
	[QRBILL_IT] =
		WORDS(W("Sezione pagamento"), W("Ricevuta"), W("Conto / Pagabile a"), W("Riferimento"), W("Informazioni supplementari"), W("Pagabile da"),
			W("Pagabile da (nome/indirizzo)"), W("Valuta"), W("Importo"), W("Punto di accettazione"), W("Da staccare prima del versamento")),
	[QRBILL_EN] = WORDS(W("Payment part"), W("Receipt"), W("Account / Payable to"), W("Reference"), W("Additional information"), W("Payable by"),
		W("Payable by (name/address)"), W("Currency"), W("Amount"), W("Acceptance point"), W("Separate before paying in")),
	[QRBILL_RM] = WORDS(W("Part da pajament"), W("Quittanza"), W("Conto / Da pajar a"), W("Referenza"), W("Infurmaziuns supplementaras"),
		W("Da pajar da"), W("Da pajar da (num/adressa)"), W("Valuta"), W("Import"), W("Post da recepziun"), W("")),
};

struct str qrbill_word(enum qrbill_language language, enum qrbill_word word)
{
	return words[language][word];
}
