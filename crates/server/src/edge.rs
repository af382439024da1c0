//! The walk of one request through the edge: sizes, host, framing, route, facility, caller, rates, form, body, records.

use crate::answer::{self, Content, Reply, Style};
use crate::approach::{approach, values};
use crate::configuration::Bounds;
use crate::door::Door;
use crate::fhir_api::{self, Asked, capabilities};
use crate::identity_api;
use crate::interactions::{ConsoleCall, IdentityCall, Interaction};
use crate::media;
use crate::metrics::Metrics;
use crate::observed::Observed;
use crate::prefer::Preference;
use crate::query::Query;
use crate::refusal::{language_for, refuse};
use crate::request_id::{REQUEST_ID, RequestIds};
use crate::route::{BodyKind, Caller, Route, Work};
use crate::router::{Find, Place, Router};
use crate::seeing::{Seeing, sees_patient};
use crate::{body, caller, codes, conditions, console, decode, limits, oauth, who};
use access::{Access, AccessWho, Action, Ended, Staff, Who};
use base::Problem;
use http::request::Parts;
use http::{HeaderValue, Method, Request, StatusCode};
use hyper::body::{Body, Bytes};
use identity::kept::ClientCertificates::Off;
use identity::session::{Key, Rates};
use identity::{Approach, Credential, Identity};
use records::{Call, Problems, Trail};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::Instant;
use tracing::Instrument;

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
    /// What is counted.
    pub(crate) metrics: Metrics,
    /// The name of this run.
    pub(crate) run: console::Run,
    /// Those who listen to news.
    pub(crate) listening: Arc<console::Places>,
}

/// A request as it came.
struct Arrived<'a> {
    parts: &'a Parts,
    found: &'a Find<'a>,
    /// When its time is over.
    deadline: Instant,
}

/// A request whose form is good.
pub(crate) struct Admitted<'a> {
    pub(crate) parts: &'a Parts,
    /// When its time is over.
    pub(crate) deadline: Instant,
    pub(crate) row: &'static Route,
    pub(crate) place: Place<'a>,
    pub(crate) host: &'a str,
    pub(crate) query: Query,
}

/// A request that has come to a facility: from here on it leaves an entry in the journal.
pub(crate) struct Entered<'a, D> {
    pub(crate) door: &'a D,
    pub(crate) approach: Approach<'a>,
    /// The address of the client, as the facility sees it.
    pub(crate) address: IpAddr,
    pub(crate) trail: Trail,
}

/// A request whose caller was looked for.
pub(crate) struct Received<'e, 'a, D> {
    pub(crate) entered: &'e Entered<'a, D>,
    /// None on open routes.
    pub(crate) caller: Option<identity::Caller>,
    pub(crate) who: Arc<Who>,
    pub(crate) context: access::Context,
    pub(crate) style: Style,
}

/// The page that is there when nothing else is.
const EMERGENCY: Interaction = Interaction::Console(ConsoleCall::Emergency);

/// The pages that show records while writing is stopped, and how people come to them and away: the page on which they sign
/// in, what its script sends for a passkey, their language, signing out.
const OPEN_IN_EMERGENCY: [Interaction; 6] = [
    Interaction::Console(ConsoleCall::EmergencyLook),
    Interaction::Console(ConsoleCall::Arrive),
    Interaction::Console(ConsoleCall::Language),
    Interaction::Console(ConsoleCall::Leave),
    Interaction::Identity(IdentityCall::PasskeyChallenge),
    Interaction::Identity(IdentityCall::Login),
];

/// Longest body of a request of somebody who has not logged in, in bytes.
const ARRIVING_BODY_BYTES_MAX: usize = 64 * 1024;

