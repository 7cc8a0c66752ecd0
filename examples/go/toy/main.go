// Command toy is a state machine in Go that stands trial: sessions and counters, with saved states that only itself can read.
package main

import (
	"log"
	"os"

	"multiraft-sim.example/go/host"
)

func main() {
	kind := host.Kind{
		Name:         "a counter in Go",
		Services:     []string{"counter"},
		Snapshots:    host.Opaque,
		Observations: host.Canonical,
		Ticks:        true,
		New:          newMachine,
	}
	if err := host.Serve(kind, os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}
