//! Checks of the site: handed in by whoever ran one, kept with the digests of what was read, and told as facts.
//!
//! The check runs where the plans are, which may be large and are nobody else's business. The digests say from what its
//! facts were made: with the same files anybody makes them again.

use super::{Evidence, people_only};
use crate::command::{OPEN_PATHS_MAX, PICTURE_BYTES_MAX, SiteCheck, SiteThreat};
use crate::kept::{KeptCheck, SITE_ID, Stood};
use crate::register::Step;
use crate::words::wrong;
use base::{Language, Problem, Time};
use guideline::risk::{Description, Risk};
use guideline::{Fact, FactOrigin, Facts, Moment, Text};
use report::form::OpenPath;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::Actor;

/// More than a site has.
const THREATS_MAX: usize = 2_000;
const SOURCES_MAX: usize = 1_000;

impl Evidence {
    /// Keeps what a check came to, in place of the one before.
    pub(super) async fn keep_site(&self, by: &Actor, check: SiteCheck) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let (engine, now) = (self.engine()?, self.clock.now());
        fits(&check)?;
        Facts::gather(&engine.registry, facts_of(&check, now), now)?;
        let id = SITE_ID.to_owned();
        let kept = KeptCheck { id, check, entered_by: by.id.clone(), at: Moment(now) };
        self.write(by, vec![Step::Site(Box::new(kept))]).await?;
        Ok(self.show_site())
    }

    /// The check that is kept; null where there is none.
    pub(super) fn show_site(&self) -> Value {
        let register = self.register();
        let shown = |one: &Stood<KeptCheck>| json!({ "check": one.kept, "position": one.position.0 });
        register.site.as_ref().map_or_else(|| json!({ "check": null }), shown)
    }

    /// The facts that the kept check tells.
    pub(super) fn site_facts(&self) -> Vec<Fact> {
        let register = self.register();
        let Some(one) = &register.site else { return Vec::new() };
        let facts = facts_of(&one.kept.check, one.kept.at.0);
        facts.into_iter().map(|fact| fact.at(one.position)).collect()
    }

    /// For each threat of the kept check of which no risk was made yet, a risk that somebody has to assess.
    pub(super) fn threats(&self, taken: &BTreeSet<String>, language: Language) -> Vec<Risk> {
        let register = self.register();
        let threats = register.site.iter().flat_map(|one| &one.kept.check.threats);
        threats.filter(|threat| !taken.contains(&threat.id)).map(|threat| risk(threat, language)).collect()
    }
}

fn risk(threat: &SiteThreat, language: Language) -> Risk {
    let description = Description {
        title: threat.title.of(language).to_owned(),
        scenario: None,
        assets: BTreeSet::new(),
        flows: BTreeSet::new(),
        threat: threat.threat.of(language).to_owned(),
    };
    let suggested = threat
        .requirements
        .iter()
        .map(|requirement| guideline::risk::Suggestion { requirement: requirement.clone(), kind: None });
    Risk { suggested: suggested.collect(), ..Risk::named(&threat.id, description) }
}

fn fits(check: &SiteCheck) -> Result<(), Problem> {
    if check.phase != "now" {
        return Err(wrong(
            "only a check of the site as it is now can be kept",
            "保存できるのは、現在（now）の構成に対する検査結果だけです",
        ));
    }
    if check.threats.len() > THREATS_MAX || check.sources.len() > SOURCES_MAX || check.sources.is_empty() {
        return Err(wrong(
            "the check names no source, or more sources or threats than can be kept",
            "検査結果に元のファイルの記載がないか、元のファイルまたは脅威の数が多すぎます",
        ));
    }
    if !check.picture.iter().flat_map(|both| [&both.ja, &both.en]).all(|svg| is_picture(svg)) {
        return Err(wrong(
            "the picture is no SVG as a check draws it, or larger than can be kept",
            "構成図が検査の出力する SVG ではないか、保存できる大きさを超えています",
        ));
    }
    if !check.open_paths.as_deref().is_none_or(are_told) {
        return Err(wrong(
            "there are more open paths than can be kept, or one of them is too long",
            "経路の数または長さが、保存できる上限を超えています",
        ));
    }
    let of_site = |fact: &crate::command::SiteFact| FactOrigin::Site.word() == first_word(&fact.key);
    if !check.facts.iter().all(of_site) {
        return Err(wrong(
            "a check tells facts of the site only",
            "検査結果に含められるのは site. の事実だけです",
        ));
    }
    Ok(())
}

