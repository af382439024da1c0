//! The role matrix: every route by every role, for a record of one's own facility, for one that is not there, and for one
//! of another facility.

use super::asks::{About, KINDS, changes, good, merged, of_a_type, settles, small, takes};
use super::expect;
use super::plain::plain;
use identity::COMMANDS;
use server::{Caller, IdentityCall, Interaction, ROUTES, Route};
use testkit::{Client, Clinic, Member, Plan, ROLES, Reply, texts};

/// The facility of everybody here.
const OWN: &str = "sakura";
/// Another one, with records of the same ids.
const OTHER: &str = "fuji";
/// One that does not exist, with a name as long.
const NOWHERE: &str = "nara";

/// A line of the matrix before it is tried: a row of the route table, about a type or a command.
struct Line {
    row: &'static Route,
    kind: &'static str,
    /// What stands for `{id}`; none where it is a record.
    id: Option<&'static str>,
}

impl Line {
    fn name(&self) -> String {
        let path = self.row.path.trim_start_matches("/f/{facility}/").replace("{type}", self.kind);
        match (self.row.interaction, self.id) {
            (Interaction::Bundle, _) => format!("POST {path} (GET {}/{{id}})", self.kind),
            (Interaction::SearchFacility | Interaction::SearchFacilityForm, _) => {
                format!("{} {path} (_type={})", self.row.method, self.kind)
            }
            (_, Some(id)) => format!("{} {}", self.row.method, path.replace("{id}", id)),
            _ => format!("{} {path}", self.row.method),
        }
    }

    /// Whether a record is named, so that it can be one that is not there.
    fn about_a_record(&self) -> bool {
        use Interaction::{
            Bundle, DeleteOnly, PatchOnly, Search, SearchFacility, SearchFacilityForm, SearchForm, UpdateOnly,
        };
        let named = self.row.path.contains("{id}") && self.id.is_none();
        let found = [
            Bundle,
            Search,
            SearchForm,
            SearchFacility,
            SearchFacilityForm,
            UpdateOnly,
            PatchOnly,
            DeleteOnly,
        ];
        named || found.contains(&self.row.interaction)
    }
}

/// All lines. Logging out comes last, since nobody can go on after it.
fn lines() -> Vec<Line> {
    let mut lines = Vec::new();
    for row in ROUTES.iter().filter(|row| row.interaction != Interaction::Health) {
        match row.interaction {
            Interaction::Identity(IdentityCall::Admin) => {
                lines.extend(COMMANDS.iter().map(|command| Line { row, kind: "", id: Some(command.name) }));
            }
            Interaction::Identity(_) => lines.push(Line { row, kind: "", id: Some("nothing") }),
            _ if of_a_type(row) => {
                let kinds = KINDS.into_iter().filter(|kind| takes(row, kind));
                lines.extend(kinds.map(|kind| Line { row, kind, id: None }));
            }
            _ => lines.push(Line { row, kind: "", id: None }),
        }
    }
    lines.sort_by_key(|line| line.row.interaction == Interaction::Identity(IdentityCall::Logout));
    lines
}

/// Status and code: `403AC1` for 403 with AC-0001; for a search also how many were found, for a batch how its entry ended.
fn cell(line: &Line, reply: &Reply) -> String {
    let status = reply.status();
    let (inner, of) = match line.row.interaction {
        _ if status >= 300 => (String::new(), ""),
        Interaction::Bundle => {
            let inner = reply.get("entry.0.response.status");
            let code = reply.get("entry.0.response.outcome.issue.0.details.coding.0.code");
            (format!("{}{}", &inner[..3], short(&code)), ">")
        }
        interaction if interaction.searches() => (found(reply), ":"),
        _ => (String::new(), ""),
    };
    let code = if status < 400 { String::new() } else { short(&code_of(reply)) };
    format!("{status}{code}{of}{inner}")
}

/// Whether a search found nothing, one record, or several: how many there are depends on who was there before.
fn found(reply: &Reply) -> String {
    match texts(&reply.node(), "entry", "fullUrl").len() {
        few @ 0..=1 => few.to_string(),
        _ => "+".to_owned(),
    }
}

fn code_of(reply: &Reply) -> String {
    let outcome: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    outcome["issue"][0]["details"]["coding"][0]["code"].as_str().unwrap_or("").to_owned()
}

/// `AC-0001` as `AC1`.
fn short(code: &str) -> String {
    let Some((room, number)) = code.split_once('-') else { return String::new() };
    format!("{room}{}", number.trim_start_matches('0'))
}

/// Writes the records that are asked for, under the same ids at both facilities.
fn fill(clinic: &Clinic) {
    for facility in [OWN, OTHER] {
        let tester = clinic.client_of(facility);
        for kind in KINDS.into_iter().filter(|kind| *kind != "AuditEvent") {
            for id in ["p", "w"] {
                tester.put(&format!("{kind}/{id}"), small(kind, id)).expect(201);
            }
        }
    }
}

