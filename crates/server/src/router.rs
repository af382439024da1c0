//! From method and path to a row of [`ROUTES`] or [`CONSOLE`]. Unknown paths and unknown methods are told apart (404, 405).

use crate::codes;
use crate::console::CONSOLE;
use crate::route::Route;
use crate::routes::ROUTES;
use base::Problem;
use http::{HeaderValue, Method};

/// The table, ready for matching.
pub(crate) struct Router {
    tree: matchit::Router<usize>,
    paths: Vec<Methods>,
}

/// The rows of one path.
struct Methods {
    path: &'static str,
    rows: Vec<&'static Route>,
    allow: HeaderValue,
}

/// What the router says to a method and a path.
#[derive(Debug)]
pub(crate) enum Find<'a> {
    /// This row serves it.
    Row(&'static Route, Place<'a>),
    /// The path is served, but not with this method; these are.
    OtherMethods(&'a HeaderValue),
    /// Nothing is served there.
    Nothing,
}

/// The parts of a path, still percent-encoded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place<'a> {
    /// `{facility}`
    pub(crate) facility: &'a str,
    /// `{type}`
    pub(crate) kind: &'a str,
    /// `{id}`
    pub(crate) id: &'a str,
    /// `{inner}`
    pub(crate) inner: &'a str,
    /// `{version}`
    pub(crate) version: Option<&'a str>,
    /// `{*path}`
    pub(crate) path: &'a str,
}

impl Router {
    /// Builds the tree from the table. Fails when two rows contradict each other, which a test rules out.
    pub(crate) fn new() -> Result<Self, Problem> {
        let mut paths: Vec<Methods> = Vec::new();
        for row in ROUTES.iter().chain(CONSOLE) {
            match paths.iter_mut().find(|methods| methods.path == row.path) {
                Some(methods) => methods.rows.push(row),
                None => paths.push(Methods {
                    path: row.path,
                    rows: vec![row],
                    allow: HeaderValue::from_static(""),
                }),
            }
        }
        let wrong = || Problem::new(&codes::START_FAILED).log("the route table contradicts itself");
        let mut tree = matchit::Router::new();
        for (index, methods) in paths.iter_mut().enumerate() {
            methods.allow = HeaderValue::try_from(allow(&methods.rows)).map_err(|_| wrong())?;
            tree.insert(methods.path, index).map_err(|_| wrong())?;
        }
        Ok(Self { tree, paths })
    }

    /// The row for a method and a path as it stands in the request.
    pub(crate) fn find<'a>(&'a self, method: &Method, path: &'a str) -> Find<'a> {
        let Ok(matched) = self.tree.at(path) else {
            return Find::Nothing;
        };
        let Some(methods) = self.paths.get(*matched.value) else {
            return Find::Nothing;
        };
        let wanted = if method == Method::HEAD { &Method::GET } else { method };
        match methods.rows.iter().find(|row| row.method == *wanted) {
            Some(row) => Find::Row(row, place(&matched.params)),
            None => Find::OtherMethods(&methods.allow),
        }
    }
}

fn place<'a>(params: &matchit::Params<'_, 'a>) -> Place<'a> {
    let mut place = Place::default();
    for (name, value) in params.iter() {
        match name {
            "facility" => place.facility = value,
            "type" => place.kind = value,
            "id" => place.id = value,
            "inner" => place.inner = value,
            "version" => place.version = Some(value),
            _ => place.path = value,
        }
    }
    place
}

/// The value of `Allow` (RFC 9110, section 10.2.1).
fn allow(rows: &[&Route]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        names.push(row.method.as_str());
        if row.method == Method::GET {
            names.push("HEAD");
        }
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(pattern: &str) -> String {
        let parts = [
            ("{facility}", "demo"),
            ("{type}", "Patient"),
            ("{id}", "42"),
            ("{inner}", "Observation"),
            ("{version}", "3"),
        ];
        let filled = parts.iter().fold(pattern.to_owned(), |path, (name, value)| path.replace(name, value));
        filled.replace("{*path}", "tile/0/000")
    }

    #[test]
    fn every_row_is_found_by_its_own_path() {
        let router = Router::new().unwrap();
        for row in ROUTES.iter().chain(CONSOLE) {
            let path = sample(row.path);
            let Find::Row(found, _) = router.find(&row.method, &path) else {
                panic!("{} {path} is not found", row.method);
            };
            assert!(std::ptr::eq(found, row), "{} {path} leads to {}", row.method, found.path);
        }
    }

    #[test]
    fn the_parts_of_a_path_are_told_apart() {
        let router = Router::new().unwrap();
        let Find::Row(_, place) = router.find(&Method::HEAD, "/f/demo/fhir/Patient/42/_history/3/$proof")
        else {
            panic!("not found");
        };
        assert_eq!((place.facility, place.kind, place.id), ("demo", "Patient", "42"));
        assert_eq!(place.version, Some("3"));
    }

    #[test]
    fn an_unknown_method_hears_which_ones_are_served() {
        let router = Router::new().unwrap();
        let Find::OtherMethods(allow) = router.find(&Method::POST, "/f/demo/fhir/Patient/42") else {
            panic!("the path is served");
        };
        assert_eq!(allow, "GET, HEAD, PUT, PATCH, DELETE");
    }

    #[test]
    fn an_unknown_path_is_not_found() {
        let router = Router::new().unwrap();
        for path in
            ["/", "", "*", "/f/demo", "/f/demo/fhir/", "/f/demo/fhir/Patient/42/", "/f/demo/log/", "/g"]
        {
            assert!(matches!(router.find(&Method::GET, path), Find::Nothing), "{path}");
        }
    }
}
