//! What to do first: the ways in that attackers take into hospitals come before what weighs as much by the letter.
//!
//! The order is that of the attacks which stopped hospitals in Japan: by a vendor's line that was always open, to machines
//! past their support, with passwords that were shared or never changed, through one flat network, to backups that hung on
//! it as well. Of the changes that cut attack paths, the best one takes its place among these measures.

use super::summary::{Group, Summary};
use super::text;
use super::words::{choose, plural, said};
use base::Language;
use site::rules::rule::Severity;
use std::collections::BTreeSet;

/// Most measures.
const MEASURES_MAX: usize = 6;
/// Most measures where they are only changes that cut attack paths.
const CUTS_MAX: usize = 5;
/// Longest text of a change, in characters: names in it come from files of others.
const TEXT_MAX: usize = 200;
/// Names of places of a measure.
const NAMES_SHOWN: usize = 3;

/// A measure: what it says is asked for wherever one of its rules is violated.
struct Measure {
    rules: &'static [&'static str],
    ja: &'static str,
    en: &'static str,
}

/// The first ones.
static URGENT: &[Measure] = &[
    Measure {
        rules: &[
            "maintenance.open-permanently",
            "net.vendor-path-undeclared",
            "maintenance.shared-account",
            "maintenance.one-factor",
        ],
        ja: "事業者の保守回線は、作業の時だけ開け、一人ずつのアカウントと二要素認証で使わせてください。",
        en: "Open vendors' lines only while they work, to known people with two factors.",
    },
    Measure {
        rules: &["device.management-exposed"],
        ja: "外部から管理画面に届かないようにしてください。",
        en: "Let nobody reach administration pages from outside.",
    },
    Measure {
        rules: &["device.unsupported", "device.unsupported-flat"],
        ja: "サポートの切れた機器を入れ替えてください。それまでは通信の相手を絞ってください。",
        en: "Replace what is past its support; until then let few machines reach it.",
    },
    Measure {
        rules: &["device.default-password", "auth.shared-accounts"],
        ja: "初期や共用のパスワードをやめ、一人に一つずつのアカウントにしてください。",
        en: "End passwords that are shared or still as delivered.",
    },
];

/// Those behind the change that cuts most.
static NEXT: &[Measure] = &[
    Measure {
        rules: &["backup.none", "backup.not-immutable", "backup.reachable", "backup.only-replica"],
        ja: "ネットワークから切り離した、書き換えられないバックアップを取ってください。",
        en: "Keep a backup that is off the network or cannot be changed.",
    },
    Measure {
        rules: &["net.open-path-to-records", "eligibility.joined", "wireless.guests-joined"],
        ja: "外部や患者用の無線から診療の機器に届く通信を止めてください。",
        en: "Stop what comes from outside or from the guests' wireless to medical machines.",
    },
    Measure {
        rules: &["downtime.no-procedure"],
        ja: "システムが止まった時の診療の手順を決めてください。",
        en: "Settle how to work when the systems are down.",
    },
];

/// A measure as it is shown.
#[derive(Debug)]
pub(super) struct First {
    /// What to do.
    pub(super) text: String,
    /// Where, or what it brings.
    pub(super) effect: String,
}

/// How early a rule comes; the same for all that are in no measure.
pub(super) fn rank(rule: &str) -> usize {
    let all = URGENT.iter().chain(NEXT);
    all.flat_map(|measure| measure.rules).position(|one| *one == rule).unwrap_or(usize::MAX)
}

/// What to do first, and the rules that it answers.
pub(super) fn first<'a>(summary: &Summary<'a>, language: Language) -> (Vec<First>, BTreeSet<&'a str>) {
    let mut answered = BTreeSet::new();
    let mut of = |measures: &'static [Measure]| -> Vec<First> {
        let shown = |measure: &Measure| of_rules(summary, measure, &mut answered, language);
        measures.iter().filter_map(shown).collect()
    };
    let (urgent, next) = (of(URGENT), of(NEXT));
    let cuts: Vec<First> = summary.cuts().map(|cut| of_cut(cut, language)).collect();
    let alone = urgent.is_empty() && next.is_empty();
    let (shown, best) = if alone { (CUTS_MAX, CUTS_MAX) } else { (MEASURES_MAX, 1) };
    let mut cuts = cuts.into_iter();
    let best: Vec<First> = cuts.by_ref().take(best).collect();
    let all = urgent.into_iter().chain(best).chain(next).chain(cuts);
    (all.take(shown).collect(), answered)
}

fn of_rules<'a>(
    summary: &Summary<'a>,
    measure: &Measure,
    answered: &mut BTreeSet<&'a str>,
    language: Language,
) -> Option<First> {
    let is_it =
        |group: &&Group<'a>| group.severity == Severity::Required && measure.rules.contains(&group.rule);
    let groups: Vec<&Group<'a>> = summary.violated.iter().filter(is_it).collect();
    answered.extend(groups.iter().map(|group| group.rule));
    let found = groups.iter().flat_map(|group| &group.findings).map(|one| one.resource.as_str());
    let (names, more) = summary.names.of_ids(found, NAMES_SHOWN, language);
    let more = match language {
        _ if more == 0 => String::new(),
        Language::Japanese => format!(" ほか {more} か所"),
        Language::English => format!(" and {more} more"),
    };
    let effect = format!("{}{more}", names.join(choose(language, "、", ", ")));
    (!groups.is_empty()).then(|| First { text: choose(language, measure.ja, measure.en).to_owned(), effect })
}

fn of_cut(cut: &site::attack::Cut, language: Language) -> First {
    let effect = match language {
        Language::Japanese => format!("攻撃経路 {} 件を断つ", cut.chains),
        Language::English => format!("cuts {}", plural(cut.chains, "attack path", "attack paths")),
    };
    First { text: text::cut(said(&cut.change, language), TEXT_MAX), effect }
}
