//! The risk register as the journal keeps it: each asset, flow and risk for itself.

use super::{CODES, Kept, KeptCodes};
use guideline::risk::{Asset, Flow, Risk};
use serde::{Deserialize, Serialize};

/// Something that information rests in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct KeptAsset(pub(crate) Asset);

/// Information on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct KeptFlow(pub(crate) Flow);

/// A risk with what was decided about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct KeptRisk(pub(crate) Risk);

impl Kept for KeptAsset {
    const KIND: &'static str = "AkashiRiskAsset";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.0.id
    }
}

impl Kept for KeptFlow {
    const KIND: &'static str = "AkashiRiskFlow";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.0.id
    }
}

impl Kept for KeptRisk {
    const KIND: &'static str = "AkashiRisk";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.0.id
    }
}
