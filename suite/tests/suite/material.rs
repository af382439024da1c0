//! Resources and Bundles that tests send.

use testkit::{Client, Reply};

/// `X-Provenance` that names the account which answers for what is entered.
pub(crate) fn naming(responsible: &str) -> String {
    let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
    let role = format!(r#"{{"coding":[{{"system":"{system}","code":"author"}}]}}"#);
    let who = format!(r#"{{"identifier":{{"system":"urn:akashi:account","value":"{responsible}"}}}}"#);
    format!(r#"{{"resourceType":"Provenance","agent":[{{"type":{role},"who":{who}}}]}}"#)
}

/// A Patient with these further members: `"id":"p1","active":true`.
pub(crate) fn patient(members: &str) -> String {
    resource("Patient", members)
}

/// A resource with these further members.
pub(crate) fn resource(kind: &str, members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!(r#"{{"resourceType":"{kind}"{comma}{members}}}"#)
}

/// A Patient with an id and a birth date.
pub(crate) fn born(id: &str, date: &str) -> String {
    patient(&format!(r#""id":"{id}","birthDate":"{date}""#))
}

/// An Observation with these further members beside the ones it must have.
pub(crate) fn observation(members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    resource("Observation", &format!(r#""status":"preliminary","code":{{"text":"x"}}{comma}{members}"#))
}

/// A Bundle.
pub(crate) fn bundle(kind: &str, entries: &[String]) -> String {
    let entries = entries.join(",");
    format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{entries}]}}"#)
}

/// An entry with a resource.
pub(crate) fn writes(method: &str, url: &str, resource: &str) -> String {
    format!(r#"{{"resource":{resource},"request":{{"method":"{method}","url":"{url}"}}}}"#)
}

/// An entry with a resource that others may refer to.
pub(crate) fn named(full_url: &str, method: &str, url: &str, resource: &str) -> String {
    format!(
        r#"{{"fullUrl":"{full_url}","resource":{resource},"request":{{"method":"{method}","url":"{url}"}}}}"#
    )
}

/// An entry without a resource.
pub(crate) fn asks(method: &str, url: &str) -> String {
    format!(r#"{{"request":{{"method":"{method}","url":"{url}"}}}}"#)
}

/// An address such as `urn:uuid:00000000-0000-4000-8000-000000000007`.
pub(crate) fn urn(number: u32) -> String {
    format!("urn:uuid:00000000-0000-4000-8000-{number:012}")
}

/// The last part of a created record's address, its id.
pub(crate) fn id_of(reply: &Reply) -> String {
    reply.get("id")
}

/// How many versions the facility has, by its history: every write shows there.
pub(crate) fn versions(client: &Client) -> usize {
    let mut next = Some("_history?_count=1000".to_owned());
    let mut count = 0;
    while let Some(address) = next {
        let page = client.get(&address).expect(200);
        count += testkit::texts(&page.node(), "entry", "fullUrl").len();
        next = link(&page, "next");
    }
    count
}

/// The address of a link of a page.
pub(crate) fn link(page: &Reply, relation: &str) -> Option<String> {
    let node = page.node();
    let links = testkit::at(&node, "link")?.as_array()?;
    let found = links.iter().find(|link| link.get("relation").and_then(fhir::Node::as_str) == Some(relation));
    found?.get("url")?.as_str().map(str::to_owned)
}
