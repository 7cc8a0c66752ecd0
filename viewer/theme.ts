// Light or dark: the reader's choice, else what the system prefers. The choice is kept where the browser lets a file keep one.
const KEY = "multiraft-sim.theme";

export type Theme = "light" | "dark";

export function themeNow(): Theme {
  return (document.documentElement.dataset["theme"] as Theme | undefined) ?? "light";
}

/** Sets the theme that was chosen before, or that the system prefers. */
export function startTheme(): void {
  set(kept() ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
}

/** The other theme. */
export function toggleTheme(): void {
  const theme = themeNow() === "dark" ? "light" : "dark";
  set(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A page that may keep nothing forgets the choice.
  }
}

function set(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
}

function kept(): Theme | undefined {
  try {
    const found = localStorage.getItem(KEY);
    return found === "light" || found === "dark" ? found : undefined;
  } catch {
    return undefined;
  }
}
