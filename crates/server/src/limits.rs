//! What is checked of a request before anything else: sizes of target and header section, host, framing.
//!
//! Twice as wide lie the limits of the guard before HTTP/1 (`framing`), which refuses unread, and behind those the library's own.

use crate::codes;
use crate::configuration::Bounds;
use base::Problem;
use http::request::Parts;
use http::{Method, Version, header};

/// Checks the sizes of target and header section.
pub(crate) fn check_sizes(parts: &Parts, bounds: &Bounds) -> Result<(), Problem> {
    let target = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target > bounds.target_bytes_max {
        return Err(Problem::new(&codes::TARGET_TOO_LONG).with("limit", bounds.target_bytes_max));
    }
    // As HTTP/1.1 writes them: name, colon, space, value, line end.
    let field_bytes = |name: &str, value: &[u8]| name.len().saturating_add(value.len()).saturating_add(4);
    let bytes =
        parts.headers.iter().map(|(name, value)| field_bytes(name.as_str(), value.as_bytes())).sum::<usize>();
    if bytes > bounds.header_bytes_max || parts.headers.len() > bounds.header_fields_max {
        return Err(Problem::new(&codes::HEADERS_TOO_LARGE)
            .with("bytes", bounds.header_bytes_max)
            .with("fields", bounds.header_fields_max));
    }
    Ok(())
}

/// The host that the request is meant for: named once, well-formed, and the same in target and `Host`
/// (RFC 9110, section 7.2; RFC 9113, section 8.3.1).
pub(crate) fn host(parts: &Parts) -> Result<&str, Problem> {
    let wrong = || Problem::new(&codes::HOST_WRONG);
    // A target with an authority and no scheme is that of `CONNECT`.
    let foreign = match parts.uri.scheme_str() {
        Some(scheme) => scheme != "https",
        None => parts.uri.authority().is_some(),
    };
    if foreign {
        return Err(Problem::new(&codes::TARGET_FOREIGN));
    }
    let mut fields = parts.headers.get_all(header::HOST).iter();
    let field = fields.next().map(|field| field.to_str()).transpose().map_err(|_| wrong())?;
    if fields.next().is_some() {
        return Err(wrong());
    }
    let target = parts.uri.authority().map(http::uri::Authority::as_str);
    let host = match (target, field) {
        (None, Some(field)) => field,
        (Some(target), None) if parts.version == Version::HTTP_2 => target,
        (Some(target), Some(field)) if target.eq_ignore_ascii_case(field) => target,
        (Some(_), Some(_)) => return Err(Problem::new(&codes::TARGET_FOREIGN)),
        (_, None) => return Err(wrong()),
    };
    if well_formed_host(host) { Ok(host) } else { Err(wrong()) }
}

/// `name`, `name:port`, `[v6]` or `[v6]:port`, with nothing that could end a URL's authority.
fn well_formed_host(text: &str) -> bool {
    let (name, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => {
            let v6 = address.parse::<std::net::Ipv6Addr>().is_ok();
            (v6, if rest.is_empty() { None } else { Some(rest.strip_prefix(':').unwrap_or("")) })
        }
        None => match text.split_once(':') {
            Some((name, port)) => (well_formed_name(name), Some(port)),
            None => (well_formed_name(text), None),
        },
    };
    let plain_port =
        |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    name && port.is_none_or(plain_port)
}

fn well_formed_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    (1..=253).contains(&name.len()) && name.bytes().all(plain)
}

/// Refuses a length that is given more than once. Over HTTP/1 the guard has refused it before; the HTTP/2 library takes two
/// that are equal.
pub(crate) fn check_length(parts: &Parts) -> Result<(), Problem> {
    let lengths = parts.headers.get_all(header::CONTENT_LENGTH).iter().count();
    if lengths > 1 { Err(Problem::new(&codes::LENGTH_DOUBTFUL)) } else { Ok(()) }
}

/// Refuses a body where the method has none; such bodies serve to smuggle requests past a proxy.
pub(crate) fn check_no_body(method: &Method, ended: bool) -> Result<(), Problem> {
    let takes_one = matches!(*method, Method::POST | Method::PUT | Method::PATCH);
    if ended || takes_one { Ok(()) } else { Err(Problem::new(&codes::BODY_UNEXPECTED)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn a_host_is_a_name_or_an_address_with_a_port_or_none() {
        for good in ["a", "records.example.jp", "127.0.0.1:8443", "[::1]", "[2001:db8::1]:443", "localhost:0"]
        {
            assert!(well_formed_host(good), "{good}");
        }
        for bad in [
            "", ":443", "a:", "a:b", "a:99999", "a/b", "a b", "u@h", "a?x", "[::1", "::1", "[::1]x", "[g]",
            "山", "a:+1", "[::1]:",
        ] {
            assert!(!well_formed_host(bad), "{bad}");
        }
    }

    #[test]
    fn a_length_is_given_once() {
        let with = |lengths: &[&str]| {
            let mut request = Request::builder();
            for length in lengths {
                request = request.header(header::CONTENT_LENGTH, *length);
            }
            check_length(&request.body(()).unwrap().into_parts().0).is_ok()
        };
        assert!(with(&[]) && with(&["2"]));
        assert!(!with(&["2", "2"]) && !with(&["2", "3"]));
    }

    fn parts(target: &str, hosts: &[&str], version: Version) -> Parts {
        let mut request = Request::builder().uri(target).version(version);
        for host in hosts {
            request = request.header(header::HOST, *host);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn the_host_is_named_once_and_agrees_with_the_target() {
        let id = |target, hosts: &[&str], version| match host(&parts(target, hosts, version)) {
            Ok(host) => host.to_owned(),
            Err(problem) => problem.code().id.to_owned(),
        };
        let (one, two) = (Version::HTTP_11, Version::HTTP_2);
        assert_eq!(id("/x", &["h:1"], one), "h:1");
        assert_eq!(id("https://h:1/x", &["H:1"], one), "h:1");
        assert_eq!(id("https://h:1/x", &[], two), "h:1");
        assert_eq!(id("/x", &["h"], two), "h");
        assert_eq!(id("/x", &[], one), "SV-0008");
        assert_eq!(id("/x", &["h", "h"], one), "SV-0008");
        assert_eq!(id("/x", &["h/"], one), "SV-0008");
        assert_eq!(id("https://h/x", &[], one), "SV-0008");
        assert_eq!(id("https://other/x", &["h"], one), "SV-0009");
        assert_eq!(id("http://h/x", &["h"], one), "SV-0009");
        assert_eq!(id("h:443", &["h:443"], one), "SV-0009");
    }
}
