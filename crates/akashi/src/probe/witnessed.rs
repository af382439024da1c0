//! Whether somebody outside has seen the journal lately as it is: the newest cosignature of the witnesses that are listed.

use super::Sight;
use crate::command::witnessing;
use crate::configuration::WITNESSES_LISTED;
use base::Time;
use guideline::{Fact, Text};
use witness::Kept;

/// How old the newest cosignature may be, in hours: a day, so that a line which is down overnight is no finding.
const AGE_HOURS_MAX: u64 = 24;

pub(super) fn look(sight: &Sight<'_>) -> Option<Fact> {
    let told = sight.opened.identity.facts();
    let listed = told.into_iter().find(|fact| fact.name == WITNESSES_LISTED)?;
    let keys = witnessing::listed_keys(&[(listed.name, listed.value)]);
    let kept = witness::of_store(&sight.opened.store, &keys).ok()?;
    let (witnessed, how) = judge(&kept, keys.is_empty(), sight.now);
    Some(sight.yes_no("runtime.journal.witnessed", witnessed, how))
}

/// Whether the journal counts as witnessed, and by what that shows. One witness that contradicts it outweighs all others.
fn judge(kept: &[Kept], nobody_listed: bool, now: Time) -> (bool, Text) {
    let stands = |kept: &&Kept| kept.contradiction.as_ref().is_some_and(witness::Contradiction::stands);
    if let Some(against) = kept.iter().find(stands) {
        let how = Text {
            ja: format!("ウィットネス {} がジャーナルと矛盾する状態を確認", against.witness),
            en: format!("the witness {} contradicts the journal", against.witness),
        };
        return (false, how);
    }
    if nobody_listed {
        return (false, ("ウィットネスの登録なし", "no witness is listed").into());
    }
    let Some(newest) = witnessing::newest(kept) else {
        return (false, ("連署なし", "no cosignature of a listed witness").into());
    };
    let hours = newest.hours_before(now);
    let how = Text {
        ja: format!("最新の連署は {} 件、{hours} 時間前", newest.head.size),
        en: format!("the newest cosignature is of {} entries, {hours} hours ago", newest.head.size),
    };
    (hours < AGE_HOURS_MAX, how)
}

#[cfg(test)]
mod tests {
    use super::*;
    use merkle::checkpoint::Head;
    use merkle::{Hash, empty_root};
    use witness::{Contradiction, Cosigned, Says};

    fn cosigned(hours: u64) -> Kept {
        let head = Head { origin: "o".to_owned(), size: 7, root: Hash(empty_root().0) };
        Kept {
            witness: "w".to_owned(),
            cosigned: Some(Cosigned { head, seconds: hours * 3_600 }),
            contradiction: None,
        }
    }

    fn contradicted(since: Option<&str>) -> Kept {
        let contradiction = Contradiction {
            format: 1,
            says: Says::Larger,
            first: String::new(),
            last: String::new(),
            size: 9,
            own: String::new(),
            theirs: None,
            since: since.map(str::to_owned),
        };
        Kept { contradiction: Some(contradiction), ..cosigned(100) }
    }

    #[test]
    fn a_journal_is_witnessed_while_a_cosignature_is_younger_than_a_day() {
        let now = Time::from_microseconds(100 * 3_600_000_000);
        let yes = |kept: &[Kept]| judge(kept, false, now).0;
        assert!(yes(&[cosigned(100)]));
        assert!(yes(&[cosigned(77)]));
        assert!(!yes(&[cosigned(76)]));
        assert!(yes(&[cosigned(1), cosigned(99)]), "one is enough");
        assert!(!yes(&[]));
        assert!(!judge(&[], true, now).0);
    }

    #[test]
    fn one_contradiction_outweighs_every_cosignature_until_it_is_refuted() {
        let now = Time::from_microseconds(100 * 3_600_000_000);
        assert!(!judge(&[cosigned(100), contradicted(None)], false, now).0);
        assert!(judge(&[cosigned(100), contradicted(Some("later"))], false, now).0);
    }
}
