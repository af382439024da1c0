//! The authorization endpoint (RFC 6749, section 3.1; SMART App Launch 2, "Obtain authorization code"): a request is
//! checked, waits for a person, is shown to them, and is answered with a code or a refusal.

use super::super::{Approach, Caller, Identity};
use super::client::request_wrong;
use crate::app::codes::{CLIENT_UNKNOWN, DENIED, PATIENT_UNKNOWN, RESPONSE_NOT_OFFERED, SCOPE_WRONG};
use crate::app::scope::{LAUNCH_PATIENT, has, narrow, parts};
use crate::app::{AppId, Asking, Ready, is_challenge, redirect_matches};
use crate::kept::{App, AppKind};
use crate::register::Register;
use crate::session::codes::{SESSION_OVER, STEP_OVER};
use crate::session::{AuthorizationCode, Handle, Net, Owner};
use access::Reach;
use base::{Problem, Time};
use std::sync::Arc;

/// Longest `state`, in bytes.
const STATE_BYTES_MAX: usize = 1_000;

/// The parameters of a request; none for one that is absent or stands twice.
#[derive(Clone, Debug, Default)]
pub struct AskedAuthorization {
    /// `response_type`.
    pub response_type: Option<String>,
    /// `response_mode`; absent counts as `query`.
    pub response_mode: Option<String>,
    /// `client_id`.
    pub client: Option<String>,
    /// `redirect_uri`.
    pub redirect: Option<String>,
    /// `scope`.
    pub scope: Option<String>,
    /// `state`.
    pub state: Option<String>,
    /// `aud`.
    pub audience: Option<String>,
    /// `code_challenge`.
    pub challenge: Option<String>,
    /// `code_challenge_method`.
    pub challenge_method: Option<String>,
}

/// A request that was turned down.
#[derive(Debug)]
pub enum Turned {
    /// Nothing is sent to an address that is not known: the person is told.
    Here(Problem),
    /// The app is told, by way of the person's browser.
    Back(Back),
}

/// What goes back to an app.
#[derive(Debug)]
pub struct Back {
    /// Where to.
    pub redirect: String,
    /// The `state` of its request, where that had one.
    pub state: Option<String>,
    /// A code, or why there is none.
    pub outcome: Result<AuthorizationCode, Problem>,
}

/// A request as it is shown to whoever decides.
#[derive(Debug)]
pub struct Consent {
    /// By which the decision is sent, once.
    pub handle: Handle,
    /// The same as [`Requested`].
    pub requested: Requested,
}

/// What is asked for, and by which app.
#[derive(Clone, Debug)]
pub struct Requested {
    /// The app's name.
    pub app: String,
    /// Where people are sent back to.
    pub redirect: String,
    /// What it would be granted.
    pub scopes: String,
    /// Whether a patient has to be chosen.
    pub patient_needed: bool,
}

impl Identity {
    /// Takes a request: the handle by which it is shown and decided upon.
    ///
    /// # Errors
    /// [`Turned`].
    pub fn ask_authorization(
        &self,
        asked: AskedAuthorization,
        audience: &str,
        approach: &Approach<'_>,
    ) -> Result<Handle, Turned> {
        let asking = self.checked(asked, audience)?;
        let now = self.clock.now();
        let owner = self.sender(approach);
        self.apps().asked.put(owner, asking, now, &*self.entropy).map_err(Turned::Here)
    }

    fn checked(&self, asked: AskedAuthorization, audience: &str) -> Result<Asking, Turned> {
        let unknown = || Turned::Here(Problem::new(&CLIENT_UNKNOWN));
        let register = self.register();
        let id = asked.client.as_deref().and_then(AppId::parse).ok_or_else(unknown)?;
        let app = register.apps.active(&id).ok_or_else(unknown)?;
        let redirect = asked.redirect.clone().ok_or_else(unknown)?;
        if app.kind == AppKind::Service || !app.redirects.iter().any(|own| redirect_matches(own, &redirect)) {
            return Err(unknown());
        }
        let state = asked.state.clone().filter(|state| is_state(state));
        let back = |problem| {
            Turned::Back(Back { redirect: redirect.clone(), state: state.clone(), outcome: Err(problem) })
        };
        let scopes = check_request(&asked, app, audience).map_err(back)?;
        let (Some(state), Some(challenge)) = (state.clone(), asked.challenge) else {
            return Err(back(request_wrong(STATE)));
        };
        Ok(Asking { app: id, redirect: redirect.clone(), state, challenge, scopes })
    }

    /// Looks at a request that waits. It stays.
    ///
    /// # Errors
    /// `ID-0305`: it is over.
    pub fn requested(&self, handle: &str, approach: &Approach<'_>) -> Result<Requested, Problem> {
        let asking = self.waiting_request(handle, approach)?;
        requested(&self.register(), &asking).ok_or_else(|| Problem::new(&STEP_OVER))
    }

    /// A request that waits, for whoever decides upon it.
    ///
    /// # Errors
    /// `ID-0305`: it is over.
    pub fn consent(
        &self,
        handle: &str,
        caller: &Caller,
        approach: &Approach<'_>,
    ) -> Result<Consent, Problem> {
        let asking = self.waiting_request(handle, approach)?;
        let over = || Problem::new(&STEP_OVER);
        let requested = requested(&self.register(), &asking).ok_or_else(over)?;
        let owner = Owner::Account(caller.account.id.clone());
        let handle = self.apps().consents.put(owner, asking, self.clock.now(), &*self.entropy)?;
        Ok(Consent { handle, requested })
    }

