//! The people of the demo and what they log in with: made at the first start and kept beside the facility, so that every
//! start shows the same. Only the demo does that.

use super::FACILITY;
use crate::codes;
use crate::directory::{Directory, world};
use base::{Clock, Entropy, Problem, Secret, SystemClock};
use data_encoding::BASE32_NOPAD;
use identity::AccountId;
use identity::factor::codes::NO_ENTROPY;
use identity::factor::totp::Totp;
use identity::kept::{Duty, Occupation};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use store::disk::{self, Readable};
use zeroize::Zeroizing;

/// File with the secrets, below the data directory.
const FILE: &str = "demo/accounts.txt";

/// The account of the tablet, which is the name of its files too.
pub(super) const TABLET: &str = "tablet";

/// What stands above the secrets.
const HEAD: &str = "# Accounts of the demo: account, password, secret of one-time codes. All of them are invented.\n\
                    # デモのアカウント：アカウント、パスワード、ワンタイムコードの秘密。すべて架空です。\n";

/// Length of a step of one-time codes in seconds (RFC 6238, section 4).
const STEP_SECONDS: i64 = 30;

/// Letters and digits of passwords, without look-alikes.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";

/// Characters of a password.
const PASSWORD_CHARS: usize = 16;

/// Somebody of the demo. Nobody in it exists.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) account: &'static str,
    pub(super) name: &'static str,
    pub(super) occupation: Occupation,
    pub(super) duties: &'static [Duty],
    /// Their record among the synthetic ones.
    pub(super) practitioner: Option<&'static str>,
}

/// The people of the demo, the doctor first.
pub(super) const ROLES: &[Role] = &[
    Role {
        account: "doctor",
        name: "見本 和子",
        occupation: Occupation::Doctor,
        duties: &[],
        practitioner: Some("staff-1"),
    },
    Role {
        account: "nurse",
        name: "例示 春香",
        occupation: Occupation::Nurse,
        duties: &[],
        practitioner: Some("staff-5"),
    },
    Role {
        account: "clerk",
        name: "試験 健一",
        occupation: Occupation::Clerk,
        duties: &[],
        practitioner: None,
    },
    Role {
        account: "scribe",
        name: "記入 美咲",
        occupation: Occupation::MedicalClerk,
        duties: &[],
        practitioner: None,
    },
    Role {
        account: "operator",
        name: "架空 直樹",
        occupation: Occupation::Other,
        duties: &[Duty::Operator, Duty::Planner],
        practitioner: None,
    },
    Role {
        account: "auditor",
        name: "仮名 恵",
        occupation: Occupation::Other,
        duties: &[Duty::Auditor],
        practitioner: None,
    },
    Role {
        account: "director",
        name: "仮想 弘",
        occupation: Occupation::Other,
        duties: &[Duty::Executive],
        practitioner: None,
    },
];

/// What somebody logs in with.
#[derive(Debug)]
pub(super) struct Secrets {
    pub(super) password: Secret<String>,
    pub(super) totp: Totp,
}

impl Secrets {
    /// The one-time codes that are good now, the one before the present first: to use that one leaves the present one, which
    /// is shown, to whoever logs in next.
    pub(super) fn codes(&self) -> [Secret<String>; 3] {
        let now = SystemClock.now();
        [-STEP_SECONDS, 0, STEP_SECONDS].map(|seconds| self.totp.code_at(now.plus_seconds(seconds)))
    }
}

/// Whether the facility may know the secrets already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secrecy {
    /// They are of an earlier start.
    Kept,
    /// They have just been made.
    New,
}

/// All accounts of the demo.
#[derive(Debug)]
pub(super) struct Accounts {
    people: BTreeMap<&'static str, Secrets>,
    /// Of the tablet's PKCS#12 file.
    passphrase: Secret<String>,
    /// Whose secrets have just been made.
    new: BTreeSet<&'static str>,
    folder: PathBuf,
}

impl Accounts {
    /// Those that a demo has made.
    pub(super) fn read(directory: &Directory) -> Result<Self, Problem> {
        let path = directory.path().join(FILE);
        let text = Secret::new(disk::read_text(&path)?);
        let unreadable = || Problem::new(&codes::DEMO_UNREADABLE).with("file", path.display());
        parse(text.reveal(), folder_of(&path)).ok_or_else(unreadable)
    }

    /// Those that a demo has made, and new ones of whoever has none yet.
    pub(super) fn kept_or_made(directory: &Directory) -> Result<Self, Problem> {
        let path = directory.path().join(FILE);
        let entropy = world().entropy;
        let mut accounts = if path.exists() { Self::read(directory)? } else { Self::make(&path, &*entropy)? };
        accounts.complete(&*entropy)?;
        if !accounts.new.is_empty() {
            disk::make_folder(&accounts.folder)?;
            disk::write_whole(&path, accounts.text().reveal().as_bytes(), Readable::OwnerOnly)?;
        }
        Ok(accounts)
    }

    fn make(path: &Path, entropy: &dyn Entropy) -> Result<Self, Problem> {
        let (people, new) = (BTreeMap::new(), BTreeSet::from([TABLET]));
        Ok(Self { people, passphrase: password(entropy)?, new, folder: folder_of(path) })
    }

    /// Makes secrets for whoever has none: an earlier version may not have known them.
    fn complete(&mut self, entropy: &dyn Entropy) -> Result<(), Problem> {
        for role in ROLES.iter().filter(|role| !self.people.contains_key(role.account)).collect::<Vec<_>>() {
            let secrets = Secrets { password: password(entropy)?, totp: Totp::generate(entropy)? };
            self.people.insert(role.account, secrets);
            self.new.insert(role.account);
        }
        Ok(())
    }

