//! The report `director`: one page in plain words. What is good, what is not, what helps most, and what is asked.
//!
//! It must fit on one page of A4, so that every text in it is bounded; what is left out is counted and named.

mod plain;

use super::coverage::{ChapterCounts, Counts, chapters, not_assessed, total};
use super::measure::{self, Cost, Measure, Measures};
use super::words::{clip, edition_name, field, tell};
use super::{Given, Judged};
use crate::paper::{Block, Cell, Column, Paper, Row, Section, Table, day};
use base::Problem;
use guideline::{Actor, Day, Verdict};

/// How many measures are shown.
const MEASURES_MAX: usize = 5;
/// How many points each list has.
const POINTS_MAX: usize = 3;
/// Longest title of a measure, in columns: a letter of full width takes two.
const MEASURE_COLUMNS_MAX: usize = 96;
/// Longest name of a chapter, in columns.
const CHAPTER_COLUMNS_MAX: usize = 48;
/// Longest name of the edition, in columns.
const EDITION_COLUMNS_MAX: usize = 96;

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    given.engine.catalogue.edition(given.edition)?;
    let sections = match given.judged_of(given.edition) {
        Some(judged) => sections(given, judged)?,
        None => vec![not_assessed(given)],
    };
    let title = given.say("安全管理の状況（院長向け）", "Security in one page, for the director");
    Ok(given.paper("director", title, given.say("一枚でわかる現在の状況", "Where we stand"), sections))
}

/// The page, for a pack as well.
pub(super) fn sections<'a>(given: &Given<'a>, judged: &'a Judged) -> Result<Vec<Section>, Problem> {
    let all = Measures::of(given, judged)?;
    Ok(vec![
        standing(given, judged),
        good(given, judged),
        lacking(given, judged),
        helping(given, &all),
        asked(given, &all),
    ])
}

fn standing(given: &Given<'_>, judged: &Judged) -> Section {
    let counts = Counts::of(judged);
    let (all, met, unsure) = (counts.all, counts.with(Verdict::Met), counts.unsure());
    let percent = counts.percent(unsure, false);
    let apart = counts.with(Verdict::NotApplicable);
    let told = tell(
        given,
        format!(
            "求められていることは {all} 件あります。できていると確認できたのは {met} 件です。当院に関係しないと決めたのは {apart} 件です。"
        ),
        format!(
            "{all} things are asked. {met} are known to be done. {apart} were decided not to concern us."
        ),
    );
    let sure = match percent {
        _ if all == 0 => given.say("判定の対象がありません。", "There is nothing to judge.").to_owned(),
        0 => given.say("分からないことは残っていません。", "Nothing is left unknown.").to_owned(),
        _ => tell(
            given,
            format!(
                "まだ分からないことが {unsure} 件（{percent}%）あります。分からないことは「できている」に数えていません。"
            ),
            format!("{unsure} ({percent}%) are not known yet. What is not known is not counted as done."),
        ),
    };
    let edition = clip(&edition_name(given, &judged.assessment.edition), EDITION_COLUMNS_MAX);
    let fields = vec![
        field(given.say("確認した日", "Looked at on"), day(Day::of(judged.at.0), given.language)),
        field(given.say("くらべた基準", "Compared with"), edition),
    ];
    let blocks = vec![Block::Fields(fields), total(given, judged), Block::Text(told), Block::Text(sure)];
    Section::new(given.say("いまの状況", "Where we stand"), blocks)
}

