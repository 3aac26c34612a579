//! What stands on the pages, in Swedish and in English.

use behorig_domain::identity::{PASSWORD_MAX, PASSWORD_MIN, PasswordFault};
use behorig_protocol::path;

use crate::html::{document, escaped};

/// What a page shows of an account.
pub(super) struct Shown {
    pub(super) user_name: String,
    pub(super) phone_ends: String,
    pub(super) activated: bool,
}

/// Something that is wrong with what was filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    CodeMissing,
    CodeWrong,
    CodeOld,
    Password(PasswordFault),
    Invisible,
    Differs,
}

/// The fields of the form, in the order on the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Code,
    Password,
    Repeated,
}

impl Said {
    fn field(self) -> Field {
        match self {
            Self::CodeMissing | Self::CodeWrong | Self::CodeOld => Field::Code,
            Self::Password(_) | Self::Invisible => Field::Password,
            Self::Differs => Field::Repeated,
        }
    }
}

/// One language.
pub(super) struct Words {
    lang: &'static str,
    other: &'static str,
    other_name: &'static str,
    activate: &'static str,
    reset: &'static str,
    lead_activate: &'static str,
    lead_reset: &'static str,
    phone: &'static str,
    send: &'static str,
    not_my_phone: &'static str,
    sent: &'static str,
    user: &'static str,
    user_hint: &'static str,
    code: &'static str,
    code_hint: &'static str,
    password: &'static str,
    rules: &'static str,
    repeated: &'static str,
    submit: &'static str,
    send_again: &'static str,
    wrong: &'static str,
    code_missing: &'static str,
    code_wrong: &'static str,
    code_old: &'static str,
    too_short: &'static str,
    too_long: &'static str,
    is_user_name: &'static str,
    well_known: &'static str,
    invisible: &'static str,
    differs: &'static str,
    done_title: &'static str,
    done: &'static str,
    done_reset: &'static str,
    server: &'static str,
    pub(super) gone_title: &'static str,
    pub(super) gone: &'static str,
    pub(super) failed_title: &'static str,
    pub(super) failed: &'static str,
    pub(super) too_many: &'static str,
    pub(super) sms_failed: &'static str,
}

static SWEDISH: Words = Words {
    lang: "sv",
    other: "en",
    other_name: "In English",
    activate: "Aktivera ditt konto",
    reset: "Välj ett nytt lösenord",
    lead_activate: "Först skickar vi en kod till din telefon. Sedan väljer du ditt lösenord.",
    lead_reset: "Först skickar vi en kod till din telefon. Sedan väljer du ett nytt lösenord.",
    phone: "Koden går med sms till numret",
    send: "Skicka koden",
    not_my_phone: "Stämmer inte numret? Kontakta den som har gett dig kontot.",
    sent: "Vi har skickat en kod med sms till numret",
    user: "Användarnamn",
    user_hint: "Det loggar du in med. Skriv gärna upp det.",
    code: "Kod",
    code_hint: "6 siffror, gäller i 10 minuter",
    password: "Nytt lösenord",
    rules: "Minst {min} tecken, högst {max}. Inte ditt användarnamn och inte ett känt lösenord. Du får \
            klistra in det. Några ord efter varandra är lätta att minnas.",
    repeated: "Nytt lösenord en gång till",
    submit: "Spara lösenordet",
    send_again: "Skicka en ny kod",
    wrong: "Lösenordet är inte sparat.",
    code_missing: "Skriv de 6 siffrorna i sms:et.",
    code_wrong: "Koden stämmer inte. Skriv den som står i det senaste sms:et.",
    code_old: "Koden är för gammal. Skicka en ny kod.",
    too_short: "Lösenordet är för kort. Det ska ha minst {min} tecken.",
    too_long: "Lösenordet är för långt. Det får ha högst {max} tecken.",
    is_user_name: "Lösenordet får inte vara ditt användarnamn. Välj något annat.",
    well_known: "Lösenordet hör till de första som någon gissar. Välj något annat, till exempel några ord \
                 efter varandra.",
    invisible: "Lösenordet har tecken som inte syns. Skriv det för hand, eller kopiera det utan dem.",
    differs: "De två lösenorden är inte lika. Skriv samma i båda fälten.",
    done_title: "Lösenordet är sparat",
    done: "Öppna programmet Behörig på din dator och logga in med det här:",
    done_reset: "Du är utloggad överallt. Öppna programmet Behörig på din dator och logga in med det här:",
    server: "Serverns adress",
    gone_title: "Länken gäller inte längre",
    gone: "Den är redan använd, för gammal, eller ersatt av en nyare. Har du redan valt ett lösenord? Öppna \
           programmet Behörig och logga in. Annars väljer du ”Glömt lösenordet” där: då får du en ny länk.",
    failed_title: "Det gick inte",
    failed: "Ett fel hos oss. Vänta en stund och öppna länken igen.",
    too_many: "Du har försökt för många gånger. Vänta en timme och öppna länken igen.",
    sms_failed: "Koden gick inte att skicka. Vänta en stund och öppna länken igen.",
};

