//! How far an edition is covered: in numbers, by chapter as bars, and over time.

use super::words::{edition_name, field, legend, side, tell};
use super::{Given, Judged};
use crate::paper::{Bars, Block, Field, Section, Trend, moment};
use guideline::{Assessed, Verdict};
use std::collections::BTreeMap;

/// How many requirements have which verdict.
pub(super) struct Counts {
    counts: BTreeMap<Verdict, usize>,
    pub(super) all: usize,
}

impl Counts {
    /// Of an assessment.
    pub(super) fn of(judged: &Judged) -> Self {
        Self { counts: judged.assessment.counts(), all: judged.assessment.verdicts.len() }
    }

    /// Those with one verdict.
    pub(super) fn with(&self, verdict: Verdict) -> usize {
        self.counts.get(&verdict).copied().unwrap_or(0)
    }

    /// Those whose verdict waits for something that is not known: unknown ones and those that a person has to answer.
    pub(super) fn unsure(&self) -> usize {
        self.with(Verdict::Unknown).saturating_add(self.with(Verdict::NeedsAPerson))
    }

    /// So many of all in percent, whole: rounded down for what is good, up for what is not known.
    pub(super) fn percent(&self, count: usize, is_good: bool) -> usize {
        let hundredfold = count.saturating_mul(100);
        let rounded =
            if is_good { hundredfold } else { hundredfold.saturating_add(self.all.saturating_sub(1)) };
        rounded.checked_div(self.all).unwrap_or(0)
    }

    fn bar(&self) -> Vec<u64> {
        Verdict::ALL.map(|verdict| u64::try_from(self.with(verdict)).unwrap_or(u64::MAX)).to_vec()
    }
}

/// What was assessed, when, on what, and what came of it.
pub(super) fn fields(given: &Given<'_>, judged: &Judged) -> Vec<Field> {
    let counts = Counts::of(judged);
    let each = Verdict::ALL.map(|verdict| {
        let (name, count) = (verdict.name(given.language), counts.with(verdict));
        tell(given, format!("{name} {count} 件"), format!("{name} {count}"))
    });
    let (unsure, percent) = (counts.unsure(), counts.percent(counts.unsure(), false));
    vec![
        field(given.say("対象の版", "Edition"), edition_name(given, &judged.assessment.edition)),
        field(given.say("対象者", "For"), side(given, judged.assessment.side)),
        field(given.say("判定日時", "Assessed"), moment(judged.at.0, given.language)),
        field(given.say("判定の記録", "Kept"), kept(given, judged.position)),
        field(given.say("要求事項", "Requirements"), counted(given, counts.all)),
        field(given.say("判定の内訳", "Verdicts"), each.join(given.say("、", ", "))),
        field(
            given.say("まだ分からないもの", "Not known yet"),
            tell(
                given,
                format!("{unsure} 件（{percent}%）：不明と要回答の合計"),
                format!("{unsure} ({percent}%): unknown, or waiting for somebody's answer"),
            ),
        ),
    ]
}

/// Where an assessment stands in the journal, by its number.
pub(super) fn place(given: &Given<'_>, position: Option<u64>) -> String {
    position.map_or_else(|| not_yet(given), |position| position.to_string())
}

/// The same in words.
pub(super) fn kept(given: &Given<'_>, position: Option<u64>) -> String {
    position.map_or_else(|| not_yet(given), |position| journal(given, position))
}

/// What is shown before it is handed out rests on nothing that is kept.
fn not_yet(given: &Given<'_>) -> String {
    given
        .say("未保存（交付または判定のときに保存）", "not kept yet (handing out or assessing keeps it)")
        .to_owned()
}

/// A position of the journal.
pub(super) fn journal(given: &Given<'_>, position: u64) -> String {
    tell(given, format!("ジャーナル位置 {position}"), format!("journal position {position}"))
}

/// A number of things.
pub(super) fn counted(given: &Given<'_>, count: usize) -> String {
    tell(given, format!("{count} 件"), count.to_string())
}

