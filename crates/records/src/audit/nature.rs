//! What kind of event an access is: type, subtype and action of an AuditEvent, and the pattern of BALP it follows
//! (IHE ITI Basic Audit Log Patterns 1.1.3; DICOM PS3.16, CID 400 to 402 and 404).

use super::Deed;
use super::element::{Coding, coding};
use access::Access;
use fhir::Node;

const REST_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const INTERACTION: &str = "http://hl7.org/fhir/restful-interaction";
const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const IHE_EVENT: &str = "urn:ihe:event-type-code";

/// Akashi's own names of actions, where no code of others says as much.
pub(super) const ACTION: &str = "urn:akashi:action";

const REST: Coding = Coding::new(REST_TYPE, "rest", "RESTful Operation");
const OPERATION: Coding = Coding::new(INTERACTION, "operation", "operation");
const AUTHENTICATION: Coding = Coding::new(DCM, "110114", "User Authentication");
const SECURITY_ALERT: Coding = Coding::new(DCM, "110113", "Security Alert");
const LOG_USED: Coding = Coding::new(DCM, "110101", "Audit Log Used");

/// A pattern of BALP, without regard to whether it names a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Read,
    Query,
    Create,
    Update,
    Delete,
}

impl Pattern {
    /// The address of its profile; the one that names a patient, or the other.
    pub(super) const fn profile(self, names_patient: NamesPatient) -> &'static str {
        macro_rules! profile {
            ($name:literal) => {
                match names_patient {
                    NamesPatient::One => concat!(
                        "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.Patient",
                        $name
                    ),
                    NamesPatient::NoneOrMany => concat!(
                        "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.",
                        $name
                    ),
                }
            };
        }
        match self {
            Self::Read => profile!("Read"),
            Self::Query => profile!("Query"),
            Self::Create => profile!("Create"),
            Self::Update => profile!("Update"),
            Self::Delete => profile!("Delete"),
        }
    }
}

/// Whether an event is about exactly one patient. Patterns that name a patient have room for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NamesPatient {
    One,
    NoneOrMany,
}

/// Where the data goes, which decides who is source and who is destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// From the server to the client.
    Out,
    /// From the client to the server; the question of a search goes this way too.
    In,
    /// Away: BALP names the two sides of a deletion otherwise.
    Gone,
}

/// What kind of event it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nature {
    pub(super) kind: Coding,
    pub(super) subtype: Option<Coding>,
    /// Whether the action's own name stands beside the subtype.
    pub(super) named: bool,
    /// `AuditEvent.action`: C, R, U, D or E.
    pub(super) action: &'static str,
    pub(super) flow: Flow,
    pub(super) pattern: Option<Pattern>,
}

impl Nature {
    /// The nature of an access.
    pub(super) fn of(access: &Access) -> Self {
        match access.action.as_str() {
            "read" => rest("read", "R", Flow::Out, Some(Pattern::Read)),
            "vread" => rest("vread", "R", Flow::Out, Some(Pattern::Read)),
            "history" => rest(history(&access.target), "R", Flow::Out, None),
            "search" => rest(search(&access.target), "E", Flow::In, Some(Pattern::Query)),
            "create" => rest("create", "C", Flow::In, Some(Pattern::Create)),
            "update" => rest("update", "U", Flow::In, Some(Pattern::Update)),
            "patch" => rest("patch", "U", Flow::In, Some(Pattern::Update)),
            "delete" => rest("delete", "D", Flow::Gone, Some(Pattern::Delete)),
            "capabilities" => rest("capabilities", "R", Flow::Out, None),
            "everything" | "validate" | "check" | "proof" => other(REST, Some(OPERATION), "E", Flow::Out),
            "finalize" | "amend" | "withdraw" | "approve" | "return" | "assign" | "cosign" | "lapse"
            | "merge" | "unmerge" => other(REST, Some(OPERATION), "U", Flow::In),
            "export" => other(Coding::new(DCM, "110106", "Export"), None, "R", Flow::Out),
            "import" => other(Coding::new(DCM, "110107", "Import"), None, "C", Flow::In),
            "audit" | "log" => other(LOG_USED, None, "R", Flow::Out),
            "login" => other(AUTHENTICATION, Some(login(&access.route)), "E", Flow::In),
            "own" => own(&access.route),
            "break-glass" => {
                let began = Coding::new(DCM, "110127", "Emergency Override Started");
                other(SECURITY_ALERT, Some(began), "E", Flow::In)
            }
            "bundle" | "" => other(REST, None, "E", Flow::In),
            command => self::command(command),
        }
    }

