package host

import (
	"encoding/binary"
	"errors"
	"unicode/utf8"
)

// The part of protobuf's encoding that the protocol needs: varints and length-delimited fields. The rest is skipped.

const (
	kindVarint = 0
	kindFixed8 = 1
	kindBytes  = 2
	kindFixed4 = 5
)

var errWire = errors.New("no such message")

// fields calls take for each field of a message, in order. Varints come in number, everything length-delimited in bytes.
func fields(data []byte, take func(field uint64, number uint64, bytes []byte) error) error {
	for len(data) > 0 {
		tag, size := binary.Uvarint(data)
		if size <= 0 || tag>>3 == 0 || tag>>3 > 1<<29-1 {
			return errWire
		}
		data = data[size:]
		var number uint64
		var bytes []byte
		switch tag & 7 {
		case kindVarint:
			number, size = binary.Uvarint(data)
			if size <= 0 {
				return errWire
			}
			data = data[size:]
		case kindBytes:
			length, size := binary.Uvarint(data)
			if size <= 0 || length > uint64(len(data)-size) {
				return errWire
			}
			bytes = data[size : size+int(length)]
			if bytes == nil {
				bytes = []byte{}
			}
			data = data[size+int(length):]
		case kindFixed8, kindFixed4:
			width := 8
			if tag&7 == kindFixed4 {
				width = 4
			}
			if len(data) < width {
				return errWire
			}
			data = data[width:]
			continue
		default:
			return errWire
		}
		if err := take(tag>>3, number, bytes); err != nil {
			return err
		}
	}
	return nil
}

func text(bytes []byte) (string, error) {
	if !utf8.Valid(bytes) {
		return "", errWire
	}
	return string(bytes), nil
}

// Message is an encoded message that grows field by field. Fields are to be put in the order of their numbers.
type Message []byte

// Uint puts a varint, unless it is the default.
func (m *Message) Uint(field int, value uint64) {
	if value == 0 {
		return
	}
	*m = binary.AppendUvarint(binary.AppendUvarint(*m, uint64(field)<<3|kindVarint), value)
}

// Int puts an int32 or int64, unless it is the default.
func (m *Message) Int(field int, value int64) {
	m.Uint(field, uint64(value))
}

// Bool puts a bool, unless it is the default.
func (m *Message) Bool(field int, value bool) {
	if value {
		m.Uint(field, 1)
	}
}

// Bytes puts bytes or a string, unless they are empty.
func (m *Message) Bytes(field int, value []byte) {
	if len(value) > 0 {
		m.Sub(field, value)
	}
}

// Sub puts a message, also an empty one.
func (m *Message) Sub(field int, value []byte) {
	*m = binary.AppendUvarint(*m, uint64(field)<<3|kindBytes)
	*m = append(binary.AppendUvarint(*m, uint64(len(value))), value...)
}

// Varints calls take for each varint of a message, and skips the other fields. It returns an error where it is none.
func Varints(data []byte, take func(field, number uint64)) error {
	return fields(data, func(field, number uint64, bytes []byte) error {
		if bytes == nil {
			take(field, number)
		}
		return nil
	})
}
