//! What the journal keeps of identities, one file per kind: read back at the start, written as versions of a record.
//!
//! The content of every kind has the same envelope, that of a record (formats, section 2), around a `body` whose members
//! are those of the type here. Secrets stand in it as digests, or sealed for this facility.

mod account;
mod app;
mod certificate;
mod factor;
mod glass;
mod history;
mod invitation;
mod law;
mod policy;
mod session;

pub use account::{Account, AccountKind, Duty, Holding, Occupation, State, WorkOrder};
pub use app::{App, AppKind, Family, Granted};
pub use certificate::{Authority, Certificate, Mark};
pub use factor::{Factor, Material};
pub use glass::{BrokenGlass, Review};
pub use history::PasswordHistory;
pub use invitation::Invitation;
pub use law::{Law, LawProposal};
pub use policy::{ClientCertificates, FromProxy, Policy, Sms};

pub(crate) use store::kept::{Kept, KeptCodes, end, load, put};

use crate::codes;
use base::{Position, Problem};
use store::{Actor, Inside};

/// What this room says when something cannot be kept.
const CODES: KeptCodes = KeptCodes { not_kept: &codes::NOT_KEPT, unreadable: &codes::UNREADABLE };

/// The types of which something ends when the journal goes to another installation.
pub const ENDING: [&str; 6] = [
    Factor::KIND,
    PasswordHistory::KIND,
    crate::session::Kept::KIND,
    Granted::KIND,
    Invitation::KIND,
    Authority::KIND,
];

/// Whether something of one of those types ends when the journal goes to another installation: nobody comes in there by what
/// was shown here, and the authority whose key stays here issues no certificates there. Its content is none where it stays
/// behind.
pub fn ends_elsewhere(kind: &str, content: Option<&[u8]>) -> bool {
    #[derive(serde::Deserialize)]
    struct Own {
        body: Body,
    }
    #[derive(serde::Deserialize)]
    struct Body {
        key: Option<serde::de::IgnoredAny>,
    }
    if kind != Authority::KIND {
        return ENDING.contains(&kind);
    }
    // What cannot be read is not trusted.
    content
        .and_then(|content| serde_json::from_slice(content).ok())
        .is_none_or(|own: Own| own.body.key.is_some())
}

/// Who made one of a kind at first, and where that stands.
pub(crate) fn maker<T: Kept>(inside: &Inside<'_>, id: &str) -> Result<Option<(Actor, Position)>, Problem> {
    inside.maker(T::KIND, id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lets_people_in_here_ends_when_the_journal_goes_elsewhere() {
        let own = br#"{"resourceType":"AkashiAuthority","format":1,"body":{"id":"a","key":"sealed"}}"#;
        let foreign = br#"{"resourceType":"AkashiAuthority","format":1,"body":{"id":"b"}}"#;
        assert!(ends_elsewhere(Authority::KIND, Some(own)));
        assert!(!ends_elsewhere(Authority::KIND, Some(foreign)));
        assert!(ends_elsewhere(Authority::KIND, Some(b"what nobody can read")));
        for kind in [Factor::KIND, PasswordHistory::KIND, Invitation::KIND, Granted::KIND] {
            assert!(ends_elsewhere(kind, None), "{kind}");
        }
        for kind in [Account::KIND, App::KIND, Policy::KIND, Law::KIND, Certificate::KIND, BrokenGlass::KIND]
        {
            assert!(!ends_elsewhere(kind, Some(b"{}")), "{kind}");
        }
    }
}
