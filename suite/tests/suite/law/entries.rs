//! One access entry for each request: every route with every outcome, there when the answer comes.

use super::asks::{About, changes, good, merged, settles, small, unites};
use super::expect;
use crate::material::naming;
use access::{Decided, Ended};
use http::Method;
use server::{BodyKind, Bounds, Caller, IdentityCall, Interaction, Parameters, ROUTES, Route};
use std::time::Duration;
use store::Accessed;
use testkit::{Ask, Client, Clinic, Member, Plan, ROLES};

/// How often it is looked for the entry of a request that nobody waits for.
const LOOKS: u32 = 1_000;
/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// Everything that leaves an entry.
fn rows() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|row| row.interaction != Interaction::Health)
}

/// A clinic with what its requests are about, and those who ask.
struct Scene {
    clinic: Clinic,
    asked: u32,
}

impl Scene {
    fn new(bounds: Bounds) -> Self {
        let clinic = Clinic::with(Plan { bounds, ..Plan::default() });
        let tester = clinic.client();
        tester.put("Patient/p", small("Patient", "p")).expect(201);
        Self { clinic, asked: 0 }
    }

    fn member(&self, name: &str) -> Client {
        let role = ROLES.into_iter().find(|one| one.name == name).unwrap();
        let member = Member::join(&self.clinic, "sakura", role, None);
        self.clinic.pass_seconds(31);
        member.client(&self.clinic, "sakura")
    }

    /// A name for a request that no other has.
    fn name(&mut self) -> String {
        self.asked += 1;
        format!("law-{}", self.asked)
    }

    /// Sends it; what the journal says of it at the moment the answer is here. There must be one entry, and its parts.
    fn sent(&mut self, ask: Ask<'_>, what: &str) -> (u16, Accessed) {
        let name = self.name();
        let reply = ask.field("x-request-id", &name).send();
        assert_eq!(reply.field("x-request-id"), name, "{what}");
        let (entry, parts) = self.only(&name, what);
        for (number, part) in parts.iter().enumerate() {
            assert_eq!(part.access.part, u32::try_from(number).ok(), "{what}");
        }
        (reply.status(), entry)
    }

    /// The one entry of a request, and its parts.
    fn only(&self, name: &str, what: &str) -> (Accessed, Vec<Accessed>) {
        let mut found = self.clinic.accesses_by(name);
        let parts = found.split_off(found.iter().take_while(|one| one.access.part.is_none()).count());
        assert_eq!(found.len(), 1, "{what}: {found:?}");
        (found.remove(0), parts)
    }

    /// The same for a request that nobody waited for.
    fn left(&self, name: &str, what: &str) -> Accessed {
        for _ in 0..LOOKS {
            if !self.clinic.accesses_by(name).is_empty() {
                return self.only(name, what).0;
            }
            std::thread::park_timeout(PAUSE);
        }
        panic!("{what}: no entry")
    }
}

/// What a request of a row is about: a record of its own where it is changed by it.
fn about<'a>(row: &Route, id: &'a str) -> About<'a> {
    let id = match row.interaction {
        Interaction::Identity(IdentityCall::Admin) => "facts",
        Interaction::Identity(_) => "nothing",
        _ => id,
    };
    let kind = if settles(row) { "Observation" } else { "Patient" };
    About { facility: "sakura", kind, id }
}

fn said(entry: &Accessed) -> String {
    let access = &entry.access;
    let decided = match access.decided {
        Decided::Not => "not-asked",
        Decided::Permitted => "permitted",
        Decided::Refused => "refused",
    };
    let ended = match access.ended {
        Ended::Answered => "answered",
        Ended::TimedOut => "timed-out",
        Ended::Abandoned => "abandoned",
    };
    let action = if access.action.is_empty() { "-" } else { &access.action };
    let code = access.code.as_deref().unwrap_or("-");
    let patients = if access.patients.is_empty() { "none" } else { "named" };
    format!(
        "{:<13} {decided:<9} {:<3} {code:<7} {ended:<9} {:<7} {patients}",
        action,
        access.status,
        kind(entry)
    )
}

fn kind(entry: &Accessed) -> String {
    let kind = serde_json::to_value(entry.actor.kind).unwrap();
    kind.as_str().unwrap().to_owned()
}

