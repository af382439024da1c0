//! What the figures tell, and that their labels are of closed sets.

use super::*;
use crate::routes::ROUTES;
use std::collections::BTreeSet;

fn facility() -> FacilityId {
    FacilityId::parse("sakura").unwrap()
}

fn ending<'a>(found: &'a Find<'a>, facility: Option<&'a FacilityId>, status: u16) -> Ending<'a> {
    let status = StatusCode::from_u16(status).unwrap();
    Ending { found, facility, status, took: Duration::from_millis(3) }
}

/// Each kind of thing counted once.
fn used() -> Metrics {
    let (metrics, facility) = (Metrics::new(), facility());
    for row in ROUTES {
        let found = Find::Row(row, crate::router::Place::default());
        for status in [200, 304, 401, 429, 500] {
            metrics.answered(ending(&found, Some(&facility), status));
        }
    }
    metrics.answered(ending(&Find::Nothing, None, 404));
    metrics.refused(&Problem::new(&crate::codes::ADDRESS_UNKNOWN).with("allowed", "secret").log("secret"));
    metrics.collector_lag(&facility, Duration::from_millis(1500));
    metrics.collector_behind(&facility, 3);
    metrics.entered(Handshake::Tls13);
    metrics
}

/// The labels of a line as pairs; its value.
fn sample(line: &str) -> (Vec<(&str, &str)>, &str) {
    let (series, value) = line.rsplit_once(' ').unwrap();
    let labels = series.split_once('{').map_or("", |(_, rest)| rest.strip_suffix('}').unwrap());
    let pairs = labels.split("\",").filter(|pair| !pair.is_empty());
    (
        pairs
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, text)| (name, text.trim_matches('"')))
            .collect(),
        value,
    )
}

fn is_closed(label: &str, value: &str) -> bool {
    let code = |value: &str| crate::CODES.iter().any(|code| code.id == value);
    match label {
        "facility" => ["sakura", ""].contains(&value),
        "method" => ["GET", "POST", "PUT", "PATCH", "DELETE", "-"].contains(&value),
        "route" => {
            ["(unknown)", "(other method)"].contains(&value) || ROUTES.iter().any(|row| row.path == value)
        }
        "status" => ["2xx", "3xx", "4xx", "5xx"].contains(&value),
        "code" => code(value),
        "outcome" => [
            "begun",
            "refused",
            "limited",
            "malformed",
            "failed",
            "tls_1.2",
            "tls_1.3",
            "certificate",
            "slow",
            "crowded",
            "proxy",
        ]
        .contains(&value),
        "le" => value == "+Inf" || value.parse::<f64>().is_ok(),
        _ => false,
    }
}

#[test]
fn every_label_of_every_family_is_of_a_closed_set() {
    let text = used().text().unwrap();
    let mut families = BTreeSet::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            families.insert(rest.split(' ').next().unwrap().to_owned());
        } else if !line.starts_with('#') {
            let (labels, value) = sample(line);
            assert!(value.parse::<f64>().is_ok(), "{line}");
            for (label, value) in labels {
                assert!(is_closed(label, value), "{label}={value} in {line}");
            }
        }
    }
    let expected = [
        "akashi_collector_behind",
        "akashi_collector_lag_seconds",
        "akashi_connections_open",
        "akashi_handshakes",
        "akashi_logins",
        "akashi_refused",
        "akashi_request_duration_seconds",
        "akashi_requests",
    ];
    assert_eq!(families.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    assert!(text.ends_with("# EOF\n") && !text.contains("secret"));
}

#[test]
fn the_number_of_series_does_not_grow_with_what_is_asked() {
    let metrics = used();
    let before = metrics.text().unwrap().lines().count();
    for status in 400..500 {
        metrics.answered(ending(&Find::Nothing, None, status));
    }
    assert_eq!(metrics.text().unwrap().lines().count(), before);
}

#[test]
fn logins_are_told_by_their_outcome() {
    let text = used().text().unwrap();
    for (outcome, count) in [("begun", 1), ("limited", 1), ("refused", 1), ("failed", 1)] {
        let line = format!("akashi_logins_total{{facility=\"sakura\",outcome=\"{outcome}\"}} {count}");
        assert!(text.lines().any(|one| one == line), "{line}: {text}");
    }
    assert!(text.contains("akashi_collector_lag_seconds{facility=\"sakura\"} 1.5\n"));
    assert!(text.contains("akashi_collector_behind{facility=\"sakura\"} 3\n"));
    assert!(text.contains("akashi_refused_total{code=\"SV-0001\"} 1\n"), "{text}");
}

#[test]
fn a_connection_counts_as_open_until_it_ends() {
    let metrics = Metrics::new();
    let open = metrics.connection();
    assert!(metrics.text().unwrap().contains("akashi_connections_open 1\n"));
    drop(open);
    assert!(metrics.text().unwrap().contains("akashi_connections_open 0\n"));
}
