//! Debian packages the workshop needs: said, and installed when missing.

use crate::programs::{is_installed, output, program, run, say};

/// A program and where it comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needed {
    /// What is run, or a file that is used.
    pub(crate) program: &'static str,
    /// The Debian package that holds it.
    pub(crate) package: &'static str,
    /// What it is needed for.
    pub(crate) reason: &'static str,
}

/// Python, for the independent verifier.
pub(crate) const PYTHON: Needed = Needed {
    program: "python3",
    package: "python3",
    reason: "the independent verifier / 独立検証プログラム",
};

/// `kill`, for signals to the server.
pub(crate) const KILL: Needed =
    Needed {
        program: "kill", package: "procps", reason: "signals to the server / サーバーへのシグナル送信"
    };

/// What builds OpenSSL, which is compiled in with the database's encryption.
pub(crate) const MAKE: Needed =
    Needed { program: "make", package: "make", reason: "building OpenSSL / OpenSSL のビルド" };

/// The same: OpenSSL is configured by a Perl script.
pub(crate) const PERL: Needed =
    Needed { program: "perl", package: "perl", reason: "building OpenSSL / OpenSSL のビルド" };

/// Authlib, by which the tests of OAuth 2.0 come as apps do: of Debian's Python, which it brings.
pub(crate) const AUTHLIB: Needed = Needed {
    program: "/usr/lib/python3/dist-packages/authlib/__init__.py",
    package: "python3-authlib",
    reason: "an independent OAuth 2.0 client / 独立した OAuth 2.0 クライアント",
};

/// What it sends requests with.
pub(crate) const REQUESTS: Needed = Needed {
    program: "/usr/lib/python3/dist-packages/requests/__init__.py",
    package: "python3-requests",
    reason: "the same / 同上",
};

/// rsyslog, to which the tests of the audit trail send. Debian runs it as a service too; the tests start one of their own.
pub(crate) const RSYSLOG: Needed = Needed {
    program: "/usr/sbin/rsyslogd",
    package: "rsyslog",
    reason: "an independent collector of the audit trail / 独立した監査証跡収集サーバー",
};

/// TLS for it. The library's folder differs by machine; this file does not.
pub(crate) const RSYSLOG_TLS: Needed = Needed {
    program: "/usr/share/doc/rsyslog-gnutls/copyright",
    package: "rsyslog-gnutls",
    reason: "the same, over TLS / 同上（TLS）",
};

/// poppler, by which the tests of reports read PDF as others do.
pub(crate) const POPPLER: Needed = Needed {
    program: "pdftotext",
    package: "poppler-utils",
    reason: "an independent reader of PDF / 独立した PDF 読み取りプログラム",
};

/// npm, which brings the published definitions and examples of FHIR R4.
pub(crate) const NPM: Needed = Needed {
    program: "npm",
    package: "npm",
    reason: "the published examples of FHIR R4 / FHIR R4 の公開実例の取得",
};

/// Installs with apt-get what is not there, and says so.
pub(crate) fn install_missing(needed: &[Needed]) -> Result<(), String> {
    let missing: Vec<&Needed> = needed.iter().filter(|one| !is_installed(one.program)).collect();
    for one in &missing {
        say(&format!("installing {} for {}", one.package, one.reason));
    }
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|one| one.package).collect();
    if !is_installed("apt-get") {
        return Err(format!("install these first, there is no apt-get here: {}", packages.join(" ")));
    }
    // The lists may be fresh enough; they are fetched only when they are not.
    if apt_get(&["install"], &packages).is_err() {
        apt_get(&["update"], &[])?;
        apt_get(&["install"], &packages)?;
    }
    Ok(())
}

fn apt_get(action: &[&str], packages: &[&str]) -> Result<(), String> {
    let is_root = output(program("id").arg("-u"))?.trim() == "0";
    let mut command = if is_root { program("env") } else { program("sudo") };
    if !is_root {
        command.arg("env");
    }
    command.args([
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "--yes",
        "--quiet",
        "--no-install-recommends",
    ]);
    run(command.args(action).args(packages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_not_installed_again() {
        let there = Needed { program: "sh", package: "no-such-package", reason: "a test" };
        assert_eq!(install_missing(&[there]), Ok(()));
    }
}