/// The chapters of which the greatest part is met.
fn good(given: &Given<'_>, judged: &Judged) -> Section {
    let heading = given.say("よい点", "What is good");
    let met = |chapter: &ChapterCounts| chapter.counts.with(Verdict::Met);
    let mut chapters: Vec<ChapterCounts> = chapters(given, judged);
    chapters.retain(|chapter| met(chapter) > 0);
    chapters
        .sort_by_key(|chapter| std::cmp::Reverse((chapter.counts.percent(met(chapter), true), met(chapter))));
    if chapters.is_empty() {
        let none =
            given.say("できていると確認できたことは、まだありません。", "Nothing is known to be done yet.");
        return Section::new(heading, vec![Block::Text(none.to_owned())]);
    }
    let point = |chapter: &ChapterCounts| {
        let (name, all, met) = (clip(&chapter.label, CHAPTER_COLUMNS_MAX), chapter.counts.all, met(chapter));
        tell(
            given,
            format!("「{name}」は、{all} 件のうち {met} 件ができています。"),
            format!("\u{201c}{name}\u{201d}: {met} of {all} are done."),
        )
    };
    let points = bounded(chapters.iter().map(point).collect(), |rest| {
        tell(
            given,
            format!("ほか {rest} 章にも、できていることがあります（不足一覧の「章ごとの状況」を参照）。"),
            format!(
                "Other chapters in which something is done: {rest} (see the coverage in the list of gaps)."
            ),
        )
    });
    Section::new(heading, vec![Block::Points(points)])
}

/// Open paths first, then the chapters with the most that is known to fall short, then those of which the least is known.
fn lacking(given: &Given<'_>, judged: &Judged) -> Section {
    let mut points = vec![network(given)];
    let short = |chapter: &ChapterCounts| {
        chapter.counts.with(Verdict::NotMet).saturating_add(chapter.counts.with(Verdict::Partly))
    };
    let mut chapters: Vec<ChapterCounts> = chapters(given, judged);
    chapters.retain(|chapter| short(chapter).saturating_add(chapter.counts.unsure()) > 0);
    chapters.sort_by_key(|chapter| std::cmp::Reverse((short(chapter), chapter.counts.unsure())));
    points.extend(chapters.iter().map(|chapter| {
        let (name, short, unsure) =
            (clip(&chapter.label, CHAPTER_COLUMNS_MAX), short(chapter), chapter.counts.unsure());
        tell(
            given,
            format!("「{name}」は、足りないことが {short} 件、分からないことが {unsure} 件あります。"),
            format!("\u{201c}{name}\u{201d}: {short} fall short, {unsure} are not known."),
        )
    }));
    let heading = given.say("足りない点", "What is not");
    let points = bounded(points, |rest| {
        tell(
            given,
            format!("ほか {rest} 章は不足一覧を参照してください。"),
            format!("Other chapters: {rest} (see the list of gaps)."),
        )
    });
    Section::new(heading, vec![Block::Points(points)])
}

/// What is known of ways to the records from outside.
fn network(given: &Given<'_>) -> String {
    let told = |ja: &str, en: &str| given.say(ja, en).to_owned();
    let Some(site) = given.site else {
        return told(
            "ネットワークの構成は、まだ検査していません。外からカルテに届く通り道があるかどうかは分かりません。",
            "The network was not checked yet. Whether there is a way from outside to the records is not known.",
        );
    };
    match site.open_paths.as_ref().map(Vec::len) {
        None => told(
            "ネットワークの検査は以前の版のソフトで行われました。外からカルテに届く通り道の有無は、この報告からは分かりません。",
            "The network was checked by an earlier program. Whether there is a way from outside to the records is not known here.",
        ),
        Some(0) if site.undecided > 0 => tell(
            given,
            format!(
                "外からカルテに届く通り道は見つかっていませんが、判断できなかった点が {} 件あります。",
                site.undecided
            ),
            format!(
                "No way from outside to the records was found, but {} points could not be decided.",
                site.undecided
            ),
        ),
        Some(0) => told(
            "外からカルテに届く通り道は、検査した構成には見つかっていません。",
            "No way from outside to the records was found in what was checked.",
        ),
        Some(count) => tell(
            given,
            format!("外からカルテに届いてしまう通り道が {count} 本見つかっています。"),
            format!("Ways from outside to the records that were found: {count}."),
        ),
    }
}

/// The first points, and what says how many are left out.
fn bounded(mut points: Vec<String>, more: impl Fn(usize) -> String) -> Vec<String> {
    let rest = points.len().saturating_sub(POINTS_MAX);
    points.truncate(POINTS_MAX);
    if rest > 0 {
        points.push(more(rest));
    }
    points
}

fn more(given: &Given<'_>, count: usize) -> String {
    tell(
        given,
        format!("ほか {count} 件は不足一覧を参照してください。"),
        format!("Others: {count} (see the list of gaps)."),
    )
}