/// What holds of every entry.
fn expect_sound(row: &Route, entry: &Accessed, what: &str) {
    let access = &entry.access;
    assert_eq!(access.v, 1, "{what}");
    assert_eq!(access.route, format!("{} {}", row.method, row.path), "{what}");
    assert!(access.who.address.is_some(), "{what}: it says from where");
    // Pages for people, and answers in the form of OAuth, have no code of ours.
    let page = matches!(
        row.interaction,
        Interaction::Identity(
            IdentityCall::InvitationPage | IdentityCall::InvitationForm | IdentityCall::OAuth(_)
        )
    );
    assert!(page || (access.status >= 400) == access.code.is_some(), "{what}: {access:?}");
    assert_eq!(
        access.decided == Decided::Not,
        access.policies.is_empty() && access.decided != Decided::Refused,
        "{what}: {access:?}"
    );
    assert!(access.decided == Decided::Not || !access.action.is_empty(), "{what}: {access:?}");
}

/// A request with something wrong in it that is no matter of the law.
fn wrong<'c>(client: &'c Client, row: &Route) -> Ask<'c> {
    let path = row.path.replace("{facility}", "sakura").replace("{type}", "Patient").replace("{id}", "p");
    let path = path.replace("{inner}", "Observation").replace("{version}", "0").replace("{*path}", "..");
    match (row.body, row.parameters) {
        (BodyKind::None, Parameters::Content) => {
            client.ask(row.method.clone(), &format!("{path}?_count=x&nothing=1"))
        }
        (BodyKind::None, _) => client.ask(row.method.clone(), &format!("{path}?nothing=1")),
        _ => client.ask(row.method.clone(), &path).body("text/plain", "x"),
    }
}

const HEAD: &str = "\
# What the journal says of each request: every route with every outcome. Made by the test `law::entries`; read it as a diff.
# Each line stands for exactly one access entry, found in the journal when the answer had come (or had been given up).
#   good: asked as it should be. wrong: something in it is wrong. stranger: without a login. refused: by staff whose
#   occupation permits nothing, and for commands by somebody without a duty. absent: an id that is not there.
#   left: the client was gone before it had sent all. late: its time was over.
";

#[test]
fn every_route_leaves_one_entry_whatever_the_outcome() {
    let mut scene = Scene::new(Bounds::default());
    let (tester, operator, other) = (scene.clinic.client(), scene.member("operator"), scene.member("other"));
    let (doctor, nurse) = (scene.member("doctor"), scene.member("nurse"));
    scene.member("therapist");
    merged(&tester, &doctor);
    let stranger = scene.clinic.stranger();
    let mut lines = Vec::new();
    // Logging out comes last: nobody can go on after it.
    let mut all: Vec<&Route> = rows().collect();
    all.sort_by_key(|row| row.interaction == Interaction::Identity(IdentityCall::Logout));
    for row in all {
        // A connection that was not used for a while is closed by the server.
        [&tester, &operator, &other, &doctor, &nurse, &stranger].into_iter().for_each(Client::hang_up);
        let of_identities = matches!(row.interaction, Interaction::Identity(_));
        let caller = match of_identities {
            true => &operator,
            // A service writes drafts: it settles nothing, and merges nobody.
            false if settles(row) || unites(row) => &doctor,
            false => &tester,
        };
        if settles(row) {
            tester.put("Observation/w", small("Observation", "w"));
        }
        if changes(row) {
            tester.put("Patient/w", small("Patient", "w"));
        }
        let colleague = left_by_a_colleague(&nurse, row, lines.len());
        let id = colleague.as_deref().unwrap_or(if changes(row) || settles(row) { "w" } else { "p" });
        let needs = matches!(row.caller, Caller::Required | Caller::Fresh);
        let absent = format!("none-{}", lines.len());
        let mut tries = vec![("wrong", wrong(caller, row))];
        if needs {
            tries.push(("stranger", good(&stranger, row, about(row, id))));
            tries.push(("refused", good(&other, row, about(row, id))));
        }
        if row.path.contains("{id}") && !of_identities {
            tries.push(("absent", good(caller, row, about(row, &absent))));
        }
        tries.push(("good", good(caller, row, about(row, id))));
        for (outcome, ask) in tries {
            let what = format!("{} {} {outcome}", row.method, row.path);
            let (status, entry) = scene.sent(ask, &what);
            assert_eq!(entry.access.status, status, "{what}");
            assert_eq!(entry.access.ended, Ended::Answered, "{what}");
            expect_sound(row, &entry, &what);
            lines.push(line(row, outcome, &entry));
        }
    }
    lines.extend(left_and_late());
    lines.sort();
    expect("audit-matrix.txt", &format!("{HEAD}{}\n", lines.join("\n")));
}

