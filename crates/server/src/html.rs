//! What the server's pages have in common: they run nothing, load one style sheet, and tell nobody where the
//! reader came from.

use axum::{
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use behorig_protocol::path;

/// Text as it may stand in a page, in an attribute too.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A whole page in a language, in the looks that all of them have.
pub(crate) fn document(lang: &str, title: &str, body: &str) -> String {
    let style = format!("{}/style.css", path::LINK);
    format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title} – Behörig</title><link rel=\"stylesheet\" href=\"{style}\"></head>\
         <body><main><p class=\"brand\">Behörig</p><h1>{title}</h1>{body}</main></body></html>"
    )
}

/// A page for people. Forms go to the server itself only; nobody may frame it or keep a copy.
pub(crate) fn page(status: StatusCode, html: String) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
                          frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    (status, headers, Html(html)).into_response()
}
