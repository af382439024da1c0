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
    let (Algorithm::RS384 | Algorithm::ES384) = header.alg else { return None };
    let mut validation = Validation::new(header.alg);
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

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    const HERE: &str = "https://records.example.jp/f/sakura/oauth/token";

    struct Service {
        pair: EcdsaKeyPair,
        keys: JwkSet,
        id: AppId,
    }

    fn service() -> Service {
        let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(48);
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let keys = json!({"keys": [{"kty": "EC", "crv": "P-384", "kid": "a", "x": text(x), "y": text(y)}]});
        Service { keys: serde_json::from_value(keys).unwrap(), id: AppId::parse("batch").unwrap(), pair }
    }

    impl Service {
        fn checked(&self, claims: &Value, now: &str) -> Result<Checked, Fault> {
            let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
            let message = format!("{}.{}", part(&json!({"alg": "ES384", "kid": "a"})), part(claims));
            let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
            let jwt = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
            assert_eq!(claimed(&jwt).unwrap().as_str(), claims["sub"]);
            check(&jwt, &self.keys, &self.id, HERE, Time::parse(now).unwrap())
        }
    }

    /// Good until 2026-04-01T00:05:00Z.
    fn claims() -> Value {
        json!({"iss": "batch", "sub": "batch", "aud": HERE, "exp": 1_775_001_900, "jti": "1"})
    }

    #[test]
    fn an_assertion_is_good_from_five_minutes_before_its_end_until_then() {
        let service = service();
        for (now, good) in [
            ("2026-03-31T23:59:29Z", false),
            ("2026-03-31T23:59:30Z", true),
            ("2026-04-01T00:04:59.999999Z", true),
            ("2026-04-01T00:05:00Z", false),
        ] {
            assert_eq!(service.checked(&claims(), now).is_ok(), good, "{now}");
        }
    }

    #[test]
    fn it_is_remembered_by_client_and_name_for_longer_than_it_is_good() {
        let service = service();
        let now = "2026-04-01T00:00:00Z";
        let first = service.checked(&claims(), now).unwrap();
        let mut again = claims();
        again["exp"] = json!(1_775_001_899);
        assert!(service.checked(&again, now).unwrap().id == first.id);
        again["jti"] = json!("2");
        assert!(service.checked(&again, now).unwrap().id != first.id);
        assert!(first.until > Time::parse("2026-04-01T00:05:30Z").unwrap());
    }

    #[test]
    fn what_a_client_is_told_says_what_to_change() {
        let service = service();
        let told = |name: &str, value: Value| {
            let mut claims = claims();
            claims[name] = value;
            service.checked(&claims, "2026-04-01T00:00:00Z").unwrap_err().0
        };
        assert!(told("iss", json!("other")).contains("`iss`"));
        assert!(told("aud", json!("https://elsewhere.example")).contains("`aud`"));
        assert!(told("exp", json!(1_775_009_900)).contains("`exp`"));
        assert!(told("jti", json!("x".repeat(257))).contains("`jti`"));
        assert!(told("nbf", json!(1_775_001_700)).contains("future"));
        assert_eq!(told("exp", json!("soon")), UNKNOWN.0);
    }
}
