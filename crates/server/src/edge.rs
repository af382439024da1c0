//! The walk of one request through the edge: sizes, host, framing, route, facility, caller, rates, form, body, records.

use crate::answer::{self, Content, Reply, Style};
use crate::configuration::Bounds;
use crate::door::Door;
use crate::fhir_api::{self, Asked, capabilities};
use crate::identity_api;
use crate::interactions::{IdentityCall, Interaction};
use crate::media;
use crate::peer::Peer;
use crate::prefer::Preference;
use crate::query::Query;
use crate::request_id::{REQUEST_ID, RequestIds};
use crate::router::{Find, Place, Router};
use crate::routes::{BodyKind, Caller, Route, Work};
use crate::{body, caller, codes, decode, language, limits, log_api, oauth};
use base::{Class, Problem, RecordKey, ResourceId};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Version, header};
use hyper::body::{Body, Bytes};
use identity::kept::ClientCertificates::Off;
use identity::session::{Key, Rates};
use identity::{Approach, Credential, Identity};
use records::{Call, Intent, Known, Problems};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::Instant;

/// What all connections share.
pub(crate) struct Edge<D> {
    /// The facilities by id.
    pub(crate) doors: BTreeMap<String, D>,
    /// How many requests there may be.
    pub(crate) rates: Rates,
    /// The server's address for clients, without a slash at the end.
    pub(crate) base_url: Option<String>,
    /// Deadlines and sizes.
    pub(crate) bounds: Bounds,
    /// The route table, ready for matching.
    pub(crate) router: Router,
    /// Names for requests.
    pub(crate) request_ids: RequestIds,
}

/// A request as it came.
struct Arrived<'a> {
    parts: &'a Parts,
    found: &'a Find<'a>,
    /// When its time is over.
    deadline: Instant,
}

/// A request whose form is good.
struct Admitted<'a> {
    parts: &'a Parts,
    /// When its time is over.
    deadline: Instant,
    row: &'static Route,
    place: Place<'a>,
    host: &'a str,
    query: Query,
}

/// A request that has come to a facility.
struct Received<'a, D> {
    door: &'a D,
    approach: Approach<'a>,
    /// None on open routes.
    caller: Option<identity::Caller>,
    style: Style,
}

/// Longest body of a request of somebody who has not logged in, in bytes.
const ARRIVING_BODY_BYTES_MAX: usize = 64 * 1024;

impl<D: Door> Edge<D> {
    /// Answers one request, whatever it is, within the time for one request.
    pub(crate) async fn respond<B>(&self, request: Request<B>) -> Reply
    where
        B: Body<Data = Bytes, Error = Problem> + Unpin,
    {
        let started = Instant::now();
        let (parts, body) = request.into_parts();
        let request_id = self.request_ids.choose(&parts.headers);
        let mut style = Style { language: language::preferred(&parts.headers), pretty: false };
        let found = self.router.find(&parts.method, parts.uri.path());
        let deadline = started.checked_add(self.bounds.request).unwrap_or(started);
        let arrived = Arrived { parts: &parts, found: &found, deadline };
        let walk = self.walk(&arrived, body, &mut style);
        let result = match tokio::time::timeout_at(deadline, walk).await {
            Ok(result) => result,
            Err(_) => Err(self.too_slow().into()),
        };
        let mut reply = result.unwrap_or_else(|problems| refuse(&problems, &parts, &found, style));
        if parts.method == Method::HEAD {
            reply = answer::without_body(reply);
        }
        answer::put_common(reply.headers_mut());
        write_log_line(&found, reply.status(), &request_id, started);
        reply.headers_mut().insert(REQUEST_ID, request_id);
        reply
    }

