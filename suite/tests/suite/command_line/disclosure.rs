//! `akashi disclosure`: what this system answers for, and who answers for each requirement in the end.

use super::Site;
use serde_json::Value;

#[test]
fn the_matrix_says_who_answers_and_what_is_left_in_both_languages() {
    let site = Site::empty();
    let japanese = site.good("disclosure matrix --edition meti-mic-2.0 --with aws --language ja");
    for part in ["要求事項", "医療機関に残ること", "100 件のうち 2 件は下位の層が受け持ち"]
    {
        assert!(japanese.out.contains(part) || japanese.err.contains(part), "{part}: {japanese:?}");
    }
    let english = site.good("disclosure matrix --edition meti-mic-2.0 --with google --language en");
    assert!(english.out.contains("left to the facility") && english.err.contains("2 of 100"), "{english:?}");
    site.refused("disclosure matrix --edition meti-mic-1.1 --with aws", "GL-0004", "");
    site.refused("disclosure matrix --with no-such-cloud", "ST-", "no-such-cloud");
}

#[test]
fn what_this_system_shows_about_itself_is_one_layer_of_the_matrix() {
    let site = Site::sakura();
    site.good("disclosure export --data data --edition jahis-sds-5.0 --out own.json");
    let own: Value = serde_json::from_str(&site.text("own.json")).unwrap();
    assert_eq!((&own["format"], &own["party"]["id"]), (&"akashi-disclosure/1".into(), &"akashi".into()));
    let stated = own["statements"].as_array().unwrap().len();
    assert!(stated > 5, "{own}");
    let line = "disclosure matrix --edition jahis-sds-5.0 --with own.json --format json";
    let matrix: Value = serde_json::from_str(&site.good(line).out).unwrap();
    let rows = matrix["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 111);
    let spoken = rows.iter().filter(|row| !row["says"].as_array().unwrap().is_empty()).count();
    assert_eq!(spoken, stated);
    site.refused("disclosure export --data data --out own.json", "AK-", "own.json");
    site.write("bad.yaml", site.text("own.json").replacen("jahis-sds-5.0/", "jahis-sds-9.9/", 1));
    site.refused("disclosure matrix --with bad.yaml", "GL-0001", "bad.yaml");
}
