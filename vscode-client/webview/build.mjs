/** Bundles the pages: dist/webview/{lesson,inspector,codicon}.{js,css}, KaTeX in a chunk of its own. */

import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

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
      entryPoints: { lesson: "lesson/main.ts", inspector: "inspector/main.ts" },
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

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
