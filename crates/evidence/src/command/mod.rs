//! What can be asked for about evidence: one language for the command line, the console socket and the admin API.

mod report;

pub use report::{Earlier, NewReport, Output, ReportLanguage};

use ::report::form::OpenPath;
use base::Time;
use guideline::Day;
use guideline::risk::{Asset, Description, Flow, Step};
use guideline::{Moment, Side, Text, Value};
use identity::kept::Duty;
use identity::{AccountId, CommandRow, Freshness};
use serde::{Deserialize, Serialize};

const RUN: &[Duty] = &[Duty::Planner, Duty::Operator];
/// Whoever is asked something by the guideline.
const ANSWER: &[Duty] = &[Duty::Executive, Duty::Planner, Duty::Operator];
/// Whoever answers for what is left.
const DECIDE: &[Duty] = &[Duty::Executive];
const SEE: &[Duty] = &[Duty::Executive, Duty::Planner, Duty::Operator, Duty::Auditor];

const fn row(
    name: &'static str,
    duties: &'static [Duty],
    english: &'static str,
    japanese: &'static str,
) -> CommandRow {
    CommandRow { name, duties, freshness: Freshness::Any, english, japanese }
}

/// Every command with who may give it over the network. On the server itself the operating system decides.
pub static COMMANDS: &[CommandRow] = &[
    row("assess", SEE, "assess an edition of a guideline", "ガイドラインへの適合を判定する"),
    row("guideline-list", SEE, "editions with how they were last assessed", "ガイドラインの版と最新の判定"),
    row("guideline-show", SEE, "an edition by chapters, with its verdicts", "版の章ごとの要求事項と判定"),
    row(
        "requirement-show",
        SEE,
        "a requirement with all that bears on it",
        "要求事項と、その判定に関わるすべて",
    ),
    row(
        "guideline-form",
        SEE,
        "a form with the answers that follow from what is known",
        "様式の各項目と、判明していることから導かれる回答",
    ),
    row(
        "guideline-changes",
        SEE,
        "what changed from one assessment to another, and why",
        "判定の間で変わったことと、その理由",
    ),
    row("fact-list", SEE, "everything that is known, key by key", "判明している事実の一覧"),
    row("document-kinds", SEE, "kinds of documents, and which are missing", "文書の種類と、不足しているもの"),
    row("document-list", SEE, "the register of documents", "文書台帳"),
    row(
        "document-template",
        SEE,
        "a document to begin with, filled in as far as known",
        "文書のひな形（分かることは記入済み）",
    ),
    row("document-add", RUN, "register a document", "文書を台帳に登録する"),
    row("document-approve", ANSWER, "enter who approved a document", "文書の承認を記録する"),
    row("document-withdraw", RUN, "withdraw a document", "文書を取り下げる"),
    row("question-list", SEE, "questions to people, with their answers", "人への質問と回答の一覧"),
    row("attest", ANSWER, "answer a question", "質問に回答する"),
    row("requirement-exclude", ANSWER, "decide that a requirement does not apply", "要求事項を対象外とする"),
    row(
        "requirement-include",
        ANSWER,
        "take back that a requirement does not apply",
        "対象外とした要求事項を対象に戻す",
    ),
    row(
        "requirement-target",
        ANSWER,
        "set by when a requirement is to be met, and who sees to it",
        "要求事項の目標日と担当者を設定する",
    ),
    row("requirement-target-remove", ANSWER, "take a target date back", "目標日の設定を取り消す"),
    row("site-show", SEE, "the check of the site that is kept", "保存されているサイト検査の結果"),
    row("site-keep", RUN, "keep what a check of the site came to", "サイト検査の結果を保存する"),
    row("disclosure-list", SEE, "disclosures that are kept, and those that are built in", "開示の一覧"),
    row("disclosure-import", RUN, "take in the disclosure of a party", "他者の開示を取り込む"),
    row("disclosure-remove", RUN, "drop the disclosure of a party", "取り込んだ開示を外す"),
    row("disclosure-export", SEE, "what this system answers for", "このシステムが受け持つことの開示"),
    row("disclosure-matrix", SEE, "who answers for each requirement", "責任分界表"),
    row("report", SEE, "hand out a report", "報告書を出す"),
    row(
        "report-preview",
        SEE,
        "a report as it stands, without handing it out",
        "報告書の現在の内容（交付しない）",
    ),
    row("report-list", SEE, "which report was handed to whom", "報告書の交付記録"),
    row("risk-list", SEE, "the risk register", "リスク登録簿"),
    row("risk-export", SEE, "the risk register as a file", "リスク登録簿のファイル出力"),
    row("risk-asset", RUN, "enter an asset", "資産を登録する"),
    row("risk-asset-remove", RUN, "remove an asset", "資産を外す"),
    row("risk-flow", RUN, "enter a flow of information", "情報の流れを登録する"),
    row("risk-flow-remove", RUN, "remove a flow of information", "情報の流れを外す"),
    row("risk-propose", RUN, "name the risks of what is entered", "登録した資産と流れのリスクを挙げる"),
    row("risk-add", RUN, "name a risk in one's own words", "リスクを追加する"),
    row(
        "risk-step",
        RUN,
        "assess, plan, put in force, review a risk",
        "リスクの評価、対応計画、実施、見直し",
    ),
    row(
        "risk-decide",
        DECIDE,
        "approve, review or close a risk as an executive",
        "経営層によるリスク対応の承認・見直し・終結",
    ),
];

