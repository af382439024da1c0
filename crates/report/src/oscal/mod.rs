//! NIST OSCAL in JSON: catalogs, component definitions and assessment results, written so that other tools read them.
//!
//! What OSCAL has a place for stands there; the rest stands in properties of the namespace [`NAMESPACE`], so that a
//! document that comes back is read without loss. Of documents of others only what they say is taken; what they leave
//! open is marked as such, and never taken as good. `docs/decisions/034-oscal-carries-what-it-has-a-place-for.md` says
//! why, `docs/formats.md` (section 10) which member holds what.

mod catalogue;
mod component;
mod read;
mod results;
mod token;
mod write;

pub use catalogue::{CatalogueFile, asked, read_catalogue, write_catalogue};
pub use component::{read_components, write_components};
pub use results::write_results;

/// The namespace of our properties.
pub const NAMESPACE: &str = "urn:akashi:oscal";

/// The version of OSCAL that is written. Only members that 1.1 has as well are used.
pub const VERSION: &str = "1.2.1";

/// Longest document that is read, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 20 * 1024 * 1024;

/// A text in both languages that is compiled in.
#[derive(Clone, Copy, Debug)]
struct Said {
    en: &'static str,
    ja: &'static str,
}
