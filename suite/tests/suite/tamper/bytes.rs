//! Single bytes of the files of a small store, changed in turn.

use super::{Scene, restore};
use std::fs;
use testkit::damage::flipped;

const PAGE: usize = 4_096;

/// Tries the database with one byte changed at each of these places.
fn each_place_is_found(scene: &Scene, places: impl Iterator<Item = usize>) {
    let copy = scene.copy();
    let database = scene.database(copy.path());
    let good = fs::read(&database).unwrap();
    let mut missed = Vec::new();
    for place in places {
        let bit = u8::try_from(place % 8).unwrap();
        restore(&database, &flipped(&good, place, bit));
        if let Err(told) = scene.found_or_harmless(copy.path(), None) {
            missed.push(format!("byte {place}, bit {bit}: {told}"));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    restore(&database, &good);
    scene.verify(copy.path(), Some(&scene.kept)).unwrap();
}

#[test]
fn a_changed_byte_of_any_page_is_found_or_harmless() {
    let scene = Scene::small();
    let length = fs::metadata(scene.database(scene.clinic.data())).unwrap().len();
    let pages = usize::try_from(length).unwrap() / PAGE;
    assert!(pages > 10, "{pages}");
    // The edges of page, content, initialisation vector (at 4016) and authentication code (at 4032), and one inside.
    let within = |page: usize| [0, 15, 16, 100 + page * 37, 2_048, 4_015, 4_016, 4_031, 4_032, 4_095];
    each_place_is_found(&scene, (0..pages).flat_map(|page| within(page).map(|at| page * PAGE + at % PAGE)));
}

#[test]
#[ignore = "takes a quarter of an hour: every byte of the file"]
fn every_single_changed_byte_is_found_or_harmless() {
    let scene = Scene::small();
    let length = fs::metadata(scene.database(scene.clinic.data())).unwrap().len();
    each_place_is_found(&scene, 0..usize::try_from(length).unwrap());
}

#[test]
fn a_changed_byte_of_the_sealed_keys_is_found_or_harmless() {
    let scene = Scene::small();
    let copy = scene.copy();
    let file = store::folder(copy.path(), scene.clinic.facility()).join("facility.json");
    let good = fs::read(&file).unwrap();
    let database = scene.database(copy.path());
    let journal = fs::read(&database).unwrap();
    let mut missed = Vec::new();
    for place in 0..good.len() {
        let bit = u8::try_from(place % 7).unwrap();
        // Where the change did no harm, whoever looked has left an entry.
        restore(&database, &journal);
        fs::write(&file, flipped(&good, place, bit)).unwrap();
        if let Err(told) = scene.found_or_harmless(copy.path(), None) {
            missed.push(format!("byte {place}, bit {bit}: {told}"));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_changed_master_key_opens_nothing() {
    let scene = Scene::small();
    let text = scene.clinic.master().to_text();
    let good = text.reveal().as_bytes();
    for place in 0..good.len() {
        let changed = flipped(good, place, u8::try_from(place % 7).unwrap());
        let Ok(changed) = String::from_utf8(changed) else { continue };
        let Ok(master) = seal::MasterKey::parse(&changed) else { continue };
        let read = store::FacilityKeys::read(scene.clinic.data(), scene.clinic.facility(), &master);
        assert!(read.is_err(), "byte {place}");
    }
}
