//! The catalogue of rules: the file, read strictly and checked as a whole.

use super::form::{FactForm, FileForm, KindForm, Quantifier, RequiresForm, RuleForm, TopicForm, WhenForm};
use super::rule::{Condition, Op, Rule, Severity, Text, When};
use super::test::Test;
use crate::codes;
use base::Problem;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub use super::form::{Checked, CrossCheck, FactOp, Role};

/// The only form of the file that is read.
const FORMAT: u32 = 1;

const BUILTIN_NAME: &str = "services.yaml";
const BUILTIN: &str = include_str!("../../catalogue/services.yaml");

/// All rules, and what belongs to them.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Against which versions of the providers the attributes were checked.
    pub checked: Vec<Checked>,
    /// By provider, the regions that lie in Japan.
    pub regions_japan: BTreeMap<String, Vec<String>>,
    /// The topics, in their order of presentation.
    pub topics: Vec<Topic>,
    /// The services, in the order of their topics.
    pub services: Vec<Service>,
    /// The types of resources of each service.
    pub kinds: Vec<Kind>,
    /// The rules, in the order of their topics.
    pub rules: Vec<Rule>,
    /// Questions on several resources at once.
    pub cross_checks: Vec<CrossCheck>,
    /// What no plan shows and a description of the site must say.
    pub site_facts: Vec<SiteFact>,
    /// By type of resource, the places of its rules in `rules`.
    by_kind: BTreeMap<String, Vec<usize>>,
}

/// A topic of control.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Such as `network.filter`.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// What is to be reached.
    pub intent: Text,
    /// Subjects: `network`, `encryption` …
    pub subjects: Vec<String>,
    /// The requirements of guidelines, or whole chapters of them, that it serves.
    pub guideline: Vec<String>,
}

/// A service of a cloud, or of the site itself, that implements a topic.
#[derive(Clone, Debug)]
pub struct Service {
    /// Such as `aws.s3`.
    pub id: String,
    /// The id of its topic.
    pub topic: String,
    /// `aws`, `azure`, `google` or `onprem`.
    pub provider: String,
    /// Its name.
    pub name: Text,
    /// What else is to be known.
    pub note: Option<Text>,
}

/// A type of resource, as one service sees it.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The type: `aws_s3_bucket`.
    pub name: String,
    /// The id of its service.
    pub service: String,
    /// The id of its topic.
    pub topic: String,
    /// Whether the type was found in the provider's schema.
    pub verified: bool,
    /// What it means that one exists; none means nothing.
    pub role: Option<Role>,
    /// What else is to be known.
    pub note: Option<Text>,
    /// Resources that must stand beside each one.
    pub requires: Vec<Requires>,
}

/// That beside a resource another one must stand which names it, or which it names.
#[derive(Clone, Debug)]
pub struct Requires {
    /// The type of the other.
    pub kind: String,
    /// Types that do as well, and that stand for the whole account.
    pub or: Vec<String>,
    /// The attribute that joins the two, on either of them.
    pub link: Option<String>,
    /// How much it weighs.
    pub severity: Severity,
    /// Why.
    pub why: Text,
    /// When it counts.
    pub when: Option<When>,
}

/// What no plan shows: a fact that the description of the site says, or people.
#[derive(Clone, Debug)]
pub struct SiteFact {
    /// Its path in the description: `vpn_device.owner`.
    pub path: String,
    /// What it is.
    pub title: Text,
    /// The id of its service.
    pub service: String,
    /// The id of its topic.
    pub topic: String,
    /// What is asked.
    pub op: FactOp,
    /// Of which values.
    pub value: Option<Value>,
    /// The best of the safe values.
    pub prefer: Option<Value>,
    /// How much it weighs.
    pub severity: Severity,
    /// Why.
    pub why: Option<Text>,
    /// The rule on the site that decides it; none where people are asked.
    pub rule: Option<String>,
}

