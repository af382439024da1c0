//! Whole pages and files: cut, swapped, overwritten, taken from elsewhere or from yesterday.

use super::{Scene, restore};
use crate::material::born;
use std::fs;
use std::path::Path;
use testkit::{Clinic, Plan, damage};

const PAGE: usize = 4_096;

/// Tries each variant of the database.
fn each_is_found(scene: &Scene, variants: impl Iterator<Item = (String, Vec<u8>)>) {
    let copy = scene.copy();
    let database = scene.database(copy.path());
    let mut missed = Vec::new();
    for (name, bytes) in variants {
        restore(&database, &bytes);
        if let Err(told) = scene.found_or_harmless(copy.path(), None) {
            missed.push(format!("{name}: {told}"));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

fn database(scene: &Scene) -> Vec<u8> {
    fs::read(scene.database(scene.clinic.data())).unwrap()
}

#[test]
fn a_cut_file_is_found() {
    let scene = Scene::small();
    let good = database(&scene);
    let lengths = (0..good.len()).step_by(PAGE).flat_map(|length| [length, length + 1, length + PAGE / 2]);
    each_is_found(
        &scene,
        lengths.map(|length| (format!("cut at {length}"), good[..length.min(good.len())].to_vec())),
    );
}

#[test]
fn a_longer_file_is_found_or_harmless() {
    let scene = Scene::small();
    let good = database(&scene);
    let tails = [
        vec![0],
        vec![0; PAGE],
        vec![0xA5; PAGE],
        good[..PAGE].to_vec(),
        good[PAGE..2 * PAGE].to_vec(),
        vec![0; 10 * PAGE],
    ];
    each_is_found(
        &scene,
        tails.into_iter().map(|tail| (format!("{} more", tail.len()), [good.clone(), tail].concat())),
    );
}

#[test]
fn swapped_copied_and_emptied_pages_are_found() {
    let scene = Scene::small();
    let good = database(&scene);
    let pages = good.len() / PAGE;
    let page = |bytes: &[u8], number: usize| bytes[number * PAGE..(number + 1) * PAGE].to_vec();
    let put = |number: usize, content: &[u8]| {
        let mut changed = good.clone();
        changed[number * PAGE..(number + 1) * PAGE].copy_from_slice(content);
        changed
    };
    let mut variants = Vec::new();
    for number in 0..pages {
        let other = (number + 1) % pages;
        let mut swapped = put(number, &page(&good, other));
        swapped[other * PAGE..(other + 1) * PAGE].copy_from_slice(&page(&good, number));
        variants.push((format!("pages {number} and {other} swapped"), swapped));
        variants.push((format!("page {other} over page {number}"), put(number, &page(&good, other))));
        variants.push((format!("page {number} of zeros"), put(number, &[0; PAGE])));
    }
    each_is_found(&scene, variants.into_iter());
}

#[test]
fn a_page_from_an_older_state_of_the_same_store_is_found() {
    let mut clinic = Clinic::with(Plan::default());
    for id in ["p1", "p2"] {
        clinic.client().put(&format!("Patient/{id}"), born(id, "1950")).expect(201);
    }
    clinic.close();
    let path = clinic.facility_folder().join("journal.db");
    let older = fs::read(&path).unwrap();
    clinic.open();
    clinic.client().put("Patient/p1", born("p1", "1951")).expect(200);
    let scene = Scene::over(clinic);
    let newer = database(&scene);
    let changed: Vec<usize> = (0..older.len().min(newer.len()) / PAGE)
        .filter(|page| older[page * PAGE..(page + 1) * PAGE] != newer[page * PAGE..(page + 1) * PAGE])
        .collect();
    assert!(changed.len() > 3, "{changed:?}");
    // An older page has a right authentication code: only what it holds gives it away.
    let variants = changed.iter().map(|page| {
        let mut mixed = newer.clone();
        mixed[page * PAGE..(page + 1) * PAGE].copy_from_slice(&older[page * PAGE..(page + 1) * PAGE]);
        (format!("older page {page}"), mixed)
    });
    each_is_found(&scene, variants);
}

#[test]
fn an_older_copy_of_the_store_is_found_by_a_kept_checkpoint() {
    let mut clinic = Clinic::with(Plan::default());
    clinic.client().put("Patient/p1", born("p1", "1950")).expect(201);
    clinic.close();
    let older = damage::copied(clinic.data());
    clinic.open();
    clinic.client().put("Patient/p1", born("p1", "1951")).expect(200);
    let scene = Scene::over(clinic);
    scene.verify(older.path(), None).unwrap();
    let told = scene.verify(older.path(), Some(&scene.kept)).unwrap_err();
    // Each of the two writes has left its record, and the entry of the request.
    let (now, earlier) = (Clinic::ENTRIES_AT_START + 2, Clinic::ENTRIES_AT_START + 4);
    assert!(
        told.contains(&format!("rolled back: {now} entries now, {earlier} were signed earlier")),
        "{told}"
    );
}

#[test]
fn a_history_that_was_written_anew_is_found_by_a_kept_checkpoint() {
    let mut clinic = Clinic::with(Plan::default());
    clinic.client().put("Patient/p1", born("p1", "1950")).expect(201);
    clinic.close();
    let older = damage::copied(clinic.data());
    clinic.open();
    clinic.client().put("Patient/p1", born("p1", "1951")).expect(200);
    let kept = clinic.client().get("/f/sakura/log/checkpoint").text();
    clinic.close();
    // The same server goes on from the older copy and writes something else.
    fs::remove_dir_all(clinic.facility_folder()).unwrap();
    damage::copy(&store::folder(older.path(), clinic.facility()), &clinic.facility_folder());
    clinic.open();
    for date in ["1999", "2000"] {
        clinic.client().put("Patient/p1", born("p1", date)).expect(200);
    }
    clinic.close();
    clinic.verify().unwrap();
    let told = clinic.verify_since(Some(&kept)).unwrap_err().text(base::Language::English);
    assert!(told.contains("does not continue the earlier checkpoint"), "{told}");
}

#[test]
fn the_database_of_another_facility_is_found() {
    let mut clinic = Clinic::with(Plan { facilities: &["sakura", "fuji"], ..Plan::default() });
    clinic.client().put("Patient/p1", born("p1", "1950")).expect(201);
    clinic.client_of("fuji").put("Patient/p1", born("p1", "1960")).expect(201);
    clinic.close();
    let scene = Scene::over(clinic);
    let file = |copy: &Path, facility: &str, name: &str| copy.join("facilities").join(facility).join(name);
    for names in [&["journal.db"][..], &["facility.json"], &["journal.db", "facility.json"]] {
        let copy = scene.copy();
        for name in names {
            fs::copy(file(copy.path(), "fuji", name), file(copy.path(), "sakura", name)).unwrap();
        }
        assert!(scene.verify(copy.path(), None).is_err(), "{names:?}");
    }
}

#[test]
fn a_missing_file_is_found() {
    let scene = Scene::small();
    for name in ["journal.db", "facility.json"] {
        let copy = scene.copy();
        fs::remove_file(store::folder(copy.path(), scene.clinic.facility()).join(name)).unwrap();
        assert!(scene.verify(copy.path(), None).is_err(), "{name}");
    }
}
