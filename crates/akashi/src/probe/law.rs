//! The law in force, asked: what nobody permitted must be refused, and what one may see depends on one's work.

use super::Sight;
use access::{Action, Context, Resource, Who, WhoKind};
use guideline::Fact;

/// The account as which questions are asked. Nobody has it.
const NOBODY: &str = "probe";

pub(super) fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let law = sight.opened.records.law();
    let facility = sight.opened.identity.facility().as_str();
    let person = |occupation| Who {
        kind: WhoKind::Person,
        account: NOBODY.to_owned(),
        occupation,
        factors: vec!["password", "totp"],
        ..Who::unknown(facility)
    };
    let permits =
        |who: &Who, action, on: &Resource<'_>| law.decide(who, action, on, &Context::default()).is_ok();
    let record = Resource::of_kind("Observation");
    let (doctor, clerk, stranger) = (person(Some("doctor")), person(Some("clerk")), person(None));
    let facts = access::Facts { patients: vec!["probe".to_owned()], ..access::Facts::default() };
    let labels = ["R".to_owned()];
    let restricted = Resource { facts: Some(&facts), patient_labels: &labels, ..record };
    let how = ("有効な権限ルールに問い合わせ", "asked the law in force");
    let mut facts = vec![
        sight.yes_no(
            "runtime.law.deny_by_default",
            !permits(&stranger, Action::READ, &record)
                && !permits(&Who::unknown(facility), Action::READ, &record)
                && !permits(&doctor, Action::command("no-such-command"), &Resource::of_kind("Facility")),
            how,
        ),
        sight.yes_no(
            "runtime.law.by_occupation",
            permits(&doctor, Action::CREATE, &record) && !permits(&clerk, Action::CREATE, &record),
            how,
        ),
        sight.yes_no(
            "runtime.law.restricted_patients",
            permits(&doctor, Action::READ, &record) && !permits(&doctor, Action::READ, &restricted),
            how,
        ),
        sight.yes_no(
            "runtime.api.authenticated",
            [Action::READ, Action::SEARCH, Action::CREATE, Action::EXPORT, Action::AUDIT]
                .into_iter()
                .all(|action| !permits(&Who::unknown(facility), action, &record)),
            how,
        ),
        sight.yes_no(
            "runtime.audit.readers_limited",
            !permits(&doctor, Action::AUDIT, &Resource::of_kind("Facility"))
                && !permits(&clerk, Action::AUDIT, &Resource::of_kind("Facility")),
            how,
        ),
        sight.yes_no(
            "runtime.law.two_people_change",
            sight.opened.identity.law_needs_two(),
            (
                "1 人と 2 人での提案を問い合わせ、有効なルールの承認者を確認",
                "asked about a proposal with one hand and with two, and looked at whose law is in force",
            ),
        ),
    ];
    let told = sight.opened.identity.glass_is_told();
    let how = (
        "緊急アクセスできる人ごとに通知先と理由の要否を問い合わせ",
        "asked who would be told of each person that the law lets do it, and whether a reason is demanded",
    );
    facts.extend(told.map(|told| sight.yes_no("runtime.law.break_glass_notified", told, how)));
    facts
}
