//! What the risk register rests on: the assets in which information lies, and the flows by which it goes.

use super::{list, mendable, shown, tell, typed, word};
use crate::desk::{Desk, May, Refused};
use crate::fault::{Told, told};
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use serde_json::{Value, json};

/// The words of the register, as the API spells them (formats, section 11).
const KINDS: [&str; 9] =
    ["terminal", "server", "network-device", "medium", "paper", "software", "service", "premises", "other"];
const INFORMATION: [&str; 8] = [
    "clinical-record",
    "patient-data",
    "staff-data",
    "credentials",
    "configuration",
    "logs",
    "other",
    "nothing",
];
const PLACES: [&str; 6] = ["facility", "data-centre", "cloud", "provider", "carried", "other"];
const CARRIERS: [&str; 9] =
    ["lan", "wireless", "vpn", "leased-line", "internet", "maintenance-line", "medium", "paper", "other"];

/// A word to choose.
struct Choice {
    word: &'static str,
    name: String,
    chosen: bool,
}

/// An asset.
struct Asset {
    id: String,
    name: String,
    kind: String,
    holds: String,
    place: String,
    owner: String,
}

/// A flow.
struct Flow {
    id: String,
    name: String,
    from: String,
    to: String,
    carries: String,
    by: String,
    out: bool,
}

#[derive(Template)]
#[template(path = "guideline/assets.html")]
struct Page<'a> {
    frame: Frame<'a>,
    assets: Vec<Asset>,
    flows: Vec<Flow>,
    kinds: Vec<Choice>,
    holds: Vec<Choice>,
    places: Vec<Choice>,
    carries: Vec<Choice>,
    carriers: Vec<Choice>,
    may_asset: bool,
    may_flow: bool,
    done: bool,
    given: &'a Visit,
    faults: Vec<Told>,
}

impl Page<'_> {
    /// What was typed into the form for assets or for flows.
    fn typed(&self, act: &str, name: &str) -> String {
        if self.given.form.get("act") == act { typed(self.given, name, "") } else { String::new() }
    }
}

/// The keys of the texts that are put together, for the test that there is one for each.
#[cfg(test)]
pub(super) fn texts() -> impl Iterator<Item = String> {
    let of = |group: &'static str, all: &'static [&'static str]| {
        all.iter().map(move |word| format!("{group}-{word}"))
    };
    let register = of("asset", &KINDS).chain(of("information", &INFORMATION));
    register.chain(of("place", &PLACES)).chain(of("carrier", &CARRIERS))
}

/// `GET` and `POST /f/{facility}/console/guideline/risks/assets`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    if visit.sends {
        match act(visit, desk).await {
            Ok(()) => {
                let to = address(desk.facility(), &["guideline", "risks", "assets"]);
                return Ok(Shown::on(format!("{to}?done")));
            }
            Err(refused) if mendable(&refused) => faults = told(&refused.0, visit.language),
            Err(refused) => return Err(refused),
        }
    }
    let told = tell(desk, "risk-list", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let words = frame.words;
    let choices = |group: &str, all: &[&'static str], name: &str| {
        let chosen: Vec<&str> = visit.form.all(name).collect();
        let choice = |word: &&'static str| Choice {
            word,
            name: said(group, word, words),
            chosen: chosen.contains(word),
        };
        all.iter().map(choice).collect::<Vec<_>>()
    };
    let named = |id: &str| {
        let found = list(&told, "assets").iter().find(|one| word(one, "id") == id);
        found.map_or_else(|| id.to_owned(), |one| word(one, "name"))
    };
    let page = Page {
        assets: list(&told, "assets").iter().map(|one| asset(one, words)).collect(),
        flows: list(&told, "flows").iter().map(|one| flow(one, words, &named)).collect(),
        kinds: choices("asset", &KINDS, "kind"),
        holds: choices("information", &INFORMATION, "holds"),
        places: choices("place", &PLACES, "where"),
        carries: choices("information", &INFORMATION, "carries"),
        carriers: choices("carrier", &CARRIERS, "by"),
        may_asset: desk.may(May::Command("risk-asset")),
        may_flow: desk.may(May::Command("risk-flow")),
        done: visit.query.has("done"),
        given: visit,
        faults,
        frame,
    };
    let faulty = !page.faults.is_empty();
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

async fn act(visit: &Visit, desk: &dyn Desk) -> Result<(), Refused> {
    let form = &visit.form;
    let all = |name| form.all(name).collect::<Vec<_>>();
    let (command, sent) = match form.get("act") {
        "asset" => {
            let asset = json!({
                "id": form.get("id"), "name": form.get("name"), "kind": form.get("kind"), "holds": all("holds"),
                "where": form.get("where"), "owner": form.get("owner"),
            });
            ("risk-asset", json!({ "asset": asset }))
        }
        "asset-remove" => ("risk-asset-remove", json!({ "asset": form.get("id") })),
        "flow-remove" => ("risk-flow-remove", json!({ "flow": form.get("id") })),
        _ => {
            let flow = json!({
                "id": form.get("id"), "name": form.get("name"), "from": end(visit, "from"),
                "to": end(visit, "to"), "carries": all("carries"), "by": form.get("by"),
                "crosses_boundary": form.has("crosses"),
            });
            ("risk-flow", json!({ "flow": flow }))
        }
    };
    tell(desk, command, sent).await?;
    Ok(())
}

/// One end of a flow: an asset that was chosen, or somebody outside, by name.
fn end(visit: &Visit, name: &str) -> Value {
    match visit.form.get(name) {
        "" => json!({ "outside": visit.form.get(&format!("{name}_outside")) }),
        asset => json!({ "asset": asset }),
    }
}

/// What a word of the register is called.
fn said(group: &str, word: &str, words: Words) -> String {
    words.or(&format!("{group}-{word}"), word)
}

fn information(one: &Value, name: &str, words: Words) -> String {
    let all = list(one, name).iter().filter_map(Value::as_str);
    all.map(|word| said("information", word, words)).collect::<Vec<_>>().join(" · ")
}

fn asset(one: &Value, words: Words) -> Asset {
    Asset {
        id: word(one, "id"),
        name: word(one, "name"),
        kind: said("asset", &word(one, "kind"), words),
        holds: information(one, "holds", words),
        place: said("place", &word(one, "where"), words),
        owner: word(one, "owner"),
    }
}

fn flow(one: &Value, words: Words, named: &dyn Fn(&str) -> String) -> Flow {
    let end = |name: &str| {
        let end = one.get(name).cloned().unwrap_or_default();
        let asset = word(&end, "asset");
        if asset.is_empty() { word(&end, "outside") } else { named(&asset) }
    };
    Flow {
        id: word(one, "id"),
        name: word(one, "name"),
        from: end("from"),
        to: end("to"),
        carries: information(one, "carries", words),
        by: said("carrier", &word(one, "by"), words),
        out: one.get("crosses_boundary").and_then(Value::as_bool) == Some(true),
    }
}
