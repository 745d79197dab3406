"""The words of the document templates that are shipped, written in each language.

<field> is a merge field, **bold**, [words](field) a link; alone on its line it is the mail's button. A list entry is a paragraph.
No name that a stranger may have typed stands in a mail to an address nobody has confirmed (STX_CONFIRM_EMAIL, STX_EMAIL_CHANGE).
"""

LABELS = {"en": "Subject:", "fr": "Objet\u00a0:", "de": "Betreff:", "it": "Oggetto:"}


def named(named_greeting, greeting):
    return "{{#contact.last_name}}" + named_greeting + "{{/contact.last_name}}{{^contact.last_name}}" + greeting + "{{/contact.last_name}}"


GREETING = {
    "en": named("Dear <contact.first_name> <contact.last_name>,", "Hello,"),
    "fr": named("Bonjour <contact.first_name> <contact.last_name>,", "Bonjour,"),
    "de": named("Guten Tag <contact.first_name> <contact.last_name>", "Guten Tag"),
    "it": named("Buongiorno <contact.first_name> <contact.last_name>,", "Buongiorno,"),
}

MAIL = "{{#shop.email}}[<shop.email>](mailto:shop.email){{/shop.email}}"
FOOTER = {
    "en": ["<institution.name>", "{{#shop.phone}}Box office <shop.phone> · {{/shop.phone}}" + MAIL],
    "fr": ["<institution.name>", "{{#shop.phone}}Billetterie <shop.phone> · {{/shop.phone}}" + MAIL],
    "de": ["<institution.name>", "{{#shop.phone}}Kasse <shop.phone> · {{/shop.phone}}" + MAIL],
    "it": ["<institution.name>", "{{#shop.phone}}Biglietteria <shop.phone> · {{/shop.phone}}" + MAIL],
}


def either(condition, yes, no):
    return "{{#%s}}%s{{/%s}}{{^%s}}%s{{/%s}}" % (condition, yes, condition, condition, no, condition)


def when(condition, words):
    return "{{#%s}}%s{{/%s}}" % (condition, words, condition)


def when_not(condition, words):
    return "{{^%s}}%s{{/%s}}" % (condition, words, condition)


PASSWORD_RESET = {
    "en": {
        "title": "Reset password",
        "subject": either("is_invitation", "Your account at <shop.name>", "Reset your password at <shop.name>"),
        "body": [
            "# " + when("is_invitation", "Choose your password"),
            "# " + when_not("is_invitation", "Reset your password"),
            GREETING["en"],
            when("is_reset", when_not("by_operator", "On <request.time> somebody asked for a new password for your account at <shop.name>, <account.email>. "
                                      "If that was you, choose one here:")),
            when("is_reset", when("by_operator", "On <request.time> our box office made this link for you, so that you can choose a new password for your account "
                                  "at <shop.name>, <account.email>:")),
            when("is_invitation", "An account at <shop.name> is waiting for you: <account.email>. Choose a password, and it is yours:"),
            when("is_reset", "[Reset password](link.url)"),
            when("is_invitation", "[Choose a password](link.url)"),
            "The link works **once, until <link.valid_until>** (<link.valid_hours> hours). You will be signed in afterwards"
            + when("is_reset", " and can go on where you were") + ".",
            when("is_reset", "If it wasn’t you, there is nothing to do: your password stays as it is. If this mail keeps coming, please tell us."),
            when("is_invitation", "If you did not expect this mail, there is nothing to do: without a password nobody can use the account."),
            "If the button does nothing, copy this address whole into your browser:",
            "<link.url>",
        ],
        "footer": FOOTER["en"],
    },
    "fr": {
        "title": "Réinitialiser le mot de passe",
        "subject": either("is_invitation", "Votre compte chez <shop.name>", "Votre nouveau mot de passe chez <shop.name>"),
        "body": [
            "# " + when("is_invitation", "Choisissez votre mot de passe"),
            "# " + when_not("is_invitation", "Un nouveau mot de passe"),
            GREETING["fr"],
            when("is_reset", when_not("by_operator", "Le <request.time>, quelqu’un a demandé un nouveau mot de passe pour votre compte <account.email> chez <shop.name>. "
                                      "Si c’était vous, choisissez-le ici\u00a0:")),
            when("is_reset", when("by_operator", "Le <request.time>, notre billetterie a préparé ce lien pour vous. Il vous permet de choisir un nouveau mot de passe "
                                  "pour votre compte <account.email> chez <shop.name>\u00a0:")),
            when("is_invitation", "Un compte vous attend chez <shop.name>\u00a0: <account.email>. Il ne vous reste qu’à choisir un mot de passe\u00a0:"),
            when("is_reset", "[Choisir un nouveau mot de passe](link.url)"),
            when("is_invitation", "[Choisir un mot de passe](link.url)"),
            "Le lien fonctionne **une seule fois, jusqu’au <link.valid_until>** (<link.valid_hours>\u00a0heures). Vous serez ensuite connecté"
            + when("is_reset", " et pourrez reprendre où vous en étiez") + ".",
            when("is_reset", "Si ce n’était pas vous, vous n’avez rien à faire\u00a0: votre mot de passe reste inchangé. Si vous continuez à recevoir ce message, "
                 "dites-le-nous."),
            when("is_invitation", "Si vous ne vous attendiez pas à ce message, vous n’avez rien à faire\u00a0: sans mot de passe, personne ne peut utiliser le compte."),
            "Si le bouton ne réagit pas, copiez cette adresse en entier dans votre navigateur\u00a0:",
            "<link.url>",
        ],
        "footer": FOOTER["fr"],
    },
    "de": {
        "title": "Passwort zurücksetzen",
        "subject": either("is_invitation", "Ihr Konto bei <shop.name>", "Neues Passwort für <shop.name>"),
        "body": [
            "# " + when("is_invitation", "Wählen Sie Ihr Passwort"),
            "# " + when_not("is_invitation", "Ein neues Passwort"),
            GREETING["de"],
            when("is_reset", when_not("by_operator", "Am <request.time> hat jemand ein neues Passwort für Ihr Konto <account.email> bei <shop.name> verlangt. "
                                      "Wenn Sie es waren, wählen Sie es hier:")),
            when("is_reset", when("by_operator", "Am <request.time> hat unsere Kasse diesen Link für Sie erstellt. Damit wählen Sie ein neues Passwort für Ihr Konto "
                                  "<account.email> bei <shop.name>:")),
            when("is_invitation", "Bei <shop.name> wartet ein Konto auf Sie: <account.email>. Es fehlt nur noch Ihr Passwort:"),
            when("is_reset", "[Neues Passwort wählen](link.url)"),
            when("is_invitation", "[Passwort wählen](link.url)"),
            "Der Link gilt **ein einziges Mal, bis <link.valid_until>** (<link.valid_hours> Stunden). Danach sind Sie angemeldet"
            + when("is_reset", " und können dort weitermachen, wo Sie waren") + ".",
            when("is_reset", "Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist. Kommt diese E-Mail immer wieder, sagen Sie es uns bitte."),
            when("is_invitation", "Wenn Sie diese E-Mail nicht erwartet haben, brauchen Sie nichts zu tun: Ohne Passwort kann niemand das Konto benutzen."),
            "Wenn sich beim Klicken nichts tut, kopieren Sie diese Adresse ganz in Ihren Browser:",
            "<link.url>",
        ],
        "footer": FOOTER["de"],
    },
    "it": {
        "title": "Reimpostare la password",
        "subject": either("is_invitation", "Il suo conto presso <shop.name>", "Una nuova password per <shop.name>"),
        "body": [
            "# " + when("is_invitation", "Scelga la sua password"),
            "# " + when_not("is_invitation", "Una nuova password"),
            GREETING["it"],
            when("is_reset", when_not("by_operator", "Il <request.time> qualcuno ha chiesto una nuova password per il suo conto <account.email> presso <shop.name>. "
                                      "Se è stato lei, la scelga qui:")),
            when("is_reset", when("by_operator", "Il <request.time> la nostra biglietteria ha preparato questo link per lei. Le permette di scegliere una nuova password "
                                  "per il suo conto <account.email> presso <shop.name>:")),
            when("is_invitation", "Presso <shop.name> l’aspetta un conto: <account.email>. Manca soltanto la password:"),
            when("is_reset", "[Scegliere una nuova password](link.url)"),
            when("is_invitation", "[Scegliere una password](link.url)"),
            "Il link funziona **una volta sola, fino al <link.valid_until>** (<link.valid_hours> ore). Poi l’accesso è già fatto"
            + when("is_reset", " e può riprendere da dov’era") + ".",
            when("is_reset", "Se non è stato lei, non deve fare nulla: la sua password resta com’è. Se continua a ricevere questo messaggio, ce lo dica."),
            when("is_invitation", "Se non si aspettava questo messaggio, non deve fare nulla: senza password nessuno può usare il conto."),
            "Se il pulsante non reagisce, copi questo indirizzo per intero nel suo browser:",
            "<link.url>",
        ],
        "footer": FOOTER["it"],
    },
}

