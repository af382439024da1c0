//! Apps and services that call by OAuth 2.0 (RFC 6749), as SMART App Launch 2 and SMART Backend Services use it: their
//! names, addresses, keys and scopes, and the tokens they hold. What is decided and written stands in `door/apps`.

mod assertion;
pub mod codes;
mod keys;
mod name;
mod pkce;
mod redirect;
mod refresh;
mod register;
pub mod scope;
mod table;

pub use assertion::ASSERTION_TYPE;
pub(crate) use assertion::{UNKNOWN, check as check_assertion, claimed};
pub(crate) use keys::check as check_keys;
pub use name::AppId;
pub(crate) use pkce::{is_challenge, proves};
pub(crate) use redirect::{is_https, is_offered, matches as redirect_matches};
pub use refresh::RefreshToken;
pub(crate) use register::Apps;
pub use table::{ACCESS_SECONDS, CODE_SECONDS};
pub(crate) use table::{ASSERTION, Asking, Held, Ready, Table};
