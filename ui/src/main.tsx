import '@fontsource-variable/inter';
import './shared/styles/tokens.css';
import './shared/styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './platform';
import { invalidateChanged, newQueryClient } from './shared/rpc/queries';
import { Root } from './shell/Root';
import { applyStoredTheme } from './shell/theme';

applyStoredTheme();
const platform = connect();
const client = newQueryClient();
// Before anything is read, so that no change can fall between the reading and the listening.
await platform.listen('changed', (changed) => invalidateChanged(client, changed));

const root = document.getElementById('root');
if (root === null) {
  throw new Error('index.html has no #root');
}
createRoot(root).render(
  <StrictMode>
    <Root platform={platform} client={client} />
  </StrictMode>,
);
