//! How many tests passed and failed, read from the summaries the runners print themselves.

use std::fmt;

/// Passed and failed tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that did not.
    pub(crate) failed: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Tally {
    /// Both together.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }

    /// For a runner that failed without naming a test, as when something does not compile.
    pub(crate) fn at_least_one_failed(self) -> Self {
        Self { failed: self.failed.max(1), ..self }
    }

    /// `Summary [ 1.2s] 45 tests run: 43 passed (1 slow), 1 failed, 1 timed out, 2 skipped`
    pub(crate) fn of_nextest(text: &str) -> Self {
        let summary = text.lines().rev().find(|line| line.contains(" run: ") && line.contains("Summary ["));
        let counts = summary.and_then(|line| line.split(" run: ").nth(1)).unwrap_or_default();
        counts.split(", ").filter_map(count).fold(Self::default(), |tally, (number, word)| match word {
            "passed" => tally.plus(Self { passed: number, failed: 0 }),
            "skipped" => tally,
            _ => tally.plus(Self { passed: 0, failed: number }),
        })
    }

    /// `test result: ok. 5 passed; 0 failed; 1 ignored; …`, once for each binary.
    pub(crate) fn of_cargo_test(text: &str) -> Self {
        let results = text.lines().filter_map(|line| line.strip_prefix("test result: "));
        let counts = results.flat_map(|line| line.split(['.', ';'])).filter_map(|part| count(part.trim()));
        counts.fold(Self::default(), |tally, (number, word)| match word {
            "passed" => tally.plus(Self { passed: number, failed: 0 }),
            "failed" => tally.plus(Self { passed: 0, failed: number }),
            _ => tally,
        })
    }

    /// `Ran 45 tests in 9.1s`, then `OK (skipped=1)` or `FAILED (failures=1, errors=2)`.
    pub(crate) fn of_unittest(text: &str) -> Self {
        let ran = text.lines().rev().find_map(|line| line.strip_prefix("Ran "));
        let ran = ran.and_then(count).map_or(0, |(number, _)| number);
        let ending = text.lines().rev().find(|line| line.starts_with("OK") || line.starts_with("FAILED"));
        let number = |name: &str| {
            let parts = ending.unwrap_or_default().split(['(', ')', ',']).map(str::trim);
            let values = parts.filter_map(|part| part.strip_prefix(name)?.strip_prefix('='));
            values.filter_map(|value| value.parse::<u64>().ok()).sum::<u64>()
        };
        let failed = number("failures") + number("errors") + number("unexpected successes");
        Self { passed: ran.saturating_sub(failed + number("skipped")), failed }
    }
}

/// `12 passed (1 slow)`: the number and the word after it.
fn count(part: &str) -> Option<(u64, &str)> {
    let mut words = part.split_whitespace();
    Some((words.next()?.parse().ok()?, words.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn the_summary_of_nextest_is_read() {
        let text = "  PASS [0.1s] a b\n------------\n     Summary [   1.234s] 45 tests run: 43 passed (1 slow), 1 failed, 1 timed out, 2 skipped\n";
        assert_eq!(Tally::of_nextest(text), tally(43, 2));
        assert_eq!(Tally::of_nextest("     Summary [ 0.1s] 1 test run: 1 passed, 0 skipped\n"), tally(1, 0));
        assert_eq!(Tally::of_nextest("error: could not compile"), tally(0, 0));
    }

    #[test]
    fn the_summaries_of_cargo_test_are_added_up() {
        let text = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                    test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(Tally::of_cargo_test(text), tally(8, 2));
    }

    #[test]
    fn the_summary_of_unittest_is_read() {
        assert_eq!(Tally::of_unittest("...\nRan 45 tests in 9.1s\n\nOK\n"), tally(45, 0));
        assert_eq!(Tally::of_unittest("Ran 9 tests in 1s\n\nOK (skipped=2)\n"), tally(7, 0));
        assert_eq!(Tally::of_unittest("Ran 9 tests in 1s\n\nFAILED (failures=1, errors=2)\n"), tally(6, 3));
    }

    #[test]
    fn a_runner_that_fails_without_a_count_still_counts_as_a_failure() {
        assert_eq!(tally(7, 0).at_least_one_failed().to_string(), "7 passed, 1 failed");
        assert_eq!(tally(7, 3).at_least_one_failed(), tally(7, 3));
    }
}
