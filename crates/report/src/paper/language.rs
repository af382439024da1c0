//! A language as JSON says it: `ja` or `en`.

use base::Language;
use serde::{Deserialize, Deserializer, Serializer, de};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands members over by reference")]
pub(super) fn serialize<S: Serializer>(language: &Language, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match language {
        Language::Japanese => "ja",
        Language::English => "en",
    })
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Language, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "ja" => Ok(Language::Japanese),
        "en" => Ok(Language::English),
        _ => Err(de::Error::custom("not a language: ja or en")),
    }
}
