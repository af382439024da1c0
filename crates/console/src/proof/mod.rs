//! Proof: which versions a record has, by whom, when and why; whether each is what the journal holds; and who looked at a
//! patient.

mod file;
mod history;
mod lookers;
mod version;

use crate::banner::{self, Banner};
use crate::desk::Desk;
use crate::frame::Frame;
use crate::pages::{PageRow, look};
use crate::visit::Visit;
use crate::words::Words;
use serde_json::Value;

/// The pages of this part.
pub(crate) static PAGES: &[PageRow] = &[
    look("records/{}/{}/history", |visit, desk| Box::pin(history::page(visit, desk))),
    look("records/{}/{}/proof/{}", |visit, desk| Box::pin(version::page(visit, desk))),
    look("records/{}/{}/proof/{}/file", |visit, desk| Box::pin(version::file(visit, desk))),
    look("patients/{}/lookers", |visit, desk| Box::pin(lookers::page(visit, desk))),
];

/// A segment of the address; empty where there is none.
fn segment(visit: &Visit, place: usize) -> &str {
    visit.path.get(place).map_or("", String::as_str)
}

/// Who and when, as each version says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Made {
    /// When, in words.
    time: String,
    /// The account.
    author: String,
    /// Who answers for it, where that is somebody else.
    responsible: Option<String>,
    /// Who entered it for them.
    entered: Option<String>,
    /// The word of its state; none where the record has none.
    state: Option<String>,
    /// Why; none where nobody said.
    reason: Option<String>,
    /// Where its entry stands in the journal.
    position: String,
    /// What the accounts are called, where that may be known.
    names: Vec<(String, String)>,
}

impl Made {
    /// The state in words.
    fn state_in(&self, frame: &Frame<'_>) -> Option<String> {
        self.state.as_ref().map(|word| frame.words.or(&format!("proof-state-{word}"), word))
    }

    /// Learns what the accounts are called.
    fn learn_names(&mut self, desk: &dyn Desk, words: Words) {
        let accounts = [Some(&self.author), self.responsible.as_ref(), self.entered.as_ref()];
        let called = |account: &String| Some((account.clone(), desk.called(account)?.in_words(words)));
        self.names = accounts.into_iter().flatten().filter_map(called).collect();
    }

    /// What an account is called; none where that is not known.
    fn name_of(&self, account: &str) -> Option<&str> {
        self.names.iter().find(|(known, _)| known == account).map(|(_, name)| name.as_str())
    }

    /// How the tag of the state is coloured.
    fn shade(&self) -> &'static str {
        match self.state.as_deref() {
            Some("final" | "amended") => "good",
            Some("draft") => "wait",
            Some("withdrawn") => "bad",
            _ => "none",
        }
    }
}

/// The head of the patient's pages, where the record is one's and it may be seen.
async fn banner_of(visit: &Visit, desk: &dyn Desk, resource: Option<&Value>) -> Option<Banner> {
    let resource = resource?;
    let text = |at: &str| resource.pointer(at).and_then(Value::as_str);
    let id = match text("/resourceType") {
        Some("Patient") => text("/id")?,
        _ => text("/subject/reference").or_else(|| text("/patient/reference"))?.strip_prefix("Patient/")?,
    };
    banner::of(visit, desk, id).await.ok()
}

#[cfg(test)]
mod tests;
