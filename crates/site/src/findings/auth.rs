//! How people sign in.

use super::answer::{Answer, no, tell, unsaid, word, yes};
use super::look::{Look, holds_patients};
use super::{Judgement, Scene, Topic};
use crate::description::{Factor, Node, NodeKind, SignIn, ZoneKind};

/// The rules on how people sign in.
pub(super) const TOPIC: Topic = Topic {
    rules: &[
        "auth.audience-unchecked",
        "auth.no-emergency-access",
        "auth.no-lock-out",
        "auth.not-revocable",
        "auth.one-factor",
        "auth.recovery-shares-factor",
        "auth.self-registration",
        "auth.shared-accounts",
        "auth.sms",
    ],
    judge,
};

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let look = Look::at(scene.site);
    // Where a directory issues tokens, or several facilities use one service, a token may be meant for another.
    let directory = scene.site.nodes.iter().any(|node| node.kind == NodeKind::Directory);
    let tokens = directory || look.has_tenants(scene.site);
    for node in &scene.site.nodes {
        if let Some(sign_in) = &node.sign_in {
            everywhere(node, sign_in, out);
            let cloud = node.zones.iter().any(|zone| look.lies_in(zone, ZoneKind::Cloud));
            online(node, sign_in, cloud || node.kind == NodeKind::Directory, tokens, out);
        } else if signs_in(node) {
            for rule in ["auth.one-factor", "auth.shared-accounts", "auth.no-lock-out"] {
                tell(out, rule, &node.id, unsaid("sign_in"));
            }
        }
    }
}

/// Whether people sign in there, though nobody said how.
fn signs_in(node: &Node) -> bool {
    let records =
        matches!(node.kind, NodeKind::Server | NodeKind::Pacs) && holds_patients(node) != Some(false);
    records || node.kind == NodeKind::Directory
}

fn everywhere(node: &Node, sign_in: &SignIn, out: &mut Vec<Judgement>) {
    let id = &node.id;
    tell(out, "auth.one-factor", id, two_factors(sign_in));
    tell(out, "auth.shared-accounts", id, no("shared_accounts", sign_in.shared_accounts));
    tell(out, "auth.no-lock-out", id, yes("locks_out", sign_in.locks_out));
    tell(out, "auth.sms", id, sms(sign_in));
    if by_phone(sign_in) || sign_in.recovery_separate.is_some() {
        tell(out, "auth.recovery-shares-factor", id, yes("recovery_separate", sign_in.recovery_separate));
    }
}

/// What matters where people come from elsewhere; elsewhere only where somebody said it.
fn online(node: &Node, sign_in: &SignIn, online: bool, tokens: bool, out: &mut Vec<Judgement>) {
    let id = &node.id;
    let audience = tokens || node.kind == NodeKind::Api;
    let rules = [
        ("auth.self-registration", online, no("self_registration", sign_in.self_registration)),
        ("auth.not-revocable", online, yes("revocable", sign_in.revocable)),
        ("auth.no-emergency-access", online, yes("emergency_account", sign_in.emergency_account)),
        ("auth.audience-unchecked", online && audience, yes("checks_audience", sign_in.checks_audience)),
    ];
    let said =
        [sign_in.self_registration, sign_in.revocable, sign_in.emergency_account, sign_in.checks_audience];
    for ((rule, applies, answer), said) in rules.into_iter().zip(said) {
        if applies || said.is_some() {
            tell(out, rule, id, answer);
        }
    }
}

/// Two factors are always needed, and those that can be used are of two kinds.
fn two_factors(sign_in: &SignIn) -> Answer {
    match (sign_in.two_factors, &sign_in.factors) {
        (Some(true), Some(factors)) if !of_two_kinds(factors) => {
            Answer::seen(false, format!("two_factors: yes, factors: {}", words(factors)))
        }
        (Some(two), factors) => {
            let factors =
                factors.as_ref().map(|all| format!(", factors: {}", words(all))).unwrap_or_default();
            Answer::seen(two, format!("two_factors: {}{factors}", word(two)))
        }
        (None, _) => unsaid("two_factors"),
    }
}

fn words(factors: &[Factor]) -> String {
    let words: Vec<&str> = factors.iter().map(|factor| factor.word()).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(" + ") }
}

/// What somebody knows, what somebody has, what somebody is. A passkey is two of them by itself.
fn of_two_kinds(factors: &[Factor]) -> bool {
    let kind = |factor: &Factor| match factor {
        Factor::Password => 0,
        Factor::Totp | Factor::Sms | Factor::Passkey | Factor::Certificate | Factor::IcCard => 1,
        Factor::Biometric => 2,
    };
    let first = factors.first().map(kind);
    factors.contains(&Factor::Passkey) || factors.iter().any(|factor| Some(kind(factor)) != first)
}

fn sms(sign_in: &SignIn) -> Answer {
    let Some(factors) = &sign_in.factors else { return unsaid("factors") };
    Answer::seen(!factors.contains(&Factor::Sms), format!("factors: {}", words(factors)))
}

/// Whether a second factor lies on a phone, which recovery may use as well.
fn by_phone(sign_in: &SignIn) -> bool {
    let phone = |factor: &Factor| matches!(factor, Factor::Totp | Factor::Sms);
    sign_in.two_factors != Some(false) && sign_in.factors.iter().flatten().any(phone)
}
