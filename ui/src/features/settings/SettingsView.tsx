import { useState } from 'react';
import { fileSize } from '../../i18n/format';
import { type Locale, useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { toFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { Page, Section } from '../../shared/components/Page';
import { SelectField } from '../../shared/components/SelectField';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import {
  chooseNotices,
  NOTICE_CHOICES,
  type NoticeChoice,
  noticeChoice,
} from '../../shared/notice-choice';
import { useRead, useWrite } from '../../shared/rpc/queries';
import {
  isTheme,
  TEXT_SIZES,
  type TextSize,
  THEMES,
  type Theme,
  useTextSize,
  useTheme,
} from '../../shared/theme';
import { ExportBox } from './ExportBox';
import styles from './Settings.module.css';

const LOCALES: Record<Locale, string> = { sv: 'Svenska', en: 'English' };
const THEME_WORDS: Record<Theme, () => string> = {
  system: () => m.theme_system(),
  light: () => m.theme_light(),
  dark: () => m.theme_dark(),
};
const SIZE_WORDS: Record<TextSize, () => string> = {
  normal: () => m.settings_text_normal(),
  larger: () => m.settings_text_larger(),
  large: () => m.settings_text_large(),
};
const NOTICE_WORDS: Record<NoticeChoice, () => string> = {
  case: () => m.settings_notices_case(),
  plain: () => m.settings_notices_plain(),
  off: () => m.settings_notices_off(),
};
const LOCK_AFTER = [5, 15, 30, 60];

type SettingsViewProps = {
  /** What the button says that leads to another PIN or passphrase. */
  changeWord: string;
  onChangeWord: () => void;
  onShowAccount: () => void;
};

/** What holds on this computer: how it looks, what it tells, when it locks, what lies on it. */
export default function SettingsView(props: SettingsViewProps) {
  return (
    <Page title={m.nav_settings()} lead={m.settings_lead()} testId="settings">
      <Looks />
      <Section title={m.settings_notices()} lead={m.settings_notices_lead()}>
        <Notices />
      </Section>
      <Locking {...props} />
      <OnThisComputer />
      <ExportBox />
    </Page>
  );
}

function Looks() {
  const { locale, choose } = useLocale();
  const { theme, choose: chooseTheme } = useTheme();
  const { size, choose: chooseSize } = useTextSize();
  return (
    <Section title={m.settings_looks()}>
      <div className={styles.fields}>
        <SelectField
          label={m.settings_language()}
          choices={Object.entries(LOCALES).map(([id, name]) => ({ id, name }))}
          selected={locale}
          onSelect={(id) => choose(id === 'en' ? 'en' : 'sv')}
          testId="settings-language"
        />
        <SelectField
          label={m.theme_label()}
          choices={THEMES.map((id) => ({ id, name: THEME_WORDS[id]() }))}
          selected={theme}
          onSelect={(id) => isTheme(id) && chooseTheme(id)}
          testId="settings-theme"
        />
        <SelectField
          label={m.settings_text_size()}
          choices={TEXT_SIZES.map((id) => ({ id, name: SIZE_WORDS[id]() }))}
          selected={size}
          onSelect={(id) => chooseSize(TEXT_SIZES.find((each) => each === id) ?? 'normal')}
          testId="settings-text-size"
        />
      </div>
    </Section>
  );
}

function Notices() {
  const [choice, setChoice] = useState(noticeChoice);
  return (
    <div className={styles.wide}>
      <SelectField
        label={m.settings_notices_when()}
        choices={NOTICE_CHOICES.map((id) => ({ id, name: NOTICE_WORDS[id]() }))}
        selected={choice}
        onSelect={(id) => {
          const next = NOTICE_CHOICES.find((each) => each === id) ?? 'case';
          chooseNotices(next);
          setChoice(next);
        }}
        testId="settings-notices"
      />
    </div>
  );
}

function Locking({ changeWord, onChangeWord, onShowAccount }: SettingsViewProps) {
  const toast = useToast();
  const { data: settings } = useRead('settings.show', {});
  const lockAfter = useWrite('settings.lock_after');
  const chosen = settings?.lock_after;
  const choices = [...new Set([...LOCK_AFTER, ...(chosen === undefined ? [] : [chosen])])];
  return (
    <Section title={m.settings_lock()} lead={m.settings_lock_sleep()}>
      <div className={styles.fields}>
        <SelectField
          label={m.settings_lock_after()}
          choices={choices
            .sort((one, two) => one - two)
            .map((count) => ({ id: String(count), name: m.settings_lock_minutes({ count }) }))}
          selected={chosen === undefined ? null : String(chosen)}
          onSelect={(id) =>
            lockAfter.mutate(
              { minutes: Number(id) },
              { onError: (fault) => toast({ text: () => faultText(fault) }) },
            )
          }
          testId="settings-lock-after"
        />
      </div>
      <div className={styles.acts}>
        <Button onPress={onChangeWord} data-testid="settings-change-word">
          {changeWord}
        </Button>
      </div>
      <p className={styles.note}>
        {m.settings_account()}{' '}
        <button type="button" className={styles.link} onClick={onShowAccount}>
          {m.account_label()}
        </button>
        .
      </p>
    </Section>
  );
}

function OnThisComputer() {
  const { locale } = useLocale();
  const toast = useToast();
  const { data: settings, error, refetch } = useRead('settings.show', {});
  const openFolder = useWrite('settings.open_folder');
  const clear = useWrite('settings.clear_kept');
  const tellFault = (thrown: unknown) => {
    const fault = toFault(thrown);
    toast({ text: () => faultText(fault) });
  };
  return (
    <Section title={m.settings_data()} lead={m.settings_data_lead()} testId="settings-data">
      {settings === undefined && error === null && <Loading />}
      {settings === undefined && error !== null && (
        <FaultView fault={error} onRetry={() => void refetch()} />
      )}
      {settings !== undefined && (
        <>
          <dl className={styles.facts}>
            <dt>{m.settings_folder()}</dt>
            <dd>{settings.folder}</dd>
            <dt>{m.settings_size()}</dt>
            <dd>{fileSize(settings.bytes, locale)}</dd>
            <dt>{m.settings_kept()}</dt>
            <dd data-testid="settings-kept">
              {m.settings_kept_count({
                count: settings.kept_files,
                size: fileSize(settings.kept_bytes, locale),
              })}
            </dd>
          </dl>
          <div className={styles.acts}>
            <Button onPress={() => openFolder.mutate({}, { onError: tellFault })}>
              {m.settings_open_folder()}
            </Button>
            <Button
              isDisabled={settings.kept_files === 0}
              isPending={clear.isPending}
              onPress={() =>
                clear.mutate(
                  {},
                  {
                    onError: tellFault,
                    onSuccess: () => toast({ text: () => m.settings_cleared() }),
                  },
                )
              }
              data-testid="settings-clear"
            >
              {m.settings_clear()}
            </Button>
          </div>
        </>
      )}
    </Section>
  );
}
