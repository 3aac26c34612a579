import '@fontsource-variable/inter';
import './shared/styles/tokens.css';
import './shared/styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './platform';
import { invalidateChanged, newQueryClient, readAhead } from './shared/rpc/queries';
import { applyStoredTextSize, applyStoredTheme } from './shared/theme';
import { Root } from './shell/Root';

applyStoredTheme();
applyStoredTextSize();
const platform = connect();
const client = newQueryClient();
// Which screen comes first is asked for while the listening begins; what changed between the two is asked
// for again. Nothing else is read before the listening, so that no change can fall between.
const session = readAhead(client, platform, 'session.state', {});
await platform.listen('changed', (changed) => invalidateChanged(client, changed));
await session;
void invalidateChanged(client, { topics: ['session'] });

const root = document.getElementById('root');
if (root === null) {
  throw new Error('index.html has no #root');
}
createRoot(root).render(
  <StrictMode>
    <Root platform={platform} client={client} />
  </StrictMode>,
);
