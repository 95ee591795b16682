import tseslint from "typescript-eslint";

/** The rooms of docs/architecture.md: what each folder may not reach for. */
const NODE = ["node:*", "fs", "path", "os", "crypto", "child_process", "worker_threads", "net", "http", "https"];
const SOCKETS = [
  "node:net",
  "node:http",
  "node:https",
  "node:tls",
  "node:dgram",
  "net",
  "http",
  "https",
  "undici",
  "cohere-ai",
];
const rooms = {
  protocol: {
    not: ["engine", "online", "extension", "webview", "cli", "charts", "export"],
    modules: [...NODE, "vscode"],
  },
  charts: { not: ["engine", "online", "extension", "webview", "cli", "export"], modules: [...NODE, "vscode"] },
  webview: { not: ["engine", "online", "extension", "cli", "export"], modules: [...NODE, "vscode"] },
  export: { not: ["engine", "online", "extension", "webview", "cli"], modules: [...SOCKETS, "vscode"] },
  engine: { not: ["online", "extension", "webview", "cli", "charts", "export"], modules: [...SOCKETS, "vscode"] },
  online: { not: ["engine", "extension", "webview", "cli", "charts", "export"], modules: ["vscode"] },
  extension: { not: ["webview", "cli"], engineOnlyClient: true, modules: ["onnxruntime-node", "sharp"] },
  cli: { not: ["extension", "webview"], engineOnlyClient: true, modules: ["vscode"] },
};

const boundary = ([room, { not, modules, engineOnlyClient }]) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        paths: modules.filter((m) => !m.includes("*")).map((name) => ({ name, message: `src/${room} may not use it` })),
        patterns: [
          ...modules.filter((m) => m.includes("*")).map((m) => ({ group: [m], message: `src/${room} has no Node` })),
          { regex: `^(\\.\\./)+(${not.join("|")})/`, message: `src/${room} may not import that room` },
          ...(engineOnlyClient
            ? [{ regex: "^(\\.\\./)+engine/(?!client$)", message: "only engine/client is for others" }]
            : []),
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ["dist", "out", "node_modules", "test/vscode", "media", "targets"] },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: ["./tsconfig.json", "./src/webview/tsconfig.json"] } },
    rules: {
      "max-lines": ["error", { max: 400 }],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "use the seeded generator of engine/random.ts" },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
  ...Object.entries(rooms).map(boundary),
);
