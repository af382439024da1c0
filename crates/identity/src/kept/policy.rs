//! What a facility asks of everybody who comes in.

use super::{CODES, Kept, KeptCodes};
use crate::factor::password::Edition;
use serde::{Deserialize, Serialize};

/// How client certificates are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientCertificates {
    /// Not at all: for development only.
    Off,
    /// This server checks them in the TLS handshake and against the facility's trust.
    Verify,
    /// A load balancer in front has checked them and passes them on in a header.
    Passthrough,
}

/// How a load balancer passes on what it has checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FromProxy {
    /// Addresses of the load balancers (`10.0.0.0/24`). From elsewhere such headers are refused.
    pub addresses: Vec<String>,
    /// Header with the client's certificate, PEM in percent-encoding (nginx `$ssl_client_escaped_cert`, AWS
    /// `X-Amzn-Mtls-Clientcert-Leaf`).
    pub certificate_header: String,
    /// Header by which the load balancer says that its check went well; none when a certificate alone says so.
    pub verified_header: Option<String>,
    /// What that header must say.
    pub verified_value: String,
    /// Header with the client's address; its last entry is taken.
    pub address_header: Option<String>,
}

impl Default for FromProxy {
    fn default() -> Self {
        Self {
            addresses: Vec::new(),
            certificate_header: "x-client-certificate".to_owned(),
            verified_header: None,
            verified_value: "SUCCESS".to_owned(),
            address_header: None,
        }
    }
}

/// The gateway by which codes are sent by SMS. Off by default: see `factor::sms::why_off`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sms {
    /// Where to send.
    pub url: String,
    /// Body with `{to}` and `{text}`.
    pub body: String,
    /// Header fields, sealed for this facility because one of them is the gateway's key.
    pub sealed_headers: String,
}

/// The policy of a facility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Whose rules passwords follow: those of the guideline's edition 6.0 or 7.0.
    pub password_edition: Edition,
    /// How many of the passwords that an account had last cannot be chosen again, the present one among them; 0 for none.
    /// Holds when a password is set.
    pub passwords_remembered: u32,
    /// Factors of different classes that people need: 2, or 1.
    pub factors_needed: u8,
    /// Factors that machines need: 2 (certificate and key), or 1 (either).
    pub machine_factors_needed: u8,
    /// Whether the certificate of the device that a person works on is one of that person's factors.
    pub device_certificate_counts: bool,
    /// How client certificates are asked for.
    pub client_certificates: ClientCertificates,
    /// For [`ClientCertificates::Passthrough`].
    pub from_proxy: FromProxy,
    /// Seconds after which an unused session ends.
    pub session_idle_seconds: u32,
    /// The same for accounts with duties and for remote maintenance.
    pub session_idle_seconds_privileged: u32,
    /// Seconds after which every session ends.
    pub session_seconds_max: u32,
    /// Seconds for which a factor counts as fresh.
    pub fresh_seconds: u32,
    /// Days after which an unused account is listed.
    pub unused_days: u32,
    /// Names of networks, each `ward=10.1.0.0/16`; the first that an address lies in is its zone.
    pub zones: Vec<String>,
    /// Minutes for which the glass stays broken at most.
    pub glass_minutes_max: u32,
    /// Codes by SMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms: Option<Sms>,
}

impl Default for Policy {
    /// What a new facility begins with. Times are those of NIST SP 800-63B (revision 4, draft) for AAL2, shorter for accounts with duties.
    fn default() -> Self {
        Self {
            password_edition: Edition::V7_0,
            passwords_remembered: 5,
            factors_needed: 2,
            machine_factors_needed: 2,
            device_certificate_counts: false,
            client_certificates: ClientCertificates::Verify,
            from_proxy: FromProxy::default(),
            session_idle_seconds: 1_800,
            session_idle_seconds_privileged: 900,
            session_seconds_max: 43_200,
            fresh_seconds: 300,
            unused_days: 90,
            zones: Vec::new(),
            glass_minutes_max: 60,
            sms: None,
        }
    }
}

/// The one policy of a facility, under this id.
pub(crate) const ID: &str = "policy";

impl Kept for Policy {
    const KIND: &'static str = "AkashiPolicy";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        ID
    }
}
