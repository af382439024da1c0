//! Which crate may use which: the table of the design, held against what cargo sees and what ARCHITECTURE.md shows.

use super::Finding;
use super::tree::Tree;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Where the table is shown to people.
const MAP: &str = "ARCHITECTURE.md";

/// What a crate may use of our own.
enum May {
    Use(&'static [&'static str]),
    UseAll,
}

/// One crate of ours.
struct Room {
    name: &'static str,
    may: May,
    /// What its tests may use beyond that.
    in_tests: &'static [&'static str],
}

const fn room(name: &'static str, may: &'static [&'static str]) -> Room {
    Room { name, may: May::Use(may), in_tests: &["testkit"] }
}

/// Crates that stand beside the product: they test it, or build it, and are not in the map.
const BESIDE: [Room; 3] = [
    Room { name: "testkit", may: May::UseAll, in_tests: &[] },
    Room { name: "suite", may: May::UseAll, in_tests: &[] },
    room("xtask", &[]),
];

/// The table. Dependencies point from a row to rows above it.
const ROOMS: [Room; 18] = [
    room("base", &[]),
    room("merkle", &[]),
    room("seal", &["base"]),
    room("fhir", &["base"]),
    room("access", &["base"]),
    room("guideline", &["base"]),
    room("site", &["base"]),
    room("report", &["base", "guideline", "site"]),
    Room { name: "console", may: May::Use(&["base", "fhir"]), in_tests: &[] },
    Room { name: "press", may: May::Use(&["base", "report"]), in_tests: &["guideline", "site"] },
    Room { name: "sample", may: May::Use(&["base"]), in_tests: &["fhir", "testkit"] },
    room("store", &["access", "base", "merkle", "seal"]),
    room("witness", &["base", "merkle", "seal", "store"]),
    room("identity", &["access", "base", "seal", "store"]),
    room("records", &["access", "base", "fhir", "store"]),
    room("evidence", &["base", "guideline", "identity", "report", "store"]),
    room("server", &["access", "base", "console", "evidence", "fhir", "identity", "records", "store"]),
    room(
        "akashi",
        &[
            "access",
            "base",
            "evidence",
            "guideline",
            "identity",
            "merkle",
            "press",
            "records",
            "report",
            "sample",
            "seal",
            "server",
            "site",
            "store",
            "witness",
        ],
    ),
];

/// Dependencies that are not in the table, and a map that shows another one.
pub(crate) fn check(tree: &Tree, metadata: &Value) -> Vec<Finding> {
    let packages = metadata.get("packages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut findings: Vec<Finding> = packages.iter().flat_map(of_package).collect();
    if let Some(map) = tree.text(MAP) {
        findings.extend(of_map(&map));
    }
    findings
}

fn of_package(package: &Value) -> Vec<Finding> {
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = text(package, "name");
    let place =
        if matches!(name.as_str(), "suite" | "xtask") { name.clone() } else { format!("crates/{name}") };
    let manifest = format!("{place}/Cargo.toml");
    let Some(room) = ROOMS.iter().chain(&BESIDE).find(|room| room.name == name) else {
        let what = format!("crate `{name}` is not in the table of xtask/src/tidy/rooms.rs");
        return vec![Finding::new(&manifest, 1, what)];
    };
    let dependencies = package.get("dependencies").and_then(Value::as_array).cloned().unwrap_or_default();
    dependencies
        .iter()
        .filter(|dependency| dependency.get("path").is_some())
        .map(|dependency| (text(dependency, "name"), text(dependency, "kind") == "dev"))
        .filter(|(used, in_tests)| !room.allows(used, *in_tests))
        .map(|(used, _)| Finding::new(&manifest, 1, format!("`{name}` may not use `{used}`")))
        .collect()
}

impl Room {
    fn allows(&self, used: &str, in_tests: bool) -> bool {
        let listed = match self.may {
            May::UseAll => true,
            May::Use(list) => list.contains(&used),
        };
        listed || (in_tests && self.in_tests.contains(&used))
    }

    /// The cell of the table, as a set of words.
    fn cell(&self) -> BTreeSet<String> {
        let list = if let May::Use(list) = self.may { list } else { &[] };
        list.iter().map(|&name| name.to_owned()).collect()
    }
}

/// Compares the rows below the heading `| crate | may use |`.
fn of_map(map: &str) -> Vec<Finding> {
    let Some(head) =
        map.lines().position(|line| cells(line).starts_with(&["crate".to_owned(), "may use".to_owned()]))
    else {
        return vec![Finding::new(MAP, 1, "there is no table `| crate | may use |`")];
    };
    let mut shown: BTreeMap<String, (usize, BTreeSet<String>)> = BTreeMap::new();
    for (index, line) in map.lines().enumerate().skip(head + 2).take_while(|(_, line)| line.starts_with('|'))
    {
        let cells = cells(line);
        let (names, may) = (cells.first(), cells.get(1).map(|cell| words(cell)));
        for name in names.map(|cell| words(cell)).unwrap_or_default() {
            shown.insert(name, (index + 1, may.clone().unwrap_or_default()));
        }
    }
    let mut findings = Vec::new();
    for room in &ROOMS {
        match shown.remove(room.name) {
            None => findings.push(Finding::new(MAP, head + 1, format!("the table lacks `{}`", room.name))),
            Some((_, cell)) if cell == room.cell() => {}
            Some((line, _)) => {
                let allowed = room.cell().into_iter().collect::<Vec<_>>().join(", ");
                findings.push(Finding::new(MAP, line, format!("`{}` may use: {allowed}", room.name)));
            }
        }
    }
    let unknown = shown.into_iter();
    findings.extend(
        unknown.map(|(name, (line, _))| Finding::new(MAP, line, format!("there is no crate `{name}`"))),
    );
    findings
}

fn cells(line: &str) -> Vec<String> {
    line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// `base, merkle` and `–` as sets.
fn words(cell: &str) -> BTreeSet<String> {
    let words = cell.split(',').map(|word| word.trim().trim_matches('`').to_owned());
    words.filter(|word| !word.is_empty() && word != "–" && word != "-").collect()
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::*;
    use serde_json::json;
    use std::fmt::Write as _;

    fn package(name: &str, used: &str, kind: Option<&str>) -> Value {
        let ours = json!({ "name": used, "kind": kind, "path": "somewhere" });
        let foreign = json!({ "name": "serde", "kind": null });
        json!({ "packages": [{ "name": name, "dependencies": [ours, foreign] }] })
    }

    fn lines(map: &str, metadata: &Value) -> Vec<String> {
        let tree = Scratch::new(&[(MAP, map)]);
        check(&tree.tree(), metadata).iter().map(ToString::to_string).collect()
    }

    /// The table as it should be shown.
    fn good_map() -> String {
        let mut map = "# Map\n\n| crate | may use | what for |\n|---|---|---|\n".to_owned();
        for room in &ROOMS {
            let cell = room.cell().into_iter().collect::<Vec<_>>().join(", ");
            let cell = if cell.is_empty() { "–" } else { &cell };
            writeln!(map, "| `{}` | {cell} | x |", room.name).unwrap();
        }
        map
    }

    #[test]
    fn a_dependency_against_the_direction_is_found() {
        let metadata = package("store", "fhir", None);
        assert_eq!(lines(&good_map(), &metadata), ["crates/store/Cargo.toml:1: `store` may not use `fhir`"]);
        assert!(lines(&good_map(), &package("store", "seal", None)).is_empty());
        assert!(lines(&good_map(), &package("suite", "server", None)).is_empty());
    }

    #[test]
    fn tests_may_use_what_the_table_grants_to_tests_only() {
        assert!(lines(&good_map(), &package("sample", "fhir", Some("dev"))).is_empty());
        assert_eq!(lines(&good_map(), &package("sample", "fhir", None)).len(), 1);
        assert_eq!(lines(&good_map(), &package("merkle", "base", Some("dev"))).len(), 1);
    }

    #[test]
    fn a_crate_that_nobody_entered_is_found() {
        assert!(lines(&good_map(), &package("cellar", "base", None))[0].contains("not in the table"));
    }

    #[test]
    fn a_map_that_shows_another_table_is_found() {
        let none = json!({ "packages": [] });
        assert!(lines(&good_map(), &none).is_empty());
        let changed = good_map().replace("access, base, merkle, seal", "access, base, merkle");
        let place = changed.lines().position(|line| line.starts_with("| `store` |")).unwrap() + 1;
        assert_eq!(
            lines(&changed, &none),
            [format!("ARCHITECTURE.md:{place}: `store` may use: access, base, merkle, seal")]
        );
        let lacking = good_map().replace("| `seal` |", "| `cellar` |");
        assert_eq!(lines(&lacking, &none).len(), 2);
        assert_eq!(lines("# Map\n", &none).len(), 1);
    }
}
