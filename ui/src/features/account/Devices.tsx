import { Eraser, Laptop, LogOut } from 'lucide-react';
import { useRef, useState } from 'react';
import type { DeviceView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Account.module.css';
import { EraseDialog } from './EraseDialog';

/** The names that systems give themselves, as people write them. */
const SYSTEMS: Record<string, string> = { linux: 'Linux', macos: 'macOS', windows: 'Windows' };

function nameOf({ system }: DeviceView): string {
  return SYSTEMS[system] ?? (system === '' ? m.device_unknown() : system);
}

/** Where the person is signed in. The others can be signed out, or emptied at their next contact. */
export function Devices({ devices }: { devices: DeviceView[] }) {
  const { locale } = useLocale();
  const end = useWrite('account.end_devices');
  const toast = useToast();
  const [erasing, setErasing] = useState<DeviceView | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const others = devices.filter((device) => !device.this && !device.erase);

  function act(device: DeviceView | null, erase: boolean, done: () => string): void {
    end.mutate(
      { device: device?.id ?? null, erase },
      {
        onSuccess: () => {
          // The button goes away with what it was about.
          list.current?.focus();
          toast({ text: done });
        },
        onError: (fault) => toast({ text: () => faultText(fault) }),
      },
    );
  }

  return (
    <>
      <p className={styles.lead}>{m.devices_lead()}</p>
      <ul className={styles.devices} ref={list} tabIndex={-1} aria-label={m.devices_title()}>
        {/* This one first, then as they were last seen. */}
        {[...devices]
          .sort((a, b) => Number(b.this) - Number(a.this))
          .map((device) => (
            <DeviceRow
              key={device.id}
              device={device}
              isBusy={end.isPending}
              onEnd={() => act(device, false, () => m.device_ended())}
              onErase={() => setErasing(device)}
            />
          ))}
      </ul>
      {others.length > 1 && (
        <div>
          <Button
            isPending={end.isPending}
            onPress={() => act(null, false, () => m.devices_ended())}
            data-testid="end-others"
          >
            {m.devices_end_others()}
          </Button>
        </div>
      )}
      {erasing !== null && (
        <EraseDialog
          name={nameOf(erasing)}
          signedIn={dateAndTime(erasing.signed_in_at, locale)}
          onClose={() => setErasing(null)}
          onErase={() => {
            setErasing(null);
            act(erasing, true, () => m.device_erase_ordered());
          }}
        />
      )}
    </>
  );
}

type DeviceRowProps = {
  device: DeviceView;
  isBusy: boolean;
  onEnd: () => void;
  onErase: () => void;
};

function DeviceRow({ device, isBusy, onEnd, onErase }: DeviceRowProps) {
  const { locale } = useLocale();
  const name = nameOf(device);
  const signedIn = dateAndTime(device.signed_in_at, locale);
  return (
    <li className={styles.device}>
      <Laptop size={17} aria-hidden />
      <div className={styles.deviceText}>
        <p className={styles.deviceName}>
          <strong>{name}</strong>
          {device.this && (
            <Chip tone="info" icon={Laptop}>
              {m.device_this()}
            </Chip>
          )}
          {device.erase && (
            <Chip tone="warn" icon={Eraser}>
              {m.device_erasing()}
            </Chip>
          )}
        </p>
        <p className={styles.meta}>{m.device_signed_in({ time: signedIn })}</p>
        {!device.this && (
          <p className={styles.meta}>
            {m.device_seen({ time: dateAndTime(device.seen_at, locale) })}
          </p>
        )}
      </div>
      {!device.this && !device.erase && (
        <div className={styles.deviceActs}>
          <Button
            size="small"
            isDisabled={isBusy}
            aria-label={m.device_end_label({ name, time: signedIn })}
            onPress={onEnd}
            data-testid="end-device"
          >
            <LogOut size={14} aria-hidden />
            {m.log_out()}
          </Button>
          <Button
            size="small"
            isDisabled={isBusy}
            aria-label={m.device_erase_label({ name, time: signedIn })}
            onPress={onErase}
            data-testid="erase-device"
          >
            <Eraser size={14} aria-hidden />
            {m.device_erase()}
          </Button>
        </div>
      )}
    </li>
  );
}