/// Where a document lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Place {
    /// A file at the server, by its absolute path: its content is compared with what was registered at every assessment.
    File(String),
    /// An address at which people find it.
    Link(String),
    /// Where it is kept on paper or elsewhere.
    Shelf(String),
}

/// A document to be registered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// What kind it is.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its version, as it says itself.
    pub version: String,
    /// Where it lies.
    pub place: Place,
    /// SHA-256 of its content, as 64 hexadecimal digits; for a file it is taken from the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Who keeps it up to date.
    pub owner: String,
    /// Who approved it, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// When they did; today when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_on: Option<Day>,
    /// When it must be looked at again; as its kind says when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_on: Option<Day>,
    /// The document in whose place it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
}

/// What a check of the site came to (`akashi check`), as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteCheck {
    /// The version of the program that checked.
    pub program: String,
    /// The phase that was checked; `now` is kept.
    pub phase: String,
    /// The files that were read.
    pub sources: Vec<SiteSource>,
    /// What they show.
    pub facts: Vec<SiteFact>,
    /// What could go wrong on the flows that cross a boundary.
    pub threats: Vec<SiteThreat>,
    /// How many findings say that something is violated.
    pub violated: u64,
    /// How many findings could not be decided.
    pub undecided: u64,
    /// The network as SVG, in both languages; none where it was too large to be kept, or an earlier program checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Text>,
    /// Open paths to the records; none where an earlier program checked, which is not the same as no path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_paths: Option<Vec<OpenPath>>,
}

/// Largest picture of a network that is kept, in bytes for each language.
pub const PICTURE_BYTES_MAX: usize = 256 * 1024;
/// Most open paths that are kept: as many as a check works out.
pub const OPEN_PATHS_MAX: usize = 400;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteSource {
    /// Its name, without folders.
    pub name: String,
    /// SHA-256 of its content, as 64 hexadecimal digits.
    pub sha256: String,
}

/// Something that a check shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteFact {
    /// Its key: `site.…`.
    pub key: String,
    /// What it is.
    pub value: Value,
    /// What it rests on.
    pub how: Text,
}

/// Something that could go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteThreat {
    /// The same in every check: the id of the risk that is made of it.
    pub id: String,
    /// A heading.
    pub title: Text,
    /// What may happen, with the path that shows it.
    pub threat: Text,
    /// The requirements that help.
    pub requirements: Vec<String>,
}

/// As which document an assessment is wanted beside its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Page {
    /// OSCAL assessment results.
    Oscal,
    /// A page of HTML in Japanese.
    HtmlJa,
    /// A page of HTML in English.
    HtmlEn,
}

