//! One question to people: its last answer, and the form to answer it.

use super::requirement::value;
use super::{body, list, mendable, own_name, position, shown, tell, text, typed, when, word};
use crate::desk::{Desk, May, Refused};
use crate::fault::{Told, told};
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use serde_json::{Value, json};

/// The last answer.
struct Answer {
    value: String,
    name: String,
    note: String,
    at: String,
    until: String,
    position: Option<u64>,
}

#[derive(Template)]
#[template(path = "guideline/question.html")]
struct Page<'a> {
    frame: Frame<'a>,
    key: String,
    text: String,
    kind: String,
    over: bool,
    requirements: usize,
    answer: Option<Answer>,
    may: bool,
    done: bool,
    typed_answer: String,
    name: String,
    note: String,
    until: String,
    faults: Vec<Told>,
}

/// `GET` and `POST /f/{facility}/console/guideline/questions/{key}`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let key = visit.path.get(2).map_or("", String::as_str);
    let mut faults = Vec::new();
    if visit.sends {
        match attest(visit, desk, key).await {
            Ok(()) => {
                let to = address(desk.facility(), &["guideline", "questions", key]);
                return Ok(Shown::on(format!("{to}?done")));
            }
            Err(refused) if mendable(&refused) => faults = told(&refused.0, visit.language),
            Err(refused) => return Err(refused),
        }
    }
    let asked = tell(desk, "question-list", json!({})).await?;
    let found = list(&asked, "questions").iter().find(|one| word(one, "question") == key);
    let one = found.ok_or_else(|| base::Problem::new(&crate::codes::PAGE_UNKNOWN))?;
    let (frame, language) = (Frame::of(visit, desk), visit.language);
    let answer = one.get("answer").filter(|answer| !answer.is_null());
    let page = Page {
        key: key.to_owned(),
        text: text(one, "text", language),
        kind: word(one, "kind"),
        over: word(one, "state") == "over",
        requirements: super::number(one, "requirements"),
        answer: answer.map(|answer| Answer {
            value: value(answer.get("answer"), frame.words),
            name: word(answer, "name"),
            note: word(answer, "note"),
            at: when(answer, "at", language),
            until: super::day_of(answer, "valid_until", language),
            position: position(answer),
        }),
        may: desk.may(May::Command("attest")),
        done: visit.query.has("done"),
        typed_answer: typed(visit, "answer", ""),
        name: typed(visit, "name", &own_name(visit)),
        note: typed(visit, "note", ""),
        until: typed(visit, "until", ""),
        faults,
        frame,
    };
    let faulty = !page.faults.is_empty();
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

async fn attest(visit: &Visit, desk: &dyn Desk, key: &str) -> Result<(), Refused> {
    let mut sent = body(visit, &["note", "until"]);
    sent.insert("question".to_owned(), json!(key));
    sent.insert("name".to_owned(), json!(visit.form.get("name")));
    sent.insert("answer".to_owned(), answer_of(visit.form.get("kind"), visit.form.get("answer")));
    tell(desk, "attest", Value::Object(sent)).await?;
    Ok(())
}

/// What was typed, as a value of the kind that is asked; what is none of that kind is refused for it.
pub(super) fn answer_of(kind: &str, typed: &str) -> Value {
    match kind {
        "yes-no" if typed == "yes" => json!(true),
        "yes-no" if typed == "no" => json!(false),
        "count" => typed.parse::<i64>().map_or_else(|_| json!(typed), |number| json!(number)),
        "number" => typed.parse::<f64>().map_or_else(|_| json!(typed), |number| json!(number)),
        "texts" => json!(typed.split([',', '、']).map(str::trim).collect::<Vec<_>>()),
        _ => json!(typed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_sent_as_what_is_asked() {
        assert_eq!(answer_of("yes-no", "no"), json!(false));
        assert_eq!(answer_of("count", "12"), json!(12));
        assert_eq!(answer_of("texts", "a、b, c"), json!(["a", "b", "c"]));
        assert_eq!(
            answer_of("count", "many"),
            json!("many"),
            "refused by the command, with what was typed kept"
        );
        assert_eq!(answer_of("yes-no", ""), json!(""), "no answer is not a no");
    }
}
