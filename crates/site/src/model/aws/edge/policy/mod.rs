//! Policies of AWS, as far as they say from where a service may be called.
//!
//! A policy is asked about one way of calling: over the internet without credentials, or by a private endpoint by somebody of
//! the account. What credentials allow (roles, users, presigned addresses) is no path of a network and is not judged here: a
//! statement that only tells callers apart by who they are lets some caller through, and denies not all of them.

mod condition;
mod read;
mod wildcard;

use condition::Condition;
pub(super) use read::{Reading, read};
use wildcard::matches;

use crate::packet::Addresses;

/// A policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy {
    pub(super) statements: Vec<Statement>,
}

/// A statement of a policy.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// Its `Sid`, or its number.
    pub(super) name: String,
    allows: bool,
    principal: Principal,
    actions: Words,
    resources: Words,
    conditions: Vec<Condition>,
}

/// Whom a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Principal {
    Everybody,
    /// Accounts, roles or services by name.
    Named,
    /// All but some (`NotPrincipal`).
    AllBut,
    Unknown,
}

/// Actions or resources by their patterns; nothing in the place of one that nobody knows.
#[derive(Clone, Debug, Default)]
struct Words {
    listed: Vec<Option<String>>,
    /// All but these (`NotAction`, `NotResource`).
    except: bool,
}

/// How a service is called.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'a> {
    /// Over the internet, without credentials.
    Internet,
    /// By a private endpoint, with credentials.
    Endpoint {
        /// The address of the endpoint.
        address: &'a str,
        /// Its id, where it is known.
        id: Option<&'a str>,
        /// The address of its VPC.
        vpc: Option<&'a str>,
        /// The id of its VPC, where it is known.
        vpc_id: Option<&'a str>,
    },
}

/// What is called.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope<'a> {
    /// The resource that the policy is attached to, as a whole.
    Own,
    /// All that lies in the resource that the policy is attached to: the objects of a bucket.
    Inside,
    /// A resource by its ARN.
    Arn(&'a str),
    /// All that lies in a resource, by the ARN of the resource.
    In(&'a str),
    /// A resource of which nobody knows the ARN.
    Unknown,
}

/// One call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) way: Way<'a>,
    /// `s3:GetObject`.
    pub(super) action: &'a str,
    pub(super) scope: Scope<'a>,
}

/// What a statement does with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The name of the statement.
    pub(super) name: String,
    pub(super) allows: bool,
    /// Only from these; from anywhere where nothing is said.
    pub(super) sources: Option<Addresses>,
    /// Only to this port.
    pub(super) port: Option<u16>,
    /// What nobody knows of it.
    pub(super) maybe: Option<String>,
}

/// Whether a part of a statement fits a call.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fit {
    Yes,
    No,
    /// Nobody knows, and what.
    Maybe(String),
    /// Only from these.
    From(Addresses),
    /// Only to this port.
    Port(u16),
}

impl Fit {
    fn is(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    /// The opposite.
    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::From(sources) => Self::From(Addresses::all().without(&sources)),
            maybe @ (Self::Maybe(_) | Self::Port(_)) => maybe,
        }
    }
}

impl Policy {
    /// Whether it may treat calls by one private endpoint otherwise than those by another.
    pub(super) fn tells_endpoints_apart(&self) -> bool {
        self.statements.iter().flat_map(|statement| &statement.conditions).any(Condition::asks_for_endpoint)
    }

    /// What the policy does with a call: what denies first, as a denial wins. Where nothing fits, the call is denied.
    pub(super) fn judge(&self, call: &Call<'_>) -> Vec<Verdict> {
        let mut verdicts: Vec<Verdict> =
            self.statements.iter().filter_map(|statement| statement.judge(call)).collect();
        verdicts.sort_by_key(|verdict| verdict.allows);
        verdicts
    }

    /// Only what denies: where callers have credentials of the same account, these allow by themselves.
    pub(super) fn denials(&self, call: &Call<'_>) -> Vec<Verdict> {
        self.judge(call).into_iter().filter(|verdict| !verdict.allows).collect()
    }
}

