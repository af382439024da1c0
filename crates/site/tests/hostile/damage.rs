//! Real plans and templates with values replaced at random.

use super::*;

/// Numbers that look random and are the same on every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }
}

fn corpus() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/tfplans/planned");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("the corpus of plans is not here: nothing was damaged");
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    paths.iter().map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), read(path))).collect()
}

fn other(dice: &mut Dice, value: &Value) -> Value {
    match dice.next(18) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(u64::MAX),
        4 => json!(1e308),
        5 => json!(""),
        6 => json!([]),
        7 => json!({}),
        8 => json!("::/0"),
        9 => json!("0.0.0.0/0"),
        10 => json!("10.0.0.0/99"),
        11 => json!([[[value.clone()]]]),
        12 => json!({ "x": value.clone() }),
        13 => json!([value.clone(), value.clone(), null]),
        14 => json!("\u{202e}<script>\u{1b}[0m"),
        15 => json!("{\"Statement\": [{\"Effect\": 3, \"Principal\": [[]]}]}"),
        16 => json!("data.aws_vpc.x[*]"),
        _ => json!([null, 1, "-", { "cidr_block": [] }]),
    }
}

/// Puts other values in place of some of those below an attribute of a resource.
fn damaged(dice: &mut Dice, value: &mut Value, often: usize, depth: usize) {
    if depth > 0 && dice.next(often) == 0 {
        *value = other(dice, value);
        return;
    }
    match value {
        Value::Array(all) => all.iter_mut().for_each(|one| damaged(dice, one, often, depth + 1)),
        Value::Object(all) => all.values_mut().for_each(|one| damaged(dice, one, often, depth + 1)),
        _ => {}
    }
}

/// Damages what stands below these keys, wherever they are.
fn damage(dice: &mut Dice, value: &mut Value, often: usize) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(|one| damage(dice, one, often)),
        Value::Object(all) => {
            for (key, one) in all.iter_mut() {
                if ["values", "after", "after_unknown", "expressions"].contains(&key.as_str())
                    && one.is_object()
                {
                    damaged(dice, one, often, 0);
                }
                damage(dice, one, often);
            }
        }
        _ => {}
    }
}

#[test]
fn real_plans_with_other_values_in_place_of_theirs_never_end_the_process() {
    let mut dice = Dice(20_261_122);
    for (name, plan) in corpus() {
        for often in [3, 20, 200] {
            let mut plan = plan.clone();
            damage(&mut dice, &mut plan, often);
            let text = plan.to_string();
            run(&format!("{name} 1/{often}"), || match Plan::read(&name, text.as_bytes(), 0) {
                Ok(plan) => drop(checked(None, &[plan])),
                Err(problem) => assert!(problem.code().id.starts_with("SI-00")),
            });
        }
    }
}

#[test]
fn the_description_with_other_words_in_place_of_its_own_never_ends_the_process() {
    let text = description::template("direct-connect").unwrap().text;
    let mut dice = Dice(7);
    let words = [
        "unknown",
        "[]",
        "{}",
        "-1",
        "999999999999",
        "yes",
        "''",
        "0.0.0.0/0",
        "'::/0'",
        "internet",
        "medical",
        "~",
        "1e9",
    ];
    let mut read = 0;
    run("damaged descriptions", || {
        for _ in 0..60 {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            for _ in 0..=dice.next(2) {
                let at = dice.next(lines.len());
                let line = &mut lines[at];
                let Some((key, rest)) = line.rsplit_once(": ") else { continue };
                let tail: String = rest.chars().skip_while(|one| !",}]".contains(*one)).collect();
                *line = format!("{key}: {}{tail}", words[dice.next(words.len())]);
            }
            if let Ok(site) = description::read("site.yaml", &lines.join("\n")) {
                read += 1;
                drop(checked(Some(&site), &[]));
            }
        }
    });
    assert!(read > 5, "{read}");
}
