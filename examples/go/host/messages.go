package host

import "encoding/hex"

// The messages of atomix.multiraft.v1 that a machine reads and writes, as far as it needs them.

// Status is that of an operation, and of a failure.
type Status uint64

// The statuses, numbered as on the wire.
const (
	OK            Status = 1
	Canceled      Status = 3
	NotFound      Status = 4
	AlreadyExists Status = 5
	Forbidden     Status = 7
	Conflict      Status = 8
	Invalid       Status = 9
	NotSupported  Status = 11
	Timeout       Status = 12
)

// Instant is a Timestamp or a Duration, as it stands on the wire.
type Instant struct {
	Seconds int64
	Nanos   int32
}

// CommandInput is what an entry says. At most one of the pointers behind the timestamp is set; none: a tick.
type CommandInput struct {
	Timestamp      *Instant
	OpenSession    *OpenSession
	KeepAlive      *KeepAlive
	CloseSession   *CloseSession
	SessionCommand *SessionCommand
}

// OpenSession asks for a session.
type OpenSession struct{ Timeout *Instant }

// KeepAlive refreshes a session, and says what its client holds open and has received.
type KeepAlive struct {
	Session     uint64
	InputFilter []byte
	LastInput   uint64
	// By the command's number, the highest output that was received.
	LastOutputs map[uint64]uint64
}

// CloseSession ends a session.
type CloseSession struct{ Session uint64 }

// SessionCommand is something that a session does. At most one of the pointers is set.
type SessionCommand struct {
	Session       uint64
	CreateService *Spec
	CloseService  *uint64
	Command       *Command
}

// Spec names a service.
type Spec struct{ Service, Namespace, Name string }

// Bytes are any bytes, of a kind that can be compared. As text they are in hex: a string that is no UTF-8 would not survive
// encoding/json.
type Bytes string

// MarshalText writes the bytes in hex.
func (b Bytes) MarshalText() ([]byte, error) {
	return []byte(hex.EncodeToString([]byte(b))), nil
}

// UnmarshalText reads what MarshalText wrote.
func (b *Bytes) UnmarshalText(text []byte) error {
	bytes, err := hex.DecodeString(string(text))
	*b = Bytes(bytes)
	return err
}

// Command is a numbered operation of a service. It can be compared.
type Command struct {
	Service, Number uint64
	Operation       string
	Payload         Bytes
}

// QueryInput is a question. Nil pointers: the input is missing.
type QueryInput struct{ SessionQuery *SessionQuery }

// SessionQuery is a question within a session.
type SessionQuery struct {
	Session uint64
	Query   *Query
}

// Query is an operation that changes nothing.
type Query struct {
	Service   uint64
	Operation string
	Payload   Bytes
}

// Output is a command's or a query's answer.
type Output struct {
	Status  Status
	Payload []byte
	Message string
}

// DecodeCommandInput reads an entry's bytes.
func DecodeCommandInput(data []byte) (CommandInput, error) {
	var input CommandInput
	err := fields(data, func(field, _ uint64, bytes []byte) error {
		if field >= 2 && field <= 5 {
			// Of several members of a oneof the last one wins.
			input = CommandInput{Timestamp: input.Timestamp}
		}
		var err error
		switch field {
		case 1:
			input.Timestamp, err = decodeInstant(bytes)
		case 2:
			input.OpenSession = &OpenSession{}
			err = fields(bytes, func(field, _ uint64, bytes []byte) (err error) {
				if field == 1 {
					input.OpenSession.Timeout, err = decodeInstant(bytes)
				}
				return err
			})
		case 3:
			input.KeepAlive, err = decodeKeepAlive(bytes)
		case 4:
			input.CloseSession = &CloseSession{}
			err = fields(bytes, func(field, number uint64, _ []byte) error {
				if field == 1 {
					input.CloseSession.Session = number
				}
				return nil
			})
		case 5:
			input.SessionCommand, err = decodeSessionCommand(bytes)
		}
		return err
	})
	return input, err
}

func decodeInstant(data []byte) (*Instant, error) {
	var instant Instant
	err := fields(data, func(field, number uint64, _ []byte) error {
		switch field {
		case 1:
			instant.Seconds = int64(number)
		case 2:
			instant.Nanos = int32(number)
		}
		return nil
	})
	return &instant, err
}