fn helping(given: &Given<'_>, all: &Measures<'_>) -> Section {
    let heading = given.say("効果の大きい五つの対策", "The five measures with the greatest effect");
    if all.measures.is_empty() {
        let none = given.say("対策はありません。", "There is no measure to take.");
        return Section::new(heading, vec![Block::Text(none.to_owned())]);
    }
    let columns = vec![
        Column::new(given.say("番号", "No."), 3),
        Column::new(given.say("対策", "Measure"), 22),
        Column::new(given.say("前に進む件数", "Brings forward"), 6),
        Column::new(given.say("手間・費用の目安", "Cost class"), 8),
        Column::new(given.say("担当", "Who"), 6),
    ];
    let row = |(place, one): (usize, &Measure<'_>)| {
        let cells = vec![
            Cell::plain(measure::named(place)),
            Cell::plain(clip(&plain::measure(given, one), MEASURE_COLUMNS_MAX)),
            Cell::count(one.reach()),
            Cell::plain(format!("{} {}", one.cost.letter(), one.cost.name(given))),
            Cell::plain(plain::actor(given, one.actor(given))),
        ];
        Row::Cells { key: Some(one.key.clone()), cells }
    };
    let rows = all.measures.iter().take(MEASURES_MAX).enumerate().map(row).collect();
    let mut blocks = vec![Block::Table(Table { name: heading.to_owned(), columns, rows })];
    let rest = all.measures.len().saturating_sub(MEASURES_MAX);
    let note = given.say("費用の目安は当方の推定です。", "The cost classes are our estimate.");
    let rest = if rest > 0 { format!(" {}", more(given, rest)) } else { String::new() };
    blocks.push(Block::Note(format!("{note}{rest}")));
    Section::new(heading, blocks)
}

/// What only the director can do: decide, approve, answer.
fn asked(given: &Given<'_>, all: &Measures<'_>) -> Section {
    let mut points = Vec::new();
    let first = all.measures.iter().take(MEASURES_MAX);
    let large = first.filter(|one| one.cost == Cost::Large).count();
    if large > 0 {
        points.push(tell(
            given,
            format!("上の対策のうち {large} 件は、契約・機器・構成の変更が要ります。進めるかどうかと予算を決めてください。"),
            format!("{large} of the measures above change contracts, equipment or configuration. Please decide on them and their budget."),
        ));
    }
    let risks = given.risks.map(|(register, method)| {
        register.rows(&method.scale, given.as_of).iter().filter(|row| row.awaits_approval).count()
    });
    if let Some(count) = risks.filter(|count| *count > 0) {
        points.push(tell(
            given,
            format!("リスクへの対応 {count} 件が、承認を待っています。"),
            format!("Treatments of risks that wait for your approval: {count}."),
        ));
    }
    if given.is_past && given.risks.is_none() {
        let untold = given.say(
            "承認を待つリスク対応の件数は、この報告書からは分かりません（過去の時点の報告書のため）。",
            "How many treatments of risks waited for approval is not known here: this tells of a past moment.",
        );
        points.push(untold.to_owned());
    }
    let mine = |one: &&Measure<'_>| one.actor(given) == Actor::Executive;
    let documents = all.measures.iter().filter(mine).filter(|one| one.document(given).is_some()).count();
    if documents > 0 {
        points.push(tell(
            given,
            format!("経営層が責任を持つ文書 {documents} 件が、整っていません。作成を指示し、承認してください。"),
            format!("Documents that management answers for and that are missing: {documents}. Please have them made, and approve them."),
        ));
    }
    let questions = all.measures.iter().filter(mine).filter(|one| one.document(given).is_none()).count();
    if questions > 0 {
        points.push(tell(
            given,
            format!(
                "経営層への質問 {questions} 件に、お答えください（「いいえ」のものは実施してください）。"
            ),
            format!("Questions to management: {questions}. Please answer them, or do what was answered no."),
        ));
    }
    if points.is_empty() {
        points.push(
            given
                .say("いま決めていただくことはありません。", "Nothing is asked of you at the moment.")
                .to_owned(),
        );
    }
    Section::new(given.say("院長にお願いすること", "What is asked of you"), vec![Block::Points(points)])
}
