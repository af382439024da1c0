//! What is said of a version of a record: what it is, who wrote it and when, why, and what it changed.

use super::{Chart, page::day};
use crate::past::{Charted, Fate, Since, Version};
use base::{Language, Problem};
use fhir::Node;
use fhir::difference::Act;
use fhir::readable::{self, Change, Line, Naming};
use store::{EntryKind, Is, State, StateAct};

/// What is said of a version.
pub(crate) struct Said {
    /// What the version is; empty for records without states.
    pub(crate) state: String,
    pub(crate) shade: Shade,
    pub(crate) head: String,
    pub(crate) proof: String,
    /// By which act it became that, and of whom; empty for plain writes.
    pub(crate) told: String,
    /// Why it was written; empty where nobody had to say.
    pub(crate) reason: String,
    /// What it changed, and the version it is compared with.
    pub(crate) changes: Vec<Changed>,
    pub(crate) against: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) deleted: bool,
}

/// How a state is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shade {
    /// Somebody answers for it, or nobody needs to.
    Settled,
    /// Nobody answers for it yet.
    Draft,
    /// It counts no more.
    Gone,
}

impl Shade {
    /// Whether it counts no more.
    pub(crate) fn is_gone(self) -> bool {
        self == Self::Gone
    }

    /// Its class in the style sheet.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Settled => "state",
            Self::Draft => "state draft",
            Self::Gone => "state gone",
        }
    }
}

