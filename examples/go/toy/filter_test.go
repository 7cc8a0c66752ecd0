package main

import "testing"

func TestTheFiltersOfTheSpecification(t *testing.T) {
	cases := []struct {
		text     string
		in, wide []uint64
	}{
		{`{"m":7,"k":5,"b":"AAAAAAAAAAcAAAAAAAAAFQ=="}`, []uint64{1}, []uint64{8}},
		{`{"m":19,"k":5,"b":"AAAAAAAAABMAAAAAAAYgtQ=="}`, []uint64{1, 2, 3}, nil},
		{`{"m":32,"k":5,"b":"AAAAAAAAACAAAAAAyxk92Q=="}`, []uint64{5, 9, 12, 13, 100}, []uint64{7, 23, 51}},
		{`{"m":13,"k":5,"b":"AAAAAAAAAA0AAAAAAAAPdA=="}`, []uint64{1 << 40, 1<<64 - 1}, nil},
	}
	for _, each := range cases {
		f := decodeFilter([]byte(each.text))
		if f == nil {
			t.Fatalf("%s does not decode", each.text)
		}
		for _, number := range append(each.in, each.wide...) {
			if !f.has(number) {
				t.Errorf("%d is not in %s", number, each.text)
			}
		}
	}
	// Every false positive of the third one up to 60 is known.
	f, found := decodeFilter([]byte(cases[2].text)), 0
	for number := uint64(1); number <= 60; number++ {
		if f.has(number) {
			found++
		}
	}
	if found != 4+3 {
		t.Errorf("%d numbers up to 60 are in it, not 7", found)
	}
}
