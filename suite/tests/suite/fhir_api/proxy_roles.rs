//! Random sequences of calls by people and machines of all kinds, over HTTP, against a small model of who may do what to
//! which state: no other step is ever taken, and the journal verifies.

use super::proxy::{enter, staff};
use super::states::{act, observation, reason, state, with};
use base::{Entropy, SeededEntropy};
use serde_json::{Value, json};
use testkit::{Client, Clinic, Member, ROLES};

/// Calls that are made.
const CALLS: usize = 260;

/// Who calls. The doctors and the nurse may finalise Observations.
const CALLERS: [&str; 6] = ["clerk", "doctor", "other", "nurse", "device", "service"];

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    Draft,
    Final,
    Enter,
    Delete,
    Finalize,
    Approve,
    Return,
    Assign,
    Amend,
    Withdraw,
    Cosign,
}

const ASKS: [Ask; 14] = [
    Ask::Draft,
    Ask::Final,
    Ask::Enter,
    Ask::Enter,
    Ask::Delete,
    Ask::Finalize,
    Ask::Approve,
    Ask::Approve,
    Ask::Return,
    Ask::Assign,
    Ask::Amend,
    Ask::Withdraw,
    Ask::Cosign,
    Ask::Cosign,
];

/// What the record is, as the model has it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Model {
    is: &'static str,
    responsible: Option<&'static str>,
    entered: Option<&'static str>,
    cosigned: Vec<&'static str>,
}

const NOTHING: Model = Model { is: "nothing", responsible: None, entered: None, cosigned: Vec::new() };

fn vouches(who: &str) -> bool {
    ["doctor", "other", "nurse"].contains(&who)
}

impl Model {
    fn of(is: &'static str, responsible: Option<&'static str>) -> Self {
        Self { is, responsible, ..NOTHING }
    }

    /// What becomes of it; none where it must be refused. `named` is who is to answer for it.
    fn after(&self, ask: Ask, who: &'static str, named: &'static str) -> Option<Self> {
        let (nothing, draft) = (self.is_nothing(), self.is == "draft");
        let proxy = draft && self.entered.is_some();
        let settled = ["final", "amended"].contains(&self.is);
        let mine = self.responsible == Some(who);
        let person = vouches(who) || who == "clerk";
        let became = match ask {
            // A device creates, and updates nothing: also not what is deleted.
            Ask::Draft if who == "device" && self.is != "nothing" => return None,
            // Machines answer for nothing.
            Ask::Draft if nothing && who != "clerk" => Self::of("draft", vouches(who).then_some(who)),
            Ask::Draft if draft => self.clone(),
            Ask::Final | Ask::Finalize if vouches(who) && draft && !proxy => Self::of("final", Some(who)),
            Ask::Final if vouches(who) && nothing => Self::of("final", Some(who)),
            Ask::Enter if person && vouches(named) && who != named && nothing => {
                Self { entered: Some(who), ..Self::of("draft", Some(named)) }
            }
            Ask::Enter if proxy && self.entered == Some(who) && self.responsible == Some(named) => {
                self.clone()
            }
            Ask::Delete if draft => return self.deleted(who),
            Ask::Approve if proxy && mine => Self { is: "final", ..self.clone() },
            Ask::Return if proxy && mine => self.clone(),
            Ask::Assign if proxy && person && vouches(named) => {
                let another = self.responsible != Some(named) && self.entered != Some(named);
                return another.then(|| Self { responsible: Some(named), ..self.clone() });
            }
            Ask::Amend if settled && vouches(who) => Self::of("amended", Some(who)),
            Ask::Withdraw if vouches(who) && (settled || draft && !proxy || proxy && mine) => {
                Self::of("withdrawn", Some(who))
            }
            Ask::Cosign if settled && vouches(who) && !mine && !self.cosigned.contains(&who) => {
                let mut signed = self.clone();
                signed.cosigned.push(who);
                signed
            }
            _ => return None,
        };
        // A new content is signed by nobody.
        let cosigned = if ask == Ask::Cosign { became.cosigned } else { Vec::new() };
        Some(Self { cosigned, ..became })
    }

    /// Doctors and the service delete drafts; whom a draft was entered for is the only one to delete that.
    fn deleted(&self, who: &'static str) -> Option<Self> {
        let by_law = ["doctor", "other", "service"].contains(&who);
        let by_state = self.entered.is_none() || self.responsible == Some(who);
        (by_law && by_state).then(|| Self::of("deleted", None))
    }

    /// Whether no version of it stands.
    fn is_nothing(&self) -> bool {
        ["nothing", "deleted"].contains(&self.is)
    }

