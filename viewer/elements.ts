// Makes elements of the document in one expression. Text is always text: nothing of a trace is ever read as HTML.

type Child = Node | string | null;
type Attributes = Readonly<Record<string, string | number | boolean | ((event: Event) => void) | undefined>>;

/** An element with its attributes and children; an attribute that is a function is a listener. */
export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key, value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/** A button with a name that is read aloud and shown on hover. */
export function button(text: string, name: string, press: () => void, keys?: string): HTMLButtonElement {
  const title = keys === undefined ? name : `${name} (${keys})`;
  return el("button", { type: "button", "aria-label": name, title, click: press, "aria-keyshortcuts": keys }, text);
}

/** A list of choices under a name. */
export function choice(
  name: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen: (value: string) => void,
): HTMLSelectElement {
  const select = el(
    "select",
    { "aria-label": name, title: name, change: () => chosen(select.value) },
    ...options.map(([value, text]) => el("option", { value }, text)),
  );
  return select;
}
