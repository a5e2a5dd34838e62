"""The code under test: shares and reveals secrets."""

import base64
import http.client
import json
import urllib.error
import urllib.parse
import urllib.request


class SecretGone(Exception):
    """The secret was revealed or burned, or has expired."""


class AnswerLost(Exception):
    """The secret may be gone: the connection closed before the answer came. Ask the sender for another one."""


class SecretsClient:
    def __init__(self, url, email, token):
        self._api = url + "/api/v1"
        credentials = base64.b64encode(f"{email}:{token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}"}

    def share(self, **params):
        return self._post("/share", params)

    def reveal(self, secret_key):
        try:
            return self._post(f"/secret/{secret_key}", {})["value"]
        except urllib.error.HTTPError as error:
            if error.code == 404:
                raise SecretGone from error
            raise
        except http.client.RemoteDisconnected as error:
            raise AnswerLost from error

    def _post(self, path, params):
        body = urllib.parse.urlencode(params).encode()
        request = urllib.request.Request(self._api + path, body, self._headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
