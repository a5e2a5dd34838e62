package secrets

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const email, token = "ana@example.com", "0123456789abcdef"

// emberlink is the ready line of the server.
var emberlink struct {
	URL     string
	Control struct{ URL, Token string }
}

func TestMain(m *testing.M) {
	stop := start()
	status := m.Run()
	stop()
	os.Exit(status)
}

func start() (stop func()) {
	command := strings.Fields(os.Getenv("EMBERLINK"))
	if len(command) == 0 {
		command = []string{"npx", "emberlink"}
	}
	command = append(command, "serve", "--ephemeral", "--account", email+":"+token)
	server := exec.Command(command[0], command[1:]...)
	server.Stderr = os.Stderr
	// The server stops when its standard input closes: in stop, or when this process dies.
	stdin, err := server.StdinPipe()
	must(err)
	stdout, err := server.StdoutPipe()
	must(err)
	must(server.Start())
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	must(err)
	must(json.Unmarshal(line, &emberlink))
	return func() {
		stdin.Close()
		must(server.Wait())
	}
}

// control calls the control API. into may be nil.
func control(t *testing.T, method, path, body string, into any) {
	t.Helper()
	request, err := http.NewRequest(method, emberlink.Control.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+emberlink.Control.Token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		message, _ := io.ReadAll(answer.Body)
		t.Fatalf("%s %s answered %s", method, path, message)
	}
	if into != nil {
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