impl<D: Door> Edge<D> {
    /// Answers one request, whatever it is, within the time for one request.
    pub(crate) async fn respond<B>(&self, request: Request<B>) -> Reply
    where
        B: Body<Data = Bytes, Error = Problem> + Unpin,
    {
        let (parts, body) = request.into_parts();
        let request_id = self.request_ids.choose(&parts.headers);
        let found = self.router.find(&parts.method, parts.uri.path());
        let mut style = Style { language: language_for(&found, &parts.headers), pretty: false };
        let observed = Observed::begin(&found, &self.doors, &request_id, &self.metrics);
        let started = observed.started();
        let deadline = started.checked_add(self.bounds.request).unwrap_or(started);
        let arrived = Arrived { parts: &parts, found: &found, deadline };
        let header = |name: &str| values(&parts.headers, name);
        let mut approach = approach(&parts, &header);
        approach.unattended |= matches!(&found, Find::Row(row, _) if row.is_asked_by_pages());
        let result = match self.enter(&arrived, approach, &request_id) {
            Ok(entered) => {
                let walk =
                    self.walk(&arrived, body, entered.as_ref(), &mut style).instrument(observed.span());
                let result = match tokio::time::timeout_at(deadline, walk).await {
                    Ok(result) => result,
                    Err(_) => Err(self.too_slow().into()),
                };
                leave(entered, result).await
            }
            Err(problem) => Err(problem.into()),
        };
        let mut reply = result.unwrap_or_else(|problems| {
            observed.refused(&problems);
            observed.span().in_scope(|| refuse(&problems, &parts, &found, style))
        });
        if parts.method == Method::HEAD {
            reply = answer::without_body(reply);
        }
        answer::put_common(reply.headers_mut());
        observed.end(reply.status());
        reply.headers_mut().insert(REQUEST_ID, request_id);
        reply
    }