/// A difference as it is shown.
pub(crate) struct Changed {
    pub(crate) what: String,
    pub(crate) act: &'static str,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

impl Changed {
    /// In the words of a language.
    pub(crate) fn of(change: Change, language: Language) -> Self {
        let ja = language == Language::Japanese;
        let act = match (change.act, ja) {
            (Act::Added, true) => "追加",
            (Act::Added, false) => "added",
            (Act::Deleted, true) => "削除",
            (Act::Deleted, false) => "removed",
            (Act::Replaced, true) => "変更",
            (Act::Replaced, false) => "changed",
            (Act::Moved, true) => "順序の変更",
            (Act::Moved, false) => "moved",
        };
        let what = match change.moved {
            Some((from, to)) if ja => format!("{}（{from} 番目から {to} 番目へ）", change.label),
            Some((from, to)) => format!("{} (from place {from} to place {to})", change.label),
            None => change.label,
        };
        // What only moved has the same value: it is shown once.
        let before = if change.act == Act::Moved { Vec::new() } else { change.before };
        Self { what, act, before: text(&before), after: text(&change.after) }
    }
}

/// Lines as one text, indented; none for nothing.
fn text(lines: &[Line]) -> Option<String> {
    let line = |line: &Line| {
        let indent = "\u{3000}".repeat(usize::from(line.depth));
        match (line.label.as_str(), line.value.as_deref()) {
            ("", value) => format!("{indent}{}", value.unwrap_or_default()),
            (label, None) => format!("{indent}{label}"),
            (label, Some(value)) => format!("{indent}{label}: {value}"),
        }
    };
    (!lines.is_empty()).then(|| lines.iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// A version of a record, which stands at `place` among those that are shown, the newest first. The lines of the newest are
/// shown with the record itself.
pub(crate) fn said(
    chart: &Chart,
    record: &Charted,
    (contents, place): (&[Option<Node>], usize),
) -> Result<Option<Said>, Problem> {
    let (Some(version), Some(content)) = (record.versions.get(place), contents.get(place)) else {
        return Ok(None);
    };
    let language = chart.language;
    let lines = match content {
        Some(content) if place > 0 => {
            readable::lines_of(&readable::named(content, &chart.names, Naming::Name), language)?
        }
        _ => Vec::new(),
    };
    let next = place.saturating_add(1);
    let mut older = record.versions.iter().zip(contents).skip(next);
    let older = older.find_map(|(version, content)| Some((version.number, content.as_ref()?)));
    let (changes, against) = match (content, older) {
        (Some(content), Some((number, before))) => {
            let named = |content| readable::named(content, &chart.names, Naming::NameAndAddress);
            (changed_of(&named(before), &named(content), language)?, against(number, language))
        }
        _ => (Vec::new(), String::new()),
    };
    Ok(Some(Said {
        state: state(version.state.as_ref(), language).unwrap_or_default(),
        shade: shade(version),
        head: head(version, language),
        proof: format!("{}/{}/_history/{}/$proof", chart.base_url, record.key, version.number),
        told: told(version, language).unwrap_or_default(),
        reason: version.reason.clone().unwrap_or_default(),
        changes,
        against,
        lines,
        deleted: version.kind == EntryKind::RecordDelete,
    }))
}

/// How the state of a version is shown.
pub(crate) fn shade(version: &Version) -> Shade {
    version.state.as_ref().map_or(Shade::Settled, |state| match state.is {
        Is::Draft => Shade::Draft,
        Is::Final | Is::Amended => Shade::Settled,
        Is::Withdrawn => Shade::Gone,
    })
}

/// The differences between two contents, as they are shown.
pub(crate) fn changed(before: &[u8], after: &[u8], language: Language) -> Result<Vec<Changed>, Problem> {
    changed_of(&fhir::json::parse(before)?, &fhir::json::parse(after)?, language)
}

fn changed_of(before: &Node, after: &Node, language: Language) -> Result<Vec<Changed>, Problem> {
    let changes = readable::changes_of(before, after, language)?;
    Ok(changes.into_iter().map(|change| Changed::of(change, language)).collect())
}

/// With which version another is compared.
pub(crate) fn against(number: u64, language: Language) -> String {
    match language {
        Language::Japanese => format!("第 {number} 版からの変更"),
        Language::English => format!("Changed since version {number}"),
    }
}

/// Which version, when, by whom, and where it stands.
pub(crate) fn head(version: &Version, language: Language) -> String {
    let time = day(&version.time.to_string(), language);
    match language {
        Language::Japanese => format!(
            "第 {} 版  {time}  記録者 {}  ジャーナルの位置 {}",
            version.number, version.actor, version.position
        ),
        Language::English => format!(
            "Version {}  {time}  by {}  position {} of the journal",
            version.number, version.actor, version.position
        ),
    }
}

/// What a version is, and who answers for it; nothing for records without states.
pub(crate) fn state(state: Option<&State>, language: Language) -> Option<String> {
    let state = state?;
    let is = match (state.is, language) {
        (Is::Draft, Language::Japanese) => "下書き",
        (Is::Final, Language::Japanese) => "確定",
        (Is::Amended, Language::Japanese) => "訂正・追記",
        (Is::Withdrawn, Language::Japanese) => "取消",
        (other, Language::English) => other.word(),
    };
    let ja = language == Language::Japanese;
    let mut notes = Vec::new();
    if state.is == Is::Draft && ja {
        notes.push("未確定".to_owned());
    }
    if let Some(account) = &state.responsible {
        let for_draft = state.is == Is::Draft && state.entered.is_some();
        notes.push(match (ja, for_draft) {
            (true, false) => format!("責任者 {account}"),
            (true, true) => format!("責任者 {account}（未承認）"),
            (false, false) => format!("answered for by {account}"),
            (false, true) => format!("to be approved by {account}"),
        });
    }
    if let Some(account) = &state.entered {
        notes.push(if ja { format!("代行入力者 {account}") } else { format!("entered by {account}") });
    }
    if !state.cosigned.is_empty() {
        let all = state.cosigned.join(if ja { "、" } else { ", " });
        notes.push(if ja { format!("連名 {all}") } else { format!("cosigned by {all}") });
    }
    if state.act == StateAct::Import {
        notes.push(if ja { "他のシステムから取り込み" } else { "taken over from another system" }.to_owned());
    }
    Some(match (notes.is_empty(), language) {
        (true, _) => is.to_owned(),
        (false, Language::Japanese) => format!("{is}（{}）", notes.join("、")),
        (false, Language::English) => format!("{is} ({})", notes.join(", ")),
    })
}

/// By which act a version came to be, and of whom; nothing for plain writes.
pub(crate) fn told(version: &Version, language: Language) -> Option<String> {
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
    Some(match language {
        Language::Japanese => format!("{japanese}：{}", version.actor),
        Language::English => format!("{english} by {}", version.actor),
    })
}

/// What became of a record after what is shown.
pub(crate) fn since(since: Since, language: Language) -> String {
    let time = day(&since.time.to_string(), language);
    match (since.fate, language) {
        (Fate::Deleted, Language::Japanese) => format!("この後、{time} に削除されました"),
        (Fate::Deleted, Language::English) => format!("deleted since, at {time}"),
        (Fate::Withdrawn, Language::Japanese) => format!("この後、{time} に取り消されました"),
        (Fate::Withdrawn, Language::English) => format!("withdrawn since, at {time}"),
        (Fate::Changed(number), Language::Japanese) => {
            format!("この後、変更されました（最新は {time} の第 {number} 版）")
        }
        (Fate::Changed(number), Language::English) => {
            format!("changed since (newest: version {number}, {time})")
        }
        (Fate::Left, Language::Japanese) => format!("{time} にこの患者の記録から外れました"),
        (Fate::Left, Language::English) => format!("no longer in the record of this patient since {time}"),
    }
}