/// What a row needs that is about the record of a colleague: a draft that they entered for the doctor, or a final one of
/// theirs. Its id.
fn left_by_a_colleague(nurse: &Client, row: &Route, number: usize) -> Option<String> {
    use Interaction::{Approve, Assign, Cosign, Return};
    let id = format!("w-{number}");
    let (key, draft) = (format!("Observation/{id}"), small("Observation", &id));
    match row.interaction {
        Approve | Return => {
            nurse.ask(Method::PUT, &key).resource(draft).field("x-provenance", &naming("doctor"))
        }
        Assign => nurse.ask(Method::PUT, &key).resource(draft).field("x-provenance", &naming("therapist")),
        Cosign => nurse.ask(Method::PUT, &key).resource(draft.replace("preliminary", "final")),
        _ => return None,
    }
    .send()
    .expect(201);
    Some(id)
}

fn line(row: &Route, outcome: &str, entry: &Accessed) -> String {
    format!("{:<44} {outcome:<8} {}", place(row), said(entry))
}

fn place(row: &Route) -> String {
    format!("{} {}", row.path.trim_start_matches("/f/{facility}/"), row.method)
}

/// Requests whose body never comes: the client leaves, or the time is over.
fn left_and_late() -> Vec<String> {
    let mut lines = Vec::new();
    let bounds = Bounds { request: Duration::from_millis(700), ..Bounds::default() };
    let mut scene = Scene::new(bounds);
    let (tester, operator) = (scene.clinic.client(), scene.member("operator"));
    for row in rows().filter(|row| row.body != BodyKind::None) {
        [&tester, &operator].into_iter().for_each(Client::hang_up);
        let caller = if matches!(row.interaction, Interaction::Identity(_)) { &operator } else { &tester };
        for outcome in ["left", "late"] {
            let name = scene.name();
            let what = format!("{} {} {outcome}", row.method, row.path);
            let ask = good(caller, row, about(row, "p")).announcing(50_000).field("x-request-id", &name);
            let entry = if outcome == "left" {
                ask.send_and_leave(Duration::from_millis(150));
                scene.left(&name, &what)
            } else {
                assert_eq!(ask.send().refusal(), (503, "SV-0007".to_owned()), "{what}");
                scene.only(&name, &what).0
            };
            if outcome == "left" {
                // It is found out at the body that ends too soon, or at the connection.
                let known = entry.access.ended == Ended::Abandoned || entry.access.status >= 400;
                assert!(known && entry.access.touched.is_empty(), "{what}: {entry:?}");
                lines.push(format!("{:<44} left     one entry", place(row)));
            } else {
                expect_sound(row, &entry, &what);
                lines.push(line(row, outcome, &entry));
            }
        }
    }
    lines
}

#[test]
fn a_client_that_leaves_at_any_moment_leaves_one_entry() {
    let mut scene = Scene::new(Bounds::default());
    let client = scene.clinic.client();
    let mut names = Vec::new();
    for after in 0..60 {
        for row in rows().filter(|row| {
            [Interaction::Read, Interaction::Search, Interaction::Create, Interaction::Bundle]
                .contains(&row.interaction)
        }) {
            let name = scene.name();
            // The handshake takes a few milliseconds.
            good(&client, row, about(row, "p"))
                .field("x-request-id", &name)
                .send_and_leave(Duration::from_micros(2_000 + after * 300));
            names.push((name, row.interaction));
        }
    }
    // All have been answered or given up by then, or have never come.
    std::thread::park_timeout(PAUSE * 50);
    let all = scene.clinic.accesses();
    let mut reached = 0;
    for (name, what) in names {
        let found = all.iter().filter(|one| one.access.request == name && one.access.part.is_none()).count();
        // One that left before its request had come asked nothing.
        assert!(found <= 1, "{name} {what:?}: {found}");
        reached += found;
    }
    assert!(reached > 10, "some have come so far: {reached}");
    assert_eq!(client.get("Patient/p").status(), 200);
}

