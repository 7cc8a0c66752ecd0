package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/crc32"
	"math/big"
	"sort"

	"multiraft-sim.example/go/host"
)

const (
	second = 1_000_000_000
	// No input makes Apply do unbounded work.
	mostListed = 65_536
)

// machine is one replica: sessions, and counters. Times are nanoseconds, which at the ends of the range don't fit 64 bits.
// The exported fields are its state: Save writes them as JSON, which is nobody's business but its own.
type machine struct {
	Index    uint64
	Time     *big.Int
	Sessions map[uint64]*session
	Services map[uint64]*counter
}

type session struct {
	Timeout, LastUpdated *big.Int
	// Up to here every number was decided about: run, given up, or listed.
	Mark uint64
	// Numbers up to the mark that are known to be open and never arrived.
	Listed map[uint64]bool
	// By number, the commands that ran and were not forgotten.
	Commands map[uint64]*command
}

type command struct {
	Input  host.Command
	Output host.Output
	// The client has received its output.
	Acknowledged bool
}

type counter struct {
	Spec  host.Spec
	Value int64
	// The sessions that have it open.
	Sessions map[uint64]bool
}

func newMachine() host.Machine {
	return &machine{Time: new(big.Int), Sessions: map[uint64]*session{}, Services: map[uint64]*counter{}}
}

func (m *machine) Apply(index uint64, data []byte) host.Applied {
	m.Index = index
	input, err := host.DecodeCommandInput(data)
	if err != nil {
		return refused(host.Invalid, "the entry is no CommandInput")
	}
	m.advance(input.Timestamp)
	switch {
	case input.OpenSession != nil:
		return m.openSession(*input.OpenSession)
	case input.KeepAlive != nil:
		return m.keepAlive(*input.KeepAlive)
	case input.CloseSession != nil:
		if m.Sessions[input.CloseSession.Session] == nil {
			return refused(host.NotFound, "no such session")
		}
		m.end(input.CloseSession.Session)
		return answered(host.SessionClosed())
	case input.SessionCommand != nil:
		return m.sessionCommand(*input.SessionCommand)
	default:
		return answered(host.Tick())
	}
}

// advance moves log time to the entry's, never back. Whoever's deadline it reaches is dead before the input is looked at.
func (m *machine) advance(stamp *host.Instant) {
	if stamp != nil && stamp.Seconds >= 0 && stamp.Seconds <= 253_402_300_799 && stamp.Nanos >= 0 && stamp.Nanos < second {
		if at := nanosOf(*stamp); at.Cmp(m.Time) > 0 {
			m.Time = at
		}
	}
	for id, s := range m.Sessions {
		if new(big.Int).Add(s.LastUpdated, s.Timeout).Cmp(m.Time) <= 0 {
			m.end(id)
		}
	}
}

func (m *machine) openSession(input host.OpenSession) host.Applied {
	if input.Timeout == nil || !inRange(*input.Timeout) || nanosOf(*input.Timeout).Sign() <= 0 {
		return refused(host.Invalid, "a session needs a time-out greater than 0")
	}
	m.Sessions[m.Index] = &session{
		Timeout:     nanosOf(*input.Timeout),
		LastUpdated: m.Time,
		Listed:      map[uint64]bool{},
		Commands:    map[uint64]*command{},
	}
	return answered(host.SessionOpened(m.Index))
}

func (m *machine) end(id uint64) {
	delete(m.Sessions, id)
	for _, service := range m.Services {
		delete(service.Sessions, id)
	}
}

func (m *machine) keepAlive(input host.KeepAlive) host.Applied {
	s := m.Sessions[input.Session]
	if s == nil {
		return refused(host.NotFound, "no such session")
	}
	open := decodeFilter(input.InputFilter)
	if open == nil {
		return refused(host.Invalid, "the filter does not decode")
	}
	listed, ok := s.listedAfter(input.LastInput, open)
	if !ok {
		return refused(host.Invalid, "too many numbers that never arrived")
	}
	for number, c := range s.Commands {
		if number > input.LastInput {
			continue
		}
		if !open.has(number) {
			delete(s.Commands, number)
		} else if input.LastOutputs[number] >= 1 {
			c.Acknowledged = true
		}
	}
	s.Listed = listed
	if input.LastInput > s.Mark {
		s.Mark = input.LastInput
	}
	s.LastUpdated = m.Time
	return answered(host.KeptAlive())
}

