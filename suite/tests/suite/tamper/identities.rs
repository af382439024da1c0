//! Tampering with who may come in: accounts, factors and the policy stand in the journal and are guarded like records.

use super::journal::{self, change, each_is_found_at_its_position};
use super::views::{self, each_is_found_and_mended};
use super::{Scene, placed};
use merkle::Hash;

/// Done to entries and contents.
const IN_THE_JOURNAL: &[journal::Case] = &[
    (
        "an account was made by somebody else",
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'console', 'nobody') AS BLOB) WHERE position = @tester",
        "position @tester:",
    ),
    (
        "an account is called a record",
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'identity.create', 'record.create') AS BLOB) WHERE position = @tester",
        "position @tester:",
    ),
    (
        "a record is called an identity",
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'record.create', 'identity.create') AS BLOB) WHERE position = @2",
        "position @2:",
    ),
    (
        "the disabling of an account is called its creation",
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'identity.update', 'identity.create') AS BLOB) WHERE position = @disabling",
        "position @disabling:",
    ),
    (
        "a factor's entry is that of another factor",
        "UPDATE entry SET body = (SELECT body FROM entry WHERE position = @spare) WHERE position = @key",
        "position @key:",
    ),
    ("the policy is gone", "DELETE FROM entry WHERE position = @policy", "position @policy:"),
    (
        "an account is gone with its content",
        "DELETE FROM entry WHERE position = @keeper; DELETE FROM content WHERE position = @keeper",
        "position @keeper:",
    ),
    (
        "a factor is gone with its content",
        "DELETE FROM entry WHERE position = @key; DELETE FROM content WHERE position = @key",
        "position @key:",
    ),
    (
        "the removal of a factor is gone, the rest moved up",
        "DELETE FROM entry WHERE position = @removal; UPDATE entry SET position = -position WHERE position > @removal; UPDATE entry SET position = -position - 1 WHERE position < 0",
        "position @removal:",
    ),
    (
        "the disabling of an account is gone, the rest moved up with its contents",
        "DELETE FROM entry WHERE position = @disabling; UPDATE entry SET position = -position WHERE position > @disabling; UPDATE entry SET position = -position - 1 WHERE position < 0;
         DELETE FROM content WHERE position = @disabling; UPDATE content SET position = -position WHERE position > @disabling; UPDATE content SET position = -position - 1 WHERE position < 0",
        "position @disabling:",
    ),
    (
        "an account and a record are swapped with their contents",
        "UPDATE entry SET position = 100 WHERE position = @keeper; UPDATE entry SET position = @keeper WHERE position = @1; UPDATE entry SET position = @1 WHERE position = 100; UPDATE content SET position = 100 WHERE position = @keeper; UPDATE content SET position = @keeper WHERE position = @1; UPDATE content SET position = @1 WHERE position = 100",
        "position @keeper:",
    ),
    (
        "the policy asks for more certificates than it did",
        "UPDATE content SET body = CAST(replace(CAST(body AS TEXT), '\"off\"', '\"verify\"') AS BLOB) WHERE position = @policy",
        "position @policy:",
    ),
    (
        "an account is of another kind",
        "UPDATE content SET body = CAST(replace(CAST(body AS TEXT), '\"service\"', '\"device\"') AS BLOB) WHERE position = @tester",
        "position @tester:",
    ),
    (
        "a disabled account is active again",
        "UPDATE content SET body = CAST(replace(CAST(body AS TEXT), '{\"disabled\":{\"reason\":\"left\"}}', '\"active\"') AS BLOB) WHERE position = @disabling",
        "position @disabling:",
    ),
    (
        "a disabled account has its content from before",
        "UPDATE content SET body = (SELECT body FROM content WHERE position = @keeper), salt = (SELECT salt FROM content WHERE position = @keeper) WHERE position = @disabling",
        "position @disabling:",
    ),
    (
        "a factor was moved to another account",
        "UPDATE content SET body = CAST(replace(CAST(body AS TEXT), '\"account\":\"tester\"', '\"account\":\"keeper\"') AS BLOB) WHERE position = @key",
        "position @key:",
    ),
    (
        "a factor opens for another key",
        "UPDATE content SET body = (SELECT body FROM content WHERE position = @spare), salt = (SELECT salt FROM content WHERE position = @spare) WHERE position = @key",
        "position @key:",
    ),
    ("the salt of a factor is another", "UPDATE content SET salt = zeroblob(32) WHERE position = @key", "position @key:"),
    ("the content of an account is gone", "DELETE FROM content WHERE position = @tester", "position @tester:"),
    ("the content of a factor is gone", "DELETE FROM content WHERE position = @key", "position @key:"),
    (
        "a factor that was taken away has content again",
        "INSERT INTO content SELECT @removal, salt, body FROM content WHERE position = @spare",
        "position @removal:",
    ),
    (
        "the checkpoint after a factor was taken away is gone",
        "DELETE FROM checkpoint WHERE size = @disabling",
        "position @removal:",
    ),
];

