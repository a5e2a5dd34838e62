"""Starts Emberlink once for all tests, and resets it before each."""

import json
import os
import subprocess
import urllib.error
import urllib.request

import pytest

EMAIL, TOKEN = "ana@example.com", "0123456789abcdef"


class Emberlink:
    def __init__(self, ready):
        self.url = ready["url"]
        self.email, self.token = EMAIL, TOKEN
        self._control = ready["control"]

    def control(self, method, path, body=None):
        request = urllib.request.Request(
            self._control["url"] + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._control['token']}"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error


@pytest.fixture(scope="session")
def emberlink_process():
    command = os.environ.get("EMBERLINK", "npx emberlink").split()
    command += ["serve", "--ephemeral", "--account", f"{EMAIL}:{TOKEN}"]
    # The server stops when its standard input closes: at the end of this block, or when Python dies.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Emberlink(json.loads(process.stdout.readline()))


@pytest.fixture
def emberlink(emberlink_process):
    emberlink_process.control("POST", "/reset")
    return emberlink_process
