//! What needs the person, what is new, and what has not gone.

use std::collections::BTreeMap;

use behorig_domain::{PersonId, RecordId, Timestamp, cases};
use behorig_store::{CaseRow, DraftAt, NewsOf};
use chrono::{Months, NaiveDate};

use crate::{
    App,
    rpc::{
        Answer, Code, Empty, Need, NeedKind, NewsKind, NewsLine, OverviewView, PlaceView, Seen,
        Topic,
    },
    search::{case_ref, place},
    shapes::count,
};

/// What is older is not new, whoever has looked: 30 days in milliseconds.
const NEW_FOR: i64 = 30 * 24 * 3_600_000;
/// A certificate is renewed in good time: so many months before it runs out.
const RENEW_MONTHS: Months = Months::new(6);

impl App {
    pub(crate) async fn overview(&self, Empty {}: Empty) -> Answer<OverviewView> {
        let now = (self.clock)();
        let floor = Timestamp::from_millis(now.millis().saturating_sub(NEW_FOR)).unwrap_or(now);
        let (found, letters, me) = self
            .with_store(move |store| {
                let letters =
                    store.postal_tasks()?.iter().filter(|(_, it)| it.done.is_none()).count();
                Ok((store.overview(floor)?, letters, store.identity()?.person))
            })
            .await?;
        let today = now.swedish_date();
        let mut needs: Vec<Need> =
            found.cases.iter().flat_map(|row| needs_of(row, &found.cases, me, today)).collect();
        needs.extend(found.drafts.into_iter().map(|draft| of_draft(draft, me)));
        if letters > 0 {
            let (kind, place) = (NeedKind::Letters, PlaceView::Post);
            needs.push(Need { kind, count: count(letters), valid_to: None, case: None, place });
        }
        needs.sort_by_key(|need| need.kind);
        let by_id: BTreeMap<RecordId, &CaseRow> =
            found.cases.iter().map(|row| (row.id, row)).collect();
        let news = found.news.into_iter().filter_map(|it| {
            let row = by_id.get(&it.case)?;
            let (kind, happening, params, place) = news_of(it.what);
            let (by, at) = (it.by_name, it.at.to_string());
            let case = case_ref(row.id, row.case.clone(), me);
            Some(NewsLine { kind, happening, params, by, at, case, place })
        });
        let news = news.collect();
        let unsent = found.unsent;
        Ok(OverviewView {
            needs,
            news,
            queued: count(unsent.queued),
            sent: count(unsent.sent),
            stuck: count(unsent.stuck),
            refused: count(unsent.refused),
        })
    }

    pub(crate) async fn news_seen(&self, asked: Seen) -> Answer<Empty> {
        let up_to: Timestamp = asked.up_to.parse().map_err(|_| Code::BadRequest)?;
        self.with_store(move |store| store.put_seen(up_to)).await?;
        self.host.changed(&[Topic::Cases]);
        Ok(Empty {})
    }
}

/// What a case has for the person.
fn needs_of(row: &CaseRow, all: &[CaseRow], me: PersonId, today: NaiveDate) -> Vec<Need> {
    let documents = || PlaceView::Documents { row: None };
    let messages = || PlaceView::Messages { thread: None };
    let is_open = row.case.stage == cases::Stage::Application;
    let (mut needs, case) = (Vec::new(), || Some(case_ref(row.id, row.case.clone(), me)));
    let mut need = |kind, number: i64, place| {
        if number > 0 {
            let count = count(number);
            needs.push(Need { kind, count, valid_to: None, case: case(), place });
        }
    };
    if row.case.is_officer(me) {
        need(NeedKind::ToHandle, row.to_handle, documents());
        // one proposal is one task, however many of the person's cases show it
        let shows_it = |other: &&CaseRow| {
            other.case.is_officer(me)
                && other.case.issuer == row.case.issuer
                && other.case.holder.person == row.case.holder.person
        };
        if row.contact_to_handle > 0 && all.iter().find(shows_it).is_some_and(|it| it.id == row.id)
        {
            need(NeedKind::ContactToHandle, row.contact_to_handle, PlaceView::Address);
        }
    } else if is_open {
        need(NeedKind::AwaitedAgain, row.refused, documents());
        let to_send = row.needed.saturating_sub(row.accepted).saturating_sub(row.submitted);
        need(NeedKind::ToSend, to_send.saturating_sub(row.refused), documents());
    }
    need(NeedKind::Unread, row.unread, messages());
    need(NeedKind::Draft, row.drafts, messages());
    need(NeedKind::FilesUnsent, row.unsent_files, documents());
    if row.case.is_holder(me)
        && let Some(certificate) = &row.certificate
        && let Some(valid_to) = ends_soon(certificate.valid_to, today)
        && !is_renewed(&certificate.number, all)
    {
        needs.push(Need {
            kind: NeedKind::CertificateEnds,
            count: 1,
            valid_to: Some(valid_to.to_string()),
            case: case(),
            place: PlaceView::Application,
        });
    }
    needs
}

/// The day, if it is not past and not far away.
fn ends_soon(valid_to: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
    let soon = today.checked_add_months(RENEW_MONTHS)?;
    (today <= valid_to && valid_to <= soon).then_some(valid_to)
}

/// Whether somebody has applied for its renewal and not given that up.
fn is_renewed(number: &str, all: &[CaseRow]) -> bool {
    let renews = |row: &CaseRow| {
        let alive = matches!(row.case.stage, cases::Stage::Application | cases::Stage::Granted);
        alive && row.case.renews.as_deref() == Some(number)
    };
    all.iter().any(renews)
}

fn of_draft(DraftAt { case, at }: DraftAt, me: PersonId) -> Need {
    let case = case.map(|(id, case)| case_ref(id, case, me));
    Need { kind: NeedKind::Draft, count: 1, valid_to: None, case, place: place(at) }
}

fn news_of(what: NewsOf) -> (NewsKind, Option<String>, serde_json::Value, PlaceView) {
    match what {
        NewsOf::Event(what) => {
            let what = serde_json::to_value(what).unwrap_or_default();
            let part = |name| what.get(name).cloned().unwrap_or_default();
            let happening = part("happening").as_str().map(str::to_owned);
            (NewsKind::Event, happening, part("params"), PlaceView::Case)
        }
        NewsOf::Document { row, name, accepted } => {
            let kind =
                if accepted { NewsKind::DocumentAccepted } else { NewsKind::DocumentRefused };
            let place = PlaceView::Documents { row: Some(row.to_string()) };
            (kind, None, serde_json::json!({ "name": name }), place)
        }
        NewsOf::Contact { accepted } => {
            let kind = if accepted { NewsKind::ContactAccepted } else { NewsKind::ContactRefused };
            (kind, None, serde_json::json!({}), PlaceView::Address)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_certificate_is_told_of_in_its_last_six_months_and_no_longer() {
        let today = day("2026-03-31");
        for (valid_to, told) in [
            ("2026-03-30", false),
            ("2026-03-31", true),
            ("2026-09-30", true),
            ("2026-10-01", false),
        ] {
            assert_eq!(ends_soon(day(valid_to), today).is_some(), told, "{valid_to}");
        }
    }
}