/// Somebody who tries all lines.
struct Trier<'a> {
    role: &'a str,
    client: Client,
    tester: Client,
    /// An access entry is known by its place in the journal.
    event: String,
}

impl Trier<'_> {
    fn ask(&self, line: &Line, facility: &str, id: &str) -> Reply {
        good(&self.client, line.row, About { facility, kind: line.kind, id }).send()
    }

    /// What is answered about one's own record, about one that is not there, and about one of another facility.
    fn tried(&self, line: &Line, number: usize) -> [String; 3] {
        // What is settled is not drafted again: each role has a record of its own.
        let own = format!("s-{}-{number}", self.role);
        if settles(line.row) {
            self.tester.put(&format!("{}/{own}", line.kind), small(line.kind, &own)).expect(201);
        }
        let id = match (line.id, line.kind) {
            (Some(id), _) => id,
            (None, _) if settles(line.row) => &own,
            (None, _) if changes(line.row) => "w",
            (None, "AuditEvent") => &self.event,
            (None, _) => "p",
        };
        let other = self.other(line, id);
        let absent = if line.about_a_record() {
            let events = line.kind == "AuditEvent";
            let id = if events { "99999999".to_owned() } else { format!("none-{}-{number}", self.role) };
            cell(line, &self.ask(line, OWN, &id))
        } else {
            "-".to_owned()
        };
        if changes(line.row) && line.kind != "AuditEvent" {
            // Whatever the role before has done to it.
            let reply = self.tester.put(&format!("{}/w", line.kind), small(line.kind, "w"));
            assert!(reply.status() < 300, "{}", reply.text());
        }
        [cell(line, &self.ask(line, OWN, id)), absent, other]
    }

    /// Nothing is told of another facility. Whoever arrives has no facility yet: none is another one for them.
    fn other(&self, line: &Line, id: &str) -> String {
        let nowhere = self.ask(line, NOWHERE, id);
        if !matches!(line.row.caller, Caller::Arriving | Caller::Open) {
            let other = self.ask(line, OTHER, id);
            let what = format!("{}: {}", self.role, line.name());
            assert_eq!(plain(&other).replace(OTHER, NOWHERE), plain(&nowhere), "{what}");
            assert_eq!(other.field("content-length"), nowhere.field("content-length"), "{what}");
        }
        cell(line, &nowhere)
    }
}

const HEAD: &str = "\
# Who may do what: every route by every role, as the server answers. Made by the test `law::roles`; read it as a diff.
# own: a record of the role's own facility. absent: an id that is not there. other: the same id at another facility;
# the answer is byte for byte that of a facility which does not exist (for whoever only arrives: one that does not exist).
# 403AC1 is status 403 with code AC-0001. 200:1 is a search that finds one record, 200:+ more.
# 200>404RC2 is a batch whose entry is answered 404. Bodies of commands, logins and factors are wrong on purpose: 400
# means that the law permits it.
# Exceptions: none.
";

#[test]
fn every_route_answers_every_role_as_the_matrix_says() {
    let clinic = Clinic::with(Plan { facilities: &[OWN, OTHER], ..Plan::default() });
    fill(&clinic);
    let members: Vec<Member> = ROLES.into_iter().map(|role| Member::join(&clinic, OWN, role, None)).collect();
    let doctor = members.iter().find(|member| member.role.name == "doctor").unwrap();
    clinic.pass_seconds(31);
    merged(&clinic.client_of(OWN), &doctor.client(&clinic, OWN));
    let lines = lines();
    let mut columns: Vec<Vec<[String; 3]>> = Vec::new();
    for member in &members {
        // A code of the app is good once.
        clinic.pass_seconds(31);
        let event = clinic.accesses().first().unwrap().position.0.to_string();
        let (client, tester) = (member.client(&clinic, OWN), clinic.client_of(OWN));
        let trier = Trier { role: member.role.name, client, tester, event };
        columns.push(lines.iter().enumerate().map(|(number, line)| trier.tried(line, number)).collect());
    }
    expect("authz-matrix.txt", &matrix(&lines, &columns));
}

fn matrix(lines: &[Line], columns: &[Vec<[String; 3]>]) -> String {
    let names = ROLES.map(|role| format!("{:<12}", role.name));
    let mut out = format!("{HEAD}{:<58} {:<6} {}\n", "", "", names.concat().trim_end());
    for (number, line) in lines.iter().enumerate() {
        for (place, what) in ["own", "absent", "other"].into_iter().enumerate() {
            let cells: Vec<String> =
                columns.iter().map(|column| format!("{:<12}", column[number][place])).collect();
            if cells.iter().any(|cell| cell.trim() != "-") {
                let name = if place == 0 { line.name() } else { String::new() };
                out.push_str(format!("{name:<58} {what:<6} {}", cells.concat()).trim_end());
                out.push('\n');
            }
        }
    }
    out
}
