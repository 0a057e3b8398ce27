import { toIso } from "@open-multi-auth/domain";
import type { DoctorPort } from "@open-multi-auth/loopback-api";
import { examine } from "../commands/doctor.ts";
import type { Context } from "../context.ts";

/** `oma doctor` for the dashboard. Nobody can be asked for anything there. */
export function doctorPort(context: Context): DoctorPort {
  const quiet: Context = { ...context, interactive: false, err: { ...context.err, print: () => {} } };
  return {
    examine: async () => ({
      ranAt: toIso(context.clock.now()) ?? "",
      checks: (await examine(quiet)).map((finding) => ({ ...finding })),
    }),
  };
}
