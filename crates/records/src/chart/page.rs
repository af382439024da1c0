//! A chart as HTML: who the patient is, then the entries by type, the newest first, each with its versions.

use super::{Chart, Charted, Version};
use askama::Template;
use base::{Language, Problem};
use fhir::ResourceKind;
use fhir::definitions;
use fhir::readable::{self, Identity, Line};
use std::collections::BTreeMap;
use store::{EntryKind, Is, StateAct};

/// The one style sheet, within the page.
pub const STYLE: &str = include_str!("style.css");

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
    moment: String,
    count: usize,
    checkpoint: &'a str,
    sections: Vec<Section>,
}

/// The records of one type.
struct Section {
    id: &'static str,
    name: &'static str,
    records: Vec<Shown>,
}

struct Shown {
    title: String,
    date: String,
    /// As FHIR writes it; newer ones come first.
    sorted_by: String,
    lines: Vec<Line>,
    newest: Said,
    older: Vec<Said>,
}

/// What is said of a version.
struct Said {
    /// What the version is; empty for records without states.
    state: String,
    /// By which act it became that, and why; empty for plain writes.
    told: String,
    head: String,
    proof: String,
    lines: Vec<Line>,
    deleted: bool,
}

struct Words {
    lang: &'static str,
    title: &'static str,
    facility: &'static str,
    moment: &'static str,
    count: &'static str,
    contents: &'static str,
    earlier: &'static str,
    proof: &'static str,
    deleted: &'static str,
    checkpoint: &'static str,
    note: &'static str,
    about_checkpoint: &'static str,
}

const JAPANESE: Words = Words {
    lang: "ja",
    title: "診療記録",
    facility: "施設",
    moment: "表示した日時",
    count: "記録の件数",
    contents: "目次",
    earlier: "以前の版",
    proof: "証明",
    deleted: "この版で削除",
    checkpoint: "チェックポイント",
    note: "閲覧した人の権限で見られる、現在の記録とその履歴です。削除された記録は含みません。時刻は日本時間です。",
    about_checkpoint: "この表示がもとにしたジャーナルの大きさとルートハッシュ、その署名です。「証明」のファイルと合わせて、内容が書き換えられていないことを誰でも検証できます。",
};

const ENGLISH: Words = Words {
    lang: "en",
    title: "Medical record",
    facility: "Facility",
    moment: "Shown at",
    count: "Entries",
    contents: "Contents",
    earlier: "Earlier versions",
    proof: "proof",
    deleted: "deleted by this version",
    checkpoint: "Checkpoint",
    note: "The current record with its history, as far as who looks at it may see it. Deleted entries are not part of it. Times are those of Japan.",
    about_checkpoint: "Size, root hash and signature of the journal that this page rests on. With the files behind “proof” anybody can verify that nothing was altered.",
};