/// In which form a disclosure is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DisclosureForm {
    /// Our own (formats, section 10).
    #[default]
    Akashi,
    /// An OSCAL component definition.
    Oscal,
}

/// As which file the risk register is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SheetForm {
    /// A table that spreadsheets open.
    Csv,
    /// Everything, for programs (formats, section 11).
    Json,
}

/// A command with what it needs to know.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the members are those of the command line, which explains them")]
pub enum Command {
    Assess {
        edition: String,
        #[serde(default)]
        side: Option<Side>,
        #[serde(default)]
        at: Option<Moment>,
        #[serde(default)]
        page: Option<Page>,
    },
    GuidelineList {},
    GuidelineShow {
        edition: String,
    },
    RequirementShow {
        requirement: String,
    },
    GuidelineForm {
        edition: String,
        /// The name of a part; items of others are left out.
        #[serde(default)]
        part: Option<String>,
        /// The number of a chapter; items of others are left out.
        #[serde(default)]
        chapter: Option<String>,
    },
    GuidelineChanges {
        edition: String,
        /// The versions of two kept assessments.
        #[serde(default)]
        from: Option<u64>,
        #[serde(default)]
        to: Option<u64>,
    },
    FactList {
        /// Whether a look at the running system within the last minute is good enough: each fact says when it was seen.
        #[serde(default)]
        recent: bool,
    },
    DocumentKinds {},
    DocumentList {},
    DocumentTemplate {
        kind: String,
        #[serde(default)]
        facility_name: Option<String>,
    },
    DocumentAdd(NewDocument),
    DocumentApprove {
        document: String,
        name: String,
        #[serde(default)]
        on: Option<Day>,
    },
    DocumentWithdraw {
        document: String,
        reason: String,
    },
    QuestionList {},
    Attest {
        question: String,
        answer: Value,
        name: String,
        #[serde(default)]
        note: Option<String>,
        #[serde(default)]
        until: Option<Day>,
    },
    RequirementExclude {
        requirement: String,
        reason: String,
        name: String,
        #[serde(default)]
        until: Option<Day>,
    },
    RequirementInclude {
        requirement: String,
    },
    RequirementTarget {
        requirement: String,
        owner: String,
        due: Day,
        #[serde(default)]
        note: Option<String>,
    },
    RequirementTargetRemove {
        requirement: String,
    },
    SiteShow {},
    SiteKeep(SiteCheck),
    DisclosureList {},
    DisclosureImport {
        /// The name of its file, for messages; or of one that is built in, when there is no text.
        name: String,
        #[serde(default)]
        text: Option<String>,
        /// The edition that bare ids of an OSCAL component definition belong to.
        #[serde(default)]
        edition: Option<String>,
    },
    DisclosureRemove {
        party: String,
    },
    DisclosureExport {
        edition: String,
        #[serde(default)]
        form: DisclosureForm,
    },
    DisclosureMatrix {
        edition: String,
        #[serde(default)]
        with: Vec<String>,
    },
    Report(NewReport),
    ReportPreview(NewReport),
    ReportList {},
    RiskList {},
    RiskExport {
        form: SheetForm,
        #[serde(default)]
        english: bool,
    },
    RiskAsset {
        asset: Asset,
    },
    RiskAssetRemove {
        asset: String,
    },
    RiskFlow {
        flow: Flow,
    },
    RiskFlowRemove {
        flow: String,
    },
    RiskPropose {
        #[serde(default)]
        english: bool,
    },
    RiskAdd {
        risk: String,
        description: Description,
    },
    RiskStep {
        risk: String,
        step: Step,
        #[serde(default)]
        by: Option<AccountId>,
    },
    RiskDecide {
        risk: String,
        step: Step,
        #[serde(default)]
        by: Option<AccountId>,
    },
}

