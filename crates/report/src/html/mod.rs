//! An assessment as one page of HTML that needs nothing beside itself: no scripts, no requests, made for screen and paper.
//!
//! The page says what the terminal says (`akashi assess`), for people who are sent it. It shows what is unknown as
//! unknown: the one green in the style sheet belongs to what is met.

mod paper;
mod words;

pub use paper::paper_page;
pub use words::{age, excluded, history, unit, value};

use askama::Template;
use base::{Language, Problem, Time};
use guideline::{Assessed, Assessment, Chapter, Engine, Fact, FactOrigin, Facts, Part, Requirement, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use words::{Words, choose, look, origin, with_commands, words};

const STYLE: &str = include_str!("style.css");

/// Japan has had one time zone and no summer time since 1951.
const JAPAN_SECONDS: i64 = 9 * 3_600;

#[derive(Template)]
#[template(path = "assessment.html")]
struct Page {
    words: &'static Words,
    style: &'static str,
    edition: String,
    publisher: String,
    published: String,
    address: Option<String>,
    side: &'static str,
    moment: String,
    moment_text: String,
    facts: String,
    heads: Vec<Badge>,
    counts: Vec<(Badge, usize)>,
    parts: Vec<PartShown>,
    origins: String,
}

/// A verdict as it is drawn.
#[derive(Clone, Copy)]
struct Badge {
    class: &'static str,
    mark: &'static str,
    name: &'static str,
}

struct PartShown {
    title: String,
    chapters: Vec<ChapterShown>,
    gone: Vec<(String, String)>,
}

struct ChapterShown {
    anchor: String,
    number: String,
    title: String,
    cells: Vec<(Badge, usize)>,
    origins: String,
    requirements: Vec<RequirementShown>,
}

struct RequirementShown {
    id: String,
    name: String,
    badge: Badge,
    summary: String,
    locator: String,
    caution: Option<&'static str>,
    facts: Vec<FactShown>,
    /// Facts that decided and are not among those given.
    missing: Vec<String>,
    open: Vec<(String, String)>,
    /// How it came about, of an overlay.
    history: Option<String>,
    /// Why it does not apply, and who decided that.
    excluded: Option<String>,
    /// What is left to do, in pieces: whether it is a command.
    remedy: Vec<(bool, String)>,
    is_undecided: bool,
}

struct FactShown {
    about: String,
    key: String,
    value: String,
    origin: &'static str,
    how: String,
    moment: String,
    age: String,
    until: Option<String>,
    position: Option<u64>,
}

/// The page of an assessment of this moment, in one language. `facts` are those that it rests on.
///
/// # Errors
/// The assessment is of an edition or of requirements that the engine does not have.
pub fn assessment_page(
    engine: &Engine,
    assessment: &Assessment,
    facts: &Facts,
    language: Language,
    at: Time,
) -> Result<String, Problem> {
    let edition = engine.catalogue.edition(&assessment.edition)?;
    let shown = Shown { engine, facts, language, at, verdicts: by_requirement(assessment) };
    let parts = edition.parts.iter().map(|part| shown.part(part)).collect::<Result<Vec<_>, _>>()?;
    let all: Vec<&Assessed> = assessment.verdicts.iter().collect();
    let page = Page {
        words: words(language),
        style: STYLE,
        edition: edition.id.clone(),
        publisher: edition.publisher.clone(),
        published: edition.published.clone(),
        address: Some(edition.url.clone()).filter(|url| url.starts_with("https://")),
        side: words::side(language, assessment.side),
        moment: at.to_string(),
        moment_text: shown.moment(at),
        facts: format!("{}{}", facts.iter().count(), choose(language, "", "\u{a0}件")),
        heads: Verdict::ALL.map(|verdict| badge(language, verdict)).to_vec(),
        counts: counts(language, &all),
        parts: parts.into_iter().filter(|part| !part.chapters.is_empty() || !part.gone.is_empty()).collect(),
        origins: shown.origins(&all),
    };
    // Writing into a string fails only when a value refuses to be written, and these are texts.
    Ok(page.render().unwrap_or_default())
}

fn by_requirement(assessment: &Assessment) -> BTreeMap<&str, &Assessed> {
    assessment.verdicts.iter().map(|one| (one.requirement.as_str(), one)).collect()
}

fn badge(language: Language, verdict: Verdict) -> Badge {
    let (class, mark) = look(verdict);
    Badge { class, mark, name: verdict.name(language) }
}

fn counts(language: Language, own: &[&Assessed]) -> Vec<(Badge, usize)> {
    let count = |verdict| own.iter().filter(|one| one.verdict == verdict).count();
    Verdict::ALL.map(|verdict| (badge(language, verdict), count(verdict))).to_vec()
}

/// What every part of the page looks at.
struct Shown<'a> {
    engine: &'a Engine,
    facts: &'a Facts,
    language: Language,
    at: Time,
    verdicts: BTreeMap<&'a str, &'a Assessed>,
}

