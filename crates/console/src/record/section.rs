//! The records of a patient as lists: problems, allergies, medicines, documents, pictures, what was done.

use super::element::{at, code, list, quantity, said, shown, text};
use super::item::{Item, State};
use crate::spoken;
use crate::words::Words;
use fhir::Node;
use fhir::readable::heading_of;

/// One list.
#[derive(Debug)]
pub(super) struct Section {
    /// By which it is chosen and found on the page.
    pub(super) name: &'static str,
    /// The key of its heading.
    pub(super) title: &'static str,
    pub(super) rows: Vec<Row>,
    pub(super) cut: bool,
    pub(super) unseen: bool,
}

impl Section {
    /// Whether nothing of it could be looked at.
    pub(super) fn is_hidden(&self) -> bool {
        self.unseen && self.rows.is_empty()
    }
}

/// One record in a list.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) date: String,
    /// What else is to be known at once.
    pub(super) notes: Vec<String>,
    /// None for types without states.
    pub(super) state: Option<State>,
    pub(super) gone: bool,
    /// The key of what became of it after the past moment that is shown.
    pub(super) since: Option<String>,
}

/// The lists: name, key of the heading, types.
pub(super) const SECTIONS: &[(&str, &str, &[&str])] = &[
    ("problems", "record-problems", &["Condition"]),
    ("allergies", "record-allergies", &["AllergyIntolerance"]),
    ("medicines", "record-medicines", &["MedicationRequest", "MedicationStatement"]),
    ("documents", "record-documents", &["Composition", "DocumentReference", "DiagnosticReport"]),
    ("images", "record-images", &["ImagingStudy"]),
    ("done", "record-done", &["Procedure", "Immunization"]),
];

/// A record as a row.
pub(super) fn row(item: &Item, words: Words) -> Row {
    let heading = heading_of(&spoken::in_words(&item.node, words), words.0).unwrap_or_default();
    let kind = fhir::definitions::resource_kind(&item.kind);
    let name = kind.map_or_else(|| item.kind.clone(), |kind| spoken::kind(kind, words));
    let date = heading.date.as_deref().map(|date| shown(date, words.0));
    // What a document from elsewhere is about says more than what kind it is.
    let about = text(&item.node, &["description"]).filter(|_| item.kind == "DocumentReference");
    let about = about.map(str::to_owned);
    let title = about.or(heading.title).unwrap_or(name);
    // What the title says already is not said twice.
    let says_more = |note: &String| !note.trim().is_empty() && *note != title;
    Row {
        kind: item.kind.clone(),
        id: item.id.clone(),
        date: date.unwrap_or_else(|| words.say("record-no-date")),
        notes: notes(item, words).into_iter().filter(says_more).collect(),
        title,
        state: Some(item.state).filter(|state| *state != State::None),
        gone: item.gone(),
        since: item.since.as_ref().map(|fate| format!("record-since-{fate}")),
    }
}

fn notes(item: &Item, words: Words) -> Vec<String> {
    let node = &item.node;
    match item.kind.as_str() {
        "Condition" => problem(node, words),
        "AllergyIntolerance" => allergy(node, words),
        "MedicationRequest" | "MedicationStatement" => medicine(node, words),
        "ImagingStudy" => pictures(node, words),
        "Procedure" | "Immunization" => {
            let lot = text(node, &["lotNumber"]).map(|lot| words.with("record-lot", "lot", lot));
            status(node, words).into_iter().chain(lot).collect()
        }
        "DocumentReference" => node.get("type").and_then(said).into_iter().chain(authors(node)).collect(),
        _ => authors(node),
    }
}

/// A code in words, where there are some.
fn worded(group: &str, node: Option<&Node>, words: Words) -> Option<String> {
    let node = node?;
    let key = format!("record-{group}-{}", code(node)?);
    if words.knows(&key) {
        Some(words.say(&key))
    } else {
        said(node).or_else(|| node.as_str().map(str::to_owned))
    }
}

fn status(node: &Node, words: Words) -> Option<String> {
    worded("status", node.get("status"), words)
}

fn problem(node: &Node, words: Words) -> Vec<String> {
    let clinical = worded("clinical", node.get("clinicalStatus"), words);
    let clinical = clinical.unwrap_or_else(|| words.say("record-clinical-unsaid"));
    let verified = node.get("verificationStatus").filter(|one| code(one) != Some("confirmed"));
    let onset = text(node, &["onsetDateTime"]).map(|on| words.with("record-onset", "on", shown(on, words.0)));
    let end = text(node, &["abatementDateTime"]).map(|on| words.with("record-end", "on", shown(on, words.0)));
    [Some(clinical), worded("verified", verified, words), onset, end].into_iter().flatten().collect()
}