PASSWORD_CHANGED = {
    "en": {
        "title": "Password changed",
        "subject": "Your password at <shop.name> was changed",
        "body": [
            "# Your password was changed",
            GREETING["en"],
            "On <request.time> the password of your account at <shop.name>, <account.email>, was changed. You have been signed out on all other devices.",
            "If that was you, there is nothing more to do.",
            "If it wasn’t you, ask for a new password at once with “Forgotten your password?” on the sign-in page, and tell us.",
            "[Open <shop.name>](shop.url)",
        ],
        "footer": FOOTER["en"],
    },
    "fr": {
        "title": "Mot de passe modifié",
        "subject": "Votre mot de passe chez <shop.name> a été modifié",
        "body": [
            "# Votre mot de passe a été modifié",
            GREETING["fr"],
            "Le <request.time>, le mot de passe de votre compte <account.email> chez <shop.name> a été modifié. Vous avez été déconnecté de tous vos autres appareils.",
            "Si c’était vous, vous n’avez plus rien à faire.",
            "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe par «\u00a0Mot de passe oublié\u202f?\u00a0» sur la page de connexion, et prévenez-nous.",
            "[Ouvrir <shop.name>](shop.url)",
        ],
        "footer": FOOTER["fr"],
    },
    "de": {
        "title": "Passwort geändert",
        "subject": "Ihr Passwort bei <shop.name> wurde geändert",
        "body": [
            "# Ihr Passwort wurde geändert",
            GREETING["de"],
            "Am <request.time> wurde das Passwort Ihres Kontos <account.email> bei <shop.name> geändert. Auf allen anderen Geräten sind Sie jetzt abgemeldet.",
            "Wenn Sie es waren, ist alles in Ordnung.",
            "Wenn Sie es nicht waren, verlangen Sie auf der Anmeldeseite unter «Passwort vergessen?» sofort ein neues und melden Sie sich bei uns.",
            "[<shop.name> öffnen](shop.url)",
        ],
        "footer": FOOTER["de"],
    },
    "it": {
        "title": "Password cambiata",
        "subject": "La sua password presso <shop.name> è stata cambiata",
        "body": [
            "# La sua password è stata cambiata",
            GREETING["it"],
            "Il <request.time> la password del suo conto <account.email> presso <shop.name> è stata cambiata. Su tutti gli altri dispositivi l’accesso è terminato.",
            "Se è stato lei, non deve fare altro.",
            "Se non è stato lei, chieda subito una nuova password con «Password dimenticata?» nella pagina di accesso e ci avvisi.",
            "[Aprire <shop.name>](shop.url)",
        ],
        "footer": FOOTER["it"],
    },
}

CONFIRM_EMAIL = {
    "en": {
        "title": "Confirm e-mail",
        "subject": "Confirm your address for <shop.name>",
        "body": [
            "# Is this your address?",
            "Hello,",
            "On <request.time> the address <account.email> was given for an account at <shop.name>. If that was you, confirm it here:",
            "[Confirm address](link.url)",
            "The link works **once, until <link.valid_until>** (<link.valid_hours> hours).",
            "If it wasn’t you, there is nothing to do: an address that nobody confirms is forgotten again.",
            "If the button does nothing, copy this address whole into your browser:",
            "<link.url>",
        ],
        "footer": FOOTER["en"],
    },
    "fr": {
        "title": "Confirmer l’adresse e-mail",
        "subject": "Confirmez votre adresse pour <shop.name>",
        "body": [
            "# Est-ce bien votre adresse\u202f?",
            "Bonjour,",
            "Le <request.time>, l’adresse <account.email> a été indiquée pour un compte chez <shop.name>. Si c’était vous, confirmez-la ici\u00a0:",
            "[Confirmer l’adresse](link.url)",
            "Le lien fonctionne **une seule fois, jusqu’au <link.valid_until>** (<link.valid_hours>\u00a0heures).",
            "Si ce n’était pas vous, vous n’avez rien à faire\u00a0: une adresse que personne ne confirme est oubliée.",
            "Si le bouton ne réagit pas, copiez cette adresse en entier dans votre navigateur\u00a0:",
            "<link.url>",
        ],
        "footer": FOOTER["fr"],
    },
    "de": {
        "title": "E-Mail-Adresse bestätigen",
        "subject": "Bestätigen Sie Ihre Adresse für <shop.name>",
        "body": [
            "# Ist das Ihre Adresse?",
            "Guten Tag",
            "Am <request.time> wurde die Adresse <account.email> für ein Konto bei <shop.name> angegeben. Wenn Sie es waren, bestätigen Sie sie hier:",
            "[Adresse bestätigen](link.url)",
            "Der Link gilt **ein einziges Mal, bis <link.valid_until>** (<link.valid_hours> Stunden).",
            "Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Eine Adresse, die niemand bestätigt, wird wieder vergessen.",
            "Wenn sich beim Klicken nichts tut, kopieren Sie diese Adresse ganz in Ihren Browser:",
            "<link.url>",
        ],
        "footer": FOOTER["de"],
    },
    "it": {
        "title": "Confermare l’indirizzo e-mail",
        "subject": "Confermi il suo indirizzo per <shop.name>",
        "body": [
            "# È questo il suo indirizzo?",
            "Buongiorno,",
            "Il <request.time> l’indirizzo <account.email> è stato indicato per un conto presso <shop.name>. Se è stato lei, lo confermi qui:",
            "[Confermare l’indirizzo](link.url)",
            "Il link funziona **una volta sola, fino al <link.valid_until>** (<link.valid_hours> ore).",
            "Se non è stato lei, non deve fare nulla: un indirizzo che nessuno conferma viene dimenticato.",
            "Se il pulsante non reagisce, copi questo indirizzo per intero nel suo browser:",
            "<link.url>",
        ],
        "footer": FOOTER["it"],
    },
}

