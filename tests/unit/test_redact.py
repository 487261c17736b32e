"""That secrets do not get through, and that what is not one does."""

from __future__ import annotations

import base64
import itertools
import json
import time
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.gateway.calllog.redact import PARSED_BYTES, Redactor
from ostiary.gateway.calllog.secret_patterns import MASK, SHAPES, announces_secret, mask_shapes

LIMIT = 16_384
KNOWN = "p4ss/wörd&1"


def body(value: object, *known: str, limit: int = LIMIT) -> str:
    return Redactor(known).body(json.dumps(value).encode(), limit)


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "a1B2" * 9,
        "github_pat_" + "a1B2" * 9,
        "glpat-" + "a1B2" * 5,
        "sk-ant-api03-" + "a1B2" * 5,
        "sk-proj-" + "a1B2" * 5,
        "xoxb-123456789012-abcdef",
        "AKIAIOSFODNN7EXAMPLE",
        "AIza" + "a1B2" * 9,
        "sk_live_" + "a1B2" * 5,
        "npm_" + "a1B2" * 9,
        "hf_" + "a1B2" * 8,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r and it is cut",
    ],
)
def test_a_well_known_secret_is_masked_within_any_text(secret: str) -> None:
    assert Redactor().text(f"see ({secret}") == f"see ({MASK}"
    assert Redactor().text(f"@@ -1 +1 @@\n-{secret}") == f"@@ -1 +1 @@\n-{MASK}"
    assert secret.splitlines()[-1] not in body({"content": [{"type": "text", "text": f"x={secret} "}]})


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Authorization: Bearer abcdefgh12345", f"Authorization: {MASK}"),
        ("use bearer abcdefgh12345.", f"use bearer {MASK}"),
        ("Basic dXNlcjpwYXNz", f"Basic {MASK}"),
        ("Set-Cookie: a=1; b=2\nnext", f"Set-Cookie: {MASK}\nnext"),
        ("postgres://me:hunter2@db/x", f"postgres://me:{MASK}@db/x"),
        ("https://x.org/?a=1&token=abcdef&b=2", f"https://x.org/?a=1&token={MASK}&b=2"),
        ("AWS_SECRET_ACCESS_KEY=wJalrXUtn", f"AWS_SECRET_ACCESS_KEY={MASK}"),
        ("DB_PASSWORD='two words'", f"DB_PASSWORD='{MASK}'"),
        ('{"apiKey": "abc", "n": 1}', f'{{"apiKey": "{MASK}", "n": 1}}'),
        (r"{\"password\":\"abc\"}", rf"{{\"password\":\"{MASK}\"}}"),
        (r'{"password": "a\"b"}', f'{{"password": "{MASK}"}}'),
        ("password: hunter2", f"password: {MASK}"),
        ("SMTP_PASS=hunter2 x", f"SMTP_PASS={MASK} x"),
        ("'password' => 'two words',", f"'password' => '{MASK}',"),
        ("<password>hunter2</password>", f"<password>{MASK}"),
        (
            "https://x.org/?next=https%3A%2F%2Fy%3Ftoken%3Dabcdef&b=2",
            f"https://x.org/?next=https%3A%2F%2Fy%3Ftoken%3D{MASK}&b=2",
        ),
        ("mysql --db-password hunter2 -h x", f"mysql --db-password {MASK} -h x"),
        ('"args": ["--token", "abc", "-v"]', f'"args": ["--token", "{MASK}", "-v"]'),
        ("--token --verbose", "--token --verbose"),
        ("Cookie: " + "a=1; " * 1_000 + "b=2\nnext", f"Cookie: {MASK}\nnext"),
        ('"password": "' + "x" * 5_000 + '", "n": 1', f'"password": "{MASK}", "n": 1'),
        ("q+A=\nMIIE\n-----END RSA PRIVATE KEY-----\nnext", f"{MASK}-----END RSA PRIVATE KEY-----\nnext"),
    ],
)
def test_what_stands_beside_a_telling_name_in_a_text_is_masked(text: str, masked: str) -> None:
    assert Redactor().text(text) == masked


def test_a_letter_that_is_longer_in_lower_case_moves_no_mask() -> None:
    secret = "ghp_" + "a1B2" * 9
    assert Redactor().text(f"\u0130\u0130 {secret} \u0130") == f"\u0130\u0130 {MASK} \u0130"


