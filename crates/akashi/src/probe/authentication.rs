//! Rules of logging in: tried with passwords, and read from the policy in force.

use super::Sight;
use base::Secret;
use guideline::{Fact, Text};
use identity::door::StoredPasswords;
use identity::factor::password::{Rules, SecondFactor};
use identity::kept::Policy;

/// A password as people choose it, of which every list of leaked ones knows some form.
const COMMON: &str = "Password123!";
/// Without a pattern, with letters of both cases, digits and marks; its beginnings are tried as passwords.
const RANDOM: &str = "k7#Rw2!Qv9%Zt4@Xm6&Bn3*Lp8";
/// Shortest length that is tried.
const SHORTEST: usize = 4;

pub(super) fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let policy = sight.opened.identity.policy();
    let two = policy.factors_needed >= 2;
    let tried = ("実際のパスワードで試行", "tried with passwords");
    let mut facts = vec![
        sight.yes_no("runtime.two_factors.required_for_records", two, ("有効な認証方針", "policy in force")),
        sight.count(
            "runtime.session.idle_minutes",
            minutes(policy.session_idle_seconds.max(policy.session_idle_seconds_privileged)),
            ("有効な認証方針", "policy in force"),
        ),
        sight.count(
            "runtime.session.longest_hours",
            minutes(policy.session_seconds_max).div_ceil(60),
            ("有効な認証方針", "policy in force"),
        ),
        sight.yes_no("runtime.password.common_refused", !taken(&policy, COMMON), tried),
    ];
    facts.extend(
        classes(&policy).map(|count| sight.count("runtime.password.character_classes", count, tried)),
    );
    facts.extend(sight.opened.identity.sets_up_one_time_codes().ok().map(|offered| {
        sight.yes_no(
            "runtime.two_factors.offered",
            offered,
            (
                "架空の利用者でワンタイムコードを設定し、実際に試行",
                "set up one-time codes for nobody and tried a code",
            ),
        )
    }));
    facts.extend(sight.opened.identity.refuses_former_passwords().ok().map(|refused| {
        let how = (
            "架空の利用者で 2 つのパスワードを順に設定し、前のものを再び試行",
            "set two passwords for nobody, one after the other, and tried the former again",
        );
        sight.yes_no("runtime.password.reuse_refused", refused, how)
    }));
    facts.extend(stored(sight));
    let lengths = SHORTEST..=RANDOM.len();
    let mut shortest = lengths.filter(|length| RANDOM.get(..*length).is_some_and(|one| taken(&policy, one)));
    facts.extend(shortest.next().map(|length| sight.count("runtime.password.minimum_length", length, tried)));
    facts
}

/// The passwords as they lie in the journal; nothing where there are none.
fn stored(sight: &Sight<'_>) -> Vec<Fact> {
    let Ok(StoredPasswords { count, hashed, set_by_owner, newest: Some(newest) }) =
        sight.opened.identity.stored_passwords()
    else {
        return Vec::new();
    };
    let how = Text {
        ja: format!("保存された {count} 件のパスワードと、設定した人を確認"),
        en: format!("looked at {count} stored passwords and at who set them"),
    };
    vec![
        sight.yes_no("runtime.password.stored_as_hash", hashed == count, how.clone()).at(newest),
        sight.yes_no("runtime.password.initial_changed_by_owner", set_by_owner == count, how).at(newest),
    ]
}

/// How many kinds of characters a password must have: the fewest with which one is taken.
fn classes(policy: &Policy) -> Option<usize> {
    let marks = |char: char| !char.is_alphanumeric();
    let without = |left_out: &dyn Fn(char) -> bool| -> String {
        RANDOM.chars().chain(RANDOM.chars().rev()).filter(|char| !left_out(*char)).collect()
    };
    let kinds = [without(&|char| marks(char) || char.is_numeric()), without(&marks), without(&|_| false)];
    kinds.iter().position(|password| taken(policy, password)).map(|place| place.saturating_add(1))
}

fn minutes(seconds: u32) -> usize {
    usize::try_from(seconds.div_ceil(60)).unwrap_or(usize::MAX)
}

/// Whether the rules in force would take a password.
fn taken(policy: &Policy, password: &str) -> bool {
    let second_factor = if policy.factors_needed >= 2 { SecondFactor::Always } else { SecondFactor::Never };
    let rules = Rules { edition: policy.password_edition, second_factor };
    rules.check(&Secret::new(password.to_owned()), &[]).is_ok()
}
