//! The policy, value by value, and the law: what the facility has added to it, and what waits for a second person.

use super::{command, done, fresh, mended, on, shown, tabs};
use crate::desk::{Desk, May, Refused};
use crate::fault::Told;
use crate::frame::{Frame, Way};
use crate::reading::{items, moment_of, text};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use serde_json::{Value, json};

/// Headings, each with its values, in the order in which people look for them; what is not named here comes last.
const GROUPS: [(&str, &[&str]); 5] = [
    (
        "policy-login",
        &[
            "password-edition",
            "passwords-remembered",
            "factors-needed",
            "machine-factors-needed",
            "unused-days",
        ],
    ),
    (
        "policy-sessions",
        &["session-idle-seconds", "session-idle-seconds-privileged", "session-seconds-max", "fresh-seconds"],
    ),
    (
        "policy-devices",
        &[
            "client-certificates",
            "device-certificate-counts",
            "zones",
            "from-proxy-addresses",
            "from-proxy-certificate-header",
            "from-proxy-verified-header",
            "from-proxy-verified-value",
            "from-proxy-address-header",
        ],
    ),
    ("policy-glass", &["glass-minutes-max"]),
    ("policy-sms", &["sms-url", "sms-body", "sms-headers"]),
];
/// Values of which there are only a few: each has a text of its own.
const CHOICES: [(&str, &[&str]); 5] = [
    ("password-edition", &["7.0", "6.0"]),
    ("factors-needed", &["2", "1"]),
    ("machine-factors-needed", &["2", "1"]),
    ("client-certificates", &["verify", "passthrough", "off"]),
    ("device-certificate-counts", &["false", "true"]),
];

/// One value of the policy.
struct Setting {
    name: String,
    /// What it is called; its name where there is no text.
    title: String,
    value: String,
    /// The value as people say it.
    said: String,
    meaning: String,
    /// What can be chosen, with the text of each; empty where anything can be typed.
    choices: Vec<(String, String)>,
}

struct Group {
    /// The key of its heading.
    key: &'static str,
    settings: Vec<Setting>,
}

#[derive(Template)]
#[template(path = "operations/policy.html")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    groups: Vec<Group>,
    changes: bool,
    fresh: bool,
    done: String,
    faults: Vec<Told>,
}

/// `GET` and `POST /f/{facility}/console/operations/policy`: one value at a time.
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    let (name, value) = (visit.form.get("name"), visit.form.get("value"));
    if visit.sends {
        match command(desk, "policy-set", json!({ "values": { name: value } })).await {
            Ok(_) => return Ok(on(desk, &["operations", "policy"], "policy")),
            Err(refused) => faults = mended(visit, refused)?,
        }
    }
    let told = command(desk, "policy-show", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let mut settings = settings(&told, visit);
    if let Some(one) = settings.iter_mut().find(|one| one.name == name) {
        value.clone_into(&mut one.value);
    }
    let faulty = !faults.is_empty();
    let page = Page {
        tabs: tabs(visit, desk),
        groups: grouped(settings),
        changes: desk.may(May::Command("policy-set")),
        fresh: fresh(visit),
        done: done(visit, &frame),
        faults,
        frame,
    };
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

fn settings(told: &Value, visit: &Visit) -> Vec<Setting> {
    let words = Words(visit.language);
    let Some(values) = told.get("values").and_then(Value::as_object) else { return Vec::new() };
    let setting = |(name, meaning): (&String, &Value)| {
        let stands = told.get("policy").and_then(|policy| place(policy, name));
        let meaning = meaning.get(words.lang()).and_then(Value::as_str).unwrap_or_default();
        let value = stands.map(written).unwrap_or_default();
        Setting {
            title: words.or(&format!("policy-{name}"), name),
            said: said(name, &value, words),
            meaning: words.or(&format!("policy-how-{name}"), meaning),
            choices: choices(name, &value, words),
            value,
            name: name.clone(),
        }
    };
    values.iter().map(setting).collect()
}

/// Below their headings; whatever has none comes last.
fn grouped(mut settings: Vec<Setting>) -> Vec<Group> {
    let mut groups = Vec::new();
    for (key, names) in GROUPS {
        let here = |setting: &mut Setting| names.contains(&setting.name.as_str());
        let mut found: Vec<Setting> = settings.extract_if(.., here).collect();
        found.sort_by_key(|setting| names.iter().position(|name| *name == setting.name));
        groups.push(Group { key, settings: found });
    }
    groups.push(Group { key: "policy-other", settings });
    groups.retain(|group| !group.settings.is_empty());
    groups
}

/// What can be chosen in place of a value, the value itself in any case.
fn choices(name: &str, value: &str, words: Words) -> Vec<(String, String)> {
    let Some((_, all)) = CHOICES.iter().find(|(of, _)| *of == name) else { return Vec::new() };
    let odd = (!all.contains(&value)).then_some(value);
    let each = all.iter().copied().chain(odd);
    each.map(|one| (one.to_owned(), said(name, one, words))).collect()
}

/// A value as people say it: what is chosen by its text, seconds by what they make.
fn said(name: &str, value: &str, words: Words) -> String {
    let key = format!("policy-is-{name}-{}", value.replace('.', "-"));
    if words.knows(&key) {
        return words.say(&key);
    }
    match value.parse::<usize>() {
        Ok(seconds) if name.contains("seconds") => match (seconds % 3600, seconds % 60) {
            (0, _) => words.count("unit-hours", seconds / 3600),
            (_, 0) => words.count("unit-minutes", seconds / 60),
            _ => words.count("unit-seconds", seconds),
        },
        _ => value.to_owned(),
    }
}

/// Where the value stands: `from-proxy-…` and `sms-…` lie together.
fn place<'a>(policy: &'a Value, name: &str) -> Option<&'a Value> {
    let member = |text: &str| text.replace('-', "_");
    let nested = ["from-proxy-", "sms-"].iter().find_map(|start| {
        name.strip_prefix(start).map(|rest| (member(start.trim_end_matches('-')), member(rest)))
    });
    match nested {
        Some((outer, inner)) => policy.get(outer)?.get(inner),
        None => policy.get(member(name)),
    }
}

