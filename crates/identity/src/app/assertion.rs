//! How a client shows who it is: a JWT signed with its private key (RFC 7523, section 3; SMART App Launch 2, "Client
//! authentication: asymmetric"). The signature is checked by `jsonwebtoken`; the time comes from our clock.

use crate::app::AppId;
use crate::session::TokenHash;
use crate::session::table::CLOCK_STEP_SECONDS;
use base::Time;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use std::collections::HashSet;

/// What `client_assertion_type` must say.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The longest time that an assertion may be valid from now on, in seconds.
const SECONDS_MAX: i64 = 300;
/// How far the client's clock may be ahead of ours, in seconds.
const AHEAD_SECONDS: i64 = 30;
/// Longest `jti`, in bytes.
const JTI_BYTES_MAX: usize = 256;

/// An assertion that is good, if it was not used before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// What is remembered of it: the hash of client and `jti`.
    pub(crate) id: TokenHash,
    /// When it may be forgotten.
    pub(crate) until: Time,
}

/// Why an assertion is not taken, in English and Japanese.
pub(crate) type Fault = (&'static str, &'static str);

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    iat: Option<f64>,
    jti: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
struct Claimed {
    sub: String,
}

/// Said of an unknown client, of an unknown key and of a wrong signature alike.
pub(crate) const UNKNOWN: Fault = (
    "no registered key of this client fits `kid` and signature (RS384 or ES384)",
    "`kid` と署名（RS384 または ES384）に合う、このクライアントの登録済みの鍵がありません",
);

/// The client that an assertion names, before anything of it is believed.
pub(crate) fn claimed(jwt: &str) -> Option<AppId> {
    let claimed: Claimed = jsonwebtoken::dangerous::insecure_decode_claims(jwt).ok()?;
    AppId::parse(&claimed.sub)
}

/// Whether an assertion is that of this client for this address, at this moment.
pub(crate) fn check(
    jwt: &str,
    keys: &JwkSet,
    client: &AppId,
    audience: &str,
    now: Time,
) -> Result<Checked, Fault> {
    let claims = signed(jwt, keys).ok_or(UNKNOWN)?;
    if claims.iss != client.as_str() || claims.sub != client.as_str() {
        return Err((
            "`iss` and `sub` must both be the client's id",
            "`iss` と `sub` はクライアントの id にしてください",
        ));
    }
    let addressed = match &claims.aud {
        Audience::One(one) => one == audience,
        Audience::Several(several) => matches!(several.as_slice(), [one] if one == audience),
    };
    if !addressed {
        return Err((
            "`aud` must be the address of the token endpoint",
            "`aud` はトークンエンドポイントのアドレスにしてください",
        ));
    }
    let until = in_time(&claims, now)?;
    if !(1..=JTI_BYTES_MAX).contains(&claims.jti.len()) {
        return Err(("`jti` has 1 to 256 bytes", "`jti` は 1〜256 バイトです"));
    }
    Ok(Checked { id: TokenHash::of(&format!("{client}\n{}", claims.jti)), until })
}

/// The claims, if one of the keys has signed them.
fn signed(jwt: &str, keys: &JwkSet) -> Option<Claims> {
    let header = decode_header(jwt).ok()?;
    // No key but a registered one counts, and nothing that we do not understand may be critical (RFC 7515, section 4.1.11).
    if header.crit.is_some() || header.jku.is_some() || header.jwk.is_some() {
        return None;
    }
    let key = DecodingKey::from_jwk(keys.find(header.kid.as_deref()?)?).ok()?;
    let algorithm = match header.alg {
        taken @ (Algorithm::RS384 | Algorithm::ES384) => taken,
        _ => return None,
    };
    let mut validation = Validation::new(algorithm);
    // Times are looked at below: by our clock, not by that of the operating system.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims = HashSet::new();
    decode::<Claims>(jwt, &key, &validation).ok().map(|data| data.claims)
}

/// Until when it must be remembered.
fn in_time(claims: &Claims, now: Time) -> Result<Time, Fault> {
    let (exp, nbf, iat) = (claims.exp, claims.nbf.unwrap_or(0.0), claims.iat.unwrap_or(0.0));
    let at = |moment: Time| seconds(moment);
    if exp <= at(now) {
        return Err((
            "it has expired; compare the client's clock",
            "期限切れです。クライアントの時計を確かめてください",
        ));
    }
    if exp > at(now.plus_seconds(SECONDS_MAX + AHEAD_SECONDS)) {
        return Err(("`exp` is more than 5 minutes ahead", "`exp` が 5 分より先です"));
    }
    if nbf.max(iat) > at(now.plus_seconds(AHEAD_SECONDS)) {
        return Err((
            "it is from the future; compare the client's clock",
            "未来の時刻で作られています。クライアントの時計を確かめてください",
        ));
    }
    // Longer than it is good, also if our clock is corrected meanwhile.
    Ok(now.plus_seconds(SECONDS_MAX + AHEAD_SECONDS + CLOCK_STEP_SECONDS))
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of this century are exact in a float")]
fn seconds(moment: Time) -> f64 {
    moment.microseconds() as f64 / 1_000_000.0
}
