/**
 * Bundles the pages: {lesson,inspector,codicon}.{js,css}, KaTeX in a chunk of its own. Once for the
 * extension's webviews (dist/webview), once for browsers, where the language server serves them.
 */

import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { themeOf } from "./browser/theme.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const SERVED = join(here, "..", "..", "server", "tensorhints", "browser", "static");

/** KaTeX offers each font in three formats; every browser that shows these pages reads the first. */
const oneFontFormat = {
  name: "one-font-format",
  setup(build) {
    build.onLoad({ filter: /katex(\.min)?\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const others = /,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\("?(?:woff|truetype)"?\)/g;
      return { contents: css.replace(others, ""), loader: "css" };
    });
  },
};

export async function build(outdir = join(here, "..", "dist", "webview")) {
  return bundle(outdir, { lesson: "lesson/main.ts", inspector: "inspector/main.ts" });
}

export async function buildForBrowsers(outdir = SERVED) {
  const entryPoints = { lesson: "browser/lesson.ts", inspector: "browser/inspector.ts" };
  const metafile = await bundle(outdir, entryPoints);
  const names = await readdir(outdir, { recursive: true });
  const texts = names.filter((name) => /\.(js|css)$/.test(name)).map((name) => join(outdir, name));
  const bundled = await Promise.all(texts.map((path) => readFile(path, "utf8")));
  await writeFile(join(outdir, "theme.css"), themeOf(bundled.join("\n")));
  return metafile;
}

async function bundle(outdir, entryPoints) {
  await rm(outdir, { recursive: true, force: true });
  const shared = {
    absWorkingDir: here,
    bundle: true,
    minify: true,
    target: "es2022",
    outdir,
    logLevel: "warning",
    legalComments: "none",
    metafile: true,
  };
  const [scripts] = await Promise.all([
    esbuild.build({
      ...shared,
      entryPoints,
      format: "esm",
      splitting: true,
      chunkNames: "chunks/[name]-[hash]",
    }),
    esbuild.build({
      ...shared,
      entryPoints: {
        lesson: "styles/lesson.css",
        inspector: "styles/inspector.css",
        codicon: "styles/codicon.css",
      },
      loader: { ".woff2": "file", ".ttf": "file" },
      assetNames: "fonts/[name]",
      plugins: [oneFontFormat],
    }),
  ]);
  return scripts.metafile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  await buildForBrowsers();
}