impl Catalogue {
    /// The rules that are compiled in.
    ///
    /// # Errors
    /// [`codes::RULES`]: they are not of their form, which a test keeps from happening.
    pub fn builtin() -> Result<Self, Problem> {
        Self::read(BUILTIN_NAME, BUILTIN)
    }

    /// Reads a file of rules.
    ///
    /// # Errors
    /// [`codes::RULES`]: it is not of its form.
    pub fn read(file: &str, text: &str) -> Result<Self, Problem> {
        let form: FileForm = serde_saphyr::from_str(text).map_err(|error| {
            let line = error.location().map_or(1, |place| place.line());
            let message = error.without_snippet().to_string();
            wrong(file, line, message.lines().next().unwrap_or_default().trim_end_matches('.'))
        })?;
        Reading { file, text }.catalogue(form)
    }

    /// The rules on a type of resource.
    pub fn rules_on(&self, kind: &str) -> impl Iterator<Item = &Rule> {
        self.by_kind.get(kind).into_iter().flatten().filter_map(|&place| self.rules.get(place))
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// A topic by its id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    /// A service by its id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// Every type of resource that the rules know.
    pub fn kinds_known(&self) -> BTreeSet<&str> {
        self.kinds.iter().map(|kind| kind.name.as_str()).collect()
    }
}

/// A file that is being read: to say where something is wrong.
struct Reading<'a> {
    file: &'a str,
    text: &'a str,
}

