import { DROP_TYPES, droppedUris } from "../dropped";

/**
 * Takes files that are dropped on the page. VS Code lets a page have them only while Shift is held; without it they open in an editor.
 * @param onDrop the addresses of the files
 */
export function takeDrops(root: HTMLElement, onDrop: (uris: string[]) => void): void {
  const over = (event: DragEvent): void => {
    if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    root.classList.add("dropping");
  };
  root.addEventListener("dragenter", over);
  root.addEventListener("dragover", over);
  root.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) root.classList.remove("dropping");
  });
  root.addEventListener("drop", (event) => {
    root.classList.remove("dropping");
    if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    onDrop(droppedUris(event.dataTransfer));
  });
}

const hasFiles = ({ types }: DataTransfer): boolean =>
  DROP_TYPES.some((type) => types.includes(type)) || types.includes("Files");