fn allergy(node: &Node, words: Words) -> Vec<String> {
    let clinical = worded("clinical", node.get("clinicalStatus"), words);
    let clinical = clinical.unwrap_or_else(|| words.say("record-clinical-unsaid"));
    let risk = worded("risk", node.get("criticality"), words);
    let verified = node.get("verificationStatus").filter(|one| code(one) != Some("confirmed"));
    let reactions = list(node, "reaction").iter().map(|reaction| {
        let signs: Vec<String> = list(reaction, "manifestation").iter().filter_map(said).collect();
        let severity = worded("severity", reaction.get("severity"), words);
        [Some(signs.join(", ")), severity].into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    let head = [Some(clinical), worded("verified", verified, words), risk].into_iter().flatten();
    head.chain(reactions).collect()
}

fn medicine(node: &Node, words: Words) -> Vec<String> {
    let doses = list(node, "dosageInstruction").iter().chain(list(node, "dosage"));
    let mut notes: Vec<String> = doses.flat_map(|one| dose(one, words)).collect();
    if notes.is_empty() {
        notes.push(words.say("record-no-dose"));
    }
    let days = at(node, &["dispenseRequest", "expectedSupplyDuration"]).and_then(quantity);
    notes.extend(unsaid(days, &notes).map(|days| words.with("record-days", "days", days)));
    let intent = node.get("intent").filter(|intent| intent.as_str() != Some("order"));
    notes.extend(worded("intent", intent, words));
    notes.extend(status(node, words));
    notes
}

/// An instruction in its own words, and the amount each time where they leave it out; else in those of its parts.
fn dose(dosage: &Node, words: Words) -> Vec<String> {
    let amount = at(dosage, &["doseAndRate", "0", "doseQuantity"]).and_then(quantity);
    if let Some(whole) = text(dosage, &["text"]) {
        let mut said = vec![whole.to_owned()];
        said.extend(unsaid(amount, &said).map(|amount| words.with("record-each", "amount", amount)));
        return said;
    }
    let when = at(dosage, &["timing", "code"]).and_then(said);
    let route = dosage.get("route").and_then(said);
    let parts: Vec<String> = [amount, when, route].into_iter().flatten().collect();
    if parts.is_empty() { Vec::new() } else { vec![parts.join(" ")] }
}

/// An amount, unless the words hold it: then it would be read twice. The forms of digits and blanks make no difference; a
/// number within a longer one is another number.
fn unsaid(amount: Option<String>, words: &[String]) -> Option<String> {
    let amount = amount?;
    let wanted = plain(&amount);
    let holds = |text: &String| {
        let text = plain(text);
        let found = text.match_indices(&wanted);
        let whole = |place: usize| {
            let before = text.get(..place).and_then(|before| before.chars().next_back());
            !before.is_some_and(|one| one.is_ascii_digit() || one == '.')
        };
        found.into_iter().any(|(place, _)| whole(place))
    };
    (!words.iter().any(holds)).then_some(amount)
}

/// Digits and letters of full width as those of half width, without blanks.
fn plain(text: &str) -> String {
    let narrow = |one: char| {
        let code = u32::from(one);
        let narrow = if (0xFF01..=0xFF5E).contains(&code) { code.checked_sub(0xFEE0) } else { None };
        narrow.and_then(char::from_u32).unwrap_or(one)
    };
    text.chars().filter(|one| !one.is_whitespace()).map(narrow).collect()
}

fn pictures(node: &Node, words: Words) -> Vec<String> {
    let modalities: Vec<&str> =
        list(node, "modality").iter().filter_map(|one| text(one, &["code"])).collect();
    let total = |member: &str| node.get(member).and_then(Node::as_number).map(str::to_owned);
    let series = total("numberOfSeries").map(|count| words.with("record-series", "count", count));
    let images = total("numberOfInstances").map(|count| words.with("record-pictures", "count", count));
    let about = text(node, &["description"]).map(str::to_owned);
    [Some(modalities.join(", ")), about, series, images].into_iter().flatten().collect()
}

fn authors(node: &Node) -> Vec<String> {
    let named = |member: &str| {
        let all = list(node, member).iter().filter_map(|one| text(one, &["display"]));
        all.map(str::to_owned).collect::<Vec<_>>()
    };
    ["author", "performer", "resultsInterpreter"].into_iter().flat_map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Language;

    fn notes_of(rest: &str) -> Vec<String> {
        let entry = format!(
            r#"{{"resource":{{"resourceType":"MedicationRequest","id":"m","status":"active","intent":"order",{rest}}}}}"#
        );
        let item = Item::of(&fhir::json::parse(entry.as_bytes()).unwrap()).unwrap();
        notes(&item, Words(Language::Japanese))
    }

    #[test]
    fn the_dose_and_the_days_of_a_medicine_are_told_where_its_words_leave_them_out() {
        let typed = |usage: &str, dose: &str, days: &str| {
            notes_of(&format!(
                r#""dosageInstruction":[{{"text":"{usage}","doseAndRate":[{{"doseQuantity":{{"value":{dose},"unit":"錠"}}}}]}}],
                "dispenseRequest":{{"expectedSupplyDuration":{{"value":{days},"unit":"日"}}}}"#
            ))
        };
        assert_eq!(typed("1日2回朝夕食後", "1", "7"), ["1日2回朝夕食後", "1 回 1 錠", "7 日分", "継続中"]);
        // Words that say both say enough, in digits of whichever form.
        assert_eq!(typed("朝食後　１回１錠　14日分", "1", "14"), ["朝食後　１回１錠　14日分", "継続中"]);
        // What they say otherwise is another amount, and both are to be seen.
        assert_eq!(
            typed("朝食後 1回11錠 91日分", "1", "1"),
            ["朝食後 1回11錠 91日分", "1 回 1 錠", "1 日分", "継続中"]
        );
        assert_eq!(typed("朝食後 1回0.5錠", "5", "3"), ["朝食後 1回0.5錠", "1 回 5 錠", "3 日分", "継続中"]);
    }

    #[test]
    fn a_medicine_without_any_words_on_its_use_says_so() {
        assert_eq!(notes_of(r#""note":[]"#), ["用法の記載なし", "継続中"]);
    }
}
