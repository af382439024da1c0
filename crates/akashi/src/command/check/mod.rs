//! `akashi check`: whether an open road leads to the records, by what a description and plans say.

mod input;
mod keep;
mod path;

use crate::arguments::{Check as Wanted, CheckFormat, CheckPhase, Which};
use crate::codes;
use crate::console::Failure;
use crate::new_file::NewFile;
use crate::terminal::Terminal;
use ::report::site as shown;
use base::{Clock, Language, Problem, SystemClock};
pub(crate) use input::Files;
use input::Input;
use records::Problems;
use site::check::{Check, Given};
use site::compare::{Change, compare};
use site::description::{self, Day, Phase, Site, Template};
use site::model::Model;
use site::picture::Picture;
use site::rules::{Verdict, rule::Severity};
use std::path::Path;
use std::process::ExitCode;

/// Something required is violated.
const VIOLATED: u8 = 3;
/// Nothing required is violated, but something could not be decided.
const UNDECIDED: u8 = 4;

pub(crate) fn run(terminal: &Terminal, wanted: &Wanted) -> Result<ExitCode, Failure> {
    if let Some(text) = instead(terminal, wanted)? {
        let out = wanted.out.as_deref().map(NewFile::take).transpose()?;
        write(terminal, out, &text)?;
        return Ok(ExitCode::SUCCESS);
    }
    fitting(wanted)?;
    // Before anything is done: nothing is checked that could not be written.
    let out = wanted.out.as_deref().map(NewFile::take).transpose()?;
    let files = Files { site: wanted.site.as_deref(), plans: &wanted.plans, sources: &wanted.sources };
    let mut input = Input::read(files).map_err(failures)?;
    if let Some(ends) = &wanted.compare {
        return compared(terminal, wanted, &mut input, ends, out);
    }
    if let Some(ends) = &wanted.path {
        let model = given(wanted, &input, phase(wanted.phase), &input.names()).model()?;
        return path::run(terminal, &model, ends, wanted.format == CheckFormat::Json);
    }
    let names = input.names();
    let given = given(wanted, &input, phase(wanted.phase), &names);
    let (check, model) = given.check()?;
    if let Some(finding) = &wanted.explain {
        let text = shown::explain(&check, finding, terminal.language());
        write(terminal, out, &text.ok_or_else(|| finding_absent(&check, finding))?)?;
        return Ok(code(&check));
    }
    let text = text(terminal.language(), wanted, &input, (&check, &model))?;
    write(terminal, out, &text)?;
    if wanted.keep {
        keep::keep(terminal, (&wanted.folder.data, wanted.facility.as_ref()), &input, (&check, &model))?;
    }
    Ok(code(&check))
}

/// Checks the site as it is today and keeps what that shows, before something rests on it.
pub(crate) fn keep_first(terminal: &Terminal, files: Files<'_>, which: &Which) -> Result<(), Failure> {
    let input = Input::read(files).map_err(failures)?;
    let names = input.names();
    let given = Given {
        site: input.site.as_ref(),
        phase: Phase::Now,
        plans: &input.plans,
        sources: &names,
        today: today(None),
    };
    let (check, model) = given.check()?;
    keep::keep(terminal, (&which.folder.data, which.facility.as_ref()), &input, (&check, &model))
}

/// What a check of a description by itself comes to, as it is kept.
pub(crate) fn of_description(name: &str, text: &str) -> Result<evidence::SiteCheck, Vec<Problem>> {
    let input = Input::of_description(name, text)?;
    let names = input.names();
    let given = Given {
        site: input.site.as_ref(),
        phase: Phase::Now,
        plans: &[],
        sources: &names,
        today: today(None),
    };
    let (check, model) = given.check().map_err(|problem| vec![problem])?;
    Ok(keep::kept(&input, (&check, &model)))
}

/// What is written without any site: an example, the schema, what is modelled.
fn instead(terminal: &Terminal, wanted: &Wanted) -> Result<Option<String>, Problem> {
    if wanted.init {
        return Ok(Some(description::init().to_owned()));
    }
    if let Some(name) = &wanted.template {
        return Ok(Some(description::template(name)?.text.to_owned()));
    }
    if wanted.schema {
        return Ok(Some(description::schema()));
    }
    if wanted.modelled {
        return Ok(Some(shown::modelled(terminal.language())));
    }
    let line = |template: &Template| {
        let what = terminal.choose(template.en, template.ja);
        format!("{:24} {what}\n", template.name)
    };
    Ok(wanted.templates.then(|| description::templates().iter().map(line).collect()))
}

/// Options that contradict each other in a way that the command line cannot know.
fn fitting(wanted: &Wanted) -> Result<(), Problem> {
    let wrong = |en: &str, ja: &str| {
        Err(Problem::new(&codes::ARGUMENTS_OF_CHECK).with("what", en).with("what_ja", ja))
    };
    if wanted.compare.is_some() && wanted.format == CheckFormat::Sarif {
        return wrong(
            "SARIF shows one check, not what changes between two. Take --format table, json or html.",
            "SARIF で出力できるのは 1 回の検査だけです。比較には --format table、json、html のいずれかを指定してください。",
        );
    }
    if wanted.path.is_some() && matches!(wanted.format, CheckFormat::Sarif | CheckFormat::Html) {
        return wrong(
            "The answer to --path is text or JSON. Take --format table or json.",
            "--path の結果はテキストか JSON です。--format table または json を指定してください。",
        );
    }
    if wanted.keep && wanted.phase != CheckPhase::Now {
        return wrong(
            "Only the site as it is now can be kept. Leave out --phase.",
            "保存できるのは現在（now）の検査結果だけです。--phase の指定を外してください。",
        );
    }
    if wanted.site.is_none() && wanted.plans.is_empty() && wanted.compare.is_none() {
        return Err(Problem::new(&codes::NOTHING_TO_CHECK));
    }
    Ok(())
}

