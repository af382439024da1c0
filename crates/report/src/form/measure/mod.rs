//! What is missing of an edition, and the measures that would bring it forward, the greatest effect first.
//!
//! A measure is one fact that has to be known, or to be otherwise. Its effect is the sum over the requirements that lack it:
//! the weight of each, divided by how many measures that requirement still needs. So a measure that settles a requirement by
//! itself gets all of its weight, and one of four gets a quarter.

mod cost;
mod kinship;

pub(super) use cost::{Cost, explained as costs_explained};
pub(super) use kinship::Kinship;

use super::words::{about, standing, tell};
use super::{Given, Judged};
use base::{Language, Problem};
use guideline::{Actor, Assessed, Fact, FactOrigin, Facts, Known, Requirement, Value, Verdict};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The fact that says how many open paths lead to the records.
const OPEN_PATHS: &str = "site.network.open_paths_to_records";

/// Keys of facts on how the network can be come through.
const ON_PATHS: [&str; 2] = ["site.network.", "site.remote_maintenance."];

/// What a requirement on the yearly checklist weighs besides.
pub(super) const CHECKLIST_POINTS: u64 = 2;
/// What a requirement weighs besides that rests on how the network can be come through, where an open path is known.
pub(super) const OPEN_PATH_POINTS: u64 = 3;
/// Effects are kept in tenths of a point.
const TENTHS: u64 = 10;

/// A requirement that is not settled.
pub(super) struct Gap<'a> {
    pub(super) assessed: &'a Assessed,
    pub(super) requirement: &'a Requirement,
    /// The keys of the facts that it lacks, the fewest. Empty where nothing can decide it.
    pub(super) lacking: BTreeSet<String>,
    pub(super) weight: u64,
    pub(super) on_checklist: bool,
    pub(super) on_open_path: bool,
}

/// What would bring requirements forward.
pub(super) struct Measure<'a> {
    /// The key of the fact.
    pub(super) key: String,
    /// In tenths of a point.
    pub(super) effect: u64,
    /// The requirements that it settles by itself.
    pub(super) settles: Vec<&'a str>,
    /// Those that need others besides.
    pub(super) forwards: Vec<&'a str>,
    /// Requirements of other editions that concern the same and rest on the fact, without those known to be settled.
    pub(super) related: BTreeSet<&'a str>,
    pub(super) cost: Cost,
    /// The fact as it is known; none where it is not.
    pub(super) fact: Option<Fact>,
    /// What to do, as the check of the weightiest of its requirements says.
    pub(super) remedy: &'a str,
}

/// All that is missing of an assessment.
pub(super) struct Measures<'a> {
    /// The greatest effect first.
    pub(super) measures: Vec<Measure<'a>>,
    /// Those that the first measures serve come first; what nothing serves stands at the end.
    pub(super) gaps: Vec<Gap<'a>>,
}

impl<'a> Measures<'a> {
    /// Of an assessment.
    ///
    /// # Errors
    /// It speaks of requirements that the engine does not have.
    pub(super) fn of(given: &Given<'a>, judged: &'a Judged) -> Result<Self, Problem> {
        let (facts, kinship) = (counting(given, judged), Kinship::of(&given.engine.catalogue));
        let scene = Scene {
            given: *given,
            facts: &facts,
            kinship: &kinship,
            path_is_open: path_is_open(given, &facts),
        };
        let open = judged.assessment.verdicts.iter().filter(|one| !one.verdict.is_settled());
        let mut gaps = open.map(|one| scene.gap(one)).collect::<Result<Vec<Gap<'a>>, _>>()?;
        let measures = scene.measures(&gaps);
        let ranks: BTreeMap<&str, usize> =
            measures.iter().enumerate().map(|(rank, one)| (one.key.as_str(), rank)).collect();
        let rank =
            |gap: &Gap<'_>| gap.lacking.iter().filter_map(|key| ranks.get(key.as_str())).min().copied();
        gaps.sort_by_key(|gap| (rank(gap).unwrap_or(usize::MAX), Reverse(gap.weight)));
        Ok(Self { measures, gaps })
    }

    /// The place of a measure in the list, from 1, as it is named: `M-3`.
    pub(super) fn number(&self, key: &str) -> Option<String> {
        let place = self.measures.iter().position(|one| one.key == key)?;
        Some(named(place))
    }
}

/// How the measure of a place is named.
pub(super) fn named(place: usize) -> String {
    format!("M-{}", place.saturating_add(1))
}

/// The points of a verdict: what is known to fall short weighs most, what only waits for somebody's word least.
pub(super) fn points(verdict: Verdict) -> u64 {
    match verdict {
        Verdict::NotMet => 3,
        Verdict::Partly | Verdict::Unknown => 2,
        Verdict::NeedsAPerson => 1,
        Verdict::Met | Verdict::NotApplicable => 0,
    }
}

