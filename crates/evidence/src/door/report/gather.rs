//! Everything that a report is made of, brought together from the journal and the running system.

use super::{Asked, Evidence};
use crate::door::remembered::Point;
use crate::kept::{Document, Kept, KeptAssessment, KeptCheck, KeptTarget, SITE_ID, Stood, load_at};
use base::{Language, Problem, Time};
use guideline::risk::{Method, Register as RiskRegister};
use guideline::{Day, Disclosure, Engine, Facts, Matrix};
use report::form::{DocumentLine, Form, Given, Judged, SiteShown, TargetLine};
use std::collections::BTreeMap;
use store::Actor;

/// Most points of a trend.
const POINTS_MAX: usize = 60;

/// An assessment that a report rests on, with the record it is a version of.
#[derive(Clone, Debug)]
pub(super) struct Stated {
    pub(super) judged: Judged,
    /// `AkashiAssessment/…`.
    pub(super) record: String,
    /// None of one that nobody keeps.
    pub(super) version: Option<u64>,
    /// When its entry was written, or when it was made.
    time: Time,
}

/// What is known.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) judged: Vec<Stated>,
    given: Vec<Judged>,
    history: Vec<Point>,
    matrix: Option<Matrix>,
    own: Option<Disclosure>,
    risks: Option<RiskRegister>,
    documents: Vec<DocumentLine>,
    targets: Vec<TargetLine>,
    site: Option<SiteShown>,
}

impl Gathered {
    /// The same as the forms take it.
    pub(super) fn given<'a>(
        &'a self,
        engine: &'a Engine,
        method: &'a Method,
        (asked, as_of): (&'a Asked, Time),
    ) -> Given<'a> {
        Given {
            engine,
            language: Language::from(asked.wanted.language),
            facility: &asked.facility,
            edition: &asked.edition,
            side: asked.side,
            program: env!("CARGO_PKG_VERSION"),
            as_of,
            is_past: asked.wanted.at.is_some(),
            judged: &self.given,
            history: &self.history,
            matrix: self.matrix.as_ref(),
            own: self.own.as_ref(),
            risks: self.risks.as_ref().map(|register| (register, method)),
            documents: &self.documents,
            targets: &self.targets,
            site: self.site.as_ref(),
        }
    }

    /// When what it rests on was seen.
    pub(super) fn moments(&self) -> impl Iterator<Item = Time> {
        let of = |one: &Stated| {
            let mut all: Vec<Time> = one.judged.facts.iter().map(|fact| fact.observed.0).collect();
            all.extend([one.judged.at.0, one.time]);
            all
        };
        self.judged.iter().flat_map(of)
    }

    /// The newest of it.
    pub(super) fn newest(&self) -> Option<Time> {
        self.moments().max()
    }
}

impl Evidence {
    /// `keeps`: whether assessments that say something new are kept, as those of a report that is handed out must be.
    pub(super) async fn gather(&self, by: &Actor, asked: &Asked, keeps: bool) -> Result<Gathered, Problem> {
        let then = asked.wanted.at.map(|at| at.0);
        let mut judged = Vec::new();
        let editions = asked.form.assessed(&asked.edition, asked.side);
        // One look for all of it; a past moment needs none.
        let facts = match (then, keeps) {
            (Some(_), _) => None,
            (None, true) => Some(self.facts().await?),
            (None, false) => Some(self.recent_facts().await?),
        };
        for (edition, side) in editions {
            judged.push(match &facts {
                None => stated(self.assess(by, &edition, side, asked.wanted.at).await?),
                Some(facts) => self.of_today(self.judged(by, &edition, side, facts)?, by, keeps).await?,
            });
        }
        let (matrix, own) = match &facts {
            // What others disclosed and what the system showed then is known as far as it was assessed.
            None => (None, None),
            Some(facts) => self.responsibilities(asked, facts)?,
        };
        Ok(Gathered {
            history: self.trend(asked, then)?,
            matrix,
            own,
            risks: self.risks_then(then),
            documents: self.documents_then(then)?,
            targets: self.targets_then(then),
            site: self.site_then(then)?,
            given: judged.iter().map(|one| one.judged.clone()).collect(),
            judged,
        })
    }

    /// The last kept assessment, when it says the same as one of now and is of the same day in Japan; otherwise the new one.
    async fn of_today(&self, made: KeptAssessment, by: &Actor, keeps: bool) -> Result<Stated, Problem> {
        let _changing = self.changing.lock().await;
        let now = made.at.0;
        let last: Option<Stood<KeptAssessment>> =
            self.store.inspect(|inside| load_at(inside, &made.id, now))?;
        let of_today = |last: &Stood<KeptAssessment>| Day::of(last.kept.at.0) == Day::of(now);
        if let Some(last) = last.filter(of_today).filter(|last| last.kept.says_the_same(&made)) {
            return Ok(stated(last));
        }
        if keeps { Ok(stated(self.enter_assessment(by, made).await?)) } else { Ok(unkept(made)) }
    }