/// Done to the views.
const IN_THE_VIEWS: &[views::Case] = &[
    (
        "a disabled account is active again",
        "UPDATE record SET version = 1, position = @keeper WHERE id = 'keeper'",
    ),
    ("an account is hidden as ended", "UPDATE record SET deleted = 1 WHERE id = 'tester'"),
    ("a factor that was taken away stands again", "UPDATE record SET deleted = 0 WHERE position = @removal"),
    (
        "a factor that was taken away stands again in its first version",
        "UPDATE record SET deleted = 0, version = 1, position = @spare WHERE position = @removal",
    ),
    ("a factor is gone", "DELETE FROM record WHERE position = @key"),
    ("the policy is gone", "DELETE FROM record WHERE id = 'policy'"),
    (
        "the policy is gone with its history",
        "DELETE FROM version WHERE position = @policy; DELETE FROM record WHERE id = 'policy'",
    ),
    ("an account has another name", "UPDATE record SET id = 'visitor' WHERE id = 'tester'"),
    (
        "two accounts have swapped names",
        "UPDATE record SET id = 'x' WHERE id = 'tester'; UPDATE record SET id = 'tester' WHERE id = 'keeper'; UPDATE record SET id = 'keeper' WHERE id = 'x'",
    ),
    (
        "an account is called a patient",
        "UPDATE record SET kind = (SELECT kind FROM record WHERE id = 'p1') WHERE id = 'tester'",
    ),
    (
        "a patient is called an account",
        "UPDATE record SET kind = (SELECT kind FROM record WHERE id = 'tester') WHERE id = 'p1'",
    ),
    (
        "the history of an account is that of another",
        "UPDATE version SET record = (SELECT key FROM record WHERE id = 'tester'), version = 9 WHERE position = @disabling",
    ),
    (
        "the creation of an account counts as that of a record",
        "UPDATE version SET act = 1 WHERE position = @tester",
    ),
    (
        "the creation of a record counts as that of an account",
        "UPDATE version SET act = 4 WHERE position = @1",
    ),
    (
        "an account is found by a search",
        "INSERT INTO term SELECT param, value, (SELECT key FROM record WHERE id = 'tester') FROM term LIMIT 1",
    ),
    ("accounts are called otherwise", "UPDATE name SET text = 'AkashiVisitor' WHERE text = 'AkashiAccount'"),
    (
        "accounts and factors are called each other",
        "UPDATE name SET text = 'x' WHERE text = 'AkashiAccount'; UPDATE name SET text = 'AkashiAccount' WHERE text = 'AkashiFactor'; UPDATE name SET text = 'AkashiFactor' WHERE text = 'x'",
    ),
];

#[test]
fn every_change_of_an_identity_in_the_journal_is_found_and_its_first_position_named() {
    each_is_found_at_its_position(&Scene::small(), IN_THE_JOURNAL);
}

#[test]
fn every_change_of_an_identity_in_the_views_is_found_and_reindex_mends_it() {
    each_is_found_and_mended(&Scene::small(), IN_THE_VIEWS);
}

#[test]
fn an_account_changed_together_with_its_digest_is_found() {
    let scene = Scene::small();
    for (what, from, to) in
        [("@tester", r#""name":"tester""#, r#""name":"nobody""#), ("@key", r#""tester""#, r#""keeper""#)]
    {
        let copy = scene.copy();
        let position: i64 = placed(what).parse().unwrap();
        change(&scene, copy.path(), |connection| {
            let (entry, salt, content): (Vec<u8>, Vec<u8>, Vec<u8>) = connection
                .query_row(
                    "SELECT e.body, c.salt, c.body FROM entry e JOIN content c USING (position) WHERE position = ?1",
                    [position],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )
                .unwrap();
            let salt: [u8; 32] = salt.try_into().unwrap();
            let digest = |content: &str| Hash(seal::content_digest(&salt, content.as_bytes())).to_hex();
            let content = String::from_utf8(content).unwrap();
            let changed = content.replacen(from, to, 1);
            let entry = String::from_utf8(entry).unwrap();
            assert!(changed != content && entry.contains(&digest(&content)), "{content}");
            let entry = entry.replace(&digest(&content), &digest(&changed));
            for (table, body) in [("entry", entry), ("content", changed)] {
                let sql = format!("UPDATE {table} SET body = ?1 WHERE position = ?2");
                connection.execute(&sql, (body.as_bytes(), position)).unwrap();
            }
        });
        let told = scene.verify(copy.path(), None).unwrap_err();
        let expected =
            format!("position {position}: the checkpoint signed after this entry is of another tree");
        assert!(told.contains(&expected), "{told}");
    }
}
