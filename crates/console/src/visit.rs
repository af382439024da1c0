//! A request for a page, read as far as pages need it.

use crate::form::Fields;
use base::Language;
use std::fmt;

/// The cookie in which a browser keeps the language of the pages.
pub const LANGUAGE_COOKIE: &str = "__Host-akashi-language";

/// Who looks at a page.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The account.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// The word of the occupation (`doctor`, `nurse`, …).
    pub occupation: Option<String>,
    /// The words of the duties (`operator`, `planner`, …).
    pub duties: Vec<String>,
    /// Occupation and duties as people say them, in the language of the page.
    pub roles: Vec<String>,
    /// The id of their `Practitioner` record.
    pub practitioner: Option<String>,
    /// The id of the session.
    pub session: String,
    /// Whether a factor was shown moments ago.
    pub fresh: bool,
}

/// A file that a form sends.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The name of the field.
    pub field: String,
    /// What the file is called where it comes from, without folders.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("field", &self.field)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// A request for a page.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Whether something is sent (`POST`).
    pub sends: bool,
    /// The path below `/f/{facility}/console/`, decoded, without a slash at either end.
    pub path: Vec<String>,
    /// The query.
    pub query: Fields,
    /// What a form sends.
    pub form: Fields,
    /// The files that it sends.
    pub files: Vec<Upload>,
    /// In which language the page is.
    pub language: Language,
    /// Whether only a part of the page is wanted, for a script to put in its place.
    pub part: bool,
    /// Who looks; none before they have signed in.
    pub person: Option<Person>,
}