/// A value as it would be typed.
fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(written).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// A proposal of the law.
struct Proposal {
    id: String,
    by: String,
    at: String,
    ends: String,
    reason: String,
    text: String,
    /// Whether it is this person's own, which somebody else must approve.
    own: bool,
}

#[derive(Template)]
#[template(path = "operations/law.html")]
#[expect(clippy::struct_excessive_bools, reason = "what a template asks is answered by yes or no")]
struct LawPage<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    extension: String,
    proposed_by: String,
    approved_by: String,
    since: String,
    reason: String,
    builtin: String,
    proposals: Vec<Proposal>,
    typed: String,
    typed_reason: &'a str,
    proposes: bool,
    shows_roles: bool,
    approves: bool,
    withdraws: bool,
    fresh: bool,
    done: String,
    faults: Vec<Told>,
}

/// `GET` and `POST /f/{facility}/console/operations/law`
pub(super) async fn law(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let form = &visit.form;
    let mut faults = Vec::new();
    if visit.sends {
        let proposal = json!({ "proposal": form.get("proposal") });
        let (name, body, told) = match form.get("act") {
            "approve" => ("law-approve", proposal, "law"),
            "withdraw" => ("law-withdraw", proposal, "withdrawn"),
            _ => {
                let text = form.raw("text").replace("\r\n", "\n");
                ("law-propose", json!({ "text": text, "reason": form.get("reason") }), "proposed")
            }
        };
        match command(desk, name, body).await {
            Ok(_) => return Ok(on(desk, &["operations", "law"], told)),
            Err(refused) => faults = mended(visit, refused)?,
        }
    }
    let told = command(desk, "law-show", json!({})).await?;
    let page = law_page(visit, desk, &told, faults);
    let faulty = !page.faults.is_empty();
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

fn law_page<'a>(visit: &'a Visit, desk: &'a dyn Desk, told: &Value, faults: Vec<Told>) -> LawPage<'a> {
    let may = |name| desk.may(May::Command(name));
    let extension = text(told, "/extension").to_owned();
    let typed = if visit.form.has("text") { visit.form.raw("text").to_owned() } else { extension.clone() };
    let frame = Frame::of(visit, desk);
    LawPage {
        tabs: tabs(visit, desk),
        extension,
        proposed_by: text(told, "/proposed_by").to_owned(),
        approved_by: text(told, "/approved_by").to_owned(),
        since: moment_of(told, "/since", visit.language),
        reason: text(told, "/reason").to_owned(),
        builtin: written_texts(told.get("default")),
        proposals: items(told, "proposals").iter().map(|one| proposal(one, visit)).collect(),
        typed,
        typed_reason: visit.form.get("reason"),
        proposes: may("law-propose"),
        shows_roles: may("law-matrix"),
        approves: may("law-approve"),
        withdraws: may("law-withdraw"),
        fresh: fresh(visit),
        done: done(visit, &frame),
        faults,
        frame,
    }
}

fn proposal(one: &Value, visit: &Visit) -> Proposal {
    let by = text(one, "/by");
    Proposal {
        id: text(one, "/proposal").to_owned(),
        by: by.to_owned(),
        at: moment_of(one, "/at", visit.language),
        ends: moment_of(one, "/ends", visit.language),
        reason: text(one, "/reason").to_owned(),
        text: text(one, "/text").to_owned(),
        own: visit.person.as_ref().is_some_and(|person| person.account == by),
    }
}

/// The default set: one text, or several.
fn written_texts(told: Option<&Value>) -> String {
    match told {
        Some(Value::Array(all)) => all.iter().map(written).collect::<Vec<_>>().join("\n"),
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::desk::May;
    use crate::trial::Trial;
    use base::Language::{English, Japanese};
    use serde_json::json;

    #[test]
    fn what_can_only_be_chosen_is_chosen_in_words_and_seconds_are_told_as_people_count() {
        let meaning = json!({ "en": "off | verify | passthrough", "ja": "off | verify | passthrough" });
        let told = json!({
            "policy": { "client_certificates": "verify", "session_idle_seconds": 1800, "later_thing": "x" },
            "values": {
                "client-certificates": meaning, "session-idle-seconds": { "en": "n", "ja": "n" },
                "later-thing": { "en": "what comes later", "ja": "l" },
            },
        });
        let desk = Trial::new().on("POST", "admin/policy-show", told.clone());
        let (_, page) = desk.look("operations/policy", English);
        assert!(
            page.contains(r#"<option value="verify" selected>Needed, checked by Akashi</option>"#),
            "{page}"
        );
        assert!(page.contains("Now: 30 minutes") && !page.contains("off | verify"));
        assert!(
            page.contains("what comes later") && page.contains(">Others</h2>"),
            "what has no heading is shown"
        );
        let looks = Trial::new().on("POST", "admin/policy-show", told).without(May::Command("policy-set"));
        let (_, page) = looks.look("operations/policy", Japanese);
        assert!(
            page.contains("必要（Akashi が確かめる）") && page.contains("30 分") && !page.contains("<select")
        );
    }
}
