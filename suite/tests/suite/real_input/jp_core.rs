//! Every example of JP Core goes in by PUT under its own id, and by POST.

use super::equal::{change, value};
use super::table::Row;
use testkit::{Client, Clinic, Plan, archive};

/// What the package holds.
const EXAMPLES: usize = 76;

/// Examples that are refused, and why. It may only shrink.
const REFUSED: &[(&str, &str)] = &[];

/// Sends all of it; nothing where the package is not there.
pub(crate) fn sent() -> Option<Row> {
    let examples = archive::documents("jpfhir.jp.core-1.2.0.tgz", "package/example/");
    if examples.is_empty() {
        return None;
    }
    assert_eq!(examples.len(), EXAMPLES);
    let clinic = Clinic::with(Plan { settles: true, ..Plan::default() });
    let client = clinic.client();
    let refused: Vec<(&str, String)> = examples
        .iter()
        .filter_map(|(path, sent)| Some((path.as_str(), refusal(&client, path, sent)?)))
        .collect();
    let expected: Vec<&str> = REFUSED.iter().map(|(path, _)| *path).collect();
    let found: Vec<&str> = refused.iter().map(|(path, _)| *path).collect();
    assert_eq!(found, expected, "{refused:#?}");
    clinic.verify().unwrap();
    let accepted = EXAMPLES - refused.len();
    let source = "JP Core 1.2.0, examples";
    let refused = refused.len();
    Some(Row { source, files: EXAMPLES, resources: accepted, accepted, refused, equal: accepted })
}

/// Why an example is refused; nothing when it went in, and came back equal by each way.
fn refusal(client: &Client, path: &str, sent: &[u8]) -> Option<String> {
    let before = value(sent);
    let kind = before["resourceType"].as_str().unwrap();
    let id = before["id"].as_str().unwrap();
    let key = format!("{kind}/{id}");
    let put = client.put(&key, sent);
    let post = client.post(kind, sent);
    if put.status() != 201 {
        assert_eq!(put.refusal(), post.refusal(), "{path}");
        return Some(put.message());
    }
    assert_eq!((put.get("id"), post.status()), (id.to_owned(), 201), "{path}");
    assert_ne!(post.get("id"), id, "{path}");
    let stored = client.get(&key).expect(200);
    for (way, body) in [("put", &put.body), ("post", &post.body), ("read", &stored.body)] {
        let found = change(sent, body);
        assert!(found.is_none(), "{path} by {way}{}", found.unwrap());
    }
    None
}
