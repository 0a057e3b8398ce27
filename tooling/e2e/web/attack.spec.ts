import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "./rig.ts";

const ONE = [{ alias: "work", fiveHour: [60, 3], weekly: [55, 80] }] as const;

test("SRV-01, SRV-02: a page of another origin can read nothing and change nothing, signed in as the browser is", async ({
  page,
  context,
  open,
}) => {
  const dashboard = await open({ accounts: ONE });
  const before = JSON.stringify(await dashboard.store());
  const evil = await evilServer();
  try {
    const attacker = await context.newPage();
    for (const host of ["127.0.0.1", "localhost"]) {
      await attacker.goto(`http://${host}:${(evil.address() as AddressInfo).port}/`);
      const outcomes = await attacker.evaluate(attack, dashboard.url);
      expect(outcomes, `from ${host}`).toEqual({
        read: "blocked",
        opaque: "blocked",
        put: "blocked",
        text: "blocked",
        events: "blocked",
        frame: "blocked",
      });
      const posted = attacker.waitForURL(/\/api\/force/);
      await attacker.evaluate(postForm, dashboard.url);
      await posted;
      await expect(attacker.locator("body")).toContainText("FORBIDDEN_ORIGIN");
    }
    expect(JSON.stringify(await dashboard.store())).toBe(before);
    await expect(page.getByText("Live")).toBeVisible();
  } finally {
    evil.close();
  }
});

test("SRV-02: a name that an attacker leads to this machine is refused, page and API alike", async ({
  page,
  serve,
}) => {
  const dashboard = await serve({ accounts: ONE });
  const { port } = new URL(dashboard.url);
  for (const path of ["/", "/api/state", "/api/health"]) {
    const answer = await page.goto(`http://rebound.test:${port}${path}`);
    expect(answer?.status(), path).toBe(403);
    await expect(page.locator("body")).toContainText("FORBIDDEN_HOST");
  }
});

test("SRV-02: the address that begins a session works once; its code does not stay in the address", async ({
  page,
  browser,
  open,
}) => {
  const dashboard = await open({ accounts: ONE });
  expect(page.url()).not.toContain("launch");
  const other = await browser.newContext();
  try {
    const second = await other.newPage();
    await second.goto(dashboard.launchUrl);
    await expect(second.getByRole("alert")).toContainText("no longer signed in");
    await expect(second.locator("body")).not.toContainText("work@example.test");
    const cookies = await page.context().cookies(dashboard.url);
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: "Strict" }]);
    expect(await page.evaluate(() => document.cookie)).toBe("");
  } finally {
    await other.close();
  }
});

test("SRV-06: no token in what the page holds, shows or was sent", async ({ page, open }) => {
  const bodies: Promise<string>[] = [];
  page.on("response", (response) => {
    if (!response.url().endsWith("/api/events")) bodies.push(response.text().catch(() => ""));
  });
  const dashboard = await open({ accounts: ONE });
  await page.getByRole("button", { name: "work", exact: true }).click();
  await expect(page.getByText("work@example.test")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Live")).toBeVisible();
  const held = await page.evaluate(
    () => document.documentElement.outerHTML + JSON.stringify([sessionStorage, localStorage]),
  );
  const all = held + (await Promise.all(bodies)).join("");
  const { accessToken, refreshToken, idToken } = await dashboard.account("work");
  for (const token of [accessToken, refreshToken, idToken]) expect(all).not.toContain(token);
});

/** A page of its own origin. */
async function evilServer(): Promise<Server> {
  const server = createServer((_, answer) =>
    answer.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>evil</title>"),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Runs in the attacker's page: everything that a page can send, with the browser's cookies. */
async function attack(target: string): Promise<Record<string, string>> {
  // oxlint-disable unicorn/consistent-function-scoping -- the page gets this function only
  const outcome = async (call: Promise<Response>): Promise<string> => {
    try {
      return `${(await call).type} answer`;
    } catch {
      return "blocked";
    }
  };
  const credentials = "include" as const;
  const body = '{"enabled":false}';
  const path = `${target}/api/accounts/work/enabled`;
  const settled = (begin: (done: (value: string) => void) => void): Promise<string> => new Promise(begin);
  return {
    read: await outcome(fetch(`${target}/api/state`, { credentials })),
    opaque: await outcome(fetch(`${target}/api/state`, { credentials, mode: "no-cors" })),
    put: await outcome(
      fetch(path, { credentials, method: "PUT", body, headers: { "content-type": "application/json" } }),
    ),
    text: await outcome(
      fetch(`${target}/api/force`, {
        credentials,
        method: "POST",
        mode: "no-cors",
        body: '{"alias":"work"}',
      }),
    ),
    events: await settled((done) => {
      const source = new EventSource(`${target}/api/events`, { withCredentials: true });
      source.addEventListener("state", () => done("read"));
      source.addEventListener("error", () => {
        source.close();
        done("blocked");
      });
    }),
    frame: await settled((done) => {
      const frame = document.createElement("iframe");
      frame.addEventListener("load", () => {
        // A frame that was refused holds the browser's own error page, which nobody can look into either.
        done(frame.contentDocument === null ? "blocked" : "read");
      });
      frame.src = `${target}/`;
      document.body.append(frame);
    }),
  };
}

/** Runs in the attacker's page: a form, which no preflight protects. */
function postForm(target: string): void {
  const form = document.createElement("form");
  form.method = "post";
  form.enctype = "text/plain";
  form.action = `${target}/api/force`;
  const field = document.createElement("input");
  field.name = '{"alias":"work","x":"';
  field.value = '"}';
  form.append(field);
  document.body.append(form);
  form.submit();
}
