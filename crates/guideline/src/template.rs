//! Templates of documents, filled in with what is known. They are Japanese, as the documents of a Japanese facility are.
//!
//! What is not known becomes a blank that nobody overlooks; what is filled in says at the head where it comes from and when
//! it was seen. A filled-in template is a draft: the facility checks and approves it before it is a document.

use crate::codes;
use crate::fact::{Fact, FactKey, FactOrigin, Facts, Kind, Registry, Value};
use base::Problem;
use std::collections::BTreeSet;

/// The template of a kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    kind: &'static str,
    text: &'static str,
}

/// What stands on a document beside what is known: for whom it is, and which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading<'a> {
    /// The name of the facility.
    pub facility: &'a str,
    /// The day on which it is made, as it shall be read, such as `2026年4月1日`.
    pub date: &'a str,
    /// The version of the document, such as `第1版（案）`.
    pub version: &'a str,
}

macro_rules! templates {
    ($($kind:literal),* $(,)?) => {
        &[$(Template { kind: $kind, text: include_str!(concat!("../catalogue/templates/", $kind, ".md")) }),*]
    };
}

static TEMPLATES: &[Template] = templates![
    "access_rights_table",
    "account_rules",
    "asset_inventory",
    "backup_rules",
    "bcp",
    "contact_list",
    "finalisation_rules",
    "incident_procedure",
    "maintenance_rules",
    "network_diagram",
    "operating_rules",
    "organisation_chart",
    "retention_rules",
    "training_record",
];

impl Template {
    /// The template of a kind of document, where there is one.
    pub fn of(kind: &str) -> Option<&'static Self> {
        TEMPLATES.iter().find(|template| template.kind == kind)
    }

    /// All of them.
    pub fn all() -> &'static [Self] {
        TEMPLATES
    }

    /// The kind of document that it begins.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The keys of the facts that it names.
    pub fn keys(&self) -> BTreeSet<&'static str> {
        let key = |piece| match piece {
            Piece::Fact(key) => Some(key),
            _ => None,
        };
        pieces(self.text).filter_map(key).collect()
    }

    /// Whether all its places can be filled in.
    ///
    /// # Errors
    /// A place is not known, or names a fact that is not.
    pub(crate) fn check(&self, registry: &Registry) -> Result<(), Problem> {
        let wrong = |place: &str| {
            let what = format!("there is no place {{{{{place}}}}}");
            Problem::new(&codes::TEMPLATE).with("kind", self.kind).with("what", &what).log(what)
        };
        pieces(self.text).try_for_each(|piece| match piece {
            Piece::Unknown(place) => Err(wrong(place)),
            Piece::Fact(key) => registry.key(key).map(|_| ()).map_err(|_| wrong(key)),
            _ => Ok(()),
        })
    }

    /// The template as a draft of a document, in Markdown.
    pub fn render(&self, facts: &Facts, registry: &Registry, heading: &Heading<'_>) -> String {
        let mut body = String::with_capacity(self.text.len().saturating_mul(2));
        for piece in pieces(self.text) {
            match piece {
                Piece::Words(words) => body.push_str(words),
                Piece::Facility => body.push_str(&one_line(heading.facility)),
                Piece::Date => body.push_str(&one_line(heading.date)),
                Piece::Version => body.push_str(&one_line(heading.version)),
                Piece::Fact(key) => body.push_str(&stated(key, facts, registry)),
                Piece::Unknown(place) => body.push_str(&blank(place)),
            }
        }
        let (title, rest) = body.split_once('\n').unwrap_or((&body, ""));
        format!("{title}\n\n{}{rest}", self.notice(facts, registry))
    }

    /// What the reader must know first: that it is a draft, what was filled in from where, and how much was not.
    fn notice(&self, facts: &Facts, registry: &Registry) -> String {
        let (known, open): (Vec<&str>, Vec<&str>) =
            self.keys().into_iter().partition(|key| facts.get(key).is_some());
        let mut lines = vec![
            "**これは案です。** Akashi がひな型から作成しました。内容を施設で確かめ、実際の運用に合わせて直し、承認を受けてから使用してください。承認した後に、この囲みを削除してください。".to_owned(),
        ];
        if !open.is_empty() {
            lines.push(format!(
                "**{} 項目は未確認です。** 本文の【未確認：…】を、確かめて記入してください。Akashi は、確認できていない値を推測で埋めません。",
                open.len()
            ));
        }
        if !known.is_empty() {
            lines.push("**次の値は Akashi が記入しました**（かっこ内は出所と確認した日時）。その後に変わっていないかを確かめてください。".to_owned());
        }
        let told: Vec<String> = known
            .iter()
            .filter_map(|key| source(facts.get(key)?, registry))
            .map(|line| format!("- {line}"))
            .collect();
        let mut blocks = lines;
        if !told.is_empty() {
            blocks.push(told.join("\n"));
        }
        let quoted = |line: &str| format!("> {line}").trim_end().to_owned() + "\n";
        blocks.join("\n\n").lines().map(quoted).collect()
    }
}

