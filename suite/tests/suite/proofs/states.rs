//! Every step from every state, forged and signed: both verifiers take the same ones, and those are the ones of a table here.

use super::forge::{Forge, TIME};
use super::{LogCase, judge_logs};
use serde_json::{Value, json};

/// A state as an entry says it: is, act, responsible, entered, whether a Provenance tells of it.
type Said = (&'static str, &'static str, Option<&'static str>, Option<&'static str>, bool);

/// Entries of one record: who acts, and what the entry says.
type Entries = &'static [(&'static str, Option<Said>)];

/// Who acts in every last step.
const ME: &str = "me";
/// The system itself.
const SYSTEM: &str = "system";

/// What was before, by name: entries of one record, each with its actor and what it says.
const BEFORE: [(&str, Entries); 13] = [
    ("nothing", &[]),
    ("unmarked", &[("you", None)]),
    ("draft", &[("you", Some(("draft", "enter", Some("you"), None, false)))]),
    ("draft of a machine", &[("lab", Some(("draft", "enter", None, None, false)))]),
    ("draft entered for me", &[("you", Some(("draft", "enter", Some(ME), Some("you"), false)))]),
    ("draft entered for you", &[(ME, Some(("draft", "enter", Some("you"), Some(ME), false)))]),
    ("final", &[("you", Some(("final", "enter", Some("you"), None, false)))]),
    (
        "amended",
        &[
            ("you", Some(("final", "enter", Some("you"), None, false))),
            ("you", Some(("amended", "amend", Some("you"), None, true))),
        ],
    ),
    ("withdrawn", &[("x", Some(("withdrawn", "import", None, None, false)))]),
    ("final of mine", &[(ME, Some(("final", "enter", Some(ME), None, false)))]),
    (
        "final signed by her",
        &[
            ("you", Some(("final", "enter", Some("you"), None, false))),
            ("she", Some(("final", "cosign", Some("you"), None, true))),
        ],
    ),
    (
        "final signed by her and me",
        &[
            ("you", Some(("final", "enter", Some("you"), None, false))),
            ("she", Some(("final", "cosign", Some("you"), None, true))),
            (ME, Some(("final", "cosign", Some("you"), None, true))),
        ],
    ),
    (
        "approved",
        &[
            ("she", Some(("draft", "enter", Some("you"), Some("she"), true))),
            ("you", Some(("final", "approve", Some("you"), Some("she"), true))),
        ],
    ),
];

const STATES: [&str; 4] = ["draft", "final", "amended", "withdrawn"];
const ACTS: [&str; 13] = [
    "enter", "edit", "finalize", "approve", "return", "progress", "amend", "withdraw", "adopt", "import",
    "assign", "cosign", "lapse",
];
/// Who is responsible, and who entered it.
const ACCOUNTS: [(Option<&str>, Option<&str>); 8] = [
    (None, None),
    (Some(ME), None),
    (Some("you"), None),
    (Some("you"), Some(ME)),
    (Some(ME), Some("you")),
    (Some("she"), Some(ME)),
    (Some("she"), Some("you")),
    (Some("you"), Some("she")),
];

