//! The law against a second evaluator in a few lines of plain Rust: random policies, random questions, one answer.

use super::*;
use crate::scope::Scopes;
use proptest::prelude::*;
use proptest::sample::select;
use std::fmt::Write as _;
use std::sync::Arc;

/// A policy of the model.
#[derive(Clone, Debug)]
struct Rule {
    permits: bool,
    action: &'static str,
    on: &'static str,
    conditions: Vec<Condition>,
}

#[derive(Clone, Copy, Debug)]
enum Condition {
    Kind(&'static str),
    Occupation(&'static str),
    Nursing,
    Duty(&'static str),
    Account(&'static str),
    Zone(&'static str),
    Fresh,
    Label(&'static str),
    PatientLabel(&'static str),
    State(&'static str),
    Own,
    Treating,
    PatientKnown,
    BrokenGlass,
    Purpose(&'static str),
    Before(u8),
    Weekday(u8),
    Device(&'static str),
    Factor(&'static str),
    App,
    Granted,
}

/// A question of the model.
#[derive(Clone, Debug)]
struct Asked {
    who: Who,
    action: Action,
    kind: &'static str,
    facts: Option<Facts>,
    patient_labels: Vec<String>,
    author: Option<&'static str>,
    treating: bool,
    broken: bool,
    context: Context,
}

impl Condition {
    fn text(self) -> String {
        match self {
            Self::Kind(word) => format!("principal.kind == \"{word}\""),
            Self::Occupation(word) => format!("principal.occupation == \"{word}\""),
            Self::Nursing => "principal in Staff::\"nursing\"".to_owned(),
            Self::Duty(word) => format!("principal.duties.contains(\"{word}\")"),
            Self::Account(id) => format!("principal == Account::\"{id}\""),
            Self::Zone(name) => format!("principal.zone == \"{name}\""),
            Self::Fresh => "principal.fresh".to_owned(),
            Self::Label(label) => format!("resource.labels.contains(\"{label}\")"),
            Self::PatientLabel(label) => format!("resource.patient.labels.contains(\"{label}\")"),
            Self::State(state) => format!("resource.state == \"{state}\""),
            Self::Own => "(resource has author && resource.author == principal)".to_owned(),
            Self::Treating => "resource.patient.treating".to_owned(),
            Self::PatientKnown => "resource.patient.known".to_owned(),
            Self::BrokenGlass => "context.breakGlass".to_owned(),
            Self::Purpose(code) => format!("context.purpose == \"{code}\""),
            Self::Before(hour) => format!("context.hour < {hour}"),
            Self::Weekday(day) => format!("context.weekday == {day}"),
            Self::Device(id) => format!("principal.device == \"{id}\""),
            Self::Factor(word) => format!("principal.factors.contains(\"{word}\")"),
            Self::App => "context.app".to_owned(),
            Self::Granted => "context.granted".to_owned(),
        }
    }

    fn holds(self, asked: &Asked) -> bool {
        let who = &asked.who;
        let nursing = ["nurse", "assistant-nurse", "public-health-nurse", "midwife"];
        let facts = asked.facts.clone().unwrap_or_default();
        let has = |labels: &[String], label: &str| labels.iter().any(|one| one == label);
        match self {
            Self::Kind(word) => who.kind.word() == word,
            Self::Occupation(word) => who.occupation == Some(word),
            Self::Nursing => {
                who.kind == WhoKind::Person && who.occupation.is_some_and(|word| nursing.contains(&word))
            }
            Self::Duty(word) => who.duties.contains(word),
            Self::Account(id) => who.account == id,
            Self::Zone(name) => who.zone == name,
            Self::Fresh => who.fresh,
            Self::Label(label) => has(&facts.labels, label),
            Self::PatientLabel(label) => has(&asked.patient_labels, label),
            Self::State(state) => facts.state == state,
            Self::Own => asked.author == Some(who.account.as_str()),
            Self::Treating => asked.treating,
            Self::PatientKnown => !facts.patients.is_empty(),
            Self::BrokenGlass => asked.broken,
            Self::Purpose(code) => asked.context.purpose == code,
            Self::Before(hour) => asked.context.hour < hour,
            Self::Weekday(day) => asked.context.weekday == day,
            Self::Device(id) => who.device.as_deref() == Some(id),
            Self::Factor(word) => who.factors.contains(&word),
            Self::App => who.scopes.is_some() || who.kind == WhoKind::Service,
            Self::Granted => who.kind == WhoKind::Person && who.scopes == some_scopes("user/*.r"),
        }
    }
}

impl Rule {
    fn text(&self) -> String {
        let effect = if self.permits { "permit" } else { "forbid" };
        let mut text = format!("{effect} (principal, {}, {})", self.action, self.on);
        for condition in &self.conditions {
            write!(text, " when {{ {} }}", condition.text()).unwrap();
        }
        text + ";\n"
    }

    fn applies(&self, asked: &Asked) -> bool {
        let action = match self.action {
            "action" => true,
            "action == Action::\"delete\"" => asked.action == Action::DELETE,
            "action in Action::\"consult\"" => asked.action == Action::READ || asked.action == Action::SEARCH,
            "action in [Action::\"write\", Action::\"log\"]" => {
                asked.action == Action::DELETE || asked.action == Action::LOG
            }
            other => panic!("{other}"),
        };
        let on = match self.on {
            "resource" => true,
            "resource == Record::\"Patient\"" => asked.kind == "Patient",
            "resource in Types::\"clinical\"" => asked.kind == "Observation",
            other => panic!("{other}"),
        };
        action && on && self.conditions.iter().all(|condition| condition.holds(asked))
    }
}

/// Deny by default, and a forbid over all permits.
fn naive(rules: &[Rule], asked: &Asked) -> bool {
    let any = |permits| rules.iter().any(|rule| rule.permits == permits && rule.applies(asked));
    any(true) && !any(false)
}

fn law(rules: &[Rule]) -> Law {
    Law::of(&rules.iter().map(Rule::text).collect::<String>()).unwrap()
}

fn decided(law: &Law, asked: &Asked) -> bool {
    let on = Resource {
        kind: asked.kind,
        facts: asked.facts.as_ref(),
        patient_labels: &asked.patient_labels,
        author: asked.author,
        treating: asked.treating,
        broken: asked.broken,
    };
    law.decide(&asked.who, asked.action, &on, &asked.context).is_ok()
}

const LABELS: [&str; 3] = ["R", "PSY", "N"];
const STATES: [&str; 2] = ["final", "preliminary"];
const ACCOUNTS: [&str; 2] = ["me", "you"];

fn condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        select(vec!["person", "device", "service"]).prop_map(Condition::Kind),
        select(vec!["doctor", "nurse"]).prop_map(Condition::Occupation),
        Just(Condition::Nursing),
        select(vec!["auditor", "operator"]).prop_map(Condition::Duty),
        select(ACCOUNTS.to_vec()).prop_map(Condition::Account),
        select(vec!["ward", "elsewhere"]).prop_map(Condition::Zone),
        Just(Condition::Fresh),
        select(LABELS.to_vec()).prop_map(Condition::Label),
        select(LABELS.to_vec()).prop_map(Condition::PatientLabel),
        select(STATES.to_vec()).prop_map(Condition::State),
        Just(Condition::Own),
        Just(Condition::Treating),
        Just(Condition::PatientKnown),
        Just(Condition::BrokenGlass),
        select(vec!["TREAT", "HRESCH"]).prop_map(Condition::Purpose),
        (6..18u8).prop_map(Condition::Before),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    let action = select(vec![
        "action",
        "action == Action::\"delete\"",
        "action in Action::\"consult\"",
        "action in [Action::\"write\", Action::\"log\"]",
    ]);
    let on = select(vec!["resource", "resource == Record::\"Patient\"", "resource in Types::\"clinical\""]);
    let conditions = prop::collection::vec(condition(), 0..3);
    (prop::bool::weighted(0.7), action, on, conditions).prop_map(|(permits, action, on, conditions)| Rule {
        permits,
        action,
        on,
        conditions,
    })
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    prop::collection::vec(rule(), 0..8)
}

fn some_of(all: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    prop::sample::subsequence(all.to_vec(), 0..=all.len())
        .prop_map(|some| some.into_iter().map(str::to_owned).collect())
}

fn asking() -> impl Strategy<Value = Who> {
    let kind = select(vec![WhoKind::Person, WhoKind::Device, WhoKind::Service]);
    let occupation = prop::option::of(select(vec!["doctor", "nurse", "midwife"]));
    let duties = prop::sample::subsequence(vec!["auditor", "operator"], 0..=2);
    let zone = select(vec!["ward", "elsewhere"]);
    (kind, select(ACCOUNTS.to_vec()), occupation, duties, zone, any::<bool>()).prop_map(
        |(kind, account, occupation, duties, zone, fresh)| Who {
            kind,
            account: account.to_owned(),
            occupation,
            duties: duties.into_iter().collect(),
            zone: zone.to_owned(),
            fresh,
            ..Who::unknown("demo")
        },
    )
}

fn facts() -> impl Strategy<Value = Option<Facts>> {
    let patients = prop_oneof![Just(Vec::new()), Just(vec!["1".to_owned()])];
    let facts = (patients, some_of(&LABELS), select(STATES.to_vec()));
    prop::option::weighted(
        0.8,
        facts.prop_map(|(patients, labels, state)| Facts { patients, labels, state: state.to_owned() }),
    )
}

fn asked() -> impl Strategy<Value = Asked> {
    let action = select(vec![Action::READ, Action::SEARCH, Action::DELETE, Action::LOG]);
    let kind = select(vec!["Patient", "Observation", "Facility"]);
    let author = prop::option::of(select(ACCOUNTS.to_vec()));
    let context = (select(vec!["TREAT", "HRESCH"]), 0..24u8).prop_map(|(purpose, hour)| Context {
        purpose: purpose.to_owned(),
        hour,
        weekday: 1,
    });
    (asking(), action, kind, facts(), some_of(&LABELS), author, any::<(bool, bool)>(), context).prop_map(
        |(who, action, kind, facts, patient_labels, author, (treating, broken), context)| Asked {
            who,
            action,
            kind,
            facts,
            patient_labels,
            author,
            treating,
            broken,
            context,
        },
    )
}

fn questions() -> impl Strategy<Value = Vec<Asked>> {
    prop::collection::vec(asked(), 24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Also that a decision that is kept is the one that would be made: the same law answers all questions, twice, and
    /// each is asked of a law that has answered nothing before.
    #[test]
    fn the_law_decides_as_the_second_evaluator_does(rules in rules(), questions in questions()) {
        let law = law(&rules);
        for asked in questions.iter().chain(&questions) {
            prop_assert_eq!(decided(&law, asked), naive(&rules, asked), "{:?}", asked);
        }
    }

    #[test]
    fn taking_a_permit_away_never_grants(rules in rules(), gone in any::<prop::sample::Index>(), questions in questions()) {
        let permits: Vec<usize> = (0..rules.len()).filter(|&at| rules[at].permits).collect();
        prop_assume!(!permits.is_empty());
        let mut fewer = rules.clone();
        fewer.remove(*gone.get(&permits));
        let (before, after) = (law(&rules), law(&fewer));
        for asked in &questions {
            prop_assert!(!decided(&after, asked) || decided(&before, asked), "{:?}", asked);
        }
    }

    #[test]
    fn a_forbid_more_never_grants(rules in rules(), more in rule(), questions in questions()) {
        let mut stricter = rules.clone();
        stricter.push(Rule { permits: false, ..more });
        let (before, after) = (law(&rules), law(&stricter));
        for asked in &questions {
            prop_assert!(!decided(&after, asked) || decided(&before, asked), "{:?}", asked);
        }
    }

    /// The default set and what a facility adds are one set: whatever it adds, a forbid of the default set holds, and
    /// what it forbids is refused.
    #[test]
    fn what_a_facility_adds_stands_beside_the_default_set(rules in rules(), questions in questions()) {
        let text: String = rules.iter().map(Rule::text).collect();
        let (builtin, both) = (Law::builtin(), Law::with(&text).unwrap());
        for asked in &questions {
            let forbidden = |rules: &[Rule]| rules.iter().any(|rule| !rule.permits && rule.applies(asked));
            let permitted = rules.iter().any(|rule| rule.permits && rule.applies(asked));
            let of_default = decided(&builtin, asked);
            let stopped = stopped_by_default(&builtin, asked);
            let expected = !forbidden(&rules) && !stopped && (of_default || permitted);
            prop_assert_eq!(decided(&both, asked), expected, "{:?}", asked);
        }
    }

    #[test]
    fn the_order_of_policies_does_not_matter(rules in rules().prop_shuffle(), questions in questions()) {
        let turned: Vec<Rule> = rules.iter().rev().cloned().collect();
        let (one, other) = (law(&rules), law(&turned));
        for asked in &questions {
            prop_assert_eq!(decided(&one, asked), decided(&other, asked));
        }
    }
}

/// One condition for each thing that a policy can look at.
const CONDITIONS: [Condition; 21] = [
    Condition::Kind("person"),
    Condition::Occupation("nurse"),
    Condition::Nursing,
    Condition::Duty("auditor"),
    Condition::Account("me"),
    Condition::Zone("ward"),
    Condition::Fresh,
    Condition::Label("PSY"),
    Condition::PatientLabel("R"),
    Condition::State("final"),
    Condition::Own,
    Condition::Treating,
    Condition::PatientKnown,
    Condition::BrokenGlass,
    Condition::Purpose("HRESCH"),
    Condition::Before(9),
    Condition::Weekday(1),
    Condition::Device("pc"),
    Condition::Factor("password"),
    Condition::App,
    Condition::Granted,
];

fn some_scopes(text: &str) -> Option<Arc<Scopes>> {
    Scopes::parse(text, None).ok().map(Arc::new)
}

/// A question to which all conditions say yes, and those that differ from it in one thing.
fn alike() -> Vec<Asked> {
    let all = Asked {
        who: Who {
            duties: ["auditor"].into(),
            zone: "ward".to_owned(),
            fresh: true,
            factors: vec!["password"],
            device: Some("pc".to_owned()),
            scopes: some_scopes("user/*.r"),
            ..person("nurse")
        },
        action: Action::READ,
        kind: "Observation",
        facts: Some(Facts {
            patients: vec!["1".to_owned()],
            labels: vec!["PSY".to_owned()],
            state: "final".to_owned(),
        }),
        patient_labels: vec!["R".to_owned()],
        author: Some("me"),
        treating: true,
        broken: true,
        context: Context { purpose: "HRESCH".to_owned(), hour: 8, weekday: 1 },
    };
    let changes: [fn(&mut Asked); 22] = [
        |_| {},
        |asked| asked.who.kind = WhoKind::Device,
        |asked| asked.who.occupation = Some("doctor"),
        |asked| asked.who.duties.clear(),
        |asked| asked.who.account = "you".to_owned(),
        |asked| asked.who.zone = "elsewhere".to_owned(),
        |asked| asked.who.fresh = false,
        |asked| asked.facts.as_mut().unwrap().labels.clear(),
        |asked| asked.facts.as_mut().unwrap().patients.clear(),
        |asked| asked.facts.as_mut().unwrap().state.clear(),
        |asked| asked.facts = None,
        |asked| asked.patient_labels = vec!["N".to_owned()],
        |asked| asked.author = None,
        |asked| asked.treating = false,
        |asked| asked.broken = false,
        |asked| asked.context.purpose = "TREAT".to_owned(),
        |asked| asked.context.hour = 9,
        |asked| asked.context.weekday = 7,
        |asked| asked.who.device = None,
        |asked| asked.who.factors.clear(),
        |asked| asked.who.scopes = None,
        |asked| asked.who.scopes = some_scopes("user/Flag.r"),
    ];
    let changed = changes.map(|change| {
        let mut asked = all.clone();
        change(&mut asked);
        asked
    });
    changed.into()
}

/// Each is asked right after one that differs from it in one thing: a key that forgot this thing would find the other's
/// decision.
#[test]
fn a_decision_is_kept_for_nobody_else() {
    for condition in CONDITIONS {
        let rule = Rule { permits: true, action: "action", on: "resource", conditions: vec![condition] };
        let law = law(std::slice::from_ref(&rule));
        for asked in alike() {
            assert_eq!(decided(&law, &asked), rule.applies(&asked), "{condition:?} {asked:?}");
        }
        assert!(alike().iter().any(|asked| !rule.applies(asked)), "{condition:?}");
    }
}

/// Whether a policy of the default set forbids it, rather than that none permits it.
fn stopped_by_default(builtin: &Law, asked: &Asked) -> bool {
    let on = Resource {
        kind: asked.kind,
        facts: asked.facts.as_ref(),
        patient_labels: &asked.patient_labels,
        author: asked.author,
        treating: asked.treating,
        broken: asked.broken,
    };
    let decision = builtin.decide(&asked.who, asked.action, &on, &asked.context);
    decision.is_err_and(|refusal| !refusal.policies.is_empty())
}