static ENGLISH: Words = Words {
    lang: "en",
    other: "sv",
    other_name: "På svenska",
    activate: "Activate your account",
    reset: "Choose a new password",
    lead_activate: "First we send a code to your phone. Then you choose your password.",
    lead_reset: "First we send a code to your phone. Then you choose a new password.",
    phone: "The code goes by text message to the number",
    send: "Send the code",
    not_my_phone: "Not your number? Contact whoever gave you the account.",
    sent: "We have sent a code by text message to the number",
    user: "User name",
    user_hint: "You sign in with it. Please write it down.",
    code: "Code",
    code_hint: "6 digits, valid for 10 minutes",
    password: "New password",
    rules: "At least {min} characters, at most {max}. Not your user name and not a well-known password. You \
            may paste it. A few words in a row are easy to remember.",
    repeated: "New password once more",
    submit: "Save the password",
    send_again: "Send a new code",
    wrong: "The password is not saved.",
    code_missing: "Enter the 6 digits of the text message.",
    code_wrong: "The code is not right. Enter the one in the latest text message.",
    code_old: "The code is too old. Send a new code.",
    too_short: "The password is too short. It needs at least {min} characters.",
    too_long: "The password is too long. It may have at most {max} characters.",
    is_user_name: "The password must not be your user name. Choose something else.",
    well_known: "The password is among the first that anybody guesses. Choose something else, such as a few \
                 words in a row.",
    invisible: "The password has characters that cannot be seen. Type it by hand, or copy it without them.",
    differs: "The two passwords differ. Enter the same in both fields.",
    done_title: "The password is saved",
    done: "Open the program Behörig on your computer and sign in with this:",
    done_reset: "You are signed out everywhere. Open the program Behörig on your computer and sign in with this:",
    server: "The server's address",
    gone_title: "The link is no longer valid",
    gone: "It has been used, is too old, or was replaced by a newer one. Have you chosen a password already? \
           Open the program Behörig and sign in. If not, choose “Forgot your password” there to get a new link.",
    failed_title: "That did not work",
    failed: "A fault on our side. Wait a while and open the link again.",
    too_many: "You have tried too many times. Wait an hour and open the link again.",
    sms_failed: "The code could not be sent. Wait a while and open the link again.",
};

/// A number as people with that telephone know it.
fn masked(shown: &Shown) -> String {
    escaped(&format!("•••• {}", shown.phone_ends))
}

