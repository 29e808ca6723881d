// A name that is there already: what now? One question at a time, and one answer may do for the rest.
import { button, dialogWith, make, quoted, readableBytes, show } from './page_parts.js';

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const describe = (what, size, when) => {
  const parts = [size === undefined ? '' : readableBytes(size), when ? format.format(when) : ''].filter(Boolean);
  return make('p', { class: 'fact' }, make('span', {}, what), parts.join(' · '));
};

export class NameQuestions {
  #forAll = null;
  #last = Promise.resolve();

  // `mayReplace`: whether that is offered at all.
  constructor(mayReplace) {
    this.mayReplace = mayReplace;
  }

  // The next name is asked about again.
  startOver() {
    this.#forAll = null;
  }

  // question: { name, here: { type, size, modified } or undefined, size, modified, others(): how many may get the same question, isGone() }
  // -> 'replace', 'skip' or 'both'; null where it is no longer asked.
  ask(question) {
    const answer = this.#last.then(() => this.#askNow(question));
    this.#last = answer.catch(() => {});
    return answer;
  }

  async #askNow(question) {
    if (question.isGone?.()) return null;
    const mayReplace = this.mayReplace && question.here?.type !== 'folder';
    if (this.#forAll && (this.#forAll !== 'replace' || mayReplace)) return this.#forAll;

    const others = question.others();
    const box = make('input', { type: 'checkbox', id: 'for-all' });
    const dialog = dialogWith(
      [quoted(question.name), question.here?.type === 'folder' ? ' is a folder here already' : ' is here already'],
      ...(question.here?.type === 'file' ? [describe('Here', question.here.size, Date.parse(question.here.modified)), describe('Yours', question.size, question.modified)] : []),
      ...(others ? [make('label', { class: 'check' }, box, 'Do the same for the others')] : []),
    );
    const choice = (label, value, attributes) => button(label, () => dialog.close(value), attributes);
    dialog.firstElementChild.append(
      make(
        'div',
        { class: 'choices' },
        choice('Skip', 'skip'),
        ...(mayReplace ? [choice('Replace', 'replace')] : []),
        choice('Keep both', 'both', { class: 'button main', autofocus: '' }),
      ),
    );
    const answer = (await show(dialog)) || 'skip';
    if (box.checked) this.#forAll = answer;
    return answer;
  }
}
