// What a machine says may hold anything: no format is broken by it.
import { expect, test } from "vitest";
import { annotation, htmlText, xmlText } from "./escapes.js";

test("XML gets no control characters, no half of a pair, and keeps its lines in attributes", () => {
  expect(xmlText('a<b & "c"\u0000\u001b\ud800\t\n')).toBe("a&lt;b &amp; &quot;c&quot;???&#9;&#10;");
  expect(xmlText("\u{1f600}")).toBe("\u{1f600}");
});

test("HTML gets no tags and no end of an attribute", () => {
  expect(htmlText('<script title="x">&')).toBe("&lt;script title=&quot;x&quot;&gt;&amp;");
});

test("an annotation is one line, and its title ends where it should", () => {
  expect(annotation("error", "a: b, c", "100 %\r\nmore, too: yes")).toBe(
    "::error title=a%3A b%2C c::100 %25%0D%0Amore, too: yes",
  );
});
