import { serve, type Reply } from "./serve";
import type { TaskRequest } from "./tasks";
import { FEW_TASKS } from "./tasks-few";

/** What a process loads instead of starting a thread, for tasks that are small: less code than a thread has. */
export const serveFew = (request: TaskRequest, reply: Reply, signal: AbortSignal): Promise<void> =>
  serve(FEW_TASKS, request, reply, signal);
