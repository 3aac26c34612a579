import type {
  ActivateApplicant,
  ApplicantHandled,
  ApplicantPage,
  ApplicantView,
  RefuseApplicant,
} from '../generated/rpc';

/** The applications by people without an account at a server in memory. */
export class FakeApplicants {
  waiting: ApplicantView[] = [];
  /** Who was faster with the next one, if anybody. */
  fasterBy: string | null = null;

  list(): ApplicantPage {
    const applicants = this.waiting.map(({ id, details, title, confirmed_at }) => ({
      id,
      name: details.find(({ field }) => field === 'name')?.value ?? '',
      title,
      renewal: false,
      confirmed_at,
    }));
    return { applicants, total: applicants.length };
  }

  show(id: string): ApplicantView {
    const found = this.waiting.find((each) => each.id === id);
    if (found === undefined) {
      throw new Error(`no application ${id}`);
    }
    return found;
  }

  activate({ id }: ActivateApplicant): ApplicantHandled {
    const { known } = this.show(id);
    if (known?.undecided != null) {
      const rejection = { code: 'already_applied', params: { number: known.undecided } };
      return { outcome: 'rejected', rejection };
    }
    return { outcome: 'activated', number: '2026-7', invited: known === null, ...this.#by(id) };
  }

  refuse({ id }: RefuseApplicant): ApplicantHandled {
    return { outcome: 'refused', ...this.#by(id) };
  }

  #by(id: string): { by_name: string; by_me: boolean } {
    this.waiting = this.waiting.filter((each) => each.id !== id);
    return { by_name: this.fasterBy ?? 'Göran Hägglund', by_me: this.fasterBy === null };
  }
}
