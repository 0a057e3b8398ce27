import { metricsText } from "@open-multi-auth/domain";
import { poolMetrics } from "@open-multi-auth/runtime-node";
import { err } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import { withPool } from "../pool.ts";
import { metricsOverview } from "../present/metrics.ts";
import { usage } from "../usage.ts";

/** `oma metrics [--json|--prometheus]` */
export const metricsCommand: Command = {
  arguments: [],
  options: {
    json: { about: "print the figures as JSON" },
    prometheus: { about: "print them, and the state of the accounts, in Prometheus' text format" },
  },
  examples: ["metrics", "metrics --json", "metrics --prometheus > textfile/open-multi-auth.prom"],
  run: async ({ flags }, context) => {
    if (flags.has("json") && flags.has("prometheus"))
      return err(usage("metrics", "--json and --prometheus exclude each other"));
    return withPool(context, (pool) =>
      poolMetrics(pool)
        .read()
        .map((metrics): ExitCode => {
          const { out, clock } = context;
          if (flags.has("json")) out.print(JSON.stringify(metrics, null, 2));
          else if (flags.has("prometheus")) out.print(metricsText(metrics, pool.views()).trimEnd());
          else out.print(metricsOverview(metrics, clock.now(), out.colours));
          return 0;
        }),
    );
  },
};
