//! The pages behind a mailed link: a code to the person's own telephone, then a password. For any browser,
//! without script.
//!
//! Looking at a page changes nothing, since mail systems open links before people do. The link's token is in
//! the address of that one page only; everything after it goes by POST.

mod words;

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Form, Router,
    extract::{ConnectInfo, DefaultBodyLimit, Path, State as Shared},
    http::{HeaderMap, StatusCode, Uri, header},
    response::Response,
    routing::{get, post},
};
use behorig_domain::{
    Scope,
    identity::{PasswordFault, password_fault},
};
use behorig_protocol::{ErrorCode, path};
use behorig_server_store::{Link, Mailing};
use serde::Deserialize;

use self::words::{Said, Shown, Words};
use super::{
    session::{CODE_MILLIS, FIELD_MAX, code_hash, ends_of, later, same, send_code},
    token_hash,
};
use crate::{
    fault::{Fault, correlation_id},
    html::page,
    passwords,
    state::State,
};

/// Codes that may be tried with one link.
const TRIES: i64 = 10;
/// The largest form, in bytes.
const FORM_MAX: usize = 16 * 1024;
const STYLE: &str = include_str!("style.css");

/// The pages.
pub(super) fn pages(state: Arc<State>) -> Router {
    let at = |page: &str| format!("{}/{page}", path::LINK);
    let style = || std::future::ready(([(header::CONTENT_TYPE, "text/css")], STYLE));
    Router::new()
        .route(&at("style.css"), get(style))
        .route(&at("{token}"), get(look))
        .route(&at("code"), post(code))
        .route(&at("again"), post(again))
        .route(&at("password"), post(password))
        .layer(DefaultBodyLimit::max(FORM_MAX))
        .with_state(state)
}

/// What a form holds. A field that a form does not have is empty.
#[derive(Deserialize)]
struct Filled {
    #[serde(default)]
    lang: String,
    token: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    repeated: String,
}

/// The language: the one asked for, or the first of the browser's that we have.
fn words(asked: &str, headers: &HeaderMap) -> &'static Words {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let names = std::iter::once(asked).chain(accepted.unwrap_or_default().split(','));
    names.map(str::trim).find_map(Words::named).unwrap_or_else(Words::usual)
}

async fn find(state: &Arc<State>, token: &str) -> Result<Option<Link>, Fault> {
    let (hash, now) = (token_hash(token), state.now());
    let link = state.read(move |store| store.link(&hash, now)).await?;
    Ok(link.filter(|link| link.tries < TRIES))
}

/// A page for what went wrong as a whole.
fn failed(words: &Words, fault: Fault) -> Response {
    let (status, said) = match fault {
        Fault::Told(ErrorCode::TooManyTries) => (StatusCode::TOO_MANY_REQUESTS, words.too_many),
        Fault::Sms(_) => (StatusCode::BAD_GATEWAY, words.sms_failed),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, words.failed),
    };
    if !matches!(fault, Fault::Told(_)) {
        tracing::error!(%fault, correlation_id = correlation_id(), "a page failed");
    }
    page(status, words.plain(words.failed_title, said))
}

fn gone(words: &Words) -> Response {
    page(StatusCode::GONE, words.plain(words.gone_title, words.gone))
}

/// The first page: what will happen, and a button that has the code sent.
async fn look(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Path(token): Path<String>,
    address_of_page: Uri,
    headers: HeaderMap,
) -> Response {
    let lang = address_of_page.query().and_then(|query| query.strip_prefix("lang="));
    let words = words(lang.unwrap_or_default(), &headers);
    let found = match state.sign_ins.count_address(address.ip()) {
        Ok(()) => find(&state, &token).await,
        Err(code) => Err(code.into()),
    };
    match found {
        Ok(Some(link)) => page(StatusCode::OK, words.begin(&token, &shown(&link))),
        Ok(None) => gone(words),
        Err(fault) => failed(words, fault),
    }
}

fn shown(link: &Link) -> Shown {
    Shown {
        user_name: link.user_name.clone(),
        phone_ends: ends_of(&link.phone),
        activated: link.activated,
    }
}

