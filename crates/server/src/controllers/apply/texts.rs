//! The texts of the pages: one language beside the other.

macro_rules! texts {
    ($($name:ident: $swedish:literal, $english:literal;)*) => {
        /// One language.
        pub(super) struct Texts {
            $(pub(super) $name: &'static str,)*
        }

        pub(super) static SWEDISH: Texts = Texts { $($name: $swedish,)* };
        pub(super) static ENGLISH: Texts = Texts { $($name: $english,)* };
    };
}

texts! {
    lang: "sv", "en";
    other: "en", "sv";
    other_name: "In English", "På svenska";
    title: "Ansök om certifiering", "Apply for certification";
    lead: "Välj vad du vill ansöka om, för första gången eller för att förnya.",
        "Choose what you want to apply for, for the first time or to renew.";
    account: "Har du redan ett konto? Då ansöker du i programmet Behörig.",
        "Do you have an account already? Then you apply in the program Behörig.";
    protected: "Har du skyddade personuppgifter? Ansök inte här. Ring {phone} i stället.",
        "Is your identity protected? Do not apply here. Call {phone} instead.";
    nothing: "Just nu går det inte att ansöka om något här.", "Just now nothing can be applied for here.";
    not_offered_title: "Det går inte att ansöka om det här", "This cannot be applied for";
    not_offered: "Det finns inte här, eller tas inte emot längre.",
        "It is not here, or no applications for it are taken any more.";
    to_offers: "Allt du kan ansöka om", "All that you can apply for";
    form_title: "Ansök: {scheme}", "Apply: {scheme}";
    form_lead: "Fyll i dina uppgifter. Sedan får du ett mejl där du bekräftar din e-postadress.",
        "Fill in your details. Then you get an e-mail in which you confirm your address.";
    kind: "Vad gäller ansökan?", "What is the application for?";
    new: "Ett nytt certifikat", "A new certificate";
    renewal: "Förnyelse av ett certifikat som jag har", "Renewal of a certificate that I have";
    certificate: "Certifikatets nummer", "The certificate's number";
    certificate_hint: "Bara om du förnyar och kan numret.", "Only if you renew and know the number.";
    person: "Om dig", "About you";
    name: "Namn", "Name";
    identity_number: "Personnummer", "Personal identity number";
    identity_number_hint: "Tolv siffror: ÅÅÅÅMMDD-NNNN. Samordningsnummer går också bra.",
        "Twelve digits: YYYYMMDD-NNNN. A coordination number works too.";
    email: "E-postadress", "E-mail address";
    email_hint: "Hit skickar vi länken som bekräftar ansökan, och sedan den till ditt konto.",
        "Here we send the link that confirms the application, and later the one to your account.";
    phone: "Mobiltelefon", "Mobile phone";
    phone_hint: "Koder för att logga in skickas hit. En handläggare kan ringa och kontrollera numret.",
        "Codes for signing in are sent here. An officer may call to check the number.";
    address: "Adress", "Address";
    care_of: "c/o", "c/o";
    street: "Gata och nummer, eller box", "Street and number, or box";
    postal_code: "Postnummer", "Postal code";
    town: "Postort", "Town";
    country: "Land", "Country";
    company: "Företag", "Company";
    company_name: "Företagets namn", "The company's name";
    company_number: "Organisationsnummer", "Organisation number";
    optional: "Behövs inte.", "Not needed.";
    other_things: "Övrigt", "Other things";
    text: "Meddelande", "Message";
    text_hint: "Behövs inte. Högst {max} tecken. Dina intyg skickar du in i programmet när du har fått ditt konto.",
        "Not needed. At most {max} characters. You send in your documents in the program once you have your account.";
    stored: "Det du skickar läses bara av handläggarna. Bekräftar du inte adressen raderas allt efter 7 dagar, \
             och det som ingen har hunnit ta upp efter 30 dagar.",
        "What you send is read by the officers only. If you do not confirm the address, everything is erased \
         after 7 days, and what nobody has taken up after 30 days.";
    submit: "Skicka ansökan", "Send the application";
    wrong: "Ansökan är inte skickad. Rätta det här:", "The application is not sent. Please correct this:";
    often: "Ansökan är inte skickad: det har kommit för många härifrån eller med den här adressen. Allt du \
            skrev står kvar. Vänta en timme och skicka igen.",
        "The application is not sent: too many have come from here or with this address. All that you wrote \
         is still here. Wait an hour and send again.";
    full_form: "Ansökan är inte skickad: just nu väntar för många. Allt du skrev står kvar. Försök i morgon, eller \
                ring {phone}.",
        "The application is not sent: too many are waiting. All that you wrote is still here. Try tomorrow, or \
         call {phone}.";
    no_identity_number: "Det är inget personnummer. Skriv tolv siffror: ÅÅÅÅMMDD-NNNN.",
        "This is no personal identity number. Enter twelve digits: YYYYMMDD-NNNN.";
    missing: "Fyll i {field}.", "Fill in: {field}.";
    too_long: "För långt. Högst {max} tecken.", "Too long. At most {max} characters.";
    no_text: "Det finns tecken som inte är text. Skriv det för hand.",
        "There are characters that are no text. Type it by hand.";
    no_postal_code: "Skriv postnumret med fem siffror: 791 42.", "Enter the postal code with five digits: 791 42.";
    no_phone: "Skriv ett telefonnummer, till exempel 070-174 06 05.",
        "Enter a telephone number, such as +46 70 174 06 05.";
    no_email: "Skriv en e-postadress, till exempel namn@example.com.",
        "Enter an e-mail address, such as name@example.com.";
    no_company_number: "Skriv organisationsnumret med tio siffror: 556012-5790.",
        "Enter the organisation number with ten digits: 556012-5790.";
    no_choice: "Välj ett av alternativen.", "Choose one of those that are there.";
    sent_title: "Bekräfta din e-postadress", "Confirm your e-mail address";
    sent: "Vi har skickat ett mejl till {email}. Öppna länken i det inom 7 dagar.",
        "We have sent an e-mail to {email}. Open the link in it within 7 days.";
    sent_after: "Först därefter kommer ansökan till en handläggare. Hittar du inte mejlet? Titta bland skräpposten.",
        "Only then an officer gets the application. If you cannot find the e-mail, look among the spam.";
    confirm_title: "Bekräfta din e-postadress", "Confirm your e-mail address";
    confirm: "Bekräfta att det var du som ansökte. Då kommer ansökan till en handläggare.",
        "Confirm that it was you who applied. Then an officer gets the application.";
    confirm_now: "Bekräfta", "Confirm";
    confirmed_title: "Din ansökan har kommit in", "Your application has come in";
    confirmed: "Adressen är bekräftad och ansökan väntar på en handläggare. När den tas upp får du ett mejl med en \
                länk till ditt konto. Det brukar ta några dagar.",
        "The address is confirmed and the application waits for an officer. When it is taken up you get an \
         e-mail with a link to your account. It usually takes a few days.";
    gone_title: "Länken gäller inte", "The link is not valid";
    gone: "Den är för gammal eller ersatt av en nyare. Ansök igen om du inte har hört något.",
        "It is too old or was replaced by a newer one. Apply again if you have heard nothing.";
    full_title: "Just nu väntar för många", "Too many are waiting";
    full: "Adressen är inte bekräftad ännu. Öppna länken igen i morgon.",
        "The address is not confirmed yet. Open the link again tomorrow.";
    wait_title: "Vänta en stund", "Wait a while";
    wait: "Det har kommit för många frågor härifrån. Vänta en stund och försök igen.",
        "Too many requests have come from here. Wait a while and try again.";
    failed_title: "Det gick inte", "That did not work";
    failed: "Ett fel hos oss. Gå tillbaka i webbläsaren: det du skrev står kvar där. Vänta en stund och skicka igen.",
        "A fault on our side. Go back in the browser: what you wrote is still there. Wait a while and send again.";
}

/// Sweden, its neighbours, and the other countries of the European Economic Area, with Switzerland, Ukraine
/// and the United Kingdom. Whoever lives elsewhere sets that in the program.
pub(super) const COUNTRIES: [(&str, &str, &str); 33] = [
    ("SE", "Sverige", "Sweden"),
    ("DK", "Danmark", "Denmark"),
    ("FI", "Finland", "Finland"),
    ("IS", "Island", "Iceland"),
    ("NO", "Norge", "Norway"),
    ("AT", "Österrike", "Austria"),
    ("BE", "Belgien", "Belgium"),
    ("BG", "Bulgarien", "Bulgaria"),
    ("CH", "Schweiz", "Switzerland"),
    ("CY", "Cypern", "Cyprus"),
    ("CZ", "Tjeckien", "Czechia"),
    ("DE", "Tyskland", "Germany"),
    ("EE", "Estland", "Estonia"),
    ("ES", "Spanien", "Spain"),
    ("FR", "Frankrike", "France"),
    ("GB", "Storbritannien", "United Kingdom"),
    ("GR", "Grekland", "Greece"),
    ("HR", "Kroatien", "Croatia"),
    ("HU", "Ungern", "Hungary"),
    ("IE", "Irland", "Ireland"),
    ("IT", "Italien", "Italy"),
    ("LI", "Liechtenstein", "Liechtenstein"),
    ("LT", "Litauen", "Lithuania"),
    ("LU", "Luxemburg", "Luxembourg"),
    ("LV", "Lettland", "Latvia"),
    ("MT", "Malta", "Malta"),
    ("NL", "Nederländerna", "Netherlands"),
    ("PL", "Polen", "Poland"),
    ("PT", "Portugal", "Portugal"),
    ("RO", "Rumänien", "Romania"),
    ("SI", "Slovenien", "Slovenia"),
    ("SK", "Slovakien", "Slovakia"),
    ("UA", "Ukraina", "Ukraine"),
];