#[test]
fn each_entry_of_a_bundle_has_its_own() {
    let mut scene = Scene::new(Bounds::default());
    let client = scene.clinic.client();
    for kind in ["batch", "transaction"] {
        let entries = [
            crate::material::asks("GET", "Patient/p"),
            crate::material::writes("POST", "Patient", &small("Patient", "")),
            crate::material::asks("GET", "Patient?_id=p"),
        ];
        let name = scene.name();
        let ask = client.ask(Method::POST, "").resource(crate::material::bundle(kind, &entries));
        ask.field("x-request-id", &name).send().expect(200);
        let (whole, parts) = scene.only(&name, kind);
        assert_eq!(whole.access.action, "bundle", "{kind}: {whole:?} {parts:?}");
        let actions: Vec<&str> = parts.iter().map(|part| part.access.action.as_str()).collect();
        let numbers: Vec<Option<u32>> = parts.iter().map(|part| part.access.part).collect();
        if kind == "batch" {
            assert_eq!(actions, ["read", "create", "search"]);
            assert_eq!(numbers, [Some(0), Some(1), Some(2)]);
        } else {
            // What a transaction writes is one commit, and stands in its own entry; readings come after it.
            assert_eq!(actions, ["read", "search"]);
            assert_eq!(numbers, [Some(0), Some(2)]);
            assert_eq!(whole.access.touched.len(), 1, "{whole:?}");
        }
        let named = |part: &&Accessed| part.access.action != "create";
        let named = parts.iter().filter(named).all(|part| part.access.patients.contains(&"p".to_owned()));
        assert!(named, "{kind}: {parts:?}");
        assert!(
            parts.iter().all(|part| part.access.decided == Decided::Permitted && part.actor == whole.actor)
        );
    }
}

/// Requests that leave no entry, and why.
#[test]
fn what_reaches_no_facility_leaves_no_entry() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", small("Patient", "p")).expect(201);
    let before = clinic.accesses().len();
    for (path, why) in [
        ("/health", "is about the server"),
        ("/f/tsubaki/fhir/Patient/p", "there is no such facility, so no journal"),
        ("/f/tsubaki/fhir/metadata", "the same"),
        ("/nothing", "is no address"),
        ("/f/sakura/nothing/at/all", "is no address"),
    ] {
        client.get(path);
        assert_eq!(clinic.accesses().len(), before, "{path} {why}");
    }
    let reply = client.ask(Method::PUT, "/f/sakura/fhir/metadata").send();
    assert_eq!(reply.status(), 405, "a method that no row has is no address either");
    assert_eq!(clinic.accesses().len(), before);
}

#[test]
fn what_is_over_the_rates_leaves_no_entry_or_everybody_could_fill_the_disk() {
    let rate = identity::session::Rate::new(60, 3);
    let quotas = identity::session::Quotas { address: rate, ..testkit::plenty() };
    let clinic = Clinic::with(Plan { quotas, ..Plan::default() });
    let stranger = clinic.stranger();
    let statuses: Vec<u16> = (0..10).map(|_| stranger.get("Patient/p").status()).collect();
    let served = statuses.iter().filter(|status| **status == 401).count();
    assert!(served >= 3 && statuses.contains(&429), "{statuses:?}");
    assert_eq!(clinic.accesses().len(), served);
}

#[test]
fn a_failed_login_says_which_account_was_tried_and_a_refusal_by_which_policy() {
    let mut scene = Scene::new(Bounds::default());
    let other = scene.member("other");
    let (status, entry) = scene.sent(other.ask(Method::GET, "Observation"), "refused");
    assert_eq!((status, entry.access.decided), (403, Decided::Refused));
    let (_, entry) = scene.sent(other.ask(Method::GET, "AuditEvent"), "forbidden");
    assert_eq!(entry.access.decided, Decided::Refused);
    let (_, entry) = scene.sent(scene.clinic.client().ask(Method::GET, "Patient?_id=p&_count=5"), "search");
    assert_eq!(entry.access.query.as_deref(), Some("_id=p&_count=5"));
    assert_eq!(entry.access.patients, ["p"]);
    assert_eq!(entry.actor.id, "tester");
    let stranger = scene.clinic.stranger();
    for (account, target) in [("tester", "account/tester"), ("sandra", "account")] {
        let body = serde_json::json!({ "account": account, "password": "not the password of anybody" });
        let ask = stranger.ask(Method::POST, "/f/sakura/session").json(&body);
        let (status, entry) = scene.sent(ask, "failed login");
        assert!(status >= 400, "{status}");
        assert_eq!((entry.access.action.as_str(), entry.access.target.as_str()), ("login", target));
        assert_eq!(entry.actor.kind, store::ActorKind::Unknown);
    }
}
