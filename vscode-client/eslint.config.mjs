import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Rank of an import: `node:` modules, packages, then relative paths, farthest first. */
function rank(source) {
  const group = source.startsWith("node:") ? 0 : source.startsWith(".") ? 2 : 1;
  return `${group} ${source}`;
}

/** Imports are one block of lines, ordered by `rank`. */
const importOrder = {
  meta: { type: "layout", fixable: "code", schema: [] },
  create: (context) => ({
    Program(program) {
      const imports = program.body.filter((node) => node.type === "ImportDeclaration");
      const text = (node) => context.sourceCode.getText(node);
      const ordered = imports.toSorted((one, other) =>
        rank(one.source.value) < rank(other.source.value) ? -1 : 1,
      );
      const [first, last] = [imports.at(0), imports.at(-1)];
      if (first === undefined) return;
      const range = [first.range[0], last.range[1]];
      const wanted = ordered.map(text).join("\n");
      if (context.sourceCode.text.slice(...range) === wanted) return;
      context.report({
        node: first,
        message: "Imports are one block: node:, packages, relative paths, each in order.",
        fix: (fixer) => fixer.replaceTextRange(range, wanted),
      });
    },
  }),
};

export default defineConfig(
  { ignores: ["dist", "node_modules"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommended],
    plugins: { local: { rules: { "import-order": importOrder } } },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "local/import-order": "error",
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "sort-imports": ["error", { ignoreDeclarationSort: true, ignoreCase: true }],
    },
  },
  // Tests report what they measured.
  { files: ["**/test/**"], rules: { "no-console": "off" } },
);
