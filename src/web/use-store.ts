/** A component that draws what a store holds, and is drawn anew when that changes. */
import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store.js';

export function useStore<S>(store: Store<S>): S {
  const [, redraw] = useState({});
  const drawn = store.state;
  useEffect(() => {
    // What changed between drawing and listening is not lost.
    if (!Object.is(store.state, drawn)) redraw({});
    return store.on(() => redraw({}));
  }, [store]);
  return drawn;
}
