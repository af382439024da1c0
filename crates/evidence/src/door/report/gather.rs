//! Everything that a report is made of, brought together from the journal and the running system.

use super::{Asked, Evidence};
use crate::codes;
use crate::door::assess::inputs;
use crate::kept::{
    AssessedThen, Document, Kept, KeptAssessment, KeptCheck, KeptTarget, SITE_ID, Stood, load_at,
    load_history, put,
};
use base::{Language, Problem, Time};
use guideline::risk::{Method, Register as RiskRegister};
use guideline::{Day, Disclosure, Engine, Matrix, Moment, Side, Verdict};
use report::form::{DocumentLine, Form, Given, Judged, SiteShown, TargetLine};
use std::collections::BTreeMap;
use store::{Actor, Batch, Expected};

/// Most earlier assessments that are looked through for a trend.
const EARLIER_MAX: usize = 400;
/// Most points of a trend.
const POINTS_MAX: usize = 60;

/// When it was assessed, and how many requirements had which verdict.
type Point = (Moment, BTreeMap<Verdict, usize>);

/// An assessment that a report rests on, with the record it is a version of.
#[derive(Clone, Debug)]
pub(super) struct Stated {
    pub(super) judged: Judged,
    /// `AkashiAssessment/…`.
    pub(super) record: String,
    pub(super) version: u64,
    /// When its entry was written.
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
    pub(super) async fn gather(&self, by: &Actor, asked: &Asked) -> Result<Gathered, Problem> {
        let then = asked.wanted.at.map(|at| at.0);
        let mut judged = Vec::new();
        for (edition, side) in asked.form.assessed(&asked.edition, asked.side) {
            let stood = match then {
                Some(_) => self.assess(by, &edition, side, asked.wanted.at).await?,
                None => self.assess_for_today(by, &edition, side).await?,
            };
            judged.push(stated(stood));
        }
        let (matrix, own) = match then {
            // What others disclosed and what the system showed then is known as far as it was assessed.
            Some(_) => (None, None),
            None => self.responsibilities(asked).await?,
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

    /// The last kept assessment, when it says the same as one of now and is of the same day in Japan; otherwise a new one.
    async fn assess_for_today(
        &self,
        by: &Actor,
        edition: &str,
        side: Option<Side>,
    ) -> Result<Stood<KeptAssessment>, Problem> {
        let engine = self.engine()?;
        let facts = self.facts().await?;
        let assessment = engine.assess(edition, side, &facts)?;
        let now = self.clock.now();
        let made = KeptAssessment {
            id: KeptAssessment::id_of(edition, side),
            at: Moment(now),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            by: by.id.clone(),
            facts: inputs(&assessment, &facts),
            assessment,
        };
        let _changing = self.changing.lock().await;
        let last: Option<Stood<KeptAssessment>> =
            self.store.inspect(|inside| load_at(inside, &made.id, now))?;
        let of_today = |last: &Stood<KeptAssessment>| Day::of(last.kept.at.0) == Day::of(now);
        if let Some(last) = last.filter(of_today).filter(|last| last.kept.says_the_same(&made)) {
            return Ok(last);
        }
        let change = put(&made, Expected::Anything)?;
        let receipt = self.store.append_identities(Batch::new(by.clone(), vec![change])).await?;
        let written = receipt.written.first().and_then(|one| Some((one.version?, one.position?, one.time)));
        let (version, position, time) =
            written.ok_or_else(|| Problem::new(&codes::NOT_KEPT).log("no place"))?;
        Ok(Stood { kept: made, version, position, time })
    }

    /// Who answers for what, and this system's own part; a report that is not about them does without where they cannot be
    /// composed.
    async fn responsibilities(&self, asked: &Asked) -> Result<(Option<Matrix>, Option<Disclosure>), Problem> {
        let matrix = self.composed(&asked.edition, &[]).await;
        let own = self.own(&asked.edition).await;
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
        let earlier: Vec<Stood<AssessedThen>> =
            self.store.inspect(|inside| load_history(inside, &id, EARLIER_MAX))?;
        let mut points: BTreeMap<Day, Point> = BTreeMap::new();
        for one in earlier.iter().map(|one| &one.kept) {
            if then.is_none_or(|then| one.at.0 <= then) {
                points.entry(Day::of(one.at.0)).or_insert_with(|| (one.at, one.counts()));
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
    Stated {
        record: format!("{}/{}", KeptAssessment::KIND, kept.id),
        version: version.number(),
        time,
        judged: Judged { assessment: kept.assessment, facts: kept.facts, at: kept.at, position: position.0 },
    }
}
