//! A disclosure of another party, as it was taken in.

use super::{CODES, Kept, KeptCodes};
use guideline::Moment;
use serde::{Deserialize, Serialize};

/// The disclosure in our own form, whatever form it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptDisclosure {
    /// The id of the party.
    pub(crate) id: String,
    /// The disclosure (formats, section 10).
    pub(crate) text: String,
    /// Who took it in, as the journal names them.
    pub(crate) entered_by: String,
    pub(crate) at: Moment,
}

impl Kept for KeptDisclosure {
    const KIND: &'static str = "AkashiDisclosure";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}
