// Package host lets a state machine that is written in Go stand trial: it speaks the host protocol of multiraft-sim on stdin
// and stdout. A machine implements Machine, and main calls Serve. Only the standard library is used.
package host

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
)

// Machine is one replica of one partition: a pure function of the entries applied to it and of the state it started from.
type Machine interface {
	// Apply applies the next entry, whatever its bytes say.
	Apply(index uint64, input []byte) Applied
	// Query answers at the index applied so far, and changes nothing.
	Query(input QueryInput) (Output, *Failure)
	// Save gives the whole state as bytes, and changes nothing.
	Save() []byte
	// Restore replaces the whole state by a saved one; or it returns an error, and the state is what it was.
	Restore(state []byte) error
}

// Observer is a Machine whose saved states are its own business, and which shows the judge its state as a PartitionSnapshot.
type Observer interface {
	Observe() []byte
}

// Failure is a refusal that is never numbered and never remembered.
type Failure struct {
	Status  Status
	Message string
}

// Applied is all that an entry brings about. Without a Failure it is an answer: its outputs are encoded CommandOutputs without
// their index (SessionOpened and the others make them).
type Applied struct {
	Failure   *Failure
	Outputs   []Message
	Complete  bool
	Emissions []Emission
}

// Emission is an output for another open command than the entry's own.
type Emission struct {
	Session, Command, Number uint64
	Output                   Output
	Complete                 bool
}

// Readability says how a state may be looked at.
type Readability uint64

// Opaque: by the machine only. Readable: an envelope around a PartitionSnapshot. Canonical: and equal for equal states.
const (
	Opaque    Readability = 0
	Readable  Readability = 1
	Canonical Readability = 2
)

// Kind says what a machine can do, and makes replicas of it.
type Kind struct {
	Name      string
	Services  []string
	Snapshots Readability
	// Of what Observe answers; Opaque where the machine is no Observer.
	Observations Readability
	Ticks        bool
	New          func() Machine
}

const (
	version   = 1
	window    = 64
	mostBytes = 64 << 20
	piece     = 1 << 20
)

type server struct {
	kind     Kind
	out      *bufio.Writer
	replicas map[uint64]Machine
	chunks   map[uint64][]byte
}

// Serve answers requests until the input ends. It returns an error where what comes is not of the protocol.
func Serve(kind Kind, in io.Reader, out io.Writer) error {
	source := bufio.NewReaderSize(in, 1<<16)
	s := &server{kind, bufio.NewWriterSize(out, 1<<16), map[uint64]Machine{}, map[uint64][]byte{}}
	for {
		length, err := binary.ReadUvarint(source)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if length > mostBytes {
			return fmt.Errorf("a frame of %d bytes", length)
		}
		frame := make([]byte, length)
		if _, err := io.ReadFull(source, frame); err != nil {
			return err
		}
		if err := s.take(frame); err != nil {
			return err
		}
		// The harness waits for the answer, unless more of its requests are here already.
		if source.Buffered() == 0 {
			if err := s.out.Flush(); err != nil {
				return err
			}
		}
	}
}

