//! What the fuzzer asks of the guard: the same verdict however the input is cut, and only whole requests passed on.

use super::{Fault, Guard, Refused, Sizes, State};

/// Small ones, so that the fuzzer finds the bounds.
pub(super) const SIZES: Sizes = Sizes { target_bytes: 64, header_bytes: 512, header_fields: 8 };

/// Feeds the input whole, byte by byte, and in pieces as long as its first byte says.
///
/// # Panics
///
/// When the verdicts differ, or a refusal passes on anything but whole requests.
pub fn fuzz_framing(data: &[u8]) {
    let Some((length, input)) = data.split_first() else {
        return;
    };
    let whole = verdict(input, input.len().max(1));
    for pieces in [1, usize::from(*length).max(1)] {
        assert_eq!(verdict(input, pieces), whole, "cut into pieces of {pieces}");
    }
}

/// What is wrong with the input, fed in pieces of this length.
pub(super) fn verdict(input: &[u8], pieces: usize) -> Option<Fault> {
    let mut guard = Guard::new(SIZES);
    let mut fed = 0;
    for piece in input.chunks(pieces) {
        if let Err(Refused { fault, good, .. }) = guard.feed(piece) {
            check_passed_on(input, if good > 0 { fed + good } else { 0 });
            return Some(fault);
        }
        fed += piece.len();
    }
    None
}

fn check_passed_on(input: &[u8], good: usize) {
    let mut guard = Guard::new(SIZES);
    assert_eq!(guard.feed(input.get(..good).unwrap_or_default()), Ok(()));
    assert_eq!(guard.state, State::Start, "half a request was passed on");
}
