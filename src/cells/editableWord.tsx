import * as React from 'react';

/** What a word needs that a person can change in its place. */
export interface IEditableWordProps {
  className: string;
  value: string;
  /** How it stands there while nobody changes it. */
  shown: string;
  /** Whether it is only an offer, to be seen where the person is. */
  isQuiet: boolean;
  /** Its name for screen readers, and that of the field. */
  label: string;
  inputLabel: string;
  /** What is wrong with a text; empty where nothing is. */
  problemOf: (text: string) => string;
  onChange: (text: string) => void;
}

/** A button that becomes a field: Enter takes the text, Escape leaves all as it was. */
export function EditableWord(props: IEditableWordProps): JSX.Element {
  const { className, value, shown, isQuiet, label, inputLabel, problemOf, onChange } = props;
  const [draft, setDraft] = React.useState<string | null>(null);
  const button = React.useRef<HTMLButtonElement>(null);
  const wasOpen = React.useRef(false);
  React.useEffect(() => {
    // Whoever left the field by keyboard goes on from the word.
    if (wasOpen.current && draft === null && document.activeElement === document.body) {
      button.current?.focus();
    }
    wasOpen.current = draft !== null;
  }, [draft]);
  if (draft === null) {
    return (
      <button
        ref={button}
        type="button"
        className={className}
        data-quiet={isQuiet}
        dir="auto"
        aria-label={label}
        title={label}
        onClick={() => setDraft(value)}
      >
        {shown}
      </button>
    );
  }
  const problem = problemOf(draft);
  const close = (isKept: boolean) => {
    setDraft(null);
    if (isKept && !problem && draft !== value) {
      onChange(draft);
    }
  };
  return (
    <span className={className}>
      <input
        type="text"
        dir="auto"
        autoFocus
        maxLength={200}
        value={draft}
        aria-label={inputLabel}
        aria-invalid={problem !== ''}
        onFocus={event => event.target.select()}
        onChange={event => setDraft(event.target.value)}
        onBlur={() => close(true)}
        onKeyDown={event => {
          event.stopPropagation();
          if (event.key === 'Escape' || (event.key === 'Enter' && !problem)) {
            event.preventDefault();
            close(event.key === 'Enter');
          }
        }}
      />
      {problem && (
        <span className="jp-PosthogStrip-problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}
