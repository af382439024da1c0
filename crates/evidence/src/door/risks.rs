//! The risk register of the facility: who may take which step the law says; that no step breaks the process,
//! `guideline::risk`.

use super::{Evidence, people_only};
use crate::codes;
use crate::command::SheetForm;
use crate::kept::{KeptAsset, KeptFlow, KeptRisk};
use crate::register::Step as Written;
use base::{Language, Problem};
use guideline::risk::{Asset, By, Description, Flow, Risk, Row, Rules, Step};
use guideline::{Actor as Role, Moment};
use identity::AccountId;
use identity::kept::Duty;
use serde_json::{Value, json};
use store::{Actor, ActorKind};

/// As what somebody takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Acting {
    /// As one who plans and runs.
    Running,
    /// As one of the executives.
    Deciding,
}

impl Acting {
    fn role(self) -> Role {
        match self {
            Self::Running => Role::Planner,
            Self::Deciding => Role::Executive,
        }
    }

    fn duties(self) -> &'static [Duty] {
        match self {
            Self::Running => &[Duty::Planner, Duty::Operator],
            Self::Deciding => &[Duty::Executive],
        }
    }
}

impl Evidence {
    /// By which rules risks are found, rated and decided.
    pub(super) fn risk_rules(&self) -> Result<Rules<'_>, Problem> {
        Ok(Rules { catalogue: &self.engine()?.catalogue, method: self.rules.method()? })
    }

    /// Assets, flows, and all risks in the order in which they want to be looked at.
    pub(super) fn list_risks(&self) -> Result<Value, Problem> {
        let (rules, now) = (self.risk_rules()?, self.clock.now());
        let register = &self.register().risks;
        let scale = &rules.method.scale;
        Ok(json!({
            "assets": register.assets().collect::<Vec<_>>(),
            "flows": register.flows().collect::<Vec<_>>(),
            "counts": register.counts(scale),
            "risks": register.rows(scale, now).iter().map(shown).collect::<Vec<_>>(),
        }))
    }

    /// The register as a file.
    pub(super) fn export_risks(&self, form: SheetForm, language: Language) -> Result<Value, Problem> {
        let (rules, now) = (self.risk_rules()?, self.clock.now());
        let register = &self.register().risks;
        let text = match form {
            SheetForm::Json => format!("{:#}\n", register.to_json()),
            SheetForm::Csv => {
                let failed = |what: String| Problem::new(&codes::NOT_KEPT).log(what);
                let sheet = register.to_csv(&rules.method.scale, now, language);
                let bytes = sheet.map_err(|error| failed(error.to_string()))?;
                String::from_utf8(bytes).map_err(|error| failed(error.to_string()))?
            }
        };
        Ok(json!({ "text": text }))
    }

    pub(super) async fn put_asset(&self, by: &Actor, asset: Asset) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        self.register().risks.clone().put_asset(asset.clone())?;
        let shown = json!(asset);
        self.write(by, vec![Written::Asset(KeptAsset(asset))]).await?;
        Ok(shown)
    }

    pub(super) async fn remove_asset(&self, by: &Actor, id: &str) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        self.register().risks.clone().remove_asset(id)?;
        self.write(by, vec![Written::AssetEnd(id.to_owned())]).await?;
        Ok(json!({ "asset": id }))
    }

    pub(super) async fn put_flow(&self, by: &Actor, flow: Flow) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        self.register().risks.clone().put_flow(flow.clone())?;
        let shown = json!(flow);
        self.write(by, vec![Written::Flow(KeptFlow(flow))]).await?;
        Ok(shown)
    }

    pub(super) async fn remove_flow(&self, by: &Actor, id: &str) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        self.register().risks.clone().remove_flow(id)?;
        self.write(by, vec![Written::FlowEnd(id.to_owned())]).await?;
        Ok(json!({ "flow": id }))
    }

    /// Names the risks that the catalogue's scenarios are for what is in the register, and those that the check of the site
    /// found, as far as nobody has.
    pub(super) async fn propose_risks(&self, by: &Actor, language: Language) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let (rules, by_person) = (self.risk_rules()?, self.by(by, None, Acting::Running)?);
        let mut next = self.register().risks.clone();
        let (assets, flows): (Vec<Asset>, Vec<Flow>) =
            (next.assets().cloned().collect(), next.flows().cloned().collect());
        let existing: Vec<Risk> = next.risks().cloned().collect();
        let taken = existing.iter().map(|risk| risk.id.clone()).collect();
        let mut written = Vec::new();
        let proposed = rules.propose(&assets, &flows, &existing, language);
        for risk in proposed.into_iter().chain(self.threats(&taken, language)) {
            let risk = next.identify(risk, &by_person, rules)?;
            next.put_risk(risk.clone())?;
            written.push(Written::Risk(Box::new(KeptRisk(risk))));
        }
        let proposed: Vec<String> = written
            .iter()
            .filter_map(|step| match step {
                Written::Risk(risk) => Some(risk.0.id.clone()),
                _ => None,
            })
            .collect();
        if !written.is_empty() {
            self.write(by, written).await?;
        }
        Ok(json!({ "proposed": proposed }))
    }

    /// Names a risk in a person's own words.
    pub(super) async fn add_risk(
        &self,
        by: &Actor,
        id: &str,
        description: Description,
    ) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let (rules, by_person) = (self.risk_rules()?, self.by(by, None, Acting::Running)?);
        let named = Risk::named(id, description);
        let risk = self.register().risks.identify(named, &by_person, rules)?;
        self.keep_risk(by, risk).await
    }

    /// Takes a step. At the console `person` says who decided; over the network it is who asks.
    pub(super) async fn take_step(
        &self,
        by: &Actor,
        id: &str,
        step: &Step,
        (person, acting): (Option<&AccountId>, Acting),
    ) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let by_person = self.by(by, person, acting)?;
        let risk = self.register().risks.take(id, step, &by_person, self.risk_rules()?)?;
        self.keep_risk(by, risk).await
    }

    async fn keep_risk(&self, by: &Actor, risk: Risk) -> Result<Value, Problem> {
        self.register().risks.clone().put_risk(risk.clone())?;
        let id = risk.id.clone();
        self.write(by, vec![Written::Risk(Box::new(KeptRisk(risk)))]).await?;
        let (rules, now) = (self.risk_rules()?, self.clock.now());
        let register = &self.register().risks;
        let rows = register.rows(&rules.method.scale, now);
        Ok(rows.iter().find(|row| row.risk.id == id).map(shown).unwrap_or_default())
    }

    /// Who takes a step. Whoever is at the console may enter what a person of the register decided; the entry in the
    /// journal says that it came from there.
    fn by(&self, by: &Actor, person: Option<&AccountId>, acting: Acting) -> Result<By, Problem> {
        let at = Moment(self.clock.now());
        let person = match (by.kind, person) {
            (ActorKind::System, Some(person)) => {
                let held = (self.duties)(person);
                if !acting.duties().iter().any(|duty| held.contains(duty)) {
                    return Err(Problem::new(&codes::NOT_THEIR_DUTY).with("account", person));
                }
                person.as_str()
            }
            (ActorKind::System, None) if acting == Acting::Deciding => {
                return Err(Problem::new(&codes::WHO_DECIDES));
            }
            (_, Some(person)) if person.as_str() != by.id => {
                return Err(Problem::new(&codes::NOT_THEIR_DUTY).with("account", person));
            }
            _ => &by.id,
        };
        Ok(By { person: person.to_owned(), role: acting.role(), at })
    }
}

fn shown(row: &Row<'_>) -> Value {
    json!({
        "risk": row.risk,
        "status": row.status,
        "level": row.today,
        "assessed": row.assessed,
        "residual": row.residual,
        "overdue": row.is_overdue,
        "review_overdue": row.is_review_overdue,
        "awaits_approval": row.awaits_approval,
    })
}
