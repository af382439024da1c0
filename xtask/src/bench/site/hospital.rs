//! Descriptions of a hospital with one flat network: thousands of machines that stand in one zone and reach each other.
//!
//! Beside it lie what hospitals have: an office network behind a firewall, guests, a management network, a vendor with a
//! line of its own, the internet, a server with the records and one with the images. Machines differ as they do where an
//! inventory was read in: some have an address and some have none, of some nobody wrote what they listen to, a few are past
//! support.

use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

/// Of how many machines one stands in the office network.
const OFFICE_EACH: usize = 40;

/// How many flows are wanted of a hospital with so many machines.
fn flows(machines: usize) -> usize {
    machines.div_ceil(20)
}

/// Writes a description with so many machines.
pub(super) fn write(file: &Path, machines: usize) -> Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    out.write_all(HEAD.as_bytes())?;
    for number in 0..machines {
        machine(&mut out, number)?;
    }
    out.write_all(JOINTS.as_bytes())?;
    for number in 0..flows(machines) {
        flow(&mut out, number, machines)?;
    }
    out.flush()
}

/// A machine of the flat network, or of the office.
fn machine(out: &mut impl Write, number: usize) -> Result<()> {
    let office = number % OFFICE_EACH == 7;
    let (zone, first) = if office { ("office", "172.16") } else { ("medical", "10.20") };
    let kind = match number % 10 {
        _ if office => "terminal",
        3 => "modality",
        6 => "printer",
        _ => "terminal",
    };
    write!(out, "  - {{ id: m{number}, kind: {kind}, zones: [{zone}], owner: facility")?;
    // One in four has its address from DHCP, and nobody wrote it down.
    if number % 4 != 1 {
        write!(out, ", addresses: [{first}.{}.{}]", number / 250 + 1, number % 250 + 1)?;
    }
    match number % 10 {
        3 => write!(out, ", holds: [image], software: [{{ name: OS, end_of_support: 2020-01-14 }}]")?,
        _ => write!(out, ", holds: none, software: [{{ name: OS, end_of_support: 2029-10-09 }}]")?,
    }
    match number % 5 {
        0 => {}
        1 | 2 => write!(out, ", listens: none")?,
        _ => write!(out, ", listens: [{{ name: s, protocol: tcp, ports: [{}] }}]", 8_000 + number % 7)?,
    }
    writeln!(
        out,
        ", malware_protection: yes, edr: {} }}",
        if number.is_multiple_of(3) { "no" } else { "yes" }
    )
}

/// A flow from a machine to the records or to the images.
fn flow(out: &mut impl Write, number: usize, machines: usize) -> Result<()> {
    let from = number.saturating_mul(19) % machines.max(1);
    let (to, port) = if number.is_multiple_of(3) { ("pacs", 11_112) } else { ("ehr", 443) };
    writeln!(
        out,
        "  - {{ id: f{number}, purpose: p{number}, from: m{from}, to: {to}, protocol: tcp, ports: [{port}], data: [clinical-record] }}"
    )
}

const HEAD: &str = "\
format: akashi-site/1
facility: { name: 架空総合病院, kind: hospital, beds: 900, described_on: 2026-10-15 }
parties:
  - { id: maker, name: 装置メーカー（架空）, kind: vendor, agreement: yes }
  - { id: carrier, kind: carrier }
zones:
  - { id: internet, kind: internet }
  - { id: medical, name: 診療系, kind: medical, ranges: [10.20.0.0/15], owner: facility, isolated: no }
  - { id: office, name: 事務系, kind: information, ranges: [172.16.0.0/12], owner: facility, isolated: no }
  - { id: guest, name: 患者用, kind: guest-wireless, ranges: [192.168.90.0/24], owner: facility }
  - { id: managing, name: 管理, kind: management, ranges: [192.168.10.0/24], owner: facility }
  - { id: eligibility, name: 資格確認, kind: eligibility, ranges: [192.168.20.0/28], owner: facility }
  - { id: maker-site, kind: vendor, owner: maker }
