#!/usr/bin/env python3
"""Checks the evidence of an Akashi journal: proof files, whole logs, consistency proofs, bundles of reports.

One file, Python 3.9 or later, standard library only. Written from docs/formats.md, RFC 6962, RFC 8032 and the C2SP
texts signed-note, tlog-checkpoint, tlog-tiles, tlog-proof, tlog-witness and tlog-cosignature; it shares no code with the
product.

    verify.py proof FILE... [--many FILE] [--key KEY]
    verify.py log FOLDER-OR-URL [--key KEY] [--since CHECKPOINT] [--save FOLDER]
                  [--token-file FILE] [--ca FILE] [--cert FILE --cert-key FILE]
    verify.py consistency FILE --old CHECKPOINT --key KEY
    verify.py checkpoint FILE... --key KEY
    verify.py complete FOLDER [--key KEY]
    verify.py bundle FILE... [--key KEY]

Each takes --handover FILE (more than once): a proof of the entry by which another key took the place of --key, signed by
the key before; a log in a folder brings its own along. Each takes --witness KEY (more than once) and
--witness-hours-max N: these witnesses must have cosigned the checkpoint, not longer ago than that. `checkpoint` also holds several checkpoints of one log against each other.

Exit status: 0 good, 1 something is wrong, 2 usage or unreadable input. Where a rule leaves room, this one decides so:

- Origin: host, `f`, facility and tag stand between exactly three slashes, none is empty, and the facility has the form
  of a subject's id. A checkpoint of any other origin is refused by every command.
- Empty tree: a log of size 0 is refused and nothing is included in it. As an older checkpoint it is good when its root
  is SHA-256 of nothing: size 0 is a prefix of every log, with an empty proof. Sizes and indices are below 2**63.
- Signatures: every signature line must be well formed, at most 64 of them. Lines of another name or key id are
  ignored; at least one must belong to the key, and each that does must verify.
- The key id must be the one signed-note computes. Ed25519 is strict: S < L, canonical points, no point of small order
  for the key or R, and the equation without cofactor, compared as bytes.
- Cosignatures are those with Ed25519 (type 4). Of a witness at least one line must be there, and each must verify; the
  newest counts. In a log they may stand under the checkpoint or under the file `cosigned` beside it, which is then a
  prefix of the log. A time to come is no younger than now.
- Two checkpoints of one size with two roots do not fit: the log has two histories. Of two sizes nothing is said; `log
  --since` and `consistency` do that.
- JSON is strict at every depth, in proof, entry and content alike: UTF-8, no member twice, no NaN, no half of a
  surrogate pair. A whole number is written as one (`1`, neither `1.0` nor `1e0`).
- Nesting counts every object and array, the outermost too: at most 64 in an entry, a content or a proof file.
- A time is also a real one: a day of the calendar, hours to 23, no leap second.
- `journal.open` stands at position 0 and nowhere else, and its subject has no version.
- No other member of the table may be empty text; only `reason` may.
- The states of section 15 are checked over a whole log. A proof file shows one entry: only the form of its state.
- Files of a log folder that the checkpoint does not ask for are not looked at.
- A key that another key has succeeded signs trees up to the entry that says so, and none beyond; the next key signs none
  without that entry. Without a handover signed by the key before, a log or a proof of the next key is refused to whoever
  gives the key before as --key.
- An older checkpoint may be signed by an earlier key that the log itself names, since its newest checkpoint is signed.
"""

from __future__ import annotations

import argparse
import base64
import functools
import hashlib
import http.client
import json
import os
import re
import ssl
import sys
import time
import urllib.parse
import zlib
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

TILE_WIDTH = 256
HASH_BYTES = 32
ENTRY_BYTES_MAX = 65_535
BUNDLE_BYTES_MAX = TILE_WIDTH * (2 + ENTRY_BYTES_MAX)
NOTE_BYTES_MAX = 1 << 20
PROOF_BYTES_MAX = 1 << 26
SIGNATURES_MAX = 64
NUMBER_CHARS_MAX = 64
ENTRY_NESTING_MAX = 64
NESTING_MAX = 64
HASH_LINES_MAX = 63
TIMEOUT_SECONDS = 60


class Wrong(Exception):
    """The evidence breaks a rule. The text never repeats what stands in a record."""


class Unreadable(Exception):
    """The input could not be read or the command makes no sense: no judgement about the evidence."""


# ---- Ed25519 (RFC 8032, section 5.1) -------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def point_add(a, b):
    """Adds two points in extended coordinates (X, Y, Z, T)."""
    ax, ay, az, at = a
    bx, by, bz, bt = b
    low = (ay - ax) * (by - bx) % P
    high = (ay + ax) * (by + bx) % P
    cross = 2 * D * at * bt % P
    depth = 2 * az * bz % P
    e, f, g, h = high - low, depth - cross, depth + cross, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_decode(encoded):
    """The point of 32 bytes, or None when they are not the canonical encoding of one."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * SQRT_MINUS_1 % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def point_encode(point):
    """The 32 bytes of a point."""
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def is_small_order(point):
    """Whether eight times the point is the neutral element."""
    for _ in range(3):
        point = point_add(point, point)
    return point[0] == 0 and point[1] == point[2]


def multiples(point):
    """64 rows; row i holds 0..15 times 16**i times the point, so that a product takes 64 additions."""
    rows = []
    for _ in range(64):
        row = [IDENTITY]
        for _ in range(15):
            row.append(point_add(row[-1], point))
        rows.append(row)
        point = point_add(row[-1], point)
    return rows


def multiply(scalar, rows, total=IDENTITY):
    """total + scalar times the point of the table."""
    for row in rows:
        if scalar & 15:
            total = point_add(total, row[scalar & 15])
        scalar >>= 4
    return total


@functools.lru_cache(maxsize=1)
def base_rows():
    """The table of the base point (y = 4/5, x even)."""
    return multiples(point_decode((4 * pow(5, -1, P) % P).to_bytes(32, "little")))


@functools.lru_cache(maxsize=16)
def public_rows(public):
    """The table of minus the public key, or None when the key is no acceptable point."""
    point = point_decode(public)
    if point is None or is_small_order(point):
        return None
    x, y, z, t = point
    return multiples((P - x, y, z, P - t))


def ed25519_verifies(public, message, signature):
    """Whether [S]B = R + [k]A, strictly (see the head of this file)."""
    rows = public_rows(public)
    if rows is None or len(signature) != 64:
        return False
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
    point = multiply(k, rows, multiply(s, base_rows()))
    return point_encode(point) == r and not is_small_order(point)


# ---- Tree (RFC 6962, section 2.1) ----------------------------------------------------------------------------------

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry):
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size):
    """The largest power of two below a size of at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def perfect_root(hashes):
    """The root over a power of two of hashes."""
    sha256 = hashlib.sha256  # not node_hash: this loop runs once for every entry of a log
    while len(hashes) > 1:
        hashes = [sha256(b"\x01" + a + b).digest() for a, b in zip(hashes[::2], hashes[1::2])]
    return hashes[0]


def inclusion_root(leaf, index, size, path):
    """The root to which the audit path of section 2.1.1 leads."""
    leaf_is_left = []
    while size > 1:
        k = split(size)
        leaf_is_left.append(index < k)
        index, size = (index, k) if index < k else (index - k, size - k)
    if len(path) != len(leaf_is_left):
        raise Wrong(f"the inclusion proof has {len(path)} hashes instead of {len(leaf_is_left)}")
    for is_left, sibling in zip(reversed(leaf_is_left), path):
        leaf = node_hash(leaf, sibling) if is_left else node_hash(sibling, leaf)
    return leaf


def check_consistency(old_size, old_root, new_size, new_root, path):
    """Checks a proof of section 2.1.2: the older tree is a prefix of the newer one."""
    if old_size > new_size:
        raise Wrong(f"rolled back: the older checkpoint has {old_size} entries, the newer one only {new_size}")
    if old_size == 0:
        if path or old_root != EMPTY_ROOT:
            raise Wrong("the proof from size 0 is not empty, or the older root is not that of the empty tree")
        return
    old_is_left, whole = [], True
    m, n = old_size, new_size
    while m < n:
        k = split(n)
        old_is_left.append(m <= k)
        m, n, whole = (m, k, whole) if m <= k else (m - k, n - k, False)
    if len(path) != len(old_is_left) + (not whole):
        raise Wrong(f"the consistency proof has {len(path)} hashes instead of {len(old_is_left) + (not whole)}")
    old = new = old_root if whole else path[0]
    for is_left, sibling in zip(reversed(old_is_left), path if whole else path[1:]):
        new = node_hash(new, sibling) if is_left else node_hash(sibling, new)
        old = old if is_left else node_hash(sibling, old)
    if old != old_root:
        raise Wrong("the consistency proof does not lead to the older root")
    if new != new_root:
        raise Wrong("the consistency proof does not lead to the newer root")


# ---- Text: base64, numbers, JSON -----------------------------------------------------------------------------------


def from_base64(text, what):
    """The bytes of canonical, padded base64."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong(f"{what} is not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise Wrong(f"{what} is not canonical base64")
    return raw


def from_hash_line(text, what):
    """The 32 bytes of a hash in base64."""
    raw = from_base64(text, what)
    if len(raw) != HASH_BYTES:
        raise Wrong(f"{what} is not 32 bytes long")
    return raw


def from_decimal(text, what):
    """A number below 2**63 without leading zeros."""
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text) or int(text) >= 2**63:
        raise Wrong(f"{what} is not a decimal number")
    return int(text)


def from_utf8(raw, what):
    """Text in strict UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong(f"{what} is not UTF-8") from None


class Number:
    """A JSON number that is no whole number of usual length. It equals nothing; no rule asks for its value."""

    def __init__(self, text):
        if len(text) > NUMBER_CHARS_MAX:
            raise Wrong(f"a number is longer than {NUMBER_CHARS_MAX} characters")


def _members(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Wrong("one member stands twice in a JSON object")
    return members


def _whole(text):
    return int(text) if len(text) < 20 else Number(text)


def _constant(_text):
    raise Wrong("NaN and Infinity are not JSON")


DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_whole, parse_float=Number, parse_constant=_constant
)


