//! `docs/site-rules.md` says what the rules say.

use site::rules::Catalogue;

#[test]
fn the_page_of_the_rules_is_as_the_rules_are() {
    let page = Catalogue::builtin().unwrap().page().unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/site-rules.md");
    let stands = std::fs::read_to_string(path).unwrap();
    assert!(page == stands, "write it anew: cargo run -p site --example rules_page");
}