/// What may follow. For each: before, is, act, accounts, whether a Provenance tells of it (both ways where it may).
fn lawful() -> Vec<(&'static str, Said)> {
    let (none, mine, yours) = ((None, None), (Some(ME), None), (Some("you"), None));
    let (for_you, for_me, for_her) =
        ((Some("you"), Some(ME)), (Some(ME), Some("you")), (Some("she"), Some(ME)));
    let mut all = Vec::new();
    let mut may = |before, is, act, (responsible, entered), told: &[bool]| {
        all.extend(told.iter().map(|told| (before, (is, act, responsible, entered, *told))));
    };
    for (before, act) in [("nothing", "enter"), ("unmarked", "adopt")] {
        for accounts in [none, mine] {
            may(before, "draft", act, accounts, &[false]);
        }
        for accounts in [for_you, for_her] {
            may(before, "draft", act, accounts, &[true, false]);
        }
        may(before, "final", act, mine, &[false]);
    }
    for is in ["amended", "withdrawn"] {
        may("unmarked", is, "adopt", mine, &[false]);
    }
    for (before, accounts, told) in [
        ("draft", yours, &[false][..]),
        ("draft of a machine", none, &[false]),
        ("draft entered for me", for_me, &[true, false]),
        ("draft entered for you", for_you, &[true, false]),
    ] {
        may(before, "draft", "edit", accounts, told);
    }
    may("draft entered for me", "draft", "assign", (Some("she"), Some("you")), &[true]);
    may("draft entered for you", "draft", "assign", for_her, &[true]);
    for before in ["unmarked", "draft", "draft of a machine"] {
        may(before, "final", "finalize", mine, &[true, false]);
        may(before, "withdrawn", "withdraw", mine, &[true]);
    }
    may("draft entered for me", "final", "approve", for_me, &[true, false]);
    may("draft entered for me", "draft", "return", for_me, &[true]);
    may("draft entered for me", "withdrawn", "withdraw", mine, &[true]);
    for before in ["final", "final signed by her"] {
        may(before, "final", "cosign", yours, &[true]);
    }
    for (before, is, accounts) in [
        ("final", "final", yours),
        ("amended", "amended", yours),
        ("final of mine", "final", mine),
        ("final signed by her", "final", yours),
        ("final signed by her and me", "final", yours),
        ("approved", "final", (Some("you"), Some("she"))),
    ] {
        may(before, is, "progress", accounts, &[false]);
    }
    may("amended", "amended", "cosign", yours, &[true]);
    may("approved", "final", "cosign", (Some("you"), Some("she")), &[true]);
    for before in
        ["final", "amended", "final of mine", "final signed by her", "final signed by her and me", "approved"]
    {
        may(before, "amended", "amend", mine, &[true]);
        may(before, "withdrawn", "withdraw", mine, &[true]);
        may(before, "amended", "import", none, &[false]);
        may(before, "withdrawn", "import", none, &[false]);
    }
    for before in ["nothing", "unmarked", "draft", "draft of a machine"] {
        for is in STATES {
            may(before, is, "import", none, &[false]);
        }
    }
    all
}

/// An entry of the record, or of the Provenance beside it.
fn entry(
    kind: &str,
    (record, id): (&str, &str),
    version: usize,
    actor: &str,
    state: Option<Value>,
) -> Vec<u8> {
    let mut entry = json!({
        "v": 1, "kind": kind, "time": TIME,
        "actor": { "kind": if actor == SYSTEM { "system" } else { "person" }, "id": actor },
        "subject": { "type": record, "id": id, "version": version },
    });
    if kind != "record.delete" {
        entry["digest"] = json!("00".repeat(32));
    }
    if let Some(state) = state {
        entry["state"] = state;
    }
    entry.to_string().into_bytes()
}

fn state((is, act, responsible, entered, told): Said, provenance: &str) -> Value {
    let mut state = json!({ "is": is, "act": act });
    for (name, value) in
        [("responsible", responsible), ("entered", entered), ("provenance", told.then_some(provenance))]
    {
        if let Some(value) = value {
            state[name] = json!(value);
        }
    }
    state
}

/// One record's history in a journal.
struct Script {
    forge: Forge,
    version: usize,
    /// Who has signed what stands.
    cosigned: Vec<String>,
}

impl Script {
    fn after(before: Entries) -> Self {
        let mut script = Self { forge: Forge::new(), version: 0, cosigned: Vec::new() };
        for (actor, said) in before {
            script.put(actor, *said);
        }
        script
    }

    fn put(&mut self, actor: &str, said: Option<Said>) {
        self.version += 1;
        let kind = if self.version == 1 { "record.create" } else { "record.update" };
        let provenance = format!("p{}", self.version);
        let told = said.is_some_and(|said| said.4);
        match said {
            Some((_, "cosign", ..)) => self.cosigned.push(actor.to_owned()),
            _ => self.cosigned.clear(),
        }
        let mut state = said.map(|said| state(said, &provenance));
        if let Some(state) = state.as_mut().filter(|_| !self.cosigned.is_empty()) {
            state["cosigned"] = json!(self.cosigned);
        }
        self.forge.entries.push(entry(kind, ("Observation", "o"), self.version, actor, state));
        if told {
            let state = json!({ "is": "final", "act": "enter", "responsible": actor });
            self.forge.entries.push(entry(
                "record.create",
                ("Provenance", &provenance),
                1,
                actor,
                Some(state),
            ));
        }
    }

    fn delete(&mut self, actor: &str) {
        self.version += 1;
        self.forge.entries.push(entry("record.delete", ("Observation", "o"), self.version, actor, None));
    }
}

