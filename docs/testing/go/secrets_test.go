package secrets

import (
	"errors"
	"net/url"
	"testing"
)

type emails struct{ Emails []struct{ To, Link string } }

// newClient resets the server, and returns a client of its account.
func newClient(t *testing.T) Client {
	t.Helper()
	control(t, "POST", "/reset", "", nil)
	return Client{URL: emberlink.URL, Email: email, Token: token}
}

func share(t *testing.T, client Client, params url.Values) Shared {
	t.Helper()
	shared, err := client.Share(params)
	if err != nil {
		t.Fatal(err)
	}
	return shared
}

func expectError(t *testing.T, client Client, key string, expected error) {
	t.Helper()
	if value, err := client.Reveal(key); !errors.Is(err, expected) {
		t.Fatalf("revealed %q, %v; expected %v", value, err, expected)
	}
}

func TestRevealsASecretOnce(t *testing.T) {
	client := newClient(t)
	shared := share(t, client, url.Values{"secret": {"tulip"}, "ttl": {"3600"}})
	if shared.Custid != email {
		t.Fatalf("shared as %q", shared.Custid)
	}
	if value, err := client.Reveal(shared.SecretKey); value != "tulip" || err != nil {
		t.Fatalf("revealed %q, %v", value, err)
	}
	expectError(t, client, shared.SecretKey, ErrGone)
}

func TestKnowsAnExpiredSecret(t *testing.T) {
	client := newClient(t)
	shared := share(t, client, url.Values{"secret": {"tulip"}, "ttl": {"3600"}})
	control(t, "POST", "/clock", `{"advance": 3601}`, nil)
	expectError(t, client, shared.SecretKey, ErrGone)
}

func TestEmailsTheLink(t *testing.T) {
	client := newClient(t)
	shared := share(t, client, url.Values{"secret": {"tulip"}, "recipient": {"bo@example.com"}})
	var sent emails
	control(t, "GET", "/emails", "", &sent)
	if len(sent.Emails) != 1 || sent.Emails[0].To != "bo@example.com" ||
		sent.Emails[0].Link != emberlink.URL+"/secret/"+shared.SecretKey {
		t.Fatalf("sent %+v", sent)
	}
}

func TestDoesNotTakeALostAnswerForASecretThatIsLeft(t *testing.T) {
	client := newClient(t)
	shared := share(t, client, url.Values{"secret": {"tulip"}})
	control(t, "POST", "/faults", `{"fault": "cut-after", "operation": "reveal"}`, nil)
	expectError(t, client, shared.SecretKey, ErrAnswerLost)
	expectError(t, client, shared.SecretKey, ErrGone)
}

func TestStartsWithoutTheEmailsOfOtherTests(t *testing.T) {
	newClient(t)
	var sent emails
	control(t, "GET", "/emails", "", &sent)
	if len(sent.Emails) != 0 {
		t.Fatalf("sent %+v", sent)
	}
}
