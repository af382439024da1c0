//! One row of the route table: what a route is, and what it asks of a request.

use crate::interactions::{ConsoleCall, IdentityCall, Interaction, OAuthCall};
use http::Method;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Whoever shows a valid token.
    Required,
    /// Whoever shows a valid token, and has shown a factor moments ago.
    Fresh,
    /// Everybody whose connection the facility takes: nobody has logged in yet.
    Arriving,
    /// Everybody.
    Open,
}

/// What the body of a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// There is none, and one that comes is refused.
    None,
    /// A FHIR resource in JSON.
    Resource,
    /// Search parameters as `application/x-www-form-urlencoded`.
    Form,
    /// What a form of a page sends: the same, or `multipart/form-data` where it has a file.
    Upload,
    /// A JSON Patch.
    Patch,
    /// FHIR `Parameters` in JSON, or nothing.
    Parameters,
    /// Plain JSON, or nothing.
    Json,
}

/// Which query parameters a route takes beside `_format` and `_pretty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// None; one that comes is refused.
    None,
    /// Those that shape a resource: `_summary` and `_elements`.
    Shape,
    /// Those of a search, a history or an operation; the records check them.
    Content,
}

/// How long the records may be at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// A moment; what waits for the disk waits aside.
    Short,
    /// As long as a search through many records takes: other requests must not wait behind it.
    Long,
}

/// One row: a method on a path pattern.
#[derive(Debug)]
pub struct Route {
    /// The method. A `GET` row also answers `HEAD`.
    pub method: Method,
    /// The path, with `{name}` for one segment and `{*name}` for the rest.
    pub path: &'static str,
    /// What is asked for.
    pub interaction: Interaction,
    /// Who may ask.
    pub caller: Caller,
    /// How long it may take.
    pub work: Work,
    /// What the body is.
    pub body: BodyKind,
    /// Which query parameters it takes.
    pub parameters: Parameters,
    /// What it does, in English.
    pub english: &'static str,
    /// What it does, in Japanese.
    pub japanese: &'static str,
}

impl Route {
    /// Whether it belongs to the FHIR API.
    pub fn of_fhir(&self) -> bool {
        self.path.starts_with("/f/{facility}/fhir")
    }

    /// Whether it belongs to the console: whoever calls it reads pages.
    pub fn of_console(&self) -> bool {
        matches!(self.interaction, Interaction::Console(_)) && !self.is_asked_by_pages()
    }

    /// Whether open pages ask for it by themselves, without their person.
    pub fn is_asked_by_pages(&self) -> bool {
        self.interaction == Interaction::Console(ConsoleCall::News)
    }

    /// Whether whoever calls it tries to come in, so that tries from one address are counted.
    pub fn tries_to_log_in(&self) -> bool {
        use IdentityCall::{
            InvitationAccept, InvitationForm, InvitationOpen, InvitationPage, Login, OAuth, PasskeyChallenge,
            SendCode, StepUp,
        };
        if self.interaction == Interaction::Console(ConsoleCall::Arrive) {
            return self.method == Method::POST;
        }
        let Interaction::Identity(call) = self.interaction else { return false };
        let by_invitation =
            matches!(call, InvitationOpen | InvitationAccept | InvitationPage | InvitationForm);
        let by_app = matches!(call, OAuth(OAuthCall::Decide | OAuthCall::Token | OAuthCall::Introspect));
        by_invitation || by_app || matches!(call, Login | PasskeyChallenge | SendCode | StepUp)
    }
}