func decodeKeepAlive(data []byte) (*KeepAlive, error) {
	keepAlive := &KeepAlive{LastOutputs: map[uint64]uint64{}}
	err := fields(data, func(field, number uint64, bytes []byte) error {
		switch field {
		case 1:
			keepAlive.Session = number
		case 2:
			keepAlive.InputFilter = bytes
		case 3:
			keepAlive.LastInput = number
		case 4:
			var key, value uint64
			err := fields(bytes, func(field, number uint64, _ []byte) error {
				switch field {
				case 1:
					key = number
				case 2:
					value = number
				}
				return nil
			})
			keepAlive.LastOutputs[key] = value
			return err
		}
		return nil
	})
	return keepAlive, err
}

func decodeSessionCommand(data []byte) (*SessionCommand, error) {
	command := &SessionCommand{}
	err := fields(data, func(field, number uint64, bytes []byte) (err error) {
		if field >= 2 && field <= 4 {
			*command = SessionCommand{Session: command.Session}
		}
		switch field {
		case 1:
			command.Session = number
		case 2:
			command.CreateService = &Spec{}
			err = fields(bytes, func(field, _ uint64, bytes []byte) (err error) {
				if field == 1 {
					command.CreateService, err = decodeSpec(bytes)
				}
				return err
			})
		case 3:
			command.CloseService = new(uint64)
			err = fields(bytes, func(field, number uint64, _ []byte) error {
				if field == 1 {
					*command.CloseService = number
				}
				return nil
			})
		case 4:
			command.Command, err = decodeCommand(bytes)
		}
		return err
	})
	return command, err
}

func decodeSpec(data []byte) (*Spec, error) {
	spec := &Spec{}
	err := fields(data, func(field, _ uint64, bytes []byte) (err error) {
		switch field {
		case 1:
			spec.Service, err = text(bytes)
		case 2:
			spec.Namespace, err = text(bytes)
		case 3:
			spec.Name, err = text(bytes)
		}
		return err
	})
	return spec, err
}

func decodeCommand(data []byte) (*Command, error) {
	command := &Command{}
	err := fields(data, func(field, number uint64, bytes []byte) (err error) {
		switch field {
		case 1:
			command.Service = number
		case 2:
			command.Number = number
		case 3:
			command.Operation, command.Payload, err = decodeOperation(bytes)
		}
		return err
	})
	return command, err
}

func decodeOperation(data []byte) (name string, payload Bytes, err error) {
	err = fields(data, func(field, _ uint64, bytes []byte) (err error) {
		switch field {
		case 1:
			name, err = text(bytes)
		case 2:
			payload = Bytes(bytes)
		}
		return err
	})
	return name, payload, err
}

func decodeQueryInput(data []byte) (QueryInput, error) {
	var query QueryInput
	err := fields(data, func(field, _ uint64, bytes []byte) error {
		if field != 2 {
			return nil
		}
		inner := &SessionQuery{}
		query.SessionQuery = inner
		return fields(bytes, func(field, number uint64, bytes []byte) error {
			switch field {
			case 1:
				inner.Session = number
			case 2:
				inner.Query = &Query{}
				return fields(bytes, func(field, number uint64, bytes []byte) (err error) {
					switch field {
					case 1:
						inner.Query.Service = number
					case 2:
						inner.Query.Operation, inner.Query.Payload, err = decodeOperation(bytes)
					}
					return err
				})
			}
			return nil
		})
	})
	return query, err
}

// Encode writes a Duration or a Timestamp.
func (i Instant) Encode() []byte {
	var m Message
	m.Int(1, i.Seconds)
	m.Int(2, int64(i.Nanos))
	return m
}

// Encode writes a ServiceSpec.
func (s Spec) Encode() []byte {
	var m Message
	m.Bytes(1, []byte(s.Service))
	m.Bytes(2, []byte(s.Namespace))
	m.Bytes(3, []byte(s.Name))
	return m
}

// Encode writes a ServiceCommandInput.
func (c Command) Encode() []byte {
	var operation, m Message
	operation.Bytes(1, []byte(c.Operation))
	operation.Bytes(2, []byte(c.Payload))
	m.Uint(1, c.Service)
	m.Uint(2, c.Number)
	m.Sub(3, operation)
	return m
}

// Encode writes an OperationOutput.
func (o Output) Encode() []byte {
	var m Message
	m.Uint(1, uint64(o.Status))
	m.Bytes(2, o.Payload)
	m.Bytes(3, []byte(o.Message))
	return m
}

// EncodeNumbered writes a ServiceCommandOutput.
func (o Output) EncodeNumbered(number uint64) []byte {
	var m Message
	m.Uint(1, number)
	m.Sub(2, o.Encode())
	return m
}
