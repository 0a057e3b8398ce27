import type {
  ApiContract,
  ApiInput,
  ApiResult,
  ApiRoute,
  FailureView,
} from "@open-multi-auth/loopback-api/client";
import { useCallback, useEffect, useState } from "preact/hooks";
import { useApp } from "../app/context.ts";

/** What a view asked the server for. */
export interface Asked<Value> {
  /** The newest answer; it stays while the next one is on its way, or fails. */
  readonly value: Value | undefined;
  readonly error: FailureView | undefined;
  readonly isAsking: boolean;
  readonly askAgain: () => void;
}

/**
 * Asks for what a `GET` route has, once, and again whenever the question changes or the view wishes.
 *
 * @param version a change of it asks again too
 */
export function useAnswer<R extends ApiRoute & `GET ${string}`>(
  route: R,
  input?: ApiInput<R>,
  version?: string,
): Asked<ApiContract[R]["answer"]> {
  type Value = ApiContract[R]["answer"];
  const { call } = useApp();
  const [round, setRound] = useState(0);
  const [isAsking, setAsking] = useState(true);
  const [value, setValue] = useState<Value>();
  const [error, setError] = useState<FailureView>();
  const question = JSON.stringify([route, input, version, round]);
  useEffect(() => {
    let isLeft = false;
    const take = (answer: ApiResult<Value>): void => {
      if (isLeft) return;
      setAsking(false);
      setError(answer.ok ? undefined : answer.error);
      if (answer.ok) setValue(answer.value);
    };
    setAsking(true);
    const ask = async (): Promise<void> => take(await call(route, input));
    void ask();
    return () => {
      isLeft = true;
    };
  }, [call, question]);
  const askAgain = useCallback(() => setRound((last) => last + 1), []);
  return { value, error, isAsking, askAgain };
}

/** Does something again and again, for as long as the component is there. */
export function useEvery(ms: number, run: () => void): void {
  useEffect(() => {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  }, [run]);
}
