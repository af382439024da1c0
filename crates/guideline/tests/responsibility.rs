//! Shared responsibility: who answers for a requirement when several layers disclose.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use guideline::{
    Answered, Catalogue, Day, Disclosure, Fact, Facts, Kind, Layer, Matrix, Party, Share, SourceFile, Text,
    Value, codes, disclosures, engine, matrix,
};
use serde_json::json;
use std::collections::BTreeSet;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// A disclosure of one layer, with lines `requirement share [relies on]`.
fn disclosed(catalogue: &Catalogue, id: &str, layer: &str, lines: &[&str]) -> Disclosure {
    let statement = |line: &&str| {
        let mut words = line.split(' ');
        let (item, share) = (words.next().unwrap(), words.next().unwrap());
        let remains = share != "provided";
        json!({
            "requirement": format!("mhlw-6.0/control/{item}"),
            "share": share,
            "provides_ja": "行う",
            "provides_en": "does",
            "remains_ja": remains.then_some("残る"),
            "remains_en": remains.then(|| format!("left by {id}")),
            "relies_on": words.next(),
        })
    };
    let file = json!({
        "format": "akashi-disclosure/1",
        "party": { "id": id, "layer": layer, "name_ja": "名", "name_en": "Name" },
        "dated": "2026",
        "based_on": "a test",
        "statements": lines.iter().map(statement).collect::<Vec<_>>(),
    });
    Disclosure::read(SourceFile { name: "own.json", text: &file.to_string() }, catalogue).unwrap()
}

fn answered(matrix: &Matrix, item: &str) -> (Answered, Vec<String>) {
    let row = matrix.rows.iter().find(|row| row.requirement.ends_with(&format!("control/{item}"))).unwrap();
    (row.answered, row.remains.iter().map(|text| text.en.clone()).collect())
}

#[test]
fn what_a_layer_leaves_is_taken_over_by_the_one_above_or_stays_with_the_facility() {
    let catalogue = engine().unwrap().catalogue;
    let below = disclosed(
        &catalogue,
        "cloud",
        "infrastructure",
        &["13-1 shared", "13-2 customer", "13-4 customer", "13-6 shared"],
    );
    let above = disclosed(&catalogue, "saas", "provider", &["13-1 provided", "13-2 shared", "12-1 provided"]);
    for chain in [vec![below.clone(), above.clone()], vec![above, below]] {
        for edition in ["mhlw-6.0", "mhlw-7.0"] {
            let made = matrix(&catalogue, edition, &chain, day("2026-04-01")).unwrap();
            assert_eq!(
                made.parties.iter().map(|party| party.layer).collect::<Vec<_>>(),
                [Layer::Infrastructure, Layer::Provider]
            );
            let left = |by: &str| vec![format!("left by {by}")];
            assert_eq!(answered(&made, "13-1"), (Answered::Below, vec![]), "{edition}");
            assert_eq!(answered(&made, "13-2"), (Answered::Shared, left("saas")));
            assert_eq!(answered(&made, "13-4"), (Answered::Facility, left("cloud")));
            assert_eq!(answered(&made, "13-6"), (Answered::Shared, left("cloud")));
            assert_eq!(answered(&made, "12-1"), (Answered::Below, vec![]));
            assert_eq!(answered(&made, "17-1"), (Answered::Facility, vec![]), "nobody speaks of it");
            assert_eq!(made.counts()[&Answered::Below], 2);
            assert_eq!(made.counts().values().sum::<usize>(), made.rows.len());
        }
    }
}

#[test]
fn whoever_relies_on_a_party_that_does_not_answer_is_named() {
    let catalogue = engine().unwrap().catalogue;
    let below = disclosed(&catalogue, "cloud", "infrastructure", &["13-1 customer", "13-2 shared"]);
    let above = disclosed(
        &catalogue,
        "saas",
        "provider",
        &["13-1 provided cloud", "13-2 provided cloud", "13-4 provided cloud"],
    );
    let made = matrix(&catalogue, "mhlw-6.0", &[below, above], day("2026-04-01")).unwrap();
    let unfounded: Vec<&str> = made
        .rows
        .iter()
        .filter(|row| !row.unfounded.is_empty())
        .map(|row| row.requirement.as_str())
        .collect();
    assert_eq!(unfounded, ["mhlw-6.0/control/13-1", "mhlw-6.0/control/13-4"]);
    assert_eq!(answered(&made, "13-1").0, Answered::Contradicted);
    assert_eq!(answered(&made, "13-2").0, Answered::Below);
}

