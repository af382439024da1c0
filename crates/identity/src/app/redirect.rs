//! Where an app may have people sent back to: addresses written down beforehand and compared letter by letter (RFC 9700,
//! section 4.1.3). The one thing that may differ is the port of an app on the same machine (RFC 8252, section 7.3).

/// Longest address, in bytes.
const BYTES_MAX: usize = 1_000;

/// Whether an address may be registered: https, http on the loopback address, or a scheme of one's own with a dot in it
/// (RFC 8252, section 7.1), and without a fragment (RFC 6749, section 3.1.2).
pub(crate) fn is_offered(text: &str) -> bool {
    is_https(text) || (is_plain(text) && (loopback(text).is_some() || is_private(text)))
}

/// Whether it is an https address with a host, without a fragment.
pub(crate) fn is_https(text: &str) -> bool {
    is_plain(text) && text.strip_prefix("https://").is_some_and(has_host)
}

/// Whether an address that is asked for is the one that is registered.
pub(crate) fn matches(registered: &str, asked: &str) -> bool {
    if registered == asked {
        return true;
    }
    is_plain(asked) && loopback(registered).is_some_and(|own| loopback(asked) == Some(own))
}

/// Nothing that header fields, pages or parsers could take for something else.
fn is_plain(text: &str) -> bool {
    let graphic = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\^`{|}#*".contains(&byte));
    !text.is_empty() && text.len() <= BYTES_MAX && graphic
}

/// A name or address of a host, and a port where there is one; no account.
fn has_host(rest: &str) -> bool {
    let authority = rest.split(['/', '?']).next().unwrap_or("");
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let port = authority.split_once(':').map_or("443", |(_, port)| port);
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-';
    !host.is_empty() && host.bytes().all(letter) && is_port(port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// Host and path of an address of this machine, without its port.
fn loopback(text: &str) -> Option<(&'static str, &str)> {
    for host in ["127.0.0.1", "[::1]"] {
        let rest = text.strip_prefix("http://").and_then(|rest| rest.strip_prefix(host));
        let Some(rest) = rest else { continue };
        let (port, path) = rest.split_at(rest.find('/')?);
        let good = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return good.then_some((host, path));
    }
    None
}

fn is_private(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else { return false };
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-+".contains(&byte);
    let starts = scheme.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    starts && scheme.contains('.') && scheme.bytes().all(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_loopback_and_schemes_of_ones_own_are_offered() {
        for good in [
            "https://app.example.jp/callback",
            "https://app.example.jp:8443/callback?tenant=1",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:9876/callback",
            "http://[::1]:1/",
            "jp.example.app:/callback",
        ] {
            assert!(is_offered(good), "{good}");
        }
        for bad in [
            "",
            "https://",
            "http://app.example.jp/",
            "http://localhost/callback",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1:x/",
            "https://app.example.jp/#here",
            "https://user@app.example.jp/",
            "https://app.example.jp:99999/",
            "https://*.example.jp/",
            "javascript:alert(1)",
            "data:text/html,x",
            "app:/callback",
            "https://app.example.jp/a b",
            "https://app.example.jp/\r\nx:y",
            "https://例.jp/",
        ] {
            assert!(!is_offered(bad), "{bad}");
        }
    }

    #[test]
    fn only_the_port_of_the_same_machine_may_differ() {
        assert!(matches("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb"));
        assert!(matches("http://127.0.0.1:1/cb", "http://127.0.0.1:2/cb"));
        for (registered, asked) in [
            ("https://a.example/cb", "https://a.example/cb/"),
            ("https://a.example/cb", "https://a.example/cb?x=1"),
            ("https://a.example/cb", "https://A.example/cb"),
            ("https://a.example/cb", "https://a.example:443/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb2"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:1@evil.example/cb"),
            ("http://127.0.0.1/cb", "http://[::1]/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb#x"),
        ] {
            assert!(!matches(registered, asked), "{registered} {asked}");
        }
    }
}
