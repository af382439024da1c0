//! What the running system answers for, by its own facts.

use super::{Disclosure, Party, Share, Statement};
use crate::assessment::{Assessed, Verdict};
use crate::builtin::Engine;
use crate::catalogue::Text;
use crate::day::Day;
use crate::fact::{Fact, FactOrigin, Facts, Value};
use base::{Language, Problem};
use std::collections::BTreeMap;

impl Engine {
    /// What the running system answers for of an edition, by what is known about it: what its own facts show whole is
    /// provided, what they show in part is shared, and of the rest it says nothing.
    ///
    /// # Errors
    /// There is no such edition.
    pub fn disclose(
        &self,
        party: Party,
        edition: &str,
        facts: &Facts,
        today: Day,
    ) -> Result<Disclosure, Problem> {
        let mut statements = BTreeMap::new();
        for one in self.assess(edition, None, facts)?.verdicts {
            if let Some(statement) = self.stated(&one, facts) {
                statements.insert(one.requirement, statement);
            }
        }
        let based_on =
            "Generated from facts that the running system showed about itself on this day.".to_owned();
        // What a system shows about itself changes from day to day.
        let valid_until = Some(today);
        Ok(Disclosure { party, dated: today.to_string(), valid_until, based_on, statements })
    }

    fn stated(&self, one: &Assessed, facts: &Facts) -> Option<Statement> {
        let (shown, others): (Vec<&String>, Vec<&String>) =
            one.decided_by.iter().partition(|key| FactOrigin::of_key(key) == Some(FactOrigin::Runtime));
        let speaks = matches!(one.verdict, Verdict::Met | Verdict::Partly | Verdict::NeedsAPerson);
        if shown.is_empty() || !speaks {
            return None;
        }
        let whole = one.verdict == Verdict::Met && others.is_empty();
        let about = |keys: &[&String], ja: &str, en: &str| {
            Text::new(
                format!("{ja}：{}", self.named(keys, facts, Language::Japanese)),
                format!("{en}: {}", self.named(keys, facts, Language::English)),
            )
        };
        let remains = match (whole, one.verdict) {
            (true, _) => None,
            (_, Verdict::Partly) => {
                self.checks.of(&self.catalogue, &one.requirement).map(|check| check.remedy.clone())
            }
            _ => {
                let rest: Vec<&String> = one.open.iter().chain(others).collect();
                Some(about(&rest, "利用者側で示すこと", "to be shown by the customer"))
            }
        };
        Some(Statement {
            share: if whole { Share::Provided } else { Share::Shared },
            provides: about(&shown, "稼働中のシステムが示すこと", "shown by the running system"),
            remains,
            relies_on: None,
            evidence: Vec::new(),
            valid_until: None,
        })
    }

    /// What facts are about, with their values as far as they are known.
    fn named(&self, keys: &[&String], facts: &Facts, language: Language) -> String {
        let one = |key: &&String| {
            let about = self.registry.key(key).map(|known| known.text.of(language)).unwrap_or_default();
            facts.get(key).map_or_else(
                || about.to_owned(),
                |fact| match language {
                    Language::Japanese => format!("{about}（{}）", said(fact, language)),
                    Language::English => format!("{about} ({})", said(fact, language)),
                },
            )
        };
        let all: Vec<String> = keys.iter().map(one).collect();
        all.join(match language {
            Language::Japanese => "、",
            Language::English => "; ",
        })
    }
}

/// What a fact says. "Yes" is left to requirements that are met.
fn said(fact: &Fact, language: Language) -> String {
    match (&fact.value, language) {
        (Value::YesNo(true), Language::Japanese) => "該当する".to_owned(),
        (Value::YesNo(false), Language::Japanese) => "該当しない".to_owned(),
        (Value::YesNo(true), Language::English) => "so".to_owned(),
        (Value::YesNo(false), Language::English) => "not so".to_owned(),
        (value, _) => value.to_string(),
    }
}
