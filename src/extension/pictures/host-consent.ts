import * as vscode from "vscode";
import type { PictureHost } from "../../engine/client";
import { fetchFile } from "../../online/remote-file";
import type { RemotePictures } from "../../protocol/engine";
import type { AllowedHosts } from "./allowed-hosts";

/** Pictures of datasets at web addresses: the person is asked once for each host, and only what was allowed is loaded. */
export const pictureHost = (allowed: AllowedHosts, offline: () => boolean): PictureHost => ({
  confirmHosts: (hosts) => confirmHosts(hosts, allowed, offline()),
  remoteFile: (url, maxBytes, { signal }) => fetchFile(url, maxBytes, (host) => allowed.has(host), signal),
});

/** More hosts than this are chosen from one list. */
const ASKED_ONE_BY_ONE = 3;

/**
 * Asks once for each host whether pictures may be loaded from it; what was allowed is remembered in the workspace.
 * @returns the hosts that are allowed
 */
async function confirmHosts(
  hosts: readonly RemotePictures[],
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

const namesOf = (hosts: readonly RemotePictures[]): string =>
  hosts.length === 1 ? hosts[0]!.host : `${hosts.length} hosts`;

async function ask(hosts: readonly RemotePictures[]): Promise<string[]> {
  if (hosts.length > ASKED_ONE_BY_ONE) return choose(hosts);
  const agreed: string[] = [];
  for (const { host, pictures } of hosts) {
    const allow = "Allow";
    const answer = await vscode.window.showInformationMessage(
      `Load ${counted(pictures)} from ${host}?`,
      {
        modal: true,
        detail: `The dataset names them by their addresses. ${host} will see this machine's address and which pictures are loaded. They are kept in a temporary folder until this window is closed.`,
      },
      { title: allow },
      { title: "Not Now", isCloseAffordance: true },
    );
    if (answer?.title === allow) agreed.push(host);
  }
  return agreed;
}

async function choose(hosts: readonly RemotePictures[]): Promise<string[]> {
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

async function sayUntrusted(hosts: readonly RemotePictures[]): Promise<void> {
  const trust = "Manage Trust…";
  const answer = await vscode.window.showWarningMessage(
    `This workspace is not trusted, so pictures from ${namesOf(hosts)} are not loaded. Trust it to be asked.`,
    trust,
  );
  if (answer === trust) await vscode.commands.executeCommand("workbench.trust.manage");
}

const counted = (pictures: number): string =>
  `${pictures.toLocaleString("en-US")} ${pictures === 1 ? "picture" : "pictures"}`;
