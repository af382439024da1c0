//! A chart as HTML: who the patient is, then the entries by type, the newest first, each with its versions.

use super::said::{Said, said, since};
use super::{Chart, STYLE};
use crate::past::{Charted, Version, Whole};
use askama::Template;
use base::{Language, Problem, Time};
use fhir::definitions;
use fhir::readable::{self, Identity, Line, Naming};
use fhir::{Node, ResourceKind};
use std::collections::BTreeMap;

/// Types in the order in which a chart is read; others follow by name.
const ORDER: [&str; 24] = [
    "Patient",
    "AllergyIntolerance",
    "Flag",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "Encounter",
    "EpisodeOfCare",
    "Composition",
    "ClinicalImpression",
    "Observation",
    "DiagnosticReport",
    "ImagingStudy",
    "Procedure",
    "MedicationAdministration",
    "MedicationDispense",
    "Immunization",
    "CarePlan",
    "Goal",
    "ServiceRequest",
    "DocumentReference",
    "FamilyMemberHistory",
    "Consent",
    "Coverage",
];

#[derive(Template)]
#[template(path = "chart.html")]
struct Page<'a> {
    words: &'static Words,
    style: &'static str,
    facility: &'a str,
    identity: String,
    /// The past moment that is shown; empty for the present.
    at: String,
    moment: String,
    count: String,
    checkpoint: &'a str,
    sections: Vec<Section>,
}

/// The records of one type.
struct Section {
    id: &'static str,
    name: &'static str,
    records: Vec<Shown>,
}

/// A record as it is shown.
pub(crate) struct Shown {
    pub(crate) title: String,
    pub(crate) date: String,
    /// As FHIR writes it; newer ones come first.
    sorted_by: String,
    /// What became of it after what is shown; empty where nothing did.
    pub(crate) since: String,
    deleted: bool,
    pub(crate) lines: Vec<Line>,
    pub(crate) newest: Said,
    pub(crate) older: Vec<Said>,
}

struct Words {
    lang: &'static str,
    title: &'static str,
    facility: &'static str,
    at: &'static str,
    moment: &'static str,
    count: &'static str,
    contents: &'static str,
    earlier: &'static str,
    proof: &'static str,
    deleted: &'static str,
    was_deleted: &'static str,
    was_withdrawn: &'static str,
    reason: &'static str,
    checkpoint: &'static str,
    note: &'static str,
    note_at: &'static str,
    about_checkpoint: &'static str,
}

const JAPANESE: Words = Words {
    lang: "ja",
    title: "診療記録",
    facility: "施設",
    at: "この時点の記録",
    moment: "表示した日時",
    count: "記録の件数",
    contents: "目次",
    earlier: "以前の版",
    proof: "証明",
    deleted: "この版で削除",
    was_deleted: "削除済み",
    was_withdrawn: "取消",
    reason: "理由",
    checkpoint: "チェックポイント",
    note: "閲覧した人の権限で見られる記録とその履歴です。削除された記録と取り消された記録も、その旨を付けて示します。時刻は日本時間です。",
    note_at: "過去の時点の記録です。その後に変更、削除、取消があった記録には、その旨を付けています。",
    about_checkpoint: "この表示がもとにしたジャーナルの大きさとルートハッシュ、その署名です。「証明」のファイルと合わせて、内容が書き換えられていないことを誰でも検証できます。",
};

const ENGLISH: Words = Words {
    lang: "en",
    title: "Medical record",
    facility: "Facility",
    at: "As it stood at",
    moment: "Shown at",
    count: "Entries",
    contents: "Contents",
    earlier: "Earlier versions",
    proof: "proof",
    deleted: "deleted by this version",
    was_deleted: "deleted",
    was_withdrawn: "withdrawn",
    reason: "Reason",
    checkpoint: "Checkpoint",
    note: "The record with its history, as far as who looks at it may see it. What was deleted or withdrawn is shown too, and marked. Times are those of Japan.",
    note_at: "This is the record of a past moment. What was changed, deleted or withdrawn after it is marked.",
    about_checkpoint: "Size, root hash and signature of the journal that this page rests on. With the files behind “proof” anybody can verify that nothing was altered.",
};

