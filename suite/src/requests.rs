//! Load for measurements: the requests of a file, chosen at random and sent over several connections for some time.

use crate::client::{Ask, Client, Target};
use crate::crash::chance::Chance;
use crate::load::percentile;
use base::{Clock, SystemClock, Time};
use http::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Stands in a line for a number that no other request has.
const FRESH: &str = "{{n}}";

/// What was answered, and how long it took.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// Requests answered as they should be.
    pub requests: u64,
    /// Those that were refused, and connections that broke.
    pub errors: u64,
    /// From the first request to the last answer, in microseconds.
    pub microseconds: i64,
    /// Time of each request, in microseconds, in rising order.
    pub times: Vec<i64>,
}

/// Sends the requests that these lines describe for so many seconds. A line is method, path below the FHIR API, body and
/// header fields (`Name: value`), with tabs between them.
///
/// # Errors
/// A text when a line cannot be read or there is none.
pub async fn run(
    target: &Target,
    lines: &[String],
    seconds: u32,
    connections: u32,
) -> Result<Answered, String> {
    let asks: Arc<Vec<Ask>> = Arc::new(lines.iter().map(|line| read(line)).collect::<Result<_, _>>()?);
    if asks.is_empty() {
        return Err("no requests".to_owned());
    }
    let begin = SystemClock.now();
    let end = begin.plus_seconds(seconds.into());
    let mut workers = JoinSet::new();
    for number in 0..connections {
        let (client, asks) = (target.client(), Arc::clone(&asks));
        workers.spawn(send(client, asks, number, end));
    }
    let mut sum = Answered::default();
    while let Some(ended) = workers.join_next().await {
        let part = ended.map_err(|error| error.to_string())?;
        sum.requests += part.requests;
        sum.errors += part.errors;
        sum.times.extend(part.times);
    }
    sum.microseconds = SystemClock.now().microseconds() - begin.microseconds();
    sum.times.sort_unstable();
    Ok(sum)
}

fn read(line: &str) -> Result<Ask, String> {
    let mut parts = line.split('\t');
    let method = parts.next().and_then(|method| Method::from_bytes(method.as_bytes()).ok());
    let (Some(method), Some(path), Some(body)) = (method, parts.next(), parts.next()) else {
        return Err(format!("no request: {line}"));
    };
    let field = |field: &str| {
        let (name, value) = field.split_once(": ").ok_or_else(|| format!("no header field: {field}"))?;
        Ok::<_, String>((name.to_owned(), value.to_owned()))
    };
    let fields = parts.map(field).collect::<Result<_, _>>()?;
    let body = (!body.is_empty()).then(|| body.to_owned());
    Ok(Ask { method, path: format!("fhir{path}"), if_match: None, fields, body, bearer: None })
}

async fn send(mut client: Client, asks: Arc<Vec<Ask>>, number: u32, end: Time) -> Answered {
    let chance = Chance::new(0, 0, number);
    let mut answered = Answered::default();
    let mut sent = 0_u64;
    while SystemClock.now() < end {
        let Some(ask) = asks.get(chance.index(asks.len())) else { break };
        sent += 1;
        let ask = numbered(ask, &format!("{number}-{sent}"));
        let begin = SystemClock.now();
        match client.send(&ask).await {
            Ok(answer) if answer.status < 400 => {
                answered.times.push(SystemClock.now().microseconds() - begin.microseconds());
                answered.requests += 1;
            }
            _ => answered.errors += 1,
        }
    }
    answered
}

/// The same with a number where a new one belongs.
fn numbered(ask: &Ask, number: &str) -> Ask {
    let put = |text: &str| text.replace(FRESH, number);
    Ask {
        path: put(&ask.path),
        body: ask.body.as_deref().map(put),
        fields: ask.fields.iter().map(|(name, value)| (name.clone(), put(value))).collect(),
        ..ask.clone()
    }
}

impl Answered {
    /// As JSON; all times in microseconds.
    pub fn json(&self) -> Value {
        json!({
            "requests": self.requests,
            "microseconds": self.microseconds,
            "errors": self.errors,
            "p50": percentile(&self.times, 50),
            "p95": percentile(&self.times, 95),
            "p99": percentile(&self.times, 99),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_method_path_body_and_fields() {
        let ask = read("POST\t/Patient\t{}\tIf-None-Exist: identifier=1").unwrap();
        assert_eq!((ask.method, ask.path.as_str()), (Method::POST, "fhir/Patient"));
        assert_eq!(ask.body.as_deref(), Some("{}"));
        assert_eq!(ask.fields, [("If-None-Exist".to_owned(), "identifier=1".to_owned())]);
        assert_eq!(read("GET\t/Patient/1\t").unwrap().body, None);
        for wrong in ["", "GET", "GET\t/Patient", "GET\t/Patient\t\tnonsense", "G T\t/\t"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_number_is_put_wherever_a_new_one_belongs() {
        let ask = read("PUT\t/Patient/{{n}}\t{\"id\":\"{{n}}\"}\tIf-None-Exist: identifier={{n}}").unwrap();
        let ask = numbered(&ask, "1-7");
        assert_eq!(ask.path, "fhir/Patient/1-7");
        assert_eq!(ask.body.as_deref(), Some(r#"{"id":"1-7"}"#));
        assert_eq!(ask.fields[0].1, "identifier=1-7");
    }
}