def _check_depth_and_text(value, nesting_max):
    todo = [(value, 0)]
    while todo:
        value, depth = todo.pop()
        if isinstance(value, str):
            if any("\ud800" <= c <= "\udfff" for c in value):
                raise Wrong("half of a surrogate pair in JSON text")
        elif isinstance(value, (dict, list)):
            if depth >= nesting_max:
                raise Wrong("JSON nested too deeply")
            todo.extend((part, depth + 1) for part in value)
            if isinstance(value, dict):
                todo.extend((part, depth + 1) for part in value.values())


def from_json(text, what, nesting_max=NESTING_MAX):
    """The object of strict JSON text; anything else is refused."""
    try:
        value = DECODER.decode(text)
        if "\\u" in text or text.count("{") + text.count("[") > nesting_max:
            _check_depth_and_text(value, nesting_max)
    except Wrong as wrong:
        raise Wrong(f"{what}: {wrong}") from None
    except RecursionError:
        raise Wrong(f"{what}: JSON nested too deeply") from None
    except ValueError:
        raise Wrong(f"{what} is not JSON") from None
    if type(value) is not dict:
        raise Wrong(f"{what} is not a JSON object")
    return value


# ---- Keys, notes, checkpoints (signed-note, tlog-checkpoint) -------------------------------------------------------


class Key(NamedTuple):
    """A verifier key: the name, the key id in hexadecimal and the 32 bytes of the public key."""

    name: str
    id: str
    public: bytes


class Lineage:
    """The keys that sign one journal, one after the other (formats.md, section 20)."""

    def __init__(self, first):
        self.first = first
        self.successions = []  # (position, from, to)

    @classmethod
    def of(cls, key):
        """That of a key alone; a lineage stays what it is."""
        return key if key is None or isinstance(key, cls) else cls(key)

    def last(self):
        """The key that signs now."""
        return self.successions[-1][2] if self.successions else self.first

    def keys(self):
        """All keys, the first of them first."""
        return [self.first] + [to for _, _, to in self.successions]

    def push(self, position, old, new):
        """Takes the next succession."""
        after = not self.successions or self.successions[-1][0] < position
        if old != self.last() or old.name != new.name or old == new or not after or position == 0:
            raise Wrong("the succession does not follow from the key before")
        self.successions.append((position, old, new))

    def check_span(self, key, size):
        """That a key was the one to sign a tree of so many entries."""
        start = next((position for position, _, new in self.successions if new == key), 0)
        end = next((position for position, old, _ in self.successions if old == key), None)
        if (end is not None and size - 1 > end) or (start and size <= start):
            raise Wrong(f"a checkpoint of {size} entries was not this key's to sign: another key had taken its place")

    def open(self, note):
        """Reads a checkpoint by the key of these that signed it."""
        _, signatures = open_note(note)
        signed = [key for key in self.keys() if any((name, key_id) == (key.name, key.id) for name, key_id, _ in signatures)]
        wrong = None
        for key in signed or [self.last()]:
            checkpoint = open_checkpoint(note, key)
            try:
                self.check_span(key, checkpoint.size)
            except Wrong as problem:
                wrong = problem
                continue
            return checkpoint, key
        raise wrong


class Checkpoint(NamedTuple):
    """A checkpoint whose signature was verified, and the facility that its origin names."""

    origin: str
    facility: str
    size: int
    root: bytes


ID = "[A-Za-z0-9.-]{1,64}"
ORIGIN = re.compile(f"[^/]+/f/({ID})/[^/]+")


def is_key_name(name):
    """Whether a name may stand in a signature line."""
    return bool(name) and not any(c.isspace() or c == "+" or c < " " or "\ud800" <= c <= "\udfff" for c in name)


LOG_KEY = 1
WITNESS_KEY = 4


@functools.lru_cache(maxsize=16)
def parse_key(text, kind=LOG_KEY):
    """Reads `<name>+<key id>+<base64 of type || public key>`, of a log (type 1) or a witness (type 4)."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not is_key_name(parts[0]) or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise Wrong("the key is not of the form name+id+base64")
    raw = from_base64(parts[2], "the key")
    if len(raw) != 33 or raw[0] != kind:
        raise Wrong(f"the key is not an Ed25519 key of type {kind}")
    if hashlib.sha256(parts[0].encode("utf-8") + b"\n" + raw).hexdigest()[:8] != parts[1]:
        raise Wrong("the key id does not belong to this name and key")
    if public_rows(raw[1:]) is None:
        raise Wrong("the public key is not a point of the curve, or one of small order")
    return Key(parts[0], parts[1], raw[1:])


def parse_signatures(lines):
    """(name, key id, signature) of every signature line of a note."""
    if not lines or len(lines) > SIGNATURES_MAX:
        raise Wrong(f"the checkpoint has no signature line or more than {SIGNATURES_MAX}")
    found = []
    for line in lines:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or not is_key_name(parts[1]):
            raise Wrong("a signature line of the checkpoint is malformed")
        raw = from_base64(parts[2], "a signature")
        if len(raw) < 5:
            raise Wrong("a signature is too short")
        found.append((parts[1], raw[:4].hex(), raw[4:]))
    return found


def open_note(note):
    """The text of a signed note without its last newline, and its signatures."""
    if any(c < " " and c != "\n" for c in note):
        raise Wrong("the checkpoint holds a control character")
    text, empty_line, tail = note.rpartition("\n\n")
    if not empty_line or not tail.endswith("\n"):
        raise Wrong("the checkpoint is not a signed note")
    return text, parse_signatures(tail[:-1].split("\n"))


@functools.lru_cache(maxsize=64)
def open_checkpoint(note, key):
    """Reads a signed checkpoint and verifies it with the key."""
    text, signatures = open_note(note)
    lines = text.split("\n")
    if len(lines) != 3 or not lines[0]:
        raise Wrong("the checkpoint is not origin, size and root on three lines")
    size = from_decimal(lines[1], "the size of the checkpoint")
    root = from_hash_line(lines[2], "the root of the checkpoint")
    if key.name != lines[0]:
        raise Wrong("the name of the key is not the origin of the checkpoint")
    mine = [signature for name, key_id, signature in signatures if (name, key_id) == (key.name, key.id)]
    if not mine:
        raise Wrong("no signature of the key stands under the checkpoint")
    if not all(ed25519_verifies(key.public, f"{text}\n".encode("utf-8"), signature) for signature in mine):
        raise Wrong("the signature of the checkpoint does not verify")
    origin = ORIGIN.fullmatch(lines[0])
    if origin is None:
        raise Wrong("the origin of the checkpoint is not of the form host/f/facility/tag")
    if size == 0 and root != EMPTY_ROOT:
        raise Wrong("the checkpoint has size 0 and another root than the empty tree")
    return Checkpoint(lines[0], origin.group(1), size, root)


# ---- Cosignatures (tlog-cosignature; formats.md, section 16) --------------------------------------------------------

TIMESTAMP_BYTES = 8


def cosigned_at(note, witness):
    """When a witness cosigned a checkpoint, in seconds since 1970, or None when no line says it did."""
    text, signatures = open_note(note)
    newest = None
    for name, key_id, raw in signatures:
        if (name, key_id) != (witness.name, witness.id):
            continue
        if len(raw) != TIMESTAMP_BYTES + 64:
            raise Wrong(f"the cosignature of {witness.name} is malformed")
        seconds = int.from_bytes(raw[:TIMESTAMP_BYTES], "big")
        if seconds >= 2**63:
            raise Wrong(f"the time of the cosignature of {witness.name} is beyond what is allowed")
        message = f"cosignature/v1\ntime {seconds}\n{text}\n".encode("utf-8")
        if not ed25519_verifies(witness.public, message, raw[TIMESTAMP_BYTES:]):
            raise Wrong(f"the cosignature of {witness.name} does not verify")
        newest = seconds if newest is None else max(newest, seconds)
    return newest


class Demand(NamedTuple):
    """The witnesses that must have cosigned, how old their newest cosignature may be, and what time it is."""

    witnesses: tuple = ()
    hours_max: object = None
    now: float = 0.0

    def check(self, notes):
        """Checks the notes of one log together; returns when each witness cosigned."""
        found = {}
        for witness in self.witnesses:
            times = [seconds for seconds in (cosigned_at(note, witness) for note in notes) if seconds is not None]
            if not times:
                raise Wrong(f"the witness {witness.name} has not cosigned the checkpoint")
            age_hours = max(0, int(self.now - max(times)) // 3600)
            if self.hours_max is not None and age_hours > self.hours_max:
                raise Wrong(f"the cosignature of {witness.name} is {age_hours} hours old, allowed are {self.hours_max}")
            found[witness.name] = moment(max(times))
        return found


def moment(seconds):
    """A time for people, or the number where the calendar ends before it."""
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return str(seconds)


NOBODY = Demand()

# ---- Entries (formats.md, section 1) -------------------------------------------------------------------------------

REALMS = ("record", "identity")
STEPS = ("create", "update", "delete")
VERSIONED_KINDS = {f"{realm}.{step}": (realm, step) for realm in REALMS for step in STEPS}
PLAIN_KINDS = ("journal.open", "access", "journal.succession")
IDENTITY_PREFIX = "Akashi"
ACTOR_KINDS = frozenset(("system", "service", "person", "device", "unknown"))
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
SUBJECT_TYPE = re.compile("[A-Z][A-Za-z]{0,63}")
SUBJECT_ID = re.compile(ID)
DIGEST = re.compile("[0-9a-f]{64}")


def is_text(value):
    """Whether a member is a string that is not empty."""
    return type(value) is str and value != ""


@functools.lru_cache(maxsize=1024)
def is_second(text):
    """Whether `YYYY-MM-DDTHH:MM:SS` stands in the calendar."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_time(value):
    """Whether a member is a real moment, written with six decimals and Z."""
    return type(value) is str and TIME.fullmatch(value) is not None and is_second(value[:19])


def check_subject(subject):
    """The form of a subject, apart from its version."""
    if type(subject) is not dict or not is_text(subject.get("type")) or not is_text(subject.get("id")):
        raise Wrong("the subject is not an object of type and id")
    if not SUBJECT_TYPE.fullmatch(subject["type"]) or not SUBJECT_ID.fullmatch(subject["id"]):
        raise Wrong("the type or id of the subject is not of the required form")


