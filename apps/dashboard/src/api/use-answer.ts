import { useEffect, useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import type { ApiResult } from "./client.ts";
import type { FailureView } from "./contract.ts";

/** What a view asked the server for. */
export interface Asked<Value> {
  /** The newest answer; it stays while the next one is on its way, or fails. */
  readonly value: Value | undefined;
  readonly error: FailureView | undefined;
  readonly isAsking: boolean;
  readonly askAgain: () => void;
}

/** Asks for what a `GET` route has, once, and again whenever the route changes or the view wishes. */
export function useAnswer<Value>(route: `GET ${string}`): Asked<Value> {
  const { call } = useApp();
  const [round, setRound] = useState(0);
  const [isAsking, setAsking] = useState(true);
  const [value, setValue] = useState<Value>();
  const [error, setError] = useState<FailureView>();
  useEffect(() => {
    let isLeft = false;
    const take = (answer: ApiResult<Value>): void => {
      if (isLeft) return;
      setAsking(false);
      setError(answer.ok ? undefined : answer.error);
      if (answer.ok) setValue(answer.value);
    };
    setAsking(true);
    const ask = async (): Promise<void> => take(await call<Value>(route));
    void ask();
    return () => {
      isLeft = true;
    };
  }, [call, route, round]);
  return { value, error, isAsking, askAgain: () => setRound((last) => last + 1) };
}