nodes:
  - { id: wall, name: 中央ファイアウォール, kind: firewall, zones: [medical, office, managing], addresses: [10.21.255.1, 172.31.255.1, 192.168.10.1], owner: facility }
  - { id: edge, name: 出口, kind: router, zones: [office, guest], addresses: [172.31.255.2, 192.168.90.1], owner: facility }
  - { id: maker-vpn, kind: vpn-device, zones: [medical], addresses: [10.21.255.9], owner: maker, listens: [{ name: 管理, protocol: tcp, ports: [443], management: yes }] }
  - { id: admin, kind: terminal, zones: [managing], addresses: [192.168.10.20], owner: facility, holds: none }
  - { id: ehr, name: 電子カルテ, kind: server, zones: [medical], addresses: [10.21.0.10], owner: facility, holds: [clinical-record, patient-identity], listens: [{ name: 電子カルテ, protocol: tcp, ports: [443], accepts_from: [medical, office] }, { name: 管理, protocol: tcp, ports: [22], management: yes, accepts_from: [admin] }] }
  - { id: pacs, name: PACS, kind: pacs, zones: [medical], addresses: [10.21.0.20], owner: facility, holds: [image], listens: [{ name: DICOM, protocol: tcp, ports: [104, 11112] }] }
  - { id: vault, name: バックアップ, kind: store, zones: [managing], addresses: [192.168.10.30], owner: facility, holds: [clinical-record], listens: [{ name: s, protocol: tcp, ports: [445], accepts_from: [ehr] }] }
  - { id: eligibility-pc, kind: terminal, zones: [eligibility], addresses: [192.168.20.2], owner: facility, holds: [eligibility] }
";

const JOINTS: &str = "\
links:
  - { id: outside, from: edge, to: internet, carrier: internet, carried_by: carrier }
  - { id: maker-line, from: maker-site, to: maker-vpn, carrier: ip-vpn, carried_by: carrier }
filters:
  - id: wall-rules
    at: wall
    stateful: yes
    default: deny
    rules:
      - { action: allow, from: [office], to: [ehr], protocol: tcp, ports: [443], reason: 参照 }
      - { action: allow, from: [admin], to: [ehr, pacs], protocol: tcp, ports: [22], reason: 管理 }
      - { action: allow, from: [ehr], to: [vault], protocol: tcp, ports: [445], reason: バックアップ }
      - { action: allow, from: [pacs], to: [office], protocol: tcp, ports: [445], reason: 帳票 }
  - id: edge-rules
    at: edge
    stateful: yes
    default: deny
    rules:
      - { action: allow, from: [office, guest], to: [internet], protocol: tcp, ports: [80, 443], reason: 閲覧 }
  - id: maker-rules
    at: maker-vpn
    stateful: yes
    default: deny
    rules:
      - { action: allow, from: [maker-site], to: [pacs], protocol: tcp, ports: [22], reason: 保守 }
maintenance:
  - { id: maker-work, vendor: maker, from: maker-site, into: [pacs], by: [maker-line], opened: on-request }
backups:
  - { id: nightly, of: [ehr], at: vault, medium: disk, offline: no, immutable: no, generations: 30, interval_hours: 24 }
flows:
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_as_many_machines_and_flows_as_asked_for_nearly_all_in_one_network() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("site.yaml");
        write(&file, 400).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        let count = |begin: &str, holds: &str| {
            text.lines().filter(|line| line.starts_with(begin) && line.contains(holds)).count()
        };
        assert_eq!((count("  - { id: m", "purpose"), count("  - { id: f", "purpose: ")), (0, 20));
        assert_eq!(
            count("  - { id: m", "kind: terminal")
                + count("  - { id: m", "kind: modality")
                + count("  - { id: m", "kind: printer"),
            400
        );
        assert_eq!(count("  - { id: m", "zones: [office]"), 10);
    }
}
