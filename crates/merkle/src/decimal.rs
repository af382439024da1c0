//! Numbers in the texts: ASCII decimals without sign and without leading zeros.

/// Reads a number that has one spelling only.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    (plain && canonical).then(|| text.parse().ok()).flatten()
}
