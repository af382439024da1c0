//! An OSCAL component definition as disclosures: each component, and each capability, that speaks of requirements of the
//! catalogue is a party.
//!
//! Of a definition that knows nothing of our properties this is assumed:
//!
//! - A control is *provided* only where it is said both who implements it (`control-origination` names the provider's
//!   side and nobody else) and that it is done (`implementation-status` is `implemented`).
//! - It is the *customer's* where `control-origination` names nobody but the customer, or where the status says that it
//!   is planned, or not applicable.
//! - Everything else is *shared*. Where the role `customer` is responsible for a control or for statements of it, it is
//!   never provided; what these statements say is what remains. Otherwise what remains is what is not said.
//! - Of several statements on one control the least holds.
//! - The party stands at the top, next to the facility: there what it leaves open stays open.
//! - The texts stand in one language, which then counts for both.
//!
//! A set of controls of which the catalogue has none belongs to another catalogue; it is passed over, and named in what
//! the disclosure rests on. A set that it has in part is refused.

use super::super::Said;
use super::super::read::{Node, Property, Resources, all_ours, content, ours, parse};
use super::super::token::decode;
use super::foreign::{foreign, unsaid};
use base::Problem;
use guideline::{Catalogue, Day, Disclosure, Layer, Party, Share, SourceFile, Statement, Text};
use std::collections::BTreeMap;

/// Reads a component definition. `edition` names the edition that bare ids of controls belong to, such as `ac-2` of an
/// imported catalog; without it they are looked for in the edition that the definition's source is called after.
///
/// # Errors
/// GL-0007: it is no component definition, too long, lacks what OSCAL requires, names a share that there is not, or
/// speaks of no requirement of the catalogue, or of some that it has and some that it has not.
pub fn read_components(
    file: SourceFile<'_>,
    catalogue: &Catalogue,
    edition: Option<&str>,
) -> Result<Vec<Disclosure>, Problem> {
    let document = parse(file)?;
    let definition = content(file.name, &document, "component-definition")?;
    let metadata = definition.need("metadata")?;
    let resources = Resources::of(&definition)?;
    let known = Known { catalogue, edition, short: short_ids(catalogue), resources };
    let head = Head {
        title: metadata.needed_text("title")?,
        dated: metadata.needed_text("last-modified")?.split('T').next().unwrap_or_default(),
    };
    let mut disclosures: Vec<Disclosure> = Vec::new();
    for component in definition.list("components")?.into_iter().chain(definition.list("capabilities")?) {
        if let Some(mut one) = disclosure(&component, &known, head)? {
            let wanted = one.party.id.clone();
            let mut others: usize = 1;
            while disclosures.iter().any(|other| other.party.id == one.party.id) {
                others = others.saturating_add(1);
                one.party.id = format!("{wanted}-{others}");
            }
            disclosures.push(one);
        }
    }
    if disclosures.is_empty() {
        let what = Said {
            en: "it speaks of no requirement of the catalogue; import the catalog that it is written against, and name its edition",
            ja: "カタログにある要求事項について何も述べていません。基づくカタログを先に取り込み、その版を指定してください",
        };
        return Err(definition.wrong(what, ""));
    }
    Ok(disclosures)
}

#[derive(Clone, Copy)]
struct Head<'a> {
    title: &'a str,
    dated: &'a str,
}

/// What ids can mean.
struct Known<'a> {
    catalogue: &'a Catalogue,
    edition: Option<&'a str>,
    /// By edition and last word: the requirement. None where several end so.
    short: BTreeMap<(&'a str, &'a str), Option<&'a str>>,
    resources: Resources<'a>,
}

fn short_ids(catalogue: &Catalogue) -> BTreeMap<(&str, &str), Option<&str>> {
    let mut short = BTreeMap::new();
    for one in catalogue.requirements() {
        if let Some((_, last)) = one.id.rsplit_once('/') {
            let entry = short.entry((one.edition.as_str(), last));
            entry.and_modify(|id| *id = None).or_insert(Some(one.id.as_str()));
        }
    }
    short
}

impl Known<'_> {
    /// The requirement that a control is.
    fn requirement(
        &self,
        control: &Node<'_>,
        props: &[Property<'_>],
        source: &str,
    ) -> Result<Option<String>, Problem> {
        let id = control.needed_text("control-id")?;
        if let Some(own) = ours(props, "requirement", None) {
            return Ok(self.catalogue.requirement(own).ok().map(|one| one.id.clone()));
        }
        if let Some(one) = decode(id).and_then(|id| self.catalogue.requirement(&id).ok()) {
            return Ok(Some(one.id.clone()));
        }
        let called = |edition: &&str| {
            self.edition.map_or_else(|| is_called_after(source, edition), |own| own == *edition)
        };
        let mut editions = self.catalogue.editions().map(|edition| edition.id.as_str()).filter(called);
        let found = editions.find_map(|edition| self.short.get(&(edition, id)).copied().flatten());
        Ok(found.map(ToOwned::to_owned))
    }
}

/// Whether the file of a source has the name of an edition.
fn is_called_after(source: &str, edition: &str) -> bool {
    let file = source.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    file == edition || file.strip_prefix(edition).is_some_and(|rest| rest.starts_with(['.', '_']))
}

