//! Disclosures: those of other parties as they were taken in, that of this system as its own facts show it, and the matrix
//! that they make together.

use super::{Evidence, people_only};
use crate::codes;
use crate::command::DisclosureForm;
use crate::kept::{KeptDisclosure, record_id};
use crate::register::Step;
use base::Problem;
use guideline::Day;
use guideline::{Disclosure, Engine, Facts, Layer, Matrix, MatrixRow, Moment, Party, SourceFile, Text};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use store::Actor;

/// The id under which this system discloses.
const OWN: &str = "akashi";

impl Evidence {
    /// Those that were taken in, and those that are built in.
    pub(super) fn list_disclosures(&self) -> Result<Value, Problem> {
        let engine = self.engine()?;
        let today = Day::of(self.clock.now());
        let mut listed = Vec::new();
        for (one, at) in self.kept(engine)? {
            let mut shown = headed(&one, today);
            if let Some(members) = shown.as_object_mut() {
                members.insert("taken_in".to_owned(), json!(at));
            }
            listed.push(shown);
        }
        let built_in: Vec<Value> = self.rules.disclosures()?.iter().map(|one| headed(one, today)).collect();
        Ok(json!({ "disclosures": listed, "built_in": built_in }))
    }

    /// Takes in disclosures: of our own form, an OSCAL component definition (which may hold several), or one that is built
    /// in by its name. Each stands in place of the one before of the same party.
    pub(super) async fn import_disclosures(
        &self,
        by: &Actor,
        name: &str,
        text: Option<&str>,
        edition: Option<&str>,
    ) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let engine = self.engine()?;
        let read = match text {
            Some(text) if is_oscal(text) => {
                let file = SourceFile { name, text };
                report::oscal::read_components(file, &engine.catalogue, edition)?
            }
            Some(text) => vec![Disclosure::read(SourceFile { name, text }, &engine.catalogue)?],
            None => vec![self.built_in(name)?],
        };
        let kept = |one: &Disclosure| {
            Step::Disclosure(KeptDisclosure {
                id: record_id(&one.party.id),
                text: one.to_json().to_string(),
                entered_by: by.id.clone(),
                at: Moment(self.clock.now()),
            })
        };
        self.write(by, read.iter().map(kept).collect()).await?;
        let today = Day::of(self.clock.now());
        Ok(json!({ "disclosures": read.iter().map(|one| headed(one, today)).collect::<Vec<_>>() }))
    }

    pub(super) async fn remove_disclosure(&self, by: &Actor, party: &str) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let id = record_id(party);
        if !self.register().disclosures.contains_key(&id) {
            return Err(Problem::new(&codes::DISCLOSURE_UNKNOWN).with("party", party));
        }
        self.write(by, vec![Step::DisclosureEnd(id)]).await?;
        Ok(json!({ "party": party }))
    }

    /// What this system answers for, by what it shows about itself now, as a text.
    pub(super) async fn export_disclosure(
        &self,
        edition: &str,
        form: DisclosureForm,
    ) -> Result<Value, Problem> {
        let own = self.own(edition, &self.facts().await?)?;
        let text = match form {
            DisclosureForm::Akashi => format!("{:#}\n", own.to_json()),
            DisclosureForm::Oscal => {
                let catalogue = &self.engine()?.catalogue;
                report::oscal::write_components(std::slice::from_ref(&own), catalogue, self.clock.now())?
            }
        };
        Ok(json!({ "text": text, "statements": own.statements.len() }))
    }

    /// Who answers for each requirement: this system, and those that are named or, when none is, all that were taken in.
    pub(super) async fn matrix(&self, edition: &str, with: &[String]) -> Result<Value, Problem> {
        let facts = self.facts().await?;
        Ok(shown(self.engine()?, &self.composed(edition, with, &facts)?))
    }

    /// The matrix itself.
    pub(super) fn composed(&self, edition: &str, with: &[String], facts: &Facts) -> Result<Matrix, Problem> {
        let engine = self.engine()?;
        engine.catalogue.edition(edition)?;
        let mut chain: Vec<Disclosure> = self.kept(engine)?.into_iter().map(|(one, _)| one).collect();
        if !with.is_empty() {
            let kept = chain;
            let named = |name: &String| match kept.iter().find(|one| one.party.id == *name) {
                Some(one) => Ok(one.clone()),
                None => self.built_in(name),
            };
            chain = with.iter().filter(|name| *name != OWN).map(named).collect::<Result<_, _>>()?;
        }
        if !chain.iter().any(|one| one.party.id == OWN) {
            chain.push(self.own(edition, facts)?);
        }
        let today = Day::of(self.clock.now());
        guideline::matrix(&engine.catalogue, edition, &chain, today)
    }

    /// What this system answers for, by what it shows about itself.
    pub(super) fn own(&self, edition: &str, facts: &Facts) -> Result<Disclosure, Problem> {
        let engine = self.engine()?;
        engine.catalogue.edition(edition)?;
        let party = Party {
            id: OWN.to_owned(),
            name: Text { ja: "証（Akashi）".to_owned(), en: "Akashi".to_owned() },
            layer: Layer::Provider,
        };
        engine.disclose(party, edition, facts, Day::of(self.clock.now()))
    }

    /// One that is built in.
    fn built_in(&self, name: &str) -> Result<Disclosure, Problem> {
        let found = self.rules.disclosures()?.iter().find(|one| one.party.id == name).cloned();
        found.ok_or_else(|| Problem::new(&codes::DISCLOSURE_UNKNOWN).with("party", name))
    }

    /// Those that were taken in, with when.
    fn kept(&self, engine: &Engine) -> Result<Vec<(Disclosure, Moment)>, Problem> {
        let register = self.register();
        let read = |one: &KeptDisclosure| {
            let file = SourceFile { name: &one.id, text: &one.text };
            Ok((Disclosure::read(file, &engine.catalogue)?, one.at))
        };
        register.disclosures.values().map(|one| read(&one.kept)).collect()
    }
}

