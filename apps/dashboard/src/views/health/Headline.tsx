import type { DoctorReport } from "@open-multi-auth/loopback-api/client";
import type { Asked } from "../../api/use-answer.ts";
import { byUrgency, headline, sentence, titled } from "./checks.ts";

/** The view's answer: whether something fails, and what that is. */
export function Headline({ doctor }: { readonly doctor: Asked<DoctorReport> }) {
  if (doctor.value === undefined) {
    return (
      <div class="digest">
        <div>
          <h1 class="h1s">{doctor.error ? <b>The checks could not run</b> : "Checking"}</h1>
          {doctor.error && <p>{doctor.error.message}</p>}
        </div>
      </div>
    );
  }
  const { strong, rest } = headline(doctor.value.checks);
  const [first] = byUrgency(doctor.value.checks);
  return (
    <div class="digest">
      <div>
        <h1 class="h1s">
          <b>{strong}</b>
          {rest.startsWith(",") ? rest : ` ${rest}`}
        </h1>
        {first && first.status !== "ok" && (
          <p>
            <b>{titled(first.name)}</b>: {sentence(first.message)}
          </p>
        )}
      </div>
    </div>
  );
}