def check_versioned(entry, subject):
    """The rules for a kind with versions that one entry shows alone."""
    realm, step = VERSIONED_KINDS[entry["kind"]]
    if (realm == "identity") != subject["type"].startswith(IDENTITY_PREFIX):
        raise Wrong("the kind of the entry does not fit the type of its subject")
    version = subject.get("version")
    if type(version) is not int or version < 1:
        raise Wrong("the version is not a whole number from 1")
    if version == 1 and step != "create":
        raise Wrong(f"version 1 is not a {realm}.create")
    if step == "delete" and "digest" in entry:
        raise Wrong(f"{realm}.delete with a digest")
    if step != "delete":
        check_digest(entry)


def check_digest(entry):
    """The form of the digest of an entry with content."""
    if "digest" not in entry:
        raise Wrong("an entry with content has no digest")
    if not (type(entry["digest"]) is str and DIGEST.fullmatch(entry["digest"])):
        raise Wrong("the digest is not 64 digits of lower-case hexadecimal")


def parse_entry(raw, position):
    """Reads one entry and checks every rule that it shows alone."""
    if len(raw) > ENTRY_BYTES_MAX:
        raise Wrong("the entry is longer than 65,535 bytes")
    entry = from_json(from_utf8(raw, "the entry"), "the entry", ENTRY_NESTING_MAX)
    if type(entry.get("v")) is not int or entry["v"] != 1:
        raise Wrong("the entry's v is not 1")
    if not is_time(entry.get("time")):
        raise Wrong("the time is not UTC with six decimals")
    actor, subject, kind = entry.get("actor"), entry.get("subject"), entry.get("kind")
    if type(actor) is not dict or not is_text(actor.get("id")) or not is_text(actor.get("kind")):
        raise Wrong("the actor is not an object of kind and id")
    if actor["kind"] not in ACTOR_KINDS:
        raise Wrong("the kind of the actor is unknown")
    check_subject(subject)
    if "reason" in entry and type(entry["reason"]) is not str:
        raise Wrong("the reason is not text")
    if type(kind) is not str or (kind not in VERSIONED_KINDS and kind not in PLAIN_KINDS):
        raise Wrong("the kind of the entry is unknown")
    if (position == 0) != (kind == "journal.open"):
        raise Wrong("journal.open stands at position 0 and nowhere else")
    if "state" in entry:
        check_state(entry)
    if ("succession" in entry) != (kind == "journal.succession"):
        raise Wrong("a succession of keys and the kind of the entry do not belong together")
    if kind == "journal.succession":
        succession_keys(entry)
    if kind in VERSIONED_KINDS:
        check_versioned(entry, subject)
    elif "version" in subject or subject["type"] != "Facility":
        raise Wrong(f"{kind} has a version, or its subject is not a Facility")
    elif kind == "access":
        check_digest(entry)
    elif "digest" in entry:
        raise Wrong(f"{kind} has a digest")
    return entry


def succession_keys(entry):
    """The key that signed until this entry, and the one that signs from it on."""
    succession = entry["succession"]
    if type(succession) is not dict or not is_text(succession.get("from")) or not is_text(succession.get("to")):
        raise Wrong("the succession is not an object of from and to")
    old, new = parse_key(succession["from"]), parse_key(succession["to"])
    if old.name != new.name or old == new:
        raise Wrong("the keys of the succession are the same, or of two names")
    return old, new


# ---- States of records (formats.md, section 15) --------------------------------------------------------------------

STATES = ("draft", "final", "amended", "withdrawn")
# What an act makes of what was: "nothing", "unmarked" (a version without a state) or a state.
ACTS = {
    "enter": {"nothing": ("draft", "final")},
    "adopt": {"unmarked": STATES},
    "edit": {"draft": ("draft",)},
    "return": {"draft": ("draft",)},
    "finalize": {"unmarked": ("final",), "draft": ("final",)},
    "approve": {"draft": ("final",)},
    "progress": {"final": ("final",), "amended": ("amended",)},
    "lapse": {"draft": ("final",)},
    "amend": {"final": ("amended",), "amended": ("amended",)},
    "withdraw": dict.fromkeys(("unmarked", "draft", "final", "amended"), ("withdrawn",)),
    "import": {
        "nothing": STATES, "unmarked": STATES, "draft": STATES,
        "final": ("amended", "withdrawn"), "amended": ("amended", "withdrawn"),
    },
    "assign": {"draft": ("draft",)},
    "cosign": {"final": ("final",), "amended": ("amended",)},
}
MUST_BE_TOLD = ("return", "amend", "withdraw", "assign", "cosign", "lapse")
MAY_BE_TOLD = (*MUST_BE_TOLD, "finalize", "approve")
MAY_BE_TOLD_OF_ANOTHERS = ("enter", "adopt", "edit")  # with `entered` only


KEPT_OF_STATES = ("is", "responsible", "entered", "cosigned")


def check_state(entry):
    """The form of a state, which one entry shows alone."""
    state = entry["state"]
    if entry["kind"] not in ("record.create", "record.update"):
        raise Wrong("a state where there is no version of a record")
    if type(state) is not dict or state.get("is") not in STATES or state.get("act") not in ACTS:
        raise Wrong("the state is not an object of a known state and a known act")
    for member in ("responsible", "entered", "provenance"):
        if member in state and not is_text(state[member]):
            raise Wrong(f"{member} of the state is not text")
    if "provenance" in state and not SUBJECT_ID.fullmatch(state["provenance"]):
        raise Wrong("the state names a malformed Provenance")
    if state["is"] == "withdrawn" and "entered" in state:
        raise Wrong("the state names who entered what is withdrawn")
    signed = state.get("cosigned", ())
    if "cosigned" in state and (type(signed) is not list or not signed or not all(map(is_text, signed))):
        raise Wrong("cosigned of the state is not a list of texts with something in it")
    if (state["act"] == "cosign") != bool(signed) or (signed and signed[-1] != entry["actor"]["id"]):
        raise Wrong("the state names signatures that are not those of its act")


def check_deletion(held, actor):
    """Only drafts are deleted, and those entered for another only by that account."""
    if held["is"] != "draft":
        raise Wrong(f"a deletion of what is {held['is']}")
    if "entered" in held and held["responsible"] != actor:
        raise Wrong("a draft that was entered for another is deleted by somebody else")


def check_step(before, held, state, actor):
    """That a state follows from the one before; `held` is that one, if there is any. `actor` is that of the entry."""
    actor, by_system = actor["id"], actor["kind"] == "system"
    act, told = state["act"], "provenance" in state
    if state["is"] not in ACTS[act].get(before, ()):
        raise Wrong(f"{act} makes no {state['is']} version of what was {before}")
    may = act in MAY_BE_TOLD or (act in MAY_BE_TOLD_OF_ANOTHERS and "entered" in state)
    if (act in MUST_BE_TOLD and not told) or (told and not may):
        raise Wrong(f"{act} and its Provenance do not belong together")
    proxy = before == "draft" and "entered" in held
    if proxy and act in ("finalize", "import", "lapse"):
        raise Wrong(f"{act} of a draft that was entered for another")
    if proxy and act in ("approve", "return", "withdraw") and held["responsible"] != actor:
        raise Wrong("a draft that was entered for another is settled by somebody else")
    if not proxy and act in ("approve", "return", "assign"):
        raise Wrong(f"{act} of what nobody has entered for another")
    if act == "cosign":
        check_signature(held, state, actor)
    if act == "lapse" and not by_system:
        raise Wrong("lapse by somebody else than the system")
    check_accounts(held, state, actor)


def check_signature(held, state, actor):
    """A signature comes after those before it, of another than who answers for the version, once."""
    earlier = held.get("cosigned", [])
    if state["cosigned"] != [*earlier, actor]:
        raise Wrong("the state names others as having signed than those who have")
    if actor in earlier or actor == held.get("responsible"):
        raise Wrong("somebody signs twice, or what they answer for")


def check_accounts(held, state, actor):
    """Who answers for a version, and who entered it for them."""
    responsible, entered, act = state.get("responsible"), state.get("entered"), state["act"]
    if act in ("edit", "approve", "return", "progress", "cosign"):
        good = (responsible, entered) == (held.get("responsible"), held.get("entered"))
    elif act == "assign":
        good = responsible not in (None, held.get("responsible"), entered) and entered == held.get("entered")
    elif act == "lapse":
        good = responsible is not None and responsible == held.get("responsible") and entered is None
    elif act == "import":
        good = responsible is None and entered is None
    elif state["is"] == "draft" and entered is not None:
        good = responsible is not None and responsible != actor and entered == actor
    elif state["is"] == "draft":
        good = responsible in (None, actor)
    else:
        good = responsible == actor and entered is None
    if not good:
        raise Wrong("the state names others as responsible than those who are")


class Sequence:
    """The rules over the sequence of entries. Memory grows with the number of records, not of entries."""

    def __init__(self, facility):
        self.time = ""
        self.facility = facility
        self.records = {}  # "type/id" -> newest version, negative after a delete
        self.states = {}  # "type/id" -> the state of the newest version, if it has one
        self.due = None  # the Provenance that must be created next
        self.size = 0
        self.lineage = None  # the keys that the journal names, where it has had more than one

    def step(self, entry):
        """Takes the next entry."""
        if entry["time"] < self.time:
            raise Wrong("the time runs back")
        self.time = entry["time"]
        subject, kind = entry["subject"], entry["kind"]
        position, self.size = self.size, self.size + 1
        due, self.due = self.due, None
        if due is not None and (kind, subject["type"], subject["id"], subject.get("version")) != (
            "record.create", "Provenance", due, 1
        ):
            raise Wrong("the Provenance of the entry before does not follow it")
        if kind in PLAIN_KINDS:
            if subject["id"] != self.facility:
                abouts = {"access": "the access is about", "journal.open": "the journal was opened for"}
                about = abouts.get(kind, "the succession is about")
                raise Wrong(f"{about} another facility than the origin names")
            if kind == "journal.succession":
                old, new = succession_keys(entry)
                self.lineage = self.lineage or Lineage(old)
                self.lineage.push(position, old, new)
            return
        record = f"{subject['type']}/{subject['id']}"
        newest = self.records.get(record, 0)
        if subject["version"] != abs(newest) + 1:
            raise Wrong(f"version {subject['version']} of the record where version {abs(newest) + 1} is due")
        _, step = VERSIONED_KINDS[kind]
        if (step == "create") != (newest <= 0):
            raise Wrong(f"{kind} of a record that stands" if newest > 0 else f"{kind} after a deletion")
        self.take_state(entry, record, newest > 0)
        self.records[record] = -subject["version"] if step == "delete" else subject["version"]

    def take_state(self, entry, record, alive):
        """The state of a version follows from that of the version before."""
        held, state, actor = self.states.pop(record, None), entry.get("state"), entry["actor"]
        before = ("unmarked" if held is None else held["is"]) if alive else "nothing"
        if state is not None:
            check_step(before, held, state, actor)
            self.states[record] = {name: state[name] for name in KEPT_OF_STATES if name in state}
            self.due = state.get("provenance")
        elif held is not None and entry["kind"] == "record.delete":
            check_deletion(held, actor["id"])
        elif held is not None:
            raise Wrong("the version has lost its state")

    def finish(self):
        """What can only be said at the end."""
        if self.due is not None:
            raise Wrong("the Provenance of the last entry is missing")

    def keys_until(self, last):
        """All keys of the journal, `last` being the one that signed its checkpoint."""
        if self.lineage is None:
            return Lineage(last)
        position, old, _ = self.lineage.successions[-1]
        if self.lineage.last() != last and not (old == last and position + 1 == self.size):
            raise Wrong("the journal names another key than the one that signed the checkpoint")
        return self.lineage


