"""Apps and a service written with Authlib, a client library of others: SMART standalone launch and backend services.

Arguments: FHIR base, file with the CA, a patient's id, and the person's account, password and one-time code. Prints the
service's public keys as one line of JSON, waits for a line that says they are registered, and ends with `good`.
"""

import json
import re
import sys
import time
from urllib.parse import urljoin, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey
from authlib.oauth2.rfc7523 import PrivateKeyJWT

BASE, CA, PATIENT, ACCOUNT, PASSWORD, CODE = sys.argv[1:]
BACK = "https://app.example/back"
SCOPE = "launch/patient online_access patient/*.rs"


def trusting(session):
    """A session that trusts the facility's CA, whatever the surroundings say of CAs and proxies."""
    session.trust_env = False
    session.verify = CA
    return session


class Person:
    """A person's browser: follows what the pages say, and keeps cookies."""

    def __init__(self):
        self.session = trusting(requests.Session())

    def send(self, page, form):
        parts = urlsplit(page)
        origin = {"Origin": f"{parts.scheme}://{parts.netloc}", "Sec-Fetch-Site": "same-origin"}
        return self.session.post(page, data=form, headers=origin, allow_redirects=False)

    def allow(self, address):
        first = self.session.get(address, allow_redirects=False)
        assert first.status_code == 200, first.text
        page = urljoin(address, re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', first.text)[1])
        assert 'name="password"' in self.session.get(page).text
        shown = self.send(page, {"account": ACCOUNT, "password": PASSWORD, "code": CODE})
        assert shown.status_code == 200, shown.text
        consent = re.search(r'name="consent" value="([^"]+)"', shown.text)[1]
        back = self.send(page, {"consent": consent, "decision": "allow", "patient": PATIENT})
        assert back.status_code == 303, back.text
        return back.headers["Location"]


def launch(told):
    """A public app with PKCE, whose token is refreshed and given back."""
    app = OAuth2Session(
        "viewer", redirect_uri=BACK, scope=SCOPE, code_challenge_method="S256", token_endpoint_auth_method="none"
    )
    trusting(app)
    verifier = generate_token(64)
    address, state = app.create_authorization_url(told["authorization_endpoint"], code_verifier=verifier, aud=BASE)
    location = Person().allow(address)
    assert location.startswith(BACK + "?"), location
    token = app.fetch_token(
        told["token_endpoint"], authorization_response=location, state=state, code_verifier=verifier
    )
    assert (token["patient"], token["scope"]) == (PATIENT, SCOPE), token
    assert app.get(f"{BASE}/Patient/{PATIENT}").status_code == 200
    old = dict(token)
    new = app.refresh_token(told["token_endpoint"], refresh_token=token["refresh_token"])
    assert new["refresh_token"] != old["refresh_token"]
    assert app.get(f"{BASE}/Patient/{PATIENT}").status_code == 200
    given = app.revoke_token(told["revocation_endpoint"], token=new["refresh_token"])
    assert given.status_code == 200, given.text
    bearer = {"Authorization": "Bearer " + new["access_token"]}
    assert trusting(requests.Session()).get(f"{BASE}/Patient/{PATIENT}", headers=bearer).status_code == 401


def serve(told):
    """A service that signs with a key of its own."""
    key = JsonWebKey.generate_key("EC", "P-384", options={"kid": "authlib"}, is_private=True)
    public = json.loads(key.as_json(is_private=False))
    print(json.dumps({"keys": [public]}), flush=True)
    assert sys.stdin.readline().strip() == "registered"
    service = OAuth2Session("batch", key, token_endpoint_auth_method="private_key_jwt", scope="system/*.rs")
    trusting(service)
    claims = {"exp": int(time.time()) + 240}
    service.register_client_auth_method(PrivateKeyJWT(told["token_endpoint"], claims=claims, alg="ES384"))
    token = service.fetch_token(told["token_endpoint"], grant_type="client_credentials")
    assert token["scope"] == "system/*.rs", token
    assert service.get(f"{BASE}/Patient/{PATIENT}").status_code == 200


def main():
    told = trusting(requests.Session()).get(f"{BASE}/.well-known/smart-configuration").json()
    launch(told)
    serve(told)
    print("good")


main()