_STARTS = (
    *("ghp_", "ghs_", "gh", "github_pat_", "glpat-", "sk-", "xoxb-", "xapp-", "AKIA", "ASIA", "AIza", "ya29.", "SG."),
    *(
        "GOCSPX-",
        "sk_live_",
        "rk_test_",
        "pk_",
        "whsec_",
        "npm_",
        "pypi-",
        "hf_",
        "dop_v1_",
        "eyJ",
        "BEARER\t",
        "basic ",
    ),
    *("-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", "Cookie", "authorization", "a://b", "Passwd"),
    *(
        "secret_key",
        "TOKEN",
        "api_key",
        "ApiKey",
        "access-key",
        "privatekey",
        "credentials",
        "\u017fecret",
        "ap\u0131key",
    ),
)
_BETWEEN = (
    ":",
    "=",
    "@",
    '="',
    '\\":\\"',
    "'",
    '"',
    " ",
    "\n",
    "\r\n",
    ".",
    "-",
    "_",
    "/",
    "(",
    ";",
    "\u00e9",
    "\u0130",
    MASK,
)
_RUNS = st.from_regex(r"[A-Z0-9]{16,20}|[a-z0-9_-]{3,16}|\w{10,50}", fullmatch=True)
_LIKE_SECRETS = st.tuples(st.sampled_from(_STARTS), st.sampled_from(("", "", *_BETWEEN)), _RUNS).map("".join)
_PIECES = _LIKE_SECRETS | st.sampled_from(_BETWEEN) | st.text()


def _sought_all_over(text: str) -> str:
    """As ``mask_shapes`` masks, without its quick looks."""
    for shape in SHAPES:
        text = shape.expression.sub(shape.replacement, text)
    return text


@given(st.lists(_PIECES, max_size=10).map("".join))
def test_no_text_is_cleared_in_which_an_expression_finds_a_secret(text: str) -> None:
    assert mask_shapes(text) == _sought_all_over(text)


@pytest.mark.parametrize("start", _STARTS)
def test_no_beginning_of_a_secret_is_overlooked(start: str) -> None:
    runs = ("a", "A1b2", "a1_B2" * 3, "A1" * 8, "a1B2" * 12, "a1B2" * 5 + "." + "a1B2" * 5)
    for between, run in itertools.product(("", *_BETWEEN), runs):
        text = start + between + run
        assert mask_shapes(text) == _sought_all_over(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a basic understanding of tokens: 512",
        "the secretary came",
        "https://example.com:8080/path?x=1",
        "task-management-for-everyone",
        "monkey = banana",
        "bypass: 12 of 13",
        "git log --oneline --stat",
        "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
        "def tokenize(text): ...",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert Redactor().text(text) == text


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("password", True),
        ("DB_PASSWORD", True),
        ("apiKey", True),
        ("APIKey", True),
        ("x-api-key", True),
        ("clientSecret", True),
        ("auth_token", True),
        ("Authorization", True),
        ("private_key", True),
        ("PGPASSWORD", True),
        ("NGROK_AUTHTOKEN", True),
        ("clientsecret", True),
        ("secretaccesskey", True),
        ("passwords", True),
        ("api_keys", True),
        ("SMTP_PASS", True),
        ("pass", True),
        ("pass_rate", False),
        ("bypass", False),
        ("maxTokens", False),
        ("maxtokens", False),
        ("key", False),
        ("secretary", False),
        ("path", False),
        ("", False),
    ],
)
def test_a_name_announces_a_secret_by_its_words(name: str, secret: bool) -> None:
    assert announces_secret(name) is secret


def test_everything_under_a_telling_name_is_masked_whatever_its_kind() -> None:
    value = {"token": "abc", "secrets": {"a": [1, "two"]}, "password": 12345, "credentials": None, "a": [{"pwd": "x"}]}
    assert json.loads(body(value)) == {
        "token": MASK,
        "secrets": MASK,
        "password": MASK,
        "credentials": None,
        "a": [{"pwd": MASK}],
    }


@pytest.mark.parametrize(
    "written",
    [
        KNOWN,
        quote(KNOWN, safe=""),
        quote(KNOWN),
        quote(KNOWN, safe="").lower(),
        quote_plus(KNOWN),
        json.dumps(KNOWN)[1:-1],
        *(base64.b64encode(b"x" * before + KNOWN.encode() + b"y" * 3).decode()[4:-4] for before in (3, 4, 5)),
        base64.urlsafe_b64encode(KNOWN.encode()).decode(),
    ],
)
def test_a_known_value_is_masked_however_it_is_written(written: str) -> None:
    assert MASK in Redactor([KNOWN]).text(f"<{written}>")
    assert written[2:-2] not in body({"note": [f"<{written}>"]}, KNOWN)