/// Writes the page.
pub(super) fn page(chart: &Chart) -> Result<String, Problem> {
    let language = chart.language;
    let mut by_kind: BTreeMap<(usize, &'static str), Vec<Shown>> = BTreeMap::new();
    for record in &chart.records {
        let Some(kind) = definitions::resource_kind(&record.key.kind) else { continue };
        if let Some(shown) = shown(chart, kind, record)? {
            let place = ORDER.iter().position(|one| *one == kind.as_str()).unwrap_or(ORDER.len());
            by_kind.entry((place, kind.as_str())).or_default().push(shown);
        }
    }
    let section = |((_, id), mut records): ((usize, &'static str), Vec<Shown>)| {
        records.sort_by(|left, right| right.sorted_by.cmp(&left.sorted_by));
        let name = definitions::resource_kind(id).map_or(id, |kind| readable::kind_name(kind, language));
        Section { id, name, records }
    };
    let patient = fhir::json::parse(&chart.patient)?;
    let page = Page {
        words: match language {
            Language::Japanese => &JAPANESE,
            Language::English => &ENGLISH,
        },
        style: STYLE,
        facility: &chart.facility,
        identity: Identity::of(&patient).line_at(chart.now, language),
        moment: day(&chart.now.to_string(), language),
        count: chart.records.len(),
        checkpoint: &chart.checkpoint,
        sections: by_kind.into_iter().map(section).collect(),
    };
    page.render().map_err(|_| Problem::new(&store::codes::DATABASE).log("a chart was not written"))
}

fn shown(chart: &Chart, kind: ResourceKind, record: &Charted) -> Result<Option<Shown>, Problem> {
    let Some((newest, older)) = record.versions.split_first() else { return Ok(None) };
    let content = newest.content.as_deref().unwrap_or_default();
    let heading = readable::heading(content, chart.language)?;
    let newest = said(chart, record, newest)?;
    let older = older.iter().map(|version| said(chart, record, version)).collect::<Result<_, _>>()?;
    Ok(Some(Shown {
        title: heading.title.unwrap_or_else(|| readable::kind_name(kind, chart.language).to_owned()),
        date: heading.date.as_deref().map(|date| day(date, chart.language)).unwrap_or_default(),
        sorted_by: heading.date.unwrap_or_default(),
        lines: readable::lines(content, chart.language)?,
        newest,
        older,
    }))
}

/// What a version is, and by whom it became that; nothing for records without states.
fn state(version: &Version, language: Language) -> Option<String> {
    let state = version.state.as_ref()?;
    let is = match (state.is, language) {
        (Is::Draft, Language::Japanese) => "下書き（未確定）",
        (Is::Final, Language::Japanese) => "確定",
        (Is::Amended, Language::Japanese) => "訂正・追記",
        (Is::Withdrawn, Language::Japanese) => "取消",
        (other, Language::English) => other.word(),
    };
    let japanese = language == Language::Japanese;
    let mut accounts = Vec::new();
    if let Some(account) = &state.responsible {
        let for_draft = state.is == Is::Draft && state.entered.is_some();
        accounts.push(match (japanese, for_draft) {
            (true, false) => format!("責任者 {account}"),
            (true, true) => format!("責任者 {account}（未承認）"),
            (false, false) => format!("answered for by {account}"),
            (false, true) => format!("to be approved by {account}"),
        });
    }
    if let Some(account) = &state.entered {
        accounts.push(if japanese {
            format!("代行入力者 {account}")
        } else {
            format!("entered by {account}")
        });
    }
    if !state.cosigned.is_empty() {
        let all = state.cosigned.join(if japanese { "、" } else { ", " });
        accounts.push(if japanese { format!("連名 {all}") } else { format!("cosigned by {all}") });
    }
    if accounts.is_empty() && state.act == StateAct::Import {
        let taken_over =
            if japanese { "他のシステムから取り込み" } else { "taken over from another system" };
        accounts.push(taken_over.to_owned());
    }
    Some(match (accounts.is_empty(), japanese) {
        (true, _) => is.to_owned(),
        (false, true) => format!("{is}（{}）", accounts.join("、")),
        (false, false) => format!("{is} ({})", accounts.join(", ")),
    })
}

/// By which act a version came to be, of whom, and why; nothing for plain writes.
fn told(version: &Version, language: Language) -> Option<String> {
    let state = version.state.as_ref()?;
    let (japanese, english) = match state.act {
        StateAct::Enter | StateAct::Adopt if state.entered.is_some() => ("代行入力", "entered for another"),
        StateAct::Enter | StateAct::Edit | StateAct::Adopt | StateAct::Import => return None,
        StateAct::Finalize => ("確定", "finalised"),
        StateAct::Approve => ("承認", "approved"),
        StateAct::Return => ("差し戻し", "given back"),
        StateAct::Assign => ("責任者の変更", "handed to another responsible person"),
        StateAct::Progress => ("進み具合の記入", "how far it is, told"),
        StateAct::Amend => ("訂正・追記", "amended"),
        StateAct::Withdraw => ("取り消し", "withdrawn"),
        StateAct::Lapse => ("期限の経過による自動確定", "finalised automatically, after the deadline"),
        StateAct::Cosign => ("連名で署名", "cosigned"),
    };
    let (actor, reason) = (&version.actor, version.reason.as_deref());
    Some(match (language, reason) {
        (Language::Japanese, None) => format!("{japanese}：{actor}"),
        (Language::Japanese, Some(reason)) => format!("{japanese}：{actor}　理由：{reason}"),
        (Language::English, None) => format!("{english} by {actor}"),
        (Language::English, Some(reason)) => format!("{english} by {actor}. Reason: {reason}"),
    })
}

fn said(chart: &Chart, record: &Charted, version: &Version) -> Result<Said, Problem> {
    let time = day(&version.time.to_string(), chart.language);
    let head = match chart.language {
        Language::Japanese => format!(
            "第 {} 版  {time}  記録者 {}  ジャーナルの位置 {}",
            version.number, version.actor, version.position
        ),
        Language::English => format!(
            "Version {}  {time}  by {}  position {} of the journal",
            version.number, version.actor, version.position
        ),
    };
    let lines = version.content.as_deref().map(|content| readable::lines(content, chart.language));
    Ok(Said {
        state: state(version, chart.language).unwrap_or_default(),
        told: told(version, chart.language).unwrap_or_default(),
        head,
        proof: format!("{}/{}/_history/{}/$proof", chart.base_url, record.key, version.number),
        lines: lines.transpose()?.unwrap_or_default(),
        deleted: version.kind == EntryKind::RecordDelete,
    })
}

/// A moment for people; what is no date stays as it is.
fn day(text: &str, language: Language) -> String {
    readable::day(text, language).unwrap_or_else(|| text.to_owned())
}
