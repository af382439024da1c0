//! The known keys of facts: what each is about and of which kind. What is not in here cannot be asked.

use crate::catalogue::{Actor, Text};
use crate::codes;
use crate::yaml::{self, SourceFile};
use base::Problem;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Of which kind a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Yes or no.
    YesNo,
    /// A whole number.
    Count,
    /// A measured number.
    Number,
    /// A text.
    Text,
    /// Several texts.
    Texts,
}

impl Kind {
    /// As people in Japan call it.
    pub(crate) fn japanese(self) -> &'static str {
        match self {
            Self::YesNo => "はい・いいえ",
            Self::Count => "整数",
            Self::Number => "数値",
            Self::Text => "文字列",
            Self::Texts => "文字列の一覧",
        }
    }

    /// As files spell it.
    pub fn word(self) -> &'static str {
        match self {
            Self::YesNo => "yes-no",
            Self::Count => "count",
            Self::Number => "number",
            Self::Text => "text",
            Self::Texts => "texts",
        }
    }
}

/// A key with what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactKey {
    /// Such as `runtime.tls.versions`.
    pub key: String,
    /// The kind of its values.
    pub kind: Kind,
    /// The unit of its values, where they have one.
    pub unit: Option<String>,
    /// For how many days an observation counts; none for those that say so themselves.
    pub valid_days: Option<u32>,
    /// What it is about. Of a question: the question.
    pub text: Text,
}

/// A kind of document that guidelines ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentKind {
    /// Such as `network_diagram`.
    pub kind: String,
    /// Its name.
    pub name: Text,
    /// Who answers for it.
    pub owner: Actor,
    /// After how many months it is looked at again.
    pub review_months: u32,
    /// Whether a template is there to begin from.
    pub template: bool,
}

/// A question that only a person can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Such as `training_held`; its fact is `person.training_held`.
    pub id: String,
    /// The question.
    pub text: Text,
    /// Who can answer it.
    pub asked_of: Actor,
    /// For how many months an answer counts.
    pub valid_months: u32,
}

