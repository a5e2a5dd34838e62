import pytest

from secrets_client import AnswerLost, SecretGone, SecretsClient


@pytest.fixture
def client(emberlink):
    return SecretsClient(emberlink.url, emberlink.email, emberlink.token)


def test_reveals_a_secret_once(client, emberlink):
    shared = client.share(secret="tulip", ttl=3600)
    assert shared["custid"] == emberlink.email
    assert client.reveal(shared["secret_key"]) == "tulip"
    with pytest.raises(SecretGone):
        client.reveal(shared["secret_key"])


def test_knows_an_expired_secret(client, emberlink):
    shared = client.share(secret="tulip", ttl=3600)
    emberlink.control("POST", "/clock", {"advance": 3601})
    with pytest.raises(SecretGone):
        client.reveal(shared["secret_key"])


def test_emails_the_link(client, emberlink):
    shared = client.share(secret="tulip", recipient="bo@example.com")
    [email] = emberlink.control("GET", "/emails")["emails"]
    assert email["to"] == "bo@example.com"
    assert email["link"] == f"{emberlink.url}/secret/{shared['secret_key']}"


def test_does_not_take_a_lost_answer_for_a_secret_that_is_left(client, emberlink):
    shared = client.share(secret="tulip")
    emberlink.control("POST", "/faults", {"fault": "cut-after", "operation": "reveal"})
    with pytest.raises(AnswerLost):
        client.reveal(shared["secret_key"])
    with pytest.raises(SecretGone):
        client.reveal(shared["secret_key"])


def test_starts_without_the_emails_of_other_tests(emberlink):
    assert emberlink.control("GET", "/emails")["emails"] == []
