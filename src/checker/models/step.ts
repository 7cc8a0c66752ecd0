// What one entry comes to according to the model.
export interface Step {
  readonly index: bigint;
}
