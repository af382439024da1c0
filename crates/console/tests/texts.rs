//! The texts of the console: there is one for each key that is used, in both languages, and they fit each other.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use base::Language;
use console::{MESSAGES, Words};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn keys(file: &str) -> Vec<&str> {
    let begins = |line: &&str| line.starts_with(|first: char| first.is_ascii_lowercase());
    file.lines().filter(begins).filter_map(|line| line.split_once('=')).map(|(key, _)| key.trim()).collect()
}

fn places(file: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let mut key = String::new();
    for line in file.lines() {
        if let Some((name, _)) = line.split_once('=').filter(|_| !line.starts_with([' ', '#'])) {
            name.trim().clone_into(&mut key);
        }
        for part in line.split('$').skip(1) {
            let name = part.chars().take_while(|one| one.is_ascii_alphanumeric() || *one == '_').collect();
            found.insert((key.clone(), name));
        }
    }
    found
}

#[test]
fn both_languages_say_the_same_things_with_the_same_values() {
    for (name, japanese, english) in MESSAGES {
        assert_eq!(keys(japanese), keys(english), "{name}: keys, in the same order");
        assert_eq!(places(japanese), places(english), "{name}: values");
    }
}

#[test]
fn every_file_is_good_fluent_and_no_key_stands_twice() {
    let mut seen = BTreeSet::new();
    for (name, japanese, english) in MESSAGES {
        for file in [japanese, english] {
            let read = fluent_bundle::FluentResource::try_new((*file).to_owned());
            assert!(read.is_ok(), "{name}: {:?}", read.err().map(|(_, errors)| errors));
        }
        for key in keys(japanese) {
            assert!(seen.insert(key.to_owned()), "{key} stands twice");
        }
    }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_key_that_a_page_uses_has_a_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut used = 0;
    for file in files(&root.join("templates"), ".html").into_iter().chain(files(&root.join("src"), ".rs")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for call in [".say(\"", ".with(\"", ".with2(\"", ".with_two(\"", ".count(\""] {
            for part in text.split(call).skip(1) {
                let key = part.split('"').next().unwrap();
                for language in [Language::Japanese, Language::English] {
                    assert!(Words(language).knows(key), "{}: `{key}` in {language:?}", file.display());
                }
                used += 1;
            }
        }
    }
    assert!(used > 20, "the test looks at the pages");
}

#[test]
fn a_page_holds_no_text_of_its_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in files(&root.join("templates"), ".html") {
        let text = std::fs::read_to_string(&file).unwrap();
        let foreign = |one: &char| !one.is_ascii() && !"証–·…−：・（）".contains(*one);
        assert_eq!(text.replace("日本語", "").chars().find(foreign), None, "{}", file.display());
    }
}
