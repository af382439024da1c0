//! The desk of a page: a request of the page goes through the same route table, checks and doors as one from outside, in
//! the name of whoever looks at the page, and leaves its trace in the entry of the same request.

use super::news;
use crate::answer::{Reply, Style};
use crate::codes;
use crate::door::{Changes, Door};
use crate::edge::{Admitted, Edge, Received};
use crate::interactions::{IdentityCall, Interaction};
use crate::peer::Peer;
use crate::query::Query;
use crate::route::Caller;
use crate::router::Find;
use access::{Action, Context, Resource, Who};
use base::{Problem, Time};
use console::{Ask, Called, Desk, May, Proven, Refused, Told, Verified};
use http::header::{self, HeaderName};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use records::Problems;
use std::pin::Pin;
use std::sync::Arc;
use tokio::time::Instant;

/// The desk of one page.
pub(super) struct Counter<'c, 'e, 'a, D> {
    pub(super) edge: &'c Edge<D>,
    pub(super) received: &'c Received<'e, 'a, D>,
    pub(super) parts: &'c Parts,
    pub(super) deadline: Instant,
    pub(super) host: &'c str,
    /// What the page knows of changes.
    pub(super) changes: Changes,
}

/// Header fields of the request for the page that hold for what the page asks: whose it is, where it comes from, why.
const CARRIED: [HeaderName; 8] = [
    header::HOST,
    header::AUTHORIZATION,
    header::COOKIE,
    header::ORIGIN,
    header::USER_AGENT,
    HeaderName::from_static("sec-fetch-site"),
    HeaderName::from_static("akashi-purpose"),
    HeaderName::from_static("forwarded"),
];

/// What is said of the request itself, which is another one: not even a policy carries it over.
const BEGUN_ANEW: [HeaderName; 3] = [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::IF_MATCH];

/// What a page can ask for while writing is stopped.
const OPEN_IN_EMERGENCY: [Interaction; 5] = [
    Interaction::Read,
    Interaction::Search,
    Interaction::Bundle,
    Interaction::Identity(IdentityCall::Login),
    Interaction::Identity(IdentityCall::Logout),
];

impl<D: Door> Desk for Counter<'_, '_, '_, D> {
    fn facility(&self) -> &str {
        self.received.entered.door.id().as_str()
    }

    fn now(&self) -> Time {
        self.received.entered.door.now()
    }

    fn may(&self, what: May) -> bool {
        let Received { entered, who, context, .. } = self.received;
        allows(entered.door, who, context, what)
    }

    fn news(&self) -> String {
        news::known(&self.changes, &self.edge.run, |may| self.may(may))
    }

    fn call(&self, ask: Ask) -> Pin<Box<dyn Future<Output = Result<Told, Refused>> + Send + '_>> {
        Box::pin(async move {
            let reply = self.answered(ask).await.map_err(|problems| Refused(problems.all().to_vec()))?;
            Ok(told(reply))
        })
    }

    fn halted(&self) -> bool {
        self.received.entered.door.stopped()
    }

    fn proven(&self) -> Option<Proven> {
        let store::Proven { entries, time, unproven } = self.received.entered.trail.proven()?;
        Some(Proven { entries, time, unproven })
    }

    fn called(&self, account: &str) -> Option<Called> {
        // Who works here stands in the directory: whoever may search it may know it.
        let identity =
            self.received.entered.door.identity().filter(|_| self.may(May::Search("Practitioner")))?;
        let (name, occupation) = identity.called(&identity::AccountId::parse(account)?)?;
        Some(Called { name, occupation: occupation.map(identity::kept::Occupation::word) })
    }

    fn colleagues(&self) -> Vec<(String, Called)> {
        let identity =
            self.received.entered.door.identity().filter(|_| self.may(May::Search("Practitioner")));
        let all = identity.map(identity::Identity::people).unwrap_or_default();
        let word = identity::kept::Occupation::word;
        all.into_iter()
            .map(|(id, name, occupation)| (id.to_string(), Called { name, occupation: occupation.map(word) }))
            .collect()
    }

    fn verify(&self, file: &[u8]) -> Result<Verified, Refused> {
        let report = self.received.entered.door.verify(file)?;
        Ok(Verified {
            position: report.position.map_or(0, |position| position.0),
            entries: report.entries,
            content: report.contents > 0,
            key: report.key.to_string(),
        })
    }
}