ACCOUNT_EXISTS = {
    "en": {
        "title": "Account exists already",
        "subject": "You already have an account at <shop.name>",
        "body": [
            "# You have an account already",
            GREETING["en"],
            "On <request.time> somebody, probably you, wanted to open an account at <shop.name> with the address <account.email>. It already has one, so nothing was changed.",
            "Sign in with it. If you no longer know the password, “Forgotten your password?” on the sign-in page gets you a new one.",
            "[Open <shop.name>](shop.url)",
            "If it wasn’t you, there is nothing to do.",
        ],
        "footer": FOOTER["en"],
    },
    "fr": {
        "title": "Compte déjà existant",
        "subject": "Vous avez déjà un compte chez <shop.name>",
        "body": [
            "# Vous avez déjà un compte",
            GREETING["fr"],
            "Le <request.time>, quelqu’un, sans doute vous, a voulu ouvrir un compte chez <shop.name> avec l’adresse <account.email>. Elle en a déjà un, rien n’a donc été modifié.",
            "Connectez-vous avec ce compte. Si vous ne connaissez plus le mot de passe, «\u00a0Mot de passe oublié\u202f?\u00a0» sur la page de connexion vous en donne un nouveau.",
            "[Ouvrir <shop.name>](shop.url)",
            "Si ce n’était pas vous, vous n’avez rien à faire.",
        ],
        "footer": FOOTER["fr"],
    },
    "de": {
        "title": "Konto schon vorhanden",
        "subject": "Sie haben schon ein Konto bei <shop.name>",
        "body": [
            "# Sie haben schon ein Konto",
            GREETING["de"],
            "Am <request.time> wollte jemand, wahrscheinlich Sie, mit der Adresse <account.email> ein Konto bei <shop.name> eröffnen. Es gibt schon eines, darum bleibt alles, wie es war.",
            "Melden Sie sich damit an. Wenn Sie das Passwort nicht mehr wissen, erhalten Sie auf der Anmeldeseite unter «Passwort vergessen?» ein neues.",
            "[<shop.name> öffnen](shop.url)",
            "Wenn Sie es nicht waren, brauchen Sie nichts zu tun.",
        ],
        "footer": FOOTER["de"],
    },
    "it": {
        "title": "Conto già esistente",
        "subject": "Ha già un conto presso <shop.name>",
        "body": [
            "# Ha già un conto",
            GREETING["it"],
            "Il <request.time> qualcuno, probabilmente lei, voleva aprire un conto presso <shop.name> con l’indirizzo <account.email>. Ne esiste già uno, quindi nulla è cambiato.",
            "Acceda con quello. Se non ricorda più la password, con «Password dimenticata?» nella pagina di accesso ne ottiene una nuova.",
            "[Aprire <shop.name>](shop.url)",
            "Se non è stato lei, non deve fare nulla.",
        ],
        "footer": FOOTER["it"],
    },
}

ACCOUNT_BLOCKED = {
    "en": {
        "title": "Account blocked",
        "subject": "Your account at <shop.name> is blocked",
        "body": [
            "# Please get in touch with us",
            GREETING["en"],
            "On <request.time> somebody asked for a new password for your account at <shop.name>, <account.email>. The account is blocked at the moment, so we can’t send you a link.",
            "Our box office helps you on: {{#shop.phone}}<shop.phone>, {{/shop.phone}}{{#shop.email}}[<shop.email>](mailto:shop.email){{/shop.email}}",
            "If it wasn’t you who asked, there is nothing to do.",
        ],
        "footer": FOOTER["en"],
    },
    "fr": {
        "title": "Compte bloqué",
        "subject": "Votre compte chez <shop.name> est bloqué",
        "body": [
            "# Prenez contact avec nous",
            GREETING["fr"],
            "Le <request.time>, quelqu’un a demandé un nouveau mot de passe pour votre compte <account.email> chez <shop.name>. Ce compte est actuellement bloqué, "
            "nous ne pouvons donc pas vous envoyer de lien.",
            "Notre billetterie vous aide volontiers\u00a0: {{#shop.phone}}<shop.phone>, {{/shop.phone}}{{#shop.email}}[<shop.email>](mailto:shop.email){{/shop.email}}",
            "Si vous n’avez rien demandé, vous n’avez rien à faire.",
        ],
        "footer": FOOTER["fr"],
    },
    "de": {
        "title": "Konto gesperrt",
        "subject": "Ihr Konto bei <shop.name> ist gesperrt",
        "body": [
            "# Bitte melden Sie sich bei uns",
            GREETING["de"],
            "Am <request.time> hat jemand ein neues Passwort für Ihr Konto <account.email> bei <shop.name> verlangt. Das Konto ist zurzeit gesperrt, "
            "darum können wir Ihnen keinen Link schicken.",
            "Unsere Kasse hilft Ihnen gern weiter: {{#shop.phone}}<shop.phone>, {{/shop.phone}}{{#shop.email}}[<shop.email>](mailto:shop.email){{/shop.email}}",
            "Wenn Sie es nicht waren, brauchen Sie nichts zu tun.",
        ],
        "footer": FOOTER["de"],
    },
    "it": {
        "title": "Conto bloccato",
        "subject": "Il suo conto presso <shop.name> è bloccato",
        "body": [
            "# Ci contatti, per favore",
            GREETING["it"],
            "Il <request.time> qualcuno ha chiesto una nuova password per il suo conto <account.email> presso <shop.name>. Il conto al momento è bloccato, "
            "perciò non possiamo inviarle un link.",
            "La nostra biglietteria l’aiuta volentieri: {{#shop.phone}}<shop.phone>, {{/shop.phone}}{{#shop.email}}[<shop.email>](mailto:shop.email){{/shop.email}}",
            "Se non è stato lei a chiederla, non deve fare nulla.",
        ],
        "footer": FOOTER["it"],
    },
}


def test_mail(title, subject, heading, first, second, third):
    return {"title": title, "subject": subject, "body": ["# " + heading, first, second, third], "footer": ["<institution.name>"], "band": "<institution.name>"}


TEST_MAIL = {
    "en": test_mail("Test mail", "Test mail from <institution.name>", "The mail arrives",
                    "This is a test. It was sent by <institution.name> on <request.time>.",
                    "Whoever can read it may stop worrying: address, password and encryption of the mail server are right.",
                    "Please look at these letters too, none of them should be garbled: à ç é ü ö ß “ ” – €."),
    "fr": test_mail("E-mail d’essai", "E-mail d’essai de <institution.name>", "Le courrier arrive",
                    "Ceci est un essai, envoyé par <institution.name> le <request.time>.",
                    "Si vous pouvez le lire, tout va bien\u00a0: l’adresse, le mot de passe et le chiffrement du serveur de messagerie sont corrects.",
                    "Regardez aussi ces caractères, aucun ne devrait être abîmé\u00a0: à ç é ü œ « » – €."),
    "de": test_mail("Test-E-Mail", "Test-E-Mail von <institution.name>", "Die E-Mail kommt an",
                    "Das ist ein Versuch. Verschickt hat ihn <institution.name> am <request.time>.",
                    "Wer das lesen kann, braucht sich nicht zu sorgen: Adresse, Passwort und Verschlüsselung des Mailservers stimmen.",
                    "Schauen Sie auch diese Zeichen an, keines sollte entstellt sein: ä ö ü é à ç « » – €."),
    "it": test_mail("E-mail di prova", "E-mail di prova da <institution.name>", "La posta arriva",
                    "Questa è una prova, inviata da <institution.name> il <request.time>.",
                    "Se riesce a leggerla, va tutto bene: indirizzo, password e cifratura del server di posta sono giusti.",
                    "Guardi anche questi caratteri, nessuno dovrebbe essere alterato: à è ì ò ù ü « » – €."),
}

# To operators: no shop speaks here, the institution does.
STAFF_FOOTER = {language: ["<institution.name>", words] for language, words in {
    "en": "To operators of the box office", "fr": "Aux opérateurs de la billetterie",
    "de": "An die Mitarbeitenden der Kasse", "it": "Agli operatori della biglietteria"}.items()}


def staff(language, title, subject, *body):
    return {"title": title, "subject": subject, "band": "<institution.name>", "body": list(body), "footer": STAFF_FOOTER[language]}


