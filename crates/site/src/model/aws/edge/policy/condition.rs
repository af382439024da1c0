//! Conditions of policies: those about where a call comes from are decided, the others are not.

use super::wildcard::matches;
use super::{Fit, Way};
use crate::packet::Addresses;
use crate::resource::{is_mark, names};
use ipnet::IpNet;
use std::net::IpAddr;

/// A condition: a test of one key against values.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// `StringEquals`, `ForAnyValue:StringLike`, `IpAddressIfExists`.
    pub(super) test: String,
    /// `aws:SourceVpce`.
    pub(super) key: String,
    /// Nothing in the place of one that nobody knows.
    pub(super) values: Vec<Option<String>>,
    /// The resources that its values name.
    pub(super) named: Vec<String>,
}

/// What a call has under a key.
enum Has<'a> {
    /// Nothing: the key is absent.
    Nothing,
    /// Something of which only the sender's address tells.
    Address,
    /// An id of a resource, known by address, by id, or both; `kind` is its type.
    Id { address: Option<&'a str>, id: Option<&'a str>, kind: &'static str },
    /// Something that tells who calls.
    Caller,
    /// A fixed text.
    Text(&'static str),
    /// It is used or not by the port: TLS or not.
    Encryption,
    /// Nobody knows.
    Unknown,
}

impl Condition {
    /// Whether it asks by which private endpoint, or from which network, a call comes.
    pub(super) fn asks_for_endpoint(&self) -> bool {
        ["aws:sourcevpce", "aws:sourcevpc"].iter().any(|key| self.key.eq_ignore_ascii_case(key))
    }

    /// Whether the condition holds for calls on a way; `allows` says what its statement does.
    pub(super) fn fit(&self, way: Way<'_>, allows: bool) -> Fit {
        let test = self.test.rsplit(':').next().unwrap_or_default();
        let (test, if_exists) = test.strip_suffix("IfExists").map_or((test, false), |test| (test, true));
        let has = has(&self.key.to_ascii_lowercase(), way);
        if test.eq_ignore_ascii_case("Null") {
            return self.absent(&has);
        }
        let negated = is_negated(test);
        match has {
            // A key that is absent fits nothing, so it fits each test that says `Not`.
            Has::Nothing => Fit::is(negated || if_exists),
            Has::Caller => Fit::is(allows),
            Has::Address => self.addresses(test),
            Has::Id { address, id, kind } => {
                let fit = self.ids(test, address, id, kind);
                if negated { fit.not() } else { fit }
            }
            Has::Text(text) => {
                let fit = self.text(text);
                if negated { fit.not() } else { fit }
            }
            Has::Encryption => self.encryption(),
            Has::Unknown => self.unknown(),
        }
    }

    fn unknown(&self) -> Fit {
        Fit::Maybe(format!("Condition {}", self.key))
    }

    fn absent(&self, has: &Has<'_>) -> Fit {
        let wanted = self.values.first().and_then(Option::as_deref);
        match (has, wanted) {
            (Has::Unknown | Has::Caller, _) | (_, None) => self.unknown(),
            (Has::Nothing, Some(wanted)) => Fit::is(wanted.eq_ignore_ascii_case("true")),
            (_, Some(wanted)) => Fit::is(wanted.eq_ignore_ascii_case("false")),
        }
    }

    fn addresses(&self, test: &str) -> Fit {
        let net = |text: &Option<String>| -> Option<IpNet> {
            let text = text.as_deref()?;
            text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
        };
        let nets: Option<Vec<IpNet>> = self.values.iter().map(net).collect();
        match (nets, test.to_ascii_lowercase().as_str()) {
            (Some(nets), "ipaddress") => Fit::From(Addresses::from_nets(nets)),
            (Some(nets), "notipaddress") => Fit::From(Addresses::from_nets(nets)).not(),
            _ => self.unknown(),
        }
    }

    /// Whether one of the values is this id. A resource that is only planned has no id that somebody could have written down.
    fn ids(&self, test: &str, address: Option<&str>, id: Option<&str>, kind: &str) -> Fit {
        let pattern = test.to_ascii_lowercase().contains("like");
        let is_it = |value: &str| match id {
            Some(id) if pattern => matches(value, id),
            Some(id) => value == id,
            None => pattern && value == "*",
        };
        if self.values.iter().flatten().any(|value| is_it(value)) {
            return Fit::Yes;
        }
        let open = self.values.iter().filter(|value| value.is_none()).count();
        if open == 0 {
            return Fit::No;
        }
        let marked = self.named.iter().any(|name| is_mark(name));
        let of_kind = |name: &&String| name.split('.').any(|step| step == kind);
        let named: Vec<&String> = self.named.iter().filter(of_kind).collect();
        let is_named = address.is_some_and(|address| named.iter().any(|name| names(name, address)));
        match (marked, is_named) {
            (false, true) if named.len() <= open => Fit::Yes,
            (false, false) if !named.is_empty() && address.is_some() => Fit::No,
            _ => self.unknown(),
        }
    }

    fn text(&self, text: &str) -> Fit {
        if self.values.iter().any(Option::is_none) {
            return self.unknown();
        }
        Fit::is(self.values.iter().flatten().any(|value| value.eq_ignore_ascii_case(text)))
    }

    fn encryption(&self) -> Fit {
        match self.values.first().and_then(Option::as_deref) {
            Some(text) if text.eq_ignore_ascii_case("true") => Fit::Port(443),
            Some(text) if text.eq_ignore_ascii_case("false") => Fit::Port(80),
            _ => self.unknown(),
        }
    }
}

fn is_negated(test: &str) -> bool {
    test.to_ascii_lowercase().contains("not")
}

/// What a call has under a key (lower case), as the global condition keys of AWS say.
fn has<'a>(key: &str, way: Way<'a>) -> Has<'a> {
    match (key, way) {
        ("aws:sourceip", Way::Internet) | ("aws:vpcsourceip", Way::Endpoint { .. }) => Has::Address,
        ("aws:sourcevpce", Way::Endpoint { address, id, .. }) => {
            Has::Id { address: Some(address), id, kind: "aws_vpc_endpoint" }
        }
        ("aws:sourcevpc", Way::Endpoint { vpc, vpc_id, .. }) => {
            Has::Id { address: vpc, id: vpc_id, kind: "aws_vpc" }
        }
        (
            "aws:sourceip" | "aws:vpcsourceip" | "aws:sourcevpce" | "aws:sourcevpc" | "aws:sourcevpcarn"
            | "aws:sourceaccount" | "aws:sourcearn" | "aws:sourceorgid" | "aws:sourceorgpaths",
            _,
        ) if key != "aws:sourcevpcarn" || matches!(way, Way::Internet) => Has::Nothing,
        ("aws:securetransport", _) => Has::Encryption,
        ("aws:viaawsservice" | "aws:principalisawsservice", _) => Has::Text("false"),
        ("aws:principaltype", Way::Internet) => Has::Text("Anonymous"),
        (key, way) if is_of_caller(key) => match way {
            Way::Internet => Has::Nothing,
            Way::Endpoint { .. } => Has::Caller,
        },
        _ => Has::Unknown,
    }
}

fn is_of_caller(key: &str) -> bool {
    let exact = [
        "aws:userid",
        "aws:username",
        "aws:federatedprovider",
        "aws:tokenissuetime",
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
        "aws:ec2instancesourcevpc",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
    ];
    exact.contains(&key) || key.starts_with("aws:principal") || key.starts_with("saml:")
}
