import { ok } from "neverthrow";
import { route } from "../route.ts";
import { doctorSchema } from "../schemas/doctor.ts";

export const examine = route({
  method: "GET",
  path: "/api/doctor",
  summary: "Check the installation, as `oma doctor` does",
  answer: doctorSchema,
  handle: async (_call, { ports }) => ok(await ports.doctor.examine()),
});
