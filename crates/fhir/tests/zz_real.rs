//! temp
use base::Time;
use fhir::fhirpath::*;
use std::collections::*;
#[test]
fn real() {
    let cons: Vec<Vec<String>> = serde_json::from_slice(&std::fs::read("/tmp/cons.json").unwrap()).unwrap();
    let sp: Vec<String> = serde_json::from_slice(&std::fs::read("/tmp/sp.json").unwrap()).unwrap();
    let mut by: BTreeMap<String, Vec<(String, Expression)>> = BTreeMap::new();
    let mut bad = BTreeSet::new();
    for c in &cons {
        match Expression::parse(&c[2]) {
            Ok(e) => by.entry(c[1].clone()).or_default().push((c[0].clone(), e)),
            Err(p) => {
                bad.insert(format!("{} {} => {}", c[0], c[2], p.text(base::Language::English)));
            }
        }
    }
    for b in &bad {
        println!("PARSE {b}");
    }
    let mut sps = Vec::new();
    for s in &sp {
        match Expression::parse(s) {
            Ok(e) => sps.push(e),
            Err(p) => println!("SP {s} => {}", p.text(base::Language::English)),
        }
    }
    let all = Expression::parse("descendants()").unwrap();
    let text = std::fs::read_to_string("/tmp/res.ndjson").unwrap();
    let mut fails: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let (mut n, mut evals, mut took) = (0, 0usize, std::time::Duration::ZERO);
    let mut sphits = vec![0usize; sps.len()];
    for line in text.lines() {
        let Ok(node) = fhir::json::parse(line.as_bytes()) else { continue };
        let Some(root) = Item::resource(&node) else { continue };
        let scope = Scope::new(Time::from_microseconds(1_600_000_000_000_000))
            .resource(root.clone())
            .root_resource(root.clone());
        n += 1;
        let mut items = vec![root.clone()];
        match all.evaluate(&scope, &root) {
            Ok(i) => items.extend(i),
            Err(p) => {
                println!("DESC {p}");
                continue;
            }
        }
        let start = std::time::Instant::now();
        for item in &items {
            // inner resources have their own %resource: skip them here
            let Some(list) = by.get(item.type_name()) else { continue };
            for (key, e) in list {
                evals += 1;
                match e.holds(&scope, item) {
                    Ok(true) => {}
                    Ok(false) => {
                        let f = fails.entry(format!("{key} FALSE {}", item.type_name())).or_default();
                        f.0 += 1;
                        if f.1.is_empty() {
                            f.1 = line.chars().take(120).collect();
                        }
                    }
                    Err(p) => {
                        let f = fails
                            .entry(format!(
                                "{key} {} {} {}",
                                item.type_name(),
                                p.text(base::Language::English),
                                e.text()
                            ))
                            .or_default();
                        f.0 += 1;
                        if f.1.is_empty() {
                            f.1 = line.chars().take(120).collect();
                        }
                    }
                }
            }
        }
        took += start.elapsed();
        if n % 20 == 0 {
            for (i, e) in sps.iter().enumerate() {
                match e.evaluate(&scope, &root) {
                    Ok(v) => sphits[i] += v.len(),
                    Err(p) => println!("SPEVAL {} {}", e.text(), p.text(base::Language::English)),
                }
            }
        }
    }
    for (k, v) in &fails {
        println!("{k} x{} {}", v.0, v.1);
    }
    println!(
        "{n} resources {evals} evals {took:?} {:?} per eval; sp with hits {} of {}",
        took / (evals as u32).max(1),
        sphits.iter().filter(|h| **h > 0).count(),
        sps.len()
    );
}
