//! The result of a site check for people and programs: a terminal, JSON, SARIF, a picture in SVG, a page of HTML; and what
//! differs between two of them.
//!
//! Names in it come from files of others. Everything that is shown passes [`text`], so that no name moves a cursor, turns
//! the direction of a line or breaks out of a page. What is undecided is never shown as good.

mod answer;
mod change;
mod explain;
mod first;
mod html;
mod json;
mod modelled;
mod open_paths;
mod picture;
mod sarif;
mod summary;
mod table;
mod text;
mod words;

pub use answer::{ANSWER_FORMAT, answer_json, answer_text};
pub use change::{change_json, change_page, change_table};
pub use explain::explain;
pub use html::check_page;
pub(crate) use json::written;
pub use json::{CHANGE_FORMAT, CHECK_FORMAT, check_json};
pub use modelled::modelled;
pub use open_paths::open_paths;
pub use picture::picture_svg;
pub use sarif::sarif;
pub use table::{Detail, check_table};
pub(crate) use text::{harmless, is_harmful};
