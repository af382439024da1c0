//! The register: all assets, flows and risks of a facility, which fit together.

use super::Rules;
use super::form;
use super::model::{Asset, Description, End, Flow, Risk};
use super::step::{self, By, Step};
use super::words::Status;
use crate::catalogue::Catalogue;
use crate::codes;
use base::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name of its form in files.
const FORMAT: &str = "akashi-risk-register/1";

/// All assets, flows and risks. What one names is there, and every risk came to be what it is by the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    assets: BTreeMap<String, Asset>,
    flows: BTreeMap<String, Flow>,
    risks: BTreeMap<String, Risk>,
}

/// A register in a file.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RegisterFile {
    format: String,
    assets: Vec<Asset>,
    flows: Vec<Flow>,
    risks: Vec<Risk>,
}

impl Register {
    /// Puts a register together from what was stored.
    ///
    /// # Errors
    /// An id stands twice, something is not of its form, names what is not there, or breaks a rule of the process.
    pub fn read(assets: Vec<Asset>, flows: Vec<Flow>, risks: Vec<Risk>) -> Result<Self, Problem> {
        let mut register = Self::default();
        for asset in assets {
            vacant(register.assets.contains_key(&asset.id), "asset.id")?;
            register.put_asset(asset)?;
        }
        for flow in flows {
            vacant(register.flows.contains_key(&flow.id), "flow.id")?;
            register.put_flow(flow)?;
        }
        for risk in risks {
            vacant(register.risks.contains_key(&risk.id), "risk.id")?;
            register.put_risk(risk)?;
        }
        Ok(register)
    }

    /// Reads what [`Register::to_json`] wrote.
    ///
    /// # Errors
    /// As for [`Register::read`]; also when it is not JSON of this form (the place is line and column).
    pub fn from_json(json: &str) -> Result<Self, Problem> {
        let unread = |error: serde_json::Error| form::wrong(&format!("{}:{}", error.line(), error.column()));
        let file: RegisterFile = serde_json::from_str(json).map_err(unread)?;
        if file.format != FORMAT {
            return Err(form::wrong("format"));
        }
        Self::read(file.assets, file.flows, file.risks)
    }

