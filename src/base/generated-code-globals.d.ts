// What the generated protobuf code looks for on globalThis, for the compilation without Node's types. Nothing of ours
// uses these names: the linter forbids them in src/fsm and src/sim.
declare var Buffer: any;
declare function atob(text: string): string;
declare function btoa(text: string): string;
