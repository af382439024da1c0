//! [`base::Time`] in serde's words: its RFC 3339 text.

use base::Time;
use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
use std::borrow::Cow;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
pub(super) fn serialize<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    Time::parse(&text).ok_or_else(|| D::Error::custom("a moment is written as RFC 3339 says"))
}