impl Statement {
    fn judge(&self, call: &Call<'_>) -> Option<Verdict> {
        let mut verdict =
            Verdict { name: self.name.clone(), allows: self.allows, sources: None, port: None, maybe: None };
        let parts = [self.principal(call), self.action(call), self.resource(call)];
        let conditions = self.conditions.iter().map(|condition| condition.fit(call.way, self.allows));
        for fit in parts.into_iter().chain(conditions) {
            match fit {
                Fit::Yes => {}
                Fit::Maybe(what) => verdict.maybe = verdict.maybe.or(Some(what)),
                Fit::From(sources) => {
                    let both =
                        verdict.sources.map_or_else(|| sources.clone(), |known| known.intersect(&sources));
                    verdict.sources = Some(both);
                }
                Fit::Port(port) if verdict.port.is_none_or(|known| known == port) => {
                    verdict.port = Some(port);
                }
                Fit::Port(_) | Fit::No => return None,
            }
        }
        let nobody = verdict.sources.as_ref().is_some_and(Addresses::is_empty);
        (!nobody).then_some(verdict)
    }

    fn principal(&self, call: &Call<'_>) -> Fit {
        let has_credentials = matches!(call.way, Way::Endpoint { .. });
        match self.principal {
            // With credentials somebody is among those allowed, and somebody is not among those denied.
            Principal::Named | Principal::AllBut if has_credentials => Fit::is(self.allows),
            Principal::Named => Fit::No,
            Principal::Everybody | Principal::AllBut => Fit::Yes,
            Principal::Unknown => Fit::Maybe("Principal".to_owned()),
        }
    }

    fn action(&self, call: &Call<'_>) -> Fit {
        let action = call.action.to_ascii_lowercase();
        self.actions.fit("Action", |pattern| matches(&pattern.to_ascii_lowercase(), &action))
    }

    /// Whether it is about what is called: an allowance where it is about some of it, a denial where it is about all.
    fn resource(&self, call: &Call<'_>) -> Fit {
        let allows = self.allows != self.resources.except;
        self.resources.fit("Resource", |pattern| call.scope.is_met(pattern, allows))
    }
}

impl Words {
    fn fit(&self, what: &str, is_met: impl Fn(&str) -> bool) -> Fit {
        let met = self.listed.iter().flatten().any(|pattern| is_met(pattern));
        let fit = match met {
            true => Fit::Yes,
            false if self.listed.iter().any(Option::is_none) => Fit::Maybe(what.to_owned()),
            false => Fit::No,
        };
        if self.except { fit.not() } else { fit }
    }
}

/// Whether what stands behind the first slash of a pattern names all: `*`, `*/*`.
fn is_all(inner: &str) -> bool {
    inner.contains('*') && inner.chars().all(|letter| letter == '*' || letter == '/')
}

/// Stands for any name in a resource: no pattern names it but with a `*`.
const ANY_NAME: &str = "\u{fffd}";

impl Scope<'_> {
    /// Whether a pattern is about some of it, or about all.
    fn is_met(self, pattern: &str, some: bool) -> bool {
        // A policy that is attached to a resource can be about this resource only; what lies in it stands behind a slash.
        let inner = pattern.split_once('/').map(|(_, inner)| inner);
        match self {
            Self::Own => inner.is_none(),
            Self::Inside => match inner {
                Some(inner) => some || is_all(inner),
                None => pattern.ends_with('*'),
            },
            Self::Arn(arn) => matches(pattern, arn),
            Self::In(arn) => {
                let owner = pattern.split_once('/').map_or(pattern, |(owner, _)| owner);
                let in_it = inner.is_some_and(|inner| some || is_all(inner)) && matches(owner, arn);
                in_it || matches(pattern, &format!("{arn}/{ANY_NAME}"))
            }
            Self::Unknown => pattern == "*",
        }
    }
}

#[cfg(test)]
mod tests;