impl<D: Door> Counter<'_, '_, '_, D> {
    async fn answered(&self, ask: Ask) -> Result<Reply, Problems> {
        let (parts, body) = self.request(ask)?;
        let path = parts.uri.path();
        let Find::Row(row, place) = self.edge.router.find(&parts.method, path) else {
            return Err(Problem::new(&codes::ADDRESS_UNKNOWN).into());
        };
        self.check_fresh(row.caller)?;
        if self.received.entered.trail.proven().is_some() && !OPEN_IN_EMERGENCY.contains(&row.interaction) {
            return Err(Problem::new(&codes::ADDRESS_UNKNOWN).into());
        }
        let query = Query::read(parts.uri.query())?;
        query.check(row.parameters)?;
        let admitted =
            Admitted { parts: &parts, deadline: self.deadline, row, place, host: self.host, query };
        let mut style = Style { language: self.received.style.language, pretty: false };
        let received = Received {
            entered: self.received.entered,
            caller: self.received.caller.clone(),
            who: Arc::clone(&self.received.who),
            context: self.received.context.clone(),
            style,
        };
        let body = Full::new(Bytes::from(body)).map_err(|never| match never {});
        match row.interaction {
            Interaction::Identity(call) => self.edge.identities(call, admitted, received, body).await,
            Interaction::Console(_) | Interaction::Health | Interaction::Capabilities => {
                Err(Problem::new(&codes::ADDRESS_UNKNOWN).into())
            }
            _ => self.edge.records(admitted, received, body, &mut style).await,
        }
    }

    /// What the edge asks of routes for which a factor must have been shown moments ago.
    fn check_fresh(&self, wanted: Caller) -> Result<(), Problem> {
        let fresh = self.received.caller.as_ref().is_some_and(|caller| caller.fresh);
        if wanted != Caller::Fresh || fresh {
            return Ok(());
        }
        let seconds =
            self.received.entered.door.identity().map_or(0, |identity| identity.policy().fresh_seconds);
        Err(Problem::new(&identity::codes::FRESH_NEEDED).with("seconds", seconds))
    }

    /// The header fields by which a load balancer tells whose connection it passes on, as the policy names them.
    fn told_by_proxy(&self) -> Vec<HeaderName> {
        let Some(identity) = self.received.entered.door.identity() else { return Vec::new() };
        let told = identity.policy().from_proxy;
        let names = [Some(told.certificate_header), told.verified_header, told.address_header];
        names.into_iter().flatten().filter_map(|name| HeaderName::try_from(name).ok()).collect()
    }

    /// The request as if it came from outside.
    fn request(&self, ask: Ask) -> Result<(Parts, Vec<u8>), Problem> {
        let wrong = || Problem::new(&codes::ADDRESS_UNKNOWN);
        let method = Method::from_bytes(ask.method.as_bytes()).map_err(|_| wrong())?;
        let uri = format!("/f/{}/{}", self.facility(), ask.path);
        let request = Request::builder().method(method).uri(uri).body(()).map_err(|_| wrong())?;
        let (mut parts, ()) = request.into_parts();
        carry(&CARRIED, &self.parts.headers, &mut parts.headers);
        carry(&self.told_by_proxy(), &self.parts.headers, &mut parts.headers);
        if let Some(peer) = self.parts.extensions.get::<Arc<Peer>>() {
            parts.extensions.insert(Arc::clone(peer));
        }
        if let Some(version) = ask.if_match.as_deref().and_then(|text| HeaderValue::try_from(text).ok()) {
            parts.headers.insert(header::IF_MATCH, version);
        }
        if let Some(text) = ask.provenance.as_deref().and_then(|text| HeaderValue::try_from(text).ok()) {
            parts.headers.insert(HeaderName::from_static("x-provenance"), text);
        }
        let text = ask.text.or_else(|| ask.body.as_ref().map(ToString::to_string));
        let Some(text) = text else { return Ok((parts, Vec::new())) };
        let of_fhir = ask.path == "fhir" || ask.path.starts_with("fhir/");
        let media = match (of_fhir, ask.method) {
            (true, "PATCH") => "application/json-patch+json",
            (true, _) => "application/fhir+json",
            (false, _) => "application/json",
        };
        parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        Ok((parts, text.into_bytes()))
    }
}

/// Whether the law in force lets somebody do this.
pub(super) fn allows<D: Door>(door: &D, who: &Who, context: &Context, what: May) -> bool {
    let (action, kind) = match what {
        May::Command(name) => (Action::command(name), "Facility"),
        May::Search(kind) => (Action::SEARCH, kind),
        May::Create(kind) => (Action::CREATE, kind),
        May::Act(name, kind) => match Action::ALL.iter().find(|action| action.name() == name) {
            Some(action) => (*action, kind),
            None => return false,
        },
        May::Audit => (Action::AUDIT, "AuditEvent"),
        May::Log => (Action::LOG, "Facility"),
    };
    door.law().decide(who, action, &Resource::of_kind(kind), context).is_ok()
}

/// Takes over what is not there yet.
fn carry(names: &[HeaderName], from: &HeaderMap, to: &mut HeaderMap) {
    for name in names.iter().filter(|name| !BEGUN_ANEW.contains(name)) {
        if to.contains_key(name) {
            continue;
        }
        for value in from.get_all(name) {
            to.append(name, value.clone());
        }
    }
}

fn told(reply: Reply) -> Told {
    let (parts, body) = reply.into_parts();
    let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
    let cookies = parts.headers.get_all(header::SET_COOKIE).iter().filter_map(text).collect();
    let media = parts.headers.get(header::CONTENT_TYPE).and_then(text).unwrap_or_default();
    let bytes = body.into_bytes().to_vec();
    Told { bytes, media, cookies }
}
