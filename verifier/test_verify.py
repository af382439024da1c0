#!/usr/bin/env python3
"""Tests of verify.py: makes its own keys, logs and proofs from the specifications, damages them, expects refusal.

Runs with `python3 verifier/test_verify.py` or `python3 -m unittest -q verifier/test_verify.py`, without network.
Signing and tree are written a second time here, in the plainest way, so that no mistake is shared with verify.py.
"""

import base64
import contextlib
import copy
import functools
import hashlib
import http.client
import http.server
import importlib.util
import io
import json
import os
import pathlib
import random
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
import unittest.mock
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
SPEC = importlib.util.spec_from_file_location("verify", HERE / "verify.py")
verify = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(verify)

# ---- An independent signer: affine coordinates, straight from RFC 8032 ---------------------------------------------

Q = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = (-121665 * pow(121666, Q - 2, Q)) % Q
BASE = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)


def affine_sum(a, b):
    t = CURVE_D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + t, -1, Q)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, Q)
    return x % Q, y % Q


def affine_product(n, point):
    total = (0, 1)
    while n:
        total = affine_sum(total, point) if n & 1 else total
        point, n = affine_sum(point, point), n >> 1
    return total


def affine_bytes(point):
    return (point[1] + ((point[0] & 1) << 255)).to_bytes(32, "little")


class Signer:
    def __init__(self, seed, name="hospital.example/f/akashi-clinic/t1"):
        wide = hashlib.sha512(seed).digest()
        self.scalar = (int.from_bytes(wide[:32], "little") & ((1 << 254) - 8)) | (1 << 254)
        self.prefix, self.name = wide[32:], name
        self.public = affine_bytes(affine_product(self.scalar, BASE))
        self.id = hashlib.sha256(name.encode() + b"\n\x01" + self.public).digest()[:4]
        self.vkey = "+".join((name, self.id.hex(), b64(b"\x01" + self.public)))

    def sign(self, message):
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % ORDER
        r_bytes = affine_bytes(affine_product(r, BASE))
        k = int.from_bytes(hashlib.sha512(r_bytes + self.public + message).digest(), "little") % ORDER
        return r_bytes + ((r + k * self.scalar) % ORDER).to_bytes(32, "little")

    def line(self, text):
        return f"\u2014 {self.name} {b64(self.id + self.sign(text.encode()))}\n"


def b64(raw):
    return base64.b64encode(raw).decode()


# ---- An independent tree: the definitions of RFC 6962, section 2.1 -------------------------------------------------


def sha(raw):
    return hashlib.sha256(raw).digest()