/// Whether a text is an OSCAL component definition; what reads it says the rest.
fn is_oscal(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Head {
        #[serde(rename = "component-definition")]
        definition: Option<IgnoredAny>,
    }
    serde_json::from_str::<Head>(text).is_ok_and(|head| head.definition.is_some())
}

fn headed(one: &Disclosure, today: Day) -> Value {
    let counting = one.statements.values().filter(|said| one.counts(said, today)).count();
    json!({
        "party": one.party.id,
        "name": one.party.name,
        "layer": one.party.layer,
        "dated": one.dated,
        "valid_until": one.valid_until,
        "statements": one.statements.len(),
        "counting": counting,
    })
}

fn shown(engine: &Engine, matrix: &Matrix) -> Value {
    let counts: Vec<Value> = matrix
        .counts()
        .into_iter()
        .map(|(answered, count)| json!({ "answered": answered, "count": count }))
        .collect();
    json!({
        "edition": matrix.edition,
        "parties": matrix.parties.iter().map(|party| json!({ "party": party.id, "name": party.name, "layer": party.layer })).collect::<Vec<_>>(),
        "counts": counts,
        "rows": matrix.rows.iter().map(|row| shown_row(engine, row)).collect::<Vec<_>>(),
    })
}

pub(super) fn shown_row(engine: &Engine, row: &MatrixRow) -> Value {
    let name = engine.catalogue.requirement(&row.requirement).map(|one| one.name.clone()).unwrap_or_default();
    let says = row.says.iter().map(|(party, said)| {
        json!({
            "party": party,
            "share": said.share,
            "provides": said.provides,
            "remains": said.remains,
            "relies_on": said.relies_on,
            "evidence": said.evidence,
            "valid_until": said.valid_until,
        })
    });
    json!({
        "requirement": row.requirement,
        "name": name,
        "answered": row.answered,
        "says": says.collect::<Vec<_>>(),
        "remains": row.remains,
        "unfounded": row.unfounded,
        "silent": row.silent,
        "expired": row.expired,
    })
}
