//! Who may do what by the default set: every role, every action, every type, held against a file that people read.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use access::{Action, Context, Facts, Law, Matrix, OWN, Resource, Scopes, Situation, Who, WhoKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// Reviewed line by line: whoever changes a policy changes this file.
const EXPECTED: &str = include_str!("expected/law-matrix.txt");

const HEAD: &str = "\
# Who may do what by the default set. For each role: what it may do with records of which types, what else it may do.
# 標準ポリシーの権限表。役割ごとに、型別に許される操作と、その他に許される操作。
# r read  v vread  h history  s search  e $everything  a $validate  p $proof  x export
# c create  u update  m patch  d delete  o delete what one wrote oneself and is not final  i import
# f finalize  n amend  w withdraw  k approve  t return  j assign  g cosign  y merge  z unmerge  l finalise by a deadline
";

const OCCUPATIONS: [&str; 25] = [
    "doctor",
    "dentist",
    "pharmacist",
    "nurse",
    "assistant-nurse",
    "public-health-nurse",
    "midwife",
    "laboratory-technologist",
    "radiological-technologist",
    "clinical-engineer",
    "physical-therapist",
    "occupational-therapist",
    "speech-therapist",
    "orthoptist",
    "dental-hygienist",
    "dental-technician",
    "dietitian",
    "psychologist",
    "social-worker",
    "emergency-technician",
    "clerk",
    "medical-clerk",
    "resident",
    "student",
    "other",
];

const ME: &str = "me";
const PATIENT: &str = "p1";

fn who(kind: WhoKind) -> Who {
    Who { kind, account: ME.to_owned(), ..Who::unknown("demo") }
}

fn person(occupation: Option<&'static str>) -> Who {
    Who { occupation, ..who(WhoKind::Person) }
}

fn with_scopes(text: &str, who: Who) -> Who {
    let scopes = Scopes::parse(text, Some(PATIENT.to_owned())).unwrap();
    Who { scopes: Some(Arc::new(scopes)), ..who }
}

/// Every role, with the labels of the patients it is tried at.
fn roles() -> Vec<(String, Who, &'static [&'static str], bool)> {
    let mut roles: Vec<(String, Who, &[&str], bool)> = Vec::new();
    for occupation in OCCUPATIONS {
        roles.push((occupation.to_owned(), person(Some(occupation)), &[], false));
    }
    roles.push(("person without occupation or duty".to_owned(), person(None), &[], false));
    for duty in ["executive", "planner", "operator", "auditor"] {
        roles.push((duty.to_owned(), Who { duties: [duty].into(), ..person(None) }, &[], false));
    }
    let app = |scopes: &str| with_scopes(scopes, person(Some("doctor")));
    roles.extend([
        ("doctor at a restricted patient".to_owned(), person(Some("doctor")), &["R"][..], false),
        ("doctor who treats the restricted patient".to_owned(), person(Some("doctor")), &["R"][..], true),
        ("doctor through an app with user/*.cruds".to_owned(), app("user/*.cruds"), &[], false),
        (
            "doctor through an app with patient/Observation.rs".to_owned(),
            app("patient/Observation.rs"),
            &[],
            false,
        ),
        ("doctor through an app with system/*.cruds".to_owned(), app("system/*.cruds"), &[], false),
        ("device".to_owned(), who(WhoKind::Device), &[], false),
        ("device at a restricted patient".to_owned(), who(WhoKind::Device), &["R"][..], false),
        (
            "service with system/*.cruds".to_owned(),
            with_scopes("system/*.cruds", who(WhoKind::Service)),
            &[],
            false,
        ),
        (
            "service with system/Observation.rs".to_owned(),
            with_scopes("system/Observation.rs", who(WhoKind::Service)),
            &[],
            false,
        ),
        ("service without scopes".to_owned(), who(WhoKind::Service), &[], false),
        (
            "service without scopes, auditor".to_owned(),
            Who { duties: ["auditor"].into(), ..who(WhoKind::Service) },
            &[],
            false,
        ),
        (
            "service with system/AuditEvent.rs, auditor".to_owned(),
            with_scopes("system/AuditEvent.rs", Who { duties: ["auditor"].into(), ..who(WhoKind::Service) }),
            &[],
            false,
        ),
        ("remote maintenance".to_owned(), who(WhoKind::Maintenance), &[], false),
        (
            "remote maintenance, operator".to_owned(),
            Who { duties: ["operator"].into(), ..who(WhoKind::Maintenance) },
            &[],
            false,
        ),
        ("console".to_owned(), Who::system("demo", "console"), &[], false),
        ("unknown".to_owned(), who(WhoKind::Unknown), &[], false),
    ]);
    roles
}

