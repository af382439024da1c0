//! The public keys of an app (RFC 7517): what may be registered, and by which one an assertion was signed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use serde_json::Value;

/// Keys of one app, at most.
const KEYS_MAX: usize = 10;
/// Longest name of a key, in bytes.
const KID_BYTES_MAX: usize = 200;
/// Shortest RSA key, in bytes of its modulus: 2,048 bits.
const RSA_BYTES_MIN: usize = 256;
/// Longest: 4,096 bits.
const RSA_BYTES_MAX: usize = 512;
/// Members of private keys (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Whether these are keys by which an app can sign, in words where they are not. Private keys are refused: whoever sent
/// one has to make another.
pub(crate) fn check(keys: &Value) -> Result<(), (&'static str, &'static str)> {
    let list = keys.get("keys").and_then(Value::as_array).ok_or((
        "the keys are a JSON Web Key Set with a member `keys`",
        "鍵は `keys` を持つ JSON Web Key Set で指定してください",
    ))?;
    if list.iter().any(|key| PRIVATE.iter().any(|name| key.get(name).is_some())) {
        return Err((
            "there is a private key among them; it is known to others now: make a new pair and send the public key only",
            "秘密鍵が含まれています。他人の目に触れたので、新しい鍵の組を作り、公開鍵だけを登録してください",
        ));
    }
    let set: JwkSet =
        serde_json::from_value(keys.clone()).map_err(|_| ("a key cannot be read", "読めない鍵があります"))?;
    if set.keys.is_empty() || set.keys.len() > KEYS_MAX {
        return Err(("there are 1 to 10 keys", "鍵は 1〜10 個です"));
    }
    let names: Vec<&str> = set.keys.iter().filter_map(|key| key.common.key_id.as_deref()).collect();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let named = names.iter().all(|name| (1..=KID_BYTES_MAX).contains(&name.len()));
    if !named || distinct.len() != set.keys.len() {
        return Err(("every key has a `kid` of its own", "鍵ごとに異なる `kid` が必要です"));
    }
    if set.keys.iter().all(is_strong) {
        Ok(())
    } else {
        Err((
            "a key is EC on P-384 (ES384) or RSA of 2,048 to 4,096 bits (RS384), for signing",
            "鍵は署名用の EC P-384（ES384）または 2,048〜4,096 ビットの RSA（RS384）にしてください",
        ))
    }
}

fn is_strong(key: &Jwk) -> bool {
    let signs = key.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
    signs
        && match &key.algorithm {
            AlgorithmParameters::EllipticCurve(ec) => ec.curve == EllipticCurve::P384,
            AlgorithmParameters::RSA(rsa) => URL_SAFE_NO_PAD
                .decode(&rsa.n)
                .is_ok_and(|modulus| (RSA_BYTES_MIN..=RSA_BYTES_MAX).contains(&modulus.len())),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ec(kid: &str) -> Value {
        json!({"kty": "EC", "crv": "P-384", "kid": kid, "x": "A".repeat(64), "y": "A".repeat(64)})
    }

    fn rsa(bytes: usize) -> Value {
        json!({"kty": "RSA", "kid": "r", "n": URL_SAFE_NO_PAD.encode(vec![200; bytes]), "e": "AQAB"})
    }

    #[test]
    fn public_keys_for_es384_and_rs384_are_taken() {
        assert_eq!(check(&json!({"keys": [ec("a"), ec("b"), rsa(256)]})), Ok(()));
    }

    #[test]
    fn everything_else_is_refused() {
        let with = |member: &str, value: Value| {
            let mut key = ec("a");
            key[member] = value;
            key
        };
        let mut nameless = ec("a");
        nameless.as_object_mut().unwrap().remove("kid");
        for keys in [
            json!([]),
            json!({"keys": []}),
            json!({"keys": [ec("a"), ec("a")]}),
            json!({"keys": [nameless]}),
            json!({"keys": [rsa(128)]}),
            json!({"keys": [rsa(1024)]}),
            json!({"keys": [with("crv", "P-256".into())]}),
            json!({"keys": [with("use", "enc".into())]}),
            json!({"keys": [with("d", "AAAA".into())]}),
            json!({"keys": [{"kty": "oct", "kid": "a", "k": "AAAA"}]}),
            json!({"keys": ["x"]}),
        ] {
            assert!(check(&keys).is_err(), "{keys}");
        }
    }
}
