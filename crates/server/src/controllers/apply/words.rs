//! What stands on the pages for whoever applies without an account, in Swedish and in English.

use behorig_domain::{
    RecordId,
    applications::by_web::{ASKED, WebFault, WebField, WebForm},
    contact::{Field, FieldFault, SWEDEN},
    services::{Scheme, Words as Both},
};
use behorig_protocol::path;

use super::{
    Offer,
    texts::{COUNTRIES, ENGLISH, SWEDISH, Texts},
};
use crate::html::{document, escaped};

/// A form with what was typed into it.
pub(super) struct Filled {
    pub(super) id: RecordId,
    pub(super) lang: String,
    pub(super) service: String,
    pub(super) scheme: String,
    pub(super) form: WebForm,
}

/// What stands above the form.
pub(super) enum Top {
    Nothing,
    Faults,
    Often,
    Full,
}

/// What is wrong with a field.
type Faults<'a> = &'a [(WebField, WebFault)];

impl Texts {
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

    pub(super) fn is_english(&self) -> bool {
        self.lang == ENGLISH.lang
    }

    fn of<'a>(&self, both: &'a Both) -> &'a str {
        if self.is_english() { &both.en } else { &both.sv }
    }

    /// A page that only says something.
    pub(super) fn plain(&self, title: &str, text: &str) -> String {
        document(self.lang, title, &format!("<p role=\"status\">{text}</p>"))
    }

    /// What was followed here is not offered, or not any more.
    pub(super) fn not_offered(&self) -> String {
        let Self { not_offered, to_offers, .. } = self;
        let apply = path::APPLY;
        let body = format!("<p>{not_offered}</p><p><a href=\"{apply}\">{to_offers}</a></p>");
        document(self.lang, self.not_offered_title, &body)
    }

    fn switch(&self) -> String {
        let Self { other, other_name, .. } = self;
        let apply = path::APPLY;
        format!(
            "<p><a href=\"{apply}?lang={other}\" lang=\"{other}\" hreflang=\"{other}\">\
             {other_name}</a></p>"
        )
    }

    /// The first page.
    pub(super) fn offers(&self, offers: &[Offer]) -> String {
        let Self { lang, title, lead, account, nothing, .. } = self;
        if offers.is_empty() {
            return document(lang, title, &format!("<p>{nothing}</p>{}", self.switch()));
        }
        let services: String = offers
            .iter()
            .map(|offer| {
                let (name, id) = (escaped(self.of(&offer.service.name)), offer.service_id);
                let schemes: String = offer
                    .schemes
                    .iter()
                    .map(|scheme| {
                        let (name, code) = (escaped(self.of(&scheme.name)), escaped(&scheme.code));
                        let apply = path::APPLY;
                        format!("<li><a href=\"{apply}/{id}/{code}?lang={lang}\">{name}</a></li>")
                    })
                    .collect();
                format!(
                    "<h2>{name}</h2><ul class=\"offers\">{schemes}</ul>{}",
                    self.protected(offer)
                )
            })
            .collect();
        let body =
            format!("<p>{lead}</p>{services}<p class=\"hint\">{account}</p>{}", self.switch());
        document(lang, title, &body)
    }

    /// Whoever's identity is protected applies by telephone.
    fn protected(&self, offer: &Offer) -> String {
        let phone = escaped(&offer.service.support.phone);
        format!("<p class=\"hint\">{}</p>", self.protected.replace("{phone}", &phone))
    }

    /// The form, with what is wrong with what was filled in.
    pub(super) fn form(
        &self,
        offer: &Offer,
        scheme: &Scheme,
        filled: &Filled,
        top: Top,
        faults: Faults<'_>,
    ) -> String {
        let Self { lang, other, other_name, submit, stored, to_offers, .. } = self;
        let apply = path::APPLY;
        let (service, code) = (offer.service_id, escaped(&scheme.code));
        let phone = escaped(&offer.service.support.phone);
        let max = WebForm::text_max(offer.service.message_max);
        let fields = self.fields(&filled.form, faults, max);
        let title = self.form_title.replace("{scheme}", &escaped(self.of(&scheme.name)));
        let body = format!(
            "{}<form method=\"post\" action=\"{apply}/send\" novalidate>\
             <input type=\"hidden\" name=\"id\" value=\"{}\">\
             <input type=\"hidden\" name=\"service\" value=\"{service}\">\
             <input type=\"hidden\" name=\"scheme\" value=\"{code}\">{fields}\
             <p class=\"hint\">{stored}</p>{}\
             <button class=\"primary\" name=\"lang\" value=\"{lang}\">{submit}</button>\
             <p class=\"row\"><button formaction=\"{apply}/again\" name=\"lang\" value=\"{other}\" \
             lang=\"{other}\">{other_name}</button></p></form>\
             <p><a href=\"{apply}?lang={lang}\">{to_offers}</a></p>",
            self.top(&top, faults, &phone),
            filled.id,
            self.protected(offer),
        );
        document(lang, &title, &body)
    }

    fn top(&self, top: &Top, faults: Faults<'_>, phone: &str) -> String {
        let said = match top {
            Top::Nothing => return format!("<p>{}</p>", self.form_lead),
            Top::Often => self.often.to_owned(),
            Top::Full => self.full_form.replace("{phone}", phone),
            Top::Faults => self.wrong.to_owned(),
        };
        let links: String = faults
            .iter()
            .map(|(field, _)| {
                let (id, label) = (id(*field), self.label(*field));
                format!("<li><a href=\"#{id}\">{label}</a></li>")
            })
            .collect();
        let list = if links.is_empty() { links } else { format!("<ul>{links}</ul>") };
        format!("<div role=\"alert\" class=\"error top\"><p>{said}</p>{list}</div>")
    }

    fn fields(&self, form: &WebForm, faults: Faults<'_>, text_max: u64) -> String {
        let Self { kind, new, renewal, person, address, company, other_things, .. } = self;
        let checked = |is: bool| if is { " checked" } else { "" };
        let detail = |fields: &[Field]| -> String {
            let fields = fields.iter().map(|field| self.detail(*field, form, faults));
            fields.collect()
        };
        let group = |legend: &str, fields: String| {
            format!("<fieldset><legend>{legend}</legend>{fields}</fieldset>")
        };
        let kinds = format!(
            "<label class=\"choice\"><input type=\"radio\" name=\"kind\" value=\"new\"{}> {new}</label>\
             <label class=\"choice\"><input type=\"radio\" name=\"kind\" value=\"renewal\"{}> \
             {renewal}</label>{}",
            checked(!form.is_renewal),
            checked(form.is_renewal),
            self.input(WebField::Certificate, &form.certificate, "autocomplete=\"off\"", faults),
        );
        let number = "inputmode=\"numeric\" autocomplete=\"off\"";
        let persons = [
            detail(&[Field::Name]),
            self.input(WebField::IdentityNumber, &form.identity_number, number, faults),
            detail(&[Field::Email, Field::Phone]),
        ];
        let (from, to) = (ASKED.get(3..8), ASKED.get(8..));
        [
            group(kind, kinds),
            group(person, persons.concat()),
            group(address, detail(from.unwrap_or_default())),
            group(company, detail(to.unwrap_or_default())),
            group(other_things, self.text(form, faults, text_max)),
        ]
        .concat()
    }

    fn detail(&self, field: Field, form: &WebForm, faults: Faults<'_>) -> String {
        let kind = match field {
            Field::Name => "autocomplete=\"name\"",
            Field::Email => "type=\"email\" autocomplete=\"email\"",
            Field::Phone => "type=\"tel\" autocomplete=\"tel\"",
            Field::Street => "autocomplete=\"street-address\"",
            Field::PostalCode => "autocomplete=\"postal-code\" inputmode=\"numeric\"",
            Field::Town => "autocomplete=\"address-level2\"",
            Field::CompanyName => "autocomplete=\"organization\"",
            Field::Country => return self.country(form, faults),
            _ => "autocomplete=\"off\"",
        };
        self.input(WebField::Detail(field), form.details.get(field), kind, faults)
    }

    /// What stands around a field, and what points to it.
    fn around(
        &self,
        field: WebField,
        faults: Faults<'_>,
        draw: impl Fn(&str, &str) -> String,
    ) -> String {
        let (id, label, hint) = (id(field), self.label(field), self.hint(field));
        let fault = faults.iter().find(|(at, _)| *at == field);
        let error = fault.map(|(_, fault)| {
            format!("<p class=\"error\" id=\"{id}-error\">{}</p>", self.complaint(field, *fault))
        });
        let invalid = if error.is_some() { " aria-invalid=\"true\"" } else { "" };
        let points = format!("aria-describedby=\"{id}-error {id}-hint\"{invalid}");
        format!(
            "<label for=\"{id}\">{label}</label><p class=\"hint\" id=\"{id}-hint\">{hint}</p>{}{}",
            draw(id, &points),
            error.unwrap_or_default()
        )
    }

    fn input(&self, field: WebField, value: &str, kind: &str, faults: Faults<'_>) -> String {
        self.around(field, faults, |id, points| {
            let value = escaped(value);
            format!("<input id=\"{id}\" name=\"{id}\" {kind} value=\"{value}\" {points}>")
        })
    }

    fn country(&self, form: &WebForm, faults: Faults<'_>) -> String {
        let chosen = match form.details.country.as_str() {
            "" => SWEDEN,
            chosen => chosen,
        };
        let options: String = COUNTRIES
            .iter()
            .map(|(code, swedish, english)| {
                let name = if self.is_english() { english } else { swedish };
                let selected = if *code == chosen { " selected" } else { "" };
                format!("<option value=\"{code}\"{selected}>{name}</option>")
            })
            .collect();
        self.around(WebField::Detail(Field::Country), faults, |id, points| {
            let auto = "autocomplete=\"country\"";
            format!("<select id=\"{id}\" name=\"{id}\" {auto} {points}>{options}</select>")
        })
    }

    fn text(&self, form: &WebForm, faults: Faults<'_>, max: u64) -> String {
        let text = escaped(&form.text);
        let drawn = self.around(WebField::Text, faults, |id, points| {
            // a line break after the tag is not part of the text
            format!("<textarea id=\"{id}\" name=\"{id}\" rows=\"6\" {points}>\n{text}</textarea>")
        });
        drawn.replace("{max}", &max.to_string())
    }

    fn label(&self, field: WebField) -> &'static str {
        match field {
            WebField::IdentityNumber => self.identity_number,
            WebField::Certificate => self.certificate,
            WebField::Text => self.text,
            WebField::Detail(field) => match field {
                Field::Name => self.name,
                Field::Email => self.email,
                Field::Phone => self.phone,
                Field::CareOf => self.care_of,
                Field::Street => self.street,
                Field::PostalCode => self.postal_code,
                Field::Town => self.town,
                Field::Country => self.country,
                Field::CompanyName => self.company_name,
                _ => self.company_number,
            },
        }
    }

    fn hint(&self, field: WebField) -> &'static str {
        match field {
            WebField::IdentityNumber => self.identity_number_hint,
            WebField::Certificate => self.certificate_hint,
            WebField::Text => self.text_hint,
            WebField::Detail(Field::Email) => self.email_hint,
            WebField::Detail(Field::Phone) => self.phone_hint,
            WebField::Detail(Field::CareOf) => self.optional,
            WebField::Detail(Field::CompanyName | Field::CompanyNumber) => self.optional,
            WebField::Detail(_) => "",
        }
    }

    fn complaint(&self, field: WebField, fault: WebFault) -> String {
        let WebFault::Detail(fault) = fault else {
            return self.no_identity_number.to_owned();
        };
        let label = self.label(field).to_lowercase();
        match fault {
            FieldFault::Missing => self.missing.replace("{field}", &label),
            FieldFault::TooLong { max } => self.too_long.replace("{max}", &max.to_string()),
            FieldFault::NoText => self.no_text.to_owned(),
            FieldFault::NoPostalCode => self.no_postal_code.to_owned(),
            FieldFault::NoPhone => self.no_phone.to_owned(),
            FieldFault::NoEmail => self.no_email.to_owned(),
            FieldFault::NoOrganisationNumber => self.no_company_number.to_owned(),
            FieldFault::NoChoice => self.no_choice.to_owned(),
        }
    }

    /// The page after the form: there is a mail.
    pub(super) fn sent(&self, email: &str) -> String {
        let said = self.sent.replace("{email}", &format!("<strong>{}</strong>", escaped(email)));
        let after = self.sent_after;
        let body = format!("<p role=\"status\">{said}</p><p>{after}</p>");
        document(self.lang, self.sent_title, &body)
    }

    /// The page behind the link in that mail.
    pub(super) fn confirm(&self, token: &str) -> String {
        let Self { lang, confirm, confirm_now, other, other_name, .. } = self;
        let (apply, token) = (path::APPLY, escaped(token));
        let body = format!(
            "<p>{confirm}</p><form method=\"post\" action=\"{apply}/confirm\">\
             <input type=\"hidden\" name=\"token\" value=\"{token}\">\
             <button class=\"primary\" name=\"lang\" value=\"{lang}\">{confirm_now}</button></form>\
             <p><a href=\"{apply}/confirm/{token}?lang={other}\" lang=\"{other}\" \
             hreflang=\"{other}\">{other_name}</a></p>"
        );
        document(lang, self.confirm_title, &body)
    }
}

/// A field's name in the form, and its id in the page.
fn id(field: WebField) -> &'static str {
    match field {
        WebField::IdentityNumber => "identity_number",
        WebField::Certificate => "certificate",
        WebField::Text => "text",
        WebField::Detail(field) => field.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_asks_for_every_detail_once_and_shows_what_was_typed_without_running_it() {
        let mut form = WebForm { text: "</textarea><script>".into(), ..WebForm::default() };
        form.details.name = "\"><script>alert(1)</script>".into();
        form.details.country = "NO".into();
        for texts in [&SWEDISH, &ENGLISH] {
            let html = texts.fields(&form, &[], 1_900);
            for field in ASKED {
                let name = format!("name=\"{}\"", field.name());
                assert_eq!(html.matches(&name).count(), 1, "{name}");
            }
            assert!(!html.contains("<script") && html.contains("&lt;script&gt;alert(1)"));
            assert!(html.contains("<option value=\"NO\" selected>"), "{html}");
            assert!(html.contains("1900") && !html.contains("{max}"));
        }
    }
}