/// The letters of the head.
const LETTERS: [(char, Action); 23] = [
    ('r', Action::READ),
    ('v', Action::VERSION_READ),
    ('h', Action::HISTORY),
    ('s', Action::SEARCH),
    ('e', Action::EVERYTHING),
    ('a', Action::VALIDATE),
    ('p', Action::PROOF),
    ('x', Action::EXPORT),
    ('c', Action::CREATE),
    ('u', Action::UPDATE),
    ('m', Action::PATCH),
    ('d', Action::DELETE),
    ('i', Action::IMPORT),
    ('f', Action::FINALIZE),
    ('n', Action::AMEND),
    ('w', Action::WITHDRAW),
    ('k', Action::APPROVE),
    ('t', Action::RETURN),
    ('j', Action::ASSIGN),
    ('g', Action::COSIGN),
    ('y', Action::MERGE),
    ('z', Action::UNMERGE),
    ('l', Action::LAPSE),
];

/// What a role may do with a type, as letters.
fn letters(law: &Law, who: &Who, kind: &str, labels: &[String], treating: bool) -> String {
    let facts = Facts { patients: vec![PATIENT.to_owned()], state: "final".to_owned(), ..Facts::default() };
    let draft = Facts { state: "preliminary".to_owned(), ..facts.clone() };
    let on = Resource {
        facts: Some(&facts),
        patient_labels: labels,
        author: Some("another"),
        treating,
        ..Resource::of_kind(kind)
    };
    let may = |action, on: &Resource<'_>| law.decide(who, action, on, &Context::default()).is_ok();
    let mut cell = String::new();
    for (letter, action) in LETTERS {
        let own = Resource { facts: Some(&draft), author: Some(ME), ..on };
        cell.push(match action {
            Action::DELETE if !may(action, &on) && may(action, &own) => 'o',
            _ if may(action, &on) => letter,
            _ => '-',
        });
    }
    cell
}

fn section(law: &Law, who: &Who, labels: &[&str], treating: bool, kinds: &[Vec<&str>]) -> String {
    let labels: Vec<String> = labels.iter().map(|&label| label.to_owned()).collect();
    let mut rows: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for alike in kinds {
        let cell = letters(law, who, alike.first().unwrap(), &labels, treating);
        rows.entry(cell).or_default().extend(alike);
    }
    for kinds in rows.values_mut() {
        kinds.sort_unstable();
    }
    let most = rows.values().map(Vec::len).max().unwrap();
    let mut text = String::new();
    for (cell, kinds) in rows.iter().rev() {
        let named = if kinds.len() == most { "(all others)".to_owned() } else { kinds.join(" ") };
        writeln!(text, "  {cell}  {named}").unwrap();
    }
    writeln!(text, "  else: {}", others(law, who).join(" ")).unwrap();
    text
}

/// What is about no record: names of actions and commands.
fn others<'l>(law: &'l Law, who: &Who) -> Vec<&'l str> {
    let on = Resource::of_kind("Facility");
    let records = LETTERS.map(|(_, action)| action.name());
    let names = law.actions().filter(|name| !records.contains(name));
    let action = |name: &str| {
        let plain = Action::ALL.iter().copied().find(|action| action.name() == name);
        plain.unwrap_or_else(|| Action::command(name.to_owned().leak()))
    };
    names.filter(|name| law.decide(who, action(name), &on, &Context::default()).is_ok()).collect()
}

/// The types that the groups name, with the groups of each and whether a policy names it. Types that are alike in this
/// are alike to Cedar, so that one of them is tried for all.
fn kinds(law: &Law) -> BTreeMap<(BTreeSet<&str>, Option<&str>), Vec<&str>> {
    let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::from([("Facility", BTreeSet::new())]);
    let mut current = None;
    for line in law.texts().groups.lines().filter(|line| !line.starts_with('#')) {
        let members = line.split_once(':').map_or(line, |(head, members)| {
            current = head.strip_prefix("types ");
            members
        });
        for member in members.split_ascii_whitespace().filter(|_| current.is_some()) {
            groups.entry(member).or_default().extend(current);
        }
    }
    let mut alike: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for (kind, groups) in groups {
        let named = law.texts().builtin.contains(&format!("Record::\"{kind}\""));
        alike.entry((groups, named.then_some(kind))).or_default().push(kind);
    }
    alike
}

