//! An expression as a tree, made once and evaluated many times.

use super::function::Function;
use super::item::Value;
use super::kinds::Wanted;
use super::parts::Known;
use crate::definitions::Type;
use regex::Regex;
use std::sync::OnceLock;

/// One node of the tree. Where an input may be missing, the expression works on `$this`.
#[derive(Debug)]
pub(super) enum Expr {
    /// `{}`
    Empty,
    Text(String),
    Literal(Value<'static>),
    This,
    Index,
    Total,
    Variable(Variable),
    /// The name of a type at the beginning of a path: `Patient.name`.
    Root(&'static Type),
    Member(Box<Member>),
    Call(Box<Call>),
    /// `input[index]`
    Indexer(Box<(Self, Self)>),
    /// `-input`
    Negated(Box<Self>),
    Binary(Box<Binary>),
    Is(Box<TypeTest>),
    As(Box<TypeTest>),
}

/// What stands behind `%`.
#[derive(Debug)]
pub(super) enum Variable {
    Context,
    Resource,
    RootResource,
    Named(String),
}

/// `input.name`
#[derive(Debug)]
pub(super) struct Member {
    pub(super) input: Option<Expr>,
    pub(super) name: String,
    /// What the name means in the type it was first met in: nearly always the only one.
    pub(super) first: OnceLock<Known>,
}

/// `input.function(arguments)`
#[derive(Debug)]
pub(super) struct Call {
    pub(super) input: Option<Expr>,
    pub(super) function: Function,
    pub(super) name: &'static str,
    pub(super) arguments: Vec<Expr>,
    /// The pattern, when it is a literal.
    pub(super) pattern: Option<Regex>,
}

#[derive(Debug)]
pub(super) struct Binary {
    pub(super) operator: Operator,
    pub(super) left: Expr,
    pub(super) right: Expr,
}

/// `input is wanted`, `input as wanted`, `input.ofType(wanted)`
#[derive(Debug)]
pub(super) struct TypeTest {
    pub(super) input: Option<Expr>,
    pub(super) wanted: Wanted,
    /// `as` takes one item; `ofType` any number.
    pub(super) single: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Implies,
    Or,
    Xor,
    And,
    In,
    Contains,
    Equal,
    Equivalent,
    NotEqual,
    NotEquivalent,
    LessOrEqual,
    Less,
    Greater,
    GreaterOrEqual,
    Union,
    Plus,
    Minus,
    Concatenate,
    Times,
    Divide,
    Div,
    Mod,
}

impl Operator {
    const ALL: [(&'static str, u8, Self); 22] = [
        ("implies", 1, Self::Implies),
        ("or", 2, Self::Or),
        ("xor", 2, Self::Xor),
        ("and", 3, Self::And),
        ("in", 4, Self::In),
        ("contains", 4, Self::Contains),
        ("=", 5, Self::Equal),
        ("~", 5, Self::Equivalent),
        ("!=", 5, Self::NotEqual),
        ("!~", 5, Self::NotEquivalent),
        ("<=", 6, Self::LessOrEqual),
        ("<", 6, Self::Less),
        (">", 6, Self::Greater),
        (">=", 6, Self::GreaterOrEqual),
        ("|", 7, Self::Union),
        ("+", 9, Self::Plus),
        ("-", 9, Self::Minus),
        ("&", 9, Self::Concatenate),
        ("*", 10, Self::Times),
        ("/", 10, Self::Divide),
        ("div", 10, Self::Div),
        ("mod", 10, Self::Mod),
    ];

    /// How tightly `is` and `as` bind, between `|` and `+`.
    pub(super) const TYPE_LEVEL: u8 = 8;

    /// The operator and how tightly it binds (FHIRPath 6.8); a higher level binds tighter.
    pub(super) fn read(sign: &str) -> Option<(Self, u8)> {
        Self::ALL
            .into_iter()
            .find_map(|(known, level, operator)| (known == sign).then_some((operator, level)))
    }

    /// How it is written.
    pub(super) fn sign(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find_map(|(sign, _, operator)| (operator == self).then_some(sign))
            .unwrap_or_default()
    }
}
