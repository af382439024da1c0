//! The functions served, by the family that evaluates them.

use super::kinds::System;

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Test(Test),
    Select(Select),
    Text(Text),
    Math(Math),
    Convert(Convert),
    Boundary(Boundary),
    Fhir(Fhir),
}

/// Functions whose result is true, false or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Empty,
    Exists,
    All,
    AllTrue,
    AnyTrue,
    AllFalse,
    AnyFalse,
    SubsetOf,
    SupersetOf,
    IsDistinct,
    Not,
    HasValue,
    MemberOf,
    ConformsTo,
    HtmlChecks,
    Comparable,
}

/// Functions from collections to collections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Select {
    Where,
    Project,
    Repeat,
    Single,
    First,
    Last,
    Tail,
    Skip,
    Take,
    Intersect,
    Exclude,
    Union,
    Combine,
    Count,
    Distinct,
    Children,
    Descendants,
    Trace,
    Iif,
    Aggregate,
    Sort,
    Now,
    Today,
    TimeOfDay,
}

/// Functions of strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    IndexOf,
    LastIndexOf,
    Substring,
    StartsWith,
    EndsWith,
    Contains,
    Upper,
    Lower,
    Replace,
    Matches,
    MatchesFull,
    ReplaceMatches,
    Length,
    ToChars,
    Trim,
    Split,
    Join,
    Encode,
    Decode,
    Escape,
    Unescape,
}

/// Functions of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Math {
    Abs,
    Ceiling,
    Exp,
    Floor,
    Ln,
    Log,
    Power,
    Round,
    Sqrt,
    Truncate,
}

/// Conversions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Convert {
    To(System),
    ConvertsTo(System),
}

/// Functions of precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    Low,
    High,
    Precision,
}

/// What FHIR adds, as far as it gives items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fhir {
    Extension,
    GetValue,
    Resolve,
    Type,
}

