import { existsSync } from "node:fs";
import path from "node:path";
import { isRepository } from "../online/hub-repository";
import type { ModelInfo } from "../protocol/models";
import type { Command } from "./arguments";
import type { Io } from "./io";
import { megabytes, plain, Terminal } from "./terminal";

type ModelsCommand = Extract<Command, { name: "models" }>;

/** `models list`, `models fetch ID`, `models import PATH` and `models remove ID`. @throws LensError */
export async function modelsCommand(command: ModelsCommand, io: Io): Promise<void> {
  const terminal = new Terminal(io.stderr, command.given.quiet !== undefined);
  const store = await io.openModels(command.given);
  switch (command.action) {
    case "list":
      return io.stdout(table(await store.list()));
    case "fetch": {
      // The command is the consent: nothing is asked.
      const { target } = command;
      const options = {
        signal: io.signal,
        onProgress: (done: number, total: number) => terminal.progress({ stage: "model", done, total }),
      };
      const onHub = isRepository(target) && !existsSync(path.resolve(io.cwd, target));
      const { card, folder } = await (onHub ? store.add(target, options) : store.resolve(target, options));
      if (onHub) terminal.note(`It is used as --model ${card.id}`);
      return terminal.note(`${card.name} is in ${folder}`);
    }
    case "remove": {
      const there = await store.remove(command.target);
      return terminal.note(there ? `${command.target} is deleted` : `${command.target} was not on this machine`);
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
