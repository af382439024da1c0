//! What the user reads: in Japanese or in English, results on standard output, everything else on standard error.

use crate::console::Failure;
use crate::table::Table;
use crate::{arguments, codes};
use base::{Language, Problem};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use records::Problems;
use std::io::{ErrorKind, Result as Written, Stderr, Stdout, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// The user's terminal.
#[derive(Debug)]
pub(crate) struct Terminal {
    language: Language,
    results: Stdout,
    notes: Stderr,
    /// Whether a result could not be written: what is there is not whole.
    lost: AtomicBool,
}

impl Terminal {
    /// In the language asked for, else in that of the user's locale.
    pub(crate) fn new(asked: Option<arguments::Language>) -> Self {
        let language = match asked {
            Some(arguments::Language::Ja) => Language::Japanese,
            Some(arguments::Language::En) => Language::English,
            None => crate::configuration::locale_language(),
        };
        Self { language, results: std::io::stdout(), notes: std::io::stderr(), lost: AtomicBool::new(false) }
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
        // What follows a gap would look whole.
        if !self.is_lost() {
            self.result(writeln!(self.results.lock(), "{text}"));
        }
    }

    /// The help or the version that was asked for.
    pub(crate) fn help(&self, asked: &clap::Error) {
        self.result(asked.print());
    }

    /// How the command ends. No command has to look itself whether its result was written.
    pub(crate) fn end(&self, code: ExitCode) -> ExitCode {
        if self.is_lost() { ExitCode::FAILURE } else { code }
    }

    /// Says at once what could not be written: a server may run on for months.
    fn result(&self, written: Written<()>) {
        let Err(error) = written.and_then(|()| self.results.lock().flush()) else { return };
        // When nobody reads any more (a closed pipe) there is nobody to tell either.
        if error.kind() == ErrorKind::BrokenPipe {
            tracing::debug!("standard output is closed");
            return;
        }
        self.lost.store(true, Ordering::Relaxed);
        self.failure(&Problem::new(&codes::RESULT_LOST).with("what", error).into());
    }

    fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
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
    pub(crate) fn text_of(&self, problem: &Problem) -> String {
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