#[test]
fn parties_that_rely_on_each_other_are_named() {
    let catalogue = engine().unwrap().catalogue;
    let one = disclosed(&catalogue, "one", "provider", &["13-1 provided two", "13-2 provided two"]);
    let two = disclosed(&catalogue, "two", "provider", &["13-1 provided one", "13-2 provided"]);
    let made = matrix(&catalogue, "mhlw-6.0", &[one, two], day("2026-04-01")).unwrap();
    assert_eq!(answered(&made, "13-1").0, Answered::Contradicted);
    let row = made.rows.iter().find(|row| row.requirement == "mhlw-6.0/control/13-1").unwrap();
    let pair = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    assert_eq!(row.unfounded, [pair("one", "two"), pair("two", "one")]);
    assert_eq!(answered(&made, "13-2").0, Answered::Below);
}

#[test]
fn of_several_systems_side_by_side_each_must_answer() {
    let catalogue = engine().unwrap().catalogue;
    let cloud = disclosed(&catalogue, "cloud", "infrastructure", &["12-1 provided", "13-6 shared"]);
    let chart =
        disclosed(&catalogue, "chart", "provider", &["13-1 provided", "13-2 provided", "13-4 customer"]);
    let images = disclosed(&catalogue, "images", "provider", &["13-1 provided", "13-4 customer"]);
    let made = matrix(&catalogue, "mhlw-6.0", &[images, cloud, chart], day("2026-04-01")).unwrap();
    let row = |item: &str| {
        made.rows.iter().find(|row| row.requirement.ends_with(&format!("control/{item}"))).unwrap()
    };
    assert_eq!(row("13-1").answered, Answered::Below);
    assert_eq!(
        (row("13-2").answered, row("13-2").silent.as_slice()),
        (Answered::Shared, &["images".to_owned()][..])
    );
    assert_eq!(row("12-1").answered, Answered::Below, "both stand on the cloud");
    assert_eq!(answered(&made, "13-6"), (Answered::Shared, vec!["left by cloud".to_owned()]));
    let left = vec!["left by chart".to_owned(), "left by images".to_owned()];
    assert_eq!(answered(&made, "13-4"), (Answered::Facility, left));
}

#[test]
fn what_is_asked_of_providers_and_no_party_speaks_of_is_nobodys() {
    let catalogue = engine().unwrap().catalogue;
    let made = matrix(&catalogue, "meti-mic-2.0", &[], day("2026-04-01")).unwrap();
    assert_eq!(
        made.counts()[&Answered::Unassigned],
        made.rows.len() - made.counts().get(&Answered::Facility).unwrap_or(&0)
    );
    assert!(made.counts()[&Answered::Unassigned] > 50);
}

#[test]
fn a_statement_counts_until_the_last_day_of_its_evidence() {
    let catalogue = engine().unwrap().catalogue;
    let mut one = disclosed(&catalogue, "saas", "provider", &["13-1 provided", "13-2 provided"]);
    one.statements.get_mut("mhlw-6.0/control/13-1").unwrap().valid_until = Some(day("2026-03-31"));
    for (today, first, second) in [
        ("2026-03-31", Answered::Below, Answered::Below),
        ("2026-04-01", Answered::Facility, Answered::Below),
        ("2027-01-01", Answered::Facility, Answered::Facility),
    ] {
        one.valid_until = Some(day("2026-12-31"));
        let made = matrix(&catalogue, "mhlw-6.0", std::slice::from_ref(&one), day(today)).unwrap();
        assert_eq!((answered(&made, "13-1").0, answered(&made, "13-2").0), (first, second), "{today}");
        let row = made.rows.iter().find(|row| row.requirement == "mhlw-6.0/control/13-1").unwrap();
        assert_eq!(row.expired.is_empty(), first == Answered::Below);
    }
    let again = one.to_json().to_string();
    assert_eq!(Disclosure::read(SourceFile { name: "a", text: &again }, &catalogue).unwrap(), one);
}

