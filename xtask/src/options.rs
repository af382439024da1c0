//! Options of a sub-command: `--name value`, `--flag` and words that stand free. What is not known is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// What a sub-command understands.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    /// Names that take a value, without their dashes.
    pub(crate) values: &'static [&'static str],
    /// Names that take none.
    pub(crate) flags: &'static [&'static str],
    /// Whether words without dashes may follow.
    pub(crate) free: bool,
}

/// What was given.
#[derive(Debug, Default)]
pub(crate) struct Options {
    values: BTreeMap<String, String>,
    flags: BTreeSet<String>,
    /// Words without dashes, in order.
    pub(crate) free: Vec<String>,
}

impl Options {
    /// Reads the arguments of a sub-command.
    pub(crate) fn parse(arguments: &[String], known: Known) -> Result<Self, String> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.strip_prefix("--") {
                Some(name) if known.flags.contains(&name) => {
                    options.flags.insert(name.to_owned());
                }
                Some(name) if known.values.contains(&name) => {
                    let value = rest.next().ok_or_else(|| format!("`--{name}` needs a value"))?;
                    options.values.insert(name.to_owned(), value.clone());
                }
                None if known.free => options.free.push(argument.clone()),
                _ => return Err(format!("`{argument}` is not known here; --help shows what is")),
            }
        }
        Ok(options)
    }

    /// Whether the flag was given.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.flags.contains(name)
    }

    /// The value as it was written.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The value as a number or the like, or what holds without it.
    pub(crate) fn value<T: FromStr>(&self, name: &str, default: T) -> Result<T, String> {
        let Some(text) = self.text(name) else { return Ok(default) };
        text.parse().map_err(|_| format!("`--{name} {text}` cannot be read"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: Known = Known { values: &["kills"], flags: &["full"], free: false };

    fn parse(words: &[&str], known: Known) -> Result<Options, String> {
        Options::parse(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>(), known)
    }

    #[test]
    fn values_flags_and_free_words_are_told_apart() {
        let options = parse(&["a", "--kills", "7", "--full"], Known { free: true, ..KNOWN }).unwrap();
        assert_eq!(options.value("kills", 1_u32), Ok(7));
        assert!(options.flag("full"));
        assert_eq!(options.free, ["a"]);
    }

    #[test]
    fn an_absent_value_is_the_default_and_a_malformed_one_is_refused() {
        assert_eq!(parse(&[], KNOWN).unwrap().value("kills", 5_u32), Ok(5));
        assert!(parse(&["--kills", "many"], KNOWN).unwrap().value("kills", 5_u32).is_err());
        assert!(parse(&["--kills"], KNOWN).is_err());
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(parse(&["--kils", "5"], KNOWN).is_err());
        assert!(parse(&["word"], KNOWN).is_err());
    }
}
