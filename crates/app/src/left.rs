//! What was begun in cases that are no longer here, as a window shows it.

use behorig_domain::{Timestamp, contact::shown};
use behorig_store::{ExamDraft, Left, LeftKind as Kind, typed_details};

use crate::{
    App, Topic,
    rpc::{Answer, Code, Empty, LeftEntry, LeftKind, RemoveLeft, SaveLeft, Saved},
};

impl App {
    pub(crate) async fn left(&self, Empty {}: Empty) -> Answer<Vec<LeftEntry>> {
        let left = self.with_store(|store| store.left()).await?;
        Ok(left.into_iter().map(entry).collect())
    }

    pub(crate) async fn remove_left(&self, asked: RemoveLeft) -> Answer<Empty> {
        let removed = asked.removed.then(|| (self.clock)());
        if !self.with_store(move |store| store.remove_left(&asked.place, removed)).await? {
            return Err(Code::BadRequest.into());
        }
        self.host.changed(&[Topic::Outbox]);
        Ok(Empty {})
    }

    /// Saves it where the person wants it.
    pub(crate) async fn save_left(&self, asked: SaveLeft) -> Answer<Saved> {
        let left = self.with_store(|store| store.left()).await?;
        let found = left.into_iter().find(|left| left.place == asked.place);
        match found.ok_or(Code::BadRequest)?.file {
            Some((file, name)) => self.save_file(name, file).await,
            None => self.save_text(asked.name, asked.text).await,
        }
    }
}

pub(crate) fn entry(left: Left) -> LeftEntry {
    LeftEntry {
        text: text(&left),
        erased_at: left.erased_at().as_ref().map(Timestamp::to_string).unwrap_or_default(),
        left_at: left.left_at.to_string(),
        kind: match left.kind {
            Kind::Message => LeftKind::Message,
            Kind::Decision => LeftKind::Decision,
            Kind::Exam => LeftKind::Exam,
            Kind::Completion => LeftKind::Completion,
            Kind::Note | Kind::NoteChange => LeftKind::Note,
            Kind::Refusal => LeftKind::Refusal,
            Kind::Absence => LeftKind::Absence,
            Kind::Contact => LeftKind::Contact,
            Kind::ContactRefusal => LeftKind::ContactRefusal,
            Kind::File => LeftKind::File,
        },
        file_name: left.file.map(|(_, name)| name),
        place: left.place,
        subject: left.title,
        number: left.number,
    }
}

/// What was typed, without what only the form needs.
fn text(left: &Left) -> String {
    let lines = match left.kind {
        Kind::Contact => {
            let typed = typed_details(&left.text).into_iter();
            typed.map(|(field, text)| shown(field, &text)).collect()
        }
        Kind::Exam => match serde_json::from_str(&left.text) {
            Ok(ExamDraft { held_on, mark, .. }) => vec![held_on, mark],
            Err(_) => vec![left.text.clone()],
        },
        _ => vec![left.text.clone()],
    };
    lines.into_iter().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}
