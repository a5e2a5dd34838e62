// Package secrets is the code under test: it shares and reveals secrets.
package secrets

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

var (
	// ErrGone means that the secret was revealed or burned, or has expired.
	ErrGone = errors.New("the secret is gone")
	// ErrAnswerLost means that the secret may be gone: ask the sender for another one.
	ErrAnswerLost = errors.New("the connection closed before the answer came")
)

// Client has an account on a server.
type Client struct{ URL, Email, Token string }

// Shared is what the sender gets.
type Shared struct {
	Custid    string `json:"custid"`
	SecretKey string `json:"secret_key"`
}

// Share shares a secret.
func (c Client) Share(params url.Values) (shared Shared, err error) {
	return shared, c.post("/share", params, &shared)
}

// Reveal reveals a secret, which is gone after that.
func (c Client) Reveal(key string) (string, error) {
	var revealed struct {
		Value string `json:"value"`
	}
	err := c.post("/secret/"+key, nil, &revealed)
	if errors.Is(err, io.EOF) {
		return "", ErrAnswerLost
	}
	return revealed.Value, err
}

func (c Client) post(path string, params url.Values, into any) error {
	request, err := http.NewRequest("POST", c.URL+"/api/v1"+path, strings.NewReader(params.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(c.Email, c.Token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
		return json.NewDecoder(answer.Body).Decode(into)
	case http.StatusNotFound:
		return ErrGone
	default:
		return fmt.Errorf("%s answered %s", path, answer.Status)
	}
}
