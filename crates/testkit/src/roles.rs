//! Everybody who works at a facility or comes to it, one account each: the columns of the role matrix.

use crate::client::Client;
use crate::clinic::Clinic;
use crate::person::Person;
use base::Clock as _;
use http::Method;
use serde_json::{Value, json};

/// Somebody of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its name, which is that of its account too.
    pub name: &'static str,
    /// What it is.
    pub kind: RoleKind,
}

/// What somebody of the matrix is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleKind {
    /// A person of this occupation, without a duty.
    Staff(&'static str),
    /// A person with this duty, whose occupation permits nothing.
    Duty(&'static str),
    /// A device with a key.
    Device,
    /// A program with these scopes, if any.
    Service(Option<&'static str>),
    /// A person of a maintenance company.
    Maintenance,
    /// Nobody who is known.
    Nobody,
}

use RoleKind::{Device, Duty, Maintenance, Nobody, Service, Staff};

const fn role(name: &'static str, kind: RoleKind) -> Role {
    Role { name, kind }
}

/// All of them.
pub const ROLES: [Role; 17] = [
    role("doctor", Staff("doctor")),
    role("nurse", Staff("nurse")),
    role("pharmacist", Staff("pharmacist")),
    role("laboratory", Staff("laboratory-technologist")),
    role("radiology", Staff("radiological-technologist")),
    role("therapist", Staff("physical-therapist")),
    role("clerk", Staff("clerk")),
    role("other", Staff("other")),
    role("executive", Duty("executive")),
    role("planner", Duty("planner")),
    role("operator", Duty("operator")),
    role("auditor", Duty("auditor")),
    role("device", Device),
    role("service", Service(Some("system/*.cruds"))),
    role("no-scope", Service(None)),
    role("maintenance", Maintenance),
    role("nobody", Nobody),
];

/// Somebody of the matrix who has come to a facility.
#[derive(Clone, Debug)]
pub struct Member {
    /// Which one.
    pub role: Role,
    by: By,
}

/// By what they come in.
#[derive(Clone, Debug)]
enum By {
    Login(Person),
    Key(String),
    Nothing,
}

impl Member {
    /// Makes the account of a role at a facility. `practitioner` is the id of the person's record, if they have one.
    pub fn join(clinic: &Clinic, facility: &str, role: Role, practitioner: Option<&str>) -> Self {
        let Some(made) = account(clinic, role, practitioner) else { return Self { role, by: By::Nothing } };
        clinic.command_to(facility, &made).unwrap();
        let by = match role.kind {
            Device | Service(_) => {
                let wish = json!({"command": "account-key", "account": role.name});
                let given = clinic.command_to(facility, &wish).unwrap();
                By::Key(given.get("key").and_then(Value::as_str).unwrap().to_owned())
            }
            Staff(_) | Duty(_) | Maintenance | Nobody => {
                let client = clinic.client_of(facility).without_token();
                By::Login(Person::accept(clinic, &client, role.name))
            }
        };
        Self { role, by }
    }

    /// A client of theirs, people with a new session. A code of their app is good for one login: between two of them time
    /// must pass.
    pub fn client(&self, clinic: &Clinic, facility: &str) -> Client {
        let client = clinic.client_of(facility).without_token();
        match &self.by {
            By::Nothing => client,
            By::Key(key) => client.bearing(key),
            By::Login(person) => {
                let totp = person.code(clinic.clock().now());
                let shown = json!({"account": person.account, "password": person.password, "totp": totp});
                let reply = client.call(Method::POST, "session").json(&shown).send().expect(201);
                client.bearing(&reply.get("token"))
            }
        }
    }
}

/// The command that makes the account of a role.
fn account(clinic: &Clinic, role: Role, practitioner: Option<&str>) -> Option<Value> {
    let mut made = serde_json::Map::new();
    let mut put = |name: &str, value: Value| drop(made.insert(name.to_owned(), value));
    put("command", "account-create".into());
    put("account", role.name.into());
    put("name", role.name.into());
    match role.kind {
        Staff(occupation) => {
            put("kind", "person".into());
            put("occupation", occupation.into());
        }
        Duty(duty) => {
            put("kind", "person".into());
            put("occupation", "other".into());
            put("duties", json!([duty]));
        }
        Device => put("kind", "device".into()),
        Service(scopes) => {
            put("kind", "service".into());
            if let Some(scopes) = scopes {
                put("scopes", scopes.into());
            }
        }
        Maintenance => {
            let (from, until) = (clinic.clock().now(), clinic.clock().now().plus_seconds(86_400));
            put("kind", "maintenance".into());
            let order =
                json!({"order": "W-1", "company": "C", "from": from.to_string(), "until": until.to_string()});
            put("work_order", order);
        }
        Nobody => return None,
    }
    if let Some(practitioner) = practitioner {
        put("practitioner", practitioner.into());
    }
    Some(Value::Object(made))
}
