//! Random searches over the resources that are there.

use super::chance::Chance;
use super::disturb::Source;
use super::parameters::Kind;
use super::question::{Criterion, Question};
use super::value::Value;
use super::wanted::{Modifier, Wanted};
use super::world::{Link, World};

/// How often a draw that gives nothing is made again.
const TRIES: usize = 2_000;
/// Links followed by a chain at most; the product takes four.
const LINKS: usize = 3;

/// The kinds of parameters, those with more forms more often.
const SORTS: [Kind; 13] = [
    Kind::Token,
    Kind::Token,
    Kind::Token,
    Kind::Reference,
    Kind::Reference,
    Kind::String,
    Kind::String,
    Kind::Date,
    Kind::Date,
    Kind::Number,
    Kind::Quantity,
    Kind::Uri,
    Kind::Composite,
];

/// Draws searches.
pub(crate) struct Draw<'w> {
    pub(crate) world: &'w World,
    pub(crate) chance: Chance,
}

impl Draw<'_> {
    /// A search by one to three parameters of one type.
    pub(crate) fn question(&self) -> Question {
        let sort = self.chance.one(&SORTS);
        until(|| {
            let (kind, code) =
                self.parameter(|kind, code| self.world.parameter(kind, code).unwrap().kind == sort)?;
            let first =
                if self.chance.once_in(8) { self.criterion(&kind, 0)? } else { self.plain(&kind, &code)? };
            let mut all = vec![first];
            while all.len() < 3 && self.chance.once_in(4) {
                let more =
                    if self.chance.once_in(3) { self.plain(&kind, &code) } else { self.criterion(&kind, 0) };
                all.extend(more);
            }
            Some(Question { kind, all })
        })
    }

    /// A parameter of some type that fulfils a condition. Identifiers are drawn more often than others.
    fn parameter(&self, fits: impl Fn(&str, &str) -> bool) -> Option<(String, String)> {
        let kind = self.kind();
        let mut codes = self.world.codes(&kind);
        codes.retain(|code| fits(&kind, code));
        if codes.is_empty() {
            return None;
        }
        let by_identifier = codes.contains(&"identifier") && self.chance.once_in(3);
        let code = if by_identifier { "identifier" } else { self.chance.one(&codes) };
        let code = code.to_owned();
        Some((kind, code))
    }

    /// A search by a chain or by `_has`, sometimes with a parameter of the type itself.
    pub(crate) fn linked(&self) -> Question {
        until(|| {
            let kind = self.kind();
            let mut all =
                vec![if self.chance.once_in(2) { self.chain(&kind, 1)? } else { self.has(&kind, 1)? }];
            if self.chance.once_in(4) {
                all.extend(self.criterion(&kind, 0));
            }
            Some(Question { kind, all })
        })
    }

    /// A type of which there are resources; all are drawn alike.
    pub(crate) fn kind(&self) -> String {
        self.chance.one(&self.world.kinds()).to_owned()
    }

    /// A condition on resources of a type. None when the one drawn has no values.
    fn criterion(&self, kind: &str, links: usize) -> Option<Criterion> {
        match self.chance.below(24) {
            0 => Some(self.ids(kind)),
            1 => Some(self.updated(kind)),
            2 => {
                let code = self.chance.one(&self.world.codes(kind)).to_owned();
                Some(Criterion::Missing { code, missing: self.chance.once_in(2) })
            }
            3 if links > 0 && links < LINKS => self.chain(kind, links + 1),
            4 if links > 0 && links < LINKS => self.has(kind, links + 1),
            _ => {
                let codes = self.world.codes(kind);
                self.plain(kind, self.chance.one(&codes))
            }
        }
    }

    fn ids(&self, kind: &str) -> Criterion {
        let records = self.world.records(kind);
        let mut ids: Vec<String> = (0..=self.chance.below(4))
            .map(|_| records[self.chance.below(records.len())].id.clone())
            .collect();
        if self.chance.once_in(3) {
            ids.push("nobody".to_owned());
        }
        Criterion::Ids(ids)
    }

    fn updated(&self, kind: &str) -> Criterion {
        let records = self.world.records(kind);
        let record = &records[self.chance.below(records.len())];
        // `_lastUpdated` has no parameter; any other lends the means to write dates.
        let code = self.chance.one(&self.world.codes(kind));
        let source = self.source("", self.world, kind, code);
        let times = (0..=self.chance.below(2)).map(|_| source.date_text(record.updated, record.updated + 1));
        Criterion::Updated(times.collect())
    }

    fn source<'a>(&'a self, name: &'a str, world: &'a World, kind: &str, code: &str) -> Source<'a> {
        let parameter = world.parameter(kind, code).unwrap();
        Source { chance: &self.chance, base: &world.base, name, parameter }
    }

    /// A parameter with alternatives from the values of one or more resources.
    fn plain(&self, kind: &str, code: &str) -> Option<Criterion> {
        let own = self.world.column(kind, code);
        let lent = self.world.column(kind, self.lender(kind, code));
        let (own, filled) = (filled(&own), filled(&lent));
        if own.is_empty() || filled.is_empty() {
            return None;
        }
        let name = format!("{kind}.{code}");
        let source = self.source(&name, self.world, kind, code);
        let modifier = source.modifier(&own);
        let count = 1 + if self.chance.once_in(4) { self.chance.below(4) } else { 0 };
        let wanted = |_| (0..TRIES).find_map(|_| source.wanted(self.chance.one(&filled), &modifier));
        let any = (0..count).filter_map(wanted);
        let any: Vec<Wanted> = any.filter(fits_in_an_address).collect();
        (!any.is_empty()).then(|| Criterion::Plain { code: code.to_owned(), modifier, any })
    }

    /// The parameter that values are taken from: mostly the one that is asked, sometimes another reference parameter
    /// of the type, which leads elsewhere.
    fn lender<'c>(&'c self, kind: &str, code: &'c str) -> &'c str {
        let is_reference = |code: &&str| self.world.parameter(kind, code).unwrap().kind == Kind::Reference;
        if !is_reference(&code) || !self.chance.once_in(6) {
            return code;
        }
        let codes: Vec<&str> = self.world.codes(kind).into_iter().filter(is_reference).collect();
        self.chance.one(&codes)
    }

    /// A link that fulfils a condition.
    pub(crate) fn link(&self, fits: impl Fn(&Link) -> bool) -> Option<&Link> {
        let links: Vec<&Link> = self.world.links().iter().filter(|link| fits(link)).collect();
        (!links.is_empty()).then(|| self.chance.one(&links))
    }

    fn chain(&self, kind: &str, links: usize) -> Option<Criterion> {
        let Link { code, target, .. } = self.link(|link| link.source == kind)?.clone();
        let inner = Box::new(self.criterion(&target, links)?);
        // Without a type a chain goes to all that know the parameter, and the value must suit each of them.
        let suits_all =
            matches!(*inner, Criterion::Ids(_) | Criterion::Updated(_) | Criterion::Missing { .. });
        let only = self.world.parameter(kind, &code).unwrap().targets.len() == 1;
        let named = !(only || suits_all) || self.chance.once_in(2);
        Some(Criterion::Chain { code, target: named.then_some(target), inner })
    }

    fn has(&self, kind: &str, links: usize) -> Option<Criterion> {
        let Link { source, code, .. } = self.link(|link| link.target == kind)?.clone();
        let inner = Box::new(self.criterion(&source, links)?);
        Some(Criterion::Has { kind: source, code, inner })
    }
}

