import { DARK_THEME, LIGHT_THEME, type ChartTheme } from "../../charts/theme";

/** The chart's colours from VS Code's variables, for whatever theme is on; a constant theme where a variable is missing. */
export function pageTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const read = (...names: string[]): string | null => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value) return value;
    }
    return null;
  };
  const background = opaque(read("editor-background") ?? "#ffffff");
  const dark = luminance(background) < 0.4;
  const base = dark ? DARK_THEME : LIGHT_THEME;
  const contrast = document.body.className.includes("vscode-high-contrast");
  const foreground = read("editor-foreground", "foreground") ?? base.foreground;
  return {
    shade: base.shade,
    background,
    foreground,
    muted: contrast ? foreground : (read("descriptionForeground") ?? base.muted),
    line: contrast ? (read("contrastBorder") ?? foreground) : base.line,
    accent: contrast ? (read("contrastActiveBorder", "focusBorder") ?? foreground) : dark ? "#ffffff" : "#000000",
    font: read("font-family") ?? base.font,
    fontSize: Number.parseFloat(read("font-size") ?? "") || base.fontSize,
  };
}

/** Calls back when VS Code has changed the theme. */
export function onThemeChange(callback: () => void): void {
  let timer: number | undefined;
  const observer = new MutationObserver(() => {
    window.clearTimeout(timer);
    timer = window.setTimeout(callback, 50);
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
}

/** Any CSS colour as "#rrggbb", without its opacity. */
function opaque(color: string): string {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return "#ffffff";
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, 1, 1);
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 255, green = 255, blue = 255] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