STAFF_GREETING = {"en": "Hello <operator.name>,", "fr": "Bonjour <operator.name>,", "de": "Guten Tag <operator.name>", "it": "Buongiorno <operator.name>,"}

OPERATOR_INVITATION = {
    "en": staff("en", "Operator invitation", "Your sign-in to the box office of <institution.name>",
                "# Choose your password", STAFF_GREETING["en"],
                "You have been made an operator of the box office of <institution.name>, with the address <operator.email>. Choose a password, and you can sign in:",
                "[Choose a password](link.url)",
                "The link works **once, until <link.valid_until>** (<link.valid_hours> hours). After that your administrator can send you a new one.",
                "If you did not expect this mail, there is nothing to do: without a password nobody can use the sign-in.",
                "If the button does nothing, copy this address whole into your browser:", "<link.url>"),
    "fr": staff("fr", "Invitation d’un opérateur", "Votre accès à la billetterie de <institution.name>",
                "# Choisissez votre mot de passe", STAFF_GREETING["fr"],
                "Un accès à la billetterie de <institution.name> a été créé pour vous, à l’adresse <operator.email>. Il ne vous reste qu’à choisir un mot de passe\u00a0:",
                "[Choisir un mot de passe](link.url)",
                "Le lien fonctionne **une seule fois, jusqu’au <link.valid_until>** (<link.valid_hours>\u00a0heures). Passé ce délai, votre administrateur peut vous en envoyer un nouveau.",
                "Si vous ne vous attendiez pas à ce message, vous n’avez rien à faire\u00a0: sans mot de passe, personne ne peut utiliser cet accès.",
                "Si le bouton ne réagit pas, copiez cette adresse en entier dans votre navigateur\u00a0:", "<link.url>"),
    "de": staff("de", "Einladung", "Ihr Zugang zur Kasse von <institution.name>",
                "# Wählen Sie Ihr Passwort", STAFF_GREETING["de"],
                "Für Sie wurde ein Zugang zur Kasse von <institution.name> eingerichtet, mit der Adresse <operator.email>. Es fehlt nur noch Ihr Passwort:",
                "[Passwort wählen](link.url)",
                "Der Link gilt **ein einziges Mal, bis <link.valid_until>** (<link.valid_hours> Stunden). Danach kann Ihnen Ihre Administration einen neuen senden.",
                "Wenn Sie diese E-Mail nicht erwartet haben, brauchen Sie nichts zu tun: Ohne Passwort kann niemand den Zugang benutzen.",
                "Wenn sich beim Klicken nichts tut, kopieren Sie diese Adresse ganz in Ihren Browser:", "<link.url>"),
    "it": staff("it", "Invito", "Il suo accesso alla biglietteria di <institution.name>",
                "# Scelga la sua password", STAFF_GREETING["it"],
                "È stato creato per lei un accesso alla biglietteria di <institution.name>, con l’indirizzo <operator.email>. Manca soltanto la password:",
                "[Scegliere una password](link.url)",
                "Il link funziona **una volta sola, fino al <link.valid_until>** (<link.valid_hours> ore). In seguito l’amministrazione può inviargliene uno nuovo.",
                "Se non si aspettava questo messaggio, non deve fare nulla: senza password nessuno può usare l’accesso.",
                "Se il pulsante non reagisce, copi questo indirizzo per intero nel suo browser:", "<link.url>"),
}

OPERATOR_RESET = {
    "en": staff("en", "Operator reset password", "Reset your password at the box office of <institution.name>",
                "# Reset your password", STAFF_GREETING["en"],
                "On <request.time> somebody asked for a new password for your sign-in to the box office of <institution.name>, <operator.email>. If that was you, choose one here:",
                "[Reset password](link.url)",
                "The link works **once, until <link.valid_until>** (<link.valid_hours> hours). Afterwards you sign in with the new password; your second factor stays as it is.",
                "If it wasn’t you, there is nothing to do: your password stays as it is. If this mail keeps coming, please tell your administrator.",
                "If the button does nothing, copy this address whole into your browser:", "<link.url>"),
    "fr": staff("fr", "Nouveau mot de passe d’un opérateur", "Votre nouveau mot de passe à la billetterie de <institution.name>",
                "# Un nouveau mot de passe", STAFF_GREETING["fr"],
                "Le <request.time>, quelqu’un a demandé un nouveau mot de passe pour votre accès <operator.email> à la billetterie de <institution.name>. Si c’était vous, choisissez-le ici\u00a0:",
                "[Choisir un nouveau mot de passe](link.url)",
                "Le lien fonctionne **une seule fois, jusqu’au <link.valid_until>** (<link.valid_hours>\u00a0heures). Connectez-vous ensuite avec le nouveau mot de passe\u00a0; votre second facteur ne change pas.",
                "Si ce n’était pas vous, vous n’avez rien à faire\u00a0: votre mot de passe reste inchangé. Si vous continuez à recevoir ce message, dites-le à votre administrateur.",
                "Si le bouton ne réagit pas, copiez cette adresse en entier dans votre navigateur\u00a0:", "<link.url>"),
    "de": staff("de", "Passwort für die Kasse zurücksetzen", "Neues Passwort für die Kasse von <institution.name>",
                "# Ein neues Passwort", STAFF_GREETING["de"],
                "Am <request.time> hat jemand ein neues Passwort für Ihren Zugang <operator.email> zur Kasse von <institution.name> verlangt. Wenn Sie es waren, wählen Sie es hier:",
                "[Neues Passwort wählen](link.url)",
                "Der Link gilt **ein einziges Mal, bis <link.valid_until>** (<link.valid_hours> Stunden). Danach melden Sie sich mit dem neuen Passwort an; Ihr zweiter Faktor bleibt, wie er ist.",
                "Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist. Kommt diese E-Mail immer wieder, sagen Sie es bitte Ihrer Administration.",
                "Wenn sich beim Klicken nichts tut, kopieren Sie diese Adresse ganz in Ihren Browser:", "<link.url>"),
    "it": staff("it", "Nuova password per la biglietteria", "Una nuova password per la biglietteria di <institution.name>",
                "# Una nuova password", STAFF_GREETING["it"],
                "Il <request.time> qualcuno ha chiesto una nuova password per il suo accesso <operator.email> alla biglietteria di <institution.name>. Se è stato lei, la scelga qui:",
                "[Scegliere una nuova password](link.url)",
                "Il link funziona **una volta sola, fino al <link.valid_until>** (<link.valid_hours> ore). Poi acceda con la nuova password; il secondo fattore resta com’è.",
                "Se non è stato lei, non deve fare nulla: la sua password resta com’è. Se continua a ricevere questo messaggio, lo dica all’amministrazione.",
                "Se il pulsante non reagisce, copi questo indirizzo per intero nel suo browser:", "<link.url>"),
}