    async fn walk<B>(&self, arrived: &Arrived<'_>, body: B, style: &mut Style) -> Result<Reply, Problems>
    where
        B: Body<Data = Bytes, Error = Problem> + Unpin,
    {
        let admitted = self.admit(arrived, body.is_end_stream(), style)?;
        if admitted.row.interaction == Interaction::Health {
            return Ok(self.health(*style));
        }
        let headers = &arrived.parts.headers;
        let header = |name: &str| values(headers, name);
        let approach = approach(arrived.parts, &header);
        let received = self.receive(&admitted, approach, *style)?;
        match admitted.row.interaction {
            Interaction::Log => Ok(log_api::file(received.door, admitted.place.path)?),
            Interaction::Capabilities => Ok(self.capabilities(&admitted, received.door, *style)?),
            Interaction::Identity(call) => self.identities(call, admitted, received, body).await,
            _ => self.records(admitted, received, body, style).await,
        }
    }

    /// Everything that is checked before the facility.
    fn admit<'a>(
        &self,
        arrived: &Arrived<'a>,
        body_ended: bool,
        style: &mut Style,
    ) -> Result<Admitted<'a>, Problem> {
        let Arrived { parts, found, .. } = arrived;
        limits::check_sizes(parts, &self.bounds)?;
        let host = limits::host(parts)?;
        limits::check_length(parts)?;
        limits::check_no_body(&parts.method, body_ended)?;
        let query = Query::read(parts.uri.query())?;
        style.pretty = query.pretty.unwrap_or(false);
        let (row, place) = match found {
            Find::Row(row, place) => (*row, *place),
            Find::OtherMethods(allow) => {
                let allowed = allow.to_str().unwrap_or("");
                return Err(Problem::new(&codes::METHOD_NOT_SERVED).with("allowed", allowed));
            }
            Find::Nothing => return Err(Problem::new(&codes::ADDRESS_UNKNOWN)),
        };
        query.check(row.parameters)?;
        Ok(Admitted { parts, deadline: arrived.deadline, row, place, host, query })
    }

    /// Finds the facility and whoever is calling, and counts the request. Beyond the open routes, nobody who is not known
    /// to a facility learns whether there is one.
    fn receive<'a>(
        &'a self,
        admitted: &Admitted<'_>,
        approach: Approach<'a>,
        style: Style,
    ) -> Result<Received<'a, D>, Problem> {
        let Admitted { parts, row, place, .. } = admitted;
        let facility = decode::segment(place.facility)?;
        let credential = caller::credential(&parts.headers);
        let Some(door) = self.doors.get(facility.as_ref()) else {
            self.count(Key::Address(approach.address))?;
            return Err(self.nowhere(row, &approach, credential));
        };
        let address = door.identity().map_or(approach.address, |identity| identity.address(&approach));
        self.count(Key::Address(address))?;
        self.count(Key::Facility(door.id()))?;
        if row.tries_to_log_in() {
            self.count(Key::Login(address))?;
        }
        let caller = match row.caller {
            Caller::Open => None,
            Caller::Arriving => {
                door.identity().map_or(Ok(()), |identity| identity.admit(&approach))?;
                None
            }
            Caller::Required | Caller::Fresh => Some(self.known(admitted, door, &approach, credential)?),
        };
        Ok(Received { door, approach, caller, style })
    }

    /// Somebody whom the facility knows, and who may use this route at this moment.
    fn known(
        &self,
        admitted: &Admitted<'_>,
        door: &D,
        approach: &Approach<'_>,
        credential: Credential<'_>,
    ) -> Result<identity::Caller, Problem> {
        let Admitted { parts, row, host, .. } = admitted;
        let caller = door.identify(approach, credential)?;
        let caller = caller.ok_or_else(|| Problem::new(&codes::TOKEN_NEEDED))?;
        if matches!(credential, Credential::Cookie(_)) {
            caller::check_same_site(parts, host)?;
        }
        self.count(Key::Account(door.id(), &caller.account.id))?;
        if caller.grant.is_some() && !row.of_fhir() {
            return Err(Problem::new(&identity::app::codes::FHIR_ONLY));
        }
        if row.caller == Caller::Fresh && !caller.fresh {
            let seconds = door.identity().map_or(0, |identity| identity.policy().fresh_seconds);
            return Err(Problem::new(&identity::codes::FRESH_NEEDED).with("seconds", seconds));
        }
        Ok(caller)
    }

    fn count(&self, key: Key<'_>) -> Result<(), Problem> {
        self.rates.check(key).map_err(identity::session::RetryAfter::problem)
    }

    /// What is answered where there is no such facility: the same as at one that does not know the caller.
    fn nowhere(&self, row: &Route, approach: &Approach<'_>, credential: Credential<'_>) -> Problem {
        if row.caller == Caller::Open {
            return Problem::new(&identity::session::codes::STEP_OVER);
        }
        let mut identities = self.doors.values().filter_map(Door::identity);
        if let Some(asking) = identities.find(|one| one.policy().client_certificates != Off) {
            return unknown_there(asking, approach);
        }
        Problem::new(match (row.caller, credential) {
            (Caller::Arriving, _) => &codes::ADDRESS_UNKNOWN,
            (_, Credential::None) => &codes::TOKEN_NEEDED,
            _ => &identity::session::codes::SESSION_OVER,
        })
    }

    /// Reads the body and asks the door of identities.
    async fn identities<'a, B>(
        &self,
        call: IdentityCall,
        admitted: Admitted<'a>,
        received: Received<'a, D>,
        body: B,
    ) -> Result<Reply, Problems>
    where
        B: Body<Data = Bytes, Error = Problem> + Unpin,
    {
        let Admitted { parts, row, place, host, .. } = admitted;
        let Received { door, approach, caller, style } = received;
        let identity = door.identity().ok_or_else(|| Problem::new(&codes::ADDRESS_UNKNOWN))?;
        let body_bytes_max = match row.caller {
            Caller::Arriving => self.bounds.body_bytes_max.min(ARRIVING_BODY_BYTES_MAX),
            _ => self.bounds.body_bytes_max,
        };
        media::check_content_type(&parts.headers, row.body)?;
        let body =
            if row.body == BodyKind::None { Vec::new() } else { body::read(body, body_bytes_max).await? };
        media::check_announced(&parts.headers, &body)?;
        let id = decode::segment(place.id)?.into_owned();
        let fhir_url = self.fhir_url(host, door);
        let base_url = fhir_url.clone();
        let sees_patient: Box<oauth::SeesPatient<'a>> =
            Box::new(move |caller, id| Box::pin(sees_patient(door, caller, id, base_url.clone())));
        let asked = identity_api::Asked {
            identity,
            approach,
            caller,
            parts,
            host,
            id,
            fhir_url,
            sees_patient,
            body,
            style,
        };
        identity_api::answer(call, asked).await
    }

    /// Reads the body, asks the records and writes what they answer.
    async fn records<B>(
        &self,
        admitted: Admitted<'_>,
        received: Received<'_, D>,
        body: B,
        style: &mut Style,
    ) -> Result<Reply, Problems>
    where
        B: Body<Data = Bytes, Error = Problem> + Unpin,
    {
        let door = received.door;
        let Admitted { parts, deadline, row, place, host, mut query } = admitted;
        let caller = received.caller.ok_or_else(|| Problem::new(&codes::TOKEN_NEEDED))?;
        fhir_api::check_address(&place)?;
        media::check_accept(&parts.headers, query.format.as_deref())?;
        media::check_content_type(&parts.headers, row.body)?;
        let mut bytes = Vec::new();
        if row.body != BodyKind::None {
            bytes = body::read(body, self.bounds.body_bytes_max).await?;
            media::check_announced(&parts.headers, &bytes)?;
        }
        if row.body == BodyKind::Form {
            query.add_form(&bytes)?;
            style.pretty = query.pretty.unwrap_or(false);
            media::check_accept(&parts.headers, query.format.as_deref())?;
        }
        let preference = Preference::read(&parts.headers);
        let asked = Asked { headers: &parts.headers, preference, place, query: query.rest, body: bytes };
        let intent = fhir_api::intent(row.interaction, asked)?;
        let base_url = self.fhir_url(host, door);
        let call = Call { actor: &caller.actor, language: style.language, base_url: &base_url, intent };
        let answer = match row.work {
            Work::Short => door.perform(call).await?,
            Work::Long => {
                let work = tokio::time::timeout_at(deadline, door.perform(call));
                apart(work).await.map_err(|_| self.too_slow())??
            }
        };
        let mut reply = answer::of_records(answer, &base_url, preference, *style);
        if row.interaction.searches() {
            answer::put_preference(reply.headers_mut(), preference.applied_to_search());
        }
        Ok(reply)
    }

    fn capabilities(&self, admitted: &Admitted<'_>, door: &D, style: Style) -> Result<Reply, Problem> {
        let parts = admitted.parts;
        media::check_accept(&parts.headers, admitted.query.format.as_deref())?;
        let statement = capabilities::statement(&self.fhir_url(admitted.host, door), style.language);
        let mut reply = answer::json(StatusCode::OK, Content::fhir(statement), style);
        answer::put_language(reply.headers_mut(), style.language);
        Ok(reply)
    }

    fn health(&self, style: Style) -> Reply {
        let (status, text) = if self.doors.values().any(Door::halted) {
            (StatusCode::SERVICE_UNAVAILABLE, "{\"status\":\"halted\"}")
        } else {
            (StatusCode::OK, "{\"status\":\"ok\"}")
        };
        answer::json(status, Content { media: "application/json", bytes: text.into() }, style)
    }

    /// The address of a facility's FHIR API.
    fn fhir_url(&self, host: &str, door: &D) -> String {
        match &self.base_url {
            Some(base) => format!("{base}/f/{}/fhir", door.id()),
            None => format!("https://{host}/f/{}/fhir", door.id()),
        }
    }

    fn too_slow(&self) -> Problem {
        Problem::new(&codes::REQUEST_TOO_SLOW).with("seconds", self.bounds.request.as_secs())
    }
}

