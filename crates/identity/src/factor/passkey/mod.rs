//! Passkeys (WebAuthn Level 2): a key that a device holds and uses only after it has checked who is there, by PIN,
//! finger or face. User verification is demanded at registration and at every login, so that one passkey stands for
//! two factors.
//!
//! The protocol itself is `webauthn-rs`. Its challenges come from the system's random bytes; it takes no other source.
//! What begins is kept in memory as a state that is handed over to the end, so that a challenge cannot be used twice;
//! after a restart one begins again.

mod key;
mod refusal;

pub use key::{CredentialId, Handle, Passkey};

use super::codes::{
    PASSKEY_EXPIRED, PASSKEY_HELD, PASSKEY_MALFORMED, PASSKEY_NOT_VERIFIED, PASSKEY_SETTINGS_WRONG,
    PASSKEY_UNKNOWN,
};
use base::{Problem, Time};
use refusal::refusal;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::time::Duration;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url,
    Webauthn, WebauthnBuilder,
};

/// How long may lie between beginning and end, in minutes.
pub const CEREMONY_MINUTES: i64 = 5;

/// This server as passkeys know it.
pub struct Relying {
    webauthn: Webauthn,
}

/// For whom a passkey is made.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// By which handle the passkey will name the account.
    pub handle: Handle,
    /// The account id, which the device shows.
    pub account: &'a str,
    /// The name that the device shows.
    pub display_name: &'a str,
}

/// A registration that has begun. It ends once.
pub struct RegistrationState {
    expected: PasskeyRegistration,
    handle: Handle,
    existing: Vec<CredentialId>,
    begun: Time,
}

/// A login that has begun. It ends once.
pub struct LoginState {
    expected: DiscoverableAuthentication,
    asked: Asked,
    begun: Time,
}

/// Who is asked to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// Whoever has a passkey for this server.
    Anybody,
    /// One account.
    Account,
}

/// What an answer claims before anything is proved: by which passkey, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The handle of the account; a key that stores no accounts gives none.
    pub handle: Option<Handle>,
    /// The id of the passkey.
    pub credential: CredentialId,
}

/// A login that is proved.
#[derive(Clone, Debug)]
pub struct Used {
    /// By which passkey.
    pub credential: CredentialId,
    /// Whose it is.
    pub handle: Handle,
    /// How often the device says that it has signed; 0 for devices that do not count.
    pub counter: u32,
    /// The passkey with that counter: the caller stores it in place of the old one before it lets anybody in.
    pub passkey: Passkey,
}

impl Relying {
    /// A server under `origin` (`https://akashi.example`), whose passkeys are for the domain `rp_id` (its host name or a
    /// parent of it) and show `name`.
    ///
    /// # Errors
    /// `ID-0220` when these do not fit together, when `origin` is an address without a name, or when it is not https.
    /// Only `localhost` may do with http, as in browsers.
    pub fn new(rp_id: &str, origin: &str, name: &str) -> Result<Self, Problem> {
        let wrong =
            || Problem::new(&PASSKEY_SETTINGS_WRONG).log("the settings for passkeys do not fit together");
        let origin = Url::parse(origin).map_err(|_| wrong())?;
        let secure =
            origin.scheme() == "https" || (origin.scheme() == "http" && origin.domain() == Some("localhost"));
        if !secure || rp_id.is_empty() || name.is_empty() {
            return Err(wrong());
        }
        let minutes = u64::try_from(CEREMONY_MINUTES).unwrap_or_default();
        let timeout = Duration::from_secs(minutes.saturating_mul(60));
        let builder = WebauthnBuilder::new(rp_id, &origin).map_err(|_| wrong())?;
        let webauthn = builder.rp_name(name).timeout(timeout).build().map_err(|_| wrong())?;
        Ok(Self { webauthn })
    }

