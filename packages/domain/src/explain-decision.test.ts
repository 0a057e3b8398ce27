import { describe, expect, it } from "vitest";
import { explainDecision, type Explained } from "./explain-decision.ts";
import { failoverReasonSchema, ineligibilitySchema } from "./reasons.ts";
import { strategySchema } from "./settings.ts";

const READ = [
  { id: "id-lab", alias: "lab" },
  { id: "id-work", alias: "work" },
];
const brief = (over: Partial<Explained>) => explainDecision(record(over)).brief;
const sentence = (over: Partial<Explained>) => explainDecision(record(over)).sentence;

const tried = (verdict: "auth" | "foreign-content") => [
  { alias: "work", verdict, status: 401, ms: 5 },
  { alias: "work", verdict: "served" as const, status: 200, ms: 9 },
];

describe("explainDecision", () => {
  it("tells what the account was taken for", () => {
    const held = { bound: "id-work", home: "id-work", candidates: READ };
    expect(brief({ why: "affinity", replay: held })).toBe("Stays with its conversation");
    expect(brief({ why: "affinity", replay: { bound: "id-work", candidates: READ } })).toBe(
      "Sub-agent follows its parent",
    );
    expect(brief({ why: "forced" })).toBe("Forced");
    expect(brief({ why: "last-resort" })).toMatch(/^Last resort/);
    expect(brief({ why: "trial" })).toMatch(/^On trial/);
    expect(sentence({ why: "forced" })).toBe("work is forced, so every request goes to it.");
  });

  it("tells a new conversation from a single request", () => {
    expect(brief({ strategy: "headroom" })).toBe("New conversation: loses most at its reset");
    expect(brief({ replay: { settings: { sessionAffinity: "off" } } })).toBe("Next in turn");
    const { sessionId: _none, ...alone } = record({ strategy: "least-used" });
    expect(explainDecision(alone).brief).toBe("Fewest requests so far");
  });

  it("names the account that a conversation had to leave, and why", () => {
    const left = {
      candidates: [
        { alias: "lab", eligible: false, reason: "cooling-down" },
        { alias: "work", eligible: true },
      ],
      replay: { bound: "id-lab", home: "id-lab", candidates: READ },
    };
    expect(brief(left)).toBe("lab rests until its limit resets, its conversation moved");
    expect(sentence(left)).toBe(
      "The conversation lived on lab. lab rests until its limit resets, so it moved to work: next in turn.",
    );
  });

  it("tells a move during the request, and whether the account was asked at all", () => {
    const move = {
      why: "affinity, then lab: quota-exhausted",
      fallbackReason: "quota-exhausted",
      attempts: [
        { alias: "lab", verdict: "quota", status: 429, ms: 182 },
        { alias: "work", verdict: "served", status: 200, ms: 749 },
      ],
    } as const satisfies Partial<Explained>;
    expect(explainDecision(record({ ...move, attempts: [...move.attempts] }))).toEqual({
      brief: "lab reached its limit, moved unseen",
      sentence:
        "The conversation lives on lab, and so does its prompt cache. It stays while lab can answer. lab reached its limit before any output, so the request moved to work.",
      movedFrom: "lab",
    });
    const unasked = { why: "strategy, then lab: no-token", fallbackReason: "no-token" } as const;
    expect(sentence(unasked)).toBe(
      "A new conversation went to lab: next in turn. lab is signed out, so the request moved to work.",
    );
  });

  it("tells a second try with the same account", () => {
    expect(brief({ attempts: tried("auth") })).toBe("Sign-in renewed, then answered");
    expect(brief({ attempts: tried("foreign-content") })).toBe("Sent again after a move");
  });

  it("gives every account's reason where none could answer", () => {
    const refused = {
      selectedAlias: null,
      why: "none",
      outcome: "refused",
      candidates: [
        { alias: "lab", eligible: false, reason: "quota-exhausted" },
        { alias: "client", eligible: false, reason: "auth-invalid" },
      ],
    } as const;
    expect(sentence({ ...refused, candidates: [...refused.candidates] })).toBe(
      "No account could answer: lab reached its limit; client is signed out.",
    );
    expect(sentence({ ...refused, candidates: [] })).toBe("No account was linked.");
    expect(brief({ ...refused, outcome: "aborted", candidates: [] })).toBe("Cancelled before an answer");
  });

  it("has words for every reason and strategy, and names those of another version", () => {
    const reasons = [...failoverReasonSchema.options, ...ineligibilitySchema.options];
    for (const reason of reasons) {
      const candidates = [{ alias: "lab", eligible: false, reason }];
      expect(sentence({ selectedAlias: null, outcome: "refused", candidates })).not.toContain(`(${reason})`);
    }
    for (const strategy of strategySchema.options) {
      expect(brief({ strategy })).not.toContain(`by ${strategy}`);
    }
    expect(brief({ strategy: "constructor" })).toContain("by constructor");
    const candidates = [{ alias: "lab", eligible: false, reason: "toString" }];
    expect(sentence({ selectedAlias: null, outcome: "refused", candidates })).toContain(
      "lab did not answer (toString)",
    );
    expect(brief({ why: "of-the-future" })).toBe("of-the-future");
  });
});

function record(over: Partial<Explained>): Explained {
  return {
    strategy: "round-robin",
    sessionId: "s-1",
    selectedAlias: "work",
    why: "strategy",
    fallbackReason: null,
    candidates: [
      { alias: "lab", eligible: true },
      { alias: "work", eligible: true },
    ],
    attempts: [{ alias: "work", verdict: "served", status: 200, ms: 10 }],
    outcome: "served",
    ...over,
  };
}
