import {
  epochMs,
  sessionId,
  type AccountId,
  type EpochMs,
  type Random,
  type RotationState,
  type Settings,
} from "@open-multi-auth/domain";
import {
  boundAccount,
  eligibility,
  homeAccount,
  liveSessions,
  select,
  watchClock,
  type AccountEvent,
  type Selection,
} from "@open-multi-auth/scheduler";
import type { Conversation } from "../model/conversation.ts";
import type { Refusal } from "../model/upstream-account.ts";
import { createOurStore, limitsOf, type OurStore } from "./our-store.ts";
import type { Policy, PolicyKind } from "./policy.ts";

/** One of our strategies, by the very code that the plugin runs; conversations are dealt to as many processes. */
function kind(id: string, title: string, chosen: Partial<Settings>): PolicyKind {
  return {
    id,
    title,
    by: "us",
    create(scenario, random, upMs) {
      const store = createOurStore(scenario, chosen, random);
      const processes = Array.from({ length: scenario.processes ?? 1 }, (_, starts) =>
        createProcess({ store, starts, random, upMs }),
      );
      const of = (conversation: Conversation): Policy => {
        const process = processes[Number.parseInt(conversation.id.slice(1), 10) % processes.length];
        if (!process) throw new Error("no process of ours");
        return process;
      };
      return {
        next: (conversation, tried, now) => of(conversation).next(conversation, tried, now),
        begun: (conversation, account, now) => of(conversation).begun(conversation, account, now),
        served: (conversation, account, at) => of(conversation).served(conversation, account, at),
        refused: (conversation, account, refusal, now) =>
          of(conversation).refused(conversation, account, refusal, now),
        polled: (account, reading, now) => store.tellUsage(account, reading, epochMs(now)),
      };
    },
  };
}

/** The quota-aware strategy, as the person gets it by choosing it. */
export const headroom = kind("headroom", "headroom", { rotationStrategy: "headroom" });
/** The same where nothing is held back at the end of a window. */
export const headroomToTheEnd = kind("headroom-0", "headroom, criticalThreshold 0", {
  rotationStrategy: "headroom",
  criticalThreshold: 0,
});
/** What the person gets without choosing. */
export const roundRobin = kind("round-robin", "round-robin (our default)", {
  rotationStrategy: "round-robin",
});

interface ProcessDeps {
  readonly store: OurStore;
  readonly starts: number;
  readonly random: Random;
  readonly upMs: () => number;
}

/** A process: its own rotation and requests under way, over a store that it may share. */
function createProcess({ store, starts, random, upMs }: ProcessDeps): Policy {
  let rotation: RotationState = { cursor: starts, starts, current: {} };
  let selection: Selection | undefined;
  let busy = 0;
  const inFlight = new Map<AccountId, number>();
  const jumpOf = watchClock(upMs);

  return {
    next(conversation, tried, now) {
      const at = epochMs(now);
      const jumpedMs = jumpOf(at);
      if (jumpedMs !== 0) store.keepBindings(jumpedMs, at);
      if (tried.length === 0) {
        busy = 0;
        selection = choose(conversation, at);
        return selection.kind === "use" ? store.indexOf(selection.account.id) : undefined;
      }
      if (selection?.kind !== "use" || busy >= store.settings.maxTransientAttempts) return undefined;
      return another(selection, conversation, tried, at);
    },
    begun(conversation, account, now) {
      const id = idOf(account);
      inFlight.set(id, (inFlight.get(id) ?? 0) + 1);
      if (selection?.kind === "use") rotation = selection.rotation;
      store.bind(conversation, id, epochMs(now));
    },
    served(_conversation, account, { startedAt, now, reading }) {
      const id = idOf(account);
      inFlight.set(id, (inFlight.get(id) ?? 1) - 1);
      const observed = reading && { observed: limitsOf(reading, epochMs(now)) };
      store.change(account, { kind: "served", startedAt: epochMs(startedAt), ...observed }, epochMs(now));
    },
    refused(conversation, account, refusal, now) {
      if (refusal.kind === "busy") busy += 1;
      const underWay = 1 + (inFlight.get(idOf(account)) ?? 0);
      store.change(account, eventOf(refusal, conversation, underWay), epochMs(now));
    },
    polled() {},
  };

  function choose(conversation: Conversation, now: EpochMs): Selection {
    const { accounts, affinity, settings } = store;
    const lives = namesOf(conversation);
    const bound = boundAccount(affinity, lives, now);
    const home = homeAccount(affinity, lives, now);
    const state = {
      accounts,
      settings,
      rotation,
      forced: null,
      inFlight,
      // Only a placement asks for them.
      get sessions() {
        return liveSessions(affinity, now);
      },
    };
    const request = {
      model: conversation.model,
      ...(bound !== undefined && { bound }),
      ...(home !== undefined && { home }),
    };
    return select(state, request, now, random);
  }

  function another(
    { order, why }: Selection & { kind: "use" },
    conversation: Conversation,
    tried: readonly number[],
    now: EpochMs,
  ): number | undefined {
    const { model } = conversation;
    const { affinity, settings } = store;
    const context = {
      model,
      settings,
      inFlight,
      home: homeAccount(affinity, namesOf(conversation), now),
      now,
    };
    for (const { id } of order) {
      const index = store.indexOf(id);
      const account = store.accounts[index];
      if (!account || tried.includes(index)) continue;
      const found = eligibility(account, context);
      if (found.eligible || (why === "last-resort" && found.spare) || (why === "trial" && found.trial))
        return index;
    }
    return undefined;
  }

  function idOf(index: number): AccountId {
    const account = store.accounts[index];
    if (!account) throw new Error(`no account ${index}`);
    return account.id;
  }
}

function namesOf({ id, parentId }: Conversation) {
  return {
    sessionId: sessionId(id),
    ...(parentId !== undefined && { parentSessionId: sessionId(parentId) }),
  };
}

function eventOf(refusal: Refusal, { model }: Conversation, underWay: number): AccountEvent {
  switch (refusal.kind) {
    case "quota":
      return { kind: "quota", until: epochMs(refusal.resetsAt) };
    case "busy":
      return { kind: "transient", inFlight: underWay };
    case "dead":
      return { kind: "auth-invalid", reason: "expired-refresh-failed" };
    case "model":
      return { kind: "model", model, error: "not supported with this account" };
    default:
      return refusal satisfies never;
  }
}
