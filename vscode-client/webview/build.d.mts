import type { Metafile } from "esbuild";

export function build(outdir?: string): Promise<Metafile>;
export function buildForBrowsers(outdir?: string): Promise<Metafile>;
