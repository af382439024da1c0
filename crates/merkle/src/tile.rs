//! Tiles and entry bundles of C2SP `tlog-tiles`: which ones a tree has, their paths, the bytes of a bundle.

use crate::decimal;
use crate::peaks::TILE_WIDTH;

/// Highest level the layout can name.
const LEVEL_MAX: u64 = 63;
/// Highest level a tree of 64-bit size reaches.
const LEVELS: u8 = 8;
/// Width of a full tile or bundle.
const WIDTH_FULL: u16 = 256;

/// Up to 256 consecutive hashes of one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// 0 for leaf hashes; a hash of level l spans 256^l leaves.
    pub level: u8,
    /// Place within the level, from 0.
    pub index: u64,
    /// Hashes in it: 256 when full, 1 to 255 when partial.
    pub width: u16,
}

/// Up to 256 consecutive entries, those below the level-0 tile of the same index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bundle {
    /// Place among the bundles, from 0.
    pub index: u64,
    /// Entries in it: 256 when full, 1 to 255 when partial.
    pub width: u16,
}

impl Tile {
    /// The path below the log's prefix, such as `tile/0/x001/067` or `tile/0/x001/067.p/3`.
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, place_text(self.index, self.width))
    }

    /// Reads a path that [`Tile::path`] could have written; every other spelling is refused.
    pub fn parse(path: &str) -> Option<Self> {
        let (level, place) = path.strip_prefix("tile/")?.split_once('/')?;
        let level = decimal::parse(level).filter(|level| *level <= LEVEL_MAX)?;
        let (index, width) = parse_place(place)?;
        Some(Self { level: u8::try_from(level).ok()?, index, width })
    }

    /// Index, within the level, of the first hash: what to ask [`crate::Subtrees`] for. `None` when it does not exist
    /// in a tree of 64-bit size.
    pub fn first(&self) -> Option<u64> {
        self.index.checked_mul(TILE_WIDTH)
    }
}

impl Bundle {
    /// The path below the log's prefix, such as `tile/entries/x001/067` or `tile/entries/x001/067.p/3`.
    pub fn path(&self) -> String {
        format!("tile/entries/{}", place_text(self.index, self.width))
    }

    /// Reads a path that [`Bundle::path`] could have written; every other spelling is refused.
    pub fn parse(path: &str) -> Option<Self> {
        let (index, width) = parse_place(path.strip_prefix("tile/entries/")?)?;
        Some(Self { index, width })
    }

    /// Position of the first entry. `None` when it does not exist in a tree of 64-bit size.
    pub fn first(&self) -> Option<u64> {
        self.index.checked_mul(TILE_WIDTH)
    }
}

/// Every tile that a tree of `size` leaves has, the partial one at the end of each level included: level by level from
/// 0, within a level by index.
pub fn tiles_for(size: u64) -> impl Iterator<Item = Tile> {
    (0..LEVELS).flat_map(move |level| {
        row(size >> (u32::from(level) * 8)).map(move |(index, width)| Tile { level, index, width })
    })
}

/// Every entry bundle that a tree of `size` leaves has, the partial one at the end included, by index.
pub fn bundles_for(size: u64) -> impl Iterator<Item = Bundle> {
    row(size).map(|(index, width)| Bundle { index, width })
}

/// Index and width of the tiles that `hashes` hashes of one level fill.
fn row(hashes: u64) -> impl Iterator<Item = (u64, u16)> {
    let full = hashes / TILE_WIDTH;
    let rest = u16::try_from(hashes % TILE_WIDTH).ok().filter(|width| *width > 0);
    (0..full).map(|index| (index, WIDTH_FULL)).chain(rest.map(|width| (full, width)))
}

/// Joins entries to the bytes of a bundle: before each its length as a big-endian 16-bit number. `None` for no entry,
/// for more than 256, and for one longer than 65,535 bytes.
pub fn encode_bundle<I>(entries: I) -> Option<Vec<u8>>
where
    I: IntoIterator,
    I::Item: AsRef<[u8]>,
{
    let mut bytes = Vec::new();
    let mut width = 0;
    for entry in entries {
        let entry = entry.as_ref();
        bytes.extend(u16::try_from(entry.len()).ok()?.to_be_bytes());
        bytes.extend(entry);
        width += 1;
        if width > WIDTH_FULL {
            return None;
        }
    }
    (width > 0).then_some(bytes)
}

/// Takes the bytes of a bundle apart. `None` when a length leads past the end, for no entry and for more than 256.
/// Compare the number of entries with [`Bundle::width`].
pub fn decode_bundle(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let (entry, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
        if entries.len() >= usize::from(WIDTH_FULL) {
            return None;
        }
        entries.push(entry);
        rest = after;
    }
    (rest.is_empty() && !entries.is_empty()).then_some(entries)
}

/// `x001/x234/067` and, for a partial width, `.p/3`.
fn place_text(index: u64, width: u16) -> String {
    let mut text = format!("{:03}", index % 1000);
    let mut higher = index / 1000;
    while higher > 0 {
        text = format!("x{:03}/{text}", higher % 1000);
        higher /= 1000;
    }
    if width == WIDTH_FULL { text } else { format!("{text}.p/{width}") }
}

fn parse_place(text: &str) -> Option<(u64, u16)> {
    let (place, width) = match text.split_once(".p/") {
        Some((place, width)) => (place, u16::try_from(decimal::parse(width)?).ok()?),
        None => (text, WIDTH_FULL),
    };
    let mut index: u64 = 0;
    for group in place.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    // Writing it again finds every other spelling of the same place: missing or stray `x`, leading groups of zeros,
    // the width of a full tile spelled out.
    let partial_or_full = (1..=WIDTH_FULL).contains(&width);
    (partial_or_full && place_text(index, width) == text).then_some((index, width))
}
