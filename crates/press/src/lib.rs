//! Reports as PDF: papers set by typst, with a Japanese font that is compiled in. No disk, no network.