impl Shown<'_> {
    fn part(&self, part: &Part) -> Result<PartShown, Problem> {
        let mut chapters = Vec::new();
        for (place, chapter) in part.chapters.iter().enumerate() {
            let own: Vec<&Assessed> = chapter
                .requirements
                .iter()
                .filter_map(|id| self.verdicts.get(id.as_str()).copied())
                .collect();
            if !own.is_empty() {
                chapters.push(self.chapter((part, place), chapter, &own)?);
            }
        }
        let gone = part.dropped.iter().map(|one| (one.id.clone(), one.reason.of(self.language).to_owned()));
        Ok(PartShown { title: part.title.of(self.language).to_owned(), chapters, gone: gone.collect() })
    }

    fn chapter(
        &self,
        (part, place): (&Part, usize),
        chapter: &Chapter,
        own: &[&Assessed],
    ) -> Result<ChapterShown, Problem> {
        Ok(ChapterShown {
            anchor: format!("{}-{place}", part.name),
            number: chapter.number.clone(),
            title: chapter.title.of(self.language).to_owned(),
            cells: counts(self.language, own),
            origins: self.origins(own),
            requirements: own.iter().map(|one| self.requirement(one)).collect::<Result<_, _>>()?,
        })
    }

    fn origins(&self, own: &[&Assessed]) -> String {
        let origins: BTreeSet<FactOrigin> = own.iter().flat_map(|one| one.origins()).collect();
        let named: Vec<&str> = origins.into_iter().map(|one| origin(self.language, one)).collect();
        named.join(choose(self.language, ", ", "・"))
    }

    fn requirement(&self, one: &Assessed) -> Result<RequirementShown, Problem> {
        let requirement: &Requirement = self.engine.catalogue.requirement(&one.requirement)?;
        let check = self.engine.checks.of(&self.engine.catalogue, &requirement.id);
        let known = one.decided_by.iter().filter_map(|key| self.facts.get(key));
        let missing = one.decided_by.iter().filter(|key| self.facts.get(key).is_none());
        let remedy = check.filter(|_| !one.verdict.is_settled()).map(|check| check.remedy.of(self.language));
        Ok(RequirementShown {
            id: requirement.id.clone(),
            name: requirement.name.of(self.language).to_owned(),
            badge: badge(self.language, one.verdict),
            summary: requirement.summary.of(self.language).to_owned(),
            locator: requirement.locator.clone(),
            caution: requirement.basis.caution(self.language),
            facts: known.map(|fact| self.fact(fact)).collect(),
            missing: missing.cloned().collect(),
            open: one.open.iter().map(|key| (self.about(key), key.clone())).collect(),
            history: history(self.language, requirement.origin.as_ref()),
            excluded: one.excluded.as_ref().map(|one| excluded(self.language, one)),
            remedy: remedy.map(with_commands).unwrap_or_default(),
            is_undecided: check.is_none(),
        })
    }

    fn fact(&self, fact: &Fact) -> FactShown {
        let unit = self.engine.registry.key(&fact.key).ok().and_then(|key| key.unit.as_deref());
        let microseconds = self.at.microseconds().saturating_sub(fact.observed.0.microseconds());
        FactShown {
            about: self.about(&fact.key),
            key: fact.key.clone(),
            value: value(self.language, &fact.value, unit.map(|one| words::unit(self.language, one))),
            origin: origin(self.language, fact.origin),
            how: fact.how.of(self.language).to_owned(),
            moment: fact.observed.0.to_string(),
            age: age(self.language, microseconds.checked_div(1_000_000).unwrap_or_default()),
            until: fact.valid_until.map(|until| self.until(until.0)),
            position: fact.position,
        }
    }

    /// What a fact is about.
    fn about(&self, key: &str) -> String {
        self.engine
            .registry
            .key(key)
            .map_or_else(|_| key.to_owned(), |known| known.text.of(self.language).to_owned())
    }

    fn until(&self, until: Time) -> String {
        match self.language {
            Language::Japanese => format!("{}まで有効", self.moment(until)),
            Language::English => format!("counts until {}", self.moment(until)),
        }
    }

    /// A moment as clocks in Japan show it.
    fn moment(&self, moment: Time) -> String {
        let local: String = moment.plus_seconds(JAPAN_SECONDS).to_string().chars().take(16).collect();
        let (day, minute) = local.split_once('T').unwrap_or((&local, ""));
        match self.language {
            Language::Japanese => format!("{day}\u{a0}{minute}（日本時間）"),
            Language::English => format!("{day}\u{a0}{minute}\u{a0}JST"),
        }
    }
}
