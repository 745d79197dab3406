"""The words of the document templates that are shipped, written in each language.

<field> is a merge field, **bold**, [words](field) a link; alone on its line it is the mail's button. A list entry is a paragraph.
No name that a stranger may have typed stands in a mail to an address nobody has confirmed (STX_CONFIRM_EMAIL).
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

DOCUMENTS = {
    "STX_PASSWORD_RESET": PASSWORD_RESET,
    "STX_PASSWORD_CHANGED": PASSWORD_CHANGED,
    "STX_CONFIRM_EMAIL": CONFIRM_EMAIL,
    "STX_ACCOUNT_EXISTS": ACCOUNT_EXISTS,
    "STX_ACCOUNT_BLOCKED": ACCOUNT_BLOCKED,
    "STX_TEST_MAIL": TEST_MAIL,
}