    /// `AuditEvent.subtype`.
    pub(super) fn subtypes(&self, access: &Access) -> Vec<Node> {
        let own = (self.named && !access.action.is_empty()).then(|| coding(ACTION, &access.action));
        self.subtype.map(Coding::node).into_iter().chain(own).collect()
    }
}

/// Accesses that stand for all in which this was done: whatever [`Nature::of`] looks at beside the action, and every
/// outcome.
pub(super) fn samples(deed: Deed<'_>) -> Vec<Access> {
    let routes: &[&str] = match deed.action {
        "login" => &["POST /session", "POST /token"],
        "own" => &["DELETE /session", "DELETE /factors", "GET /session", "POST /session", "POST /factors"],
        _ => &[""],
    };
    let targets: &[&str] = match deed.action {
        "history" | "search" => &["", "Patient", "Patient/1"],
        _ => &[""],
    };
    let statuses: &[u16] = if deed.failed { &[500, 403, 404] } else { &[200] };
    let sample = |route: &str, target: &str, status: u16| {
        let (action, route, target) = (deed.action.to_owned(), route.to_owned(), target.to_owned());
        Access { action, route, target, status, ..Access::default() }
    };
    let of_route = |route: &'static str| {
        let each =
            move |target: &'static str| statuses.iter().map(move |status| sample(route, target, *status));
        targets.iter().flat_map(move |target| each(target))
    };
    routes.iter().flat_map(|route| of_route(route)).collect()
}

fn rest(code: &'static str, action: &'static str, flow: Flow, pattern: Option<Pattern>) -> Nature {
    let subtype = Some(Coding::new(INTERACTION, code, code));
    Nature { kind: REST, subtype, named: false, action, flow, pattern }
}

fn other(kind: Coding, subtype: Option<Coding>, action: &'static str, flow: Flow) -> Nature {
    Nature { kind, subtype, named: true, action, flow, pattern: None }
}

fn history(target: &str) -> &'static str {
    match target {
        "" => "history-system",
        target if target.contains('/') => "history-instance",
        _ => "history-type",
    }
}

fn search(target: &str) -> &'static str {
    if target.is_empty() { "search-system" } else { "search-type" }
}

/// Coming in: by a token of an app (IHE IUA, ITI-71), or as a person or machine.
fn login(route: &str) -> Coding {
    if route.ends_with("/token") {
        return Coding::new(IHE_EVENT, "ITI-71", "Get Access Token");
    }
    Coding::new(DCM, "110122", "Login")
}

/// One's own session and factors: leaving, changing, looking.
fn own(route: &str) -> Nature {
    let (method, path) = route.split_once(' ').unwrap_or(("", route));
    let on_session = path.contains("/session");
    match method {
        "DELETE" if on_session => {
            other(AUTHENTICATION, Some(Coding::new(DCM, "110123", "Logout")), "E", Flow::In)
        }
        "GET" | "HEAD" => other(AUTHENTICATION, None, "R", Flow::Out),
        _ if on_session => other(AUTHENTICATION, Some(Coding::new(DCM, "110122", "Login")), "E", Flow::In),
        _ => other(SECURITY_ALERT, Some(USER_CHANGED), "E", Flow::In),
    }
}

const USER_CHANGED: Coding = Coding::new(DCM, "110137", "User Security Attributes Changed");
const SECURITY_CHANGED: Coding = Coding::new(DCM, "110129", "Security Configuration");
const RESTRICTED: Coding = Coding::new(DCM, "110132", "Use of Restricted Function");

/// A command of those who run the facility, by its name.
fn command(name: &str) -> Nature {
    let looks = ["-list", "-show", "-crl"].iter().any(|end| name.ends_with(end)) || name == "facts";
    let about_users = ["account-", "factor-", "session-"].iter().any(|start| name.starts_with(start));
    match (looks, about_users) {
        (true, _) => other(SECURITY_ALERT, Some(RESTRICTED), "R", Flow::Out),
        (false, true) => other(SECURITY_ALERT, Some(USER_CHANGED), "E", Flow::In),
        (false, false) => other(SECURITY_ALERT, Some(SECURITY_CHANGED), "E", Flow::In),
    }
}
