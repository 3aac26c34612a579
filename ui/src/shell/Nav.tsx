import {
  ChartBar,
  FilePlus2,
  FileText,
  FolderOpen,
  House,
  Info,
  ListFilter,
  type LucideIcon,
  Mailbox,
  Send,
  Settings,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { m } from '../i18n/paraglide/messages.js';
import { Hidden } from '../shared/components/Hidden';
import { useRead } from '../shared/rpc/queries';
import styles from './Nav.module.css';

export type View =
  | 'overview'
  | 'cases'
  | 'apply'
  | 'queue'
  | 'workload'
  | 'templates'
  | 'outbox'
  | 'post'
  | 'services'
  | 'search'
  | 'settings'
  | 'account';

type NavProps = {
  view: View;
  onShow: (view: View) => void;
  name: string;
  server: string;
  /** Whether the person handles cases for a body. */
  staff: boolean;
};

/** The views that exist, and who is signed in where. */
export function Nav({ view, onShow, name, server, staff }: NavProps) {
  const { data: sync } = useRead('sync.state', {});
  const waiting = sync?.waiting ?? 0;
  return (
    <nav className={styles.nav} aria-label={m.nav_label()}>
      <NavItem icon={House} to="overview" view={view} onShow={onShow} label={m.nav_overview()} />
      <NavItem
        icon={FolderOpen}
        to="cases"
        view={view}
        onShow={onShow}
        label={staff ? m.nav_cases_officer() : m.nav_cases()}
      />
      {staff ? (
        <>
          <NavItem icon={ListFilter} to="queue" view={view} onShow={onShow} label={m.nav_queue()} />
          <NavItem
            icon={ChartBar}
            to="workload"
            view={view}
            onShow={onShow}
            label={m.nav_workload()}
          />
        </>
      ) : (
        <NavItem icon={FilePlus2} to="apply" view={view} onShow={onShow} label={m.nav_apply()} />
      )}
      <NavItem icon={Send} to="outbox" view={view} onShow={onShow} label={m.nav_outbox()}>
        {waiting > 0 && (
          <>
            <span className={styles.count} aria-hidden>
              {waiting}
            </span>
            <Hidden>, {m.nav_outbox_waiting({ count: waiting })}</Hidden>
          </>
        )}
      </NavItem>
      {staff && (
        <NavItem
          icon={FileText}
          to="templates"
          view={view}
          onShow={onShow}
          label={m.nav_templates()}
        />
      )}
      {staff && <Letters view={view} onShow={onShow} />}
      <NavItem icon={Info} to="services" view={view} onShow={onShow} label={m.nav_services()} />
      <NavItem icon={Settings} to="settings" view={view} onShow={onShow} label={m.nav_settings()} />
      <div className={styles.foot}>
        {/* Empty until the first answer from the server. */}
        {name !== '' && <span className={styles.person}>{name}</span>}
        <span>{hostOf(server)}</span>
      </div>
    </nav>
  );
}

/** How many letters are to be posted. */
function Letters({ view, onShow }: Pick<NavProps, 'view' | 'onShow'>) {
  const { data: post } = useRead('contact.post', {});
  const count = post?.letters.length ?? 0;
  return (
    <NavItem icon={Mailbox} to="post" view={view} onShow={onShow} label={m.nav_post()}>
      {count > 0 && <span className={styles.count}>{count}</span>}
    </NavItem>
  );
}

type NavItemProps = {
  icon: LucideIcon;
  to: View;
  view: View;
  onShow: (view: View) => void;
  label: string;
  children?: ReactNode;
};

function NavItem({ icon: Icon, to, view, onShow, label, children }: NavItemProps) {
  return (
    <Button
      className={styles.item ?? ''}
      {...(view === to ? { 'aria-current': 'page' as const } : {})}
      onPress={() => onShow(to)}
      data-testid={`nav-${to}`}
    >
      <Icon size={17} aria-hidden />
      <span className={styles.name}>{label}</span>
      {children}
    </Button>
  );
}

/** "127.0.0.1:8790" of an address; what is not an address is shown as it is. */
function hostOf(server: string): string {
  try {
    return new URL(server).host;
  } catch {
    return server;
  }
}