@pytest.mark.parametrize(
    "written",
    [
        r"a/b+c&<d>\"e'\u00f6",  # Python
        r"a/b+c\u0026\u003cd\u003e\"e'ö",  # Go
        r"a\/b+c&<d>\"e'\u00f6",  # PHP
        r"a/b\u002Bc\u0026\u003Cd\u003E\u0022e\u0027\u00F6",  # .NET
        "a/b+c&amp;&lt;d&gt;&quot;e&#x27;ö",
        "a/b+c&amp;&lt;d&gt;&#34;e&#39;ö",
    ],
)
def test_a_known_value_is_masked_as_each_encoder_escapes_it(written: str) -> None:
    assert Redactor(["a/b+c&<d>\"e'ö"]).text(f'{{"note":"{written}"}}') == f'{{"note":"{MASK}"}}'


def test_a_known_value_is_masked_as_a_name_as_a_number_and_line_by_line() -> None:
    lines = "first line of the secret\nsecond line of the secret"
    text = body({"12345678": 12345678, "diff": "+second line of the secret"}, "12345678", lines)
    assert json.loads(text) == {MASK: MASK, "diff": f"+{MASK}"}


def test_a_value_is_masked_by_the_name_beside_or_before_it() -> None:
    value = {
        "headers": [{"name": "Authorization", "value": "abc"}, {"name": "Accept", "value": "text"}],
        "fields": [{"selector": "#password", "value": "abc"}],
        "env": {"key": "API_TOKEN", "value": "abc"},
        "args": ["--token", "abc", "--verbose", "yes", "--password"],
        "required": ["token", "path"],
    }
    assert json.loads(body(value)) == {
        "headers": [{"name": "Authorization", "value": MASK}, {"name": "Accept", "value": "text"}],
        "fields": [{"selector": "#password", "value": MASK}],
        "env": {"key": "API_TOKEN", "value": MASK},
        "args": ["--token", MASK, "--verbose", "yes", "--password"],
        "required": ["token", "path"],
    }


def test_members_whose_names_are_masked_to_the_same_are_all_kept() -> None:
    value = {f"/notes/sk-{letter * 20}": letter for letter in "abc"}
    assert json.loads(body(value)) == {f"/notes/{MASK}": "a", f"/notes/{MASK} (2)": "b", f"/notes/{MASK} (3)": "c"}


@given(st.text(min_size=4).filter(lambda text: text.isprintable()), st.text(), st.text())
def test_no_known_value_gets_through_in_any_surroundings(known: str, before: str, after: str) -> None:
    text = msgspec.json.encode({"a": before + known + after})
    kept = json.loads(Redactor([known]).body(text, 10_000))["a"]
    assert known not in kept.replace(MASK, "\0")


def test_a_secret_at_the_cut_is_not_cut_in_half_unseen() -> None:
    for limit in range(1, 80):
        assert "hunter" not in body("x" * 40 + " hunter2hunter2", "hunter2hunter2", limit=limit)


@pytest.mark.parametrize("known", [(), ("correct horse battery staple",)])
def test_of_a_long_list_of_secrets_none_is_cut_in_half_unseen(known: tuple[str, ...]) -> None:
    secret = known[0] if known else "ghp_" + "a1B2" * 9
    for shift in range(len(secret) + 1):
        kept = body("+" * shift + f"{secret}\n" * 1_000, *known)
        assert secret[:5] not in kept
        assert kept.count(MASK) > 10


def test_what_is_kept_is_never_longer_than_the_limit_and_tells_that_it_was_cut() -> None:
    values: list[Any] = ["x" * 100_000, ["ab"] * 50_000, {str(n): n for n in range(50_000)}, [[[["y" * 50_000]]]]]
    for value in values:
        text = body(value, limit=1000)
        assert len(text) <= 1001
        assert "…" in text


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"\xff", b'"\\ud800"', b"[" * 100_000, b'"' + b"x" * PARSED_BYTES + b'"'],
    ids=range(6),
)
def test_a_body_that_cannot_be_read_is_not_kept(raw: bytes) -> None:
    assert Redactor().body(raw, LIMIT) == f"(not kept: {len(raw):,} bytes)"


def test_numbers_of_any_size_are_kept() -> None:
    assert body([1, -2.5, True, None, 10**30]).startswith("[1,-2.5,true,null,")


@pytest.mark.parametrize(
    "piece",
    [
        *("eyJ-", "token", "a.a://", "-----BEGIN PRIVATE KEY-----", "sk-", "basic ", "key:", '\\"', "--a", "--token "),
        *("token>", 'token:"', "a -----END PRIVATE KEY", "-----END PRIVATE KEY" + "a " * 20_000 + "."),
    ],
    ids=range(14),
)
def test_hostile_text_is_masked_in_time_that_grows_with_its_length_only(piece: str) -> None:
    started = time.process_time()
    Redactor(["known value"]).text(piece * (400_000 // len(piece)))
    assert time.process_time() - started < 5  # a quadratic expression takes minutes