/// Sends the code and shows the second page.
async fn code(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Response {
    let words = words(&filled.lang, &headers);
    match send(&state, address, &filled.token).await {
        Ok(Some(link)) => page(StatusCode::OK, words.choose(&filled.token, &shown(&link), &[], "")),
        Ok(None) => gone(words),
        Err(fault) => failed(words, fault),
    }
}

async fn send(state: &Arc<State>, address: SocketAddr, token: &str) -> Result<Option<Link>, Fault> {
    state.sign_ins.count_address(address.ip())?;
    let Some(link) = find(state, token).await? else { return Ok(None) };
    let (code_hash, _) = send_code(state, link.person, token.to_owned(), &link.phone).await?;
    let (hash, now) = (token_hash(token), state.now());
    let ends_at = later(now, CODE_MILLIS)?;
    let kept = state
        .writer
        .run(move |writing| Ok(writing.put_link_code(&hash, &code_hash, now, ends_at)?));
    Ok(kept.await?.then_some(link))
}

/// The second page in the other language; nothing is sent.
async fn again(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Response {
    let words = words(&filled.lang, &headers);
    let found = match state.sign_ins.count_address(address.ip()) {
        Ok(()) => find(&state, &filled.token).await,
        Err(code) => Err(code.into()),
    };
    match found {
        Ok(Some(link)) => {
            page(StatusCode::OK, words.choose(&filled.token, &shown(&link), &[], &filled.code))
        }
        Ok(None) => gone(words),
        Err(fault) => failed(words, fault),
    }
}

/// What came of a code and a password.
enum Outcome {
    Done(Link),
    Gone,
    Wrong(Link, Vec<Said>),
}

/// The code and the password. If both are right, the password holds from now on.
async fn password(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Response {
    let words = words(&filled.lang, &headers);
    let (token, code) = (filled.token.clone(), filled.code.clone());
    match choose(&state, address, filled).await {
        Ok(Outcome::Done(link)) => {
            let server = state.public_url().unwrap_or_default();
            page(StatusCode::OK, words.done(&shown(&link), &server))
        }
        Ok(Outcome::Gone) => gone(words),
        Ok(Outcome::Wrong(link, said)) => page(
            StatusCode::UNPROCESSABLE_ENTITY,
            words.choose(&token, &shown(&link), &said, &code),
        ),
        Err(fault) => failed(words, fault),
    }
}

/// What can be said of a form before the code is tried: none of it costs a try.
fn complaints(filled: &Filled, user_name: &str) -> Vec<Said> {
    let mut said = Vec::new();
    if filled.code.is_empty() {
        said.push(Said::CodeMissing);
    }
    match password_fault(&filled.password, user_name) {
        Some(fault) => said.push(Said::Password(fault)),
        None if filled.password.len() > FIELD_MAX => {
            said.push(Said::Password(PasswordFault::TooLong));
        }
        None if filled.password.chars().any(is_invisible) => said.push(Said::Invisible),
        None if filled.password != filled.repeated => said.push(Said::Differs),
        None => {}
    }
    said
}

/// Characters that nobody can see and few can type: what holds one can hardly be typed again.
fn is_invisible(each: char) -> bool {
    each.is_control()
        || matches!(each, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

async fn choose(
    state: &Arc<State>,
    address: SocketAddr,
    mut filled: Filled,
) -> Result<Outcome, Fault> {
    state.sign_ins.count_address(address.ip())?;
    let Some(link) = find(state, &filled.token).await? else { return Ok(Outcome::Gone) };
    // as it stands in the message: "123 456"
    filled.code.retain(|each| !each.is_whitespace() && !is_invisible(each));
    let said = complaints(&filled, &link.user_name);
    if !said.is_empty() {
        return Ok(Outcome::Wrong(link, said));
    }
    let Filled { token, code, password, .. } = filled;
    let turn = state.sign_ins.queue()?.turn().await?;
    let hashed = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        passwords::hash(&password)
    });
    let password_hash = hashed.await.map_err(|_| Fault::Panicked)??;
    let (hash, now) = (token_hash(&token), state.now());
    let judged = state.writer.run(move |writing| {
        let Some(link) = writing.try_link(&hash, now)? else { return Ok(Outcome::Gone) };
        if link.tries > TRIES {
            writing.end_link(&hash)?;
            return Ok(Outcome::Gone);
        }
        let (Some(sent), Some(ends_at)) = (&link.code_hash, link.code_ends_at) else {
            return Ok(Outcome::Wrong(link, vec![Said::CodeOld]));
        };
        if ends_at <= now {
            return Ok(Outcome::Wrong(link, vec![Said::CodeOld]));
        }
        if !same(sent, &code_hash(&token, &code)) {
            return Ok(Outcome::Wrong(link, vec![Said::CodeWrong]));
        }
        writing.change_password(link.person, &password_hash, None, now)?;
        if link.activated {
            writing.mail_account(link.person, Mailing::PasswordChanged, now)?;
        }
        Ok(Outcome::Done(link))
    });
    let outcome = judged.await?;
    if let Outcome::Done(link) = &outcome {
        state.notice(1);
        // programs that listen find out at once that their sessions have ended
        state.poke(vec![Scope::Person(link.person)]);
    }
    Ok(outcome)
}
