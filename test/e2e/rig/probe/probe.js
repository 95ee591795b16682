// Runs in the extension host beside the extension under test and answers the tests' questions over loopback.
const fs = require("node:fs");
const http = require("node:http");
const vscode = require("vscode");

/** The longest time in which the host's event loop did not turn, and the most processor time of one turn, in ms. */
let longestBlock = { ms: 0, cpu: 0 };
let last = performance.now();
let lastCpu = cpuTime();

function cpuTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const answers = {
  ping: () => true,
  editors: () =>
    vscode.window.visibleTextEditors.map(({ document, viewColumn, selection }) => ({
      file: document.uri.path.split("/").at(-1),
      column: viewColumn,
      from: selection.start.line + 1,
      to: selection.end.line + 1,
      text: document.getText(selection),
    })),
  tabs: () =>
    vscode.window.tabGroups.all.flatMap(({ viewColumn, tabs }) =>
      tabs.map(({ label, isActive }) => ({ label, column: viewColumn, active: isActive })),
    ),
  text: () => vscode.window.visibleTextEditors[0]?.document.getText() ?? "",
  pid: () => process.pid,
  active: () => vscode.extensions.getExtension("embedding-lens.embedding-lens")?.isActive ?? false,
  activate: async () => {
    const extension = vscode.extensions.getExtension("embedding-lens.embedding-lens");
    const started = performance.now();
    const cpu = cpuTime();
    await extension.activate();
    return { ms: performance.now() - started, cpu: cpuTime() - cpu };
  },
  resetBlock: () => {
    longestBlock = { ms: 0, cpu: 0 };
    return true;
  },
  longestBlock: () => longestBlock,
};

exports.activate = () => {
  setInterval(() => {
    const now = performance.now();
    const cpu = cpuTime();
    const gap = Math.max(0, now - last - 2);
    longestBlock = {
      ms: Math.max(longestBlock.ms, gap),
      cpu: Math.max(longestBlock.cpu, Math.min(gap, cpu - lastCpu)),
    };
    [last, lastCpu] = [now, cpu];
  }, 2);
  const server = http.createServer(async (request, response) => {
    const answer = answers[request.url.slice(1)];
    if (!answer) return response.writeHead(404).end();
    try {
      response.end(JSON.stringify(await answer()));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  server.listen(0, "127.0.0.1", () =>
    fs.writeFileSync(process.env.EMBEDDING_LENS_PROBE, String(server.address().port)),
  );
};
