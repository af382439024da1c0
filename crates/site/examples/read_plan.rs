//! How long reading a plan takes and how much memory: of a file, or of a plan that is made while it is read.
//!
//! `cargo run --release -p site --example read_plan -- 10000` makes a plan of so many resources (never held as a whole) and
//! reads it; with the path of a file instead of a number it reads that. What the connecting attributes of the first resources
//! name is printed as well.

#![expect(clippy::print_stdout, reason = "it prints its figures")]
#![expect(clippy::disallowed_methods, reason = "time is what is measured")]

use site::plan::Plan;
use std::io::Read;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let what = std::env::args().nth(1).unwrap_or_else(|| "10000".to_owned());
    let start = Instant::now();
    let (bytes, plan) = match what.parse::<usize>() {
        Ok(count) => read(&what, Made::new(count))?,
        Err(_) => read(&what, std::fs::File::open(&what)?)?,
    };
    let milliseconds = start.elapsed().as_millis();
    print_names(&plan);
    let references: usize =
        plan.resources.iter().flat_map(|resource| resource.references.values()).map(Vec::len).sum();
    println!(
        "{} resources, {references} references, {} KiB read, {milliseconds} ms, peak {}",
        plan.resources.len(),
        bytes / 1024,
        peak()
    );
    Ok(())
}

/// Reads a plan and counts its bytes.
fn read(name: &str, from: impl Read) -> Result<(usize, Plan), base::Problem> {
    let mut counted = Counted { inner: from, bytes: 0 };
    let plan = Plan::read(name, &mut counted, 0)?;
    Ok((counted.bytes, plan))
}

/// The most memory that this process ever held, as the system tells it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim().to_owned())
}

/// Prints what the attributes name that connect network objects, as far as one reads it.
fn print_names(plan: &Plan) {
    for resource in plan.resources.iter().take(NAMES_SHOWN_MAX) {
        for (path, references) in &resource.references {
            let connects = path.ends_with("_id") || path.ends_with("_ids") || path.ends_with("_arn");
            if connects {
                println!("{} {path} -> {}", resource.address, references.join(" "));
            }
        }
    }
}

/// How many resources are shown with what they name.
const NAMES_SHOWN_MAX: usize = 12;

struct Counted<R> {
    inner: R,
    bytes: usize,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes = self.bytes.saturating_add(read);
        Ok(read)
    }
}

/// A plan, made piece by piece: networks of 51 resources, each in a module of its own.
struct Made {
    pieces: Box<dyn Iterator<Item = String>>,
    rest: Vec<u8>,
    at: usize,
}

/// Resources in one module.
const MODULE: usize = 51;

impl Made {
    fn new(count: usize) -> Self {
        let modules = count.div_ceil(MODULE);
        let start = r#"{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"child_modules":["#;
        let planned = (0..modules).flat_map(|at| [comma(at), planned_module(at)]);
        let changes = (0..modules).flat_map(|at| [comma(at), changes_of(at)]);
        let calls = (0..modules).flat_map(|at| [comma(at), call_of(at)]);
        let pieces = std::iter::once(start.to_owned())
            .chain(planned)
            .chain(std::iter::once("]}},\"resource_changes\":[".to_owned()))
            .chain(changes)
            .chain(std::iter::once("],\"configuration\":{\"root_module\":{\"module_calls\":{".to_owned()))
            .chain(calls)
            .chain(std::iter::once("}}}}".to_owned()));
        Self { pieces: Box::new(pieces), rest: Vec::new(), at: 0 }
    }
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.at >= self.rest.len() {
            match self.pieces.next() {
                Some(piece) => (self.rest, self.at) = (piece.into_bytes(), 0),
                None => return Ok(0),
            }
        }
        let read = self.rest.get(self.at..).unwrap_or_default().read(buffer)?;
        self.at = self.at.saturating_add(read);
        Ok(read)
    }
}

fn comma(at: usize) -> String {
    if at == 0 { String::new() } else { ",".to_owned() }
}

/// The name of the block and the key of a resource of a module: one network, ten subnets, forty groups.
fn parts(at: usize) -> (&'static str, &'static str, String) {
    match at {
        0 => ("aws_vpc", "this", String::new()),
        1..=10 => ("aws_subnet", "private", format!("[{}]", at.saturating_sub(1))),
        _ => ("aws_security_group", "these", format!("[\\\"group {at}\\\"]")),
    }
}

fn head(module: usize, at: usize) -> String {
    let (kind, name, key) = parts(at);
    format!(
        r#""address":"module.n{module}.{kind}.{name}{key}","mode":"managed","type":"{kind}","name":"{name}","provider_name":"registry.terraform.io/hashicorp/aws""#
    )
}

const VALUES: &str = r#"{"assign_ipv6_address_on_creation":false,"cidr_block":"10.0.1.0/24","customer_owned_ipv4_pool":null,"description":"Managed by Terraform","enable_dns64":false,"ingress":[{"cidr_blocks":["10.0.0.0/8"],"description":"","from_port":443,"protocol":"tcp","self":false,"to_port":443}],"map_customer_owned_ip_on_launch":null,"map_public_ip_on_launch":false,"outpost_arn":null,"revoke_rules_on_delete":false,"tags":{"Environment":"production","Name":"network"},"tags_all":{"Environment":"production","Name":"network"},"timeouts":null}"#;

fn planned_module(module: usize) -> String {
    let resources: Vec<String> = (0..MODULE)
        .map(|at| {
            format!(
                r#"{{{},"schema_version":1,"values":{VALUES},"sensitive_values":{{"tags":{{}}}}}}"#,
                head(module, at)
            )
        })
        .collect();
    format!(r#"{{"address":"module.n{module}","resources":[{}]}}"#, resources.join(","))
}

fn changes_of(module: usize) -> String {
    let changes: Vec<String> = (0..MODULE)
        .map(|at| {
            format!(
                r#"{{{},"module_address":"module.n{module}","change":{{"actions":["create"],"before":null,"after":{VALUES},"after_unknown":{{"arn":true,"id":true,"ingress":[{{"cidr_blocks":[false]}}],"owner_id":true,"tags":{{}},"vpc_id":true}},"before_sensitive":false,"after_sensitive":{{"tags":{{}}}}}}}}"#,
                head(module, at)
            )
        })
        .collect();
    changes.join(",")
}

fn call_of(module: usize) -> String {
    let given = r#""vpc_id":{"references":["aws_vpc.this.id","aws_vpc.this"]},"tags":{"references":["var.tags"]},"description":{"constant_value":"x"}"#;
    format!(
        r#""n{module}":{{"source":"./network","expressions":{{"tags":{{"references":["var.tags"]}}}},"module":{{"outputs":{{"subnets":{{"expression":{{"references":["aws_subnet.private"]}}}}}},"resources":[
        {{"mode":"managed","type":"aws_vpc","name":"this","expressions":{{"cidr_block":{{"references":["var.cidr"]}}}}}},
        {{"mode":"managed","type":"aws_subnet","name":"private","expressions":{{{given}}},"count_expression":{{"constant_value":10}}}},
        {{"mode":"managed","type":"aws_security_group","name":"these","expressions":{{{given},"ingress":[{{"cidr_blocks":{{"references":["aws_subnet.private"]}}}}]}},"for_each_expression":{{"references":["var.groups"]}}}}]}}}}"#
    )
}
