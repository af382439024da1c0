//! Who comes in, seen from outside: certificates, sessions, factors and commands over TLS and HTTP.

mod alike;
mod canaries;
mod certificates;
mod connections;
mod cross_site;
mod duties;
mod evidence;
mod facts;
mod fresh;
mod glass;
mod invitations;
mod machines;
mod passkeys;
mod proxies;
mod rates;
mod rotation;
mod sessions;

use crate::material::patient;
use http::Method;
use serde_json::{Value, json};
use server::{Interaction, Route};
use testkit::authority::Shown;
use testkit::{Client, Clinic, Reply};

/// What stands in the one record of these tests, and in no answer to anybody who is refused.
const FAMILY: &str = "Himitsu";

/// Gives a command at the console of the first facility; it must succeed.
fn command(clinic: &Clinic, name: &str, members: Value) -> Value {
    command_to(clinic, clinic.facility().as_str(), name, members)
}

fn command_to(clinic: &Clinic, facility: &str, name: &str, members: Value) -> Value {
    let mut command = members;
    command["command"] = name.into();
    clinic.command_to(facility, &command).unwrap_or_else(|problem| panic!("{name}: {problem:?}"))
}

/// Sets values of the policy.
fn policy(clinic: &Clinic, values: &[(&str, &str)]) {
    let values: Value = values.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    command(clinic, "policy-set", json!({"values": values}));
}

/// From now on the facility asks for client certificates; it has an authority of its own.
fn verify(clinic: &Clinic) {
    command(clinic, "certificate-ca", json!({}));
    policy(clinic, &[("client-certificates", "verify")]);
}

/// Makes a device.
fn device(clinic: &Clinic, account: &str) {
    command(clinic, "account-create", json!({"account": account, "kind": "device", "name": account}));
}

/// Issues a certificate by the facility's own authority: what the device shows, and its fingerprint.
fn issue(clinic: &Clinic, account: &str) -> (Shown, String) {
    let issued = command(clinic, "certificate-issue", json!({"account": account}));
    (Shown::issued(&issued), text(&issued, "fingerprint"))
}

/// A new device with its certificate.
fn tablet(clinic: &Clinic, account: &str) -> (Shown, String) {
    device(clinic, account);
    issue(clinic, account)
}

/// Makes the account of a person who has no factors yet.
fn person(clinic: &Clinic, account: &str) {
    let members = json!({"account": account, "kind": "person", "name": "山田 花子", "occupation": "nurse"});
    command(clinic, "account-create", members);
}

/// Writes the one record.
fn write_a_record(client: &Client) {
    client.put("Patient/p", patient(&format!(r#""id":"p","name":[{{"family":"{FAMILY}"}}]"#))).expect(201);
}

/// Gives a command over HTTP.
fn admin(client: &Client, name: &str, members: &Value) -> Reply {
    client.call(Method::POST, &format!("admin/{name}")).json(members).send()
}

fn post(client: &Client, path: &str, members: &Value) -> Reply {
    client.call(Method::POST, path).json(members).send()
}

fn value(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.text()))
}

fn text(json: &Value, name: &str) -> String {
    json[name].as_str().unwrap_or_else(|| panic!("{name} in {json}")).to_owned()
}

/// The code of a refusal; empty for what is no refusal, of whatever form.
fn code_of(reply: &Reply) -> String {
    let outcome: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    outcome["issue"][0]["details"]["coding"][0]["code"].as_str().unwrap_or("").to_owned()
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// An address that a row serves, in the first facility.
fn address(row: &Route) -> String {
    let id = match row.interaction {
        Interaction::Identity(server::IdentityCall::Admin) => "facts",
        Interaction::Identity(_) => "totp",
        _ => "p",
    };
    let parts = [
        ("{facility}", "sakura"),
        ("{type}", "Patient"),
        ("{id}", id),
        ("{inner}", "Observation"),
        ("{version}", "1"),
        ("{*path}", "checkpoint"),
    ];
    parts.iter().fold(row.path.to_owned(), |path, (name, value)| path.replace(name, value))
}