/// One bar for all of it.
pub(super) fn total(given: &Given<'_>, judged: &Judged) -> Block {
    let label = given.say("全体", "All").to_owned();
    Block::Bars(Bars {
        caption: given.say("判定ごとの件数", "Requirements by verdict").to_owned(),
        legend: legend(given),
        rows: vec![(label, Counts::of(judged).bar())],
    })
}

/// A chapter with what came of it.
pub(super) struct ChapterCounts {
    pub(super) part: String,
    pub(super) label: String,
    pub(super) counts: Counts,
}

/// The chapters of an edition with anything to them, in its order. Empty where the edition is not of the engine.
pub(super) fn chapters(given: &Given<'_>, judged: &Judged) -> Vec<ChapterCounts> {
    let Ok(edition) = given.engine.catalogue.edition(&judged.assessment.edition) else { return Vec::new() };
    let verdicts: BTreeMap<&str, &Assessed> =
        judged.assessment.verdicts.iter().map(|one| (one.requirement.as_str(), one)).collect();
    let mut chapters = Vec::new();
    for part in &edition.parts {
        for chapter in &part.chapters {
            let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
            for one in chapter.requirements.iter().filter_map(|id| verdicts.get(id.as_str())) {
                let count = counts.entry(one.verdict).or_default();
                *count = count.saturating_add(1);
            }
            let all = counts.values().sum();
            if all > 0 {
                chapters.push(ChapterCounts {
                    part: part.title.of(given.language).to_owned(),
                    label: format!("{} {}", chapter.number, chapter.title.of(given.language)),
                    counts: Counts { counts, all },
                });
            }
        }
    }
    chapters
}

/// Coverage by chapter and over time: a section of its own.
pub(super) fn section(given: &Given<'_>, judged: &Judged) -> Section {
    let mut parts: Vec<Bars> = Vec::new();
    for chapter in chapters(given, judged) {
        let row = (chapter.label, chapter.counts.bar());
        match parts.last_mut() {
            Some(bars) if bars.caption == chapter.part => bars.rows.push(row),
            _ => parts.push(Bars { caption: chapter.part, legend: legend(given), rows: vec![row] }),
        }
    }
    let note = given.say(
        "帯の長さは、章にある要求事項の件数に対する割合です。適合と示すのは、事実により満たされていると確認できたものだけです。",
        "The bars show shares of the requirements of each chapter. Only what facts show to be met is shown as met.",
    );
    let mut blocks = vec![Block::Note(note.to_owned()), total(given, judged)];
    blocks.extend(parts.into_iter().map(Block::Bars));
    // The history is that of the first assessment of the report.
    let is_first =
        given.judged.first().is_some_and(|first| first.assessment.edition == judged.assessment.edition);
    if is_first {
        blocks.push(trend(given));
    }
    Section::new(given.say("章ごとの状況", "Coverage by chapter"), blocks)
}

fn trend(given: &Given<'_>) -> Block {
    if given.history.len() < 2 {
        let few = given.say(
            "推移を示すには、二回以上の判定が必要です。これまでの判定が少ないため、推移は示しません。",
            "A trend needs two assessments or more. There are too few so far to show one.",
        );
        return Block::Text(few.to_owned());
    }
    let count = |counts: &BTreeMap<Verdict, usize>, verdict| {
        u64::try_from(counts.get(&verdict).copied().unwrap_or(0)).unwrap_or(u64::MAX)
    };
    Block::Trend(Trend {
        caption: given.say("判定の推移", "Verdicts over time").to_owned(),
        legend: legend(given),
        points: given
            .history
            .iter()
            .map(|(at, counts)| (*at, Verdict::ALL.map(|verdict| count(counts, verdict)).to_vec()))
            .collect(),
    })
}

/// What stands in the place of a report whose assessment is not there.
pub(super) fn not_assessed(given: &Given<'_>) -> Section {
    let text = tell(
        given,
        format!(
            "版 {} の判定がまだ記録されていないため、この報告書に示せることはありません。`akashi assess` で判定を行ってから、もう一度作成してください。",
            given.edition
        ),
        format!(
            "No assessment of the edition {} is kept yet, so this report has nothing to say. Assess it with `akashi assess` and ask for the report again.",
            given.edition
        ),
    );
    Section::new(given.say("判定がありません", "There is no assessment"), vec![Block::Text(text)])
}
