//! From files to a catalogue: parts are gathered into editions, overlays laid over what they inherit, links checked.

use super::{
    Catalogue, Chapter, Dropped, Edition, Origin, Part, Reported, Requirement, Scenario, TOPICS, Text, links,
    source,
};
use crate::codes;
use crate::yaml::{self, SourceFile};
use base::Problem;
use std::collections::{BTreeMap, BTreeSet};

/// A catalogue with the parts of more files.
pub(super) fn extended(mut catalogue: Catalogue, files: &[SourceFile<'_>]) -> Result<Catalogue, Problem> {
    let mut parts = Vec::with_capacity(files.len());
    for file in files {
        parts.push((file.name, yaml::read::<source::Part>(*file)?));
    }
    let order: BTreeMap<(String, String), usize> = parts
        .iter()
        .enumerate()
        .map(|(place, (_, part))| ((part.guideline.clone(), part.name.clone()), place))
        .collect();
    while !parts.is_empty() {
        // What is inherited from comes first. Of parts that inherit from each other the first is refused when it is added.
        let waits = |part: &source::Part| {
            part.inherits.as_ref().is_some_and(|from| parts.iter().any(|(_, other)| *from == name(other)))
        };
        let next = parts.iter().position(|(_, part)| !waits(part)).unwrap_or(0);
        let (file, part) = parts.remove(next);
        add(&mut catalogue, file, part)?;
    }
    for edition in catalogue.editions.values_mut() {
        edition.parts.sort_by_key(|part| order.get(&(edition.id.clone(), part.name.clone())).copied());
    }
    catalogue.links = links::of(&catalogue);
    Ok(catalogue)
}

/// As an overlay names the part that it inherits.
fn name(part: &source::Part) -> String {
    format!("{}/{}", part.guideline, part.name)
}

fn add(catalogue: &mut Catalogue, file: &str, mut part: source::Part) -> Result<(), Problem> {
    let edition = part.guideline.clone();
    let mut gaps = std::mem::take(&mut part.gaps);
    gaps.append(&mut part.coverage.gaps);
    for scenario in std::mem::take(&mut part.scenarios) {
        let made = made_scenario(scenario);
        if !made.id.starts_with(&format!("{edition}/")) {
            return Err(contradiction(format!("{file}, {}: an id begins with its edition", made.id)));
        }
        if let Some(before) = catalogue.scenarios.insert(made.id.clone(), made) {
            return Err(twice(file, &before.id));
        }
    }
    let mut added = Vec::new();
    for chapter in std::mem::take(&mut part.chapters) {
        let (number, title) = (chapter.number, Text::new(chapter.title_ja, chapter.title_en));
        let mut ids = Vec::with_capacity(chapter.requirements.len());
        for one in chapter.requirements {
            let made = requirement(file, &part, &number, one)?;
            ids.push(made.id.clone());
            if let Some(before) = catalogue.requirements.insert(made.id.clone(), made) {
                return Err(twice(file, &before.id));
            }
        }
        added.push(Chapter { number, title, facility_types: chapter.facility_types, requirements: ids });
    }
    let dropped = part.dropped.iter().map(|one| dropped(&part, one)).collect::<Result<Vec<_>, _>>()?;
    let chapters = match &part.inherits {
        Some(from) => overlay(catalogue, file, (&edition, &part.name, from), added, &dropped)?,
        None => added,
    };
    let made = Part {
        name: part.name,
        title: Text::new(part.title_ja, part.title_en),
        chapters,
        based_on: part.based_on,
        gaps,
        dropped,
    };
    let known = catalogue.editions.entry(edition.clone()).or_insert_with(|| Edition {
        id: edition,
        publisher: part.publisher_ja,
        published: part.published,
        url: part.url,
        parts: Vec::new(),
    });
    if known.parts.iter().any(|other| other.name == made.name) {
        return Err(contradiction(format!("{file} repeats the part {} of {}", made.name, known.id)));
    }
    known.parts.push(made);
    Ok(())
}

fn requirement(
    file: &str,
    part: &source::Part,
    chapter: &str,
    one: source::Requirement,
) -> Result<Requirement, Problem> {
    let place = |what: &str| contradiction(format!("{file}, {}: {what}", one.id));
    // The questions of the disclosure form are numbered through all its parts.
    let begins =
        if part.name == "questions" { format!("{}/", part.guideline) } else { format!("{}/", name(part)) };
    if !one.id.starts_with(&begins) {
        return Err(place("an id is made of edition, part and item"));
    }
    if let Some(unknown) = one.topics.iter().find(|topic| !TOPICS.contains(&topic.as_str())) {
        return Err(place(&format!("the topic {unknown} is not known")));
    }
    if one.evidence.is_empty() || one.actors.is_empty() {
        return Err(place("somebody must act, and something must show it"));
    }
    let origin = match (&part.inherits, &one.mark) {
        (None, None) => None,
        (_, Some(mark)) => {
            let reported = reported(part, mark, &one.sources).map_err(|what| place(&what))?;
            Some(one.replaces.clone().map_or_else(
                || Origin::Added(reported.clone()),
                |before| Origin::Replaces(before, reported.clone()),
            ))
        }
        (Some(_), None) => return Err(place("a change against the edition before has a mark and sources")),
    };
    let mut classes = one.system_class_ja.iter().chain(&one.system_class_en);
    if one.system_class_ja.len() != one.system_class_en.len() || classes.any(|class| class.trim().is_empty())
    {
        return Err(place("every kind of system is named in both languages"));
    }
    let system_class = one.system_class_ja.into_iter().zip(one.system_class_en);
    let notes = [one.note, one.yes_means, one.remark_when];
    Ok(Requirement {
        edition: part.guideline.clone(),
        part: part.name.clone(),
        chapter: chapter.to_owned(),
        item: one.item,
        name: Text::new(one.name_ja, one.name_en),
        summary: Text::new(one.summary_ja, one.summary_en),
        actors: one.actors,
        topics: one.topics,
        evidence: one.evidence,
        locator: one.locator,
        basis: one.basis,
        related: one.related,
        origin,
        note: Some(notes.into_iter().flatten().collect::<Vec<_>>().join(" / "))
            .filter(|note| !note.is_empty()),
        forms: one.forms,
        group: one.group,
        options: one.options,
        system_class: system_class.map(|(ja, en)| Text::new(ja, en)).collect(),
        deadline: one.deadline.map(|ja| Text::new(ja, one.deadline_en.unwrap_or_default())),
        id: one.id,
    })
}

fn reported(part: &source::Part, mark: &str, sources: &[String]) -> Result<Reported, String> {
    // Whoever publishes an edition knows its changes and needs nobody to report them.
    if mark == "O" && sources.is_empty() {
        return Ok(Reported { mark: mark.to_owned(), sources: vec![part.publisher_ja.clone()] });
    }
    if !["A", "B", "C"].contains(&mark) || sources.is_empty() {
        return Err(
            "a report has a mark A, B or C, and at least one source; an own decision has the mark O and none"
                .to_owned(),
        );
    }
    let named = |letter: &String| {
        part.sources
            .get(letter)
            .cloned()
            .ok_or_else(|| format!("the source {letter} is not named in the file"))
    };
    Ok(Reported { mark: mark.to_owned(), sources: sources.iter().map(named).collect::<Result<_, _>>()? })
}

fn dropped(part: &source::Part, one: &source::Dropped) -> Result<Dropped, Problem> {
    let mark = one.mark.as_deref().unwrap_or_default();
    let reported =
        reported(part, mark, &one.sources).map_err(|what| contradiction(format!("{}: {what}", one.id)))?;
    Ok(Dropped { id: one.id.clone(), reason: Text::new(one.ja.clone(), one.en.clone()), reported })
}

/// The chapters of the part before, each requirement under an id of the new edition, with what replaces it or is added.
fn overlay(
    catalogue: &mut Catalogue,
    file: &str,
    (edition, part, from): (&str, &str, &str),
    added: Vec<Chapter>,
    dropped: &[Dropped],
) -> Result<Vec<Chapter>, Problem> {
    let before = from
        .split_once('/')
        .and_then(|(edition, part)| {
            catalogue.editions.get(edition)?.parts.iter().find(|other| other.name == part).cloned()
        })
        .ok_or_else(|| contradiction(format!("{file} inherits {from}, which is not there")))?;
    let mut replaced: BTreeMap<String, String> = BTreeMap::new();
    let mut fresh: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for chapter in &added {
        for id in &chapter.requirements {
            match catalogue.requirements.get(id).and_then(|one| one.origin.as_ref()) {
                Some(Origin::Replaces(old, _)) => {
                    replaced.insert(old.clone(), id.clone());
                }
                _ => fresh.entry(chapter.number.clone()).or_default().push(id.clone()),
            }
        }
    }
    // First of all: what it was meant to replace would otherwise be inherited beside it.
    let stands = |old: &String| before.chapters.iter().any(|chapter| chapter.requirements.contains(old));
    if let Some(old) = replaced.keys().find(|old| !stands(old)) {
        return Err(contradiction(format!("{file} replaces {old}, which {from} does not have")));
    }
    if let Some(one) = dropped.iter().find(|one| !stands(&one.id)) {
        return Err(contradiction(format!("{file} drops {}, which {from} does not have", one.id)));
    }
    let gone: BTreeSet<&str> = dropped.iter().map(|one| one.id.as_str()).collect();
    let mut chapters = Vec::new();
    for chapter in before.chapters {
        let mut ids = Vec::with_capacity(chapter.requirements.len());
        for old in &chapter.requirements {
            if gone.contains(old.as_str()) {
                continue;
            }
            ids.push(match replaced.remove(old) {
                Some(id) => id,
                None => inherit(catalogue, edition, part, old)?,
            });
        }
        ids.extend(fresh.remove(&chapter.number).unwrap_or_default());
        chapters.push(Chapter { requirements: ids, ..chapter });
    }
    let known: BTreeSet<String> = chapters.iter().map(|chapter| chapter.number.clone()).collect();
    chapters.extend(added.into_iter().filter(|chapter| !known.contains(&chapter.number)));
    Ok(chapters)
}

/// The same requirement as one of the new edition. Where its wording stands in the new text is not known.
fn inherit(catalogue: &mut Catalogue, edition: &str, part: &str, old: &str) -> Result<String, Problem> {
    let before = catalogue.requirement(old)?.clone();
    let item = before.id.rsplit('/').next().unwrap_or_default();
    let id = format!("{edition}/{part}/{item}");
    let related = [vec![old.to_owned()], before.related.clone()].concat();
    let made = Requirement {
        id: id.clone(),
        edition: edition.to_owned(),
        part: part.to_owned(),
        origin: Some(Origin::Inherited(old.to_owned())),
        related,
        ..before
    };
    match catalogue.requirements.insert(id.clone(), made) {
        Some(before) => Err(contradiction(format!("{} is both inherited and written anew", before.id))),
        None => Ok(id),
    }
}

fn made_scenario(one: source::Scenario) -> Scenario {
    Scenario {
        id: one.id,
        name: Text::new(one.name_ja, one.name_en),
        summary: Text::new(one.summary_ja, one.summary_en),
        concerns: Text::new(one.concerns_ja, one.concerns_en),
        stride: one.stride,
        harms: one.harms,
        related: one.related,
        locator: one.locator,
        basis: one.basis,
    }
}

fn twice(file: &str, id: &str) -> Problem {
    contradiction(format!("{file} repeats {id}"))
}

fn contradiction(what: String) -> Problem {
    Problem::new(&codes::CATALOGUE).with("what", &what).log(what)
}
