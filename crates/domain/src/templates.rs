//! Texts that the officers of a body keep for their messages and letters, for all of them.

use serde::{Deserialize, Serialize};

use crate::{
    Changes, Decision, IssuerId, Kind, PersonId, Read, Reads, Record, RecordId, RecordRef,
    Rejection, Timestamp,
    decision::{found, record},
    identity::{Actor, Staff},
    messages::LENGTH_CEILING,
};

/// The longest title, in characters.
pub const TITLE_MAX: u64 = 100;

/// A text with a name. Everybody who handles cases for the body sees it, so it says nothing of any case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// The body.
    pub issuer: IssuerId,
    /// What it is called.
    pub title: String,
    /// Plain text; what stands in braces is filled in where it is used. Empty once it is removed.
    pub text: String,
    /// Who wrote or changed it last.
    pub by_name: String,
    /// When.
    pub at: Timestamp,
    /// How often it has been changed.
    pub changes: u32,
    /// Whether it has been removed.
    pub removed: bool,
}

impl Template {
    /// Where a template is.
    pub fn at(template: RecordId) -> RecordRef {
        RecordRef { kind: Kind::Template, id: template }
    }
}

/// Keep a new template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteTemplate {
    /// The new template's id.
    pub id: RecordId,
    /// The body.
    pub issuer: IssuerId,
    /// Who writes it; it must be the one who asks.
    pub person: PersonId,
    /// What it is called.
    pub title: String,
    /// What it says.
    pub text: String,
}

/// Change a template, or remove it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeTemplate {
    /// Which.
    pub template: RecordId,
    /// Who changes it; it must be the one who asks.
    pub person: PersonId,
    /// How often it had been changed when this was written: somebody else may have been quicker.
    pub changes: u32,
    /// What it is called and says from now on; `None` removes it.
    pub to: Option<TemplateText>,
}

/// What a template is called, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateText {
    /// What it is called.
    pub title: String,
    /// What it says.
    pub text: String,
}

/// What writing needs to see.
pub fn reads_to_write(command: &WriteTemplate) -> Vec<RecordRef> {
    vec![Staff::at(command.issuer, command.person)]
}

/// What changing needs to see: the template, then whether the person works at the body.
pub fn reads_to_change(command: &ChangeTemplate, so_far: &Reads) -> Vec<RecordRef> {
    let at = Template::at(command.template);
    let template = so_far.found::<Template>(at).and_then(Result::ok);
    let staff = template.map(|template| Staff::at(template.issuer, command.person));
    std::iter::once(at).chain(staff).collect()
}

/// Whether this can be a template.
pub fn check(title: &str, text: &str) -> Result<(), Rejection> {
    if title.trim().is_empty() {
        return Err(Rejection::TemplateUntitled);
    }
    let length = title.chars().count() as u64;
    if length > TITLE_MAX {
        return Err(Rejection::TemplateTitleTooLong { length, max: TITLE_MAX });
    }
    crate::messages::send_message::check_text(text, LENGTH_CEILING)
}

/// Whoever handles cases for the body may write.
pub fn write(
    command: &WriteTemplate,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let by_name = staff(command.issuer, command.person, actor, reads)?;
    check(&command.title, &command.text)?;
    let template = Template {
        issuer: command.issuer,
        title: command.title.trim().to_owned(),
        text: command.text.clone(),
        by_name,
        at: now,
        changes: 0,
        removed: false,
    };
    let create = vec![Record::new(Kind::Template, command.id, &template)];
    Ok(Changes { create, ..Changes::default() })
}

/// They change each other's, but not what somebody else has changed meanwhile.
pub fn change(
    command: &ChangeTemplate,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let old = record(reads, Template::at(command.template), Rejection::TemplateNotFound)?;
    let template: Template = old.read().map_err(Decision::Fault)?;
    let by_name = staff(template.issuer, command.person, actor, reads)?;
    if template.removed {
        return Err(Rejection::TemplateNotFound.into());
    }
    if template.changes != command.changes {
        return Err(Rejection::TemplateChanged { by_name: template.by_name }.into());
    }
    let removed = command.to.is_none();
    let (title, text) = match &command.to {
        Some(TemplateText { title, text }) => {
            check(title, text)?;
            (title.trim().to_owned(), text.clone())
        }
        None => (template.title, String::new()),
    };
    let changes = template.changes.saturating_add(1);
    let new = Template { title, text, by_name, at: now, changes, removed, ..template };
    Ok(Changes { update: vec![old.with(&new)], ..Changes::default() })
}