/// Most hops or changes of a path, and longest text of each, in characters.
const HOPS_MAX: usize = 50;
const HOP_CHARS_MAX: usize = 4_000;

fn are_told(paths: &[OpenPath]) -> bool {
    let short = |text: &Text| [&text.ja, &text.en].iter().all(|text| text.chars().count() <= HOP_CHARS_MAX);
    let told = |path: &OpenPath| {
        let within = path.hops.len() <= HOPS_MAX && path.cuts.len() <= HOPS_MAX;
        within && short(&path.title) && path.hops.iter().chain(&path.cuts).all(short)
    };
    paths.len() <= OPEN_PATHS_MAX && paths.iter().all(told)
}

/// Whether a text is a picture as a check draws one: it only draws. It comes from whoever hands in a check, and is shown to
/// those who read reports: nothing in it may run, fetch or lead anywhere.
fn is_picture(svg: &str) -> bool {
    const DRAWS: [&str; 15] = [
        "svg", "g", "title", "desc", "style", "defs", "marker", "path", "rect", "circle", "line", "polyline",
        "polygon", "text", "tspan",
    ];
    let lower = svg.to_ascii_lowercase();
    let draws = |tag: &str| {
        let name = tag.trim_start_matches('/');
        let name = name.split(|sign: char| !sign.is_ascii_alphanumeric()).next().unwrap_or_default();
        DRAWS.contains(&name)
    };
    let fetches = ["@import", "javascript:", "<!", "<?"].iter().any(|word| lower.contains(word));
    svg.len() <= PICTURE_BYTES_MAX
        && lower.starts_with("<svg ")
        && !fetches
        && lower.split("url(").skip(1).all(|rest| rest.starts_with('#'))
        && lower.split('<').skip(1).all(draws)
        && !acts(&lower)
}

/// Whether something is given to a member that runs or leads somewhere, wherever it stands: what reads pages is more lenient
/// than what reads SVG.
fn acts(lower: &str) -> bool {
    let mut parts = lower.split('=');
    // What stands behind the last sign is given to nothing.
    let given_to = std::iter::from_fn(|| parts.next());
    let mut names: Vec<&str> = given_to.collect();
    names.pop();
    names.into_iter().any(|before| {
        let letter = |sign: char| sign.is_ascii_alphanumeric() || sign == '-' || sign == ':';
        let name = before.trim_end().rsplit(|sign: char| !letter(sign)).next().unwrap_or_default();
        name.starts_with("on") || name.ends_with("href")
    })
}

fn first_word(key: &str) -> &str {
    key.split('.').next().unwrap_or_default()
}

fn facts_of(check: &SiteCheck, now: Time) -> Vec<Fact> {
    let fact = |one: &crate::command::SiteFact| {
        let how = Text { ja: one.how.ja.clone(), en: one.how.en.clone() };
        Fact::seen(&one.key, one.value.clone(), now, how)
    };
    check.facts.iter().map(fact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_draws_and_does_nothing_else() {
        let drawn =
            |inner: &str| is_picture(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>\n"));
        assert!(drawn("<g><rect class=\"a\" x=\"1\"/><text>1 &lt; 2 onward</text></g>"));
        assert!(drawn("<path marker-end=\"url(#arrow)\"/>"));
        for wrong in [
            "<script>x</script>",
            "<image href=\"https://example.jp/\"/>",
            "<a href=\"https://example.jp/\"><rect/></a>",
            "<rect onload=\"x\"/>",
            "<rect\nonload=\"x\"/>",
            "<rect/onload=x>",
            "<rect x=\">\" OnLoad = \"x\"/>",
            "<foreignObject/>",
            "<use href=\"#a\"/>",
            "<style>@import 'x'</style>",
            "<style>a{background:url(https://example.jp/)}</style>",
            "<!-- -->",
            "<SCRIPT/>",
            &"x".repeat(PICTURE_BYTES_MAX),
        ] {
            assert!(!drawn(wrong), "{}", wrong.chars().take(60).collect::<String>());
        }
        assert!(!is_picture("<html></html>"));
    }
}