/// Whether somebody may see a patient: whether a read of it, in their name, is answered.
async fn sees_patient<D: Door>(
    door: &D,
    caller: identity::Caller,
    id: ResourceId,
    base_url: String,
) -> Result<bool, Problems> {
    let key = RecordKey::new("Patient", id);
    let intent = Intent::Read { key, known: Known::default(), query: Vec::new() };
    let language = base::Language::English;
    match door.perform(Call { actor: &caller.actor, language, base_url: &base_url, intent }).await {
        Ok(_) => Ok(true),
        Err(problems) => match problems.all().first().map(Problem::class) {
            Some(Class::Absent | Class::Gone | Class::Refused) => Ok(false),
            _ => Err(problems),
        },
    }
}

/// What a facility like this one, which asks for certificates, says to somebody whom it does not know.
fn unknown_there(asking: &Identity, approach: &Approach<'_>) -> Problem {
    use identity::codes::{CERTIFICATE_NEEDED, PROXY_FOREIGN, PROXY_UNVERIFIED};
    // What is wrong with the way, not with the certificate, is wrong at every facility.
    let of_the_way = [CERTIFICATE_NEEDED.id, PROXY_FOREIGN.id, PROXY_UNVERIFIED.id];
    match asking.admit(approach) {
        Err(problem) if of_the_way.contains(&problem.code().id) => problem,
        _ => Problem::new(&identity::certificate::codes::UNKNOWN_AUTHORITY),
    }
}

