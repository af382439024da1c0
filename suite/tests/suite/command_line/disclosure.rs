//! `akashi disclosure`: what this system answers for, and who answers for each requirement in the end.

use super::Site;
use serde_json::Value;

#[test]
fn the_matrix_says_who_answers_and_what_is_left_in_both_languages() {
    let site = Site::sakura();
    let japanese = site.good("disclosure matrix --data data --edition meti-mic-2.0 --with aws --language ja");
    for part in ["要求事項", "医療機関に残ること", "100 件のうち"] {
        assert!(japanese.out.contains(part) || japanese.err.contains(part), "{part}: {japanese:?}");
    }
    let english =
        site.good("disclosure matrix --data data --edition meti-mic-2.0 --with google --language en");
    assert!(english.out.contains("left to the facility") && english.err.contains("of 100"), "{english:?}");
    site.refused("disclosure matrix --data data --edition meti-mic-1.1 --with aws", "GL-0004", "");
    site.refused("disclosure matrix --data data --with no-such-cloud", "EV-0009", "no-such-cloud");
}

#[test]
fn what_this_system_shows_about_itself_is_one_layer_of_the_matrix() {
    let site = Site::sakura();
    site.good("disclosure export --data data --edition jahis-sds-5.0 --out own.json");
    let own: Value = serde_json::from_str(&site.text("own.json")).unwrap();
    assert_eq!((&own["format"], &own["party"]["id"]), (&"akashi-disclosure/1".into(), &"akashi".into()));
    let stated = own["statements"].as_array().unwrap().len();
    assert!(stated > 5, "{own}");
    let matrix = site.json("disclosure matrix --edition jahis-sds-5.0");
    let rows = matrix["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 111);
    let spoken = rows.iter().filter(|row| !row["says"].as_array().unwrap().is_empty()).count();
    assert_eq!(spoken, stated);
    site.refused("disclosure export --data data --out own.json", "AK-", "own.json");
    site.write("bad.yaml", site.text("own.json").replacen("jahis-sds-5.0/", "jahis-sds-9.9/", 1));
    site.refused("disclosure import bad.yaml --data data", "GL-0001", "bad.yaml");
}

#[test]
fn disclosures_of_others_are_taken_in_in_both_forms_and_stand_in_the_matrix() {
    let site = Site::sakura();
    site.good("disclosure import aws --data data");
    site.good("disclosure export --data data --edition mhlw-6.0 --format oscal --out own.oscal.json");
    let vendor = site.text("own.oscal.json").replace("\"akashi\"", "\"vendor\"");
    site.write("vendor.json", vendor);
    site.good("disclosure import vendor.json --data data");
    let parties = |matrix: &Value| -> Vec<String> {
        let all = matrix["parties"].as_array().unwrap();
        all.iter().map(|party| party["party"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(parties(&site.json("disclosure matrix --edition mhlw-6.0")), ["aws", "akashi", "vendor"]);
    let listed = site.good("disclosure list --data data --language ja");
    assert!(listed.out.contains("済み") && listed.out.contains("google"), "{listed:?}");
    site.good("disclosure remove aws --data data");
    assert_eq!(parties(&site.json("disclosure matrix --edition mhlw-6.0")), ["akashi", "vendor"]);
    site.refused("disclosure remove aws --data data", "EV-0009", "aws");
    site.write("broken.json", "{\"component-definition\": []}");
    site.refused("disclosure import broken.json --data data", "GL-0007", "broken.json");
}
