//! `akashi reindex`: views that were changed are found and built again; the journal stays as it is.

use super::{ENTRIES_WITH_TESTER, Site, good};
use crate::material::patient;
use base::FacilityId;
use seal::MasterKey;

fn site() -> Site {
    let site = Site::with_tester();
    let lines: String = (0..20)
        .map(|number| {
            patient(&format!(r#""id":"p{number}","identifier":[{{"system":"urn:x","value":"{number}"}}]"#))
                + "\n"
        })
        .collect();
    site.write("in.ndjson", lines);
    site.good("import --data data in.ndjson");
    site
}

/// Where p3 stands.
const P3: u64 = ENTRIES_WITH_TESTER + 3;

/// Does something to the database that only the holder of the key can do.
fn meddle(site: &Site, sql: &str) {
    let master = MasterKey::parse(&site.text("data/master.key")).unwrap();
    let facility = FacilityId::parse("sakura").unwrap();
    let database = testkit::open_database(&site.path("data"), &facility, &master);
    database.execute_batch(sql).unwrap();
    assert!(database.changes() > 0, "{sql}");
}

#[test]
fn changed_views_are_found_and_built_again_from_the_journal() {
    for sql in [
        "DELETE FROM term",
        "DELETE FROM record WHERE id = 'tester'",
        "UPDATE record SET deleted = 1 WHERE id = 'p3'",
        &format!("DELETE FROM version WHERE position = {P3}"),
        "UPDATE record SET id = 'q3' WHERE id = 'p3'",
    ] {
        let site = site();
        meddle(&site, sql);
        let size = site.journal().size();
        let found = site.refused("verify --data data", "ST-0018", "reindex");
        assert!(found.err.contains("sakura"), "{found:?}");
        let out = site.good("reindex --data data").out;
        assert!(out.contains(&format!("views rebuilt from entries: {size}")), "{out}");
        let genuine = format!(" {size} entries, {} contents", size - 1);
        assert!(site.good("verify --data data").out.contains(&genuine));
        let (process, client) = site.serve();
        assert_eq!(client.get("Patient?identifier=urn:x|3").get("entry.0.resource.id"), "p3", "{sql}");
        process.signal("TERM");
        good("serve", process.wait());
    }
}

#[test]
fn reindexing_good_views_changes_nothing() {
    let site = site();
    let before = site.exported("before");
    site.good("reindex --data data --facility sakura");
    assert_eq!(site.exported("after"), before);
    let size = site.journal().size();
    let out = site.good("reindex --language ja --data data").out;
    assert!(out.contains(&format!("索引を作り直しました。エントリー数: {size}")), "{out}");
    site.good("verify --data data");
}

#[test]
fn a_changed_journal_is_not_mended_by_reindexing() {
    let site = site();
    meddle(
        &site,
        &format!(
            "UPDATE content SET body = CAST(replace(CAST(body AS TEXT), 'urn:x', 'urn:y') AS BLOB) WHERE position = {P3}"
        ),
    );
    let place = format!("position {P3}:");
    site.refused("verify --data data", "ST-0017", &place);
    site.akashi("reindex --data data").run();
    site.refused("verify --data data", "ST-0017", &place);
}