/// Journals with names, judged by both verifiers; whether each is good.
fn judged(scripts: Vec<(String, Script)>) -> Vec<(String, bool)> {
    let folder = tempfile::tempdir().unwrap();
    let cases: Vec<LogCase> = scripts
        .iter()
        .enumerate()
        .map(|(number, (name, script))| {
            let place = folder.path().join(number.to_string());
            script.forge.save(&place);
            LogCase::new(name.clone(), place)
        })
        .collect();
    let found = judge_logs(&cases);
    scripts.into_iter().zip(found).map(|((name, _), found)| (name, found.is_ok())).collect()
}

/// What is tried after something: each act with each state; where somebody may do it, by all accounts, told and not.
fn tries(lawful: &[(&str, Said)], before: &str) -> Vec<Said> {
    let steps = ACTS.into_iter().flat_map(|act| STATES.map(|is| (is, act)));
    let mut tries = Vec::new();
    for (is, act) in steps {
        if !lawful.iter().any(|(of, said)| (*of, said.0, said.1) == (before, is, act)) {
            tries.extend([false, true].map(|told| (is, act, Some(ME), None, told)));
            tries.push((is, act, None, None, false));
            continue;
        }
        for (responsible, entered) in ACCOUNTS {
            tries.extend([false, true].map(|told| (is, act, responsible, entered, told)));
        }
    }
    tries
}

#[test]
fn of_all_steps_both_verifiers_take_those_of_the_table_and_no_others() {
    let lawful = lawful();
    let mut scripts = Vec::new();
    let mut expected = Vec::new();
    for (name, before) in BEFORE {
        for said in tries(&lawful, name) {
            let mut script = Script::after(before);
            script.put(ME, Some(said));
            scripts.push((format!("{name}, then {said:?}"), script));
            expected.push(lawful.contains(&(name, said)));
        }
    }
    let found = judged(scripts);
    let good = expected.iter().filter(|good| **good).count();
    assert_eq!(good, lawful.len(), "each line of the table is tried");
    let differing: Vec<&String> = found
        .iter()
        .zip(expected)
        .filter(|((_, found), wanted)| found != wanted)
        .map(|((name, _), _)| name)
        .collect();
    assert!(differing.is_empty(), "{differing:#?}");
}

#[test]
fn the_system_alone_finalises_by_a_deadline_and_only_what_its_author_answers_for() {
    let mut scripts = Vec::new();
    let mut expected = Vec::new();
    for (name, before) in BEFORE {
        for (responsible, entered) in
            [(None, None), (Some("you"), None), (Some(SYSTEM), None), (Some("you"), Some(ME))]
        {
            for (is, told) in [("final", true), ("final", false), ("draft", true), ("amended", true)] {
                let said = (is, "lapse", responsible, entered, told);
                let mut script = Script::after(before);
                script.put(SYSTEM, Some(said));
                scripts.push((format!("{name}, then {said:?}"), script));
                let good = (is, responsible, entered, told) == ("final", Some("you"), None, true);
                expected.push(name == "draft" && good);
            }
        }
    }
    assert_eq!(expected.iter().filter(|good| **good).count(), 1);
    let found = judged(scripts);
    let wanted: Vec<(String, bool)> = found.iter().map(|(name, _)| name.clone()).zip(expected).collect();
    assert_eq!(found, wanted);
}

#[test]
fn a_deletion_and_a_version_without_a_state_follow_only_where_nothing_is_lost() {
    let mut scripts = Vec::new();
    let mut expected = Vec::new();
    for (name, before) in BEFORE.into_iter().filter(|(name, _)| *name != "nothing") {
        let mut silent = Script::after(before);
        silent.put(ME, None);
        scripts.push((format!("{name}, then a version without a state"), silent));
        expected.push(name == "unmarked");
        let mut deleted = Script::after(before);
        deleted.delete(ME);
        scripts.push((format!("{name}, then a deletion"), deleted));
        expected.push(["unmarked", "draft", "draft of a machine", "draft entered for me"].contains(&name));
    }
    let found: Vec<(String, bool)> = judged(scripts);
    let wanted: Vec<(String, bool)> = found.iter().map(|(name, _)| name.clone()).zip(expected).collect();
    assert_eq!(found, wanted);
}