/// A stretch of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Words(&'static str),
    Facility,
    Date,
    Version,
    Fact(&'static str),
    Unknown(&'static str),
}

/// Words and places in turn. What is put into a place is not looked at for places again.
fn pieces(text: &'static str) -> impl Iterator<Item = Piece> {
    text.split("{{")
        .enumerate()
        .flat_map(|(nth, stretch)| {
            if nth == 0 {
                return [Some(Piece::Words(stretch)), None];
            }
            match stretch.split_once("}}") {
                Some((place, words)) => [Some(place_of(place)), Some(Piece::Words(words))],
                None => [Some(Piece::Unknown(stretch)), None],
            }
        })
        .flatten()
}

fn place_of(name: &'static str) -> Piece {
    match (name, name.strip_prefix("fact:")) {
        ("facility", _) => Piece::Facility,
        ("date", _) => Piece::Date,
        ("version", _) => Piece::Version,
        (_, Some(key)) => Piece::Fact(key),
        _ => Piece::Unknown(name),
    }
}

/// The value of a fact as a Japanese document has it, or a blank.
fn stated(key: &str, facts: &Facts, registry: &Registry) -> String {
    match (facts.get(key), registry.key(key)) {
        (Some(fact), Ok(about)) => value(fact, about),
        (None, Ok(about)) => blank(wanted(about)),
        (_, Err(_)) => blank(key),
    }
}

fn value(fact: &Fact, about: &FactKey) -> String {
    let unit = about.unit.as_deref().map_or("", |unit| unit_name(unit).0);
    let text = match &fact.value {
        Value::YesNo(true) => "はい".to_owned(),
        Value::YesNo(false) => "いいえ".to_owned(),
        Value::Count(count) => format!("{count}{unit}"),
        Value::Number(number) => format!("{number}{unit}"),
        Value::Text(text) => word(&about.key, text).to_owned(),
        Value::Texts(texts) if texts.is_empty() => "なし".to_owned(),
        Value::Texts(texts) => texts.join("、"),
    };
    one_line(&text)
}

/// The few texts that are words of the configuration and not names.
fn word<'a>(key: &str, text: &'a str) -> &'a str {
    match (key, text) {
        ("runtime.tls.client_certificates", "required") => "必須",
        ("runtime.tls.client_certificates", "requested") => "任意（提示があれば確認）",
        ("runtime.tls.client_certificates", "none") => "使用しない",
        _ => text,
    }
}

/// A unit behind a number, and what is asked for where the number is not known.
fn unit_name(unit: &str) -> (&str, &str) {
    match unit {
        "days" => ("日", "日数"),
        "hours" => ("時間", "時間数"),
        "minutes" => ("分", "分数"),
        "seconds" => ("秒", "秒数"),
        "percent" => ("％", "割合（％）"),
        "characters" => ("文字", "文字数"),
        "attempts" => ("回", "回数"),
        // The unit of a facility's own key, in its own word.
        other => (other, "数"),
    }
}

/// What somebody has to write where a fact is not known.
fn wanted(about: &FactKey) -> &str {
    match about.kind {
        Kind::YesNo => "「はい」か「いいえ」",
        Kind::Count | Kind::Number => about.unit.as_deref().map_or("数", |unit| unit_name(unit).1),
        Kind::Text | Kind::Texts => "確かめた内容",
    }
}

fn blank(what: &str) -> String {
    format!("【未確認：{what}を記入してください】")
}

/// A fact with where it comes from and when it was seen.
fn source(fact: &Fact, registry: &Registry) -> Option<String> {
    let about = registry.key(&fact.key).ok()?;
    let from = match fact.origin {
        FactOrigin::Runtime => "稼働中の Akashi が確認",
        FactOrigin::Site => "施設のネットワーク・クラウドの構成による",
        FactOrigin::Document => "登録された文書による",
        FactOrigin::Person => "担当者の回答による",
    };
    let unit = about.unit.as_deref().map_or(String::new(), |unit| format!("（{}）", unit_name(unit).0));
    let name = one_line(about.text.ja.strip_suffix(&unit).unwrap_or(&about.text.ja));
    let value = value(fact, about);
    Some(format!("{name}：{value}（{from}、{}）", moment(fact)))
}

/// In the time of Japan, which is nine hours ahead and has no summer time.
fn moment(fact: &Fact) -> String {
    let text = fact.observed.0.plus_seconds(9 * 3_600).to_string();
    let numbers: Vec<&str> = text.split(|sign: char| !sign.is_ascii_digit()).collect();
    match numbers.as_slice() {
        [year, month, day, hour, minute, ..] => {
            let plain = |number: &str| number.trim_start_matches('0').to_owned();
            let hour = if *hour == "00" { "0".to_owned() } else { plain(hour) };
            format!("{year}年{}月{}日 {hour}時{minute}分", plain(month), plain(day))
        }
        _ => text,
    }
}

/// What comes from outside must not break a table, or become markup.
fn one_line(text: &str) -> String {
    let safe = |letter: char| match letter {
        '|' => '｜',
        '<' => '＜',
        '>' => '＞',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    text.chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_with_a_place_that_nothing_fills_does_not_load() {
        let registry = crate::engine().unwrap().registry;
        let check = |text: &'static str| Template { kind: "bcp", text }.check(&registry);
        assert!(check("# 計画\n{{facility}} {{date}} {{version}} {{fact:runtime.tls.versions}}").is_ok());
        for (text, place) in [
            ("# {{name}}", "{{name}}"),
            ("{{fact:runtime.tls.version}}", "runtime.tls.version}}"),
            ("{{date}} {{fact:site.a", "site.a"),
            ("{{ date }}", "{{ date }}"),
            ("{{}}", "{{}}"),
        ] {
            let problem = check(text).unwrap_err();
            assert_eq!(problem.code(), &codes::TEMPLATE);
            assert!(problem.value("what").unwrap().contains(place), "{problem}");
        }
    }
}
