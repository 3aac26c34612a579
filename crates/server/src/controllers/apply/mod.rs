//! The pages on which somebody without an account applies. For any browser, without script.
//!
//! They say the same whoever is known to the body: what is filled in is not held against anything before an
//! officer looks at it.

mod texts;
mod words;

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use axum::{
    Form, Router,
    extract::{ConnectInfo, DefaultBodyLimit, Path, State as Shared},
    http::{HeaderMap, StatusCode, Uri, header},
    response::Response,
    routing::{get, post},
};
use behorig_domain::{
    IssuerId, Kind, RecordId,
    applications::{
        apply::is_offered,
        by_web::{ASKED, WebForm},
    },
    services::{Scheme, Service},
};
use behorig_protocol::{ErrorCode, path};
use behorig_server_store::Taken;
use uuid::Uuid;

use self::{
    texts::Texts,
    words::{Filled, Top},
};
use super::token_hash;
use crate::{
    applicants,
    fault::{Fault, correlation_id},
    html::page,
    state::State,
};

/// The largest form, in bytes: a message of the greatest length, each letter of it escaped, and the rest.
const FORM_MAX: usize = 64 * 1024;

/// The pages.
pub(super) fn pages(state: Arc<State>) -> Router {
    let at = |page: &str| format!("{}{page}", path::APPLY);
    Router::new()
        .route(path::APPLY, get(offers))
        .route(&at("/{service}/{scheme}"), get(begin))
        .route(&at("/again"), post(again))
        .route(&at("/send"), post(send))
        .route(&at("/confirm/{token}"), get(look))
        .route(&at("/confirm"), post(confirm))
        .layer(DefaultBodyLimit::max(FORM_MAX))
        .with_state(state)
}

/// The language: the one asked for, or the first of the browser's that we have.
fn words(asked: &str, headers: &HeaderMap) -> &'static Texts {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let names = std::iter::once(asked).chain(accepted.unwrap_or_default().split(','));
    names.map(str::trim).find_map(Texts::named).unwrap_or_else(Texts::usual)
}

fn asked_language(uri: &Uri) -> &str {
    uri.query().and_then(|query| query.strip_prefix("lang=")).unwrap_or_default()
}

/// A page for what went wrong as a whole.
fn failed(words: &Texts, fault: Fault) -> Response {
    match fault {
        Fault::Told(ErrorCode::TooManyTries) => {
            page(StatusCode::TOO_MANY_REQUESTS, words.plain(words.wait_title, words.wait))
        }
        Fault::Told(ErrorCode::NotFound) => page(StatusCode::NOT_FOUND, words.not_offered()),
        fault => {
            tracing::error!(%fault, correlation_id = correlation_id(), "a page failed");
            page(StatusCode::INTERNAL_SERVER_ERROR, words.plain(words.failed_title, words.failed))
        }
    }
}

/// What can be applied for now.
struct Offer {
    service_id: RecordId,
    issuer: IssuerId,
    service: Service,
    /// In the service's order.
    schemes: Vec<Scheme>,
}

async fn all_offers(state: &Arc<State>) -> Result<Vec<Offer>, Fault> {
    let read = state.read(|store| {
        let mut read = Vec::new();
        for record in store.all(Kind::Service)? {
            let service = record.read::<Service>();
            let service = service.map_err(|_| behorig_server_store::Fault::Malformed("record"))?;
            let mut schemes = Vec::new();
            for code in &service.schemes {
                schemes.extend(store.body::<Scheme>(Scheme::at(record.at.id, code))?);
            }
            read.push((record.at.id, service, schemes));
        }
        Ok(read)
    });
    let mut offers = Vec::new();
    for (service_id, service, mut schemes) in read.await? {
        schemes.retain(|scheme| is_offered(&service, scheme));
        if let (Some(issuer), false) = (service.issuer, schemes.is_empty()) {
            offers.push(Offer { service_id, issuer, service, schemes });
        }
    }
    offers.sort_by(|a, b| a.service.name.sv.cmp(&b.service.name.sv));
    Ok(offers)
}

/// What a form is for.
async fn offered(
    state: &Arc<State>,
    service: &str,
    scheme: &str,
) -> Result<(Offer, Scheme), Fault> {
    let offers = all_offers(state).await?;
    let offer = offers.into_iter().find(|offer| offer.service_id.to_string() == service);
    let offer = offer.ok_or(ErrorCode::NotFound)?;
    let found = offer.schemes.iter().find(|it| it.code == scheme).cloned();
    Ok((offer, found.ok_or(ErrorCode::NotFound)?))
}

/// The first page: what can be applied for.
async fn offers(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let words = words(asked_language(&uri), &headers);
    let found = match state.sign_ins.count_address(address.ip()) {
        Ok(()) => all_offers(&state).await,
        Err(code) => Err(code.into()),
    };
    match found {
        Ok(offers) => page(StatusCode::OK, words.offers(&offers)),
        Err(fault) => failed(words, fault),
    }
}