    /// Begins a registration: `{"publicKey": …}` for `navigator.credentials.create`, with bytes as base64url, as
    /// `parseCreationOptionsFromJSON` takes them. A key that can be found without naming the account is asked for.
    ///
    /// # Errors
    /// `ID-0220` when account or display name are empty.
    pub fn begin_registration(
        &self,
        person: Person<'_>,
        existing: &[Passkey],
        now: Time,
    ) -> Result<(Value, RegistrationState), Problem> {
        let exclude = existing.iter().map(|passkey| passkey.key.cred_id().clone()).collect();
        let Person { handle, account, display_name } = person;
        let (options, expected) = self
            .webauthn
            .start_passkey_registration(handle.to_uuid(), account, display_name, Some(exclude))
            .map_err(|_| Problem::new(&PASSKEY_SETTINGS_WRONG).log("a name for the passkey is empty"))?;
        let mut options = written(&options)?;
        // The library leaves it to the device whether the key can be found without an account, which only attested
        // keys could promise. Asking is right for the login that nobody has to type a name for.
        let wish = options.pointer_mut("/publicKey/authenticatorSelection").and_then(Value::as_object_mut);
        if let Some(wish) = wish {
            wish.insert("residentKey".to_owned(), "required".into());
            wish.insert("requireResidentKey".to_owned(), true.into());
        }
        let existing = existing.iter().map(Passkey::id).collect();
        Ok((options, RegistrationState { expected, handle, existing, begun: now }))
    }

    /// Ends a registration with what the browser answered.
    ///
    /// # Errors
    /// `ID-0221` to `ID-0224`, `ID-0227`, `ID-0228`.
    pub fn finish_registration(
        &self,
        state: RegistrationState,
        response: Value,
        now: Time,
    ) -> Result<Passkey, Problem> {
        let RegistrationState { expected, handle, existing, begun } = state;
        in_time(begun, now)?;
        let response: RegisterPublicKeyCredential = read(response)?;
        if existing.contains(&CredentialId::new(&response.raw_id)) {
            return Err(Problem::new(&PASSKEY_HELD));
        }
        let key = self
            .webauthn
            .finish_passkey_registration(&response, &expected)
            .map_err(|error| refusal(&error))?;
        let passkey = Passkey { handle, key };
        // The library has asked for it; the factor rests on it, so it is asked again of what will be stored.
        if !passkey.was_verified() {
            return Err(Problem::new(&PASSKEY_NOT_VERIFIED));
        }
        Ok(passkey)
    }

    /// Begins a login of whoever has a passkey for this server: nothing in the options says who has an account.
    ///
    /// # Errors
    /// None that is known; the library could refuse.
    pub fn begin_login(&self, now: Time) -> Result<(Value, LoginState), Problem> {
        self.begin(None, now)
    }

    /// Begins a login by one of the passkeys of one account, to make sure of somebody who is logged in already.
    ///
    /// # Errors
    /// None that is known; the library could refuse.
    pub fn begin_login_for(&self, passkeys: &[Passkey], now: Time) -> Result<(Value, LoginState), Problem> {
        self.begin(Some(passkeys), now)
    }

    fn begin(&self, passkeys: Option<&[Passkey]>, now: Time) -> Result<(Value, LoginState), Problem> {
        let discoverable = self.webauthn.start_discoverable_authentication();
        let (mut options, expected) = discoverable.map_err(|error| refusal(&error))?;
        // Whether the browser offers passkeys within a form field or at a click is the page's to say.
        options.mediation = None;
        let asked = match passkeys {
            None => Asked::Anybody,
            Some(passkeys) => {
                // Only its list is used: its state would remember the counters of now, not those at the end.
                let keys: Vec<_> = passkeys.iter().map(|passkey| passkey.key.clone()).collect();
                let (listed, _) =
                    self.webauthn.start_passkey_authentication(&keys).map_err(|error| refusal(&error))?;
                options.public_key.allow_credentials = listed.public_key.allow_credentials;
                Asked::Account
            }
        };
        Ok((written(&options)?, LoginState { expected, asked, begun: now }))
    }

