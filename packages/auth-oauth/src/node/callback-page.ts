import { createHash } from "node:crypto";
import type { CallbackOutcome } from "./callback-request.ts";

interface Text {
  readonly status: number;
  readonly tone: "good" | "bad";
  readonly title: string;
  /** What happened, and what to do. */
  readonly lines: readonly string[];
}

const AGAIN = "Go back to where you started and sign in again.";

const TEXTS: Readonly<Record<CallbackOutcome, Text>> = {
  linked: {
    status: 200,
    tone: "good",
    title: "Signed in",
    lines: ["The account is linked and takes requests from now on.", "You can close this tab."],
  },
  denied: {
    status: 403,
    tone: "bad",
    title: "Not signed in",
    lines: ["OpenAI did not complete the sign-in, or you cancelled it. Nothing changed.", AGAIN],
  },
  refused: {
    status: 400,
    tone: "bad",
    title: "Not the answer that was waited for",
    lines: [
      "This page was opened for another sign-in, or by something that should not have opened it. Nothing changed.",
      "Finish in the tab that was opened last, or go back to where you started and sign in again.",
    ],
  },
  replayed: {
    status: 409,
    tone: "bad",
    title: "Already used",
    lines: ["This sign-in was completed before. Nothing changed now.", "You can close this tab."],
  },
  failed: {
    status: 502,
    tone: "bad",
    title: "Not linked",
    lines: [
      "You signed in, but the account could not be linked. Nothing changed.",
      "The program you started from says why, and what to do.",
    ],
  },
};

/** Light, and dark where the system is; nothing is loaded from anywhere. The values are those of the design tokens. */
const STYLE = `:root{color-scheme:light dark;--canvas:#f4f6f4;--panel:#fff;--line:#e1e6e3;--ink:#14201c;--ink-2:#46534e;--ink-3:#626f6a;--good:#0c6f64;--bad:#a92d15}
@media (prefers-color-scheme:dark){:root{--canvas:#0d1110;--panel:#141918;--line:#222927;--ink:#e8eeeb;--ink-2:#adb9b4;--ink-3:#8a9792;--good:#68cfc0;--bad:#f58d75}}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--canvas);color:var(--ink);font:14px/20px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{width:100%;max-width:440px;padding:32px;background:var(--panel);border:1px solid var(--line);border-radius:10px}
svg{display:block;width:32px;height:32px;margin-bottom:16px;fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.good svg{stroke:var(--good)}.bad svg{stroke:var(--bad)}
h1{margin-bottom:8px;font-size:24px;line-height:32px;font-weight:400;letter-spacing:-.02em}
p{margin-top:8px;color:var(--ink-2)}
footer{margin-top:24px;padding-top:16px;border-top:1px solid var(--line);color:var(--ink-3);font-size:12px;line-height:16px}`;

const GLYPHS = {
  good: '<circle cx="16" cy="16" r="13"/><path d="m10 16.5 4 4 8-9"/>',
  bad: '<path d="M16 4 30 28H2Z"/><path d="M16 13v7m0 4v.01"/>',
} as const;

/** Said with every answer: nothing may be loaded, run, framed, kept, or told to the next site. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  connection: "close",
  "content-security-policy": [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "content-type": "text/html; charset=utf-8",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The page that tells how a sign-in went. It holds nothing of the login, so that nothing of it can be seen there. */
export function callbackPage(outcome: CallbackOutcome): { readonly status: number; readonly html: string } {
  const { status, tone, title, lines } = TEXTS[outcome];
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · open-multi-auth</title>
<style>${STYLE}</style></head>
<body class="${tone}"><main><svg viewBox="0 0 32 32" aria-hidden="true">${GLYPHS[tone]}</svg>
<h1>${title}</h1>${lines.map((line) => `<p>${line}</p>`).join("")}
<footer>open-multi-auth, on this machine</footer></main></body></html>
`;
  return { status, html };
}