// listedAfter returns the numbers that are listed after a keep-alive; false where those would be, or would come, too many.
func (s *session) listedAfter(last uint64, open *filter) (map[uint64]bool, bool) {
	listed := map[uint64]bool{}
	for number := range s.Listed {
		if number > last || open.has(number) {
			listed[number] = true
		}
	}
	if last > s.Mark {
		covered := last - s.Mark
		for number := range s.Commands {
			if number > s.Mark && number <= last {
				covered--
			}
		}
		if covered > mostListed {
			return nil, false
		}
		// last may be the highest uint64: the count goes by steps, not by comparison.
		for number, left := s.Mark+1, last-s.Mark; left > 0 && !open.empty; number, left = number+1, left-1 {
			if s.Commands[number] == nil && open.has(number) {
				listed[number] = true
			}
		}
	}
	return listed, len(listed) <= mostListed
}

func (m *machine) sessionCommand(input host.SessionCommand) host.Applied {
	s := m.Sessions[input.Session]
	switch {
	case s == nil:
		return refused(host.NotFound, "no such session")
	case input.CreateService != nil:
		return m.createService(input.Session, *input.CreateService)
	case input.CloseService != nil:
		service := m.Services[*input.CloseService]
		if service == nil {
			return refused(host.NotFound, "no such service")
		}
		delete(service.Sessions, input.Session)
		return answered(host.ServiceClosed())
	case input.Command != nil:
		return m.once(s, input.Session, *input.Command)
	default:
		return refused(host.Invalid, "a session command without input")
	}
}

func (m *machine) createService(session uint64, spec host.Spec) host.Applied {
	if spec.Service != "counter" {
		return refused(host.NotSupported, "no such kind of service")
	}
	id := m.Index
	for known, service := range m.Services {
		if service.Spec == spec {
			id = known
		}
	}
	if m.Services[id] == nil {
		m.Services[id] = &counter{Spec: spec, Sessions: map[uint64]bool{}}
	}
	m.Services[id].Sessions[session] = true
	return answered(host.ServiceCreated(id))
}

// once runs a command if it never ran and was never given up; else it repeats what the client has not received.
func (m *machine) once(s *session, id uint64, input host.Command) host.Applied {
	if input.Number == 0 {
		return refused(host.Invalid, "commands count from 1")
	}
	known := s.Commands[input.Number]
	switch {
	case known == nil && input.Number <= s.Mark && !s.Listed[input.Number]:
		return refused(host.Canceled, "the command was forgotten")
	case known == nil:
		delete(s.Listed, input.Number)
		known = &command{Input: input, Output: m.run(id, input)}
		s.Commands[input.Number] = known
	case known.Input != input:
		return refused(host.Conflict, "the command was another one")
	}
	if known.Acknowledged {
		return host.Applied{Complete: true}
	}
	return answered(host.Numbered(1, known.Output))
}

func (m *machine) run(id uint64, input host.Command) host.Output {
	service, no := m.openIn(id, input.Service)
	if no != nil {
		return *no
	}
	a, b, hasA, ok := twoInts(input.Payload)
	if !ok {
		return host.Output{Status: host.Invalid, Message: "the payload does not decode"}
	}
	if !hasA {
		a = 1
	}
	switch input.Operation {
	case "Set":
		if !hasA {
			a = 0
		}
		service.Value = a
	case "CompareAndSet":
		if !hasA {
			a = 0
		}
		if a != service.Value {
			return host.Output{Status: host.Conflict, Message: "the counter has another value"}
		}
		service.Value = b
	case "Increment":
		service.Value += a
	case "Decrement":
		service.Value -= a
	default:
		return host.Output{Status: host.NotSupported, Message: "no such operation"}
	}
	return valued(service.Value)
}

func (m *machine) Query(input host.QueryInput) (host.Output, *host.Failure) {
	asked := input.SessionQuery
	switch {
	case asked == nil:
		return host.Output{}, &host.Failure{Status: host.Invalid, Message: "a query without input"}
	case m.Sessions[asked.Session] == nil:
		return host.Output{}, &host.Failure{Status: host.NotFound, Message: "no such session"}
	case asked.Query == nil:
		return host.Output{}, &host.Failure{Status: host.Invalid, Message: "a session query without input"}
	}
	service, no := m.openIn(asked.Session, asked.Query.Service)
	if no != nil {
		return *no, nil
	}
	if asked.Query.Operation != "Get" {
		return host.Output{Status: host.NotSupported, Message: "no such query"}, nil
	}
	if _, _, _, ok := twoInts(asked.Query.Payload); !ok {
		return host.Output{Status: host.Invalid, Message: "the payload does not decode"}, nil
	}
	return valued(service.Value), nil
}

// openIn finds a service that the session has open; or the answer that says why not.
func (m *machine) openIn(session, id uint64) (*counter, *host.Output) {
	service := m.Services[id]
	if service == nil {
		return nil, &host.Output{Status: host.NotFound, Message: "no such service"}
	}
	if !service.Sessions[session] {
		return nil, &host.Output{Status: host.Forbidden, Message: "the service is not open in this session"}
	}
	return service, nil
}

