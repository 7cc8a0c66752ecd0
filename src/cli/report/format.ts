// The faces of a report.
export const FORMATS = ["pretty", "json", "junit", "github"] as const;
export type Format = (typeof FORMATS)[number];
