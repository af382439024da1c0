//! The records, tried on a sample: whether changed and deleted ones still have all their versions, can be shown as they
//! stood and taken along, and whether broken ones are refused.

use super::Sight;
use access::{Action, Context, Resource, Who, WhoKind};
use guideline::Fact;

pub(super) async fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let refused = ::records::observed::refuses_broken_input();
    let how = ("誤りのあるリソースで試行", "tried with broken resources");
    let mut facts = vec![sight.yes_no("runtime.records.input_validated", refused, how), finalisation(sight)];
    let Ok(sampled) = sight.opened.records.records_at_the_console().await else { return facts };
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
