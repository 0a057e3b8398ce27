import type {
  AccountView,
  DecisionRecord,
  DecisionWhy,
  ForceView,
  SettingsView,
} from "@open-multi-auth/domain";

/** An expected failure, as every error body has it under `error`. */
export interface FailureView {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** How long the pool lasts, by one kind of window. */
export type RunwayView =
  | { readonly kind: "runs-out"; readonly at: string }
  | { readonly kind: "lasts" }
  | { readonly kind: "unknown" };

/** A sign-in, from its start until some time after its end. */
export interface LinkView {
  readonly id: string;
  readonly purpose: "link" | "reauth";
  readonly method: "browser" | "device";
  readonly alias?: string | undefined;
  readonly phase: "waiting" | "finishing" | "done" | "failed" | "cancelled";
  readonly progress: "idle" | "in-progress" | "success" | "error";
  readonly startedAt: string;
  readonly expiresAt: string;
  readonly prompt?:
    | {
        readonly kind: "browser";
        readonly url: string;
        readonly port: number;
        readonly passedOver: readonly number[];
      }
    | {
        readonly kind: "device";
        readonly verificationUrl: string;
        readonly userCode: string;
        readonly intervalMs: number;
      }
    | undefined;
  readonly result?:
    | {
        readonly alias: string;
        readonly email?: string | undefined;
        readonly planType?: string | undefined;
        readonly outcome: "added" | "updated" | "kept" | "reauthorized";
      }
    | undefined;
  readonly error?: FailureView | undefined;
}

/** Where probes stand. */
export interface ProbeProgress {
  readonly queued: readonly string[];
  readonly running: readonly string[];
}

/** Something that went wrong in the background. */
export interface ProblemView {
  readonly at: string;
  readonly code: string;
  readonly message: string;
}

/** What became of the requests of a span of time. */
export interface Counters {
  readonly since: string;
  readonly requests: number;
  readonly served: number;
  readonly moved: number;
  readonly kept: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly aborted: number;
  readonly byAlias: Readonly<Record<string, number>>;
}

/** All that the dashboard shows, at one moment. */
export interface StateView {
  readonly now: string;
  readonly server: { readonly version: string; readonly pid: number; readonly startedAt: string };
  readonly accounts: readonly AccountView[];
  readonly current: string | null;
  readonly next: string | null;
  readonly conversations: Readonly<Record<string, number>>;
  readonly force: ForceView;
  readonly settings: SettingsView;
  readonly strategy: SettingsView["settings"]["rotationStrategy"];
  readonly runway: { readonly fiveHour: RunwayView; readonly weekly: RunwayView };
  readonly links: readonly LinkView[];
  readonly probes: ProbeProgress;
  readonly counters: Counters;
  readonly incident: {
    readonly since: string;
    readonly requests: number;
    readonly resent: number;
    readonly lost: number;
  } | null;
  readonly store: {
    readonly state: "ok" | "degraded";
    readonly path: string;
    readonly problem?: ProblemView | undefined;
  };
  readonly problems: readonly ProblemView[];
}

/** One model request, as `oma why` tells it. */
export type DecisionView = Pick<
  DecisionRecord,
  | "requestId"
  | "sessionId"
  | "model"
  | "strategy"
  | "selectedAlias"
  | "why"
  | "fallbackReason"
  | "candidates"
  | "attempts"
  | "outcome"
  | "firstByteMs"
  | "totalMs"
> & {
  readonly at: string;
  /** Why the request went to its account, in words. */
  readonly explanation: DecisionWhy;
};

/** What `GET /api/events` tells. */
export type ApiEvent =
  | { readonly type: "hello"; readonly data: { readonly version: string; readonly complete: boolean } }
  | { readonly type: "state"; readonly data: StateView }
  | { readonly type: "decision"; readonly data: DecisionView }
  | { readonly type: "probe"; readonly data: ProbeProgress }
  | { readonly type: "link"; readonly data: LinkView }
  | { readonly type: "problem"; readonly data: ProblemView }
  | {
      readonly type: "notice";
      readonly data: {
        readonly at: string;
        readonly kind: string;
        readonly alias?: string;
        readonly message: string;
      };
    }
  | { readonly type: "gap"; readonly data: { readonly missed: number } };
