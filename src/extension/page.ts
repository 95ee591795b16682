import { randomBytes } from "node:crypto";

/** Where the page's parts are, as the webview may load them. */
export interface PageParts {
  script: string;
  style: string;
  /** `webview.cspSource` */
  origin: string;
}

/**
 * The page around the bundle. Nothing may run but our own script, nothing is loaded but our own files and pictures made
 * from data: no eval and no network. Styles in the page are allowed because the control library writes one.
 */
export function pageHtml({ script, style, origin }: PageParts): string {
  const nonce = randomBytes(16).toString("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${origin} 'unsafe-inline'`,
    `img-src ${origin} data: blob:`,
    `font-src ${origin}`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Embedding Lens</title>
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
