import * as vscode from "vscode";
import type { AllowedHosts } from "./allowed-hosts";

/** A host (name and port) from which pictures of a dataset would be loaded, and how many. */
export interface PictureHost {
  host: string;
  pictures: number;
}

/** More hosts than this are chosen from one list. */
const ASKED_ONE_BY_ONE = 3;

/**
 * Asks once for each host whether pictures may be loaded from it; what was allowed is remembered in the workspace.
 * @returns the hosts that are allowed
 */
export async function confirmHosts(
  hosts: readonly PictureHost[],
  allowed: AllowedHosts,
  offline: boolean,
): Promise<string[]> {
  if (offline) {
    void vscode.window.showInformationMessage(
      `Embedding Lens is offline, so pictures from ${namesOf(hosts)} are not loaded.`,
    );
    return [];
  }
  if (!vscode.workspace.isTrusted) {
    void sayUntrusted(hosts);
    return [];
  }
  const fresh = hosts.filter(({ host }) => !allowed.has(host));
  if (fresh.length > 0) await allowed.add(await ask(fresh));
  return hosts.map(({ host }) => host).filter((host) => allowed.has(host));
}

const namesOf = (hosts: readonly PictureHost[]): string =>
  hosts.length === 1 ? hosts[0]!.host : `${hosts.length} hosts`;

async function ask(hosts: readonly PictureHost[]): Promise<string[]> {
  if (hosts.length > ASKED_ONE_BY_ONE) return choose(hosts);
  const agreed: string[] = [];
  for (const { host, pictures } of hosts) {
    const allow = "Allow";
    const answer = await vscode.window.showInformationMessage(
      `Load ${counted(pictures)} from ${host}?`,
      {
        modal: true,
        detail: `The dataset names them by their addresses. ${host} will see this machine's address and which pictures are loaded. They are used here and not kept as files.`,
      },
      { title: allow },
      { title: "Not Now", isCloseAffordance: true },
    );
    if (answer?.title === allow) agreed.push(host);
  }
  return agreed;
}

async function choose(hosts: readonly PictureHost[]): Promise<string[]> {
  const chosen = await vscode.window.showQuickPick(
    hosts.map(({ host, pictures }) => ({ label: host, description: counted(pictures) })),
    {
      canPickMany: true,
      ignoreFocusOut: true,
      title: "Hosts to load pictures from",
      placeHolder: "The dataset names pictures on these hosts: choose those that may be asked for them",
    },
  );
  return (chosen ?? []).map(({ label }) => label);
}

async function sayUntrusted(hosts: readonly PictureHost[]): Promise<void> {
  const trust = "Manage Trust…";
  const answer = await vscode.window.showWarningMessage(
    `This workspace is not trusted, so pictures from ${namesOf(hosts)} are not loaded. Trust it to be asked.`,
    trust,
  );
  if (answer === trust) await vscode.commands.executeCommand("workbench.trust.manage");
}

const counted = (pictures: number): string =>
  `${pictures.toLocaleString("en-US")} ${pictures === 1 ? "picture" : "pictures"}`;
