/** What the command line needs of the engine: without its child process, and so without the library for messages. */
export { localEngine } from "../engine/client";
