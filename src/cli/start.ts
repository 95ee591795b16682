import { join } from "node:path";
import { load } from "./code-cache";

// What `embedding-lens` names: as little as finds the rest compiled already.
load(join(__dirname, "cli-main.js"));