#[test]
fn a_disclosure_that_claims_what_cannot_be_is_refused_with_its_line() {
    let catalogue = engine().unwrap().catalogue;
    let good = "format: akashi-disclosure/1\nparty: {id: a, layer: provider, name_ja: 名, name_en: Name}\ndated: \"2026\"\nbased_on: x\nstatements:\n- requirement: mhlw-6.0/control/13-1\n  share: shared\n  provides_ja: 行う\n  provides_en: does\n  remains_ja: 残る\n  remains_en: rest\n";
    let read = |text: &str| Disclosure::read(SourceFile { name: "a.yaml", text }, &catalogue);
    read(good).unwrap();
    let twice = format!("{good}{}", good.split_once("statements:\n").unwrap().1);
    for (text, line) in [
        (good.replace("13-1", "99-9"), "line 6"),
        (good.replace("share: shared", "share: provided"), "line 6"),
        (good.replace("  remains_en: rest\n", ""), "line 6"),
        (good.replace("share: shared", "share: all"), "line 7"),
        (good.replace("dated: \"2026\"", "dated: \"2026\"\nvalid_until: 2026-13-01"), "line 4"),
        (good.replace("layer: provider", "layer: roof"), "line 2"),
        (twice, "line 12"),
    ] {
        let problem = read(&text).unwrap_err();
        assert_eq!(problem.code(), &codes::FILE);
        assert!(problem.text(base::Language::English).contains(line), "{text}: {problem}");
    }
    let one = disclosed(&catalogue, "a", "provider", &["13-1 provided"]);
    assert_eq!(
        matrix(&catalogue, "mhlw-6.0", &[one.clone(), one], day("2026-04-01")).unwrap_err().code(),
        &codes::CATALOGUE
    );
}

#[test]
fn a_system_discloses_what_its_own_facts_show_and_reads_it_again() {
    let engine = engine().unwrap();
    let now = base::Time::parse("2026-04-01T00:00:00Z").unwrap();
    let seen =
        engine.registry.keys().filter(|key| key.key.starts_with("runtime.") && key.kind == Kind::YesNo);
    let good = seen.map(|key| Fact::seen(&key.key, Value::YesNo(true), now, ("試験", "a test")));
    let facts = Facts::gather(&engine.registry, good, now).unwrap();
    let party = Party { id: "akashi".to_owned(), name: Text::default(), layer: Layer::Provider };
    let own = engine.disclose(party.clone(), "jahis-sds-5.0", &facts, day("2026-04-01")).unwrap();
    let shares: BTreeSet<Share> = own.statements.values().map(|said| said.share).collect();
    assert_eq!(shares, BTreeSet::from([Share::Provided, Share::Shared]));
    let text = own.to_json().to_string();
    let again = Disclosure::read(SourceFile { name: "own.json", text: &text }, &engine.catalogue).unwrap();
    assert_eq!(again, own);
    let nothing = engine.disclose(party, "mhlw-6.0", &Facts::default(), day("2026-04-01")).unwrap();
    assert!(nothing.statements.is_empty(), "what is not known is not claimed");
}

#[test]
fn the_cloud_operators_disclosures_read_and_leave_the_most_to_their_customers() {
    let catalogue = engine().unwrap().catalogue;
    let all = disclosures(&catalogue).unwrap();
    assert_eq!(all.iter().map(|one| one.party.id.as_str()).collect::<Vec<_>>(), ["aws", "azure", "google"]);
    for one in all {
        assert_eq!(one.party.layer, Layer::Infrastructure);
        let provided = one.statements.values().filter(|said| said.share == Share::Provided).count();
        assert!(provided * 10 < one.statements.len(), "{}", one.party.id);
        let made = matrix(&catalogue, "meti-mic-2.0", &[one], day("2026-04-01")).unwrap();
        assert_eq!(made.counts()[&Answered::Below], 2, "data centres and their entrances");
        assert!(made.counts()[&Answered::Unassigned] > 50, "{:?}", made.counts());
    }
}