OPERATOR_NOTICE = {
    "en": staff("en", "Operator notice", either("is_factor_reset", "Your second factor was reset", "Your password was changed"),
                "# " + when("is_factor_reset", "Your second factor was reset"),
                "# " + when_not("is_factor_reset", "Your password was changed"), STAFF_GREETING["en"],
                when("is_factor_reset", "On <request.time> the second factor of your sign-in to the box office of <institution.name>, <operator.email>, was taken off. "
                     "You can set up a new one after signing in: [<office.url>](office.url)"),
                when_not("is_factor_reset", "On <request.time> the password of your sign-in to the box office of <institution.name>, <operator.email>, was changed. "
                         "All other devices were signed out."),
                "If you know nothing of it, tell your administrator at once."),
    "fr": staff("fr", "Avis à un opérateur", either("is_factor_reset", "Votre second facteur a été retiré", "Votre mot de passe a été changé"),
                "# " + when("is_factor_reset", "Votre second facteur a été retiré"),
                "# " + when_not("is_factor_reset", "Votre mot de passe a été changé"), STAFF_GREETING["fr"],
                when("is_factor_reset", "Le <request.time>, le second facteur de votre accès <operator.email> à la billetterie de <institution.name> a été retiré. "
                     "Vous pouvez en installer un nouveau après vous être connecté\u00a0: [<office.url>](office.url)"),
                when_not("is_factor_reset", "Le <request.time>, le mot de passe de votre accès <operator.email> à la billetterie de <institution.name> a été changé. "
                         "Tous les autres appareils ont été déconnectés."),
                "Si vous n’en savez rien, avertissez tout de suite votre administrateur."),
    "de": staff("de", "Mitteilung an Mitarbeitende", either("is_factor_reset", "Ihr zweiter Faktor wurde entfernt", "Ihr Passwort wurde geändert"),
                "# " + when("is_factor_reset", "Ihr zweiter Faktor wurde entfernt"),
                "# " + when_not("is_factor_reset", "Ihr Passwort wurde geändert"), STAFF_GREETING["de"],
                when("is_factor_reset", "Am <request.time> wurde der zweite Faktor Ihres Zugangs <operator.email> zur Kasse von <institution.name> entfernt. "
                     "Nach dem Anmelden können Sie einen neuen einrichten: [<office.url>](office.url)"),
                when_not("is_factor_reset", "Am <request.time> wurde das Passwort Ihres Zugangs <operator.email> zur Kasse von <institution.name> geändert. "
                         "Alle anderen Geräte wurden abgemeldet."),
                "Wenn Sie davon nichts wissen, melden Sie es sofort Ihrer Administration."),
    "it": staff("it", "Avviso a un operatore", either("is_factor_reset", "Il suo secondo fattore è stato rimosso", "La sua password è stata cambiata"),
                "# " + when("is_factor_reset", "Il suo secondo fattore è stato rimosso"),
                "# " + when_not("is_factor_reset", "La sua password è stata cambiata"), STAFF_GREETING["it"],
                when("is_factor_reset", "Il <request.time> il secondo fattore del suo accesso <operator.email> alla biglietteria di <institution.name> è stato rimosso. "
                     "Dopo l’accesso può impostarne uno nuovo: [<office.url>](office.url)"),
                when_not("is_factor_reset", "Il <request.time> la password del suo accesso <operator.email> alla biglietteria di <institution.name> è stata cambiata. "
                         "Tutti gli altri dispositivi sono stati scollegati."),
                "Se non ne sa nulla, lo dica subito all’amministrazione."),
}

# One template for the mail that brings the bill and for the letter in its PDF.
def invoice(subject, heading, greeting, reserved, sold, head, total, vat, letter, mail, button, otherwise, brief=None):
    body = ["# " + heading, greeting, when("is_reservation", reserved), when_not("is_reservation", sold)]
    if brief is None:
        body.append([head,
                     [["{{#lines}}<line.title>", "<line.detail>"], "<line.quantity>", "<line.price>", "<line.amount>{{/lines}}"],
                     ["**" + total + "**", "", "", "**<bill.amount>**"]])
    else:
        body.append([head, ["<bill.part>", "**<bill.amount>**"]])
    body += ["{{#vat}}" + vat + "{{/vat}}", when("in_letter", letter), when("in_mail", mail), when("in_mail", "[" + button + "](link.url)"), when("in_mail", otherwise),
             when("in_mail", "<link.url>")]
    return {"title": heading.split(" <")[0], "subject": subject, "body": body}


def invoices(brief):
    words = {
        "en": invoice(
            "Your order <order.number>: invoice <bill.number>", "Invoice <bill.number>", GREETING["en"],
            "Thank you for your order <order.number> of <order.date>. Your places are reserved. **Please pay by <bill.due_date>**, and the tickets are yours; "
            "if nothing arrives, the places go back on sale.",
            "Thank you for your order <order.number> of <order.date>. **Please pay by <bill.due_date>.**",
            ["Item", "Number", "Each", "<bill.currency>"] if not brief else ["Item", "Amount"], "To be paid", "VAT at <vat.rate> % included: <bill.currency> <vat.amount>",
            "Please use the payment part below or on the next page. It holds the amount and the reference by which we know your payment.",
            "The invoice with its QR code comes with this mail as a PDF: scan it with your bank’s app, and amount and reference are filled in.",
            "See your order", "If the button does nothing, copy this address whole into your browser:", brief),
        "fr": invoice(
            "Votre commande <order.number> : facture <bill.number>", "Facture <bill.number>", GREETING["fr"],
            "Merci de votre commande <order.number> du <order.date>. Vos places sont réservées. **Payez jusqu’au <bill.due_date>**, et les billets sont à vous ; "
            "sans paiement, les places sont remises en vente.",
            "Merci de votre commande <order.number> du <order.date>. **Nous vous prions de payer jusqu’au <bill.due_date>.**",
            ["Désignation", "Nombre", "Prix", "<bill.currency>"] if not brief else ["Désignation", "Montant"], "À payer", "TVA de <vat.rate> % comprise : <bill.currency> <vat.amount>",
            "Utilisez la section paiement ci-dessous ou à la page suivante. Elle contient le montant et la référence qui nous fait reconnaître votre paiement.",
            "La facture avec son code QR est jointe en PDF : scannez-la avec l’application de votre banque, le montant et la référence se remplissent d’eux-mêmes.",
            "Voir ma commande", "Si le bouton ne réagit pas, copiez cette adresse en entier dans votre navigateur :", brief),
        "de": invoice(
            "Ihre Bestellung <order.number>: Rechnung <bill.number>", "Rechnung <bill.number>", GREETING["de"],
            "Vielen Dank für Ihre Bestellung <order.number> vom <order.date>. Ihre Plätze sind reserviert. **Bitte zahlen Sie bis <bill.due_date>**, dann gehören die "
            "Billette Ihnen; kommt nichts an, gehen die Plätze wieder in den Verkauf.",
            "Vielen Dank für Ihre Bestellung <order.number> vom <order.date>. **Bitte zahlen Sie bis <bill.due_date>.**",
            ["Bezeichnung", "Anzahl", "Preis", "<bill.currency>"] if not brief else ["Bezeichnung", "Betrag"], "Zu zahlen", "Enthaltene MWST <vat.rate> %: <bill.currency> <vat.amount>",
            "Bitte benutzen Sie den Zahlteil unten oder auf der nächsten Seite. Er enthält den Betrag und die Referenz, an der wir Ihre Zahlung erkennen.",
            "Die Rechnung mit QR-Code liegt als PDF bei: Scannen Sie sie mit der App Ihrer Bank, dann sind Betrag und Referenz schon ausgefüllt.",
            "Bestellung ansehen", "Wenn sich beim Klicken nichts tut, kopieren Sie diese Adresse ganz in Ihren Browser:", brief),
        "it": invoice(
            "Il suo ordine <order.number>: fattura <bill.number>", "Fattura <bill.number>", GREETING["it"],
            "Grazie del suo ordine <order.number> del <order.date>. I posti sono riservati. **La preghiamo di pagare entro il <bill.due_date>**, e i biglietti sono suoi; "
            "senza pagamento i posti tornano in vendita.",
            "Grazie del suo ordine <order.number> del <order.date>. **La preghiamo di pagare entro il <bill.due_date>.**",
            ["Descrizione", "Numero", "Prezzo", "<bill.currency>"] if not brief else ["Descrizione", "Importo"], "Da pagare", "IVA <vat.rate> % inclusa: <bill.currency> <vat.amount>",
            "Utilizzi la sezione pagamento qui sotto o nella pagina seguente. Contiene l’importo e il riferimento con cui riconosciamo il suo pagamento.",
            "La fattura con il codice QR è allegata in PDF: la scansioni con l’app della sua banca, importo e riferimento si compilano da soli.",
            "Vedere l’ordine", "Se il pulsante non reagisce, copi questo indirizzo per intero nel suo browser:", brief),
    }
    for language in words:
        words[language]["footer"] = FOOTER[language]
    return words


