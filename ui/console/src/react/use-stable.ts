import { useCallback, useLayoutEffect, useRef } from "react";

/** A function that stays the same object while always doing what the latest render means, so that rows can be memoised. */
export function useStable<Arguments extends unknown[], Result>(action: (...args: Arguments) => Result): (...args: Arguments) => Result {
  const latest = useRef(action);
  useLayoutEffect(() => {
    latest.current = action;
  });
  return useCallback((...args: Arguments) => latest.current(...args), []);
}
