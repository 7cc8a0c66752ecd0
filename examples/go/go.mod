module multiraft-sim.example/go

go 1.19
