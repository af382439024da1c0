//! From words to the tree (FHIRPath, grammar).

use super::function::{self, Function, Text};
use super::item::Value;
use super::kinds::Wanted;
use super::moment::Moment;
use super::quantity::{Calendar, Quantity};
use super::text;
use super::token::{Expected, Token, Words};
use super::tree::{Binary, Call, Expr, Member, Operator, TypeTest, Variable};
use crate::codes::fhirpath as codes;
use crate::definitions::table;
use crate::place::shown;
use base::Problem;
use std::sync::OnceLock;

/// Longest expression, in bytes.
pub(super) const EXPRESSION_BYTES_MAX: usize = 16 * 1024;
/// Highest tree: evaluation recurses this deep.
pub(super) const EXPRESSION_LEVELS_MAX: usize = 64;

/// A tree and its height.
type Built = (Expr, usize);

/// Reads a whole expression.
pub(super) fn parse(text: &str) -> Result<Expr, Problem> {
    if text.len() > EXPRESSION_BYTES_MAX {
        return Err(too_large());
    }
    let mut words = Words::new(text);
    let (token, at) = words.next()?;
    let mut parser = Parser { words, token, at, levels: 0 };
    let (expr, _) = parser.expression(0)?;
    match parser.token {
        Token::End => Ok(expr),
        _ => Err(parser.expected(("an operator or the end", "演算子か式の終わり"))),
    }
}

fn too_large() -> Problem {
    Problem::new(&codes::EXPRESSION_SIZE)
        .with("bytes", EXPRESSION_BYTES_MAX)
        .with("levels", EXPRESSION_LEVELS_MAX)
}

struct Parser<'t> {
    words: Words<'t>,
    token: Token,
    at: usize,
    /// Calls of the parser inside one another.
    levels: usize,
}

