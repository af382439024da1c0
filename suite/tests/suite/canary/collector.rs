//! A collector of traces for one test: takes what is posted to `/v1/traces` and reads it by the published messages.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// A collector that listens.
pub(super) struct Collector {
    address: SocketAddr,
    taken: Arc<Mutex<Vec<Vec<u8>>>>,
    thread: JoinHandle<()>,
}

impl Collector {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&taken);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if !serve(stream.unwrap(), &kept) {
                    return;
                }
            }
        });
        Self { address, taken, thread }
    }

    pub(super) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All that came: each message as it is understood, and as the bytes that are text in it.
    pub(super) fn end(self) -> String {
        TcpStream::connect(self.address).unwrap().write_all(b"END / HTTP/1.1\r\n\r\n").unwrap();
        self.thread.join().unwrap();
        let mut text = String::new();
        for body in self.taken.lock().unwrap().iter() {
            let message = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
            writeln!(text, "{message:?}\n{}", String::from_utf8_lossy(body)).unwrap();
        }
        text
    }
}

/// Takes the messages of one connection; whether further connections are waited for.
fn serve(stream: TcpStream, taken: &Mutex<Vec<Vec<u8>>>) -> bool {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return true;
            }
        }
        if head.starts_with("END ") {
            return false;
        }
        assert!(head.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{head}");
        let head = head.to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        taken.lock().unwrap().push(body);
        reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
    }
}