    /// Ends a login with what the browser answered. `passkeys` are those stored now for the account that the answer
    /// claims ([`claim_of`]), or for the account that was asked.
    ///
    /// # Errors
    /// `ID-0221` to `ID-0227`. The counter must be ahead of the stored one, unless both are 0.
    pub fn finish_login(
        &self,
        state: LoginState,
        response: Value,
        passkeys: &[Passkey],
        now: Time,
    ) -> Result<Used, Problem> {
        in_time(state.begun, now)?;
        let response: PublicKeyCredential = read(response)?;
        let passkey = fitting(&response, passkeys, state.asked)?;
        let proved = self
            .webauthn
            .finish_discoverable_authentication_v2(&response, state.expected, &passkey.key)
            .map_err(|error| refusal(&error))?;
        // As at registration: what the factor rests on is not left to the library alone.
        if !proved.user_verified() {
            return Err(Problem::new(&PASSKEY_NOT_VERIFIED));
        }
        let mut passkey = passkey.clone();
        passkey.key.update_credential(&proved);
        Ok(Used { credential: passkey.id(), handle: passkey.handle, counter: proved.counter(), passkey })
    }
}

/// What an answer to [`Relying::begin_login`] claims, to look up the account. Nothing is proved yet.
pub fn claim_of(response: &Value) -> Option<Claim> {
    let response: PublicKeyCredential = read(response.clone()).ok()?;
    let handle = match response.get_user_unique_id() {
        None => None,
        Some(bytes) => Some(Handle::from_bytes(bytes)?),
    };
    Some(Claim { handle, credential: CredentialId::new(&response.raw_id) })
}

/// The stored passkey that the answer was made with. A handle that stands in the answer must be that of the account, and
/// it must stand there when nobody was named before (WebAuthn Level 2, section 7.2, step 6).
fn fitting<'a>(
    response: &PublicKeyCredential,
    passkeys: &'a [Passkey],
    asked: Asked,
) -> Result<&'a Passkey, Problem> {
    let unknown = |log: &'static str| Problem::new(&PASSKEY_UNKNOWN).log(log);
    let same = |passkey: &&Passkey| passkey.key.cred_id().as_slice() == response.raw_id.as_slice();
    let passkey =
        passkeys.iter().find(same).ok_or_else(|| unknown("the passkey is not one of the account"))?;
    match (response.get_user_unique_id(), asked) {
        (Some(handle), _) if Handle::from_bytes(handle) == Some(passkey.handle) => Ok(passkey),
        (None, Asked::Account) => Ok(passkey),
        _ => Err(unknown("the handle is not that of the account")),
    }
}

/// Refuses what has taken too long, and what a clock that ran back would keep alive.
fn in_time(begun: Time, now: Time) -> Result<(), Problem> {
    let good_until = begun.plus_seconds(CEREMONY_MINUTES.saturating_mul(60));
    if (begun..good_until).contains(&now) {
        return Ok(());
    }
    Err(Problem::new(&PASSKEY_EXPIRED).with("minutes", CEREMONY_MINUTES))
}

fn read<T: DeserializeOwned>(response: Value) -> Result<T, Problem> {
    // The reason is left out of the log: it can quote the answer.
    serde_json::from_value(response)
        .map_err(|_| Problem::new(&PASSKEY_MALFORMED).log("the answer is malformed"))
}

fn written<T: serde::Serialize>(options: &T) -> Result<Value, Problem> {
    serde_json::to_value(options)
        .map_err(|_| Problem::new(&PASSKEY_SETTINGS_WRONG).log("the options cannot be written as JSON"))
}

impl fmt::Debug for Relying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Relying { .. }")
    }
}

impl fmt::Debug for RegistrationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegistrationState {{ begun: {} }}", self.begun)
    }
}

impl fmt::Debug for LoginState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LoginState {{ begun: {} }}", self.begun)
    }
}
