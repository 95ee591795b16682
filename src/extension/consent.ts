import * as vscode from "vscode";
import { sendingSentence, sentWords } from "../online/remote/sending";
import type { Sending } from "../protocol/engine";
import type { ModelCard } from "../protocol/models";

/** Asks whether a model may be downloaded: its size, where it comes from and its licence are named. */
export async function askForDownload(card: ModelCard, mirror: string | undefined): Promise<boolean> {
  const download = "Download";
  const bytes = card.files.reduce((sum, file) => sum + file.bytes, 0);
  const from = mirror ? `the mirror ${mirror}` : servers(card);
  const answer = await vscode.window.showInformationMessage(
    `Download the model ${card.name} (${megabytes(bytes)})?`,
    {
      modal: true,
      detail: `Source: ${card.source}\nFrom: ${from}\nLicence: ${card.licence}\n\nIt is kept on this machine and runs here; your data stays where it is.`,
    },
    download,
  );
  return answer === download;
}

/** Asks whether texts may be sent to a server: which, how many, and what is here already. */
export async function askForSending(sending: Sending): Promise<boolean> {
  const send = "Send";
  const answer = await vscode.window.showWarningMessage(
    `Send ${sentWords(sending)} to ${sending.host}?`,
    { modal: true, detail: `${sendingSentence(sending)}.\n\nThe server may charge for it.` },
    send,
  );
  return answer === send;
}

const servers = ({ files }: ModelCard): string =>
  [...new Set(files.flatMap(({ url }) => (url ? new URL(url).host : [])))].join(", ");

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
