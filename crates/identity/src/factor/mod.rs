//! The factors: passwords and their rules, one-time codes, passkeys, recovery codes, codes by SMS.