fn disclosure<'a>(
    component: &Node<'a>,
    known: &Known<'a>,
    head: Head<'_>,
) -> Result<Option<Disclosure>, Problem> {
    let props = component.props()?;
    let mut statements: BTreeMap<String, Statement> = BTreeMap::new();
    let mut passed_over = Vec::new();
    for set in component.list("control-implementations")? {
        let href = set.needed_text("source")?;
        let source = known.resources.address(href).unwrap_or(href);
        let (mut found, mut unknown) = (Vec::new(), None);
        for control in set.list("implemented-requirements")? {
            let own = control.props()?;
            match known.requirement(&control, &own, source)? {
                Some(id) => found.push((id, control, own)),
                None => unknown = unknown.or(Some(control)),
            }
        }
        match unknown {
            Some(_) if found.is_empty() => passed_over.push(source),
            Some(control) => {
                let what = Said {
                    en: "there is no such requirement:",
                    ja: "この要求事項はカタログにありません：",
                };
                return Err(control.wrong(what, control.needed_text("control-id")?));
            }
            None => {}
        }
        for (id, control, own) in found {
            let said = statement(&control, &own)?;
            let joined = match statements.remove(&id) {
                Some(before) => least(before, said),
                None => said,
            };
            statements.insert(id, joined);
        }
    }
    if statements.is_empty() {
        return Ok(None);
    }
    let rests_on = ours(&props, "based-on", None).map_or_else(
        || format!("The component definition \"{}\" of its author; what it does not say is taken as not provided.", head.title),
        ToOwned::to_owned,
    );
    let over = (!passed_over.is_empty())
        .then(|| format!(" Passed over, since not of this catalogue: {}.", passed_over.join(", ")));
    Ok(Some(Disclosure {
        party: party(component, &props)?,
        dated: ours(&props, "dated", None).unwrap_or(head.dated).to_owned(),
        valid_until: last_day(component, &props)?,
        based_on: format!("{rests_on}{}", over.unwrap_or_default()),
        statements,
    }))
}

fn party(component: &Node<'_>, props: &[Property<'_>]) -> Result<Party, Problem> {
    // A capability has a name where a component has a title.
    let name = if component.member("title").is_some() { "title" } else { "name" };
    let name = component.needed_text(name)?;
    let layer = match ours(props, "layer", None) {
        Some("infrastructure") => Layer::Infrastructure,
        Some("platform") => Layer::Platform,
        Some("provider") | None => Layer::Provider,
        Some(other) => {
            let what = Said { en: "there is no such layer:", ja: "このような層はありません：" };
            return Err(component.wrong(what, other));
        }
    };
    let id = match ours(props, "party", None) {
        Some(id) => id.to_owned(),
        None => short_name(name, component.needed_text("uuid")?),
    };
    let said = |language| ours(props, "title", Some(language)).unwrap_or(name).to_owned();
    Ok(Party { id, name: Text { ja: said("ja"), en: said("en") }, layer })
}

/// An id from a name, or from the UUID where the name has no letters that an id has.
fn short_name(name: &str, uuid: &str) -> String {
    let words = name.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let id = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    if id.is_empty() { uuid.to_owned() } else { id }
}

/// Of two statements of one party on one requirement.
fn least(before: Statement, after: Statement) -> Statement {
    let both = |one: Text, other: Text| Text {
        ja: format!("{}\n{}", one.ja, other.ja),
        en: format!("{}\n{}", one.en, other.en),
    };
    Statement {
        share: before.share.max(after.share),
        provides: both(before.provides, after.provides),
        remains: match (before.remains, after.remains) {
            (Some(one), Some(other)) if one != other => Some(both(one, other)),
            (one, other) => one.or(other),
        },
        relies_on: before.relies_on.or(after.relies_on),
        evidence: [before.evidence, after.evidence].concat(),
        valid_until: before.valid_until.into_iter().chain(after.valid_until).min(),
    }
}

fn statement(control: &Node<'_>, props: &[Property<'_>]) -> Result<Statement, Problem> {
    let description = control.need("description")?.text()?.to_owned();
    let Some(share) = ours(props, "share", None) else { return foreign(control, props, description) };
    let said = |name, class| ours(props, name, class).map(ToOwned::to_owned);
    let share = match share {
        "provided" => Share::Provided,
        "shared" => Share::Shared,
        "customer" => Share::Customer,
        other => {
            let what =
                Said { en: "there is no such share:", ja: "このような分担はありません：" };
            return Err(control.wrong(what, other));
        }
    };
    // One that names no language stands for both, as one in a single language does.
    let any = said("remains", None);
    let (ja, en) = (said("remains", Some("ja")), said("remains", Some("en")));
    let remains = any.map(|any| Text { ja: ja.unwrap_or_else(|| any.clone()), en: en.unwrap_or(any) });
    let what = Said {
        en: "what is provided leaves nothing to the customer",
        ja: "「提供」とされているのに、利用者に残る対応が書かれています",
    };
    if share == Share::Provided && remains.is_some() {
        return Err(control.wrong(what, ""));
    }
    Ok(Statement {
        share,
        remains: if share == Share::Provided { None } else { Some(remains.unwrap_or_else(unsaid)) },
        provides: Text {
            en: said("provides", Some("en")).unwrap_or_else(|| description.clone()),
            ja: description,
        },
        relies_on: said("relies-on", None),
        evidence: all_ours(props, "evidence").into_iter().map(ToOwned::to_owned).collect(),
        valid_until: last_day(control, props)?,
    })
}

/// The last day on which something counts, where the definition says one.
fn last_day(of: &Node<'_>, props: &[Property<'_>]) -> Result<Option<Day>, Problem> {
    let what = Said {
        en: "the property valid-until is a day such as 2027-03-31",
        ja: "プロパティ valid-until は 2027-03-31 のような日付です",
    };
    let said = ours(props, "valid-until", None);
    said.map(|text| Day::parse(text).ok_or_else(|| of.wrong(what, ""))).transpose()
}