/// The name of the person who asks. Nobody else is told whether there is such a template.
fn staff(
    issuer: IssuerId,
    person: PersonId,
    actor: Actor,
    reads: &Reads,
) -> Result<String, Decision> {
    if actor != Actor::Person(person) {
        return Err(Rejection::TemplateNotFound.into());
    }
    let at = Staff::at(issuer, person);
    if matches!(reads.get(at), Read::Absent) {
        return Err(Rejection::TemplateNotFound.into());
    }
    let staff: Staff = found(reads, at, Rejection::TemplateNotFound)?;
    Ok(staff.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Command, Scope, audience, decide};

    fn id(n: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(n)
    }

    const ISSUER: IssuerId = IssuerId(uuid::Uuid::from_u128(9));

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap()
    }

    fn staff_record(n: u128) -> Record {
        let person = PersonId(id(n));
        let body = Staff { issuer: ISSUER, person, name: format!("Person {n}") };
        Record::new(Kind::Staff, Staff::at(ISSUER, person).id, &body)
    }

    fn writing(person: u128, title: &str, text: &str) -> Command {
        Command::WriteTemplate(WriteTemplate {
            id: RecordId(id(20)),
            issuer: ISSUER,
            person: PersonId(id(person)),
            title: title.into(),
            text: text.into(),
        })
    }

    fn changing(person: u128, changes: u32, to: Option<(&str, &str)>) -> Command {
        Command::ChangeTemplate(ChangeTemplate {
            template: RecordId(id(20)),
            person: PersonId(id(person)),
            changes,
            to: to.map(|(title, text)| TemplateText { title: title.into(), text: text.into() }),
        })
    }

    fn ask(command: &Command, person: u128, records: &[Record]) -> Decision {
        let mut reads = Reads::default();
        reads.insert(Template::at(RecordId(id(20))), Read::Absent);
        reads.insert(Staff::at(ISSUER, PersonId(id(person))), Read::Absent);
        for record in records {
            reads.insert(record.at, Read::Found(record.clone()));
        }
        decide(command, Actor::Person(PersonId(id(person))), at(7), &reads)
    }

    fn one(decision: Decision) -> Record {
        match decision {
            Decision::Changes(mut changes) => {
                changes.create.append(&mut changes.update);
                changes.create.remove(0)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_officer_writes_a_template_and_another_changes_and_removes_it() {
        let new = one(ask(&writing(1, " Mottaget ", "Hej {namn}"), 1, &[staff_record(1)]));
        assert_eq!(audience(&new), Ok(vec![Scope::Internal(ISSUER)]));
        let to = changing(2, 0, Some(("Mottaget", "Hej {namn}, tack.")));
        let changed = one(ask(&to, 2, &[staff_record(2), new.clone()]));
        let template: Template = changed.read().unwrap();
        assert_eq!((template.title.as_str(), template.changes), ("Mottaget", 1));
        assert_eq!(template.by_name, "Person 2");
        let removed = one(ask(&changing(1, 1, None), 1, &[staff_record(1), changed]));
        let template: Template = removed.read().unwrap();
        assert!(template.removed && template.text.is_empty());
        let again = ask(&changing(1, 2, None), 1, &[staff_record(1), removed]);
        assert_eq!(again, Rejection::TemplateNotFound.into());
    }

    #[test]
    fn what_somebody_else_has_changed_meanwhile_is_not_written_over() {
        let new = one(ask(&writing(1, "A", "a"), 1, &[staff_record(1)]));
        let changed = one(ask(&changing(2, 0, Some(("A", "b"))), 2, &[staff_record(2), new]));
        let late = ask(&changing(1, 0, Some(("A", "c"))), 1, &[staff_record(1), changed]);
        assert_eq!(late, Rejection::TemplateChanged { by_name: "Person 2".into() }.into());
    }

    #[test]
    fn who_handles_no_cases_there_writes_and_changes_nothing() {
        let new = one(ask(&writing(1, "A", "a"), 1, &[staff_record(1)]));
        for command in [writing(5, "A", "a"), changing(5, 0, None), changing(1, 0, None)] {
            let answer = ask(&command, 5, &[new.clone(), staff_record(1)]);
            assert_eq!(answer, Rejection::TemplateNotFound.into());
        }
    }

    #[test]
    fn a_template_has_a_title_and_a_text_of_a_messages_length() {
        let ask = |title: &str, text: &str| ask(&writing(1, title, text), 1, &[staff_record(1)]);
        assert_eq!(ask(" ", "a"), Rejection::TemplateUntitled.into());
        let long = Rejection::TemplateTitleTooLong { length: TITLE_MAX + 1, max: TITLE_MAX };
        assert_eq!(ask(&"å".repeat(TITLE_MAX as usize + 1), "a"), long.into());
        assert_eq!(ask("A", " "), Rejection::MessageEmpty.into());
        let max = LENGTH_CEILING;
        let long = "å".repeat(max as usize + 1);
        assert_eq!(ask("A", &long), Rejection::MessageTooLong { length: max + 1, max }.into());
    }
}