// Save writes the state as JSON, its checksum before it. JSON sorts the keys of maps: another encoding of them would give
// other bytes each time, and the judge, who plays seeds twice, would say so.
func (m *machine) Save() []byte {
	state, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	sum := crc32.ChecksumIEEE(state)
	return append([]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}, state...)
}

func (m *machine) Restore(state []byte) error {
	if len(state) < 4 {
		return errors.New("too short for a checksum")
	}
	sum := crc32.ChecksumIEEE(state[4:])
	if !bytes.Equal(state[:4], []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}) {
		return errors.New("the checksum is another")
	}
	restored := newMachine().(*machine)
	if err := json.Unmarshal(state[4:], restored); err != nil {
		return err
	}
	*m = *restored
	return nil
}

// Observe shows the state to the judge, as a PartitionSnapshot in its canonical order.
func (m *machine) Observe() []byte {
	var out host.Message
	out.Uint(1, m.Index)
	out.Sub(2, instantOf(m.Time).Encode())
	for _, id := range sorted(m.Sessions) {
		s := m.Sessions[id]
		var record host.Message
		record.Uint(1, id)
		record.Sub(2, instantOf(s.Timeout).Encode())
		record.Sub(3, instantOf(s.LastUpdated).Encode())
		for _, row := range s.rows() {
			record.Sub(4, row)
		}
		out.Sub(3, record)
	}
	for _, id := range sorted(m.Services) {
		service := m.Services[id]
		var record, value, ids host.Message
		value.Int(1, service.Value)
		for _, session := range sorted(service.Sessions) {
			ids = appendVarint(ids, session)
		}
		record.Uint(1, id)
		record.Sub(2, service.Spec.Encode())
		record.Bytes(3, value)
		record.Bytes(4, ids)
		out.Sub(4, record)
	}
	return out
}

// rows are the session's CommandSnapshots: by number, at equal numbers first a listed one, then the mark, then the command.
func (s *session) rows() []host.Message {
	numbers := map[uint64]bool{}
	for number := range s.Listed {
		numbers[number] = true
	}
	for number := range s.Commands {
		numbers[number] = true
	}
	if s.Mark > 0 {
		numbers[s.Mark] = true
	}
	const complete = 1
	var rows []host.Message
	for _, number := range sorted(numbers) {
		if s.Listed[number] {
			var row host.Message
			row.Uint(1, number)
			rows = append(rows, row)
		}
		if number == s.Mark {
			var row host.Message
			row.Uint(1, number)
			row.Uint(2, complete)
			rows = append(rows, row)
		}
		if c := s.Commands[number]; c != nil {
			var row host.Message
			row.Uint(1, number)
			row.Uint(2, complete)
			row.Sub(3, c.Input.Encode())
			if !c.Acknowledged {
				row.Sub(4, c.Output.EncodeNumbered(1))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func answered(output host.Message) host.Applied {
	return host.Applied{Outputs: []host.Message{output}, Complete: true}
}

func refused(status host.Status, message string) host.Applied {
	return host.Applied{Failure: &host.Failure{Status: status, Message: message}}
}

func valued(value int64) host.Output {
	var payload host.Message
	payload.Int(1, value)
	return host.Output{Status: host.OK, Payload: payload}
}

// twoInts reads the payload of any operation of a counter: field 1, whether it is there, and field 2.
func twoInts(payload host.Bytes) (a, b int64, hasA, ok bool) {
	err := host.Varints([]byte(payload), func(field, number uint64) {
		switch field {
		case 1:
			a, hasA = int64(number), true
		case 2:
			b = int64(number)
		}
	})
	return a, b, hasA, err == nil
}

func appendVarint(to host.Message, value uint64) host.Message {
	for ; value > 0x7f; value >>= 7 {
		to = append(to, byte(value)|0x80)
	}
	return append(to, byte(value))
}

func sorted[Value any](of map[uint64]Value) []uint64 {
	keys := make([]uint64, 0, len(of))
	for key := range of {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

func inRange(span host.Instant) bool {
	const most = 315_576_000_000
	mixed := span.Seconds > 0 && span.Nanos < 0 || span.Seconds < 0 && span.Nanos > 0
	return span.Seconds >= -most && span.Seconds <= most && span.Nanos > -second && span.Nanos < second && !mixed
}

func nanosOf(instant host.Instant) *big.Int {
	nanos := new(big.Int).Mul(big.NewInt(instant.Seconds), big.NewInt(second))
	return nanos.Add(nanos, big.NewInt(int64(instant.Nanos)))
}

func instantOf(nanos *big.Int) host.Instant {
	seconds, rest := new(big.Int).DivMod(nanos, big.NewInt(second), new(big.Int))
	return host.Instant{Seconds: seconds.Int64(), Nanos: int32(rest.Int64())}
}
