//! People of a facility as others name them: who stands behind a name, as the law sees them while they do not ask.

use crate::question::Who;

/// How somebody names a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By the id of the account.
    Account(String),
    /// By the id of the `Practitioner` record that the account is linked to.
    Practitioner(String),
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(id) => f.write_str(id),
            Self::Practitioner(id) => write!(f, "Practitioner/{id}"),
        }
    }
}

/// Who can be named. The room of identities knows; the records ask.
pub trait Staff: Send + Sync + std::fmt::Debug {
    /// The one person of this name whose account is their own and can be used now. None where there is no such account,
    /// where it is a machine's or shared, and where several have the name. Nothing of a login is known of them: no
    /// factor, no network, no app.
    fn person(&self, named: &Named) -> Option<Who>;

    /// The id of the `Practitioner` record of an account, usable or not.
    fn practitioner(&self, account: &str) -> Option<String>;
}
