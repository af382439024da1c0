//! The labels of the figures. Each is one of a set that is known before the first request: rows of the route table,
//! classes of status, codes of problems, facilities that are served.

use crate::router::Find;
use base::FacilityId;
use http::StatusCode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use std::fmt::{self, Write};

/// What stands for a facility in figures that belong to none, or to one that does not exist.
const NOWHERE: &str = "";

/// A row of the route table, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Routed {
    method: &'static str,
    route: &'static str,
}

impl Routed {
    pub(super) fn of(found: &Find<'_>) -> Self {
        match found {
            Find::Row(row, _) => Self { method: row.method.as_str(), route: row.path },
            Find::OtherMethods(_) => Self { method: "-", route: "(other method)" },
            Find::Nothing => Self { method: "-", route: "(unknown)" },
        }
    }
}

/// What was answered to whom, in classes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Answered {
    facility: Facility,
    method: &'static str,
    route: &'static str,
    status: StatusClass,
}

impl Answered {
    pub(super) fn new(routed: Routed, facility: Option<&FacilityId>, status: StatusCode) -> Self {
        let Routed { method, route } = routed;
        Self { facility: Facility(facility.cloned()), method, route, status: StatusClass::of(status) }
    }
}

/// A facility alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct At {
    facility: Facility,
}

impl At {
    pub(super) fn of(facility: &FacilityId) -> Self {
        Self { facility: Facility(Some(facility.clone())) }
    }
}

/// A code of `docs/errors/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Coded {
    pub(super) code: &'static str,
}

/// What became of a try to log in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct LoggedIn {
    facility: Facility,
    outcome: Login,
}

impl LoggedIn {
    pub(super) fn at(facility: &FacilityId, status: StatusCode) -> Self {
        Self { facility: Facility(Some(facility.clone())), outcome: Login::of(status) }
    }
}

/// What became of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Entered {
    pub(super) outcome: Handshake,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Facility(Option<FacilityId>);

impl EncodeLabelValue for Facility {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        encoder.write_str(self.0.as_ref().map_or(NOWHERE, FacilityId::as_str))
    }
}

/// The first digit of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum StatusClass {
    Good,
    Elsewhere,
    Refused,
    Failed,
}

impl StatusClass {
    fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            300..=399 => Self::Elsewhere,
            400..=499 => Self::Refused,
            500.. => Self::Failed,
            _ => Self::Good,
        }
    }
}

impl EncodeLabelValue for StatusClass {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        encoder.write_str(match self {
            Self::Good => "2xx",
            Self::Elsewhere => "3xx",
            Self::Refused => "4xx",
            Self::Failed => "5xx",
        })
    }
}

/// What became of a try to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Login {
    /// A session began.
    Begun,
    /// Account, factor or certificate were not good, or it was locked.
    Refused,
    /// There were too many tries.
    Limited,
    /// What was sent was no login.
    Malformed,
    /// The server could not say.
    Failed,
}

impl Login {
    fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            429 => Self::Limited,
            401 | 403 => Self::Refused,
            300..=499 => Self::Malformed,
            500.. => Self::Failed,
            _ => Self::Begun,
        }
    }
}

impl EncodeLabelValue for Login {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        encoder.write_str(match self {
            Self::Begun => "begun",
            Self::Refused => "refused",
            Self::Limited => "limited",
            Self::Malformed => "malformed",
            Self::Failed => "failed",
        })
    }
}

/// What became of a connection before its first request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handshake {
    /// It speaks TLS 1.2.
    Tls12,
    /// It speaks TLS 1.3.
    Tls13,
    /// TLS was not agreed on.
    Failed,
    /// The client's certificate is not good any more.
    Certificate,
    /// It took too long.
    Slow,
    /// Its client has as many as it may have.
    Crowded,
    /// A proxy sent no PROXY header, or none that is taken.
    Proxy,
}

impl EncodeLabelValue for Handshake {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        encoder.write_str(match self {
            Self::Tls12 => "tls_1.2",
            Self::Tls13 => "tls_1.3",
            Self::Failed => "failed",
            Self::Certificate => "certificate",
            Self::Slow => "slow",
            Self::Crowded => "crowded",
            Self::Proxy => "proxy",
        })
    }
}
