import { parentPort } from "node:worker_threads";
import { serve } from "./serve";
import { TASKS, type TaskRequest } from "./tasks";

// A thread of the engine: runs one task after another. It is cancelled by being ended from outside.
const port = parentPort;
port?.on("message", (request: TaskRequest) => {
  void serve(TASKS, request, (...message) => port.postMessage(...message));
});
