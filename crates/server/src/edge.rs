//! The walk of one request through the edge: sizes, host, framing, route, caller, facility, form, body, records.

use crate::answer::{self, Content, Reply, Style};
use crate::configuration::{Bounds, Callers};
use crate::door::Door;
use crate::fhir_api::{self, Asked, capabilities};
use crate::interactions::Interaction;
use crate::media;
use crate::prefer::Preference;
use crate::query::Query;
use crate::request_id::{REQUEST_ID, RequestIds};
use crate::router::{Find, Place, Router};
use crate::routes::{BodyKind, Caller, Route, Work};
use crate::{body, caller, codes, decode, language, limits, log_api};
use base::Problem;
use http::request::Parts;
use http::{HeaderValue, Method, Request, StatusCode, Version, header};
use hyper::body::{Body, Bytes};
use records::{Call, Problems};
use std::collections::BTreeMap;
use store::Actor;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::Instant;

/// What all connections share.
pub(crate) struct Edge<D> {
    /// The facilities by id.
    pub(crate) doors: BTreeMap<String, D>,
    /// Who the tokens belong to.
    pub(crate) callers: Box<dyn Callers>,
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

/// A request that may go on to its facility.
struct Admitted<'a> {
    row: &'static Route,
    place: Place<'a>,
    host: &'a str,
    query: Query,
    /// None on open routes.
    actor: Option<Actor>,
}

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
        match admitted.row.interaction {
            Interaction::Health => Ok(self.health(*style)),
            Interaction::Log => Ok(log_api::file(self.door(&admitted)?, admitted.place.path)?),
            Interaction::Capabilities => Ok(self.capabilities(arrived.parts, &admitted, *style)?),
            _ => self.records(arrived, admitted, body, style).await,
        }
    }

    /// Everything that is checked before the facility: beyond the open routes, nobody without a token learns what exists.
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
        let actor = match row.caller {
            Caller::Required => Some(caller::identify(&parts.headers, self.callers.as_ref())?),
            Caller::Open => None,
        };
        query.check(row.parameters)?;
        Ok(Admitted { row, place, host, query, actor })
    }

    fn door(&self, admitted: &Admitted<'_>) -> Result<&D, Problem> {
        let facility = decode::segment(admitted.place.facility)?;
        self.doors.get(facility.as_ref()).ok_or_else(|| Problem::new(&codes::ADDRESS_UNKNOWN))
    }

    /// Reads the body, asks the records and writes what they answer.
    async fn records<B>(
        &self,
        arrived: &Arrived<'_>,
        admitted: Admitted<'_>,
        body: B,
        style: &mut Style,
    ) -> Result<Reply, Problems>
    where
        B: Body<Data = Bytes, Error = Problem> + Unpin,
    {
        let (door, parts) = (self.door(&admitted)?, arrived.parts);
        let Admitted { row, place, host, mut query, actor } = admitted;
        let actor = actor.ok_or_else(|| Problem::new(&codes::TOKEN_NEEDED))?;
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
        let call = Call { actor: &actor, language: style.language, base_url: &base_url, intent };
        let answer = match row.work {
            Work::Short => door.perform(call).await?,
            Work::Long => {
                let work = tokio::time::timeout_at(arrived.deadline, door.perform(call));
                apart(work).await.map_err(|_| self.too_slow())??
            }
        };
        let mut reply = answer::of_records(answer, &base_url, preference, *style);
        if row.interaction.searches() {
            answer::put_preference(reply.headers_mut(), preference.applied_to_search());
        }
        Ok(reply)
    }

    fn capabilities(&self, parts: &Parts, admitted: &Admitted<'_>, style: Style) -> Result<Reply, Problem> {
        let door = self.door(admitted)?;
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
