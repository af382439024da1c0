//! What the pages copy from the rooms that they do not know: occupations, duties, and the names of what can be done.

use access::{Action, ActionGroup, Law};
use base::Language;
use console::Words;
use identity::kept::{Duty, Occupation};
use std::collections::BTreeSet;

#[test]
fn the_forms_offer_the_occupations_and_duties_that_there_are() {
    let occupations: Vec<&str> = Occupation::ALL.iter().map(|one| one.word()).collect();
    assert_eq!(console::OCCUPATIONS.to_vec(), occupations);
    let duties: BTreeSet<&str> = Duty::ALL.iter().map(|one| one.word()).collect();
    assert_eq!(BTreeSet::from(console::DUTIES), duties);
}

#[test]
fn the_forms_name_occupations_and_duties_as_the_rest_of_the_system_does() {
    for language in [Language::Japanese, Language::English] {
        // In English pages begin a label with a capital.
        let said = |key: String| Words(language).say(&key).to_lowercase();
        for one in Occupation::ALL {
            assert_eq!(said(format!("occupation-{}", one.word())), one.name(language).to_lowercase());
        }
        for one in Duty::ALL {
            assert_eq!(said(format!("duty-{}", one.word())), one.name(language).to_lowercase());
        }
    }
}

#[test]
fn the_table_of_roles_has_a_sign_for_every_action_on_records() {
    let signs: Vec<&str> = console::ACTION_GROUPS.iter().flat_map(|(_, all)| all.iter().copied()).collect();
    let on_records = |one: &&Action| matches!(one.group(), ActionGroup::Look | ActionGroup::Write);
    let actions: BTreeSet<&str> = Action::ALL.iter().filter(on_records).map(|one| one.name()).collect();
    assert_eq!(signs.iter().copied().collect::<BTreeSet<_>>(), actions);
    assert_eq!(signs.len(), actions.len(), "each in one group");
}

#[test]
fn everything_that_the_law_can_allow_is_named_on_the_pages() {
    for language in [Language::Japanese, Language::English] {
        let words = Words(language);
        let law = Law::builtin();
        let unnamed: Vec<&str> = law.actions().filter(|name| !words.knows(&format!("act-{name}"))).collect();
        assert!(unnamed.is_empty(), "{language:?}: {unnamed:?}");
    }
}