    /// Who answers for what, and this system's own part; a report that is not about them does without where they cannot be
    /// composed.
    fn responsibilities(
        &self,
        asked: &Asked,
        facts: &Facts,
    ) -> Result<(Option<Matrix>, Option<Disclosure>), Problem> {
        let matrix = self.composed(&asked.edition, &[], facts);
        let own = self.own(&asked.edition, facts);
        if asked.form == Form::Matrix {
            return Ok((Some(matrix?), Some(own?)));
        }
        Ok((matrix.ok(), own.ok()))
    }

    /// How the first assessment went over time: of each day the last.
    fn trend(&self, asked: &Asked, then: Option<Time>) -> Result<Vec<Point>, Problem> {
        let assessed = asked.form.assessed(&asked.edition, asked.side);
        let Some((edition, side)) = assessed.first() else { return Ok(Vec::new()) };
        let id = KeptAssessment::id_of(edition, *side);
        let mut points: BTreeMap<Day, Point> = BTreeMap::new();
        for (at, counts) in self.points_of(&id)?.iter() {
            if then.is_none_or(|then| at.0 <= then) {
                points.entry(Day::of(at.0)).or_insert_with(|| (*at, counts.clone()));
            }
        }
        let skipped = points.len().saturating_sub(POINTS_MAX);
        Ok(points.into_values().skip(skipped).collect())
    }

    /// The documents that stand, or stood then.
    fn documents_then(&self, then: Option<Time>) -> Result<Vec<DocumentLine>, Problem> {
        let now: Vec<Stood<Document>> = self.register().documents.values().cloned().collect();
        let all = match then {
            None => now,
            Some(then) => self.store.inspect(|inside| {
                let ids = now.iter().map(|one| one.kept.id.as_str());
                let found = ids.filter_map(|id| load_at::<Document>(inside, id, then).transpose());
                found.collect::<Result<Vec<_>, Problem>>()
            })?,
        };
        let line = |one: Stood<Document>| DocumentLine {
            kind: one.kept.kind,
            title: one.kept.title,
            version: one.kept.version,
            owner: one.kept.owner,
            approved: one.kept.approved.map(|approved| (approved.by, approved.on)),
            review_on: one.kept.review_on,
            position: one.position.0,
        };
        let mut lines: Vec<DocumentLine> =
            all.into_iter().filter(|one| one.kept.withdrawn.is_none()).map(line).collect();
        lines.sort_by(|one, other| (&one.kind, one.position).cmp(&(&other.kind, other.position)));
        Ok(lines)
    }

    /// The targets as they stand. What was aimed at then is in the versions that were handed out then.
    fn targets_then(&self, then: Option<Time>) -> Vec<TargetLine> {
        if then.is_some() {
            return Vec::new();
        }
        let line = |one: &Stood<KeptTarget>| TargetLine {
            requirement: one.kept.requirement.clone(),
            owner: one.kept.owner.clone(),
            due: one.kept.due,
        };
        self.register().targets.values().map(line).collect()
    }

    /// The risks as they stand. How they stood then is in the versions that were handed out then.
    fn risks_then(&self, then: Option<Time>) -> Option<RiskRegister> {
        then.is_none().then(|| self.register().risks.clone())
    }

    fn site_then(&self, then: Option<Time>) -> Result<Option<SiteShown>, Problem> {
        let stood = match then {
            None => self.register().site.clone(),
            Some(then) => self.store.inspect(|inside| load_at::<KeptCheck>(inside, SITE_ID, then))?,
        };
        Ok(stood.map(|one| {
            let check = one.kept.check;
            SiteShown {
                at: one.kept.at,
                position: one.position.0,
                sources: check.sources.into_iter().map(|source| (source.name, source.sha256)).collect(),
                violated: check.violated,
                undecided: check.undecided,
                picture: check.picture,
                open_paths: check.open_paths,
            }
        }))
    }
}

fn stated(stood: Stood<KeptAssessment>) -> Stated {
    let Stood { kept, version, position, time } = stood;
    Stated { version: Some(version.number()), time, ..of(kept, Some(position.0)) }
}

/// One that nobody keeps: what is shown without being handed out.
fn unkept(made: KeptAssessment) -> Stated {
    of(made, None)
}

fn of(kept: KeptAssessment, position: Option<u64>) -> Stated {
    Stated {
        record: format!("{}/{}", KeptAssessment::KIND, kept.id),
        version: None,
        time: kept.at.0,
        judged: Judged { assessment: kept.assessment, facts: kept.facts, at: kept.at, position },
    }
}
