//! The records, tried on a sample: whether changed and deleted ones still have all their versions, can be shown as they
//! stood and taken along, whether broken ones are refused, and how many drafts are overdue.

use super::Sight;
use crate::configuration::{APPROVED_WITHIN, FINAL_WITHIN};
use ::records::observed::{Deadlines, Overdue};
use access::{Action, Context, Resource, Who, WhoKind};
use base::Time;
use guideline::{Fact, Text};

pub(super) async fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let refused = ::records::observed::refuses_broken_input();
    let how = ("誤りのあるリソースで試行", "tried with broken resources");
    let mut facts = vec![sight.yes_no("runtime.records.input_validated", refused, how), finalisation(sight)];
    let told = Limits::told(sight);
    let deadlines = told.map(|limits| limits.deadlines(sight.now));
    let Ok(sampled) = sight.opened.records.records_at_the_console(deadlines).await else { return facts };
    match (told, sampled.overdue) {
        (Some(limits), Some(Ok(overdue))) => facts.extend(limits.facts(sight, overdue)),
        (_, Some(Err(problem))) => tracing::warn!(%problem, "overdue drafts could not be counted"),
        (_, None) | (None, _) => {}
    }
    let shown = [
        (
            "runtime.journal.versions_kept",
            sampled.versions_kept,
            ("変更された記録の全版を読み出し", "read all versions of changed records"),
        ),
        (
            "runtime.records.readable_any_time",
            sampled.shown_as_they_stood,
            ("変更された記録を過去の時点で要求", "asked for changed records as they stood before"),
        ),
        (
            "runtime.records.retention_enforced",
            sampled.deleted_kept,
            ("削除された記録の以前の版を読み出し", "read what was deleted in the versions before"),
        ),
        (
            "runtime.records.export_standard",
            sampled.exported,
            ("記録を書き出して検査", "took a record along and checked it"),
        ),
    ];
    for (key, shown, how) in shown {
        facts.extend(shown.map(|(holds, place)| sight.yes_no(key, holds, how).at(place)));
    }
    facts
}

/// By when drafts should be finished, in days.
#[derive(Clone, Copy, Debug)]
struct Limits {
    final_days: i64,
    approved_days: i64,
}

impl Limits {
    /// As the server was told them.
    fn told(sight: &Sight<'_>) -> Option<Self> {
        let facts = sight.opened.identity.facts();
        let days = |name: &str| facts.iter().find(|fact| fact.name == name)?.value.as_i64();
        Some(Self { final_days: days(FINAL_WITHIN)?, approved_days: days(APPROVED_WITHIN)? })
    }

    fn deadlines(self, now: Time) -> Deadlines {
        let before = |days: i64| now.plus_seconds(days.saturating_mul(DAY_SECONDS).saturating_neg());
        Deadlines { final_since: before(self.final_days), approved_since: before(self.approved_days) }
    }

    fn facts(self, sight: &Sight<'_>, overdue: Overdue) -> [Fact; 2] {
        let Self { final_days, approved_days } = self;
        let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let unfinalised = Text {
            ja: format!("下書きになって {final_days} 日を過ぎた記録を検索"),
            en: format!("searched for records that have been drafts for more than {final_days} days"),
        };
        let unapproved = Text {
            ja: format!("代行入力または差し戻しから {approved_days} 日を過ぎた未承認の記録を検索"),
            en: format!(
                "searched for drafts that were entered for another, or returned, more than {approved_days} days ago"
            ),
        };
        [
            sight.count("runtime.records.unfinalised_overdue", number(overdue.unfinalised), unfinalised),
            sight.count("runtime.records.proxy_unapproved_overdue", number(overdue.unapproved), unapproved),
        ]
    }
}

/// A day in seconds.
const DAY_SECONDS: i64 = 86_400;

/// Whether somebody can finalise records, others and machines cannot, and what is final stands: the law in force is asked, and
/// the rule by which every write is decided is tried.
fn finalisation(sight: &Sight<'_>) -> Fact {
    let law = sight.opened.records.law();
    let facility = sight.opened.identity.facility().as_str();
    let may = |kind, occupation| {
        let who = Who {
            kind,
            // Nobody has this account.
            account: "probe".to_owned(),
            occupation,
            factors: vec!["password", "totp"],
            ..Who::unknown(facility)
        };
        let facts = access::Facts { patients: vec!["probe".to_owned()], ..access::Facts::default() };
        let record = Resource { facts: Some(&facts), ..Resource::of_kind("Composition") };
        law.decide(&who, Action::FINALIZE, &record, &Context::default()).is_ok()
    };
    let by_right = may(WhoKind::Person, Some("doctor"))
        && !may(WhoKind::Person, Some("clerk"))
        && !may(WhoKind::Person, None)
        && !may(WhoKind::Device, None);
    let how = (
        "有効な権限ルールに問い合わせ、書込みを判断する規則を試行",
        "asked the law in force, and tried the rule by which every write is decided",
    );
    sight.yes_no("runtime.records.finalisation", by_right && store::finals_stand(), how)
}
