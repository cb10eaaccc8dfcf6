/** A component that draws what a store holds, and is drawn anew when that changes. */
import { useEffect, useReducer } from 'preact/hooks';
import type { Store } from './store.js';

export function useStore<S>(store: Store<S>): S {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const drawn = store.state;
  useEffect(() => {
    // What changed between drawing and listening is not lost.
    if (!Object.is(store.state, drawn)) redraw(undefined as never);
    return store.on(() => redraw(undefined as never));
  }, [store]);
  return drawn;
}