# ---- Proof file (formats.md, sections 2 and 5) ---------------------------------------------------------------------

PROOF_MEMBERS = {"format", "facility", "record", "version", "key", "proof", "entry", "salt", "content"}


def parse_tlog_proof(text):
    """(index, hashes, checkpoint) of a tlog-proof without an extra line."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1":
        raise Wrong("the proof does not begin with c2sp.org/tlog-proof@v1")
    if len(lines) < 2 or not lines[1].startswith("index "):
        raise Wrong("the second line of the proof is not the index")
    if len(lines) > 2 + HASH_LINES_MAX:
        raise Wrong("the inclusion proof is too long")
    index = from_decimal(lines[1][len("index ") :], "the index")
    return index, [from_hash_line(line, "a hash of the inclusion proof") for line in lines[2:]], note


def check_content(entry, salt, content):
    """The digest binds salt and content; the content says the same of itself as the entry."""
    if "digest" not in entry:
        if salt is not None or content is not None:
            raise Wrong("the entry has no digest, but salt or content stand in the file")
        return
    if type(salt) is not str or not re.fullmatch("[0-9a-f]{64}", salt):
        raise Wrong("the salt is not 32 bytes in lower-case hexadecimal")
    if type(content) is not str:
        raise Wrong("the content is missing")
    raw = b"akashi-content-v1\x00" + bytes.fromhex(salt) + content.encode("utf-8")
    if hashlib.sha256(raw).hexdigest() != entry["digest"]:
        raise Wrong("the digest is not that of salt and content")
    resource, subject = from_json(content, "the content"), entry["subject"]
    if entry["kind"] == "access":
        if type(resource.get("v")) is not int or resource["v"] != 1:
            raise Wrong("the v of the access is not 1")
        return
    meta = resource.get("meta")
    says = (resource.get("resourceType"), resource.get("id"))
    says += (meta.get("versionId"), meta.get("lastUpdated")) if type(meta) is dict else (None, None)
    means = (subject["type"], subject["id"], str(subject["version"]), entry["time"])
    for name, said, meant in zip(("resourceType", "id", "meta.versionId", "meta.lastUpdated"), says, means):
        if said != meant:
            raise Wrong(f"{name} of the content is not what the entry says")


def check_proof(raw, key, demand=NOBODY):
    """Checks one proof file; `key` is the facility's key obtained another way (or a lineage of keys), or None. Returns what
    it proves."""
    keys = Lineage.of(key)
    if len(raw) > PROOF_BYTES_MAX:
        raise Wrong("the file is longer than any proof")
    file = from_json(from_utf8(raw, "the file"), "the file")
    if set(file) != PROOF_MEMBERS:
        raise Wrong("the members of the file are not those of a proof")
    if file["format"] != "akashi-proof/1":
        raise Wrong("the format is not akashi-proof/1")
    for name in ("facility", "record", "key", "proof", "entry"):
        if not is_text(file[name]):
            raise Wrong(f"{name} is not text")
    claimed = parse_key(file["key"])
    if keys is not None and claimed not in keys.keys():
        raise Wrong("the key is not the one given with --key")
    index, path, note = parse_tlog_proof(file["proof"])
    checkpoint = open_checkpoint(note, claimed)
    if keys is not None:
        keys.check_span(claimed, checkpoint.size)
    cosigned = demand.check([note])
    if index >= checkpoint.size:
        raise Wrong("the index is not below the size of the checkpoint")
    if index == 0:
        raise Wrong("index 0 is where the journal is opened, not a record")
    if file["facility"] != checkpoint.facility:
        raise Wrong("the facility is not the one that the origin names")
    body = file["entry"].encode("utf-8")
    if inclusion_root(leaf_hash(body), index, checkpoint.size, path) != checkpoint.root:
        raise Wrong("the inclusion proof does not lead from the entry to the root of the checkpoint")
    entry = parse_entry(body, index)
    subject = entry["subject"]
    record, version = f"{subject['type']}/{subject['id']}", subject.get("version")
    if entry["kind"] == "access":
        if subject["id"] != checkpoint.facility:
            raise Wrong("the access is about another facility than the origin names")
        record, version = f"AuditEvent/{index}", 1
    if entry["kind"] == "journal.succession":
        if subject["id"] != checkpoint.facility:
            raise Wrong("the succession is about another facility than the origin names")
        version = 1
    if file["record"] != record:
        raise Wrong("the record is not the subject of the entry")
    if type(file["version"]) is not int or file["version"] != version:
        raise Wrong("the version is not that of the entry")
    check_content(entry, file["salt"], file["content"])
    return {
        "record": file["record"], "version": file["version"], "kind": entry["kind"], "time": entry["time"],
        "position": index, "size": checkpoint.size, "key_name": claimed.name, "key_id": claimed.id,
        "key_compared": key is not None, "facility": checkpoint.facility, "cosigned": cosigned,
    }


# ---- Handovers (formats.md, section 20) -----------------------------------------------------------------------------


def read_handover(raw):
    """(position, from, to) as a handover says it, unverified."""
    file = from_json(from_utf8(raw, "the handover"), "the handover")
    if not is_text(file.get("entry")) or not is_text(file.get("proof")):
        raise Wrong("the file is no handover")
    index = parse_tlog_proof(file["proof"])[0]
    entry = parse_entry(file["entry"].encode("utf-8"), index)
    if entry["kind"] != "journal.succession":
        raise Wrong("the file is no handover")
    return (index, *succession_keys(entry))


def follow(key, handovers):
    """The keys to which a key leads by handovers: the lineage, and those handovers that did not belong to it."""
    lineage, left = Lineage(key), list(handovers)
    while True:
        found = next((raw for raw in left if read_handover(raw)[1] == lineage.last()), None)
        if found is None:
            return lineage, left
        check_proof(found, lineage.last())
        lineage.push(*read_handover(found))
        left.remove(found)


# ---- Log (tlog-tiles; formats.md, section 4) -----------------------------------------------------------------------


def tile_path(level, index, width):
    """The path of a tile or bundle, `level` being a number or `entries`."""
    parts = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        parts.insert(0, f"x{index % 1000:03}")
    return f"tile/{level}/{'/'.join(parts)}" + ("" if width == TILE_WIDTH else f".p/{width}")


def read_tile(source, level, index, width):
    """The hashes of a tile as one string of bytes, of exactly the right length."""
    path = tile_path(level, index, width)
    raw = source.read(path, TILE_WIDTH * HASH_BYTES)
    if raw is None:
        raise Wrong(f"{path} is missing")
    if len(raw) != width * HASH_BYTES:
        raise Wrong(f"{path} is not {width * HASH_BYTES} bytes long")
    return raw


def entries_of(bundle, start, width, path):
    """(position, bytes) of every entry of a bundle; the bundle must end with the last."""
    offset = 0
    for position in range(start, start + width):
        body = offset + 2
        end = body + int.from_bytes(bundle[offset:body], "big")
        if body > len(bundle) or end > len(bundle):
            raise Wrong(f"position {position}: {path} ends too early")
        yield position, bundle[body:end]
        offset = end
    if offset != len(bundle):
        raise Wrong(f"{path} goes on after position {start + width - 1}")


class Frontier:
    """The right edge of the growing tree: for each tile level the hashes of the tile that is not full yet."""

    def __init__(self, source):
        self.source = source
        self.levels = []
        self.full = []

    def add(self, level, hashes):
        """Takes the next hashes of a level: at level 0 those of a tile already compared, above it a single one."""
        while len(self.levels) <= level:
            self.levels.append([])
            self.full.append(0)
        self.levels[level] += hashes
        if len(self.levels[level]) == TILE_WIDTH:
            if level > 0:
                self.compare(level)
            root = perfect_root(self.levels[level])
            self.levels[level] = []
            self.full[level] += 1
            self.add(level + 1, [root])

    def compare(self, level):
        """Compares the hashes of a higher level with the tile file."""
        hashes, index = self.levels[level], self.full[level]
        tile = read_tile(self.source, level, index, len(hashes))
        for i, expected in enumerate(hashes):
            if tile[HASH_BYTES * i : HASH_BYTES * (i + 1)] != expected:
                span = TILE_WIDTH**level
                first = (index * TILE_WIDTH + i) * span
                path = tile_path(level, index, len(hashes))
                raise Wrong(f"{path}: hash {i} is not the root of positions {first} to {first + span - 1}")

    def finish(self):
        """Compares the partial tiles of the higher levels."""
        for level in range(1, len(self.levels)):
            if self.levels[level]:
                self.compare(level)

    def root(self, pending=()):
        """The root of everything taken so far and the pending leaves (at most a tile, after whole tiles only)."""
        lists = [list(pending) + self.levels[0], *self.levels[1:]] if self.levels else [list(pending)]
        peaks = []
        for hashes in reversed(lists):
            start, piece = 0, TILE_WIDTH
            while piece:
                if len(hashes) & piece:
                    peaks.append(perfect_root(hashes[start : start + piece]))
                    start += piece
                piece >>= 1
        root = peaks.pop() if peaks else EMPTY_ROOT
        while peaks:
            root = node_hash(peaks.pop(), root)
        return root


def read_bundle(source, index, start, width, sequence):
    """Reads a bundle beside its tile, checks every entry in order and returns the leaf hashes."""
    path, tile_name = tile_path("entries", index, width), tile_path(0, index, width)
    bundle = source.read(path, BUNDLE_BYTES_MAX)
    if bundle is None:
        raise Wrong(f"{path} is missing")
    tile = read_tile(source, 0, index, width)
    hashes = []
    for position, body in entries_of(bundle, start, width, path):
        leaf = leaf_hash(body)
        at = HASH_BYTES * (position - start)
        if tile[at : at + HASH_BYTES] != leaf:
            raise Wrong(f"position {position}: the entry does not hash to its place in {tile_name}")
        try:
            sequence.step(parse_entry(body, position))
        except Wrong as wrong:
            raise Wrong(f"position {position}: {wrong}") from None
        hashes.append(leaf)
    return hashes


def note_text(raw, what):
    """The text of a checkpoint, a key or a consistency proof."""
    if len(raw) > NOTE_BYTES_MAX:
        raise Wrong(f"{what} is too long")
    return from_utf8(raw, what)


def read_note(source, path):
    """A small text of the log, or None."""
    raw = source.read(path, NOTE_BYTES_MAX)
    return None if raw is None else note_text(raw, path)


def one_line(text, what):
    """The only line of a text, with or without its newline."""
    line = text[:-1] if text.endswith("\n") else text
    if not line or "\n" in line:
        raise Wrong(f"{what} is not one line")
    return line


def trusted_keys(source, given, claimed):
    """The keys from the one given to the one beside the log, by the handovers of the log."""
    if given is None or claimed is None or claimed in given.keys():
        return given
    handovers = [raw for raw in (source.read(name, PROOF_BYTES_MAX) for name in source.handovers()) if raw is not None]
    lineage, _ = follow(given.last(), handovers)
    if lineage.last() != claimed:
        raise Wrong("the key of the log is not the one given with --key, and no handover leads to it")
    for succession in lineage.successions:
        given.push(*succession)
    return given


def check_log(source, key, since, demand=NOBODY, sequence_of=None, marks=None):
    """Checks a whole log, one bundle at a time; `since` is the text of an older checkpoint or None. `sequence_of` makes
    what looks at the entries, `marks` gives (size, root) of checkpoints in between, in order."""
    note, key_text = read_note(source, "checkpoint"), read_note(source, "key")
    if note is None or (key is None and key_text is None):
        raise Unreadable("there is no checkpoint" if note is None else "there is no key: give it with --key")
    if key_text is not None:
        claimed = parse_key(one_line(key_text, "key"))
    else:
        claimed = None
    keys = trusted_keys(source, Lineage.of(key), claimed)
    used = claimed if claimed is not None else keys.last()
    checkpoint = open_checkpoint(note, used)
    if checkpoint.size == 0:
        raise Wrong("the log is empty: not even its first entry is there")
    if source.facility is not None and source.facility != checkpoint.facility:
        raise Wrong("the log is that of another facility than the address says")
    old = None if since is None else claim_older(since, keys or Lineage(used), checkpoint)
    beside = read_note(source, "cosigned") if demand.witnesses else None
    olds = [] if old is None else [old]
    notes = [] if old is None else [since]
    if beside is not None:
        olds.append(claim_older(beside, keys or Lineage(used), checkpoint))
        notes.append(beside)
    cosigned = demand.check([note] if beside is None else [note, beside])
    sequence, frontier = (sequence_of or Sequence)(checkpoint.facility), Frontier(source)
    marks = iter(marks or ())
    mark = next(marks, None)
    old_roots = {0: EMPTY_ROOT}
    for index, start in enumerate(range(0, checkpoint.size, TILE_WIDTH)):
        hashes = read_bundle(source, index, start, min(TILE_WIDTH, checkpoint.size - start), sequence)
        for size in (one.size for one in olds if start < one.size <= start + len(hashes)):
            old_roots[size] = frontier.root(hashes[: size - start])
        while mark is not None and mark[0] <= start + len(hashes):
            if mark[0] <= start or frontier.root(hashes[: mark[0] - start]) != mark[1]:
                raise Wrong(f"the checkpoint of {mark[0]} entries is of another tree, or out of order")
            mark = next(marks, None)
        frontier.add(0, hashes)
    if mark is not None:
        raise Wrong("a checkpoint of more entries than there are")
    sequence.finish()
    lineage = sequence.keys_until(used)
    lineage.check_span(used, checkpoint.size)
    if keys is not None and any(one not in lineage.successions for one in keys.successions):
        raise Wrong("the handovers are not those of the entries of the log")
    frontier.finish()
    if frontier.root() != checkpoint.root:
        raise Wrong("the entries do not have the root of the checkpoint")
    for text in notes:  # the log, whose root is signed, says which key signed before
        open_older(text, lineage, checkpoint)
    for one in olds:
        if one.root != old_roots[one.size]:
            raise Wrong(f"the older checkpoint is no prefix of this log: its first {one.size} entries were others")
    return {
        "facility": checkpoint.facility, "size": checkpoint.size, "root": base64.b64encode(checkpoint.root).decode(),
        "since": None if old is None else old.size, "key_name": used.name, "key_id": used.id,
        "key_compared": key is not None, "cosigned": cosigned, "lineage": lineage,
    }


def claim_older(note, keys, newer):
    """Reads the older checkpoint before the log: by the keys known so far, or as what a key before them may have signed."""
    try:
        return open_older(note, keys, newer)
    except Wrong as first:
        try:
            text, signatures = open_note(note)
        except Wrong:
            raise first from None
        lines = text.split("\n")
        ids = {key.id for key in keys.keys()}
        another = any(name == newer.origin and key_id not in ids for name, key_id, _ in signatures)
        if len(lines) != 3 or lines[0] != newer.origin or not another:
            raise first from None
        size = from_decimal(lines[1], "the size of the older checkpoint")
        if size > newer.size:
            raise Wrong(f"rolled back: the older checkpoint has {size} entries, the newer one only {newer.size}") from None
        return Checkpoint(lines[0], newer.facility, size, from_hash_line(lines[2], "the root of the older checkpoint"))


def open_older(note, keys, newer):
    """Reads the older checkpoint and compares what can be compared before reading the log."""
    try:
        old, _ = Lineage.of(keys).open(note)
    except Wrong as wrong:
        raise Wrong(f"older checkpoint: {wrong}") from None
    if old.size > newer.size:
        raise Wrong(f"rolled back: the older checkpoint has {old.size} entries, the newer one only {newer.size}")
    return old


# ---- Consistency proof (formats.md, section 6) ---------------------------------------------------------------------


def check_consistency_file(raw, old_raw, key, demand=NOBODY):
    """Checks a consistency proof against an older checkpoint; both must be signed with the key."""
    head, empty_line, note = note_text(raw, "the file").partition("\n\n")
    lines = head.split("\n")
    if not empty_line or not lines[0].startswith("old "):
        raise Wrong("the file is not an old size, hashes, an empty line and a checkpoint")
    if len(lines) > 1 + HASH_LINES_MAX:
        raise Wrong("the consistency proof is too long")
    size = from_decimal(lines[0][len("old ") :], "the old size")
    path = [from_hash_line(line, "a hash of the consistency proof") for line in lines[1:]]
    keys = Lineage.of(key)
    newer, key = keys.open(note)
    old = open_older(note_text(old_raw, "the older checkpoint"), keys, newer)
    if old.size != size:
        raise Wrong("the old size is not that of the older checkpoint")
    check_consistency(size, old.root, newer.size, newer.root, path)
    return {
        "old_size": size, "size": newer.size, "origin": newer.origin, "facility": newer.facility, "key_name": key.name,
        "key_id": key.id, "cosigned": demand.check([note]),
    }


# ---- Checkpoints by themselves (formats.md, section 16) ------------------------------------------------------------


def check_checkpoint(raw, key, demand, others):
    """Checks one checkpoint, and that it fits `others`: (name, checkpoint) of those checked before."""
    note = note_text(raw, "the checkpoint")
    checkpoint, key = Lineage.of(key).open(note)
    cosigned = demand.check([note])
    for name, other in others:
        if other.size == checkpoint.size and other.root != checkpoint.root:
            raise Wrong(f"it has another root than {name} for the same {other.size} entries: the log has two histories")
    return checkpoint, {
        "origin": checkpoint.origin, "facility": checkpoint.facility, "size": checkpoint.size,
        "root": base64.b64encode(checkpoint.root).decode(), "key_name": key.name, "key_id": key.id, "cosigned": cosigned,
    }


# ---- A complete export (formats.md, section 20) ---------------------------------------------------------------------

COMPLETE_FORMAT = "akashi-complete/1"
MANIFEST_MEMBERS = {"format", "facility", "key", "entries", "checkpoint", "successor", "program", "documents", "sums"}
WITHHELD = ("AkashiFactor", "AkashiPasswordHistory")
LINE_BYTES_MAX = 1 << 24


class Lines:
    """A file that is read line by line."""

    def __init__(self, folder, name):
        self.name, self.number = name, 0
        try:
            self.file = open(os.path.join(folder, *name.split("/")), "rb")
        except OSError:
            raise Wrong(f"{name} is missing") from None

    def line(self):
        """The next line without its end, or None behind the last."""
        self.number += 1
        raw = self.file.readline(LINE_BYTES_MAX + 1)
        if not raw:
            return None
        if not raw.endswith(b"\n"):
            raise Wrong(f"{self.name}:{self.number} does not end, or is too long")
        return raw[:-1]

    def next(self):
        """The next line, which must be there."""
        line = self.line()
        if line is None:
            raise Wrong(f"{self.name} ends before line {self.number}")
        return line

    def objects(self, members):
        """The objects of the remaining lines, each with exactly these members."""
        with self.file:
            while (line := self.line()) is not None:
                yield self.object(line, members)

    def object(self, line, members):
        """A line as a JSON object with exactly these members."""
        what = f"{self.name}:{self.number}"
        value = from_json(from_utf8(line, what), what)
        if set(value) != members:
            raise Wrong(f"{what} does not have the members of this file")
        return value

    def end(self):
        """That nothing stands behind what was read."""
        if self.line() is not None:
            raise Wrong(f"{self.name}:{self.number} belongs to no entry")
        self.file.close()


class Contents(Sequence):
    """The entries of a complete export, each with its content."""

    def __init__(self, facility, folder):
        super().__init__(facility)
        self.folder, self.files, self.count = folder, {}, 0
        self.salts = Lines(folder, "salts.ndjson")
        self.current = {}  # type -> id -> SHA-256 of the current content, or None, in the order of creation

    def file(self, name):
        """The open file of this name."""
        if name not in self.files:
            self.files[name] = Lines(self.folder, name)
        return self.files[name]

    def step(self, entry):
        """Takes the next entry and its content."""
        position = self.size
        super().step(entry)
        subject, kind = entry["subject"], entry["kind"]
        realm = VERSIONED_KINDS.get(kind, ("", ""))[0]
        if "digest" not in entry:
            if realm == "record":
                self.current.setdefault(subject["type"], {})[subject["id"]] = None
            return
        opening = self.salts.object(self.salts.next(), {"position", "salt"})
        if opening["position"] != position:
            raise Wrong(f"salts.ndjson:{self.salts.number} does not open this entry")
        if subject["type"] in WITHHELD:
            if opening["salt"] is not None:
                raise Wrong("a salt for what stays behind")
            return
        folder = "administration" if realm == "identity" else "history"
        file = self.file("accesses.ndjson" if kind == "access" else f"{folder}/{subject['type']}.ndjson")
        line = file.next()
        try:
            check_content(entry, opening["salt"], from_utf8(line, "the content"))
        except Wrong as wrong:
            raise Wrong(f"{file.name}:{file.number}: {wrong}") from None
        self.count += 1
        if realm == "record":
            self.current.setdefault(subject["type"], {})[subject["id"]] = hashlib.sha256(line).digest()

    def close(self):
        """Closes what is open."""
        for file in (self.salts, *self.files.values()):
            file.file.close()

    def finish(self):
        """That every file was read to its end, and that the current records are those that follow."""
        super().finish()
        for file in (self.salts, *self.files.values()):
            file.end()
        self.no_others(("history", "administration"), set(self.files))
        current = set()
        for kind, records in self.current.items():
            alive = [digest for digest in records.values() if digest is not None]
            if not alive:
                continue
            current.add(f"current/{kind}.ndjson")
            file = self.files[f"current/{kind}.ndjson"] = Lines(self.folder, f"current/{kind}.ndjson")
            for digest in alive:
                if hashlib.sha256(file.next()).digest() != digest:
                    raise Wrong(f"{file.name}:{file.number} is not the current version of its record")
            file.end()
        self.no_others(("current",), current)

    def no_others(self, folders, names):
        """That folders hold no other files than these."""
        for folder in folders:
            if os.path.isdir(os.path.join(self.folder, folder)):
                for name in sorted(os.listdir(os.path.join(self.folder, folder))):
                    if f"{folder}/{name}" not in names:
                        raise Wrong(f"{folder}/{name} belongs to nothing in the journal")


def walk_files(folder, below=""):
    """The files below a folder in the order of their names; anything else than files and folders is refused."""
    for entry in sorted(os.scandir(os.path.join(folder, below)), key=lambda entry: os.fsencode(entry.name)):
        path = f"{below}/{entry.name}" if below else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from walk_files(folder, path)
        elif entry.is_file(follow_symlinks=False):
            yield path
        else:
            raise Wrong(f"{path} is neither a file nor a folder")


def file_digest(folder, name):
    """SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with open(os.path.join(folder, *name.split("/")), "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def check_sums(folder, expected):
    """That exactly the files are there that the list names, each with its digest."""
    if not os.path.isfile(os.path.join(folder, "SHA256SUMS")) or file_digest(folder, "SHA256SUMS") != expected:
        raise Wrong("SHA256SUMS is missing, or not the one that the manifest names")
    sums = Lines(folder, "SHA256SUMS")
    with sums.file:
        for name in walk_files(folder):
            if name in ("SHA256SUMS", "manifest.json"):
                continue
            digest, _, listed = from_utf8(sums.next(), "SHA256SUMS").partition("  ")
            if listed != name:
                raise Wrong(f"{min(listed, name)} is missing, or not in the list of digests")
            if file_digest(folder, name) != digest:
                raise Wrong(f"{name} has another digest than the list says")
        sums.end()


def note_claim(note):
    """(size, root) as a checkpoint says, its signature not verified."""
    lines = open_note(note)[0].split("\n")
    if len(lines) != 3:
        raise Wrong("a checkpoint is not origin, size and root on three lines")
    return from_decimal(lines[1], "the size of a checkpoint"), from_hash_line(lines[2], "the root of a checkpoint")


def check_documents(folder):
    """That the files of registered documents are those that the register names last."""
    if not os.path.isdir(os.path.join(folder, "documents")):
        return
    digests, register = {}, Lines(folder, "administration/AkashiDocument.ndjson")
    with register.file:
        while (line := register.line()) is not None:
            content = from_json(from_utf8(line, "a document"), "a document")
            digests[content.get("id")] = content.get("body", {}).get("sha256")
    for name in sorted(os.listdir(os.path.join(folder, "documents"))):
        if digests.get(name) != file_digest(folder, f"documents/{name}"):
            raise Wrong(f"documents/{name} is not the file that was registered")


def check_complete(folder, key, demand=NOBODY):
    """Checks a complete export: files, journal, contents, current records, and every checkpoint."""
    path = os.path.join(folder, "manifest.json")
    if os.path.islink(path) or not os.path.isfile(path):
        raise Unreadable("there is no manifest.json: this is no complete export, or one that was not finished")
    manifest = from_json(note_text(read_file(path, NOTE_BYTES_MAX), "the manifest"), "the manifest")
    if manifest.get("format") != COMPLETE_FORMAT or set(manifest) != MANIFEST_MEMBERS:
        raise Wrong(f"the manifest is not of the format {COMPLETE_FORMAT}")
    check_sums(folder, manifest["sums"])
    members = {"size", "time", "note"}
    claims = (note_claim(one["note"]) for one in Lines(folder, "checkpoints.ndjson").objects(members))
    contents = []

    def make(facility):
        contents.append(Contents(facility, folder))
        return contents[0]

    source = Folder(os.path.join(folder, "log"))
    try:
        result = check_log(source, key, manifest["checkpoint"], demand, make, claims)
    finally:
        claims.close()
        for one in contents:
            one.close()
    lineage, size = result["lineage"], None
    for one in Lines(folder, "checkpoints.ndjson").objects(members):
        checkpoint, _ = lineage.open(one["note"])
        if size is not None and checkpoint.size <= size:
            raise Wrong(f"the checkpoint of {checkpoint.size} entries is out of order")
        size = checkpoint.size
        if type(one["size"]) is not int or one["size"] != size or not is_time(one["time"]):
            raise Wrong(f"the line of the checkpoint of {size} entries says another size, or no time")
    if size != result["size"]:
        raise Wrong("the newest checkpoint is missing in checkpoints.ndjson")
    signer = next((one for one in lineage.keys() if (one.name, one.id) == (result["key_name"], result["key_id"])), None)
    for name in source.handovers():
        raw = read_file(os.path.join(source.path, *name.split("/")), PROOF_BYTES_MAX)
        check_proof(raw, lineage)
        if read_handover(raw) not in lineage.successions or name != f"handover/{read_handover(raw)[0]}":
            raise Wrong(f"{name} is not the handover of the entry that stands there")
    check_documents(folder)
    if manifest["facility"] != result["facility"] or manifest["entries"] != result["size"] or signer != parse_key(manifest["key"]):
        raise Wrong("the manifest says another facility, key or number of entries than the journal")
    successor = None if lineage.last() == signer else lineage.successions[-1][2]
    if manifest["successor"] is not None and (successor is None or parse_key(manifest["successor"]) != successor):
        raise Wrong("the manifest names another successor than the journal")
    return {**result, "contents": contents[0].count}


# ---- Where the bytes come from -------------------------------------------------------------------------------------


def read_file(path, bytes_max):
    """The bytes of a file (`-` is standard input), cut one byte beyond the limit."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(bytes_max + 1)
        with open(path, "rb") as file:
            return file.read(bytes_max + 1)
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot read {path}: {getattr(error, 'strerror', None) or 'no such file'}") from None


class Folder:
    """A downloaded or exported log."""

    facility = None

    def __init__(self, path):
        if not os.path.isdir(path):
            raise Unreadable(f"{path} is not a folder")
        self.path = path

    def read(self, name, bytes_max):
        """The bytes of a file of the log, or None when it is not there."""
        path = os.path.join(self.path, *name.split("/"))
        return read_file(path, bytes_max) if os.path.lexists(path) else None

    def handovers(self):
        """The names of the handovers."""
        path = os.path.join(self.path, "handover")
        return [f"handover/{name}" for name in sorted(os.listdir(path))[:1000]] if os.path.isdir(path) else []

    def close(self):
        """Nothing stays open."""


class Site:
    """A log served over HTTPS. Redirects are not followed, so the token goes nowhere else."""

    def __init__(self, url, token, ca, certificate=None):
        try:
            parts = urllib.parse.urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise Unreadable("the address cannot be read") from None
        if parts.scheme != "https" or not host or parts.username or parts.query or parts.fragment:
            raise Unreadable("the address must be https://HOST/f/FACILITY/log")
        self.path = parts.path.rstrip("/")
        match = re.search("/f/([^/]+)/log$", self.path)
        self.facility = urllib.parse.unquote(match.group(1)) if match else None
        self.headers = {"Accept-Encoding": "gzip, identity"}
        if token is not None:
            self.headers["Authorization"] = f"Bearer {token}"
        self.connection = self.connect(host, port, ca, certificate)

    @staticmethod
    def connect(host, port, ca, certificate):
        """A connection that trusts the given CA, or those of the system, and shows (certificate, key) when asked."""
        try:
            context = ssl.create_default_context(cafile=ca)
        except (OSError, ValueError):
            raise Unreadable("the CA file cannot be read") from None
        try:
            if certificate is not None:  # a key with a passphrase is refused: nobody may be there to be asked for it
                context.load_cert_chain(*certificate, password=lambda: b"")
        except (OSError, ValueError):
            raise Unreadable("the client certificate or its key cannot be read, or they do not belong together") from None
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS, context=context)

    def handovers(self):
        """None are listed by a server: they are given with --handover."""
        return []

    def read(self, name, bytes_max):
        """The bytes of a file of the log, or None when the server has none."""
        for _ in range(2):
            try:
                self.connection.request("GET", f"{self.path}/{name}", headers=self.headers)
                return self.answer(name, bytes_max)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection.close()  # an idle connection was closed by the server: one new attempt
            except (OSError, ValueError, http.client.HTTPException, zlib.error) as error:
                raise Unreadable(f"cannot fetch {name}: {type(error).__name__}") from None
        raise Unreadable(f"cannot fetch {name}: the server closed the connection")

    def close(self):
        """Closes the connection."""
        self.connection.close()

    def answer(self, name, bytes_max):
        """Reads one answer; what goes beyond the limit is cut, but not down to the limit."""
        response = self.connection.getresponse()
        raw = response.read(bytes_max + bytes_max // 64 + 1024)  # room for what gzip adds
        if response.read(1):
            self.connection.close()
        if response.status in (404, 410):
            return None
        if response.status != 200:
            raise Unreadable(f"cannot fetch {name}: HTTP status {response.status}")
        if response.headers.get("Content-Encoding", "identity") == "gzip":
            return zlib.decompressobj(31).decompress(raw, bytes_max + 1)
        return raw


class Saved:
    """Passes everything on and keeps a copy, also of a log that turns out wrong."""

    def __init__(self, source, folder):
        try:
            os.makedirs(folder, exist_ok=True)
            if os.listdir(folder):
                raise Unreadable(f"{folder} is not empty; nothing is overwritten")
        except OSError as error:
            raise Unreadable(f"cannot write {folder}: {error.strerror}") from None
        self.source, self.folder, self.facility, self.close = source, folder, source.facility, source.close
        self.handovers = source.handovers

    def read(self, name, bytes_max):
        """Reads from the source and writes what came."""
        raw = self.source.read(name, bytes_max)
        if raw is not None:
            path = os.path.join(self.folder, *name.split("/"))
            try:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(raw)
            except OSError as error:
                raise Unreadable(f"cannot write {path}: {error.strerror}") from None
        return raw


# ---- Bundles of reports (formats.md, section 19) --------------------------------------------------------------------

REPORT_BUNDLE_BYTES_MAX = 1 << 26
REPORT_MEMBERS_MAX = 32
REPORT_FILES = ("report.pdf", "report.xlsx", "report.html", "report.json", "facts.json", "README.md")
REPORT_SAYS = ("edition", "language", "facility", "version", "as_of", "positions")
REPORT_PROOF = "proofs/report.akashi-proof.json"
MEMBER_NAME = re.compile("[A-Za-z0-9-][A-Za-z0-9.-]*(/[A-Za-z0-9-][A-Za-z0-9.-]*)*")


def assessment_proof(number):
    """The member with the proof of an assessment, counted from 1."""
    return f"proofs/assessment-{number}.akashi-proof.json"


def read_members(raw):
    """The members of a bundle in their order, by name. What else stands in the file, writing it again shows."""
    if len(raw) > REPORT_BUNDLE_BYTES_MAX:
        raise Wrong("the file is longer than any bundle")
    members, at = {}, 0
    while raw[at : at + 4] == b"PK\x03\x04":
        head = raw[at : at + 30]
        if len(head) < 30:
            raise Wrong("the bundle ends within a member")
        size, name_size = int.from_bytes(head[22:26], "little"), int.from_bytes(head[26:28], "little")
        begins = at + 30 + name_size
        name = raw[at + 30 : begins].decode("latin-1")
        if len(name) > 100 or not MEMBER_NAME.fullmatch(name):
            raise Wrong("a member has a name that none has in a bundle")
        if begins + size > len(raw):
            raise Wrong("the bundle ends within a member")
        if name in members:
            raise Wrong(f"{name} is in the bundle twice")
        if len(members) >= REPORT_MEMBERS_MAX:
            raise Wrong(f"the bundle has more than {REPORT_MEMBERS_MAX} members")
        members[name] = raw[begins : begins + size]
        at = begins + size
    if not members:
        raise Wrong("the file is no bundle")
    return members


def write_members(members, as_of):
    """The one way in which a bundle is written: nothing compressed, every moment that of the report, in Japan."""
    try:
        if not as_of.endswith("Z"):
            raise ValueError
        at = datetime.strptime(as_of[:19], "%Y-%m-%dT%H:%M:%S") + timedelta(hours=9)
    except (ValueError, OverflowError):
        raise Wrong("as_of is no moment") from None
    if not 1980 <= at.year <= 2107:
        raise Wrong("as_of is none of the years 1980 to 2107")
    date = (at.year - 1980) << 9 | at.month << 5 | at.day
    clock = at.hour << 11 | at.minute << 5 | at.second >> 1
    stamp = clock.to_bytes(2, "little") + date.to_bytes(2, "little")
    whole, central = b"", b""
    for name, content in members.items():
        size = len(content).to_bytes(4, "little")
        common = b"\x0a\0" + bytes(4) + stamp + zlib.crc32(content).to_bytes(4, "little") + size + size
        common += len(name).to_bytes(2, "little") + bytes(2)
        central += b"PK\x01\x02\x0a\0" + common + bytes(10) + len(whole).to_bytes(4, "little") + name.encode()
        whole += b"PK\x03\x04" + common + name.encode() + content
    count = len(members).to_bytes(2, "little")
    places = len(central).to_bytes(4, "little") + len(whole).to_bytes(4, "little")
    return whole + central + b"PK\x05\x06" + bytes(4) + count + count + places + bytes(2)


def written_proof(file):
    """A proof file as it is written."""
    members = ("format", "facility", "record", "version", "key", "proof", "entry", "salt", "content")
    return (json.dumps({name: file[name] for name in members}, indent=2, ensure_ascii=False) + "\n").encode()


def exact_json(raw, what):
    """JSON whose fractions are compared by how they are written."""
    text = from_utf8(raw, what)
    from_json(text, what)
    return json.loads(text, parse_float=lambda digits: ("fraction", digits))


def proven_member(members, name, kind, checks):
    """(what a proof proves, the body of its content, its checkpoint): good, of this type, and written as proofs are."""
    key, demand = checks
    if name not in members:
        raise Wrong(f"{name} is missing")
    try:
        result = check_proof(members[name], key, demand)
    except Wrong as wrong:
        raise Wrong(f"{name}: {wrong}") from None
    file = from_json(from_utf8(members[name], name), name)
    if written_proof(file) != members[name]:
        raise Wrong(f"{name} is not written as proof files are")
    if not result["record"].startswith(kind + "/") or file["content"] is None:
        raise Wrong(f"{name}: the entry is none of the type that belongs there")
    body = exact_json(file["content"].encode(), name).get("body")
    if type(body) is not dict:
        raise Wrong(f"{name}: the content has no body")
    return result, body, parse_tlog_proof(file["proof"])[2]


def check_bundle(raw, key, demand=NOBODY):
    """Checks a report with its facts and proofs in one file; `key` as for `check_proof`."""
    members = read_members(raw)
    checks = (key, demand)
    own, entered, note = proven_member(members, REPORT_PROOF, "AkashiReport", checks)
    files, positions = entered.get("files"), entered.get("positions")
    if entered.get("output") != "bundle" or type(files) is not list or type(positions) is not list:
        raise Wrong("the entry is not that of a bundle")
    if [file.get("name") if type(file) is dict else None for file in files] != list(REPORT_FILES):
        raise Wrong("the entry names other files than a bundle has")
    proofs = [assessment_proof(number + 1) for number in range(len(positions))]
    if list(members) != [*REPORT_FILES, REPORT_PROOF, *proofs]:
        raise Wrong("a member is missing, or there is one too many")
    for file in files:
        content = members[file["name"]]
        if (hashlib.sha256(content).hexdigest(), len(content)) != (file.get("sha256"), file.get("bytes")):
            raise Wrong(f"{file['name']} is not the file that was handed out: its digest differs")
    roots, facts = {own["size"]: note.split("\n")[2]}, []
    for position, name in zip(positions, proofs):
        stated, body, note = proven_member(members, name, "AkashiAssessment", checks)
        if stated["position"] != position or position >= own["position"]:
            raise Wrong(f"{name} is not of an assessment that the report rests on")
        if stated["key_name"] != own["key_name"]:
            raise Wrong("the proofs are of several journals")
        root = note.split("\n")[2]
        if roots.setdefault(stated["size"], root) != root:
            raise Wrong("the proofs are of two histories of the journal")
        assessment = body.get("assessment")
        assessment = assessment if type(assessment) is dict else {}
        facts.append({
            "position": position, "record": stated["record"], "version": stated["version"],
            "edition": assessment.get("edition"), "side": assessment.get("side"),
            "at": body.get("at"), "facts": body.get("facts"),
        })
    said = exact_json(members["report.json"], "report.json")
    for in_report, in_entry in (("kind", "form"), *((name, name) for name in REPORT_SAYS)):
        silent = in_report == "edition" and said.get("edition") is None
        if said.get(in_report) != entered.get(in_entry) and not silent:
            raise Wrong(f"report.json says another {in_report} than its entry")
    if exact_json(members["facts.json"], "facts.json") != {"format": "akashi-report-facts/1", "assessments": facts}:
        raise Wrong("facts.json holds other facts than the assessments")
    if not is_text(entered.get("as_of")) or write_members(members, entered["as_of"]) != raw:
        raise Wrong("the bundle is not written as bundles are")
    return {
        **own, "form": entered.get("form"), "report_version": entered.get("version"), "as_of": entered["as_of"],
        "assessments": len(proofs),
    }



# ---- Commands ------------------------------------------------------------------------------------------------------


class Report:
    """Prints one line, or with --json one object, for each thing checked, and remembers the exit status."""

    def __init__(self, as_json):
        self.as_json = as_json
        self.wrong = self.unreadable = False

    def run(self, name, check, line):
        """Runs a check; `line` makes the text of the good case from its result."""
        try:
            result = {"file": name, "ok": True, **check()}
            result.pop("lineage", None)
            text = f"ok  {line(result)}"
        except Wrong as wrong:
            self.wrong = True
            result, text = {"file": name, "ok": False, "reason": str(wrong)}, f"WRONG  {name}: {wrong}"
        except Unreadable as error:
            self.unreadable = True
            result, text = {"file": name, "ok": None, "reason": str(error)}, f"UNREADABLE  {name}: {error}"
        self.say(json.dumps(result) if self.as_json else text)

    def note(self, text):
        """Says something besides the results; --json has a member for it."""
        if not self.as_json:
            self.say(f"note  {text}")

    @staticmethod
    def say(text):
        """Prints one line whatever stands in it: what is not printable appears as `?`."""
        print("".join(c if c.isprintable() else "?" for c in text))

    def status(self):
        """The exit status."""
        return 1 if self.wrong else 2 if self.unreadable else 0


def cosigned_words(result):
    """Who cosigned, and when."""
    return "".join(f", cosigned by {name} at {time}" for name, time in result["cosigned"].items())


def proof_line(result):
    """The line of a good proof."""
    return "{record} version {version} position {position} of {size} signed by {key_name} {key_id}".format(
        **result
    ) + cosigned_words(result)


def log_line(result):
    """The line of a good log."""
    since = "" if result["since"] is None else ", whose first {since} are those of the older checkpoint"
    text = "log of {facility}: {size} entries" + since + ", root {root}, signed by {key_name} {key_id}"
    return text.format(**result) + cosigned_words(result)


def complete_line(result):
    """The line of a good complete export."""
    return f"{log_line({**result, 'since': None})}, {result['contents']} contents"


def consistency_line(result):
    """The line of a good consistency proof."""
    return "size {old_size} is a prefix of size {size}, both signed by {key_name} {key_id}".format(
        **result
    ) + cosigned_words(result)


def checkpoint_line(result):
    """The line of a good checkpoint."""
    text = "checkpoint of {facility}: {size} entries, root {root}, signed by {key_name} {key_id}"
    return text.format(**result) + cosigned_words(result)


def bundle_line(result):
    """The line of a good bundle."""
    text = "report {form} version {report_version} as of {as_of}, on {assessments} assessments: {facility}, "
    return (text + "position {position} of {size} signed by {key_name} {key_id}").format(**result) + cosigned_words(result)


def lines_of(path):
    """(number, line) of newline-delimited JSON, one line in memory at a time."""
    try:
        with sys.stdin.buffer if path == "-" else open(path, "rb") as file:
            number = 0
            while True:
                line = file.readline(PROOF_BYTES_MAX + 1)
                if not line:
                    return
                number += 1
                yield number, line
                if len(line) > PROOF_BYTES_MAX:
                    return
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot read {path}: {getattr(error, 'strerror', None) or 'no such file'}") from None


def run_proof(options, key, report):
    """The command `proof`."""
    demand = read_demand(options)
    if not options.files and not options.many:
        raise Unreadable("no file given")
    if key is None:
        report.note("the key was not compared: the keys inside the files are only claims (give --key)")
    for path in options.files:
        report.run(path, lambda path=path: check_proof(read_file(path, PROOF_BYTES_MAX), key, demand), proof_line)
    for path in options.many:
        number = 0
        for number, line in lines_of(path):
            report.run(f"{path}:{number}", lambda line=line: check_proof(line, key, demand), proof_line)
        if number == 0:
            raise Unreadable(f"{path} holds no proof")


def run_log(options, key, report):
    """The command `log`."""
    demand = read_demand(options)
    since = read_file(options.since, NOTE_BYTES_MAX) if options.since else None
    if "://" in options.source:
        token = read_token(options.token_file) if options.token_file else None
        if bool(options.cert) != bool(options.cert_key):
            raise Unreadable("--cert and --cert-key belong together")
        certificate = (options.cert, options.cert_key) if options.cert else None
        source = Site(options.source, token, options.ca, certificate)
    elif options.token_file or options.ca or options.cert or options.cert_key:
        raise Unreadable("--token-file, --ca, --cert and --cert-key need an address")
    else:
        source = Folder(options.source)
    if options.save:
        source = Saved(source, options.save)
    if key is None:
        report.note("the key was not compared: the key beside the log is only a claim (give --key)")

    def check():
        older = None if since is None else note_text(since, "the older checkpoint")
        return check_log(source, key, older, demand)

    try:
        report.run(options.source, check, log_line)
    finally:
        source.close()


def run_consistency(options, key, report):
    """The command `consistency`."""
    raw, old = read_file(options.file, NOTE_BYTES_MAX), read_file(options.old, NOTE_BYTES_MAX)
    demand = read_demand(options)
    report.run(options.file, lambda: check_consistency_file(raw, old, key, demand), consistency_line)


def run_checkpoint(options, key, report):
    """The command `checkpoint`."""
    demand, others = read_demand(options), []
    for path in options.files:

        def check(path=path):
            checkpoint, result = check_checkpoint(read_file(path, NOTE_BYTES_MAX), key, demand, others)
            others.append((path, checkpoint))
            return result

        report.run(path, check, checkpoint_line)
    if len({checkpoint.size for _, checkpoint in others}) > 1:
        report.note("checkpoints of different sizes were not compared: that takes the log or a consistency proof")


def run_complete(options, key, report):
    """The command `complete`."""
    demand = read_demand(options)
    if key is None:
        report.note("the key was not compared: the key in the folder is only a claim (give --key)")
    report.run(options.folder, lambda: check_complete(options.folder, key, demand), complete_line)


def run_bundle(options, key, report):
    """The command `bundle`."""
    demand = read_demand(options)
    if key is None:
        report.note("the key was not compared: the keys inside the bundle are only claims (give --key)")
    for path in options.files:

        def check(path=path):
            return check_bundle(read_file(path, REPORT_BUNDLE_BYTES_MAX), key, demand)

        report.run(path, check, bundle_line)


def read_keys(options):
    """The key of --key, and those that --handover leads to."""
    key = read_key(options.key)
    if not options.handover:
        return key
    if key is None:
        raise Unreadable("--handover needs --key")
    try:
        lineage, left = follow(key, [read_file(path, PROOF_BYTES_MAX) for path in options.handover])
    except Wrong as wrong:
        raise Unreadable(f"--handover: {wrong}") from None
    if left:
        raise Unreadable("--handover: one is not signed by the key given, nor by one that it leads to")
    return lineage


def read_demand(options):
    """What --witness and --witness-hours-max ask for."""
    witnesses = tuple(read_key(text, WITNESS_KEY, "--witness") for text in options.witness)
    hours_max = options.witness_hours_max
    if hours_max is not None and (hours_max < 0 or not witnesses):
        raise Unreadable("--witness-hours-max is a number of hours and needs --witness")
    return Demand(witnesses, hours_max, time.time())


def read_token(path):
    """The bearer token of a file, never printed."""
    token = read_file(path, 4096).strip()
    if not re.fullmatch(b"[!-~]{1,4096}", token):
        raise Unreadable("the token file does not hold one token")
    return token.decode("ascii")


def read_key(text, kind=LOG_KEY, option="--key"):
    """The key of an option: a verifier key, or a file with one on its only line."""
    if text is None:
        return None
    try:
        return parse_key(text, kind)
    except Wrong as wrong:
        if not os.path.exists(text):
            raise Unreadable(f"{option}: {wrong}, and there is no such file") from None
    try:
        return parse_key(one_line(note_text(read_file(text, NOTE_BYTES_MAX), "the key file"), "the key file"), kind)
    except Wrong as wrong:
        raise Unreadable(f"{option}: {wrong}") from None


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Checks the evidence of an Akashi journal.")
    commands = parser.add_subparsers(dest="command", required=True)
    proof = commands.add_parser("proof", help="check proof files")
    proof.add_argument("files", nargs="*", metavar="FILE", help="proof file; - is standard input")
    proof.add_argument("--many", action="append", default=[], metavar="FILE", help="a file with one proof on each line")
    log = commands.add_parser("log", help="check a whole log")
    log.add_argument("source", metavar="FOLDER-OR-URL", help="folder, or https://HOST/f/FACILITY/log")
    log.add_argument("--since", metavar="CHECKPOINT", help="older checkpoint that must be a prefix of the log")
    log.add_argument("--token-file", metavar="FILE", help="file with the bearer token")
    log.add_argument("--ca", metavar="FILE", help="certificates to trust instead of those of the system")
    log.add_argument("--cert", metavar="FILE", help="client certificate to show, PEM")
    log.add_argument("--cert-key", metavar="FILE", help="its private key, PEM, without a passphrase")
    log.add_argument("--save", metavar="FOLDER", help="keep the files in this new folder")
    consistency = commands.add_parser("consistency", help="check a consistency proof")
    consistency.add_argument("file", metavar="FILE")
    consistency.add_argument("--old", required=True, metavar="CHECKPOINT", help="the older checkpoint")
    checkpoint = commands.add_parser("checkpoint", help="check checkpoints by themselves, and whether they fit together")
    checkpoint.add_argument("files", nargs="+", metavar="FILE")
    complete = commands.add_parser("complete", help="check everything of a facility, as `akashi export --complete` writes it")
    complete.add_argument("folder", metavar="FOLDER")
    bundle = commands.add_parser("bundle", help="check a report with its facts and proofs, as `akashi report --out FILE.zip` writes it")
    bundle.add_argument("files", nargs="+", metavar="FILE")
    runs = ((proof, run_proof), (log, run_log), (consistency, run_consistency), (checkpoint, run_checkpoint))
    runs += ((complete, run_complete), (bundle, run_bundle))
    for command, run in runs:
        needed = command in (consistency, checkpoint)
        command.add_argument("--witness", action="append", default=[], metavar="KEY", help="must have cosigned")
        command.add_argument("--witness-hours-max", type=int, metavar="N", help="oldest cosignature, in hours")
        command.add_argument("--key", required=needed, metavar="KEY", help="the facility's verifier key, or its file")
        command.add_argument("--handover", action="append", default=[], metavar="FILE", help="from --key to the next key")
        command.add_argument("--json", action="store_true", help="one JSON object for each result")
        command.set_defaults(run=run)
    return parser


def main(argv=None):
    """Runs one command and returns the exit status."""
    options = arguments().parse_args(argv)
    report = Report(options.json)
    try:
        options.run(options, read_keys(options), report)
    except Unreadable as error:
        print(f"verify.py: {error}", file=sys.stderr)
        return 1 if report.wrong else 2
    return report.status()


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        status = 2
    sys.exit(status)
