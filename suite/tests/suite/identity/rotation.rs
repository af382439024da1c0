//! The server's own certificate is exchanged while requests run.

use base::{Clock, SystemClock};
use server::{DevelopmentCertificates, development_certificates, load_chain, load_key};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use testkit::Clinic;

const CLIENTS: usize = 4;
const EXCHANGES: usize = 12;
/// Requests that are answered between two exchanges.
const BETWEEN: usize = 20;
/// A client opens a new connection after so many requests.
const REQUESTS_EACH: usize = 3;

fn exchange(clinic: &Clinic, made: &DevelopmentCertificates) {
    let chain = load_chain(made.certificate_chain.as_bytes()).unwrap();
    clinic.certificate().replace(chain, load_key(made.private_key.reveal().as_bytes()).unwrap()).unwrap();
}

#[test]
fn no_request_fails_while_the_certificate_is_exchanged() {
    let clinic = Clinic::start();
    let made: Vec<_> = (0..2).map(|_| development_certificates(&[], SystemClock.now()).unwrap()).collect();
    let client = made.iter().fold(clinic.client(), |client, made| client.trusting(&made.ca_certificate));
    let (answered, failed, over) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            let client = client.again();
            let (answered, failed, over) = (&answered, &failed, &over);
            scope.spawn(move || {
                while !over.load(Ordering::SeqCst) {
                    for _ in 0..REQUESTS_EACH {
                        let good = client.ask(http::Method::GET, "metadata").try_send();
                        let count =
                            if good.is_ok_and(|reply| reply.status() == 200) { answered } else { failed };
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                    client.hang_up();
                }
            });
        }
        for round in 0..EXCHANGES {
            let before = answered.load(Ordering::SeqCst);
            exchange(&clinic, &made[round % 2]);
            while answered.load(Ordering::SeqCst) < before + BETWEEN && failed.load(Ordering::SeqCst) == 0 {
                std::thread::yield_now();
            }
        }
        over.store(true, Ordering::SeqCst);
    });
    assert_eq!(failed.load(Ordering::SeqCst), 0);
    assert!(answered.load(Ordering::SeqCst) >= EXCHANGES * BETWEEN);
}

#[test]
fn new_connections_see_the_new_certificate_and_open_ones_go_on() {
    let clinic = Clinic::start();
    let made = development_certificates(&[], SystemClock.now()).unwrap();
    let open = clinic.client();
    open.get("metadata").expect(200);
    exchange(&clinic, &made);
    open.get("metadata").expect(200);
    let client = clinic.client().trusting(&made.ca_certificate);
    client.get("metadata").expect(200);
    let leaf = load_chain(made.certificate_chain.as_bytes()).unwrap()[0].to_vec();
    assert_eq!(client.met().unwrap().certificate, leaf);
    assert_ne!(open.met().unwrap().certificate, leaf);
    let distrusting = clinic.client().ask(http::Method::GET, "metadata").try_send();
    assert!(distrusting.is_err(), "whoever does not trust the new authority is not answered");
}
