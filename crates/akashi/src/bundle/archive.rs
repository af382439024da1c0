//! The file that a bundle is: a ZIP in one form only, so that the same members make the same bytes and no byte of it can be
//! another (formats, section 19).
//!
//! Nothing is compressed: what a bundle holds mostly is already, and nothing can unfold to more than its file.

use base::Time;
use flate2::Crc;
use std::collections::BTreeSet;

/// Longest bundle, in bytes.
pub(super) const BUNDLE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most members.
const MEMBERS_MAX: usize = 32;
/// Longest name.
const NAME_BYTES_MAX: usize = 100;
/// Bytes of a local header before its name.
const LOCAL_BYTES: usize = 30;
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Version 1.0 of the format: nothing but files as they are.
const VERSION: u16 = 10;

/// A file in a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its name, with folders.
    pub(crate) name: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

/// Whether a file begins as a ZIP does.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(&LOCAL) || bytes.starts_with(&END)
}

/// The bytes of a bundle whose members are all of this moment.
///
/// # Errors
/// It would be longer than a bundle can be, or its moment is none that a ZIP knows.
pub(super) fn write(members: &[Member], at: Time) -> Result<Vec<u8>, String> {
    let stamp = stamp(at).ok_or("its moment is none of the years 1980 to 2107")?;
    let (mut all, mut central) = (Vec::new(), Vec::new());
    let long = |_| "it is too long".to_owned();
    for Member { name, bytes } in members {
        let begins = u32::try_from(all.len()).map_err(long)?;
        let mut crc = Crc::new();
        crc.update(bytes);
        let length = u32::try_from(bytes.len()).map_err(long)?;
        let name_length = u16::try_from(name.len()).map_err(long)?;
        // What local and central headers have in common.
        let mut common = Vec::new();
        common.extend(VERSION.to_le_bytes());
        common.extend([0; 4]);
        common.extend(stamp);
        common.extend(crc.sum().to_le_bytes());
        common.extend(length.to_le_bytes());
        common.extend(length.to_le_bytes());
        common.extend(name_length.to_le_bytes());
        common.extend([0; 2]);
        all.extend(LOCAL);
        all.extend(&common);
        all.extend(name.as_bytes());
        all.extend(bytes);
        central.extend(CENTRAL);
        central.extend(VERSION.to_le_bytes());
        central.extend(&common);
        // No comment, the first disk, no attributes.
        central.extend([0; 10]);
        central.extend(begins.to_le_bytes());
        central.extend(name.as_bytes());
    }
    let count = u16::try_from(members.len()).map_err(long)?.to_le_bytes();
    let (begins, length) =
        (u32::try_from(all.len()).map_err(long)?, u32::try_from(central.len()).map_err(long)?);
    all.extend(central);
    all.extend(END);
    all.extend([0; 4]);
    all.extend(count);
    all.extend(count);
    all.extend(length.to_le_bytes());
    all.extend(begins.to_le_bytes());
    all.extend([0; 2]);
    if all.len() > BUNDLE_BYTES_MAX { Err("it is too long".to_owned()) } else { Ok(all) }
}

/// The members of a bundle. Whether every other byte of it is as it should be, writing it again shows.
///
/// # Errors
/// It is no ZIP of this form.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Member>, String> {
    if bytes.len() > BUNDLE_BYTES_MAX {
        return Err(format!("it is longer than {BUNDLE_BYTES_MAX} bytes"));
    }
    let (mut members, mut names, mut rest) = (Vec::new(), BTreeSet::new(), bytes);
    while rest.starts_with(&LOCAL) {
        let head = rest.get(..LOCAL_BYTES).ok_or("it ends within a member")?;
        let length = number(head.get(22..26)).ok_or("it ends within a member")?;
        let name_length = number(head.get(26..28)).ok_or("it ends within a member")?;
        let begins = LOCAL_BYTES.saturating_add(name_length);
        let ends = begins.saturating_add(length);
        let name = rest.get(LOCAL_BYTES..begins).and_then(|name| std::str::from_utf8(name).ok());
        let name =
            name.filter(|name| is_name(name)).ok_or("a member has a name that none has in a bundle")?;
        let content = rest.get(begins..ends).ok_or("it ends within a member")?;
        if !names.insert(name) {
            return Err(format!("{name} is in it twice"));
        }
        if members.len() >= MEMBERS_MAX {
            return Err(format!("it has more than {MEMBERS_MAX} members"));
        }
        members.push(Member { name: name.to_owned(), bytes: content.to_vec() });
        rest = rest.get(ends..).unwrap_or_default();
    }
    if members.is_empty() { Err("it is no bundle".to_owned()) } else { Ok(members) }
}

/// Names are plain, and lead nowhere.
fn is_name(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && !part.starts_with('.');
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '/');
    name.len() <= NAME_BYTES_MAX && name.chars().all(plain) && name.split('/').all(part)
}

fn number(bytes: Option<&[u8]>) -> Option<usize> {
    let mut sum: usize = 0;
    for byte in bytes?.iter().rev() {
        sum = sum.checked_mul(256)?.checked_add(usize::from(*byte))?;
    }
    Some(sum)
}

/// Time and date as MS-DOS writes them, in the time of Japan.
fn stamp(at: Time) -> Option<[u8; 4]> {
    let text = at.plus_seconds(9 * 3_600).to_string();
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let year = part(0, 4)?.checked_sub(1980).filter(|year| *year < 128)?;
    let date = (year << 9) | (part(5, 7)? << 5) | part(8, 10)?;
    let time = (part(11, 13)? << 11) | (part(14, 16)? << 5) | (part(17, 19)? >> 1);
    let ([t0, t1], [d0, d1]) = (time.to_le_bytes(), date.to_le_bytes());
    Some([t0, t1, d0, d1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Time {
        Time::parse("2026-11-23T15:04:05Z").unwrap()
    }

    fn member(name: &str, text: &str) -> Member {
        Member { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn what_is_written_is_read_and_the_same_members_are_the_same_bytes() {
        let members = [member("report.json", "{}\n"), member("proofs/a.json", ""), member("README.md", "あ")];
        let bytes = write(&members, at()).unwrap();
        assert_eq!(read(&bytes).unwrap(), members);
        assert_eq!(write(&members, at()).unwrap(), bytes);
        assert_eq!(&bytes[10..14], [0x82, 0x00, 0x78, 0x5d], "0:04:05 on 24 November 2026 in Japan");
    }

    #[test]
    fn every_byte_counts() {
        let members = [member("report.json", "{}\n"), member("proofs/a.json", "1")];
        let bytes = write(&members, at()).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let same = read(&changed).is_ok_and(|found| {
                found == members && write(&found, at()).is_ok_and(|again| again == changed)
            });
            assert!(!same, "byte {place}");
        }
    }

    #[test]
    fn hostile_archives_are_refused() {
        for name in ["../x", "/etc/passwd", "a//b", "a/../b", "", "あ", "a\\b", &"x".repeat(101), ".hidden"]
        {
            assert!(read(&write(&[member(name, "x")], at()).unwrap()).is_err(), "{name}");
        }
        assert!(read(&write(&[member("a", "1"), member("a", "2")], at()).unwrap()).is_err());
        let many: Vec<Member> = (0..33).map(|number| member(&format!("m{number}"), "")).collect();
        assert!(read(&write(&many, at()).unwrap()).is_err());
        let mut bomb = write(&[member("a", "1")], at()).unwrap();
        bomb[22..26].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(read(&bomb).is_err());
        assert!(read(b"").is_err() && read(b"PK\x03\x04").is_err());
    }
}
