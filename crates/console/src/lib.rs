//! The console: pages on which people work with their facility, rendered here and shown by any browser.
//!
//! A page is a client of the API like any other: all it knows it asks of its [`Desk`], which goes through the same route
//! table, the same law and the same journal as a request from outside. So there is nothing a page can do that the law does
//! not decide. Texts stand in `messages/`, pages in `templates/`, what browsers load beside them in `assets/`.

mod assets;
mod banner;
mod codes;
mod desk;
mod emergency;
mod fault;
mod form;
mod frame;
mod guideline;
mod home;
mod me;
#[cfg(test)]
mod me_tests;
mod operations;
mod pages;
mod patients;
mod proof;
mod reading;
mod record;
mod shown;
mod sign_in;
mod spoken;
#[cfg(test)]
mod trial;
mod visit;
mod words;
mod write;

pub use assets::{Asset, asset};
pub use codes::{CODES, FORM_BROKEN, NEWS_FULL};
pub use desk::{Answering, Ask, Called, Desk, May, Proven, Refused, Told, Verified};
pub use emergency::{Standing, emergency};
pub use fault::{refusal, session_over, sign_in};
pub use form::Fields;
pub use operations::{ACTION_GROUPS, DUTIES, OCCUPATIONS};
pub use pages::{PageRow, answer, pages};
pub use shown::{POLICY, Shown};
pub use visit::{LANGUAGE_COOKIE, Person, Upload, Visit};
pub use words::{MESSAGES, Words, language_of};
