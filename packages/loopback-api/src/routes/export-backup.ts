import { failure } from "@open-multi-auth/domain";
import { err } from "neverthrow";
import { route } from "../route.ts";

/** Not in the address, which is kept in histories and logs; percent-encoded, since headers hold no other letters. */
export const PASSPHRASE_HEADER = "x-backup-passphrase";

export const exportBackup = route({
  method: "GET",
  path: "/api/export",
  summary: `An encrypted backup of everything; the header ${PASSPHRASE_HEADER} has the passphrase, percent-encoded`,
  media: "application/octet-stream",
  errors: ["NO_ACCOUNTS", "PASSPHRASE_NEEDED", "PASSPHRASE_WEAK"],
  handle: ({ request, actor }, { ports }) => {
    const passphrase = decoded(request.headers.get(PASSPHRASE_HEADER) ?? "");
    if (passphrase === "")
      return err(
        failure("PASSPHRASE_NEEDED", "a backup that leaves this server is encrypted", {
          header: PASSPHRASE_HEADER,
        }),
      );
    return ports.changes(actor).exportBackup(passphrase).map(attachment);
  },
});

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

const attachment = ({ text, name }: { text: string; name: string }): Response =>
  new Response(text, {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${name}"`,
    },
  });
