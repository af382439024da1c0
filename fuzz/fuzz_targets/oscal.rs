//! Documents of OSCAL from any text.
#![no_main]

#[path = "../logic/oscal.rs"]
mod oscal;

use std::sync::LazyLock;

static ENGINE: LazyLock<guideline::Engine> =
    LazyLock::new(|| guideline::engine().expect("what is compiled in fits together"));

libfuzzer_sys::fuzz_target!(|data: &[u8]| oscal::oscal(&ENGINE, data));