QR_INVOICE = invoices(None)
QR_INVOICE_BRIEF = invoices("brief")

ORDER_CONFIRMATION = {
    "en": {
        "title": "Order confirmation",
        "subject": "Your tickets: order <order.number>",
        "body": [
            "# Order <order.number>",
            GREETING["en"],
            "Your order <order.number> of <order.date> (<order.total>) is complete, and your tickets are ready.",
            "Print them at home, or show them on your phone at the door. Each code lets one person in, once.",
            "[Get your tickets](link.url)",
            "If the button does nothing, copy this address whole into your browser:",
            "<link.url>",
        ],
        "footer": FOOTER["en"],
    },
    "fr": {
        "title": "Confirmation de commande",
        "subject": "Vos billets : commande <order.number>",
        "body": [
            "# Commande <order.number>",
            GREETING["fr"],
            "Votre commande <order.number> du <order.date> (<order.total>) est complète et vos billets sont prêts.",
            "Imprimez-les chez vous ou montrez-les à l’entrée sur votre téléphone. Chaque code donne droit à une entrée, une seule fois.",
            "[Voir mes billets](link.url)",
            "Si le bouton ne réagit pas, copiez cette adresse en entier dans votre navigateur :",
            "<link.url>",
        ],
        "footer": FOOTER["fr"],
    },
    "de": {
        "title": "Bestellbestätigung",
        "subject": "Ihre Billette: Bestellung <order.number>",
        "body": [
            "# Bestellung <order.number>",
            GREETING["de"],
            "Ihre Bestellung <order.number> vom <order.date> (<order.total>) ist abgeschlossen, und Ihre Billette sind bereit.",
            "Drucken Sie sie zu Hause aus oder zeigen Sie sie am Eingang auf dem Telefon. Jeder Code gilt für eine Person und ein Mal.",
            "[Billette holen](link.url)",
            "Wenn sich beim Klicken nichts tut, kopieren Sie diese Adresse ganz in Ihren Browser:",
            "<link.url>",
        ],
        "footer": FOOTER["de"],
    },
    "it": {
        "title": "Conferma d’ordine",
        "subject": "I suoi biglietti: ordine <order.number>",
        "body": [
            "# Ordine <order.number>",
            GREETING["it"],
            "Il suo ordine <order.number> del <order.date> (<order.total>) è completo e i suoi biglietti sono pronti.",
            "Li stampi a casa o li mostri all’ingresso sul telefono. Ogni codice vale per una persona, una sola volta.",
            "[Vedere i biglietti](link.url)",
            "Se il pulsante non reagisce, copi questo indirizzo per intero nel suo browser:",
            "<link.url>",
        ],
        "footer": FOOTER["it"],
    },
}

CANCELLATION = {
    "en": {
        "title": "Cancellation",
        "subject": "Your order <order.number> has ended",
        "body": [
            "# Order <order.number>",
            GREETING["en"],
            when("is_expired", "The payment for your order <order.number> of <order.date> (<order.total>) has not reached us, so the reservation has ended and the places are on sale again."),
            when_not("is_expired", "Your order <order.number> of <order.date> (<order.total>) was cancelled. Its tickets are no longer valid."),
            "The invoice that belongs to it is no longer due; please do not pay it any more. " + when("is_expired", "If you paid it already, please tell us: we have your payment, and find a way."),
            "[See your order](link.url)",
            "If the button does nothing, copy this address whole into your browser:",
            "<link.url>",
        ],
        "footer": FOOTER["en"],
    },
    "fr": {
        "title": "Annulation",
        "subject": "Fin de votre commande <order.number>",
        "body": [
            "# Commande <order.number>",
            GREETING["fr"],
            when("is_expired", "Le paiement de votre commande <order.number> du <order.date> (<order.total>) ne nous est pas parvenu. La réservation a donc pris fin et les places sont remises en vente."),
            when_not("is_expired", "Votre commande <order.number> du <order.date> (<order.total>) a été annulée. Ses billets ne sont plus valables."),
            "La facture correspondante n’est plus due ; ne la payez plus. " + when("is_expired", "Si vous l’avez déjà payée, dites-le-nous : nous retrouverons votre versement et une solution."),
            "[Voir ma commande](link.url)",
            "Si le bouton ne réagit pas, copiez cette adresse en entier dans votre navigateur :",
            "<link.url>",
        ],
        "footer": FOOTER["fr"],
    },
    "de": {
        "title": "Storno",
        "subject": "Ihre Bestellung <order.number> ist beendet",
        "body": [
            "# Bestellung <order.number>",
            GREETING["de"],
            when("is_expired", "Die Zahlung für Ihre Bestellung <order.number> vom <order.date> (<order.total>) ist nicht eingetroffen. Die Reservation ist damit beendet, und die Plätze sind wieder im Verkauf."),
            when_not("is_expired", "Ihre Bestellung <order.number> vom <order.date> (<order.total>) wurde storniert. Die Billette sind nicht mehr gültig."),
            "Die Rechnung dazu ist nicht mehr geschuldet; bitte zahlen Sie sie nicht mehr. " + when("is_expired", "Haben Sie schon gezahlt, sagen Sie es uns bitte: Wir finden Ihre Zahlung und eine Lösung."),
            "[Bestellung ansehen](link.url)",
            "Wenn sich beim Klicken nichts tut, kopieren Sie diese Adresse ganz in Ihren Browser:",
            "<link.url>",
        ],
        "footer": FOOTER["de"],
    },
    "it": {
        "title": "Annullamento",
        "subject": "Il suo ordine <order.number> è terminato",
        "body": [
            "# Ordine <order.number>",
            GREETING["it"],
            when("is_expired", "Il pagamento del suo ordine <order.number> del <order.date> (<order.total>) non ci è pervenuto. La prenotazione è quindi terminata e i posti sono di nuovo in vendita."),
            when_not("is_expired", "Il suo ordine <order.number> del <order.date> (<order.total>) è stato annullato. I biglietti non sono più validi."),
            "La relativa fattura non è più dovuta; la preghiamo di non pagarla. " + when("is_expired", "Se l’ha già pagata, ce lo dica: troveremo il suo versamento e una soluzione."),
            "[Vedere l’ordine](link.url)",
            "Se il pulsante non reagisce, copi questo indirizzo per intero nel suo browser:",
            "<link.url>",
        ],
        "footer": FOOTER["it"],
    },
}

