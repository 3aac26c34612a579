//! What the server's mails say. They lie unprotected on machines that are nobody's here: no text, title,
//! name, number or amount goes into one, and none differs from person to person but by its link.

use behorig_protocol::ApplicationRefusal;
use behorig_server_store::Mailing;

const NEWS: (&str, &str) = (
    "Det finns något nytt i ditt ärende",
    "\
Hej!

Det finns något nytt i ett av dina ärenden. Öppna programmet Behörig och läs där.

Av säkerhetsskäl står det inget mer här, och det finns ingen länk att klicka på. Svara i programmet, inte \
på det här brevet.

In English: There is something new in one of your cases. Open the program Behörig and read it there. For \
your security, this e-mail says nothing more and has no link to click on. Answer in the program, not by \
e-mail.
",
);

const ACTIVATION: (&str, &str) = (
    "Aktivera ditt konto i Behörig",
    "\
Hej!

Du har fått ett konto i Behörig. Öppna länken och välj ett lösenord. Vi skickar en kod med sms till din \
telefon, så ha den till hands. Länken gäller i 7 dagar och en gång.

{link}

Lämna inte länken vidare. Väntade du dig inget konto? Då behöver du inte göra något: utan koden i din \
telefon kommer ingen in.

In English: You have been given an account in Behörig. Open the link above and choose a password. We send \
a code to your phone by text message, so keep it at hand. The link is valid for 7 days, and once. Do not \
pass it on. If you did not expect an account, you need not do anything: nobody gets in without the code in \
your phone.
",
);

const RESET: (&str, &str) = (
    "Välj ett nytt lösenord i Behörig",
    "\
Hej!

Någon, troligen du, har glömt lösenordet till ditt konto i Behörig. Öppna länken och välj ett nytt. Vi \
skickar en kod med sms till din telefon, så ha den till hands. Länken gäller i 30 minuter och en gång.

{link}

Var det inte du? Då behöver du inte göra något. Ditt lösenord gäller, och utan koden i din telefon kommer \
ingen in.

In English: Somebody, probably you, has forgotten the password to your account in Behörig. Open the link \
above and choose a new one. We send a code to your phone by text message, so keep it at hand. The link is \
valid for 30 minutes, and once. If it was not you, you need not do anything: your password holds, and \
nobody gets in without the code in your phone.
",
);

const PASSWORD_CHANGED: (&str, &str) = (
    "Ditt lösenord i Behörig är ändrat",
    "\
Hej!

Lösenordet till ditt konto i Behörig är ändrat. Var det du behöver du inte göra något.

Var det inte du? Öppna programmet Behörig, välj ”Glömt lösenordet” och välj ett nytt. Kontakta sedan den \
som har gett dig kontot.

In English: The password to your account in Behörig has been changed. If it was you, you need not do \
anything. If it was not, open the program Behörig, choose “Forgot your password” and choose a new one. Then \
contact whoever gave you the account.
",
);

const FACTOR_CHANGED: (&str, &str) = (
    "Om din inloggning i Behörig",
    "\
Hej!

Något som gäller din inloggning i Behörig har hänt: en kodapp har kopplats till ditt konto eller tagits \
bort, du har fått nya återställningskoder, eller en av dem har använts. Var det du behöver du inte göra något.

Var det inte du? Öppna programmet Behörig, byt lösenord och kontakta den som har gett dig kontot.

In English: Something about how you sign in to Behörig has happened: a code app was connected to your \
account or removed, you have new recovery codes, or one of them was used. If it was you, you need not do anything. If it was not, open \
the program Behörig, change your password and contact whoever gave you the account.
",
);

const APPLICATION: (&str, &str) = (
    "Bekräfta din e-postadress",
    "\
Hej!

Någon, troligen du, har fyllt i en ansökan och lämnat den här e-postadressen. Öppna länken och bekräfta \
adressen. Först därefter kommer ansökan till en handläggare. Länken gäller i 7 dagar.

{link}

Var det inte du? Då behöver du inte göra något: utan bekräftelse raderas allt efter 7 dagar.

In English: Somebody, probably you, has filled in an application and given this address. Open the link \
above and confirm the address. Only then an officer gets the application. The link is valid for 7 days. If \
it was not you, you need not do anything: without a confirmation everything is erased after 7 days.
",
);

const APPLICATION_REFUSED: (&str, &str) = (
    "Om din ansökan",
    "\
Hej!

Vi har gått igenom ansökan som skickades in på vår webbsida med den här e-postadressen, och tar inte upp \
den. {reason}

Uppgifterna i ansökan är raderade. Har du frågor? Kontakta oss: {support}

In English: We have looked at the application that was sent on our web page with this address, and do not \
take it up. {reason_en} What stood in the application has been erased. Questions? Contact us: {support}
",
);

/// Why an application is refused, in Swedish and in English: words that say nothing of anybody.
fn reason(reason: ApplicationRefusal) -> (&'static str, &'static str) {
    match reason {
        ApplicationRefusal::Incomplete => (
            "Uppgifterna räcker inte. Ansök gärna igen och fyll i allt som efterfrågas.",
            "What was filled in is not enough. Please apply again and fill in all that is asked for.",
        ),
        ApplicationRefusal::NotVerified => (
            "Vi har inte kunnat försäkra oss om vem som ansöker.",
            "We have not been able to make sure who applies.",
        ),
        ApplicationRefusal::HasAccount => (
            "Ansökan görs i programmet Behörig av den som redan har ett konto hos oss.",
            "Whoever has an account with us already applies in the program Behörig.",
        ),
        ApplicationRefusal::NotOffered => (
            "Vi utfärdar inte det certifikat som ansökan gäller.",
            "We do not issue the certificate that the application is for.",
        ),
    }
}

/// Subject and text of the mail about an application that is refused.
pub(crate) fn refused(why: ApplicationRefusal, support: &str) -> (&'static str, String) {
    let (subject, text) = APPLICATION_REFUSED;
    let (swedish, english) = reason(why);
    let text = text.replace("{reason}", swedish).replace("{reason_en}", english);
    (subject, text.replace("{support}", support))
}

/// Subject and text of a mail; `link` stands in those that have one.
pub(crate) fn words(mailing: Mailing, link: &str) -> (&'static str, String) {
    let (subject, text) = match mailing {
        Mailing::FactorChanged => FACTOR_CHANGED,
        Mailing::Application => APPLICATION,
        Mailing::ApplicationRefused => APPLICATION_REFUSED,
        Mailing::News => NEWS,
        Mailing::Activation => ACTIVATION,
        Mailing::Reset => RESET,
        Mailing::PasswordChanged => PASSWORD_CHANGED,
    };
    (subject, text.replace("{link}", link))
}