#[test]
fn those_who_have_signed_are_those_before_and_who_signs_each_once() {
    let lists = [
        (json!(["she", ME]), true),
        (json!([ME]), false),
        (json!(["she"]), false),
        (json!([ME, "she"]), false),
        (json!(["she", "you"]), false),
        (json!(["she", "he", ME]), false),
        (json!(["she", ME, ME]), false),
        (json!([]), false),
        (json!(null), false),
        (json!(["she", 7, ME]), false),
        (json!(["", ME]), false),
        (json!("she"), false),
    ];
    let mut scripts = Vec::new();
    for (list, _) in &lists {
        let mut script = Script::after(BEFORE[10].1);
        script.put(ME, Some(("final", "cosign", Some("you"), None, true)));
        let told = script.forge.entries.pop().unwrap();
        let entry = String::from_utf8(script.forge.entries.pop().unwrap()).unwrap();
        let mut entry: Value = serde_json::from_str(&entry).unwrap();
        entry["state"]["cosigned"] = list.clone();
        script.forge.entries.extend([entry.to_string().into_bytes(), told]);
        scripts.push((list.to_string(), script));
    }
    // A signature of what was signed before does not sign what is amended.
    let mut amended = Script::after(BEFORE[10].1);
    amended.put(ME, Some(("amended", "amend", Some(ME), None, true)));
    amended.put("she", Some(("amended", "cosign", Some(ME), None, true)));
    scripts.push(("amended, then signed anew".to_owned(), amended));
    let found: Vec<bool> = judged(scripts).into_iter().map(|(_, good)| good).collect();
    let wanted: Vec<bool> = lists.iter().map(|(_, good)| *good).chain([true]).collect();
    assert_eq!(found, wanted);
}

#[test]
fn a_provenance_that_is_named_must_follow_directly_and_be_the_one_named() {
    let amended = || {
        let mut script = Script::after(BEFORE[7].1);
        let provenance = script.forge.entries.pop().unwrap();
        (script, String::from_utf8(provenance).unwrap())
    };
    let with = |change: &dyn Fn(&mut Script, String)| {
        let (mut script, provenance) = amended();
        change(&mut script, provenance);
        script
    };
    let push = |script: &mut Script, text: String| script.forge.entries.push(text.into_bytes());
    let another = || String::from_utf8(entry("record.create", ("Observation", "z"), 1, ME, None)).unwrap();
    let scripts = vec![
        ("as it should be", with(&|script, text| push(script, text))),
        ("missing", with(&|_, _| ())),
        ("another id", with(&|script, text| push(script, text.replace("\"p2\"", "\"p3\"")))),
        ("another type", with(&|script, text| push(script, text.replace("Provenance", "Basic")))),
        (
            "something in between",
            with(&|script, text| {
                push(script, another());
                push(script, text);
            }),
        ),
    ];
    let named = scripts.into_iter().map(|(name, script)| (name.to_owned(), script)).collect();
    let good: Vec<bool> = judged(named).into_iter().map(|(_, good)| good).collect();
    assert_eq!(good, [true, false, false, false, false]);
}

#[test]
fn a_malformed_state_is_refused_by_both() {
    let good = json!({ "is": "draft", "act": "enter", "responsible": ME });
    let mut bad = vec![json!(null), json!("draft"), json!([]), json!({})];
    for (member, value) in [
        ("is", json!("done")),
        ("is", json!(null)),
        ("act", json!("burn")),
        ("act", json!(7)),
        ("responsible", json!("")),
        ("responsible", json!(null)),
        ("entered", json!(["x"])),
        ("provenance", json!("a/b")),
        ("provenance", json!("")),
        ("cosigned", json!([ME])),
        ("cosigned", json!([])),
        ("cosigned", json!(null)),
    ] {
        let mut state = good.clone();
        state[member] = value;
        bad.push(state);
    }
    let mut scripts: Vec<(String, Script)> = bad
        .into_iter()
        .map(|state| {
            let mut script = Script::after(&[]);
            let name = state.to_string();
            script.forge.entries.push(entry("record.create", ("Observation", "o"), 1, ME, Some(state)));
            (name, script)
        })
        .collect();
    let mut wider = good.clone();
    wider["colour"] = json!("red");
    for (name, kind, state) in [("deleted", "record.delete", good.clone()), ("wider", "record.create", wider)]
    {
        let mut script = Script::after(if kind == "record.delete" { BEFORE[1].1 } else { &[] });
        let version = script.version + 1;
        script.forge.entries.push(entry(kind, ("Observation", "o"), version, ME, Some(state)));
        scripts.push((name.to_owned(), script));
    }
    let found = judged(scripts);
    let taken: Vec<&String> = found.iter().filter(|(_, good)| *good).map(|(name, _)| name).collect();
    assert_eq!(taken, ["wider"], "members of later versions are passed over");
}
