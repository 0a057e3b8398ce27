import { epochMs } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { parseAccounts } from "./accounts-file.ts";
import { findServers, portsOf } from "./command-line.ts";
import { parseUserStatus } from "./user-status.ts";

const NOW = epochMs(1_795_262_400_000);

describe("parseAccounts", () => {
  it("ISO-03: tells what is in the file, without its secrets", () => {
    const text = JSON.stringify({
      version: 4,
      accounts: [
        {
          email: "ann@example.com",
          refreshToken: "1//canary",
          projectId: "proj-1",
          addedAt: NOW - 1_000,
          lastUsed: NOW,
          rateLimitResetTimes: { claude: NOW + 60_000, "gemini-antigravity": NOW - 1, gemini: null },
        },
        { managedProjectId: "proj-2", refreshToken: "" },
      ],
      activeIndex: 1,
    });
    const accounts = parseAccounts(text, NOW);
    expect(accounts).toEqual([
      {
        number: 1,
        inUse: false,
        signedIn: true,
        projectId: "proj-1",
        addedAt: "2026-11-21T11:59:59.000Z",
        lastUsed: "2026-11-21T12:00:00.000Z",
        resting: [{ what: "claude", until: "2026-11-21T12:01:00.000Z" }],
      },
      { number: 2, inUse: true, signedIn: false, projectId: "proj-2", resting: [] },
    ]);
    expect(JSON.stringify(accounts)).not.toMatch(/canary|example/);
  });

  it.each(["", "{", "null", "[]", '{"accounts": {}}', '{"accounts": [1]}'])(
    "ISO-03: is none of it: %s",
    (text) => {
      expect(parseAccounts(text, NOW)).toBeUndefined();
    },
  );
});

describe("parseUserStatus", () => {
  it("ISO-03: tells credits and what is left of each model that has a quota", () => {
    const models = [
      {
        label: "Gemini 3 Pro",
        modelOrAlias: { model: "M1" },
        quotaInfo: { remainingFraction: 0.74, resetTime: "2026-11-21T15:00:00Z" },
      },
      { label: "Used up", quotaInfo: { resetTime: "2026-11-21T15:00:00+01:00" } },
      { label: "Without a quota" },
      { quotaInfo: { remainingFraction: 7 } },
    ];
    const answer = {
      userStatus: {
        email: "ann@example.com",
        planStatus: { availablePromptCredits: 500, planInfo: { monthlyPromptCredits: 50_000 } },
        cascadeModelConfigData: { clientModelConfigs: models },
      },
    };
    expect(parseUserStatus(answer)).toEqual({
      credits: { available: 500, monthly: 50_000 },
      models: [
        { label: "Gemini 3 Pro", model: "M1", remaining: 74, resetAt: "2026-11-21T15:00:00.000Z" },
        { label: "Used up", remaining: 0, resetAt: "2026-11-21T14:00:00.000Z" },
        { label: "unnamed", remaining: 100, resetAt: null },
      ],
    });
    expect(parseUserStatus({ userStatus: {} })).toEqual({ credits: null, models: [] });
  });

  it.each([undefined, null, {}, { userStatus: 1 }, { code: "unauthenticated" }])(
    "ISO-03: is no such answer: %j",
    (answer) => {
      expect(parseUserStatus(answer)).toBeUndefined();
    },
  );
});

describe("findServers", () => {
  it("finds Antigravity's own, and no other editor's", () => {
    const listing = [
      "  101 /Applications/Antigravity.app/bin/language_server_macos_arm --csrf_token aa-11 --app_data_dir antigravity",
      "  102 /opt/windsurf/bin/language_server_linux_x64 --csrf_token bb-22",
      "  103 /opt/antigravity/language_server_linux_x64 --extension_server_port 4 --csrf_token=cc-33",
      "  104 /opt/antigravity/language_server_linux_x64 --without-one",
      "  105 vi language_server_notes antigravity --csrf_token dd",
      "",
    ];
    expect(findServers(listing.join("\n"))).toEqual([
      { pid: 101, csrfToken: "aa-11" },
      { pid: 103, csrfToken: "cc-33" },
    ]);
  });
});

describe("portsOf", () => {
  it("takes what listens on loopback", () => {
    expect(portsOf("p103\nf9\nn127.0.0.1:40001\nf10\nn*:40002\nf11\nn[::1]:40001\nn10.0.0.1:5\n")).toEqual([
      40_001, 40_002,
    ]);
  });
});
