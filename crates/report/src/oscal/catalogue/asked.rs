//! A catalogue of others as rules that can be loaded: nothing decides its requirements yet, so people are asked.

use super::source::CatalogueFile;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Questions and checks for every requirement of these files: one question each, whether it is met. Together with the files
/// they are a folder of rules; whoever knows by which facts a requirement shows itself writes a better check.
pub fn asked(files: &[CatalogueFile]) -> Vec<CatalogueFile> {
    let (mut questions, mut checks, mut taken) = (Vec::new(), Vec::new(), BTreeSet::new());
    for requirement in files.iter().flat_map(requirements) {
        let text = |name: &str| requirement.get(name).and_then(Value::as_str).unwrap_or_default();
        let question = unused(text("id"), &mut taken);
        let (id, name_ja, name_en) = (text("id"), text("name_ja"), text("name_en"));
        questions.push(json!({
            "id": question,
            "asked_of": "planner",
            "valid_months": 12,
            "ja": format!("「{name_ja}」（{id}）を満たしていますか。"),
            "en": format!("Is \"{name_en}\" ({id}) met?"),
        }));
        checks.push(json!({
            "requirement": id,
            "satisfied_when": format!("person.{question}"),
            "remedy_ja": format!("「{name_ja}」に対応し、結果を回答してください。"),
            "remedy_en": format!("See to \"{name_en}\", and answer the question."),
        }));
    }
    let file =
        |name: &str, content: Value| CatalogueFile { name: name.to_owned(), text: format!("{content:#}\n") };
    vec![
        file("questions.yaml", json!({ "format": "akashi-questions/1", "questions": questions })),
        file("checks.yaml", json!({ "format": "akashi-checks/1", "checks": checks })),
    ]
}

fn requirements(file: &CatalogueFile) -> Vec<Value> {
    let part: Value = serde_json::from_str(&file.text).unwrap_or_default();
    let list = |of: &Value, name: &str| of.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    list(&part, "chapters").iter().flat_map(|chapter| list(chapter, "requirements")).collect()
}

/// The id of a question, made of a requirement's: only letters, digits and underscores stand in keys.
fn unused(requirement: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
    let wanted: String = requirement.chars().map(plain).collect();
    let mut question = format!("met_{wanted}");
    let mut number: usize = 1;
    while !taken.insert(question.clone()) {
        number = number.saturating_add(1);
        question = format!("met_{wanted}_{number}");
    }
    question
}
