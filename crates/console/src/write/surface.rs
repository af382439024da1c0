//! The form of a record as a page shows it: fields with what was typed and what is wrong beside them.

use super::content::{Wrong, field_of};
use super::kinds::{ITEMS, Input, Kind};
use super::people::Choice;
use crate::banner::Banner;
use crate::desk::Refused;
use crate::form::Fields;
use crate::frame::Frame;
use crate::words::Words;
use askama::Template;
use fhir::Node;
use fhir::readable::{Change, Line};

/// A field as it is shown.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) key: &'static str,
    /// `line`, `text`, `number`, `moment`, `date`, `file` or `choice`.
    pub(super) input: &'static str,
    pub(super) required: bool,
    pub(super) value: String,
    /// Codes with their texts.
    pub(super) options: Vec<(&'static str, String)>,
    pub(super) fault: Option<String>,
}

/// What is wrong, for the head of the page.
pub(super) struct Fault {
    /// The field that it belongs to; empty where it belongs to none.
    pub(super) name: &'static str,
    pub(super) text: String,
    pub(super) code: &'static str,
}

/// What somebody else wrote in between.
pub(super) struct Conflict {
    /// Whether fields that I did not change were taken from theirs.
    pub(super) merged: bool,
    /// What the record says now.
    pub(super) theirs: Vec<Line>,
    /// From theirs to mine.
    pub(super) changes: Vec<Change>,
    /// Who answers for it now, and when it was written.
    pub(super) who: String,
    pub(super) when: String,
}

/// The page with the form.
#[expect(clippy::struct_excessive_bools, reason = "what a page shows or leaves out")]
#[derive(Template)]
#[template(path = "write/form.html")]
pub(super) struct Page<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) banner: Option<Banner>,
    /// Whether the registration of the patient is not in use.
    pub(super) inactive: bool,
    /// The key of the title.
    pub(super) key: &'static str,
    /// The kind, as addresses name it.
    pub(super) kind: &'static str,
    /// Where the form is sent.
    pub(super) action: String,
    /// The page to go back to without saving.
    pub(super) back: String,
    pub(super) fields: Vec<Field>,
    pub(super) faults: Vec<Fault>,
    /// Whether the record is new.
    pub(super) is_new: bool,
    /// Whether it is saved by itself while somebody writes.
    pub(super) saves_itself: bool,
    /// Whether it is an amendment, which has a reason.
    pub(super) amends: bool,
    pub(super) reason: String,
    pub(super) reason_fault: bool,
    /// Whether it is said of the one who answers for it that something is wrong.
    pub(super) responsible_fault: bool,
    /// Whether nothing can be saved any more.
    pub(super) closed: bool,
    pub(super) version: String,
    pub(super) encounters: Vec<Choice>,
    pub(super) encounter: String,
    pub(super) responsibles: Vec<Choice>,
    pub(super) responsible: String,
    /// Whether somebody else has to answer for it.
    pub(super) for_another: bool,
    pub(super) conflict: Option<Conflict>,
    /// Where the same is saved as a new draft.
    pub(super) as_new: String,
    pub(super) saved: bool,
    /// Whether records of this kind have states; others hold as soon as they are saved.
    pub(super) stated: bool,
    /// Whether a file is sent with it.
    pub(super) uploads: bool,
}

/// What is wrong with a form, by its field.
#[derive(Default)]
pub(super) struct Faults(pub(super) Vec<Fault>);

impl Faults {
    /// What the fields say by themselves.
    pub(super) fn of_fields(found: &[Wrong], words: Words) -> Self {
        let fault = |(name, key): &Wrong| Fault { name, text: words.say(key), code: "" };
        Self(found.iter().map(fault).collect())
    }

    /// What the API says, each beside the field whose element it names.
    pub(super) fn of_refusal(refused: &Refused, kind: &Kind, content: &Node, words: Words) -> Self {
        let fault = |problem: &base::Problem| Fault {
            name: problem.place().and_then(|place| field_of(kind, content, place)).unwrap_or_default(),
            text: problem.text(words.0),
            code: problem.code().id,
        };
        Self(refused.0.iter().map(fault).collect())
    }

    /// What belongs to no field alone.
    pub(super) fn add(&mut self, name: &'static str, key: &str, words: Words) {
        self.0.push(Fault { name, text: words.say(key), code: "" });
    }
}

/// The fields of a kind, filled in.
pub(super) fn fields(kind: &Kind, given: &Fields, faults: &Faults, words: Words) -> Vec<Field> {
    let field = |slot: &super::kinds::Slot| Field {
        name: slot.name,
        key: slot.key,
        required: slot.required,
        value: given.get(slot.name).to_owned(),
        input: match slot.input {
            Input::Line => "line",
            Input::Text => "text",
            Input::Number => "number",
            Input::Moment => "moment",
            Input::Date => "date",
            Input::File => "file",
            Input::Choice(..) => "choice",
        },
        options: match slot.input {
            Input::Choice(key, codes) => codes.iter().map(|code| (*code, option(key, code, words))).collect(),
            _ => Vec::new(),
        },
        fault: faults.0.iter().find(|fault| fault.name == slot.name).map(|fault| fault.text.clone()),
    };
    kind.slots.iter().map(field).collect()
}

/// A choice in words; of what is measured with its unit.
fn option(key: &str, code: &str, words: Words) -> String {
    let text = words.say(&format!("{key}-{code}"));
    match ITEMS.iter().find(|item| key == "write-item" && item.name == code) {
        Some(item) => format!("{text} [{}]", item.unit_in(words)),
        None => text,
    }
}
