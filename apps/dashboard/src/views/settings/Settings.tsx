import type { StateView } from "@open-multi-auth/loopback-api/client";
import { useState } from "preact/hooks";
import { useApp } from "../../app/context.ts";
import { Loading } from "../../components/empty.tsx";
import { Backup } from "./Backup.tsx";
import { useSettingsForm, type SettingsForm } from "./form.ts";
import { Group } from "./Group.tsx";
import { Headline } from "./Headline.tsx";
import { SelectLine, SwitchLine, TextLine } from "./Line.tsx";
import { Nav } from "./Nav.tsx";
import { ResetDialog } from "./ResetDialog.tsx";
import { SaveBar } from "./SaveBar.tsx";
import { Strategy } from "./Strategy.tsx";
import { Thresholds } from "./Thresholds.tsx";
import { Weights } from "./Weights.tsx";
import { useValue } from "../../state/signal.ts";

/** The view `#/settings`: every effective value, where it came from, and what it could be. */
export function Settings() {
  const state = useValue(useApp().state);
  return state === undefined ? <Loading what="settings" /> : <Form state={state} />;
}

function Form({ state }: { readonly state: StateView }) {
  const form = useSettingsForm(state);
  const [isResetting, setResetting] = useState(false);
  return (
    <>
      <Headline form={form} />
      <div class="set">
        <Nav />
        <form
          class="set-b"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (form.changed.length > 0 && Object.keys(form.problems).length === 0) form.save();
          }}
        >
          <Strategy form={form} />
          <Thresholds form={form} />
          <Weights form={form} />
          <Others form={form} />
          <Backup onReset={() => setResetting(true)} />
          <SaveBar form={form} />
        </form>
      </div>
      {isResetting && <ResetDialog form={form} onClose={() => setResetting(false)} />}
    </>
  );
}

const INTERVALS = [
  ["60000", "1 minute"],
  ["120000", "2 minutes"],
  ["240000", "4 minutes"],
  ["600000", "10 minutes"],
  ["1800000", "30 minutes"],
  ["3600000", "1 hour"],
] as const;

function Others({ form }: { readonly form: SettingsForm }) {
  return (
    <>
      <Group name="conversations" title="Conversations">
        <div class="panel bleed">
          <SwitchLine
            form={form}
            setting="sessionAffinity"
            field="sessionAffinity"
            label="Keep a conversation on its account"
            hint="Its prompt cache lives there. Off: the strategy places every request, which costs far more quota."
          />
          <TextLine
            form={form}
            setting="maxTransientAttempts"
            field="maxTransientAttempts"
            label="Attempts on passing errors"
            hint="Per request, each on another account."
            inputMode="numeric"
          />
        </div>
      </Group>
      <Group name="readings" title="Readings">
        <div class="panel bleed">
          <SelectLine
            form={form}
            setting="probeIntervalMs"
            field="probeIntervalMs"
            label="Read limits every"
            hint="From OpenAI's usage endpoint, while somebody looks. Spends no model turn."
            options={INTERVALS}
          />
          <TextLine
            form={form}
            setting="probeModels"
            field="probeModels"
            label="Models to probe with"
            hint="Only when the endpoint does not answer. In this order, with commas between."
            inputMode="text"
            wide
          />
        </div>
      </Group>
      <Group name="notifications" title="Notifications">
        <div class="panel bleed">
          <SwitchLine
            form={form}
            setting="notifications"
            field="notifications.toast"
            label="In OpenCode"
            hint="An account used up or about to be, a login that died, a pool that cannot answer: each is told once."
          />
          <SwitchLine
            form={form}
            setting="notifications"
            field="notifications.desktop"
            label="On the desktop"
            hint="By this system's own notifications."
          />
          <TextLine
            form={form}
            setting="notifications"
            field="notifications.ntfyUrl"
            label="On an ntfy topic"
            hint="The address of a topic. Its server sees the aliases of your accounts, nothing else of them."
            inputMode="url"
            placeholder="https://ntfy.sh/your-topic"
            wide
          />
        </div>
      </Group>
      <Group name="flags" title="Flags">
        <div class="panel bleed">
          <SwitchLine
            form={form}
            setting="featureFlags"
            field="featureFlags.antigravityEnabled"
            label="Antigravity panel"
            hint="Shows Antigravity quotas read-only under Health. Rotation does not change. Off means not loaded."
          />
        </div>
      </Group>
    </>
  );
}
