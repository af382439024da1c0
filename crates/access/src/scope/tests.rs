//! Scopes: their forms, what they grant, and what lies within them.

use super::*;
use proptest::prelude::*;

fn scopes(text: &str) -> Scopes {
    Scopes::parse(text, Some("p1".to_owned())).unwrap()
}

fn ids(all: &[&str]) -> Vec<String> {
    all.iter().map(|&id| id.to_owned()).collect()
}

#[test]
fn what_is_no_scope_is_a_fault_that_names_it() {
    let unknown = [
        "patient/Observation",
        "patient/Observation.",
        "patient/Observation.x",
        "patient/Observation.sr",
        "patient/Observation.rr",
        "patient/Observation.Read",
        "patient/observation.r",
        "patient/Obser*.r",
        "patient/.r",
        "staff/Observation.r",
        "Patient/Observation.r",
        "patient/Observation.r.s",
        "profile",
        "launch/encounter",
        "openid\u{3000}fhirUser",
        "*/*.*",
        "patient/Observation.read,write",
    ];
    for text in unknown {
        let fault = Scopes::parse(&format!("openid {text}"), None).unwrap_err();
        assert_eq!((fault.scope.as_str(), fault.flaw), (text, ScopeFlaw::Unknown), "{text}");
    }
    let long = format!("user/A{}.r", "a".repeat(64));
    assert_eq!(Scopes::parse(&long, None).unwrap_err().flaw, ScopeFlaw::Unknown);
}

#[test]
fn a_scope_with_a_query_is_refused_and_not_widened() {
    let text = "patient/Observation.rs?category=laboratory";
    let fault = Scopes::parse(text, None).unwrap_err();
    assert_eq!(fault, ScopeFault { scope: text.to_owned(), flaw: ScopeFlaw::Query });
}

#[test]
fn reading_and_searching_are_two_rights() {
    let (read, search) = (scopes("user/Patient.r"), scopes("user/Patient.s"));
    let record = ids(&["p1"]);
    for action in [Action::READ, Action::VERSION_READ, Action::VALIDATE, Action::PROOF] {
        assert!(read.grant(action, "Patient", Some(&record)), "{}", action.name());
        assert!(!search.grant(action, "Patient", Some(&record)), "{}", action.name());
    }
    assert!(search.grant(Action::SEARCH, "Patient", None) && !read.grant(Action::SEARCH, "Patient", None));
    assert!(search.grant(Action::HISTORY, "Patient", None) && !read.grant(Action::HISTORY, "Patient", None));
    assert!(read.grant(Action::HISTORY, "Patient", Some(&record)));
    for action in [Action::EVERYTHING, Action::EXPORT] {
        assert!(!read.grant(action, "Patient", None) && !search.grant(action, "Patient", None));
        assert!(scopes("user/Patient.r user/*.s").grant(action, "Patient", None), "rights add up");
    }
}

#[test]
fn each_letter_grants_its_writes_only() {
    let writes = [
        ("c", Action::CREATE),
        ("u", Action::UPDATE),
        ("u", Action::PATCH),
        ("d", Action::DELETE),
        ("cu", Action::IMPORT),
    ];
    for (letters, action) in writes {
        for given in ["c", "u", "d", "cu", "cud", "rs"] {
            let all = letters.chars().all(|letter| given.contains(letter));
            let granted = scopes(&format!("user/Task.{given}")).grant(action, "Task", None);
            assert_eq!(granted, all, "{given} for {}", action.name());
            assert!(!scopes(&format!("user/Task.{given}")).grant(action, "Flag", None));
        }
    }
}

#[test]
fn the_words_of_v1_mean_what_the_specification_says() {
    for (v1, v2) in [("read", "rs"), ("write", "cud"), ("*", "cruds")] {
        let (old, new) = (scopes(&format!("user/*.{v1}")), scopes(&format!("user/*.{v2}")));
        for action in Action::ALL {
            assert_eq!(old.grant(*action, "Task", None), new.grant(*action, "Task", None), "{v1} {action:?}");
        }
        assert_eq!(old.to_string(), format!("user/*.{v1}"), "the app is told the words it used");
        assert!(new.narrow(&old).is_some() && old.narrow(&new).is_some());
    }
}

#[test]
fn scopes_of_a_patient_reach_the_records_of_that_patient_only() {
    let app = scopes("patient/*.rs");
    assert!(app.needs_patient());
    assert!(app.grant(Action::READ, "Observation", Some(&ids(&["p1"]))));
    assert!(app.grant(Action::READ, "Observation", Some(&ids(&["p0", "p1"]))));
    assert!(!app.grant(Action::READ, "Observation", Some(&ids(&["p2"]))));
    assert!(!app.grant(Action::READ, "Practitioner", Some(&[])));
    assert!(app.grant(Action::SEARCH, "Observation", None), "of some record");
    let nobody = app.about(None);
    assert!(!nobody.grant(Action::SEARCH, "Observation", None), "no patient, no record");
}

