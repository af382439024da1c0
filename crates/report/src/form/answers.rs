//! Verdicts as forms answer them: yes, no, not applicable, not confirmed; and how many there are of each.

use super::Given;
use crate::paper::{Bars, Block, Cell, Column, Row, Table, Tone};
use base::Language;
use guideline::{Assessed, Verdict};

/// What a form says of one of its questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    /// はい: it is met, by what is known.
    Yes,
    /// いいえ: it is not met, or in part only.
    No,
    /// 対象外: it does not apply.
    Apart,
    /// 未確認: somebody has to answer, or what it rests on is not known.
    Open,
}

impl Answer {
    /// All of them in the order in which they are counted.
    pub(super) const ALL: [Self; 4] = [Self::Yes, Self::No, Self::Apart, Self::Open];

    /// Its word.
    pub(super) fn word(self, language: Language) -> &'static str {
        let (ja, en) = match self {
            Self::Yes => ("はい", "Yes"),
            Self::No => ("いいえ", "No"),
            Self::Apart => ("対象外", "Not applicable"),
            Self::Open => ("未確認", "Not confirmed"),
        };
        match language {
            Language::Japanese => ja,
            Language::English => en,
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Yes => Tone::Good,
            Self::No => Tone::Bad,
            Self::Apart => Tone::Apart,
            Self::Open => Tone::Unknown,
        }
    }
}

impl From<Verdict> for Answer {
    /// Only what is known to be met is a yes.
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Met => Self::Yes,
            Verdict::Partly | Verdict::NotMet => Self::No,
            Verdict::NotApplicable => Self::Apart,
            Verdict::NeedsAPerson | Verdict::Unknown => Self::Open,
        }
    }
}

/// The cell that answers a question.
pub(super) fn cell(given: &Given<'_>, one: &Assessed) -> Cell {
    Cell::of(one.verdict.into(), Answer::from(one.verdict).word(given.language))
}

/// The column in which these cells stand, for a form that people go on filling in.
pub(super) fn column(given: &Given<'_>, title: &str, width: u16) -> Column {
    Column::choice(title, width, &Answer::ALL.map(|answer| answer.word(given.language)))
}

/// Verdicts that are counted together, with what they are called.
pub(super) struct Group<'a> {
    /// What they are called.
    pub(super) name: String,
    /// The verdicts.
    pub(super) verdicts: Vec<&'a Assessed>,
}

impl Group<'_> {
    fn count(&self, answer: Answer) -> usize {
        self.verdicts.iter().filter(|one| Answer::from(one.verdict) == answer).count()
    }
}

/// How many answers there are of each kind, a row for each group.
pub(super) fn counted(given: &Given<'_>, name: &str, what: &str, groups: &[Group<'_>]) -> Block {
    let mut columns = vec![Column::new(what, 22)];
    columns.extend(Answer::ALL.map(|answer| Column::new(answer.word(given.language), 6)));
    columns.push(Column::new(given.say("計", "All"), 6));
    let row = |group: &Group<'_>| {
        let mut cells = vec![Cell::plain(&group.name)];
        cells.extend(Answer::ALL.map(|answer| Cell::count(group.count(answer))));
        cells.push(Cell::count(group.verdicts.len()));
        Row::Cells { key: Some(group.name.clone()), cells }
    };
    Block::Table(Table { name: name.to_owned(), columns, rows: groups.iter().map(row).collect() })
}

/// The same as bars.
pub(super) fn bars(given: &Given<'_>, caption: &str, groups: &[Group<'_>]) -> Block {
    let count = |group: &Group<'_>, answer| u64::try_from(group.count(answer)).unwrap_or(u64::MAX);
    let row =
        |group: &Group<'_>| (group.name.clone(), Answer::ALL.map(|answer| count(group, answer)).to_vec());
    Block::Bars(Bars {
        caption: caption.to_owned(),
        legend: Answer::ALL.map(|answer| (answer.tone(), answer.word(given.language).to_owned())).to_vec(),
        rows: groups.iter().filter(|group| !group.verdicts.is_empty()).map(row).collect(),
    })
}