/// How a request comes, as the connection knows it.
fn approach<'a>(parts: &'a Parts, header: &'a (dyn Fn(&str) -> Vec<&'a str> + Send + Sync)) -> Approach<'a> {
    const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    match parts.extensions.get::<Arc<Peer>>() {
        Some(peer) => {
            Approach { address: peer.address, socket: peer.socket.ip(), chain: &peer.certificates, header }
        }
        None => Approach { address: NOWHERE, socket: NOWHERE, chain: &[], header },
    }
}

/// The values of a header field. One that is no text counts as an empty one: it is there, and says nothing.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("")).collect()
}

/// Does work that may take long, and meanwhile leaves the other requests of this worker to another one. A deadline must be
/// part of the work: no other is looked at before it ends.
async fn apart<F: Future>(work: F) -> F::Output {
    let here = Handle::current();
    match here.runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(|| here.block_on(work)),
        _ => work.await,
    }
}

/// The reply to a refused request, with what HTTP asks for beside the outcome.
fn refuse(problems: &Problems, parts: &Parts, found: &Find<'_>, style: Style) -> Reply {
    let mut reply = answer::refusal(problems, style);
    if reply.status().is_server_error() {
        for problem in problems.all() {
            tracing::error!(%problem, "request failed");
        }
    }
    if let (Find::OtherMethods(allow), StatusCode::METHOD_NOT_ALLOWED) = (found, reply.status()) {
        reply.headers_mut().insert(header::ALLOW, (*allow).clone());
    }
    let ends = problems.all().first().is_some_and(answer::ends_connection);
    if ends && parts.version < Version::HTTP_2 {
        reply.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    reply
}

/// One line a request. Patterns, never paths or queries: those name patients.
fn write_log_line(found: &Find<'_>, status: StatusCode, request_id: &HeaderValue, started: Instant) {
    let (method, route) = match found {
        Find::Row(row, _) => (row.method.as_str(), row.path),
        Find::OtherMethods(_) => ("-", "(other method)"),
        Find::Nothing => ("-", "(unknown)"),
    };
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
    let request_id = request_id.to_str().unwrap_or("-");
    tracing::info!(method, route, status = status.as_u16(), milliseconds, request_id, "request");
}
