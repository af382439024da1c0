//! Chains, their way back, and what is shown beside the results.

use super::*;

/// The shape of a condition, written down.
fn shape(condition: &Condition) -> String {
    match condition {
        Condition::Ids(ids) => format!("ids{}", ids.len()),
        Condition::Updated(_) => "updated".to_owned(),
        Condition::Terms { any, negated } => {
            let not = if *negated { "!" } else { "" };
            format!("{not}{}", any.first().map_or("-", |one| one.param))
        }
        Condition::Leads { params, to } => {
            let to: Vec<String> = to.iter().map(|(kind, all)| format!("{kind}[{}]", shapes(all))).collect();
            format!("{}>{}", params.join("|"), to.join("|"))
        }
        Condition::LedTo { kind, params, all } => format!("{kind}.{}<[{}]", params.join("|"), shapes(all)),
    }
}

fn shapes(all: &[Condition]) -> String {
    all.iter().map(shape).collect::<Vec<_>>().join("&")
}

fn asked(of: &str, text: &str) -> String {
    shapes(&search(of, text).unwrap().all)
}

#[test]
fn a_chain_leads_to_every_type_that_knows_the_rest() {
    for (of, text, expected) in [
        ("Observation", "patient.name=x", "Observation.subject>Patient[Patient.name]"),
        ("Observation", "subject:Patient.name:exact=x", "Observation.subject>Patient[Patient.name]"),
        (
            "Observation",
            "subject.name=x",
            "Observation.subject>Location[Location.name]|Patient[Patient.name]",
        ),
        (
            "Observation",
            "subject._id=a,b",
            "Observation.subject>Device[ids2]|Group[ids2]|Location[ids2]|Patient[ids2]",
        ),
        (
            "Observation",
            "patient.organization.name=x",
            "Observation.subject>Patient[Patient.organization>Organization[Organization.name]]",
        ),
        ("Observation", "subject:Patient.gender:not=male", "Observation.subject>Patient[!Patient.gender]"),
        ("Bundle", "composition.status=final", "Bundle.composition>Composition[Composition.status]"),
    ] {
        assert_eq!(asked(of, text), expected, "{text}");
    }
}

#[test]
fn the_way_back_asks_for_resources_that_refer_here() {
    for (of, text, expected) in [
        ("Patient", "_has:Observation:patient:code=1", "Observation.Observation.subject<[Observation.code]"),
        (
            "Patient",
            "_has:Observation:patient:_has:AuditEvent:entity:agent=1",
            "Observation.Observation.subject<[AuditEvent.AuditEvent.entity<[AuditEvent.agent]]",
        ),
        (
            "Group",
            "_has:Observation:subject:encounter:Encounter.status=x",
            "Observation.Observation.subject<[Observation.encounter>Encounter[Encounter.status]]",
        ),
        (
            "Observation",
            "patient._has:Group:member:_id=1",
            "Observation.subject>Patient[Group.Group.member<[ids1]]",
        ),
        (
            "Patient",
            "_has:Observation:patient:code:not=1",
            "Observation.Observation.subject<[!Observation.code]",
        ),
    ] {
        assert_eq!(asked(of, text), expected, "{text}");
    }
}

#[test]
fn a_chain_has_an_end() {
    let chain = |links: usize| format!("{}.name=x", vec!["partof"; links].join("."));
    assert!(search("Organization", &chain(4)).is_ok());
    assert_eq!(refusal("Organization", &chain(5)), codes::CHAIN_TOO_DEEP.id);
    let back = |links: usize| format!("{}name=x", "_has:Organization:partof:".repeat(links));
    assert!(search("Organization", &back(4)).is_ok());
    assert_eq!(refusal("Organization", &back(5)), codes::CHAIN_TOO_DEEP.id);
    assert_eq!(
        refusal("Organization", &format!("{}partof.name=x", "_has:Organization:partof:".repeat(4))),
        codes::CHAIN_TOO_DEEP.id
    );
}

#[test]
fn links_that_lead_nowhere_are_refused() {
    for (of, text, code) in [
        ("Observation", "code.name=x", &codes::NOT_A_LINK),
        ("CarePlan", "instantiates-canonical.name=x", &codes::NOT_A_LINK),
        ("Observation", "subject.nonsense=x", &codes::CHAIN_UNKNOWN),
        ("Observation", "patient.nonsense=x", &codes::UNKNOWN_PARAMETER),
        ("Observation", "patient.=x", &codes::UNKNOWN_PARAMETER),
        ("Observation", ".name=x", &codes::UNKNOWN_PARAMETER),
        ("Observation", "patient:Group.name=x", &codes::MODIFIER),
        ("Observation", "subject:Nothing.name=x", &codes::MODIFIER),
        ("Observation", "patient.birthdate=26", &codes::BAD_DATE),
        ("Observation", "patient._text=x", &codes::NOT_OFFERED),
        ("Patient", "_has:Observation:patient=x", &codes::BAD_HAS),
        ("Patient", "_has:Nothing:patient:code=x", &codes::BAD_HAS),
        ("Encounter", "_has:Observation:patient:code=x", &codes::BAD_HAS),
        ("Patient", "_has:Observation:code:code=x", &codes::NOT_A_LINK),
        ("Patient", "_has:Observation:nothing:code=x", &codes::UNKNOWN_PARAMETER),
        ("Patient", "_has:Observation:patient:=x", &codes::UNKNOWN_PARAMETER),
        ("Patient", "_has=x", &codes::NOT_OFFERED),
    ] {
        assert_eq!(refusal(of, text), code.id, "{text}");
    }
}

