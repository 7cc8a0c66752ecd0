package host

import (
	"bytes"
	"encoding/hex"
	"os"
	"regexp"
	"strings"
	"testing"
)

// A machine that answers every entry with an empty output, and remembers how it was asked.
type echo struct{ applied []uint64 }

func (e *echo) Apply(index uint64, input []byte) Applied {
	if index == 13 {
		panic("the thirteenth")
	}
	if _, err := DecodeCommandInput(input); err != nil {
		return Applied{Failure: &Failure{Invalid, "no CommandInput"}}
	}
	e.applied = append(e.applied, index)
	return Applied{Outputs: []Message{Tick()}, Complete: true}
}
func (e *echo) Query(QueryInput) (Output, *Failure) { return Output{}, &Failure{NotFound, ""} }
func (e *echo) Save() []byte                        { return make([]byte, 2*piece+1) }
func (e *echo) Restore([]byte) error                { return nil }

func serve(t *testing.T, frames ...string) string {
	t.Helper()
	in, err := hex.DecodeString(strings.Join(frames, ""))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	kind := Kind{Name: "echo", Services: []string{"counter"}, Ticks: true, New: func() Machine { return &echo{} }}
	if err := Serve(kind, bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(out.Bytes())
}

// The requests of the transcript in docs/reference/host-protocol.md; the same ones as the harness sends.
func requests(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile("../../../docs/reference/host-protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, match := range regexp.MustCompile(`(?m)^> ([0-9a-f]+)$`).FindAllStringSubmatch(string(page), -1) {
		all = append(all, match[1])
	}
	return all
}

func TestTheTranscriptIsAnswered(t *testing.T) {
	asked := requests(t)
	// reset of instance 1 → done; entry 1 → its empty output, complete; entry 4, which is no CommandInput → INVALID
	got := serve(t, asked[1], asked[2], asked[6])
	done, tick := "06080210012200", "10080310012a0a08011a060a0208011001"
	refused := "1d080710012a1708041213" + "0809" + "120f" + hex.EncodeToString([]byte("no CommandInput"))
	if want := done + tick + refused; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAPanicIsTold(t *testing.T) {
	// call 1 resets instance 1, call 2 applies entry 13, call 3 entry 14
	got := serve(t, "06080110012200", "08080210012a02080d", "08080310012a02080e")
	if !strings.Contains(got, hex.EncodeToString([]byte("panic: the thirteenth"))) {
		t.Errorf("no word of the panic in %s", got)
	}
	if !strings.HasSuffix(got, "10080310012a0a080e1a060a02080e1001") {
		t.Errorf("entry 14 has no answer in %s", got)
	}
}

func TestALargeStateGoesOutInPieces(t *testing.T) {
	got, err := hex.DecodeString(serve(t, "06080110012200", "06080210013a00"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) < 2*piece+1 || len(got) > 2*piece+200 {
		t.Errorf("%d bytes for a state of %d", len(got), 2*piece+1)
	}
}

func TestWhatIsNoMessageIsRefused(t *testing.T) {
	for _, bad := range []string{"ff", "0a7f01", "220208", "08", "07", "2a02120a"} {
		data, _ := hex.DecodeString(bad)
		if _, err := DecodeCommandInput(data); err == nil {
			t.Errorf("%s was taken for a CommandInput", bad)
		}
	}
}