def half(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = half(len(leaves))
    return sha(b"\x01" + mth(leaves[:k]) + mth(leaves[k:]))


def audit_path(m, leaves):
    if len(leaves) == 1:
        return []
    k = half(len(leaves))
    if m < k:
        return audit_path(m, leaves[:k]) + [mth(leaves[k:])]
    return audit_path(m - k, leaves[k:]) + [mth(leaves[:k])]


def subproof(m, leaves, whole):
    n = len(leaves)
    if m == n:
        return [] if whole else [mth(leaves)]
    k = half(n)
    if m <= k:
        return subproof(m, leaves[:k], whole) + [mth(leaves[k:])]
    return subproof(m - k, leaves[k:], False) + [mth(leaves[:k])]


def consistency_path(m, leaves):
    return subproof(m, leaves, True) if m else []


# ---- A journal -----------------------------------------------------------------------------------------------------


def moment(second):
    return f"2026-04-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000000Z"


def pack(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def opening():
    subject = {"type": "Facility", "id": "akashi-clinic"}
    actor = {"kind": "system", "id": "akashi"}
    return {"v": 1, "kind": "journal.open", "time": moment(0), "actor": actor, "subject": subject}


def record(kind, record_id, version, second, salt=b"\x07" * 32):
    """(entry, salt, content) of one record version."""
    entry = {"v": 1, "kind": f"record.{kind}", "time": moment(second), "actor": {"kind": "person", "id": "dr-1"}}
    entry["subject"] = {"type": "Patient", "id": record_id, "version": version}
    if kind == "delete":
        return entry, None, None
    meta = {"versionId": str(version), "lastUpdated": moment(second)}
    content = pack({"resourceType": "Patient", "id": record_id, "meta": meta, "name": [{"text": "山田 \"太郎\""}]})
    entry["digest"] = hashlib.sha256(b"akashi-content-v1\0" + salt + content).hexdigest()
    return entry, salt, content


def identity(kind, account, version, second):
    """(entry, salt, content) of one version of an account."""
    entry, salt, content = record(kind, account, version, second)
    entry["kind"], entry["subject"]["type"] = f"identity.{kind}", "AkashiAccount"
    if content is not None:
        content = content.replace(b'"Patient"', b'"AkashiAccount"')
        entry["digest"] = hashlib.sha256(b"akashi-content-v1\0" + salt + content).hexdigest()
    return entry, salt, content


def access(position, second, facility="akashi-clinic", content=None, actor="person"):
    """(entry, salt, content) of a request that was made."""
    salt, content = bytes([position]) * 32, content or pack({"v": 1, "request": "r1", "route": "GET /", "status": 200})
    entry = {"v": 1, "kind": "access", "time": moment(second), "actor": {"kind": actor, "id": "dr-1"}}
    entry["subject"] = {"type": "Facility", "id": facility}
    entry["digest"] = hashlib.sha256(b"akashi-content-v1\0" + salt + content).hexdigest()
    return entry, salt, content


class Journal:
    """Entries with salt and content, and everything that is made of them."""

    def __init__(self, parts, signer):
        self.signer = signer
        self.parts = [(raw if isinstance(raw, bytes) else pack(raw), salt, content) for raw, salt, content in parts]
        self.rehash()

    def rehash(self):
        self.leaves = [sha(b"\x00" + raw) for raw, _, _ in self.parts]

    def checkpoint(self, size=None, signers=None, root=None):
        size = len(self.leaves) if size is None else size
        text = f"{self.signer.name}\n{size}\n{b64(root or mth(self.leaves[:size]))}\n"
        return text + "\n" + "".join(signer.line(text) for signer in signers or [self.signer])

    def tlog_proof(self, index, checkpoint=None):
        lines = ["c2sp.org/tlog-proof@v1", f"index {index}", *map(b64, audit_path(index, self.leaves))]
        return "\n".join(lines) + "\n\n" + (checkpoint or self.checkpoint())

    def proof(self, index, checkpoint=None):
        raw, salt, content = self.parts[index]
        entry = json.loads(raw)
        subject = entry["subject"]
        name = f"AuditEvent/{index}" if entry["kind"] == "access" else f"{subject['type']}/{subject['id']}"
        return {
            "format": "akashi-proof/1", "facility": "akashi-clinic", "record": name,
            "version": subject.get("version", 1), "key": self.signer.vkey, "proof": self.tlog_proof(index, checkpoint),
            "entry": raw.decode(), "salt": salt and salt.hex(), "content": content and content.decode(),
        }

    def consistency(self, old, path=None):
        lines = [f"old {old}", *map(b64, consistency_path(old, self.leaves) if path is None else path)]
        return "\n".join(lines) + "\n\n" + self.checkpoint()

    def write(self, folder):
        """The tlog-tiles layout of the whole log."""
        put(folder, "checkpoint", self.checkpoint().encode())
        put(folder, "key", self.signer.vkey.encode() + b"\n")
        for n in range(0, len(self.parts), 256):
            part = [raw for raw, _, _ in self.parts[n : n + 256]]
            bundle = b"".join(len(raw).to_bytes(2, "big") + raw for raw in part)
            put(folder, name_of("entries", n // 256, len(part)), bundle)
        level, hashes = 0, self.leaves
        while hashes:
            for n in range(0, len(hashes), 256):
                part = hashes[n : n + 256]
                put(folder, name_of(level, n // 256, len(part)), b"".join(part))
            hashes = [mth(hashes[n : n + 256]) for n in range(0, len(hashes) - 255, 256)]
            level += 1


def name_of(level, index, width):
    digits = f"{index:03}" if index < 1000 else f"x{index // 1000:03}/{index % 1000:03}"
    return f"tile/{level}/{digits}" + (f".p/{width}" if width < 256 else "")


def put(folder, name, raw):
    path = pathlib.Path(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


SIGNER, OTHER, NEXT = Signer(b"\x01" * 32), Signer(b"\x02" * 32), Signer(b"\x03" * 32)
CHAIN = ("create", "update", "delete", "create", "update")


def small_parts():
    """12 entries: the opening, Patient/42 in five versions (one deleted), Patient/1 to 6."""
    parts = [(opening(), None, None)]
    parts += [record(kind, "42", i + 1, i + 1) for i, kind in enumerate(CHAIN)]
    return parts + [record("create", str(i), 1, i + 5) for i in range(1, 7)]


@functools.lru_cache(maxsize=None)
def small():
    return Journal(small_parts(), SIGNER)


@functools.lru_cache(maxsize=None)
def middle():
    """700 entries: two full tiles, a partial one, and a partial tile of level 1."""
    return Journal([(opening(), None, None)] + [record("create", f"p{i}", 1, i) for i in range(1, 700)], SIGNER)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="verify-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name, raw=None):
        path = os.path.join(self.folder, name)
        if raw is not None:
            put(self.folder, name, raw if isinstance(raw, bytes) else raw.encode())
        return path

    def run_main(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = verify.main(list(arguments))
            except SystemExit as end:
                status = end.code
        return status, out.getvalue(), err.getvalue()

    def refused(self, reason, check, *arguments):
        with self.assertRaises(verify.Wrong) as caught:
            check(*arguments)
        self.assertIn(reason, str(caught.exception))

    def good_log(self, folder, **more):
        return verify.check_log(verify.Folder(folder), more.get("key"), more.get("since"))

    def bad_log(self, reason, journal, **more):
        shutil.rmtree(self.path("log"), ignore_errors=True)
        journal.write(self.path("log"))
        self.refused(reason, lambda: self.good_log(self.path("log"), **more))


KEY = verify.parse_key(SIGNER.vkey)
NEXT_KEY = verify.parse_key(NEXT.vkey)


class Cryptography(Case):
    VECTORS = (
        ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", b"",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
         "be24655141438e7a100b"),
        ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", b"\x72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
         "2aeeb00d291612bb0c00"),
        ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", b"\xaf\x82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e"
         "d28dc027beceea1ec40a"),
    )

    def test_vectors_of_rfc_8032_are_signed_and_verified(self):
        for seed, public, message, signature in self.VECTORS:
            signer = Signer(bytes.fromhex(seed))
            self.assertEqual(signer.public.hex(), public)
            self.assertEqual(signer.sign(message).hex(), signature)
            raw = bytes.fromhex(signature)
            self.assertTrue(verify.ed25519_verifies(signer.public, message, raw))
            self.assertFalse(verify.ed25519_verifies(signer.public, message + b"x", raw))
            for at in range(0, 64, 7):
                broken = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
                self.assertFalse(verify.ed25519_verifies(signer.public, message, broken))

    def test_signature_with_s_beyond_the_order_is_refused(self):
        raw = SIGNER.sign(b"m")
        s = int.from_bytes(raw[32:], "little") + ORDER
        self.assertFalse(verify.ed25519_verifies(SIGNER.public, b"m", raw[:32] + s.to_bytes(32, "little")))

    def test_small_order_and_non_canonical_keys_are_refused(self):
        forged = (1).to_bytes(32, "little") + bytes(32)  # R neutral, S = 0: valid for a neutral key without this rule
        for number in (0, 1, Q - 1, Q, Q + 1, 1 | 1 << 255, (Q - 1) | 1 << 255, 2**255 - 1):
            self.assertFalse(verify.ed25519_verifies(number.to_bytes(32, "little"), b"m", forged), number)
        self.assertIsNone(verify.point_decode((Q + 3).to_bytes(32, "little")))
        self.assertIsNone(verify.point_decode((2).to_bytes(32, "little")))  # no such point
        self.assertIsNone(verify.point_decode((1 | 1 << 255).to_bytes(32, "little")))  # x = 0 with a sign

    def test_small_order_r_is_refused(self):
        r_bytes = (1).to_bytes(32, "little")
        k = int.from_bytes(hashlib.sha512(r_bytes + SIGNER.public + b"m").digest(), "little") % ORDER
        forged = r_bytes + (k * SIGNER.scalar % ORDER).to_bytes(32, "little")
        self.assertFalse(verify.ed25519_verifies(SIGNER.public, b"m", forged))

    def test_known_roots_of_rfc_6962_trees(self):
        leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
        roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        hashes = [verify.leaf_hash(bytes.fromhex(leaf)) for leaf in leaves]
        for size, root in enumerate(roots, 1):
            self.assertEqual(verify.Frontier(None).root(hashes[:size]).hex(), root)
            self.assertEqual(mth(hashes[:size]).hex(), root)
        self.assertEqual(verify.EMPTY_ROOT, sha(b""))

    def test_inclusion_proofs_of_all_small_trees_fit_their_index_only(self):
        leaves = [sha(bytes([i])) for i in range(20)]
        for size in range(1, 21):
            for index in range(size):
                path = audit_path(index, leaves[:size])
                self.assertEqual(verify.inclusion_root(leaves[index], index, size, path), mth(leaves[:size]))
                self.refused("hashes instead of", verify.inclusion_root, leaves[index], index, size, path + [leaves[0]])
                for other in set(range(size)) - {index}:
                    with contextlib.suppress(verify.Wrong):
                        root = verify.inclusion_root(leaves[index], other, size, path)
                        self.assertNotEqual(root, mth(leaves[:size]))

    def test_consistency_proofs_of_all_small_trees_fit_their_sizes_only(self):
        leaves = [sha(bytes([i])) for i in range(18)]
        for new in range(1, 19):
            for old in range(new + 1):
                path = consistency_path(old, leaves[:new])
                roots = mth(leaves[:old]), mth(leaves[:new])
                verify.check_consistency(old, roots[0], new, roots[1], path)
                for i in range(len(path)):
                    broken = path[:i] + [sha(path[i])] + path[i + 1 :]
                    self.refused("root", verify.check_consistency, old, roots[0], new, roots[1], broken)
                self.refused("", verify.check_consistency, old, sha(b"x"), new, roots[1], path)
                self.refused("", verify.check_consistency, old, roots[0], new, roots[1], path + [roots[0]])
                if old < new:
                    self.refused("rolled back", verify.check_consistency, new, roots[1], old, roots[0], path)
                if 0 < old < new:
                    self.refused("root", verify.check_consistency, old, roots[0], new, sha(b"x"), path)


class ProofFiles(Case):
    def check(self, file, key=KEY):
        return verify.check_proof(file if isinstance(file, bytes) else json.dumps(file).encode(), key)

    def bad(self, reason, index=2, key=KEY, **changes):
        self.refused(reason, self.check, {**small().proof(index), **changes}, key)

    def bad_entry(self, reason, change, index=2):
        """Changes an entry, makes the whole journal anew around it, correctly signed."""
        parts = copy.deepcopy(small_parts())
        change(parts[index][0])
        self.refused(reason, self.check, Journal(parts, SIGNER).proof(index))

    def test_every_record_of_a_good_log_is_proved(self):
        for index in range(1, 12):
            result = self.check(small().proof(index))
            self.assertEqual((result["position"], result["size"]), (index, 12))

    def test_output_and_exit_status(self):
        good, bad = self.path("good", json.dumps(small().proof(7))), self.path("bad", b"{}")
        line = f"ok  Patient/2 version 1 position 7 of 12 signed by {SIGNER.name} {SIGNER.id.hex()}\n"
        self.assertEqual(self.run_main("proof", good, "--key", SIGNER.vkey), (0, line, ""))
        self.assertEqual(self.run_main("proof", good, "--key", self.path("key", SIGNER.vkey + "\n")), (0, line, ""))
        status, out, _ = self.run_main("proof", good)
        self.assertEqual((status, out.splitlines()[1] + "\n"), (0, line))
        self.assertIn("the key was not compared", out)
        status, out, _ = self.run_main("proof", good, bad, self.path("none"), "--key", SIGNER.vkey)
        self.assertEqual((status, [row.split()[0] for row in out.splitlines()]), (1, ["ok", "WRONG", "UNREADABLE"]))
        self.assertEqual(self.run_main("proof", self.path("none"))[0], 2)
        for text, reason in (("nonsense", "no such file"), (self.path("bad"), "of the form"), (good, "of the form")):
            status, _, err = self.run_main("proof", good, "--key", text)
            self.assertEqual((status, reason in err), (2, True))
        self.assertEqual(self.run_main("proof")[0], 2)
        self.assertEqual(self.run_main("prove")[0], 2)

    def test_json_output_is_one_object_for_each_file(self):
        good, bad = self.path("good", json.dumps(small().proof(7))), self.path("bad", b"{}")
        status, out, _ = self.run_main("proof", good, bad, "--json")
        first, second = map(json.loads, out.splitlines())
        self.assertEqual((status, first["ok"], first["key_compared"], second["ok"]), (1, True, False, False))

    def test_many_proofs_are_read_line_by_line_and_from_standard_input(self):
        lines = [json.dumps(small().proof(i)) for i in (1, 2, 3)]
        lines[1] = lines[1].replace("person", "device")
        status, out, _ = self.run_main("proof", "--many", self.path("many", "\n".join(lines)), "--key", SIGNER.vkey)
        self.assertEqual((status, [row.split()[0] for row in out.splitlines()]), (1, ["ok", "WRONG", "ok"]))
        self.assertIn("many:2:", out)
        for name, reason in ((self.path("empty", b""), "holds no proof"), (self.path("none"), "cannot read")):
            status, _, err = self.run_main("proof", "--many", name)
            self.assertEqual((status, reason in err), (2, True))
        for arguments in (["proof", "-"], ["proof", "--many", "-"]):
            command = [sys.executable, str(HERE / "verify.py"), *arguments]
            done = subprocess.run(command, input=lines[0].encode(), capture_output=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_other_key_is_refused(self):
        self.bad("not the one given with --key", key=verify.parse_key(OTHER.vkey))
        self.refused("no signature of the key", self.check, {**small().proof(2), "key": OTHER.vkey}, None)
        renamed = Signer(b"\x01" * 32, "elsewhere.example")
        self.refused("not the origin", self.check, {**small().proof(2), "key": renamed.vkey}, None)

    def test_malformed_keys_are_refused(self):
        name, key_id, raw = SIGNER.vkey.split("+", 2)
        for reason, text in (
            ("of the form", name), ("of the form", f"{name}+{key_id.upper()}x+{raw}"),
            ("of the form", f"+{key_id}+{raw}"),
            ("of the form", f"a b+{key_id}+{raw}"), ("key id does not", f"{name}+00000000+{raw}"),
            ("canonical", f"{name}+{key_id}+{raw[:-1]}"), ("type 1", f"{name}+{key_id}+{b64(b'x' + SIGNER.public)}"),
        ):
            self.refused("base64" if reason == "canonical" else reason, verify.parse_key, text)
        neutral = b"\x01" + (1).to_bytes(32, "little")
        key_id = hashlib.sha256(b"n\n" + neutral).hexdigest()[:8]
        self.refused("small order", verify.parse_key, f"n+{key_id}+{b64(neutral)}")

    def test_signature_lines_of_other_keys_are_ignored_and_all_of_the_key_must_verify(self):
        journal = small()
        both = journal.checkpoint(signers=[OTHER, SIGNER])
        stranger = "\u2014 witness.example " + b64(b"abcd" + b"?" * 90) + "\n"
        self.check(journal.proof(2, both + stranger))
        forged = SIGNER.line("another text")
        for note in (both + forged, journal.checkpoint(signers=[OTHER]) + forged):
            self.refused("does not verify", self.check, journal.proof(2, note))
        self.refused("no signature of the key", self.check, journal.proof(2, journal.checkpoint(signers=[OTHER])))
        for tail in ("\u2014 a b c", "- a AAAAAAA=", "\u2014 a+b AAAAAAA=", "\u2014 a AAAA", "\u2014 a AAAAAAB="):
            tail += "\n"
            self.refused("signature", self.check, journal.proof(2, both + tail))
        self.refused("not a signed note", self.check, journal.proof(2, both[:-1]))
        self.refused("more than 64", self.check, journal.proof(2, both + stranger * 99))

    def test_malformed_checkpoints_and_proof_texts_are_refused(self):
        good = small().proof(2)["proof"]
        root = b64(mth(small().leaves))
        for reason, old, new in (
            ("three lines", f"{root}\n\n", f"{root}\nextension\n\n"), ("decimal", "\n12\n", "\n012\n"),
            ("decimal", "\n12\n", "\n+12\n"), ("decimal", "\n12\n", "\n9223372036854775808\n"),
            ("canonical", root, root[:-2] + "B="), ("begin with", "@v1", "@v2"),
            ("second line", "index 2", "extra AAAA\nindex 2"), ("decimal", "index 2", "index 02"),
            ("decimal", "index 2", "index \u0662"), ("second line", "index 2\n", ""),
            ("below the size", "index 2", "index 12"),
            ("inclusion proof", "index 2", "index 3"), ("control", "\n12\n", "\n12\r\n"),
            ("does not verify", "\n12\n", "\n13\n"), ("hash of the inclusion proof", "index 2\n", "index 2\nAAAA\n"),
            ("instead of", "index 2\n", f"index 2\n{root}\n"),
        ):
            self.assertIn(old, good)
            self.bad(reason, proof=good.replace(old, new, 1))
        self.bad("signed note", proof=good.split("\n\n")[0])
        self.bad("too long", proof=good.replace("index 2\n", "index 2\n" + f"{root}\n" * 64))

    def test_empty_tree_includes_nothing(self):
        journal = Journal([], SIGNER)
        note = "c2sp.org/tlog-proof@v1\nindex 0\n\n"
        self.bad("below the size", proof=note + journal.checkpoint())
        self.bad("size 0 and another root", proof=note + journal.checkpoint(root=sha(b"x")))

    def test_swapped_members_are_refused(self):
        other = small().proof(7)
        self.bad("does not lead", entry=other["entry"])
        self.bad("not the subject", record="Patient/43")
        self.bad("not that of the entry", version=3)
        self.bad("not that of the entry", version="2")
        self.bad("digest is not", salt=(b"\x08" * 32).hex())
        self.bad("digest is not", content=other["content"])
        self.bad("salt is not", salt=None)
        self.bad("salt is not", salt=(b"\x07" * 31).hex())
        self.bad("salt is not", salt="AB" * 32)
        self.bad("content is missing", content=None)
        self.bad("no digest, but", index=3, salt="07" * 32)
        self.bad("no digest, but", index=3, content="{}")
        self.bad("format", format="akashi-proof/2")
        self.bad("members", more=1)
        self.bad("facility is not text", facility=None)
        for facility in ("elsewhere", "akashi-clini", "akashi-clinic/t1", "Akashi-clinic"):
            self.bad("not the one that the origin names", facility=facility)
        file = small().proof(2)
        del file["salt"]
        self.refused("members", self.check, file)

    def test_index_0_is_refused(self):
        self.refused("index 0 is where the journal is opened", self.check, small().proof(0))
        record_first = Journal(small_parts()[1:], SIGNER)
        self.refused("index 0 is where the journal is opened", self.check, record_first.proof(0))

    def test_origin_of_another_form_is_refused(self):
        for name in (
            "h.example", "h.example/f/akashi-clinic", "h.example/f/akashi-clinic/", "h.example/f//t1",
            "/f/akashi-clinic/t1", "h.example/g/akashi-clinic/t1", "h.example/f/akashi-clinic/t1/t2",
            "h.example/x/f/akashi-clinic/t1",
            "https://h.example/f/akashi-clinic/t1", "h.example/f/akashi_clinic/t1", f"h.example/f/{'a' * 65}/t1",
            "h.example/f/\u65bd\u8a2d/t1",
        ):
            signer = Signer(b"\x01" * 32, name)
            self.refused("host/f/facility/tag", self.check, Journal(small_parts(), signer).proof(2), None)
        signer = Signer(b"\x01" * 32, "h.example:8443/f/akashi-clinic/t1")
        self.assertEqual(self.check(Journal(small_parts(), signer).proof(2), None)["facility"], "akashi-clinic")

    def test_entries_that_break_section_1_are_refused_even_when_signed(self):
        for reason, change in (
            ("v is not 1", lambda e: e.update(v=2)), ("v is not 1", lambda e: e.update(v=True)),
            ("v is not 1", lambda e: e.update(v=1.0)), ("time", lambda e: e.update(time="2026-04-01T00:00:00Z")),
            ("time", lambda e: e.update(time="2026-02-30T00:00:00.000000Z")), ("time", lambda e: e.pop("time")),
            ("actor", lambda e: e.update(actor="dr")), ("actor", lambda e: e["actor"].update(kind="ghost")),
            ("actor", lambda e: e["actor"].update(id="")),
            ("kind of the entry is unknown", lambda e: e.update(kind="record.read")),
            ("kind of the entry is unknown", lambda e: e.update(kind="journal.close")),
            ("time", lambda e: e.update(time="2026-04-01T24:00:00.000000Z")),
            ("time", lambda e: e.update(time="2026-04-01T00:00:60.000000Z")),
            ("time", lambda e: e.update(time="2026-04-01 00:00:02.000000Z")),
            ("time", lambda e: e.update(time="2026-04-01t00:00:02.000000z")),
            ("time", lambda e: e.update(time="2026-04-01T00:00:02.000000+00:00")),
            ("time", lambda e: e.update(time="2026-04-01T00:00:02.0000000Z")),
            ("time", lambda e: e.update(time="2026-04-01T00:00:02.000000Z\n")),
            ("whole number", lambda e: e["subject"].update(version=0)),
            ("whole number", lambda e: e["subject"].update(version="2")),
            ("lower-case", lambda e: e.update(digest="AB" * 32)),
            ("has no digest", lambda e: e.pop("digest")),
            ("delete with a digest", lambda e: e.update(kind="record.delete")),
            ("not a record.create", lambda e: e["subject"].update(version=1)),
            ("journal.open stands", lambda e: e.update(kind="journal.open")),
        ):
            self.bad_entry(reason, change)
        self.refused("subject", verify.parse_entry, pack({**opening(), "subject": {"id": "x"}}), 0)
        subject = opening()["subject"]
        for change in (
            {"digest": "0" * 64}, {"subject": {**subject, "version": 1}}, {"subject": {**subject, "type": "Patient"}},
        ):
            self.refused("journal.open has", verify.parse_entry, pack({**opening(), **change}), 0)
        entry = access(1, 1)[0]
        for change in ({"subject": {**subject, "version": 1}}, {"subject": {**subject, "type": "Patient"}}):
            self.refused("access has", verify.parse_entry, pack({**entry, **change}), 1)
        self.refused("lower-case", verify.parse_entry, pack({**entry, "digest": "AB" * 32}), 1)
        self.refused("has no digest", verify.parse_entry, pack({k: v for k, v in entry.items() if k != "digest"}), 1)
        self.refused("journal.open stands", verify.parse_entry, pack(entry), 0)
        self.refused("65,535", verify.parse_entry, pack({**opening(), "reason": "x" * 65536}), 0)
        self.assertTrue(verify.parse_entry(pack({**opening(), "reason": "import", "more": [1.5, None]}), 0))

    def test_an_access_is_proved_as_the_audit_event_that_it_is_shown_as(self):
        def proof(part):
            return Journal([*small_parts(), part], SIGNER).proof(12)

        good = proof(access(12, 90, actor="unknown"))
        result = self.check(good)
        self.assertEqual((result["record"], result["version"], result["kind"]), ("AuditEvent/12", 1, "access"))
        for reason, change in (
            ("not the subject", {"record": "AuditEvent/11"}), ("not the subject", {"record": "AuditEvent/012"}),
            ("not the subject", {"record": "Facility/akashi-clinic"}), ("version is not that", {"version": 2}),
            ("version is not that", {"version": None}), ("digest is not that", {"content": good["content"] + " "}),
            ("content is missing", {"content": None}), ("salt is not", {"salt": None}),
        ):
            self.refused(reason, self.check, {**good, **change})
        self.refused("another facility", self.check, proof(access(12, 90, facility="other")))
        for content in (b'{"v":2}', b'{"v":1.0}', b'{"v":"1"}', b"{}"):
            self.refused("v of the access", self.check, proof(access(12, 90, content=content)))
        self.refused("stands twice", self.check, proof(access(12, 90, content=b'{"v":1,"v":1}')))
        self.refused("not a JSON object", self.check, proof(access(12, 90, content=b"[]")))

    def test_null_in_a_member_of_the_table_is_refused(self):
        for kind, version in (("create", 1), ("update", 2), ("delete", 3)):
            entry = {**record(kind, "42", version, 2)[0], "reason": "import"}
            self.assertTrue(verify.parse_entry(pack(entry), 2))
            for name in (*entry, "digest"):
                self.refused("", verify.parse_entry, pack({**entry, name: None}), 2)
            for owner, name in (("actor", "kind"), ("actor", "id"), *(("subject", n) for n in entry["subject"])):
                self.refused("", verify.parse_entry, pack({**entry, owner: {**entry[owner], name: None}}), 2)
        for change in ({"digest": None}, {"reason": None}, {"subject": {**opening()["subject"], "version": None}}):
            self.refused("", verify.parse_entry, pack({**opening(), **change}), 0)

    def test_subjects_of_another_form_are_refused(self):
        def change(name, value):
            return lambda e: e["subject"].update({name: value})

        for value in ("patient", "Pat1ent", "Pat-ient", "Patient ", "Patient\n", "4/2", "P" * 65, "P\u00e4", "\u00c4b"):
            self.bad_entry("required form", change("type", value))
        for value in ("4/2", "4_2", "4 2", "42\n", "4" * 65, "\u0664", "\u5c71", "4+2", "4:2"):
            self.bad_entry("required form", change("id", value))
        for name, value in (("type", ""), ("id", ""), ("id", 42), ("type", ["Patient"])):
            self.bad_entry("not an object of type and id", change(name, value))
        for name, value in (("type", "P"), ("type", "P" * 64), ("id", "4" * 64), ("id", "A-z.0")):
            entry = record("update", "42", 2, 2)[0]
            change(name, value)(entry)
            self.assertTrue(verify.parse_entry(pack(entry), 2))
        other = {**opening(), "subject": {"type": "Facility", "id": "a_b"}}
        self.refused("required form", verify.parse_entry, pack(other), 0)

    def test_entries_nest_at_most_64_deep(self):
        def nested(levels):
            return pack(record("update", "42", 2, 2)[0])[:-1] + b',"x":' + self.nested(levels) + b"}"

        self.assertTrue(verify.parse_entry(nested(63), 2))
        self.assertTrue(verify.parse_entry(nested(1).replace(b"[]", b"[" + b"[],{}," * 200 + b"0]"), 2))
        for levels in (64, 65, 200, 30_000):
            self.refused("deeply", verify.parse_entry, nested(levels), 2)
        objects = b'{"a":' * 64 + b"0" + b"}" * 64
        self.refused("deeply", verify.parse_entry, nested(0).replace(b'"x":', b'"x":' + objects), 2)
        self.assertTrue(verify.parse_entry(nested(0).replace(b'"x":', b'"x":' + objects[5:-1]), 2))

    def test_content_that_says_something_else_than_the_entry_is_refused(self):
        for reason, change in (
            ("resourceType", {"resourceType": "Observation"}), ("id of", {"id": "43"}), ("id of", {"id": 42}),
            ("meta.versionId", {"meta": {"versionId": "3", "lastUpdated": moment(2)}}),
            ("meta.versionId", {"meta": {"versionId": 2, "lastUpdated": moment(2)}}),
            ("meta.lastUpdated", {"meta": {"versionId": "2", "lastUpdated": moment(1)}}), ("meta", {"meta": [1]}),
        ):
            changed = self.with_content(lambda c, change=change: pack({**json.loads(c), **change}))
            self.refused(reason, self.check, changed)
        for reason, change in (
            ("stands twice", lambda c: c[:-1] + b',"id":"42"}'), ("not a JSON object", lambda c: b"[" + c + b"]"),
            ("not JSON", lambda c: c[:-1]), ("deeply", lambda c: c[:-1] + b',"x":' + self.nested(90_000) + b"}"),
            ("deeply", lambda c: c[:-1] + b',"x":' + self.nested(64) + b"}"),
        ):
            self.refused(reason, self.check, self.with_content(change))
        allowed = b',"n":' + b"9" * 64 + b',"x":' + self.nested(63) + b"}"
        self.check(self.with_content(lambda c: c[:-1] + allowed))

    @staticmethod
    def nested(levels):
        return b"[" * levels + b"]" * levels

    def with_content(self, change):
        parts = small_parts()
        entry, salt, content = parts[2]
        content = change(content)
        entry["digest"] = hashlib.sha256(b"akashi-content-v1\0" + salt + content).hexdigest()
        parts[2] = entry, salt, content
        return Journal(parts, SIGNER).proof(2)

    def test_json_is_strict(self):
        raw = json.dumps(small().proof(2)).encode()
        for reason, text in (
            ("stands twice", raw[:-1] + b',"version":2}'), ("stands twice", raw[:-1] + b',"versio\\u006e":2}'),
            ("NaN", raw.replace(b'"version": 2', b'"version": NaN')), ("not UTF-8", raw + b"\xff"),
            ("not JSON", b"\xef\xbb\xbf" + raw), ("not JSON", raw + b"{}"), ("not JSON", b""), ("not JSON", raw[:-1]),
            ("surrogate", raw.replace(b"akashi-clinic", b"\\ud800", 1)), ("deeply", b"[" * 200_000),
            ("not JSON", b"\x00"),
            ("deeply", b'{"a":' * 200_000), ("not a JSON object", b"[]"),
            ("not that of", raw.replace(b": 2,", b": 2.0,", 1)),
            ("longer than 64", raw.replace(b": 2,", b": " + b"2" * 65 + b",", 1)),
            ("not JSON", raw.replace(b": 2,", b": 02,")),
        ):
            self.refused(reason, self.check, text)
        self.check(b" \r\n\t" + raw + b"\n")
        with unittest.mock.patch.object(verify, "PROOF_BYTES_MAX", len(raw) - 1):
            self.refused("longer than any proof", self.check, raw)

    def test_every_changed_byte_is_refused(self):
        raw = json.dumps(small().proof(2), ensure_ascii=False).encode()
        for at in range(0, len(raw)):
            for bit in (1, 32) if at % 2 else (4, 128):
                self.refused("", self.check, raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :])

    def test_truncated_and_random_files_are_refused_without_a_crash(self):
        raw = json.dumps(small().proof(2)).encode()
        chance = random.Random(20260401)
        for at in range(0, len(raw), 5):
            self.refused("", self.check, raw[:at])
        for _ in range(1500):
            broken = bytearray(raw)
            for _ in range(chance.randrange(1, 5)):
                at = chance.randrange(len(broken))
                choice = chance.randrange(3)
                broken[at : at + (choice != 0)] = [[chance.randrange(256)], [], list(b'"\\u{}[]:,0n\n')][choice]
            with contextlib.suppress(verify.Wrong):
                self.check(bytes(broken))

    def test_values_of_every_wrong_type_are_refused_without_a_crash(self):
        strange = (None, True, 0, -1, 1.5, 10**30, "", "x", "\u0000", "/", [], [[]], {}, {"a": []}, "\ud800")
        entry, _, content = record("update", "42", 2, 2)
        for document, check in (
            (small().proof(2), self.check), (entry, lambda e: verify.parse_entry(json.dumps(e).encode(), 2)),
            (json.loads(content), lambda c: self.check(self.with_content(lambda _: json.dumps(c).encode()))),
        ):
            for where in [(name,) for name in document] + [(o, i) for o in document for i in self.inner(document[o])]:
                for value in strange:
                    changed = copy.deepcopy(document)
                    owner = changed[where[0]] if len(where) == 2 else changed
                    owner[where[-1]] = value
                    if where[-1] in ("name", "id", "type"):
                        with contextlib.suppress(verify.Wrong):
                            check(changed)
                    else:
                        self.refused("", check, changed)

    @staticmethod
    def inner(value):
        return value if isinstance(value, dict) else ()


class Logs(Case):
    def test_good_logs_of_every_shape_are_accepted(self):
        for size in (1, 2, 12, 255, 256, 257, 512, 700):
            journal = Journal(middle().parts[:size], SIGNER)
            journal.write(self.path(f"log{size}"))
            result = self.good_log(self.path(f"log{size}"), key=KEY)
            self.assertEqual((result["size"], result["root"]), (size, b64(mth(journal.leaves))))

    def test_output_and_exit_status(self):
        small().write(self.path("log"))
        older = self.path("older", small().checkpoint(7))
        status, out, _ = self.run_main("log", self.path("log"), "--key", SIGNER.vkey, "--since", older)
        self.assertEqual(status, 0)
        self.assertTrue(out.startswith("ok  log of akashi-clinic: 12 entries, whose first 7 are"), out)
        self.assertIn("the key was not compared", self.run_main("log", self.path("log"))[1])
        self.assertEqual(json.loads(self.run_main("log", self.path("log"), "--json")[1])["size"], 12)
        os.remove(self.path("log/tile/0/000.p/12"))
        status, out, _ = self.run_main("log", self.path("log"))
        self.assertEqual((status, out.splitlines()[-1]), (1, f"WRONG  {self.path('log')}: tile/0/000.p/12 is missing"))
        os.remove(self.path("log/checkpoint"))
        self.assertEqual(self.run_main("log", self.path("log"))[0], 2)
        self.assertIn("is not a folder", self.run_main("log", self.path("nothing"))[2])

    def test_log_without_its_first_entry_is_refused(self):
        self.bad_log("not even its first entry", Journal([], SIGNER), key=KEY)
        self.bad_log("not even its first entry", Journal([], SIGNER), since=Journal([], SIGNER).checkpoint())

    def test_journal_opened_for_another_facility_than_the_origin_names_is_refused(self):
        for name in ("h.example/f/akashi-clini/t1", "akashi-clinic/f/elsewhere/akashi-clinic"):
            journal = Journal(small_parts(), Signer(b"\x01" * 32, name))
            self.bad_log("position 0: the journal was opened for another facility", journal)
        self.bad_log("host/f/facility/tag", Journal(small_parts(), Signer(b"\x01" * 32, "h.example/f/akashi-clinic")))

    def test_full_tile_does_not_stand_in_for_a_partial_one(self):
        full = Journal(middle().parts[:256], SIGNER)
        bundle = b"".join(len(raw).to_bytes(2, "big") + raw for raw, _, _ in full.parts)
        root = mth(full.leaves)
        for size, name, whole in (
            (12, "tile/0/000", b"".join(full.leaves)), (12, "tile/entries/000", bundle),
            (300, "tile/1/000", root * 256),
        ):
            shutil.rmtree(self.path("log"), ignore_errors=True)
            Journal(middle().parts[:size], SIGNER).write(self.path("log"))
            shutil.rmtree(self.path(f"log/{name}.p"))
            put(self.path("log"), name, whole)
            self.refused(f"{name}.p/{size // 256 or size} is missing", lambda: self.good_log(self.path("log")))

    def test_every_older_checkpoint_is_proved_a_prefix(self):
        middle().write(self.path("log"))
        for old in (0, 1, 3, 255, 256, 257, 511, 512, 513, 699, 700):
            since = middle().checkpoint(old)
            self.assertEqual(self.good_log(self.path("log"), key=KEY, since=since)["since"], old)
            if old:
                since = middle().checkpoint(old, root=sha(b"another past"))
                self.refused("no prefix", lambda since=since: self.good_log(self.path("log"), since=since))
        for reason, since in (
            ("rolled back", middle().checkpoint(701, root=sha(b"x"))), ("older checkpoint: ", "nonsense"),
            ("older checkpoint: no signature", middle().checkpoint(5, signers=[OTHER])),
        ):
            self.refused(reason, lambda since=since: self.good_log(self.path("log"), since=since))

    def test_rewritten_log_is_caught_by_an_older_checkpoint(self):
        parts = small_parts()
        parts[4] = record("create", "42", 4, 4, salt=b"\x09" * 32)
        Journal(parts, SIGNER).write(self.path("log"))
        self.good_log(self.path("log"), since=small().checkpoint(4))
        self.refused("no prefix", lambda: self.good_log(self.path("log"), since=small().checkpoint(5)))

    def test_other_key_and_other_signature_are_refused(self):
        self.bad_log("not the one given with --key", small(), key=verify.parse_key(OTHER.vkey))
        put(self.path("log"), "key", OTHER.vkey.encode())
        self.refused("no signature of the key", lambda: self.good_log(self.path("log")))
        put(self.path("log"), "key", SIGNER.vkey.encode() * 2)
        self.refused("key", lambda: self.good_log(self.path("log")))
        put(self.path("log"), "key", (SIGNER.vkey + "\n\n").encode())
        self.refused("one line", lambda: self.good_log(self.path("log")))

    def test_dropped_reordered_and_changed_entries_are_named_by_position(self):
        """The bundle is damaged, tiles and checkpoint stay those of the good log."""
        for first, damage in (
            (5, lambda p: p.pop(5)), (6, lambda p: p.insert(6, p.pop(7))), (0, lambda p: p.reverse()),
            (3, lambda p: p.__setitem__(3, (p[3][0].replace(b"dr-1", b"dr-2"), None, None))), (11, lambda p: p.pop()),
        ):
            small().write(self.path("log"))
            parts = list(small().parts)
            damage(parts)
            bundle = b"".join(len(raw).to_bytes(2, "big") + raw for raw, _, _ in parts)
            put(self.path("log"), "tile/entries/000.p/12", bundle)
            self.refused(f"position {first}: ", lambda: self.good_log(self.path("log")))

    def test_sequence_rules_are_kept_even_when_everything_is_signed(self):
        for position, reason, extra in (
            (12, "version 7 of the record where version 6 is due", record("update", "42", 7, 90)),
            (12, "version 5 of the record where version 6 is due", record("update", "42", 5, 90)),
            (12, "record.create of a record that stands", record("create", "42", 6, 90)),
            (12, "version 2 of the record where version 1 is due", record("create", "new", 2, 90)),
            (12, "time runs back", record("update", "42", 6, 10)),
            (12, "not a record.create", record("update", "new", 1, 90)),
            (12, "journal.open stands", (opening(), None, None)),
            (12, "v is not 1", ({**record("delete", "42", 6, 90)[0], "v": 2}, None, None)),
            (12, "stands twice", (pack(record("delete", "42", 6, 90)[0])[:-1] + b',"v":1}', None, None)),
            (12, "not a JSON object", (b"[]", None, None)), (12, "not JSON", (b"", None, None)),
            (12, "not UTF-8", (b"\xff", None, None)), (12, "deeply", (b"[" * 60_000, None, None)),
        ):
            with self.assertRaises(verify.Wrong) as caught:
                shutil.rmtree(self.path("log"), ignore_errors=True)
                Journal([*small_parts(), extra], SIGNER).write(self.path("log"))
                self.good_log(self.path("log"))
            self.assertRegex(str(caught.exception), f"^position {position}: .*{reason}")
        deleted = [*small_parts(), record("delete", "42", 6, 90)]
        self.bad_log("record.update after a deletion", Journal([*deleted, record("update", "42", 7, 91)], SIGNER))
        self.bad_log("record.delete after a deletion", Journal([*deleted, record("delete", "42", 7, 91)], SIGNER))
        account = identity("create", "a", 1, 90)
        Journal([*small_parts(), account, identity("update", "a", 2, 91), identity("delete", "a", 3, 92)], SIGNER).write(
            self.path("log")
        )
        self.good_log(self.path("log"))
        shutil.rmtree(self.path("log"))
        Journal([*small_parts(), access(12, 90), access(13, 90, actor="unknown")], SIGNER).write(self.path("log"))
        self.good_log(self.path("log"))
        shutil.rmtree(self.path("log"))
        self.bad_log("position 12: the access is about another facility",
                     Journal([*small_parts(), access(12, 90, facility="other")], SIGNER))
        self.bad_log("identity.create of a record that stands",
                     Journal([*small_parts(), account, identity("create", "a", 2, 91)], SIGNER))
        for kind, of in (("identity.create", "Patient"), ("record.create", "AkashiAccount")):
            entry, salt, content = account
            wrong = {**entry, "kind": kind, "subject": {**entry["subject"], "type": of}}
            self.bad_log("does not fit the type", Journal([*small_parts(), (wrong, salt, content)], SIGNER))
        self.bad_log("position 0: journal.open stands", Journal(small_parts()[1:], SIGNER))

    def test_truncated_and_prolonged_files_are_refused(self):
        middle().write(self.path("log"))
        for path in sorted(pathlib.Path(self.path("log"), "tile").rglob("*")):
            if path.is_file():
                raw = path.read_bytes()
                for broken in (raw[:-1], raw + b"\0", raw[: len(raw) // 2], b"", raw * 2):
                    path.write_bytes(broken)
                    self.refused("", lambda: self.good_log(self.path("log")))
                path.unlink()
                self.refused("is missing", lambda: self.good_log(self.path("log")))
                path.write_bytes(raw)
        self.good_log(self.path("log"))

    def test_flipped_bytes_of_every_file_are_refused(self):
        middle().write(self.path("log"))
        chance = random.Random(7)
        for path in sorted(pathlib.Path(self.path("log")).rglob("*")):
            raw = path.read_bytes() if path.is_file() else b""
            for at in [chance.randrange(len(raw)) for _ in range(25)] if raw else []:
                path.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :])
                self.refused("", lambda: self.good_log(self.path("log"), key=KEY))
            if raw:
                path.write_bytes(raw)
        self.good_log(self.path("log"), key=KEY)

    def test_bundle_that_ends_too_early_is_named_by_position(self):
        small().write(self.path("log"))
        path = pathlib.Path(self.path("log/tile/entries/000.p/12"))
        raw = path.read_bytes()
        for cut in (1, len(small().parts[11][0]) + 1):
            path.write_bytes(raw[:-cut])
            self.refused("position 11: tile/entries/000.p/12 ends too early", lambda: self.good_log(self.path("log")))
        path.write_bytes(raw + b"\0")
        self.refused("goes on after position 11", lambda: self.good_log(self.path("log")))

    def test_wrong_higher_tile_is_named_with_its_positions(self):
        middle().write(self.path("log"))
        name = "tile/1/000.p/2"
        raw = pathlib.Path(self.path("log"), name).read_bytes()
        put(self.path("log"), name, raw[:40] + b"?" + raw[41:])
        self.refused("hash 1 is not the root of positions 256 to 511", lambda: self.good_log(self.path("log")))

    def test_wrong_root_is_refused_when_all_tiles_fit(self):
        small().write(self.path("log"))
        put(self.path("log"), "checkpoint", small().checkpoint(root=sha(b"x")).encode())
        self.refused("do not have the root", lambda: self.good_log(self.path("log")))

    def test_large_log_with_three_tile_levels_is_read_in_a_stream(self):
        entry = pack({**record("create", "@", 1, 1)[0], "digest": "0" * 64})
        parts = [(entry.replace(b"@", b"p%d" % i), None, None) for i in range(1, 66_000)]
        journal = Journal([(opening(), None, None), *parts], SIGNER)
        journal.write(self.path("log"))
        self.assertTrue(os.path.exists(self.path("log/tile/2/000.p/1")))
        self.assertEqual(self.good_log(self.path("log"), since=journal.checkpoint(65_537))["size"], 66_000)
        raw = pathlib.Path(self.path("log/tile/1/000")).read_bytes()
        put(self.path("log"), "tile/1/000", raw[:-1] + b"?")
        self.refused("hash 255 is not the root of positions 65280 to 65535", lambda: self.good_log(self.path("log")))

    def test_tile_paths_follow_the_specification(self):
        self.assertEqual(verify.tile_path(0, 1234067, 256), "tile/0/x001/x234/067")
        self.assertEqual(verify.tile_path("entries", 5, 9), "tile/entries/005.p/9")
        self.assertEqual(verify.tile_path(2, 1000, 256), "tile/2/x001/000")


class Cosigner(Signer):
    """A witness, straight from tlog-cosignature."""

    def __init__(self, seed, name="witness.example/w1"):
        super().__init__(seed, name)
        self.id = hashlib.sha256(name.encode() + b"\n\x04" + self.public).digest()[:4]
        self.vkey = "+".join((name, self.id.hex(), b64(b"\x04" + self.public)))

    def cosignature(self, text, seconds=1_800_000_000):
        signature = self.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
        return f"\u2014 {self.name} {b64(self.id + seconds.to_bytes(8, 'big') + signature)}\n"

    def cosign(self, note, **more):
        return note + self.cosignature(note.rpartition("\n\n")[0] + "\n", **more)


WITNESS = Cosigner(b"\x21" * 32)
SECOND = Cosigner(b"\x22" * 32, "witness.example/w2")


class Cosignatures(Case):
    KEY = verify.parse_key(WITNESS.vkey, verify.WITNESS_KEY)

    def demand(self, *witnesses, hours_max=None, now=1_800_000_000.0):
        keys = tuple(verify.parse_key(one.vkey, verify.WITNESS_KEY) for one in witnesses or (WITNESS,))
        return verify.Demand(keys, hours_max, now)

    def test_the_key_id_of_a_witness_is_that_of_its_type(self):
        self.refused("of type 1", verify.parse_key, WITNESS.vkey)
        self.refused("of type 4", verify.parse_key, SIGNER.vkey, verify.WITNESS_KEY)
        wrong = "+".join((WITNESS.name, WITNESS.id.hex(), b64(b"\x04" + SIGNER.public)))
        self.refused("does not belong", verify.parse_key, wrong, verify.WITNESS_KEY)

    def test_the_time_in_the_example_of_the_specification_is_read(self):
        note = (
            "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
            "\u2014 example.com/behind-the-sofa "
            "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
            "\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo"
            "0xUe+mbIUBkBIfZ+qnA==\n"
        )
        _, signatures = verify.open_note(note)
        name, key_id, raw = signatures[1]
        self.assertEqual((name, key_id, len(raw)), ("witness.example.com/w1", "8d66cf3f", 72))
        self.assertEqual(int.from_bytes(raw[:8], "big"), 1679315147)

    def test_a_cosignature_is_verified_with_its_time_and_the_newest_counts(self):
        note = WITNESS.cosign(small().checkpoint())
        self.assertEqual(verify.cosigned_at(note, self.KEY), 1_800_000_000)
        both = WITNESS.cosign(note, seconds=1_800_000_001)
        self.assertEqual(verify.cosigned_at(both, self.KEY), 1_800_000_001)
        self.assertIsNone(verify.cosigned_at(small().checkpoint(), self.KEY))
        self.assertIsNone(verify.cosigned_at(SECOND.cosign(small().checkpoint()), self.KEY))
        self.assertEqual(self.demand().check([note]), {WITNESS.name: "2027-01-15T08:00:00Z"})

    def test_a_changed_cosignature_is_refused(self):
        note = WITNESS.cosign(small().checkpoint())
        text, _, line = note.rpartition("\u2014 ")
        raw = bytearray(base64.b64decode(line.split(" ")[1]))
        for at in range(4, len(raw)):
            raw[at] ^= 1
            changed = f"{text}\u2014 {WITNESS.name} {b64(bytes(raw))}\n"
            self.refused("cosignature of", verify.cosigned_at, changed, self.KEY)
            raw[at] ^= 1
        for short in (bytes(raw[:-1]), bytes(raw) + b"x", bytes(raw[:12])):
            self.refused("malformed", verify.cosigned_at, f"{text}\u2014 {WITNESS.name} {b64(short)}\n", self.KEY)
        ages = b64(bytes(raw[:4]) + bytes([255] * 8) + bytes(raw[12:]))
        late = f"{text}\u2014 {WITNESS.name} {ages}\n"
        self.refused("beyond what is allowed", verify.cosigned_at, late, self.KEY)
        other = WITNESS.cosignature(small().checkpoint(7).rpartition("\n\n")[0] + "\n")
        self.refused("does not verify", verify.cosigned_at, small().checkpoint() + other, self.KEY)
        plain = f"{small().checkpoint()}\u2014 {WITNESS.name} {b64(WITNESS.id + WITNESS.sign(b'x'))}\n"
        self.refused("malformed", verify.cosigned_at, plain, self.KEY)

    def test_every_demanded_witness_must_have_cosigned_and_lately(self):
        note = WITNESS.cosign(small().checkpoint())
        self.refused("w2 has not cosigned", self.demand(WITNESS, SECOND).check, [note])
        self.demand(WITNESS, SECOND).check([note, SECOND.cosign(small().checkpoint(7))])
        later = 1_800_000_000 + 2 * 3600
        self.demand(hours_max=2, now=later + 3599.0).check([note])
        self.refused("3 hours old", self.demand(hours_max=2, now=later + 3600.0).check, [note])
        self.demand(hours_max=0, now=1.0).check([note])

    def test_proofs_and_consistency_proofs_are_demanded_to_be_cosigned(self):
        file = small().proof(7)
        self.refused("has not cosigned", verify.check_proof, json.dumps(file).encode(), KEY, self.demand())
        file["proof"] = WITNESS.cosign(file["proof"])
        # The text that is cosigned is that of the checkpoint alone.
        self.refused("does not verify", verify.check_proof, json.dumps(file).encode(), KEY, self.demand())
        file["proof"] = small().proof(7)["proof"] + WITNESS.cosignature(small().checkpoint().rpartition("\n\n")[0] + "\n")
        result = verify.check_proof(json.dumps(file).encode(), KEY, self.demand())
        self.assertEqual(list(result["cosigned"]), [WITNESS.name])
        old, proof = small().checkpoint(7).encode(), small().consistency(7)
        self.refused("has not cosigned", verify.check_consistency_file, proof.encode(), old, KEY, self.demand())
        proof += WITNESS.cosignature(small().checkpoint().rpartition("\n\n")[0] + "\n")
        verify.check_consistency_file(proof.encode(), old, KEY, self.demand())

    def test_a_log_is_cosigned_on_its_checkpoint_or_on_a_prefix_beside_it(self):
        folder = self.path("log")
        small().write(folder)
        check = functools.partial(verify.check_log, verify.Folder(folder), None, None, self.demand())
        self.refused("has not cosigned", check)
        put(folder, "cosigned", WITNESS.cosign(small().checkpoint(7)).encode())
        self.assertEqual(list(check()["cosigned"]), [WITNESS.name])
        put(folder, "cosigned", WITNESS.cosign(small().checkpoint(7, root=sha(b"x"))).encode())
        self.refused("no prefix of this log", check)
        put(folder, "cosigned", WITNESS.cosign(small().checkpoint(13, root=sha(b"x"))).encode())
        self.refused("rolled back", check)
        os.unlink(os.path.join(folder, "cosigned"))
        put(folder, "checkpoint", WITNESS.cosign(small().checkpoint()).encode())
        check()

    def test_two_checkpoints_of_one_size_with_two_roots_are_two_histories(self):
        one = self.path("one", WITNESS.cosign(small().checkpoint()))
        two = self.path("two", SECOND.cosign(small().checkpoint(root=sha(b"x"))))
        old = self.path("old", small().checkpoint(7))
        status, out, _ = self.run_main("checkpoint", one, two, "--key", SIGNER.vkey)
        self.assertEqual((status, [row.split()[0] for row in out.splitlines()]), (1, ["ok", "WRONG"]))
        self.assertIn("two histories", out)
        status, out, _ = self.run_main("checkpoint", one, old, "--key", SIGNER.vkey)
        self.assertEqual((status, "different sizes were not compared" in out), (0, True))
        status, out, _ = self.run_main("checkpoint", one, "--key", SIGNER.vkey, "--witness", WITNESS.vkey)
        self.assertEqual((status, f"cosigned by {WITNESS.name} at 2027-01-15T08:00:00Z" in out), (0, True))
        key = self.path("witness.key", WITNESS.vkey + "\n")
        self.assertEqual(self.run_main("checkpoint", two, "--key", SIGNER.vkey, "--witness", key)[0], 1)
        for arguments in (("--witness", SIGNER.vkey), ("--witness-hours-max", "1")):
            self.assertEqual(self.run_main("checkpoint", one, "--key", SIGNER.vkey, *arguments)[0], 2)


class Consistency(Case):
    def check(self, text, old, key=KEY):
        return verify.check_consistency_file(text.encode(), old.encode(), key)

    def test_every_older_size_is_consistent(self):
        journal = small()
        for old in range(13):
            self.assertEqual(self.check(journal.consistency(old), journal.checkpoint(old))["old_size"], old)

    def test_wrong_proofs_are_refused(self):
        journal, old = small(), small().checkpoint(7)
        good = journal.consistency(7)
        for reason, text, older in (
            ("not that of the older", good, journal.checkpoint(6)),
            ("older root", good, journal.checkpoint(7, root=sha(b"x"))),
            ("rolled back", good, journal.checkpoint(13, root=sha(b"x"))),
            ("root", journal.consistency(7, [sha(b"")] * 5), old),
            ("instead of", journal.consistency(7, []), old), ("decimal", good.replace("old 7", "old 07"), old),
            ("an old size", good.replace("old 7\n", ""), old), ("an old size", "old 7", old),
            ("too long", journal.consistency(7, [sha(b"")] * 64), old), ("older checkpoint: ", good, old[:-1]),
            ("no signature", good, journal.checkpoint(7, signers=[OTHER])), ("is too long", "old 7" * 300_000, old),
            ("size 0 is not empty", journal.consistency(0, [sha(b"")]), journal.checkpoint(0)),
            ("older checkpoint: the name of the key", good, old.replace(SIGNER.name, "h.example/f/akashi-clinic/t2")),
            ("newer root", good.replace(journal.checkpoint(), journal.checkpoint(root=sha(b"x"))), old),
        ):
            self.refused(reason, self.check, text, older)
        for at in range(0, len(good), 3):
            self.refused("", self.check, good[:at] + chr(ord(good[at]) ^ 1) + good[at + 1 :], old)

    def test_key_is_required(self):
        file, old = self.path("file", small().consistency(7)), self.path("old", small().checkpoint(7))
        status, out, err = self.run_main("consistency", file, "--old", old)
        self.assertEqual((status, out, "required: --key" in err), (2, "", True))
        status, out, _ = self.run_main("consistency", file, "--old", old, "--key", SIGNER.vkey)
        line = f"ok  size 7 is a prefix of size 12, both signed by {SIGNER.name} {SIGNER.id.hex()}\n"
        self.assertEqual((status, out), (0, line))
        self.assertEqual(self.run_main("consistency", file, "--old", old, "--key", OTHER.vkey)[0], 1)
        _, out, _ = self.run_main("consistency", file, "--old", old, "--key", SIGNER.vkey, "--json")
        self.assertEqual(json.loads(out)["facility"], "akashi-clinic")

    def test_origin_of_another_form_is_refused(self):
        signer = Signer(b"\x01" * 32, "h.example")
        journal = Journal(small_parts(), signer)
        key = verify.parse_key(signer.vkey)
        self.refused("host/f/facility/tag", self.check, journal.consistency(7), journal.checkpoint(7), key)


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves a folder under /f/akashi-clinic/log to whoever brings the token; large files as gzip."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = pathlib.Path(self.server.folder, self.path.replace("/f/akashi-clinic/log/", ""))
        allowed = self.headers.get("Authorization") == "Bearer s3cret"
        status = 401 if not allowed else 200 if path.is_file() else 404
        body = path.read_bytes() if status == 200 else b"no"
        self.send_response(status)
        if len(body) > 1000:
            packer = zlib.compressobj(wbits=31)
            body = packer.compress(body) + packer.flush()
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Download(Case):
    def serve(self, context=None):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads, server.folder = True, self.path("log")
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        middle().write(self.path("log"))
        self.path("token", "s3cret\n")
        return f"https://127.0.0.1:{server.server_port}/f/akashi-clinic/log"

    def plainly(self):
        """Replaces TLS by plain HTTP for one test."""
        real = verify.Site.connect
        verify.Site.connect = staticmethod(lambda host, port, ca, certificate: http.client.HTTPConnection(host, port, timeout=10))
        self.addCleanup(setattr, verify.Site, "connect", staticmethod(real))

    def test_log_is_fetched_checked_and_kept(self):
        url = self.serve()
        self.plainly()
        arguments = ["log", url, "--token-file", self.path("token"), "--key", SIGNER.vkey, "--save", self.path("kept")]
        status, out, err = self.run_main(*arguments)
        self.assertEqual((status, err, out[:33]), (0, "", "ok  log of akashi-clinic: 700 ent"))
        self.assertEqual(self.run_main("log", self.path("kept"), "--key", SIGNER.vkey)[0], 0)
        self.assertEqual(self.run_main(*arguments)[0], 2, "a folder that is not empty is not overwritten")
        file = self.path("file", b"")
        self.assertIn("cannot write", self.run_main(*arguments[:-1], os.path.join(file, "below"))[2])
        with unittest.mock.patch.object(verify.os.path, "dirname", return_value=self.folder):
            self.assertIn("cannot write", self.run_main(*arguments[:-1], self.path("kept2"))[1])
        os.remove(self.path("log/tile/entries/001"))
        status, out, _ = self.run_main(*arguments[:-2])
        self.assertEqual((status, "tile/entries/001 is missing" in out), (1, True))

    def test_refused_requests_and_bad_addresses_give_status_2(self):
        url = self.serve()
        self.plainly()
        self.assertIn("HTTP status 401", self.run_main("log", url)[1])
        status, out, err = self.run_main("log", url, "--token-file", self.path("bad", "two words"))
        self.assertEqual((status, "two" in out + err, "not hold one token" in err), (2, False, True))
        self.assertIn("need an address", self.run_main("log", self.path("log"), "--ca", self.path("bad"))[2])
        for address in ("http://h/f", "https:///f/x/log", "https://u:p@h/f/x/log", "https://h:x/", "https://h/?a"):
            self.assertEqual(self.run_main("log", address)[0], 2)

    def test_server_that_hangs_up_gives_status_2(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        threading.Thread(target=lambda: [listener.accept()[0].close() for _ in range(2)], daemon=True).start()
        self.plainly()
        status, out, _ = self.run_main("log", f"https://127.0.0.1:{listener.getsockname()[1]}/f/x/log")
        self.assertEqual((status, "cannot fetch checkpoint" in out), (2, True))

    def test_log_of_another_facility_than_the_address_says_is_refused(self):
        small().write(self.path("log"))
        source = verify.Folder(self.path("log"))
        source.facility = "elsewhere"
        self.refused("another facility than the address", verify.check_log, source, KEY, None)
        source.facility = "akashi-clinic"
        self.assertEqual(verify.check_log(source, KEY, None)["size"], 12)

    def test_only_the_given_ca_is_trusted(self):
        if shutil.which("openssl") is None:
            self.skipTest("openssl is needed to make a certificate")
        key, ca = self.path("tls.key"), self.path("tls.pem")
        command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1"
        subprocess.run([*command.split(), "-keyout", key, "-out", ca], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ca, key)
        url = self.serve(context)
        token = ["--token-file", self.path("token")]
        self.assertEqual(self.run_main("log", url, *token, "--ca", ca, "--key", SIGNER.vkey)[0], 0)
        status, out, _ = self.run_main("log", url, *token)
        self.assertEqual((status, "SSLCertVerificationError" in out), (2, True))
        self.assertEqual(self.run_main("log", url, *token, "--ca", self.path("none"))[0], 2)

    def test_a_client_certificate_is_shown_where_one_is_demanded(self):
        if shutil.which("openssl") is None:
            self.skipTest("openssl is needed to make a certificate")
        key, ca = self.path("tls.key"), self.path("tls.pem")
        command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1"
        subprocess.run([*command.split(), "-keyout", key, "-out", ca], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ca, key)
        context.load_verify_locations(ca)
        context.verify_mode = ssl.CERT_REQUIRED
        url = self.serve(context)
        arguments = ["log", url, "--token-file", self.path("token"), "--ca", ca, "--key", SIGNER.vkey]
        self.assertEqual(self.run_main(*arguments, "--cert", ca, "--cert-key", key)[0], 0)
        self.assertEqual(self.run_main(*arguments)[0], 2)
        status, out, err = self.run_main(*arguments, "--cert", ca)
        self.assertEqual((status, "belong together" in out + err), (2, True))
        status, out, err = self.run_main(*arguments, "--cert", ca, "--cert-key", ca)
        self.assertEqual((status, "client certificate" in out + err), (2, True))
        locked = [self.path("locked.key"), self.path("locked.pem")]
        command = "openssl req -x509 -newkey rsa:2048 -days 2 -subj /CN=test -passout pass:x"
        subprocess.run([*command.split(), "-keyout", locked[0], "-out", locked[1]], check=True, capture_output=True)
        status, out, err = self.run_main(*arguments, "--cert", locked[1], "--cert-key", locked[0])
        self.assertEqual((status, "client certificate" in out + err), (2, True), "nobody is asked for a passphrase")


class Successions(Case):
    """Another key takes over (formats.md, section 20)."""

    def handed_over(self, **changes):
        """(the journal as it ended, the journal as it went on): position 12 names the key that signs from there."""
        entry = {**opening(), "kind": "journal.succession", "time": moment(20)}
        entry["succession"] = {"from": SIGNER.vkey, "to": NEXT.vkey}
        entry.update(changes)
        ended = Journal(small_parts() + [(entry, None, None)], SIGNER)
        return ended, Journal(ended.parts + [record("create", "later", 1, 30)], NEXT)

    def on_disk(self, journal, handover=None):
        shutil.rmtree(self.path("log"), ignore_errors=True)
        journal.write(self.path("log"))
        if handover is not None:
            put(self.path("log"), "handover/12", json.dumps(handover).encode())
        return self.path("log")

    def handover(self, ended):
        return {**ended.proof(12), "version": 1}

    def test_log_is_followed_from_the_key_before_to_the_next(self):
        ended, after = self.handed_over()
        for key in (KEY, NEXT_KEY):
            folder = self.on_disk(after, self.handover(ended))
            since = ended.checkpoint(5)
            self.assertEqual(self.good_log(folder, key=key, since=since)["since"], 5)
        self.assertEqual(self.good_log(self.on_disk(after), key=NEXT_KEY)["size"], 14)
        self.refused("no handover leads", lambda: self.good_log(self.on_disk(after), key=KEY))
        self.assertEqual(self.good_log(self.on_disk(ended), key=KEY)["size"], 13)
        rewritten = ended.checkpoint(5, root=sha(b"another past"))
        self.refused("no prefix", lambda: self.good_log(self.on_disk(after), key=NEXT_KEY, since=rewritten))

    def test_handover_that_another_signed_leads_nowhere(self):
        _, after = self.handed_over()
        forged = Journal(after.parts[:13], OTHER)
        for handover in (self.handover(forged), {**self.handover(forged), "key": SIGNER.vkey}):
            with self.assertRaises(verify.Wrong):
                self.good_log(self.on_disk(after, handover), key=KEY)

    def test_key_that_was_succeeded_signs_nothing_beyond(self):
        ended, after = self.handed_over()
        on = Journal(after.parts, SIGNER)
        self.refused("another key", lambda: self.good_log(self.on_disk(on), key=KEY))
        early = Journal(after.parts, NEXT).checkpoint(5)
        self.refused("not this key's to sign", lambda: self.good_log(self.on_disk(after), key=NEXT_KEY, since=early))
        lineage, left = verify.follow(KEY, [json.dumps(self.handover(ended)).encode()])
        self.assertEqual((lineage.last(), left), (NEXT_KEY, []))
        verify.check_proof(json.dumps(after.proof(13)).encode(), lineage)
        verify.check_proof(json.dumps(ended.proof(3)).encode(), lineage)
        self.refused("not this key's to sign", verify.check_proof, json.dumps(on.proof(3)).encode(), lineage)

    def test_damaged_succession_is_refused(self):
        good = {"from": SIGNER.vkey, "to": NEXT.vkey}
        elsewhere = Signer(b"\x03" * 32, "h.example/f/akashi-clinic/t2")
        for changes in (
            {"succession": {**good, "to": SIGNER.vkey}}, {"succession": {**good, "to": elsewhere.vkey}},
            {"succession": {"from": SIGNER.vkey}}, {"succession": None}, {"succession": {**good, "to": OTHER.vkey}},
            {"subject": {"type": "Facility", "id": "other"}}, {"digest": "00" * 32}, {"kind": "journal.open"},
            {"subject": {"type": "Facility", "id": "akashi-clinic", "version": 1}},
        ):
            _, after = self.handed_over(**changes)
            with self.assertRaises(verify.Wrong, msg=str(changes)):
                self.good_log(self.on_disk(after), key=NEXT_KEY)
        # Whoever signs may name another key before: then no checkpoint of the key that was there fits.
        _, after = self.handed_over(succession={**good, "from": OTHER.vkey})
        since = Journal(after.parts, SIGNER).checkpoint(5)
        self.refused("no signature", lambda: self.good_log(self.on_disk(after), key=NEXT_KEY, since=since))
        stray = {**opening(), "kind": "access", "succession": good, "digest": "00" * 32}
        self.refused("do not belong together", verify.parse_entry, pack(stray), 3)

    def test_command_line_follows_handovers(self):
        ended, after = self.handed_over()
        proof = self.path("proof.json", json.dumps(after.proof(13)))
        handover = self.path("handover.json", json.dumps(self.handover(ended)))
        self.assertEqual(self.run_main("proof", proof, "--key", SIGNER.vkey)[0], 1)
        self.assertEqual(self.run_main("proof", proof, "--key", SIGNER.vkey, "--handover", handover)[0], 0)
        self.assertEqual(self.run_main("proof", proof, "--handover", handover)[0], 2)
        self.assertEqual(self.run_main("proof", proof, "--key", OTHER.vkey, "--handover", handover)[0], 2)
        self.assertEqual(self.run_main("proof", handover, "--key", SIGNER.vkey)[0], 0)


class Complete(Case):
    """Everything of a facility (formats.md, section 20)."""

    def export(self, journal=None):
        """Writes a complete export of a journal; `digest` binds what a test changes afterwards."""
        journal, folder = journal or small(), self.path("complete")
        shutil.rmtree(folder, ignore_errors=True)
        journal.write(os.path.join(folder, "log"))
        lines, current = {"salts.ndjson": [], "accesses.ndjson": []}, {}
        for position, (raw, salt, content) in enumerate(journal.parts):
            subject = json.loads(raw)["subject"]
            if content is not None:
                lines["salts.ndjson"].append(pack({"position": position, "salt": salt.hex()}))
                lines.setdefault(f"history/{subject['type']}.ndjson", []).append(content)
            if position:
                current[subject["id"]] = content
        lines["current/Patient.ndjson"] = [content for content in current.values() if content is not None]
        sizes = range(1, len(journal.parts) + 1)
        notes = [pack({"size": size, "time": moment(size), "note": journal.checkpoint(size)}) for size in sizes]
        for name, those in {**lines, "checkpoints.ndjson": notes, "imports.ndjson": []}.items():
            put(folder, name, b"".join(line + b"\n" for line in those))
        self.digest(folder, journal)
        return folder

    def digest(self, folder, journal=None):
        journal = journal or small()
        names = [name for name in verify.walk_files(folder) if name not in ("SHA256SUMS", "manifest.json")]
        put(folder, "SHA256SUMS", "".join(f"{verify.file_digest(folder, name)}  {name}\n" for name in names).encode())
        put(folder, "manifest.json", pack({
            "format": "akashi-complete/1", "facility": "akashi-clinic", "key": journal.signer.vkey,
            "entries": len(journal.parts), "checkpoint": journal.checkpoint(), "successor": None, "program": "0",
            "documents": [], "sums": verify.file_digest(folder, "SHA256SUMS"),
        }))

    def test_good_export_is_good(self):
        self.assertEqual(verify.check_complete(self.export(), KEY)["contents"], 10)
        self.assertEqual(self.run_main("complete", self.path("complete"), "--key", SIGNER.vkey)[0], 0)
        self.assertEqual(self.run_main("complete", self.path("complete"), "--key", OTHER.vkey)[0], 1)
        self.assertEqual(self.run_main("complete", self.folder)[0], 2)

    def test_what_is_not_as_listed_is_refused(self):
        for reason, damage in (
            ("is missing", lambda f: os.remove(os.path.join(f, "history/Patient.ndjson"))),
            ("not in the list", lambda f: put(f, "history/Extra.ndjson", b"")),
            ("another digest", lambda f: put(f, "salts.ndjson", b"x")),
            ("neither a file nor", lambda f: os.symlink("/etc/hostname", os.path.join(f, "link"))),
            ("SHA256SUMS is missing", lambda f: put(f, "SHA256SUMS", b"")),
        ):
            folder = self.export()
            damage(folder)
            self.refused(reason, verify.check_complete, folder, KEY)

    def test_what_contradicts_the_journal_is_refused_under_fresh_digests(self):
        def lines(name, change):
            def damage(folder):
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    changed = change(file.read().splitlines(keepends=True))
                put(folder, name, b"".join(changed))
            return damage

        for reason, damage in (
            ("digest is not that", lines("history/Patient.ndjson", lambda all: [all[1], all[0], *all[2:]])),
            ("ends before", lines("history/Patient.ndjson", lambda all: all[:-1])),
            ("belongs to no entry", lines("history/Patient.ndjson", lambda all: [*all, all[0]])),
            ("ends before", lines("salts.ndjson", lambda all: all[:-1])),
            ("does not open", lines("salts.ndjson", lambda all: [all[1], *all[1:]])),
            ("does not end", lines("salts.ndjson", lambda all: [*all[:-1], all[-1][:-1]])),
            ("not the current version", lines("current/Patient.ndjson", lambda all: [all[1], *all[1:]])),
            ("ends before", lines("current/Patient.ndjson", lambda all: all[:-1])),
            ("belongs to nothing", lambda f: put(f, "history/Observation.ndjson", b"{}\n")),
            ("belongs to nothing", lambda f: put(f, "current/Observation.ndjson", b"{}\n")),
            ("newest checkpoint", lines("checkpoints.ndjson", lambda all: all[:-1])),
            ("out of order", lines("checkpoints.ndjson", lambda all: [all[1], all[0], *all[2:]])),
            ("another size", lines("checkpoints.ndjson", lambda all: [all[0].replace(b'"size":1', b'"size":2'), *all[1:]])),
        ):
            folder = self.export()
            damage(folder)
            self.digest(folder)
            with self.subTest(reason):
                self.refused(reason, verify.check_complete, folder, KEY)

    def test_contents_stay_behind_only_where_they_may(self):
        entry, salt, content = identity("create", "dr-1", 1, 30)
        entry["subject"]["type"] = "AkashiFactor"
        content = content.replace(b"AkashiAccount", b"AkashiFactor")
        entry["digest"] = hashlib.sha256(b"akashi-content-v1\0" + salt + content).hexdigest()
        journal = Journal(small_parts() + [(entry, salt, None)], SIGNER)
        folder = self.export(journal)
        with open(os.path.join(folder, "salts.ndjson"), "ab") as file:
            file.write(b'{"position":12,"salt":null}\n')
        put(folder, "current/Patient.ndjson", b"".join(c + b"\n" for c in self.currents()))
        self.digest(folder, journal)
        self.assertEqual(verify.check_complete(folder, KEY)["contents"], 10)
        put(folder, "salts.ndjson", pathlib.Path(folder, "salts.ndjson").read_bytes().replace(b"null", pack(salt.hex())))
        self.digest(folder, journal)
        self.refused("stays behind", verify.check_complete, folder, KEY)

    @staticmethod
    def currents():
        current = {}
        for raw, _, content in small().parts[1:]:
            current[json.loads(raw)["subject"]["id"]] = content
        return [content for content in current.values() if content is not None]


class Bundles(Case):
    """Reports with facts and proofs in one file (formats.md, section 19)."""

    AS_OF = "2026-04-01T00:00:31.000000Z"
    FACTS = [{"key": "runtime.x", "value": 99.5}, {"key": "person.y", "value": True}]

    @staticmethod
    def kept(kind, record_id, second, body):
        """(entry, salt, content) of something that is kept."""
        salt = bytes([second]) * 32
        meta = {"versionId": "1", "lastUpdated": moment(second)}
        content = pack({"resourceType": kind, "id": record_id, "meta": meta, "format": 1, "body": body})
        entry = {"v": 1, "kind": "identity.create", "time": moment(second), "actor": {"kind": "system", "id": "console"}}
        entry["subject"] = {"type": kind, "id": record_id, "version": 1}
        entry["digest"] = hashlib.sha256(b"akashi-content-v1\0" + salt + content).hexdigest()
        return entry, salt, content

    def members(self, entered=None, said=None, facts=None, journal_of=None):
        """The members of a bundle of a report on one assessment, which stands at 12; the report at 13."""
        assessed = {"at": moment(30), "assessment": {"edition": "mhlw-7.0", "side": None}, "facts": self.FACTS}
        paper = {
            "kind": "gaps", "edition": "mhlw-7.0", "language": "ja", "facility": "さくら", "version": 3,
            "as_of": self.AS_OF, "positions": [12], **(said or {}),
        }
        listed = [{
            "position": 12, "record": "AkashiAssessment/a", "version": 1, "edition": "mhlw-7.0", "side": None,
            "at": moment(30), "facts": self.FACTS,
        }]
        files = dict.fromkeys(verify.REPORT_FILES, b"a file")
        files["report.json"] = pack(paper)
        files["facts.json"] = pack(facts or {"format": "akashi-report-facts/1", "assessments": listed})
        body = {
            "form": "gaps", "edition": "mhlw-7.0", "language": "ja", "facility": "さくら", "version": 3, "output": "bundle",
            "as_of": self.AS_OF, "positions": [12],
            "files": [{"name": n, "sha256": sha(raw).hex(), "bytes": len(raw)} for n, raw in files.items()],
            **(entered or {}),
        }
        parts = small_parts() + [
            self.kept("AkashiAssessment", "a", 30, assessed), self.kept("AkashiReport", "gaps", 31, body),
        ]
        journal = Journal(parts, journal_of or SIGNER)

        def proof(index):
            return (json.dumps(journal.proof(index), indent=2, ensure_ascii=False) + "\n").encode()

        return {**files, verify.REPORT_PROOF: proof(13), verify.assessment_proof(1): proof(12)}

    def bundle(self, members=None):
        return verify.write_members(members or self.members(), self.AS_OF)

    def test_good_bundle_is_good_and_any_program_opens_it(self):
        raw = self.bundle()
        result = verify.check_bundle(raw, KEY)
        self.assertEqual((result["form"], result["report_version"], result["assessments"]), ("gaps", 3, 1))
        with zipfile.ZipFile(io.BytesIO(raw)) as opened:
            self.assertIsNone(opened.testzip())
            self.assertEqual({info.date_time for info in opened.infolist()}, {(2026, 4, 1, 9, 0, 30)})
            self.assertEqual(opened.namelist(), list(self.members()))
        path = self.path("good.zip", raw)
        self.assertEqual(self.run_main("bundle", path, "--key", SIGNER.vkey)[0], 0)
        status, out, _ = self.run_main("bundle", path)
        self.assertIn("the key was not compared", out)
        self.assertEqual(status, 0)
        self.assertEqual(self.run_main("bundle", path, "--key", OTHER.vkey)[0], 1)

    def test_every_changed_byte_is_refused(self):
        raw = self.bundle()
        for place in range(0, len(raw), 7):
            changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
            with self.subTest(place), self.assertRaises(verify.Wrong):
                verify.check_bundle(changed, None)
        for changed in (raw + b"x", raw[:-1], b"", b"PK\x03\x04"):
            with self.assertRaises(verify.Wrong):
                verify.check_bundle(changed, None)

    def test_what_contradicts_itself_is_refused_though_it_is_signed(self):
        listed = {"format": "akashi-report-facts/1", "assessments": []}
        for reason, members in (
            ("another version", self.members(said={"version": 4})),
            ("another as_of", self.members(said={"as_of": moment(1)})),
            ("other facts", self.members(facts=listed)),
            ("not that of a bundle", self.members(entered={"output": "pdf"})),
            ("other files", self.members(entered={"files": []})),
            ("one too many", self.members(entered={"positions": []})),
            ("another version", self.members(entered={"version": 9})),
            ("rests on", self.members(entered={"positions": [11]}, said={"positions": [11]})),
        ):
            with self.subTest(reason):
                self.refused(reason, verify.check_bundle, self.bundle(members), KEY)
        self.assertEqual(verify.check_bundle(self.bundle(self.members(said={"edition": None})), KEY)["position"], 13)

    def test_members_that_do_not_belong_are_refused(self):
        good = self.members()
        swapped = {verify.REPORT_PROOF: good[verify.assessment_proof(1)], verify.assessment_proof(1): good[verify.REPORT_PROOF]}
        spaced = good[verify.REPORT_PROOF].replace(b"\n  ", b"\n   ", 1)
        for reason, members in (
            ("one too many", {**good, "extra.txt": b""}),
            ("is missing", {name: raw for name, raw in good.items() if name != verify.assessment_proof(1)}),
            ("one too many", {name: raw for name, raw in good.items() if name != "README.md"}),
            ("digest differs", {**good, "report.pdf": b"b file"}),
            ("none of the type", {**good, **swapped}),
            ("not written as proof", {**good, verify.REPORT_PROOF: spaced}),
            ("several journals", {**good, verify.assessment_proof(1): self.of_another()}),
        ):
            with self.subTest(reason):
                self.refused(reason, verify.check_bundle, self.bundle(members), None)

    def of_another(self):
        """The proof of the same assessment in the journal of somebody else."""
        other = Signer(b"\x05" * 32, SIGNER.name[:-1] + "x")
        return self.members(journal_of=other)[verify.assessment_proof(1)]

    def test_hostile_archives_are_refused(self):
        for name in ("../x", "/etc/passwd", "a//b", "a/../b", "", "a\\b", "x" * 101, ".hidden"):
            with self.subTest(name):
                self.refused("none has in a bundle", verify.read_members, self.bundle({name: b"x"}))
        twice = self.bundle({"a": b"1"})
        head = twice[: 30 + 1 + 1]
        self.refused("twice", verify.read_members, head + twice)
        self.refused("more than", verify.read_members, self.bundle({f"m{n}": b"" for n in range(33)}))
        bomb = self.bundle({"a": b"1"})
        self.refused("ends within", verify.read_members, bomb[:22] + b"\xff" * 4 + bomb[26:])
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, raw in self.members().items():
                archive.writestr(name, raw)
        with self.assertRaises(verify.Wrong):
            verify.check_bundle(packed.getvalue(), None)


if __name__ == "__main__":
    unittest.main()
