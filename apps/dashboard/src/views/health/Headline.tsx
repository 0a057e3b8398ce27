import type { DoctorReport } from "@open-multi-auth/loopback-api/client";
import { Answer } from "../../components/answer.tsx";
import type { Asked } from "../../api/use-answer.ts";
import { byUrgency, headline, sentence, titled } from "./checks.ts";

/** The view's answer: whether something fails, and what that is. */
export function Headline({ doctor }: { readonly doctor: Asked<DoctorReport> }) {
  if (doctor.value === undefined) {
    const { error } = doctor;
    return <Answer title={error ? <b>The checks could not run</b> : "Checking"}>{error?.message}</Answer>;
  }
  const { strong, rest } = headline(doctor.value.checks);
  const [first] = byUrgency(doctor.value.checks);
  return (
    <Answer
      title={
        <>
          <b>{strong}</b>
          {rest.startsWith(",") ? rest : ` ${rest}`}
        </>
      }
    >
      {first && first.status !== "ok" && (
        <>
          <b>{titled(first.name)}</b>: {sentence(first.message)}
        </>
      )}
    </Answer>
  );
}
