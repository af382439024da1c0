//! Real plans: what the internet reaches in each is kept in a table.

use site::model::{Model, Thing, Treatment};
use site::plan::Plan;
use site::reach::{Answer, Question};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/tfplans");
    let folders = ["fixtures", "planned"].map(|part| folder.join(part));
    let mut files: Vec<PathBuf> = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// How many hosts are reached, may be, or nobody knows; and the names of those that are.
fn counts(model: &Model) -> ([usize; 4], Vec<String>) {
    let (mut counts, mut reached) = ([0; 4], Vec::new());
    let Some(internet) = model.find("internet") else { return (counts, reached) };
    let reach = Question::of(&model.network).from(internet);
    for (node, thing) in model.things() {
        if model.network.host(node).is_none() || !matches!(thing, Thing::Resource { .. }) {
            continue;
        }
        let at = match reach.to(node) {
            Answer::Reached(reached) if reached.decided => 0,
            Answer::Reached(_) => 1,
            Answer::Undecided(_) => 2,
            Answer::NoPath => 3,
        };
        counts[at] += 1;
        if at == 0 {
            reached.push(model.network.node(node).unwrap().title.id.clone());
        }
    }
    (counts, reached)
}

#[test]
fn what_the_internet_reaches_in_real_plans_is_as_in_the_table() {
    let mut table = String::from(
        "# Made by `cargo test -p site --test aws`. Hosts of each plan by what the internet reaches of them.\n\
         # file nodes | hosts: reached, maybe, undecided, not | resources: modelled, undecided | reached\n",
    );
    for path in files() {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let Ok(plan) = Plan::read(&name, bytes.as_slice(), 0) else { continue };
        let model = Model::draw(None, &[plan]).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        let ([yes, maybe, undecided, no], reached) = counts(&model);
        let of = |treatment| model.coverage.of(treatment).map(|(_, count)| count).sum::<usize>();
        let (modelled, open) = (of(Treatment::Modelled), of(Treatment::Undecided));
        let nodes = model.network.nodes().len();
        let line = format!(
            "{name} {nodes} | {yes} {maybe} {undecided} {no} | {modelled} {open} | {}",
            reached.join(" ")
        );
        writeln!(table, "{}", line.trim_end()).unwrap();
    }
    if files().is_empty() {
        println!("the corpus of plans is not here: nothing was compared");
        return;
    }
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected/aws-plans.txt");
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("aws-plans.txt");
    std::fs::write(&made, &table).unwrap();
    let kept = std::fs::read_to_string(&expected).unwrap_or_default();
    assert!(kept == table, "the counts differ: compare {} with {}", expected.display(), made.display());
}
