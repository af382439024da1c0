//! What is wrong with policies that a facility wants to add, and where.

use cedar_policy::{ParseErrors, ValidationError, ValidationWarning};
use miette::Diagnostic;

/// Something wrong with policies that a facility wants to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawFault {
    /// Line and column, from 1, the column in characters; none where the whole is meant.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub english: String,
    /// The same in Japanese.
    pub japanese: String,
}

impl LawFault {
    /// One about the whole.
    pub(super) fn of(english: impl Into<String>, japanese: impl Into<String>) -> Self {
        Self { place: None, english: english.into(), japanese: japanese.into() }
    }

    /// One about what stands at an offset.
    pub(super) fn at(text: &str, offset: usize, english: String, japanese: String) -> Self {
        Self { place: line_and_column(text, offset), english, japanese }
    }

    /// What does not follow the grammar of Cedar.
    pub(super) fn of_grammar(text: &str, errors: &ParseErrors) -> Vec<Self> {
        let faults = errors.iter().map(|error| Self {
            place: place(text, error),
            english: format!("The text does not follow the grammar of Cedar: {error}."),
            japanese: format!("Cedar の文法に合っていません（{error}）。"),
        });
        faults.collect()
    }

    /// What the schema does not know or does not allow.
    pub(super) fn of_schema(text: &str, error: &ValidationError) -> Self {
        let japanese = japanese(error);
        Self {
            place: place(text, error),
            english: format!("The schema does not allow it: {error}."),
            japanese: format!("{japanese}（{error}）"),
        }
    }

    /// What is allowed and yet never what was meant; none for what only looks unusual, such as two scripts in one text.
    pub(super) fn of_warning(text: &str, warning: &ValidationWarning) -> Option<Self> {
        let japanese = match warning {
            ValidationWarning::ImpossiblePolicy(_) | ValidationWarning::InvalidActionApplication(_) => {
                "このポリシーは、どの場合にも当てはまりません。"
            }
            ValidationWarning::BidiCharsInString(_) | ValidationWarning::BidiCharsInIdentifier(_) => {
                "文字の並ぶ向きを変える制御文字が入っています。"
            }
            _ => return None,
        };
        let english = format!("The policy cannot mean what it says: {warning}.");
        Some(Self { place: place(text, warning), english, japanese: format!("{japanese}（{warning}）") })
    }
}

/// What a fault of the schema means.
fn japanese(error: &ValidationError) -> &'static str {
    match error {
        ValidationError::UnrecognizedEntityType(_) => {
            "知らない種類のものです。使えるのは Account、Staff、Record、Types、Action です。"
        }
        ValidationError::UnrecognizedActionId(_) => "知らない操作です。スキーマの操作名を使ってください。",
        ValidationError::UnexpectedType(_) | ValidationError::IncompatibleTypes(_) => {
            "値の型が合っていません。"
        }
        ValidationError::UnsafeAttributeAccess(_) => {
            "その名の属性はありません。スキーマの属性名を使ってください。"
        }
        ValidationError::UnsafeOptionalAttributeAccess(_) => {
            "ないことのある属性です。先に has で確かめてください。"
        }
        ValidationError::UndefinedFunction(_)
        | ValidationError::WrongNumberArguments(_)
        | ValidationError::FunctionArgumentValidation(_) => "関数の名か引数が正しくありません。",
        ValidationError::EmptySetForbidden(_) => "空の集合は書けません。",
        ValidationError::EntityDerefLevelViolation(_) => {
            "操作する人と記録の属性だけを使えます。その先の属性は使えません。"
        }
        _ => "スキーマに合っていません。",
    }
}

/// Where in the text a diagnosis points to.
fn place(text: &str, diagnosis: &dyn Diagnostic) -> Option<(usize, usize)> {
    line_and_column(text, diagnosis.labels()?.next()?.offset())
}

fn line_and_column(text: &str, offset: usize) -> Option<(usize, usize)> {
    let before = text.get(..offset)?;
    let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let line = before.matches('\n').count().saturating_add(1);
    let column = before.get(line_start..)?.chars().count().saturating_add(1);
    Some((line, column))
}
