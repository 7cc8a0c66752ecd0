// A label that has to fit: shorter by whole words where it can be, cut within one only where nothing else is left.

/** The text in at most so many letters; "" where not even two have room. */
export function fitted(text: string, most: number): string {
  if (most < 2) return "";
  if (text.length <= most) return text;
  // "session 31" says nothing without its number.
  const [whole = "", number = ""] = /^session (\d+)/.exec(text) ?? [];
  if (whole !== "") {
    if (whole.length <= most) return whole;
    return number.length <= most ? number : "";
  }
  const words = text.split(" ");
  while (words.length > 1) {
    words.pop();
    const left = words.join(" ");
    if (left.length <= most) return left;
  }
  return `${text.slice(0, most - 1)}…`;
}