impl Parser<'_> {
    fn expected(&self, what: Expected) -> Problem {
        self.words.problem(self.at, what)
    }

    /// Takes the present word and reads the next one.
    fn take(&mut self) -> Result<Token, Problem> {
        let (next, at) = self.words.next()?;
        self.at = at;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(&self.token, Token::Sign(found) if *found == sign)
    }

    fn skip(&mut self, sign: &'static str, what: Expected) -> Result<(), Problem> {
        if !self.is_sign(sign) {
            return Err(self.expected(what));
        }
        self.take().map(drop)
    }

    /// The height of a tree above others.
    fn above(height: usize) -> Result<usize, Problem> {
        let height = height.saturating_add(1);
        if height > EXPRESSION_LEVELS_MAX { Err(too_large()) } else { Ok(height) }
    }

    /// An expression of operators that bind at least as tightly as `level`.
    fn expression(&mut self, level: u8) -> Result<Built, Problem> {
        self.levels = Self::above(self.levels)?;
        let mut left = self.polarity()?;
        loop {
            let sign = match &self.token {
                Token::Sign(sign) => (*sign).to_owned(),
                Token::Name(name, false) => name.clone(),
                _ => break,
            };
            left = match (sign.as_str(), Operator::read(&sign)) {
                ("is" | "as", _) if level <= Operator::TYPE_LEVEL => {
                    self.take()?;
                    let wanted = self.type_name()?;
                    let test = Box::new(TypeTest { input: Some(left.0), wanted, single: true });
                    (if sign == "is" { Expr::Is(test) } else { Expr::As(test) }, Self::above(left.1)?)
                }
                (_, Some((operator, binds))) if binds >= level => {
                    self.take()?;
                    let right = self.expression(binds.saturating_add(1))?;
                    let height = Self::above(left.1.max(right.1))?;
                    (Expr::Binary(Box::new(Binary { operator, left: left.0, right: right.0 })), height)
                }
                _ => break,
            };
        }
        self.levels = self.levels.saturating_sub(1);
        Ok(left)
    }

    /// A term with a sign before it. A sign binds less tightly than `.`: `-1.abs()` is `-(1.abs())`.
    fn polarity(&mut self) -> Result<Built, Problem> {
        if self.is_sign("-") {
            self.take()?;
            self.levels = Self::above(self.levels)?;
            let (inner, height) = self.polarity()?;
            self.levels = self.levels.saturating_sub(1);
            return Ok((Expr::Negated(Box::new(inner)), Self::above(height)?));
        }
        while self.is_sign("+") {
            self.take()?;
        }
        self.path()
    }

    /// A term and what follows it with `.` and `[…]`.
    fn path(&mut self) -> Result<Built, Problem> {
        let (mut expr, mut height) = self.term()?;
        loop {
            if self.is_sign(".") {
                self.take()?;
                let (next, inner) = self.invocation(Some(expr))?;
                (expr, height) = (next, Self::above(height.max(inner))?);
            } else if self.is_sign("[") {
                self.take()?;
                let (index, inner) = self.expression(0)?;
                self.skip("]", ("`]`", "`]` "))?;
                expr = Expr::Indexer(Box::new((expr, index)));
                height = Self::above(height.max(inner))?;
            } else {
                return Ok((expr, height));
            }
        }
    }

    fn term(&mut self) -> Result<Built, Problem> {
        let expr = match &self.token {
            Token::Sign("(") => {
                self.take()?;
                let inner = self.expression(0)?;
                self.skip(")", ("`)`", "`)` "))?;
                return Ok(inner);
            }
            Token::Sign("{") => {
                self.take()?;
                self.skip("}", ("`}`", "`}` "))?;
                Expr::Empty
            }
            Token::Dollar(_) | Token::Name(..) => return self.invocation(None),
            Token::Percent(_) => self.variable()?,
            Token::Number(_) => self.number()?,
            Token::Text(_) | Token::Date(_) | Token::DateTime(_) | Token::Time(_) => self.literal()?,
            Token::Sign(_) | Token::End => {
                return Err(self.expected(("a value, a name or a bracket", "値、名前、括弧のいずれか")));
            }
        };
        Ok((expr, 1))
    }

    /// A string, date or time.
    fn literal(&mut self) -> Result<Expr, Problem> {
        let value = match &mut self.token {
            Token::Text(text) => Some(Expr::Text(std::mem::take(text))),
            Token::Date(text) => Moment::date(text).map(|moment| Expr::Literal(Value::Date(moment))),
            Token::DateTime(text) => {
                Moment::date_time(text).map(|moment| Expr::Literal(Value::DateTime(moment)))
            }
            Token::Time(text) => Moment::time(text).map(|moment| Expr::Literal(Value::Time(moment))),
            _ => None,
        };
        let value =
            value.ok_or_else(|| self.expected(("a date or time that exists", "存在する日付か時刻")))?;
        self.take()?;
        Ok(value)
    }

    /// A number, with a unit behind it a quantity.
    fn number(&mut self) -> Result<Expr, Problem> {
        let at = self.at;
        let Token::Number(text) = self.take()? else { return Ok(Expr::Empty) };
        let problem = |parser: &Self| {
            parser.words.problem(at, ("a number within the range of its type", "型の範囲内の数"))
        };
        let decimal = super::convert::decimal(&text).ok_or_else(|| problem(self))?;
        let quantity = match &self.token {
            Token::Text(unit) => Some(Quantity::ucum(decimal, unit)),
            Token::Name(word, false) if Calendar::word(word).is_some() => Quantity::calendar(decimal, word),
            _ => None,
        };
        if let Some(quantity) = quantity {
            self.take()?;
            return Ok(Expr::Literal(Value::Quantity(Box::new(quantity))));
        }
        if text.contains('.') {
            return Ok(Expr::Literal(Value::Decimal(decimal)));
        }
        let integer = text.parse().map_err(|_| problem(self))?;
        Ok(Expr::Literal(Value::Integer(integer)))
    }

    fn variable(&mut self) -> Result<Expr, Problem> {
        let Token::Percent(name) = self.take()? else { return Ok(Expr::Empty) };
        let address = |base: &str, name: &str| Expr::Text(format!("http://hl7.org/fhir/{base}/{name}"));
        Ok(match name.as_str() {
            "context" => Expr::Variable(Variable::Context),
            "resource" => Expr::Variable(Variable::Resource),
            "rootResource" => Expr::Variable(Variable::RootResource),
            "ucum" => Expr::Text(super::item::UCUM.to_owned()),
            "sct" => Expr::Text("http://snomed.info/sct".to_owned()),
            "loinc" => Expr::Text("http://loinc.org".to_owned()),
            _ => match (name.strip_prefix("vs-"), name.strip_prefix("ext-")) {
                (Some(name), _) => address("ValueSet", name),
                (_, Some(name)) => address("StructureDefinition", name),
                _ => Expr::Variable(Variable::Named(name)),
            },
        })
    }

    /// A member, a function, or one of `$this`, `$index`, `$total`.
    fn invocation(&mut self, input: Option<Expr>) -> Result<Built, Problem> {
        let at = self.at;
        let (name, quoted) = match self.take()? {
            // After a point only names can stand, also those of operators: `text.div`.
            Token::Name(name, quoted) if quoted || input.is_some() || !is_reserved(&name) => (name, quoted),
            Token::Dollar(name) if input.is_none() => {
                let found = match name.as_str() {
                    "this" => Some(Expr::This),
                    "index" => Some(Expr::Index),
                    "total" => Some(Expr::Total),
                    _ => None,
                };
                let expected = ("`$this`, `$index` or `$total`", "`$this`、`$index`、`$total` のいずれか");
                return found.map(|expr| (expr, 1)).ok_or_else(|| self.words.problem(at, expected));
            }
            _ => return Err(self.words.problem(at, ("a name", "名前"))),
        };
        if self.is_sign("(") {
            self.take()?;
            return self.call(input, &name);
        }
        if input.is_none() && !quoted && (name == "true" || name == "false") {
            return Ok((Expr::Literal(Value::Boolean(name == "true")), 1));
        }
        let root = name
            .starts_with(|letter: char| letter.is_ascii_uppercase())
            .then(|| table().find(&name))
            .flatten();
        Ok(match root {
            Some(kind) if input.is_none() => (Expr::Root(kind), 1),
            _ => (Expr::Member(Box::new(Member { input, name, first: OnceLock::new() })), 1),
        })
    }

    /// A function; its opening bracket is read.
    fn call(&mut self, input: Option<Expr>, name: &str) -> Result<Built, Problem> {
        if matches!(name, "is" | "as" | "ofType") {
            let wanted = self.type_name()?;
            self.skip(")", ("`)`", "`)` "))?;
            let test = Box::new(TypeTest { input, wanted, single: name != "ofType" });
            return Ok((if name == "is" { Expr::Is(test) } else { Expr::As(test) }, 1));
        }
        let unknown = || Problem::new(&codes::UNKNOWN_FUNCTION).with("name", shown(name));
        let (name, least, most, function) = *function::find(name).ok_or_else(unknown)?;
        let (mut arguments, mut height) = (Vec::new(), 0);
        while !self.is_sign(")") {
            if !arguments.is_empty() {
                self.skip(",", ("`,` or `)`", "`,` か `)` "))?;
            }
            let (argument, inner) = self.expression(0)?;
            height = height.max(inner);
            arguments.push(argument);
        }
        self.take()?;
        if !(least..=most).contains(&arguments.len()) {
            return Err(wrong_count(name, least, most));
        }
        let pattern = match (function, arguments.first()) {
            (
                Function::Text(function @ (Text::Matches | Text::MatchesFull | Text::ReplaceMatches)),
                Some(Expr::Text(pattern)),
            ) => Some(text::pattern(name, pattern, function == Text::MatchesFull)?),
            _ => None,
        };
        let call = Call { input, function, name, arguments, pattern };
        Ok((Expr::Call(Box::new(call)), Self::above(height)?))
    }

    /// `Patient`, `FHIR.Patient`, `System.String`, each part perhaps in backticks.
    fn type_name(&mut self) -> Result<Wanted, Problem> {
        let first = self.type_word()?;
        if !(self.is_sign(".") && matches!(first.as_str(), "FHIR" | "System")) {
            return Wanted::named(None, &first);
        }
        self.take()?;
        let name = self.type_word()?;
        Wanted::named(Some(&first), &name)
    }

    fn type_word(&mut self) -> Result<String, Problem> {
        if !matches!(self.token, Token::Name(..)) {
            return Err(self.expected(("the name of a type", "型の名前")));
        }
        match self.take()? {
            Token::Name(name, _) => Ok(name),
            _ => Ok(String::new()),
        }
    }
}

/// Operators that are never names where an expression begins. `is`, `as`, `in` and `contains` may be.
fn is_reserved(name: &str) -> bool {
    matches!(name, "and" | "or" | "xor" | "implies" | "div" | "mod")
}

fn wrong_count(name: &str, least: usize, most: usize) -> Problem {
    let (en, ja) = match (least, most) {
        (0, 0) => ("none".to_owned(), "引数なし".to_owned()),
        (least, most) if least == most => (format!("{least}"), format!("引数 {least} 個")),
        (least, most) => (format!("{least} to {most}"), format!("引数 {least}～{most} 個")),
    };
    Problem::new(&codes::ARGUMENTS).with("name", name).with("expected_en", en).with("expected_ja", ja)
}