#[test]
fn the_default_set_gives_each_role_what_the_matrix_says_and_nothing_else() {
    let law = Law::builtin();
    let kinds: Vec<Vec<&str>> = kinds(&law).into_values().collect();
    // Roles that may do the same stand together, in the order of the first.
    let mut sections: Vec<(String, Vec<String>)> = Vec::new();
    for (name, who, labels, treating) in roles() {
        let section = section(&law, &who, labels, treating, &kinds);
        match sections.iter_mut().find(|(other, _)| *other == section) {
            Some((_, names)) => names.push(name),
            None => sections.push((section, vec![name])),
        }
    }
    let mut matrix = HEAD.to_owned();
    for (section, names) in sections {
        write!(matrix, "\n{}\n{section}", names.join(" | ")).unwrap();
    }
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("law-matrix.txt");
    std::fs::write(&made, &matrix).unwrap();
    assert!(
        matrix == EXPECTED,
        "tests/expected/law-matrix.txt says otherwise than the law, which is in {made:?}"
    );
}

/// What a facility might add: it names an action, a type and a group in conditions, where they are easily taken for alike.
const ADDED: &str = r#"
@id("nurses-approve") permit (principal in Staff::"nursing", action, resource == Record::"Observation")
when { action == Action::"approve" };
@id("clerks-see-plans") permit (principal in Staff::"office", action in Action::"consult", resource == Record::"CarePlan");
@id("no-proof") forbid (principal, action in Action::"look", resource) when { principal.occupation == "student" && action == Action::"proof" };
@id("no-list") forbid (principal, action in Action::"administer", resource) when { [Action::"account-list"].contains(action) };
@id("night") forbid (principal, action == Action::"create", resource) when { context.hour < 6 };
"#;

/// What a role may do with a type, asked action by action of the law itself.
fn asked(law: &Law, who: &Who, kind: &str, at: &Situation) -> BTreeSet<String> {
    let facts = |state: &str| Facts {
        patients: vec![PATIENT.to_owned()],
        state: state.to_owned(),
        ..Facts::default()
    };
    let labels = if at.restricted { vec!["R".to_owned()] } else { Vec::new() };
    let (settled, draft) = (facts("final"), facts("preliminary"));
    let on = Resource {
        facts: Some(&settled),
        patient_labels: &labels,
        author: Some("another"),
        treating: at.treating,
        ..Resource::of_kind(kind)
    };
    let own = Resource { facts: Some(&draft), author: Some(ME), ..on };
    let may = |action, on: &Resource<'_>| law.decide(who, action, on, &at.context).is_ok();
    let told = LETTERS.iter().filter_map(|(_, action)| {
        if may(*action, &on) {
            Some(action.name().to_owned())
        } else {
            may(*action, &own).then(|| format!("{}{OWN}", action.name()))
        }
    });
    told.collect()
}

/// Each as the table must not mix them up with others: told apart by group, by policy, by what was granted.
const TRIED: [&str; 8] = [
    "nurse",
    "clerk",
    "student",
    "auditor",
    "device",
    "doctor at a restricted patient",
    "doctor through an app with user/*.cruds",
    "service with system/Observation.rs",
];

#[test]
fn a_table_says_what_the_law_says_asked_one_by_one() {
    let law = Law::with(ADDED).unwrap();
    let matrix = Matrix::of(&law);
    let kinds: Vec<Vec<&str>> = kinds(&law).into_values().collect();
    for (name, who, labels, treating) in
        roles().into_iter().filter(|(name, ..)| TRIED.contains(&name.as_str()))
    {
        let context = Context { hour: if name == "nurse" { 3 } else { 12 }, ..Context::default() };
        let at = Situation { restricted: !labels.is_empty(), treating, context };
        let allowed = matrix.allowed(&who, &at);
        for kind in kinds.iter().filter_map(|alike| alike.first()).chain(["CarePlan", "Observation"].iter()) {
            let told = allowed.records.get(*kind).cloned().unwrap_or_default();
            assert_eq!(told, asked(&law, &who, kind, &at), "{name}, {kind}, {at:?}");
        }
        let told: BTreeSet<String> = others(&law, &who).into_iter().map(str::to_owned).collect();
        assert_eq!(allowed.others, told, "{name}");
    }
}

#[test]
fn a_table_tells_on_what_the_policies_of_the_facility_rest() {
    let told: Vec<String> = Law::with(ADDED).unwrap().own_conditions().into_iter().collect();
    assert_eq!(told, ["hour", "occupation"]);
    assert!(Law::builtin().own_conditions().is_empty(), "the default set is no own policy");
    let account = r#"@id("x") permit (principal == Account::"kato", action == Action::"audit", resource);"#;
    assert!(Law::with(account).unwrap().own_conditions().contains("account"));
}