impl Command {
    /// Its name in [`COMMANDS`].
    pub fn name(&self) -> &'static str {
        match self {
            Self::Assess { .. } => "assess",
            Self::GuidelineList {} => "guideline-list",
            Self::GuidelineShow { .. } => "guideline-show",
            Self::RequirementShow { .. } => "requirement-show",
            Self::GuidelineForm { .. } => "guideline-form",
            Self::GuidelineChanges { .. } => "guideline-changes",
            Self::FactList { .. } => "fact-list",
            Self::DocumentKinds {} => "document-kinds",
            Self::DocumentList {} => "document-list",
            Self::DocumentTemplate { .. } => "document-template",
            Self::DocumentAdd(_) => "document-add",
            Self::DocumentApprove { .. } => "document-approve",
            Self::DocumentWithdraw { .. } => "document-withdraw",
            Self::QuestionList {} => "question-list",
            Self::Attest { .. } => "attest",
            Self::RequirementExclude { .. } => "requirement-exclude",
            Self::RequirementInclude { .. } => "requirement-include",
            Self::RequirementTarget { .. } => "requirement-target",
            Self::RequirementTargetRemove { .. } => "requirement-target-remove",
            Self::SiteShow {} => "site-show",
            Self::SiteKeep(_) => "site-keep",
            Self::DisclosureList {} => "disclosure-list",
            Self::DisclosureImport { .. } => "disclosure-import",
            Self::DisclosureRemove { .. } => "disclosure-remove",
            Self::DisclosureExport { .. } => "disclosure-export",
            Self::DisclosureMatrix { .. } => "disclosure-matrix",
            Self::Report(_) => "report",
            Self::ReportPreview(_) => "report-preview",
            Self::ReportList {} => "report-list",
            Self::RiskList {} => "risk-list",
            Self::RiskExport { .. } => "risk-export",
            Self::RiskAsset { .. } => "risk-asset",
            Self::RiskAssetRemove { .. } => "risk-asset-remove",
            Self::RiskFlow { .. } => "risk-flow",
            Self::RiskFlowRemove { .. } => "risk-flow-remove",
            Self::RiskPropose { .. } => "risk-propose",
            Self::RiskAdd { .. } => "risk-add",
            Self::RiskStep { .. } => "risk-step",
            Self::RiskDecide { .. } => "risk-decide",
        }
    }

    /// What it names, for the entry of the journal: an edition, a kind, an id; never a text of people.
    pub fn target(&self) -> &str {
        match self {
            Self::Assess { edition, .. }
            | Self::GuidelineShow { edition }
            | Self::GuidelineForm { edition, .. }
            | Self::GuidelineChanges { edition, .. }
            | Self::DisclosureExport { edition, .. }
            | Self::DisclosureMatrix { edition, .. } => edition,
            Self::DocumentTemplate { kind, .. } => kind,
            Self::DocumentAdd(wanted) => &wanted.kind,
            Self::Report(wanted) | Self::ReportPreview(wanted) => &wanted.form,
            Self::DocumentApprove { document, .. } | Self::DocumentWithdraw { document, .. } => document,
            Self::Attest { question, .. } => question,
            Self::RequirementExclude { requirement, .. }
            | Self::RequirementInclude { requirement }
            | Self::RequirementTarget { requirement, .. }
            | Self::RequirementTargetRemove { requirement }
            | Self::RequirementShow { requirement } => requirement,
            Self::DisclosureRemove { party } => party,
            Self::RiskAsset { asset } => &asset.id,
            Self::RiskFlow { flow } => &flow.id,
            Self::RiskAssetRemove { asset: id }
            | Self::RiskFlowRemove { flow: id }
            | Self::RiskAdd { risk: id, .. }
            | Self::RiskStep { risk: id, .. }
            | Self::RiskDecide { risk: id, .. } => id,
            _ => self.name(),
        }
    }
}

/// The end of a validity that was given, or so many months after a moment.
pub(crate) fn until(given: Option<Day>, from: Time, months: u32) -> Time {
    given.map_or_else(|| from.plus_seconds(i64::from(months).saturating_mul(30 * 86_400 + 37_800)), Day::ends)
}
