//! The network as a check of the site drew it, with what it found.

use super::{cited, list, number, of, paper, position, tell, text, when, word};
use crate::desk::{Desk, Refused};
use crate::frame::Frame;
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::Language;
use serde_json::{Value, json};

/// An open path to the records.
struct Way {
    title: String,
    hops: Vec<String>,
    cuts: Vec<String>,
}

/// A threat.
struct Threat {
    title: String,
    what: String,
    /// Ids of requirements, and how people cite them.
    requirements: Vec<(String, String)>,
}

/// The check that is kept.
struct Check {
    at: String,
    by: String,
    position: Option<u64>,
    sources: Vec<String>,
    violated: usize,
    undecided: usize,
    picture: Option<String>,
    /// None where an earlier program checked: that is not the same as no path.
    paths: Option<Vec<Way>>,
    threats: Vec<Threat>,
}

#[derive(Template)]
#[template(path = "guideline/site.html")]
struct Page<'a> {
    frame: Frame<'a>,
    check: Option<Check>,
}

/// `GET /f/{facility}/console/guideline/site`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let told = tell(desk, "site-show", json!({})).await?;
    let kept = told.get("check").filter(|kept| !kept.is_null());
    let check = kept.map(|kept| read(kept, position(&told), visit.language));
    let page = Page { frame: Frame::of(visit, desk), check };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

fn read(kept: &Value, position: Option<u64>, language: Language) -> Check {
    let check = kept.get("check").cloned().unwrap_or_default();
    let texts = |one: &Value, name: &str| list(one, name).iter().map(|both| of(both, language)).collect();
    let way = |one: &Value| Way {
        title: text(one, "title", language),
        hops: texts(one, "hops"),
        cuts: texts(one, "cuts"),
    };
    let threat = |one: &Value| Threat {
        title: text(one, "title", language),
        what: text(one, "threat", language),
        requirements: list(one, "requirements")
            .iter()
            .filter_map(Value::as_str)
            .map(|id| (id.to_owned(), cited(id, Words(language))))
            .collect(),
    };
    Check {
        at: when(kept, "at", language),
        by: word(kept, "entered_by"),
        position,
        sources: list(&check, "sources").iter().map(|one| word(one, "name")).collect(),
        violated: number(&check, "violated"),
        undecided: number(&check, "undecided"),
        picture: check.get("picture").map(|both| of(both, language)).map(|svg| paper::picture(&svg)),
        paths: check.get("open_paths").and_then(Value::as_array).map(|all| all.iter().map(way).collect()),
        threats: list(&check, "threats").iter().map(threat).collect(),
    }
}
