import { defineConfig } from "vitest/config";

export default defineConfig({
    test: {
        include: ["test/unit/**/*.test.ts", "webview/test/**/*.test.ts"],
        globalSetup: ["webview/test/built.ts"],
    },
});