    fn waiting_request(&self, handle: &str, approach: &Approach<'_>) -> Result<Asking, Problem> {
        let (now, owner) = (self.clock.now(), self.sender(approach));
        self.apps().asked.look(handle, &owner, now).cloned()
    }

    /// The person allows it: a code for the app. That the patient may be seen by them is known to the caller.
    ///
    /// # Errors
    /// `ID-0305`: it was decided already, or is over; `ID-0303`: they are not in a session of their own; `ID-0063`: no
    /// patient is named where one is needed.
    pub fn allow(&self, handle: &str, caller: &Caller, patient: Option<String>) -> Result<Back, Problem> {
        let now = self.clock.now();
        let (began, ends) = self.session_of(caller)?;
        let asking = self.decided(handle, caller, now)?;
        let needed = patient_needed(&asking.scopes);
        let patient = patient.filter(|_| needed);
        if needed && patient.is_none() {
            return Err(Problem::new(&PATIENT_UNKNOWN));
        }
        let (redirect, state) = (asking.redirect.clone(), Some(asking.state.clone()));
        let ready = Ready {
            asking,
            account: caller.account.id.clone(),
            began,
            ends,
            factors: caller.factors.clone(),
            patient,
        };
        let code = self.apps().make_code(ready, now, &*self.entropy)?;
        Ok(Back { redirect, state, outcome: Ok(code) })
    }

    /// The person does not allow it.
    ///
    /// # Errors
    /// `ID-0305`: it was decided already, or is over.
    pub fn deny(&self, handle: &str, caller: &Caller) -> Result<Back, Problem> {
        let asking = self.decided(handle, caller, self.clock.now())?;
        let outcome = Err(Problem::new(&DENIED));
        Ok(Back { redirect: asking.redirect, state: Some(asking.state), outcome })
    }

    fn decided(&self, handle: &str, caller: &Caller, now: Time) -> Result<Asking, Problem> {
        let owner = Owner::Account(caller.account.id.clone());
        self.apps().consents.take(handle, &owner, now)
    }

    /// Beginning and end of the session in which somebody calls.
    fn session_of(&self, caller: &Caller) -> Result<(Time, Time), Problem> {
        let live = self.live();
        let mut sessions = live.sessions.list(&caller.account.id).into_iter();
        let session = sessions.find(|session| caller.session.as_ref() == Some(&session.id));
        session
            .filter(|_| caller.grant.is_none() && caller.account.kind.human())
            .map(|session| (session.began, session.ends))
            .ok_or_else(|| Problem::new(&SESSION_OVER))
    }

    fn sender(&self, approach: &Approach<'_>) -> Owner {
        Owner::Sender(Net::from(self.address(approach)))
    }
}

const STATE: (&str, &str) = (
    "`state` is missing, doubled or longer than 1,000 bytes",
    "`state` がないか、二重か、1,000 バイトを超えています",
);

/// Printable ASCII (RFC 6749, appendix A.5).
fn is_state(state: &str) -> bool {
    let printable = state.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    (1..=STATE_BYTES_MAX).contains(&state.len()) && printable
}

/// What would be granted.
fn check_request(asked: &AskedAuthorization, app: &Arc<App>, audience: &str) -> Result<String, Problem> {
    let mode = asked.response_mode.as_deref().unwrap_or("query");
    match asked.response_type.as_deref() {
        Some("code") if mode == "query" => {}
        None => {
            return Err(request_wrong((
                "`response_type` is missing or doubled",
                "`response_type` がないか、二重です",
            )));
        }
        Some(_) => return Err(Problem::new(&RESPONSE_NOT_OFFERED)),
    }
    if !asked.state.as_deref().is_some_and(is_state) {
        return Err(request_wrong(STATE));
    }
    let challenged = asked.challenge.as_deref().is_some_and(is_challenge);
    if !challenged || asked.challenge_method.as_deref() != Some("S256") {
        return Err(request_wrong((
            "`code_challenge` with `code_challenge_method=S256` is needed (RFC 7636)",
            "`code_challenge` と `code_challenge_method=S256` が必要です（RFC 7636）",
        )));
    }
    if asked.audience.as_deref() != Some(audience) {
        return Err(request_wrong((
            "`aud` must be the address of this facility's FHIR API",
            "`aud` はこの施設の FHIR API のアドレスにしてください",
        )));
    }
    let scopes = narrow(asked.scope.as_deref().unwrap_or(""), &app.scopes);
    if parts(&scopes).is_empty() { Err(Problem::new(&SCOPE_WRONG)) } else { Ok(scopes) }
}

/// Whether scopes are about one patient, who has to be chosen then.
fn patient_needed(scopes: &str) -> bool {
    has(scopes, LAUNCH_PATIENT) || parts(scopes).iter().any(|part| part.reach == Reach::Patient)
}

fn requested(register: &Register, asking: &Asking) -> Option<Requested> {
    let app = register.apps.active(&asking.app)?;
    Some(Requested {
        app: app.name.clone(),
        redirect: asking.redirect.clone(),
        scopes: asking.scopes.clone(),
        patient_needed: patient_needed(&asking.scopes),
    })
}