    fn said(&self) -> Value {
        let mut said = json!({ "is": self.is, "responsible": self.responsible, "entered": self.entered });
        said["cosigned"] = if self.cosigned.is_empty() { Value::Null } else { json!(self.cosigned) };
        said
    }
}

struct Draw(SeededEntropy);

impl Draw {
    fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 2];
        self.0.fill(&mut bytes).unwrap();
        usize::from(u16::from_le_bytes(bytes)) % bound
    }

    fn one<T: Copy>(&self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Mostly what can be done, so that records get far; also what cannot.
    fn call(&self, before: &Model) -> Call {
        let any = || Call {
            caller: self.below(CALLERS.len()),
            ask: self.one(&ASKS),
            named: self.one(&CALLERS[..4]),
        };
        let fits = |call: &Call| before.after(call.ask, CALLERS[call.caller], call.named).is_some();
        let fitting = (self.below(5) > 1).then(|| (0..20).map(|_| any()).find(fits)).flatten();
        fitting.unwrap_or_else(any)
    }
}

/// A call: who makes it, what for, and who is to answer for the record.
struct Call {
    caller: usize,
    ask: Ask,
    named: &'static str,
}

fn call(client: &Client, ask: Ask, id: &str, named: &str) -> u16 {
    let key = format!("Observation/{id}");
    let responsible = json!({ "name": "responsible", "valueString": named });
    let reply = match ask {
        Ask::Draft => client.put(&key, observation(id, "preliminary", "1")),
        Ask::Final => client.put(&key, observation(id, "final", "1")),
        Ask::Enter => enter(client, id, "1", named),
        Ask::Delete => client.delete(&key),
        Ask::Finalize => act(client, &key, "finalize", &[]),
        Ask::Approve => act(client, &key, "approve", &[]),
        Ask::Return => act(client, &key, "return", &[reason("x")]),
        Ask::Assign => act(client, &key, "assign", &[responsible, reason("x")]),
        Ask::Amend => act(client, &key, "amend", &[reason("x"), with(&observation(id, "amended", "2"))]),
        Ask::Withdraw => act(client, &key, "withdraw", &[reason("x")]),
        Ask::Cosign => act(client, &key, "cosign", &[]),
    };
    reply.status()
}

/// A client for each of [`CALLERS`], in their order.
fn callers(clinic: &Clinic) -> Vec<Client> {
    let device = ROLES.into_iter().find(|role| role.name == "device").unwrap();
    vec![
        staff(clinic, "clerk", "medical-clerk"),
        staff(clinic, "doctor", "doctor"),
        staff(clinic, "other", "doctor"),
        staff(clinic, "nurse", "nurse"),
        Member::join(clinic, "sakura", device, None).client(clinic, "sakura"),
        clinic.client(),
    ]
}

#[test]
fn no_sequence_of_calls_by_whomever_reaches_a_state_that_the_model_forbids() {
    let clinic = Clinic::start();
    let (clients, tester) = (callers(&clinic), clinic.client());
    tester.put("Patient/p", crate::material::patient(r#""id":"p""#)).expect(201);
    let draw = Draw(SeededEntropy::new(11));
    let (mut taken, mut refused, mut approved, mut signed) = (0, 0, 0, 0);
    // A record that is withdrawn ends: another takes its place.
    let mut records: Vec<(String, Model)> = (0..3).map(|number| (format!("r{number}"), NOTHING)).collect();
    for number in 0..CALLS {
        let place = draw.below(records.len());
        let (id, before) = records[place].clone();
        let Call { caller, ask, named } = draw.call(&before);
        let who = CALLERS[caller];
        let expected = before.after(ask, who, named);
        let status = call(&clients[caller], ask, &id, named);
        let what = format!("{number}: {before:?}, {ask:?} by {who} naming {named}: {status}");
        // To delete what is not there is no error; it makes no version.
        let nothing_to_delete = ask == Ask::Delete && before.is_nothing() && status == 204;
        assert_eq!(status < 300, expected.is_some() || nothing_to_delete, "{what}");
        assert!(status < 500, "{what}");
        let Some(after) = expected else {
            refused += 1;
            continue;
        };
        taken += 1;
        approved += usize::from(ask == Ask::Approve);
        signed += usize::from(ask == Ask::Cosign);
        if after.is_nothing() {
            records[place].1 = after;
            continue;
        }
        let said = state(&tester, &format!("Observation/{id}"));
        for (member, value) in after.said().as_object().unwrap() {
            assert_eq!(&said[member], value, "{what}: {member} of {said}");
        }
        let done = after.is == "withdrawn";
        records[place] = if done { (format!("n{number}"), NOTHING) } else { (id, after) };
    }
    assert!(
        taken > 60 && refused > 60 && approved > 2 && signed > 2,
        "{taken} {refused} {approved} {signed}"
    );
    clinic.verify().unwrap();
}
