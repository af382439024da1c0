//! Shared responsibility: what each layer below a facility answers for, composed into who answers for each requirement.
//!
//! A layer publishes a disclosure: for each requirement that it bears on, whether it provides all of it, shares it, or
//! leaves it to the layer above. What no layer speaks of stays with the facility, and is shown as such.

use crate::assessment::{Assessed, Verdict};
use crate::builtin::Engine;
use crate::catalogue::{Catalogue, Text};
use crate::codes;
use crate::fact::{FactOrigin, Facts};
use crate::yaml::{self, SourceFile};
use base::{Language, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use serde_saphyr::Spanned;
use std::collections::{BTreeMap, BTreeSet};

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
}

/// What one party discloses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// Who.
    pub party: Party,
    /// As of when.
    pub dated: String,
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
            };
            if statements.insert(id.clone(), statement).is_some() {
                return Err(wrong("it is stated twice"));
            }
        }
        let name = Text::new(read.party.name_ja, read.party.name_en);
        let party = Party { id: read.party.id, name, layer: read.party.layer };
        Ok(Self { party, dated: read.dated, based_on: read.based_on, statements })
    }
}

impl Disclosure {
    /// As a file that [`Disclosure::read`] takes (JSON is YAML).
    pub fn to_json(&self) -> Value {
        let party = &self.party;
        json!({
            "format": "akashi-disclosure/1",
            "party": { "id": party.id, "layer": party.layer, "name_ja": party.name.ja, "name_en": party.name.en },
            "dated": self.dated,
            "based_on": self.based_on,
            "statements": self.statements.iter().map(|(id, said)| said.to_json(id)).collect::<Vec<_>>(),
        })
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
        }
        line
    }
}

impl Engine {
    /// What the running system answers for of an edition, by what is known about it: what its own facts show whole is
    /// provided, what they show in part is shared, and of the rest it says nothing.
    ///
    /// # Errors
    /// There is no such edition.
    pub fn disclose(
        &self,
        party: Party,
        edition: &str,
        facts: &Facts,
        dated: &str,
    ) -> Result<Disclosure, Problem> {
        let mut statements = BTreeMap::new();
        for one in self.assess(edition, None, facts)?.verdicts {
            if let Some(statement) = self.stated(&one, facts) {
                statements.insert(one.requirement, statement);
            }
        }
        let based_on =
            "Generated from facts that the running system showed about itself on this day.".to_owned();
        Ok(Disclosure { party, dated: dated.to_owned(), based_on, statements })
    }

    fn stated(&self, one: &Assessed, facts: &Facts) -> Option<Statement> {
        let (shown, others): (Vec<&String>, Vec<&String>) =
            one.decided_by.iter().partition(|key| FactOrigin::of_key(key) == Some(FactOrigin::Runtime));
        let speaks = matches!(one.verdict, Verdict::Met | Verdict::Partly | Verdict::NeedsAPerson);
        if shown.is_empty() || !speaks {
            return None;
        }
        let whole = one.verdict == Verdict::Met && others.is_empty();
        let about = |keys: &[&String], ja: &str, en: &str| {
            Text::new(
                format!("{ja}：{}", self.named(keys, facts, Language::Japanese)),
                format!("{en}: {}", self.named(keys, facts, Language::English)),
            )
        };
        let remains = match (whole, one.verdict) {
            (true, _) => None,
            (_, Verdict::Partly) => {
                self.checks.of(&self.catalogue, &one.requirement).map(|check| check.remedy.clone())
            }
            _ => {
                let rest: Vec<&String> = one.open.iter().chain(others).collect();
                Some(about(&rest, "利用者側で示すこと", "to be shown by the customer"))
            }
        };
        Some(Statement {
            share: if whole { Share::Provided } else { Share::Shared },
            provides: about(&shown, "稼働中のシステムが示すこと", "shown by the running system"),
            remains,
            relies_on: None,
            evidence: Vec::new(),
        })
    }

    /// What facts are about, with their values as far as they are known.
    fn named(&self, keys: &[&String], facts: &Facts, language: Language) -> String {
        let one = |key: &&String| {
            let about = self.registry.key(key).map(|known| known.text.of(language)).unwrap_or_default();
            facts.get(key).map_or_else(|| about.to_owned(), |fact| format!("{about} ({})", fact.value))
        };
        let all: Vec<String> = keys.iter().map(one).collect();
        all.join(match language {
            Language::Japanese => "、",
            Language::English => "; ",
        })
    }
}

