/** The keys, from the table by which they act. */
import { useEffect, useRef } from 'preact/hooks';
import { bindings } from './keys.js';

export function Help({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Shown so, it holds the focus, gives it back, and Escape closes it.
  useEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog class="help" ref={dialog} aria-label="Keys" onClose={close}>
      <h2>Keys</h2>
      <table>
        <tbody>
          {bindings.map(({ action, shown, title }) => (
            <tr key={action}>
              <th scope="row">
                {shown.split(/\s+/).map(key => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{title}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="dim">
        A search takes words, <code>-word</code> for what must not be there, and in a dialogue one{' '}
        <code>/expression/</code>. Dialogue: <b class="host">&gt; host</b>, <b class="modem">&lt; modem</b>,{' '}
        <b class="urc">* URC</b>, <b class="broker">⇢ ⇠ MQTT</b>, <b class="fault">! fault</b>.
      </p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