/// Writes the page.
pub(crate) fn page(chart: &Chart) -> Result<String, Problem> {
    let (language, whole) = (chart.language, &chart.whole);
    let mut by_kind: BTreeMap<(usize, &'static str), Vec<Shown>> = BTreeMap::new();
    for record in &whole.records {
        let Some(kind) = definitions::resource_kind(&record.key.kind) else { continue };
        if let Some(shown) = shown(chart, kind, record)? {
            by_kind.entry((place(kind), kind.as_str())).or_default().push(shown);
        }
    }
    let section = |((_, id), mut records): ((usize, &'static str), Vec<Shown>)| {
        records.sort_by(|left, right| right.sorted_by.cmp(&left.sorted_by));
        let name = definitions::resource_kind(id).map_or(id, |kind| readable::kind_name(kind, language));
        Section { id, name, records }
    };
    let page = Page {
        words: match language {
            Language::Japanese => &JAPANESE,
            Language::English => &ENGLISH,
        },
        style: STYLE,
        facility: &chart.facility,
        identity: who(whole, chart.now, language)?,
        at: whole.at.map(|at| day(&at.to_string(), language)).unwrap_or_default(),
        moment: day(&chart.now.to_string(), language),
        count: count(&whole.records, language),
        checkpoint: &whole.checkpoint,
        sections: by_kind.into_iter().map(section).collect(),
    };
    page.render().map_err(|_| Problem::new(&store::codes::DATABASE).log("a chart was not written"))
}

/// How many records there are, and how many of them are deleted.
fn count(records: &[Charted], language: Language) -> String {
    let (all, deleted) = (records.len(), records.iter().filter(|record| record.deleted()).count());
    match (deleted, language) {
        (0, _) => all.to_string(),
        (_, Language::Japanese) => format!("{all}（うち削除済み {deleted}）"),
        (_, Language::English) => format!("{all} (of these deleted: {deleted})"),
    }
}

/// Who the patient is, or else what the record is.
pub(crate) fn who(whole: &Whole, now: Time, language: Language) -> Result<String, Problem> {
    let Some(first) = whole.records.first() else { return Ok(String::new()) };
    let content = first.content().unwrap_or_default();
    if *first.key.kind == *"Patient" {
        let patient = fhir::json::parse(content)?;
        return Ok(Identity::of(&patient).line_at(whole.at.unwrap_or(now), language));
    }
    let kind = definitions::resource_kind(&first.key.kind);
    let kind = kind.map(|kind| readable::kind_name(kind, language)).unwrap_or_default();
    let title = readable::heading(content, language)?.title.unwrap_or_default();
    Ok(format!("{kind}  {title}  {}", first.key))
}

/// Where records of a type stand in a chart.
pub(crate) fn place(kind: ResourceKind) -> usize {
    ORDER.iter().position(|one| *one == kind.as_str()).unwrap_or(ORDER.len())
}

/// A record with what is said of it and of its versions.
pub(crate) fn shown(chart: &Chart, kind: ResourceKind, record: &Charted) -> Result<Option<Shown>, Problem> {
    // Each content is read once.
    let read = |version: &Version| version.content.as_deref().map(fhir::json::parse).transpose();
    let contents = record.versions.iter().map(read).collect::<Result<Vec<Option<Node>>, _>>()?;
    let Some(newest) = said(chart, record, (&contents, 0))? else { return Ok(None) };
    let language = chart.language;
    let Some(content) = contents.iter().flatten().next() else { return Ok(None) };
    let content = &readable::named(content, &chart.names, Naming::Name);
    let heading = readable::heading_of(content, language)?;
    let older = (1..record.versions.len()).map(|place| said(chart, record, (&contents, place)));
    let older = older.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    Ok(Some(Shown {
        title: heading.title.unwrap_or_else(|| readable::kind_name(kind, language).to_owned()),
        date: heading.date.as_deref().map(|date| day(date, language)).unwrap_or_default(),
        sorted_by: heading.date.unwrap_or_default(),
        since: record.since.map(|one| since(one, language)).unwrap_or_default(),
        deleted: record.deleted(),
        // What was deleted is read in the version before.
        lines: if record.deleted() { Vec::new() } else { readable::lines_of(content, language)? },
        newest,
        older,
    }))
}

/// A moment for people; what is no date stays as it is.
pub(crate) fn day(text: &str, language: Language) -> String {
    readable::day(text, language).unwrap_or_else(|| text.to_owned())
}
