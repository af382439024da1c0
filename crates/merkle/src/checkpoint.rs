//! C2SP `tlog-checkpoint`: origin, size and root of a tree, as the text that is signed.

use crate::decimal;
use crate::hash::Hash;
use crate::note::KeyName;

/// What a log says about its tree at one moment. Not trusted before its signature is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log it is. Here it is also the name of the signing key (`docs/formats.md`, section 3), so it keeps the
    /// rules of key names.
    pub origin: KeyName,
    /// Number of leaves.
    pub size: u64,
    /// Root over those leaves.
    pub root: Hash,
}

impl Checkpoint {
    /// The text to sign: three lines, each with its newline.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }

    /// Reads exactly what [`Checkpoint::text`] writes: no extension lines, no sign or leading zero in the size. Whether
    /// a size of 0 comes with the root of the empty tree is for [`crate::verify_consistency`] to say.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let origin = KeyName::parse(lines.next()?)?;
        let size = decimal::parse(lines.next()?)?;
        let root = Hash::from_base64(lines.next()?)?;
        lines.next().is_none().then_some(Self { origin, size, root })
    }
}

/// What the checkpoint of any log says, one that has extension lines or an origin that is no key name too: what a
/// witness reads. Not trusted before its signature is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which log it is: one line, not empty.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root over those leaves.
    pub root: Hash,
}

impl Head {
    /// Reads the text of a checkpoint; `None` when a line is empty, or size or root have another spelling.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let origin = lines.next().filter(|origin| !origin.is_empty())?.to_owned();
        let size = decimal::parse(lines.next()?)?;
        let root = Hash::from_base64(lines.next()?)?;
        lines.all(|extension| !extension.is_empty()).then_some(Self { origin, size, root })
    }
}
