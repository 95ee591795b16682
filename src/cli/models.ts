import path from "node:path";
import type { ModelInfo } from "../protocol/models";
import type { Command } from "./arguments";
import type { Io } from "./io";
import { megabytes, plain, Terminal } from "./terminal";

type ModelsCommand = Extract<Command, { name: "models" }>;

/** `models list`, `models fetch ID` and `models import PATH`. @throws LensError */
export async function modelsCommand(command: ModelsCommand, io: Io): Promise<void> {
  const terminal = new Terminal(io.stderr, command.given.quiet !== undefined);
  const store = await io.openModels(command.given.mirror);
  switch (command.action) {
    case "list":
      return io.stdout(table(await store.list()));
    case "fetch": {
      // The command is the consent: nothing is asked.
      const { card, folder } = await store.resolve(command.target, {
        signal: io.signal,
        onProgress: (done, total) => terminal.progress({ stage: "model", done, total }),
      });
      return terminal.note(`${card.name} is in ${folder}`);
    }
    case "import": {
      const card = await store.import(path.resolve(io.cwd, command.target));
      return terminal.note(`${card.name} can be used now: --model ${card.id}`);
    }
  }
}

function table(models: readonly ModelInfo[]): string {
  const rows = models.map(({ card, state, bytes }) => [
    card.id,
    card.kind,
    card.dims > 0 ? `${card.dims}-d` : "",
    stateWords(state, bytes),
    card.licence,
    card.about,
  ]);
  const all = [["ID", "KIND", "SIZE", "STATE", "LICENCE", "ABOUT"], ...rows];
  const widths = all[0]!.map((_, col) => Math.max(...all.map((row) => row[col]!.length)));
  const line = (row: readonly string[]): string => row.map((cell, col) => cell.padEnd(widths[col]!)).join("  ");
  return all.map((row) => `${plain(line(row)).trimEnd()}\n`).join("");
}

function stateWords(state: ModelInfo["state"], bytes: number): string {
  if (state === "absent") return `download, ${megabytes(bytes)}`;
  return state === "builtin" ? "built in" : state;
}