/// All known keys, kinds of documents, and questions.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    keys: BTreeMap<String, FactKey>,
    documents: BTreeMap<String, DocumentKind>,
    questions: BTreeMap<String, Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsFile {
    #[serde(rename = "format")]
    _format: String,
    facts: Vec<FactLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactLine {
    key: String,
    kind: Kind,
    unit: Option<String>,
    valid_days: u32,
    ja: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentsFile {
    #[serde(rename = "format")]
    _format: String,
    documents: Vec<DocumentLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentLine {
    kind: String,
    owner: Actor,
    review_months: u32,
    #[serde(default)]
    template: bool,
    ja: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionsFile {
    #[serde(rename = "format")]
    _format: String,
    questions: Vec<QuestionLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionLine {
    id: String,
    asked_of: Actor,
    valid_months: u32,
    ja: String,
    en: String,
}

impl Registry {
    /// Reads keys, documents and questions from their files. Which is which is told by the `format` of each.
    ///
    /// # Errors
    /// A file is not of its form, or something is named twice.
    pub fn read(files: &[SourceFile<'_>]) -> Result<Self, Problem> {
        Self::default().and(files)
    }

    /// The same registry with what these files add.
    pub(crate) fn and(mut self, files: &[SourceFile<'_>]) -> Result<Self, Problem> {
        for file in files {
            match yaml::head(*file)?.format.unwrap_or_default().as_str() {
                "akashi-facts/1" => self.add_facts(*file)?,
                "akashi-documents/1" => self.add_documents(*file)?,
                "akashi-questions/1" => self.add_questions(*file)?,
                other => {
                    return Err(yaml::wrong(file.name, 1, &format!("the format {other:?} is not known")));
                }
            }
        }
        Ok(self)
    }

    fn add_facts(&mut self, file: SourceFile<'_>) -> Result<(), Problem> {
        let FactsFile { _format: _, facts } = yaml::read(file)?;
        for one in facts {
            let text = Text::new(one.ja, one.en);
            let (kind, unit, valid_days) = (one.kind, one.unit, Some(one.valid_days));
            self.add(file, FactKey { key: one.key, kind, unit, valid_days, text })?;
        }
        Ok(())
    }

    fn add_documents(&mut self, file: SourceFile<'_>) -> Result<(), Problem> {
        let DocumentsFile { _format: _, documents } = yaml::read(file)?;
        for one in documents {
            let name = Text::new(one.ja, one.en);
            self.add(file, yes_no("document", &one.kind, &name))?;
            let (owner, review_months, template) = (one.owner, one.review_months, one.template);
            let made = DocumentKind { kind: one.kind.clone(), name, owner, review_months, template };
            self.documents.insert(one.kind, made);
        }
        Ok(())
    }

    fn add_questions(&mut self, file: SourceFile<'_>) -> Result<(), Problem> {
        let QuestionsFile { _format: _, questions } = yaml::read(file)?;
        for one in questions {
            let text = Text::new(one.ja, one.en);
            self.add(file, yes_no("person", &one.id, &text))?;
            let (asked_of, valid_months) = (one.asked_of, one.valid_months);
            let made = Question { id: one.id.clone(), text, asked_of, valid_months };
            self.questions.insert(one.id, made);
        }
        Ok(())
    }

    fn add(&mut self, file: SourceFile<'_>, key: FactKey) -> Result<(), Problem> {
        let name = key.key.clone();
        let words = name.split('.').collect::<Vec<_>>();
        let plain = |word: &&str| {
            !word.is_empty() && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        };
        if words.len() < 2 || !words.iter().all(plain) || super::FactOrigin::of_key(&name).is_none() {
            return Err(yaml::wrong(file.name, line_of(file, &name), &format!("{name} is no key of a fact")));
        }
        // An expression could no longer tell `site.a` from the `site.a` of `site.a.b`.
        if let Some(other) = self.keys.keys().find(|other| begins(other, &name) || begins(&name, other)) {
            let what = format!("one of the keys {other} and {name} is the beginning of the other");
            return Err(yaml::wrong(file.name, line_of(file, &name), &what));
        }
        match self.keys.insert(name.clone(), key) {
            Some(_) => Err(yaml::wrong(file.name, line_of(file, &name), &format!("{name} is named twice"))),
            None => Ok(()),
        }
    }

    /// A key.
    ///
    /// # Errors
    /// It is not known.
    pub fn key(&self, key: &str) -> Result<&FactKey, Problem> {
        let unknown = || {
            let problem = Problem::new(&codes::FACT).with("key", key).with("what_en", "the key is not known");
            problem.with("what_ja", "このキーはありません").log("a fact")
        };
        self.keys.get(key).ok_or_else(unknown)
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &FactKey> {
        self.keys.values()
    }

    /// All kinds of documents.
    pub fn documents(&self) -> impl Iterator<Item = &DocumentKind> {
        self.documents.values()
    }

    /// A kind of document.
    pub fn document(&self, kind: &str) -> Option<&DocumentKind> {
        self.documents.get(kind)
    }

    /// All questions.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.values()
    }

    /// A question.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.get(id)
    }
}

fn begins(short: &str, long: &str) -> bool {
    long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'))
}

fn yes_no(origin: &str, id: &str, text: &Text) -> FactKey {
    FactKey {
        key: format!("{origin}.{id}"),
        kind: Kind::YesNo,
        unit: None,
        valid_days: None,
        text: text.clone(),
    }
}

/// The last line on which a name stands: where it stands for the second time, if it does.
fn line_of(file: SourceFile<'_>, key: &str) -> u64 {
    let name = key.split_once('.').map_or(key, |(_, rest)| rest);
    let found =
        file.text.lines().enumerate().filter(|(_, line)| line.contains(key) || line.contains(name)).last();
    found.map_or(1, |(index, _)| u64::try_from(index).unwrap_or(0).saturating_add(1))
}