# To an address that nobody has confirmed: no name in it.
EMAIL_CHANGE = {
    "en": {
        "title": "Confirm your new address",
        "subject": "Confirm your new address for <shop.name>",
        "body": [
            "# Confirm your new address",
            "Hello,",
            either("by_operator", "On <request.time> our box office entered <account.email> as the new address of an account at <shop.name>.",
                   "On <request.time> <account.email> was given as the new address of an account at <shop.name>.")
            + " It counts once you confirm it:",
            "[Confirm this address](link.url)",
            "The link works **once, until <link.valid_until>** (<link.valid_hours> hours). Until then the account keeps its old address.",
            "If you know nothing of this, there is nothing to do.",
            "If the button does nothing, copy this address whole into your browser:",
            "<link.url>",
        ],
        "footer": FOOTER["en"],
    },
    "fr": {
        "title": "Confirmer votre nouvelle adresse",
        "subject": "Confirmez votre nouvelle adresse pour <shop.name>",
        "body": [
            "# Confirmez votre nouvelle adresse",
            "Bonjour,",
            either("by_operator", "Le <request.time>, notre billetterie a saisi <account.email> comme nouvelle adresse d’un compte chez <shop.name>.",
                   "Le <request.time>, <account.email> a été indiquée comme nouvelle adresse d’un compte chez <shop.name>.")
            + " Elle vaudra dès que vous l’aurez confirmée\u00a0:",
            "[Confirmer cette adresse](link.url)",
            "Le lien fonctionne **une seule fois, jusqu’au <link.valid_until>** (<link.valid_hours>\u00a0heures). D’ici là, le compte garde son ancienne adresse.",
            "Si vous n’êtes pas au courant, vous n’avez rien à faire.",
            "Si le bouton ne réagit pas, copiez cette adresse en entier dans votre navigateur\u00a0:",
            "<link.url>",
        ],
        "footer": FOOTER["fr"],
    },
    "de": {
        "title": "Neue Adresse bestätigen",
        "subject": "Bestätigen Sie Ihre neue Adresse bei <shop.name>",
        "body": [
            "# Bestätigen Sie Ihre neue Adresse",
            "Guten Tag",
            either("by_operator", "Am <request.time> hat unsere Kasse <account.email> als neue Adresse eines Kontos bei <shop.name> eingetragen.",
                   "Am <request.time> wurde <account.email> als neue Adresse eines Kontos bei <shop.name> angegeben.")
            + " Sie gilt, sobald Sie sie bestätigen:",
            "[Diese Adresse bestätigen](link.url)",
            "Der Link gilt **ein einziges Mal, bis <link.valid_until>** (<link.valid_hours> Stunden). Bis dahin behält das Konto seine alte Adresse.",
            "Wenn Sie davon nichts wissen, brauchen Sie nichts zu tun.",
            "Wenn sich beim Klicken nichts tut, kopieren Sie diese Adresse ganz in Ihren Browser:",
            "<link.url>",
        ],
        "footer": FOOTER["de"],
    },
    "it": {
        "title": "Confermare il nuovo indirizzo",
        "subject": "Confermi il nuovo indirizzo per <shop.name>",
        "body": [
            "# Confermi il nuovo indirizzo",
            "Buongiorno,",
            either("by_operator", "Il <request.time> la nostra biglietteria ha registrato <account.email> come nuovo indirizzo di un conto presso <shop.name>.",
                   "Il <request.time> <account.email> è stato indicato come nuovo indirizzo di un conto presso <shop.name>.")
            + " Vale non appena lo conferma:",
            "[Confermare questo indirizzo](link.url)",
            "Il link funziona **una volta sola, fino al <link.valid_until>** (<link.valid_hours> ore). Fino ad allora il conto mantiene il vecchio indirizzo.",
            "Se non ne sa nulla, non deve fare niente.",
            "Se il pulsante non reagisce, copi questo indirizzo per intero nel suo browser:",
            "<link.url>",
        ],
        "footer": FOOTER["it"],
    },
}

EMAIL_NOTICE = {
    "en": {
        "title": "Your address is about to change",
        "subject": "A new address for your account at <shop.name>",
        "body": [
            "# Your address is about to change",
            GREETING["en"],
            either("by_operator", "On <request.time> our box office entered a new address for your account at <shop.name>: <change.email> instead of <account.email>.",
                   "On <request.time> you, or somebody with your password, asked for a new address for your account at <shop.name>: <change.email> instead of "
                   "<account.email>.")
            + " It counts as soon as it is confirmed there.",
            "If that is right, there is nothing to do.",
            "If it isn’t, keep your address here:",
            "[Keep my address](link.url)",
            "The link works **once, until <link.valid_until>** (<link.valid_hours> hours), also when the new address was confirmed meanwhile.",
            "If the button does nothing, copy this address whole into your browser:",
            "<link.url>",
        ],
        "footer": FOOTER["en"],
    },
    "fr": {
        "title": "Votre adresse va changer",
        "subject": "Une nouvelle adresse pour votre compte chez <shop.name>",
        "body": [
            "# Votre adresse va changer",
            GREETING["fr"],
            either("by_operator", "Le <request.time>, notre billetterie a saisi une nouvelle adresse pour votre compte chez <shop.name>\u00a0: <change.email> au lieu de "
                   "<account.email>.",
                   "Le <request.time>, vous, ou quelqu’un qui connaît votre mot de passe, avez demandé une nouvelle adresse pour votre compte chez <shop.name>\u00a0: "
                   "<change.email> au lieu de <account.email>.")
            + " Elle vaudra dès qu’elle y sera confirmée.",
            "Si c’est juste, vous n’avez rien à faire.",
            "Sinon, gardez votre adresse ici\u00a0:",
            "[Garder mon adresse](link.url)",
            "Le lien fonctionne **une seule fois, jusqu’au <link.valid_until>** (<link.valid_hours>\u00a0heures), même si la nouvelle adresse a été confirmée entre-temps.",
            "Si le bouton ne réagit pas, copiez cette adresse en entier dans votre navigateur\u00a0:",
            "<link.url>",
        ],
        "footer": FOOTER["fr"],
    },
    "de": {
        "title": "Ihre Adresse wird geändert",
        "subject": "Eine neue Adresse für Ihr Konto bei <shop.name>",
        "body": [
            "# Ihre Adresse wird geändert",
            GREETING["de"],
            either("by_operator", "Am <request.time> hat unsere Kasse eine neue Adresse für Ihr Konto bei <shop.name> eingetragen: <change.email> statt <account.email>.",
                   "Am <request.time> haben Sie, oder jemand mit Ihrem Passwort, eine neue Adresse für Ihr Konto bei <shop.name> verlangt: <change.email> statt "
                   "<account.email>.")
            + " Sie gilt, sobald sie dort bestätigt wird.",
            "Wenn das stimmt, brauchen Sie nichts zu tun.",
            "Wenn nicht, behalten Sie hier Ihre Adresse:",
            "[Meine Adresse behalten](link.url)",
            "Der Link gilt **ein einziges Mal, bis <link.valid_until>** (<link.valid_hours> Stunden), auch wenn die neue Adresse inzwischen bestätigt wurde.",
            "Wenn sich beim Klicken nichts tut, kopieren Sie diese Adresse ganz in Ihren Browser:",
            "<link.url>",
        ],
        "footer": FOOTER["de"],
    },
    "it": {
        "title": "Il suo indirizzo sta per cambiare",
        "subject": "Un nuovo indirizzo per il suo conto presso <shop.name>",
        "body": [
            "# Il suo indirizzo sta per cambiare",
            GREETING["it"],
            either("by_operator", "Il <request.time> la nostra biglietteria ha registrato un nuovo indirizzo per il suo conto presso <shop.name>: <change.email> invece di "
                   "<account.email>.",
                   "Il <request.time> lei, o qualcuno con la sua password, ha chiesto un nuovo indirizzo per il suo conto presso <shop.name>: <change.email> invece di "
                   "<account.email>.")
            + " Vale non appena vi viene confermato.",
            "Se è giusto, non deve fare nulla.",
            "Altrimenti, mantenga qui il suo indirizzo:",
            "[Mantenere il mio indirizzo](link.url)",
            "Il link funziona **una volta sola, fino al <link.valid_until>** (<link.valid_hours> ore), anche se il nuovo indirizzo è stato confermato nel frattempo.",
            "Se il pulsante non reagisce, copi questo indirizzo per intero nel suo browser:",
            "<link.url>",
        ],
        "footer": FOOTER["it"],
    },
}