    /// Whether the facility may know the secrets of an account already.
    pub(super) fn secrecy(&self, account: &str) -> Secrecy {
        if self.new.contains(account) { Secrecy::New } else { Secrecy::Kept }
    }

    fn text(&self) -> Secret<String> {
        let mut text = String::from(HEAD);
        for (account, secrets) in &self.people {
            let totp = secrets.totp.text();
            // Writing to a String does not fail.
            writeln!(text, "{account}\t{}\t{}", secrets.password.reveal(), totp.reveal()).unwrap_or_default();
        }
        writeln!(text, "{TABLET}\t{}", self.passphrase.reveal()).unwrap_or_default();
        Secret::new(text)
    }

    /// What somebody logs in with.
    pub(super) fn of(&self, account: &str) -> Result<&Secrets, Problem> {
        self.people.get(account).ok_or_else(|| {
            let all: Vec<&str> = ROLES.iter().map(|role| role.account).collect();
            Problem::new(&codes::DEMO_ACCOUNT_ABSENT)
                .with("account", account)
                .with("accounts", all.join(", "))
        })
    }

    /// Somebody's one-time code of this moment.
    pub(super) fn code(&self, account: &AccountId) -> Result<Secret<String>, Problem> {
        Ok(self.of(account.as_str())?.totp.code_at(SystemClock.now()))
    }

    /// The passphrase of the tablet's PKCS#12 file.
    pub(super) fn passphrase(&self) -> &Secret<String> {
        &self.passphrase
    }

    /// A file of the tablet, by its ending.
    pub(super) fn tablet_file(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{TABLET}.{ending}"))
    }
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}

fn parse(text: &str, folder: PathBuf) -> Option<Accounts> {
    let mut people = BTreeMap::new();
    let mut passphrase = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        match cells.as_slice() {
            [TABLET, text] => passphrase = Some(Secret::new((*text).to_owned())),
            [account, password, totp] => {
                let role = ROLES.iter().find(|role| role.account == *account)?;
                let secret = BASE32_NOPAD.decode(totp.replace(' ', "").as_bytes()).ok()?;
                let totp = Totp::from_secret(Secret::new(secret)).ok()?;
                people.insert(role.account, Secrets { password: Secret::new((*password).to_owned()), totp });
            }
            _ => return None,
        }
    }
    passphrase.map(|passphrase| Accounts { people, passphrase, new: BTreeSet::new(), folder })
}

/// A password by chance, with letters and digits as the guideline asks.
fn password(entropy: &dyn Entropy) -> Result<Secret<String>, Problem> {
    loop {
        let mut bytes = Zeroizing::new([0_u8; PASSWORD_CHARS]);
        entropy.fill(&mut *bytes).map_err(|_| Problem::new(&NO_ENTROPY).log("the demo's passwords"))?;
        let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).copied().map(char::from);
        let text: String = bytes.iter().filter_map(letter).collect();
        if text.contains(|one: char| one.is_ascii_digit())
            && text.contains(|one: char| one.is_ascii_lowercase())
        {
            return Ok(Secret::new(text));
        }
    }
}

/// What an app calls an account of the demo.
pub(super) fn app_url(role: &Role, secrets: &Secrets) -> Secret<String> {
    secrets.totp.url(&format!("Akashi {FACILITY}"), role.account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SeededEntropy;
    use std::collections::BTreeSet;

    fn made() -> Accounts {
        let entropy = SeededEntropy::new(1);
        let mut accounts = Accounts::make(Path::new("demo/accounts.txt"), &entropy).unwrap();
        accounts.complete(&entropy).unwrap();
        accounts
    }

    #[test]
    fn the_accounts_come_back_from_their_file() {
        let made = made();
        let read = parse(made.text().reveal(), PathBuf::from("demo")).unwrap();
        assert_eq!(read.text().reveal(), made.text().reveal());
        assert_eq!((read.secrecy("doctor"), made.secrecy("doctor")), (Secrecy::Kept, Secrecy::New));
    }

    #[test]
    fn somebody_whom_the_file_does_not_know_gets_secrets_and_the_others_keep_theirs() {
        let text = made().text().reveal().clone();
        let less: Vec<&str> = text.lines().filter(|line| !line.starts_with("scribe\t")).collect();
        let mut read = parse(&less.join("\n"), PathBuf::new()).unwrap();
        assert!(read.of("scribe").is_err());
        read.complete(&SeededEntropy::new(2)).unwrap();
        assert_eq!((read.secrecy("scribe"), read.secrecy("doctor")), (Secrecy::New, Secrecy::Kept));
        let others = |text: &str| {
            text.lines().filter(|line| !line.starts_with("scribe\t")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(others(read.text().reveal()), others(&text));
    }

    #[test]
    fn a_file_that_is_not_ours_is_refused() {
        let text = made().text().reveal().clone();
        let tabletless: Vec<&str> = text.lines().filter(|line| !line.starts_with(TABLET)).collect();
        assert!(parse(&tabletless.join("\n"), PathBuf::new()).is_none());
        assert!(parse(&text.replace("doctor", "stranger"), PathBuf::new()).is_none());
        assert!(parse(&format!("{text}doctor\n"), PathBuf::new()).is_none());
    }

    #[test]
    fn passwords_hold_letters_and_digits_and_differ() {
        let entropy = SeededEntropy::new(7);
        let all: BTreeSet<String> = (0..50).map(|_| password(&entropy).unwrap().reveal().clone()).collect();
        assert_eq!(all.len(), 50);
        for text in all {
            assert_eq!(text.len(), PASSWORD_CHARS);
            assert!(
                text.contains(|one: char| one.is_ascii_digit()) && !text.contains(['1', 'l', '0', 'o', 'i'])
            );
        }
    }
}
