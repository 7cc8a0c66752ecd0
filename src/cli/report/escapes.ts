// Text as other formats hold it: what somebody else wrote, a machine's message for one, must break none of them.

/** As XML holds it; what XML can't hold – control characters, halves of a pair – becomes question marks. */
export function xmlText(text: string): string {
  return (
    htmlText(text)
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "?")
      .replaceAll("\t", "&#9;")
      .replaceAll("\n", "&#10;")
  );
}

/** As HTML holds it, between tags and in quoted attributes. */
export function htmlText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A workflow command of GitHub, one line: an annotation beside the job. */
export function annotation(level: "error" | "warning", title: string, text: string): string {
  return `::${level} title=${property(title)}::${data(text)}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