#[test]
fn each_kind_of_principal_has_its_own_scopes() {
    let all = |level: &str| scopes(&format!("{level}/*.cruds"));
    let granted = |scopes: &Scopes, who| scopes.grant_to(who, Action::READ, "Task", None);
    for (level, person, service) in [("patient", true, false), ("user", true, false), ("system", false, true)]
    {
        assert_eq!(granted(&all(level), WhoKind::Person), person, "{level}");
        assert_eq!(granted(&all(level), WhoKind::Service), service, "{level}");
        for nobody in [WhoKind::Device, WhoKind::Maintenance, WhoKind::System, WhoKind::Unknown] {
            assert!(!granted(&all(level), nobody), "{level}");
        }
    }
}

#[test]
fn no_scope_grants_commands_or_the_breaking_of_the_glass() {
    let all = scopes("patient/*.* user/*.* system/*.*");
    assert!(!all.grant(Action::command("account-create"), "Facility", None));
    assert!(!all.grant(Action::BREAK_GLASS, "Facility", None));
    for action in [Action::BUNDLE, Action::CHECK, Action::OWN, Action::CAPABILITIES, Action::LOGIN] {
        assert!(Scopes::default().grant(action, "Facility", None), "{}", action.name());
    }
}

#[test]
fn the_trail_and_the_journal_need_the_scope_for_access_entries() {
    let audit = scopes("system/AuditEvent.r");
    assert!(audit.grant(Action::AUDIT, "AuditEvent", None) && audit.grant(Action::LOG, "Facility", None));
    let other = scopes("system/Patient.cruds");
    assert!(!other.grant(Action::AUDIT, "AuditEvent", None) && !other.grant(Action::LOG, "Facility", None));
}

#[test]
fn scopes_beside_those_for_records_are_told_apart() {
    let scopes = scopes("openid fhirUser launch/patient offline_access openid");
    assert!(scopes.offline() && scopes.launch_patient() && scopes.identity() && !scopes.online());
    assert!(!scopes.needs_patient() && !scopes.grant(Action::READ, "Patient", None));
    assert_eq!(scopes.to_string(), "openid fhirUser launch/patient offline_access");
}

#[test]
fn a_refresh_may_ask_for_less_and_not_for_more() {
    let own = scopes("patient/*.rs user/Task.cu user/Task.r offline_access");
    for within in ["", "patient/Observation.r", "patient/*.s", "user/Task.cru", "offline_access user/Task.r"]
    {
        let asked = Scopes::parse(within, None).unwrap();
        let narrowed = own.narrow(&asked).unwrap();
        assert_eq!((narrowed.to_string().as_str(), narrowed.patient()), (within, Some("p1")));
    }
    for beyond in
        ["patient/Observation.c", "user/*.r", "user/Task.d", "user/Observation.r", "system/Task.r", "openid"]
    {
        assert_eq!(own.narrow(&Scopes::parse(beyond, None).unwrap()), None, "{beyond}");
    }
    assert_eq!(own.narrow(&scopes("patient/*.rs").about(Some("p2".to_owned()))), None);
}

#[test]
fn scopes_are_kept_as_text() {
    let scopes = scopes("launch patient/*.read user/Task.cr");
    let text = serde_json::to_string(&scopes).unwrap();
    assert_eq!(text, r#""launch patient/*.read user/Task.cr""#);
    let back: Scopes = serde_json::from_str(&text).unwrap();
    assert_eq!(back.about(Some("p1".to_owned())), scopes);
    serde_json::from_str::<Scopes>(r#""all""#).unwrap_err();
}

fn any_scopes() -> impl Strategy<Value = String> {
    let resource =
        ("(patient|user|system)/(\\*|Patient|Task)\\.(c?r?u?ds|cr?u?d?s?|c?ru?d?s?|read|write|\\*)")
            .prop_map(|text: String| text);
    let other = prop::sample::select(vec!["openid", "launch", "offline_access"]).prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![4 => resource, 1 => other], 0..5).prop_map(|all| all.join(" "))
}

proptest! {
    #[test]
    fn text_is_read_back_as_it_was(text in any_scopes()) {
        let scopes = scopes(&text);
        prop_assert_eq!(Scopes::parse(&scopes.to_string(), Some("p1".to_owned())).unwrap(), scopes);
    }

    /// What a part of some scopes grants, they grant themselves.
    #[test]
    fn what_is_narrower_never_grants_more(own in any_scopes(), asked in any_scopes(), action in 0..Action::ALL.len()) {
        let (own, asked) = (scopes(&own), scopes(&asked));
        let action = Action::ALL[action];
        for kind in ["Patient", "Task", "Flag"] {
            for patients in [None, Some(ids(&["p1"])), Some(ids(&["p2"]))] {
                let granted = |scopes: &Scopes| scopes.grant(action, kind, patients.as_deref());
                let both = Scopes::parse(&format!("{own} {asked}"), Some("p1".to_owned())).unwrap();
                prop_assert!(!granted(&own) || granted(&both), "more scopes grant more");
                if let Some(narrowed) = own.narrow(&asked) {
                    prop_assert!(!granted(&narrowed) || granted(&own));
                }
            }
        }
    }

    #[test]
    fn any_text_is_scopes_or_a_fault(text in "[a-zA-Z/.*?_ ]{0,40}") {
        if let Ok(scopes) = Scopes::parse(&text, None) {
            prop_assert!(Scopes::parse(&scopes.to_string(), None).is_ok());
        }
    }
}