/// The form, with nothing in it.
async fn begin(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Path((service, scheme)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let words = words(asked_language(&uri), &headers);
    let filled =
        Filled { id: new_id(), service, scheme, form: WebForm::default(), lang: String::new() };
    shown(&state, address, words, filled).await
}

/// The form in the other language, with all that was typed.
async fn again(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Response {
    let filled = filled(fields);
    let words = words(&filled.lang, &headers);
    shown(&state, address, words, filled).await
}

async fn shown(
    state: &Arc<State>,
    address: SocketAddr,
    words: &'static Texts,
    filled: Filled,
) -> Response {
    let found = match state.sign_ins.count_address(address.ip()) {
        Ok(()) => offered(state, &filled.service, &filled.scheme).await,
        Err(code) => Err(code.into()),
    };
    match found {
        Ok((offer, scheme)) => {
            page(StatusCode::OK, words.form(&offer, &scheme, &filled, Top::Nothing, &[]))
        }
        Err(fault) => failed(words, fault),
    }
}

/// Names the form, so that it is taken once however often it is sent.
fn new_id() -> RecordId {
    RecordId(Uuid::now_v7())
}

fn filled(mut fields: BTreeMap<String, String>) -> Filled {
    let mut take = |name: &str| fields.remove(name).unwrap_or_default();
    let mut form = WebForm {
        identity_number: take("identity_number"),
        is_renewal: take("kind") == "renewal",
        certificate: take("certificate"),
        text: take("text"),
        ..WebForm::default()
    };
    for field in ASKED {
        form.details.set(field, take(field.name()));
    }
    Filled {
        id: take("id").parse().unwrap_or_else(|_| new_id()),
        lang: take("lang"),
        service: take("service"),
        scheme: take("scheme"),
        form,
    }
}

/// Whether another site's page has made the browser send this.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

/// Takes the application in, or says what is wrong with it.
async fn send(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Response {
    let filled = filled(fields);
    let words = words(&filled.lang, &headers);
    let found = match state.sign_ins.count_address(address.ip()) {
        Ok(()) if is_from_elsewhere(&headers) => Err(ErrorCode::NotFound.into()),
        Ok(()) => offered(&state, &filled.service, &filled.scheme).await,
        Err(code) => Err(code.into()),
    };
    let (offer, scheme) = match found {
        Ok(found) => found,
        Err(fault) => return failed(words, fault),
    };
    let what = (offer.service_id, scheme.code.as_str());
    let read = filled.form.read(what, offer.service.message_max, words.is_english());
    let again =
        |status, top, faults: &[_]| page(status, words.form(&offer, &scheme, &filled, top, faults));
    let application = match read {
        Ok(application) => application,
        Err(faults) => {
            return again(StatusCode::UNPROCESSABLE_ENTITY, Top::Faults, &faults);
        }
    };
    let email = application.details.email.clone();
    if state.applicants.count(address.ip(), &email).is_err() {
        return again(StatusCode::TOO_MANY_REQUESTS, Top::Often, &[]);
    }
    match applicants::take(&state, filled.id, offer.issuer, application).await {
        Ok(Taken::Waits | Taken::Before) => page(StatusCode::OK, words.sent(&email)),
        Ok(Taken::Full) => again(StatusCode::SERVICE_UNAVAILABLE, Top::Full, &[]),
        Err(fault) => failed(words, fault),
    }
}

/// The page behind the mailed link. Looking at it changes nothing, since mail systems open links too.
async fn look(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Path(token): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let words = words(asked_language(&uri), &headers);
    let (hash, now) = (token_hash(&token), state.now());
    let found = match state.sign_ins.count_address(address.ip()) {
        Ok(()) => state.read(move |store| store.application_by_link(&hash, now)).await,
        Err(code) => Err(code.into()),
    };
    match found {
        Ok(Some(found)) if found.confirmed_at.is_some() => {
            page(StatusCode::OK, words.plain(words.confirmed_title, words.confirmed))
        }
        Ok(Some(_)) => page(StatusCode::OK, words.confirm(&token)),
        Ok(None) => page(StatusCode::GONE, words.plain(words.gone_title, words.gone)),
        Err(fault) => failed(words, fault),
    }
}

/// The address is confirmed: from now on the application waits for an officer.
async fn confirm(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(mut fields): Form<BTreeMap<String, String>>,
) -> Response {
    let words = words(&fields.remove("lang").unwrap_or_default(), &headers);
    let hash = token_hash(&fields.remove("token").unwrap_or_default());
    let now = state.now();
    let confirmed = match state.sign_ins.count_address(address.ip()) {
        Ok(()) => {
            state.writer.run(move |writing| Ok(writing.confirm_application(&hash, now)?)).await
        }
        Err(code) => Err(code.into()),
    };
    match confirmed {
        Ok(Some(true)) => page(StatusCode::OK, words.plain(words.confirmed_title, words.confirmed)),
        Ok(Some(false)) => {
            page(StatusCode::SERVICE_UNAVAILABLE, words.plain(words.full_title, words.full))
        }
        Ok(None) => page(StatusCode::GONE, words.plain(words.gone_title, words.gone)),
        Err(fault) => failed(words, fault),
    }
}
