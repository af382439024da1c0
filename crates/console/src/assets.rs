//! What browsers load beside the pages: one style sheet, htmx (0BSD), one script of ours, one picture. Addresses carry the
//! version of the program, so that a browser may keep them for ever.

/// A file that browsers load.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its media type.
    pub media: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

/// The one style sheet, kept in parts.
const STYLE: &str = concat!(
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/clinical.css"),
    include_str!("../assets/css/write.css"),
    include_str!("../assets/css/operations.css"),
    include_str!("../assets/css/guideline.css"),
    include_str!("../assets/css/print.css"),
);

/// The one script, kept in parts.
const SCRIPT: &str = concat!(
    include_str!("../assets/js/base.js"),
    include_str!("../assets/js/write.js"),
    include_str!("../assets/js/passkey.js"),
    include_str!("../assets/js/live.js"),
);

static ASSETS: &[(&str, Asset)] = &[
    ("style.css", Asset { media: "text/css; charset=utf-8", bytes: STYLE.as_bytes() }),
    (
        "htmx.js",
        Asset { media: "text/javascript; charset=utf-8", bytes: include_bytes!("../assets/htmx.min.js") },
    ),
    ("console.js", Asset { media: "text/javascript; charset=utf-8", bytes: SCRIPT.as_bytes() }),
    ("icon.svg", Asset { media: "image/svg+xml", bytes: include_bytes!("../assets/icon.svg") }),
];

/// The file of this name below `/console/`.
pub fn asset(name: &str) -> Option<Asset> {
    ASSETS.iter().find(|(known, _)| *known == name).map(|(_, asset)| *asset)
}

/// A number that changes whenever one of the files does (FNV-1a).
pub(crate) fn version() -> u64 {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    const FACTOR: u64 = 0x0100_0000_01b3;
    let all = ASSETS.iter().flat_map(|(_, asset)| asset.bytes);
    all.fold(START, |state, byte| (state ^ u64::from(*byte)).wrapping_mul(FACTOR))
}