    /// The whole register as JSON (`akashi-risk-register/1`).
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "format": FORMAT,
            "assets": self.assets.values().collect::<Vec<_>>(),
            "flows": self.flows.values().collect::<Vec<_>>(),
            "risks": self.risks.values().collect::<Vec<_>>(),
        })
    }

    /// The assets by their ids.
    pub fn assets(&self) -> impl Iterator<Item = &Asset> {
        self.assets.values()
    }

    /// The flows by their ids.
    pub fn flows(&self) -> impl Iterator<Item = &Flow> {
        self.flows.values()
    }

    /// The risks by their ids.
    pub fn risks(&self) -> impl Iterator<Item = &Risk> {
        self.risks.values()
    }

    /// An asset.
    pub fn asset(&self, id: &str) -> Option<&Asset> {
        self.assets.get(id)
    }

    /// A flow.
    pub fn flow(&self, id: &str) -> Option<&Flow> {
        self.flows.get(id)
    }

    /// A risk.
    ///
    /// # Errors
    /// There is none of this id.
    pub fn risk(&self, id: &str) -> Result<&Risk, Problem> {
        self.risks.get(id).ok_or_else(|| absent(id))
    }

    /// Takes an asset in, or takes it anew in the place of the one of its id.
    ///
    /// # Errors
    /// It is not of its form, or there are too many.
    pub fn put_asset(&mut self, asset: Asset) -> Result<(), Problem> {
        form::asset(&asset)?;
        room(&self.assets, &asset.id, "assets")?;
        self.assets.insert(asset.id.clone(), asset);
        Ok(())
    }

    /// Takes a flow in, or takes it anew in the place of the one of its id.
    ///
    /// # Errors
    /// It is not of its form, begins or ends at an asset that is not there, or there are too many.
    pub fn put_flow(&mut self, flow: Flow) -> Result<(), Problem> {
        form::flow(&flow)?;
        room(&self.flows, &flow.id, "flows")?;
        let strange = ends(&flow).find(|asset| !self.assets.contains_key(*asset));
        if let Some(asset) = strange {
            return Err(step::reference(&flow.id, asset));
        }
        self.flows.insert(flow.id.clone(), flow);
        Ok(())
    }

    /// Takes a risk in that was [identified](Self::identify) or that a [step](Self::take) gave, or takes it back from
    /// storage.
    ///
    /// # Errors
    /// It breaks a rule of the process, names what is not there, or there are too many.
    pub fn put_risk(&mut self, risk: Risk) -> Result<(), Problem> {
        step::sound(&risk)?;
        room(&self.risks, &risk.id, "risks")?;
        // What is closed may name what has gone since.
        if risk.status() != Status::Closed {
            self.has(&risk.id, &risk.description())?;
        }
        self.risks.insert(risk.id.clone(), risk);
        Ok(())
    }

    /// Removes an asset that neither a flow nor an open risk names.
    ///
    /// # Errors
    /// There is none of this id, or it is still named.
    pub fn remove_asset(&mut self, id: &str) -> Result<(), Problem> {
        let flow = self.flows.values().find(|flow| ends(flow).any(|end| end == id)).map(|flow| &flow.id);
        let risk = self.open().find(|risk| risk.assets.contains(id)).map(|risk| &risk.id);
        if let Some(from) = flow.or(risk) {
            return Err(step::reference(from, id));
        }
        self.assets.remove(id).map(|_| ()).ok_or_else(|| absent(id))
    }

    /// Removes a flow that no open risk names.
    ///
    /// # Errors
    /// There is none of this id, or it is still named.
    pub fn remove_flow(&mut self, id: &str) -> Result<(), Problem> {
        if let Some(risk) = self.open().find(|risk| risk.flows.contains(id)) {
            return Err(step::reference(&risk.id, id));
        }
        self.flows.remove(id).map(|_| ()).ok_or_else(|| absent(id))
    }

    /// A new risk, proposed or written by a person: nothing about it is decided yet.
    ///
    /// # Errors
    /// Its id is taken, it is not of its form, something was decided already, or it names what is not there.
    pub fn identify(&self, risk: Risk, by: &By, rules: Rules<'_>) -> Result<Risk, Problem> {
        form::person("by", &by.person)?;
        vacant(self.risks.contains_key(&risk.id), "risk.id")?;
        step::sound(&risk)?;
        let undecided =
            Risk { suggested: risk.suggested.clone(), ..Risk::named(&risk.id, risk.description()) };
        if risk != undecided {
            return Err(Problem::new(&codes::RISK_ORDER).with("id", &risk.id).log(risk.id));
        }
        self.knows(&risk.id, &risk.description(), rules.catalogue)?;
        for suggestion in &risk.suggested {
            let requirement = &suggestion.requirement;
            rules.catalogue.requirement(requirement).map_err(|_| step::reference(&risk.id, requirement))?;
        }
        Ok(risk)
    }

    /// The risk after a step. The register is unchanged until [`Register::put_risk`].
    ///
    /// # Errors
    /// There is no such risk, or the step breaks a rule: the codes GL-0020 to GL-0029.
    pub fn take(&self, id: &str, step: &Step, by: &By, rules: Rules<'_>) -> Result<Risk, Problem> {
        step::take(self, self.risk(id)?, step, by, rules)
    }

    /// The risks that are not closed.
    pub fn open(&self) -> impl Iterator<Item = &Risk> {
        self.risks.values().filter(|risk| risk.status() != Status::Closed)
    }

    /// Whether everything that a description names is known here and in the catalogue.
    pub(super) fn knows(
        &self,
        id: &str,
        description: &Description,
        catalogue: &Catalogue,
    ) -> Result<(), Problem> {
        let strange = description
            .scenario
            .as_ref()
            .filter(|scenario| !catalogue.scenarios().any(|one| one.id == **scenario));
        match strange {
            Some(scenario) => Err(step::reference(id, scenario)),
            None => self.has(id, description),
        }
    }

    fn has(&self, id: &str, description: &Description) -> Result<(), Problem> {
        let asset = description.assets.iter().find(|asset| !self.assets.contains_key(*asset));
        let flow = description.flows.iter().find(|flow| !self.flows.contains_key(*flow));
        asset.or(flow).map_or(Ok(()), |strange| Err(step::reference(id, strange)))
    }
}

/// The assets at the ends of a flow.
fn ends(flow: &Flow) -> impl Iterator<Item = &String> {
    [&flow.from, &flow.to].into_iter().filter_map(|end| match end {
        End::Asset(asset) => Some(asset),
        End::Outside(_) => None,
    })
}

fn room<T>(all: &BTreeMap<String, T>, id: &str, place: &str) -> Result<(), Problem> {
    let full = all.len() >= form::REGISTER_MAX && !all.contains_key(id);
    if full { Err(form::wrong(place)) } else { Ok(()) }
}

fn vacant(taken: bool, place: &str) -> Result<(), Problem> {
    if taken { Err(form::wrong(place)) } else { Ok(()) }
}

fn absent(id: &str) -> Problem {
    Problem::new(&codes::RISK_ABSENT).with("id", id).log("a register")
}
