// Addresses as people write them.
import { describe, expect, test } from "vitest";
import { UsageError } from "../../base/usage-error.js";
import { formatAddress, isLoopback, parseAddress } from "./address.js";

describe("an address", () => {
  test.each([
    ["127.0.0.1:50051", "127.0.0.1", 50051, "127.0.0.1:50051"],
    ["0.0.0.0:1", "0.0.0.0", 1, "0.0.0.0:1"],
    ["localhost:0", "localhost", 0, "localhost:0"],
    ["[::1]:65535", "::1", 65535, "[::1]:65535"],
  ])("%s is a host and a port", (text, host, port, again) => {
    expect(parseAddress(text)).toEqual({ host, port });
    expect(formatAddress({ host, port })).toBe(again);
  });

  test("without a host is on the loopback interface", () => {
    expect(parseAddress(":9000")).toEqual({ host: "127.0.0.1", port: 9000 });
  });

  test.each([
    "",
    "9000",
    "localhost",
    "localhost:",
    "a:b",
    "127.0.0.1:65536",
    "::1:80",
    "[zz]:80",
    "http://x:80",
    "x:-1",
  ])("%j is none, and says what would be one", (text) => {
    expect(() => parseAddress(text)).toThrow(UsageError);
    expect(() => parseAddress(text)).toThrow(`"${text}" is no address to listen on`);
  });

  test.each([
    ["127.0.0.1", true],
    ["127.8.8.8", true],
    ["::1", true],
    ["localhost", true],
    ["0.0.0.0", false],
    ["::", false],
    ["10.0.0.1", false],
  ])("%s is loopback: %s", (host, loopback) => {
    expect(isLoopback({ host, port: 1 })).toBe(loopback);
  });
});
