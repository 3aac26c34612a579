//! The applications by people without an account, for the officers of their body.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State as Shared};
use behorig_protocol::{
    ActivateApplication, ApplicationAnswer, ApplicationRequest, ApplicationShown, ApplicationsPage,
    ApplicationsRequest, ErrorCode, KnownPerson, RefuseApplication, WaitingApplication,
};
use behorig_server_store::Known;

use super::{SignedInPerson, session::read};
use crate::{
    applicants::{self, title, whole},
    fault::Fault,
    state::State,
};

/// Those that wait. That somebody looks is written down first.
pub(super) async fn page(
    Shared(state): Shared<Arc<State>>,
    SignedInPerson { person, now, .. }: SignedInPerson,
    body: Bytes,
) -> Result<Json<ApplicationsPage>, Fault> {
    let ApplicationsRequest { purpose } = read(&body)?;
    let noted = state.writer.run(move |writing| {
        Ok(writing.note_application(person, purpose, "applications", None, now)?)
    });
    if !noted.await? {
        return Err(ErrorCode::NotFound.into());
    }
    let found = state.read(move |store| store.applications_for(person, now)).await?;
    let (waiting, mut total) = found.ok_or(ErrorCode::NotFound)?;
    let mut applications = Vec::new();
    for one in &waiting {
        let application = match whole(&state, one).await {
            Err(Fault::Sealed) => {
                // one that nobody can read must not hide the others
                tracing::error!(application = %one.id, "an application cannot be opened");
                total = total.saturating_sub(1);
                continue;
            }
            application => application?,
        };
        let Some(confirmed_at) = one.confirmed_at else { continue };
        applications.push(WaitingApplication {
            id: one.id,
            title: title(&state, &application).await?,
            name: application.details.name,
            is_renewal: application.renews.is_some(),
            confirmed_at,
        });
    }
    Ok(Json(ApplicationsPage { applications, total }))
}

/// One of them, with what the body knows of whoever has that number.
pub(super) async fn show(
    Shared(state): Shared<Arc<State>>,
    SignedInPerson { person, now, .. }: SignedInPerson,
    body: Bytes,
) -> Result<Json<ApplicationShown>, Fault> {
    let ApplicationRequest { id, purpose } = read(&body)?;
    let noted = state.writer.run(move |writing| {
        Ok(writing.note_application(person, purpose, "application", Some(id), now)?)
    });
    if !noted.await? {
        return Err(ErrorCode::NotFound.into());
    }
    let found = state.read(move |store| store.application_for(person, id, now)).await?;
    let found = found.filter(|found| found.handled.is_none()).ok_or(ErrorCode::NotFound)?;
    let application = whole(&state, &found).await?;
    let (number, scheme) = (application.identity_number.clone(), application.scheme.clone());
    let issuer = found.issuer;
    let known = state.read(move |store| store.known_by_number(issuer, &number, &scheme)).await?;
    Ok(Json(ApplicationShown {
        id,
        title: title(&state, &application).await?,
        text: application.message(),
        identity_number: application.identity_number,
        details: *application.details,
        confirmed_at: found.confirmed_at.ok_or(ErrorCode::NotFound)?,
        known: known.map(shown),
    }))
}

/// Of somebody whose identity is protected nothing is shown but that they are known.
fn shown(known: Known) -> KnownPerson {
    let protected = known.contact.as_ref().is_some_and(|contact| contact.protected);
    KnownPerson {
        name: if protected { String::new() } else { known.name },
        protected,
        details: known.contact.filter(|_| !protected).map(|contact| contact.details),
        has_account: known.account.is_some(),
        undecided: known.undecided,
    }
}

/// Makes a case of one.
pub(super) async fn activate(
    Shared(state): Shared<Arc<State>>,
    SignedInPerson { person, .. }: SignedInPerson,
    body: Bytes,
) -> Result<Json<ApplicationAnswer>, Fault> {
    let asked: ActivateApplication = read(&body)?;
    Ok(Json(applicants::activate(&state, person, asked).await?))
}

/// Refuses one.
pub(super) async fn refuse(
    Shared(state): Shared<Arc<State>>,
    SignedInPerson { person, .. }: SignedInPerson,
    body: Bytes,
) -> Result<Json<ApplicationAnswer>, Fault> {
    let asked: RefuseApplication = read(&body)?;
    Ok(Json(applicants::refuse(&state, person, asked).await?))
}