fn included(of: &str, text: &str) -> Include {
    let query = search(of, text).unwrap();
    query.include.into_iter().chain(query.revinclude).next().unwrap()
}

#[test]
fn includes_follow_references_forwards_and_backwards() {
    let include = |source: &str, params: &[&'static str], target: Option<&str>, iterate: bool| Include {
        source: kind(source),
        params: params.to_vec(),
        target: target.map(kind),
        iterate,
    };
    for (of, text, expected) in [
        (
            "Observation",
            "_include=Observation:subject",
            include("Observation", &["Observation.subject"], None, false),
        ),
        (
            "Observation",
            "_include=Observation:patient",
            include("Observation", &["Observation.subject"], Some("Patient"), false),
        ),
        (
            "Observation",
            "_include=Observation:subject:Group",
            include("Observation", &["Observation.subject"], Some("Group"), false),
        ),
        ("Observation", "_include:iterate=Patient:link", include("Patient", &["Patient.link"], None, true)),
        ("Observation", "_include:recurse=Patient:link", include("Patient", &["Patient.link"], None, true)),
        (
            "Patient",
            "_revinclude=Observation:patient",
            include("Observation", &["Observation.subject"], Some("Patient"), false),
        ),
        (
            "Patient",
            "_revinclude=Provenance:target",
            include("Provenance", &["Provenance.target"], None, false),
        ),
    ] {
        assert_eq!(included(of, text), expected, "{text}");
    }
    let all = included("Patient", "_include=*");
    assert_eq!(all.params, ["Patient.general-practitioner", "Patient.link", "Patient.organization"]);
    assert_eq!(included("Patient", "_include=Patient:*"), all);
    assert_eq!(included("Observation", "_revinclude=Patient:*").source, kind("Patient"));
}

#[test]
fn includes_that_cannot_be_followed_are_refused() {
    for (text, code) in [
        ("_include=Patient:link", &codes::BAD_INCLUDE),
        ("_include=Observation", &codes::BAD_INCLUDE),
        ("_include=Nothing:subject", &codes::BAD_INCLUDE),
        ("_include=Observation:patient:Group", &codes::BAD_INCLUDE),
        ("_include=Observation:subject:Nothing", &codes::BAD_INCLUDE),
        ("_include=Observation:subject:Group:x", &codes::BAD_INCLUDE),
        ("_include=", &codes::BAD_INCLUDE),
        ("_revinclude=*", &codes::BAD_INCLUDE),
        ("_include=Observation:nothing", &codes::UNKNOWN_PARAMETER),
        ("_include=Observation:code", &codes::NOT_A_LINK),
        ("_include:nothing=Observation:subject", &codes::MODIFIER),
    ] {
        assert_eq!(refusal("Observation", text), code.id, "{text}");
    }
}

#[test]
fn a_kept_reference_leads_back_to_its_record() {
    for value in references_to("Patient", "p.1", BASE) {
        let (found, id) = referenced(&value, BASE).unwrap();
        assert_eq!((found, id.as_str()), (kind("Patient"), "p.1"));
    }
    for value in [
        "\u{2}https://other.example/Patient/1",
        "\u{2}urn:uuid:1",
        "\u{1}Nothing/1",
        "\u{1}Patient/a b",
        "\u{3}1\0",
        "",
        "\u{1}",
    ] {
        assert_eq!(referenced(value.as_bytes(), BASE), None, "{value}");
    }
    assert_eq!(referenced(format!("\u{2}{BASE}x/Patient/1").as_bytes(), BASE), None);
}

#[test]
fn chains_through_links_to_any_type_are_bounded() {
    assert!(search("Basic", "subject._id=x").is_ok());
    assert!(search("Basic", "subject.subject._id=x").is_ok());
    assert_eq!(refusal("Basic", "subject.subject.subject._id=x"), codes::CHAIN_TOO_WIDE.id);
    assert_eq!(refusal("Basic", &["subject._id=x"; 8].join("&")), codes::CHAIN_TOO_WIDE.id);
    assert!(search("Basic", "subject:Basic.subject:Basic.subject._id=x").is_ok());
}