/// Who answers for a requirement in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answered {
    /// The layers below the facility, whole.
    Below,
    /// The layers below in part; the rest is the facility's.
    Shared,
    /// No layer below speaks of it: the facility.
    Facility,
    /// Somebody relies on a party below that does not answer for it.
    Contradicted,
}

/// Of one requirement, who says what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// The requirement.
    pub requirement: String,
    /// Who answers in the end.
    pub answered: Answered,
    /// The parties that speak of it, from below, with the requirement of the edition under which they do.
    pub says: Vec<(String, Statement)>,
    /// What is left to the facility.
    pub remains: Vec<Text>,
    /// Parties that rely on one below which does not answer for it: who, on whom.
    pub unfounded: Vec<(String, String)>,
}

/// Who answers for the requirements of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// The edition.
    pub edition: String,
    /// The parties from below.
    pub parties: Vec<Party>,
    /// In the order of the guideline.
    pub rows: Vec<MatrixRow>,
}

impl Matrix {
    /// How many requirements are answered how.
    pub fn counts(&self) -> BTreeMap<Answered, usize> {
        let mut counts = BTreeMap::new();
        for row in &self.rows {
            let count: &mut usize = counts.entry(row.answered).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }
}

/// Composes a chain of disclosures, in any order, into who answers for each requirement of an edition. What is said of a
/// requirement of an earlier edition holds for the one that inherits it.
///
/// # Errors
/// There is no such edition, or one party discloses twice.
pub fn matrix(catalogue: &Catalogue, edition: &str, chain: &[Disclosure]) -> Result<Matrix, Problem> {
    let mut chain: Vec<&Disclosure> = chain.iter().collect();
    chain.sort_by_key(|one| one.party.layer);
    let ids: BTreeSet<&str> = chain.iter().map(|one| one.party.id.as_str()).collect();
    if ids.len() < chain.len() {
        return Err(Problem::new(&codes::CATALOGUE)
            .with("what", "a party discloses twice")
            .log("a party discloses twice"));
    }
    let mut rows = Vec::new();
    for id in catalogue.edition(edition)?.requirements() {
        let root = catalogue.root(catalogue.requirement(id)?);
        let says: Vec<(&Disclosure, &Statement)> = chain
            .iter()
            .filter_map(|one| Some((*one, one.statements.get(id).or_else(|| one.statements.get(root))?)))
            .collect();
        rows.push(row(id, &says));
    }
    let parties = chain.iter().map(|one| one.party.clone()).collect();
    Ok(Matrix { edition: edition.to_owned(), parties, rows })
}

fn row(id: &str, says: &[(&Disclosure, &Statement)]) -> MatrixRow {
    let share_of =
        |party: &str| says.iter().find(|(one, _)| one.party.id == party).map(|(_, said)| said.share);
    let unfounded: Vec<(String, String)> = says
        .iter()
        .filter_map(|(one, said)| {
            let below = said.relies_on.as_ref()?;
            let answers = matches!(share_of(below), Some(Share::Provided | Share::Shared));
            (!answers).then(|| (one.party.id.clone(), below.clone()))
        })
        .collect();
    // What the topmost layer that speaks leaves is left to the facility: it took over what those below left to it.
    let top = says.last().map(|(_, said)| *said);
    let anybody_takes_part = says.iter().any(|(_, said)| said.share != Share::Customer);
    let answered = match top.map(|said| said.share) {
        _ if !unfounded.is_empty() => Answered::Contradicted,
        Some(Share::Provided) => Answered::Below,
        Some(Share::Shared) => Answered::Shared,
        Some(Share::Customer) if anybody_takes_part => Answered::Shared,
        Some(Share::Customer) | None => Answered::Facility,
    };
    MatrixRow {
        requirement: id.to_owned(),
        answered,
        says: says.iter().map(|(one, said)| (one.party.id.clone(), (*said).clone())).collect(),
        remains: top.and_then(|said| said.remains.clone()).into_iter().collect(),
        unfounded,
    }
}