/// The facts of an assessment as it saw them. One that no longer fits the registry decides nothing any more.
fn counting(given: &Given<'_>, judged: &Judged) -> Facts {
    let gather = |facts: Vec<Fact>| Facts::gather(&given.engine.registry, facts, judged.at.0);
    let fitting = judged.facts.iter().filter(|fact| gather(vec![(*fact).clone()]).is_ok());
    // Each of them fits, so that all do.
    gather(fitting.cloned().collect()).unwrap_or_default()
}

/// Whether somebody can get to the records who should not: by the kept check, or by the fact that it left.
fn path_is_open(given: &Given<'_>, facts: &Facts) -> bool {
    let shown = given.site.and_then(|site| site.open_paths.as_ref()).is_some_and(|paths| !paths.is_empty());
    shown || matches!(facts.get(OPEN_PATHS).map(|fact| &fact.value), Some(Value::Count(count)) if *count > 0)
}

struct Scene<'s, 'a> {
    given: Given<'a>,
    facts: &'s Facts,
    kinship: &'s Kinship<'a>,
    path_is_open: bool,
}

impl<'a> Scene<'_, 'a> {
    fn gap(&self, assessed: &'a Assessed) -> Result<Gap<'a>, Problem> {
        let engine = self.given.engine;
        let requirement = engine.catalogue.requirement(&assessed.requirement)?;
        let check = engine.checks.of(&engine.catalogue, &requirement.id);
        let known = Known::of(self.facts);
        let lacking = check.map(|check| check.satisfied_when.lacking(&known)).unwrap_or_default();
        let related = self.kinship.related(&engine.catalogue, &requirement.id);
        let is_checklist = |id: &str| id.starts_with("mhlw-checklist-");
        let on_checklist = is_checklist(&requirement.id) || related.into_iter().any(is_checklist);
        let on_paths = |key: &String| ON_PATHS.iter().any(|begin| key.starts_with(begin));
        let on_open_path = self.path_is_open && lacking.iter().any(on_paths);
        let weight = [
            points(assessed.verdict),
            if on_checklist { CHECKLIST_POINTS } else { 0 },
            if on_open_path { OPEN_PATH_POINTS } else { 0 },
        ];
        Ok(Gap {
            assessed,
            requirement,
            lacking,
            weight: weight.into_iter().sum(),
            on_checklist,
            on_open_path,
        })
    }

    fn measures(&self, gaps: &[Gap<'a>]) -> Vec<Measure<'a>> {
        let mut lacked: BTreeMap<&str, Vec<&Gap<'a>>> = BTreeMap::new();
        for gap in gaps {
            for key in &gap.lacking {
                lacked.entry(key).or_default().push(gap);
            }
        }
        let mut measures: Vec<Measure<'a>> =
            lacked.into_iter().map(|(key, gaps)| self.measure(key, &gaps)).collect();
        measures.sort_by(|one, two| {
            let order = |measure: &Measure<'_>| {
                (Reverse((measure.effect, measure.settles.len(), measure.related.len())), measure.cost)
            };
            order(one).cmp(&order(two)).then_with(|| one.key.cmp(&two.key))
        });
        measures
    }

    fn measure(&self, key: &str, gaps: &[&Gap<'a>]) -> Measure<'a> {
        let (alone, with_others): (Vec<&Gap<'a>>, Vec<&Gap<'a>>) =
            gaps.iter().partition(|gap| gap.lacking.len() == 1);
        let ids =
            |gaps: &[&Gap<'a>]| gaps.iter().map(|gap| gap.requirement.id.as_str()).collect::<Vec<&str>>();
        let share = |gap: &&Gap<'_>| {
            let parts = u64::try_from(gap.lacking.len()).unwrap_or(u64::MAX).max(1);
            gap.weight.saturating_mul(TENTHS).checked_div(parts).unwrap_or(0)
        };
        let engine = self.given.engine;
        // Where a requirement is settled by this alone, its remedy speaks of nothing else.
        let weightiest = gaps.iter().max_by_key(|gap| (gap.weight, Reverse(gap.lacking.len())));
        let check = weightiest.and_then(|gap| engine.checks.of(&engine.catalogue, &gap.requirement.id));
        let fact = self.facts.get(key).cloned();
        Measure {
            key: key.to_owned(),
            effect: gaps.iter().map(share).sum(),
            settles: ids(&alone),
            forwards: ids(&with_others),
            related: self.related(key, gaps),
            cost: cost::of(key, fact.is_some()),
            fact,
            remedy: check.map_or("", |check| check.remedy.of(self.given.language)),
        }
    }

    fn related(&self, key: &str, gaps: &[&Gap<'a>]) -> BTreeSet<&'a str> {
        let engine = self.given.engine;
        let rests = |id: &str| {
            let check = engine.checks.of(&engine.catalogue, id);
            check.is_some_and(|check| check.keys().contains(key))
        };
        let verdicts = || self.given.judged.iter().flat_map(|one| &one.assessment.verdicts);
        let is_settled = |id: &str| verdicts().any(|one| one.requirement == id && one.verdict.is_settled());
        let all = gaps.iter().flat_map(|gap| self.kinship.related(&engine.catalogue, &gap.requirement.id));
        all.filter(|id| rests(id) && !is_settled(id)).collect()
    }
}

impl Measure<'_> {
    /// What to do, in one sentence.
    pub(super) fn title(&self, given: &Given<'_>) -> String {
        let about = match self.document(given) {
            Some(name) => name,
            None => about(given, &self.key),
        };
        let now = self.fact.as_ref().map(|fact| standing(given, fact));
        let (ja, en) = match (self.origin(), now) {
            (FactOrigin::Document, _) => (
                format!("文書「{about}」を整え、承認を受けて登録する"),
                format!("Make the document \u{201c}{about}\u{201d}, have it approved and register it"),
            ),
            (FactOrigin::Person, None) => {
                (format!("確かめて回答する：{about}"), format!("Find out and answer: {about}"))
            }
            (FactOrigin::Person, Some(now)) => (
                format!("実施したうえで回答を改める：{about}（現在：{now}）"),
                format!("Do this, then answer anew: {about} (now: {now})"),
            ),
            (FactOrigin::Site, None) => (
                format!("構成を記述して検査する：{about}"),
                format!("Describe the site and check it: {about}"),
            ),
            (FactOrigin::Site, Some(now)) => (
                format!("構成を改める：{about}（現在：{now}）"),
                format!("Change the site: {about} (now: {now})"),
            ),
            (FactOrigin::Runtime, None) => {
                (format!("システムで確かめる：{about}"), format!("Find out from the system: {about}"))
            }
            (FactOrigin::Runtime, Some(now)) => (
                format!("システムの設定・運用を改める：{about}（現在：{now}）"),
                format!("Change the system or its use: {about} (now: {now})"),
            ),
        };
        tell(given, ja, en)
    }

    /// Where the fact comes from.
    pub(super) fn origin(&self) -> FactOrigin {
        let word = self.key.split('.').next().unwrap_or_default();
        let origins = [FactOrigin::Runtime, FactOrigin::Site, FactOrigin::Document];
        origins.into_iter().find(|origin| origin.word() == word).unwrap_or(FactOrigin::Person)
    }

    /// Who has to act.
    pub(super) fn actor(&self, given: &Given<'_>) -> Actor {
        let registry = &given.engine.registry;
        let (_, name) = self.key.split_once('.').unwrap_or_default();
        match self.origin() {
            FactOrigin::Document => registry.document(name).map(|kind| kind.owner),
            FactOrigin::Person => registry.question(name).map(|question| question.asked_of),
            FactOrigin::Runtime | FactOrigin::Site => None,
        }
        .unwrap_or(Actor::Operator)
    }

    /// The effect in points.
    pub(super) fn effect_text(&self) -> String {
        format!("{}.{}", self.effect / TENTHS, self.effect % TENTHS)
    }

    /// How many requirements it brings forward.
    pub(super) fn reach(&self) -> usize {
        self.settles.len().saturating_add(self.forwards.len())
    }

    /// The name of the kind of document that it asks for.
    pub(super) fn document<'g>(&self, given: &Given<'g>) -> Option<&'g str> {
        let kind = given.engine.registry.document(self.key.strip_prefix("document.")?)?;
        Some(kind.name.of(given.language))
    }
}

/// How the effect is reckoned, in words.
pub(super) fn effect_explained(language: Language) -> String {
    let points = |verdict: Verdict| format!("{} {}", verdict.name(language), points(verdict));
    let weights = [Verdict::NotMet, Verdict::Partly, Verdict::Unknown, Verdict::NeedsAPerson].map(points);
    match language {
        Language::Japanese => format!(
            "効果は、その対策が不足している要求事項ごとの重みを、その要求事項にまだ必要な対策の数で割り（0.1 点未満は切り捨て）、合計した点数です。重みは判定により（{}）、年次チェックリストと同じことを求める要求事項には {CHECKLIST_POINTS} 点、記録に届く開いた経路が見つかっているときに通信経路に関わる要求事項には {OPEN_PATH_POINTS} 点を加えます。同点の場合は、単独で満たせる要求事項の数、ほかの版で関連する要求事項の数、費用の小ささの順に並べます。当方の目安であり、ガイドラインが定める順位ではありません。",
            weights.join("、")
        ),
        Language::English => format!(
            "The effect is the sum over the requirements that lack the measure: the weight of each, divided by how many measures it still needs (in tenths, rounded down). The weight follows the verdict ({}), with {CHECKLIST_POINTS} more where the yearly checklist asks the same, and {OPEN_PATH_POINTS} more for what concerns the ways of traffic while an open path to the records is known. Of equals, those stand first that settle more by themselves, then those with more related requirements in other editions, then the cheaper. It is our own reckoning, not an order of the guideline.",
            weights.join(", ")
        ),
    }
}
