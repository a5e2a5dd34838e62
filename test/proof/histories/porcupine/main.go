// Judges histories with Porcupine, a linearizability checker that others wrote and tested. It knows the specification in words of
// its own, so that a mistake in ours does not go unnoticed. Prints one line for each file: its name, and "ok" or "illegal" with
// the numbers of the secrets.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"sort"
	"time"

	"github.com/anishathalye/porcupine"
)

// How long one secret may take. None has many requests.
const patience = time.Minute

type state string

// A line of a history: see history.ts.
type request struct {
	Format int       `json:"format"`
	Secret int       `json:"secret"`
	Call   string    `json:"call"`
	Answer string    `json:"answer"`
	From   float64   `json:"from"`
	To     float64   `json:"to"`
	Age    []float64 `json:"age"`
	TTL    float64   `json:"ttl"`
	ttl    float64
}

// The state after a request and its only right answer.
func step(s state, call string, expired, forgotten bool) (state, string) {
	open := s == "available" && !expired
	switch {
	case call == "create" && s == "none":
		return "available", "created"
	case call == "reveal" && open:
		return "revealed", "value"
	case call == "burn" && open:
		return "burned", "burned"
	case call == "attempt" && open:
		return s, "incorrect passphrase"
	case call == "peek" && open:
		return s, "available"
	case call != "view" || s == "none" || forgotten:
		return s, "unknown"
	case open:
		return s, "pending"
	case s == "available":
		return s, "expired"
	default:
		return s, string(s)
	}
}

var model = porcupine.NondeterministicModel{
	Init:  func() []interface{} { return []interface{}{state("none")} },
	Equal: func(a, b interface{}) bool { return a == b },
	Step: func(before, input, _ interface{}) []interface{} {
		r := input.(request)
		unclear := r.Answer == "unclear"
		youngest, oldest := 0.0, 0.0
		if len(r.Age) == 2 {
			youngest, oldest = r.Age[0], r.Age[1]
		}
		var after []interface{}
		if unclear || r.Answer == "refused" {
			after = append(after, before)
		}
		try := func(expired, forgotten bool) {
			next, answer := step(before.(state), r.Call, expired, forgotten)
			if unclear || answer == r.Answer {
				after = append(after, next)
			}
		}
		if youngest < r.ttl {
			try(false, false)
		}
		if youngest < 2*r.ttl && oldest >= r.ttl {
			try(true, false)
		}
		if oldest >= 2*r.ttl {
			try(true, true)
		}
		return after
	},
}

func read(name string, looks bool) map[int][]request {
	file, err := os.Open(name)
	if err != nil {
		fail(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	secrets := map[int][]request{}
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			fail(fmt.Errorf("%s: %w", name, err))
		}
		isLook := r.Call == "peek" || r.Call == "view"
		if r.Format == 0 && (looks || !isLook) {
			secrets[r.Secret] = append(secrets[r.Secret], r)
		}
	}
	if err := lines.Err(); err != nil {
		fail(err)
	}
	return secrets
}

// Tells whether the requests about one secret are linearizable.
func isLinearizable(requests []request) bool {
	ttl := math.Inf(1)
	for _, r := range requests {
		if r.TTL > 0 {
			ttl = r.TTL
		}
	}
	sort.SliceStable(requests, func(i, j int) bool { return requests[i].From < requests[j].From })
	unanswered := map[string]bool{}
	var history []porcupine.Operation
	for _, r := range requests {
		r.ttl = ttl
		operation := porcupine.Operation{Input: r, Call: microseconds(r.From), Return: microseconds(r.To)}
		if r.Answer == "unclear" {
			// Of those without an answer, one of each kind can change anything, and the first can do it at any time.
			if unanswered[r.Call] {
				continue
			}
			unanswered[r.Call] = true
			operation.Return = math.MaxInt64
		}
		history = append(history, operation)
	}
	return porcupine.CheckOperationsTimeout(model.ToModel(), history, patience) == porcupine.Ok
}

func microseconds(milliseconds float64) int64 {
	return int64(math.Round(milliseconds * 1000))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

func main() {
	looks := flag.Bool("looks", true, "judge peeks and views too")
	flag.Parse()
	for _, name := range flag.Args() {
		illegal := []int{}
		for secret, requests := range read(name, *looks) {
			if !isLinearizable(requests) {
				illegal = append(illegal, secret)
			}
		}
		sort.Ints(illegal)
		if len(illegal) == 0 {
			fmt.Println(name, "ok")
		} else {
			fmt.Println(name, "illegal", illegal)
		}
	}
}
