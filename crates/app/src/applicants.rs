//! Applications by people without an account. At the server only: nothing of them is kept here.

use behorig_domain::{applications::by_web::ASKED, contact};
use behorig_protocol::{
    ActivateApplication, ApplicationAnswer, ApplicationHandled, ApplicationOutcome,
    ApplicationRefusal, ApplicationRequest, ApplicationShown, ApplicationsPage,
    ApplicationsRequest, RefuseApplication, path,
};

use crate::{
    App,
    queue::purpose,
    rpc::{
        ActivateApplicant, Answer, ApplicantAsked, ApplicantDetail, ApplicantHandled,
        ApplicantLine, ApplicantPage, ApplicantRefusal, ApplicantView, ApplicantsAsked, KnownView,
        RefuseApplicant,
    },
    shapes::{record_id, rejection, words},
};

impl App {
    pub(crate) async fn applicants(&self, asked: ApplicantsAsked) -> Answer<ApplicantPage> {
        let request = ApplicationsRequest { purpose: purpose(asked.purpose) };
        let page: ApplicationsPage = self.ask_signed(path::APPLICATIONS, &request).await?;
        let line = |one: behorig_protocol::WaitingApplication| ApplicantLine {
            id: one.id.to_string(),
            name: one.name,
            title: words(one.title),
            renewal: one.is_renewal,
            confirmed_at: one.confirmed_at.to_string(),
        };
        let applicants = page.applications.into_iter().map(line).collect();
        Ok(ApplicantPage { applicants, total: page.total })
    }

    pub(crate) async fn applicant(&self, asked: ApplicantAsked) -> Answer<ApplicantView> {
        let (id, purpose) = (record_id(&asked.id)?, purpose(asked.purpose));
        let request = ApplicationRequest { id, purpose };
        Ok(view(self.ask_signed(path::APPLICATION, &request).await?))
    }

    pub(crate) async fn activate_applicant(
        &self,
        asked: ActivateApplicant,
    ) -> Answer<ApplicantHandled> {
        let ActivateApplicant { id, phone_checked } = asked;
        let request = ActivateApplication { id: record_id(&id)?, phone_checked };
        Ok(handled(self.ask_signed(path::ACTIVATE, &request).await?))
    }

    pub(crate) async fn refuse_applicant(
        &self,
        asked: RefuseApplicant,
    ) -> Answer<ApplicantHandled> {
        let reason = match asked.reason {
            ApplicantRefusal::Incomplete => ApplicationRefusal::Incomplete,
            ApplicantRefusal::NotVerified => ApplicationRefusal::NotVerified,
            ApplicantRefusal::HasAccount => ApplicationRefusal::HasAccount,
            ApplicantRefusal::NotOffered => ApplicationRefusal::NotOffered,
        };
        let request = RefuseApplication { id: record_id(&asked.id)?, reason };
        Ok(handled(self.ask_signed(path::REFUSE, &request).await?))
    }
}

fn view(shown: ApplicationShown) -> ApplicantView {
    let held = shown.known.as_ref().and_then(|known| known.details.as_ref());
    let details = ASKED.iter().map(|field| ApplicantDetail {
        field: field.name().to_owned(),
        value: contact::shown(*field, shown.details.get(*field)),
        known: held.map(|held| contact::shown(*field, held.get(*field))),
    });
    ApplicantView {
        id: shown.id.to_string(),
        title: words(shown.title),
        identity_number: shown.identity_number.spelt(),
        details: details.collect(),
        text: shown.text,
        confirmed_at: shown.confirmed_at.to_string(),
        known: shown.known.map(|known| KnownView {
            name: known.name,
            protected: known.protected,
            has_account: known.has_account,
            undecided: known.undecided,
        }),
    }
}

fn handled(answer: ApplicationAnswer) -> ApplicantHandled {
    match answer {
        ApplicationAnswer::Handled(ApplicationHandled { outcome, by_name, by_me }) => match outcome
        {
            ApplicationOutcome::Activated { number, invited, .. } => {
                ApplicantHandled::Activated { number, invited, by_name, by_me }
            }
            ApplicationOutcome::Refused { .. } => ApplicantHandled::Refused { by_name, by_me },
        },
        ApplicationAnswer::Rejected { rejection: refusal } => {
            ApplicantHandled::Rejected { rejection: rejection(refusal) }
        }
    }
}