fn given<'a>(wanted: &Wanted, input: &'a Input, phase: Phase, names: &'a [String]) -> Given<'a> {
    Given { site: input.site.as_ref(), phase, plans: &input.plans, sources: names, today: today(wanted.day) }
}

/// The day that counts.
fn today(day: Option<guideline::Day>) -> Day {
    let today = day.unwrap_or_else(|| guideline::Day::of(SystemClock.now()));
    // Both write a day the same way.
    Day::parse(&today.to_string()).unwrap_or(Day::FIRST)
}

fn phase(phase: CheckPhase) -> Phase {
    match phase {
        CheckPhase::Now => Phase::Now,
        CheckPhase::Next => Phase::Next,
        CheckPhase::Target => Phase::Target,
    }
}

fn text(
    language: Language,
    wanted: &Wanted,
    input: &Input,
    (check, model): (&Check, &Model),
) -> Result<String, Problem> {
    Ok(match wanted.format {
        CheckFormat::Table => shown::check_table(check, language, detail(wanted)),
        CheckFormat::Json => shown::check_json(check),
        CheckFormat::Sarif => shown::sarif(check, env!("CARGO_PKG_VERSION"), language),
        CheckFormat::Html => {
            let site = input.site.as_ref().map(|site| site.at(phase(wanted.phase)));
            let picture = Picture::draw(site.as_ref(), &input.plans, model, check);
            shown::check_page(check, &picture, &site::rules::Catalogue::builtin()?, language)
        }
    })
}

fn detail(wanted: &Wanted) -> shown::Detail {
    if wanted.all { shown::Detail::Full } else { shown::Detail::Screen }
}

/// What changes between two descriptions, or between two phases of one.
fn compared(
    terminal: &Terminal,
    wanted: &Wanted,
    input: &mut Input,
    ends: &[std::path::PathBuf],
    out: Option<NewFile>,
) -> Result<ExitCode, Failure> {
    let [before, after] = ends else { return Err(Problem::new(&codes::NOTHING_TO_CHECK).into()) };
    let (before, _) = side(wanted, input, before)?;
    let (after, _) = side(wanted, input, after)?;
    let rules = evidence::Rules::default();
    let engine = rules.engine()?;
    let resting = |key: &str| {
        let all = engine.checks.resting_on(&engine.catalogue, key);
        all.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let change: Change = compare(&before, &after).touching(resting);
    let language = terminal.language();
    let text = match wanted.format {
        CheckFormat::Json => shown::change_json(&change),
        CheckFormat::Html => shown::change_page(&change, language),
        CheckFormat::Table | CheckFormat::Sarif => shown::change_table(&change, language, detail(wanted)),
    };
    write(terminal, out, &text)?;
    Ok(code(&after))
}

/// One side of a comparison: a phase of the description that was named, or a file.
fn side(wanted: &Wanted, input: &mut Input, end: &Path) -> Result<(Check, Model), Failure> {
    let named = |phase: &&Phase| end.as_os_str() == phase.word();
    if let (Some(phase), Some(_)) = (Phase::ALL.iter().find(named), &input.site) {
        let names = input.names();
        return Ok(given(wanted, input, *phase, &names).check()?);
    }
    let site: Site = input.description(end).map_err(failures)?;
    let names = [end.display().to_string()];
    let given =
        Given { site: Some(&site), sources: &names, ..given(wanted, input, phase(wanted.phase), &names) };
    Ok(given.check()?)
}

fn write(terminal: &Terminal, out: Option<NewFile>, text: &str) -> Result<(), Problem> {
    if let Some(out) = out {
        return out.fill(text.as_bytes());
    }
    terminal.line(text.trim_end());
    Ok(())
}

fn failures(problems: Vec<Problem>) -> Failure {
    let mut problems = problems.into_iter();
    match problems.next() {
        Some(first) => Problems::new(first, problems.collect()).into(),
        None => Problem::new(&codes::NOTHING_TO_CHECK).into(),
    }
}

fn finding_absent(check: &Check, name: &str) -> Problem {
    let rule = name.split('@').next().unwrap_or(name);
    let near = |finding: &&site::rules::Finding| finding.rule == rule || rule.is_empty();
    let mut all: Vec<&str> = check.findings.iter().filter(near).map(|one| one.id.as_str()).take(8).collect();
    if all.is_empty() {
        all = check.findings.iter().map(|one| one.id.as_str()).take(8).collect();
    }
    Problem::new(&codes::FINDING_ABSENT).with("name", name).with("near", all.join(", "))
}

/// A script sees at once how it stands.
fn code(check: &Check) -> ExitCode {
    let has = |verdict: Verdict| {
        check.findings.iter().any(|one| one.severity == Severity::Required && one.verdict == verdict)
    };
    match (has(Verdict::Violated), has(Verdict::Undecided)) {
        (true, _) => ExitCode::from(VIOLATED),
        (false, true) => ExitCode::from(UNDECIDED),
        (false, false) => ExitCode::SUCCESS,
    }
}
