//! A witness and a journal that moves: it follows to the new place by the handover whose checkpoint it has cosigned, or by
//! the word of whoever runs it, and by nothing else. What is put back at the new place is unmasked as it was before.

use crate::command_line::Site;
use crate::material::born;
use crate::witnesses::{Watched, list_in};
use std::fs;

/// A facility that a witness has cosigned, and the key that is prepared for it at a new place.
fn moving() -> (Watched, String) {
    let watched = Watched::new();
    watched.import("p1", "1950");
    watched.ask();
    let successor = watched.site.good(&format!("successor {} --data new", watched.log)).out;
    watched.import("p2", "1960");
    (watched, successor.trim_end().to_owned())
}

/// Writes a record at the new place.
fn write(site: &Site, data: &str, id: &str) {
    site.write("new.json", born(id, "1980"));
    site.good(&format!("import --data {data} new.json"));
}

/// The one handover of a log.
fn handover(site: &Site, log: &str) -> String {
    let mut files = fs::read_dir(site.path(&format!("{log}/handover"))).unwrap();
    let name = files.next().unwrap().unwrap().file_name().into_string().unwrap();
    assert!(files.next().is_none(), "one succession");
    format!("{log}/handover/{name}")
}

#[test]
fn a_witness_follows_the_handover_it_has_cosigned_and_unmasks_what_is_put_back_at_the_new_place() {
    let (watched, successor) = moving();
    let (site, key) = (&watched.site, &watched.key);
    watched.copy("data", "resurrected");
    watched.copy("data", "forked");
    site.good(&format!("export --data data --complete leaving --to {successor}"));
    let handover = handover(site, "leaving/log");
    watched.copy("new", "afresh");
    site.good("import --data new --complete leaving");
    list_in(site, "new", watched.address, key);

    // The handover is good, and the witness has not seen yet what it is about.
    let trust = format!("witness trust w1 --handover {handover}");
    site.refused(&trust, "WI-0016", "were cosigned");
    site.refused("witness ask --data new", "WI-0012", "handover");
    refuse_forged(&watched, &handover);
    site.refused("witness ask --data new", "WI-0012", "handover");

    let told = site.good(&trust).out;
    assert!(told.contains(&format!("signed by {successor}")), "{told}");
    assert!(told.contains(&format!("no longer by {}", watched.log)), "{told}");
    let told = site.good("witness ask --data new").out;
    assert!(told.contains("w1: cosigned "), "{told}");
    site.good(&trust);
    site.refused(&format!("witness trust w1 {}", watched.log), "WI-0017", "--only");
    site.good(&format!("verify --data new --witness {key} --witness-hours-max 1"));
    // Whoever goes on at the old place hears that it was left.
    list_in(site, "resurrected", watched.address, key);
    site.refused("witness ask --data resurrected", "AK-0024", "more than there are");
    write(site, "resurrected", "p9");
    site.refused("witness ask --data resurrected", "AK-0024", "w1");
    put_back(&watched);
}