/// What `make` gives at last.
pub(crate) fn until<T>(make: impl Fn() -> Option<T>) -> T {
    (0..TRIES).find_map(|_| make()).expect("the data has something to ask for")
}

/// The values of the resources that have some.
fn filled(column: &[Vec<Value>]) -> Vec<&[Value]> {
    column.iter().map(Vec::as_slice).filter(|values| !values.is_empty()).collect()
}

/// Longer values are refused, as they are kept nowhere.
fn fits_in_an_address(wanted: &Wanted) -> bool {
    wanted.text().len() <= 300
}

/// What a criterion is counted as: kind of parameter and modifier.
pub(crate) fn label(world: &World, kind: &str, criterion: &Criterion) -> (&'static str, String) {
    match criterion {
        Criterion::Ids(_) => ("_id", String::new()),
        Criterion::Updated(_) => ("_lastUpdated", String::new()),
        Criterion::Missing { code, .. } => {
            (world.parameter(kind, code).unwrap().kind.name(), ":missing".to_owned())
        }
        Criterion::Plain { code, modifier, .. } => {
            let modifier = match modifier {
                Modifier::Type(_) => ":[type]".to_owned(),
                other => other.text(),
            };
            (world.parameter(kind, code).unwrap().kind.name(), modifier)
        }
        Criterion::Chain { .. } => ("chain", String::new()),
        Criterion::Has { .. } => ("_has", String::new()),
    }
}