impl Words {
    /// The language of a browser's name for it, such as `en-GB;q=0.8`. Norwegians and Danes read Swedish.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        match name.get(..2)? {
            "sv" | "nb" | "nn" | "no" | "da" => Some(&SWEDISH),
            "en" => Some(&ENGLISH),
            _ => None,
        }
    }

    pub(super) fn usual() -> &'static Self {
        &SWEDISH
    }

    fn title(&self, shown: &Shown) -> &'static str {
        if shown.activated { self.reset } else { self.activate }
    }

    fn document(&self, title: &str, body: &str) -> String {
        document(self.lang, title, body)
    }

    /// A page that only says something.
    pub(super) fn plain(&self, title: &str, text: &str) -> String {
        self.document(title, &format!("<p>{text}</p>"))
    }

    /// The first page.
    pub(super) fn begin(&self, token: &str, shown: &Shown) -> String {
        let Self { lang, other, other_name, phone, send, not_my_phone, .. } = self;
        let lead = if shown.activated { self.lead_reset } else { self.lead_activate };
        let (token, number) = (escaped(token), masked(shown));
        let (post, link) = (format!("{}/code", path::LINK), path::LINK);
        let body = format!(
            "<p>{lead}</p><p>{phone} <strong>{number}</strong>.</p>\
             <form method=\"post\" action=\"{post}\">\
             <input type=\"hidden\" name=\"token\" value=\"{token}\">\
             <input type=\"hidden\" name=\"lang\" value=\"{lang}\">\
             <button class=\"primary\">{send}</button></form>\
             <p class=\"hint\">{not_my_phone}</p>\
             <p><a href=\"{link}/{token}?lang={other}\" lang=\"{other}\" hreflang=\"{other}\">\
             {other_name}</a></p>"
        );
        self.document(self.title(shown), &body)
    }

    /// The second page, with what is wrong with what was filled in. Passwords are never written into it.
    pub(super) fn choose(&self, token: &str, shown: &Shown, said: &[Said], code: &str) -> String {
        let Self { lang, other, other_name, sent, user, user_hint, .. } = self;
        let (token, number, name) = (escaped(token), masked(shown), escaped(&shown.user_name));
        let link = path::LINK;
        let wrong = if said.is_empty() {
            format!("<p role=\"status\">{sent} <strong>{number}</strong>.</p>")
        } else {
            format!("<p role=\"alert\" class=\"error\">{}</p>", self.wrong)
        };
        let first = said.iter().map(|each| each.field()).next().unwrap_or(Field::Code);
        let fields: String = [Field::Code, Field::Password, Field::Repeated]
            .into_iter()
            .map(|field| {
                let said = said.iter().find(|each| each.field() == field);
                self.field(field, said.copied(), field == first, code)
            })
            .collect();
        let (submit, send_again) = (self.submit, self.send_again);
        let body = format!(
            "{wrong}<form method=\"post\" action=\"{link}/password\">\
             <input type=\"hidden\" name=\"token\" value=\"{token}\">\
             <label for=\"user\">{user}</label>\
             <input id=\"user\" value=\"{name}\" readonly autocomplete=\"username\" \
             aria-describedby=\"user-hint\"><p class=\"hint\" id=\"user-hint\">{user_hint}</p>{fields}\
             <button class=\"primary\" name=\"lang\" value=\"{lang}\">{submit}</button>\
             <p class=\"row\"><button formaction=\"{link}/code\" name=\"lang\" value=\"{lang}\">\
             {send_again}</button> <button formaction=\"{link}/again\" name=\"lang\" \
             value=\"{other}\" lang=\"{other}\">{other_name}</button></p></form>"
        );
        self.document(self.title(shown), &body)
    }

    fn field(&self, field: Field, said: Option<Said>, focus: bool, code: &str) -> String {
        let rules = self.counted(self.rules);
        let (id, label, hint, kind) = match field {
            Field::Code => {
                let kind = "type=\"text\" inputmode=\"numeric\" autocomplete=\"one-time-code\"";
                ("code", self.code, self.code_hint, format!("{kind} value=\"{}\"", escaped(code)))
            }
            Field::Password => ("password", self.password, rules.as_str(), new_password()),
            Field::Repeated => ("repeated", self.repeated, "", new_password()),
        };
        let error = said.map(|said| {
            format!("<p class=\"error\" id=\"{id}-error\">{}</p>", self.complaint(said))
        });
        let invalid = if error.is_some() { " aria-invalid=\"true\"" } else { "" };
        let focus = if focus { " autofocus" } else { "" };
        format!(
            "<label for=\"{id}\">{label}</label><p class=\"hint\" id=\"{id}-hint\">{hint}</p>\
             <input id=\"{id}\" name=\"{id}\" {kind} aria-describedby=\"{id}-error {id}-hint\"\
             {invalid}{focus}>{}",
            error.unwrap_or_default()
        )
    }

    fn complaint(&self, said: Said) -> String {
        self.counted(match said {
            Said::CodeMissing => self.code_missing,
            Said::CodeWrong => self.code_wrong,
            Said::CodeOld => self.code_old,
            Said::Password(PasswordFault::TooShort) => self.too_short,
            Said::Password(PasswordFault::TooLong) => self.too_long,
            Said::Password(PasswordFault::UserName) => self.is_user_name,
            Said::Password(PasswordFault::WellKnown) => self.well_known,
            Said::Invisible => self.invisible,
            Said::Differs => self.differs,
        })
    }

    fn counted(&self, text: &str) -> String {
        text.replace("{min}", &PASSWORD_MIN.to_string()).replace("{max}", &PASSWORD_MAX.to_string())
    }

    /// The last page.
    pub(super) fn done(&self, shown: &Shown, server: &str) -> String {
        let Self { user, server: server_label, .. } = self;
        let lead = if shown.activated { self.done_reset } else { self.done };
        let (name, server) = (escaped(&shown.user_name), escaped(server));
        let body = format!(
            "<p role=\"status\">{lead}</p><dl><dt>{server_label}</dt><dd>{server}</dd>\
             <dt>{user}</dt><dd>{name}</dd></dl>"
        );
        self.document(self.done_title, &body)
    }
}

fn new_password() -> String {
    "type=\"password\" autocomplete=\"new-password\"".into()
}
