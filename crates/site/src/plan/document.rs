//! The plan as a whole: its sections in whatever order they come, collected until they can be joined.

use super::changes::Changes;
use super::configuration::{Configuration, Module};
use super::json::{Fault, Member, Shape};
use super::values::{Keep, Resources, Values};
use serde::de::MapAccess;

/// The major version that Terraform promises to keep, and the two that came before it.
pub(super) const KNOWN_VERSIONS: &str = "0.1, 0.2, 1.x";

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) format_version: String,
    pub(super) terraform_version: String,
    pub(super) planned: Option<Resources>,
    pub(super) state: Option<Resources>,
    /// What was read for the plan.
    pub(super) prior: Option<Resources>,
    pub(super) changes: Option<Changes>,
    pub(super) configuration: Option<Module>,
    pub(super) errored: bool,
    /// False where the plan says itself that it leaves something out.
    pub(super) partial: bool,
    /// Whether there is a member that neither plans nor states have.
    pub(super) foreign: bool,
}

impl Document {
    /// Says what is wrong with the whole, once all of it was read.
    pub(super) fn fault(&self) -> Option<Fault> {
        if self.format_version.is_empty() {
            return Some(Fault::NotAPlan("it has no `format_version`", "`format_version` がありません"));
        }
        let has_section = self.planned.is_some() || self.state.is_some() || self.changes.is_some();
        // An empty state is only its version.
        let has_more = self.foreign || self.configuration.is_some();
        (!has_section && has_more).then_some(Fault::NotAPlan(
            "it has neither `planned_values` nor `values`",
            "`planned_values` も `values` もありません",
        ))
    }
}

fn is_known(version: &str) -> bool {
    matches!(version, "0.1" | "0.2")
        || version.strip_prefix("1.").is_some_and(|minor| minor.parse::<u32>().is_ok())
}

impl Shape for Document {
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        match of.key {
            "format_version" => {
                let watch = of.watch;
                self.format_version = of.plain()?;
                if !is_known(&self.format_version) {
                    return Err(watch.refuse(Fault::Version(self.format_version.clone())));
                }
            }
            "terraform_version" => self.terraform_version = of.plain()?,
            "planned_values" => section(&mut self.planned, Keep::All, of)?,
            "values" => section(&mut self.state, Keep::All, of)?,
            "prior_state" => section(&mut self.prior, Keep::Data, of)?,
            "resource_changes" => {
                let none = Resources::new();
                let planned = self.planned.as_ref().unwrap_or(&none);
                self.changes.get_or_insert_default().read(planned, of)?;
            }
            "configuration" => {
                of.object(&mut Configuration(self.configuration.get_or_insert_default()))?;
            }
            "errored" => self.errored = of.plain()?,
            "complete" => self.partial = of.plain::<Option<bool>>()? == Some(false),
            "@level" => {
                return Err(of.watch.refuse(Fault::NotAPlan(
                    "it is the log of `terraform plan -json`",
                    "`terraform plan -json` のログです",
                )));
            }
            "lineage" | "serial" => {
                return Err(of.watch.refuse(Fault::NotAPlan(
                    "it is the state file itself",
                    "状態ファイル（tfstate）そのものです",
                )));
            }
            "variables"
            | "output_changes"
            | "resource_drift"
            | "relevant_attributes"
            | "checks"
            | "timestamp"
            | "applyable" => of.skip()?,
            _ => {
                self.foreign = true;
                of.skip()?;
            }
        }
        Ok(())
    }
}

fn section<'de, A: MapAccess<'de>>(
    into: &mut Option<Resources>,
    keep: Keep,
    of: Member<'_, A>,
) -> Result<(), A::Error> {
    let mut values = Values::new(into.take().unwrap_or_default(), keep);
    of.object(&mut values)?;
    *into = Some(values.resources());
    Ok(())
}