/// Name, fewest and most arguments, function.
type Row = (&'static str, usize, usize, Function);

const fn test(name: &'static str, least: usize, most: usize, test: Test) -> Row {
    (name, least, most, Function::Test(test))
}

const fn select(name: &'static str, least: usize, most: usize, select: Select) -> Row {
    (name, least, most, Function::Select(select))
}

const fn text(name: &'static str, least: usize, most: usize, text: Text) -> Row {
    (name, least, most, Function::Text(text))
}

const fn math(name: &'static str, least: usize, most: usize, math: Math) -> Row {
    (name, least, most, Function::Math(math))
}

const fn convert(name: &'static str, most: usize, convert: Convert) -> Row {
    (name, 0, most, Function::Convert(convert))
}

const ROWS: &[Row] = &[
    test("empty", 0, 0, Test::Empty),
    test("exists", 0, 1, Test::Exists),
    test("all", 1, 1, Test::All),
    test("allTrue", 0, 0, Test::AllTrue),
    test("anyTrue", 0, 0, Test::AnyTrue),
    test("allFalse", 0, 0, Test::AllFalse),
    test("anyFalse", 0, 0, Test::AnyFalse),
    test("subsetOf", 1, 1, Test::SubsetOf),
    test("supersetOf", 1, 1, Test::SupersetOf),
    test("isDistinct", 0, 0, Test::IsDistinct),
    test("not", 0, 0, Test::Not),
    test("hasValue", 0, 0, Test::HasValue),
    test("memberOf", 1, 1, Test::MemberOf),
    test("conformsTo", 1, 1, Test::ConformsTo),
    test("htmlChecks", 0, 0, Test::HtmlChecks),
    test("htmlchecks", 0, 0, Test::HtmlChecks),
    test("comparable", 1, 1, Test::Comparable),
    select("where", 1, 1, Select::Where),
    select("select", 1, 1, Select::Project),
    select("repeat", 1, 1, Select::Repeat),
    select("single", 0, 0, Select::Single),
    select("first", 0, 0, Select::First),
    select("last", 0, 0, Select::Last),
    select("tail", 0, 0, Select::Tail),
    select("skip", 1, 1, Select::Skip),
    select("take", 1, 1, Select::Take),
    select("intersect", 1, 1, Select::Intersect),
    select("exclude", 1, 1, Select::Exclude),
    select("union", 1, 1, Select::Union),
    select("combine", 1, 1, Select::Combine),
    select("count", 0, 0, Select::Count),
    select("distinct", 0, 0, Select::Distinct),
    select("children", 0, 0, Select::Children),
    select("descendants", 0, 0, Select::Descendants),
    select("trace", 1, 2, Select::Trace),
    select("iif", 2, 3, Select::Iif),
    select("aggregate", 1, 2, Select::Aggregate),
    select("sort", 0, 8, Select::Sort),
    select("now", 0, 0, Select::Now),
    select("today", 0, 0, Select::Today),
    select("timeOfDay", 0, 0, Select::TimeOfDay),
    text("indexOf", 1, 1, Text::IndexOf),
    text("lastIndexOf", 1, 1, Text::LastIndexOf),
    text("substring", 1, 2, Text::Substring),
    text("startsWith", 1, 1, Text::StartsWith),
    text("endsWith", 1, 1, Text::EndsWith),
    text("contains", 1, 1, Text::Contains),
    text("upper", 0, 0, Text::Upper),
    text("lower", 0, 0, Text::Lower),
    text("replace", 2, 2, Text::Replace),
    text("matches", 1, 1, Text::Matches),
    text("matchesFull", 1, 1, Text::MatchesFull),
    text("replaceMatches", 2, 2, Text::ReplaceMatches),
    text("length", 0, 0, Text::Length),
    text("toChars", 0, 0, Text::ToChars),
    text("trim", 0, 0, Text::Trim),
    text("split", 1, 1, Text::Split),
    text("join", 0, 1, Text::Join),
    text("encode", 1, 1, Text::Encode),
    text("decode", 1, 1, Text::Decode),
    text("escape", 1, 1, Text::Escape),
    text("unescape", 1, 1, Text::Unescape),
    math("abs", 0, 0, Math::Abs),
    math("ceiling", 0, 0, Math::Ceiling),
    math("exp", 0, 0, Math::Exp),
    math("floor", 0, 0, Math::Floor),
    math("ln", 0, 0, Math::Ln),
    math("log", 1, 1, Math::Log),
    math("power", 1, 1, Math::Power),
    math("round", 0, 1, Math::Round),
    math("sqrt", 0, 0, Math::Sqrt),
    math("truncate", 0, 0, Math::Truncate),
    convert("toBoolean", 0, Convert::To(System::Boolean)),
    convert("toInteger", 0, Convert::To(System::Integer)),
    convert("toDecimal", 0, Convert::To(System::Decimal)),
    convert("toString", 0, Convert::To(System::String)),
    convert("toDate", 0, Convert::To(System::Date)),
    convert("toDateTime", 0, Convert::To(System::DateTime)),
    convert("toTime", 0, Convert::To(System::Time)),
    convert("toQuantity", 1, Convert::To(System::Quantity)),
    convert("convertsToBoolean", 0, Convert::ConvertsTo(System::Boolean)),
    convert("convertsToInteger", 0, Convert::ConvertsTo(System::Integer)),
    convert("convertsToDecimal", 0, Convert::ConvertsTo(System::Decimal)),
    convert("convertsToString", 0, Convert::ConvertsTo(System::String)),
    convert("convertsToDate", 0, Convert::ConvertsTo(System::Date)),
    convert("convertsToDateTime", 0, Convert::ConvertsTo(System::DateTime)),
    convert("convertsToTime", 0, Convert::ConvertsTo(System::Time)),
    convert("convertsToQuantity", 1, Convert::ConvertsTo(System::Quantity)),
    ("lowBoundary", 0, 1, Function::Boundary(Boundary::Low)),
    ("highBoundary", 0, 1, Function::Boundary(Boundary::High)),
    ("precision", 0, 0, Function::Boundary(Boundary::Precision)),
    ("extension", 1, 1, Function::Fhir(Fhir::Extension)),
    ("getValue", 0, 0, Function::Fhir(Fhir::GetValue)),
    ("resolve", 0, 0, Function::Fhir(Fhir::Resolve)),
    ("type", 0, 0, Function::Fhir(Fhir::Type)),
];

/// The row of a function, if it is served. Those that need a profile or a terminology beyond the scope
/// (`elementDefinition`, `slice`, `checkModifiers`, `subsumes`) are not: an answer without it would be a guess.
pub(super) fn find(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|(known, ..)| *known == name)
}