def follow(language, w):
    return {
        "title": w["title"],
        "subject": when("is_correction", w["subject_correction"]) + when_not("is_correction", w["subject"]),
        "body": [
            "# " + when("is_correction", w["head_correction"]),
            "# " + when_not("is_correction", w["head"]),
            GREETING[language],
            when("is_correction", w["correction"]),
            when_not("is_correction", when("is_part", w["part"])),
            when_not("is_correction", when("is_rest", w["rest"])),
            when_not("is_correction", when_not("is_part", when_not("is_rest", w["all"]))),
            "{{#pieces}}" + w["piece"] + when("piece.tracking_number", w["number"]) + "{{/pieces}}",
            w["address"],
            "[" + w["button"] + "](shipment.follow_url)",
            w["copy"],
            "<shipment.follow_url>",
        ],
        "footer": FOOTER[language],
    }


FOLLOW_SHIPMENT = {
    "en": follow("en", {
        "title": "Follow shipment",
        "subject": "Your tickets are in the post (order <order.number>)",
        "subject_correction": "New tracking number for your tickets (order <order.number>)",
        "head": "Your tickets are in the post",
        "head_correction": "A new tracking number",
        "correction": "We have a tracking number for your letter now, or a better one than the last. Please use this one.",
        "part": "A part of the tickets of your order <order.number> was posted on <shipment.posted_date>: **<shipment.ticket_count>**. The others follow; we will write again.",
        "rest": "The rest of the tickets of your order <order.number> was posted on <shipment.posted_date>: **<shipment.ticket_count>**.",
        "all": "The tickets of your order <order.number> were posted on <shipment.posted_date>: **<shipment.ticket_count>**.",
        "piece": "Letter <piece.number> of <piece.count>, tickets inside: <piece.tickets>.",
        "number": " Number <piece.tracking_number>. " + when("piece.tracking_url", "[Follow this letter](piece.tracking_url)"),
        "address": "They go to <shipment.address>.",
        "button": "Where are my tickets?",
        "copy": "If the button does nothing, copy this address whole into your browser:",
    }),
    "fr": follow("fr", {
        "title": "Suivi d’envoi",
        "subject": "Vos billets sont à la poste (commande <order.number>)",
        "subject_correction": "Nouveau numéro de suivi pour vos billets (commande <order.number>)",
        "head": "Vos billets sont à la poste",
        "head_correction": "Un nouveau numéro de suivi",
        "correction": "Nous avons maintenant un numéro de suivi pour votre lettre, ou un meilleur que le précédent. C’est celui-ci qui compte.",
        "part": "Une partie des billets de votre commande <order.number> a été postée le <shipment.posted_date>\u00a0: **<shipment.ticket_count>**. Les autres suivent, nous vous écrirons.",
        "rest": "Le reste des billets de votre commande <order.number> a été posté le <shipment.posted_date>\u00a0: **<shipment.ticket_count>**.",
        "all": "Les billets de votre commande <order.number> ont été postés le <shipment.posted_date>\u00a0: **<shipment.ticket_count>**.",
        "piece": "Lettre <piece.number> sur <piece.count>, billets\u00a0: <piece.tickets>.",
        "number": " Numéro <piece.tracking_number>. " + when("piece.tracking_url", "[Suivre cette lettre](piece.tracking_url)"),
        "address": "Adresse\u00a0: <shipment.address>.",
        "button": "Où sont mes billets\u202f?",
        "copy": "Si le bouton ne réagit pas, copiez cette adresse en entier dans votre navigateur\u00a0:",
    }),
    "de": follow("de", {
        "title": "Sendung verfolgen",
        "subject": "Ihre Tickets sind auf der Post (Bestellung <order.number>)",
        "subject_correction": "Neue Sendungsnummer für Ihre Tickets (Bestellung <order.number>)",
        "head": "Ihre Tickets sind auf der Post",
        "head_correction": "Eine neue Sendungsnummer",
        "correction": "Für Ihren Brief gibt es jetzt eine Sendungsnummer, oder eine bessere als zuvor. Es gilt diese.",
        "part": "Ein Teil der Tickets Ihrer Bestellung <order.number> wurde am <shipment.posted_date> aufgegeben: **<shipment.ticket_count>**. Die übrigen folgen, wir schreiben Ihnen wieder.",
        "rest": "Der Rest der Tickets Ihrer Bestellung <order.number> wurde am <shipment.posted_date> aufgegeben: **<shipment.ticket_count>**.",
        "all": "Die Tickets Ihrer Bestellung <order.number> wurden am <shipment.posted_date> aufgegeben: **<shipment.ticket_count>**.",
        "piece": "Brief <piece.number> von <piece.count>, Tickets darin: <piece.tickets>.",
        "number": " Nummer <piece.tracking_number>. " + when("piece.tracking_url", "[Diesen Brief verfolgen](piece.tracking_url)"),
        "address": "Sie gehen an: <shipment.address>.",
        "button": "Wo sind meine Tickets?",
        "copy": "Wenn der Knopf nichts tut, kopieren Sie diese Adresse ganz in Ihren Browser:",
    }),
    "it": follow("it", {
        "title": "Seguire l’invio",
        "subject": "I vostri biglietti sono alla posta (ordine <order.number>)",
        "subject_correction": "Nuovo numero di spedizione per i vostri biglietti (ordine <order.number>)",
        "head": "I vostri biglietti sono alla posta",
        "head_correction": "Un nuovo numero di spedizione",
        "correction": "Per la vostra lettera c’è ora un numero di spedizione, o uno migliore del precedente. Vale questo.",
        "part": "Una parte dei biglietti dell’ordine <order.number> è stata spedita il <shipment.posted_date>: **<shipment.ticket_count>**. Gli altri seguono, vi scriveremo.",
        "rest": "Il resto dei biglietti dell’ordine <order.number> è stato spedito il <shipment.posted_date>: **<shipment.ticket_count>**.",
        "all": "I biglietti dell’ordine <order.number> sono stati spediti il <shipment.posted_date>: **<shipment.ticket_count>**.",
        "piece": "Lettera <piece.number> di <piece.count>, biglietti: <piece.tickets>.",
        "number": " Numero <piece.tracking_number>. " + when("piece.tracking_url", "[Seguire questa lettera](piece.tracking_url)"),
        "address": "Indirizzo: <shipment.address>.",
        "button": "Dove sono i miei biglietti?",
        "copy": "Se il pulsante non reagisce, copiate questo indirizzo per intero nel vostro browser:",
    }),
}

DOCUMENTS = {
    "STX_PASSWORD_RESET": PASSWORD_RESET,
    "STX_PASSWORD_CHANGED": PASSWORD_CHANGED,
    "STX_CONFIRM_EMAIL": CONFIRM_EMAIL,
    "STX_ACCOUNT_EXISTS": ACCOUNT_EXISTS,
    "STX_ACCOUNT_BLOCKED": ACCOUNT_BLOCKED,
    "STX_TEST_MAIL": TEST_MAIL,
    "STX_OPERATOR_INVITATION": OPERATOR_INVITATION,
    "STX_OPERATOR_RESET": OPERATOR_RESET,
    "STX_OPERATOR_NOTICE": OPERATOR_NOTICE,
    "STX_QR_INVOICE": QR_INVOICE,
    "STX_QR_INVOICE_BRIEF": QR_INVOICE_BRIEF,
    "STX_CANCELLATION": CANCELLATION,
    "STX_ORDER_CONFIRMATION": ORDER_CONFIRMATION,
    "STX_EMAIL_CHANGE": EMAIL_CHANGE,
    "STX_EMAIL_NOTICE": EMAIL_NOTICE,
    "STX_FOLLOW_SHIPMENT": FOLLOW_SHIPMENT,
}