impl Reading<'_> {
    fn catalogue(&self, form: FileForm) -> Result<Catalogue, Problem> {
        if form.format != FORMAT {
            return Err(self.wrong("format", &format!("the format is {}, not {FORMAT}", form.format)));
        }
        let mut catalogue = Catalogue {
            checked: form.checked,
            regions_japan: form.regions_japan,
            topics: Vec::new(),
            services: Vec::new(),
            kinds: Vec::new(),
            rules: Vec::new(),
            cross_checks: form.cross_checks,
            site_facts: Vec::new(),
            by_kind: BTreeMap::new(),
        };
        for topic in form.topics {
            self.topic(topic, &mut catalogue)?;
        }
        self.check(&catalogue)?;
        for (place, rule) in catalogue.rules.iter().enumerate() {
            catalogue.by_kind.entry(rule.kind.clone()).or_default().push(place);
        }
        Ok(catalogue)
    }

    fn topic(&self, form: TopicForm, into: &mut Catalogue) -> Result<(), Problem> {
        let topic = Topic {
            id: form.id,
            title: form.title,
            intent: form.intent,
            subjects: form.subjects,
            guideline: form.guideline,
        };
        for service in form.services {
            let id = service.id.clone();
            for kind in service.resources {
                self.kind(kind, (&topic, &id), into)?;
            }
            into.site_facts.extend(service.facts.into_iter().map(|fact| site_fact(fact, &topic.id, &id)));
            let (provider, name, note) = (service.provider, service.name, service.note);
            into.services.push(Service { id, topic: topic.id.clone(), provider, name, note });
        }
        into.topics.push(topic);
        Ok(())
    }

    fn kind(&self, form: KindForm, of: (&Topic, &str), into: &mut Catalogue) -> Result<(), Problem> {
        let (topic, service) = of;
        for rule in form.rules {
            let rule = self.rule(rule, &form.kind, of)?;
            into.rules.push(rule);
        }
        let requires = form.requires.into_iter().map(|one| self.requires(one)).collect::<Result<_, _>>()?;
        into.kinds.push(Kind {
            name: form.kind,
            service: service.to_owned(),
            topic: topic.id.clone(),
            verified: form.verified,
            role: form.role,
            note: form.note,
            requires,
        });
        Ok(())
    }

    fn rule(&self, form: RuleForm, kind: &str, (topic, service): (&Topic, &str)) -> Result<Rule, Problem> {
        let test = self.test(form.op, form.value.as_ref(), &form.id)?;
        let when = form.when.map(|when| self.when(when, &form.id)).transpose()?;
        Ok(Rule {
            path: self.path(&form.path, &form.id)?,
            id: form.id,
            topic: topic.id.clone(),
            service: service.to_owned(),
            kind: kind.to_owned(),
            op: form.op,
            value: form.value,
            any: form.quantifier == Quantifier::Any,
            unset: form.unset,
            severity: form.severity,
            verified: form.verified,
            basis: form.basis,
            prefer: form.prefer,
            why: form.why,
            note: form.note,
            when,
            instead_of: form.instead_of,
            example: form.example,
            snippet: form.snippet,
            requirements: topic.guideline.clone(),
            test,
        })
    }

    fn requires(&self, form: RequiresForm) -> Result<Requires, Problem> {
        let when = form.when.map(|when| self.when(when, &form.kind)).transpose()?;
        let (kind, or, link, severity, why) = (form.kind, form.or, form.link, form.severity, form.why);
        Ok(Requires { kind, or, link, severity, why, when })
    }

    fn when(&self, form: WhenForm, of: &str) -> Result<When, Problem> {
        if form.all.is_empty() && !form.words {
            return Err(self.wrong(of, &format!("{of}: `when` has neither conditions nor words")));
        }
        let mut all = Vec::new();
        for condition in form.all {
            let test = self.test(condition.op, condition.value.as_ref(), of)?;
            let path = self.path(&condition.path, of)?;
            all.push(Condition {
                path,
                op: condition.op,
                value: condition.value,
                test,
                unset: condition.unset,
            });
        }
        Ok(When { text: Text::new(form.ja, form.en), all, words: form.words })
    }

    fn test(&self, op: Op, value: Option<&Value>, of: &str) -> Result<Test, Problem> {
        Test::new(op, value).map_err(|what| self.wrong(of, &format!("{of}: {what}")))
    }

    fn path(&self, text: &str, of: &str) -> Result<Vec<String>, Problem> {
        let path: Vec<String> = text.split('.').map(str::to_owned).collect();
        if path.iter().any(String::is_empty) {
            return Err(self.wrong(of, &format!("{of}: the path `{text}` has an empty part")));
        }
        Ok(path)
    }

    /// That ids are used once, and that what is named exists.
    fn check(&self, catalogue: &Catalogue) -> Result<(), Problem> {
        let ids = [
            catalogue.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(),
            catalogue.topics.iter().map(|topic| topic.id.as_str()).collect(),
            catalogue.services.iter().map(|service| service.id.as_str()).collect(),
            catalogue.cross_checks.iter().map(|check| check.id.as_str()).collect(),
        ];
        for list in &ids {
            let mut seen = BTreeSet::new();
            if let Some(twice) = list.iter().find(|&&id| !seen.insert(id)) {
                return Err(self.wrong(twice, &format!("the id {twice} is used twice")));
            }
        }
        let known: BTreeSet<&str> = catalogue.rules.iter().map(|rule| rule.id.as_str()).collect();
        let named = catalogue.rules.iter().filter_map(|rule| rule.instead_of.as_deref());
        match named.into_iter().find(|id| !known.contains(id)) {
            Some(absent) => Err(self.wrong(absent, &format!("there is no rule {absent}"))),
            None => Ok(()),
        }
    }

    fn wrong(&self, word: &str, what: &str) -> Problem {
        let line = self.text.lines().position(|line| line.contains(word)).unwrap_or(0);
        wrong(self.file, u64::try_from(line).unwrap_or(0).saturating_add(1), what)
    }
}

fn site_fact(form: FactForm, topic: &str, service: &str) -> SiteFact {
    SiteFact {
        path: form.path,
        title: form.title,
        service: service.to_owned(),
        topic: topic.to_owned(),
        op: form.op,
        value: form.value,
        prefer: form.prefer,
        severity: form.severity,
        why: form.why,
        rule: form.rule,
    }
}

fn wrong(file: &str, line: u64, what: &str) -> Problem {
    Problem::new(&codes::RULES)
        .with("file", file)
        .with("line", line)
        .with("what", what)
        .log(format!("{file}, line {line}: {what}"))
}