/// What leads to other keys: changed by hand, of another tree that the old key has signed, of another facility.
fn refuse_forged(watched: &Watched, handover: &str) {
    let site = &watched.site;
    let trusted = || {
        let mut files = fs::read_dir(site.path("w1/trusted")).unwrap().map(|file| file.unwrap().path());
        fs::read(files.find(|file| file.file_name().unwrap().len() == 64).unwrap()).unwrap()
    };
    let before = trusted();
    let theirs = site.good(&format!("successor {} --data theirs", watched.log)).out.trim_end().to_owned();
    let text = site.text(handover);
    let mut file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let entry = file["entry"].as_str().unwrap().to_owned();
    let inner: serde_json::Value = serde_json::from_str(&entry).unwrap();
    let named = inner["succession"]["to"].as_str().unwrap().to_owned();
    file["entry"] = entry.replace(&named, &theirs).into();
    assert_ne!(file["entry"].as_str().unwrap(), entry);
    site.write("changed", file.to_string());
    site.refused("witness trust w1 --handover changed", "WI-0016", "has signed it");
    site.good(&format!("export --data forked --complete stolen --to {theirs}"));
    let stolen = self::handover(site, "stolen/log");
    site.refused(&format!("witness trust w1 --handover {stolen}"), "WI-0016", "two histories");
    let stranger = Site::sakura();
    stranger.good("export --data data --log log");
    let key = stranger.good("successor log/key --data new").out.trim_end().to_owned();
    stranger.good(&format!("export --data data --complete leaving --to {key}"));
    site.write("foreign", stranger.text(&self::handover(&stranger, "leaving/log")));
    site.refused("witness trust w1 --handover foreign", "WI-0016", "does not know its log");
    site.refused("witness trust w1 --handover leaving/log/key", "WI-0016", "no handover");
    let japanese = site.akashi("--language ja witness trust w1 --handover changed").run();
    assert!(japanese.err.contains("登録済みの鍵による署名がない"), "{japanese:?}");
    assert_eq!(trusted(), before, "nothing was changed");
}

/// The new place is put back from a copy, and from the export.
fn put_back(watched: &Watched) {
    let (site, key) = (&watched.site, &watched.key);
    watched.copy("new", "copy");
    write(site, "new", "p4");
    site.good("witness ask --data new");
    watched.copy("copy", "new");
    let ended = site.refused("witness ask --data new", "AK-0024", "more than there are").err;
    assert!(ended.contains("It is proven"), "by a checkpoint that the new key signed: {ended}");
    for number in 0..9 {
        write(site, "new", &format!("q{number}"));
    }
    site.refused("witness ask --data new", "AK-0024", "not the beginning of what there is");
    // Taken in once more, by the key that was prepared before.
    site.good("import --data afresh --complete leaving");
    list_in(site, "afresh", watched.address, key);
    site.refused("witness ask --data afresh", "AK-0024", "w1");
    site.refused("verify --data afresh", "AK-0024", "w1");
}

#[test]
fn where_the_old_place_is_gone_whoever_runs_the_witness_says_which_key_alone_signs() {
    let (watched, successor) = moving();
    let (site, key) = (&watched.site, &watched.key);
    site.good("export --data data --complete copy");
    site.good("import --data new --complete copy --unsigned");
    list_in(site, "new", watched.address, key);
    site.refused("witness ask --data new", "WI-0012", "log/key");
    // A journal that goes on at both places, while the witness believes either: whoever comes first is the one.
    site.good(&format!("witness trust w1 {successor} --only"));
    let told = site.good("witness ask --data new").out;
    assert!(told.contains("w1: cosigned "), "{told}");
    watched.import("p8", "1990");
    site.refused("witness ask --data data", "AK-0024", "w1");
    write(site, "new", "p4");
    site.good("witness ask --data new");
}

#[test]
fn without_a_network_the_log_of_the_export_is_cosigned_before_the_handover_is_taken() {
    let site = Site::sakura();
    site.good("witness init w1 --name witness.example.jp/w1");
    site.good("export --data data --log log");
    site.good("witness trust w1 log/key");
    site.good("witness cosign w1 log --out cosigned");
    let successor = site.good("successor log/key --data new").out.trim_end().to_owned();
    site.good(&format!("export --data data --complete leaving --to {successor}"));
    site.good("import --data new --complete leaving");
    site.good("export --data new --log new-log");
    site.refused("witness cosign w1 new-log", "WI-0003", "no valid signature");
    let handover = handover(&site, "new-log");
    let trust = format!("witness trust w1 --handover {handover}");
    site.refused(&trust, "WI-0016", "akashi witness cosign");
    site.good("witness cosign w1 leaving/log --out at-the-end");
    site.good(&trust);
    site.good("witness cosign w1 new-log --out after");
    site.refused("witness cosign w1 leaving/log", "WI-0004", "");
    let listed = site.good("witness list w1").out;
    assert!(listed.contains(successor.split('+').nth(1).unwrap()), "{listed}");
}
