//! A facility's own rules beside the compiled-in ones: editions, overlays, keys and checks may be added, nothing that is
//! compiled in can be changed. One fault, and nothing of them is loaded.

use crate::builtin::{self, Engine};
use crate::catalogue::{Catalogue, Origin};
use crate::check::Checks;
use crate::codes;
use crate::fact::{FactOrigin, Registry};
use crate::template::Template;
use crate::yaml::{self, SourceFile};
use base::Problem;
use std::collections::BTreeSet;

/// The files of a facility, by what they hold.
#[derive(Default)]
struct Own<'a> {
    parts: Vec<SourceFile<'a>>,
    registry: Vec<SourceFile<'a>>,
    checks: Vec<SourceFile<'a>>,
}

impl Engine {
    /// The compiled-in engine with a facility's own rules: new editions and overlays of any edition, keys of facts (`site.*`),
    /// kinds of documents, questions, and checks of their own requirements (formats, section 10).
    ///
    /// # Errors
    /// A file is not of its form or contradicts another, or it would change what is compiled in: nothing is loaded.
    pub fn with(own: &[SourceFile<'_>]) -> Result<Self, Problem> {
        let compiled = builtin::engine()?;
        let own = Own::sorted(own, &compiled)?;
        let catalogue = compiled.catalogue.clone().and(&own.parts)?;
        let registry = compiled.registry.clone().and(&own.registry)?;
        own.adds_only_what_others_can_see(&compiled.registry, &registry)?;
        own.decides_only_its_own(&compiled.catalogue, &catalogue)?;
        let checks = compiled.checks.clone().and(&own.checks, &catalogue, &registry)?;
        let engine = Self { catalogue, registry, checks };
        own.leaves_nothing_open(&compiled, &engine)?;
        Ok(engine)
    }
}

impl<'a> Own<'a> {
    /// Each file by its `format`; what has none is a part of a guideline, and of an edition that is not compiled in.
    fn sorted(files: &[SourceFile<'a>], compiled: &Engine) -> Result<Self, Problem> {
        let mut own = Self::default();
        for file in files {
            let head = yaml::head(*file)?;
            match (head.format.as_deref(), head.guideline) {
                (Some("akashi-facts/1" | "akashi-documents/1" | "akashi-questions/1"), _) => {
                    own.registry.push(*file);
                }
                (Some("akashi-checks/1"), _) => own.checks.push(*file),
                (Some(other), _) => {
                    let what = format!("the format {other:?} is not one of rules");
                    return Err(yaml::wrong(file.name, yaml::line_with(file.text, "format"), &what));
                }
                (None, Some(edition)) => {
                    let line = edition.referenced.line();
                    if compiled.catalogue.edition(&edition.value).is_ok() {
                        return Err(compiled_in(file.name, line, &edition.value));
                    }
                    if !is_plain(&edition.value) {
                        let what = "an edition is named with a–z, 0–9, dot and hyphen";
                        return Err(yaml::wrong(file.name, line, what));
                    }
                    own.parts.push(*file);
                }
                (None, None) => {
                    let what = "neither a part of a guideline (guideline: …) nor a file with a format";
                    return Err(yaml::wrong(file.name, 1, what));
                }
            }
        }
        Ok(own)
    }

    /// Facts of the site, documents, answers: somebody can bring them. What begins with `runtime.` only the system itself
    /// observes, and it observes what its release knows.
    fn adds_only_what_others_can_see(&self, before: &Registry, after: &Registry) -> Result<(), Problem> {
        let fresh = |key: &str| before.key(key).is_err();
        for key in after.keys().filter(|key| fresh(&key.key)) {
            let origin = FactOrigin::of_key(&key.key);
            let listed = key.valid_days.is_some();
            if listed && origin != Some(FactOrigin::Site) {
                let (file, line) = place(&self.registry, &key.key);
                return Err(Problem::new(&codes::FOREIGN_KEY)
                    .with("file", file)
                    .with("line", line)
                    .with("key", &key.key)
                    .log(format!("{file}, line {line}: {}", key.key)));
            }
        }
        let wanting = |kind: &&crate::fact::DocumentKind| kind.template && Template::of(&kind.kind).is_none();
        if let Some(kind) = after.documents().find(wanting) {
            let (file, line) = place(&self.registry, &kind.kind);
            let what = format!("there is no template for {}; leave `template` out", kind.kind);
            return Err(yaml::wrong(file, line, &what));
        }
        Ok(())
    }

    /// Checks of compiled-in requirements, and of those that stand as they stood in an edition before, are refused.
    fn decides_only_its_own(&self, before: &Catalogue, after: &Catalogue) -> Result<(), Problem> {
        for file in &self.checks {
            for (id, line) in Checks::requirements(*file)? {
                let inherited =
                    after.requirement(&id).is_ok_and(|one| matches!(one.origin, Some(Origin::Inherited(_))));
                if inherited || before.requirement(&id).is_ok() {
                    return Err(compiled_in(file.name, line, &id));
                }
            }
        }
        Ok(())
    }

    /// A requirement that nothing decides would stay unknown for ever, and a link to nothing is a slip of the pen.
    fn leaves_nothing_open(&self, before: &Engine, after: &Engine) -> Result<(), Problem> {
        let undecided = after.catalogue.requirements().find(|one| {
            before.catalogue.requirement(&one.id).is_err()
                && after.checks.of(&after.catalogue, &one.id).is_none()
        });
        if let Some(one) = undecided {
            let (file, line) = place(&self.parts, &one.id);
            let what = format!("{} has no check; write one in a file with format: akashi-checks/1", one.id);
            return Err(yaml::wrong(file, line, &what));
        }
        let known: BTreeSet<String> = before.catalogue.dangling().into_iter().map(|link| link.to).collect();
        let dangling = after.catalogue.dangling().into_iter().find(|link| !known.contains(&link.to));
        dangling.map_or(Ok(()), |link| {
            let (file, line) = place(&self.parts, &link.to);
            Err(yaml::wrong(file, line, &format!("{} leads to {}, which is not there", link.from, link.to)))
        })
    }
}

/// The file and line where a name stands first.
fn place<'a>(files: &[SourceFile<'a>], name: &str) -> (&'a str, u64) {
    let last = name.split_once('.').map_or(name, |(_, rest)| rest);
    let found = [name, last]
        .into_iter()
        .find_map(|word| files.iter().find(|file| file.text.contains(word)).map(|file| (file, word)));
    found.map_or(("", 1), |(file, word)| (file.name, yaml::line_with(file.text, word)))
}

fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
    !name.is_empty() && name.bytes().all(plain)
}

fn compiled_in(file: &str, line: u64, what: &str) -> Problem {
    Problem::new(&codes::COMPILED_IN)
        .with("file", file)
        .with("line", line)
        .with("what", what)
        .log(format!("{file}, line {line}: {what} is compiled in"))
}
