import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps extends Omit<ButtonHTMLAttributes, "icon" | "type" | "children"> {
  /** `primary` once per view at most, `danger` for what cannot be undone, `quiet` in rows. */
  readonly kind?: "primary" | "quiet" | "danger" | "plain";
  readonly icon?: IconName;
  readonly busy?: boolean;
  readonly submit?: boolean;
  readonly children: ComponentChildren;
}

const CLASS = { primary: "btn pri", quiet: "btn quiet", danger: "btn danger", plain: "btn" } as const;

/** A button with its word. While `busy` it turns a ring and does nothing. */
export function Button({ kind = "plain", icon, busy = false, submit, children, ...rest }: ButtonProps) {
  const { class: more, onClick, ...others } = rest;
  return (
    <button
      {...others}
      type={submit === true ? "submit" : "button"}
      class={`${CLASS[kind]} ${typeof more === "string" ? more : ""}`}
      {...(busy ? { "aria-busy": true } : onClick && { onClick })}
    >
      {busy ? <span class="spin" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes, "icon" | "type"> {
  readonly icon: IconName;
  /** What it does, for the ear. */
  readonly label: string;
}

/** A square button without a word; its label is its name. */
export function IconButton({ icon, label, class: more, ...rest }: IconButtonProps) {
  return (
    <button {...rest} type="button" class={`ib ${typeof more === "string" ? more : ""}`} aria-label={label}>
      <Icon name={icon} />
    </button>
  );
}

/** A button that reads like a link, inside a sentence. */
export function LinkButton({ children, onClick }: { children: ComponentChildren; onClick: () => void }) {
  return (
    <button type="button" class="lnk" onClick={onClick}>
      {children}
    </button>
  );
}
