/** Shown where the daemon wants a token that the page has not. */
import { useState } from 'preact/hooks';
import type { Page } from './page.js';

export function SignIn({ page }: { page: Page }) {
  const [token, setToken] = useState('');
  return (
    <form
      class="sign-in"
      aria-label="Sign in"
      onSubmit={event => {
        event.preventDefault();
        void page.attempt(page.signIn(token));
      }}
    >
      <label>
        <span>This daemon asks for its token</span>
        <input
          type="password"
          autocomplete="current-password"
          value={token}
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
      </label>
      <button type="submit">Sign in</button>
    </form>
  );
}
