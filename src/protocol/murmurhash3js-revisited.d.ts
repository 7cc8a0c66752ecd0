// The one function of that library that a test calls.
declare module "murmurhash3js-revisited" {
  const library: { readonly x64: { hash128(bytes: readonly number[], seed?: number): string } };
  export default library;
}
