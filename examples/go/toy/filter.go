package main

import (
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"regexp"
	"strconv"
)

// The Bloom filter of open command numbers that a keep-alive carries: {"m":13,"k":5,"b":"<base64url>"}.
type filter struct {
	m, k, length uint64
	words        []uint64
	empty        bool
}

var shape = regexp.MustCompile(`^\{"m":([1-9][0-9]{0,19}),"k":([1-9][0-9]{0,19}),"b":"([A-Za-z0-9_=-]*)"\}$`)

// decodeFilter returns nil for everything that is not exactly of that shape.
func decodeFilter(data []byte) *filter {
	match := shape.FindSubmatch(data)
	if match == nil {
		return nil
	}
	m, badM := strconv.ParseUint(string(match[1]), 10, 64)
	k, badK := strconv.ParseUint(string(match[2]), 10, 64)
	b, badB := base64.URLEncoding.Strict().DecodeString(string(match[3]))
	if badM != nil || badK != nil || badB != nil || len(b) < 8 {
		return nil
	}
	f := &filter{m: m, k: k, length: binary.BigEndian.Uint64(b), empty: true}
	b = b[8:]
	if uint64(len(b)) != (f.length/64+(f.length%64+63)/64)*8 {
		return nil
	}
	for ; len(b) > 0; b = b[8:] {
		word := binary.BigEndian.Uint64(b)
		f.words = append(f.words, word)
		f.empty = f.empty && word == 0
	}
	if !f.empty && k > 64 {
		return nil
	}
	return f
}

// has says yes to each number that was put in, and to a few others.
func (f *filter) has(number uint64) bool {
	if f.empty {
		return false
	}
	key := binary.BigEndian.AppendUint64(nil, number)
	var h [4]uint64
	h[0], h[1] = murmur3(key)
	h[2], h[3] = murmur3(append(key, 1))
	for i := uint64(0); i < f.k; i++ {
		at := (h[i%2] + i*h[2+((i+i%2)%4)/2]) % f.m
		if at >= f.length || f.words[at>>6]>>(at&63)&1 == 0 {
			return false
		}
	}
	return true
}

// murmur3 is MurmurHash3 x64 128 with seed 0, of at most 15 bytes.
func murmur3(key []byte) (uint64, uint64) {
	const c1, c2 = 0x87c37b91114253d5, 0x4cf5ad432745937f
	var padded [16]byte
	copy(padded[:], key)
	var h1, h2 uint64
	k1, k2 := binary.LittleEndian.Uint64(padded[:8]), binary.LittleEndian.Uint64(padded[8:])
	h2 ^= bits.RotateLeft64(k2*c2, 33) * c1
	h1 ^= bits.RotateLeft64(k1*c1, 31) * c2
	h1 ^= uint64(len(key))
	h2 ^= uint64(len(key))
	h1 += h2
	h2 += h1
	h1, h2 = mixed(h1), mixed(h2)
	h1 += h2
	h2 += h1
	return h1, h2
}

func mixed(x uint64) uint64 {
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
