//! What the user reads: in Japanese or in English, results on standard output, everything else on standard error.

use crate::arguments;
use crate::console::Failure;
use crate::table::Table;
use base::Language;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use records::Problems;
use std::io::{Stderr, Stdout, Write};

/// The user's terminal.
#[derive(Debug)]
pub(crate) struct Terminal {
    language: Language,
    results: Stdout,
    notes: Stderr,
}

impl Terminal {
    /// In the language asked for, else in that of the user's locale.
    pub(crate) fn new(asked: Option<arguments::Language>) -> Self {
        let language = match asked {
            Some(arguments::Language::Ja) => Language::Japanese,
            Some(arguments::Language::En) => Language::English,
            None => crate::configuration::locale_language(),
        };
        Self { language, results: std::io::stdout(), notes: std::io::stderr() }
    }

    /// The user's language.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Picks the text in the user's language.
    pub(crate) fn choose<'a>(&self, en: &'a str, ja: &'a str) -> &'a str {
        match self.language {
            Language::English => en,
            Language::Japanese => ja,
        }
    }

    /// A line of result.
    pub(crate) fn line(&self, text: &str) {
        // When nobody reads any more (a closed pipe) there is nobody to tell either.
        if writeln!(self.results.lock(), "{text}").is_err() {
            tracing::debug!("standard output is closed");
        }
    }

    /// A table of results.
    pub(crate) fn table(&self, table: &Table) {
        for line in table.lines() {
            self.line(&line);
        }
    }

    /// A line that nobody may miss, in both languages: whoever reads the log later may not be who starts the server.
    pub(crate) fn warn(&self, en: &str, ja: &str) {
        self.note(&format!("!!! {ja} / {en} !!!"));
    }

    /// A line about what is going on.
    pub(crate) fn note(&self, text: &str) {
        if writeln!(self.notes.lock(), "{text}").is_err() {
            tracing::debug!("standard error is closed");
        }
    }

    /// Why a command failed.
    pub(crate) fn failure(&self, failure: &Failure) {
        match failure {
            Failure::Problems(problems) => self.problems(problems),
            Failure::Told(told) => self.note(&format!("{} {}", told.code(), told.text(self.language))),
        }
    }

    /// What is wrong, with codes and places.
    fn problems(&self, problems: &Problems) {
        for problem in problems.all() {
            let place = problem.place().map(|place| format!(" ({place})")).unwrap_or_default();
            let text = problem.text(self.language);
            self.note(&format!("{} {text}{place}", problem.code().id));
            if !text.contains(problem.log_line()) {
                self.note(&format!("  {}", problem.log_line()));
            }
        }
    }

    /// One problem on one line.
    pub(crate) fn text_of(&self, problem: &base::Problem) -> String {
        format!("{} {}", problem.code().id, problem.text(self.language))
    }
}

/// What a progress bar counts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    /// Bytes read.
    Bytes,
    /// Entries or patients.
    Things,
}

/// A progress bar over `total` of a unit (`bytes` are shown as such); silent when nobody watches.
pub(crate) fn progress(total: u64, unit: Unit) -> ProgressBar {
    let template = match unit {
        Unit::Bytes => "{bar:30} {bytes}/{total_bytes}  {msg}  {elapsed} + {eta}",
        Unit::Things => "{bar:30} {human_pos}/{human_len}  {per_sec}  {elapsed} + {eta}",
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(8)).with_style(style)
}