    /// Finds the facility, counts the request, and begins its trail. None where there is no facility: such a request
    /// reaches no journal. What is over the rates leaves no entry either, or everybody could fill the disk.
    fn enter<'a>(
        &'a self,
        arrived: &Arrived<'a>,
        approach: Approach<'a>,
        request_id: &HeaderValue,
    ) -> Result<Option<Entered<'a, D>>, Problem> {
        let Find::Row(row, place) = arrived.found else { return Ok(None) };
        if matches!(row.interaction, Interaction::Health | Interaction::Console(ConsoleCall::Asset)) {
            return Ok(None);
        }
        let facility = decode::segment(place.facility);
        let door = facility.ok().and_then(|facility| self.doors.get(facility.as_ref()));
        let Some(door) = door else {
            self.count(Key::Address(approach.address))?;
            return Ok(None);
        };
        let address = door.identity().map_or(approach.address, |identity| identity.address(&approach));
        self.count(Key::Address(address))?;
        self.count(Key::Facility(door.id()))?;
        if row.tries_to_log_in() {
            self.count(Key::Login(address))?;
        }
        // This page shows no record.
        if row.interaction == EMERGENCY && door.stopped() {
            return Ok(None);
        }
        let access = Access {
            v: 1,
            request: request_id.to_str().unwrap_or("-").to_owned(),
            route: format!("{} {}", row.method, row.path),
            who: AccessWho { address: Some(address.to_string()), ..AccessWho::default() },
            ..Access::default()
        };
        let in_emergency = OPEN_IN_EMERGENCY.contains(&row.interaction) && door.stopped();
        let trail = if in_emergency { door.trail_in_emergency(access)? } else { door.trail(access)? };
        Ok(Some(Entered { door, approach, address, trail }))
    }

    async fn walk<B>(
        &self,
        arrived: &Arrived<'_>,
        body: B,
        entered: Option<&Entered<'_, D>>,
        style: &mut Style,
    ) -> Result<Reply, Problems>
    where
        B: Body<Data = Bytes, Error = Problem> + Unpin,
    {
        let admitted = match self.admit(arrived, body.is_end_stream(), style) {
            Ok(admitted) => admitted,
            Err(problem) => {
                if let Some(entered) = entered {
                    name_if_known(entered, arrived);
                }
                return Err(problem.into());
            }
        };
        if admitted.row.interaction == Interaction::Health {
            return Ok(self.health(*style));
        }
        if admitted.row.interaction == Interaction::Console(ConsoleCall::Asset) {
            return Ok(console::asset(admitted.place.path)?);
        }
        if admitted.row.interaction == EMERGENCY {
            return Ok(self.emergency(arrived, &admitted, *style)?);
        }
        let Some(entered) = entered else { return Err(self.strange(arrived, &admitted)?.into()) };
        let received = self.receive(&admitted, entered, *style)?;
        match admitted.row.interaction {
            Interaction::Capabilities => {
                decide(&received, Action::CAPABILITIES)?;
                Ok(self.capabilities(&admitted, entered.door, *style)?)
            }
            Interaction::Identity(call) => self.identities(call, admitted, received, body).await,
            Interaction::Console(ConsoleCall::News) => Ok(self.news(&admitted, &received)?),
            Interaction::Console(call) => self.console(call, admitted, received, body).await,
            _ => self.records(admitted, received, body, style).await,
        }
    }

    /// How a facility stands, for whoever may come as far as the page on which people sign in.
    fn emergency(
        &self,
        arrived: &Arrived<'_>,
        admitted: &Admitted<'_>,
        style: Style,
    ) -> Result<Reply, Problem> {
        let facility = decode::segment(admitted.place.facility)?;
        let Some(door) = self.doors.get(facility.as_ref()) else {
            return Err(self.strange(arrived, admitted)?);
        };
        let header = |name: &str| values(&arrived.parts.headers, name);
        door.identity().map_or(Ok(()), |identity| identity.admit(&approach(arrived.parts, &header)))?;
        Ok(console::emergency(door, style.language))
    }

    /// What is answered to a request for a facility that there is not.
    fn strange(&self, arrived: &Arrived<'_>, admitted: &Admitted<'_>) -> Result<Problem, Problem> {
        decode::segment(admitted.place.facility)?;
        let header = |name: &str| values(&arrived.parts.headers, name);
        let credential = caller::credential(&arrived.parts.headers);
        Ok(self.nowhere(admitted.row, &approach(arrived.parts, &header), credential))
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

    /// Finds whoever is calling. Beyond the open routes, nobody who is not known to a facility learns whether there is one.
    fn receive<'e, 'a>(
        &self,
        admitted: &Admitted<'_>,
        entered: &'e Entered<'a, D>,
        style: Style,
    ) -> Result<Received<'e, 'a, D>, Problem> {
        let Admitted { parts, row, .. } = admitted;
        let Entered { door, approach, address, trail } = entered;
        let credential = caller::credential(&parts.headers);
        let caller = match row.caller {
            Caller::Open => None,
            Caller::Arriving => {
                door.identity().map_or(Ok(()), |identity| identity.admit(approach))?;
                None
            }
            Caller::Required | Caller::Fresh => Some(self.known(admitted, entered, credential)?),
        };
        let context = who::context(&parts.headers, door.now())?;
        let who = match &caller {
            Some(caller) => who::of(caller, *door, *address),
            None => Arc::new(Who::unknown(door.id().as_str())),
        };
        trail.note(|access| {
            access.purpose = Some(context.purpose.clone());
            if let Some(caller) = &caller {
                who::enter(access, caller, &who);
            }
        });
        trail.broken(caller.as_ref().map(|caller| caller.broken.as_slice()).unwrap_or_default());
        Ok(Received { entered, caller, who, context, style })
    }

    /// Somebody whom the facility knows, and who may use this route at this moment.
    fn known(
        &self,
        admitted: &Admitted<'_>,
        entered: &Entered<'_, D>,
        credential: Credential<'_>,
    ) -> Result<identity::Caller, Problem> {
        let Admitted { parts, row, host, .. } = admitted;
        let Entered { door, approach, trail, .. } = entered;
        let caller = door.identify(approach, credential)?;
        let caller = caller.ok_or_else(|| Problem::new(&codes::TOKEN_NEEDED))?;
        trail.name_actor(&caller.actor);
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
    pub(crate) async fn identities<B>(
        &self,
        call: IdentityCall,
        admitted: Admitted<'_>,
        received: Received<'_, '_, D>,
        body: B,
    ) -> Result<Reply, Problems>
    where
        B: Body<Data = Bytes, Error = Problem> + Unpin,
    {
        let Admitted { parts, row, place, host, .. } = admitted;
        if !matches!(call, IdentityCall::Admin | IdentityCall::BreakGlass) {
            let coming = matches!(row.caller, Caller::Arriving | Caller::Open);
            decide(&received, if coming { Action::LOGIN } else { Action::OWN })?;
        }
        let Received { entered, caller, who, context, style } = received;
        let Entered { door, trail, .. } = entered;
        let identity = door.identity().ok_or_else(|| Problem::new(&codes::ADDRESS_UNKNOWN))?;
        media::check_content_type(&parts.headers, row.body)?;
        let body = if row.body == BodyKind::None {
            Vec::new()
        } else {
            body::read(body, self.body_bytes_max(row)).await?
        };
        media::check_announced(&parts.headers, &body)?;
        let id = decode::segment(place.id)?.into_owned();
        let law = identity_api::Deciding { law: door.law(), who, context: context.clone(), trail };
        let header = |name: &str| values(&parts.headers, name);
        let approach = approach(parts, &header);
        let fhir_url = self.fhir_url(host, *door);
        let seeing = Seeing { entered, context, base_url: fhir_url.clone() };
        let sees_patient: Box<oauth::SeesPatient<'_>> =
            Box::new(move |caller, id| Box::pin(sees_patient(seeing.clone(), caller, id)));
        let asked = identity_api::Asked {
            identity,
            evidence: door.evidence(),
            approach,
            caller,
            law,
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
    pub(crate) async fn records<B>(
        &self,
        admitted: Admitted<'_>,
        received: Received<'_, '_, D>,
        body: B,
        style: &mut Style,
    ) -> Result<Reply, Problems>
    where
        B: Body<Data = Bytes, Error = Problem> + Unpin,
    {
        let Received { entered, caller, who, context, .. } = received;
        let door = entered.door;
        let Admitted { parts, deadline, row, place, host, mut query } = admitted;
        let caller = caller.ok_or_else(|| Problem::new(&codes::TOKEN_NEEDED))?;
        fhir_api::check_address(&place)?;
        let page = row.interaction.shows_page() && media::wants_page(&parts.headers, query.format.as_deref());
        if row.interaction != Interaction::Log && !page {
            media::check_accept(&parts.headers, query.format.as_deref())?;
        }
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
        let headers = &parts.headers;
        let asked = Asked { headers, preference, place, query: query.rest, page, body: bytes };
        let intent = fhir_api::intent(row.interaction, asked)?;
        let base_url = self.fhir_url(host, door);
        let provenance = conditions::provenance(&parts.headers);
        let call = Call {
            actor: &caller.actor,
            who: &who,
            context: &context,
            trail: &entered.trail,
            language: style.language,
            base_url: &base_url,
            intent,
            provenance: provenance.as_deref(),
            staff: door.identity().map(|identity| identity as &dyn Staff),
        };
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

    /// Longest body that this row takes, in bytes.
    pub(crate) fn body_bytes_max(&self, row: &Route) -> usize {
        match row.caller {
            Caller::Arriving => self.bounds.body_bytes_max.min(ARRIVING_BODY_BYTES_MAX),
            Caller::Required | Caller::Fresh | Caller::Open => self.bounds.body_bytes_max,
        }
    }

    fn too_slow(&self) -> Problem {
        Problem::new(&codes::REQUEST_TOO_SLOW).with("seconds", self.bounds.request.as_secs())
    }
}

/// Asks the law about something that is no record, and notes what it says.
fn decide<D: Door>(received: &Received<'_, '_, D>, action: Action) -> Result<(), Problem> {
    let Received { entered, who, context, .. } = received;
    let law = entered.door.law();
    identity_api::Deciding { law, who: Arc::clone(who), context: context.clone(), trail: &entered.trail }
        .decide(action)
}

/// A request that is refused for its form is entered under the name of whoever shows a good credential with it.
fn name_if_known<D: Door>(entered: &Entered<'_, D>, arrived: &Arrived<'_>) {
    let credential = caller::credential(&arrived.parts.headers);
    if let Ok(Some(caller)) = entered.door.identify(&entered.approach, credential) {
        let who = who::of(&caller, entered.door, entered.address);
        entered.trail.name_actor(&caller.actor);
        entered.trail.note(|access| who::enter(access, &caller, &who));
    }
}

/// Writes down how a request ended. An answer whose entry cannot be written does not leave.
async fn leave<D: Door>(
    entered: Option<Entered<'_, D>>,
    result: Result<Reply, Problems>,
) -> Result<Reply, Problems> {
    let Some(Entered { door, trail, .. }) = entered else { return result };
    let first = result.as_ref().err().and_then(|problems| problems.all().first());
    trail.note(|access| {
        access.status = match &result {
            Ok(reply) => reply.status().as_u16(),
            Err(_) => first.map_or(500, |first| codes::status(first.code())),
        };
        access.code = first.map(|first| first.code().id.to_owned());
        if first.is_some_and(|first| first.code() == &codes::REQUEST_TOO_SLOW) {
            access.ended = Ended::TimedOut;
        }
    });
    door.close(&trail).await?;
    result
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

/// Does work that may take long, and meanwhile leaves the other requests of this worker to another one. A deadline must be
/// part of the work: no other is looked at before it ends.
async fn apart<F: Future>(work: F) -> F::Output {
    let here = Handle::current();
    match here.runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(|| here.block_on(work)),
        _ => work.await,
    }
}