func (s *server) take(frame []byte) error {
	var call, instance, kind uint64
	var request []byte
	err := fields(frame, func(field, number uint64, bytes []byte) error {
		switch field {
		case 1:
			call = number
		case 2:
			instance = number
		default:
			kind, request = field, bytes
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("a frame that is no Request: %w", err)
	}
	return s.answer(call, instance, kind, request)
}

// answer writes the responses to one request. What the machine panics with is told, not thrown.
func (s *server) answer(call, instance, kind uint64, request []byte) (err error) {
	respond := func(field int, body []byte) error {
		var response, length Message
		response.Uint(1, call)
		response.Uint(2, instance)
		response.Sub(field, body)
		length = binary.AppendUvarint(length, uint64(len(response)))
		if _, err := s.out.Write(length); err != nil {
			return err
		}
		_, err := s.out.Write(response)
		return err
	}
	broke := func(message string) error {
		var body Message
		body.Bytes(1, []byte(message))
		return respond(15, body)
	}
	defer func() {
		if reason := recover(); reason != nil {
			err = broke(fmt.Sprintf("panic: %v\n%s", reason, debug.Stack()))
		}
	}()
	if kind == 3 {
		return respond(3, s.welcome())
	}
	if kind == 4 {
		s.replicas[instance] = s.kind.New()
		return respond(4, nil)
	}
	machine := s.replicas[instance]
	if machine == nil {
		return broke(fmt.Sprintf("instance %d was never reset", instance))
	}
	switch kind {
	case 5:
		return respond(5, apply(machine, request))
	case 6:
		return respond(6, query(machine, request))
	case 7:
		return inPieces(machine.Save(), func(body []byte) error { return respond(7, body) })
	case 8:
		if body, last := s.restore(machine, instance, request); last {
			return respond(8, body)
		}
		return nil
	case 9:
		observer, able := machine.(Observer)
		if !able {
			return broke("this machine can't be observed")
		}
		return inPieces(observer.Observe(), func(body []byte) error { return respond(9, body) })
	default:
		return broke(fmt.Sprintf("a request of kind %d", kind))
	}
}

func (s *server) welcome() []byte {
	var m Message
	m.Uint(1, version)
	m.Bytes(2, []byte(s.kind.Name))
	for _, service := range s.kind.Services {
		m.Sub(3, []byte(service))
	}
	m.Uint(4, uint64(s.kind.Snapshots))
	m.Uint(5, uint64(s.kind.Observations))
	m.Bool(6, s.kind.Ticks)
	m.Uint(7, window)
	return m
}

func apply(machine Machine, request []byte) []byte {
	var index uint64
	input := []byte{}
	_ = fields(request, func(field, number uint64, bytes []byte) error {
		switch field {
		case 1:
			index = number
		case 2:
			input = bytes
		}
		return nil
	})
	applied := machine.Apply(index, input)
	var m, answer Message
	m.Uint(1, index)
	if applied.Failure != nil {
		m.Sub(2, applied.Failure.encode())
	} else {
		for _, output := range applied.Outputs {
			var indexed Message
			indexed.Uint(1, index)
			answer.Sub(1, append(indexed, output...))
		}
		answer.Bool(2, applied.Complete)
		m.Sub(3, answer)
	}
	for _, each := range applied.Emissions {
		var emission Message
		emission.Uint(1, each.Session)
		emission.Uint(2, each.Command)
		emission.Sub(3, each.Output.EncodeNumbered(each.Number))
		emission.Bool(4, each.Complete)
		m.Sub(4, emission)
	}
	return m
}

func query(machine Machine, request []byte) []byte {
	var input QueryInput
	_ = fields(request, func(field, _ uint64, bytes []byte) (err error) {
		if field == 1 {
			input, err = decodeQueryInput(bytes)
		}
		return err
	})
	output, failure := machine.Query(input)
	var m, service, session, outer Message
	if failure != nil {
		m.Sub(1, failure.encode())
		return m
	}
	service.Sub(1, output.Encode())
	session.Sub(1, service)
	outer.Sub(1, session)
	m.Sub(2, outer)
	return m
}

func (s *server) restore(machine Machine, instance uint64, request []byte) (body Message, last bool) {
	_ = fields(request, func(field, number uint64, bytes []byte) error {
		switch field {
		case 1:
			s.chunks[instance] = append(s.chunks[instance], bytes...)
		case 2:
			last = number != 0
		}
		return nil
	})
	if !last {
		return nil, false
	}
	state := s.chunks[instance]
	delete(s.chunks, instance)
	if err := machine.Restore(state); err != nil {
		body.Bool(1, true)
		body.Bytes(2, []byte(err.Error()))
	}
	return body, true
}

func inPieces(state []byte, respond func([]byte) error) error {
	for at := 0; ; at += piece {
		end := at + piece
		if end > len(state) {
			end = len(state)
		}
		var m Message
		m.Bytes(1, state[at:end])
		m.Bool(2, end == len(state))
		if err := respond(m); err != nil || end == len(state) {
			return err
		}
	}
}

func (f *Failure) encode() []byte {
	var m Message
	m.Uint(1, uint64(f.Status))
	m.Bytes(2, []byte(f.Message))
	return m
}

// Tick is the output of an entry without input.
func Tick() Message { return nil }

// SessionOpened is the output of open_session.
func SessionOpened(id uint64) Message {
	var m, inner Message
	inner.Uint(1, id)
	m.Sub(2, inner)
	return m
}

// KeptAlive is the output of keep_alive.
func KeptAlive() Message {
	var m Message
	m.Sub(3, nil)
	return m
}

// SessionClosed is the output of close_session.
func SessionClosed() Message {
	var m Message
	m.Sub(4, nil)
	return m
}

// ServiceCreated is the output of create_service.
func ServiceCreated(id uint64) Message {
	var m, inner, created Message
	created.Uint(1, id)
	inner.Sub(1, created)
	m.Sub(5, inner)
	return m
}

// ServiceClosed is the output of close_service.
func ServiceClosed() Message {
	var m, inner Message
	inner.Sub(2, nil)
	m.Sub(5, inner)
	return m
}

// Numbered is an output of a service command.
func Numbered(number uint64, output Output) Message {
	var m, inner Message
	inner.Sub(3, output.EncodeNumbered(number))
	m.Sub(5, inner)
	return m
}
