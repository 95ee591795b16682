import { it } from "node:test";
import type { Workbench } from "./workbench";

/** `it` for a test that drives a workbench: a failure leaves a screenshot in out/. */
export const steps =
  (workbench: () => Workbench) =>
  (name: string, run: () => Promise<void> | void): void =>
    void it(name, async () => {
      try {
        await run();
      } catch (error) {
        await workbench()
          .screenshot(`failed-${name.replace(/[^a-z]+/gi, "-").slice(0, 60)}`)
          .catch(() => undefined);
        throw error;
      }
    });
