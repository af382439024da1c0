//! The matrix of responsibilities: the disclosures of all layers put together.

use super::{Disclosure, Layer, Party, Share, Statement};
use crate::assessment::Side;
use crate::catalogue::{Catalogue, Requirement, Text};
use crate::codes;
use crate::day::Day;
use base::Problem;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Who answers for a requirement in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answered {
    /// The layers below the facility, whole.
    Below,
    /// The layers below in part; the rest is the facility's.
    Shared,
    /// The facility: it is asked of it, and no layer below takes any part.
    Facility,
    /// Nobody: it is asked of providers, and none of them says anything.
    Unassigned,
    /// Somebody relies on a party that does not answer for it, or that relies on them in turn.
    Contradicted,
}

/// Of one requirement, who says what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// The requirement.
    pub requirement: String,
    /// Who answers in the end.
    pub answered: Answered,
    /// The parties that speak of it, from below.
    pub says: Vec<(String, Statement)>,
    /// What is left to the facility.
    pub remains: Vec<Text>,
    /// Parties that rely on one which does not answer for it, or relies on them: who, on whom.
    pub unfounded: Vec<(String, String)>,
    /// Parties of the topmost layer of which nothing is known, neither from them nor from below, while others speak.
    pub silent: Vec<String>,
    /// Parties whose statement no longer counts.
    pub expired: Vec<String>,
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

/// Composes disclosures, in any order and of any number of layers and parties, into who answers for each requirement of an
/// edition on a day. What is said of a requirement of an earlier edition holds for the one that inherits
/// it. Several parties of one layer stand beside each other: what one of them provides, the others do not.
///
/// # Errors
/// There is no such edition, or one party discloses twice.
pub fn matrix(
    catalogue: &Catalogue,
    edition: &str,
    chain: &[Disclosure],
    today: Day,
) -> Result<Matrix, Problem> {
    let mut chain: Vec<&Disclosure> = chain.iter().collect();
    chain.sort_by(|one, two| (one.party.layer, &one.party.id).cmp(&(two.party.layer, &two.party.id)));
    if let Some([one, _]) = chain.array_windows().find(|[one, two]| one.party.id == two.party.id) {
        let what = format!("{} discloses twice", one.party.id);
        return Err(Problem::new(&codes::CATALOGUE).with("what", &what).log(what));
    }
    let mut rows = Vec::new();
    for id in catalogue.edition(edition)?.requirements() {
        let requirement = catalogue.requirement(id)?;
        rows.push(Said::of(catalogue, requirement, &chain, today).row(requirement));
    }
    let parties = chain.iter().map(|one| one.party.clone()).collect();
    Ok(Matrix { edition: edition.to_owned(), parties, rows })
}

/// What the parties say of one requirement.
struct Said<'a> {
    /// From below.
    says: Vec<(&'a Party, &'a Statement)>,
    expired: Vec<String>,
    /// The parties of the topmost layer of the chain, whether they speak or not.
    top: Vec<&'a Party>,
}

impl<'a> Said<'a> {
    fn of(catalogue: &Catalogue, requirement: &Requirement, chain: &[&'a Disclosure], today: Day) -> Self {
        let root = catalogue.root(requirement);
        let highest: Option<Layer> = chain.last().map(|one| one.party.layer);
        let top = chain.iter().map(|one| &one.party).filter(|party| Some(party.layer) == highest).collect();
        let mut said = Self { says: Vec::new(), expired: Vec::new(), top };
        for one in chain {
            match one.says(&requirement.id).or_else(|| one.says(root)) {
                Some(statement) if one.counts(statement, today) => said.says.push((&one.party, statement)),
                Some(_) => said.expired.push(one.party.id.clone()),
                None => {}
            }
        }
        said
    }

    /// For each party of the topmost layer what holds of it: its own word, or what the nearest layer below it says.
    fn lines(&self) -> Vec<(&'a Party, Vec<&'a Statement>)> {
        let line = |party: &'a Party| {
            let own = self.says.iter().find(|(other, _)| other.id == party.id);
            if let Some((_, statement)) = own {
                return (party, vec![*statement]);
            }
            let below = self.says.iter().filter(|(other, _)| other.layer < party.layer);
            let nearest = below.clone().map(|(other, _)| other.layer).max();
            (party, below.filter(|(other, _)| Some(other.layer) == nearest).map(|(_, said)| *said).collect())
        };
        self.top.iter().map(|party| line(party)).collect()
    }

    fn unfounded(&self) -> Vec<(String, String)> {
        let of = |party: &str| self.says.iter().find(|(other, _)| other.id == party).map(|(_, said)| *said);
        let below = |party: &str| of(party).and_then(|said| said.relies_on.as_deref());
        let relying = self.says.iter().filter_map(|(party, said)| Some((party, said.relies_on.as_deref()?)));
        relying
            .filter(|(party, on)| {
                let answers = of(on).is_some_and(|said| said.share != Share::Customer);
                !answers || in_a_circle(&party.id, on, &below)
            })
            .map(|(party, on)| (party.id.clone(), on.to_owned()))
            .collect()
    }

    fn row(&self, requirement: &Requirement) -> MatrixRow {
        let (lines, unfounded) = (self.lines(), self.unfounded());
        let silent: Vec<String> =
            lines.iter().filter(|(_, said)| said.is_empty()).map(|(party, _)| party.id.clone()).collect();
        let spoken: Vec<&Statement> = lines.iter().flat_map(|(_, said)| said.iter().copied()).collect();
        let takes_part = self.says.iter().any(|(_, said)| said.share != Share::Customer);
        let whole = silent.is_empty() && spoken.iter().all(|said| said.share == Share::Provided);
        let answered = match () {
            () if !unfounded.is_empty() => Answered::Contradicted,
            () if spoken.is_empty() && !Side::Facility.concerns(requirement) => Answered::Unassigned,
            () if spoken.is_empty() => Answered::Facility,
            () if whole => Answered::Below,
            () if takes_part => Answered::Shared,
            () => Answered::Facility,
        };
        let mut remains: Vec<Text> = Vec::new();
        for text in spoken.iter().filter_map(|said| said.remains.as_ref()) {
            if !remains.contains(text) {
                remains.push(text.clone());
            }
        }
        MatrixRow {
            requirement: requirement.id.clone(),
            answered,
            says: self.says.iter().map(|(party, said)| (party.id.clone(), (*said).clone())).collect(),
            remains,
            unfounded,
            silent: if spoken.is_empty() { Vec::new() } else { silent },
            expired: self.expired.clone(),
        }
    }
}

/// Whether the parties on whom somebody relies rely on them in the end. `below` says on whom a party relies.
fn in_a_circle<'a>(party: &str, first: &'a str, below: &dyn Fn(&str) -> Option<&'a str>) -> bool {
    let (mut at, mut seen) = (first, BTreeSet::new());
    while at != party && seen.insert(at) {
        match below(at) {
            Some(next) => at = next,
            None => return false,
        }
    }
    at == party
}
