//! Every example of JP Core goes in by PUT under its own id, and by POST.

use super::equal::{difference, numbers, value, without_stamp};
use std::collections::BTreeMap;
use testkit::{Clinic, archive};

/// What the package holds.
const EXAMPLES: usize = 76;

/// Examples that are refused, and why. It may only shrink.
const REFUSED: &[(&str, &str)] = &[];

#[test]
fn every_jp_core_example_goes_in_and_comes_back_equal() {
    let examples = archive::documents("jpfhir.jp.core-1.2.0.tgz", "package/example/");
    if examples.is_empty() {
        return;
    }
    assert_eq!(examples.len(), EXAMPLES);
    let clinic = Clinic::start();
    let client = clinic.client();
    let mut refused = Vec::new();
    for (path, sent) in &examples {
        let before = value(sent);
        let kind = before["resourceType"].as_str().unwrap();
        let id = before["id"].as_str().unwrap();
        let key = format!("{kind}/{id}");
        let put = client.put(&key, sent);
        let post = client.post(kind, sent);
        if put.status() != 201 {
            assert_eq!(put.refusal(), post.refusal(), "{path}");
            refused.push((path.clone(), put.message()));
            continue;
        }
        assert_eq!((put.get("id"), post.status()), (id.to_owned(), 201), "{path}");
        assert_ne!(post.get("id"), id, "{path}");
        let stored = client.get(&key).expect(200);
        for (way, body) in [("put", &put.body), ("post", &post.body), ("read", &stored.body)] {
            let (mut before, mut after) = (before.clone(), value(body));
            without_stamp(&mut before);
            without_stamp(&mut after);
            let found = difference(&before, &after, &BTreeMap::new(), &mut 0);
            assert!(found.is_none(), "{path} by {way}{}", found.unwrap());
            assert!(numbers(sent) == numbers(body), "{path} by {way}: a number is written in another way");
        }
    }
    let expected: Vec<&str> = REFUSED.iter().map(|(path, _)| *path).collect();
    let found: Vec<&str> = refused.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(found, expected, "{refused:#?}");
    clinic.verify().unwrap();
}
