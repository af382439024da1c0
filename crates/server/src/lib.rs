//! The edge: TLS listener, limits, routes as data, the FHIR API and the log API.
//!
//! A connection is accepted under a deadline, its requests are checked for size and framing, matched against
//! [`ROUTES`], given a caller, and turned into a [`records::Call`]. What the records answer is turned back into HTTP.
//! No rule of the records stands here, and no patient data reaches the log: the lines carry route patterns, not paths.

mod addresses;
mod answer;
mod answering;
mod approach;
mod body;
mod caller;
mod chatter;
mod client_certificates;
pub mod codes;
pub mod collector;
mod conditions;
mod configuration;
mod connection;
mod console;
mod decode;
mod development;
mod door;
mod edge;
mod fhir_api;
mod framing;
mod handshake;
mod house;
mod identity_api;
mod interactions;
mod language;
mod limits;
mod listen;
mod log_api;
mod media;
mod metrics;
mod oauth;
mod observed;
mod pace;
mod pages;
mod peer;
mod prefer;
mod pretty;
mod proxy;
mod pulse;
mod query;
mod refusal;
mod request_id;
mod route;
mod router;
mod routes;
mod screened;
mod seeing;
mod server_certificate;
mod small;
mod streaming;
mod tls;
mod who;

pub use client_certificates::{CertificateFault, ClientCertificates};
pub use codes::CODES;
pub use configuration::{Bounds, Configuration, TlsVersions, Transport};
pub use console::CONSOLE;
pub use development::{DevelopmentCertificates, development_certificates};
pub use door::{Changes, Door};
pub use fhir_api::capabilities::OF_ALL_TYPES;
pub use framing::fuzz_framing;
pub use house::{House, VERIFIED_WORD, trust_of};
pub use interactions::{ConsoleCall, IdentityCall, Interaction, OAuthCall, OPERATIONS, Operation};
pub use listen::Server;
pub use metrics::{Handshake, Login, Metrics, MetricsListener};
pub use peer::{Peer, TlsVersion};
pub use route::{BodyKind, Caller, Parameters, Route, Work};
pub use routes::ROUTES;
pub use server_certificate::ServerCertificate;
pub use small::{Answering, SmallListener, SmallReply, SmallRequest};
pub use tls::{load_chain, load_key};
