//! Shared responsibility: what each layer below a facility answers for, composed into who answers for each requirement.
//!
//! A layer publishes a disclosure: for each requirement that it bears on, whether it provides all of it, shares it, or
//! leaves it to the layer above. What no layer speaks of stays with the facility, and is shown as such.

mod matrix;
mod own;

pub use matrix::{Answered, Matrix, MatrixRow, matrix};

use crate::catalogue::{Catalogue, Text};
use crate::day::Day;
use crate::yaml::{self, SourceFile};
use base::Problem;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use serde_saphyr::Spanned;
use std::collections::BTreeMap;

/// How much of a requirement a layer answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Share {
    /// All of it: nothing remains for the layer above.
    Provided,
    /// Part of it.
    Shared,
    /// Nothing: the layer only offers the means.
    Customer,
}

/// Where a party stands, from the hardware upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// Data centres, networks, machines.
    Infrastructure,
    /// What programs run on.
    Platform,
    /// The system that the facility uses.
    Provider,
}

/// Whoever answers for a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its id, such as `aws`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Where it stands.
    pub layer: Layer,
}

/// What a party says of one requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// How much it answers for.
    pub share: Share,
    /// What it does.
    pub provides: Text,
    /// What remains for the layer above; none when nothing does.
    pub remains: Option<Text>,
    /// The party below that it relies on for its part.
    pub relies_on: Option<String>,
    /// Kinds of documents that show its part.
    pub evidence: Vec<String>,
    /// The last day on which that evidence counts; none where the disclosure's own end is the only one.
    pub valid_until: Option<Day>,
}

/// What one party discloses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// Who.
    pub party: Party,
    /// As of when.
    pub dated: String,
    /// The last day on which it counts; none for as long as no newer one is there.
    pub valid_until: Option<Day>,
    /// On what it rests.
    pub based_on: String,
    /// What it says, by requirement.
    pub statements: BTreeMap<String, Statement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DisclosureFile {
    format: String,
    party: PartyLine,
    dated: String,
    #[serde(default)]
    valid_until: Option<Day>,
    based_on: String,
    statements: Vec<StatementLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyLine {
    id: String,
    layer: Layer,
    name_ja: String,
    name_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementLine {
    requirement: Spanned<String>,
    share: Share,
    provides_ja: String,
    provides_en: String,
    remains_ja: Option<String>,
    remains_en: Option<String>,
    relies_on: Option<String>,
    #[serde(default)]
    evidence: Vec<String>,
    #[serde(default)]
    valid_until: Option<Day>,
    #[serde(default, rename = "services")]
    _services: Vec<String>,
}

impl Disclosure {
    /// Reads a disclosure (formats, section 10).
    ///
    /// # Errors
    /// It is not of its form, or speaks of a requirement that does not exist, twice of one, or says that something
    /// remains without saying what.
    pub fn read(file: SourceFile<'_>, catalogue: &Catalogue) -> Result<Self, Problem> {
        let read: DisclosureFile = yaml::read(file)?;
        if read.format != "akashi-disclosure/1" {
            return Err(yaml::wrong(file.name, 1, &format!("the format {:?} is not known", read.format)));
        }
        let mut statements = BTreeMap::new();
        for line in read.statements {
            let (id, at) = (line.requirement.value.clone(), line.requirement.referenced.line());
            let wrong = |what: &str| yaml::wrong(file.name, at, &format!("{id}: {what}"));
            catalogue.requirement(&id).map_err(|_| wrong("there is no such requirement"))?;
            let remains = match (line.share, line.remains_ja, line.remains_en) {
                (Share::Provided, None, None) => None,
                (Share::Shared | Share::Customer, Some(ja), Some(en)) => Some(Text::new(ja, en)),
                (Share::Provided, ..) => {
                    return Err(wrong("what is provided leaves nothing to the layer above"));
                }
                _ => return Err(wrong("it does not say in both languages what remains for the layer above")),
            };
            let statement = Statement {
                share: line.share,
                provides: Text::new(line.provides_ja, line.provides_en),
                remains,
                relies_on: line.relies_on,
                evidence: line.evidence,
                valid_until: line.valid_until,
            };
            if statements.insert(id.clone(), statement).is_some() {
                return Err(wrong("it is stated twice"));
            }
        }
        let name = Text::new(read.party.name_ja, read.party.name_en);
        let party = Party { id: read.party.id, name, layer: read.party.layer };
        let valid_until = read.valid_until;
        Ok(Self { party, dated: read.dated, valid_until, based_on: read.based_on, statements })
    }

    /// What it says of a requirement.
    fn says(&self, requirement: &str) -> Option<&Statement> {
        self.statements.get(requirement)
    }

    /// Whether one of its statements still counts on a day.
    pub fn counts(&self, statement: &Statement, today: Day) -> bool {
        [self.valid_until, statement.valid_until].into_iter().flatten().all(|last| today <= last)
    }

    /// As a file that [`Disclosure::read`] takes (JSON is YAML).
    pub fn to_json(&self) -> Value {
        let party = &self.party;
        let mut file = json!({
            "format": "akashi-disclosure/1",
            "party": { "id": party.id, "layer": party.layer, "name_ja": party.name.ja, "name_en": party.name.en },
            "dated": self.dated,
            "based_on": self.based_on,
            "statements": self.statements.iter().map(|(id, said)| said.to_json(id)).collect::<Vec<_>>(),
        });
        if let (Some(members), Some(last)) = (file.as_object_mut(), &self.valid_until) {
            members.insert("valid_until".to_owned(), json!(last));
        }
        file
    }
}

impl Statement {
    fn to_json(&self, requirement: &str) -> Value {
        let mut line = json!({
            "requirement": requirement,
            "share": self.share,
            "provides_ja": self.provides.ja,
            "provides_en": self.provides.en,
            "evidence": self.evidence,
        });
        if let Some(members) = line.as_object_mut() {
            if let Some(remains) = &self.remains {
                members.insert("remains_ja".to_owned(), json!(remains.ja));
                members.insert("remains_en".to_owned(), json!(remains.en));
            }
            if let Some(below) = &self.relies_on {
                members.insert("relies_on".to_owned(), json!(below));
            }
            if let Some(last) = &self.valid_until {
                members.insert("valid_until".to_owned(), json!(last));
            }
        }
        line
    }
}
