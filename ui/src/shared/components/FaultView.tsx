import { Unplug } from 'lucide-react';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { faultText } from '../errors/faults';
import { Button } from './Button';
import { EmptyState } from './EmptyState';

type FaultViewProps = { fault: RpcFault; onRetry: () => void };

/** Stands in a pane whose contents could not be read. */
export function FaultView({ fault, onRetry }: FaultViewProps) {
  return (
    <div role="alert">
      <EmptyState
        icon={Unplug}
        title={m.fault_title()}
        hint={faultText(fault)}
        action={<Button onPress={onRetry}>{m.retry()}</Button>}
      />
    </div>
  );
}
