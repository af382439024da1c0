//! Sessions in the journal: who logged in, when, from where and by what; the token only as its hash.

use super::{CODES, Kept, KeptCodes};
use crate::session::Kept as KeptSession;

impl Kept for KeptSession {
    const KIND: &'static str = "AkashiSession";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        self.session.id.as_str()
    }
}
